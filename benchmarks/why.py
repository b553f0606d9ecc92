"""Planted defects in real packages: is the planted line in the chain of `codeassist why`, and how long is it?

    python benchmarks/why.py [--count 36] [--seed 1] [--show]

Downloads the source distributions of algorithms, more-itertools and sortedcontainers, changes one operator or
constant on one line, finds a test of the package that fails by it, and asks `why` about that test.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.sources import release

PACKAGES = {
    "algorithms": "algorithms==1.0.1",
    "more_itertools": "more-itertools==11.2.1",
    "sortedcontainers": "sortedcontainers==2.4.0",
}
TESTS = {
    "more_itertools/more.py": "tests/test_more.py",
    "more_itertools/recipes.py": "tests/test_recipes.py",
    "sortedcontainers/sortedlist.py": "tests/test_coverage_sortedlist.py",
    "sortedcontainers/sorteddict.py": "tests/test_coverage_sorteddict.py",
    "sortedcontainers/sortedset.py": "tests/test_coverage_sortedset.py",
}
SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.FloorDiv: ast.Mult, ast.And: ast.Or,
    ast.Or: ast.And,
}  # fmt: skip


@dataclass(frozen=True)
class Defect:
    """One changed line."""

    path: str
    line: int
    old: str
    new: str
    tests: str


def main() -> None:
    """Plant, ask and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=36)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", action="store_true", help="print the chains that miss the planted line")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="why-") as folder:
        rows = list(measured(Path(folder), options.count, random.Random(options.seed), options.show))
    print(told(rows))


def told(rows: list[dict[str, Any]]) -> str:
    """The share of defects whose line stands in the chain, and the rest in a few lines."""
    hits = [row for row in rows if row["hit"]]
    short = [row for row in hits if row["length"] <= 10]
    seconds = sorted(row["seconds"] for row in rows)
    return "\n".join(
        [
            f"\n{len(rows)} planted defects",
            f"planted line in the chain: {len(hits)} ({len(hits) / len(rows):.0%})",
            f"in a chain of at most ten statements: {len(short)} ({len(short) / len(rows):.0%})",
            f"expected and got told: {sum(row['told'] for row in rows)}",
            f"median length of a chain: {sorted(row['length'] for row in rows)[len(rows) // 2]}",
            f"seconds a question: median {seconds[len(rows) // 2]:.1f}, most {seconds[-1]:.1f}",
        ]
    )


def measured(folder: Path, count: int, chance: random.Random, show: bool) -> Iterator[dict[str, Any]]:
    """One row a defect that some test notices."""
    projects = {name: fetched(name, folder) for name in PACKAGES}
    found = 0
    for defect in defects(projects, chance):
        root = next(p for p in projects.values() if defect.path.startswith(str(p)))
        source = Path(defect.path).read_text()
        plant(defect, source)
        try:
            node = failing_test(root, defect.tests)
            if node is None:
                continue
            yield row(root, defect, node, show)
            found += 1
        finally:
            Path(defect.path).write_text(source)
        if found >= count:
            return


def fetched(name: str, folder: Path) -> Path:
    """The unpacked source distribution of a package."""
    root = release(PACKAGES[name], folder)
    for extra in ("setup.cfg", "tox.ini", "conftest.py"):
        (root / extra).unlink(missing_ok=True)
    return root


def defects(projects: dict[str, Path], chance: random.Random) -> Iterator[Defect]:
    """Changes in files for which tests are known, each file at most twice, in a random order."""
    files = [(root, path) for root in projects.values() for path in sorted(root.rglob("*.py"))]
    jobs = [(root, path, tests) for root, path in files if (tests := tests_of(root, path))]
    chance.shuffle(jobs)
    for root, path, tests in jobs * 2:
        found = list(changes(path.read_text()))
        if found:
            line, old, new = chance.choice(found)
            yield Defect(str(path), line, old, new, str(root / tests))


def tests_of(root: Path, path: Path) -> str:
    name = path.relative_to(root).as_posix()
    if name in TESTS:
        return TESTS[name]
    match = re.fullmatch(r"algorithms/(\w+)/\w+\.py", name)
    tests = f"tests/test_{match[1]}.py" if match else ""
    return tests if tests and (root / tests).exists() and not name.endswith("__init__.py") else ""


def changes(text: str) -> Iterator[tuple[int, str, str]]:
    """(line, old, new) for every operator or small constant inside a function that stands on one line."""
    for function in ast.walk(ast.parse(text)):
        if not isinstance(function, ast.FunctionDef):
            continue
        for node in ast.walk(function):
            old = ast.get_source_segment(text, node) if isinstance(node, ast.expr) else None
            if old and "\n" not in old and (new := changed(node)) and new != old:
                yield node.lineno, old, new


def changed(node: ast.AST) -> str:
    import copy

    node = copy.deepcopy(node)
    if isinstance(node, ast.Compare) and type(node.ops[0]) in SWAPS:
        node.ops[0] = SWAPS[type(node.ops[0])]()  # type: ignore[assignment]
    elif isinstance(node, (ast.BinOp, ast.BoolOp)) and type(node.op) in SWAPS:
        node.op = SWAPS[type(node.op)]()  # type: ignore[assignment]
    elif isinstance(node, ast.Constant) and type(node.value) is int:
        node.value += 1
    else:
        return ""
    text = ast.unparse(node)
    return text if isinstance(node, (ast.Compare, ast.Constant)) else f"({text})"


def plant(defect: Defect, source: str) -> None:
    lines = source.splitlines(keepends=True)
    lines[defect.line - 1] = lines[defect.line - 1].replace(defect.old, defect.new, 1)
    Path(defect.path).write_text("".join(lines))


def failing_test(root: Path, tests: str) -> str | None:
    """The first test of the file that fails, or None."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-x",
        "-q",
        "--no-header",
        "-p",
        "no:cacheprovider",
        "-rf",
        tests,
    ]
    env = {**os.environ, "PYTHONPATH": f"{root}{os.pathsep}{root / 'src'}", "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            command, cwd=root, env=env, capture_output=True, text=True, timeout=40, check=False
        )
    except subprocess.TimeoutExpired:
        return None
    match = re.search(r"^FAILED (\S+)", done.stdout, re.MULTILINE)
    return match[1] if match else None


def row(root: Path, defect: Defect, node: str, show: bool) -> dict[str, Any]:
    """Ask `why` about the failing test."""
    start = time.monotonic()
    command = [sys.executable, "-m", "codeassist", "why", node, "--format", "json"]
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parent.parent)}
    done = subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, check=False)
    seconds = time.monotonic() - start
    answer = json.loads(done.stdout) if done.stdout.startswith("{") else {}
    matches = answer.get("matches", [])
    places = [(os.path.realpath(m["path"]), m["line"]) for m in matches]
    wanted = (os.path.realpath(defect.path), first_line(defect))
    rank = places.index(wanted) + 1 if wanted in places else 0
    failed = (os.path.realpath(str(answer.get("path"))), answer.get("line"))
    hit = rank > 0 or failed == wanted
    mark = "hit " if hit else "MISS"
    where = f"{Path(defect.path).relative_to(root)}:{defect.line}"
    print(
        f"{mark} {where:<62} {defect.old} -> {defect.new}  [{rank} of {len(matches)}] {node} {seconds:.1f}s"
    )
    if not hit and show:
        print(done.stderr[-300:], json.dumps(answer.get("notes")), answer.get("outcome"))
        for match in matches:
            place = f"{Path(match['path']).name}:{match['line']}"
            print(f"      {place} {match['name']}={match['value']} {match.get('because')}"[:180])
    sys.stdout.flush()
    is_told = answer.get("expected") is not None and answer.get("got") is not None
    return {"hit": hit, "rank": rank, "length": len(matches), "told": is_told, "seconds": seconds}


def first_line(defect: Defect) -> int:
    """The first line of the statement that holds the planted line."""
    best = defect.line
    tree = ast.parse(Path(defect.path).read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt) and node.lineno <= defect.line <= (node.end_lineno or 0):
            body = getattr(node, "body", None)
            if not body or defect.line < body[0].lineno:
                best = node.lineno
    return best


if __name__ == "__main__":
    main()
