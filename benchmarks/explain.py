"""How many functions of real code are explained with runs, explained statically, or failed.

Usage: python benchmarks/explain.py [MODULE_OR_PACKAGE ...] [--limit N]
Without names: the standard library's algorithm modules, `algorithms` and `sortedcontainers`
(the last two are installed by `pip install algorithms sortedcontainers`).
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

DEFAULT = ["bisect", "heapq", "statistics", "fractions", "difflib", "textwrap", "colorsys",
           "algorithms", "sortedcontainers"]  # fmt: skip


def files(name: str) -> list[Path]:
    """The source files of a module or package."""
    found = importlib.util.find_spec(name)
    if found is None or found.origin is None:
        sys.exit(f"{name} is not installed")
    origin = Path(found.origin)
    return sorted(origin.parent.rglob("*.py")) if origin.name == "__init__.py" else [origin]


def explain(path: Path, seconds: float) -> tuple[Counter[str], list[str]]:
    """Functions of one file by outcome, and what failed."""
    command = [sys.executable, "-m", "codeassist", "explain", str(path), "--format", "json", "--no-cache",
               "--budget", "5"]  # fmt: skip
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds)
    except subprocess.TimeoutExpired:
        return Counter(failed=1), [f"{path}: over {seconds} s"]
    if done.returncode:
        return Counter(failed=1), [f"{path}: status {done.returncode}: {done.stderr.strip()[-300:]}"]
    report = json.loads(done.stdout)
    counts: Counter[str] = Counter()
    for explanation in report["explanations"]:
        counts["runs" if explanation["inputs"] else "static"] += 1
        counts["claims"] += len(explanation["claims"])
        counts["unchecked"] += sum(c["verdict"]["status"] == "unchecked" for c in explanation["claims"])
    counts["failed"] += len([n for n in report["notices"] if n.get("function")])
    return counts, []


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=DEFAULT)
    parser.add_argument("--limit", type=int, default=0, help="at most so many files of each package")
    arguments = parser.parse_args()
    print(
        "| code | functions | with runs | static | failed | claims | unchecked | s a function |\n"
        + "| --- " * 8
        + "|"
    )
    failures: list[str] = []
    for name in arguments.names or DEFAULT:
        started, total = time.perf_counter(), Counter[str]()
        for path in files(name)[: arguments.limit or None]:
            counts, failed = explain(path, 600)
            total += counts
            failures += failed
        functions = total["runs"] + total["static"]
        pace = (time.perf_counter() - started) / max(functions, 1)
        row = [
            functions,
            total["runs"],
            total["static"],
            total["failed"],
            total["claims"],
            total["unchecked"],
        ]
        print(f"| {name} | " + " | ".join(map(str, row)) + f" | {pace:.2f} |", flush=True)
    print("\n".join(failures))


if __name__ == "__main__":
    main()
