"""Explanations of real code: sensible runs, lines reached, failures, what an oracle refutes, repetition.

    python benchmarks/explain.py [PACKAGE ...] [--every N] [--most M] [--oracle] [--names]

Without names: the standard library's algorithm modules, `algorithms`, `sortedcontainers` and
`networkx.algorithms` (`pip install algorithms sortedcontainers networkx`). `--every N` takes each N-th
file, `--most M` at most M functions of each package. With `--oracle` every claim that was verified is
judged again on traces of an independent recorder (tests/support/oracle.py, `sys.settrace`): those of the
explained run on the same call, those about all runs on inputs that the explanation never saw.
"""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.sources import files
from codeassist import pipeline, verifying
from codeassist.evidence.fresh import fresh
from codeassist.pipeline.explaining import is_explained, prepared, solve
from codeassist.records.answer import REFUTED, VERIFIED, Answer
from codeassist.records.errors import CodeassistError
from codeassist.records.evidence import Evidence
from codeassist.records.program import Function, Module
from codeassist.records.run import Budget
from codeassist.targets import Target

PACKAGES = ("stdlib", "algorithms", "sortedcontainers", "networkx.algorithms")
ENOUGH = 0.8
ALIKE = ("limits", "structure")
"""sections whose sentences are the same by nature: every line was reached, it calls itself"""
FRESH = 4
SECONDS = 5
"""for one run of the oracle"""
UNIVERSAL = ("invariant", "variant", "post", "mutates")


@dataclass
class Tally:
    """Counts over one package."""

    functions: int = 0
    run: int = 0
    sensible: int = 0
    covered: float = 0.0
    failed: int = 0
    claims: int = 0
    unchecked: int = 0
    judged: int = 0
    refuted: int = 0
    runs: int = 0
    seconds: float = 0.0
    sentences: list[set[str]] = field(default_factory=list)
    told: int = 0


def measure(path: Path, tally: Tally, asked: argparse.Namespace) -> None:
    """Add the functions of one file."""
    with pipeline.session(str(path), cache=False, budget=6.0) as opened:
        module = opened.parse(Target(str(path)))
        graph = solve(opened)
        for function in [f for f in module.functions if is_explained(module, function=f)]:
            if asked.most and tally.functions == asked.most:
                return
            tally.functions += 1
            started = time.monotonic()
            try:
                found = prepared(module, function, graph, opened, pipeline.ExplainOptions())
            except CodeassistError as error:
                tally.failed += 1
                print(f"  failed {function.id}: {error}")
                continue
            tally.seconds += time.monotonic() - started
            prompt, evidence, verdicts = found
            count(tally, module, function, evidence, prompt.baseline, verdicts)
            if asked.names and not evidence.runs:
                print(f"  none   {path.name}::{function.id.qualname}: {'; '.join(evidence.limits)}")
            if asked.oracle and evidence.runs:
                runner = opened.runner(str(path))
                again(tally, module, function, evidence, prompt.baseline, verdicts, runner)


def count(
    tally: Tally, module: Module, function: Function, evidence: Evidence, answer: Answer, verdicts: list[Any]
) -> None:
    """Runs, lines, claims and sentences of one function."""
    own = set(function.body_lines)
    share = len(own & evidence.reached) / len(own) if own else 1.0
    tally.run += bool(evidence.runs)
    tally.sensible += bool(evidence.runs) and share >= ENOUGH
    tally.covered += share if evidence.runs else 0
    tally.runs += len(evidence.runs)
    tally.claims += len(verdicts)
    tally.unchecked += sum(v.status not in (VERIFIED, REFUTED) for v in verdicts)
    settled = verifying.settle(answer, verdicts)
    said = {s.text for section in settled.sections if section.id not in ALIKE for s in section.sentences}
    tally.told += len(said)
    tally.sentences.append(said)


def again(
    tally: Tally, module: Module, function: Function, evidence: Evidence, answer: Answer,
    verdicts: list[Any], runner: Any,
) -> None:  # fmt: skip
    """Judge what was verified on traces of the oracle."""
    true = [c for c, v in zip(answer.claims, verdicts, strict=True) if v.status == VERIFIED]
    first = evidence.runs[0].header.run
    if first.setup or not first.call or function.kind != "function":
        return
    seen = {trace.header.run.call for trace in evidence.runs}
    others = [t.header for t in fresh(function, evidence.runs, runner, Budget(SECONDS))]
    calls = [h.run.call for h in others if h.outcome.kind == "returned" and h.run.call not in seen][:FRESH]
    traces = [trace for trace in (traced(module, call) for call in (first.call, *calls)) if trace]
    if not traces or traces[0].header.run.call != first.call:
        return
    point = [c for c in true if c.scope is None and c.kind not in ("complexity", "algorithm", "role", "pure")]
    universal = [c for c in true if c.scope == "all" and c.kind in UNIVERSAL]
    modules = {module.source.path: module}
    for claims, judged in ((point, traces[:1]), (universal, traces[1:])):
        if not claims or not judged:
            continue
        for claim, verdict in zip(claims, verifying.judge(claims, judged, modules), strict=True):
            tally.judged += verdict.status in (VERIFIED, REFUTED)
            tally.refuted += verdict.status == REFUTED
            if verdict.status == REFUTED:
                print(f"  refuted {function.id.qualname}: {claim.to_json()} {verdict.actual}")


def traced(module: Module, call: str) -> Any:
    """The oracle's trace of a call; None where it takes too long or cannot be made."""
    from tests.support.oracle import oracle_trace

    def stop(*_: object) -> None:
        raise TimeoutError

    signal.signal(signal.SIGALRM, stop)
    signal.alarm(SECONDS)
    try:
        return oracle_trace(module.source.text, call, path=module.source.path)
    except BaseException:  # whatever the program does in our own process
        return None
    finally:
        signal.alarm(0)


def repeated(sentences: list[set[str]]) -> float:
    """Share of sentences that some other function's explanation has too, word for word."""
    counts = Counter(text for said in sentences for text in said)
    total = sum(counts.values())
    return sum(n for n in counts.values() if n > 1) / total if total else 0.0


def row(name: str, tally: Tally) -> str:
    """One line of the table."""
    n = max(tally.functions, 1)
    cells = [
        str(tally.functions),
        f"{tally.run} ({100 * tally.run / n:.0f} %)",
        f"{tally.sensible} ({100 * tally.sensible / n:.0f} %)",
        f"{100 * tally.covered / max(tally.run, 1):.0f} %",
        str(tally.failed),
        str(tally.claims),
        str(tally.unchecked),
        f"{tally.refuted} of {tally.judged}",
        f"{tally.told / n:.1f}",
        f"{100 * repeated(tally.sentences):.0f} %",
        f"{tally.runs / n:.0f}",
        f"{tally.seconds / n:.2f}",
    ]
    return f"| {name} | " + " | ".join(cells) + " |"


HEAD = (
    "| code | functions | with runs | reaching 80 % | lines | failed | claims | unchecked "
    "| refuted by the oracle | sentences each | repeated | runs each | s each |"
)


def chosen(name: str, every: int) -> Iterator[Path]:
    """The files of a package that are measured."""
    yield from files(name)[::every]


def main() -> None:
    """Print one row for each package."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=PACKAGES, metavar="PACKAGE")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--most", type=int, default=0)
    parser.add_argument("--oracle", action="store_true")
    parser.add_argument("--names", dest="names_", action="store_true")
    asked = parser.parse_args()
    packages, asked.names = asked.names or PACKAGES, asked.names_
    print(HEAD + "\n" + "| --- " * 13 + "|", flush=True)
    for name in packages:
        tally = Tally()
        for path in chosen(name, asked.every):
            try:
                measure(path, tally, asked)
            except CodeassistError as error:
                tally.failed += 1
                print(f"  failed {path}: {error}", flush=True)
        print(row(name, tally), flush=True)


if __name__ == "__main__":
    main()
