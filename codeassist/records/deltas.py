"""A run as what each event changed, objects by number: what a viewer replays forwards and seeks in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from codeassist.records.location import FunctionId

NEW, SPLICE, BIND, UNBIND, GLOBAL, FORGET = range(6)
"""Operations, as tuples whose first item is one of these numbers:

(NEW, object, kind, class, content)     an object is met for the first time (in this stretch)
(SPLICE, object, start, removed, items) `content[start:start + removed] = items`
(BIND, activation, name, value)         a variable of an activation got its value
(UNBIND, activation, name)
(GLOBAL, module, name, value), (FORGET, module, name)

Values are atoms (recorded values without parts) or `Ref`s. The content of a mapping alternates keys and
values, that of an object names and values.
"""


@dataclass(frozen=True, slots=True)
class Ref:
    """Stands for the object of that number."""

    number: int


@dataclass(frozen=True, slots=True)
class Place:
    """A statement as the recorder knows it; `first` is the place where its body begins, or -1."""

    kind: str
    function: FunctionId
    line: int
    column: int
    first: int = -1


@dataclass(slots=True)
class Moment:
    """One event and all that changed until the next one."""

    kind: str
    place: int
    activation: int
    thread: int
    value: Any = None
    """return, yield: the value; raise, unwind: ExceptionInfo"""
    operations: list[tuple[Any, ...]] = field(default_factory=list)


@dataclass(slots=True)
class Stretch:
    """Successive moments that can be replayed from `opening` alone."""

    start: int
    """index of the first event"""
    stacks: dict[int, list[int]]
    """thread -> activations on its stack at the start, outermost first"""
    thread: int
    opening: list[tuple[Any, ...]] = field(default_factory=list)
    moments: Sequence[Moment] = ()
