"""Pages: what stands in them, what they may do, and that the parts of `explain` hold their runs."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from codeassist import pipeline
from codeassist.messages import catalogue, languages
from codeassist.pipeline.explaining import explain
from codeassist.pipeline.recording import walks
from codeassist.records.report import TraceView
from codeassist.rendering import html, viewer_data, viewer_page
from codeassist.rendering.viewer_pack import MANY_LONG, Packer, Texts, differences
from codeassist.rendering.viewer_page import render_html
from tests.support.paged import Paged, documents
from tests.support.runs import CALL, SEARCH, really_seen

SOURCES = Path(__file__).parents[2] / "viewer" / "src"


def test_the_policy_allows_nothing_but_the_page_itself() -> None:
    with really_seen(SEARCH, CALL) as view:
        page = "".join(render_html(view))
    assert "default-src &#x27;none&#x27;" in page
    assert "unsafe" not in page.split("<style>")[0]
    assert viewer_page.digest(viewer_page.script()).strip("'") in page
    told = re.sub(r"https?://www\.w3\.org/[\w/]+", "", page)
    assert not re.search(r"https?://\w", told)
    assert not re.search(r"(?:src|href)\s*=\s*[\"']?(?:https?:)?//", told)


def test_the_page_says_nothing_of_the_machine() -> None:
    with really_seen(SEARCH, CALL) as view:
        found = documents("".join(render_html(view)))
    assert found["whole"]["files"][0][0] == "prog.py"
    assert "/tmp" not in json.dumps(found)


def test_files_of_one_name_are_told_apart() -> None:
    names = viewer_data._names(["/a/b/x.py", "/a/c/x.py", "/a/c/y.py"])
    assert [*names.values()] == ["b/x.py", "c/x.py", "c/y.py"]


def test_a_run_without_events_has_a_page() -> None:
    with really_seen(SEARCH, CALL) as view:
        from dataclasses import replace

        empty = TraceView(replace(view.trace, reader=None))
        found = documents("".join(render_html(empty)))
    assert found["whole"]["kinds"] == []


def test_hostile_text_stays_inside_its_data() -> None:
    program = 'def f(x):\n    # </script><script>\n    y = "</script><b>\\u202e"\n    return y + x\n'
    with really_seen(program, 'f("<!--</script>")') as view:
        page = "".join(render_html(view))
        found = documents(page)
    assert page.count("</script>") == len(found) + 1
    assert "\u202e" not in page
    assert "\\u202e" in json.dumps(found).replace("\\\\", "\\")


def test_a_long_run_is_cut_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(viewer_data, "STRETCH", 10)
    monkeypatch.setattr(viewer_data, "MOST", 25)
    with really_seen("def f(n):\n    for i in range(n):\n        x = i\n", "f(40)") as view:
        whole = documents("".join(render_html(view)))["whole"]
    assert len(whole["kinds"]) == 20
    assert any("20" in note for note in whole["notes"])
    assert not whole["complete"]


def test_long_texts_are_cut_and_many_of_them_shorter() -> None:
    texts = Texts()
    first = texts.rows[texts.atom("a" * 5000)]
    assert len(first) == 400
    for n in range(MANY_LONG + 5):
        texts.atom(f"{n:0200d}")
    assert len(texts.rows[-1]) == 100


@pytest.mark.parametrize("value", [0, 1, -1, 7, 2**29, -(2**29), 2**30, -(2**40), 10**50])
def test_numbers_come_back(value: int) -> None:
    texts = Texts()
    page = Paged({"whole": {"texts": texts.rows, "placed": [], "activations": [], "threads": []}})
    assert page.text(Packer(texts).value(value)) == str(value)


def test_columns_are_differences() -> None:
    assert differences([]) == []
    assert differences([5, 7, 7, 2]) == [5, 2, 0, -5]


def test_every_label_of_the_viewer_is_there_in_every_language() -> None:
    text = "\n".join(path.read_text() for path in [*SOURCES.rglob("*.tsx"), *SOURCES.rglob("*.ts")])
    used = set(re.findall(r'\bsay\("([\w.]+)"', text)) | set(re.findall(r'"(search\.\w+)"', text))
    for lang in languages():
        labels = catalogue(lang).under("viewer.")
        assert used <= set(labels), lang
    assert len(used) > 40


def test_explain_holds_the_run_that_it_is_about(tmp_path: Path) -> None:
    path = tmp_path / "search.py"
    path.write_text(SEARCH)
    options = pipeline.ExplainOptions(calls=(CALL,))
    with pipeline.session(str(path), cache=False) as opened:
        report = walks(explain([f"{path}::search"], opened, options), opened)
        page = html.render(report)
    whole = documents(page)["whole"]
    assert whole["title"] == CALL
    assert {line for line, _, _ in whole["said"]} >= {4}
    assert "script-src &#x27;sha256-" in page


def test_a_report_without_runs_has_no_script(tmp_path: Path) -> None:
    path = tmp_path / "search.py"
    path.write_text(SEARCH)
    with pipeline.session(str(path), cache=False) as opened:
        report = explain([str(path)], opened, pipeline.ExplainOptions(run=False))
        assert walks(report, opened).runs == {}
        page = html.render(report)
    assert "<script" not in page
    assert "script-src" not in page
