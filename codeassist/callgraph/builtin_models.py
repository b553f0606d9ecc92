"""What built-in functions and methods do with the values they are given."""

from __future__ import annotations

from collections.abc import Callable

from codeassist.callgraph import attributes, calls, containers, reactions
from codeassist.callgraph.solver import Call, Site, Solver
from codeassist.callgraph.values import (
    Body,
    Box,
    Builtin,
    Class,
    External,
    Instance,
    Key,
    Partial,
    Super,
    Typed,
    Value,
    type_name,
)

BOXES = frozenset({"list", "tuple", "set", "dict", "frozenset"})
METHODS_OF = frozenset(
    "str bytes bytearray int float complex bool list tuple set frozenset dict range object memoryview".split()
)

NAMES = frozenset(
    """abs aiter all anext any ascii bin bool breakpoint bytearray bytes callable chr classmethod compile
    complex copyright credits
    delattr dict dir divmod enumerate eval exec exit filter float format frozenset getattr
    globals hasattr hash help hex id input int isinstance issubclass iter len license list locals map max
    memoryview min next object oct open ord pow print property quit range repr reversed round set setattr
    slice sorted staticmethod str sum super tuple type vars zip __import__ __build_class__
    ArithmeticError AssertionError AttributeError BaseException BaseExceptionGroup BlockingIOError
    BrokenPipeError BufferError BytesWarning ChildProcessError ConnectionAbortedError ConnectionError
    ConnectionRefusedError ConnectionResetError DeprecationWarning EOFError EncodingWarning EnvironmentError
    Exception ExceptionGroup FileExistsError FileNotFoundError FloatingPointError FutureWarning GeneratorExit
    IOError ImportError ImportWarning IndentationError IndexError InterruptedError IsADirectoryError KeyError
    KeyboardInterrupt LookupError MemoryError ModuleNotFoundError NameError NotADirectoryError
    NotImplementedError OSError OverflowError PendingDeprecationWarning PermissionError ProcessLookupError
    PythonFinalizationError RecursionError ReferenceError ResourceWarning RuntimeError RuntimeWarning
    StopAsyncIteration StopIteration SyntaxError SyntaxWarning SystemError SystemExit TabError TimeoutError
    TypeError UnboundLocalError UnicodeDecodeError UnicodeEncodeError UnicodeError UnicodeTranslateError
    UnicodeWarning UserWarning ValueError Warning ZeroDivisionError""".split()
)

_SPECIAL = {
    "str": ("__str__", "__repr__"),
    "repr": ("__repr__",),
    "print": ("__str__", "__repr__"),
    "format": ("__format__", "__str__", "__repr__"),
    "len": ("__len__",),
    "hash": ("__hash__",),
    "bool": ("__bool__", "__len__"),
    "abs": ("__abs__",),
    "int": ("__int__", "__index__"),
    "float": ("__float__",),
    "complex": ("__complex__",),
    "bytes": ("__bytes__",),
    "round": ("__round__",),
    "divmod": ("__divmod__",),
    "dir": ("__dir__",),
    "reversed": ("__reversed__",),
    "next": ("__next__",),
    "anext": ("__anext__",),
    "isinstance": ("__instancecheck__",),
}
"""built-in -> special methods tried in turn on each argument"""

_RESULTS = {
    "str": "str",
    "repr": "str",
    "format": "str",
    "input": "str",
    "chr": "str",
    "hex": "str",
    "oct": "str",
    "bin": "str",
    "ascii": "str",
    "len": "int",
    "int": "int",
    "hash": "int",
    "ord": "int",
    "id": "int",
    "float": "float",
    "bool": "bool",
    "range": "range",
    "bytes": "bytes",
    "bytearray": "bytearray",
    "complex": "complex",
    "abs": "int",
    "round": "int",
    "sum": "int",
}


def operator_type(value: Value) -> str:
    """The type that arithmetic on a built-in value gives."""
    return type_name(value) if isinstance(value, (Key, Typed)) else ""


def _with(data: Call, *arguments: int, target: int = -1) -> Call:
    """The same site with other arguments and another target."""
    return Call(data.site, arguments, (), (), (), target)


def call(s: Solver, name: str, data: Call) -> None:
    """Model a call of the built-in `name`."""
    for special in (_SPECIAL.get(name),):
        if special:
            for argument in data.arguments:
                s.watch(argument, _implied, (special, data))
    if name in _RESULTS:
        s.add(data.target, s.typed(_RESULTS[name]))
    model = _MODELS.get(name)
    if model:
        model(s, data)


def _implied(s: Solver, value: Value, data: tuple[tuple[str, ...], Call]) -> None:
    names, given = data
    if isinstance(value, Instance):
        for name in names:
            if attributes.defines(value.cls, name):
                result = given.target if name in ("__next__", "__anext__", "__reversed__") else -1
                calls.special(s, value, name, _with(given, target=result))
                return


def _argument(data: Call, index: int, name: str = "") -> int:
    if index < len(data.arguments):
        return data.arguments[index]
    return next((node for keyword, node in data.keywords if keyword == name), -1)


def _elements(s: Solver, iterable: int, target: int, at: Site) -> None:
    """Let `target` hold what iterating gives, special methods of the target called."""
    s.watch(iterable, _turn, (target, at))


def _turn(s: Solver, value: Value, data: tuple[int, Site]) -> None:
    target, at = data
    if isinstance(value, Instance):
        reactions.iterate(s, value, target, at)
    else:
        containers.each(s, value, target)


def _collect(kind: str) -> Callable[[Solver, Call], None]:
    def model(s: Solver, data: Call) -> None:
        made = s.box(kind)
        s.add(data.target, made)
        if data.arguments:
            _elements(s, data.arguments[0], containers.any_cell(s, made), data.site)

    return model


def _dict(s: Solver, data: Call) -> None:
    made = s.box("dict")
    s.add(data.target, made)
    for name, node in data.keywords:
        s.edge(node, containers.cell(s, made, name))
    for node in (*data.arguments[:1], *data.doubled):
        s.watch(node, _copy_box, made)


def _copy_box(s: Solver, value: Value, made: Box) -> None:
    if isinstance(value, Box) and value.kind == "dict":
        for key, node in tuple(value.fields.items()):
            s.edge(node, containers.cell(s, made, key))
        if value.any >= 0:
            s.edge(value.any, containers.any_cell(s, made))
    else:
        containers.each(s, value, containers.any_cell(s, made))


def _map(s: Solver, data: Call) -> None:
    if not data.arguments:
        return
    elements = [s.grow(1) for _ in data.arguments[1:]]
    for iterable, element in zip(data.arguments[1:], elements, strict=True):
        _elements(s, iterable, element, data.site)
    made = s.box("generator", s.grow(1))
    s.add(data.target, made)
    s.watch(data.arguments[0], calls.call, _with(data, *elements, target=made.any))


def _filter(s: Solver, data: Call) -> None:
    if len(data.arguments) < 2:
        return
    element = s.grow(1)
    _elements(s, data.arguments[1], element, data.site)
    s.add(data.target, s.box("generator", element))
    s.watch(data.arguments[0], calls.call, _with(data, element))


def _reduce(s: Solver, data: Call) -> None:
    if len(data.arguments) < 2:
        return
    element = s.grow(1)
    _elements(s, data.arguments[1], element, data.site)
    if len(data.arguments) > 2:
        s.edge(data.arguments[2], data.target)
    s.edge(element, data.target)
    s.watch(data.arguments[0], calls.call, _with(data, data.target, element, target=data.target))


def _keyed(s: Solver, data: Call) -> None:
    """sorted, min, max: elements of the iterable or the arguments themselves, `key` called on each."""
    element = s.grow(1)
    if len(data.arguments) == 1:
        _elements(s, data.arguments[0], element, data.site)
    for node in data.arguments if len(data.arguments) > 1 else ():
        s.edge(node, element)
    s.watch(_argument(data, 9, "key"), calls.call, _with(data, element))
    s.edge(element, data.target)


def _sorted(s: Solver, data: Call) -> None:
    inner = s.grow(1)
    _keyed(s, Call(data.site, data.arguments[:1], data.keywords, (), (), inner))
    s.add(data.target, s.box("list", inner))


def _iter(s: Solver, data: Call) -> None:
    if len(data.arguments) == 2:
        element = s.grow(1)
        s.watch(data.arguments[0], calls.call, _with(data, target=element))
        s.add(data.target, s.box("generator", element))
        return
    s.watch(_argument(data, 0), _iterator, data)


def _iterator(s: Solver, value: Value, data: Call) -> None:
    if isinstance(value, Instance):
        for name in ("__iter__", "__aiter__"):
            if calls.special(s, value, name, _with(data, target=data.target)):
                return
        s.add(data.target, value)
    else:
        s.add(data.target, value)


def _next(s: Solver, data: Call) -> None:
    s.watch(_argument(data, 0), _next_of, data)
    s.edge(_argument(data, 1), data.target)


def _next_of(s: Solver, value: Value, data: Call) -> None:
    if not isinstance(value, Instance):
        containers.each(s, value, data.target)


def _passing(s: Solver, data: Call) -> None:
    """reversed: the same elements, any order."""
    inner = s.grow(1)
    s.watch(_argument(data, 0), containers.all_of, inner)
    s.add(data.target, s.box("generator", inner))


def _consuming(s: Solver, data: Call) -> None:
    """sum, any, all: the iterable is gone through."""
    _elements(s, _argument(data, 0), s.grow(1), data.site)


def _enumerate(s: Solver, data: Call) -> None:
    pair = s.box("tuple")
    s.add(containers.cell(s, pair, 0), s.typed("int"))
    _elements(s, _argument(data, 0), containers.cell(s, pair, 1), data.site)
    s.add(data.target, s.box("generator", s.constant(pair)))


def _zip(s: Solver, data: Call) -> None:
    row = s.box("tuple")
    for index, iterable in enumerate(data.arguments):
        _elements(s, iterable, containers.cell(s, row, index), data.site)
    s.add(data.target, s.box("generator", s.constant(row)))


def _super(s: Solver, data: Call) -> None:
    if data.arguments:
        if len(data.arguments) > 1:
            s.watch(data.arguments[0], _super_class, (data.arguments[1], data.target))
        return
    body = data.site.body
    if body.cls is not None:
        s.watch(body.receiver, _super_of, (body.cls, data.target))


def _super_class(s: Solver, value: Value, data: tuple[int, int]) -> None:
    if isinstance(value, Class):
        s.watch(data[0], _super_of, (value, data[1]))


def _super_of(s: Solver, value: Value, data: tuple[Class, int]) -> None:
    cls, target = data
    if isinstance(value, (Instance, Class)):
        s.add(target, s.memo.setdefault((cls, value, "super"), Super(cls, value)))


def _type(s: Solver, data: Call) -> None:
    if len(data.arguments) == 1:
        s.watch(data.arguments[0], _type_of, data.target)


def _type_of(s: Solver, value: Value, target: int) -> None:
    if isinstance(value, Instance):
        s.add(target, value.cls)
    elif type_name(value):
        s.add(target, s.builtin(type_name(value)))
    elif isinstance(value, External) and value.is_result:
        s.add(target, s.external(value.name))


def _getattr(s: Solver, data: Call) -> None:
    if len(data.arguments) >= 2:
        s.watch(data.arguments[1], _getattr_named, data)
    if len(data.arguments) > 2:
        s.edge(data.arguments[2], data.target)


def _getattr_named(s: Solver, value: Value, data: Call) -> None:
    if isinstance(value, Key) and isinstance(value.value, str):
        where = (value.value, data.target, data.site.body, data.site.place)
        s.watch(data.arguments[0], reactions.load, where)


def _setattr(s: Solver, data: Call) -> None:
    if len(data.arguments) == 3:
        s.watch(data.arguments[1], _setattr_named, data)


def _setattr_named(s: Solver, value: Value, data: Call) -> None:
    if isinstance(value, Key) and isinstance(value.value, str):
        where = (value.value, data.arguments[2], data.site.body, data.site.place)
        s.watch(data.arguments[0], reactions.store, where)


def _callable_first(s: Solver, data: Call) -> None:
    s.watch(_argument(data, 0), calls.call, _with(data, *data.arguments[1:], target=data.target))


def _eval(s: Solver, data: Call) -> None:
    s.watch(_argument(data, 0), _evaluate, data)


def _evaluate(s: Solver, value: Value, data: Call) -> None:
    if isinstance(value, Key) and isinstance(value.value, str):
        s.evaluated.append((data.site, value.value, data.target))


def _property(s: Solver, data: Call) -> None:
    """`x = property(get, set)` in a class body: the functions take the roles that a decorator would give."""
    for index, name, kind in ((0, "fget", "property"), (1, "fset", "setter"), (2, "fdel", "setter")):
        s.watch(_argument(data, index, name), _role, (kind, data.target))


def _static(s: Solver, data: Call) -> None:
    s.watch(_argument(data, 0), _role, ("static", data.target))


def _class_method(s: Solver, data: Call) -> None:
    s.watch(_argument(data, 0), _role, ("class-method", data.target))


def _role(s: Solver, value: Value, data: tuple[str, int]) -> None:
    kind, target = data
    if isinstance(value, Body):
        s.add(target, s.in_role(value, kind))
    else:
        s.add(target, value)


_MODELS: dict[str, Callable[[Solver, Call], None]] = {
    "map": _map,
    "filter": _filter,
    "sorted": _sorted,
    "min": _keyed,
    "max": _keyed,
    "iter": _iter,
    "aiter": _iter,
    "next": _next,
    "anext": _next,
    "reversed": _passing,
    "enumerate": _enumerate,
    "zip": _zip,
    "sum": _consuming,
    "any": _consuming,
    "all": _consuming,
    "list": _collect("list"),
    "tuple": _collect("tuple"),
    "set": _collect("set"),
    "frozenset": _collect("set"),
    "dict": _dict,
    "super": _super,
    "type": _type,
    "getattr": _getattr,
    "setattr": _setattr,
    "eval": _eval,
    "exec": _eval,
    "property": _property,
    "staticmethod": _static,
    "classmethod": _class_method,
}


def _partial(s: Solver, data: Call) -> None:
    if data.arguments:
        s.add(data.target, Partial(data.arguments[0], data.arguments[1:], data.keywords))


def _chain(s: Solver, data: Call) -> None:
    made = s.box("generator")
    for iterable in data.arguments:
        _elements(s, iterable, containers.any_cell(s, made), data.site)
    s.add(data.target, made)


def _thread(s: Solver, data: Call) -> None:
    s.watch(_argument(data, 9, "target"), calls.call, _with(data))


def _identity(s: Solver, data: Call) -> None:
    s.edge(_argument(data, 0), data.target)


def _submit(s: Solver, data: Call) -> None:
    _callable_first(s, data)


def _defaultdict(s: Solver, data: Call) -> None:
    made = s.box("dict")
    s.add(data.target, made)
    s.watch(_argument(data, 0), calls.call, _with(data, target=containers.any_cell(s, made)))


PARTIALS = frozenset({"functools.partial", "functools.partialmethod"})

EXTERNAL: dict[str, Callable[[Solver, Call], None]] = {
    "functools.partial": _partial,
    "functools.partialmethod": _partial,
    "functools.reduce": _reduce,
    "functools.wraps": lambda s, data: None,
    "functools.update_wrapper": _identity,
    "functools.lru_cache": _identity,
    "functools.cache": _identity,
    "functools.singledispatch": _identity,
    "contextlib.contextmanager": _identity,
    "itertools.chain": _chain,
    "itertools.starmap": _map,
    "copy.copy": _identity,
    "copy.deepcopy": _identity,
    "typing.cast": lambda s, data: s.edge(_argument(data, 1), data.target),
    "threading.Thread": _thread,
    "multiprocessing.Process": _thread,
    "asyncio.run": _identity,
    "collections.OrderedDict": _dict,
    "collections.deque": _collect("list"),
    "collections.defaultdict": _defaultdict,
    "atexit.register": _callable_first,
}
"""functions of the standard library that call, keep or pass on what they are given"""


def method(s: Solver, value: Value, name: str, data: Call) -> None:
    """Model a method of a value of a built-in type."""
    if isinstance(value, Builtin):
        kind = value.name
    else:
        kind = type_name(value)
    if not kind:
        return
    if kind == "generator":
        data.site.is_reached = True
        if name in ("__next__", "send"):
            containers.each(s, value, data.target)
        return
    if isinstance(value, Builtin) and kind not in METHODS_OF:
        return
    calls.record(s, data.site, f"<builtin>.{kind}.{name}", False)
    link = (value, name, data.target)
    if link in data.site.linked:
        return
    data.site.linked.add(link)
    if isinstance(value, Box):
        _box_method(s, value, name, data)
    elif kind == "str":
        _text_method(s, name, data)


_TEXT_LISTS = frozenset({"split", "rsplit", "splitlines", "partition", "rpartition"})
_TEXT_OTHERS = {
    "encode": "bytes",
    "find": "int",
    "index": "int",
    "count": "int",
    "rfind": "int",
    "rindex": "int",
}


def _text_method(s: Solver, name: str, data: Call) -> None:
    if name in _TEXT_LISTS:
        s.add(data.target, s.box("list", s.constant(s.typed("str"))))
    elif name in _TEXT_OTHERS:
        s.add(data.target, s.typed(_TEXT_OTHERS[name]))
    elif not name.startswith(("is", "starts", "ends")):
        s.add(data.target, s.typed("str"))
    if name == "join":
        _elements(s, _argument(data, 0), s.grow(1), data.site)


def _box_method(s: Solver, value: Box, name: str, data: Call) -> None:
    model = _BOX_METHODS.get(name)
    if model:
        model(s, value, data)


def _append(s: Solver, value: Box, data: Call) -> None:
    s.edge(_argument(data, 0), containers.any_cell(s, value))


def _insert(s: Solver, value: Box, data: Call) -> None:
    s.edge(_argument(data, 1), containers.any_cell(s, value))


def _extend_with(s: Solver, value: Box, data: Call) -> None:
    _elements(s, _argument(data, 0), containers.any_cell(s, value), data.site)


def _update(s: Solver, value: Box, data: Call) -> None:
    if value.kind != "dict":
        _extend_with(s, value, data)
        return
    for node in (*data.arguments, *data.doubled):
        s.watch(node, _copy_box, value)
    for name, node in data.keywords:
        s.edge(node, containers.cell(s, value, name))


def _take(s: Solver, value: Box, data: Call) -> None:
    """pop, get, setdefault: what is under the key, or the default."""
    if value.kind == "dict" and data.arguments:
        s.watch(data.arguments[0], _take_key, (value, data.target))
        s.edge(_argument(data, 1), data.target)
    elif data.arguments and value.kind == "list":
        s.watch(data.arguments[0], _take_key, (value, data.target))
    else:
        containers.read(s, value, None, data.target)


def _take_key(s: Solver, key: Value, data: tuple[Box, int]) -> None:
    containers.item(s, data[0], (key, data[1]))


def _setdefault(s: Solver, value: Box, data: Call) -> None:
    _take(s, value, data)
    if len(data.arguments) > 1:
        s.watch(data.arguments[0], _put_key, (value, data.arguments[1]))


def _put_key(s: Solver, key: Value, data: tuple[Box, int]) -> None:
    containers.put(s, data[0], (key, data[1]))


def _items(s: Solver, value: Box, data: Call) -> None:
    pair = s.box("tuple")
    s.edge(containers.keys_of(s, value), containers.cell(s, pair, 0))
    containers.read(s, value, None, containers.cell(s, pair, 1))
    s.add(data.target, s.box("list", s.constant(pair)))


def _values(s: Solver, value: Box, data: Call) -> None:
    inner = s.grow(1)
    containers.read(s, value, None, inner)
    s.add(data.target, s.box("list", inner))


def _keys(s: Solver, value: Box, data: Call) -> None:
    inner = s.grow(1)
    containers.each(s, value, inner)
    s.add(data.target, s.box("list", inner))


def _copied(s: Solver, value: Box, data: Call) -> None:
    s.add(data.target, value)


def _sort(s: Solver, value: Box, data: Call) -> None:
    element = s.grow(1)
    containers.read(s, value, None, element)
    s.watch(_argument(data, 0, "key"), calls.call, _with(data, element))


_BOX_METHODS: dict[str, Callable[[Solver, Box, Call], None]] = {
    "append": _append,
    "appendleft": _append,
    "add": _append,
    "insert": _insert,
    "extend": _extend_with,
    "update": _update,
    "pop": _take,
    "popleft": _take,
    "popitem": _items,
    "get": _take,
    "setdefault": _setdefault,
    "items": _items,
    "values": _values,
    "keys": _keys,
    "copy": _copied,
    "union": _copied,
    "sort": _sort,
}
