"""Expression texts over recorded variables: what an operand was worth, and a test spelt with it.

A small walker of its own: it never runs user code, and gives up (`Unknown`) where it is not sure.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from codeassist.records.values import Instance, NamedTuple, Opaque, equal, literal

SHORT = 20
"""characters up to which a value stands in a test in place of its name"""


class Unknown(Exception):
    """The value cannot be told from what was recorded."""


_BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
    ast.Div: operator.truediv,
    ast.Mod: operator.mod,
    ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_,
    ast.BitXor: operator.xor,
    ast.RShift: operator.rshift,
}
_ORDER: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_CALLS: dict[str, Callable[..., Any]] = {"len": len, "abs": abs, "min": min, "max": max}
_PLAIN = (type(None), bool, int, float, str, bytes, tuple, list, dict, set, frozenset, range)


def parse(text: str) -> ast.expr | None:
    """The expression tree of a source text, or None where it is none."""
    if not text.strip():
        return None
    try:
        return ast.parse(f"({text}\n)", mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def evaluate(node: ast.expr, variables: Mapping[str, Any]) -> Any:
    """The recorded value of an expression; raises Unknown."""
    try:
        return _evaluate(node, variables)
    except Unknown:
        raise
    except Exception as error:  # any builtin error on recorded data means: cannot be told
        raise Unknown from error


def _evaluate(node: ast.expr, variables: Mapping[str, Any]) -> Any:
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Name):
        return variables[node.id]
    if isinstance(node, ast.Attribute):
        return _attribute(_evaluate(node.value, variables), node.attr)
    if isinstance(node, ast.Subscript):
        return _plain(_evaluate(node.value, variables))[_index(node.slice, variables)]
    if isinstance(node, (ast.BinOp, ast.UnaryOp)):
        return _arithmetic(node, variables)
    if isinstance(node, ast.Compare):
        return _compare(node, variables)
    if isinstance(node, ast.BoolOp):
        return _boolean(node, variables)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
        arguments = [_plain(_evaluate(item, variables)) for item in node.args]
        if node.func.id in _CALLS and node.func.id not in variables:
            return _CALLS[node.func.id](*arguments)
    if isinstance(node, (ast.Tuple, ast.List)):
        items = [_evaluate(item, variables) for item in node.elts]
        return tuple(items) if isinstance(node, ast.Tuple) else items
    raise Unknown


def _plain(value: Any) -> Any:
    if not isinstance(value, _PLAIN):
        raise Unknown
    return value


def _attribute(value: Any, name: str) -> Any:
    if isinstance(value, Instance):
        return value.attributes[name]
    if isinstance(value, NamedTuple):
        return value.items[value.fields.index(name)]
    raise Unknown


def _index(node: ast.expr, variables: Mapping[str, Any]) -> Any:
    if not isinstance(node, ast.Slice):
        return _plain(_evaluate(node, variables))
    parts = (node.lower, node.upper, node.step)
    return slice(*(None if part is None else _evaluate(part, variables) for part in parts))


def _arithmetic(node: ast.BinOp | ast.UnaryOp, variables: Mapping[str, Any]) -> Any:
    if isinstance(node, ast.UnaryOp):
        value = _evaluate(node.operand, variables)
        if isinstance(node.op, ast.Not):
            return not _plain(value)
        return -value if isinstance(node.op, ast.USub) else _refuse()
    left = _plain(_evaluate(node.left, variables))
    right = _plain(_evaluate(node.right, variables))
    if isinstance(node.op, ast.Mult) and not (_number(left) and _number(right)):
        _refuse()  # a repetition may be of any size
    return _BINARY.get(type(node.op), lambda a, b: _refuse())(left, right)


def _number(value: Any) -> bool:
    return isinstance(value, float) or isinstance(value, int) and value.bit_length() < 4096


def _refuse() -> Any:
    raise Unknown


def _compare(node: ast.Compare, variables: Mapping[str, Any]) -> bool:
    left = _evaluate(node.left, variables)
    for op, item in zip(node.ops, node.comparators, strict=True):
        right = _evaluate(item, variables)
        if not _holds(op, left, right):
            return False
        left = right
    return True


def _holds(op: ast.cmpop, left: Any, right: Any) -> bool:
    if isinstance(op, (ast.Is, ast.IsNot)):
        if left is not None and right is not None:
            raise Unknown
        return (left is right) == isinstance(op, ast.Is)
    if isinstance(left, (Instance, Opaque)) or isinstance(right, (Instance, Opaque)):
        raise Unknown
    if isinstance(op, (ast.Eq, ast.NotEq)):
        return equal(left, right, loose=True) == isinstance(op, ast.Eq)
    if isinstance(op, (ast.In, ast.NotIn)):
        return (left in _plain(right)) == isinstance(op, ast.In)
    return bool(_ORDER[type(op)](_plain(left), _plain(right)))


def _boolean(node: ast.BoolOp, variables: Mapping[str, Any]) -> Any:
    value: Any = None
    for item in node.values:
        value = _evaluate(item, variables)
        if bool(_plain(value)) != isinstance(node.op, ast.And):
            break
    return value


Piece = tuple[str, str]
"""(expression text, literal of its value) to be shown as a claim, or (source text, "") as it is"""


def spell(text: str, variables: Mapping[str, Any], limit: int = SHORT) -> list[Piece]:
    """A test with its operands replaced by their values, as pieces; empty where nothing can be replaced.

    `i < n and xs[i] > 0` stops at the first operand that decides it, as the run did.
    """
    node = parse(text)
    if node is None:
        return []
    pieces = list(_spell(node, variables, limit, top=True))
    return pieces if any(value for _, value in pieces) else []


def _spell(node: ast.expr, variables: Mapping[str, Any], limit: int, top: bool = False) -> Iterator[Piece]:
    logical = isinstance(node, (ast.Compare, ast.BoolOp)) or (
        isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)
    )
    shown = "" if isinstance(node, ast.Constant) or (logical and top) else _shown(node, variables, limit)
    if shown:
        yield ast.unparse(node), shown
    elif isinstance(node, ast.Compare):
        yield from _spell_compare(node, variables, limit)
    elif isinstance(node, ast.BoolOp):
        yield from _spell_boolean(node, variables, limit)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "not ", ""
        yield from _spell(node.operand, variables, limit, top=True)
    elif isinstance(node, ast.Call) and not node.keywords and _named(node.func):
        yield from _spell_call(node, variables, limit)
    else:
        yield ast.unparse(node), ""


def _named(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) or isinstance(node, ast.Attribute) and _named(node.value)


def _shown(node: ast.expr, variables: Mapping[str, Any], limit: int) -> str:
    try:
        value = evaluate(node, variables)
        text = "" if isinstance(value, Instance) else literal(value)
    except Unknown:
        return ""
    return text if len(text) <= limit and "<" not in text else ""


_SIGNS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.In: "in",
    ast.NotIn: "not in",
}


def _spell_compare(node: ast.Compare, variables: Mapping[str, Any], limit: int) -> Iterator[Piece]:
    yield from _spell(node.left, variables, limit)
    for op, item in zip(node.ops, node.comparators, strict=True):
        yield f" {_SIGNS[type(op)]} ", ""
        yield from _spell(item, variables, limit)


def _spell_boolean(node: ast.BoolOp, variables: Mapping[str, Any], limit: int) -> Iterator[Piece]:
    word = " and " if isinstance(node.op, ast.And) else " or "
    for number, item in enumerate(node.values):
        if number:
            yield word, ""
        nested = isinstance(item, ast.BoolOp)
        if nested:
            yield "(", ""
        yield from _spell(item, variables, limit, top=True)
        if nested:
            yield ")", ""
        if _decides(item, variables, isinstance(node.op, ast.And)):
            return


def _decides(node: ast.expr, variables: Mapping[str, Any], conjunction: bool) -> bool:
    try:
        return bool(_plain(evaluate(node, variables))) != conjunction
    except Unknown:
        return False


def _spell_call(node: ast.Call, variables: Mapping[str, Any], limit: int) -> Iterator[Piece]:
    yield f"{ast.unparse(node.func)}(", ""
    for number, item in enumerate(node.args):
        if number:
            yield ", ", ""
        yield from _spell(item, variables, limit)
    yield ")", ""


def names(text: str) -> set[str]:
    """Variable names that an expression text reads; empty where it does not parse."""
    node = parse(text)
    return set() if node is None else {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
