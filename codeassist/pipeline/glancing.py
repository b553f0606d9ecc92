"""What an editor is shown at a glance: explanations and last runs, while the file is as it was."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from codeassist import pipeline
from codeassist.pipeline.explaining import explain
from codeassist.pipeline.keeping import Keeper
from codeassist.pipeline.recording import TraceOptions, trace
from codeassist.records.errors import CodeassistError
from codeassist.records.program import Module
from codeassist.records.report import Explanation
from codeassist.records.trace import Event
from codeassist.records.values import literal

SHOWN = 3
"""values of one line that are kept from either end"""
EVENTS = 20_000
"""events of a run that are looked at for the values beside the lines"""
VALUE = 40
"""characters of one value"""

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class LastRun:
    """The last run of a function: what was called, how it ended, and what each line stored."""

    call: str
    outcome: str
    events: int
    values: Mapping[tuple[str, int], tuple[str, ...]]
    """(path, line) -> what its steps stored, such as `total = 3`, the first and the last of them"""


@dataclass(slots=True)
class _File:
    stamp: tuple[int, int]
    explained: dict[str, Explanation] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    runs: dict[str, LastRun] = field(default_factory=dict)


class Glances:
    """Knows what has been found out, and finds out more in the background, one thing at a time."""

    def __init__(self, flags: Mapping[str, Any], run: bool = True) -> None:
        self.flags, self.run_allowed = dict(flags), run
        self.keeper = Keeper()
        self._files: dict[str, _File] = {}
        self._waiting: dict[Key, Future[None]] = {}
        self._worker = ThreadPoolExecutor(1, "codeassist")
        self._lock = Lock()

    def explanation(self, path: str, qualname: str) -> Explanation | None:
        """What is known of the function as the file is now; never waits."""
        return self._file(path).explained.get(qualname)

    def failure(self, path: str, qualname: str) -> str:
        """Why there is no explanation; empty where there is one, or nobody has tried."""
        return self._file(path).failed.get(qualname, "")

    def last_run(self, path: str, qualname: str) -> LastRun | None:
        """The last run of the function as the file is now."""
        return self._file(path).runs.get(qualname)

    def values(self, path: str) -> dict[int, tuple[str, ...]]:
        """Line -> what the last runs of the file's functions stored there."""
        runs = self._file(path).runs.values()
        return {line: told for run in runs for (place, line), told in run.values.items() if place == path}

    def later(self, path: str, qualname: str, then: Callable[[], None] | None = None) -> Future[None]:
        """Explain the function in the background, once however often it is asked for."""
        key = (path, qualname)
        with self._lock:
            waiting = self._waiting.get(key)
            if waiting is None or waiting.done():
                waiting = self._waiting[key] = self._worker.submit(self._explain, path, qualname, then)
        return waiting

    def run(self, path: str, qualname: str, call: str = "") -> LastRun:
        """Run the function recorded. Raises CodeassistError for what cannot be run."""
        return self._worker.submit(self._run, path, qualname, call).result()

    def work(self, job: Callable[[], None]) -> Future[None]:
        """Something else that must not run beside the rest."""
        return self._worker.submit(job)

    def close(self, patience: float = 0.0) -> bool:
        """Drop what waits, and give what is being done `patience` seconds; whether it ended."""
        last = self._worker.submit(lambda: None)
        for waiting in list(self._waiting.values()):
            waiting.cancel()
        ended = not wait([last], patience).not_done
        self._worker.shutdown(wait=False, cancel_futures=True)
        return ended

    def _file(self, path: str) -> _File:
        try:
            status = os.stat(path)
            stamp = (status.st_size, status.st_mtime_ns)
        except OSError:
            stamp = (0, 0)
        known = self._files.get(path)
        if known is None or known.stamp != stamp:
            known = self._files[path] = _File(stamp)
        return known

    def _explain(self, path: str, qualname: str, then: Callable[[], None] | None) -> None:
        file = self._file(path)
        if qualname in file.explained or qualname in file.failed:
            return
        try:
            with pipeline.session(path, **self.flags) as opened:
                options = pipeline.ExplainOptions(run=self.run_allowed)
                report = explain([f"{path}::{qualname}"], opened, options)
            file.explained.update({each.function.qualname: each for each in report.explanations})
        except CodeassistError as error:
            file.failed[qualname] = str(error)
        except Exception as error:  # a fault of ours must not end the worker of an editor
            file.failed[qualname] = f"a fault of codeassist: {type(error).__name__}: {error}"
        if then is not None:
            then()

    def _run(self, path: str, qualname: str, call: str) -> LastRun:
        file = self._file(path)
        with pipeline.session(path, **self.flags) as opened:
            view = trace(f"{path}::{qualname}", opened, TraceOptions(call=call))
            header, reader = view.trace.header, view.trace.reader
            events = len(reader) if reader is not None else 0
            values = _values(reader.events(0, min(events, EVENTS))) if reader is not None else {}
        outcome = header.outcome
        told = f"returned {literal(outcome.result, 80)}" if outcome.kind == "returned" else outcome.kind
        if outcome.exception is not None:
            told = f"{outcome.kind} {outcome.exception.cls}: {outcome.exception.message[:80]}"
        found = file.runs[qualname] = LastRun(header.run.call or qualname, told, events, values)
        return found


def _values(events: Any) -> dict[tuple[str, int], tuple[str, ...]]:
    """What each line stored or gave, the first few and the last few times."""
    told: dict[tuple[str, int], list[str]] = {}
    for event in events:
        text = _stored(event)
        if text:
            told.setdefault((event.function.path, event.line), []).append(text)
    return {place: _ends(texts) for place, texts in told.items()}


def _stored(event: Event) -> str:
    if event.kind in ("return", "yield"):
        return f"{event.kind}s {literal(event.value, VALUE)}"
    if event.kind == "call" and isinstance(event.value, dict):
        return ", ".join(f"{name} = {literal(value, VALUE)}" for name, value in event.value.items())
    kept = [change for change in event.changes if change.kind != "delete"]
    return ", ".join(f"{change.target} = {literal(change.value, VALUE)}" for change in kept[:SHOWN])


def _ends(texts: list[str]) -> tuple[str, ...]:
    if len(texts) <= 2 * SHOWN - 1:
        return tuple(texts)
    return (*texts[:SHOWN], "…", *texts[-SHOWN + 1 :])


def enclosing(module: Module, line: int) -> str:
    """The innermost function whose text holds the line; empty outside of all."""
    holding = [
        function
        for function in module.functions
        if function.kind not in ("module", "class", "lambda")
        and function.span.line <= line <= function.span.end_line
    ]
    return max(holding, key=lambda f: f.span.line).id.qualname if holding else ""
