"""`pytest --codeassist-why`, in real runs of pytest on small projects."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

CODE = """\
def mean(xs):
    total = 0
    for x in xs:
        total += x
    return total // len(xs)
"""
TESTS = """\
import pytest
from calc import mean

@pytest.fixture
def pair():
    return [1, 2]

def test_fine():
    assert mean([2, 4]) == 3

class TestMean:
    @pytest.mark.parametrize("want", [1, 1.5])
    def test_mean(self, pair, want):
        assert mean(pair) == want

def test_raises():
    mean([])
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'calc'\nversion = '1'\n")
    (tmp_path / "calc.py").write_text(CODE)
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "conftest.py").write_text("import sys; sys.path.insert(0, '..')\n")
    (tmp_path / "tests" / "test_calc.py").write_text(TESTS)
    (tmp_path / "conftest.py").write_text("")
    return tmp_path


def run(folder: Path, *words: str) -> str:
    command = [sys.executable, "-m", "pytest", "--color=no", *words]
    env = {**os.environ, "PYTHONPATH": str(folder)}
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=120).stdout


def test_nothing_happens_and_nothing_is_loaded_unless_asked(project: Path) -> None:
    (project / "conftest.py").write_text(
        "import sys\ndef pytest_unconfigure():\n"
        "    print('LOADED', sorted(m for m in sys.modules if m.startswith('codeassist.')))\n"
    )
    told = run(project, "-s")
    assert "2 failed, 2 passed" in told
    assert "codeassist why" not in told
    assert "LOADED ['codeassist.pytest_plugin']" in told


def test_each_failure_is_told_back_to_its_birth(project: Path) -> None:
    told = run(project, "--codeassist-why", "tests")
    assert "2 failed, 2 passed" in told
    assert told.count("- codeassist why -") == 2
    mean, raises = told.split("- codeassist why -")[1:]
    assert "expected  1.5" in mean
    assert "got       1" in mean
    assert "return total // len(xs)" in mean
    assert "total = 0" in raises
    assert "ZeroDivisionError" in raises


def test_its_trace_is_kept_and_can_be_asked(project: Path) -> None:
    told = run(project, "--codeassist-why", "--codeassist-traces", "kept", "tests/test_calc.py::test_raises")
    assert "trace: codeassist trace --step kept" in told
    (saved,) = (project / "kept").iterdir()
    command = [
        sys.executable,
        "-m",
        "codeassist",
        "query",
        str(saved),
        "first total == 0",
        "--format",
        "json",
    ]
    assert '"function": "mean"' in subprocess.run(command, capture_output=True, text=True, timeout=60).stdout


def test_only_the_first_failures_are_run_again(project: Path) -> None:
    told = run(project, "--codeassist-why", "--codeassist-why-most", "1")
    assert told.count("where it comes from") == 1
    assert told.count("--codeassist-why-most N asks for more") == 1


def test_workers_send_it_too(project: Path) -> None:
    told = run(project, "--codeassist-why", "-n", "2")
    assert told.count("where it comes from") == 2


def test_what_cannot_be_recorded_is_one_line(project: Path) -> None:
    (project / "notes.txt").write_text(">>> 1 + 1\n3\n")
    told = run(project, "--codeassist-why", "--doctest-glob=*.txt", "notes.txt")
    assert "1 failed" in told
    section = told.split("- codeassist why -")[1]
    assert "Traceback" not in section
    assert "fault of codeassist" not in section
