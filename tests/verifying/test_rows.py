"""Rows of verify: whatever comes in, a row comes out."""

from __future__ import annotations

import json

import pytest

from codeassist.verifying.fields import KINDS, schema
from codeassist.verifying.rows import answered, read_row

GOOD = {
    "id": "a",
    "code": "def f(): pass",
    "call": "f()",
    "claim": {"kind": "returns", "func": "f", "value": "None"},
}

BAD = [
    "", "garbage", "[1]", "3", "null", '"text"', "{}", "[" * 100_000, '{"id": NaN', "9" * 5000,
    json.dumps({**GOOD, "path": "x.py"}), json.dumps({**GOOD, "code": None}), json.dumps({**GOOD, "code": 5}),
    json.dumps({**GOOD, "call": None}), json.dumps({**GOOD, "claim": "x"}), json.dumps({**GOOD, "claim": {}}),
    json.dumps({**GOOD, "claim": {"kind": 5}}), json.dumps({**GOOD, "claim": [1]}),
]  # fmt: skip


@pytest.mark.parametrize("text", BAD, ids=[text[:20] for text in BAD])
def test_a_bad_row_is_a_row_with_a_fault(text: str) -> None:
    assert read_row(text).fault


def test_a_good_row_keeps_its_claim() -> None:
    row = read_row(json.dumps(GOOD))
    assert not row.fault
    assert row.claim is not None
    assert row.claim.fields == {"func": "f", "value": "None"}


def test_what_prints_says_is_its_own_field() -> None:
    row = read_row(json.dumps({**GOOD, "claim": {"kind": "prints", "func": "f", "text": ""}}))
    assert row.claim is not None
    assert row.claim.fields == {"func": "f", "text": ""}
    assert row.claim.text == ""


def test_ids_that_are_no_ids_are_dropped() -> None:
    assert read_row(json.dumps({**GOOD, "id": {"a": 1}})).id is None
    assert read_row(json.dumps({**GOOD, "id": 7})).id == 7


def test_the_schema_that_ships_is_the_one_that_is_checked() -> None:
    from importlib.resources import files

    shipped = json.loads((files("codeassist.schemas") / "claims.json").read_text(encoding="utf-8"))
    assert shipped == schema()
    assert {one["properties"]["kind"]["const"] for one in shipped["oneOf"]} == set(KINDS)


def test_the_schema_accepts_the_pages_claims() -> None:
    import re
    from pathlib import Path

    import jsonschema

    page = (Path(__file__).parent.parent / "cases" / "claims" / "search.md").read_text(encoding="utf-8")
    validator = jsonschema.Draft202012Validator(schema())
    for text in re.findall(r"^(?:verified|refuted) \S+ (\{.*\})$", page, re.M):
        validator.validate(json.loads(text))
    assert not validator.is_valid({"kind": "returns", "func": "f"})
    assert not validator.is_valid({"kind": "beauty", "func": "f"})


def test_an_answer_is_strict_json() -> None:
    from codeassist.records.answer import Verdict, Witness

    row = read_row(json.dumps(GOOD))
    verdict = Verdict("a", "refuted", "wrong-value", 1, True, Witness(0, 1, 1, {"x": "\x1b[31m"}), "nan")
    text = json.dumps(answered(row, verdict), allow_nan=False)
    assert json.loads(text)["witness"] == {"run": 0, "step": 1, "line": 1, "state": {"x": "\x1b[31m"}}
