"""The hall's way through `annotate`: a file without notes -> explanations -> notes -> the annotated file."""

from __future__ import annotations

import difflib
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from codeassist import targets as naming
from codeassist.pipeline.explaining import explain
from codeassist.records.errors import CodeassistError, UsageError

if TYPE_CHECKING:
    from codeassist.pipeline.session import ExplainOptions, Progress, Session


@dataclass(frozen=True, slots=True)
class Annotated:
    """One file: its bytes as they are and as they would be, and how many notes stand in the latter."""

    path: str
    old: bytes
    new: bytes
    notes: int
    encoding: str = "utf-8"

    @property
    def text(self) -> str:
        """The annotated text, with its own line ends."""
        from codeassist import editing

        return editing.decode(self.new, self.encoding)

    def diff(self) -> str:
        """A unified diff; empty where nothing changes."""
        from codeassist import editing

        old, new = (_lines(editing.decode(data, self.encoding)) for data in (self.old, self.new))
        path = Path(self.path).as_posix().lstrip("/")
        return "".join(difflib.unified_diff(old, new, f"a/{path}", f"b/{path}"))


def _lines(text: str) -> list[str]:
    """Lines for a diff, each with a line feed: other line ends would confuse a terminal."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [f"{line}\n" for line in (lines[:-1] if not lines[-1] else lines)]


def annotate(
    texts: Sequence[str],
    opened: Session,
    options: ExplainOptions,
    kinds: Sequence[str],
    progress: Progress | None = None,
) -> Iterator[Annotated]:
    """Each file that `texts` name, with the notes of these kinds written in; nothing is written to disk.

    Notes of an earlier time are taken out first, so that the same code always gets the same notes. A file
    that cannot be annotated is an error, or, among several, a line of `opened.told`.
    """
    found = [_on_disk(target, opened) for target in naming.resolve(texts)]
    paths = list(dict.fromkeys(target.path for target in found))
    for number, path in enumerate(paths):
        if progress:
            progress(number, len(paths), path)
        names = [target.qualname for target in found if target.path == path]
        try:
            yield _file(path, [] if "" in names else names, opened, options, kinds)
        except CodeassistError as error:
            if len(paths) == 1:
                raise
            opened.told.append(str(error))


def save(found: Annotated) -> None:
    """Write the file anew, whole or not at all; its permissions stay, and a link stays a link."""
    path = Path(found.path).resolve()
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as file:
            file.write(found.new)
        shutil.copymode(path, name)
        os.replace(name, path)
    except OSError as error:
        raise UsageError(f"cannot write {found.path}: {error.strerror}", hint="nothing was changed") from None


def _on_disk(target: naming.Target, opened: Session) -> naming.Target:
    if target.text is None:
        return target
    return naming.Target(opened.file_of(target.text), target.qualname)


def _file(
    path: str, names: Sequence[str], opened: Session, options: ExplainOptions, kinds: Sequence[str]
) -> Annotated:
    from codeassist import editing, parsing

    source = parsing.read_source(path)
    data = Path(path).read_bytes()
    text = editing.decode(data, source.encoding)
    clean = _without_notes(text, path, names)
    module = parsing.parse(parsing.read_source(path, clean.removeprefix("\ufeff")))
    opened.modules.clear()
    opened.modules[path] = module
    opened.texts = {module.source.path: module.source.text} if clean != text else {}
    report = explain([f"{path}::{name}" for name in names] or [path], opened, options)
    if report.interrupted:
        raise KeyboardInterrupt
    lang = opened.settings["lang"]
    notes = [note for found in report.explanations for note in editing.notes(found, kinds, lang)]
    new = editing.encode(editing.write(clean, notes, path), source.encoding, path)
    return Annotated(path, data, new, len(notes), source.encoding)


def _without_notes(text: str, path: str, names: Sequence[str]) -> str:
    """The text without the notes of the functions named, or of all of them."""
    from codeassist import editing, parsing

    if not names:
        return editing.bare(text, path)
    for name in names:
        module = parsing.parse(parsing.read_source(path, text.removeprefix("\ufeff")))
        span = parsing.find(module, name).span
        text = editing.bare(text, path, (span.line, span.end_line))
    return text
