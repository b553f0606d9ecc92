"""Replays a trace log into what each event changed, with objects by number instead of snapshots."""

from __future__ import annotations

from array import array
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Iterable, Iterator
from operator import is_
from typing import Any

from codeassist.records.deltas import BIND, FORGET, GLOBAL, NEW, SPLICE, UNBIND, Moment, Place, Ref, Stretch
from codeassist.records.trace import ExceptionInfo
from codeassist.records.values import EnumMember, Instance, NamedTuple, Tensor, type_name
from codeassist.tracing.cursor import Cursor
from codeassist.tracing.index import Index
from codeassist.tracing.log import Log
from codeassist.tracing.replay import Frame, Happening, Machine, Store

_MAPPINGS = frozenset((dict, Counter, OrderedDict, defaultdict))
_SETS = frozenset((set, frozenset))
_ITEMS = frozenset((list, tuple, deque, array, bytearray))
_PARTS = _MAPPINGS | _SETS | _ITEMS | {Instance, NamedTuple, EnumMember, Tensor}
_ENTERING = ("call", "resume")


def places(log: Log) -> list[Place]:
    """The statements of a log, by the numbers that moments name."""
    return [
        Place(site.kind, site.function, site.line, site.column, _first(site.info.get("first")))
        for site in log.sites
    ]


def _first(told: Any) -> int:
    return told if type(told) is int else -1


def stretches(log: Log, index: Index, length: int) -> Iterator[Stretch]:
    """The whole run, cut into stretches of at least `length` events, each replayable by itself."""
    cursor = Cursor(log, index.keyframes)
    teller = Teller(cursor.machine)
    current, moments = Stretch(0, {0: []}, 0), list[Moment]()
    current.moments = moments
    end = len(index.kinds)
    for happening in cursor.walk(index.place(end)):
        kind = type(happening)
        if kind is Happening:
            count = len(moments)
            if count >= length and count >= teller.size():
                yield current
                current, moments = teller.stretch(current.start + count, happening), []
                current.moments = moments
            moments.append(teller.moment(happening))
        elif kind is Store and moments:
            moments[-1].operations += teller.store(happening)
    yield current


class Teller:
    """Knows what a viewer has been told of a machine's objects, and tells the difference."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self._numbers: dict[int, tuple[int, Any]] = {}
        """id of a live object -> its number, and the object itself so that the id stays its own"""
        self._told: dict[int, list[Any]] = {}
        """number -> the content that was told, as live parts"""

    def size(self) -> int:
        """Objects that are known to the viewer: what beginning anew costs at most."""
        return len(self._told)

    # -- moments --------------------------------------------------------------------------

    def moment(self, happening: Happening) -> Moment:
        """An event as it begins, with the values that came with it."""
        frame = happening.frame
        made = Moment(happening.kind, happening.site, frame.id, frame.thread)
        if happening.kind == "call":
            made.operations = list(self._entered(frame))
        elif isinstance(happening.payload, ExceptionInfo):
            made.value = happening.payload
        elif happening.kind in ("return", "yield"):
            made.operations = list(self._new([happening.payload]))
            made.value = self._value(happening.payload)
        if happening.kind in ("return", "unwind") and frame.cells:
            made.operations += self._handed_on(frame)
        return made

    def _entered(self, frame: Frame) -> Iterator[tuple[Any, ...]]:
        for name, value in self.machine.variables(frame).items():
            if not self._is_elsewhere(frame, name):
                yield from self._bound(frame, name, value)

    def _bound(self, frame: Frame, name: str, value: Any) -> Iterator[tuple[Any, ...]]:
        yield from self._new([value])
        if self._is_module(frame):
            yield GLOBAL, frame.module, name, self._value(value)
        else:
            yield BIND, frame.id, name, self._value(value)

    def _is_module(self, frame: Frame) -> bool:
        return self.machine.globals.get(frame.module) is frame.variables

    def _is_elsewhere(self, frame: Frame, name: str) -> bool:
        """A variable of an enclosing function that is still there to show it."""
        return name in frame.cells and self._owner(frame.cells[name]) is not frame

    def _owner(self, cell: int) -> Frame | None:
        """The activation that a shared variable belongs to: of those that are left, the first to know it."""
        sharing = (frame for frame in self.machine.frames.values() if cell in frame.cells.values())
        return min(sharing, key=lambda frame: frame.id, default=None)

    def _handed_on(self, gone: Frame) -> Iterator[tuple[Any, ...]]:
        """Variables of an activation that ends live on in the first of the closures that share them."""
        for cell in gone.cells.values():
            owner = self._owner(cell)
            held = self.machine.cells[cell]
            if owner is not None and owner.id > gone.id and held.bound:
                name = next(name for name, own in owner.cells.items() if own == cell)
                yield from self._bound(owner, name, held.value)

    # -- stores ---------------------------------------------------------------------------

    def store(self, store: Store) -> Iterator[tuple[Any, ...]]:
        """What a store of the log changed."""
        if store.name:
            yield from self._variable(store)
        elif store.object is not None:
            known = self._numbers.get(id(store.object))
            if known is not None and known[0] in self._told:
                yield from self._changed(known[0], store)

    def _variable(self, store: Store) -> Iterator[tuple[Any, ...]]:
        frame, name = store.frame, store.name
        if store.kind == "global":
            module = frame.module if frame is not None else ""
            if name in self.machine.globals.get(module, {}):
                yield from self._new([store.value])
                yield GLOBAL, module, name, self._value(store.value)
            else:
                yield FORGET, module, name
        elif frame is not None:
            holder = self._owner(frame.cells[name]) if name in frame.cells else frame
            yield from self._rebound(holder or frame, name, store)

    def _rebound(self, holder: Frame, name: str, store: Store) -> Iterator[tuple[Any, ...]]:
        if store.kind == "bind":
            yield from self._bound(holder, name, store.value)
        elif self._is_module(holder):
            yield FORGET, holder.module, name
        else:
            yield UNBIND, holder.id, name

    def _changed(self, number: int, store: Store) -> Iterator[tuple[Any, ...]]:
        held, told = store.object, self._told[number]
        start, removed, items = _difference(held, told, store)
        if removed or items:
            yield from self._new(items)
            told[start : start + removed] = items
            yield SPLICE, number, start, removed, [self._value(item) for item in items]

    # -- objects --------------------------------------------------------------------------

    def _value(self, value: Any) -> Any:
        return Ref(self._number(value)) if type(value) in _PARTS else value

    def _number(self, value: Any) -> int:
        known = self._numbers.get(id(value))
        if known is None:
            known = self._numbers[id(value)] = (len(self._numbers), value)
        return known[0]

    def _new(self, values: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
        """Tell every object that these values lead to and that was not told yet, nearest first."""
        work = deque(value for value in values if type(value) in _PARTS)
        while work:
            value = work.popleft()
            number = self._number(value)
            if number in self._told:
                continue
            content = self._told[number] = _content(value)
            yield NEW, number, _kind(value), _class(value), [self._value(part) for part in content]
            work.extend(part for part in content if type(part) in _PARTS)

    def stretch(self, start: int, first: Happening) -> Stretch:
        """The state as it is, told from nothing; `first` is the event that begins the stretch."""
        self._told.clear()
        machine = self.machine
        frames = dict(machine.frames)
        stacks = {thread: [frame.id for frame in stack] for thread, stack in machine.stacks.items()}
        if first.kind in _ENTERING:
            stacks[first.frame.thread] = [n for n in stacks[first.frame.thread] if n != first.frame.id]
        elif first.kind in ("return", "unwind", "yield"):
            stacks[first.frame.thread] = [*stacks[first.frame.thread], first.frame.id]
            frames[first.frame.id] = first.frame
        if first.kind == "call":
            frames.pop(first.frame.id, None)
        opening: list[tuple[Any, ...]] = []
        for module, space in machine.globals.items():
            for name, value in space.items():
                opening += [*self._new([value]), (GLOBAL, module, name, self._value(value))]
        for frame in frames.values():
            if not self._is_module(frame):
                opening += self._entered(frame)
        return Stretch(start, stacks, first.frame.thread, opening)


def _difference(held: Any, told: list[Any], store: Store) -> tuple[int, int, list[Any]]:
    """Where `held` differs from what was told of it: start, length told, items now."""
    kind = type(held)
    if kind in _ITEMS and store.kind == "item" and type(store.key) is int and len(held) == len(told):
        if 0 <= store.key < len(told):
            return store.key, 1, [held[store.key]]
    elif kind is list and store.key in ("append", "pop") and abs(len(held) - len(told)) == 1:
        if len(held) > len(told):
            return len(told), 0, [held[-1]]
        if store.value == 0:
            return len(held), 1, []
    return _compared(_content(held) if kind not in _SETS else _ordered(held, told), told)


def _compared(now: list[Any], told: list[Any]) -> tuple[int, int, list[Any]]:
    """The one stretch in which two lists of parts differ, by identity."""
    shorter = min(len(now), len(told))
    start = next((n for n, same in enumerate(map(is_, now, told)) if not same), shorter)
    tail = next((n for n, same in enumerate(map(is_, reversed(now), reversed(told))) if not same), shorter)
    tail = min(tail, shorter - start)
    return start, len(told) - start - tail, now[start : len(now) - tail]


def _ordered(held: Any, told: list[Any]) -> list[Any]:
    """The members of a set in the order in which they were told, later ones behind."""
    kept = [item for item in told if item in held]
    known = set(kept)
    return kept + [item for item in held if item not in known]


def _content(value: Any) -> list[Any]:
    kind = type(value)
    if kind in _MAPPINGS:
        return [part for pair in value.items() for part in pair]
    if kind is Instance:
        return [part for pair in value.attributes.items() for part in pair]
    if kind is NamedTuple:
        return [part for pair in zip(value.fields, value.items, strict=False) for part in pair]
    if kind is EnumMember:
        return [value.name, value.value]
    if kind is Tensor:
        return [str(value.shape), *(value.elements or ())]
    return list(value)


def _kind(value: Any) -> str:
    """How the content is to be read: items, members, pairs, object, named, enum or tensor."""
    kind = type(value)
    if kind in _ITEMS:
        return "items"
    if kind in _SETS:
        return "members"
    if kind in _MAPPINGS:
        return "pairs"
    return {Instance: "object", NamedTuple: "named", EnumMember: "enum"}.get(kind, "tensor")


def _class(value: Any) -> str:
    return type_name(value)
