"""What `codeassist review` finds: mutants in both directions, refactorings, the time of the hook.

`python benchmarks/review.py` makes one-line defects (review_mutants.py) in examples/ and in the installed
package `algorithms`, and refactorings (review_refactorings.py) of the same files. Beside it stands what the
files' own doctests notice. Nothing is tuned to the files: `--seed` takes other defects.
"""

from __future__ import annotations

import argparse
import importlib.util
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import review_mutants
import review_refactorings

from codeassist import pipeline
from codeassist.pipeline.reviewing import ReviewOptions, review_change
from codeassist.records.review import Review
from codeassist.reviewing.repository import ChangeSet, FileChange

ROOT = Path(__file__).resolve().parent.parent
ALGORITHMS = (
    "searching/binary_search searching/search_rotate sorting/heap_sort sorting/quick_sort sorting/radix_sort "
    "array/merge_intervals array/rotate array/josephus array/three_sum dynamic_programming/edit_distance "
    "dynamic_programming/coin_change dynamic_programming/longest_increasing math/gcd math/base_conversion "
    "graph/bellman_ford string/roman_to_int string/knuth_morris_pratt matrix/spiral_traversal "
    "backtracking/combination_sum bit_manipulation/count_ones stack/valid_parenthesis data_structures/heap "
    "data_structures/union_find data_structures/trie"
).split()


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mutants", type=int, default=3, help="defects in each file")
    parser.add_argument("--refactorings", type=int, default=6, help="refactorings of each file")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--most", type=int, default=99, help="files")
    parser.add_argument("--verbose", action="store_true", help="one line for each review")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="review-") as folder:
        files = _files(Path(folder))[: asked.most]
        _mutants(files, asked.mutants, asked.seed, asked.verbose)
        _refactorings(files, asked.refactorings, asked.seed, asked.verbose)
        _hook(Path(folder) / "hook")


def _files(folder: Path) -> list[Path]:
    """Copies of the examples and of the package, with nothing else in their project."""
    shutil.copytree(ROOT / "examples", folder / "examples")
    found = sorted((folder / "examples").glob("*.py"))
    spec = importlib.util.find_spec("algorithms")
    if spec is None or not spec.submodule_search_locations:
        print("the package `algorithms` is not installed: examples only\n")
    else:
        shutil.copytree(spec.submodule_search_locations[0], folder / "package" / "algorithms")
        found += [folder / "package" / "algorithms" / f"{name}.py" for name in ALGORITHMS]
    for project in ("examples", "package"):
        (folder / project).mkdir(exist_ok=True)
        (folder / project / "pyproject.toml").touch()
    return [path for path in found if path.exists()]


def _reviewed(path: Path, old: str, new: str) -> tuple[Review, float]:
    name = str(path.resolve())
    change = ChangeSet(str(path.parent), (FileChange(name, name, old, new),), {name: old}, {name: new})
    with pipeline.session(name, cache=False) as opened:
        started = time.perf_counter()
        found = review_change(change, opened, ReviewOptions())
        return found, time.perf_counter() - started


# --- mutants ---------------------------------------------------------------------------------------


def _mutants(files: list[Path], count: int, seed: int, verbose: bool) -> None:
    """Both directions of every defect; beside them what the file's own doctests notice."""
    told: dict[str, Counter[str]] = {"correct -> defective": Counter(), "defective -> correct": Counter()}
    noticed, seconds = Counter[str](), []
    for path in files:
        source = path.read_text(encoding="utf-8")
        for mutant in review_mutants.sample(source, count, seed):
            noticed[_doctests(path, source, mutant.text)] += 1
            for direction, pair in zip(told, ((source, mutant.text), (mutant.text, source)), strict=True):
                found, took = _reviewed(path, *pair)
                verdict = _verdict(found)
                told[direction][verdict] += 1
                seconds.append(took)
                if verbose:
                    place = f"{path.stem}:{mutant.line} {mutant.operator}"
                    print(
                        f"{direction} {place}: {verdict}, {took:.1f} s",
                        [f.message for f in found.findings][:1],
                    )
    print("| direction | defects | counterexample | same | unknown |\n| --- | --- | --- | --- | --- |")
    for direction, counts in told.items():
        columns = [str(counts[verdict]) for verdict in ("different", "same", "unknown")]
        print(f"| {direction} | {counts.total()} | {' | '.join(columns)} |")
    print(f"| the files' own doctests | {noticed.total()} | {noticed['failed']} | {noticed['passed']} | |")
    _print_seconds("a changed function", seconds)


def _verdict(found: Review) -> str:
    verdicts = {f.verdict for f in found.functions}
    return next((v for v in ("different", "unknown", "same") if v in verdicts), "unknown")


def _doctests(path: Path, source: str, text: str) -> str:
    """`failed` when an example in the file fails (or does not end); only the mutant lies there meanwhile."""
    package = [p for p in path.parents if p.name == "package"]
    name = ".".join(path.relative_to(package[0]).with_suffix("").parts) if package else path.stem
    code = f"import doctest, {name} as m; raise SystemExit(bool(doctest.testmod(m).failed))"
    folder = package[0] if package else path.parent
    path.write_text(text, encoding="utf-8")
    try:
        done = subprocess.run([sys.executable, "-B", "-c", code], cwd=folder, capture_output=True, timeout=10)
        return "failed" if done.returncode else "passed"
    except subprocess.TimeoutExpired:
        return "failed"
    finally:
        path.write_text(source, encoding="utf-8")


def _print_seconds(what: str, seconds: list[float]) -> None:
    if seconds:
        ordered = sorted(seconds)
        last = ordered[int(len(ordered) * 0.95)] if len(ordered) > 1 else ordered[0]
        print(f"\nseconds for {what}: median {statistics.median(ordered):.2f}, 95th percentile {last:.2f}\n")


# --- refactorings ----------------------------------------------------------------------------------


def _refactorings(files: list[Path], count: int, seed: int, verbose: bool) -> None:
    """Findings on changes that keep behaviour: each is a false one."""
    told: dict[str, Counter[str]] = {}
    seconds = []
    for path in files:
        source = path.read_text(encoding="utf-8")
        for item in review_refactorings.sample(source, count, seed):
            found, took = _reviewed(path, source, item.text)
            counts = told.setdefault(item.kind, Counter())
            counts["all"] += 1
            counts["false"] += bool(found.findings)
            counts["unknown"] += any(f.verdict == "unknown" for f in found.functions)
            seconds.append(took)
            if verbose and (found.findings or counts["unknown"]):
                print(
                    path.stem, item.function, item.kind, [f.message for f in found.findings], found.functions
                )
    print("| refactoring | changes | with a false finding | not decided |\n| --- | --- | --- | --- |")
    for kind, counts in sorted(told.items()):
        print(f"| {kind} | {counts['all']} | {counts['false']} | {counts['unknown']} |")
    total = [sum(counts[name] for counts in told.values()) for name in ("all", "false", "unknown")]
    print(f"| all | {' | '.join(map(str, total))} |")
    _print_seconds("a refactored file", seconds)


# --- the hook --------------------------------------------------------------------------------------


def _hook(folder: Path) -> None:
    """Seconds from `git commit` to the verdict, for a one-function change, hook and all."""
    folder.mkdir()

    def git(*words: str) -> None:
        subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True)

    git("init", "-q", ".")
    git("config", "user.name", "somebody")
    git("config", "user.email", "somebody@example.org")
    source = (ROOT / "examples" / "binary_search.py").read_text(encoding="utf-8")
    (folder / "search.py").write_text(source, encoding="utf-8")
    git("add", ".")
    git("commit", "-q", "-m", "first")
    hook = folder / ".git" / "hooks" / "pre-commit"
    hook.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m codeassist review --hook\n')
    hook.chmod(0o755)
    seconds = []
    for number in range(7):
        text = source.replace("(low + high) // 2", f"low + (high - low) // 2 + {number} - {number}")
        (folder / "search.py").write_text(text, encoding="utf-8")
        git("add", ".")
        started = time.perf_counter()
        git("commit", "-q", "-m", "refactoring")
        seconds.append(time.perf_counter() - started)
    _print_seconds("git commit with the hook, one function refactored", seconds)


if __name__ == "__main__":
    main()
