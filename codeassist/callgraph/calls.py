"""What happens when a value is called: links to parameters, results, and the edges of the graph."""

from __future__ import annotations

from collections.abc import Callable

from codeassist.callgraph import attributes, builtin_models, containers, modules
from codeassist.callgraph.solver import Call, Site, Solver
from codeassist.callgraph.values import (
    Body,
    Bound,
    Builtin,
    BuiltinMethod,
    Class,
    External,
    Generator,
    Instance,
    ModuleValue,
    Partial,
    Super,
    Value,
)


def call(s: Solver, value: Value, data: Call) -> None:
    """React to a value that is called."""
    reaction = _CALLS.get(type(value))
    if reaction:
        reaction(s, value, data)


def record(s: Solver, site: Site, name: str, is_inside: bool) -> None:
    """One edge of the graph."""
    site.targets[name] = is_inside


def function(s: Solver, callee: Body, data: Call, receiver: Value | None = None) -> None:
    """Link a call to a function; `receiver` is its first argument."""
    if callee.kind == "module":
        return
    record(s, data.site, callee.name, True)
    shift = 0
    if receiver is not None:
        shift = 1
        if callee.positional:
            s.add(callee.positional[0], receiver)
            if callee.positional[0] in callee.through and not callee.is_generator:
                s.add(data.target, receiver)
        elif callee.rest:
            s.add(containers.cell(s, callee.rest, 0), receiver)
    link = (callee, shift, data.target)
    if link in data.site.linked:
        return
    data.site.linked.add(link)
    _pass(s, callee, data, shift)
    if callee.is_generator:
        s.add(data.target, _generator(s, callee))
    else:
        s.edge(callee.returns, data.target)
        for node, default in callee.through.items():
            _through(s, callee, node, default, data, shift)

        for node, value in callee.absent:
            if (data.starred or data.doubled) or _given(callee, node, data, shift) is None:
                s.edge(value, data.target)


def _through(s: Solver, callee: Body, node: int, default: int, data: Call, shift: int) -> None:
    """A parameter that is returned: this call gives back what it was given itself, not what others gave."""
    if data.starred or data.doubled:
        s.edge(node, data.target)
        return
    given = _given(callee, node, data, shift)
    s.edge(default if given is None else given, data.target)


def _given(callee: Body, node: int, data: Call, shift: int) -> int | None:
    """What a call gives for a parameter, None where it leaves it out; a receiver is added by who knows it."""
    index = callee.positional.index(node) - shift if node in callee.positional else len(data.arguments)
    if index < len(data.arguments):
        return data.arguments[index] if index >= 0 else -1
    return next((value for name, value in data.keywords if callee.named.get(name) == node), None)


def _generator(s: Solver, callee: Body) -> Value:
    made = s.memo.get(callee)
    if made is None:
        s.memo[callee] = made = Generator(callee)
    assert isinstance(made, Generator)
    return made


def _pass(s: Solver, callee: Body, data: Call, shift: int) -> None:
    for index, node in enumerate(data.arguments, shift):
        if node >= 0:
            s.edge(node, _parameter(s, callee, index))
    for name, node in data.keywords:
        if name in callee.named:
            s.edge(node, callee.named[name])
        elif callee.rest_named is not None and node >= 0:
            s.edge(node, containers.cell(s, callee.rest_named, name))
    for start, node in data.starred:
        _spread(s, callee, node, start + shift)
    for node in data.doubled:
        _spread_named(s, callee, node)


def _parameter(s: Solver, callee: Body, index: int) -> int:
    if index < len(callee.positional):
        return callee.positional[index]
    return -1 if callee.rest is None else containers.cell(s, callee.rest, index - len(callee.positional))


def _spread(s: Solver, callee: Body, iterable: int, start: int) -> None:
    for index in range(start, len(callee.positional)):
        s.watch(iterable, containers.unpack, (index - start, callee.positional[index]))
    if callee.rest is not None:
        s.watch(iterable, containers.all_of, containers.any_cell(s, callee.rest))


def _spread_named(s: Solver, callee: Body, mapping: int) -> None:
    for name, node in callee.named.items():
        s.watch(mapping, containers.item, (s.key(name), node))
    if callee.rest_named is not None:
        s.watch(mapping, containers.all_of, containers.any_cell(s, callee.rest_named))


def _function(s: Solver, value: Body, data: Call) -> None:
    function(s, value, data)


def _bound(s: Solver, value: Bound, data: Call) -> None:
    function(s, value.function, data, value.receiver)


def instantiate(s: Solver, cls: Class, data: Call) -> None:
    """Calling a class: `__call__` of its metaclass, or else what `type.__call__` does."""
    meta = attributes.in_metaclass(cls, "__call__")
    if meta is None:
        construct(s, cls, data)
    else:
        data.site.is_reached = True
        s.watch(attributes.view(s, meta, "__call__", True), _initialise, (cls, data))


def construct(s: Solver, cls: Class, data: Call) -> None:
    """Make an object: `__new__`, `__init__` and `__post_init__` where they are defined."""
    data.site.is_reached = True
    s.add(data.target, cls.instance)
    key = (cls, "new")
    if key in data.site.linked:
        return
    data.site.linked.add(key)
    for name, receiver in (("__new__", cls), ("__init__", cls.instance), ("__post_init__", cls.instance)):
        if attributes.defines(cls, name):
            quiet = Call(data.site, data.arguments, data.keywords, data.starred, data.doubled, -1)
            s.watch(attributes.view(s, cls, name, True), _initialise, (receiver, quiet))
    s.instantiated.append((cls, data))


def _initialise(s: Solver, value: Value, data: tuple[Value, Call]) -> None:
    receiver, given = data
    if isinstance(value, Body):
        function(s, value, given, receiver)
    else:
        call(s, value, given)


def made(s: Solver, value: Value, data: Call) -> None:
    """A class statement was executed: hooks of its metaclass and of its bases run."""
    if not isinstance(value, Class):
        return
    for name in ("__new__", "__init__"):
        meta = attributes.in_metaclass(value, name)
        if meta is not None:
            receiver = meta if name == "__new__" else value
            s.watch(attributes.view(s, meta, name, True), _initialise, (receiver, data))
    above = attributes.mro(value)[1:]
    node, _ = attributes.definition(above, "__init_subclass__")
    s.watch(node, _initialise, (value, data))


def external_bases(s: Solver, cls: Class, data: Call) -> None:
    """A class that leaves `__init__` to a base outside the target: the edge goes there."""
    order = attributes.mro(cls)
    node, base = attributes.definition(order, "__init__")
    if node < 0 and isinstance(base, External):
        record(s, data.site, f"{base.name}.__init__", False)


def _external(s: Solver, value: External, data: Call) -> None:
    record(s, data.site, value.name, False)
    if value.name not in builtin_models.PARTIALS:  # of these the model says what comes out
        s.add(data.target, s.external(value.name, True))
    model = builtin_models.EXTERNAL.get(value.name)
    if model:
        model(s, data)


def _builtin(s: Solver, value: Builtin, data: Call) -> None:
    record(s, data.site, f"<builtin>.{value.name}", False)
    link = (value, data.target)
    if link not in data.site.linked:
        data.site.linked.add(link)
        builtin_models.call(s, value.name, data)


def _builtin_method(s: Solver, value: BuiltinMethod, data: Call) -> None:
    builtin_models.method(s, value.receiver, value.name, data)


def _instance(s: Solver, value: Instance, data: Call) -> None:
    special(s, value, "__call__", data)


def _partial(s: Solver, value: Partial, data: Call) -> None:
    link = (value, data.target)
    if link in data.site.linked:
        return
    data.site.linked.add(link)
    data.site.is_reached = True
    shifted = tuple((start + len(value.arguments), node) for start, node in data.starred)
    arguments = (*value.arguments, *data.arguments)
    keywords = (*value.keywords, *data.keywords)
    s.watch(value.node, call, Call(data.site, arguments, keywords, shifted, data.doubled, data.target))


def special(s: Solver, value: Value, name: str, data: Call) -> bool:
    """Call a special method of an object's class, where its class bodies define it."""
    if not isinstance(value, Instance):
        return False
    if not attributes.defines(value.cls, name):
        return False
    data.site.is_reached = True
    link = (value, name, data.target, data.arguments)
    if link not in data.site.linked:
        data.site.linked.add(link)
        s.watch(attributes.view(s, value.cls, name, True), bind_and_call, (value, data))
    return True


def bind_and_call(s: Solver, value: Value, data: tuple[Value, Call]) -> None:
    """Call what was found in a class body, through a receiver."""
    receiver, given = data
    if isinstance(value, Body):
        _call_found(s, value, receiver, given)
    else:
        call(s, value, given)


def _call_found(s: Solver, found: Body, receiver: Value, given: Call) -> None:
    through_class = isinstance(receiver, Class)
    if found.kind == "static":
        function(s, found, given)
    elif found.kind == "class-method":
        function(s, found, given, receiver if through_class else class_of(receiver))
    elif found.kind in ("property", "setter"):
        if found.kind == "property" and not through_class:
            result = s.grow(1)
            function(s, found, Call(given.site, (), (), (), (), result), receiver)
            s.watch(result, call, given)
    elif through_class or found.kind == "lambda" and found.cls is None:
        function(s, found, given)
    else:
        function(s, found, given, receiver)


def class_of(value: Value) -> Value:
    """The class of an instance; anything else stands for itself."""
    return value.cls if isinstance(value, Instance) else value


def method(s: Solver, value: Value, data: tuple[str, Call]) -> None:
    """React to the receiver of a method call."""
    name, given = data
    reaction = _METHODS.get(type(value))
    if reaction:
        reaction(s, value, name, given)
    else:
        builtin_models.method(s, value, name, given)


def _instance_method(s: Solver, value: Instance, name: str, given: Call) -> None:
    link = (value, name)
    if link in given.site.linked:
        return
    given.site.linked.add(link)
    if name == "__class__":
        instantiate(s, value.cls, given)
        return
    s.watch(attributes.view(s, value.cls, name, True), bind_and_call, (value, given))
    s.watch(attributes.view(s, value.cls, name, False), call, given)
    s.late.append((value, name, given))


def _class_method(s: Solver, value: Class, name: str, given: Call) -> None:
    link = (value, name)
    if link in given.site.linked:
        return
    given.site.linked.add(link)
    s.watch(attributes.view(s, value, name, True), bind_and_call, (value, given))
    meta = None if attributes.defines(value, name) else attributes.in_metaclass(value, name)
    if meta is not None:
        s.watch(attributes.view(s, meta, name, True), _initialise, (value, given))
    s.late.append((value, name, given))


def late_method(s: Solver, value: Value, name: str, given: Call) -> None:
    """A method that no class body has: it is the outside base's, or `__getattr__` makes it."""
    cls = value if isinstance(value, Class) else value.cls  # type: ignore[attr-defined]
    if attributes.defines(cls, name) or attributes.is_stored(s, cls, name):
        return
    if isinstance(value, Instance) and attributes.defines(cls, "__getattr__"):
        result = s.grow(1)
        asked = s.constant(s.key(name))
        special(s, value, "__getattr__", Call(given.site, (asked,), (), (), (), result))
        s.watch(result, call, given)
        return
    _, base = attributes.definition(attributes.mro(cls), name)
    outside_method(s, base, name, given)


def outside_method(s: Solver, base: Value | None, name: str, given: Call) -> None:
    """A call of a method that a base outside the target has."""
    if isinstance(base, External):
        full = attributes.external_name(base.name, name)
        if full:
            record(s, given.site, full, False)
            s.add(given.target, s.external(full, True))
    elif isinstance(base, Builtin) and base.name in builtin_models.METHODS_OF:
        builtin_models.method(s, s.typed(base.name), name, given)


def _module_method(s: Solver, value: ModuleValue, name: str, given: Call) -> None:
    found = s.grow(1)
    modules.member(s, value, name, found)
    s.watch(found, call, given)


def _external_method(s: Solver, value: External, name: str, given: Call) -> None:
    full = attributes.external_name(value.name, name)
    if full:
        _external(s, s.external(full), given)


def _super_method(s: Solver, value: Super, name: str, given: Call) -> None:
    link = (value, name)
    if link in given.site.linked:
        return
    given.site.linked.add(link)
    holder = class_of(value.receiver)
    order = attributes.mro(holder) if isinstance(holder, Class) else []
    node, base = attributes.definition(attributes.after(value.cls, order), name)
    given.site.is_reached = True
    if node >= 0:
        s.watch(node, _bind_super, (value.receiver, given))
    else:
        if name == "__call__" and isinstance(base, Builtin) and isinstance(value.receiver, Class):
            construct(s, value.receiver, given)
            return
        outside_method(s, base, name, given)
        if name == "__new__":
            s.add(given.target, holder.instance if isinstance(holder, Class) else value.receiver)


def _bind_super(s: Solver, value: Value, data: tuple[Value, Call]) -> None:
    receiver, given = data
    if isinstance(value, Body) and isinstance(receiver, Class):
        # inside a class method: the class is the receiver, except of plain functions
        if value.kind == "class-method":
            function(s, value, given, receiver)
        else:
            function(s, value, given)
    else:
        bind_and_call(s, value, (receiver, given))


def _function_method(s: Solver, value: Body, name: str, given: Call) -> None:
    if name == "__call__":
        function(s, value, given)
    elif value.fields and name in value.fields:
        s.watch(value.fields[name], call, given)


def _bound_method(s: Solver, value: Bound, name: str, given: Call) -> None:
    if name == "__call__":
        function(s, value.function, given, value.receiver)


def _partial_method(s: Solver, value: Partial, name: str, given: Call) -> None:
    if name == "func":
        s.watch(value.node, call, given)


_CALLS: dict[type, Callable[..., None]] = {
    Body: _function,
    Bound: _bound,
    Class: instantiate,
    External: _external,
    Builtin: _builtin,
    BuiltinMethod: _builtin_method,
    Instance: _instance,
    Partial: _partial,
}

_METHODS: dict[type, Callable[..., None]] = {
    Instance: _instance_method,
    Class: _class_method,
    ModuleValue: _module_method,
    External: _external_method,
    Super: _super_method,
    Body: _function_method,
    Bound: _bound_method,
    Partial: _partial_method,
}
