"""`trace`, `query` and `why` as a user types them: what cannot be used first, then what comes out."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest

from tests.support.command import codeassist
from tests.support.runs import CALL, SEARCH

TESTS = """\
import pytest
from prog import search, wrong


@pytest.mark.parametrize("xs, at", [([1, 2], 1), ([1, 2, 3], 2)])
def test_last(xs, at):
    assert wrong(xs) == at


def test_passes():
    assert search([1], 1) == (0, [0])
"""
WRONG = """

def wrong(xs):
    low = 0
    last = len(xs)
    if last > 2:
        last = last + 0
    else:
        last = last - 1
    return low + last
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "prog.py").write_text(SEARCH + WRONG)
    (tmp_path / "test_prog.py").write_text(TESTS)
    (tmp_path / "script.py").write_text("import sys\nprint(len(sys.argv))\nsys.exit(3)\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "words",
    [
        ["trace"],
        ["trace", "nope.py"],
        ["trace", "."],
        ["trace", "prog.py"],
        ["trace", "prog.py::nope"],
        ["trace", "prog.py", "--call", "search("],
        ["trace", "--", "nope.py"],
        ["trace", "--", "-m"],
        ["query", "prog.py", "frobnicate", "--call", CALL],
        ["query", "prog.py", "first low >", "--call", CALL],
        ["why", "nope.py::test"],
    ],
    ids=" ".join,
)
@pytest.mark.usefixtures("project")
def test_what_cannot_be_used_is_said_in_one_line(words: list[str]) -> None:
    done = codeassist(*words)
    assert (done.status, done.out) == (2, "")
    assert done.err.count("\n") == 1
    assert "Traceback" not in done.err


def test_bad_input_is_a_document_when_json_is_asked_for(project: Path) -> None:
    done = codeassist("trace", project / "prog.py", "--call", "search(", "--format", "json")
    assert done.status == 2
    assert (done.json["format"], done.json["outcome"]) == ("codeassist/trace", "bad_input")


def test_a_call_as_json(project: Path) -> None:
    done = codeassist("trace", project / "prog.py::search", "--call", CALL, "--format", "json")
    document = done.json
    jsonschema.validate(document, json.loads((files("codeassist.schemas") / "trace.json").read_text()))
    assert (done.status, document["outcome"], document["result"]) == (0, "returned", "(4, [2, 4])")
    assert document["complete"] is True
    assert document["sandbox"]


def test_a_program_that_raises_is_no_failure_of_ours(project: Path) -> None:
    done = codeassist("trace", project / "prog.py", "--call", "search([1], 7)", "--format", "json")
    assert (done.status, done.json["outcome"], done.json["exception"]) == (0, "raised", "KeyError: 7")


def test_a_script_has_its_own_arguments_and_status(project: Path) -> None:
    done = codeassist("trace", "--format", "json", "--", "script.py", "--format", "x")
    assert (done.status, done.json["outcome"]) == (0, "exited")
    assert "3" in done.json["exception"]
    assert "".join(o["text"] for o in done.json["output"]) == "3\n"
    assert str(project) in done.json["run"]["path"]


def test_saved_traces_answer_without_running(project: Path) -> None:
    saved = codeassist("trace", "prog.py", "--call", CALL, "--save", "run.trace")
    assert saved.status == 0
    assert saved.out.count("\n") == 1
    (project / "prog.py").rename(project / "away.py")
    assert codeassist("trace", "run.trace", "--format", "json").json["result"] == "(4, [2, 4])"
    assert codeassist("query", "run.trace", "when low changes", "--format", "json").json["count"] == 2
    assert codeassist("trace", "run.trace", "--call", "f()").status == 2


def test_an_answer_is_as_its_schema_says(project: Path) -> None:
    schema = json.loads((files("codeassist.schemas") / "answer.json").read_text())
    done = codeassist("query", project / "prog.py", "first low > 2", "--call", CALL, "--format", "json")
    jsonschema.validate(done.json, schema)
    match = done.json["matches"][0]
    assert (match["line"], match["function"], match["value"]) == (10, "search", "3")
    count = codeassist("query", project / "prog.py", "count line 5", "--call", CALL, "--format", "json")
    assert (count.json["count"], count.json["version"]) == (2, 1)


def test_why_tells_expected_got_and_the_chain(project: Path) -> None:
    done = codeassist("why", "test_prog.py::test_last[xs1-2]", "--format", "json")
    jsonschema.validate(done.json, json.loads((files("codeassist.schemas") / "answer.json").read_text()))
    assert (done.json["expected"], done.json["got"]) == ("2", "3")
    planted = SEARCH.count("\n") + WRONG.split("\n").index("        last = last + 0") + 1
    assert planted in [match["line"] for match in done.json["matches"]]
    assert done.json["first_difference"]["function"] == "wrong"


@pytest.mark.usefixtures("project")
def test_why_of_a_passing_test_says_so() -> None:
    done = codeassist("why", "test_prog.py::test_passes")
    assert done.status == 0
    assert "passed" in done.out


@pytest.mark.usefixtures("project")
def test_watched_expressions_are_shown_from_the_call_on() -> None:
    done = codeassist("trace", "prog.py", "--call", CALL, "--watch", "len(xs)", "--watch", "high - low")
    assert "len(xs) = 6" in done.out
    assert "high - low = 2" in done.out
