"""The hostile collection on every sandbox base and interpreter: how many programs are met.

    python benchmarks/hostile.py [--python INTERPRETER ...] [--show]

Prints a Markdown table: met of all, worst overshoot of a limit in seconds, processes left, files changed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from codeassist.tracing import LocalRunner, processes, sandbox
from tests.support import hostile

NAMESPACES = tuple(name for name in sandbox.LAYERS if name.endswith("-namespace"))
BASES = {
    "all layers": {},
    "Landlock + seccomp": {"without": NAMESPACES},
}


def main() -> None:
    """Run everything and print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--python", nargs="*", default=[sys.executable])
    parser.add_argument("--show", action="store_true", help="tell what falls short")
    options = parser.parse_args()
    print("| Python | base | met | worst overshoot s | left running | files changed |")
    print("| --- | --- | --- | --- | --- | --- |")
    for python in options.python:
        for base, arguments in BASES.items():
            print(row(python, base, arguments, options.show), flush=True)


def row(python: str, base: str, arguments: dict[str, object], show: bool) -> str:
    """One line of the table."""
    collection = hostile.programs()
    before = set(processes.descendants(os.getpid()))
    met, overshoot, version = 0, 0.0, ""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for path in hostile.families():
            shutil.copy(path, folder)
        clean = hostile.digest(folder)
        with LocalRunner(root=name, python=python, **arguments) as runner:  # type: ignore[arg-type]
            for program in collection:
                trace, _ = hostile.run(program, runner, folder / program.path.name)
                short = hostile.shortcomings(program, trace, 0.0)
                met += not short
                overshoot = max(overshoot, trace.header.outcome.seconds - hostile.LIMITS.time)
                version = trace.header.python or version
                if show and short:
                    print(f"{program}: {'; '.join(short)}", file=sys.stderr)
        changed = "no" if hostile.digest(folder) == clean else "yes"
    left = len(set(processes.descendants(os.getpid())) - before)
    return (
        f"| {version} | {base} | {met} of {len(collection)} | {max(overshoot, 0):.2f} | {left} | {changed} |"
    )


if __name__ == "__main__":
    main()
