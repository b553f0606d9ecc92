"""One confined process: launched with its layers reported, and ended with everything below it."""

from __future__ import annotations

import _socket
import marshal
import os
import select
import shutil
import subprocess
import sys
import time
import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codeassist.records.errors import TraceError
from codeassist.records.trace import Layer
from codeassist.tracing import leftovers, processes, sandbox

PROBE = Path(__file__).resolve().parent.parent / "probe"
_START = 20.0  # seconds that the launcher may take before it is given up
_MEGABYTES = 256  # size of the scratch folder where it can be bounded


@dataclass(frozen=True, slots=True)
class Plan:
    """What to start and what it may touch.

    `mode` is guarded, strict or off; `without` names layers to leave out; `scratch` is the folder in
    which the temporary folders are made.
    """

    command: tuple[str, ...]
    folder: str
    readable: tuple[str, ...]
    mode: str = "guarded"
    trusted: bool = False
    without: tuple[str, ...] = ()
    scratch: str | None = None
    seed: int = 0
    """hash seed of the interpreter"""


class Waiting:
    """A launcher that has been started and waits for its order, so that nobody waits for its start.

    Its folder and the socket for whoever it becomes belong to it; whoever gives it no order closes it.
    """

    def __init__(self, scratch: str | None = None) -> None:
        self.base = leftovers.make(scratch)
        self._remove = weakref.finalize(self, shutil.rmtree, self.base, ignore_errors=True)
        self._prepare_folders()
        # a nameless pair: no socket of a network is ever opened
        self.control, self.theirs = _socket.socketpair()
        with open(self.base / "stderr", "wb") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-I", "-S", str(PROBE / "confine.py")],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env={},
                pass_fds=[self.theirs.fileno()],
                start_new_session=True,
                bufsize=0,
            )

    def _prepare_folders(self) -> None:
        for name in ("scratch", "canary", "traces"):
            (self.base / name).mkdir()
        (self.base / "canary" / "private").write_text("not for the program\n", encoding="utf-8")

    def close(self) -> None:
        """End the launcher, which by now may have become something else, and remove the folders."""
        if self.process.returncode is None:
            self.process.kill()
            self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.control, self.theirs):
            if stream:
                stream.close()
        self._remove()


class Launch:
    """A process behind the launcher; `layers` says what holds it. Raises ConsentError, TraceError."""

    def __init__(self, plan: Plan, waiting: Waiting | None = None) -> None:
        self.layers: dict[str, Layer] = {}
        self.waiting = waiting or Waiting(plan.scratch)
        self.base, self.process = self.waiting.base, self.waiting.process
        self.pid = self.process.pid
        try:
            self._hand_over(self._order(plan))
            self.waiting.theirs.close()
            self._read_layers(plan)
        except BaseException:
            self.close()
            raise

    def _order(self, plan: Plan) -> dict[str, Any]:
        scratch = str(self.base / "scratch")
        return {
            "mode": plan.mode,
            "require": sandbox.required(plan.mode, plan.trusted),
            "without": plan.without,
            "rules": sandbox.rules([str(PROBE), *plan.readable], scratch),
            "scratch": scratch,
            "megabytes": _MEGABYTES,
            "canary": str(self.base / "canary"),
            "limits": sandbox.LIMITS,
            "pass": [self.waiting.theirs.fileno()],
            "folder": plan.folder,
            "command": list(plan.command),
            "environment": sandbox.environment(scratch, plan.seed),
        }

    def _hand_over(self, order: Mapping[str, Any]) -> None:
        text = marshal.dumps(dict(order), 2)
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(len(text).to_bytes(4, "big") + text)
        except BrokenPipeError:
            raise TraceError(f"the launcher could not start: {self.errors()}", slug="no-start") from None

    def _read_layers(self, plan: Plan) -> None:
        """What the launcher proved, up to the moment at which the user's interpreter starts."""
        for line in self._status_text().splitlines():
            name, on, reason = line.split("\t", 2)
            self.layers[name] = Layer(on == "1", reason)
        missing, failed = self.layers.pop("refused", None), self.layers.pop("error", None)
        if missing:
            raise sandbox.refusal(plan.mode, missing.reason, self.layers)
        if failed or not self.layers:
            words = failed.reason if failed else self.errors() or "it ended at once"
            raise TraceError(f"{plan.command[0]} could not be started: {words}", slug="no-start")

    def _status_text(self) -> str:
        assert self.process.stdout is not None
        data, deadline = b"", time.monotonic() + _START
        while True:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.process.stdout], [], [], left)[0]:
                raise TraceError("the launcher did not answer", slug="no-start")
            piece = os.read(self.process.stdout.fileno(), 65536)
            if not piece:
                return data.decode("utf-8", "replace")
            data += piece

    def errors(self) -> str:
        """The last line that the process wrote to the stderr it was started with."""
        try:
            with open(self.base / "stderr", "rb") as stream:
                stream.seek(max(0, os.fstat(stream.fileno()).st_size - 2000))
                lines = stream.read().decode("utf-8", "replace").split("\n")
        except OSError:
            return ""
        return next((line.strip() for line in reversed(lines) if line.strip()), "")

    def own_processes(self) -> set[int]:
        """The processes that are no job: the launcher, the init of its namespace, the interpreter."""
        first = processes.children(self.pid)
        inner = processes.children(first[0]) if first and self._has_own_processes() else []
        return {self.pid, *first, *inner}

    def _has_own_processes(self) -> bool:
        return self.layers.get("pid-namespace", Layer(False)).on

    def kill(self) -> None:
        """End every process of this sandbox; returns when they are gone."""
        process = self.process
        if process.returncode is not None:
            return
        below = processes.descendants(process.pid)
        if not self._has_own_processes():
            _let_it_sweep(process)
        process.kill()
        process.wait()
        for pid in below:
            processes.kill(pid)
        processes.wait_gone(below, 2.0)

    def close(self) -> None:
        """Kill, close, remove the folders."""
        self.kill()
        self.waiting.close()


def _let_it_sweep(process: subprocess.Popen[bytes]) -> None:
    """Without a process namespace only the launcher, as subreaper, still finds what has detached itself."""
    assert process.stdin is not None
    process.stdin.close()
    try:
        process.wait(2.0)
    except subprocess.TimeoutExpired:
        return
