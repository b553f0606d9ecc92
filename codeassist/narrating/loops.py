"""The delta table of one execution of a loop: tests with operands, changed variables, folded turns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from codeassist.narrating.book import escape, slot
from codeassist.narrating.cells import EMPTY, Cell, change_cell, cut, flat, result_text, test_cell, value_cell
from codeassist.narrating.operands import parse
from codeassist.narrating.subject import Subject, code
from codeassist.narrating.walk import Entry, Turn, Walk, exception_of
from codeassist.records.answer import Table
from codeassist.records.values import literal, opaque

SHOW_ALL = 8
READ_ALL = 48
"""turns up to which every turn is compared; beyond, only those that are shown"""
MOST_VARIABLES = 4
MOST_TESTS = 2


@dataclass(frozen=True, slots=True)
class Column:
    """A variable (or attribute path) or a test, in the order of the source."""

    kind: str
    """target, test or variable"""
    name: str
    statement: int = -1


@dataclass(frozen=True, slots=True)
class Frame:
    """What one turn changed: flat variables at its start and end."""

    start: Mapping[str, Any]
    end: Mapping[str, Any]


def table(subject: Subject, walk: Walk, entry: Entry, caption: str = "") -> Table:
    """The delta table of `entry`; its caption says how many turns it made."""
    picked = _fold(subject, walk, entry)
    frames = {number: _frame(walk, entry.turns[number]) for number in picked}
    columns = _columns(subject, walk, entry, frames)
    rows = [_first_row(subject, walk, entry, columns)] if any(c.kind == "variable" for c in columns) else []
    previous = -1
    for number in picked:
        if number > previous + 1:
            rows.append(_gap_row(subject, columns, number - previous - 1))
        rows.append(_turn_row(subject, walk, entry, number, frames[number], columns))
        previous = number
    rows += _end_row(subject, walk, entry, columns)
    return _table(subject, entry, columns, rows, caption)


def _table(
    subject: Subject, entry: Entry, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], caption: str
) -> Table:
    keep = [i for i in range(len(columns) + 2) if i == 0 or any(row[i].text for row in rows)]
    line = subject.body.at(entry.loop).header.line
    heads = [subject.text("worked.line", line=line), *(_head(column) for column in columns), ""]
    said, shared = (caption, ()) if caption else _caption(subject, entry)
    return Table(
        columns=tuple(heads[i] for i in keep),
        rows=tuple(tuple(row[i].text for i in keep) for row in rows),
        claims=tuple(_backing(row, keep, shared) for row in rows),
        caption=said,
    )  # fmt: skip


def _caption(subject: Subject, entry: Entry) -> tuple[str, tuple[str, ...]]:
    """The loop's header with its number of turns; without the number where the record ends before."""
    header = code(cut(subject.body.text(entry.loop), 60))
    if not entry.left_by:
        return subject.text("worked.beginning", header=header), ()
    line, turns = subject.body.at(entry.loop).header.line, len(entry.turns)
    claim = subject.book.add("iterations", line=line, count=turns, entry=entry.number, **_call(subject))
    return subject.text("worked.turns", count=turns, turns=slot(claim, "count"), header=header), (claim,)


def _backing(row: Sequence[Cell], keep: Sequence[int], shared: tuple[str, ...]) -> tuple[str, ...]:
    """The claims of a row's cells, each once; those of the caption stand behind every row."""
    return tuple(dict.fromkeys(c for claims in (*(row[i].claims for i in keep), shared) for c in claims))


def _head(column: Column) -> str:
    return escape(cut(column.name, 30))


def _call(subject: Subject) -> dict[str, Any]:
    call = subject.walk.activation.call if subject.walk else 1
    return {} if call == 1 else {"call": call}


def _frame(walk: Walk, turn: Turn) -> Frame:
    return Frame(
        dict(flat(walk.before(turn.start), walk.receiver)),
        dict(flat(walk.before(_after(walk, turn)), walk.receiver)),
    )


def _after(walk: Walk, turn: Turn) -> int:
    """The position at which a turn's effects are all there: the next header, or its own last step."""
    return turn.end if turn.end < len(walk.steps) else len(walk.steps) - 1


def _fold(subject: Subject, walk: Walk, entry: Entry) -> list[int]:
    """Numbers of the turns that are shown: all of few, else the first, the last and the telling ones."""
    total = len(entry.turns)
    read = range(total) if total <= READ_ALL else [*range(6), *range(total - 3, total)]
    walk.fetch(p for n in read for p in (entry.turns[n].start, _after(walk, entry.turns[n])))
    if total <= (SHOW_ALL if subject.level == "learner" else SHOW_ALL - 2):
        return list(range(total))
    picked = {0, 1, total - 2, total - 1}
    seen: set[int] = set()
    for number, turn in enumerate(entry.turns):
        fresh = {walk.steps[p].statement for p in range(turn.start, turn.end)} - seen
        if fresh and len(picked) < 8:
            picked.add(number)
        seen |= fresh
    if total <= READ_ALL:
        picked |= set(_rare(walk, entry)[: 9 - len(picked)])
    return sorted(picked | {n + 1 for n in picked if n + 2 in picked})


def _rare(walk: Walk, entry: Entry) -> list[int]:
    """Turns in which a variable changes that seldom does (a best so far, a flag)."""
    changes: dict[str, list[int]] = {}
    for number, turn in enumerate(entry.turns):
        for name in _changed(_frame(walk, turn)):
            changes.setdefault(name, []).append(number)
    seldom = [turns for turns in changes.values() if len(turns) <= len(entry.turns) // 3]
    return sorted({number for turns in seldom for number in turns})


def _changed(frame: Frame) -> list[str]:
    return [
        name
        for name, value in frame.end.items()
        if opaque(value) is None and (name not in frame.start or literal(frame.start[name]) != literal(value))
    ]


def _columns(subject: Subject, walk: Walk, entry: Entry, frames: Mapping[int, Frame]) -> list[Column]:
    body = subject.body
    loop = body.at(entry.loop)
    targets = [name for name in loop.writes if loop.kind == "for"]
    found = [Column("target", name) for name in targets]
    inner = _inner_targets(subject, entry.loop)
    changed = {name for frame in frames.values() for name in _changed(frame)} - set(targets) - inner
    tests = _tests(subject, entry.loop)
    if loop.kind == "while" and len(tests) < MOST_TESTS and _telling(loop.test):
        found.append(Column("test", loop.test, entry.loop))
    kept = _most_telling(subject, entry.loop, changed, frames)
    for index in body.within(entry.loop, "body"):
        if index in tests:
            found.append(Column("test", body.at(index).test, index))
        names = [*body.at(index).writes, *_bases(body.at(index).stores), *_receiver(body.at(index).test)]
        for name in [k for n in names for k in kept if k == n or k.startswith(f"{n}.")]:
            if all(column.name != name for column in found):
                found.append(Column("variable", name))
    rest = [name for name in kept if all(column.name != name for column in found)]
    return found + [Column("variable", name) for name in rest]


def _bases(stores: Sequence[str]) -> list[str]:
    return [name for store in stores for name in (store.split("[")[0], store)]


def _receiver(test: str) -> list[str]:
    return [test.split("(")[0].rpartition(".")[0]] if "(" in test else []


def _inner_targets(subject: Subject, loop: int) -> set[str]:
    """Targets of loops inside: they belong to the inner table."""
    body = subject.body
    inner = [i for i in body.within(loop, "body") if body.at(i).kind == "for"]
    return {name for index in inner for name in body.at(index).writes}


def _most_telling(subject: Subject, loop: int, changed: set[str], frames: Mapping[int, Frame]) -> list[str]:
    """At most four variables: those that the loop carries on come before those it makes afresh."""
    times = {name: sum(name in _changed(frame) for frame in frames.values()) for name in changed}
    carried = {name for frame in frames.values() for name in frame.start}
    first = sorted(changed, key=lambda name: (name not in carried, -times[name], name))
    return first[:MOST_VARIABLES]


def _telling(test: str) -> bool:
    node = parse(test)
    return node is not None and type(node).__name__ != "Constant"


def _tests(subject: Subject, loop: int) -> list[int]:
    """The first tests of `if` statements that belong to this loop and to no inner one."""
    body = subject.body
    mine = [i for i in body.within(loop, "body") if body.at(i).kind == "if" and body.loop_of(i) == loop]
    return mine[:MOST_TESTS]


def _first_row(subject: Subject, walk: Walk, entry: Entry, columns: Sequence[Column]) -> list[Cell]:
    """Values with which the loop begins."""
    step = walk.steps[entry.first]
    start = dict(flat(walk.before(entry.first), walk.receiver))
    cells = [Cell(subject.text("worked.before"))]
    for column in columns:
        known = column.kind == "variable" and column.name in start
        cells.append(_value(subject, step, column.name, start[column.name]) if known else EMPTY)
    return [*cells, EMPTY]


def _value(subject: Subject, step: Any, name: str, value: Any) -> Cell:
    if not subject.body.alone(step.statement):
        return EMPTY
    return value_cell(subject, step, name, value, when="before", **_call(subject))


def _gap_row(subject: Subject, columns: Sequence[Column], count: int) -> list[Cell]:
    return [Cell(subject.text("worked.more", count=count)), *(EMPTY for _ in columns), EMPTY]


def _turn_row(
    subject: Subject, walk: Walk, entry: Entry, number: int, frame: Frame, columns: Sequence[Column]
) -> list[Cell]:
    turn = entry.turns[number]
    changed = _changed(frame)
    cells = [Cell(str(number + 1))]
    for column in columns:
        if column.kind == "test":
            cells.append(_test(subject, walk, turn, column))
        elif column.kind == "target":
            cells.append(_target(subject, walk, turn, column.name, frame))
        else:
            cells.append(
                _change(subject, walk, turn, column.name, frame) if column.name in changed else EMPTY
            )
    last = number == len(entry.turns) - 1
    return [*cells, _leaving(subject, walk, entry) if last else EMPTY]


def _test(subject: Subject, walk: Walk, turn: Turn, column: Column) -> Cell:
    positions = [turn.header] if walk.steps[turn.header].statement == column.statement else []
    positions += [p for p in range(turn.start, turn.end) if walk.steps[p].statement == column.statement]
    return _tested(subject, walk, positions[0], column) if positions else EMPTY


def _tested(subject: Subject, walk: Walk, position: int, column: Column) -> Cell:
    if position + 1 >= len(walk.steps) and (walk.end is None or walk.end.kind != "return"):
        return EMPTY  # the test itself raised, or the record ends here
    following = walk.steps[position + 1].statement if position + 1 < len(walk.steps) else -1
    taken = following >= 0 and subject.body.below(following, column.statement, "body")
    return test_cell(subject, walk.steps[position], column.name, walk.before(position), taken)


def _target(subject: Subject, walk: Walk, turn: Turn, name: str, frame: Frame) -> Cell:
    """The loop variable as the header bound it."""
    step = walk.steps[turn.header]
    if name not in frame.start or not subject.body.alone(step.statement):
        return EMPTY
    return value_cell(subject, step, name, frame.start[name], when="after", **_call(subject))


def _change(subject: Subject, walk: Walk, turn: Turn, name: str, frame: Frame) -> Cell:
    step = walk.steps[_after(walk, turn)]
    if not subject.body.alone(step.statement):
        return EMPTY
    return change_cell(subject, step, name, frame.start.get(name), frame.end[name], **_call(subject))


def _leaving(subject: Subject, walk: Walk, entry: Entry) -> Cell:
    """How the last turn left the loop, where it did so in its middle."""
    if entry.left_by == "break":
        line = subject.body.at(entry.loop).header.line
        claim = subject.book.add("exit_by", line=line, by="break", entry=entry.number, **_call(subject))
        return Cell(subject.text("worked.breaks"), (claim,))
    if entry.left_by == "return" and walk.end is not None:
        cell = result_text(subject.book, walk.end.value, limit=40, **_call(subject))
        return Cell(subject.text("worked.returning", value=cell.text), cell.claims) if cell.text else EMPTY
    error = exception_of(walk.end)
    if entry.left_by == "exception" and error is not None:
        claim = subject.book.add("raises", exception=error.cls, **_call(subject))
        return Cell(subject.text("worked.raising", exception=slot(claim, "exception")), (claim,))
    return EMPTY


def _end_row(subject: Subject, walk: Walk, entry: Entry, columns: Sequence[Column]) -> list[list[Cell]]:
    """The failing test that ends a `while`, if the table shows that test."""
    shown = [c for c in columns if c.kind == "test" and c.statement == entry.loop]
    if entry.left_by != "condition" or not shown:
        return []
    cells = [Cell(subject.text("worked.end"))]
    for column in columns:
        cells.append(_tested(subject, walk, entry.last, column) if column in shown else EMPTY)
    return [[*cells, EMPTY]]
