"""Worked run: one typical input, and the table of what each turn of its loops changed."""

from __future__ import annotations

from collections.abc import Iterator

from codeassist.narrating import calltree, loops, straight
from codeassist.narrating.brief import brief
from codeassist.narrating.cells import called, cut, tellable
from codeassist.narrating.contract import outcome_words
from codeassist.narrating.subject import Subject, code
from codeassist.narrating.walk import Entry, Walk
from codeassist.records.answer import Section, Sentence, Table

MOST_TABLES = 3
MOST_FOR_DEVELOPERS = 1


def section(subject: Subject) -> Section | None:
    """The explained run: its call and outcome, then tables."""
    if subject.walk is None:
        return None
    found = calltree.recursive(subject)
    sentences = list(_outcome(subject))
    tables = []
    shaped = len(found) <= calltree.MOST_CALLS
    if found and shaped:
        sentences.append(calltree.sentence(subject, found))
        drawn = calltree.table(subject, found)
        tables += [drawn] if drawn is not None else []
    most = MOST_TABLES if subject.is_learner else MOST_FOR_DEVELOPERS
    tables += _loops(
        subject, subject.walk, most - len(tables) - bool(found and shaped and subject.is_learner)
    )
    if not tables:
        flat = straight.table(subject, subject.walk)
        tables += [flat] if flat is not None else []
    return subject.section("worked-run", sentences, tables)


def _outcome(subject: Subject) -> Iterator[Sentence]:
    """`search([1, 3], 3)` gives `(1, [1])`, and where the call came from."""
    run = subject.evidence.runs[0].header.run
    call = code(called(run.call, 90) if run.call else run.test.rpartition("/")[2] or subject.function.name)
    origin = subject.text(f"origin.from.{run.origin}") if f"origin.from.{run.origin}" in subject.text else ""
    first = next((o for o in subject.outcomes if o.run == 0 and o.shown), None)
    words, claims = outcome_words(subject, first, None) if first is not None else ("", ())
    drained = _drained(subject)
    if not words and drained:
        yield Sentence(
            subject.text("worked.drained", call=call, outcome=drained, origin=origin), (), fact="run"
        )
        return
    key = "worked.gives" if words else "worked.call_only"
    if words:
        key = key if claims and subject.book.kind(claims[0]) == "returns" else "worked.does"
    yield Sentence(subject.text(key, call=call, outcome=words, origin=origin), claims, fact="run")


def _drained(subject: Subject) -> str:
    """What the run as a whole gave, where the function returned something that is drained outside of it."""
    outcome = subject.evidence.runs[0].header.outcome
    result = outcome.result
    if outcome.kind != "returned" or not isinstance(result, list) or not tellable(result):
        return ""
    return code(cut(brief(result), 80))


def _loops(subject: Subject, walk: Walk, room: int) -> Iterator[Table]:
    """The heaviest loops at the top, in source order, the inner loop of one turn after its outer one."""
    outer = [entry for entry in walk.entries if entry.turns and subject.body.loop_of(entry.loop) is None]
    heavy = sorted(outer, key=lambda entry: entry.first - entry.last)[: max(room - 1, 1)]
    if len(heavy) > 1 and _steps(heavy[0]) > 3 * _steps(heavy[1]):
        heavy = heavy[:1]
    left = room
    for entry in sorted(heavy, key=lambda entry: entry.first):
        for table in _nest(subject, walk, entry, left):
            left -= 1
            yield table


def _steps(entry: Entry) -> int:
    return entry.last - entry.first + 1


def _nest(subject: Subject, walk: Walk, entry: Entry, room: int) -> Iterator[Table]:
    caption = ""
    for _ in range(room):
        found = loops.table(subject, walk, entry, caption)
        if len(found.columns) > 1:
            yield found
        inner = _inner(subject, walk, entry)
        if inner is None:
            return
        number, below = inner
        caption = subject.text(
            "worked.inner",
            line=subject.body.at(below.loop).header.line,
            outer=subject.body.at(entry.loop).header.line,
            turn=number + 1,
        )
        entry = below


def _inner(subject: Subject, walk: Walk, entry: Entry) -> tuple[int, Entry] | None:
    """The first turn whose inner loop goes round at least twice and reaches most, with that loop."""
    found = []
    for number, turn in enumerate(entry.turns):
        for below in walk.entries:
            nested = subject.body.loop_of(below.loop) == entry.loop
            if nested and turn.start <= below.first < turn.end and below.turns:
                found.append((number, below))
    if not found:
        return None
    enough = [pair for pair in found if 2 <= len(pair[1].turns) <= loops.SHOW_ALL]
    if not enough:
        return max(found, key=lambda pair: len(pair[1].turns))
    return max(enough, key=lambda pair: len(_reached(walk, pair[1])))


def _reached(walk: Walk, entry: Entry) -> set[int]:
    """The statements that an execution of a loop goes through: more of them tell more."""
    return {step.statement for step in walk.steps[entry.first : entry.last + 1]}
