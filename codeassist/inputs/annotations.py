"""Type annotations as shapes: `list[int]`, `Optional[Node]`, `dict[str, list[str]]`."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from codeassist.inputs import shapes
from codeassist.inputs.shapes import Shape

_NAMES = {
    "int": shapes.INT,
    "float": shapes.FLOAT,
    "complex": shapes.literal("3 + 4j"),
    "Number": shapes.INT,
    "Real": shapes.FLOAT,
    "bool": shapes.BOOL,
    "str": shapes.STR,
    "AnyStr": shapes.STR,
    "bytes": shapes.BYTES,
    "bytearray": shapes.literal("bytearray(b'abc')"),
    "None": shapes.NONE,
    "list": shapes.INTS,
    "List": shapes.INTS,
    "Sequence": shapes.INTS,
    "MutableSequence": shapes.INTS,
    "Iterable": shapes.INTS,
    "Collection": shapes.INTS,
    "Iterator": Shape("iterator", (shapes.INT,)),
    "tuple": Shape("tuple", (shapes.INT, shapes.INT)),
    "Tuple": Shape("tuple", (shapes.INT, shapes.INT)),
    "set": shapes.SET,
    "Set": shapes.SET,
    "frozenset": shapes.SET,
    "dict": shapes.MAPPING,
    "Dict": shapes.MAPPING,
    "Mapping": shapes.MAPPING,
    "Callable": Shape("callable"),
    "Fraction": shapes.literal("Fraction(3, 4)"),
    "Decimal": shapes.literal("Decimal('1.5')"),
}
_SEQUENCES = {"list", "List", "Sequence", "MutableSequence", "Iterable", "Collection", "deque", "Deque"}
_MAPPINGS = {"dict", "Dict", "Mapping", "MutableMapping", "defaultdict", "DefaultDict"}


def from_annotation(text: str) -> list[Shape]:
    """The shapes that an annotation admits, most telling first; [] where it says nothing."""
    try:
        node = ast.parse(text.strip() or "0", mode="eval").body
    except (SyntaxError, ValueError, RecursionError):
        return []
    return _without_repeats(_shapes(node))


def _without_repeats(found: Sequence[Shape]) -> list[Shape]:
    return list(dict.fromkeys(found))


def _shapes(node: ast.expr) -> list[Shape]:
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str):
            return from_annotation(node.value)
        return [shapes.NONE] if node.value is None else []
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return _nones_last([*_shapes(node.left), *_shapes(node.right)])
    if isinstance(node, ast.Subscript):
        return _generic(_name(node.value), node.slice)
    return _named(_name(node))


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _named(name: str) -> list[Shape]:
    if name in _NAMES:
        return [_NAMES[name]]
    if not name or name in ("Any", "object", "Hashable", "Sized") or len(name) <= 2:
        return []
    return [Shape("instance", note=name)]


def _nones_last(found: list[Shape]) -> list[Shape]:
    return [shape for shape in found if shape.kind != "none"] + [s for s in found if s.kind == "none"]


def _generic(name: str, inside: ast.expr) -> list[Shape]:
    items = list(inside.elts) if isinstance(inside, ast.Tuple) else [inside]
    if name == "Optional":
        return _nones_last([*_shapes(items[0]), shapes.NONE])
    if name == "Union":
        return _nones_last([shape for item in items for shape in _shapes(item)])
    if name == "Literal":
        return [shapes.literal(ast.unparse(item)) for item in items]
    if name == "Annotated":
        return _shapes(items[0])
    if name == "Callable":
        arguments = items[0].elts if isinstance(items[0], ast.List) else []
        return [Shape("callable", note=str(len(arguments)) + _returns_bool(items))]
    inner = [(_shapes(item) or [shapes.INT])[0] for item in items if not _is_dots(item)]
    return [_container(name, inner, len(items) != len(inner))]


def _returns_bool(items: list[ast.expr]) -> str:
    return " bool" if len(items) > 1 and _name(items[1]) == "bool" else ""


def _is_dots(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is ...


def _container(name: str, inner: list[Shape], endless: bool) -> Shape:
    first = inner[0] if inner else shapes.INT
    if name in _SEQUENCES:
        return shapes.Shape("matrix", first.parts) if _is_row(first) else Shape("list", (first,))
    if name in ("tuple", "Tuple"):
        return Shape("tuple", (first,) * 3 if endless else tuple(inner))
    if name in ("set", "Set", "frozenset", "FrozenSet", "AbstractSet"):
        return Shape("set", (first,))
    if name in _MAPPINGS:
        return _mapping(first, inner[1] if len(inner) > 1 else shapes.INT)
    if name in ("Iterator", "Generator"):
        return Shape("iterator", (first,))
    return (_named(name) or [shapes.ANY])[0]


def _is_row(shape: Shape) -> bool:
    return shape.kind == "list" and shape.parts[0].kind in ("int", "float", "str", "bool")


def _mapping(key: Shape, value: Shape) -> Shape:
    if value.kind in ("list", "set", "tuple") and value.parts[:1] == (key,):
        return Shape("graph", (key,), value.kind)
    if value.kind == "dict" and value.parts[:1] == (key,):
        return Shape("weighted-graph", (key,))
    return Shape("dict", (key, value))
