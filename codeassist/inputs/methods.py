"""Calls of methods: an object is built, filled through its own methods, then the method is called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from codeassist.inputs.calls import calls, combinations, context_of, required
from codeassist.inputs.instances import constructor, parameters_of
from codeassist.inputs.uses import uses
from codeassist.inputs.values import texts
from codeassist.records.program import Function, Module

_FILL = (
    "push add insert append put enqueue add_last add_first add_edge add_vertex add_node addEdge add_word "
    "insert_node push_back append_left set offer add_item update insert_last insert_at_end insert_end "
    "addNode prepend add_key setdefault __setitem__"
).split()
_OPERATORS = {
    "__len__": "len({0})", "__iter__": "list({0})", "__str__": "str({0})", "__repr__": "repr({0})",
    "__bool__": "bool({0})", "__hash__": "hash({0})", "__reversed__": "list(reversed({0}))",
    "__abs__": "abs({0})", "__neg__": "-{0}", "__next__": "next({0})", "__invert__": "~{0}",
    "__int__": "int({0})", "__float__": "float({0})",
}  # fmt: skip
_BINARY = {
    "__eq__": "==", "__ne__": "!=", "__lt__": "<", "__le__": "<=", "__gt__": ">", "__ge__": ">=",
    "__add__": "+", "__sub__": "-", "__mul__": "*", "__truediv__": "/", "__floordiv__": "//",
    "__mod__": "%", "__pow__": "**", "__and__": "&", "__or__": "|", "__xor__": "^", "__iadd__": "+",
    "__matmul__": "@",
}  # fmt: skip


@dataclass(frozen=True)
class Receiver:
    """How an object of the class is made and filled, as expressions; `name` is what they call it."""

    name: str
    build: str
    fill: tuple[str, ...]


def method_calls(module: Module, method: Function, limit: int) -> list[list[str]]:
    """Groups of calls, the likeliest group first: each group tries other shapes or another receiver."""
    if method.kind in ("static", "class-method"):
        return _plain(module, method, f"{method.parent}.{method.name}", limit)
    if method.name in ("__init__", "__new__"):
        return _plain(module, method, method.parent, limit)
    groups = []
    for receiver in receivers(module, method.parent, method):
        for inner in _on_receiver(module, method, receiver.name, limit):
            groups.append([_sequence(receiver, call) for call in inner])
            if receiver.fill:
                groups[-1].append(_sequence(Receiver(receiver.name, receiver.build, ()), inner[0]))
    return groups


def _sequence(receiver: Receiver, call: str) -> str:
    if not receiver.fill and call.startswith(receiver.name + "."):
        return receiver.build + call[len(receiver.name) :]
    steps = [f"{receiver.name} := {receiver.build}", *receiver.fill, call]
    return f"({', '.join(steps)})[-1]"


def _plain(module: Module, function: Function, head: str, limit: int) -> list[list[str]]:
    found = uses(module, function)
    context = context_of(module, function, found)
    callee = function
    if function.name in ("__init__", "__new__"):
        callee = function
    return [
        calls(callee, shapes, context, head, limit, found) for shapes in combinations(function, found, 24)
    ]


def _on_receiver(module: Module, method: Function, name: str, limit: int) -> list[list[str]]:
    if method.kind == "property":
        return [[f"{name}.{method.name}"]]
    if method.name in _OPERATORS:
        return [[_OPERATORS[method.name].format(name)]]
    groups = _plain(module, method, f"{name}.{method.name}", limit)
    if method.name in _BINARY:
        return [
            [f"{name} {_BINARY[method.name]} {name}"],
            *_rewritten(groups, f"{name} {_BINARY[method.name]} {{}}"),
        ]
    special = {
        "__getitem__": f"{name}[{{}}]",
        "__contains__": f"{{}} in {name}",
        "__call__": f"{name}({{}})",
        "__setitem__": f"{name}.__setitem__({{}})",
        "__delitem__": f"{name}.__delitem__({{}})",
    }
    return _rewritten(groups, special[method.name]) if method.name in special else groups


def _rewritten(groups: Sequence[Sequence[str]], template: str) -> list[list[str]]:
    return [[template.format(call.split("(", 1)[1][:-1]) for call in group] for group in groups]


def receivers(module: Module, cls: str, method: Function) -> list[Receiver]:
    """Objects to call `method` on: for each way to construct one, filled and as built."""
    name = _variable(module, cls)
    fillers = _fill(module, cls, name)
    result: list[Receiver] = []
    for build in builds(module, cls)[:4]:
        for fill in fillers[:3]:
            result.append(Receiver(name, build, tuple(fill)))
        result.append(Receiver(name, build, ()))
    return result


def builds(module: Module, cls: str) -> list[str]:
    """Constructor calls, the likeliest first."""
    init = constructor(module, cls)
    if init is None:
        fields = [p for p in parameters_of(module, cls) if not p.default]
        return [f"{cls}({', '.join(str(3 + i) for i in range(len(fields)))})"] if fields else [f"{cls}()"]
    found = uses(module, init)
    context = context_of(module, init, found)
    if all(parameter.kind == "star" for parameter in required(init)):
        return [f"{cls}()", f"{cls}([3, 1, 2])", f"{cls}('abc')"]
    return list(
        dict.fromkeys(calls(init, shapes, context, cls, 1)[0] for shapes in combinations(init, found, 8))
    )


def _variable(module: Module, cls: str) -> str:
    short = cls.split(".")[-1].strip("_")
    name = "".join(
        "_" + c.lower() if c.isupper() and i and not short[i - 1].isupper() else c.lower()
        for i, c in enumerate(short)
    )
    taken = {f.name for f in module.functions} | {i.name for i in module.imports}
    return name if name not in taken and name.isidentifier() else "obj"


def _fill(module: Module, cls: str, name: str) -> list[list[str]]:
    """Ways to fill an object: three or four calls of a method that adds."""
    methods = {f.name: f for f in module.functions if f.parent == cls and f.kind == "method"}
    for wanted in _FILL:
        adder = methods.get(wanted) or next(
            (m for n, m in methods.items() if n.startswith(wanted + "_")), None
        )
        if adder is not None and required(adder):
            return _filling(module, adder, name)
    return []


def _filling(module: Module, adder: Function, name: str) -> list[list[str]]:
    found = uses(module, adder)
    context = context_of(module, adder, found)
    ways = []
    for shapes in combinations(adder, found, 4):
        columns = [texts(shape, context) for shape in shapes]
        picks = [_numbered(column, 4, j) for j, column in enumerate(columns)]
        ways.append([f"{name}.{adder.name}({', '.join(row)})" for row in zip(*picks, strict=True)])
    return ways


def _numbered(column: Sequence[str], count: int, shift: int) -> list[str]:
    if all(text.lstrip("-").isdigit() for text in column):
        return ["5", "2", "8", "6"][:count] if not shift else ["2", "8", "6", "9"][:count]
    if all(text[:1] in "'\"" for text in column):
        return ["'b'", "'a'", "'d'", "'c'"][:count] if not shift else ["'a'", "'c'", "'c'", "'d'"][:count]
    return [column[i % len(column)] for i in range(count)]
