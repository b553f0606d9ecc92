"""Milliseconds that the sandbox adds to a start, and milliseconds of one more run.

    python benchmarks/startup.py [--python INTERPRETER] [--rounds N]

Prints two Markdown tables. Plain and confined starts alternate, so that a busy machine harms both.
"""

from __future__ import annotations

import argparse
import dataclasses
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from codeassist.records.run import Budget, Run
from codeassist.tracing import LocalRunner, sandbox
from codeassist.tracing.launch import Launch, Plan, Waiting

NAMESPACES = tuple(name for name in sandbox.LAYERS if name.endswith("-namespace"))
BASES = {
    "guarded, all layers": ("guarded", ()),
    "guarded, Landlock and seccomp only": ("guarded", NAMESPACES),
    "off (limits and supervision only)": ("off", ()),
}
PROGRAM = "def total(xs):\n    s = 0\n    for x in xs:\n        s += x\n    return s\n"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--rounds", type=int, default=31)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "program.py"
        path.write_text(PROGRAM)
        starts(folder, options.python, options.rounds)
        print()
        runs(path, options.python, options.rounds)


def starts(folder: str, python: str, rounds: int) -> None:
    """From the order to start until `pass` has ended; the launcher waits already, as in a runner."""
    with LocalRunner(root=folder, python=python) as runner:
        found = runner.interpreter
    command = (found.path, "-I", "-S", "-c", "pass")
    plan = Plan(command, folder, (*found.folders, folder), trusted=True)
    taken: dict[str, list[float]] = {"plain subprocess": []}
    for _ in range(rounds):
        taken["plain subprocess"].append(milliseconds(lambda: subprocess.run(command, check=True)))
        for name, (mode, without) in BASES.items():
            chosen = dataclasses.replace(plan, mode=mode, without=without)
            for suffix, pause in (("", 0.2), (", launcher not started ahead", 0.0)):
                values = taken.setdefault(name + suffix, [])
                values.append(launch(chosen, pause))
    base = statistics.median(taken["plain subprocess"])
    print("| start | median ms | over plain |\n| --- | --- | --- |")
    for name, values in taken.items():
        middle = statistics.median(values)
        print(f"| {name} | {middle:.1f} | {middle - base:.1f} |")


def launch(plan: Plan, pause: float) -> float:
    """Milliseconds of one confined start, to its end; with a `pause` its launcher is ready before."""
    waiting = Waiting() if pause else None
    time.sleep(pause)
    started = time.perf_counter()
    running = Launch(plan, waiting)
    running.process.wait()
    taken = (time.perf_counter() - started) * 1e3
    running.close()
    return taken


def runs(path: Path, python: str, rounds: int) -> None:
    """The first run of a server, then each further one, in both details."""
    print("| detail | first run ms | each further run ms |\n| --- | --- | --- |")
    for detail in ("full", "counts"):
        job = Run(str(path), "total([3, 1, 2])", detail=detail)
        with LocalRunner(root=str(path.parent), python=python) as runner:
            first = milliseconds(lambda r=runner, j=job: list(r.run([j], Budget(60))))
            further = milliseconds(lambda r=runner, j=job: list(r.run([j] * rounds * 5, Budget(60))))
        print(f"| {detail} | {first:.1f} | {further / (rounds * 5):.2f} |")


def milliseconds(action: Callable[[], object]) -> float:
    """Wall clock of one call."""
    started = time.perf_counter()
    action()
    return (time.perf_counter() - started) * 1e3


if __name__ == "__main__":
    main()
