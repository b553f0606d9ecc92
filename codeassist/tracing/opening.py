"""A Trace from what a job left behind and from how its process ended; the latter decides the outcome."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from codeassist.records.errors import TraceError
from codeassist.records.run import Run
from codeassist.records.trace import (
    OUTCOMES,
    Activation,
    Event,
    ExceptionInfo,
    Layer,
    Outcome,
    Output,
    State,
    Trace,
    TraceHeader,
)
from codeassist.tracing.serving import Ended, died_of


class Nothing:
    """The reader of a run of which nothing was recorded; implements `TraceReader`."""

    def __len__(self) -> int:
        return 0

    def events(self, start: int = 0, stop: int | None = None) -> Iterator[Event]:
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


def open_counts(path: Path, run: Run, ended: Ended, layers: Mapping[str, Layer], version: str) -> Trace:
    """The trace of a run with `detail="counts"`: steps and cost by statement, no events."""
    from codeassist.tracing.counts import read_counts

    with open(path, encoding="utf-8", errors="replace") as stream:
        try:
            told, steps, cost = read_counts(stream, os.path.realpath(run.path))
        except (TraceError, RecursionError):
            told, steps, cost = None, {}, {}
    outcome = decide(told, ended)
    header = TraceHeader(run, outcome, _is_whole(outcome, told is not None), version, layers)
    return Trace(header, Nothing(), steps, cost)


def open_events(path: Path, run: Run, ended: Ended, layers: Mapping[str, Layer], version: str) -> Trace:
    """The trace of a fully recorded run, replayed when it is asked."""
    from codeassist.tracing.log import open_log
    from codeassist.tracing.store import decode_outcome, trace_of

    try:
        log = open_log(path)
    except TraceError:
        return Trace(TraceHeader(run, decide(None, ended), False, version, layers), Nothing())
    told = (log.footer or {}).get("outcome")
    outcome = decide(told if isinstance(told, dict) else None, ended)
    if isinstance(told, dict) and outcome.result is not None:
        outcome = replace(outcome, result=decode_outcome(told).result)
    return trace_of(log, run, sandbox=layers, outcome=outcome)


def decide(told: Mapping[str, Any] | None, ended: Ended) -> Outcome:
    """The outcome: a limit that was enforced, else what the job told in good order, else how it died."""
    if ended.limit:
        return Outcome("limit_reached", limit=ended.limit, seconds=ended.seconds)
    if told is not None and told.get("kind") in OUTCOMES and ended.status == 0:
        return _as_told(told, ended.seconds)
    if ended.status is not None and os.WIFEXITED(ended.status):
        status = os.WEXITSTATUS(ended.status)
        exit_ = ExceptionInfo("os._exit", str(status))
        return Outcome("exited", exception=exit_, status=status, seconds=ended.seconds)
    return _death(ended)


def _death(ended: Ended) -> Outcome:
    name = died_of(ended.status) if ended.status is not None else ""
    number = os.WTERMSIG(ended.status) if ended.status is not None and name else None
    words = f"the process died of {name}" if name else "the process ended without a word"
    return Outcome(
        "died", exception=ExceptionInfo(name or "death", words), status=number, seconds=ended.seconds
    )


def _as_told(told: Mapping[str, Any], seconds: float) -> Outcome:
    status = told.get("status")
    return Outcome(
        str(told["kind"]),
        result=told.get("result"),
        exception=_exception(told.get("exception")),
        limit=str(told.get("limit") or ""),
        status=status if isinstance(status, int) else None,
        seconds=seconds,
    )


def _exception(told: Any) -> ExceptionInfo | None:
    if not isinstance(told, dict):
        return None
    bases, line = told.get("bases"), told.get("line")
    return ExceptionInfo(
        str(told.get("cls", "")),
        str(told.get("message", "")),
        line if isinstance(line, int) else 0,
        str(told.get("cause", "")),
        tuple(str(name) for name in bases) if isinstance(bases, list | tuple) else (),
    )


def _is_whole(outcome: Outcome, is_closed: bool) -> bool:
    return is_closed and outcome.kind in ("returned", "raised", "exited")
