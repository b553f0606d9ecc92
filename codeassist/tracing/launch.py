"""One confined server process: started, spoken to, watched, and ended with everything below it."""

from __future__ import annotations

import marshal
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codeassist.records.errors import TraceError
from codeassist.records.run import Limits
from codeassist.records.trace import Layer
from codeassist.tracing import processes, sandbox
from codeassist.tracing.interpreters import Interpreter

PROBE = Path(__file__).resolve().parent.parent / "probe"
_START = 20.0  # seconds that the launcher may take before it is given up
_MEGABYTES = 256  # size of the scratch folder where it can be bounded
_SMALLEST_TRACE = 256 << 20  # bytes of trace that are always allowed
_LONGEST_LINE = 4096  # of the server's answers, which are hostile input


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
    """A user's interpreter inside the sandbox that has imported one target and forks for each job."""

    def __init__(
        self, interpreter: Interpreter, order: Mapping[str, Any], *, mode: str, trusted: bool,
        readable: Sequence[str], folder: str, without: Sequence[str] = (), scratch: str | None = None,
    ) -> None:  # fmt: skip
        self.version = ""
        self.layers: dict[str, Layer] = {}
        self.own: set[int] = set()
        self._buffer = b""
        self._base = Path(tempfile.mkdtemp(prefix="codeassist-", dir=scratch))
        self.scratch = str(self._base / "scratch")
        try:
            self._prepare_folders()
            self._start(interpreter, mode, trusted, readable, folder, without)
            self.send(order)
        except BaseException:
            self.close()
            raise

    # --- starting --------------------------------------------------------------------------------

    def _prepare_folders(self) -> None:
        for name in ("scratch", "canary", "traces"):
            (self._base / name).mkdir()
        (self._base / "canary" / "private").write_text("not for the program\n", encoding="utf-8")

    def _start(
        self, interpreter: Interpreter, mode: str, trusted: bool, readable: Sequence[str], folder: str,
        without: Sequence[str],
    ) -> None:  # fmt: skip
        ours, theirs = socket.socketpair()
        self.control = ours
        with theirs, open(self._base / "stderr", "wb") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-I", "-S", str(PROBE / "confine.py")],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, env={},
                pass_fds=[theirs.fileno()], start_new_session=True, bufsize=0,
            )  # fmt: skip
            paths = [str(PROBE), *interpreter.folders, *readable]
            order = {
                "mode": mode,
                "require": sandbox.required(mode, trusted),
                "without": tuple(without),
                "rules": sandbox.rules(paths, self.scratch),
                "scratch": self.scratch,
                "megabytes": _MEGABYTES,
                "canary": str(self._base / "canary"),
                "limits": sandbox.LIMITS,
                "pass": [theirs.fileno()],
                "folder": folder,
                "command": [interpreter.path, str(PROBE / "server.py"), str(theirs.fileno())],
                "environment": sandbox.environment(self.scratch),
            }
            self._hand_over(order)
        self._read_layers(mode, interpreter)
        self._find_own()

    def _hand_over(self, order: Mapping[str, Any]) -> None:
        text = marshal.dumps(dict(order), 2)
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(len(text).to_bytes(4, "big") + text)
        except BrokenPipeError:
            raise TraceError(f"the launcher could not start: {self.errors()}") from None

    def _read_layers(self, mode: str, interpreter: Interpreter) -> None:
        """What the launcher proved, up to the moment at which the user's interpreter starts."""
        for line in self._status_text().splitlines():
            name, on, reason = line.split("\t", 2)
            self.layers[name] = Layer(on == "1", reason)
        missing, failed = self.layers.pop("refused", None), self.layers.pop("error", None)
        if missing:
            raise sandbox.refusal(mode, missing.reason, self.layers)
        if failed or not self.layers:
            words = failed.reason if failed else self.errors() or "it ended at once"
            raise TraceError(f"{interpreter.path} could not be started: {words}", slug="no-start")

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
        """The last line that the interpreter wrote before the server had its own streams."""
        try:
            with open(self._base / "stderr", "rb") as stream:
                stream.seek(max(0, os.fstat(stream.fileno()).st_size - 2000))
                lines = stream.read().decode("utf-8", "replace").split("\n")
        except OSError:
            return ""
        return next((line.strip() for line in reversed(lines) if line.strip()), "")

    # --- speaking --------------------------------------------------------------------------------

    def send(self, message: Mapping[str, Any], fd: int | None = None) -> None:
        """One message, with a file descriptor if need be; a dead server is noticed when it is read."""
        text = marshal.dumps(dict(message), 2)
        try:
            socket.send_fds(self.control, [len(text).to_bytes(4, "big")], [] if fd is None else [fd])
            self.control.sendall(text)
        except OSError:
            pass

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
        return self._base / "traces" / f"{number}.trace"

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
        if processes.memory(self._jobs()) > limits.memory:
            return "memory"
        most = max(_SMALLEST_TRACE, 64 * limits.events) + limits.output
        return "trace" if trace is not None and trace.stat().st_size > most else ""

    def _find_own(self) -> None:
        """The processes that are no job: the launcher, the init of its process namespace, the interpreter."""
        init = processes.children(self.process.pid)
        self.own = {self.process.pid, *init}
        if init and self.layers.get("pid-namespace", Layer(False)).on:
            self.own |= set(processes.children(init[0]))

    def _jobs(self) -> list[int]:
        """Every process inside but our own: the job, its children, and their orphans."""
        return [pid for pid in processes.descendants(self.process.pid) if pid not in self.own]

    def settle(self) -> None:
        """After the import: processes that it has started stay as long as the server."""
        self.own |= set(self._jobs())

    def sweep(self) -> None:
        """Kill what a finished job has left running."""
        for _ in range(50):
            left = self._jobs()
            if not left:
                return
            for pid in left:
                processes.kill(pid)
            time.sleep(0.002)

    # --- ending ----------------------------------------------------------------------------------

    def kill(self) -> None:
        """End every process of this sandbox; returns when they are gone."""
        process = getattr(self, "process", None)
        if process is None or process.returncode is not None:
            return
        if self.layers.get("pid-namespace", Layer(False)).on:
            init = processes.children(process.pid)
            process.kill()
            process.wait()
            processes.wait_gone(init, 2.0)
            return
        everything = processes.descendants(process.pid)
        process.stdin.close()
        try:
            process.wait(2.0)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for pid in everything:
            processes.kill(pid)

    def close(self) -> None:
        """Kill, close, remove the folders."""
        self.kill()
        if hasattr(self, "control"):
            self.control.close()
        for stream in (self.process.stdin, self.process.stdout) if hasattr(self, "process") else ():
            if stream:
                stream.close()
        shutil.rmtree(self._base, ignore_errors=True)


def died_of(status: int) -> str:
    """The name of the signal in a waitpid status, or ''."""
    if not os.WIFSIGNALED(status):
        return ""
    try:
        return signal.Signals(os.WTERMSIG(status)).name
    except ValueError:
        return f"signal {os.WTERMSIG(status)}"
