"""One server: a confined interpreter that has imported one target, spoken to and watched."""

from __future__ import annotations

import _socket
import contextlib
import marshal
import os
import select
import shutil
import signal
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from codeassist.records.run import Limits
from codeassist.tracing import processes
from codeassist.tracing.launch import PROBE, Launch, Plan, Waiting

_SMALLEST_TRACE = 256 << 20  # bytes of trace that are always allowed
_LONGEST_LINE = 4096  # of the server's answers, which are hostile input
_PATIENCE = 10.0  # seconds for a message to be taken


@dataclass(frozen=True, slots=True)
class Ended:
    """How the process of one job ended, as seen from outside: never taken from what the job says.

    `limit` is time, memory, trace or budget when it was stopped; `status` as os.waitpid gives it.
    """

    limit: str = ""
    status: int | None = None
    seconds: float = 0.0
    lost: bool = False
    """the server ended with it, so its status is unknown"""


class Server:
    """A user's interpreter inside the sandbox: `plan.command`; `order` says what it imports."""

    def __init__(self, plan: Plan, order: Mapping[str, Any], waiting: Waiting | None = None) -> None:
        waiting = waiting or Waiting(plan.scratch)
        self.version = ""
        self._kept: set[str] = set()
        self._buffer = b""
        self.control = waiting.control
        self.control.settimeout(_PATIENCE)
        command = (*plan.command, str(PROBE / "server.py"), str(waiting.theirs.fileno()))
        self._launch = Launch(replace(plan, command=command), waiting)
        self.layers = self._launch.layers
        self._own = self._launch.own_processes()
        self.errors, self.kill = self._launch.errors, self._launch.kill
        self.send(order)

    def close(self) -> None:
        """Kill, close, remove the folders."""
        self._launch.close()

    # --- speaking --------------------------------------------------------------------------------

    def send(self, message: Mapping[str, Any], fd: int | None = None) -> None:
        """One message, with a file descriptor if need be; a dead server is noticed when it is read."""
        text = marshal.dumps(dict(message), 2)
        with contextlib.suppress(OSError):
            head = len(text).to_bytes(4, "big")
            self.control.sendmsg(
                [head], [] if fd is None else [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, _int(fd))]
            )
            self.control.sendall(text)

    def line(self, timeout: float) -> list[str] | None:
        """Words of the next answer; [] at the end of the server, None when `timeout` seconds pass."""
        while b"\n" not in self._buffer:
            if not select.select([self.control], [], [], max(0.0, timeout))[0]:
                return None
            try:
                piece = self.control.recv(_LONGEST_LINE)
            except OSError:
                piece = b""
            if not piece or len(self._buffer) > _LONGEST_LINE:
                return []
            self._buffer += piece
        text, _, self._buffer = self._buffer.partition(b"\n")
        return text.decode("ascii", "replace").split() or ["?"]

    def trace_file(self, number: int) -> Path:
        """Where the trace of a job goes: a place that no process in the sandbox can open."""
        return self._launch.base / "traces" / f"{number}.trace"

    # --- waiting ---------------------------------------------------------------------------------

    def wait(self, word: str, limits: Limits, seconds: float, trace: Path | None = None) -> Ended:
        """Until the server says `word` or a limit is reached, of which `seconds` is the clock's."""
        started = time.monotonic()
        pause = 0.005
        while True:
            passed = time.monotonic() - started
            answer = self.line(min(pause, max(0.0, seconds - passed)))
            if answer is not None:
                return self._ended(answer, word, time.monotonic() - started)
            limit = self._exceeded(limits, trace)
            if time.monotonic() - started >= seconds:
                limit = "time"
            if limit:
                return Ended(limit=limit, seconds=time.monotonic() - started)
            pause = min(pause * 2, 0.05)

    def _ended(self, answer: list[str], word: str, seconds: float) -> Ended:
        if not answer or answer[0] != word:
            return Ended(seconds=seconds, lost=True)
        if word == "done" and len(answer) == 3 and answer[2].isdigit():
            return Ended(status=int(answer[2]), seconds=seconds)
        if word == "up" and len(answer) == 2:
            self.version = answer[1][:40]
        return Ended(seconds=seconds)

    def _exceeded(self, limits: Limits, trace: Path | None) -> str:
        watched = processes.descendants(self._launch.pid) if trace is None else self._jobs()
        if processes.memory(watched) > limits.memory:
            return "memory"
        most = max(_SMALLEST_TRACE, 64 * limits.events) + limits.output
        return "trace" if trace is not None and trace.stat().st_size > most else ""

    def _jobs(self) -> list[int]:
        """Every process inside but our own: the job, its children, and their orphans."""
        return [pid for pid in processes.descendants(self._launch.pid) if pid not in self._own]

    def settle(self) -> None:
        """After the import: processes that it has started stay as long as the server."""
        self._own |= set(self._jobs())
        self._kept = set(self._scratch_names())

    def sweep(self) -> bool:
        """Kill what a finished job has left running; false when it grows faster than it dies."""
        for _ in range(50):
            left = self._jobs()
            if not left:
                self._tidy()
                return True
            for pid in left:
                processes.kill(pid)
            time.sleep(0.002)
        return False

    def _scratch_names(self) -> list[str]:
        try:
            return os.listdir(self._launch.base / "scratch")
        except OSError:
            return []

    def _tidy(self) -> None:
        """Remove what a finished job left in the scratch folder: the next one must not see it."""
        for name in self._scratch_names():
            if name not in self._kept:
                path = self._launch.base / "scratch" / name
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    path.unlink(missing_ok=True)


def _int(number: int) -> bytes:
    """A C int, as SCM_RIGHTS wants a descriptor."""
    return number.to_bytes(4, sys.byteorder)


def died_of(status: int) -> str:
    """The name of the signal in a waitpid status, or ''."""
    if not os.WIFSIGNALED(status):
        return ""
    try:
        return signal.Signals(os.WTERMSIG(status)).name
    except ValueError:
        return f"signal {os.WTERMSIG(status)}"
