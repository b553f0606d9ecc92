"""How long the commands take from start to end: help, explain cold and warm, a further run.

Beside each figure stands a floor of the same machine in the same run: an empty interpreter.
Usage: python benchmarks/start.py [--rounds 7]
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "examples" / "binary_search.py"


def timed(command: list[str], rounds: int, **options: object) -> float:
    """Median seconds of wall clock over `rounds`, after one run that is not counted."""
    seconds = []
    for _ in range(rounds + 1):
        started = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)  # type: ignore[call-overload]
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds[1:])


def further_run(count: int = 200) -> float:
    """Seconds for each further run of a server that has imported the target."""
    from codeassist.records.run import Budget, Run
    from codeassist.tracing import LocalRunner

    runner = LocalRunner(sandbox="guarded", root=str(EXAMPLE.parent))
    try:
        runs = [Run(str(EXAMPLE), f"binary_search({list(range(n))}, 3)") for n in range(count)]
        list(runner.run(runs[:1], Budget(60)))
        started = time.perf_counter()
        done = list(runner.run(runs, Budget(60)))
        assert len(done) == count
        return (time.perf_counter() - started) / count
    finally:
        runner.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    tool = [sys.executable, "-m", "codeassist"]
    with tempfile.TemporaryDirectory() as cache:
        import os

        environment = {**os.environ, "CODEASSIST_CACHE_DIR": cache}
        rows = [
            ("an empty interpreter (floor)", timed([sys.executable, "-c", ""], rounds), ""),
            ("codeassist --help", timed([*tool, "--help"], rounds), "0.120"),
            (
                "explain one example, cold",
                timed([*tool, "explain", str(EXAMPLE), "--no-cache"], rounds, env=environment),
                "1.5",
            ),
            (
                "explain one example, warm",
                timed([*tool, "explain", str(EXAMPLE)], rounds, env=environment),
                "0.4",
            ),
            ("a further run of the same function", further_run(), "0.005"),
        ]
    floor = rows[0][1]
    print("| what | seconds, median | ratio to the floor | goal |\n| --- | --- | --- | --- |")
    for what, seconds, goal in rows:
        print(f"| {what} | {seconds:.4f} | {seconds / floor:.1f} | {goal} |")


if __name__ == "__main__":
    main()
