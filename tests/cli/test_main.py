"""Bad input is one line and status 2; help is everywhere."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from codeassist.cli.main import COMMANDS
from tests.support.command import codeassist

GOOD = "def double(x):\n    return x * 2\n"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "good.py").write_text(GOOD)
    return tmp_path


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str) -> None:
    done = codeassist(name, "--help")
    assert done.status == 0
    assert done.out.startswith("Usage: codeassist ")


BAD = [
    ["nonsense"],
    ["expalin", "good.py"],
    ["explain"],
    ["explain", "missing.py"],
    ["explain", "godo.py"],
    ["explain", "good.py::duoble"],
    ["explain", "good.py", "--format", "sarif3"],
    ["explain", "good.py", "--time-limit", "-1"],
    ["explain", "good.py", "--memory-limit", "lots"],
    ["explain", "good.py", "--sandbox", "paper"],
    ["explain", "good.py", "--backend", "nobody"],
    ["explain", "good.py", "--call", "double("],
    ["explain", "good.py", "--output", "no/such/folder/x"],
    ["explain", "empty"],
    ["explain", "binary.py"],
    ["explain", "broken.py"],
    ["explain", "fifo.py"],
    ["explain", "/dev/null/x.py"],
    ["explain", "/dev/zero"],
    ["trace", "missing.py::f"],
    ["trace", "good.py::nothing"],
    ["graph", "missing.py"],
    ["graph", "empty"],
    ["verify", "missing.jsonl"],
    ["complexity", "good.py::nothing"],
    ["query", "missing.trace", "max depth"],
    ["schema", "nothing"],
]


@pytest.mark.parametrize("words", BAD, ids=" ".join)
def test_unusable_input_is_one_line_and_status_2(place: Path, words: list[str]) -> None:
    (place / "empty").mkdir()
    (place / "binary.py").write_bytes(bytes(range(256)) * 20)
    (place / "broken.py").write_text("def f(:\n")
    os.mkfifo(place / "fifo.py")
    done = codeassist(*words)
    assert done.status == 2
    assert done.out == ""
    assert len(done.err.strip().splitlines()) == 1
    assert done.err.startswith("codeassist: ")


@pytest.mark.parametrize(
    ("word", "near"), [("expalin", "explain"), ("good.py::duoble", "double"), ("godo.py", "good.py")]
)
def test_a_near_name_is_offered(place: Path, word: str, near: str) -> None:
    done = codeassist(*([word] if word == "expalin" else ["explain", word]))
    assert near in done.err


@pytest.mark.parametrize(
    ("command", "kind"), [("explain", "report"), ("trace", "trace"), ("complexity", "complexity")]
)
def test_with_json_the_document_says_bad_input(place: Path, command: str, kind: str) -> None:
    done = codeassist(command, "missing.py::f", "--format", "json")
    assert done.status == 2
    assert json.loads(done.out)["outcome"] == "bad_input"
    assert json.loads(done.out)["format"] == f"codeassist/{kind}"


def test_control_characters_of_a_name_do_not_reach_the_terminal(place: Path) -> None:
    done = codeassist("explain", "\x1b[31mred\u202e.py")
    assert "\x1b" not in done.err
    assert "\u202e" not in done.err


def test_the_schemas_are_json() -> None:
    kinds = codeassist("schema").out.split()
    assert {"claims", "trace", "answer"} <= set(kinds)
    for kind in kinds:
        assert json.loads(codeassist("schema", kind).out)["$schema"]
