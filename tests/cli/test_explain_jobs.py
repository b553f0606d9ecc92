"""`explain --jobs`: other processes say the same, and what is remembered is not done again."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.command import codeassist

PROGRAM = """\
def total(xs):
    n = 0
    for x in xs:
        n += x
    return n


def biggest(xs: list[int]) -> int:
    best = xs[0]
    for x in xs:
        best = max(best, x)
    return best


def nothing(x):
    return x.no_such_attribute_anywhere
"""


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "prog.py"
    path.write_text(PROGRAM)
    return path


def test_two_processes_say_what_one_says(program: Path) -> None:
    words = ("explain", str(program), "--format", "json", "--no-cache")
    one, two = codeassist(*words), codeassist(*words, "--jobs", "2")
    assert one.status == two.status == 0, two.err
    assert two.out == one.out
    assert [found["function"] for found in two.json["explanations"]] == ["total", "biggest", "nothing"]


def test_what_is_remembered_is_not_done_again(program: Path) -> None:
    first = codeassist("explain", str(program), "--format", "json", "--jobs", "2")
    again = codeassist("explain", str(program), "--format", "json")
    assert again.out == first.out


def test_a_single_function_needs_no_process(program: Path) -> None:
    done = codeassist("explain", f"{program}::total", "--jobs", "4", "--format", "json", "--no-cache")
    assert done.status == 0
    assert len(done.json["explanations"]) == 1


def test_a_cluster_without_its_package_is_said(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "distributed", None)
    done = codeassist("explain", str(program), "--cluster", "tcp://127.0.0.1:1", "--no-cache")
    assert done.status == 2
    assert "codeassist[cluster]" in done.err
