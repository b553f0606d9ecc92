"""A pytest plugin that writes who called whom inside one folder: `(file, function)` pairs as JSON."""

from __future__ import annotations

import json
import os
import sys
import threading
from types import CodeType, FrameType
from typing import Any

FOLDER = os.environ["CALLGRAPH_FOLDER"]
OUT = os.environ["CALLGRAPH_OUT"]
_INNER = {"<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>"}
_pairs: set[tuple[CodeType, CodeType]] = set()


def _profile(frame: FrameType, event: str, _: Any) -> None:
    if event == "call" and frame.f_back is not None and frame.f_code.co_filename.startswith(FOLDER):
        caller: FrameType | None = frame.f_back
        while caller is not None and caller.f_code.co_name in _INNER:  # bodies of their function
            caller = caller.f_back
        if caller is not None and caller.f_code.co_filename.startswith(FOLDER):
            _pairs.add((caller.f_code, frame.f_code))


def pytest_sessionstart() -> None:
    """Begin to look."""
    threading.setprofile(_profile)
    sys.setprofile(_profile)


def pytest_sessionfinish() -> None:
    """Write what was seen; class bodies and comprehensions are no functions."""
    sys.setprofile(None)
    rows = [[_name(caller), _name(callee)] for caller, callee in _pairs if callee.co_name not in _INNER]
    with open(OUT, "w", encoding="utf-8") as file:
        json.dump([row for row in rows if row[0] and row[1]], file)


def _name(code: CodeType) -> list[str] | None:
    qualname = code.co_qualname.replace(".<locals>", "")
    is_class_body = not code.co_flags & 0x2 and qualname != "<module>"  # CO_NEWLOCALS
    return None if is_class_body else [os.path.realpath(code.co_filename), qualname]
