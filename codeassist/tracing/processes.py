"""Processes below one process, their memory, and their end; seen through /proc, elsewhere through ps."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterable, Iterator

_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096
_KERNEL_LISTS_CHILDREN = os.path.exists(f"/proc/self/task/{os.getpid()}/children")


def children(pid: int) -> list[int]:
    """Direct children of every thread of `pid`, oldest first."""
    if not _KERNEL_LISTS_CHILDREN:
        return sorted(child for child, parent, _ in _table() if parent == pid)
    found: list[int] = []
    with contextlib.suppress(OSError):
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/children", encoding="ascii") as stream:
                found += [int(word) for word in stream.read().split()]
    return found


def descendants(pid: int) -> list[int]:
    """Everything below `pid`, parents first."""
    found = children(pid)
    for child in found:  # grows while it is walked
        found += children(child)
    return found


def memory(pids: Iterable[int]) -> int:
    """Bytes resident in `pids` together; pages that forked processes share may count more than once."""
    if os.path.isdir("/proc/self"):
        return sum(_resident(pid) for pid in pids) * _PAGE
    wanted = set(pids)
    return sum(kilobytes << 10 for pid, _, kilobytes in _table() if pid in wanted)


def _resident(pid: int) -> int:
    try:
        with open(f"/proc/{pid}/statm", encoding="ascii") as stream:
            return int(stream.read().split()[1])
    except (OSError, IndexError):
        return 0


def _table() -> Iterator[tuple[int, int, int]]:
    """(pid, parent, kilobytes resident) of every process, for systems where the kernel lists no children."""
    listed = subprocess.run(["ps", "-axo", "pid=,ppid=,rss="], capture_output=True, text=True, check=False)
    for line in listed.stdout.splitlines():
        words = line.split()
        if len(words) == 3 and all(word.isdigit() for word in words):
            yield int(words[0]), int(words[1]), int(words[2])


def kill(pid: int) -> None:
    """SIGKILL, whether or not the process is still there."""
    with contextlib.suppress(OSError):
        os.kill(pid, signal.SIGKILL)


def wait_gone(pids: Iterable[int], seconds: float) -> None:
    """Until none of `pids` runs any more, or `seconds` have passed."""
    deadline = time.monotonic() + seconds
    left = list(pids)
    while left and time.monotonic() < deadline:
        left = [pid for pid in left if _runs(pid)]
        if left:
            time.sleep(0.002)


def _runs(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as stream:
            return stream.read().rpartition(")")[2].split()[0] not in "ZX"
    except (OSError, IndexError):
        return False
