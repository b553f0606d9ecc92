"""Tests that name a changed function: their texts for inputs, their node ids to be run."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from functools import lru_cache

from codeassist import targets as naming

MOST_FILES = 400
"""test files of a project that are looked at"""


@lru_cache(maxsize=8)
def _test_files(root: str) -> tuple[tuple[str, str], ...]:
    """(path, text) of the test files below `root`."""
    found = []
    for path in sorted(naming.files_below(root, (".py",))):
        name = os.path.basename(path)
        if name.startswith("test") or name.endswith("_test.py") or name == "conftest.py":
            text = _read(path)
            if text:
                found.append((path, text))
        if len(found) >= MOST_FILES:
            break
    return tuple(found)


def forget() -> None:
    """Look at the files again: they may have changed since the last review of this process."""
    _test_files.cache_clear()


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8") as stream:
            return stream.read(1 << 20)
    except (OSError, UnicodeDecodeError):
        return ""


def test_texts(root: str, name: str) -> list[str]:
    """The texts of the test files that mention `name`."""
    return [text for _, text in _test_files(root) if name in text]


def test_nodes(root: str, name: str) -> list[str]:
    """Node ids of the tests whose own text mentions `name`, relative to `root`."""
    return [
        node for path, text in _test_files(root) if name in text for node in _nodes(path, text, root, name)
    ]


def _nodes(path: str, text: str, root: str, name: str) -> Iterator[str]:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return
    file = os.path.relpath(path, root)
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            for inner in node.body:
                if _is_test(inner, name):
                    yield f"{file}::{node.name}::{inner.name}"  # type: ignore[attr-defined]
        elif _is_test(node, name):
            yield f"{file}::{node.name}"  # type: ignore[attr-defined]


def _is_test(node: ast.stmt, name: str) -> bool:
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) or not node.name.startswith("test"):
        return False
    names = {getattr(n, "id", None) or getattr(n, "attr", None) for n in ast.walk(node)}
    return name in names
