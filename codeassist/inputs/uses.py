"""What a body does with its parameters: tags by access path, such as `xs` iterated and `xs[]` compared."""

from __future__ import annotations

import ast
import textwrap
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from codeassist.inputs import shapes
from codeassist.inputs.shapes import Shape
from codeassist.records.program import Function, Module

LIST_METHODS = frozenset("append pop insert sort extend remove reverse count index".split())
STR_METHODS = frozenset(
    "upper lower strip lstrip rstrip split join isalpha isdigit isalnum isupper islower isspace startswith "
    "endswith replace find title swapcase capitalize encode splitlines zfill isnumeric format ljust".split()
)
DICT_METHODS = frozenset("items keys values get setdefault".split())
SET_METHODS = frozenset("add discard union intersection difference issubset".split())
_STR_CALLS = frozenset(("ord", "fromhex"))
_INT_CALLS = frozenset("range chr bin hex oct isqrt gcd factorial bit_length comb".split())
_NUMBER_CALLS = frozenset(
    "abs sqrt floor ceil round log log2 log10 sin cos tan exp pow divmod float int".split()
)
_SEQUENCE_CALLS = frozenset(
    "len sorted sum min max enumerate reversed list tuple set any all zip iter".split()
)


@dataclass
class Uses:
    """Tags by access path: `xs` for the parameter, `xs[]` for its elements, `xs[][]` for theirs."""

    tags: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    passed: list[tuple[str, str, int]] = field(default_factory=list)
    """(path, called name, position) where the path is an argument as it stands"""
    constants: list[object] = field(default_factory=list)
    """literal numbers and texts in the body: inputs near them reach more branches"""
    pairs: list[tuple[str, str]] = field(default_factory=list)
    """(container, index): the path on the right is an index or key into the one on the left"""
    ordered: list[tuple[str, str]] = field(default_factory=list)
    """paths of which one is compared with the other by < or >"""
    imports: frozenset[str] = frozenset()
    """names that the module imports"""
    alike: list[tuple[str, str]] = field(default_factory=list)
    """paths that are compared at all: their values are of one type"""


def uses(module: Module, function: Function, depth: int = 2) -> Uses:
    """What the body of `function` does with its parameters, followed into helpers of the same module."""
    node = _tree(module, function)
    found = Uses(imports=frozenset(i.name for i in module.imports if i.module == "networkx"))
    if node is None:
        return found
    _Walk(found, {parameter.name: parameter.name for parameter in function.parameters}).block(node.body)
    if depth:
        _follow(module, function, found, depth)
    return found


def _follow(module: Module, function: Function, found: Uses, depth: int) -> None:
    for path, name, position in list(found.passed):
        helper = next((f for f in module.functions if f.name == name and f.id != function.id), None)
        if helper is None or helper.kind == "class" or "[" in path:
            continue
        offset = 1 if helper.kind == "method" else 0
        parameters = helper.parameters[offset:]
        if position < len(parameters):
            inner = uses(module, helper, depth - 1)
            _copy(inner, parameters[position].name, found, path)


def _copy(inner: Uses, name: str, found: Uses, path: str) -> None:
    for other, tags in inner.tags.items():
        if other.split("[")[0] == name:
            found.tags[path + other[len(name) :]] |= tags


def _tree(module: Module, function: Function) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    span = function.span
    text = "\n".join(module.source.lines[span.line - 1 : span.end_line])
    try:
        body = ast.parse(textwrap.dedent(text)).body
    except (SyntaxError, ValueError, RecursionError):
        return None
    first = body[0] if body else None
    return first if isinstance(first, (ast.FunctionDef, ast.AsyncFunctionDef)) else None


class _Walk:
    """Collects tags, in source order, with local names that stand for a path."""

    def __init__(self, found: Uses, paths: dict[str, str]) -> None:
        self.found = found
        self.paths = paths

    def block(self, body: list[ast.stmt]) -> None:
        for statement in body:
            self.visit(statement)

    def visit(self, node: ast.AST) -> None:
        handler = getattr(self, "see_" + type(node).__name__, None)
        if handler:
            handler(node)
        for child in ast.iter_child_nodes(node):
            self.visit(child)

    def path(self, node: ast.AST | None) -> str:
        if isinstance(node, ast.Name):
            return self.paths.get(node.id, "")
        if isinstance(node, ast.Subscript) and not isinstance(node.slice, ast.Slice):
            inner = self.path(node.value)
            return inner + "[]" if inner else ""
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and len(node.args) == 1:
            return self.path(node.args[0]) if node.func.id in ("list", "sorted", "reversed", "iter") else ""
        return ""

    def tag(self, node: ast.AST | None, *names: str) -> None:
        path = self.path(node)
        if path:
            self.found.tags[path].update(names)

    def see_For(self, node: ast.For | ast.comprehension) -> None:
        self.iteration(node.target, node.iter)

    see_comprehension = see_For

    def see_ListComp(self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp) -> None:
        for part in node.generators:  # their targets are read by the element, which comes first in the tree
            self.iteration(part.target, part.iter)

    see_SetComp = see_DictComp = see_GeneratorExp = see_ListComp

    def iteration(self, target: ast.expr, source: ast.expr) -> None:
        path = self.path(source)
        if path:
            self.found.tags[path].add("iterated")
            self.bind(target, path + "[]")
        elif isinstance(source, ast.Call):
            self.iteration_over_call(target, source)

    def iteration_over_call(self, target: ast.expr, source: ast.Call) -> None:
        name = source.func.id if isinstance(source.func, ast.Name) else ""
        parts = target.elts if isinstance(target, ast.Tuple) else []
        if name == "enumerate" and len(parts) == 2 and source.args:
            self.iteration(parts[1], source.args[0])
        elif name == "zip" and len(parts) == len(source.args):
            for part, argument in zip(parts, source.args, strict=True):
                self.iteration(part, argument)
        elif isinstance(source.func, ast.Attribute) and source.func.attr in ("items", "values"):
            path = self.path(source.func.value)
            value = parts[1] if len(parts) == 2 else target
            if path:
                self.bind(value, path + "[]")

    def bind(self, target: ast.expr, path: str) -> None:
        if isinstance(target, ast.Name):
            self.paths.setdefault(target.id, path)
        elif isinstance(target, ast.Tuple):
            self.found.tags[path].update(("iterated", f"unpacked{len(target.elts)}"))

    def see_Assign(self, node: ast.Assign) -> None:
        target = node.targets[0]
        if isinstance(target, ast.Tuple) and self.path(node.value):
            self.tag(node.value, f"unpacked{len(target.elts)}", "iterated")
        elif isinstance(target, ast.Name) and self.path(node.value):
            self.paths.setdefault(target.id, self.path(node.value))

    def see_Subscript(self, node: ast.Subscript) -> None:
        if isinstance(node.slice, ast.Slice):
            self.tag(node.value, "sliced")
            return
        text = isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str)
        self.tag(node.value, "keyed" if text else "indexed")
        if not isinstance(node.ctx, ast.Load):
            self.tag(node.value, "stored")
        key, container = self.path(node.slice), self.path(node.value)
        if key:
            self.found.tags[key].add("index")
            self.found.pairs.append((container or "?", key))

    def see_Attribute(self, node: ast.Attribute) -> None:
        self.tag(node.value, "." + node.attr)

    def see_Call(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Name):
            self.tag(node.func, "called", f"called{len(node.args)}")
            name = node.func.id
        else:
            name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        for position, argument in enumerate(node.args):
            if name in ("min", "max") and len(node.args) > 1:
                self.tag(argument, "ordered")
            else:
                self.argument(name, position, argument)
        if name == "isinstance" and len(node.args) == 2:
            self.tag(node.args[0], "isinstance " + ast.unparse(node.args[1]))
        if name == "join" and node.args:
            self.tag(node.args[0], "joined")
        if name in ("heappush", "heappop", "heapify", "insort", "bisect_left", "bisect_right") and node.args:
            self.tag(node.args[0], "indexed", "stored")

    def argument(self, name: str, position: int, argument: ast.expr) -> None:
        path = self.path(argument)
        if not path:
            return
        for calls, tag in (
            (_STR_CALLS, "text"), (_INT_CALLS, "integer"), (_NUMBER_CALLS, "number"), (_SEQUENCE_CALLS, name),
        ):  # fmt: skip
            if name in calls:
                self.found.tags[path].add(tag)
        if isinstance(argument, ast.Name):
            self.found.passed.append((path, name, position))

    def see_BinOp(self, node: ast.BinOp) -> None:
        self.arithmetic(node.op, node.left, node.right)
        self.arithmetic(node.op, node.right, node.left)

    def see_AugAssign(self, node: ast.AugAssign) -> None:
        self.arithmetic(node.op, node.target, node.value)
        if isinstance(node.value, (ast.Name, ast.Subscript)):
            self.arithmetic(node.op, node.value, node.target)

    def arithmetic(self, operator: ast.operator, node: ast.expr, other: ast.expr) -> None:
        if isinstance(other, ast.Constant) and isinstance(other.value, str):
            self.tag(node, "text")
        elif isinstance(operator, (ast.FloorDiv, ast.Mod, ast.LShift, ast.RShift, ast.BitAnd, ast.BitXor)):
            self.tag(node, "integer")
        elif isinstance(operator, (ast.Sub, ast.Div, ast.Pow)):
            self.tag(node, "number")
        elif isinstance(other, ast.Constant) and isinstance(other.value, (int, float)):
            self.tag(node, "number" if isinstance(operator, ast.Add) else "times")
        elif isinstance(operator, (ast.Add, ast.Mult)):
            self.tag(node, "added")

    def see_UnaryOp(self, node: ast.UnaryOp) -> None:
        if isinstance(node.op, (ast.USub, ast.Invert)):
            self.tag(node.operand, "number")

    def see_Compare(self, node: ast.Compare) -> None:
        sides = [node.left, *node.comparators]
        for left, operator, right in zip(sides, node.ops, sides[1:], strict=False):
            if isinstance(operator, (ast.In, ast.NotIn)):
                self.membership(left, right)
            elif isinstance(operator, (ast.Is, ast.IsNot)):
                self.tag(left, "is none")
            else:
                self.compared(left, right, operator)
                self.compared(right, left, operator)
                if self.path(left) and self.path(right):
                    self.found.alike.append((self.path(left), self.path(right)))

    def membership(self, left: ast.expr, right: ast.expr) -> None:
        self.tag(right, "searched")
        if isinstance(right, ast.Constant) and isinstance(right.value, str):
            self.tag(left, "text")
        if self.path(left) and self.path(right):
            self.found.pairs.append((self.path(right), self.path(left)))

    def compared(self, node: ast.expr, other: ast.expr, operator: ast.cmpop) -> None:
        if isinstance(other, ast.Constant):
            if isinstance(other.value, str):
                self.tag(node, "text", "text " + other.value[:20])
            elif isinstance(other.value, (int, float)) and other.value is not True:
                self.tag(node, "number")
        elif isinstance(other, ast.Call) and isinstance(other.func, ast.Name) and other.func.id == "len":
            self.tag(node, "integer")
        elif not isinstance(operator, (ast.Eq, ast.NotEq)):
            self.tag(node, "ordered")
            self.found.ordered.append((self.path(node), self.path(other)))

    def see_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, (int, str)) and not isinstance(node.value, bool):
            self.found.constants.append(node.value)


def shapes_from_uses(found: Uses, path: str, depth: int = 0) -> list[Shape]:
    """The shapes that the tags of `path` point to, the likeliest first."""
    tags = found.tags.get(path, set())
    methods = {tag[1:] for tag in tags if tag.startswith(".")}
    if "called" in tags:
        arity = next((tag[6:] for tag in sorted(tags) if tag.startswith("called") and tag != "called"), "1")
        return [Shape("callable", note=arity)]
    instance = _instance(methods)
    if instance:
        return [instance]
    if methods & STR_METHODS and not methods & LIST_METHODS - {"index", "count"}:
        return [shapes.STR]
    if methods & DICT_METHODS or "keyed" in tags:
        return _mappings(found, path, depth)
    if methods & SET_METHODS:
        return [shapes.SET]
    if _is_container(tags, methods):
        return _containers(found, path, tags, depth)
    return _scalars(tags)


def _instance(methods: set[str]) -> Shape | None:
    known = (
        LIST_METHODS
        | STR_METHODS
        | DICT_METHODS
        | SET_METHODS
        | {"copy", "clear", "update", "popleft", "real"}
    )
    if "next" in methods:
        return Shape("instance", note="next")
    if methods & {"left", "right"}:
        return Shape("instance", note="tree")
    return Shape("instance", note="?") if methods - known and not methods & known else None


def _is_container(tags: set[str], methods: set[str]) -> bool:
    marks = {"iterated", "indexed", "sliced", "stored", "searched", "joined", *_SEQUENCE_CALLS}
    return bool(tags & marks or methods & LIST_METHODS or any(tag.startswith("unpacked") for tag in tags))


def _mappings(found: Uses, path: str, depth: int) -> list[Shape]:
    inner = found.tags.get(path + "[]", set())
    if "iterated" in inner or inner & {"len", ".append", "searched"}:
        nested = found.tags.get(path + "[][]", set())
        graph = (
            [shapes.WEIGHTED, shapes.GRAPH]
            if nested & {"number", "added"}
            else [shapes.GRAPH, shapes.WEIGHTED]
        )
        return [*graph, shapes.MAPPING]
    if "keyed" in inner or inner & {".items", ".get", ".keys"}:
        return [shapes.WEIGHTED, shapes.MAPPING]
    return [shapes.MAPPING]


def _containers(found: Uses, path: str, tags: set[str], depth: int) -> list[Shape]:
    inner_tags = found.tags.get(path + "[]", set())
    sized = next((tag[8:] for tag in sorted(inner_tags) if tag.startswith("unpacked")), "")
    if sized.isdigit() and 1 < int(sized) < 5:
        return [Shape("list", (Shape("tuple", (shapes.INT,) * int(sized)),)), shapes.EDGES]
    own_key = any(container == path and key.startswith(path + "[]") for container, key in found.pairs)
    if own_key:
        return [shapes.GRAPH, shapes.ADJACENCY, shapes.INTS, shapes.MAPPING]
    inner = shapes_from_uses(found, path + "[]", depth + 1) if depth < 3 else []
    result: list[Shape] = [shapes.WEIGHTED, shapes.MAPPING] if inner[:1] == [shapes.MAPPING] else []
    for shape in inner[:2]:
        rows = shape.kind == "list" and shape.parts[0].kind in ("int", "float", "str")
        result.append(Shape("matrix", shape.parts) if rows else Shape("list", (shape,)))
    if "joined" in tags:
        result.insert(0, shapes.STRS)
    if inner and inner[0].kind in ("list", "matrix", "instance", "dict"):
        return list(dict.fromkeys(result))  # what is inside is told: a flat list would not do
    graph = [shapes.GRAPH] if "iterated" in inner_tags else []
    text = [] if tags & {"stored", ".append", ".pop", ".sort"} else [shapes.STR]
    return list(dict.fromkeys([*result, shapes.INTS, *graph, *text]))


def _scalars(tags: set[str]) -> list[Shape]:
    if "text" in tags:
        words = [tag[5:] for tag in sorted(tags) if tag.startswith("text ") and len(tag) > 6]
        return [shapes.STR, *(shapes.literal(repr(word)) for word in words[:2])]
    if tags & {"integer", "index"}:
        return [shapes.INT]
    if tags & {"number", "times"}:
        return [shapes.INT, shapes.FLOAT]
    return [shapes.INT, shapes.STR, shapes.INTS] if tags & {"ordered", "added"} else []


def fits(found: Uses, names: Sequence[str], shapes_: Sequence[Shape]) -> int:
    """How many comparisons in the body would compare values of different types, with these shapes."""
    by_name = dict(zip(names, shapes_, strict=True))
    strange = 0
    for left, right in found.alike:
        kinds = _kind_at(left, by_name), _kind_at(right, by_name)
        strange += all(kinds) and kinds[0] != kinds[1]
    return strange


def _kind_at(path: str, by_name: Mapping[str, Shape]) -> str:
    """The kind of value at a path such as `xs[]`; "" where the shape does not say."""
    name, *steps = path.split("[")
    shape = by_name.get(name)
    for _ in steps:
        if shape is None or shape.kind == "str":
            continue
        shape = Shape("list", shape.parts) if shape.kind == "matrix" else (shape.parts or (None,))[0]
    return shape.kind if shape is not None and shape.kind in ("int", "str", "list", "float", "dict") else ""


def interesting(found: Uses) -> Mapping[str, list[object]]:
    """Literals of the body that inputs may be near to: numbers up to a thousand and short texts."""
    numbers = [c for c in found.constants if isinstance(c, int) and abs(c) <= 1000]
    texts = [c for c in found.constants if isinstance(c, str) and 0 < len(c) <= 12]
    return {"int": list(dict.fromkeys(numbers)), "str": list(dict.fromkeys(texts))}
