"""Which steps of a run are worth asking about: each line once before any twice, spread over the run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from codeassist.records.program import Module, Statement
from codeassist.records.quiz import Question
from codeassist.records.structure import Structure
from codeassist.records.trace import Event, TraceReader
from codeassist.records.values import literal

LOOKED_AT = 20_000
"""events of a run that are looked at"""
LONGEST = 40
"""characters of a value that one can be asked to write"""
SHOWN = 60
"""characters of a value that is given"""
_PLAIN = (int, float, str, bytes, bool, type(None), list, tuple, dict, set, frozenset)
_TESTS = frozenset({"if", "while"})
_STORES = frozenset({"assign", "augassign", "annassign"})


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A step that can be asked about."""

    event: Event
    statement: Statement | None
    kind: str
    name: str
    answer: Any
    turn: int = 1

    @property
    def key(self) -> tuple[object, ...]:
        """What makes it new to the reader: another line, or the other way of a branch."""
        return (self.event.function, self.event.line, self.kind, self.kind == "branch" and self.answer)


def compose(reader: TraceReader, modules: Mapping[str, Module], most: int) -> tuple[Question, ...]:
    """At most `most` questions in the order of the run; none where nothing can be asked."""
    chosen = _spread(list(_possible(reader, modules)), most)
    return tuple(_asked(each, reader) for each in sorted(chosen, key=lambda each: each.event.index))


def _possible(reader: TraceReader, modules: Mapping[str, Module]) -> Iterator[_Candidate]:
    """Everything that can be asked."""
    structures = {path: Structure(module) for path, module in modules.items()}
    turns: Counter[tuple[str, int]] = Counter()
    for event in reader.events(0, min(len(reader), LOOKED_AT)):
        structure = structures.get(event.function.path)
        if structure is None or event.function.qualname == "<module>":
            continue
        if event.kind == "return" and _can_be_written(event.value) and event.value is not None:
            yield _Candidate(event, None, "return", event.function.qualname, event.value)
        place = structure.of(event) if event.kind == "line" else None
        if place is not None:
            turns[event.function.qualname, event.line] += 1
            turn = turns[event.function.qualname, event.line]
            yield from _of_step(event, structure.statements[place], turn)


def _of_step(event: Event, statement: Statement, turn: int) -> Iterator[_Candidate]:
    """Which way a test goes, or what an assignment stores."""
    if statement.kind in _TESTS and statement.tests == 1 and len(event.tests) == 1:
        yield _Candidate(event, statement, "branch", statement.test, event.tests[0][2], turn)
    elif statement.kind in _STORES and len(event.changes) == 1:
        change = event.changes[0]
        if change.kind == "bind" and statement.reads and _can_be_written(change.value):
            yield _Candidate(event, statement, "value", change.target, change.value, turn)


def _can_be_written(value: object) -> bool:
    return isinstance(value, _PLAIN) and len(literal(value)) <= LONGEST


def _spread(found: Sequence[_Candidate], most: int) -> list[_Candidate]:
    """First one of each line and way, then the rest, evenly."""
    first: dict[tuple[object, ...], _Candidate] = {}
    rest = []
    for each in found:
        if first.setdefault(each.key, each) is not each:
            rest.append(each)
    if len(first) >= most:
        return _evenly(list(first.values()), most)
    return [*first.values(), *_evenly(rest, most - len(first))]


def _evenly(items: Sequence[_Candidate], most: int) -> list[_Candidate]:
    if len(items) <= most:
        return list(items)
    return [items[round(n * (len(items) - 1) / max(1, most - 1))] for n in range(most)]


def _asked(each: _Candidate, reader: TraceReader) -> Question:
    event, known = each.event, tuple(_known(each, reader))
    place = (event.function.path, event.line, event.function.qualname)
    return Question(each.kind, event.index, *place, each.name, known, each.answer, each.turn)


def _known(each: _Candidate, reader: TraceReader) -> Iterator[tuple[str, str]]:
    """The variables that the statement reads; before a return all parameters of the call."""
    event = each.event
    if each.statement is None:
        opening = next(reader.events(reader.activations()[event.activation].events[0]))
        given = opening.value if isinstance(opening.value, dict) else {}
        yield from ((name, literal(value, SHOWN)) for name, value in given.items())
        return
    state = reader.state(event.index, event.activation)
    for name in each.statement.reads:
        if name in state.variables:
            yield name, literal(state.variables[name], SHOWN)
        elif name in state.globals:
            yield name, literal(state.globals[name], SHOWN)
