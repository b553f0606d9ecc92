"""What a node can hold while the call graph is solved: abstract values, compared by identity."""

from __future__ import annotations

from typing import Any


class Value:
    """The root of all values."""

    __slots__ = ()


class Body(Value):
    """A function, lambda or module body; a function is also a value."""

    __slots__ = (
        "absent",
        "cls",
        "fields",
        "is_generator",
        "kind",
        "line",
        "name",
        "named",
        "positional",
        "qualname",
        "receiver",
        "rest",
        "rest_named",
        "returns",
        "through",
        "unit",
        "yields",
    )

    def __init__(self, name: str, qualname: str, kind: str, unit: Any, line: int) -> None:
        self.name = name
        self.qualname = qualname
        self.kind = kind
        self.unit = unit
        self.line = line
        self.positional: list[int] = []
        self.named: dict[str, int] = {}
        self.rest: Box | None = None
        self.rest_named: Box | None = None
        self.returns = -1
        self.through: dict[int, int] = {}
        self.absent: tuple[tuple[int, int], ...] = ()
        self.yields = -1
        self.is_generator = False
        self.cls: Class | None = None
        self.receiver = -1
        self.fields: dict[str, int] | None = None


class Class(Value):
    """A class of the target; `attributes` maps names to the nodes of its body."""

    __slots__ = (
        "attributes",
        "bases",
        "fields",
        "instance",
        "line",
        "metaclasses",
        "methods",
        "mro",
        "name",
        "qualname",
        "subclasses",
        "unit",
    )

    def __init__(self, name: str, qualname: str, unit: Any, attributes: dict[str, int], line: int) -> None:
        self.name = name
        self.qualname = qualname
        self.methods: list[Body] = []
        self.unit = unit
        self.attributes = attributes
        self.line = line
        self.bases: list[list[Value]] = []
        self.metaclasses: list[Class] = []
        self.subclasses: list[Class] = []
        self.mro: list[Value] | None = None
        self.fields: dict[tuple[str, bool], int] = {}
        self.instance = Instance(self)


class Instance(Value):
    """Any object of a class."""

    __slots__ = ("cls",)

    def __init__(self, cls: Class) -> None:
        self.cls = cls


class Bound(Value):
    """A function with its first argument."""

    __slots__ = ("function", "receiver")

    def __init__(self, function: Body, receiver: Value) -> None:
        self.function = function
        self.receiver = receiver


class ModuleValue(Value):
    """A module of the target."""

    __slots__ = ("unit",)

    def __init__(self, unit: Any) -> None:
        self.unit = unit


class External(Value):
    """Something from outside the target, by its dotted import path."""

    __slots__ = ("is_result", "name")

    def __init__(self, name: str, is_result: bool) -> None:
        self.name = name
        self.is_result = is_result


class Builtin(Value):
    """A built-in function or class."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


class Key(Value):
    """A constant string or number."""

    __slots__ = ("value",)

    def __init__(self, value: str | int) -> None:
        self.value = value


class Typed(Value):
    """Some object of a built-in type."""

    __slots__ = ("type",)

    def __init__(self, type_name: str) -> None:
        self.type = type_name


class Box(Value):
    """A container: what it holds by constant key, and under any other key."""

    __slots__ = ("any", "fields", "keys", "kind", "readers")

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.fields: dict[str | int, int] = {}
        self.any = -1
        self.keys = -1
        self.readers: dict[tuple[Any, int], None] = {}


class Generator(Value):
    """What calling a generator function gives."""

    __slots__ = ("function",)

    def __init__(self, function: Body) -> None:
        self.function = function


class Super(Value):
    """`super()` of a class, for one receiver."""

    __slots__ = ("cls", "receiver")

    def __init__(self, cls: Class, receiver: Value) -> None:
        self.cls = cls
        self.receiver = receiver


class Partial(Value):
    """A callable whose first arguments are already given, as `functools.partial` makes it."""

    __slots__ = ("arguments", "keywords", "node")

    def __init__(self, node: int, arguments: tuple[int, ...], keywords: tuple[tuple[str, int], ...]) -> None:
        self.node = node
        self.arguments = arguments
        self.keywords = keywords


class BuiltinMethod(Value):
    """A method of a built-in type with its receiver, such as `xs.append`."""

    __slots__ = ("name", "receiver")

    def __init__(self, receiver: Value, name: str) -> None:
        self.receiver = receiver
        self.name = name


TYPE_OF_BOX = {"generator": "generator"}


def type_name(value: Value) -> str:
    """The built-in type of a value, empty for all others."""
    if isinstance(value, Key):
        return type(value.value).__name__
    if isinstance(value, Box):
        return value.kind
    if isinstance(value, Generator):
        return "generator"
    return value.type if isinstance(value, Typed) else ""
