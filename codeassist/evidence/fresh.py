"""Fresh inputs of the kind that the examples show, and probes just outside of it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from codeassist.evidence.cases import case_of
from codeassist.evidence.facts import is_same
from codeassist.evidence.scaling import FLAVOURS
from codeassist.evidence.slots import Slot, Template, template, write
from codeassist.records.evidence import Case
from codeassist.records.program import Function
from codeassist.records.run import Budget, Limits, Run, Runner
from codeassist.records.trace import Trace

_LIMITS = Limits(time=2.0, memory=1 << 29, events=20_000, output=100_000)
_SIZES = (3, 5, 8)
_SECONDS = 2.0
"""most that fresh runs of one function may take"""


def fresh(function: Function, traces: Sequence[Trace], runner: Runner, budget: Budget) -> list[Trace]:
    """Runs on varied inputs after the pattern of the first example that can grow."""
    for trace in traces[:4]:
        form = template(trace.header.run.call, _names(function))
        if form is None or trace.header.run.setup or not form.growing():
            continue
        runs = [_run(trace.header.run, form, n, flavour) for n in _SIZES for flavour in _flavours(traces)]
        return list(runner.run(runs, Budget(min(_SECONDS, budget.seconds))))
    return []


def _names(function: Function) -> list[str]:
    bound = function.kind in ("method", "class-method")
    return [p.name for p in function.parameters[bound:] if p.kind in ("positional", "positional-only")]


def _flavours(traces: Sequence[Trace]) -> Sequence[str]:
    """Sorted lists alone where all examples are sorted."""
    forms = [form for form in (template(trace.header.run.call) for trace in traces) if form is not None]
    lists = [s.value for form in forms for s in form.slots if isinstance(s.value, list) and len(s.value) > 2]
    try:
        ordered = bool(lists) and all(value == sorted(value) for value in lists)
    except TypeError:
        ordered = False
    return ("sorted",) if ordered else FLAVOURS


def _run(example: Run, form: Template, n: int, flavour: str) -> Run:
    setup, call = write(form, dict.fromkeys(form.growing(), n), flavour, "last" if n % 2 else "example")
    return replace(example, call=call, setup=tuple(setup), origin="generated", detail="full", limits=_LIMITS)


# --- preconditions -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Need:
    """What a call must fulfil: an expression over parameters, and a call that breaks it."""

    expr: str
    probe: Case
    text: str = ""


def needs(
    function: Function, traces: Sequence[Trace], runner: Runner, budget: Budget
) -> tuple[list[Need], list[Trace]]:
    """Preconditions without which the function raises what it does not announce; the probes that show it.

    The probes are numbered as if they followed `traces`.
    """
    if not traces or traces[0].header.run.setup or traces[0].header.outcome.kind != "returned":
        return [], []
    form = template(traces[0].header.run.call, _names(function))
    found: list[Need] = []
    probes: list[Trace] = []
    until = time.monotonic() + min(_SECONDS, budget.seconds)
    for expr, call in _breaking(form) if form is not None else ():
        run = replace(traces[0].header.run, call=call, origin="probe", detail="full", limits=_LIMITS)
        left = Budget(max(0.0, until - time.monotonic()))
        for trace in runner.run([run], left):
            if _breaks(function, trace) and not any(t.header.run.call == call for t in traces):
                probes.append(trace)
                found.append(Need(expr, case_of(len(traces) + len(probes) - 1, trace)))
    return found, probes


def _breaks(function: Function, trace: Trace) -> bool:
    """Whether the function itself raised something that it does not announce."""
    error = trace.header.outcome.exception
    if trace.header.outcome.kind != "raised" or error is None or trace.reader is None:
        return False
    announced = error.cls in function.raises or error.cls in function.docstring
    return not announced and any(is_same(a.function, function.id) for a in trace.reader.activations())


def _breaking(form: Template) -> Iterator[tuple[str, str]]:
    """(expression that does not hold, call): each list and text emptied, each number zero and negative."""
    if form.before or form.head.startswith("."):
        return
    for index, slot in enumerate(form.slots):
        if slot.kind == "container" and isinstance(slot.value, (list, str, dict, tuple)):
            yield f"len({slot.name}) > 0", _call(form, index, repr(type(slot.value)()))
        elif slot.kind == "whole" and not slot.role:
            yield f"{slot.name} != 0", _call(form, index, "0")
            yield f"{slot.name} >= 0", _call(form, index, "-1")


def _call(form: Template, changed: int, text: str) -> str:
    parts = [_argument(slot, text if i == changed else slot.text) for i, slot in enumerate(form.slots)]
    return f"{form.head}({', '.join(parts)})"


def _argument(slot: Slot, text: str) -> str:
    return f"{slot.keyword}={text}" if slot.keyword else text
