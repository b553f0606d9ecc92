"""A report in every format: inert, strict, within the width, and as the golden files have it."""

from __future__ import annotations

import json
import os
import re
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest

from codeassist.records.answer import Claim, Table, Verdict
from codeassist.records.location import FunctionId
from codeassist.records.program import CallEdge, CallGraph, Notice
from codeassist.records.report import (
    Explanation,
    Overview,
    OverviewEntry,
    Report,
    SettledSection,
    SettledSentence,
    SourceLine,
)
from codeassist.rendering.report import FORMATS, render_report
from codeassist.rendering.trace_terminal import cells
from tests.support.telling import explain, module_of

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden" / "report"
REWRITE = os.environ.get("REWRITE_GOLDEN") == "1"
HOSTILE = (
    "\x1b[31mred\x07\x9b2J\u202eevil\u2066 <script>alert(1)</script> | `x` ](http://e) \x7f\n"
    "# top {c1.value} ```"
)


def hostile_report() -> Report:
    """Foreign text in every place where it can stand."""
    sentence = SettledSentence(HOSTILE, ("c1",), "verified")
    table = Table((HOSTILE, "b"), ((HOSTILE, HOSTILE),), (("c1",),), HOSTILE)
    plain = Table(("", ""), ((HOSTILE, HOSTILE),), (("c1",),))
    chart = Table(("mermaid",), (("flowchart TD\n    n0",),))
    function = FunctionId(f"/tmp/{HOSTILE}.py", HOSTILE)
    claim = Claim("value", {"func": HOSTILE, "line": 1, "expr": "x", "value": repr(HOSTILE)}, "c1")
    return Report(
        (
            Explanation(
                function=function,
                line=1,
                signature=HOSTILE,
                summary=sentence,
                sections=(SettledSection("contract", HOSTILE, (sentence,), (table, plain, chart)),),
                annotations=(),
                claims=((claim, Verdict("c1", "verified", "decided", 3)),),
                source=(SourceLine(1, HOSTILE.replace("\n", " "), 1), SourceLine(2, "  pass", None)),
                algorithm={"name": HOSTILE, "confidence": float("inf")},
            ),
        ),
        Overview(
            HOSTILE,
            HOSTILE,
            (HOSTILE,),
            (OverviewEntry(function, 1, HOSTILE),),
            CallGraph({HOSTILE: function}, (CallEdge(HOSTILE, HOSTILE),)),
        ),
        (Notice("does-not-parse", HOSTILE, HOSTILE, 3),),
    )


def controls(text: str, allowed: str) -> list[str]:
    return [c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp") and c not in allowed]


@pytest.mark.parametrize("format", FORMATS)
def test_no_control_or_direction_character_gets_through(format: str) -> None:
    assert controls(render_report(hostile_report(), format, color=False), "\n") == []


def test_with_colour_the_only_control_sequences_are_our_own() -> None:
    text = render_report(hostile_report(), "terminal", color=True)
    assert controls(re.sub(r"\x1b\[[0-9;]*m", "", text), "\n") == []
    assert "\x1b[31m" not in text


def test_markdown_of_hostile_text_holds_no_markup_of_its_own() -> None:
    text = render_report(hostile_report(), "markdown")
    outside = re.sub(r"(?ms)^(`{3,})\w*\n.*?^\1$|(`+)(?!`).*?(?<!`)\2(?!`)", "", text)
    assert not re.search(r"(?<!\\)<script", outside)
    assert not re.search(r"(?<!\\)\]\(http", outside)
    assert not re.search(r"(?m)^# top", text)


def test_html_holds_no_markup_of_the_program_and_nothing_from_elsewhere(search: Explanation) -> None:
    from html.parser import HTMLParser

    tags: list[tuple[str, dict[str, str | None]]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            tags.append((tag, dict(attrs)))

    for report in (hostile_report(), Report((search,))):
        Reader().feed(render_report(report, "html"))
    assert {tag for tag, _ in tags} & {"script", "iframe", "img", "link", "a", "object", "form"} == set()
    assert not any(name in ("src", "href", "style") or name.startswith("on") for _, a in tags for name in a)
    assert any(a.get("http-equiv") == "Content-Security-Policy" for _, a in tags)
    assert any(a.get("class") == "mark verified" for _, a in tags)


def test_json_is_strict_and_ascii() -> None:
    text = render_report(hostile_report(), "json")
    document = json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))
    assert text.isascii()
    assert list(document)[:2] == ["format", "version"]
    assert (document["format"], document["version"]) == ("codeassist/report", 1)
    assert document["explanations"][0]["function"] == HOSTILE


@pytest.fixture
def search(tmp_path: Path) -> Explanation:
    text = (ROOT / "examples" / "binary_search.py").read_text(encoding="utf-8")
    calls = ["binary_search([1, 3, 5, 7, 9, 11], 9)", "binary_search([1, 3, 5], 4)", "binary_search([], 1)"]
    found = explain(module_of(tmp_path, text, "binary_search.py"), "binary_search", calls)
    return replace(found, function=FunctionId("binary_search.py", "binary_search"))


def test_json_fits_the_schema_that_ships(search: Explanation) -> None:
    import jsonschema

    schema = json.loads((ROOT / "codeassist" / "schemas" / "report.json").read_text(encoding="utf-8"))
    for report in (Report(()), Report((search,)), hostile_report()):
        jsonschema.validate(json.loads(render_report(report, "json")), schema)


def test_json_has_every_field_of_the_public_face(search: Explanation) -> None:
    document = json.loads(render_report(Report((search,)), "json"))
    (told,) = document["explanations"]
    assert told.keys() >= {
        "function", "path", "line", "summary", "sections", "annotations", "claims", "complexity",
        "algorithm", "inputs", "limits",
    }  # fmt: skip
    assert document.keys() >= {"explanations", "overview", "notices"}
    ids = {claim["id"] for claim in told["claims"]}
    sentences = [sentence for section in told["sections"] for sentence in section["sentences"]]
    assert {sentence["status"] for sentence in sentences} <= {"verified", "unchecked", "opinion"}
    assert all(set(sentence["claims"]) <= ids for sentence in sentences)
    assert all({"kind", "func", "verdict"} <= claim.keys() for claim in told["claims"])
    assert all({"status", "reason", "runs", "witness"} <= claim["verdict"].keys() for claim in told["claims"])
    assert told["inputs"][0] == {"call": "binary_search([1, 3, 5, 7, 9, 11], 9)", "from": "call"}


@pytest.mark.parametrize("width", [48, 72, 100, 160])
def test_no_line_is_wider_than_the_terminal(search: Explanation, width: int) -> None:
    lines = render_report(Report((search,)), "terminal", width=width).splitlines()
    assert max(cells(line) for line in lines) <= width


def test_opinions_are_left_out_unless_asked_for(search: Explanation) -> None:
    opinion = SettledSentence("It is elegant.", (), "opinion")
    loud = replace(search, sections=(SettledSection("why", "Why", (opinion,)),))
    assert "elegant" not in render_report(Report((loud,)), "terminal")
    assert "elegant" not in render_report(Report((loud,)), "json")
    assert re.search(r"elegant\. +opinion", render_report(Report((loud,)), "terminal", opinions=True))


def test_an_unchecked_sentence_never_carries_a_tick(search: Explanation) -> None:
    claim = Claim("post", {"func": "f", "expr": "result"}, "c1")
    doubted = replace(
        search,
        summary=SettledSentence("It may be so.", ("c1",), "unchecked"),
        sections=(),
        claims=((claim, Verdict("c1", "unchecked", "not-run")),),
        annotations=(),
    )
    told = render_report(Report((doubted,)), "terminal")
    assert "✓" not in told
    assert re.search(r"It may be so\. +\? not run", told)


def test_a_refuted_summary_gives_way_to_the_next_sentence(search: Explanation) -> None:
    empty = replace(search, summary=SettledSentence("", (), "unchecked"))
    document = json.loads(render_report(Report((empty,)), "json"))
    assert document["explanations"][0]["summary"].startswith("Return the index of `target`")


def test_only_the_heaviest_functions_are_shown_beside_an_overview(search: Explanation) -> None:
    many = tuple(replace(search, signature=f"f{n}()", weight=float(n)) for n in range(9))
    report = Report(many, Overview("prog.py", "", (), ()))
    few, all_ = (render_report(report, "terminal", show_all=show) for show in (False, True))
    assert [f"f{n}()" in few for n in range(9)] == [False] * 3 + [True] * 6
    assert all(f"f{n}()" in all_ for n in range(9))


CASES = [("en", "terminal"), ("en", "markdown"), ("en", "json"), ("zh-CN", "terminal"), ("zh-CN", "markdown")]


@pytest.mark.parametrize(("lang", "format"), CASES)
def test_binary_search_reads_as_the_golden_file(tmp_path: Path, lang: str, format: str) -> None:
    text = (ROOT / "examples" / "binary_search.py").read_text(encoding="utf-8")
    calls = ["binary_search([1, 3, 5, 7, 9, 11], 9)", "binary_search([1, 3, 5], 4)", "binary_search([], 1)"]
    module = module_of(tmp_path, text, "binary_search.py")
    told = explain(module, "binary_search", calls, lang=lang)
    told = replace(told, function=FunctionId("binary_search.py", "binary_search"))
    actual = render_report(Report((told,), lang=lang), format)
    compare(f"binary_search.{lang}.{format}", actual)


def compare(name: str, actual: str) -> None:
    """Compare with the golden file; REWRITE_GOLDEN=1 accepts what there is now."""
    path = GOLDEN / name
    if REWRITE:
        path.write_text(actual, encoding="utf-8")
    (GOLDEN.parent / f"{name}.actual").unlink(missing_ok=True)
    if actual != path.read_text(encoding="utf-8"):
        (GOLDEN.parent / f"{name}.actual").write_text(actual, encoding="utf-8")
    assert actual == path.read_text(encoding="utf-8")
