"""A claim before one reading: what its rule may ask for, in the words of claims.md."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from codeassist.records.statements import statements_of
from codeassist.records.trace import Activation
from codeassist.records.values import literal, opaque, type_name
from codeassist.verifying.budget import Allowance
from codeassist.verifying.compare import matches
from codeassist.verifying.expressions import Scope, check, evaluate, holds, names_in
from codeassist.verifying.findings import (
    STATE_NAMES,
    STATE_TEXT,
    Finding,
    Refuted,
    Unchecked,
    decide,
    refuted,
    verified,
)
from codeassist.verifying.literals import BadLiteral, parse_literal
from codeassist.verifying.objects import OpaqueValue, Raised
from codeassist.verifying.reading import Reading, Step

_COMPARE: dict[str, Callable[[int, int], bool]] = {
    "==": lambda a, b: a == b, "<": lambda a, b: a < b, "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
}  # fmt: skip


@dataclass
class Case:
    """One claim, its checked fields, and the reading it is judged by."""

    fields: Mapping[str, Any]
    path: str
    reading: Reading
    allowance: Allowance = field(default_factory=Allowance)

    def __getitem__(self, name: str) -> Any:
        return self.fields[name]

    @property
    def func(self) -> str:
        """Qualified name of the function that the claim is about."""
        return str(self.fields["func"])

    # -- what the claim names

    def activation(self) -> Activation:
        """The activation of `func` and `call`."""
        return self.reading.activation(self.path, self.func, self["call"])

    def activations(self) -> list[Activation]:
        """All activations of `func`, or the one that `call` says."""
        if self["call"] == "all":
            return self.reading.of(self.path, self.func)
        return [self.activation()]

    def statement(self) -> int:
        """The statement of `line`."""
        return self.reading.statement(self.path, self.func, self["line"])

    def line_of(self, statement: int) -> int:
        """Canonical line of a statement."""
        return self.reading.facts(self.path, statement).header.line

    def literal(self, text: str) -> Any:
        """A claimed value. Raises Unchecked bad-claim."""
        try:
            return parse_literal(text, self.reading.classes.names)
        except BadLiteral:
            raise Unchecked("bad-claim") from None

    # -- occurrences

    def occurrences(self, steps: list[Any], closed: bool, judge: Callable[[Any], Finding]) -> Finding:
        """Judge the step that `occurrence` names among `steps`: a number, last, every or some."""
        wanted = self["occurrence"]
        if type(wanted) is int:
            if wanted > len(steps):
                raise self.reading.missing(closed)
            return judge(steps[wanted - 1])
        if not steps:
            raise self.reading.missing(closed)
        if wanted == "last":
            if not closed:
                raise Unchecked("incomplete-trace")
            return judge(steps[-1])
        return quantified(wanted == "every", closed, (attempt(judge, step) for step in steps))

    # -- states

    def scope(self, index: int, activation: Activation, **more: Any) -> Scope:
        """Names just before event `index` in an activation."""
        moment = self.reading.moment(index, activation.id)
        return Scope(moment.variables, outside=moment.globals, **self.around(activation), **more)

    def around(self, activation: Activation) -> dict[str, Any]:
        """What stays the same for all scopes of one activation."""
        entry = self.reading.event(activation.events[0]).value
        return {
            "entry": entry if isinstance(entry, Mapping) else {},
            "elsewhere": self.elsewhere,
            "classes": self.reading.classes,
        }

    @cached_property
    def elsewhere(self) -> frozenset[str]:
        """Names bound in the module or by a scope around the function, or by the language: not locals."""
        module = self.reading.modules.get(self.path)
        if module is None:
            return frozenset()
        outer = _outer_scopes(self.func)
        bound = {n for s in module.statements if s.function in outer for n in s.writes}
        bound |= {f.name for f in module.functions if f.parent in outer} | {i.name for i in module.imports}
        own = {n for s in statements_of(module, self.func) for n in s.writes}
        mine = next((f for f in module.functions if f.id.qualname == self.func), None)
        own |= {p.name for p in mine.parameters} if mine else set()
        return frozenset((bound | _LANGUAGE) - own)

    def where(
        self, step: int, activation: Activation, expr: str = "", index: int | None = None
    ) -> dict[str, Any]:
        """Step, line and a few variables, for a finding."""
        event = self.reading.event(min(step, len(self.reader_kinds) - 1))
        state = self.reading.state(step if index is None else index, activation.id)
        return {"step": event.index, "line": event.line, "state": self.shown(state, expr)}

    @property
    def reader_kinds(self) -> bytearray:
        """Kinds of all events: its length is the trace's."""
        return self.reading.kinds

    @staticmethod
    def shown(variables: Mapping[str, Any], expr: str = "") -> dict[str, str]:
        """Variables as a reader is shown them: those of `expr`, or the first few."""
        names: Iterable[str] = [n for n in _names(expr) if n in variables] or list(variables)
        return {n: literal(variables[n], STATE_TEXT) for n in list(names)[:STATE_NAMES]}

    # -- values

    def evaluate(self, expr: str, scope: Scope, **where: Any) -> Any:
        """The value of `expr`; what it raises refutes the claim."""
        try:
            return evaluate(expr, scope, self.allowance)
        except Raised as error:
            raise Refuted(refuted("raised", actual=_error_text(error), **where)) from None

    def holds(self, expr: str, scope: Scope) -> bool:
        """The truth of `expr`. Raises Raised for what it raises itself."""
        return holds(expr, scope, self.allowance)

    def pure(self, *texts: str) -> None:
        """Unchecked impure-expression unless all texts are pure, whatever the run did."""
        for text in texts:
            check(text)

    def equals(self, actual: Any, claimed: str, **where: Any) -> Finding:
        """Whether a recorded value is the claimed one, strictly."""
        value = self.literal(claimed)
        if opaque(actual) is not None:
            raise Unchecked("opaque")
        text = literal(actual, 2000)
        if matches(actual, value, self["loose"]):
            return verified(actual=text, **where)
        same_type = type(actual) is type(value) or getattr(value, "cls", "") == type_name(actual)
        return refuted("wrong-value" if same_type else "wrong-type", actual=text, **where)

    def counted(self, count: int, claimed: int, closed: bool, **where: Any) -> Finding:
        """Whether `count op claimed`, also when later events may still raise the count."""
        op = self["op"]
        holds = _COMPARE[op](count, claimed)
        final = closed or op in (">", ">=") and holds or op in ("==", "<", "<=") and count > claimed
        final = final or op == "<" and count >= claimed
        if not final:
            raise Unchecked("incomplete-trace")
        return decide(holds, actual=str(count), **where)


def attempt(judge: Callable[[Any], Finding], item: Any) -> Finding | Unchecked:
    """A finding, also where the judge gave up by raising."""
    try:
        return judge(item)
    except Refuted as error:
        return error.finding
    except OpaqueValue:
        return Unchecked("opaque")
    except Unchecked as error:
        return error


def quantified(every: bool, closed: bool, results: Iterable[Finding | Unchecked]) -> Finding:
    """One finding for `every` or `some` of many."""
    doubt: Unchecked | None = None
    last: Finding | None = None
    for result in results:
        if isinstance(result, Unchecked):
            doubt = doubt or result
            continue
        if result.verified is not every:
            return result
        last = result
    if doubt is not None:
        raise doubt
    if not closed:
        raise Unchecked("incomplete-trace")
    assert last is not None  # there was at least one result, and none was in doubt
    return last


_LANGUAGE = frozenset(vars(builtins)) - frozenset(
    "abs all any bool dict enumerate float frozenset int isinstance len list max min range repr reversed "
    "round set sorted str sum tuple type zip bytes complex bytearray slice".split()
)


def _outer_scopes(func: str) -> set[str]:
    parts = func.split(".")
    return {"<module>", *(".".join(parts[:n]) for n in range(1, len(parts)))}


def _names(expr: str) -> tuple[str, ...]:
    return names_in(expr) if expr else ()


def _error_text(error: Raised) -> str:
    return f"{type(error.error).__name__}: {error.error}"[:STATE_TEXT]


def step_line(case: Case, step: Step) -> int:
    """Canonical line of a step."""
    return case.line_of(step.statement)
