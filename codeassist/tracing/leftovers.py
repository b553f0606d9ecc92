"""Temporary folders: named after their owner, so that those of an owner that was killed are found again."""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
import tempfile
import time
from pathlib import Path

_PREFIX = "codeassist-run-"
_OLD = 24 * 3600.0  # seconds; a folder that is younger may belong to another container's process


def make(parent: str | None) -> Path:
    """A new folder, readable by its owner only; old ones that nobody owns any more are removed."""
    place = parent or tempfile.gettempdir()
    _clear(place)
    return Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=place))


@functools.cache
def _clear(place: str) -> None:
    with contextlib.suppress(OSError):
        for path in Path(place).glob(f"{_PREFIX}*"):
            if _is_abandoned(path):
                shutil.rmtree(path, ignore_errors=True)


def _is_abandoned(path: Path) -> bool:
    owner = path.name.removeprefix(_PREFIX).partition("-")[0]
    try:
        info = path.lstat()
    except OSError:
        return False
    if not owner.isdigit() or info.st_uid != os.geteuid() or time.time() - info.st_mtime < _OLD:
        return False
    try:
        os.kill(int(owner), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False
