"""From the flows of files to a solver with all nodes, constants and operations in place."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from codeassist.callgraph import attributes, builtin_models, containers, reactions
from codeassist.callgraph.modules import Unit
from codeassist.callgraph.solver import Solver
from codeassist.callgraph.values import Body, Box, Class, ModuleValue, Value
from codeassist.records import flow
from codeassist.records.flow import FlowScope


def load(units: Iterable[Unit]) -> Solver:
    """A solver over all files, nothing solved yet."""
    s = Solver()
    s.builtin_names = builtin_models.NAMES
    every = list(units)
    for unit in every:
        _announce(s, unit)
    _folders(s, every)
    plans = [(unit, _scopes(s, unit)) for unit in every]
    for unit, scopes in plans:
        _bases(s, unit, scopes)
    for unit, scopes in plans:
        _imports(s, unit, scopes)
    s.run()
    for unit, scopes in plans:
        _operations(s, unit, scopes)
    return s


def _announce(s: Solver, unit: Unit) -> None:
    unit.base = s.grow(unit.flow.nodes)
    unit.value = ModuleValue(unit)
    s.units[unit.name] = unit
    if unit.is_package:
        s.packages.add(unit.name)


def _folders(s: Solver, units: list[Unit]) -> None:
    for unit in units:
        parts = unit.name.split(".")
        for length in range(1, len(parts)):
            name = ".".join(parts[:length])
            if name not in s.units:
                s.folders.setdefault(name, ModuleValue(name))
    _aliases(s, units)


def _aliases(s: Solver, units: list[Unit]) -> None:
    """Packages whose parent folder is none can be imported without the folders above them."""
    for unit in units:
        parts = unit.name.split(".")
        for length in range(1, len(parts)):
            above, top = ".".join(parts[:length]), ".".join(parts[: length + 1])
            if above not in s.packages and (top in s.packages or top == unit.name):
                s.aliases.setdefault(".".join(parts[length:]), unit)
    if len(roots := {unit.root_name for unit in units if unit.root_name}) == 1:
        prefix = roots.pop()
        for unit in units:
            inner = prefix if unit.is_root else f"{prefix}.{unit.name}"
            s.aliases.setdefault(inner, unit)
            if unit.is_root:
                s.aliases.setdefault(unit.name, unit)


def _scopes(s: Solver, unit: Unit) -> list[Value]:
    """The values behind a file's scopes, by index."""
    values: list[Value] = []
    for scope in unit.flow.scopes:
        name = unit.name if scope.kind == "module" else f"{unit.name}.{scope.qualname}"
        parent = values[scope.parent] if scope.parent >= 0 else None
        if scope.kind == "class":
            values.append(_class(s, unit, scope, name))
        else:
            values.append(_function(s, unit, scope, name, parent))
    names = unit.flow.scopes[0].names
    unit.names = {name: node + unit.base if node >= 0 else -1 for name, node in names.items()}
    body = values[0]
    assert isinstance(body, Body)
    unit.body = body
    _constants(s, unit, values)
    return values


def _class(s: Solver, unit: Unit, scope: FlowScope, name: str) -> Class:
    names = scope.names or {}
    shifted = {key: node + unit.base if node >= 0 else -1 for key, node in names.items()}
    made = Class(name, scope.qualname, unit, shifted, scope.line)
    made.bases = [[] for _ in scope.bases]
    s.classes.append(made)
    return made


def _function(s: Solver, unit: Unit, scope: FlowScope, name: str, parent: Value | None) -> Body:
    body = Body(name, scope.qualname, scope.kind, unit, scope.line)
    base = unit.base
    for parameter, node, kind in scope.parameters:
        if kind in ("positional-only", "positional"):
            body.positional.append(node + base)
        if kind in ("positional", "keyword-only"):
            body.named[parameter] = node + base
        if kind == "star":
            body.rest = _rest(s, node + base, "tuple")
        elif kind == "double-star":
            body.rest_named = _rest(s, node + base, "dict")
    body.returns = scope.returns + base if scope.returns >= 0 else -1
    for node, default in scope.through:
        body.through[node + base] = default + base if default >= 0 else -1
    body.absent = tuple((node + base, value + base) for node, value in scope.absent)
    if scope.yields >= 0:
        body.yields, body.is_generator = scope.yields + base, True
    _method_of(body, scope, parent)
    return body


def _method_of(body: Body, scope: FlowScope, parent: Value | None) -> None:
    """Which class `super()` means inside, and where the receiver is."""
    if isinstance(parent, Class):
        body.cls = parent
        if scope.kind != "lambda":
            parent.methods.append(body)
        if body.positional:
            body.receiver = body.positional[0]
    elif isinstance(parent, Body):
        body.cls, body.receiver = parent.cls, parent.receiver


def _rest(s: Solver, node: int, kind: str) -> Box:
    box = Box(kind)
    s.add(node, box)
    return box


def _constants(s: Solver, unit: Unit, values: list[Value]) -> None:
    for node, kind, payload in unit.flow.constants:
        s.add(node + unit.base, _constant(s, unit, kind, payload, values))


def _constant(s: Solver, unit: Unit, kind: str, payload: Any, values: list[Value]) -> Value:
    if kind == flow.KEY:
        return s.key(payload)
    if kind == flow.TYPE:
        return s.typed(str(payload))
    if kind == flow.BOX:
        return _box(s, unit, *payload)
    found: Value = values[payload]
    return found


def _box(s: Solver, unit: Unit, kind: str, fields: tuple[tuple[Any, int], ...]) -> Box:
    box = Box(kind)
    for key, node in fields:
        source = node + unit.base
        if isinstance(key, tuple):
            where = key[1] + unit.base
            s.watch(where, containers.put_in, (box, source))
        else:
            s.edge(source, containers.cell(s, box, key))
    return box


def _bases(s: Solver, unit: Unit, scopes: list[Value]) -> None:
    for scope, value in zip(unit.flow.scopes, scopes, strict=True):
        if isinstance(value, Class):
            for index, node in enumerate(scope.bases):
                if node >= 0:
                    s.watch(node + unit.base, _base, (value, index))
            if scope.metaclass >= 0:
                s.watch(scope.metaclass + unit.base, _metaclass, value)


def _base(s: Solver, value: Value, data: tuple[Class, int]) -> None:
    attributes.add_base(s, data[0], data[1], value)


def _metaclass(s: Solver, value: Value, cls: Class) -> None:
    if isinstance(value, Class) and value not in cls.metaclasses:
        cls.metaclasses.append(value)


def _body_of(unit: Unit, value: Value) -> Body:
    """Who calls: a class body is one of its own."""
    if isinstance(value, Class):
        return Body(value.name, value.qualname, "class", unit, value.line)
    assert isinstance(value, Body)
    return value


_FIRST = frozenset({flow.IMPORT, flow.NAME})


def _imports(s: Solver, unit: Unit, scopes: list[Value]) -> None:
    for scope, value in zip(unit.flow.scopes, scopes, strict=True):
        for operation in scope.operations:
            if operation[0] in _FIRST:
                body = value if isinstance(value, Body) else unit.body
                assert body is not None
                reactions.OPERATIONS[operation[0]](s, unit, body, operation)


def _operations(s: Solver, unit: Unit, scopes: list[Value]) -> None:
    table = reactions.OPERATIONS
    for scope, value in zip(unit.flow.scopes, scopes, strict=True):
        body = _body_of(unit, value)
        for operation in scope.operations:
            if operation[0] not in _FIRST:
                table[operation[0]](s, unit, body, operation)
