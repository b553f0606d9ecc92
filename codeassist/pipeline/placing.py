"""Steps of a run -> where they stand, in the words of claims.md: function, call, line, occurrence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from codeassist.records.found import Match
from codeassist.records.trace import Activation, Trace, TraceReader

if TYPE_CHECKING:
    from codeassist.replying import Place

MOST_EVENTS = 2_000_000
"""events of a run whose steps are placed; a longer run is answered without claims"""


@dataclass(slots=True)
class Placer:
    """Places of one run, worked out for the activations that are asked about."""

    trace: Trace
    _outline: list[tuple[str, int]] = field(default_factory=list)

    def places(self, matches: Iterable[Match]) -> dict[int, Place]:
        """step -> place, for the steps that have one."""
        reader = self.trace.reader
        if reader is None or not 0 < len(reader) <= MOST_EVENTS:
            return {}
        self._outline = self._outline or [(kind, line) for kind, _, line, _ in reader.outline()]
        found = ((match.step, self.place(match.step, reader)) for match in matches)
        return {step: place for step, place in found if place is not None}

    def place(self, step: int, reader: TraceReader) -> Place | None:
        """Where one step stands; an end of an activation belongs to the statement that led to it."""
        from codeassist.replying import Place

        event = next(iter(reader.events(step, step + 1)))
        activation = reader.activations()[event.activation]
        own = [index for index in activation.events if index <= step]
        if event.kind == "call":
            return Place(activation.function.qualname, activation.call)
        lines = [index for index in own if self._outline[index][0] == "line"]
        if not lines or event.kind not in ("line", "return", "yield"):
            return None
        return self._at(lines[-1], lines, activation, reader)

    def _at(self, index: int, lines: list[int], activation: Activation, reader: TraceReader) -> Place:
        from codeassist.replying import Place

        line = self._outline[index][1]
        occurrence = sum(self._outline[other][1] == line for other in lines)
        later = [other for other in activation.events if other > index]
        is_last = bool(later) and self._outline[later[0]][0] == "return"
        statement = next(iter(reader.events(index, index + 1))).statement
        return Place(activation.function.qualname, activation.call, line, occurrence, statement, is_last)
