"""Records survive the way through JSON."""

from __future__ import annotations

import json

import pytest

from codeassist.records.answer import Annotation, Claim, Table, Verdict, Witness
from codeassist.records.codec import from_json, to_json
from codeassist.records.location import FunctionId
from codeassist.records.report import Explanation, Input, Report, SettledSection, SettledSentence, SourceLine

CLAIM = Claim("value", {"line": 3, "value": "[1]", "changes": {"a": ["0", None]}}, "c1", scope={"run": 2})
REPORT = Report(
    (
        Explanation(
            FunctionId("/a.py", "f"),
            1,
            "f(x)",
            SettledSentence("Doubles x.", ("c1",), "verified"),
            (SettledSection("cost", "Cost", (), (Table(("n",), (("1",),)),)),),
            (Annotation(2, "the middle"),),
            ((CLAIM, Verdict("c1", "verified", "decided", 3, witness=Witness(0, 4, 3, {"x": "1"}))),),
            (SourceLine(1, "def f(x):", 1),),
            (Input("f(1)", "doctest"),),
            complexity={"class": "n", "points": [[1, 2]]},
        ),
    )
)


def test_a_report_comes_back_the_same() -> None:
    assert from_json(json.loads(json.dumps(to_json(REPORT)))) == REPORT


@pytest.mark.parametrize(
    "document", [{"record": "Nothing", "fields": {}}, {"record": "Claim", "fields": {"x": 1}}, {}]
)
def test_a_foreign_document_is_refused(document: object) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        from_json(document)
