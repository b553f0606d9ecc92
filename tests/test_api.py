"""The Python API has the names of the commands and gives records."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import codeassist
from codeassist.records.errors import UsageError
from codeassist.records.report import Report

EXAMPLE = str(Path(__file__).resolve().parent.parent / "examples" / "gcd.py")


def test_the_public_names_are_these() -> None:
    assert dir(codeassist) == ["__version__", "call_graph", "claims", "explain", "review", "trace", "verify"]
    assert all(getattr(codeassist, name) for name in dir(codeassist))
    with pytest.raises(AttributeError, match="nothing"):
        getattr(codeassist, "nothing")  # noqa: B009


def test_the_package_itself_loads_nothing() -> None:
    code = "import sys, codeassist; print(any(m.startswith('codeassist.') for m in sys.modules))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "False"


def test_explain_gives_a_report() -> None:
    report = codeassist.explain(EXAMPLE, call="extended_gcd(12, 18)", cache=False)
    assert isinstance(report, Report)
    assert report.explanations[0].inputs[0].call == "extended_gcd(12, 18)"


def test_trace_can_be_read_inside_its_block() -> None:
    with codeassist.trace(f"{EXAMPLE}::extended_gcd", "extended_gcd(12, 18)") as view:
        assert view.trace.header.outcome.result == (6, -1, 1)
        assert view.trace.reader is not None
        assert next(event.kind for event in view.trace.reader.events()) == "call"


def test_call_graph_gives_edges() -> None:
    edges = codeassist.call_graph(str(Path(EXAMPLE).parent)).edges
    assert ("merge_sort.merge_sort", "merge_sort.merge") in {(edge.caller, edge.callee) for edge in edges}


def test_claims_and_verify() -> None:
    claim = {"kind": "returns", "func": "extended_gcd", "value": "(6, -1, 1)"}
    codeassist.claims(f"{EXAMPLE}::extended_gcd", "extended_gcd(12, 18)", claim)
    with pytest.raises(AssertionError, match="refuted"):
        codeassist.claims(f"{EXAMPLE}::extended_gcd", "extended_gcd(12, 18)", {**claim, "value": "7"})


def test_unusable_input_raises() -> None:
    with pytest.raises(UsageError):
        codeassist.explain("missing.py")
