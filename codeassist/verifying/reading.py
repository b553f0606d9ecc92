"""One trace read once: its steps by activation, loops by entry, states when they are asked for."""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from codeassist.records.program import Module, Statement
from codeassist.records.statements import AMBIGUOUS, statement_at, statements_on
from codeassist.records.structure import LOOPS, Structure
from codeassist.records.trace import KINDS, Activation, Event, State, Trace, TraceReader
from codeassist.verifying.findings import Unchecked, no_such_step
from codeassist.verifying.objects import Classes

_CHUNK, _CHUNKS, _STATES = 2048, 64, 4096
EVENT_KINDS = KINDS
LINE, RETURN, RAISE, UNWIND, CALL = (KINDS.index(k) for k in ("line", "return", "raise", "unwind", "call"))
_SUSPENDING = (KINDS.index("yield"), KINDS.index("resume"))


@dataclass(frozen=True, slots=True)
class Step:
    """One `line` event: its index, its statement, its place among the activation's events."""

    index: int
    statement: int
    position: int


@dataclass(slots=True)
class Entry:
    """One execution of a loop: header steps, first events of its bodies, how and where it was left."""

    heads: list[Step] = field(default_factory=list)
    bodies: list[int] = field(default_factory=list)
    """event index of the first step of each body"""
    raised: bool = False
    by: str = ""
    end: int | None = None
    """event index of the first own event after the loop; None while it is not left"""


class Reading:
    """A trace beside the facts of the modules it ran."""

    def __init__(self, trace: Trace, modules: Mapping[str, Module], number: int) -> None:
        if trace.reader is None:
            raise Unchecked("not-run")
        self.trace, self.modules, self.number = trace, modules, number
        self.reader: TraceReader = trace.reader
        self.complete = trace.header.complete
        self.activations: Sequence[Activation] = trace.reader.activations()
        self.classes = Classes(modules.values())
        self._structures: dict[str, Structure] = {}
        self._chunks: OrderedDict[int, list[Event]] = OrderedDict()
        self._cached: OrderedDict[tuple[int, int], State] = OrderedDict()
        self._entries: dict[tuple[int, int], list[Entry]] = {}
        self._by_function: dict[tuple[str, str], list[Activation]] = {}
        self._read()

    def _read(self) -> None:
        """One pass: the kind and statement of every event, the activations of every function."""
        self.kinds = bytearray(len(self.reader))
        self.statements = array("i", [-1]) * len(self.reader)
        numbers = {kind: number for number, kind in enumerate(KINDS)}
        for index, (kind, function, line, column) in enumerate(self.reader.outline()):
            self.kinds[index] = numbers[kind]
            structure = self.structure(function.path) if kind == "line" else None
            found = structure.at(function.qualname, line, column) if structure else None
            if found is not None:
                self.statements[index] = found
        for activation in self.activations:
            key = (activation.function.path, activation.function.qualname)
            self._by_function.setdefault(key, []).append(activation)

    def structure(self, path: str) -> Structure | None:
        """Places of statements in one file, if its facts are known."""
        if path not in self._structures and path in self.modules:
            self._structures[path] = Structure(self.modules[path])
        return self._structures.get(path)

    # -- what a claim names

    def of(self, path: str, func: str) -> list[Activation]:
        """Activations of a function in order. Raises Unchecked not-reached when there is none."""
        found = self._by_function.get((path, func))
        if not found:
            raise Unchecked("not-reached" if self.activations else "not-run")
        return found

    def activation(self, path: str, func: str, call: int) -> Activation:
        """The `call`-th activation. Raises Unchecked, or Refuted when it never happened."""
        found = self.of(path, func)
        if call > len(found):
            raise self.missing(self.complete)
        return found[call - 1]

    def closed(self, activation: Activation) -> bool:
        """Whether no event of this activation can be missing from the trace."""
        return self.complete or activation.status in ("returned", "raised")

    @staticmethod
    def missing(closed: bool) -> Exception:
        """What to say of a step that is not there."""
        return no_such_step() if closed else Unchecked("incomplete-trace")

    def statement(self, path: str, func: str, line: int) -> int:
        """Index of the statement that `line` names. Raises Unchecked no-statement, ambiguous-line."""
        module = self._module(path)
        found = statement_at(module, func, line)
        if found is None:
            raise Unchecked("no-statement")
        if found is AMBIGUOUS:
            raise Unchecked("ambiguous-line")
        return self._index(module, found)

    def loop(self, path: str, func: str, line: int) -> int:
        """Index of the only loop on `line`, whatever else stands there."""
        module = self._module(path)
        return self._only(module, [s for s in statements_on(module, func, line) if s.kind in LOOPS])

    def test(self, path: str, func: str, line: int) -> int:
        """Index of the statement that holds the only test on `line`."""
        module = self._module(path)
        found = [s for s in statements_on(module, func, line) if s.tests]
        if len(found) == 1 and found[0].tests > 1:
            raise Unchecked("ambiguous-line")
        return self._only(module, found)

    def _only(self, module: Module, found: list[Statement]) -> int:
        if not found:
            raise Unchecked("no-statement")
        if len(found) > 1:
            raise Unchecked("ambiguous-line")
        return self._index(module, found[0])

    @staticmethod
    def _index(module: Module, statement: Statement) -> int:
        return next(i for i, other in enumerate(module.statements) if other is statement)

    def _module(self, path: str) -> Module:
        if path not in self.modules:
            raise Unchecked("no-statement")
        return self.modules[path]

    def facts(self, path: str, statement: int) -> Statement:
        """The facts of one statement."""
        return self._module(path).statements[statement]

    # -- events

    def event(self, index: int) -> Event:
        """One event; events are read in chunks, of which the last are kept."""
        number = index // _CHUNK
        if number not in self._chunks:
            start = number * _CHUNK
            self._chunks[number] = list(self.reader.events(start, min(start + _CHUNK, len(self.reader))))
            if len(self._chunks) > _CHUNKS:
                self._chunks.popitem(last=False)
        self._chunks.move_to_end(number)
        return self._chunks[number][index % _CHUNK]

    def steps(self, activation: Activation, statement: int | None = None) -> list[Step]:
        """Steps of an activation, or those of one of its statements."""
        own = activation.events
        return [
            Step(index, self.statements[index], position)
            for position, index in enumerate(own)
            if self.kinds[index] == LINE and (statement is None or self.statements[index] == statement)
        ]

    def following(self, activation: Activation, step: Step) -> int | None:
        """The event that ended this step: next step, return, raise; None if it never ended."""
        for index in activation.events[step.position + 1 :]:
            if self.kinds[index] not in _SUSPENDING:
                return index
        return None

    def completed(self, activation: Activation, step: Step) -> int:
        """Like `following`, for a step that has an `after`. Raises Refuted when it raised or never ended."""
        index = self.following(activation, step)
        if index is None:
            raise self.missing(self.closed(activation))
        if self.kinds[index] in (RAISE, UNWIND):
            raise no_such_step(step=index, line=self.event(index).line)
        return index

    def binds(self, activation: Activation, step: Step, name: str) -> bool:
        """Whether a step bound `name`, be it to the very object that it stood for already."""
        event = self.event(step.index)
        if any(c.kind == "bind" and c.variable == name and c.target == name for c in event.changes):
            return True
        facts = self.facts(event.function.path, step.statement) if step.statement >= 0 else None
        if facts is None or name not in facts.writes or ":=" in facts.test:
            return False
        if facts.kind == "for":
            return any(taken for *place, taken in event.tests if place == [event.line, event.column])
        following = self.following(activation, step)
        ended = following is not None and self.kinds[following] not in (RAISE, UNWIND)
        return ended and facts.kind in ("assign", "augassign", "annassign")

    def exit(self, activation: Activation) -> int | None:
        """Index of the event by which the activation ended, None if it did not."""
        own = activation.events
        last = own[-1] if own else None
        return last if last is not None and self.kinds[last] in (RETURN, UNWIND) else None

    # -- states

    def state(self, index: int, activation: int) -> Mapping[str, Any]:
        """Variables just before event `index`."""
        return self.moment(index, activation).variables

    def moment(self, index: int, activation: int) -> State:
        """All that is known just before event `index`: before a `return`, its value too."""
        key = (index, activation)
        if key not in self._cached:
            self._keep(key, self.reader.state(index, activation))
        return self._cached[key]

    def prepare(self, moments: Sequence[tuple[int, int]]) -> None:
        """Read many states in one pass, as many as are kept."""
        wanted = sorted({m for m in moments if m not in self._cached})[:_STATES]
        if len(wanted) > 1:
            for key, state in zip(wanted, self.reader.states(wanted), strict=True):
                self._keep(key, state)

    def _keep(self, key: tuple[int, int], state: State) -> None:
        self._cached[key] = state
        while len(self._cached) > 2 * _STATES:
            self._cached.popitem(last=False)

    # -- loops

    def entries(self, activation: Activation, loop: int) -> list[Entry]:
        """Every execution of one loop in one activation, in order."""
        key = (activation.id, loop)
        if key not in self._entries:
            structure = self.structure(activation.function.path)
            assert structure is not None  # the loop was found in it
            self._entries[key] = _Entries(self, activation, loop, structure).read()
        return self._entries[key]


class _Entries:
    """Follows one activation through the entries of one loop."""

    def __init__(self, reading: Reading, activation: Activation, loop: int, structure: Structure) -> None:
        self.reading, self.activation, self.loop, self.structure = reading, activation, loop, structure
        self.found: list[Entry] = []
        self.current: Entry | None = None
        self.at_head = False
        self.pending = ""

    def read(self) -> list[Entry]:
        """Read the activation's events once."""
        for position, index in enumerate(self.activation.events):
            kind = self.reading.kinds[index]
            if kind == LINE:
                self.step(Step(index, self.reading.statements[index], position))
            elif self.current and kind == RAISE:
                self.current.raised = self.current.raised or self.at_head
                self.at_head, self.pending = False, "exception"
            elif self.current and kind == RETURN:
                self.close(index, "return")
            elif self.current and kind == UNWIND:
                self.pending, self.at_head = "exception", False
                self.close(index, "exception")
        return self.found

    def step(self, step: Step) -> None:
        if step.statement == self.loop:
            if self.current is None:
                self.current = Entry()
                self.found.append(self.current)
            self.current.heads.append(step)
            self.at_head, self.pending = True, ""
        elif self.current:
            inside = (
                self.structure.block(step.statement, self.loop) == "body" if step.statement >= 0 else False
            )
            if not inside:
                self.close(step.index, "")
            else:
                self.inside(step)

    def inside(self, step: Step) -> None:
        assert self.current is not None  # only called within an entry
        if self.at_head:
            self.current.bodies.append(step.index)
            self.at_head = False
        statement = self.structure.statement(step.statement)
        if statement.kind == "break" and self.structure.loops(step.statement)[-1:] == (self.loop,):
            self.pending = "break"
        elif statement.kind == "return":
            self.pending = "return"
        elif self.pending and statement.kind != "except" and not self.cleaning(step.statement):
            self.pending = ""

    def cleaning(self, statement: int) -> bool:
        """Whether the statement stands in a `finally` inside the loop: what is pending stays pending."""
        for outer, block in self.structure.ancestors(statement):
            if outer == self.loop:
                return False
            if block == "finalbody":
                return True
        return False

    def close(self, index: int, otherwise: str) -> None:
        assert self.current is not None  # only called within an entry
        if self.at_head:
            kind = self.structure.statement(self.loop).kind
            by = "condition" if kind == "while" else "exhausted"
        else:
            by = self.pending or otherwise
        self.current.by, self.current.end = by, index
        self.current, self.at_head, self.pending = None, False, ""
