"""Folders of owners that were killed are found and removed; those of the living are not."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from codeassist.tracing import leftovers

DAY = 24 * 3600


def dead_pid() -> int:
    process = subprocess.Popen([sys.executable, "-I", "-S", "-c", "pass"])
    process.wait()
    return process.pid


def folder(place: Path, name: str, age: float) -> Path:
    path = place / f"codeassist-run-{name}"
    path.mkdir()
    os.utime(path, (time.time() - age, time.time() - age))
    return path


def test_only_old_folders_of_the_dead_go(tmp_path: Path) -> None:
    gone = dead_pid()
    kept = [
        folder(tmp_path, f"{gone}-young", 60),
        folder(tmp_path, f"{os.getpid()}-alive", 3 * DAY),
        folder(tmp_path, "name-other", 3 * DAY),
    ]
    abandoned = folder(tmp_path, f"{gone}-old", 3 * DAY)
    made = leftovers.make(str(tmp_path))
    assert not abandoned.exists()
    assert sorted(tmp_path.iterdir()) == sorted([*kept, made])
    assert made.stat().st_mode & 0o777 == 0o700
