"""Contract: what goes in, what comes out, what is changed, what is raised and when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from codeassist.narrating import kinds, relations
from codeassist.narrating.book import escape, slot
from codeassist.narrating.brief import brief
from codeassist.narrating.cells import cut, result_text, shown
from codeassist.narrating.outcomes import Outcome
from codeassist.narrating.subject import Subject, code
from codeassist.records.answer import Section, Table
from codeassist.records.values import Instance, literal, opaque, type_name

Row = tuple[str, str, tuple[str, ...]]
"""label, words, claims"""


def section(subject: Subject) -> Section | None:
    """Parameters, needs, result and exceptions, one row each."""
    rows = [
        *_parameters(subject),
        *_needs(subject),
        *_result(subject),
        *_raises(subject),
        *_unkept(subject),
    ]
    if not rows:
        return None
    table = Table(("", ""), tuple((a, b) for a, b, _ in rows), tuple(claims for _, _, claims in rows))
    return subject.section("contract", tables=[table])


def _parameters(subject: Subject) -> Iterator[Row]:
    for name in subject.parameters:
        words, claims = _passed(subject, name)
        changed, more = _mutation(subject, name)
        said = subject.text("contract.joint").join(part for part in (words, changed) if part)
        if said:
            yield escape(name), said, (*claims, *more)
    if subject.receiver:
        changed, more = _mutation(subject, subject.receiver)
        if changed:
            yield escape(subject.receiver), changed, more


def _passed(subject: Subject, name: str) -> tuple[str, tuple[str, ...]]:
    """The type of a parameter as the runs passed it, or as the signature declares it."""
    values = [o.arguments[name] for o in subject.outcomes if name in o.arguments]
    declared = next(p for p in subject.function.parameters if p.name == name)
    default = subject.text("contract.default", value=code(declared.default)) if declared.default else ""
    if declared.default and values and all(literal(value) == declared.default for value in values):
        claim = subject.book.add("pre", scope="all", expr=_equals(name, declared.default))
        return subject.text("contract.left_default", value=code(declared.default)), (claim,)
    words = escape(kinds.words(subject.text, values))
    if not words:
        return subject.text("contract.joint").join(p for p in (escape(declared.annotation), default) if p), ()
    expr = kinds.check(name, values)
    claims = (subject.book.add("pre", scope="all", expr=expr),) if expr else _one_type(subject, name, values)
    return subject.text("contract.joint").join(p for p in (words, default) if p), claims


def _equals(name: str, default: str) -> str:
    return f"{name} is {default}" if default in ("None", "True", "False") else f"{name} == {default}"


def _one_type(subject: Subject, name: str, values: Sequence[Any]) -> tuple[str, ...]:
    """A `type` claim at the first statement, for a class that `isinstance` of the judge does not know."""
    top = [i for i in subject.body.top() if subject.body.alone(i)]
    if not top or len(kinds.names(values)) != 1:
        return ()
    line = subject.body.at(top[0]).header.line
    fields = {"line": line, "expr": name, "type": kinds.names(values)[0], "when": "before"}
    return (subject.book.add("type", **fields),)


def _mutation(subject: Subject, name: str) -> tuple[str, tuple[str, ...]]:
    """Whether the object passed was changed: said only of objects that can be."""
    told = [o for o in subject.outcomes if o.returned and o.shown and name in o.arguments]
    if not told or not any(_can_change(o.arguments[name]) for o in told):
        return "", ()
    if any(opaque(o.arguments[name]) or opaque(o.at_exit.get(name)) for o in told):
        return "", ()
    changed = [o for o in told if literal(o.arguments[name]) != literal(o.at_exit.get(name))]
    if not changed:
        return _unchanged(subject, name)
    scope = {"run": changed[0].run} if changed[0].run else None
    call = {} if changed[0].call == 1 else {"call": changed[0].call}
    claim = subject.book.add("mutates", scope=scope, param=name, mutated=True, **call)
    return subject.text("contract.changed"), (claim,)


def _unchanged(subject: Subject, name: str) -> tuple[str, tuple[str, ...]]:
    claim = subject.book.add("mutates", scope="all", param=name, mutated=False)
    return subject.text("contract.unchanged"), (claim,)


def _can_change(value: Any) -> bool:
    return isinstance(value, Instance) or type_name(value) in kinds.MUTABLE


def _needs(subject: Subject) -> Iterator[Row]:
    """Preconditions that separate good runs from bad ones."""
    for need in subject.evidence.preconditions:
        expr, probe = str(getattr(need, "expr", "")), getattr(need, "probe", None)
        words = str(getattr(need, "text", "")) or code(expr)
        if not expr:
            continue
        if probe is None:
            yield subject.text("contract.needs"), words, ()
            continue
        said, claims = case_outcome(subject, probe)
        call = code(cut(probe.call, 50))
        key = (
            "contract.probe"
            if claims and subject.book.kind(claims[0]) == "returns"
            else "contract.probe_raises"
        )
        told = subject.text(key, need=words, call=call, outcome=said)
        yield subject.text("contract.needs"), told if said else words, claims


def _unkept(subject: Subject) -> Iterator[Row]:
    """Promises of the source that a run breaks, and inputs that its annotations admit and it cannot take."""
    for item in subject.evidence.broken:
        said, claims = case_outcome(subject, item.probe)
        if not said and item.kind != "hang":
            continue
        call = code(cut(item.probe.call, 60))
        words = subject.text(
            f"contract.broken.{item.kind}", quote=escape(cut(item.quote, 120)), call=call, outcome=said
        )
        yield subject.text("contract.but"), words, claims


def case_outcome(subject: Subject, case: Any) -> tuple[str, tuple[str, ...]]:
    """What one run gave, in words, with its claim; empty where no claim can say it."""
    matching = [o for o in subject.outcomes if o.run == case.run and o.shown]
    if not matching:
        return "", ()
    scope = {"run": case.run} if case.run else None
    return outcome_words(subject, matching[0], scope)


def outcome_words(subject: Subject, outcome: Outcome, scope: Any) -> tuple[str, tuple[str, ...]]:
    """`4`, `raises KeyError` or `xs becomes [1, 2]`, with the claims behind it."""
    call = {} if outcome.call == 1 else {"call": outcome.call}
    if outcome.exception is not None:
        claim = subject.book.add("raises", scope=scope, exception=outcome.exception.cls, **call)
        return subject.text("outcome.raises", exception=slot(claim, "exception")), (claim,)
    if subject.function.is_generator and outcome.returned:
        return handed_out(subject, outcome, scope, **call)
    if not outcome.returned:
        return "", ()
    cell = result_text(subject.book, outcome.result, scope=scope, call=outcome.call, limit=48)
    changed = became(subject, outcome, scope, **call) if outcome.result is None else None
    return changed or (cell.text, cell.claims)


def handed_out(subject: Subject, outcome: Outcome, scope: Any, **fields: Any) -> tuple[str, tuple[str, ...]]:
    """The values that a generator yielded, in order."""
    values = list(outcome.items)
    if opaque(values) is not None:
        return "", ()
    claim = subject.book.add("yields", scope=scope, values=literal(values), **fields)
    return subject.text("outcome.yields", values=shown(claim, "values", values, 60)), (claim,)


def became(
    subject: Subject, outcome: Outcome, scope: Any, **fields: Any
) -> tuple[str, tuple[str, ...]] | None:
    """For a call that returned None: the argument that it changed, or the one that it might have."""
    for name, before in outcome.arguments.items():
        after = outcome.at_exit.get(name)
        if opaque(before) or opaque(after) or not _can_change(before) or not after_fits(after):
            continue
        changed = literal(before) != literal(after)
        if not changed and not subject.evidence.mutated.get(name):
            continue
        claim = subject.book.add("mutates", scope=scope, param=name, mutated=changed, **fields)
        said, more = _at_exit(subject, outcome, name, scope)
        key = "outcome.becomes" if changed else "outcome.stays"
        return subject.text(key, name=escape(name), value=said), (claim, *more)
    return None


def _at_exit(subject: Subject, outcome: Outcome, name: str, scope: Any) -> tuple[str, tuple[str, ...]]:
    """The object as the call left it, and the claim on its value after the last step."""
    after = outcome.at_exit[name]
    before = outcome.arguments[name]
    said = escape(_changes(before, after) or cut(brief(after), 48))
    line, occurrence = outcome.last
    bound = outcome.at_end.get(name)
    alone = [i for i, s in subject.body.statements() if s.header.line == line and subject.body.alone(i)]
    if not alone or literal(bound) != literal(after):
        return said, ()
    fields = {} if outcome.call == 1 else {"call": outcome.call}
    place = {"line": line, "occurrence": occurrence, "when": "after", **fields}
    return said, (subject.book.add("value", scope=scope, expr=name, value=literal(after), **place),)


def _changes(before: Any, after: Any) -> str:
    """For an object: the attributes that changed, at most two of them."""
    if not isinstance(before, Instance) or not isinstance(after, Instance):
        return ""
    changed = [
        f"{name}={cut(brief(value), 24)}"
        for name, value in after.attributes.items()
        if literal(before.attributes.get(name)) != literal(value)
    ]
    rest = ", ..." if len(changed) > 2 or len(changed) < len(after.attributes) else ""
    return f"{after.cls}({', '.join(changed[:2])}{rest})" if changed else ""


def after_fits(value: Any) -> bool:
    """Whether a changed object can be shown in a cell."""
    return isinstance(value, Instance) or len(brief(value)) <= 80


def _result(subject: Subject) -> Iterator[Row]:
    results = [o.result for o in subject.outcomes if o.returned]
    if subject.function.is_generator:
        yield from _items(subject)
        return
    words = escape(kinds.words(subject.text, results))
    if not words:
        if subject.function.returns and not subject.outcomes:
            yield subject.text("contract.gives"), escape(subject.function.returns), ()
        return
    if words == "None":
        return
    expr = kinds.check("result", results)
    claims = [subject.book.add("post", scope="all", expr=expr)] if expr else []
    found = relations.of_result(subject.outcomes, subject.parameters)
    if found is not None:
        claims.append(subject.book.add("post", scope="all", expr=found.expr))
        words = subject.text("contract.with", type=words, relation=_relation(subject, found))
    yield subject.text("contract.gives"), words, tuple(claims)


def _items(subject: Subject) -> Iterator[Row]:
    """What a generator hands out, by type."""
    values = [value for o in subject.outcomes for value in o.items]
    words = escape(kinds.words(subject.text, values))
    if words:
        yield subject.text("contract.yields"), words, ()


def _relation(subject: Subject, found: relations.Found) -> str:
    return subject.text(f"relation.{found.relation.key}", x=code(found.names[0]), y=code(found.names[-1]))


def _raises(subject: Subject) -> Iterator[Row]:
    """Each exception class with the first call that raised it, and the test that guards that very line."""
    seen: dict[str, Outcome] = {}
    for outcome in subject.outcomes:
        if outcome.exception is not None and outcome.shown:
            seen.setdefault(outcome.exception.cls, outcome)
    told = {need.probe.run for need in subject.evidence.preconditions if getattr(need, "probe", None)}
    told |= {item.probe.run for item in subject.evidence.broken}
    for outcome in list(seen.values())[:4]:
        if outcome.run not in told:  # a need has told it, with the same call
            yield _raised(subject, outcome)
    for name in [n for n in subject.function.raises if n.rpartition(".")[2] not in seen][:3]:
        guards = _guards(subject, name)
        if any(line in subject.evidence.reached for line in guards):
            continue  # raised and caught inside: it never leaves the function
        test = code(cut(next(iter(guards.values())), 60)) if len(guards) == 1 else ""
        key = "contract.may_raise_when" if test else "contract.may_raise"
        if not subject.outcomes:
            key = "contract.static_raise_when" if test else "contract.static_raise"
        claims = [subject.book.add("unreachable", scope="all", line=n) for n in guards if subject.outcomes]
        said = subject.text(key, exception=escape(name), test=test)
        yield subject.text("contract.raises"), said, tuple(claims)


def _raised(subject: Subject, outcome: Outcome) -> Row:
    """An exception as one run raised it."""
    error = outcome.exception
    assert error is not None
    scope = {"run": outcome.run} if outcome.run else None
    fields: dict[str, Any] = {} if outcome.call == 1 else {"call": outcome.call}
    guard = _guards(subject, error.cls).get(error.line, "")
    if guard:
        fields["line"] = error.line
    claim = subject.book.add("raises", scope=scope, exception=error.cls, **fields)
    key = "contract.raises_when" if guard else "contract.raises_on"
    call = code(cut(_call_text(subject, outcome.run), 60))
    said = subject.text(key, exception=slot(claim, "exception"), test=code(cut(guard, 60)), call=call)
    return subject.text("contract.raises"), said, (claim,)


def _call_text(subject: Subject, run: int) -> str:
    trace = subject.evidence.runs[run]
    return str(trace.header.run.call)


def _guards(subject: Subject, exception: str) -> dict[int, str]:
    """Lines of `raise exception`, each with the test of the `if` directly around it (empty: none)."""
    body = subject.body
    found: dict[int, str] = {}
    for index, statement in body.statements():
        if statement.kind != "raise" or exception.rpartition(".")[2] not in body.text(index):
            continue
        above = statement.parent
        guarded = above is not None and statement.block == "body" and body.at(above).kind == "if"
        found[statement.header.line] = body.at(above).test if guarded and above is not None else ""
    return found
