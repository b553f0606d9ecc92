"""Many calls of one target in one job: each is observed, whatever the others do to the process."""

from __future__ import annotations

from pathlib import Path

import pytest

from codeassist.records.run import Budget, Limits, Run
from codeassist.records.trace import Observation
from codeassist.tracing import LocalRunner
from codeassist.tracing.interpreters import choose
from codeassist.tracing.observing import read_observations

PROGRAM = """
TOTAL = 0
class Box:
    def __init__(self, item):
        self.item = item
def add(xs, x):
    global TOTAL
    TOTAL += 1
    print("adding", x)
    xs.append(x)
    return xs
def count(n):
    while n:
        yield n
        n -= 1
"""
KEEP = "__codeassist_keep__"


@pytest.fixture
def path(tmp_path: Path) -> str:
    (tmp_path / "program.py").write_text(PROGRAM)
    return str(tmp_path / "program.py")


def observe(path: str, *calls: str, together: int = 10, **rest: object) -> list[Observation]:
    run = Run(
        path, calls=calls, together=together, detail="outcome", limits=Limits(time=0.5, events=2_000), **rest
    )  # type: ignore[arg-type]
    with LocalRunner(root=str(Path(path).parent)) as runner:
        (trace,) = runner.run([run], Budget(60))
    return list(trace.observations)


def test_what_a_caller_can_observe(path: str) -> None:
    add, box, items = observe(
        path, f"add({KEEP}([1]), 2)", "Box([1])", "count(3)", watched=("TOTAL",), together=1
    )
    assert (add.outcome.result, add.kept, add.output) == ([1, 2], ([1, 2],), "adding 2\n")
    assert add.watched == {"TOTAL": 1}
    assert add.steps[("add", 10)] == 1
    assert box.outcome.result.attributes == {"item": [1]}
    assert (items.outcome.result, items.iterates) == ([3, 2, 1], True)


@pytest.mark.parametrize("together", [1, 10])
def test_no_call_costs_another_one_its_answer(path: str, together: int) -> None:
    calls = (
        "add([], 1)", "add(", "nobody()", "1 / 0", "__import__('os')._exit(3)", "__import__('os').abort()",
        "count(-1)", "[0 for _ in iter(int, 1)]", "exit(4)", "len('ab')",
    )  # fmt: skip
    found = observe(path, *calls, together=together)
    assert [o.call for o in found] == list(calls)
    assert [o.outcome.kind for o in found] == [
        "returned", "bad_input", "bad_input", "raised", "exited", "died",
        "limit_reached", "limit_reached", "exited", "returned",
    ]  # fmt: skip
    assert (found[6].outcome.limit, found[7].outcome.limit) == ("events", "time")


def test_enough_calls_without_an_end_end_the_job(path: str) -> None:
    stuck = "[0 for _ in iter(int, 1)]"
    assert len(observe(path, stuck, stuck, stuck, "1", hangs=1)) == 1


def test_a_deleted_module_is_imported_from_the_overlay(path: str) -> None:
    folder = Path(path).parent
    (folder / "user.py").write_text("import gone\n\ndef f():\n    return gone.X\n")
    overlay = {str(folder / "gone.py"): "X = 5\n"}
    (found,) = observe(str(folder / "user.py"), "f()", overlay=overlay)
    assert found.outcome.result == 5


def test_seeds_reach_hashes_and_random_numbers(path: str) -> None:
    text = "hash('a')"
    one, other = (observe(path, text, seed=seed)[0].outcome.result for seed in (0, 1))
    assert one != other
    draw = "__import__('random').random()"
    assert len({o.outcome.result for o in observe(path, draw, draw, together=1)}) == 1
    assert len({o.outcome.result for o in observe(path, draw, draw, together=1, varied=True)}) == 2


@pytest.mark.parametrize(
    "line",
    [
        "",
        "[]",
        "{}",
        '{"call": 7}',
        '{"call": true}',
        '{"call": 0, "told": 3, "counts": 5, "outcome": []}',
        "\0",
    ],
)
def test_hostile_lines_are_no_answer_or_an_empty_one(line: str) -> None:
    for found in read_observations([line], Run("p.py", calls=("f()", "g()")), "p.py"):
        assert found.outcome.kind == "died"
        assert found.steps == {}


def test_the_hooks_own_environment_runs_nobody_elses_code(tmp_path: Path) -> None:
    import sys

    inside = {"VIRTUAL_ENV": sys.prefix, "PATH": ""}
    assert choose(str(tmp_path), env=inside).reason == "the active virtual environment"
    assert choose(str(tmp_path), env={**inside, "PRE_COMMIT": "1"}).reason != "the active virtual environment"
