"""A recorded run: its header, its events, and the Protocol by which rooms read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from codeassist.records.deltas import Place, Stretch
from codeassist.records.location import FunctionId
from codeassist.records.run import Run

OUTCOMES = ("returned", "raised", "exited", "died", "limit_reached", "bad_input")

KINDS = ("call", "line", "return", "yield", "resume", "raise", "unwind")
"""`raise`: a step of this activation raised; `unwind`: the exception left the activation"""


@dataclass(frozen=True, slots=True)
class ExceptionInfo:
    """An exception as recorded: exact class name, message, and the line in that activation."""

    cls: str
    message: str = ""
    line: int = 0
    cause: str = ""
    """class and message of the exception that it names as cause or context"""
    bases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One store made by a step: `target` is a path from a variable, such as `xs[2]`."""

    target: str
    variable: str
    kind: str
    """bind, item, attribute, content (an in-place method), delete"""
    value: Any = None
    scope: str = "local"
    """local (a parameter counts as one), nonlocal or global: where `variable` lives"""


@dataclass(frozen=True, slots=True)
class Event:
    """What happened: one `line` event for each step of claims.md."""

    index: int
    kind: str
    function: FunctionId
    line: int
    column: int
    depth: int
    thread: int
    activation: int
    changes: tuple[Change, ...] = ()
    value: Any = None
    """call: dict of parameters at entry; return, yield: the value; raise, unwind: ExceptionInfo"""
    tests: tuple[tuple[int, int, bool], ...] = ()
    """(line, column, outcome) of each condition that this step evaluated: an if, elif or while test and
    conditional expressions stand at their own position; for a `for` header: whether there was an item"""
    statement: str = ""
    """kind of the statement of a `line` event, as in records.program.Statement"""


@dataclass(frozen=True, slots=True)
class Activation:
    """One execution of a function body; a generator's resumptions belong to one."""

    id: int
    function: FunctionId
    call: int
    """k-th activation of this function in the run, from 1, by entry order"""
    parent: int | None
    thread: int
    depth: int
    events: Sequence[int]
    """indexes of its own events in order, its `call` first"""
    status: str
    """open, returned, raised or suspended (a generator that was never finished)"""


@dataclass(frozen=True, slots=True)
class Output:
    """Text that the program wrote, placed after the event `index`."""

    index: int
    stream: str
    text: str


@dataclass(frozen=True, slots=True)
class State:
    """Variables of one activation at one moment: deep snapshots that keep aliasing within the state.

    A name that is unbound is absent.
    """

    index: int
    activation: int
    variables: Mapping[str, Any]
    result: Any = None
    """at the activation's return event: the value returned, sharing objects with `variables`"""
    returned: bool = False
    globals: Mapping[str, Any] = field(default_factory=dict)
    """module variables that recorded functions mention, as far as they are plain data or instances"""


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of the sandbox: on, or off with the reason."""

    on: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the run ended; `limit` names the limit that ended it."""

    kind: str
    result: Any = None
    exception: ExceptionInfo | None = None
    limit: str = ""
    status: int | None = None
    """exit status, or the number of the signal for a death"""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class TraceHeader:
    """What was run, by which interpreter, inside which layers, and whether the record is whole."""

    run: Run
    outcome: Outcome
    complete: bool
    """false when the run was cut off or a cap was reached: such a trace never supports "never" """
    python: str = ""
    sandbox: Mapping[str, Layer] = field(default_factory=dict)
    format: int = 1
    notices: tuple[str, ...] = ()
    """what the recorder could not see, in words"""


class TraceReader(Protocol):
    """Reads a trace without loading it whole. Indexes are event indexes, from 0."""

    def __len__(self) -> int:
        """Number of events."""
        ...

    def events(self, start: int = 0, stop: int | None = None) -> Iterator[Event]:
        """Events `start` to `stop` in order."""
        ...

    def outline(self) -> Iterator[tuple[str, FunctionId, int, int]]:
        """Kind, function, line and column of every event, without looking at a value."""
        ...

    def activations(self) -> Sequence[Activation]:
        """Every activation, by entry order; `activations()[k].id == k`."""
        ...

    def state(self, index: int, activation: int) -> State:
        """Variables of `activation` just before event `index` (len(self) means: at the end)."""
        ...

    def states(self, moments: Sequence[tuple[int, int]]) -> Iterator[State]:
        """`state` for many (index, activation) pairs in ascending index order, in one pass."""
        ...

    def argument(self, activation: int, name: str, index: int) -> Any:
        """Deep value, just before event `index`, of the object passed as parameter `name`."""
        ...

    def output(self) -> Sequence[Output]:
        """What the program wrote, in order."""
        ...

    def places(self) -> Sequence[Place]:
        """The statements that the moments of `stretches` name by number."""
        ...

    def stretches(self, length: int) -> Iterator[Stretch]:
        """The run as what each event changed, cut into stretches of at least `length` events."""
        ...


@dataclass(frozen=True, slots=True)
class Observation:
    """What a caller can observe of one call: how it ended, what it left changed, what it printed."""

    call: str
    outcome: Outcome
    iterates: bool = False
    """the call gave an iterator; its items (the first thousand) are the result, as a list"""
    kept: tuple[Any, ...] = ()
    """arguments and receivers as they are after the call, in the order in which they were evaluated"""
    watched: Mapping[str, Any] = field(default_factory=dict)
    """module variables after the call"""
    output: str = ""
    steps: Mapping[tuple[str, int], int] = field(default_factory=dict)
    """(qualname, first line) -> executions; functions of other files as `file::qualname`"""
    operations: int = 0


@dataclass(frozen=True, slots=True)
class Trace:
    """Header and reader of one run; `counts` holds executions by line for `detail="counts"`."""

    header: TraceHeader
    reader: TraceReader | None = None
    counts: Mapping[tuple[str, int], int] = field(default_factory=dict)
    """(qualname, first line) -> steps"""
    cost: Mapping[tuple[str, int], int] = field(default_factory=dict)
    """(qualname, first line) -> operations by the cost model of evidence (counts detail only)"""
    observations: tuple[Observation, ...] = ()
    """one for each of the run's `calls`, as far as they came (outcome detail only)"""
