"""Runs found for functions that nobody here wrote: share with sensible runs, lines reached, ms a run.

    python benchmarks/inputs.py [--every N] [--names] [PACKAGE ...]

Without names: algorithms, sortedcontainers, networkx.algorithms and modules of the standard library.
`--every N` takes each N-th file; `--names` prints the functions for which no input was found.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.sources import files
from codeassist import inputs, parsing
from codeassist.inputs.choose import coverage, trial_of
from codeassist.records.errors import CodeassistError
from codeassist.records.program import Function, Module
from codeassist.records.run import Budget
from codeassist.tracing import LocalRunner

PACKAGES = ("algorithms", "sortedcontainers", "networkx.algorithms", "stdlib")


@dataclass
class Tally:
    """Counts over one package."""

    functions: int = 0
    run: int = 0
    failed: int = 0
    covered: float = 0.0
    runs: int = 0
    seconds: float = 0.0


def explained(module: Module) -> Iterator[Function]:
    """Top-level functions and methods of top-level classes."""
    classes = {f.id.qualname for f in module.functions if f.kind == "class" and f.parent == "<module>"}
    for function in module.functions:
        if function.kind in ("module", "class", "lambda"):
            continue
        if function.parent == "<module>" or function.parent in classes:
            yield function


def measure(path: Path, tally: Tally, names: bool) -> None:
    """Add the functions of one file to the tally."""
    module = parsing.parse(parsing.read_source(str(path)))
    runner = LocalRunner(root=str(path.parent), python=sys.executable)
    try:
        for function in explained(module):
            tally.functions += 1
            started = time.monotonic()
            try:
                found = _one(module, function, runner, tally)
            except CodeassistError as error:
                tally.failed += 1
                found = False
                print(f"  failed {function.id}: {error}")
            tally.seconds += time.monotonic() - started
            if names and not found:
                print(f"  none   {path.name}::{function.id.qualname}")
    finally:
        runner.close()


def _one(module: Module, function: Function, runner: LocalRunner, tally: Tally) -> bool:
    runs = inputs.choose(module, function, runner, Budget(10))
    if not runs:
        return False
    traces = list(runner.run([_counted(run) for run in runs], Budget(10)))
    lines = frozenset[int]().union(*(trial_of(trace, function).lines for trace in traces))
    tally.run += 1
    tally.runs += len(traces)
    tally.covered += coverage(lines, function)
    return True


def _counted(run):  # type: ignore[no-untyped-def]
    from dataclasses import replace

    return replace(run, detail="counts")


def main(arguments: Sequence[str]) -> None:
    """Print one row for each package."""
    words = list(arguments)
    every = int(words.pop(words.index("--every") + 1)) if "--every" in words else 1
    names = "--names" in words
    packages = [word for word in words if not word.startswith("--")] or list(PACKAGES)
    for package in packages:
        tally = Tally()
        for path in files(package)[::every]:
            measure(path, tally, names)
        print(
            f"{package}: {tally.run} of {tally.functions} functions with sensible runs"
            f" ({100 * tally.run / max(tally.functions, 1):.0f} %), {tally.failed} failed,"
            f" {100 * tally.covered / max(tally.run, 1):.0f} % of their lines, {tally.runs} runs,"
            f" {tally.seconds / max(tally.functions, 1):.2f} s each",
            flush=True,
        )


if __name__ == "__main__":
    main(sys.argv[1:])
