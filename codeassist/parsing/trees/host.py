"""The process of the grammars from outside: asked with a time limit, killed and replaced when it fails."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import threading
from contextlib import suppress
from typing import Any

from codeassist.records.errors import ParseError

TIME_LIMIT = 20.0
"""seconds for one file; large ones take about a second for ten thousand lines"""

_START = "import sys; sys.path[:] = {path!r}; from codeassist.parsing.trees.worker import main; main()"


class Host:
    """At most one process; started when first asked."""

    def __init__(self, time_limit: float = TIME_LIMIT) -> None:
        self.time_limit = time_limit
        self._process: subprocess.Popen[str] | None = None
        self._lock = threading.Lock()

    def ask(self, language: str, path: str, text: str) -> Any:
        """The facts of a text as JSON. ParseError when the grammar hangs, dies or fails."""
        with self._lock:
            line = self._exchange(json.dumps([language, path, text]) + "\n")
        answer = json.loads(line) if line else {"fault": "it died"}
        if "facts" not in answer:
            raise ParseError(f"{path}: the {language} grammar failed: {answer.get('fault')}")
        return answer["facts"]

    def _exchange(self, request: str) -> str:
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        is_late = threading.Event()

        def late() -> None:
            is_late.set()
            process.kill()

        timer = threading.Timer(self.time_limit, late)
        timer.start()
        try:
            process.stdin.write(request)
            process.stdin.flush()
            answer = process.stdout.readline()
        except (OSError, ValueError):
            answer = ""
        finally:
            timer.cancel()
        if not answer.endswith("\n"):
            self.close()
            fault = f"it took over {self.time_limit:g} s" if is_late.is_set() else "it died"
            return json.dumps({"fault": fault})
        return answer

    def _running(self) -> subprocess.Popen[str]:
        if self._process is None or self._process.poll() is not None:
            path = [each for each in sys.path if each] or [os.getcwd()]
            self._process = subprocess.Popen(
                [sys.executable, "-S", "-c", _START.format(path=path)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                encoding="utf-8",
                errors="surrogatepass",
            )
            atexit.register(self.close)
        return self._process

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()


_HOSTS: dict[int, Host] = {}


def shared() -> Host:
    """The host of this process; a forked one starts its own."""
    return _HOSTS.setdefault(os.getpid(), Host())
