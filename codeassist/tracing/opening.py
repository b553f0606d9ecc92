"""A Trace from what a job left behind and from how its process ended; the latter decides the outcome."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from codeassist.records.deltas import Place, Stretch
from codeassist.records.errors import TraceError
from codeassist.records.location import FunctionId
from codeassist.records.run import Run
from codeassist.records.trace import (
    OUTCOMES,
    Activation,
    Event,
    Layer,
    Output,
    State,
    Trace,
    TraceHeader,
)
from codeassist.tracing.counts import read_counts
from codeassist.tracing.log import open_log
from codeassist.tracing.serving import Ended, died_of
from codeassist.tracing.store import decode_outcome, is_shorter, trace_of


class Nothing:
    """The reader of a run of which nothing was recorded; implements `TraceReader`."""

    def __len__(self) -> int:
        return 0

    def events(self, start: int = 0, stop: int | None = None) -> Iterator[Event]:
        """No events."""
        return iter(())

    def outline(self) -> Iterator[tuple[str, FunctionId, int, int]]:
        """No events."""
        return iter(())

    def activations(self) -> Sequence[Activation]:
        """No activations."""
        return ()

    def state(self, index: int, activation: int) -> State:
        """No variables."""
        return State(index, activation, {})

    def states(self, moments: Sequence[tuple[int, int]]) -> Iterator[State]:
        """No variables, as often as asked."""
        return (self.state(*moment) for moment in moments)

    def argument(self, activation: int, name: str, index: int) -> Any:
        """There are no arguments: raises KeyError."""
        raise KeyError(name)

    def output(self) -> Sequence[Output]:
        """No output."""
        return ()

    def places(self) -> Sequence[Place]:
        """No places."""
        return ()

    def stretches(self, length: int) -> Iterator[Stretch]:
        """No stretches."""
        return iter(())


FINISHED, LOST = 214, 213
"""exit statuses of the probe's own, as in probe/job.py"""
Opener = Callable[[Path, Run, Ended, Mapping[str, Layer], str], Trace]


def open_trace(path: Path, run: Run, ended: Ended, layers: Mapping[str, Layer], version: str) -> Trace:
    """The trace of one job in the form that its detail asks for; junk gives a trace without events."""
    opener: Opener = _OPENERS.get(run.detail, _open_events)
    try:
        return opener(path, run, ended, layers, version)
    except TraceError:
        outcome = decode_outcome(decide(None, ended))
        return Trace(TraceHeader(run, outcome, False, version, layers), Nothing())


def _open_events(path: Path, run: Run, ended: Ended, layers: Mapping[str, Layer], version: str) -> Trace:
    log = open_log(path)
    told = (log.footer or {}).get("outcome")
    return trace_of(log, run, sandbox=layers, outcome=decode_outcome(decide(told, ended)))


def _open_counts(path: Path, run: Run, ended: Ended, layers: Mapping[str, Layer], version: str) -> Trace:
    """Steps and cost by statement, no events."""
    with open(path, encoding="utf-8", errors="replace") as stream:
        told, steps, cost = read_counts(stream, os.path.realpath(run.path))
    outcome = decode_outcome(decide(told, ended))
    whole = told is not None and outcome.kind in ("returned", "raised", "exited")
    return Trace(TraceHeader(run, outcome, whole, version, layers), Nothing(), steps, cost)


def _open_observations(
    path: Path, run: Run, ended: Ended, layers: Mapping[str, Layer], version: str
) -> Trace:
    """What each of the run's calls let a caller observe."""
    from codeassist.tracing.observing import read_observations

    with open(path, encoding="utf-8", errors="replace") as stream:
        found = read_observations(stream, run, os.path.realpath(run.path))
    kind = "limit_reached" if ended.limit else "died" if ended.lost else "returned"
    outcome = decode_outcome({"kind": kind, "limit": ended.limit, "seconds": round(ended.seconds, 6)})
    header = TraceHeader(run, outcome, len(found) == len(run.calls), version, layers)
    return Trace(header, Nothing(), observations=tuple(found))


_OPENERS: Mapping[str, Opener] = {"counts": _open_counts, "outcome": _open_observations}


def is_cut_short(trace: Trace) -> bool:
    """Whether the run ended in a way that can have cost it the end of its record."""
    outcome = trace.header.outcome
    if outcome.kind == "limit_reached":
        return outcome.limit == "time" and trace.reader is not None and is_shorter(trace, _FEW)
    sudden = outcome.exception is not None and outcome.exception.cls == "os._exit"
    return outcome.kind == "died" or sudden


_FEW = 2_000
"""events of a run that may have been stuck since long before its limit"""


def decide(told: Any, ended: Ended) -> dict[str, Any]:
    """The outcome: a limit that was enforced, else what the job told in good order, else how it died."""
    seconds = round(ended.seconds, 6)
    if ended.limit:
        return {"kind": "limit_reached", "limit": ended.limit, "seconds": seconds}
    status = None if ended.status is None else os.waitstatus_to_exitcode(ended.status)
    if isinstance(told, dict) and told.get("kind") in OUTCOMES and status in (0, FINISHED):
        return {**told, "seconds": seconds}
    if status in (FINISHED, LOST):
        words = {"cls": "TraceLost", "message": "the program closed or damaged the channel of its trace"}
        return {"kind": "died", "exception": words, "seconds": seconds}
    if status is not None and status >= 0:
        words = {"cls": "os._exit", "message": str(status)}
        return {"kind": "exited", "status": status, "exception": words, "seconds": seconds}
    return {**_death(ended.status), "seconds": seconds}


def _death(status: int | None) -> dict[str, Any]:
    if status is None:
        words = {"cls": "death", "message": "the process ended without a word"}
        return {"kind": "died", "exception": words}
    name = died_of(status)
    words = {"cls": name, "message": f"the process died of {name}"}
    return {"kind": "died", "status": os.WTERMSIG(status), "exception": words}
