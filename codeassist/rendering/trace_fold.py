"""A run as a small tree: loops folded to their telling turns, repeated calls joined, in one pass.

Folding is that of docs/trace.md: up to 8 turns are all kept; of more, the first two, the last two and each
that first takes a branch; the others become one gap that says what rises or falls. The first two
activations of a function keep their steps, later ones are one row. Memory follows what is kept, not the run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from codeassist.records.program import Module
from codeassist.records.structure import Structure
from codeassist.records.trace import Event, Output
from codeassist.records.values import ATOMS, literal
from codeassist.rendering.trace_nodes import Call, Gap, Item, Loop, Skipped, Step, Text, Turn
from codeassist.rendering.trace_trend import extend, start

SMALL = 80
"""a run of at most so many events is shown with the steps of every call"""
TURNS, HEAD, TAIL, NEW = 8, 2, 2, 6
CALLS = 24
"""compact calls of one function that are shown inside other compact calls"""
CHILDREN, FIRST = 8, 4
_TESTS = frozenset({"if", "while", "for"})
_UNKNOWN = object()


@dataclass(slots=True, eq=False)
class _Body:
    """What is remembered of one activation between its stays."""

    known: dict[str, Any] = field(default_factory=dict)
    last: Step | None = None
    before: int | None = None
    """index of the statement before"""
    counts: dict[int, int] = field(default_factory=dict)
    """header -> turns begun in this stay of the loop"""


@dataclass(slots=True, eq=False)
class _Frame:
    """One stay that is open."""

    call: Call | None
    """None for a call that is not shown"""
    body: _Body
    activation: int
    structure: Structure | None
    loops: list[Loop] = field(default_factory=list)
    path: tuple[int, ...] = ()
    """headers of `loops`"""
    header: Step | None = None
    """a loop header's step of which it is not known yet whether it begins a turn"""


class Folder:
    """Takes the events of a run in order; `threads` holds the tree of each thread."""

    def __init__(self, modules: Mapping[str, Module], size: int) -> None:
        self.threads: dict[int, list[Item]] = {}
        self._structures = {path: Structure(module) for path, module in modules.items()}
        self._shared = {path: _shared_names(module) for path, module in modules.items()}
        self._is_small = size <= SMALL
        self._stacks: dict[int, list[_Frame]] = {}
        self._bodies: dict[int, _Body] = {}
        self._numbers: dict[int, int] = {}
        self._calls: Counter[tuple[str, str]] = Counter()
        self._shown: Counter[tuple[str, str]] = Counter()
        self._ends: dict[tuple[str, str, str], tuple[int, str]] = {}
        self._paths: dict[tuple[str, int], set[tuple[int | None, int]]] = {}

    def add(self, event: Event) -> None:
        """Take the next event."""
        if event.kind in ("call", "resume"):
            self._enter(event)
            return
        frame = self._frame(event)
        if event.kind == "line":
            self._line(frame, event)
        elif event.kind == "raise":
            self._raise(frame, event)
        else:
            self._leave(frame, event)

    def write(self, output: Output, thread: int) -> None:
        """Take text that the program wrote."""
        stack = self._stacks.get(thread)
        shown = [frame for frame in stack or () if frame.call is not None]
        home = _home(shown[-1]) if shown else self.threads.setdefault(thread, [])
        for turn in (loop.turns[-1] for frame in stack or () for loop in frame.loops if loop.turns):
            turn.printed += output.text.count("\n")
            turn.wrote = True
        last = home[-1] if home else None
        if isinstance(last, Text) and last.stream == output.stream:
            last.text += output.text
        else:
            home.append(Text(output.stream, output.text))

    def finish(self) -> dict[int, list[Item]]:
        """End what is still open (a run that was cut off) and give the trees."""
        for stack in self._stacks.values():
            while stack:
                self._close(stack)
        return self.threads

    # entering and leaving

    def _frame(self, event: Event) -> _Frame:
        """The open stay of the event's activation; stays above it that never said they left are closed."""
        stack = self._stacks.setdefault(event.thread, [])
        if stack and stack[-1].activation == event.activation:
            return stack[-1]
        if any(frame.activation == event.activation for frame in stack):
            while stack[-1].activation != event.activation:
                self._close(stack)
            return stack[-1]
        return self._push(stack, event, self._node(stack, event))

    def _enter(self, event: Event) -> None:
        stack = self._stacks.setdefault(event.thread, [])
        frame = self._push(stack, event, self._node(stack, event))
        if event.kind == "call" and isinstance(event.value, dict):
            frame.body.known.update({n: v for n, v in event.value.items() if type(v) in ATOMS})

    def _push(self, stack: list[_Frame], event: Event, call: Call | None) -> _Frame:
        body = self._bodies.setdefault(event.activation, _Body())
        frame = _Frame(call, body, event.activation, self._structures.get(event.function.path))
        stack.append(frame)
        return frame

    def _node(self, stack: list[_Frame], event: Event) -> Call | None:
        """The node of a new stay, put where it happened; None when it is only counted."""
        name = (event.function.path, event.function.qualname)
        if event.activation not in self._numbers:
            self._calls[name] += 1
            self._numbers[event.activation] = self._calls[name]
        number = self._numbers[event.activation]
        parent = stack[-1].call if stack else None
        if stack and (parent is None or parent.compact and self._shown[name] >= CALLS):
            return None
        compact = not self._is_small and (number > 2 or bool(parent and parent.compact))
        self._shown[name] += compact
        call = Call(event, number, compact, depth=len(stack))
        _put_call(_home(stack[-1]) if stack else self.threads.setdefault(event.thread, []), call)
        return call

    def _leave(self, frame: _Frame, event: Event) -> None:
        if frame.call is not None:
            frame.call.exit = event
        _decide(frame, None, event.kind)
        if frame.body.last is not None:
            frame.body.last.left = event
        if event.kind in ("return", "unwind"):
            self._bodies.pop(event.activation, None)
        self._close(self._stacks[event.thread])

    def _close(self, stack: list[_Frame]) -> None:
        frame = stack.pop()
        self._end_loops(frame, 0)
        call = frame.call
        outer = stack[-1] if stack else None
        if call is None:
            if outer is not None and outer.call is not None:
                outer.call.hidden += 1
            return
        if outer is not None:
            _count(outer, call.steps)
            if outer.call is not None and call.compact and outer.call.compact:
                outer.call.hidden += call.hidden
        if call.compact:
            self._join(call)

    def _join(self, call: Call) -> None:
        """A call with the arguments and the end of an earlier one needs no inside."""
        if call.entry.kind != "call" or call.exit is None or call.exit.kind != "return":
            return
        function = call.entry.function
        key = (function.path, function.qualname, literal(call.entry.value, 200))
        end = literal(call.exit.value, 200)
        index, known = self._ends.setdefault(key, (call.entry.index, end))
        if index != call.entry.index and known == end:
            call.same_as, call.items, call.hidden = index, [], 0
        elif len(self._ends) > 20_000:
            self._ends.clear()

    # steps

    def _raise(self, frame: _Frame, event: Event) -> None:
        if frame.body.last is not None and frame.call is not None and not frame.call.compact:
            frame.body.last.raised = event.value

    def _line(self, frame: _Frame, event: Event) -> None:
        _count(frame, 1)
        if frame.call is None or frame.call.compact:
            return
        structure = frame.structure
        index = structure.of(event) if structure is not None else None
        step = self._step(frame, event, index)
        _decide(frame, index, "line")
        if structure is None or index is None:
            _home_items(frame).append(step)
        else:
            self._place(frame, structure, index, step)
        frame.body.last, frame.body.before = step, index
        _learn(frame, event)

    def _step(self, frame: _Frame, event: Event, index: int | None) -> Step:
        statement = None if index is None or frame.structure is None else frame.structure.statement(index)
        known = frame.body.known
        before = {c.target: known[c.target] for c in event.changes if c.target in known}
        if statement is not None and statement.kind in ("if", "while", "assert"):
            shared = self._shared.get(event.function.path, frozenset())
            for name in statement.reads:
                if name in known and name not in shared:
                    before[name] = known[name]
        return Step(event, statement, before)

    def _place(self, frame: _Frame, structure: Structure, index: int, step: Step) -> None:
        is_loop = structure.statement(index).kind in ("for", "while")
        path = (*structure.loops(index), *((index,) if is_loop else ()))
        if path != frame.path:
            self._leave_loops(frame, path)
        if frame.header is not None and frame.loops:
            self._begin_turn(frame)
        if not is_loop:
            _home_items(frame).append(step)
        else:
            if not frame.loops or frame.loops[-1].index != index:
                self._open_loop(frame, structure, index, step)
            else:
                self._end_turn(frame)
            frame.header = step
        if frame.loops:
            pair = (frame.body.before, index)
            for loop in frame.loops:
                turn = loop.turns[-1] if loop.turns else None
                if isinstance(turn, Turn):
                    turn.path.add(pair)
            if step.event.changes:
                _keep_values(frame, step)

    # loops

    def _open_loop(self, frame: _Frame, structure: Structure, index: int, step: Step) -> None:
        key = (step.event.function.path, index)
        is_first = key not in self._paths
        self._paths.setdefault(key, set())
        loop = Loop(index, structure.statement(index), step.event, is_first or self._is_small)
        _home_items(frame).append(loop)
        frame.loops.append(loop)
        frame.path = (*frame.path, index)

    def _begin_turn(self, frame: _Frame) -> None:
        loop, header = frame.loops[-1], frame.header
        assert header is not None
        counts = frame.body.counts
        counts[loop.index] = counts.get(loop.index, 0) + 1
        loop.total += 1
        turn = Turn(counts[loop.index], [header], steps=1)
        loop.turns.append(turn)
        frame.header = None
        _note_values(turn, header.event)

    def _end_turn(self, frame: _Frame) -> None:
        """The header is reached again: judge the turn that ended, fold those that now lie in the middle."""
        loop = frame.loops[-1]
        if not loop.turns:
            return
        turn = loop.turns[-1]
        if isinstance(turn, Turn) and frame.call is not None:
            seen = self._paths[(frame.call.entry.function.path, loop.index)]
            if not turn.path <= seen:
                turn.is_new = loop.new < NEW
                loop.new += 1
                seen |= turn.path
        _fold_turns(loop, TURNS if loop.is_first else 0, HEAD if loop.is_first else 0, TAIL)

    def _leave_loops(self, frame: _Frame, path: Sequence[int]) -> None:
        keep = 0
        while keep < min(len(frame.loops), len(path)) and frame.loops[keep].index == path[keep]:
            keep += 1
        self._end_loops(frame, keep)
        counts = frame.body.counts
        for index in [index for index in counts if index not in path]:
            del counts[index]

    def _end_loops(self, frame: _Frame, keep: int) -> None:
        while len(frame.loops) > keep:
            loop = frame.loops[-1]
            self._end_turn(frame)
            loop.last, frame.header = frame.header, None
            if not loop.is_first:
                _fold_turns(loop, 0, 0, 0)
            frame.loops.pop()
            frame.path = frame.path[:-1]


def _fold_turns(loop: Loop, limit: int, head: int, tail: int) -> None:
    """Fold the turns in the middle, once there are more than `limit`."""
    if loop.total <= limit:
        return
    end = len(loop.turns) - tail
    kept: list[Turn | Gap] = []
    for position, turn in enumerate(loop.turns):
        if position < head or position >= end or not isinstance(turn, Turn) or turn.is_new:
            kept.append(turn)
        elif kept and isinstance(kept[-1], Gap):
            _absorb(kept[-1], turn)
        else:
            gap = Gap(turn.number, turn.number, _beginnings(kept[-1] if kept else None))
            _absorb(gap, turn)
            kept.append(gap)
    loop.turns = kept


def _beginnings(before: Turn | Gap | None) -> dict[str, Any]:
    values = before.values.items() if isinstance(before, Turn) else ()
    return {name: start(value) for name, value in values}


def _absorb(gap: Gap, turn: Turn) -> None:
    gap.last = turn.number
    gap.steps += turn.steps
    gap.printed += turn.printed
    gap.wrote |= turn.wrote
    for name, value in turn.values.items():
        if name in gap.trends:
            extend(gap.trends[name], value)
        else:
            gap.trends[name] = start(value)


def _decide(frame: _Frame, index: int | None, kind: str) -> None:
    """Now that the next event is known: what the last step's test decided."""
    step, before, structure = frame.body.last, frame.body.before, frame.structure
    if step is None or step.outcome or before is None or structure is None or step.raised is not None:
        return
    held = step.statement.kind if step.statement is not None else ""
    if held not in _TESTS or kind == "unwind":
        return
    entered = index is not None and structure.block(index, before) == "body"
    step.outcome = ("next" if entered else "done") if held == "for" else ("true" if entered else "false")


def _learn(frame: _Frame, event: Event) -> None:
    known = frame.body.known
    for change in event.changes:
        if change.kind != "delete" and type(change.value) in ATOMS:
            known[change.target] = change.value
        else:
            known.pop(change.target, None)
        if change.kind != "bind" or type(change.value) not in ATOMS:
            for name in [n for n in known if n != change.target and n.startswith(f"{change.variable}")]:
                if name[len(change.variable) :][:1] in ("[", "."):
                    del known[name]


def _keep_values(frame: _Frame, step: Step) -> None:
    for loop in frame.loops:
        turn = loop.turns[-1] if loop.turns else None
        if isinstance(turn, Turn) and not (loop is frame.loops[-1] and frame.header is step):
            _note_values(turn, step.event)


def _note_values(turn: Turn, event: Event) -> None:
    for change in event.changes:
        if "[" not in change.target:
            turn.values[change.target] = change.value


def _count(frame: _Frame, steps: int) -> None:
    if frame.call is not None:
        frame.call.steps += steps
    for loop in frame.loops:
        if loop.turns:
            loop.turns[-1].steps += steps


def _home(frame: _Frame) -> list[Item]:
    """Where what happens now belongs: under the step that is being executed."""
    if frame.call is not None and frame.call.compact:
        return frame.call.items
    if frame.body.last is not None and frame.call is not None:
        return frame.body.last.children
    return _home_items(frame)


def _home_items(frame: _Frame) -> list[Item]:
    for loop in reversed(frame.loops):
        if loop.turns and isinstance(loop.turns[-1], Turn):
            return loop.turns[-1].items
    return frame.call.items if frame.call is not None else []


def _put_call(home: list[Item], call: Call) -> None:
    """Append a call; of many during one step the middle ones are only counted."""
    home.append(call)
    calls = [position for position, item in enumerate(home) if isinstance(item, Call)]
    if len(calls) <= CHILDREN:
        return
    position = calls[FIRST]
    skipped = home[position - 1]
    dropped = home.pop(position)
    assert isinstance(dropped, Call)
    if not isinstance(skipped, Skipped):
        skipped = Skipped()
        home.insert(position, skipped)
    skipped.calls += 1 + dropped.hidden
    skipped.steps += dropped.steps


def _shared_names(module: Module) -> frozenset[str]:
    """Names that another activation may rebind: their value is not known from one activation's stores."""
    names: set[str] = set()
    for statement in module.statements:
        if statement.kind in ("global", "nonlocal"):
            names.update(statement.reads, statement.writes)
            line = module.source.lines[statement.span.line - 1]
            words = line.partition("global ")[2] or line.partition("nonlocal ")[2]
            names.update(word.strip() for word in words.partition("#")[0].split(","))
    return frozenset(names)


def fold(
    events: Iterable[Event], outputs: Sequence[Output], modules: Mapping[str, Module], size: int
) -> dict[int, list[Item]]:
    """The trees of a run of `size` events, by thread, with its output where it was written."""
    folder = Folder(modules, size)
    pending: Iterator[Output] = iter(outputs)
    output = next(pending, None)
    thread = 0
    for event in events:
        while output is not None and output.index < event.index:
            folder.write(output, thread)
            output = next(pending, None)
        folder.add(event)
        thread = event.thread
    while output is not None:
        folder.write(output, thread)
        output = next(pending, None)
    return folder.finish()
