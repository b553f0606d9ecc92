"""What a function states of itself and costs, on both sides: doctests, annotation, tests, growth, reach."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from codeassist.messages import catalogue
from codeassist.pipeline.review_tests import test_nodes
from codeassist.records.evidence import Complexity
from codeassist.records.program import Function, Module
from codeassist.records.report import Finding
from codeassist.records.run import Budget, Run, Runner
from codeassist.records.trace import Event, Trace
from codeassist.records.values import literal
from codeassist.reviewing.changes import Changed
from codeassist.reviewing.contracts import CHECKER, examples, fits
from codeassist.reviewing.findings import finding
from codeassist.reviewing.searching import Found, called_name
from codeassist.reviewing.shrinking import weight

if TYPE_CHECKING:
    from codeassist.pipeline.reviewing import _Work
    from codeassist.pipeline.sides import Pair, Sides

_ORDER = ("1", "log n", "sqrt n", "n", "n + m", "n log n", "m*n", "n^2", "n^3", "2^n", "n!")
_MOST_TESTS = 20
_TEST_SECONDS = 8.0
_COSTLIER = 1.3
"""how many times the operations must grow on some input before growth is measured at all"""


def contracts(work: _Work, changed: Changed, pair: Pair, both: Sides, found: Found) -> Iterator[Finding]:
    """Doctests that fail now, and results that are not of the annotated type."""
    yield from _doctests(work, changed, both)
    yield from _annotation(work, changed, pair, found)


# --- doctests --------------------------------------------------------------------------------------


def _doctests(work: _Work, changed: Changed, both: Sides) -> Iterator[Finding]:
    """Examples of the new docstrings that fail on the new side, unless they failed before."""
    say = catalogue(work.opened.settings["lang"])
    for text, start in _docstrings(changed):
        if not examples(text):
            continue
        old, new = _failures(changed, both, text)
        known = {(f[1], f[2], f[3]) for f in old}
        for line, source, want, got in new:
            if (source, want, got) in known or _failed_before(changed, source, want, old):
                continue
            shown = {"call": " ".join(source.split("\n")), "old": want, "new": got}
            words = say(
                "review.doctest",
                call=f"`{shown['call']}`",
                want=want,
                got=got or say("review.nothing-printed"),
            )
            yield finding("breaks-doctest", changed, words, shown, start + line)
            return  # one shows it; the others say the same


def _failed_before(
    changed: Changed, source: str, want: str, old: Sequence[tuple[int, str, str, str]]
) -> bool:
    """An example that stood there before, and failed already."""
    stood = any((e.source, e.want.strip()) == (source, want) for e in examples(changed.old.docstring))
    return stood and any(f[1] == source for f in old)


def _docstrings(changed: Changed) -> Iterator[tuple[str, int]]:
    """Docstrings that speak of the function, with the line on which each begins."""
    module, function = changed.new_module, changed.new
    lines = {s.function: s.header.line for s in module.statements if s.is_docstring}
    yield function.docstring, lines.get(function.id.qualname, function.header.line)
    owner = next((f for f in module.functions if f.id.qualname == function.parent), None)
    if owner is not None and owner.kind == "class" and f".{function.name}(" in owner.docstring:
        yield owner.docstring, lines.get(owner.id.qualname, owner.header.line)
    if f"{function.name}(" in module.docstring:
        yield module.docstring, lines.get("<module>", 1)


def _failures(
    changed: Changed, both: Sides, text: str
) -> tuple[list[tuple[int, str, str, str]], list[tuple[int, str, str, str]]]:
    limits = replace(both.limits, time=min(2.0, both.limits.time))
    base = Run(
        "", calls=(f"__codeassist_doctest__({text!r})",), setup=(CHECKER,), detail="outcome", limits=limits
    )
    traces = both.both(replace(base, path=changed.old.id.path), replace(base, path=changed.new.id.path))
    old, new = (_failed(trace) for trace in traces)
    return old, new


def _failed(trace: Trace | None) -> list[tuple[int, str, str, str]]:
    seen = trace.observations[0] if trace is not None and trace.observations else None
    result = seen.outcome.result if seen is not None else None
    return [tuple(item) for item in result if len(item) == 4] if isinstance(result, list) else []


# --- the annotation --------------------------------------------------------------------------------


def _annotation(work: _Work, changed: Changed, pair: Pair, found: Found) -> Iterator[Finding]:
    """A result of another type than annotated, where the old side kept to it or said something else."""
    annotation = changed.new.returns
    if not annotation or changed.new.is_generator or changed.new.is_async:
        return
    broken = []
    for call, (old, new) in found.pairs.items():
        if (
            new.outcome.kind == "returned"
            and not new.iterates
            and fits(new.outcome.result, annotation) is False
        ):
            kept = old.outcome.kind != "returned" or fits(old.outcome.result, annotation) is not False
            if kept or annotation != changed.old.returns:
                broken.append((call, old, new))
    broken = [item for item in broken if found.accepts(item[0])]
    if broken:
        call, old, new = min(broken, key=lambda item: weight(item[0]))
        from codeassist.reviewing.comparing import told

        say = catalogue(work.opened.settings["lang"])
        shown = {"call": call, "old": told(old), "new": told(new)}
        words = say("review.annotation", call=f"`{call}`", value=shown["new"], type=annotation)
        yield finding("breaks-annotation", changed, words, shown)


# --- the run that shows a finding -------------------------------------------------------------------


def with_flow(changed: Changed, both: Sides, shown: Finding) -> Finding:
    """The finding with the steps that its counterexample takes on the new side."""
    call = (shown.counterexample or {}).get("call", "")
    path = changed.new.id.path
    if not call or shown.rule in ("breaks-test", "worse-complexity") or shown.path != path:
        return shown
    limits = replace(both.limits, time=min(2.0, both.limits.time), events=20_000)
    trace = both.one(both.new, Run(path, _renamed(changed, call), overlay=both.new_overlay, limits=limits))
    reader = trace.reader if trace is not None else None
    events = list(reader.events(0, _MOST_STEPS)) if reader is not None else []
    steps = tuple((path, e.line, _happened(e)) for e in events if e.kind in _TOLD and e.function.path == path)
    return replace(shown, flow=steps)


_MOST_STEPS = 200
_TOLD = ("line", "return", "unwind")


def _happened(event: Event) -> str:
    """What a step did, in the words of the program."""
    if event.kind == "return":
        return f"returns {literal(event.value, 80)}"
    if event.kind == "unwind":
        return f"{event.value.cls}: {event.value.message}"[:200]
    made = [f"{c.target} = {literal(c.value, 60)}" for c in event.changes if c.kind != "delete"]
    tests = [str(outcome) for _, _, outcome in event.tests]
    return ", ".join([*made, *tests])[:200] or event.statement or "step"


# --- tests -----------------------------------------------------------------------------------------


def reaching(work: _Work, changed: Changed) -> list[str]:
    """Tests whose text names the function."""
    return test_nodes(work.change.root, called_name(changed))


def broken_tests(work: _Work, changed: Changed, both: Sides, nodes: Sequence[str]) -> list[Finding]:
    """Tests that passed on the old side and fail on the new one."""
    say = catalogue(work.opened.settings["lang"])
    until = time.monotonic() + _TEST_SECONDS
    found: list[Finding] = []
    both.until = max(both.until, until)
    for node in nodes[:_MOST_TESTS]:
        if time.monotonic() > until:
            break
        new = _test(work, both.new, both.new_overlay, node)
        if new is None or new.header.outcome.kind not in ("raised", "limit_reached"):
            continue
        old = _test(work, both.old, both.old_overlay, node)
        if old is not None and old.header.outcome.kind == "returned":
            error = new.header.outcome.exception
            why = (
                f"{error.cls}: {error.message.splitlines()[0]}"
                if error and error.message
                else error.cls
                if error
                else "no end"
            )
            words = say("review.test", test=node, why=why[:200])
            found.append(
                finding(
                    "breaks-test",
                    changed,
                    words,
                    {"call": f"pytest {node}", "old": "passed", "new": why[:200]},
                )
            )
    return found[:3]


def _test(work: _Work, runner: Runner, overlay: Mapping[str, str], node: str) -> Trace | None:
    import os

    path = os.path.join(work.change.root, node.partition("::")[0])
    run = Run(
        path,
        test=node,
        origin="test",
        overlay=overlay,
        root=work.change.root,
        limits=work.opened.settings.limits(),
    )
    return next(iter(runner.run([run], Budget(_TEST_SECONDS))), None)


# --- growth ----------------------------------------------------------------------------------------


class _Overlaid:
    """A runner on one side: every run gets its overlay."""

    def __init__(self, runner: Runner, overlay: Mapping[str, str]) -> None:
        self.runner, self.overlay = runner, overlay

    def run(self, runs: Sequence[Run], budget: Budget) -> Iterator[Trace]:
        """As the runner does."""
        return self.runner.run([replace(run, overlay=self.overlay) for run in runs], budget)

    def close(self) -> None:
        """The runner is not ours to close."""


def complexity(work: _Work, changed: Changed, both: Sides, found: Found) -> list[Finding]:
    """A worse class of growth; measured only where some input cost clearly more than before."""
    calls = [c for c in [*found.written, *found.corpus] if found.accepts(c)]
    dear = [c for c in calls if found.pairs[c][1].operations > _COSTLIER * found.pairs[c][0].operations + 8]
    if not dear:
        return []
    chosen = [*found.written[:2], *sorted(dear, key=lambda c: -len(c))[:2]]
    old = _growth(changed.old_module, changed.old, chosen, both.old, both.old_overlay)
    new = _growth(
        changed.new_module, changed.new, [_renamed(changed, c) for c in chosen], both.new, both.new_overlay
    )
    if old is None or new is None or not _is_worse(old, new):
        return []
    say = catalogue(work.opened.settings["lang"])
    words = say(
        "review.growth",
        function=changed.new.id.qualname,
        old=old.call.cls,
        new=new.call.cls,
        size=new.call.size,
    )
    shown = {"call": dear[0], "old": _points(old), "new": _points(new)}
    return [finding("worse-complexity", changed, words, shown)]


def _renamed(changed: Changed, call: str) -> str:
    from codeassist.reviewing.calls import renamed

    return renamed(call, changed.names)


def _growth(
    module: Module, function: Function, calls: Sequence[str], runner: Runner, overlay: Mapping[str, str]
) -> Complexity | None:
    from codeassist import evidence

    return evidence.measure(module, function, list(calls), _Overlaid(runner, overlay), Budget(4.0))


def _is_worse(old: Complexity, new: Complexity) -> bool:
    if old.call.cls not in _ORDER or new.call.cls not in _ORDER:
        return False
    if _ORDER.index(new.call.cls) <= _ORDER.index(old.call.cls):
        return False
    before, after = dict(old.call.points), dict(new.call.points)
    common = sorted(before.keys() & after.keys())
    if len(common) < 2:
        return True
    first, last = common[0], common[-1]
    return after[last] / max(before[last], 1) > 1.5 * after[first] / max(before[first], 1)


def _points(found: Complexity) -> str:
    return f"{found.call.cls}: " + ", ".join(f"{count} at {n}" for n, count in found.call.points[-3:])


# --- lines that are no longer reached --------------------------------------------------------------


def unreachable(work: _Work, changed: Changed, found: Found) -> list[Finding]:
    """Unchanged lines that many inputs reached before and none reaches now."""
    say = catalogue(work.opened.settings["lang"])
    old = _texts(changed.old_module, changed.old)
    new = _texts(changed.new_module, changed.new)
    result: list[Finding] = []
    for text, line in new.items():
        before = old.get(text, 0)
        if not line or not before or line in changed.new_lines:
            continue
        times = _times(found.old_steps, before)
        if times >= 5 and not _times(found.new_steps, line) and not result:
            words = say("review.unreachable", line=line, count=times, total=found.usable)
            result.append(finding("unreachable", changed, words, None, line))
    return result


def _times(steps: Mapping[tuple[str, int], int], line: int) -> int:
    return max((count for (name, at), count in steps.items() if at == line and "::" not in name), default=0)


def _texts(module: Module, function: Function) -> dict[str, int]:
    """Text of each statement that stands once in the function -> its line; 0 for one that stands twice."""
    told: dict[str, Any] = {}
    for s in module.statements:
        if (
            s.function == function.id.qualname
            and not s.is_docstring
            and s.kind not in ("try", "global", "pass", "def")
        ):
            text = module.source.lines[s.header.line - 1].strip()
            told[text] = 0 if text in told else s.header.line
    return told
