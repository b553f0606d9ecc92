"""From a definition's syntax to a `Function`: kind, parameters, spans, docstring."""

from __future__ import annotations

import ast

from codeassist.parsing.python import headers
from codeassist.parsing.python.names import MODULE, Scope
from codeassist.parsing.python.positions import Positions
from codeassist.records.location import FunctionId, Span
from codeassist.records.program import Function, Parameter, Source

_BY_DECORATOR = {
    "staticmethod": "static",
    "classmethod": "class-method",
    "property": "property",
    "cached_property": "property",
    "abstractproperty": "property",
    "setter": "property",
    "getter": "property",
    "deleter": "property",
}


def of_module(source: Source, docstring: str) -> Function:
    """The module body."""
    last = len(source.lines)
    span = Span(1, 0, max(last, 1), len(source.lines[-1]) if last else 0)
    identity = FunctionId(source.path, MODULE)
    return Function(identity, "module", MODULE, span, Span(1, 0, 1, 0), "", docstring=docstring)


def of_definition(node: Scope, qualname: str, parent: Function, at: Positions) -> Function:
    """A function, method or class; `parent` is the scope that holds it."""
    header = headers.header(node, at)
    whole = at.span(node)
    decorators = tuple(at.text(decorator) for decorator in node.decorator_list)
    is_class = isinstance(node, ast.ClassDef)
    return Function(
        id=FunctionId(parent.id.path, qualname),
        kind="class" if is_class else _kind(decorators, parent, node.name),
        name=node.name,
        span=Span(header.line, header.column, whole.end_line, whole.end_column),
        header=header,
        parent=parent.id.qualname,
        parameters=() if isinstance(node, ast.ClassDef) else parameters(node.args, at),
        returns="" if isinstance(node, ast.ClassDef) else at.text(node.returns),
        docstring=ast.get_docstring(node) or "",
        decorators=decorators,
        is_async=isinstance(node, ast.AsyncFunctionDef),
        bases=tuple(at.text(base) for base in node.bases) if isinstance(node, ast.ClassDef) else (),
    )


def of_lambda(node: ast.Lambda, qualname: str, parent: str, path: str, at: Positions) -> Function:
    """A lambda; its header is all of it, its body belongs to the statement around it."""
    span = at.span(node)
    name = qualname.rpartition(".")[2]
    given = parameters(node.args, at)
    return Function(FunctionId(path, qualname), "lambda", name, span, span, parent, given)


def _kind(decorators: tuple[str, ...], parent: Function, name: str) -> str:
    if parent.kind != "class":
        return "function"
    for decorator in decorators:
        kind = _BY_DECORATOR.get(decorator.partition("(")[0].rpartition(".")[2])
        if kind:
            return kind
    # Python makes these three what they are without a decorator
    if name == "__new__":
        return "static"
    return "class-method" if name in ("__init_subclass__", "__class_getitem__") else "method"


def parameters(args: ast.arguments, at: Positions) -> tuple[Parameter, ...]:
    """Every parameter in order of declaration."""
    positional = [(arg, "positional-only") for arg in args.posonlyargs]
    positional += [(arg, "positional") for arg in args.args]
    missing = len(positional) - len(args.defaults)
    defaults: list[ast.expr | None] = [*[None] * missing, *args.defaults]
    listed = [(arg, kind, value) for (arg, kind), value in zip(positional, defaults, strict=True)]
    if args.vararg:
        listed.append((args.vararg, "star", None))
    keyword_only = zip(args.kwonlyargs, args.kw_defaults, strict=True)
    listed += [(arg, "keyword-only", value) for arg, value in keyword_only]
    if args.kwarg:
        listed.append((args.kwarg, "double-star", None))
    return tuple(
        Parameter(arg.arg, kind, at.text(arg.annotation), at.text(value)) for arg, kind, value in listed
    )
