"""Notes as they stand in a source: comment lines and docstrings that carry our mark."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MARK = "codeassist:"
"""begins every comment of ours and the last line of every docstring of ours"""
WIDTH = 99
NARROWEST = 40
"""columns that a note has at least, however deep its statement stands"""


@dataclass(frozen=True, slots=True)
class Note:
    """A comment above the statement that begins at `line` (of the text without our notes)."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Docstring:
    """A docstring for the function whose header begins at `line`, if it has none.

    `paragraphs` are its text; `source` says what stands behind it, on its last line.
    """

    line: int
    paragraphs: tuple[str, ...]
    source: str = ""


def comment(note: Note, indent: str) -> list[str]:
    """The lines of a comment, each with the mark, so that each can be taken out alone."""
    lead = f"{indent}# {MARK} "
    room = max(WIDTH - len(lead.expandtabs(4)), NARROWEST)
    return [lead + line for line in textwrap.wrap(_flat(note.text), room, break_on_hyphens=False)]


def docstring(note: Docstring, indent: str) -> list[str]:
    """The lines of a docstring; raw where the text holds a backslash."""
    room = max(WIDTH - len(indent.expandtabs(4)), NARROWEST)
    body = list(_paragraphs(note.paragraphs, room))
    if not body:
        return []
    quote = 'r"""' if any("\\" in line for line in body) else '"""'
    last = f"{MARK} {_flat(note.source)}".rstrip()
    lines = [quote + body[0], *body[1:], "", last, '"""']
    return [(indent + line).rstrip() if line else "" for line in lines]


def _paragraphs(paragraphs: Sequence[str], room: int) -> Iterator[str]:
    for number, paragraph in enumerate(paragraphs):
        if number:
            yield ""
        for line in paragraph.split("\n"):
            flat = _flat(line).replace('"""', "'''")
            inner = "    " if number and "\n" in paragraph else ""
            wrapped = textwrap.wrap(
                flat, room - 4, initial_indent="", subsequent_indent=inner, break_on_hyphens=False
            )
            yield from _closed(wrapped)


def _closed(lines: list[str]) -> Iterator[str]:
    """A line that ends in a quote or a backslash would run into what follows."""
    for line in lines:
        yield line + " " if line.endswith('"') else line + "." if line.endswith("\\") else line


def _flat(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
