"""The terminal side of `--step`: one screen for each position, keys at once, words with Enter."""

from __future__ import annotations

import contextlib
import os
import select
import sys
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from typing import Any

from codeassist.cli.stepper import HELP, MOVES, NEEDS, Walk
from codeassist.records.text import inert
from codeassist.records.trace import Event, ExceptionInfo
from codeassist.records.values import literal
from codeassist.rendering.trace_terminal import clip, paint, squeeze

AROUND = 4
"""source lines shown before and after the current one"""
VARIABLES = 14
BURST = 0.03
"""seconds within which further characters belong to the same word (a line that was pasted or sent)"""
CLEAR = "\x1b[H\x1b[2J"


def step_through(walk: Walk, *, width: int, color: bool) -> int:
    """Read moves from stdin until it ends or says quit. The exit status is 0."""
    if not len(walk.reader):
        print("nothing was recorded")
        return 0
    with Keyboard() as keyboard:
        message, last, shown = "h for help", "next", -1
        while True:
            _show(walk, message, width, color, keyboard.is_there, again=keyboard.is_there or walk.at != shown)
            shown = walk.at
            line = keyboard.move()
            if line is None or line.strip().lower() in ("q", "quit", "exit"):
                return 0
            line = line.strip() or last
            message = _move(walk, line, keyboard)
            last = line if line.partition(" ")[0] in MOVES else last


def _move(walk: Walk, line: str, keyboard: Keyboard) -> str:
    word, _, rest = line.partition(" ")
    if word.lower() in ("h", "help", "?"):
        return HELP
    name = MOVES.get(word.lower())
    if name is None and all(key in MOVES and MOVES[key] not in NEEDS for key in word):
        return [walk.do(key) for key in word][-1]  # keys that came faster than they were read
    if name is None:
        return f"{inert(word[:20])} is no move; h for help"
    if name in NEEDS and not rest:
        rest = keyboard.line(f"{NEEDS[name]}: ")
        if not rest:
            return ""
        line = f"{name} {rest}"
    return walk.do(line)


def _show(walk: Walk, message: str, width: int, color: bool, interactive: bool, again: bool) -> None:
    out = sys.stdout
    if interactive and os.environ.get("TERM", "dumb") != "dumb":
        out.write(CLEAR)
    for line in screen(walk, width, color) if again else ():
        out.write(line + "\n")
    if message:
        out.write("\n" + inert(message, keep="\n") + "\n")
    if interactive:
        out.write("> ")
    out.flush()


def screen(walk: Walk, width: int, color: bool) -> Iterator[str]:
    """What one sees: where, the source around it, the variables, what the last step changed, the output."""
    event = walk.event()
    stack = " > ".join(walk.stack())
    head = f"step {walk.at} of {len(walk.reader) - 1}  {event.function.path.rpartition('/')[2]}:{event.line}"
    yield paint(clip(inert(f"{head}  {stack}"), width), "title", color)
    yield ""
    yield from _source(walk, event, width, color)
    yield ""
    said = _happening(event)
    if said:
        yield paint(
            squeeze(inert(said), width), "raises" if event.kind in ("raise", "unwind") else "returns", color
        )
    yield from _variables(walk, event, width, color)
    yield from _output(walk, width, color)


def _source(walk: Walk, event: Event, width: int, color: bool) -> Iterator[str]:
    lines = walk.view.sources.get(event.function.path, ())
    first, last = max(1, event.line - AROUND), min(len(lines), event.line + AROUND)
    for number in range(first, last + 1):
        mark = "→" if number == event.line else " "
        text = clip(inert(f"{number:>5} {mark} {lines[number - 1].expandtabs(4)}"), width)
        yield paint(text, "call" if number == event.line else "dim", color)


def _happening(event: Event) -> str:
    name = event.function.qualname
    if event.kind == "call":
        return f"{name} is called"
    if event.kind == "resume":
        return f"{name} goes on"
    if event.kind in ("return", "yield"):
        return f"{name} {event.kind}s {literal(event.value, 400)}"
    if isinstance(event.value, ExceptionInfo):
        verb = "leaves" if event.kind == "unwind" else "is raised in"
        return f"{event.value.cls}: {event.value.message} {verb} {name}"
    return ""


def _variables(walk: Walk, event: Event, width: int, color: bool) -> Iterator[str]:
    now = walk.reader.state(walk.at, event.activation).variables
    before = _before(walk, event)
    if event.kind == "call" and isinstance(event.value, dict):
        now = {**event.value, **now}
    names = list(now)
    size = max((len(name) for name in names[:VARIABLES]), default=0)
    for name in names[:VARIABLES]:
        text = literal(now[name])
        changed = before.get(name) != text
        row = squeeze(inert(f"{'*' if changed else ' '} {name:<{size}} = {text}"), width)
        yield paint(row, "value" if changed else "", color)
    if len(names) > VARIABLES:
        yield f"  and {len(names) - VARIABLES} more: p NAME shows one"


def _before(walk: Walk, event: Event) -> Mapping[str, str]:
    """The variables one own event earlier, as text."""
    own = walk.reader.activations()[event.activation].events
    position = bisect_left(own, walk.at)
    if not position:
        return {}
    state = walk.reader.state(own[position - 1], event.activation)
    return {name: literal(value) for name, value in state.variables.items()}


def _output(walk: Walk, width: int, color: bool) -> Iterator[str]:
    text = "".join(o.text for o in walk.reader.output() if o.index < walk.at)
    lines = text.rstrip("\n").split("\n")[-3:] if text else []
    for line in lines:
        yield paint("out » ", "number", color) + paint(clip(inert(line), width - 6), "output", color)


_ARROWS = {
    b"\x1b[C": "next", b"\x1b[D": "back", b"\x1b[B": "over", b"\x1b[A": "out",
    b"\x1b[H": "first", b"\x1b[F": "last",
}  # fmt: skip


class Keyboard:
    """Moves from stdin: on a terminal keys act at once, from a pipe each line is one."""

    def __init__(self) -> None:
        self.is_there = sys.stdin.isatty() and sys.stdout.isatty()
        self._kept: Any = None

    def __enter__(self) -> Keyboard:
        if self.is_there:
            with contextlib.suppress(ImportError):  # without terminal control words wait for Enter
                import termios
                import tty

                self._kept = termios.tcgetattr(sys.stdin.fileno())
                tty.setcbreak(sys.stdin.fileno(), termios.TCSADRAIN)
        return self

    def __exit__(self, *_: object) -> None:
        if self._kept is not None:
            import termios

            termios.tcsetattr(sys.stdin.fileno(), termios.TCSADRAIN, self._kept)

    def move(self) -> str | None:
        """The next move; None at the end of input."""
        if self._kept is not None:
            return self._key(sys.stdin.fileno())
        line = sys.stdin.readline()
        return line.rstrip("\n") if line else None

    def line(self, prompt: str) -> str:
        """The rest of a move, asked for; empty where nobody can be asked."""
        if not self.is_there:
            return ""
        self.__exit__()
        try:
            return input(prompt)
        except EOFError:
            return ""
        finally:
            self.__enter__()

    @staticmethod
    def _key(handle: int) -> str | None:
        """One key, or all that came in a burst up to the end of the line."""
        text = os.read(handle, 1)
        while text and not text.endswith((b"\n", b"\r", b"\x04")):
            if not select.select([handle], [], [], BURST)[0]:
                break
            text += os.read(handle, 1)
            if text in _ARROWS:
                return _ARROWS[text]
        if not text or text == b"\x04":
            return None
        return text.decode("utf-8", "replace").strip("\r\n\x04")
