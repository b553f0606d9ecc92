"""Replays a trace log entry by entry into live host objects: variables, objects, activations."""

from __future__ import annotations

from collections import deque
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
    late: bool = False
    """a return is followed by other code: the leave mark says when it is gone"""
    leaving: tuple[str, Any] | None = None
    delegating: bool = False
    through: list[Any] = field(default_factory=list)
    """the activations that pass its values on by `yield from`, innermost first"""
    function: Any = None


@dataclass(slots=True)
class Happening:
    """An event as replay meets it; `payload` is the value or what describes the exception."""

    kind: str
    site: int
    frame: Frame
    depth: int
    payload: Any = None


@dataclass(slots=True)
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
        self.stack: list[Frame] = []
        """the activations of the current thread, outermost first"""
        self.stacks: dict[int, list[Frame]] = {0: self.stack}
        self.thread = 0
        self.events = 0
        self.count = 0
        self.unknown = False
        """the exception is in an activation that could not be told: the stack was too deep"""
        self.numbered: dict[int, Frame] = {}
        self.before: list[Happening] = []
        """events that the entry taken last told besides its own, in order and before it"""
        self.mistrust = ""
        """an object that is not as the log said: its history was not told whole"""

    def take(self, entry: Any) -> Any:
        """Replay one entry and say what it was: a Happening, a Store, a tagged tuple or nothing."""
        if self.before:
            self.before = []
        if type(entry) is int and entry >= 0:
            return self._step(entry)
        if type(entry) is not list or not entry or type(entry[0]) is not int:
            raise damaged("an entry has an unknown form")
        number = entry[0]
        try:
            if number >= 0:
                return self._logged(entry)
            handler = _HANDLERS.get(number)
            if handler is None:
                raise damaged("an entry of unknown kind")
            happening = handler(self, entry)
            if number not in _TELLING:
                self.objects.fresh.clear()
            return happening
        except (IndexError, KeyError, ValueError, TypeError, AttributeError, OverflowError) as error:
            raise damaged(f"an entry does not fit ({type(error).__name__}: {error})") from error

    def _logged(self, entry: list[Any]) -> Any:
        """An entry of values: its site's row says how to read it."""
        site = self.site(entry[0])
        if site.op:
            handler = LOGGED.get(site.op)
            if handler is None:
                raise damaged("a site row of unknown operation")
            happening = handler(self, site, entry)
        elif site.kind == "enter":
            happening = self._started(site, entry)
        else:
            raise damaged("values at a site that takes none")
        self.objects.fresh.clear()
        return happening

    def _started(self, site: Site, entry: list[Any]) -> Any:
        """A function starts: a generator's number, its parameters, its cells."""
        values, info = entry[1:], site.info
        name = values.pop(0) if info.get("generator") else -1
        names = info.get("cells", ())
        count = len(values) - len(names)
        cells = list(zip(names, values[count:], strict=True))
        return self._enter([entries.ENTER, entry[0], name, values[:count], cells])

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

    def turn(self, number: int) -> Any:
        """A loop over a range is asked for its next item, unless this is its first turn: that was a step."""
        if not self.stack:
            return None
        return self._step(number) if self.turns(self.site(number), number) else None

    def turns(self, site: Site, number: int) -> bool:
        """Whether the current activation, which is that of `site`, stands elsewhere than at this header."""
        self.settle(site)
        return self.stack[-1].step != number

    def _step(self, number: int) -> Any:
        try:
            site = self.log.sites[number]
        except IndexError:
            raise damaged("a site number without a row") from None
        if site.op or site.kind == "enter":
            return self._logged([number])
        stack = self.stack
        if not stack:
            return None
        frame = stack[-1]
        if frame.function is not site.function:
            self.settle(site)
            frame = stack[-1]
        frame.step = number
        frame.event = self.events
        self.events += 1
        return Happening("line", number, frame, len(stack))

    def settle(self, site: Site) -> None:
        """Activations that ended unseen (a lambda that raised into C code) leave the stack."""
        stack = self.stack
        while (
            stack[-1].function is not site.function and len(stack) > 1 and stack[-1].function != site.function
        ):
            if all(frame.function != site.function for frame in stack):
                return
            self._lose(stack[-1])

    def _lose(self, frame: Frame, told: list[Any] | None = None) -> None:
        place = frame.step if frame.step >= 0 else frame.site
        frame.raised_at = place
        info = self._exception(told, frame) if told else ExceptionInfo("")
        self.before.append(self._event("unwind", place, frame, info))
        self._drop(frame)

    def _enter(self, entry: list[Any]) -> Happening:
        _, number, name, values, cells = entry
        site = self.site(number)
        names = site.info.get("params", [])
        parent = self.stack[-1] if self.stack else None
        above = parent.id if parent else None
        frame = Frame(self.count, number, self.thread, above, len(self.stack) + 1, function=site.function)
        self.count += 1
        if name >= 0:
            self.numbered[name] = frame
        frame.arguments = dict(zip(map(str, names), self.objects.values(values), strict=False))
        frame.variables = dict(frame.arguments)
        frame.cells = {str(variable): int(cell) for variable, cell in cells}
        for variable, cell in frame.cells.items():
            held = self.cells.setdefault(cell, Cell())
            if variable in frame.variables:
                held.value, held.bound = frame.variables.pop(variable), True
        frame.free = frozenset(map(str, site.info.get("free", ())))
        frame.late = bool(site.info.get("late")) and bool(site.info.get("quick"))
        frame.module = self.log.modules.get(site.function.path, "")
        if site.info.get("scope") == "module":
            self.globals[frame.module] = frame.variables
        self.frames[frame.id] = frame
        self.stack.append(frame)
        return self._event("call", number, frame, frame.arguments)

    def _leave(self, entry: list[Any]) -> Happening | None:
        if not self.stack:
            return None
        frame, value = self.stack[-1], self.objects.value(entry[1])
        if frame.late:
            frame.leaving = "return", value
            return None
        return self._gone("return", frame, value)

    def _drop(self, frame: Frame) -> None:
        self.stack.pop()
        self.frames.pop(frame.id, None)

    def _yield(self, entry: list[Any]) -> Happening | None:
        if not self.stack:
            return None
        value = self.objects.value(entry[1]) if len(entry) > 1 else Opaque("suspended", "<not seen>")
        frame = self.stack[-1]
        frame.through = []
        happening = self._suspend(frame, value)
        while self.stack and self.stack[-1].delegating:
            self.before.append(happening)
            frame.through.append(self.stack[-1])
            happening = self._suspend(self.stack[-1], value)
        return happening

    def _suspend(self, frame: Frame, value: Any) -> Happening:
        happening = self._event("yield", frame.step if frame.step >= 0 else frame.site, frame, value)
        frame.suspended = True
        self.stack.pop()
        return happening

    def _resume(self, entry: list[Any]) -> Happening | None:
        frame = self.numbered.get(entry[1])
        if frame is None or not frame.suspended:
            return None
        for outer in reversed(frame.through):
            self.before.append(self._wake(outer))
        frame.through = []
        return self._wake(frame)

    def _wake(self, frame: Frame) -> Happening:
        self.stack.append(frame)
        frame.suspended = False
        return self._event("resume", frame.step if frame.step >= 0 else frame.site, frame)

    def _align(self, entry: list[Any]) -> Happening | None:
        """Where an exception arrived: so many activations are on the stack, the generator on top."""
        frame = self.numbered.get(entry[2]) if entry[2] is not None else None
        asleep = frame is not None and frame.suspended
        self.unknown = len(self.stack) < int(entry[1]) - asleep
        while len(self.stack) > max(1, int(entry[1]) - asleep):
            self._lose(self.stack[-1], entry[2:])
        return self._resume([entries.RESUME, entry[2]]) if asleep else None

    def _delegate(self, entry: list[Any]) -> None:
        if entry[1] in self.numbered:
            self.numbered[entry[1]].delegating = entry[0] == entries.DELEGATE

    def _raise(self, entry: list[Any]) -> Happening | None:
        if not self.stack or self.unknown:
            return None
        frame = self.stack[-1]
        if frame.pending == entry[5]:
            return None
        frame.pending = entry[5]
        frame.raised_at = frame.step if frame.step >= 0 else frame.site
        return self._event("raise", frame.raised_at, frame, self._exception(entry, frame))

    def _unwind(self, entry: list[Any]) -> Happening | None:
        if not self.stack or self.unknown:
            return None
        frame = self.stack[-1]
        if frame.raised_at < 0:
            frame.raised_at = frame.step if frame.step >= 0 else frame.site
        info = self._exception(entry, frame) if len(entry) > 1 else ExceptionInfo("")
        if frame.late:
            frame.leaving = "unwind", info
            return None
        return self._gone("unwind", frame, info)

    def _gone(self, kind: str, frame: Frame, payload: Any) -> Happening:
        place = frame.step if frame.step >= 0 else frame.site
        happening = self._event(kind, frame.raised_at if kind == "unwind" else place, frame, payload)
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
        self.stack = self.stacks.setdefault(self.thread, [])

    def _output(self, entry: list[Any]) -> tuple[str, Any, Any]:
        return "output", str(entry[1]), self.objects.value(entry[2])

    def _taken(self, entry: list[Any]) -> tuple[str, Any, Any]:
        return "taken", self.site(entry[1]), bool(entry[2])

    def returning(self, entry: Any) -> list[Any]:
        """The value that the current activation returns by `entry`, live; nothing if it does not."""
        frame = self.stack[-1] if self.stack else None
        if type(entry) is list and entry[0] == entries.RETURN:
            return [self.objects.value(entry[1])]
        number = entry[0] if type(entry) is list else entry
        operation = self.site(number).op if type(number) is int and number >= 0 else ""
        if operation == "leave" and frame is not None and frame.leaving is not None:
            return [frame.leaving[1]] if frame.leaving[0] == "return" else []
        if operation == "return":
            return [self.objects.value(entry[1])]
        return [None] if operation == "end" else []

    # -- variables ------------------------------------------------------------------------

    def _bind(self, entry: list[Any]) -> Store | None:
        if not self.stack:
            return None
        frame, name, value = self.stack[-1], str(entry[1]), self.objects.value(entry[2])
        if len(entry) > 3 and same(self.variables(frame).get(name, self), value):
            return None
        return self.bind(frame, name, value)

    def bind(self, frame: Frame, name: str, value: Any) -> Store:
        """Give a variable of an activation its value, in its cell if it has one."""
        cell = frame.cells.get(name)
        if cell is None:
            frame.variables[name] = value
        else:
            self.cells[cell].value, self.cells[cell].bound = value, True
        return Store("bind", frame, self.visible, name, value=value)

    def _unbind(self, entry: list[Any]) -> Store | None:
        if not self.stack:
            return None
        frame, name = self.stack[-1], str(entry[1])
        if name in frame.cells:
            self.cells[frame.cells[name]].bound = False
        elif frame.variables.pop(name, self) is self:
            return None
        return Store("delete", frame, self.visible, name)

    def _cell(self, entry: list[Any]) -> Store | None:
        cell = self.cells.setdefault(int(entry[1]), Cell())
        cell.bound = len(entry) > 2
        cell.value = self.objects.value(entry[2]) if cell.bound else None
        if not self.stack:
            return None
        frame = self.stack[-1]
        name = next((n for n, number in frame.cells.items() if number == entry[1]), "")
        return Store("bind" if cell.bound else "delete", frame, self.visible, name, value=cell.value)

    def _global(self, entry: list[Any]) -> Store | None:
        value = self.objects.value(entry[3])
        space = self.globals.setdefault(str(entry[1]), {})
        frame = self.stack[-1] if self.stack else None
        if same(space.get(str(entry[2]), self), value):
            return None
        space[str(entry[2])] = value
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

    def _audit(self, entry: list[Any]) -> None:
        """The true contents at the end of the run: what differs was changed unseen."""
        for number, flat in entry[1]:
            held = self.objects.table.get(number)
            if held is not None and not _agrees(held, self.objects.values(flat)):
                self.mistrust = f"a {type(held).__name__} changed in ways that were not told"

    # -- objects --------------------------------------------------------------------------

    def _new(self, entry: list[Any]) -> None:
        self.objects.introduce(entry[1])

    def _audit_flat(self, entry: list[Any]) -> None:
        self._audit([0, [[entry[1], entry[4]]]])

    def _flat(self, entry: list[Any]) -> None:
        _, number, identity, shape, items = entry
        self.objects.flat(int(number), int(identity), int(shape), items)

    def _fill_flat(self, entry: list[Any]) -> Store | None:
        return self._fill([entries.FILL, entry[1], entry[4]])

    def _extend(self, entry: list[Any]) -> Store | None:
        target = self.objects.table[entry[1]]
        if type(target) is not list:
            raise damaged("something is extended that is no list")
        if entry[1] in self.objects.fresh:
            return None
        target += self.objects.values(entry[4])
        return self._store("content", target)

    def _class(self, entry: list[Any]) -> None:
        self.objects.classes[int(entry[1])] = str(entry[2]), tuple(map(str, entry[3]))

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

    def _fill(self, entry: list[Any]) -> Store | None:
        target, items = self.objects.table[entry[1]], self.objects.values(entry[2])
        if type(target) in _COMPARED and _agrees(target, items):
            return None
        fill(target, items)
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
    entries.ALIGN: Machine._align,
    entries.DELEGATE: Machine._delegate,
    entries.DELEGATED: Machine._delegate,
    entries.AUDIT: Machine._audit,
    entries.FLAT: Machine._flat,
    entries.AUDIT_FLAT: Machine._audit_flat,
    entries.FILL_FLAT: Machine._fill_flat,
    entries.CLASS: Machine._class,
    entries.EXTEND: Machine._extend,
}
_TELLING = frozenset((entries.NEW, entries.FLAT, entries.CLASS))

_COMPARED = (list, deque, set, *MAPPINGS)

LOGGED: dict[str, Callable[[Machine, Site, list[Any]], Any]] = {}
"""readers of site rows of kind `log`, by operation; filled by tracing.logged"""


def same(a: Any, b: Any) -> bool:
    """Whether two live values are one object or equal atoms."""
    return a is b or type(a) is type(b) and type(a) in (int, str, float, bool) and a == b


def _agrees(held: Any, flat: list[Any]) -> bool:
    kind = type(held)
    if kind is Instance:
        own = [part for pair in held.attributes.items() for part in pair]
    elif kind in MAPPINGS:
        own = [part for pair in held.items() for part in pair]
    elif kind is set:
        return len(held) == len(flat) and {id(x) for x in held} == {id(x) for x in flat} or held == set(flat)
    else:
        own = list(held)
    return len(own) == len(flat) and all(map(same_deep, own, flat))


def same_deep(a: Any, b: Any) -> bool:
    """`same`, seen through tuples, which are told anew."""
    if type(a) is tuple and type(b) is tuple:
        return len(a) == len(b) and all(map(same_deep, a, b))
    return same(a, b) or type(a) is type(b) and type(a) in (complex, bytes, float, range, Opaque)
