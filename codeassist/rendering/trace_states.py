"""States for the steps that are shown, and only for those: what tests compared, what items were before."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from codeassist.records.trace import TraceReader
from codeassist.rendering.trace_nodes import Call, Item, Loop, Step, Turn

SHOWN = 1_500
"""moments that are looked up; more than that is no view to read"""
EVENTS = 1_000_000
"""events of a run beyond which values are left as the names they stand under"""


def shown_steps(items: Sequence[Item]) -> Iterator[Step]:
    """Every step in a folded tree."""
    for item in items:
        if isinstance(item, Step):
            yield item
            yield from shown_steps(item.children)
        elif isinstance(item, (Call, Turn)):
            yield from shown_steps(item.items)
        elif isinstance(item, Loop):
            yield from shown_steps(item.turns)
            if item.last is not None:
                yield from shown_steps([item.last])


class States:
    """Variables before and after the steps that need them."""

    def __init__(self, reader: TraceReader, trees: Sequence[Sequence[Item]]) -> None:
        self._reader = reader
        wanted: set[tuple[int, int]] = set()
        for step in (step for items in trees for step in shown_steps(items)):
            wanted.update(self._moments(step))
        self._found: dict[tuple[int, int], Mapping[str, Any]] = {}
        if len(wanted) <= SHOWN and len(reader) <= EVENTS:
            moments = sorted(wanted)
            states = reader.states(moments)
            self._found = {m: s.variables for m, s in zip(moments, states, strict=True)}

    def before(self, step: Step) -> Mapping[str, Any]:
        """Variables just before the step; empty where they were not looked up."""
        return self._found.get((step.event.index, step.event.activation), {})

    def after(self, step: Step) -> Mapping[str, Any]:
        """Variables once the step is complete."""
        return self._found.get((self._end(step), step.event.activation), {})

    def _moments(self, step: Step) -> Iterator[tuple[int, int]]:
        statement, event = step.statement, step.event
        is_test = statement is not None and statement.kind in ("if", "while", "assert")
        parts = [change for change in event.changes if change.kind in ("item", "attribute")]
        if is_test or parts:
            yield event.index, event.activation
        if parts:
            yield self._end(step), event.activation

    def _end(self, step: Step) -> int:
        own = self._reader.activations()[step.event.activation].events
        position = bisect_right(own, step.event.index)
        return own[position] if position < len(own) else len(self._reader)
