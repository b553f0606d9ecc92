"""The judge on claim sets with known answers, beside two naive judges.

    python benchmarks/judge.py [--most 60] [--recorder] [--package algorithms]

The sets are made by tests/support (an independent oracle and woven counters) from small programs where judges
go wrong and from the doctests of an installed package. Per kind: coverage (share decided), precision (share
of `verified` that is true), recall of false claims (share of them refuted), seconds per 1,000 claims. The
naive judges count raw line events of `sys.settrace` and compare with `==`, one on references, one on copies.
With `--recorder` the package's own recorder makes the traces that are judged, in its sandbox.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import copy
import doctest
import importlib.util
import io
import os
import sys
import tempfile
import time
import types
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from codeassist import parsing  # noqa: E402
from codeassist.records.run import Budget, Run  # noqa: E402
from codeassist.records.trace import Trace  # noqa: E402
from codeassist.verifying import Court  # noqa: E402
from codeassist.verifying.rows import claim_of  # noqa: E402
from tests.support.claimset import Sample, claim_set  # noqa: E402
from tests.support.programs import PROGRAMS  # noqa: E402

Job = tuple[str, str, str]
"""(name, source, call)"""


def jobs(package: str) -> Iterator[Job]:
    """Own programs first, then the doctest examples of a package."""
    for name, source, calls in PROGRAMS:
        yield from ((name, source, call) for call in calls)
    found = importlib.util.find_spec(package)
    folders = list(found.submodule_search_locations or []) if found else []
    for path in sorted(p for folder in folders for p in Path(folder).rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        yield from ((path.stem, source, call) for call in examples(source)[:2] if "random" not in source)


def examples(source: str) -> list[str]:
    """Expressions that the doctests of a text evaluate."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Module)):
            for example in doctest.DocTestParser().get_examples(ast.get_docstring(node) or ""):
                with contextlib.suppress(SyntaxError):
                    ast.parse(example.source.strip(), mode="eval")
                    found.append(example.source.strip())
    return found


class Naive:
    """A judge by raw line events: no statements, no steps, no strictness."""

    def __init__(self, source: str, call: str, keep: Callable[[Any], Any]) -> None:
        self.keep = keep
        self.lines: dict[str, list[tuple[int, int, dict[str, Any]]]] = defaultdict(list)
        self.calls: Counter[str] = Counter()
        self.results: dict[str, list[Any]] = defaultdict(list)
        self.arguments: dict[str, list[tuple[dict[str, Any], dict[str, Any]]]] = defaultdict(list)
        self.raised: dict[str, str] = {}
        self.depth: Counter[str] = Counter()
        self.deepest: Counter[str] = Counter()
        self.run(source, call)

    def run(self, source: str, call: str) -> None:
        module = types.ModuleType("prog")
        sys.modules["prog"] = module
        with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(Exception):
            exec(compile(source, "naive.py", "exec"), module.__dict__)
            sys.settrace(self.trace)
            try:
                result = eval(call, module.__dict__)
                if isinstance(result, types.GeneratorType):
                    deque(result, maxlen=0)
            finally:
                sys.settrace(None)
        sys.modules.pop("prog", None)

    def trace(self, frame: Any, kind: str, arg: Any) -> Any:
        name = frame.f_code.co_name
        if frame.f_code.co_filename != "naive.py":
            return None
        self.calls[name] += 1
        self.depth[name] += 1
        self.deepest[name] = max(self.deepest[name], self.depth[name])
        entry = dict(frame.f_locals)
        self.arguments[name].append((entry, self.kept(entry)))
        return self.local

    def local(self, frame: Any, kind: str, arg: Any) -> Any:
        name = frame.f_code.co_name
        if kind == "line":
            self.lines[name].append((self.calls[name], frame.f_lineno, self.kept(frame.f_locals)))
        elif kind == "return":
            self.depth[name] -= 1
            self.results[name].append(self.kept({"r": arg})["r"])
            self.lines[name].append((self.calls[name], -1, self.kept(frame.f_locals)))
        elif kind == "exception":
            self.raised[name] = arg[0].__name__
        return self.local

    def kept(self, variables: Any) -> dict[str, Any]:
        try:
            return {name: self.keep(value) for name, value in variables.items()}
        except Exception:
            return dict(variables)

    def status(self, claim: dict[str, Any]) -> str:
        """verified, refuted or unchecked."""
        try:
            answer = getattr(self, f"is_{claim['kind']}", lambda claim: None)(claim)
        except Exception:
            return "refuted"
        return "unchecked" if answer is None else "verified" if answer else "refuted"

    def events(self, claim: dict[str, Any]) -> list[int]:
        own = self.lines[claim["func"].rsplit(".", 1)[-1]]
        return [
            i
            for i, (call, line, _) in enumerate(own)
            if call == claim.get("call", 1) and line == claim["line"]
        ]

    def state(self, claim: dict[str, Any]) -> dict[str, Any]:
        at = self.events(claim)[claim.get("occurrence", 1) - 1]
        own = self.lines[claim["func"].rsplit(".", 1)[-1]]
        return own[at if claim.get("when") == "before" else at + 1][2]

    def is_value(self, claim: dict[str, Any]) -> bool:
        return bool(eval(claim["expr"], dict(self.state(claim))) == eval(claim["value"], {}))

    def is_type(self, claim: dict[str, Any]) -> bool:
        return type(eval(claim["expr"], dict(self.state(claim)))).__name__ == claim["type"]

    def is_executes(self, claim: dict[str, Any]) -> bool:
        return bool(eval(f"{len(self.events(claim))} {claim.get('op', '==')} {claim['count']}"))

    def is_next(self, claim: dict[str, Any]) -> bool:
        at = self.events(claim)[claim.get("occurrence", 1) - 1]
        line = self.lines[claim["func"].rsplit(".", 1)[-1]][at + 1][1]
        return bool(line == (-1 if claim["next"] == "end" else claim["next"]))

    def is_branch(self, claim: dict[str, Any]) -> bool:
        own = self.lines[claim["func"].rsplit(".", 1)[-1]]
        at = [i for i, (_, line, _) in enumerate(own) if line == claim["line"]][
            claim.get("occurrence", 1) - 1
        ]
        return (own[at + 1][1] == claim["line"] + 1) is claim["taken"]

    def is_iterations(self, claim: dict[str, Any]) -> bool:
        body = {**claim, "line": claim["line"] + 1}
        return len(self.events(body)) == claim["count"]

    def is_sequence(self, claim: dict[str, Any]) -> bool:
        own = self.lines[claim["func"].rsplit(".", 1)[-1]]
        found = [own[i][2].get(claim["var"]) for i in self.events({**claim, "line": claim["line"] + 1})]
        return bool(found == eval(claim["values"], {}))

    def is_returns(self, claim: dict[str, Any]) -> bool:
        found = self.results[claim["func"].rsplit(".", 1)[-1]][claim.get("call", 1) - 1]
        return bool(found == eval(claim["value"], {}))

    def is_calls(self, claim: dict[str, Any]) -> bool | None:
        return None if "caller" in claim else self.calls[claim["func"].rsplit(".", 1)[-1]] == claim["count"]

    def is_call_args(self, claim: dict[str, Any]) -> bool:
        given = self.arguments[claim["func"].rsplit(".", 1)[-1]][claim.get("call", 1) - 1][1]
        return all(given[name] == eval(text, {}) for name, text in claim["args"].items())

    def is_mutates(self, claim: dict[str, Any]) -> bool:
        now, then = self.arguments[claim["func"].rsplit(".", 1)[-1]][claim.get("call", 1) - 1]
        return (now[claim["param"]] != then[claim["param"]]) is claim["mutated"]

    def is_raises(self, claim: dict[str, Any]) -> bool:
        return self.raised.get(claim["func"].rsplit(".", 1)[-1]) == claim["exception"]

    def is_depth(self, claim: dict[str, Any]) -> bool:
        return self.deepest[claim["func"].rsplit(".", 1)[-1]] == claim["max"]

    def is_invariant(self, claim: dict[str, Any]) -> bool:
        own = self.lines[claim["func"].rsplit(".", 1)[-1]]
        states = [state for _, line, state in own if line == claim["line"] + 1]
        return all(eval(claim["expr"], dict(state)) for state in states)


class Table:
    """Counts by judge and kind."""

    def __init__(self) -> None:
        self.counts: dict[tuple[str, str], Counter[tuple[bool, str]]] = defaultdict(Counter)
        self.seconds: Counter[tuple[str, str]] = Counter()

    def add(self, judge: str, sample: Sample, decide: Callable[[dict[str, Any]], str]) -> str:
        """Ask one judge about one claim."""
        started = time.perf_counter()
        status = decide(sample.claim)
        for kind in (sample.claim["kind"], "all"):
            self.seconds[judge, kind] += time.perf_counter() - started
            self.counts[judge, kind][sample.true, status] += 1
        return status

    def print(self) -> None:
        """One line for each judge and kind."""
        head = (
            "judge",
            "kind",
            "claims",
            "coverage",
            "precision",
            "recall of false",
            "true refuted",
            "s/1000",
        )
        print("{:<10} {:<12} {:>7} {:>9} {:>10} {:>16} {:>13} {:>8}".format(*head))
        for (judge, kind), counts in sorted(
            self.counts.items(), key=lambda item: (item[0][0], item[0][1] != "all", item[0][1])
        ):
            print(self.line(judge, kind, counts))

    def line(self, judge: str, kind: str, counts: Counter[tuple[bool, str]]) -> str:
        total = sum(counts.values())
        decided = total - counts[True, "unchecked"] - counts[False, "unchecked"]
        believed = counts[True, "verified"] + counts[False, "verified"]
        false = sum(count for (true, _), count in counts.items() if not true)
        cells = (
            f"{decided / total:.2%}",
            f"{counts[True, 'verified'] / believed:.2%}" if believed else "-",
            f"{counts[False, 'refuted'] / false:.2%}" if false else "-",
            str(counts[True, "refuted"]),
            f"{self.seconds[judge, kind] / total * 1000:.2f}",
        )
        return f"{judge:<10} {kind:<12} {total:>7} " + "{:>9} {:>10} {:>16} {:>13} {:>8}".format(*cells)


def recorded(source: str, call: str, number: int, folder: Path, runner: Any) -> Trace | None:
    """The trace of the package's own recorder."""
    path = folder / f"m{number}" / "prog.py"
    path.parent.mkdir()
    path.write_text(source, encoding="utf-8")
    trace: Trace = next(iter(runner.run([Run(str(path), call)], Budget(30))))
    return trace if trace.reader is not None and len(trace.reader) else None


def main() -> None:
    """Judge every job's claims three times and print the table."""
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--most", type=int, default=60, help="claims per run")
    arguments.add_argument(
        "--recorder", action="store_true", help="judge the recorder's traces, not the oracle's"
    )
    arguments.add_argument("--package", default="algorithms", help="installed package whose doctests are run")
    options = arguments.parse_args()
    if os.environ.get("PYTHONHASHSEED") != "0":  # sets are walked as in the recorder's runs
        os.environ["PYTHONHASHSEED"] = "0"
        os.execv(sys.executable, [sys.executable, *sys.argv])
    table = Table()
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as stack:
        folder = Path(name).resolve()
        runner = None
        if options.recorder:
            from codeassist.tracing import LocalRunner

            runner = stack.enter_context(LocalRunner(root=str(folder)))
        for number, job in enumerate(jobs(options.package)):
            one(job, number, table, options.most, folder, runner)
    table.print()


def one(job: Job, number: int, table: Table, most: int, folder: Path, runner: Any) -> None:
    """All judges on the claims of one run; disagreements of ours are printed."""
    name, source, call = job
    try:
        trace, samples = claim_set(source, call, seed=number, most=most)
    except Exception:
        return  # the example needs names of other examples
    judged = recorded(source, call, number, folder, runner) if runner else trace
    if not samples or judged is None:
        return
    path = judged.header.run.path
    court = Court([judged], {path: parsing.parse(parsing.read_source(path, source))})
    naive = {
        "references": Naive(source, call, lambda value: value),
        "copies": Naive(source, call, copy.deepcopy),
    }
    for sample in samples:
        status = table.add("codeassist", sample, lambda claim: court.verdict(claim_of(claim)).status)
        if status != ("verified" if sample.true else "refuted"):
            print(f"{name}: {call}: {sample} is {status}", file=sys.stderr)
        for judge, bench in naive.items():
            table.add(judge, sample, bench.status)


if __name__ == "__main__":
    main()
