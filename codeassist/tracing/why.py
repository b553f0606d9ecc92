"""Where a value was born: a walk back over recorded stores, calls and the tests that decided.

Dependences are those of dynamic slicing (Korel and Laski 1988; Agrawal and Horgan 1990), with potential
dependences (a test that, had it come out differently, would have stored the value) for what was *not* done.
They are followed nearest first, each kind at its price, and told as at most `LONGEST` statements.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from codeassist.records.errors import UsageError
from codeassist.records.found import Match
from codeassist.records.program import Module
from codeassist.records.trace import Activation, Event, Trace
from codeassist.records.values import ATOMS, equal, literal
from codeassist.tracing.history import History
from codeassist.tracing.reads import CallText, Read, Uses, statement_uses, uses, writes

Evaluate = Callable[[str, Mapping[str, Any]], Any]

LONGEST = 10
"""statements of a chain"""
VISITS = 3
"""steps of one statement that are followed"""
NODES = 600
"""steps that are looked at in all"""
LOOKS = 400
"""values that are compared before and after a step: each is a look at two states"""
DATA, RESULT, ARGUMENT, CONTROL, POTENTIAL, GUARD, OUTSIDE = 0.8, 0.4, 0.6, 1.0, 1.4, 3.0, 2.5
"""prices: the value was stored there, returned there, passed there; a test led there; a test did not lead to
another store; an earlier exit was not taken; the step is the test's own"""

REASONS = {
    "data": "stored",
    "result": "returned",
    "argument": "passed",
    "control": "decided that this ran",
    "potential": "decided that nothing else was stored",
    "guard": "did not leave before",
    "start": "",
}


@dataclass(frozen=True, slots=True)
class Origin:
    """A step that a value comes from, why, and which value it is about."""

    event: Event
    why: str
    name: str = ""
    tail: str = ""
    """which part of the value is meant, such as `[2]`, where it is known"""


def why(
    trace: Trace, text: str, number: int, modules: Mapping[str, Module], evaluate: Evaluate
) -> tuple[Match, ...]:
    """The chain behind the value of `text` (`result`: what the run returned) at step `number` or at the end.

    Raises UsageError when there is no such value.
    """
    assert trace.reader is not None
    if not len(trace.reader):
        raise UsageError("nothing was recorded", slug="bad-query")
    walker = Walker(History(trace.reader, modules), evaluate)
    if text == "result" and number < 0:
        return walker.chain(list(walker.of_result(walker.history.activations[0])))
    moment, activation = _moment(walker.history, text, number)
    asked = list(walker.of_uses(uses(text), activation, moment, walker.history.step_at(activation, moment)))
    if not asked:
        raise UsageError(f"{text!r} has no value there", hint="name a variable, or result")
    return walker.chain(asked)


def _moment(history: History, text: str, number: int) -> tuple[int, int]:
    """The moment and the activation in which `text` is meant."""
    if number >= 0:
        if number >= len(history.events):
            raise UsageError(f"no step {number}: the run has steps 0 to {len(history.events) - 1}")
        event = history.events[number]
        return history.after(event), event.activation
    names = {read.name for read in uses(text).reads}
    for activation in history.activations:
        if activation.events and names:
            last = activation.events[-1]
            if names <= history.variables(last, activation.id).keys():
                return last, activation.id
    raise UsageError(f"{text!r} has no value at the end of any activation", hint="say `at step N`")


class _Search:
    """Origins by cost, each step once; the steps of one statement only so often before all else is done."""

    def __init__(self, start: list[tuple[float, Origin]]) -> None:
        self._ticket = count()
        self._queue: list[tuple[float, int, Origin]] = []
        self._later: list[tuple[float, int, Origin]] = []
        self._seen: set[int] = set()
        self._visits: Counter[tuple[str, str, int]] = Counter()
        self._limit = VISITS
        for cost, origin in start:
            self.add(cost, origin)

    def add(self, cost: float, origin: Origin) -> None:
        """Remember an origin that costs so much."""
        heapq.heappush(self._queue, (cost, next(self._ticket), origin))

    def next(self) -> tuple[float, Origin] | None:
        """The cheapest origin that was not looked at; None when there is none or it was enough."""
        while len(self._seen) < NODES:
            if not self._queue:
                if not self._later:
                    return None
                self._queue, self._later = self._later, []
                self._limit *= 4
            item = heapq.heappop(self._queue)
            cost, _, origin = item
            place = _place(origin.event)
            if origin.event.index in self._seen:
                continue
            if self._visits[place] >= self._limit:
                heapq.heappush(self._later, item)
                continue
            self._visits[place] += 1
            self._seen.add(origin.event.index)
            return cost, origin
        return None


class Walker:
    """Follows dependences; `home` is the path of the test file, whose own steps interest less."""

    def __init__(self, history: History, evaluate: Evaluate, home: str = "") -> None:
        self.history, self.evaluate, self.home = history, evaluate, home
        self.suspects: Mapping[tuple[str, str, int], float] = {}
        """a discount for statements that only failing calls executed"""
        self._looks = 0

    def chain(self, start: list[Origin]) -> tuple[Match, ...]:
        """At most LONGEST statements behind `start`, the latest step first."""
        search = _Search([(self._price(origin) * 0.1, origin) for origin in start])
        told: dict[tuple[str, str, int], Match] = {}
        while len(told) < LONGEST and (found := search.next()) is not None:
            cost, origin = found
            told.setdefault(_place(origin.event), self._match(origin))
            for following in self.origins(origin.event, origin.tail):
                search.add(cost + self._price(following), following)
        return tuple(sorted(told.values(), key=lambda match: -match.step))

    def _price(self, origin: Origin) -> float:
        prices = {"data": DATA, "result": RESULT, "argument": ARGUMENT, "control": CONTROL}
        price = prices.get(origin.why, POTENTIAL if origin.why == "potential" else GUARD)
        if self.home and origin.event.function.path == self.home:
            price += OUTSIDE
        return price * (1.0 - self.suspects.get(_place(origin.event), 0.0))

    def _match(self, origin: Origin) -> Match:
        event = origin.event
        name, value = self._value(origin)
        return Match(
            event.index,
            event.line,
            event.function.qualname,
            value,
            event.function.path,
            name,
            because=REASONS.get(origin.why, ""),
        )

    def _value(self, origin: Origin) -> tuple[str, str | None]:
        """What the step stored or gave, as a name and literal text."""
        event = origin.event
        changes = [c for c in event.changes if not origin.name or c.variable == origin.name] or list(
            event.changes
        )
        if changes:
            change = changes[-1]
            return change.target, None if change.kind == "delete" else literal(change.value)
        end = self.history.after(event)
        if end < len(self.history.events):
            following = self.history.events[end]
            if following.kind in ("return", "yield"):
                return following.kind, literal(following.value)
        outcome = next((taken for *_, taken in event.tests), None)
        return ("test", str(outcome)) if outcome is not None else ("", None)

    # what one step depends on

    def origins(self, event: Event, tail: str = "") -> Iterator[Origin]:
        """Every step that the step `event` depends on (for `tail` of its value), nearest kinds first."""
        statement = self.history.statement(event)
        if statement is not None:
            used = statement_uses(statement, self.recorded(event))
            if tail and statement.kind in ("return", "assign", "annassign"):
                used = narrowed(used, statement.test, tail)
            yield from self.of_uses(used, event.activation, event.index, event, tail)
        yield from self._controls(event)

    def recorded(self, step: Event) -> frozenset[str]:
        """Names under which the step called what was recorded: functions, and classes by their `__init__`."""
        names = set()
        for child in self.history.calls(step):
            parts = child.function.qualname.split(".")
            names.add(parts[-2] if parts[-1] == "__init__" and len(parts) > 1 else parts[-1])
        return frozenset(names)

    def of_uses(
        self, used: Uses, activation: int, index: int, step: Event | None, tail: str = ""
    ) -> Iterator[Origin]:
        """Where the values come from that an expression takes just before event `index`."""
        if step is not None:
            yield from self._results(step, tail if not used.reads and len(used.calls) == 1 else "")
        for read in used.reads:
            yield from self._stores(read, activation, index)

    def of_result(self, activation: Activation) -> Iterator[Origin]:
        """The step by which an activation returned (or the last it made)."""
        last = activation.events[-1]
        step = self.history.step_at(activation.id, last)
        if step is not None:
            yield Origin(step, "result")

    def _results(self, step: Event, tail: str = "") -> Iterator[Origin]:
        """Ends of the calls that the step made; `tail` is the part of the value that matters."""
        end = self.history.after(step)
        for child in self.history.calls(step):
            if child.function.qualname.endswith(".__init__"):
                continue  # it gives nothing: what it stored is found by the path that is read
            inside = [index for index in child.events if index < end]
            last = self.history.step_at(child.id, inside[-1] if inside else end)
            if last is not None:
                yield Origin(last, "result", tail=tail)

    def _stores(self, read: Read, activation: int, index: int) -> Iterator[Origin]:
        """The last steps before `index` that stored what `read` reads."""
        name = read.name
        concrete = self._concrete(read, activation, index)
        parts = 0
        for step in self._candidates(name, concrete, activation, index):
            relation = self._relation(step, name, concrete, activation)
            if relation == "part":
                parts += 1
                yield Origin(step, "data", name)
                if parts >= 2:
                    break
            elif relation == "handed":
                yield from (Origin(origin.event, "potential") for origin in self._results(step))
            elif relation == "whole":
                is_bound = any(change.target == name for change in step.changes)
                yield Origin(step, "data", name, concrete[len(name) :] if is_bound else "")
                yield from self._beginning(step, name, activation)
                if any(child.function.qualname.endswith(".__init__") for child in self.history.calls(step)):
                    yield from (Origin(e, "data") for e in self._inner_store(step, concrete[len(name) :]))
                yield from self._not_taken(step.index, index, activation, name)
                return
        shared = self.history.shared_store(name, index)
        if shared is not None:
            yield Origin(shared[0], "data", name)
        if parts == 0:
            yield from self._not_taken(-1, index, activation, name)
        if parts == 0 or concrete == name:
            yield from self._argument(name, concrete[len(name) :], activation)

    def _beginning(self, step: Event, name: str, activation: int) -> Iterator[Origin]:
        """For a store that only goes on from its own earlier ones (`total += x`): what they began with."""
        statement = self.history.statement(step)
        if statement is None or name not in statement.reads and statement.kind != "augassign":
            return
        for earlier in self.history.steps_before(activation, step.index):
            if _place(earlier) != _place(step) and any(
                change.variable == name and change.kind == "bind" for change in earlier.changes
            ):
                yield Origin(earlier, "data", name)
                return

    def _candidates(self, name: str, path: str, activation: int, index: int) -> Iterator[Event]:
        """Own steps before `index` that stored to `name`, and stores in calls that changed the `path`."""
        for step in self.history.steps_before(activation, index):
            if any(change.variable == name for change in step.changes):
                yield step
            elif self.history.calls(step) and self._is_mutable(step, name):
                if self._differs(step, path):
                    yield from self._inner_store(step, path[len(name) :])
                elif self._hands_over(step, name):
                    yield step

    def _relation(self, step: Event, name: str, path: str, activation: int) -> str:
        """What a store is to a read.

        whole: it decides what was read; part: it changed something inside; handed: a call got it and left
        it as it was; empty: none of these.
        """
        if step.activation != activation:
            return "part" if path == name else "whole"
        if not any(change.variable == name for change in step.changes):
            return "handed"
        changes = [change for change in step.changes if change.variable == name]
        if any(change.kind == "bind" and change.target == name for change in changes):
            return "whole"
        for change in changes:
            if change.target == path:
                return "part" if change.kind == "content" else "whole"
            if change.kind in ("content", "delete"):
                if path == name or self._differs(step, path):
                    return "part"
            elif change.target.startswith(path):
                return "part"
            elif path.startswith(change.target):
                return "whole"
        return ""

    def _concrete(self, read: Read, activation: int, index: int) -> str:
        """`xs[i]` with the value that i had: `xs[2]`."""
        text = read.text
        if "[" not in text:
            return text
        variables = self.history.variables(index, activation)
        result: list[str] = []
        depth, key = 0, ""
        for character in text:
            if character == "[":
                depth += 1
                if depth == 1:
                    key = ""
                    continue
            elif character == "]":
                depth -= 1
                if depth == 0:
                    result.append(f"[{self._key(key, ''.join(result), variables)}]")
                    continue
            if depth:
                key += character
            else:
                result.append(character)
        return "".join(result)

    def _key(self, text: str, inside: str, variables: Mapping[str, Any]) -> str:
        """The literal text of an index; one from the end is counted from the beginning."""
        try:
            value = self.evaluate(text, variables)
            if type(value) is int and value < 0:
                value += self.evaluate(f"len({inside})", variables)
            return literal(value)
        except Exception:  # whatever has no value there stays as it is written
            return text

    def _differs(self, step: Event, path: str) -> bool:
        """Whether the step changed the value at `path`; taken for granted once that was looked up often."""
        self._looks += 1
        if self._looks > LOOKS:
            return True
        before = self.history.variables(step.index, step.activation)
        after = self.history.variables(self.history.after(step), step.activation)
        old, new = self._get(path, before), self._get(path, after)
        return not (old is new or equal(old, new))

    def _get(self, path: str, variables: Mapping[str, Any]) -> Any:
        try:
            return self.evaluate(path, variables)
        except Exception:
            return None

    def _is_mutable(self, step: Event, name: str) -> bool:
        value = self.history.variables(step.index, step.activation).get(name)
        return value is not None and type(value) not in ATOMS

    def _hands_over(self, step: Event, name: str) -> bool:
        statement = self.history.statement(step)
        return statement is not None and name in statement.reads

    def _inner_store(self, step: Event, tail: str) -> Iterator[Event]:
        """Of the steps inside the calls of `step`, the last that changed a container, there if possible."""
        any_store = None
        for index in range(self.history.after(step) - 1, step.index, -1):
            event = self.history.events[index]
            parts = [c for c in event.changes if c.kind in ("item", "attribute", "content")]
            if any(tail and change.target.endswith(tail) for change in parts):
                yield event
                return
            any_store = any_store or (event if parts else None)
        if any_store is not None:
            yield any_store

    def _not_taken(self, since: int, index: int, activation: int, name: str) -> Iterator[Origin]:
        """Tests between the store and the read that could have led to another store of `name`."""
        told: set[int] = set()
        for step in self.history.steps_before(activation, index):
            if step.index <= since or len(told) >= 3:
                return
            number = self.history.index(step)
            if number is None or number in told:
                continue
            structure = self.history.structures[step.function.path]
            if structure.statement(number).kind not in ("if", "while", "for"):
                continue
            inside = (
                s
                for i, s in enumerate(structure.statements)
                if structure.block(i, number) and writes(s, name)
            )
            if next(inside, None) is not None:
                told.add(number)
                yield Origin(step, "potential")

    # calls and control

    def _argument(self, name: str, tail: str, activation: int) -> Iterator[Origin]:
        """The caller's step, and the steps behind what became parameter `name` (or `tail` inside it)."""
        callee = self.history.activations[activation]
        entry = self.history.events[callee.events[0]]
        if callee.parent is None or not isinstance(entry.value, dict) or name not in entry.value:
            return
        caller = self.history.step_at(callee.parent, callee.events[0])
        if caller is None:
            return
        yield Origin(caller, "argument")
        statement = self.history.statement(caller)
        if statement is not None:
            for text in _argument_texts(statement_uses(statement), callee, entry, name):
                reads = uses(text).reads
                if tail and len(reads) == 1 and reads[0].text == text:
                    reads = (Read(reads[0].name, text + tail),)
                yield from self.of_uses(Uses(reads), caller.activation, caller.index, None)

    def _controls(self, event: Event) -> Iterator[Origin]:
        """The last steps of the headers around the step, and of exits before it that were not taken."""
        number = self.history.index(event)
        if number is None:
            return
        structure = self.history.structures[event.function.path]
        around = dict(structure.ancestors(number))
        wanted = {
            index
            for index, block in around.items()
            if structure.statement(index).kind in ("if", "while", "for")
        }
        guards = 0
        for step in self.history.steps_before(event.activation, event.index):
            if not wanted and guards >= 2:
                return
            other = self.history.index(step)
            if other is None:
                continue
            if other in wanted:
                wanted.discard(other)
                yield Origin(step, "control")
            elif guards < 2 and _is_exit(structure, other):
                guards += 1
                yield Origin(step, "guard")


def narrowed(used: Uses, text: str, tail: str) -> Uses:
    """The uses of an expression of whose value only the part `tail` matters."""
    reads = used.reads
    if len(reads) == 1 and reads[0].text == " ".join(text.split()):
        return Uses((Read(reads[0].name, reads[0].text + tail),), used.calls)
    return used


def _is_exit(structure: Any, index: int) -> bool:
    """Whether the `if` leaves its body, loop or turn when it holds."""
    if structure.statement(index).kind != "if":
        return False
    leaves = ("return", "raise", "break", "continue")
    return any(
        s.parent == index and s.block == "body" and s.kind in leaves
        for s in structure.statements[index + 1 : index + 12]
    )


def _argument_texts(used: Uses, callee: Activation, entry: Event, name: str) -> list[str]:
    """The source texts of the argument that became parameter `name`, where the call can be told."""
    wanted = callee.function.qualname.rpartition(".")[2]
    parameters = list(entry.value)
    for call in used.calls:
        if (
            call.name == wanted
            or wanted == "__init__"
            and callee.function.qualname.split(".")[-2:-1] == [call.name]
        ):
            return _of_call(call, parameters, name)
    return []


def _of_call(call: CallText, parameters: list[str], name: str) -> list[str]:
    keywords = dict(call.keywords)
    if name in keywords:
        return [keywords[name]]
    position = parameters.index(name)
    if parameters[:1] in (["self"], ["cls"]):
        if position == 0:
            return [call.receiver] if call.receiver else []
        position -= 1
    return [call.arguments[position]] if position < len(call.arguments) else []


def _place(event: Event) -> tuple[str, str, int]:
    return event.function.path, event.function.qualname, event.line
