"""Replays a trace log entry by entry into live host objects: variables, objects, activations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from codeassist.records.trace import ExceptionInfo
from codeassist.records.values import Instance, Opaque
from codeassist.tracing import log as entries
from codeassist.tracing.decode import MAPPINGS, Objects, damaged, fill
from codeassist.tracing.log import Log, Site


@dataclass(slots=True)
class Cell:
    """A variable that closures share."""

    value: Any = None
    bound: bool = False


@dataclass(slots=True)
class Frame:
    """An activation while it is replayed."""

    id: int
    site: int
    thread: int
    parent: int | None
    depth: int
    variables: dict[str, Any] = field(default_factory=dict)
    cells: dict[str, int] = field(default_factory=dict)
    arguments: dict[str, Any] = field(default_factory=dict)
    event: int = -1
    """index of its latest event"""
    pending: Any = None
    """identity of the exception on its way through"""
    raised_at: int = -1
    """site of the step that raised it"""
    step: int = -1
    """site of its latest step"""
    free: frozenset[str] = frozenset()
    """variables of an enclosing function"""
    module: str = ""
    suspended: bool = False


@dataclass(frozen=True, slots=True)
class Happening:
    """An event as replay meets it; `payload` is the value or what describes the exception."""

    kind: str
    site: int
    frame: Frame
    depth: int
    payload: Any = None


@dataclass(frozen=True, slots=True)
class Store:
    """A change as replay meets it: a variable, or something inside the object numbered `object`."""

    kind: str
    frame: Frame | None
    visible: Callable[[], dict[str, Any]]
    name: str = ""
    object: Any = None
    key: Any = None
    value: Any = None


class Machine:
    """The state of a run at one entry of its log. `take` moves it one entry on."""

    def __init__(self, log: Log) -> None:
        self.log = log
        self.objects = Objects()
        self.cells: dict[int, Cell] = {}
        self.globals: dict[str, dict[str, Any]] = {}
        self.frames: dict[int, Frame] = {}
        self.stacks: dict[int, list[Frame]] = {0: []}
        self.thread = 0
        self.events = 0
        self.result: tuple[int, Any] | None = None

    @property
    def stack(self) -> list[Frame]:
        """The activations of the current thread, outermost first."""
        return self.stacks[self.thread]

    def take(self, entry: Any) -> Any:
        """Replay one entry and say what it was: a Happening, a Store, a tagged tuple or nothing."""
        if type(entry) is int:
            return self._step(entry)
        if type(entry) is not list or not entry or type(entry[0]) is not int:
            raise damaged("an entry has an unknown form")
        handler = _HANDLERS.get(entry[0])
        if handler is None:
            raise damaged("an entry of unknown kind")
        try:
            return handler(self, entry)
        except (IndexError, KeyError, ValueError, TypeError, AttributeError) as error:
            raise damaged(f"an entry does not fit ({type(error).__name__}: {error})") from error

    def site(self, number: Any) -> Site:
        """The row of a site number."""
        if type(number) is not int or not 0 <= number < len(self.log.sites):
            raise damaged("a site number without a row")
        return self.log.sites[number]

    # -- events ---------------------------------------------------------------------------

    def _event(self, kind: str, site: int, frame: Frame, payload: Any = None) -> Happening:
        frame.event = self.events
        self.events += 1
        return Happening(kind, site, frame, len(self.stack), payload)

    def _step(self, site: int) -> Happening | None:
        if not self.stack:
            return None
        self.site(site)
        frame = self.stack[-1]
        frame.step = site
        return self._event("line", site, frame)

    def _enter(self, entry: list[Any]) -> Happening:
        _, number, activation, values, cells = entry
        site = self.site(number)
        names = site.info.get("params", [])
        parent = self.stack[-1] if self.stack else None
        frame = Frame(
            int(activation), number, self.thread, parent.id if parent else None, len(self.stack) + 1
        )
        frame.arguments = dict(zip(map(str, names), self.objects.values(values), strict=False))
        frame.variables = dict(frame.arguments)
        frame.cells = {str(name): int(cell) for name, cell in cells}
        for cell in frame.cells.values():
            self.cells.setdefault(cell, Cell())
        for name in frame.cells:
            frame.variables.pop(name, None)
        frame.free = frozenset(map(str, site.info.get("free", ())))
        self.frames[frame.id] = frame
        self.stack.append(frame)
        return self._event("call", number, frame, frame.arguments)

    def _leave(self, entry: list[Any]) -> Happening | None:
        if not self.stack:
            return None
        value = self.objects.value(entry[1])
        frame = self.stack[-1]
        happening = self._event("return", frame.step if frame.step >= 0 else frame.site, frame, value)
        self._drop(frame)
        return happening

    def _drop(self, frame: Frame) -> None:
        self.stack.pop()
        self.frames.pop(frame.id, None)

    def _yield(self, entry: list[Any]) -> Happening | None:
        if not self.stack:
            return None
        value = self.objects.value(entry[1]) if len(entry) > 1 else Opaque("suspended", "<not seen>")
        frame = self.stack[-1]
        happening = self._event("yield", frame.step if frame.step >= 0 else frame.site, frame, value)
        frame.suspended = True
        self.stack.pop()
        return happening

    def _resume(self, entry: list[Any]) -> Happening | None:
        frame = self.frames.get(entry[1])
        if frame is None:
            return None
        self.stack.append(frame)
        frame.suspended = False
        return self._event("resume", frame.step if frame.step >= 0 else frame.site, frame)

    def _raise(self, entry: list[Any]) -> Happening | None:
        if not self.stack:
            return None
        frame = self.stack[-1]
        if frame.pending == entry[5]:
            return None
        frame.pending = entry[5]
        frame.raised_at = frame.step if frame.step >= 0 else frame.site
        return self._event("raise", frame.raised_at, frame, self._exception(entry, frame))

    def _unwind(self, entry: list[Any]) -> Happening | None:
        if not self.stack:
            return None
        frame = self.stack[-1]
        if frame.raised_at < 0:
            frame.raised_at = frame.step if frame.step >= 0 else frame.site
        info = self._exception(entry, frame) if len(entry) > 1 else ExceptionInfo("")
        happening = self._event("unwind", frame.raised_at, frame, info)
        self._drop(frame)
        return happening

    def _exception(self, entry: list[Any], frame: Frame) -> ExceptionInfo:
        _, cls, message, cause, bases = entry[:5]
        line = self.log.sites[frame.raised_at].line
        return ExceptionInfo(str(cls), str(message), line, str(cause), tuple(map(str, bases)))

    def _caught(self, entry: list[Any]) -> None:
        if self.stack:
            self.stack[-1].pending = None
            self.stack[-1].raised_at = -1

    def _switch(self, entry: list[Any]) -> None:
        self.thread = int(entry[1])
        self.stacks.setdefault(self.thread, [])

    def _output(self, entry: list[Any]) -> tuple[str, Any, Any]:
        return "output", str(entry[1]), self.objects.value(entry[2])

    def _taken(self, entry: list[Any]) -> tuple[str, Any, Any]:
        return "taken", self.site(entry[1]), bool(entry[2])

    # -- variables ------------------------------------------------------------------------

    def _bind(self, entry: list[Any]) -> Store | None:
        if not self.stack:
            return None
        frame, name, value = self.stack[-1], str(entry[1]), self.objects.value(entry[2])
        frame.variables[name] = value
        return Store("bind", frame, self.visible, name, value=value)

    def _unbind(self, entry: list[Any]) -> Store | None:
        if not self.stack:
            return None
        self.stack[-1].variables.pop(str(entry[1]), None)
        return Store("delete", self.stack[-1], self.visible, str(entry[1]))

    def _cell(self, entry: list[Any]) -> Store | None:
        cell = self.cells.setdefault(int(entry[1]), Cell())
        cell.bound = len(entry) > 2
        cell.value = self.objects.value(entry[2]) if cell.bound else None
        if not self.stack:
            return None
        frame = self.stack[-1]
        name = next((n for n, number in frame.cells.items() if number == entry[1]), "")
        return Store("bind" if cell.bound else "delete", frame, self.visible, name, value=cell.value)

    def _global(self, entry: list[Any]) -> Store:
        value = self.objects.value(entry[3])
        self.globals.setdefault(str(entry[1]), {})[str(entry[2])] = value
        frame = self.stack[-1] if self.stack else None
        if frame is not None:
            frame.module = str(entry[1])
        return Store("global", frame, self.visible, str(entry[2]), value=value)

    def variables(self, frame: Frame) -> dict[str, Any]:
        """The bound variables of an activation as live objects."""
        found = dict(frame.variables)
        for name, number in frame.cells.items():
            if self.cells[number].bound:
                found[name] = self.cells[number].value
        return found

    def visible(self) -> dict[str, Any]:
        """The variables that the current activation sees: its own first, then its module's."""
        if not self.stack:
            return {}
        frame = self.stack[-1]
        return {**self.globals.get(frame.module, {}), **self.variables(frame)}

    # -- objects --------------------------------------------------------------------------

    def _new(self, entry: list[Any]) -> None:
        self.objects.introduce(entry[1])

    def _store(self, kind: str, target: Any, key: Any = None, value: Any = None) -> Store:
        return Store(
            kind, self.stack[-1] if self.stack else None, self.visible, object=target, key=key, value=value
        )

    def _splice(self, entry: list[Any]) -> Store:
        target, start, stop = self.objects.table[entry[1]], int(entry[2]), int(entry[3])
        items = self.objects.values(entry[4])
        if type(target) is list:
            target[start:stop] = items
        elif start == len(target):
            target.extend(items)
        elif start == 0 and not items:
            for _ in range(stop):
                target.popleft()
        else:
            whole = list(target)
            whole[start:stop] = items
            fill(target, whole)
        return self._store("content", target)

    def _item(self, entry: list[Any]) -> Store:
        target, value = self.objects.table[entry[1]], self.objects.value(entry[3])
        target[int(entry[2])] = value
        return self._store("item", target, int(entry[2]), value)

    def _set(self, entry: list[Any]) -> Store:
        target, key, value = (
            self.objects.table[entry[1]],
            self.objects.value(entry[2]),
            self.objects.value(entry[3]),
        )
        if type(target) is Instance:
            target.attributes[key] = value
            return self._store("attribute", target, key, value)
        if type(target) not in MAPPINGS:
            raise damaged("a key stored in something without keys")
        target[key] = value
        return self._store("item", target, key, value)

    def _delete(self, entry: list[Any]) -> Store:
        target, key = self.objects.table[entry[1]], self.objects.value(entry[2])
        (target.attributes if type(target) is Instance else target).pop(key, None)
        return self._store("delete", target, key)

    def _fill(self, entry: list[Any]) -> Store:
        target = self.objects.table[entry[1]]
        fill(target, self.objects.values(entry[2]))
        return self._store("content", target)

    def _add(self, entry: list[Any]) -> Store:
        target = self.objects.table[entry[1]]
        target.update(self.objects.values(entry[2]))
        return self._store("content", target)

    def _discard(self, entry: list[Any]) -> Store:
        target = self.objects.table[entry[1]]
        target.difference_update(self.objects.values(entry[2]))
        return self._store("content", target)


_HANDLERS: dict[int, Callable[[Machine, list[Any]], Any]] = {
    entries.NEW: Machine._new,
    entries.BIND: Machine._bind,
    entries.UNBIND: Machine._unbind,
    entries.CELL: Machine._cell,
    entries.CELL_EMPTY: Machine._cell,
    entries.SPLICE: Machine._splice,
    entries.SET: Machine._set,
    entries.ITEM: Machine._item,
    entries.DELETE: Machine._delete,
    entries.FILL: Machine._fill,
    entries.ADD: Machine._add,
    entries.DISCARD: Machine._discard,
    entries.ENTER: Machine._enter,
    entries.RETURN: Machine._leave,
    entries.YIELD: Machine._yield,
    entries.RESUME: Machine._resume,
    entries.RAISE: Machine._raise,
    entries.UNWIND: Machine._unwind,
    entries.THREAD: Machine._switch,
    entries.OUTPUT: Machine._output,
    entries.SUSPEND: Machine._yield,
    entries.LOST: Machine._unwind,
    entries.TAKEN: Machine._taken,
    entries.CAUGHT: Machine._caught,
    entries.GLOBAL: Machine._global,
}
