"""The rows of a trace as a reader sees them: source beside what each step tested, stored and gave."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from codeassist.records.operands import spell
from codeassist.records.program import Function, Statement
from codeassist.records.report import TraceView
from codeassist.records.text import inert
from codeassist.records.trace import Change, Event, ExceptionInfo
from codeassist.records.values import literal
from codeassist.rendering.trace_fold import fold
from codeassist.rendering.trace_nodes import Call, Gap, Item, Loop, Skipped, Step, Text, Turn
from codeassist.rendering.trace_states import States
from codeassist.rendering.trace_trend import words

CONTAINER = 48
"""characters up to which a container is shown whole when an item of it is stored"""
VALUE = 300
"""characters of a value that a row keeps; what fits is decided by the layout"""


@dataclass(frozen=True, slots=True)
class Note:
    """A piece of what happened; `style` is test, value, new, returns, raises, watch or dim."""

    text: str
    style: str = "value"


@dataclass(slots=True)
class Row:
    """One row; `kind` is call, brief, step, after, gap, output or thread."""

    kind: str
    code: str
    notes: list[Note] = field(default_factory=list)
    step: int | None = None
    line: int | None = None
    depth: int = 0
    turn: int | None = None


def rows(view: TraceView) -> Iterator[Row]:
    """The rows of a whole run: first its main thread, then the others, each under its number."""
    reader = view.trace.reader
    if reader is None:
        return
    trees = fold(reader.events(), reader.output(), view.modules, len(reader))
    writer = _Writer(view, States(reader, list(trees.values())))
    for position, (thread, items) in enumerate(trees.items()):
        if position:
            yield Row("thread", f"thread {thread}", depth=0)
        yield from writer.items(items, 0)


class _Writer:
    """Turns nodes into rows; knows the sources and what is watched."""

    def __init__(self, view: TraceView, states: States) -> None:
        self._states = states
        self._sources = view.sources
        self._watched = view.watched
        self._columns = _columns(view)
        self._functions: dict[tuple[str, str], Function] = {
            (f.id.path, f.id.qualname): f for module in view.modules.values() for f in module.functions
        }

    def items(self, items: Sequence[Item], depth: int) -> Iterator[Row]:
        for item in items:
            if not (isinstance(item, Call) and self.is_dull(item)):
                yield from self.item(item, depth)

    def is_dull(self, call: Call) -> bool:
        """The body of a class or of an imported module that only defines things."""
        entry = call.entry
        function = self._functions.get((entry.function.path, entry.function.qualname))
        is_module = entry.function.qualname == "<module>" and call.depth > 0
        is_class = function is not None and function.kind == "class"
        return (is_module or is_class) and all(_defines(item) for item in call.items)

    def item(self, item: Item, depth: int) -> Iterator[Row]:
        if isinstance(item, Step):
            yield from self.step(item, depth)
        elif isinstance(item, Call):
            yield from self.brief(item, depth) if item.compact else self.call(item, depth)
        elif isinstance(item, Loop):
            yield from self.loop(item, depth)
        elif isinstance(item, Text):
            yield from _output(item, depth)
        elif isinstance(item, Skipped):
            yield Row("gap", "⋮", [Note(_skipped(item.calls, item.steps), "dim")], depth=depth)

    # calls

    def call(self, call: Call, depth: int) -> Iterator[Row]:
        entry = call.entry
        notes = _arguments(entry) if entry.kind == "call" else _sent(entry)
        notes += [Note(text, "watch") for text in self._watched.get(entry.index, ())]
        yield Row("call", self.heading(entry), notes, entry.index, entry.line, depth)
        yield from self.items(call.items, depth)
        ended = call.items and isinstance(call.items[-1], (Step, Loop))
        if not ended and call.exit is not None and call.entry.function.qualname != "<module>":
            notes = self.left(call.exit)
            if notes:
                yield Row("after", "", notes, depth=depth)

    def heading(self, entry: Event) -> str:
        function = self._functions.get((entry.function.path, entry.function.qualname))
        name = entry.function.qualname
        if entry.kind == "resume":
            return f"{name} goes on"
        if name == "<module>":
            return entry.function.path.rpartition("/")[2]
        if function is None or function.kind == "class":
            return f"class {name}:" if function is not None else name
        stars = {"star": "*", "double-star": "**"}
        names = [stars.get(p.kind, "") + p.name for p in function.parameters]
        prefix = "async def" if function.is_async else "def"
        return f"{'lambda' if function.kind == 'lambda' else prefix} {name}({', '.join(names)}):"

    def brief(self, call: Call, depth: int) -> Iterator[Row]:
        entry = call.entry
        values = entry.value.items() if isinstance(entry.value, dict) else ()
        inside = ", ".join(literal(value, 60) for name, value in values if name != "self")
        name = entry.function.qualname + ("" if entry.kind == "call" else " goes on")
        notes = self.left(call.exit) if call.exit is not None else [Note("not finished", "dim")]
        if call.same_as is not None:
            notes.append(Note(f"as in step {call.same_as}", "dim"))
        elif call.steps:
            notes.append(Note(_skipped(call.hidden, call.steps), "dim"))
        yield Row("brief", f"{name}({inside})", notes, entry.index, entry.line, depth)
        yield from self.items(call.items, depth + 1)

    def left(self, event: Event) -> list[Note]:
        """How an activation left: what it returned or yielded, the exception, or that it waits."""
        function = self._functions.get((event.function.path, event.function.qualname))
        is_coroutine = function is not None and function.is_async and not function.is_generator
        return [Note("waits", "dim")] if event.kind == "yield" and is_coroutine else _left(event)

    # steps

    def step(self, step: Step, depth: int, turn: int | None = None) -> Iterator[Row]:
        event = step.event
        row = Row(
            "step", self.code(event, step.statement), self.test(step), event.index, event.line, depth, turn
        )
        after = self.after(step)
        calls = [child for child in step.children if isinstance(child, (Call, Skipped))]
        if all(isinstance(call, Call) and self.is_dull(call) for call in calls):
            row.notes += after
            yield row
            yield from self.items(step.children, depth)
            return
        tests, row.notes = row.notes, []
        yield row
        yield from self.items(step.children, depth + 1)
        if tests or after:
            yield Row("after", "", [*tests, *after], line=event.line, depth=depth)

    def after(self, step: Step) -> list[Note]:
        notes = self.changes(step)
        if step.raised is not None:
            notes.append(Note(_exception(step.raised, "raises"), "raises"))
        if step.left is not None and not (step.left.kind == "unwind" and step.raised is not None):
            is_return = step.statement is not None and step.statement.kind == "return"
            if is_return or step.left.kind != "return" or step.left.value is not None:
                notes += self.left(step.left)
        notes += [Note(text, "watch") for text in self._watched.get(step.event.index, ())]
        return notes

    def test(self, step: Step) -> list[Note]:
        """What a test compared: `0 <= 5 is true`."""
        statement = step.statement
        if statement is None or step.outcome not in ("true", "false"):
            return []
        variables = self._states.before(step)
        text = inert(_spelt(statement.test, variables)) if variables else ""
        text = text or substituted(statement.test, step.known)
        said = f"{text} is {step.outcome}" if text and len(text) <= 70 else step.outcome
        return [Note(said, step.outcome)]

    def changes(self, step: Step) -> list[Note]:
        """What the step stored; with an item the short container that holds it."""
        event, statement = step.event, step.statement
        if statement is not None and statement.kind in ("def", "class", "import"):
            return []
        before, after = self._states.before(step), self._states.after(step)
        notes = []
        for change in _last(event.changes):
            if change.kind in ("item", "attribute") and before:
                notes.append(_part(change, _spelt(change.target, before)))
            else:
                notes.append(_change(change, step.known))
        for name in {c.variable: None for c in event.changes if c.kind == "item"}:
            text = literal(after[name]) if name in after else ""
            if 0 < len(text) <= CONTAINER:
                notes.append(Note(f"{name} = {inert(text)}", "new"))
        return notes

    def code(self, event: Event, statement: Statement | None = None) -> str:
        """The source of the step's line; of a line with several statements the part that is meant."""
        lines = self._sources.get(event.function.path, ())
        if not 0 < event.line <= len(lines):
            return event.function.qualname
        text = lines[event.line - 1].rstrip()
        places = self._columns.get((event.function.path, event.line), ())
        if statement is not None and len(places) > 1:
            text = _part_of(text, statement, max(places))
        text = text.expandtabs(4)
        function = self._functions.get((event.function.path, event.function.qualname))
        base = function.span.column if function is not None and function.kind != "module" else 0
        return inert(text[min(base, len(text) - len(text.lstrip())) :])

    # loops

    def loop(self, loop: Loop, depth: int) -> Iterator[Row]:
        if loop.turns and isinstance(loop.turns[0], Gap):
            path_line = loop.turns[0]
            yield self.gap(path_line, depth, loop)
            rest: list[Turn | Gap] = loop.turns[1:]
        else:
            rest = loop.turns
        for part in rest:
            if isinstance(part, Turn):
                yield from self.turn(part, depth)
            else:
                yield self.gap(part, depth)
        if loop.last is not None and self.is_telling(loop):
            yield from self.step(loop.last, depth)
        elif loop.last is not None and loop.last.left is not None:
            notes = self.after(loop.last)
            if notes:
                yield Row("after", "", notes, line=loop.statement.header.line, depth=depth)

    def is_telling(self, loop: Loop) -> bool:
        """Whether the header's last step says more than that nothing is left."""
        last = loop.last
        if last is None or last.raised or not loop.turns:
            return last is not None
        return loop.is_first and (loop.statement.kind == "while" or bool(last.children))

    def turn(self, turn: Turn, depth: int) -> Iterator[Row]:
        header, *body = turn.items
        if isinstance(header, Step):
            yield from self.step(header, depth, turn.number)
        yield from self.items(body, depth)

    def gap(self, gap: Gap, depth: int, loop: Loop | None = None) -> Row:
        if loop is None:
            return Row("gap", "⋮", gap_notes(gap), depth=depth)
        event = loop.event
        return Row("gap", self.code(event), gap_notes(gap), event.index, event.line, depth)


def _columns(view: TraceView) -> dict[tuple[str, int], set[int]]:
    """(path, line) -> columns at which statements begin there."""
    found: dict[tuple[str, int], set[int]] = {}
    for path, module in view.modules.items():
        for statement in module.statements:
            found.setdefault((path, statement.header.line), set()).add(statement.header.column)
    return found


def _part_of(text: str, statement: Statement, last: int) -> str:
    """Of a line with several statements the one that is meant, at the line's indentation."""
    header = statement.header
    indent = text[: len(text) - len(text.lstrip())]
    end = header.end_column if header.end_line == header.line and header.column < last else len(text)
    return indent + text[header.column : end].rstrip(" ;")


def _defines(item: Item) -> bool:
    if not isinstance(item, Step) or item.statement is None or item.raised:
        return False
    kind = item.statement.kind
    is_quiet = not any(isinstance(child, (Text, Loop)) for child in item.children)
    return is_quiet and (
        kind in ("def", "class", "import", "pass") or kind == "if" and item.outcome == "false"
    )


def gap_notes(gap: Gap) -> list[Note]:
    """`iterations 4-97: low rises by 1, total grows`, and how much was printed meanwhile."""
    count = f"iteration {gap.first}" if gap.first == gap.last else f"iterations {gap.first}-{gap.last}"
    phrases = [text for text in (words(name, trend) for name, trend in gap.trends.items()) if text][:5]
    texts = [f"{count}: {phrases[0]}", *phrases[1:]] if phrases else [count]
    notes = [Note(text + "," * (text is not texts[-1]), "dim") for text in texts]
    if gap.wrote:
        number = max(1, gap.printed)
        notes.append(Note(f"prints {number} line{'s' * (number > 1)}", "dim"))
    return notes


def _skipped(calls: int, steps: int) -> str:
    inside = f"{steps} step{'s' * (steps != 1)}"
    return f"{calls} more call{'s' * (calls != 1)}, {inside}" if calls else inside


def _arguments(entry: Event) -> list[Note]:
    values: Mapping[str, Any] = entry.value if isinstance(entry.value, dict) else {}
    return [Note(f"{name} = {show(value)}", "new") for name, value in values.items()]


def _sent(entry: Event) -> list[Note]:
    return [] if entry.value is None else [Note(f"receives {show(entry.value)}", "new")]


def _left(event: Event) -> list[Note]:
    if event.kind == "unwind":
        return [Note(_exception(event.value, "leaves by"), "raises")]
    verb = "yields" if event.kind == "yield" else "returns"
    return [Note(f"{verb} {show(event.value)}", "returns")]


def _exception(info: Any, verb: str) -> str:
    if not isinstance(info, ExceptionInfo):
        return verb
    message = f": {inert(info.message)}" if info.message else ""
    return f"{verb} {inert(info.cls)}{message}"


def _last(changes: Sequence[Change]) -> list[Change]:
    """The changes of a step, of several to one target the last."""
    return list({change.target: change for change in changes}.values())


def _change(change: Change, known: Mapping[str, Any]) -> Note:
    target = inert(change.target)
    if change.kind == "delete":
        return Note(f"del {target}", "value")
    new = show(change.value)
    if target in known and change.kind != "content":
        old = show(known[target])
        return Note(f"{target} = {new} again" if old == new else f"{target} {old} → {new}", "value")
    return Note(f"{target} = {new}", "value" if change.kind != "bind" else "new")


def _spelt(test: str, variables: Mapping[str, Any]) -> str:
    """A test with its operands replaced by their values; empty where none is known."""
    return "".join(value or text for text, value in spell(test, variables))


def _part(change: Change, old: str) -> Note:
    """A store into an item or attribute, with the literal text that was there before (empty: nothing)."""
    target, new = inert(change.target), show(change.value)
    if change.kind == "delete":
        return Note(f"del {target}")
    old = "" if old == change.target else inert(old)
    if not old or len(old) > CONTAINER:
        return Note(f"{target} = {new}")
    return Note(f"{target} = {new} again" if old == new else f"{target} {old} → {new}")


def show(value: Any) -> str:
    """Literal text, inert and bounded; of a long value the beginning and the end."""
    text = literal(value)
    if len(text) > VALUE:
        text = f"{text[: VALUE * 2 // 3]}…{text[-VALUE // 3 :]}"
    return inert(text)


_NAME = re.compile(
    r"""("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|(?<![\w.])([^\W\d]\w*)(?!\s*[\w(\[.]|\s*=[^=])"""
)


def substituted(test: str, known: Mapping[str, Any]) -> str:
    """`test` with the known names replaced by their values; empty when none is known or it is long."""

    def value(match: re.Match[str]) -> str:
        if match[1] is not None or match[2] not in known:
            return match[0]
        return literal(known[match[2]], 24)

    text = inert(" ".join(test.split()))
    if " for " in text or "lambda" in text:
        return ""
    result = _NAME.sub(value, text)
    return result if result != text else ""


def _output(text: Text, depth: int) -> Iterator[Row]:
    for line in text.text.removesuffix("\n").split("\n"):
        yield Row("output", inert(line, keep="\t").expandtabs(8), [Note(text.stream)], depth=depth)
