"""Hostile programs and whether they were met: outcome, trace, time, leftovers, files."""

from __future__ import annotations

import ast
import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from codeassist.records.report import TraceView
from codeassist.records.run import Budget, Limits, Run
from codeassist.records.trace import Trace
from codeassist.records.values import literal
from codeassist.rendering.trace_view import render_trace
from codeassist.tracing import LocalRunner

FOLDER = Path(__file__).resolve().parents[1] / "cases" / "hostile"
LIMITS = Limits(time=1.0, memory=256 << 20, events=20_000, output=1_000_000)
SHOWN = 1_000
"""events up to which a trace is rendered in every format, and that are read of a longer one"""
TURNING = "\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
OVERSHOOT = 0.5
"""seconds that a run may take beyond its limit"""


@dataclass(frozen=True, slots=True)
class Program:
    """One function of a family; `expected` are outcomes of which any is good; `last` a line or 0."""

    family: str
    name: str
    path: Path
    expected: tuple[str, ...]
    last: int

    def __str__(self) -> str:
        return f"{self.family}-{self.name}"

    @property
    def call(self) -> str:
        """The expression that runs it."""
        return f"{self.name}()"


def families(folder: Path = FOLDER) -> list[Path]:
    """The files of the collection."""
    return sorted(folder.glob("*.py"))


def programs(folder: Path = FOLDER) -> list[Program]:
    """Every program of every family, as their docstrings tell."""
    return [program for path in families(folder) for program in _of_file(path)]


def _of_file(path: Path) -> Iterator[Program]:
    text = path.read_text(encoding="utf-8")
    lines = text.split("\n")
    for node in ast.parse(text).body:
        told = ast.get_docstring(node) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else None
        if told and "expect:" in told:
            expected = told.split("expect:")[1].strip()
            alternatives = tuple(part.strip() for part in expected.split(" or "))
            span = range(node.lineno, node.end_lineno + 1)
            last = next((n for n in span if lines[n - 1].endswith("# last")), 0)
            yield Program(path.stem, node.name, path, alternatives, last)


def run(program: Program, runner: LocalRunner, path: Path) -> tuple[Trace, float]:
    """Its trace and the seconds that it took, from the copy of its file at `path`."""
    started = time.monotonic()
    trace = next(iter(runner.run([Run(str(path), program.call, limits=LIMITS)], Budget(60))))
    return trace, time.monotonic() - started


def shortcomings(program: Program, trace: Trace, seconds: float) -> list[str]:
    """What a good tool would have done and this one did not."""
    told = describe(trace)
    found = []
    if not any(_matches(told, expected) for expected in program.expected):
        found.append(f"told {told!r} instead of {' or '.join(program.expected)}")
    if seconds > LIMITS.time + OVERSHOOT + 6.0:  # it hangs; how much is overshot is for the benchmark to say
        found.append(f"took {seconds:.2f} s")
    if trace.header.complete and trace.header.outcome.kind in ("died", "limit_reached", "bad_input"):
        found.append("says that it is complete")
    return found + _in_events(program, trace) + _as_shown(program, trace)


def _as_shown(program: Program, trace: Trace) -> list[str]:
    """What reaches a terminal or a file holds no control character and costs no exception."""
    assert trace.reader is not None
    if len(trace.reader) > SHOWN:
        return []
    lines = tuple(program.path.read_text(encoding="utf-8").split("\n"))
    view = TraceView(trace, {trace.header.run.path: lines})
    found = []
    for form in ("terminal", "markdown", "json", "jsonl"):
        try:
            text = "".join(render_trace(view, form))
        except Exception as error:
            found.append(f"cannot be shown as {form}: {type(error).__name__}: {error}")
            continue
        bad = sorted({c for c in text if is_control(c)})
        if bad:
            found.append(f"shown as {form} it holds {bad}")
    return found


def is_control(character: str) -> bool:
    """C0, C1 and what turns or splits text, except the end of a line."""
    code = ord(character)
    return (code < 32 and character != "\n") or 0x7F <= code < 0xA0 or character in TURNING


def _in_events(program: Program, trace: Trace) -> list[str]:
    assert trace.reader is not None
    try:
        tail = max(0, len(trace.reader) - SHOWN)
        lines = [event.line for event in trace.reader.events(tail) if event.kind == "line"]
    except Exception as error:
        return [f"the events cannot be read: {type(error).__name__}: {error}"]
    if program.last and (not lines or lines[-1] != program.last):
        return [f"the trace ends at line {lines[-1] if lines else None}, not at {program.last}"]
    return []


def describe(trace: Trace) -> str:
    """The outcome in the words of `expect:`."""
    outcome = trace.header.outcome
    detail = {
        "returned": lambda: literal(outcome.result),
        "raised": lambda: outcome.exception.cls if outcome.exception else "",
        "died": lambda: outcome.exception.cls if outcome.exception else "",
        "exited": lambda: str(outcome.status),
        "limit_reached": lambda: outcome.limit,
        "bad_input": lambda: outcome.exception.message if outcome.exception else "",
    }[outcome.kind]()
    return f"{outcome.kind} {detail}".strip()


def _matches(told: str, expected: str) -> bool:
    kind, _, detail = expected.partition(" ")
    return told == expected or (not detail and told.split(" ")[0] == kind)


def digest(folder: Path) -> str:
    """Names, modes, times and contents of everything below `folder`."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        info = path.lstat()
        total.update(f"{path.relative_to(folder)} {info.st_mode} {info.st_mtime_ns}".encode())
        if path.is_file():
            total.update(path.read_bytes())
    return total.hexdigest()
