"""Claims from Python: `verify` judges rows, `claims` asserts claims about one's own function in a test."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from codeassist.records.errors import UsageError

Row = Mapping[str, Any]


def verify(rows: Iterable[Row] | str | Path, **settings: Any) -> list[dict[str, Any]]:
    """One answer for each row of claims.md, in order: what `codeassist verify` prints.

    `rows` are mappings {"id", "code" or "path", "call", "claim"}, or the path of a JSONL file of them.
    `settings` are those of the command line (`sandbox="strict"`, `time_limit=5.0`).
    Raises UsageError for an unreadable file, ConsentError where nothing may run.
    """
    from codeassist import pipeline
    from codeassist.pipeline.judging import verify as judge
    from codeassist.verifying.rows import read_row, row_of

    if isinstance(rows, (str, Path)):
        try:
            lines = Path(rows).read_text(encoding="utf-8-sig", errors="replace").split("\n")
        except OSError as error:
            raise UsageError(f"cannot read {rows}: {error.strerror}") from None
        read = [read_row(line) for line in lines if line.strip()]
    else:
        read = [row_of(row) for row in rows]
    with pipeline.session(".", **settings) as opened:
        return list(judge(read, opened))


def claims(target: Callable[..., Any] | str, call: str, *claimed: Mapping[str, Any], **settings: Any) -> None:
    """Assert that every claim about `target` is verified by running `call` in its module.

    `target` is a function or `path.py::qualname`; a claim without `func` is about it. Anything refuted or
    unchecked fails with one line a claim: what was claimed, what the run showed, and where.

        def test_search():
            claims(search, "search([1, 3, 5], 3)", {"kind": "returns", "value": "1"})
    """
    __tracebackhide__ = True  # pytest shows the test's line, not this one
    path, func = _place(target)
    rows = [
        {"id": number, "path": path, "call": call, "claim": {"func": func, **claim}}
        for number, claim in enumerate(claimed)
    ]
    answers = verify(rows, **settings)
    failed = [
        _told(row["claim"], a) for row, a in zip(rows, answers, strict=True) if a["status"] != "verified"
    ]
    if failed:
        raise AssertionError(f"{call}\n" + "\n".join(failed))


def _place(target: Callable[..., Any] | str) -> tuple[str, str]:
    """File and qualified name, without `<locals>`."""
    if isinstance(target, str):
        path, _, func = target.partition("::")
        return path, func
    plain = inspect.unwrap(target)
    path = inspect.getsourcefile(plain) or ""
    return path, plain.__qualname__.replace(".<locals>", "")


def _told(claim: Any, answer: Mapping[str, Any]) -> str:
    said = ", ".join(f"{name}={value!r}" for name, value in claim.items() if name not in ("kind", "func"))
    witness = answer.get("witness") or {}
    where = f" at step {witness['step']}, line {witness['line']}" if witness.get("step") is not None else ""
    shown = f": the run shows {answer['actual']}" if answer.get("actual") else ""
    state = ", ".join(f"{name} = {text}" for name, text in (witness.get("state") or {}).items())
    beside = f" ({state})" if state else ""
    message = f": {answer['message']}" if answer.get("message") else ""
    return f"  {claim['kind']} {said}: {answer['status']}, {answer['reason']}{where}{shown}{beside}{message}"
