"""An explanation from a program text and a few calls, over the oracle's traces and the real judge."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from codeassist import narrating, parsing, verifying
from codeassist.records.answer import Answer, Verdict
from codeassist.records.evidence import Case, Evidence
from codeassist.records.program import CallGraph, Module
from codeassist.records.report import Explanation, Input, SourceLine
from codeassist.records.trace import Trace
from codeassist.records.values import literal
from tests.support.oracle import oracle_trace


def module_of(folder: Path, text: str, name: str = "prog.py") -> Module:
    """The facts of a program text written into `folder`."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return parsing.parse(parsing.read_source(str(path)))


def evidence_of(module: Module, qualname: str, calls: Sequence[str], **known: Any) -> Evidence:
    """Evidence from runs alone: cases, counts and reached lines."""
    function = parsing.find(module, qualname)
    traces = [oracle_trace(module.source.text, call, path=module.source.path) for call in calls]
    counts = [_counts(trace, qualname) for trace in traces]
    cases = tuple(_case(number, trace) for number, trace in enumerate(traces))
    return Evidence(
        function.id,
        runs=tuple(traces),
        cases=cases,
        line_counts=counts[0] if counts else {},
        reached=frozenset(line for count in counts for line in count),
        edge_cases=known.pop("edge_cases", cases[1:]),
        **known,
    )


def _counts(trace: Trace, qualname: str) -> Counter[int]:
    assert trace.reader is not None
    events = trace.reader.events()
    return Counter(e.line for e in events if e.kind == "line" and e.function.qualname == qualname)


def _case(number: int, trace: Trace) -> Case:
    outcome = trace.header.outcome
    text = literal(outcome.result) if outcome.exception is None else outcome.exception.cls
    return Case(trace.header.run.call, trace.header.run.origin, text, outcome.kind, number, "empty")


def compose(
    module: Module,
    qualname: str,
    calls: Sequence[str],
    *,
    graph: CallGraph | None = None,
    lang: str = "en",
    **known: Any,
) -> tuple[Answer, list[Verdict]]:
    """The baseline answer and what the judge says of each of its claims."""
    evidence = evidence_of(module, qualname, calls, **known)
    answer = narrating.compose(module, parsing.find(module, qualname), evidence, graph, lang=lang)
    return answer, verifying.judge(answer.claims, evidence.runs, {module.source.path: module})


def explain(module: Module, qualname: str, calls: Sequence[str] = (), **known: Any) -> Explanation:
    """The settled explanation of one function."""
    function = parsing.find(module, qualname)
    answer, verdicts = compose(module, qualname, calls, **known)
    settled = verifying.settle(answer, verdicts)
    counts = evidence_of(module, qualname, calls[:1]).line_counts
    lines = range(function.span.line, function.span.end_line + 1)
    return Explanation(
        function=function.id,
        line=function.span.line,
        signature=f"{qualname}({', '.join(p.name for p in function.parameters)})",
        summary=settled.summary,
        sections=settled.sections,
        annotations=settled.annotations,
        claims=settled.claims,
        source=tuple(SourceLine(n, module.source.lines[n - 1], counts.get(n)) for n in lines),
        inputs=tuple(Input(call, "call") for call in calls),
        is_static=not calls,
    )
