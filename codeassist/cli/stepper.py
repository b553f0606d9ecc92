"""Walking through a recorded run: where one stands, and the moves forwards, backwards and by question."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from codeassist.records.errors import UsageError
from codeassist.records.found import Found
from codeassist.records.report import TraceView
from codeassist.records.trace import Event, TraceReader
from codeassist.records.values import literal

HELP = """\
n  next         the next step, wherever it is        b  back      the step before
i  into         the next call                        o  over      the next step of this function
u  out          back in the caller                   p  EXPR      the value of an expression
t  until EXPR   the next step after which it holds   w  where NAME   the step that gave NAME its value
c  change NAME  the next change of NAME              g  goto N    the step with that number
f  first        the beginning                        l  last      the end
h  help         this page                            q  quit
A key acts at once; t, w, c, g and p ask for the rest. Enter repeats the last move."""

Ask = Callable[[str], Found]
"""a question of docs/query.md -> its answer"""


@dataclass(slots=True)
class Walk:
    """A position in a run, `at`: the event that comes next. A move that cannot be made says so in words."""

    view: TraceView
    ask: Ask
    value: Callable[[str, Mapping[str, Any]], Any]
    at: int = 0
    _answers: dict[str, Found] = field(default_factory=dict)

    @property
    def reader(self) -> TraceReader:
        """The recorded run."""
        assert self.view.trace.reader is not None
        return self.view.trace.reader

    def event(self, index: int | None = None) -> Event:
        """The event at `index`, by default where one stands."""
        index = self.at if index is None else index
        return next(iter(self.reader.events(index, index + 1)))

    def do(self, line: str) -> str:
        """Make the move that `line` names; the answer is empty or says why one stands where one stood.

        Raises KeyError for a word that is no move.
        """
        word, _, rest = line.strip().partition(" ")
        name = MOVES[word.lower()]
        move = getattr(self, f"_{name}")
        try:
            answer: str = move(rest.strip()) if name in NEEDS else move()
        except UsageError as error:
            return str(error)
        except Exception as error:  # an expression without a value: said, and one stays
            return f"no value: {error}"
        return answer

    # in time

    def _next(self) -> str:
        return self._to(self.at + 1, "this is the end of the run")

    def _back(self) -> str:
        return self._to(self.at - 1, "this is the beginning of the run")

    def _first(self) -> str:
        return self._to(0, "")

    def _last(self) -> str:
        return self._to(len(self.reader) - 1, "")

    def _goto(self, text: str) -> str:
        last = len(self.reader) - 1
        if not text.isdecimal() or int(text) > last:
            return f"steps are numbered from 0 to {last}"
        return self._to(int(text), "")

    def _to(self, index: int, otherwise: str) -> str:
        if not 0 <= index < len(self.reader):
            return otherwise
        self.at = index
        return ""

    # by calls

    def _into(self) -> str:
        end = self._following(self.event().activation)
        stop = len(self.reader) if end is None else end
        for event in self.reader.events(self.at + 1, stop):
            if event.kind in ("call", "resume"):
                return self._to(event.index, "")
        return "this step calls nothing that was recorded"

    def _over(self) -> str:
        event = self.event()
        found = self._following(event.activation)
        if found is None:
            return self._out()
        return self._to(found, "")

    def _out(self) -> str:
        parent = self.reader.activations()[self.event().activation].parent
        while parent is not None:
            found = self._following(parent)
            if found is not None:
                return self._to(found, "")
            parent = self.reader.activations()[parent].parent
        return "nothing was recorded around this call"

    def _following(self, activation: int) -> int | None:
        """The next own event of an activation after where one stands."""
        own = self.reader.activations()[activation].events
        position = bisect_right(own, self.at)
        return own[position] if position < len(own) else None

    # by question

    def _until(self, text: str) -> str:
        steps = [m.step for m in self._asked(f"every {text}").matches]
        return self._after(steps, f"{text} does not come to hold any more")

    def _change(self, name: str) -> str:
        steps = [m.step for m in self._asked(f"when {name} changes").matches]
        return self._after(steps, f"{name} does not change any more")

    def _after(self, steps: list[int], otherwise: str) -> str:
        """Go to the moment just after the first of `steps` that is not yet done."""
        step = min((step for step in steps if step >= self.at), default=None)
        if step is None:
            return otherwise
        return self._to(min(self._completed(step), len(self.reader) - 1), otherwise)

    def _completed(self, step: int) -> int:
        own = self.reader.activations()[self.event(step).activation].events
        position = bisect_right(own, step)
        return own[position] if position < len(own) else step + 1

    def _where(self, name: str) -> str:
        here = self.event()
        activation = here.activation
        for match in reversed(self._asked(f"when {name} changes").matches):
            is_near = match.step < self.at and match.function == here.function.qualname
            if is_near and self.event(match.step).activation == activation:
                return self._to(match.step, "")
        entry = self.reader.activations()[activation].events[0]
        parameters = self.event(entry).value
        if isinstance(parameters, dict) and name in parameters and entry < self.at:
            return self._to(entry, "")
        return f"{name} has got no value here yet"

    def _print(self, text: str) -> str:
        event = self.event()
        state = self.reader.state(self.at, event.activation)
        return f"{text} = {literal(self.value(text, state.variables), 2_000)}"

    def _asked(self, question: str) -> Found:
        if question not in self._answers:
            self._answers[question] = self.ask(question)
        return self._answers[question]

    def stack(self) -> Iterator[str]:
        """Names of the functions that are active, the outermost first."""
        names = []
        number: int | None = self.event().activation
        while number is not None:
            activation = self.reader.activations()[number]
            names.append(activation.function.qualname)
            number = activation.parent
        return reversed(names)


MOVES = {
    "n": "next", "next": "next", "b": "back", "back": "back", "i": "into", "into": "into", "o": "over",
    "over": "over", "u": "out", "out": "out", "t": "until", "until": "until", "w": "where", "where": "where",
    "c": "change", "change": "change", "g": "goto", "goto": "goto", "f": "first", "first": "first",
    "l": "last", "last": "last", "p": "print", "print": "print",
}  # fmt: skip
"""word or key -> move"""
NEEDS = {"until": "until", "where": "where is", "change": "next change of", "goto": "goto", "print": "print"}
"""moves that need to know more, with the question they ask"""
