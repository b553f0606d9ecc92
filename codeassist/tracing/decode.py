"""Encoded values of the trace log -> recorded values. The bytes are hostile: everything is checked."""

from __future__ import annotations

from array import array
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from codeassist.records.errors import TraceError
from codeassist.records.values import EnumMember, Instance, NamedTuple, Opaque, Tensor

MUTABLE = (list, dict, set, deque, defaultdict, Counter, OrderedDict, bytearray, array, Instance, Tensor)
MAPPINGS = (dict, defaultdict, Counter, OrderedDict)
_FACTORIES: dict[str, Any] = {t.__name__: t for t in (list, dict, set, int, str, float, tuple, bool, deque)}
_MAX_BITS = 1 << 26
REFERENCE = 0x5CA1AB1E << 32
CONSTANTS = {REFERENCE + 0xFFFFFFFF: None, REFERENCE + 0xFFFFFFFE: True, REFERENCE + 0xFFFFFFFD: False}


SHAPES: dict[int, Any] = {0: list, 2: dict, 3: set, 4: deque}
TUPLE = 1


def damaged(what: str) -> TraceError:
    """The one error for bytes that are no trace log."""
    return TraceError(f"this is not a usable trace log: {what}", slug="damaged-trace")


class Objects:
    """The objects of a run by number, as live host objects that keep the run's aliasing."""

    def __init__(self) -> None:
        self.table: dict[int, Any] = {}
        self.by_identity: dict[int, int] = {}
        """the program's identity of an object -> its number"""
        self.opaques: dict[int, Opaque] = {}
        self.tuples: dict[int, tuple[Any, ...]] = {}
        self.computed: dict[int, tuple[str, ...]] = {}
        """instances whose class computes some attributes: stores to those are not their own"""
        self.fresh: set[int] = set()
        """objects told since the last other entry: a store that follows is already in their content"""
        self.classes: dict[int, tuple[str, tuple[str, ...]]] = {}
        """shape -> class and the names that it computes, for instances told among the numbers"""

    def value(self, told: Any) -> Any:
        """The recorded value that an encoding stands for."""
        if type(told) is not list:
            return self._special(told) if type(told) is int and told >= REFERENCE else told
        if told and type(told[0]) is str and told[0] in _TAGS:
            try:
                return _TAGS[told[0]](self, told)
            except (IndexError, TypeError, ValueError, ArithmeticError) as error:
                raise damaged(f"a value does not decode ({type(error).__name__})") from error
        raise damaged("a value has an unknown form")

    def values(self, told: Any) -> list[Any]:
        """A list of encoded values."""
        if type(told) is not list:
            raise damaged("a list of values is missing")
        return list(map(self.value, told))

    def _special(self, number: int) -> Any:
        """What a number from REFERENCE on stands for; a true number of that size is itself."""
        if number in CONSTANTS:
            return CONSTANTS[number]
        return self.table.get(number - REFERENCE, number)

    def introduce(self, items: Any) -> None:
        """Create the objects of one NEW entry: shells first, then what cannot change, then contents."""
        try:
            rows = {row[0]: row for row in items}
            for number, row in rows.items():
                if type(number) is not int:
                    raise damaged("an object without a number")
                self.fresh.add(number)
                self.by_identity[row[1]] = number
                if row[2] in _SHELLS:
                    self.table[number] = _SHELLS[row[2]](row)
            self._build_frozen({n: row for n, row in rows.items() if row[2] not in _SHELLS})
            for number, row in rows.items():
                if row[2] in _SHELLS:
                    fill(self.table[number], self.values(row[3]))
                if row[2] == "instance" and len(row) > 5:
                    self.computed[number] = tuple(map(str, row[5]))
        except (IndexError, TypeError, KeyError, ValueError, AttributeError, OverflowError) as error:
            raise damaged(f"an object does not decode ({type(error).__name__})") from error

    def _build_frozen(self, rows: dict[int, Any]) -> None:
        """Build tuples and their like, inner ones first."""
        work = list(rows)
        waiting: set[int] = set()
        while work:
            number = work[-1]
            if number in self.table and number not in waiting and number not in rows:
                work.pop()
                continue
            row = rows.get(number)
            if row is None:
                work.pop()
                continue
            missing = [n for n in _references(row[3]) if n in rows and n != number]
            if missing and number not in waiting:
                waiting.add(number)
                work += missing
                continue
            self.table[number] = _frozen(row, self.values(row[3]))
            del rows[number]
            work.pop()

    def flat(self, number: int, identity: int, shape: int, items: list[Any]) -> None:
        """A container of atoms and known objects, told among the other numbers."""
        if shape == TUPLE:
            self.table[number] = self.tuple(["t", identity, items])
            return
        held = self._shell(number, shape)
        fill(held, self.values(items))
        self.table[number] = held
        self.by_identity[identity] = number
        self.fresh.add(number)

    def _shell(self, number: int, shape: int) -> Any:
        """An empty container of a shape; an instance of a class that was told."""
        if shape in SHAPES:
            return SHAPES[shape]()
        if shape not in self.classes:
            raise damaged("an object of unknown kind")
        name, computed = self.classes[shape]
        if computed:
            self.computed[number] = computed
        return Instance(name)

    def tuple(self, told: list[Any]) -> Any:
        """A tuple told in place: the one known under its identity when it is the same."""
        made = tuple(self.values(told[2]))
        known = self.tuples.get(told[1])
        if known is not None and len(known) == len(made) and all(map(_same, known, made)):
            return known
        self.tuples[told[1]] = made
        return made

    def opaque(self, told: list[Any]) -> Opaque:
        """One record for each identity, so that aliases stay aliases."""
        key = told[3]
        known = self.opaques.get(key)
        if known is None or known.cls != told[1] or known.text != told[2]:
            known = self.opaques[key] = Opaque(str(told[1]), str(told[2]))
        return known


def _same(a: Any, b: Any) -> bool:
    return a is b or type(a) is type(b) and type(a) in (int, str, float, bool) and a == b


def _references(told: Iterable[Any]) -> Iterator[int]:
    for item in told:
        if type(item) is int and item >= REFERENCE:
            yield item - REFERENCE
        elif type(item) is list and item and item[0] in ("T", "l", "t"):
            yield from _references(item[1] if item[0] == "T" else item[2] if item[0] == "t" else item[1:])


def _int(_: Objects, told: list[Any]) -> int:
    if len(told[1]) > _MAX_BITS // 4:
        raise damaged("a number is too large")
    return int(told[1], 16)


def _slice(objects: Objects, told: list[Any]) -> slice:
    start, stop, step = objects.values(told[1:4])
    return slice(start, stop, step)


def _range(objects: Objects, told: list[Any]) -> range:
    return range(*objects.values(told[1:4]))


def _decimal(_: Objects, told: list[Any]) -> Decimal:
    try:
        return Decimal(told[1])
    except InvalidOperation:
        raise damaged("a decimal does not decode") from None


_TAGS: dict[str, Callable[[Objects, list[Any]], Any]] = {
    "i": _int,
    "u": lambda _, t: "".join(map(chr, t[1])),
    "c": lambda _, t: complex(t[1], t[2]),
    "b": lambda _, t: t[1].encode("latin-1"),
    "r": _range,
    "l": _slice,
    "F": lambda o, t: Fraction(*o.values(t[1:3])),
    "D": _decimal,
    "e": lambda _, t: Ellipsis,
    "o": lambda o, t: o.opaque(t),
    "T": lambda o, t: o.values(t[1]),
    "t": lambda o, t: o.tuple(t),
}


def _default_dict(row: list[Any]) -> Any:
    return defaultdict(_FACTORIES.get(row[4]) if isinstance(row[4], str) else None)


_SHELLS: dict[str, Callable[[list[Any]], Any]] = {
    "list": lambda row: [],
    "dict": lambda row: {},
    "set": lambda row: set(),
    "deque": lambda row: deque(maxlen=row[4]),
    "defaultdict": _default_dict,
    "Counter": lambda row: Counter(),
    "OrderedDict": lambda row: OrderedDict(),
    "bytearray": lambda row: bytearray(),
    "array": lambda row: array(str(row[4])),
    "instance": lambda row: Instance(str(row[4])),
    "tensor": lambda row: Tensor(str(row[4]), (), "", "", None),
}


def _frozen(row: list[Any], items: list[Any]) -> Any:
    kind = row[2]
    if kind == "tuple":
        return tuple(items)
    if kind == "frozenset":
        return frozenset(items)
    if kind == "namedtuple":
        return NamedTuple(str(row[4]), tuple(map(str, row[5])), tuple(items))
    if kind == "enum":
        return EnumMember(str(row[4]), str(row[5]), items[0])
    raise damaged("an object of unknown kind")


def fill(target: Any, items: list[Any]) -> None:
    """Give a mutable object its whole content (keys and values alternate in mappings)."""
    kind = type(target)
    if kind is list:
        target[:] = items
    elif kind in MAPPINGS:
        target.clear()
        for key, value in zip(items[::2], items[1::2], strict=True):
            target[key] = value
    elif kind is Instance:
        target.attributes = dict(zip(items[::2], items[1::2], strict=True))
    elif kind is bytearray:
        target[:] = items[0].encode("latin-1")
    elif kind is array:
        target[:] = array(target.typecode, items)
    elif kind is Tensor:
        _fill_tensor(target, items)
    else:
        target.clear()
        getattr(target, "extend" if kind is deque else "update")(items)


def _fill_tensor(target: Tensor, items: list[Any]) -> None:
    shape = [int(part) for part in items[0].strip("[]").split(",") if part.strip()]
    target.shape, target.dtype, target.digest = tuple(shape), items[1], items[2]
    target.elements = tuple(map(_number, items[3:])) if len(items) > 3 or 0 in shape else None


def _number(text: str) -> Any:
    for read in (int, float, complex):
        try:
            return read(text)
        except ValueError:
            continue
    return {"True": True, "False": False}.get(text, text)


def document(told: Any) -> Any:
    """The value of a document (`{"objects": [...], "value": ...}`), such as an outcome's result."""
    if not isinstance(told, dict) or not isinstance(told.get("objects"), list):
        raise damaged("a result is missing")
    objects = Objects()
    objects.introduce(told["objects"])
    return objects.value(told.get("value"))
