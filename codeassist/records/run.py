"""What to run and under which limits; rooms propose runs, only `tracing` launches them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from codeassist.records.trace import Trace

ORIGINS = ("call", "doctest", "main", "test", "saved", "generated", "scaled", "probe")
"""where a run came from; `probe` is a run outside the domain that others share"""

DETAILS = ("outcome", "counts", "full")


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one run: seconds of wall clock, bytes of memory, events, bytes of output."""

    time: float = 10.0
    memory: int = 1 << 30
    events: int = 5_000_000
    output: int = 10_000_000


@dataclass(frozen=True, slots=True)
class Run:
    """One execution: an expression evaluated in a module's namespace, or a whole script."""

    path: str
    """the file whose module is imported (or the script that is run)"""
    call: str = ""
    """the expression, such as `search([1, 3], 3)`; empty for a script"""
    setup: tuple[str, ...] = ()
    """statements executed before the call, unrecorded (earlier lines of a doctest, say)"""
    argv: tuple[str, ...] | None = None
    """a script's arguments; with it the file runs as `__main__`"""
    test: str = ""
    """a pytest node id; pytest runs it"""
    module: str = ""
    """a dotted name, for `-m`"""
    origin: str = "call"
    root: str = ""
    """folder below which modules are recorded; the project's root by default"""
    overlay: Mapping[str, str] = field(default_factory=dict)
    """path -> source text that stands in for the file (a mutant, an old revision)"""
    detail: str = "full"
    limits: Limits = Limits()
    seed: int = 0
    stdin: str = ""
    calls: tuple[str, ...] = ()
    """expressions to observe (detail "outcome"), instead of one `call`: the limits are those of each"""
    together: int = 1
    """how many of `calls` may share one process"""
    hangs: int = 3
    """calls that run out of time before the rest of `calls` is left out"""
    varied: bool = False
    """each of `calls` has another seed of random numbers"""
    watched: tuple[str, ...] = ()
    """module variables whose values after each of `calls` are told"""


@dataclass(frozen=True, slots=True)
class Budget:
    """Seconds of wall clock for all runs proposed together."""

    seconds: float = 10.0


class Runner(Protocol):
    """The one capability through which a room gets code executed."""

    def run(self, runs: Sequence[Run], budget: Budget) -> Iterator[Trace]:
        """Yield one trace for each run, in order; stops early when the budget is spent."""
        ...

    def close(self) -> None:
        """End every server and remove its scratch folder."""
        ...
