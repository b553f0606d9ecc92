"""The header of a statement: its extent, kind, test, target and the names bound outside expressions."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from codeassist.parsing.python.expressions import Found
from codeassist.parsing.python.names import outside
from codeassist.parsing.python.positions import Positions
from codeassist.records.location import Span
from codeassist.records.program import Import

Node = ast.stmt | ast.ExceptHandler

_KINDS: dict[str, str] = {
    "Assign": "assign",
    "AugAssign": "augassign",
    "AnnAssign": "annassign",
    "TypeAlias": "assign",
    "AsyncFor": "for",
    "AsyncWith": "with",
    "FunctionDef": "def",
    "AsyncFunctionDef": "def",
    "ClassDef": "class",
    "ImportFrom": "import",
    "Delete": "del",
    "TryStar": "try",
    "ExceptHandler": "except",
    "Nonlocal": "global",
}

_COMPOUND = (
    *(ast.If, ast.While, ast.For, ast.AsyncFor, ast.With, ast.AsyncWith, ast.FunctionDef),
    *(ast.AsyncFunctionDef, ast.ClassDef, ast.Match, ast.Try, ast.ExceptHandler),
)

_BODIES = frozenset({"body", "orelse", "finalbody", "handlers", "cases"})


def kind(node: Node) -> str:
    """The statement's kind, as `Statement` lists them."""
    name = type(node).__name__
    return _KINDS.get(name, name.lower())


def header(node: Node, at: Positions) -> Span:
    """What its line numbers cover: all of a simple statement, decorators to colon of a compound one."""
    whole = at.span(node)
    if not isinstance(node, _COMPOUND) and kind(node) != "try":
        return whole
    last = max((at.span(part) for part in _placed(node)), key=_end, default=None)
    if last and _end(last) < (whole.line, whole.column):
        last = None  # only decorators
    line, column = at.after_colon(whole, last)
    decorators = getattr(node, "decorator_list", ())
    if not decorators:
        return Span(whole.line, whole.column, line, column)
    # the `@` stands before the expression, on its line or, escaped, above it
    first = decorators[0].lineno
    return Span(first, max(at.lines[first - 1].find("@"), 0), line, column)


def _end(span: Span) -> tuple[int, int]:
    return span.end_line, span.end_column


def _placed(node: Node) -> Iterator[ast.expr]:
    """The outermost expressions of a header, those of parameters included."""
    stack = list(_header_fields(node))
    while stack:
        part = stack.pop()
        if isinstance(part, ast.expr):
            yield part
        elif isinstance(part, (ast.arg, ast.keyword)) or type(part).__name__ in _TYPE_PARAMETERS:
            yield part  # type: ignore[misc]  # has a place too
        else:
            stack.extend(ast.iter_child_nodes(part))


_TYPE_PARAMETERS = ("TypeVar", "ParamSpec", "TypeVarTuple")


def _header_fields(node: Node) -> Iterator[ast.AST]:
    for name, value in ast.iter_fields(node):
        if name not in _BODIES:
            yield from (
                item for item in (value if isinstance(value, list) else [value]) if isinstance(item, ast.AST)
            )


def header_nodes(node: Node) -> list[ast.AST]:
    """The syntax evaluated by the statement itself, its blocks left out."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return outside(node)
    if isinstance(node, ast.Match):
        parts: list[ast.AST] = [node.subject]
        for case in node.cases:
            parts += [case.pattern, *([case.guard] if case.guard else [])]
        return parts
    if isinstance(node, ast.Assign):
        return [node.value, *node.targets]
    if isinstance(node, ast.AugAssign):
        return [node.value, node.target]
    if isinstance(node, ast.For | ast.AsyncFor):
        return [node.iter, node.target]
    return list(_header_fields(node)) if isinstance(node, _COMPOUND) or kind(node) == "try" else [node]


def test(node: Node, at: Positions) -> str:
    """Source text of the test, iterable, value or subject."""
    if isinstance(node, ast.With | ast.AsyncWith):
        return ", ".join(at.text(item.context_expr) for item in node.items)
    for name in ("test", "iter", "subject", "exc", "type", "value"):
        value = getattr(node, name, None)
        if isinstance(value, ast.expr):
            return at.text(value)
    return ""


def target(node: Node, at: Positions) -> str:
    """Source text of the target of a `for`, an assignment or a `with`."""
    if isinstance(node, ast.Assign):
        return " = ".join(at.text(each) for each in node.targets)
    if isinstance(node, ast.With | ast.AsyncWith):
        return ", ".join(at.text(item.optional_vars) for item in node.items if item.optional_vars)
    if isinstance(node, ast.Delete):
        return ", ".join(at.text(each) for each in node.targets)
    value = getattr(node, "target", None)
    return at.text(value) if isinstance(value, ast.expr) else ""


def also_read(node: Node, found: Found) -> tuple[str, ...]:
    """What an augmented assignment reads besides its value: its target."""
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        return () if node.target.id in found.reads else (node.target.id,)
    return ()


def also_written(node: Node) -> tuple[str, ...]:
    """Names bound by syntax that holds them as plain text."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return (node.name,)
    if isinstance(node, ast.ExceptHandler):
        return (node.name,) if node.name else ()
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return tuple(one.name for one in imports(node, "") if one.name != "*")
    return ()


def imports(node: ast.Import | ast.ImportFrom, function: str) -> list[Import]:
    """The names that an import binds."""
    if isinstance(node, ast.ImportFrom):
        return [
            Import(
                function, alias.asname or alias.name, node.module or "", alias.name, node.level, node.lineno
            )
            for alias in node.names
        ]
    return [
        Import(function, alias.asname or alias.name.partition(".")[0], alias.name, line=node.lineno)
        for alias in node.names
    ]


def is_text(node: ast.stmt) -> bool:
    """Whether the statement is nothing but a string."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def has_elif(node: ast.If, at: Positions) -> bool:
    """Whether the `else` part is written as an `elif`."""
    if len(node.orelse) != 1 or not isinstance(node.orelse[0], ast.If):
        return False
    inner = at.span(node.orelse[0])
    return at.lines[inner.line - 1].startswith("elif", inner.column)


def is_main_guard(node: ast.stmt) -> bool:
    """Whether this is `if __name__ == "__main__":`."""
    if not isinstance(node, ast.If) or not isinstance(node.test, ast.Compare):
        return False
    sides = [node.test.left, *node.test.comparators]
    named = any(isinstance(side, ast.Name) and side.id == "__name__" for side in sides)
    return named and any(isinstance(side, ast.Constant) and side.value == "__main__" for side in sides)
