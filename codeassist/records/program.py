"""Facts that a language plugin reads from a source text; no syntax-tree node leaves `parsing`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from codeassist.records.flow import Flow
from codeassist.records.location import FunctionId, Span


@dataclass(frozen=True, slots=True)
class Source:
    """A decoded text; `lines` are split as Python splits them (only \\n, \\r\\n and \\r)."""

    path: str
    text: str
    encoding: str
    digest: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter; `kind` is positional-only, positional, star, keyword-only or double-star."""

    name: str
    kind: str
    annotation: str = ""
    default: str = ""


@dataclass(frozen=True, slots=True)
class Function:
    """A function, method, lambda (`<lambda1>`), class body (`kind` class) or module body."""

    id: FunctionId
    kind: str
    """module, class, function, method, static, class-method, property, lambda"""
    name: str
    span: Span
    header: Span
    parent: str
    """qualified name of the scope that holds it; `<module>` for a top-level one"""
    parameters: tuple[Parameter, ...] = ()
    returns: str = ""
    docstring: str = ""
    decorators: tuple[str, ...] = ()
    is_async: bool = False
    is_generator: bool = False
    raises: tuple[str, ...] = ()
    """names of exception classes in `raise` statements of its own body"""
    bases: tuple[str, ...] = ()
    """source text of the bases, for a class"""
    body_lines: tuple[int, ...] = ()
    """first lines of the statements of its own body, nested functions excluded"""


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of claims.md. `span` is the whole, `header` what its line numbers cover."""

    kind: str
    """assign augassign annassign expr if while for return raise assert try with del pass break
    continue import def class match except global"""
    function: str
    span: Span
    header: Span
    parent: int | None
    """index in Module.statements of the compound statement that holds it; None at the top of a body"""
    block: str = "body"
    """which block of the parent: body, orelse, finalbody, handlers"""
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    """names bound by it (not by its body)"""
    stores: tuple[str, ...] = ()
    """source text of item and attribute targets, such as `xs[i]` and `self.root`"""
    test: str = ""
    """source text of the test (if, while, assert), iterable (for) or value (return, expr, assign)"""
    target: str = ""
    """source text of the target of a `for`, assignment or `with`"""
    tests: int = 0
    """conditions it holds that `branch` can speak of: its own test and conditional expressions"""
    is_elif: bool = False
    is_docstring: bool = False


@dataclass(frozen=True, slots=True)
class CallSite:
    """A call expression in a source text: `callee` is its source text, such as `self.push`."""

    function: str
    span: Span
    callee: str
    arguments: tuple[str, ...] = ()
    path: str = ""
    """the file, where sites of several files stand together"""
    name: str = ""
    """the name that is called, and what stands before it: filled where no flow is read"""
    receiver: str = ""
    how: str = ""
    """empty for a plain call; new (an object is made), super (the same method of a base), macro, bare"""


@dataclass(frozen=True, slots=True)
class Binding:
    """What a declaration says of a name: a variable of a function or a field of a class has a type."""

    function: str
    name: str
    type: str
    is_field: bool = False


@dataclass(frozen=True, slots=True)
class Scoping:
    """How a language resolves names, as far as it can be said in a few words."""

    receivers: tuple[str, ...] = ()
    """words for the own object"""
    implicit: bool = False
    """whether a plain name in a method may be a method of its class"""
    shared: str = "file"
    """how far top-level names reach without an import: file, folder or project"""
    constructor: str = ""
    """name of constructors; empty: that of their class"""
    parent: str = ""
    """word for the own object seen as one of its base"""
    overloads: bool = False
    """whether functions of one name differ by their parameters"""
    builtins: frozenset[str] = frozenset()
    """names that every file has without an import"""


@dataclass(frozen=True, slots=True)
class Import:
    """`name` is bound to `module` (and `member` of it); `level` counts leading dots."""

    function: str
    name: str
    module: str
    member: str = ""
    level: int = 0
    line: int = 0


@dataclass(frozen=True, slots=True)
class Notice:
    """A part that failed or was left out, as data: the rest of the work goes on."""

    slug: str
    message: str
    path: str = ""
    line: int = 0
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Module:
    """All facts of one file."""

    source: Source
    language: str
    functions: tuple[Function, ...]
    statements: tuple[Statement, ...]
    imports: tuple[Import, ...] = ()
    call_sites: tuple[CallSite, ...] = ()
    has_main_guard: bool = False
    docstring: str = ""
    notices: tuple[Notice, ...] = ()
    flow: Flow | None = None
    """how values move through the file, for the call graph; None where the language has no such facts"""
    bindings: tuple[Binding, ...] = ()
    """declared types, where no flow is read"""
    namespaces: tuple[str, ...] = ()
    """names of packages or namespaces that the file is part of or opens"""
    scoping: Scoping | None = None


@dataclass(frozen=True, slots=True)
class CallEdge:
    """One call site resolved to one callee. Names follow callgraph.md (`pkg.mod.Class.method`)."""

    caller: str
    callee: str
    path: str = ""
    line: int = 0
    resolution: str = "static"
    """static, dynamic, both, ambiguous or external"""
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class CallGraph:
    """Functions and who calls whom; a call site that could not be resolved is kept."""

    functions: Mapping[str, FunctionId]
    """graph name -> identity, for functions inside the target"""
    edges: tuple[CallEdge, ...]
    unresolved: tuple[CallSite, ...] = ()
    notices: tuple[Notice, ...] = field(default=())
