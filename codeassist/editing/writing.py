"""Puts notes into a text and takes them out again; every other byte stays as it is."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from codeassist.editing.notes import Docstring, Note, comment, docstring
from codeassist.editing.places import Lines, places
from codeassist.records.errors import UsageError

_LINE = re.compile("[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_END = re.compile("\r\n|\r|\n")


def decode(data: bytes, encoding: str) -> str:
    """The text of a file with its own line ends; a byte order mark is kept as its first character."""
    return data.decode("utf-8" if encoding == "utf-8-sig" else encoding)


def encode(text: str, encoding: str, path: str) -> bytes:
    """The bytes of a text; UsageError where the file's encoding cannot hold a note."""
    try:
        return text.encode("utf-8" if encoding == "utf-8-sig" else encoding)
    except UnicodeEncodeError as error:
        found = text[error.start]
        hint = "save it as UTF-8, or choose --lang en"
        raise UsageError(f"{path}: its encoding {encoding} cannot hold {found!r}", hint=hint) from None


def bare(text: str, path: str = "", within: Lines | None = None) -> str:
    """`text` without our notes; with `within`, only those on these lines are taken out."""
    found = places(_plain(text), path)
    ours = set(found.comments)
    for first, last in found.docstrings:
        ours |= set(range(first, last + 1))
    if within is not None:
        ours &= set(range(within[0], within[1] + 1))
    mark, rest = _marked(text)
    lines = _LINE.findall(rest)
    return mark + "".join(line for number, line in enumerate(lines, 1) if number not in ours)


def write(text: str, notes: Sequence[Note | Docstring], path: str = "") -> str:
    """`text` with the notes put in; those that have no place are left out.

    Raises UsageError where the result would not read as the same program.
    """
    mark, rest = _marked(text)
    new = mark + _spliced(rest, _insertions(text, notes, path))
    if new != text and _taken_out(new, path) != _taken_out(text, path):
        raise UsageError(f"{path}: no note can be written here without changing the program")
    return new


def _insertions(text: str, notes: Sequence[Note | Docstring], path: str) -> dict[int, list[str]]:
    """Line -> what is to stand before it."""
    found = places(_plain(text), path)
    result: dict[int, list[str]] = defaultdict(list)
    for note in notes:
        if isinstance(note, Docstring) and note.line in found.bodies:
            header, indent = found.bodies[note.line]
            result[header + 1][:0] = docstring(note, indent)
        elif isinstance(note, Note) and note.line in found.statements:
            result[note.line] += comment(note, found.statements[note.line])
    return result


def _spliced(text: str, insertions: dict[int, list[str]]) -> str:
    lines = _LINE.findall(text)
    parts: list[str] = []
    for number, line in enumerate(lines, 1):
        parts += [new + _end_near(lines, number) for new in insertions.get(number, ())]
        parts.append(line)
    return "".join(parts)


def _end_near(lines: Sequence[str], number: int) -> str:
    """The line end that is used around line `number`."""
    for line in (lines[number - 1], *lines[number - 2 : number - 1], lines[0]):
        match = _END.search(line)
        if match:
            return match.group()
    return "\n"


def _marked(text: str) -> tuple[str, str]:
    """A byte order mark, if there is one, and the rest."""
    return ("\ufeff", text[1:]) if text.startswith("\ufeff") else ("", text)


def _taken_out(text: str, path: str) -> str:
    try:
        return bare(text, path)
    except UsageError:
        return ""


def _plain(text: str) -> str:
    """Line ends as line feeds and no byte order mark, so that lines count as Python counts them."""
    return _END.sub("\n", text.removeprefix("\ufeff"))
