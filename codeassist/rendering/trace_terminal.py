"""A trace on a terminal: steps and source on the left, what happened on the right, within the width."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from codeassist.records.report import TraceView
from codeassist.records.text import inert
from codeassist.rendering.trace_rows import Note, Row, rows
from codeassist.rendering.trace_title import closing, subtitle, title

STYLES = {
    "true": "32",
    "false": "33",
    "value": "1;36",
    "new": "36",
    "returns": "1;32",
    "raises": "1;31",
    "watch": "35",
    "dim": "2",
    "call": "1",
    "brief": "1",
    "gap": "2",
    "output": "34",
    "thread": "1;7",
    "number": "2",
    "title": "1",
}
"""what is meant -> the SGR parameters that say it"""
GUIDE = "│ "
DEEPEST = 12
"""guides that are drawn; deeper calls are shown with their number instead"""


def render_terminal(view: TraceView, *, width: int = 100, color: bool = False) -> Iterator[str]:
    """The lines of the view, each ended by a newline."""
    yield from _heading(view, width, color)
    found = list(rows(view))
    layout = _Layout(found, width, color)
    for row in found:
        yield from (line.rstrip() + "\n" for line in layout.lines(row))
    ends = closing(view)
    if ends:
        yield "\n"
    for text, style in ends:
        for line in wrap(text, width):
            yield paint(line, style, color) + "\n"


def _heading(view: TraceView, width: int, color: bool) -> Iterator[str]:
    left, (right, style) = title(view)
    space = width - cells(left) - cells(right)
    if space >= 2:
        yield paint(left, "title", color) + " " * space + paint(right, style, color) + "\n"
    else:
        yield paint(clip(left, width), "title", color) + "\n"
        yield "  " + paint(clip(right, width - 2), style, color) + "\n"
    yield paint(clip(subtitle(view), width), "dim", color) + "\n\n"


class _Layout:
    """Column widths that suit all rows of one view."""

    def __init__(self, found: Sequence[Row], width: int, color: bool) -> None:
        self.color = color
        self.step = max((len(str(row.step)) for row in found if row.step is not None), default=1)
        self.line = max((len(str(row.line)) for row in found if row.line is not None), default=1)
        self.turns = max((len(str(row.turn)) for row in found if row.turn is not None), default=0)
        left = self.step + self.line + self.turns + 5 + (1 if self.turns else 0)
        longest = max((cells(_code(row)) for row in found if row.kind not in ("output", "thread")), default=0)
        space = width - left - 2
        self.code = max(6, min(longest, space * 55 // 100))
        self.left = left
        self.notes = max(6, space - self.code)
        self.width = width

    def lines(self, row: Row) -> Iterator[str]:
        """The lines of one row."""
        if row.kind == "thread":
            yield ""
            yield paint(row.code, "thread", self.color)
            return
        if row.kind == "output":
            yield from self._output(row)
            return
        code, *more = self._notes(row.notes) or [""]
        yield self._left(row) + self._code(row) + "  " + code
        blank = " " * (self.left + self.code + 2)
        yield from (blank + line for line in more)

    def _left(self, row: Row) -> str:
        step = "" if row.step is None else str(row.step)
        line = "" if row.line is None else str(row.line)
        text = f" {step:>{self.step}}  {paint(line.rjust(self.line), 'number', self.color)}  "
        if self.turns:
            turn = "" if row.turn is None else str(row.turn)
            text += paint(turn.rjust(self.turns), "watch", self.color) + " "
        return paint(text[: self.step + 1], "number", self.color) + text[self.step + 1 :]

    def _code(self, row: Row) -> str:
        text = clip(_code(row), self.code)
        padding = " " * (self.code - cells(text))
        guides = len(text) - len(text.lstrip("│ "))
        style = row.kind if row.kind in ("call", "brief", "gap") else ""
        return paint(text[:guides], "dim", self.color) + paint(text[guides:], style, self.color) + padding

    def _notes(self, notes: Sequence[Note]) -> list[str]:
        """The notes, as many as fit on each line."""
        lines: list[str] = []
        used = 0
        for note in notes:
            text = squeeze(note.text, self.notes)
            size = cells(text)
            painted = paint(text, note.style, self.color)
            gap = " " if note.style == "dim" else "  "
            if lines and used + len(gap) + size <= self.notes:
                lines[-1] += gap + painted
                used += len(gap) + size
            else:
                lines.append(painted)
                used = size
        return lines

    def _output(self, row: Row) -> Iterator[str]:
        label = "out" if row.notes[0].text == "stdout" else "err"
        margin = " " * max(0, self.left - 6)
        for part in wrap(row.code, max(20, self.width - self.left - 2)) or [""]:
            yield margin + paint(f"{label} » ", "number", self.color) + paint(part, "output", self.color)


def _code(row: Row) -> str:
    depth = row.depth
    guides = GUIDE * depth if depth <= DEEPEST else f"{GUIDE * (DEEPEST - 1)}{depth}│ "
    return guides + row.code


def paint(text: str, style: str, color: bool) -> str:
    """`text` in the colours of `style`, if there is any of both."""
    code = STYLES.get(style)
    return f"\x1b[{code}m{text}\x1b[0m" if color and code and text else text


def cells(text: str) -> int:
    """Columns that inert text takes on a terminal."""
    if text.isascii():
        return len(text)
    return sum(_cell(character) for character in text)


def _cell(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) == "Mn":
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def clip(text: str, width: int) -> str:
    """`text` cut to `width` columns, marked with an ellipsis."""
    if cells(text) <= width:
        return text
    kept, used = [], 1
    for character in text:
        used += _cell(character)
        if used > width:
            break
        kept.append(character)
    return "".join(kept) + "…"


def squeeze(text: str, width: int) -> str:
    """`text` cut to `width` columns in the middle of its second half: both ends of a value tell something."""
    if cells(text) <= width or width < 24:
        return clip(text, width)
    tail = width // 3
    kept = text[-tail:]
    while cells(kept) > tail:
        kept = kept[1:]
    start = kept.find(", ") + 2
    if 2 <= start <= 9:  # begin with a whole item where one begins soon
        kept = kept[start:]
    return clip(text, width - cells(kept)) + kept


def wrap(text: str, width: int) -> list[str]:
    """`text` in pieces of at most `width` columns."""
    pieces, current, used = [], "", 0
    for character in inert(text):
        size = _cell(character)
        if used + size > width:
            pieces.append(current)
            current, used = "", 0
        current += character
        used += size
    return [*pieces, current] if current else pieces
