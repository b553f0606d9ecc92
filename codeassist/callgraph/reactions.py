"""The operations of a flow, set up as reactions of the solver."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from codeassist.callgraph import attributes, builtin_models, calls, containers, modules
from codeassist.callgraph.modules import Unit
from codeassist.callgraph.solver import Call, Site, Solver
from codeassist.callgraph.values import (
    Body,
    Bound,
    Box,
    Builtin,
    BuiltinMethod,
    Class,
    External,
    Generator,
    Instance,
    ModuleValue,
    Partial,
    Super,
    Typed,
    Value,
)
from codeassist.records import flow

Data = Any


def site(s: Solver, body: Body, place: Any, is_hidden: bool = False, method: str = "") -> Site:
    """A new call site."""
    made = Site(body, place, is_hidden, method=method)
    s.sites.append(made)
    return made


def _nodes(base: int, nodes: Any) -> tuple[int, ...]:
    return tuple(node + base if node >= 0 else -1 for node in nodes)


def _given(base: int, at: Site, positional: Any, named: Any, stars: Any, target: int) -> Call:
    keywords = tuple((name, node + base) for name, node in named if node >= 0)
    if stars is None:
        return Call(at, _nodes(base, positional), keywords, (), (), target + base)
    starred = tuple((index, node + base) for index, node in stars[0] if node >= 0)
    return Call(at, _nodes(base, positional), keywords, starred, _nodes(base, stars[1]), target + base)


def _copy(s: Solver, unit: Unit, body: Body, op: Any) -> None:
    s.edge(op[1] + unit.base, op[2] + unit.base)


def _call(s: Solver, unit: Unit, body: Body, op: Any) -> None:
    _, function, positional, named, stars, target, place = op
    data = _given(unit.base, site(s, body, place), positional, named, stars, target)
    if function >= 0:
        s.watch(function + unit.base, calls.call, data)


def _method(s: Solver, unit: Unit, body: Body, op: Any) -> None:
    _, receiver, name, positional, named, stars, target, place = op
    data = _given(unit.base, site(s, body, place, method=name), positional, named, stars, target)
    if receiver >= 0:
        s.watch(receiver + unit.base, calls.method, (name, data))


def _decorate(s: Solver, unit: Unit, body: Body, op: Any) -> None:
    _, decorator, decorated, target, place = op
    base = unit.base
    at = site(s, body, place, is_hidden=True)
    result = s.grow(1)
    data = Call(at, (decorated + base,), (), (), (), result)
    decorators: list[Value] = []
    s.watch(decorator + base, _decorator, (data, decorators))
    s.watch(result, _own_result, (decorators, decorated + base, target + base))
    s.undecorated.append((decorated + base, target + base))


def _note_decorated(s: Solver, value: Value, decorator: Value) -> None:
    s.decorated.setdefault(decorator, {})[value] = None


def _own_result(s: Solver, value: Value, data: tuple[list[Value], int, int]) -> None:
    """What a decorator returns for this function: never another function that it was also given."""
    decorators, decorated, target = data
    is_other = any(value in s.decorated.get(decorator, ()) for decorator in decorators)
    if not is_other or value in (s.holds[decorated] or ()):
        s.add(target, value)


def _origin(s: Solver, value: Value) -> Value:
    """What stands behind a decorator: one `@d` and another `@d(option)` may be the same `d`."""
    if isinstance(value, Partial):
        return next(iter(s.holds[value.node] or ()), value)
    if isinstance(value, Bound):
        return value.function
    return value.cls if isinstance(value, Instance) else value


def _decorator(s: Solver, value: Value, data: tuple[Call, list[Value]]) -> None:
    given, decorators = data
    if isinstance(value, External):
        # what an unknown decorator returns most likely stands for what it was given
        calls.record(s, given.site, value.name, False)
        s.edge(given.arguments[0], given.target)
    elif isinstance(value, Builtin):
        s.edge(given.arguments[0], given.target)
    else:
        origin = _origin(s, value)
        decorators.append(origin)
        s.watch(given.arguments[0], _note_decorated, origin)
        calls.call(s, value, given)


def _load(s: Solver, unit: Unit, body: Body, op: Any) -> None:
    _, holder, attribute, target, place = op
    s.watch(holder + unit.base, load, (attribute, target + unit.base, body, place))


def load(s: Solver, value: Value, data: Data) -> None:
    """React to an object of which an attribute is read."""
    attribute, target, _, _ = data
    if isinstance(value, Instance):
        _load_instance(s, value, data)
    elif isinstance(value, Class):
        s.watch(attributes.view(s, value, attribute, True), _found, (value, data))
        s.unfound.append((value, attribute, target))
    elif isinstance(value, ModuleValue):
        modules.member(s, value, attribute, target)
    elif isinstance(value, External):
        name = attributes.external_name(value.name, attribute)
        if name:
            s.add(target, s.external(name))
    elif isinstance(value, Super):
        holder = calls.class_of(value.receiver)
        order = attributes.mro(holder) if isinstance(holder, Class) else []
        node, _ = attributes.definition(attributes.after(value.cls, order), attribute)
        s.watch(node, _found, (value.receiver, data))
    elif isinstance(value, (Body, Bound)):
        _load_function(s, value, attribute, target)
    elif isinstance(value, Partial):
        s.edge(value.node if attribute == "func" else -1, target)
    elif isinstance(value, Builtin):
        s.add(target, s.memo.setdefault((value, attribute), BuiltinMethod(value, attribute)))
    else:
        s.add(target, s.memo.setdefault((value, attribute), BuiltinMethod(value, attribute)))


def _load_instance(s: Solver, value: Instance, data: Data) -> None:
    attribute, target, _, _ = data
    if attribute == "__class__":
        s.add(target, value.cls)
        return
    s.watch(attributes.view(s, value.cls, attribute, True), _found, (value, data))
    s.edge(attributes.view(s, value.cls, attribute, False), target)
    s.unfound.append((value, attribute, target))


def _load_function(s: Solver, value: Body | Bound, attribute: str, target: int) -> None:
    function = value.function if isinstance(value, Bound) else value
    if attribute == "__func__":
        s.add(target, function)
    elif attribute == "__self__" and isinstance(value, Bound):
        s.add(target, value.receiver)
    else:
        s.edge(_function_field(s, function, attribute), target)


def _function_field(s: Solver, function: Body, attribute: str) -> int:
    if function.fields is None:
        function.fields = {}
    if attribute not in function.fields:
        function.fields[attribute] = s.grow(1)
    return function.fields[attribute]


def _found(s: Solver, value: Value, data: tuple[Value, Data]) -> None:
    """What a class body holds, seen through a receiver: functions are bound, properties run."""
    receiver, (_, target, body, place) = data
    through_class = isinstance(receiver, Class)
    if not isinstance(value, Body):
        _descriptor(s, value, receiver, target, body, place)
    elif value.kind == "property":
        if not through_class:
            at = s.hidden(body, place)
            calls.function(s, value, Call(at, (), (), (), (), target), receiver)
    elif value.kind == "setter":
        pass
    elif value.kind == "class-method":
        s.add(target, s.bound(value, calls.class_of(receiver)))
    elif value.kind == "static" or through_class:
        s.add(target, value)
    else:
        s.add(target, s.bound(value, receiver))


def _descriptor(s: Solver, value: Value, receiver: Value, target: int, body: Body, place: Any) -> None:
    if isinstance(value, Instance) and attributes.defines(value.cls, "__get__"):
        holder = s.constant(receiver)
        calls.special(s, value, "__get__", Call(s.hidden(body, place), (holder,), (), (), (), target))
    else:
        s.add(target, value)


def _store(s: Solver, unit: Unit, body: Body, op: Any) -> None:
    _, holder, attribute, source, place = op
    node = source + unit.base if source >= 0 else -1
    s.watch(holder + unit.base, store, (attribute, node, body, place))


def store(s: Solver, value: Value, data: Data) -> None:
    """React to an object of which an attribute is written."""
    attribute, source, _, _ = data
    if isinstance(value, Instance):
        _store_instance(s, value, data)
    elif isinstance(value, Class):
        s.edge(source, attributes.field(s, value, attribute, True))
    elif isinstance(value, ModuleValue) and isinstance(value.unit, Unit):
        unit = value.unit
        known = unit.names.get(attribute, -1)
        s.edge(source, known if known >= 0 else modules.dynamic(s, unit, attribute))
    elif isinstance(value, (Body, Bound)):
        function = value.function if isinstance(value, Bound) else value
        s.edge(source, _function_field(s, function, attribute))


def _store_instance(s: Solver, value: Instance, data: Data) -> None:
    attribute, source, body, place = data
    if attributes.defines(value.cls, attribute):
        s.watch(attributes.view(s, value.cls, attribute, True), _set, (value, data))
    s.edge(source, attributes.field(s, value.cls, attribute, False))
    if attributes.defines(value.cls, "__setattr__"):
        given = Call(s.hidden(body, place), (-1, source), (), (), (), -1)
        calls.special(s, value, "__setattr__", given)


def _set(s: Solver, value: Value, data: tuple[Value, Data]) -> None:
    receiver, (_, source, body, place) = data
    given = Call(s.hidden(body, place), (source,), (), (), (), -1)
    if isinstance(value, Body) and value.kind == "setter":
        calls.function(s, value, given, receiver)
    elif isinstance(value, Instance) and attributes.defines(value.cls, "__set__"):
        holder = s.constant(receiver)
        calls.special(s, value, "__set__", Call(given.site, (holder, source), (), (), (), -1))


def _item(s: Solver, unit: Unit, body: Body, op: Any) -> None:
    _, container, key, target, place = op
    key_node = key + unit.base if key >= 0 else -1
    s.watch(container + unit.base, _read, (key_node, target + unit.base, body, place))


def _read(s: Solver, value: Value, data: Data) -> None:
    key, target, body, place = data
    if isinstance(value, Instance):
        given = Call(s.hidden(body, place), (key,), (), (), (), target)
        if not calls.special(s, value, "__getitem__", given):
            _outside_item(s, value, target)
    elif isinstance(value, (Class, Builtin)):
        s.add(target, value)  # a generic alias
    elif key < 0 or not isinstance(value, Box):
        containers.item(s, value, (None, target))
    else:
        s.watch(key, _read_key, (value, target))
        s.unkeyed.append((key, containers.item, value, target))


def _read_key(s: Solver, key: Value, data: tuple[Value, int]) -> None:
    containers.item(s, data[0], (key, data[1]))


def _outside_item(s: Solver, value: Instance, target: int) -> None:
    _, base = attributes.definition(attributes.mro(value.cls), "__getitem__")
    if isinstance(base, External):
        s.add(target, s.external(base.name, True))


def _ask(s: Solver, unit: Unit, body: Body, op: Any) -> None:
    _, container, key, target, place = op
    key_node = key + unit.base if key >= 0 else -1
    s.watch(container + unit.base, _answer, (key_node, target + unit.base, body, place))


def _answer(s: Solver, value: Value, data: Data) -> None:
    if isinstance(value, Instance):
        _read(s, value, data)


def _put(s: Solver, unit: Unit, body: Body, op: Any) -> None:
    _, container, key, source, place = op
    base = unit.base
    key_node = key + base if key >= 0 else -1
    node = source + base if source >= 0 else -1
    s.watch(container + base, _write, (key_node, node, body, place))


def _write(s: Solver, value: Value, data: Data) -> None:
    key, source, body, place = data
    if isinstance(value, Instance):
        calls.special(s, value, "__setitem__", Call(s.hidden(body, place), (key, source), (), (), (), -1))
    elif key < 0:
        containers.put(s, value, (None, source))
    else:
        s.watch(key, _write_key, (value, source))
        s.unkeyed.append((key, containers.put, value, source))


def _write_key(s: Solver, key: Value, data: tuple[Value, int]) -> None:
    containers.put(s, data[0], (key, data[1]))


def _unpack(s: Solver, unit: Unit, body: Body, op: Any) -> None:
    _, iterable, where, target, place = op
    s.watch(iterable + unit.base, _unpack_value, (where, target + unit.base, body, place))


def _unpack_value(s: Solver, value: Value, data: Data) -> None:
    where, target, body, place = data
    if isinstance(value, Instance):
        _turn(s, value, (target, body, place))
    else:
        containers.unpack(s, value, (where, target))


def _each(s: Solver, unit: Unit, body: Body, op: Any) -> None:
    _, iterable, target, place = op
    s.watch(iterable + unit.base, _turn, (target + unit.base, body, place))


def _turn(s: Solver, value: Value, data: Data) -> None:
    """A loop's turn over a value: `__iter__` and `__next__` of the target, or a container's elements."""
    target, body, place = data
    if not isinstance(value, Instance):
        containers.each(s, value, target)
        return
    iterate(s, value, target, s.hidden(body, place))


def iterate(s: Solver, value: Instance, target: int, at: Site) -> None:
    """Call what iterating over an instance calls."""
    for first, second in (("__iter__", "__next__"), ("__aiter__", "__anext__")):
        iterator = s.grow(1)
        if calls.special(s, value, first, Call(at, (), (), (), (), iterator)):
            s.watch(iterator, _next, (second, target, at))
            return
    if not calls.special(s, value, "__getitem__", Call(at, (-1,), (), (), (), target)):
        _outside_item(s, value, target)


def _next(s: Solver, value: Value, data: tuple[str, int, Site]) -> None:
    name, target, at = data
    if isinstance(value, Instance):
        calls.special(s, value, name, Call(at, (), (), (), (), target))
    else:
        containers.each(s, value, target)


def _enter(s: Solver, unit: Unit, body: Body, op: Any) -> None:
    _, manager, target, place = op
    s.watch(manager + unit.base, _managed, (target + unit.base, body, place))


def _managed(s: Solver, value: Value, data: Data) -> None:
    target, body, place = data
    if isinstance(value, Generator):  # a function made a context manager by a decorator
        s.edge(value.function.yields, target)
    elif isinstance(value, Instance):
        at = s.hidden(body, place)
        for enter, leave in (("__enter__", "__exit__"), ("__aenter__", "__aexit__")):
            calls.special(s, value, enter, Call(at, (), (), (), (), target))
            calls.special(s, value, leave, Call(at, (-1, -1, -1), (), (), (), -1))
    else:
        s.add(target, value)


_FALLBACKS = {
    "__format__": ("__str__", "__repr__"),
    "__str__": ("__repr__",),
    "__contains__": ("__iter__", "__getitem__"),
    "__bool__": ("__len__",),
    "__ne__": ("__eq__",),
    "__reversed__": ("__getitem__",),
    "__await__": (),
}


def _hidden(s: Solver, unit: Unit, body: Body, op: Any) -> None:
    _, receiver, name, positional, target, place = op
    node = target + unit.base if target >= 0 else -1
    data = (name, _nodes(unit.base, positional), node, body, place)
    s.watch(receiver + unit.base, _implied, data)


def _implied(s: Solver, value: Value, data: Data) -> None:
    name, positional, target, body, place = data
    if isinstance(value, Instance):
        for candidate in (name, *_FALLBACKS.get(name, ())):
            if attributes.defines(value.cls, candidate):
                given = Call(s.hidden(body, place), positional, (), (), (), target)
                calls.special(s, value, candidate, given)
                return
    elif isinstance(value, Box) and name in ("__add__", "__radd__", "__mul__", "__or__", "__and__"):
        s.add(target, value)
    elif isinstance(value, External) and name.startswith("__"):
        s.add(target, s.external(value.name, True))
    elif not isinstance(value, (Box, Class, Body)):
        kind = builtin_models.operator_type(value)
        if kind and not name.startswith("__r"):
            s.add(target, s.typed(kind))


def _import(s: Solver, unit: Unit, body: Body, op: Any) -> None:
    _, target, module, name, level = op
    if target >= 0:
        modules.import_into(s, unit, module, name, level, target + unit.base)


def _name(s: Solver, unit: Unit, body: Body, op: Any) -> None:
    if op[1] == "__class__" and body.cls is not None:
        s.add(op[2] + unit.base, body.cls)
    else:
        modules.free_name(s, unit, op[1], op[2] + unit.base)


def _typed(s: Solver, unit: Unit, body: Body, op: Any) -> None:
    s.watch(op[1] + unit.base, _instance_of, op[2] + unit.base)


def _instance_of(s: Solver, value: Value, target: int) -> None:
    if isinstance(value, Class):
        s.add(target, value.instance)
    elif isinstance(value, External):
        s.add(target, s.external(value.name, True))
    elif isinstance(value, Builtin) and value.name in builtin_models.METHODS_OF:
        s.add(target, Typed(value.name) if value.name not in builtin_models.BOXES else s.typed(value.name))
    elif isinstance(value, Box) and value.kind == "tuple":  # except (A, B)
        inner = s.grow(1)
        containers.read(s, value, None, inner)
        s.watch(inner, _instance_of, target)


def _raise(s: Solver, unit: Unit, body: Body, op: Any) -> None:
    s.watch(op[1] + unit.base, _raised, Call(site(s, body, op[2], is_hidden=True), (), (), (), (), -1))


def _raised(s: Solver, value: Value, data: Call) -> None:
    if isinstance(value, Class):
        calls.instantiate(s, value, data)
    elif isinstance(value, External) and not value.is_result:
        calls.record(s, data.site, value.name, False)


def _slice(s: Solver, unit: Unit, body: Body, op: Any) -> None:
    _, container, start, stop, target, place = op
    s.watch(container + unit.base, _sliced, (start, stop, target + unit.base, body, place))


def _sliced(s: Solver, value: Value, data: Data) -> None:
    start, stop, target, body, place = data
    if isinstance(value, Instance):
        calls.special(s, value, "__getitem__", Call(s.hidden(body, place), (-1,), (), (), (), target))
    else:
        containers.slice_of(s, value, (start, stop, target))


def _extend(s: Solver, unit: Unit, body: Body, op: Any) -> None:
    if op[2] >= 0:
        s.watch(op[1] + unit.base, containers.extend, op[2] + unit.base)


def _made(s: Solver, unit: Unit, body: Body, op: Any) -> None:
    _, cls, keywords, place = op
    named = tuple((name, node + unit.base) for name, node in keywords if node >= 0 and name != "metaclass")
    data = Call(site(s, body, place, is_hidden=True), (), named, (), (), -1)
    s.watch(cls + unit.base, calls.made, data)


OPERATIONS: dict[int, Callable[[Solver, Unit, Body, Any], None]] = {
    flow.COPY: _copy,
    flow.CALL: _call,
    flow.METHOD: _method,
    flow.DECORATE: _decorate,
    flow.LOAD: _load,
    flow.STORE: _store,
    flow.ITEM: _item,
    flow.PUT: _put,
    flow.UNPACK: _unpack,
    flow.EACH: _each,
    flow.ENTER: _enter,
    flow.HIDDEN: _hidden,
    flow.IMPORT: _import,
    flow.NAME: _name,
    flow.TYPED: _typed,
    flow.RAISE: _raise,
    flow.SLICE: _slice,
    flow.EXTEND: _extend,
    flow.ASK: _ask,
    flow.MADE: _made,
}
