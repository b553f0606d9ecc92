"""What stands above and below a trace: the call, how it ended, where it ran, what is missing."""

from __future__ import annotations

from codeassist.records.report import TraceView
from codeassist.records.run import Run
from codeassist.records.text import inert
from codeassist.records.trace import ExceptionInfo, Outcome, TraceHeader
from codeassist.records.values import literal

_ORIGINS = {
    "doctest": "from the docstring",
    "main": "from the main guard",
    "test": "from a test",
    "saved": "from saved inputs",
    "generated": "a generated input",
}


def title(view: TraceView) -> tuple[str, tuple[str, str]]:
    """What was run, and how it ended with the style of that."""
    header = view.trace.header
    outcome = header.outcome
    is_good = outcome.kind == "returned" or outcome.kind == "exited" and not outcome.status
    style = "returns" if is_good else "raises"
    return inert(described(header.run)), (ending(header.outcome), style)


def described(run: Run) -> str:
    """The run in one line, as its user would type it."""
    if run.call:
        return " ".join(line.strip() for line in run.call.split("\n"))
    if run.test:
        return run.test
    name = f"-m {run.module}" if run.module else run.path.rpartition("/")[2]
    return " ".join([name, *(run.argv or ())])


def ending(outcome: Outcome) -> str:
    """`returned 4`, `raised KeyError: 9`, `stopped by the limit of time`."""
    if outcome.kind == "returned":
        return inert(f"returned {literal(outcome.result, 200)}")
    if outcome.kind == "limit_reached":
        return f"stopped by the limit: {inert(outcome.limit)}"
    text = f"with status {outcome.status}" if outcome.kind == "exited" else exception_text(outcome)
    return inert(f"{outcome.kind.replace('_', ' ')} {text}".strip())


def exception_text(outcome: Outcome) -> str:
    """Class and message; a death's signal, an exit's status; a cause is named too."""
    info = outcome.exception
    if info is not None:
        return exception_words(info)
    if outcome.kind == "exited":
        return f"with status {outcome.status}"
    if outcome.kind == "died":
        return f"by {_signal(outcome.status)}" if outcome.status else "without a word"
    return ""


def exception_words(info: ExceptionInfo) -> str:
    """`KeyError: 9`, and the exception it came from."""
    text = f"{info.cls}: {info.message}" if info.message else info.cls
    return f"{text} (from {info.cause})" if info.cause else text


def _signal(number: int | None) -> str:
    import signal

    try:
        return signal.Signals(abs(number or 0)).name
    except ValueError:
        return f"signal {number}"


def subtitle(view: TraceView) -> str:
    """Files, number of steps, interpreter, origin of the input."""
    header, reader = view.trace.header, view.trace.reader
    names = [path.rpartition("/")[2] for path in view.sources] or [header.run.path.rpartition("/")[2]]
    files = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    count = 0 if reader is None else len(reader)
    parts = [files, f"{count:,} event{'s' * (count != 1)}"]
    if header.python:
        parts.append(f"Python {header.python.split()[0]}")
    if header.run.origin in _ORIGINS:
        parts.append(_ORIGINS[header.run.origin])
    return inert(" · ".join(parts))


def closing(view: TraceView) -> list[tuple[str, str]]:
    """Lines below the trace, with their styles: what is missing and why."""
    header = view.trace.header
    lines = [(f"note: {notice.message}", "dim") for notice in view.notices]
    lines += [(f"note: {text}", "dim") for text in header.notices]
    if not header.complete:
        lines.append(
            ("incomplete: the run was cut off, so what is not seen here may still have happened", "raises")
        )
    lines += [(text, "dim") for text in open_layers(header)]
    return lines


def open_layers(header: TraceHeader) -> list[str]:
    """One line for the layers of the sandbox that were off."""
    off = [
        f"{name} ({layer.reason})" if layer.reason else name
        for name, layer in header.sandbox.items()
        if not layer.on
    ]
    return [f"sandbox: {', '.join(off)} off"] if off else []
