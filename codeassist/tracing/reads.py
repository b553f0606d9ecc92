"""What a statement read, from its source text: paths such as `xs[i]`, the calls it made, their arguments."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from functools import lru_cache

from codeassist.records.program import Statement

_LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Read:
    """One value that is read: a variable and the accessors behind it, as source text."""

    name: str
    text: str
    """the whole path as source text"""
    whole: bool = True
    """the value itself is used (not only its length, say)"""


@dataclass(frozen=True, slots=True)
class CallText:
    """One call in a text: the last part of the callee's name and its arguments as source text."""

    name: str
    arguments: tuple[str, ...] = ()
    keywords: tuple[tuple[str, str], ...] = ()
    receiver: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Uses:
    """All that one expression reads and calls."""

    reads: tuple[Read, ...] = field(default=())
    calls: tuple[CallText, ...] = field(default=())


@lru_cache(maxsize=4096)
def uses(text: str, recorded: frozenset[str] = frozenset()) -> Uses:
    """What `text` reads and calls; nothing when it is no expression.

    What is handed to a call of a `recorded` function is left out: it is followed through the parameters.
    """
    if not text or len(text) > _LONGEST:
        return Uses()
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Uses()
    bound = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)}
    reads: dict[str, Read] = {}
    calls: list[CallText] = []
    _Collector(reads, calls, bound, recorded).visit(tree)
    return Uses(tuple(reads.values()), tuple(calls))


class _Collector:
    """Goes through one tree and fills the reads and calls."""

    def __init__(
        self, reads: dict[str, Read], calls: list[CallText], bound: set[str], recorded: frozenset[str]
    ) -> None:
        self.reads, self.calls, self.bound, self.recorded = reads, calls, bound, recorded

    def visit(self, node: ast.AST) -> None:
        """Note what `node` reads and calls."""
        if isinstance(node, ast.Call):
            self.call(node)
        elif isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)) and _root(node) is not None:
            self.path(node)
        else:
            for child in ast.iter_child_nodes(node):
                self.visit(child)

    def call(self, node: ast.Call) -> None:
        """A call: its arguments and receiver, unless the callee was recorded."""
        found = _call(node)
        self.calls.append(found)
        inner: list[ast.AST] = [*node.args, *(keyword.value for keyword in node.keywords)]
        if isinstance(node.func, ast.Attribute):
            inner.append(node.func.value)
        elif not isinstance(node.func, ast.Name):
            inner.append(node.func)
        if found.name in self.recorded:
            inner = [call for part in inner for call in ast.walk(part) if isinstance(call, ast.Call)]
        for child in inner:
            self.visit(child)

    def path(self, node: ast.expr) -> None:
        """A variable with what is selected from it, and the keys that select."""
        name = _root(node)
        if name is None or name in self.bound:
            return
        text = ast.unparse(node)
        self.reads.setdefault(text, Read(name, text))
        inner: ast.AST = node
        while isinstance(inner, (ast.Attribute, ast.Subscript)):
            if isinstance(inner, ast.Subscript):
                self.visit(inner.slice)
            inner = inner.value


def _root(node: ast.AST) -> str | None:
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def _call(node: ast.Call) -> CallText:
    func = node.func
    name = func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""
    receiver = ast.unparse(func.value) if isinstance(func, ast.Attribute) else ""
    has_star = any(isinstance(argument, ast.Starred) for argument in node.args)
    arguments = () if has_star else tuple(ast.unparse(argument) for argument in node.args)
    keywords = tuple((k.arg, ast.unparse(k.value)) for k in node.keywords if k.arg)
    return CallText(name, arguments, keywords, receiver, ast.unparse(node))


def texts(statement: Statement) -> list[str]:
    """The expressions that a statement evaluates."""
    found = [statement.test] if statement.test else []
    if statement.kind == "augassign" and statement.target:
        found.append(statement.target)
    found += [key for store in statement.stores for key in _keys(store)]
    return found


@lru_cache(maxsize=4096)
def _keys(store: str) -> tuple[str, ...]:
    """The index expressions of an item target, and the object that an attribute target belongs to."""
    try:
        node: ast.AST = ast.parse(store, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    found = []
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        if isinstance(node, ast.Subscript):
            found.append(ast.unparse(node.slice))
        node = node.value
    return tuple(found)


def statement_uses(statement: Statement, recorded: frozenset[str] = frozenset()) -> Uses:
    """Everything that one statement reads and calls; plain names where the text does not parse."""
    parts = [uses(text, recorded) for text in texts(statement)]
    reads = {read.text: read for part in parts for read in part.reads}
    if not reads and not any(part.calls for part in parts):
        reads = {name: Read(name, name) for name in statement.reads}
    return Uses(tuple(reads.values()), tuple(call for part in parts for call in part.calls))


def writes(statement: Statement, name: str) -> bool:
    """Whether the statement can change what `name` stands for."""
    if name in statement.writes or any(_variable(store) == name for store in statement.stores):
        return True
    return any(call.receiver and _variable(call.receiver) == name for call in uses(statement.test).calls)


def _variable(path: str) -> str:
    return path.partition("[")[0].partition(".")[0]
