"""A failing test told backwards: what was expected, what came, and the chain to where that was born."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from codeassist.records.errors import UsageError
from codeassist.records.found import Failure, Match
from codeassist.records.program import Module
from codeassist.records.trace import Activation, Event, ExceptionInfo, Trace
from codeassist.records.values import equal, literal
from codeassist.tracing.history import History
from codeassist.tracing.reads import statement_uses, uses
from codeassist.tracing.why import Evaluate, Origin, Walker, narrowed

BLAME = 0.35
"""discount for statements that only the failing call executed, never a call that passed before it"""


@dataclass(frozen=True, slots=True)
class _Sides:
    """The two sides of the comparison that failed."""

    got: Any
    expected: Any
    text: str
    """source text of the side that was computed"""


def explain_failure(
    trace: Trace, modules: Mapping[str, Module], evaluate: Evaluate, siblings: Iterable[Trace]
) -> Failure:
    """The failure of a traced test. `siblings` are runs of the same test function, read only when needed."""
    header = trace.header
    if trace.reader is None or not len(trace.reader):
        return _nothing(trace, "the run holds no recorded step")
    history = History(trace.reader, modules)
    test = _test(history, header.run.test)
    if test is None:
        return _nothing(trace, "the test itself was not recorded")
    if test.status == "returned":
        return _nothing(trace, "the test passed: there is nothing to explain")
    raised = _raised(history, test)
    if raised is None:
        return _nothing(trace, "the test did not end by an exception")
    return _told(history, evaluate, test, raised, header.run.test, siblings)


def _nothing(trace: Trace, note: str) -> Failure:
    outcome = trace.header.outcome
    info = outcome.exception
    text = f"{info.cls}: {info.message}" if info is not None else outcome.kind
    return Failure(trace.header.run.test, text, notes=(note,))


def _test(history: History, node: str) -> Activation | None:
    """The activation of the test function that failed, or the last one."""
    name = node.rpartition("::")[2].partition("[")[0]
    found = [a for a in history.activations if a.function.qualname.rpartition(".")[2] == name]
    failed = [a for a in found if a.status == "raised"]
    chosen = failed or found
    return chosen[-1] if chosen else None


def _raised(history: History, test: Activation) -> Event | None:
    """The event at which the exception that ended the test first showed: its innermost `raise`."""
    last = history.events[test.events[-1]]
    if not isinstance(last.value, ExceptionInfo):
        return None
    found = last
    for index in range(last.index - 1, test.events[0], -1):
        event = history.events[index]
        if event.kind not in ("raise", "unwind"):
            break
        same = isinstance(event.value, ExceptionInfo) and event.value.cls == last.value.cls
        if not same:
            break
        found = event
    return found


def _told(
    history: History,
    evaluate: Evaluate,
    test: Activation,
    raised: Event,
    node: str,
    siblings: Iterable[Trace],
) -> Failure:
    step = history.step_at(raised.activation, raised.index)
    info = raised.value
    outcome = f"{info.cls}: {info.message}" if info.message else str(info.cls)
    if step is None:
        return Failure(node, outcome, notes=("no step was recorded where it was raised",))
    home = test.function.path
    walker = Walker(history, evaluate, home)
    failing = _failing_step(history, test, raised)
    walker.suspects = _suspects(history, test, failing, home)
    sides = _sides(history, step, evaluate)
    chain = walker.chain(_start(walker, history, step, sides))
    first, passing, value = _difference(history, test, failing, siblings)
    statement = history.statement(step)
    return Failure(
        node,
        outcome,
        step.line,
        step.function.path,
        _text(history, step),
        None if sides is None else literal(sides.expected),
        None if sides is None else literal(sides.got),
        tuple(match for match in chain if match.step != step.index),
        first,
        passing,
        value,
        () if statement is not None else ("the source of the failing statement is not there",),
    )


def _text(history: History, step: Event) -> str:
    structure = history.structures.get(step.function.path)
    statement = history.statement(step)
    if structure is None or statement is None:
        return ""
    test = " ".join(statement.test.split())
    return f"{statement.kind} {test}" if statement.kind in ("assert", "raise", "return", "if") else test


def _start(walker: Walker, history: History, step: Event, sides: _Sides | None) -> list[Origin]:
    """Dependences of the wrong side alone where it is known, else of the whole statement."""
    statement = history.statement(step)
    if statement is None:
        return []
    recorded = walker.recorded(step)
    text = sides.text if sides is not None else ""
    used = uses(text, recorded) if text else statement_uses(statement, recorded)
    tail = difference(sides.got, sides.expected) if sides is not None else ""
    if tail:
        used = narrowed(used, text, tail)
    found = list(walker.of_uses(used, step.activation, step.index, step, tail))
    return [*found, *(o for o in walker.origins(step) if o.why in ("control", "guard"))]


def difference(got: Any, expected: Any, depth: int = 5) -> str:
    """Where two values differ first, as a path such as `[2]` or `['k'][0]`; empty: as wholes."""
    if type(got) is not type(expected) or not depth:
        return ""
    if type(got) in (list, tuple):
        pairs: Iterable[tuple[Any, Any, Any]] = zip(range(len(got)), got, expected, strict=False)
    elif type(got) is dict:
        pairs = ((key, got[key], expected[key]) for key in got if key in expected)
    else:
        return ""
    for key, one, other in pairs:
        if not equal(one, other):
            return f"[{literal(key)}]{difference(one, other, depth - 1)}"
    return ""


# what was compared


def _sides(history: History, step: Event, evaluate: Evaluate) -> _Sides | None:
    """Both sides of the failing assertion, calls in them taken from the record."""
    statement = history.statement(step)
    if statement is None:
        return None
    pair = _compared(statement.kind, statement.test)
    if pair is None:
        return None
    left, right = (_value(history, step, node, evaluate) for node in pair)
    if left is _UNKNOWN and right is _UNKNOWN:
        return None
    is_swapped = _is_computed(pair[1], history, step) and not _is_computed(pair[0], history, step)
    got, expected = (right, left) if is_swapped else (left, right)
    node = pair[1] if is_swapped else pair[0]
    if got is _UNKNOWN or expected is _UNKNOWN:
        return None
    return _Sides(got, expected, ast.unparse(node) if not isinstance(node, ast.Constant) else "")


_UNKNOWN = object()
_ASSERTS = re.compile(r"assert(\w*?)(Equals?|Is|In|Less|Greater|AlmostEqual)$")


def _compared(kind: str, text: str) -> tuple[ast.expr, ast.expr] | None:
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    if kind == "assert" and isinstance(tree, ast.Compare) and len(tree.ops) == 1:
        return tree.left, tree.comparators[0]
    if kind == "assert":
        return tree, ast.Constant(value=True)
    if kind != "expr" or not isinstance(tree, ast.Call) or not isinstance(tree.func, ast.Attribute):
        return None
    name = tree.func.attr
    if _ASSERTS.match(name) and len(tree.args) >= 2:
        return tree.args[0], tree.args[1]
    if name in ("assertTrue", "assertFalse") and tree.args:
        return tree.args[0], ast.Constant(value=name == "assertTrue")
    return None


def _is_computed(node: ast.expr, history: History, step: Event) -> bool:
    called = {child.function.qualname.rpartition(".")[2] for child in history.calls(step)}
    if any(call.name in called for call in uses(ast.unparse(node)).calls):
        return True
    return not called and not _is_literal(node) and isinstance(node, (ast.Name, ast.Call, ast.Attribute))


def _is_literal(node: ast.expr) -> bool:
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False
    return True


class _Recorded(ast.NodeTransformer):
    """Puts names in place of the calls whose results were recorded."""

    def __init__(self, history: History, step: Event) -> None:
        self.results: dict[str, Any] = {}
        self._calls: dict[str, list[Activation]] = {}
        self._history = history
        for child in history.calls(step):
            self._calls.setdefault(child.function.qualname.rpartition(".")[2], []).append(child)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        func = node.func
        name = func.id if isinstance(func, ast.Name) else func.attr if isinstance(func, ast.Attribute) else ""
        known = self._calls.get(name)
        if not known:
            return self.generic_visit(node)
        last = self._history.events[known.pop(0).events[-1]]
        if last.kind != "return":
            return node
        key = f"recorded{len(self.results)}"
        self.results[key] = last.value
        return ast.Name(id=key, ctx=ast.Load())


def _value(history: History, step: Event, node: ast.expr, evaluate: Evaluate) -> Any:
    recorded = _Recorded(history, step)
    text = ast.unparse(recorded.visit(ast.parse(ast.unparse(node), mode="eval").body))
    variables = {**history.variables(step.index, step.activation), **recorded.results}
    try:
        return evaluate(text, variables)
    except Exception:  # no value: the report says less
        return _UNKNOWN


# what passed


def _failing_step(history: History, test: Activation, raised: Event) -> Event | None:
    """The test's own step during which it failed."""
    return history.step_at(test.id, test.events[-1])


def _suspects(
    history: History, test: Activation, failing: Event | None, home: str
) -> dict[tuple[str, str, int], float]:
    """Statements that the failing step executed and no earlier step of the test did."""
    if failing is None:
        return {}
    passed: set[tuple[str, str, int]] = set()
    failed: set[tuple[str, str, int]] = set()
    for event in history.events[test.events[0] : test.events[-1]]:
        if event.kind == "line" and event.function.path != home:
            chosen = failed if event.index > failing.index else passed
            chosen.add((event.function.path, event.function.qualname, event.line))
    return dict.fromkeys(failed - passed, BLAME) if passed else {}


def _difference(
    history: History, test: Activation, failing: Event | None, siblings: Iterable[Trace]
) -> tuple[Match | None, str, str | None]:
    """The first step outside the test whose value differs from a passing run, and what it was there."""
    if failing is None:
        return None, "", None
    mine = _steps(history, test, failing)
    for name, steps in _passing(history, test, failing, siblings):
        for here, there in zip(mine, steps, strict=False):
            if _place(here) != _place(there):
                return _match(here), name, f"{there.function.qualname}, line {there.line}"
            if not _same(here, there):
                return _match(here), name, _shown(there)
    return None, "", None


def _passing(
    history: History, test: Activation, failing: Event, siblings: Iterable[Trace]
) -> Iterator[tuple[str, list[Event]]]:
    """Steps of passing runs of the same test function: other parameters, in this run or another."""
    for activation in history.activations:
        if activation.function == test.function and activation.status == "returned":
            yield f"call {activation.call} of {test.function.qualname}", _steps(history, activation, None)
    for trace in _quietly(siblings):
        if trace.reader is None or not len(trace.reader):
            continue
        other = History(trace.reader, {})
        other.structures = history.structures
        for activation in other.activations:
            if activation.function.qualname == test.function.qualname and activation.status == "returned":
                yield f"another run of {test.function.qualname}", _steps(other, activation, None)


def _quietly(siblings: Iterable[Trace]) -> Iterator[Trace]:
    try:
        yield from siblings
    except UsageError:
        return


def _steps(history: History, test: Activation, since: Event | None) -> list[Event]:
    """Steps that the test caused outside its own file; of the failing run all, from the first."""
    stretch = history.events[test.events[0] : test.events[-1] + 1]
    return [e for e in stretch if e.kind == "line" and e.function.path != test.function.path]


def _place(event: Event) -> tuple[str, int]:
    return event.function.qualname, event.line


def _same(here: Event, there: Event) -> bool:
    one = {change.target: change.value for change in here.changes}
    two = {change.target: change.value for change in there.changes}
    return one.keys() == two.keys() and all(equal(value, two[name]) for name, value in one.items())


def _shown(event: Event) -> str:
    return ", ".join(f"{change.target} = {literal(change.value, 60)}" for change in event.changes)


def _match(event: Event) -> Match:
    change = event.changes[-1] if event.changes else None
    return Match(
        event.index,
        event.line,
        event.function.qualname,
        None if change is None else literal(change.value),
        event.function.path,
        "" if change is None else change.target,
        because="differs first",
    )
