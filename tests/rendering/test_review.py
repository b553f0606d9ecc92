"""A review in every format: valid, complete, and inert whatever the program is called."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from codeassist.messages import catalogue
from codeassist.records.program import Notice
from codeassist.records.report import Finding
from codeassist.records.review import FunctionVerdict, Review
from codeassist.rendering.review_view import FORMATS, render_review
from codeassist.reviewing.findings import RULES

SCHEMAS = Path(__file__).parents[2] / "codeassist" / "schemas"
FOUND = Finding(
    "new-exception", "error", "`f(0)` returned 1, now raises KeyError: 0", "/p/a b.py", 3, "f", True,
    {"call": "f(0)", "old": "1", "new": "KeyError: 0"}, 4, 3, 12, "0" * 32, (("/p/a b.py", 3, "x = 1"),),
)  # fmt: skip
REVIEW = Review(
    (FOUND, replace(FOUND, rule="breaks-caller", counterexample=None, flow=(), end_line=0)),
    (
        FunctionVerdict("f", "/p/a b.py", 2, "different", 12),
        FunctionVerdict("g", "/p/a b.py", 9, "same", 40, branches="same"),
    ),
    (Notice("merge", "a merge is going on"),),
    "what is staged", "/p", 1, version="0.1.0",
)  # fmt: skip
EMPTY = Review((), (), title="x", root="/p")
HOSTILE = "\x1b[31m\u202e::error::`|<img src=x onerror=alert(1)>\r\n::set-output name=a::b"


def text(review: Review, format: str) -> str:
    return "".join(render_review(review, format))


@pytest.mark.parametrize("review", [REVIEW, EMPTY])
def test_sarif_is_valid(review: Review) -> None:
    """By the models that were generated from the schema of SARIF 2.1.0; unknown properties are refused."""
    from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as Sarif

    Sarif.model_validate(json.loads(text(review, "sarif")))


def test_sarif_says_all_there_is_to_say() -> None:
    (run,) = json.loads(text(REVIEW, "sarif"))["runs"]
    result, bare = run["results"]
    location = result["locations"][0]["physicalLocation"]
    assert location["region"] == {"startLine": 3, "startColumn": 5, "endLine": 3, "endColumn": 13}
    assert location["artifactLocation"] == {"uri": "a%20b.py", "uriBaseId": "SRCROOT"}
    assert result["partialFingerprints"] == {"codeassistFinding/v1": "0" * 32}
    assert [r["id"] for r in run["tool"]["driver"]["rules"]] == ["breaks-caller", "new-exception"]
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    assert all(rule["help"]["text"] for rule in run["tool"]["driver"]["rules"])
    (steps,) = result["codeFlows"][0]["threadFlows"]
    assert steps["locations"][0]["location"]["message"]["text"] == "x = 1"
    assert set(bare["locations"][0]["physicalLocation"]["region"]) == {
        "startLine",
        "startColumn",
        "endLine",
        "endColumn",
    }
    assert "codeFlows" not in bare


def test_json_fits_its_schema() -> None:
    schema = json.loads((SCHEMAS / "review.json").read_text())
    for review in (REVIEW, EMPTY):
        jsonschema.validate(json.loads(text(review, "json")), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"format": "codeassist/review", "version": 1}, schema)


def test_github_lines() -> None:
    first, second, last = text(REVIEW, "github").splitlines()
    assert first == (
        "::error file=a b.py,line=3,endLine=3,col=5,endColumn=12,title=codeassist new-exception::"
        "`f(0)` returned 1, now raises KeyError: 0"
    )
    assert second.startswith("::error file=a b.py,line=3,title=codeassist breaks-caller::")
    assert last == "::debug::a merge is going on"
    many = replace(REVIEW, findings=(FOUND,) * 30, notices=())
    assert len(text(many, "github").splitlines()) == 10  # GitHub shows no more of one kind
    assert "21 more" in text(many, "github")


def test_markdown_is_a_comment_that_can_be_read() -> None:
    found = text(REVIEW, "markdown")
    assert "| `f(0)` | `1` | `KeyError: 0` |" in found
    assert "same results on 40 inputs, same branches" in found


@pytest.mark.parametrize("format", FORMATS)
def test_foreign_text_does_nothing(format: str) -> None:
    evil = replace(
        FOUND, message=HOSTILE, path=f"/p/{HOSTILE}", function=HOSTILE,
        counterexample={"call": HOSTILE, "old": HOSTILE, "new": HOSTILE},
        flow=((f"/p/{HOSTILE}", 1, HOSTILE),),
    )  # fmt: skip
    verdict = FunctionVerdict(HOSTILE, HOSTILE, 1, "unknown", reason=HOSTILE)
    found = text(Review((evil,), (verdict,), (Notice("x", HOSTILE, HOSTILE),), HOSTILE, "/p"), format)
    assert not {"\x1b", "\u202e", "\r"} & set(found)
    assert not any(line.startswith("::set-output") for line in found.splitlines())
    if format == "markdown":
        from markdown_it import MarkdownIt  # rich brings it

        assert "<img" not in MarkdownIt("commonmark").enable("table").render(found)


@pytest.mark.parametrize("lang", ["en", "zh-CN"])
def test_every_rule_has_a_text(lang: str) -> None:
    say = catalogue(lang)
    assert all(say(f"review.rule.{rule}") for rule in RULES)
