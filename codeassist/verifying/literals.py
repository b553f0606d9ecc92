"""Literal text of claims -> values, by our own walker: nothing that a claim says is ever executed."""

from __future__ import annotations

import ast
import re
from array import array
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Container
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from codeassist.verifying.compare import Pattern

MAX_TEXT = 1_000_000
"""characters of one literal"""
_DEEP = re.compile(r"[\[({+\-~]{400}")
_FACTORIES: dict[str, Any] = {
    "int": int, "float": float, "str": str, "list": list, "dict": dict, "set": set, "bool": bool,
    "tuple": tuple,
}  # fmt: skip
_NAMES = {"nan": float("nan"), "inf": float("inf"), "Ellipsis": ...}


class BadLiteral(ValueError):
    """The text is no literal of claims.md."""


def parse_literal(text: str, own: Container[str] = ()) -> Any:
    """The value that `text` writes; a user's class gives a `Pattern`. Raises BadLiteral.

    `own` are classes that the program defines: theirs are the constructor calls of that name, even where
    the standard library has such a class.
    """
    try:
        return _value(expression_tree(text), own)
    except BadLiteral:
        raise
    except (ValueError, TypeError, ArithmeticError, RecursionError, MemoryError) as error:
        raise BadLiteral(str(error)) from None


def expression_tree(text: str) -> ast.expr:
    """The syntax tree of one expression; ValueError for what does not parse or nests too deeply."""
    if len(text) > MAX_TEXT:
        raise ValueError("too long")
    return _tree(text.strip())


@lru_cache(maxsize=4096)
def _tree(text: str) -> ast.expr:
    if _DEEP.search(text) or _depth(text) > 100:
        raise ValueError("nested too deeply")
    try:
        return ast.parse(text, mode="eval").body
    except (SyntaxError, RecursionError, MemoryError) as error:
        raise ValueError(str(error)) from None


def _depth(text: str) -> int:
    """Deepest nesting of brackets and the longest run of prefix operators, roughly."""
    deepest = depth = 0
    for sign in re.findall(r"[\[({\])}]|(?:\b(?:not|lambda|if|else)\b\s*){50}", text):
        depth += -1 if sign in "])}" else 60 if len(sign) > 1 else 1
        deepest = max(deepest, depth)
    return deepest


def _value(node: ast.expr, own: Container[str] = ()) -> Any:
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        kind = {ast.List: list, ast.Tuple: tuple, ast.Set: set}[type(node)]
        return kind(_value(item, own) for item in node.elts)
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        return {_value(_given(key), own): _value(value, own) for key, value in pairs}
    if isinstance(node, ast.UnaryOp):
        return _signed(node)
    if isinstance(node, ast.BinOp):
        return _complex(node)
    if isinstance(node, ast.Call):
        return _called(node, own)
    if isinstance(node, ast.Name) and node.id in _NAMES:
        return _NAMES[node.id]
    raise BadLiteral("no literal")


def _given(node: ast.expr | None) -> ast.expr:
    if node is None:
        raise BadLiteral("no literal")
    return node


def _signed(node: ast.UnaryOp) -> Any:
    value = _value(node.operand)
    if type(value) not in (int, float, complex) or not isinstance(node.op, (ast.USub, ast.UAdd)):
        raise BadLiteral("no literal")
    return -value if isinstance(node.op, ast.USub) else value


def _complex(node: ast.BinOp) -> complex:
    """`1 + 2j`: the only operation that a literal may hold."""
    real, imaginary = _value(node.left), _value(node.right)
    if type(real) not in (int, float) or type(imaginary) is not complex:
        raise BadLiteral("no literal")
    if isinstance(node.op, ast.Add):
        return complex(real + imaginary)
    if isinstance(node.op, ast.Sub):
        return complex(real - imaginary)
    raise BadLiteral("no literal")


def _called(node: ast.Call, own: Container[str]) -> Any:
    name = _dotted(node.func).rsplit(".", 1)[-1]
    if any(keyword.arg is None for keyword in node.keywords):
        raise BadLiteral("no literal")
    if name in own:
        return Pattern(name, *_arguments(node, own), library=_library(node))
    return _built(name, node, own)


def _arguments(node: ast.Call, own: Container[str]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    named = {str(keyword.arg): _value(keyword.value, own) for keyword in node.keywords}
    return tuple(_value(item, own) for item in node.args), named


def _library(node: ast.Call) -> Any:
    """What the same call makes with the standard library's class; None where it makes nothing."""
    try:
        made = _called(node, ())
    except (ValueError, TypeError, ArithmeticError):
        return None
    return None if type(made) is Pattern else made


def _built(name: str, node: ast.Call, own: Container[str]) -> Any:
    if name == "defaultdict":
        return _defaultdict(node, own)
    positional, named = _arguments(node, own)
    made = _BUILT_IN.get(name)
    if made is None or name == "array" and not (positional and isinstance(positional[0], str)):
        return Pattern(name, positional, named)
    return made(*positional, **named)


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    raise BadLiteral("no literal")


def _defaultdict(node: ast.Call, own: Container[str]) -> Any:
    if not 1 <= len(node.args) <= 2 or node.keywords:
        raise BadLiteral("no literal")
    factory, *rest = node.args
    name = "None" if isinstance(factory, ast.Constant) and factory.value is None else _dotted(factory)
    content = _value(rest[0], own) if rest else {}
    if type(content) is not dict:
        raise BadLiteral("no literal")
    return defaultdict(_FACTORIES.get(name), content)


def _number(kind: Callable[..., Any]) -> Callable[..., Any]:
    """A numeric constructor that refuses exponents whose value would not fit in memory."""

    def make(*args: Any) -> Any:
        for arg in args:
            if type(arg) not in (int, float, str) or isinstance(arg, str) and len(arg) > 5000:
                raise BadLiteral("no literal")
            if kind is Fraction and isinstance(arg, str) and re.search(r"[eE][+-]?\d{4}", arg):
                raise BadLiteral("no literal")
        return kind(*args)

    return make


def _of_container(kind: Callable[..., Any]) -> Callable[..., Any]:
    """A constructor of one container from another; never from a range, which may be endless."""

    def make(*args: Any, **named: Any) -> Any:
        if any(type(arg) not in (list, tuple, set, dict, str, bytes, frozenset) for arg in args):
            raise BadLiteral("no literal")
        return kind(*args, **named)

    return make


def _array(code: str, content: Any = ()) -> array[Any]:
    if type(content) not in (list, tuple, bytes):
        raise BadLiteral("no literal")
    return array(code, content)


def _of_bytes(kind: Callable[..., Any]) -> Callable[..., Any]:
    """`bytes` and `bytearray` of given bytes; never of a size, which may be huge."""

    def make(*args: Any) -> Any:
        if any(type(arg) not in (bytes, list) for arg in args):
            raise BadLiteral("no literal")
        return kind(*args)

    return make


_BUILT_IN: dict[str, Callable[..., Any]] = {
    "set": _of_container(set), "frozenset": _of_container(frozenset), "list": _of_container(list),
    "tuple": _of_container(tuple), "dict": _of_container(dict), "deque": _of_container(deque),
    "Counter": _of_container(Counter), "OrderedDict": _of_container(OrderedDict),
    "array": _array,
    "bytes": _of_bytes(bytes), "bytearray": _of_bytes(bytearray), "range": range, "slice": slice,
    "Fraction": _number(Fraction), "Decimal": _number(Decimal),
    "float": _number(float), "complex": _number(complex), "int": _number(int), "bool": bool,
}  # fmt: skip
