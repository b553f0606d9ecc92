"""Trace files: a probe's log, with one line of the host's about the run that it shows."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

from codeassist.records.errors import CodeassistError, TraceError
from codeassist.records.run import Limits, Run
from codeassist.records.trace import ExceptionInfo, Layer, Outcome, Trace, TraceHeader
from codeassist.tracing.decode import document
from codeassist.tracing.log import Log, open_log
from codeassist.tracing.reader import Reader

_SMALL = 2 << 20
"""bytes of a log that is replayed at once, to compare its end with the true contents"""


def doubt(trace: Trace) -> str:
    """Why the quick recording of a run cannot be trusted; then it is made again, comparing every object."""
    reader = trace.reader
    if not isinstance(reader, Reader):
        return ""
    told = (reader.log.footer or {}).get("doubt")
    if told:
        return str(told)
    return reader.mistrust() if reader.log.size() <= _SMALL else ""


def is_shorter(trace: Trace, events: int) -> bool:
    """Whether a trace has fewer than `events` events; a long log is not read for that."""
    reader = trace.reader
    if reader is None:
        return True
    if isinstance(reader, Reader) and reader.log.size() > 1000 * events:
        return False
    return len(reader) < events


def read(path: str | Path) -> Trace:
    """Open a trace file. Nothing is replayed until it is asked; raises TraceError for a stranger's junk."""
    log = open_log(path)
    host = log.host or {}
    try:
        run = _run(host.get("run"), log)
        sandbox = {
            str(k): Layer(bool(v["on"]), str(v["reason"])) for k, v in dict(host.get("sandbox", {})).items()
        }
    except (TypeError, KeyError, ValueError, AttributeError, OverflowError) as error:
        raise TraceError(f"{path}: what is said of the run does not fit", slug="damaged-trace") from error
    known = host.get("outcome")
    outcome = decode_outcome(known) if isinstance(known, dict) else None
    return trace_of(log, run, sandbox=sandbox, outcome=outcome)


def trace_of(
    log: Log,
    run: Run,
    *,
    sandbox: Mapping[str, Layer] | None = None,
    outcome: Outcome | None = None,
    notices: tuple[str, ...] = (),
) -> Trace:
    """The trace of a log. `outcome` is the host's own, where it knows better than the log's footer."""
    footer = log.footer or {}
    if outcome is None:
        told = footer.get("outcome")
        outcome = decode_outcome(told) if isinstance(told, dict) else Outcome("died")
    complete = bool(footer.get("complete")) and not log.damaged and outcome.kind in _WHOLE
    said = tuple(str(notice) for notice in footer.get("notices", ()))
    damage = (log.damaged,) if log.damaged else ()
    header = TraceHeader(
        run,
        outcome,
        complete,
        str(log.header.get("python", "")),
        dict(sandbox or {}),
        1,
        said + damage + notices,
    )
    return Trace(header, Reader(log))


_WHOLE = ("returned", "raised", "exited")


def decode_outcome(told: Mapping[str, Any]) -> Outcome:
    """The outcome as the probe's footer (or the host) wrote it."""
    try:
        result = document(told["result"]) if told.get("result") is not None else None
    except CodeassistError:
        result = None
    status, seconds = told.get("status"), told.get("seconds", 0.0)
    return Outcome(
        str(told.get("kind", "died")),
        result,
        _exception(told.get("exception")),
        str(told.get("limit") or ""),
        status if isinstance(status, int) else None,
        float(seconds) if isinstance(seconds, (int, float)) else 0.0,
    )


def _exception(told: Any) -> ExceptionInfo | None:
    if not isinstance(told, dict):
        return None
    line = told.get("line", 0)
    bases = told.get("bases", ())
    return ExceptionInfo(
        str(told.get("cls", "")),
        str(told.get("message", "")),
        line if isinstance(line, int) else 0,
        str(told.get("cause", "")),
        tuple(map(str, bases)) if isinstance(bases, (list, tuple)) else (),
    )


def _run(told: Any, log: Log) -> Run:
    """The run as saved, or as much as the log itself shows."""
    if not isinstance(told, dict):
        path = log.sites[0].function.path if log.sites else ""
        return Run(path)
    known = {f.name for f in fields(Run)}
    values: dict[str, Any] = {
        name: tuple(value) if type(value) is list else value for name, value in told.items() if name in known
    }
    limits = Limits(**{name: _number(value) for name, value in values.get("limits", {}).items()})
    run = Run(**{"path": "", **values, "limits": limits})
    for name, like in asdict(Run("", argv=())).items():
        _same_kind(getattr(run, name), () if name == "argv" else like, name)
    return run


def _number(value: Any) -> Any:
    if type(value) not in (int, float) or not math.isfinite(value):
        raise ValueError("a limit is no number")
    return value


def _same_kind(value: Any, like: Any, name: str) -> None:
    """ValueError where a stranger's file has another kind of value than a run has."""
    kind = (Limits, dict) if isinstance(like, dict) else type(like)
    if value is None and name == "argv":
        return
    if not isinstance(value, kind) or (isinstance(value, tuple) and not all(type(v) is str for v in value)):
        raise ValueError(f"{name} of a run is of another kind")


def save(trace: Trace, path: str | Path) -> None:
    """Write a trace file: the log as the probe wrote it, its chunks compressed, and a line about the run."""
    reader = trace.reader
    if not isinstance(reader, Reader):
        raise TraceError("this trace holds no events to save")
    try:
        with open(path, "wb") as file:
            for part in reader.log.compressed():
                file.write(part)
            file.write(_host_line(trace.header, reader.log))
    except OSError as error:
        raise TraceError(f"cannot write {path} ({error.strerror})") from error


def _host_line(header: TraceHeader, log: Log) -> bytes:
    sandbox = {name: asdict(layer) for name, layer in header.sandbox.items()}
    host: dict[str, Any] = {
        "run": asdict(replace(header.run, overlay=dict(header.run.overlay))),
        "sandbox": sandbox,
    }
    if log.footer is None:
        outcome = header.outcome
        exception = asdict(outcome.exception) if outcome.exception else None
        host["outcome"] = {
            "kind": outcome.kind,
            "limit": outcome.limit,
            "status": outcome.status,
            "seconds": outcome.seconds,
            "exception": exception,
        }
    return (json.dumps({"host": host}) + "\n").encode("ascii")
