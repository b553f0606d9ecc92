"""Judging a program by the oracle's trace, as tests want it: texts in, verdicts out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from codeassist import parsing
from codeassist.records.answer import Verdict
from codeassist.records.trace import Trace
from codeassist.verifying.judge import Court
from codeassist.verifying.rows import claim_of
from tests.support.oracle import oracle_trace


def court(code: str, *calls: str, traces: Sequence[Trace] = (), **more: Any) -> Court:
    """A court on the runs of `calls` (or on `traces`)."""
    module = parsing.parse(parsing.read_source("prog.py", code))
    runs = list(traces) or [oracle_trace(code, call, path="prog.py") for call in calls]
    return Court(runs, {"prog.py": module}, **more)


def verdicts(code: str, call: str, claims: Sequence[dict[str, Any]]) -> list[Verdict]:
    """The verdicts on claims about one run."""
    bench = court(code, call)
    return [bench.verdict(claim_of(claim)) for claim in claims]


def verdict(code: str, call: str, claim: dict[str, Any]) -> str:
    """`status reason` of one claim."""
    found = verdicts(code, call, [claim])[0]
    return f"{found.status} {found.reason}"
