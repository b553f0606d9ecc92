"""Replayed states equal the real ones at every step: the recorder beside sys.settrace."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.compare import PROBE, compare, recorded, run

CASES = Path(__file__).parents[1] / "cases" / "tracing"
PROGRAMS = sorted(path.stem for path in CASES.glob("*.py") if path.stem != "fails")
VERSIONS = Path.home() / ".pyenv" / "versions"
OTHERS = [
    str(path / "bin" / "python")
    for path in sorted(VERSIONS.glob("3.*"))
    if path.name >= "3.1" or path.name >= "3.9"
]


def place(name: str, folder: Path) -> Path:
    """A copy of a case, so that what is written beside it goes away."""
    return Path(shutil.copy(CASES / f"{name}.py", folder))


@pytest.mark.parametrize("name", PROGRAMS)
def test_states_equal_those_of_settrace(name: str, tmp_path: Path) -> None:
    assert compare(place(name, tmp_path)) > 15


@pytest.mark.slow
@pytest.mark.parametrize(
    "python", [p for p in OTHERS if not p.split("/")[-3].startswith(("3.6", "3.7", "3.8"))]
)
@pytest.mark.parametrize("name", PROGRAMS)
def test_other_interpreters_record_the_same(name: str, python: str, tmp_path: Path) -> None:
    if name == "matching" and "/3.9." in python:
        pytest.skip("match came with 3.10")
    assert compare(place(name, tmp_path), "", python) > 15


def test_output_and_tracebacks_stay_as_they_were(tmp_path: Path) -> None:
    program = place("fails", tmp_path)
    alone = subprocess.run([sys.executable, program], capture_output=True, text=True, check=False)
    trace, done = recorded(program, "")
    assert done.stdout == alone.stdout
    assert done.stderr == alone.stderr
    assert "ValueError: outer" in alone.stderr
    assert trace.header.outcome.kind == "raised"


def test_a_killed_run_keeps_its_steps(tmp_path: Path) -> None:
    program = tmp_path / "killed.py"
    program.write_text(
        "import os, signal, time\nfor i in range(100):\n    x = i\n"
        "time.sleep(0.3)\nos.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = run("record.py", PROBE, program.with_suffix(".trace"), program, "")
    assert done.returncode == -9
    from codeassist.tracing.store import read

    trace = read(program.with_suffix(".trace"))
    assert not trace.header.complete
    assert len(trace.reader) == 204
    assert trace.reader.state(len(trace.reader), 0).variables["x"] == 99


def test_nothing_is_written_beside_the_program(tmp_path: Path) -> None:
    program = place("flow", tmp_path)
    recorded(program, "")
    assert sorted(os.listdir(tmp_path)) == ["flow.py", "flow.trace"]


RECURSION = """
import traceback

def down(n):
    return down(n + 1)

def walk(xs):
    xs.append(len(xs))
    walk(xs)

for f, arg in ((down, 0), (walk, [])):
    try:
        f(arg)
    except RecursionError:
        text = traceback.format_exc()
        lines = [line for line in text.splitlines() if "line" in line][:3]
        print("During" in text, "hooks" in text, text.splitlines()[-1][:40], lines)
"""


@pytest.mark.parametrize("detail", ["full", "exact"])
def test_the_recursion_limit_is_met_without_a_trace_of_the_recorder(detail: str, tmp_path: Path) -> None:
    program = tmp_path / "deep.py"
    program.write_text(RECURSION)
    alone = subprocess.run([sys.executable, program], capture_output=True, text=True, check=False)
    trace, done = recorded(program, "", detail=detail)
    assert alone.stdout.count("False False RecursionError") == 2
    assert done.stdout == alone.stdout
    statuses = {a.status for a in trace.reader.activations() if a.function.qualname != "<module>"}
    assert statuses == {"raised"}
