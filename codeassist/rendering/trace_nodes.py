"""The parts of a folded run: steps, calls, loops with their turns, gaps and the program's own output."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Union

from codeassist.records.program import Statement
from codeassist.records.trace import Event, ExceptionInfo
from codeassist.rendering.trace_trend import Trend


@dataclass(slots=True, eq=False)
class Step:
    """One step, with what its test decided and the calls that happened during it."""

    event: Event
    statement: Statement | None
    known: dict[str, Any]
    """immediate values, just before the step, of names that it tests or changes"""
    outcome: str = ""
    """true or false for a test; next or done for the header of a `for`"""
    raised: ExceptionInfo | None = None
    left: Event | None = None
    """the return, yield or unwind event by which the activation left from this step"""
    children: list[Item] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Call:
    """One stay in an activation: from its call or resumption to its return, yield or unwinding."""

    entry: Event
    number: int
    """k-th activation of its function"""
    compact: bool
    """one row: its own steps are not shown"""
    exit: Event | None = None
    items: list[Item] = field(default_factory=list)
    steps: int = 0
    """line events inside, those of nested calls included"""
    hidden: int = 0
    """nested calls that are not shown"""
    same_as: int | None = None
    """event index of an earlier call with equal arguments and an equal end"""
    depth: int = 0
    """activations around it in its thread"""


@dataclass(slots=True, eq=False)
class Turn:
    """One turn of a loop: the header's step and the steps of the body."""

    number: int
    items: list[Item]
    values: dict[str, Any] = field(default_factory=dict)
    """what the turn itself stored last, by target"""
    path: set[tuple[int | None, int]] = field(default_factory=set)
    """which statement followed which: a turn with a new pair first takes a branch"""
    steps: int = 0
    printed: int = 0
    """lines that the program wrote meanwhile"""
    wrote: bool = False
    is_new: bool = False


@dataclass(slots=True, eq=False)
class Gap:
    """Turns that are told in one row: how many, and what rises, falls or grows meanwhile."""

    first: int
    last: int
    trends: dict[str, Trend]
    steps: int = 0
    printed: int = 0
    """lines that the program wrote meanwhile"""
    wrote: bool = False


@dataclass(slots=True, eq=False)
class Loop:
    """One stay in a loop; `last` is the header's step that ended it, if one did."""

    index: int
    statement: Statement
    event: Event
    """its header's first step"""
    is_first: bool
    """the first stay in this loop in the run: later ones are told shortly"""
    turns: list[Turn | Gap] = field(default_factory=list)
    total: int = 0
    new: int = 0
    last: Step | None = None


@dataclass(slots=True, eq=False)
class Skipped:
    """Calls in the middle of many during one step."""

    calls: int = 0
    steps: int = 0


@dataclass(slots=True, eq=False)
class Text:
    """What the program wrote."""

    stream: str
    text: str


Item = Union[Step, Call, Loop, Turn, Gap, Skipped, Text]  # noqa: UP007 - recursive: needs a late name
