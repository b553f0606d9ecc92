"""TARGET on the command line -> files and qualified names: `path`, `path.py::qualname`, a folder, `-`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codeassist.records.errors import UsageError

SUFFIXES = (".py", ".pyi")
SKIPPED = {
    ".git", ".hg", ".svn", ".tox", ".nox", ".venv", "venv", "env", "node_modules", "__pycache__",
    "site-packages", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".eggs", "build", "dist",
}  # fmt: skip
"""folders that hold no source of the project"""


@dataclass(frozen=True, slots=True)
class Target:
    """One file, and the function in it that is meant (empty: all of it)."""

    path: str
    qualname: str = ""
    text: str | None = None
    """source text that came on stdin"""
    from_folder: bool = False
    """found in a folder: what cannot be read is a notice, not an error"""


def resolve(
    texts: Iterable[str], suffixes: tuple[str, ...] = SUFFIXES[:1], others: Iterable[str] = ()
) -> list[Target]:
    """Every file that `texts` name, in order, each once; of a folder without any, the files of `others`.

    Raises UsageError for a path that does not exist and for a folder without source files.
    """
    targets: dict[tuple[str, str], Target] = {}
    for text in texts:
        for target in _one(text, suffixes, tuple(others)):
            targets.setdefault((target.path, target.qualname), target)
    if not targets:
        raise UsageError("no target", hint="name a file, a file.py::function, a folder, or -")
    return list(targets.values())


def split(text: str) -> tuple[str, str]:
    """`path::qualname` -> (path, qualname); pytest's `Class::method` is `Class.method`."""
    path, separator, rest = text.partition("::")
    return path, rest.replace("::", ".") if separator else ""


def _one(text: str, suffixes: tuple[str, ...], others: tuple[str, ...]) -> Iterator[Target]:
    path, qualname = split(text)
    if path == "-":
        yield Target("<stdin>", qualname, text=_read_stdin())
        return
    if not path or "\0" in path:
        raise UsageError(f"{text!r} names no file", hint="write path.py::function")
    if os.path.isdir(path):
        if qualname:
            raise UsageError(f"{path} is a folder", hint=f"name the file that holds {qualname}")
        yield from _folder(path, suffixes, others)
        return
    if not os.path.lexists(path):
        raise UsageError(f"{path}: no such file", hint=_near_file(path))
    yield Target(path, qualname)


def _read_stdin() -> str:
    data = sys.stdin.buffer.read()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"stdin is not UTF-8 text (byte {error.start})") from None


def _near_file(path: str) -> str:
    import difflib

    folder = os.path.dirname(path) or "."
    try:
        names = os.listdir(folder)
    except OSError:
        return "check the path"
    close = difflib.get_close_matches(os.path.basename(path), names, n=3)
    return f"did you mean {', '.join(os.path.join(folder, n) for n in close)}?" if close else "check the path"


def _folder(path: str, suffixes: tuple[str, ...], others: tuple[str, ...]) -> Iterator[Target]:
    found = sorted(files_below(path, suffixes)) or (sorted(files_below(path, others)) if others else [])
    if not found:
        kind = " or ".join(suffixes) if len(suffixes) < 4 and not others else "source"
        raise UsageError(f"{path}: no {kind} file in this folder")
    for name in found:
        yield Target(name, from_folder=True)


def files_below(folder: str, suffixes: tuple[str, ...]) -> Iterator[str]:
    """Source files below `folder` that no .gitignore on the way names; links are not followed."""
    ignored = _Ignored(folder)
    for base, folders, names in os.walk(folder):
        ignored.enter(base)
        folders[:] = sorted(
            name
            for name in folders
            if name not in SKIPPED
            and not name.endswith(".egg-info")
            and not ignored(os.path.join(base, name), True)
        )
        for name in names:
            path = os.path.join(base, name)
            if name.endswith(suffixes) and not ignored(path, False) and not os.path.islink(path):
                yield path


class _Ignored:
    """The .gitignore files met so far, each with the folder that it speaks of."""

    def __init__(self, folder: str) -> None:
        self.specs: list[tuple[str, Any]] = []
        top = Path(folder).resolve()
        for parent in reversed(top.parents):
            if (parent / ".git").exists() or self.specs:
                self._read(str(parent))
        if any(self(str(each), True) for each in (top, *top.parents)):
            self.specs.clear()  # whoever names an ignored folder wants to see it

    def enter(self, folder: str) -> None:
        self._read(os.path.abspath(folder))

    def _read(self, folder: str) -> None:
        try:
            with open(os.path.join(folder, ".gitignore"), encoding="utf-8", errors="replace") as file:
                lines = file.read().splitlines()
        except OSError:
            return
        import pathspec

        self.specs.append((folder, pathspec.GitIgnoreSpec.from_lines(lines)))

    def __call__(self, path: str, is_folder: bool) -> bool:
        full = os.path.abspath(path)
        for folder, spec in self.specs:
            if full.startswith(folder + os.sep):
                relative = full[len(folder) + 1 :] + ("/" if is_folder else "")
                if spec.match_file(relative):
                    return True
        return False
