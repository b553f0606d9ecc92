"""Progress on stderr for work that takes over a second."""

from __future__ import annotations

import sys
import time
from types import TracebackType

from codeassist.cli.text import one_line

QUIET = 1.0
"""seconds before anything is shown"""
PLAIN_EVERY = 10.0
"""seconds between lines where stderr is no terminal"""


BAR = 20
"""columns of the bar on a terminal"""


class Meter:
    """One line that is rewritten on a terminal; elsewhere a plain line now and then."""

    def __init__(self, verb: str) -> None:
        self.verb = verb
        self.started = time.monotonic()
        self.is_terminal = sys.stderr.isatty()
        self.shown = 0.0
        self.width = 0

    def update(self, done: int, total: int, what: str) -> None:
        """Say what is being worked on: item `done` (from 0) of `total`."""
        now = time.monotonic()
        gap = 0.1 if self.is_terminal else PLAIN_EVERY
        if now - self.started < QUIET or now - self.shown < gap:
            return
        self.shown = now
        bar = self._bar(done, total) if self.is_terminal else ""
        left = self._left(done, total, now)
        self._write(f"{bar}{self.verb} {done + 1} of {total}{left}: {one_line(what, 60)}")

    def _bar(self, done: int, total: int) -> str:
        """What is done, in twenty columns; none for a single item."""
        filled = done * BAR // total if total > 1 else 0
        return f"[{'#' * filled}{'.' * (BAR - filled)}] " if total > 1 else ""

    def _left(self, done: int, total: int, now: float) -> str:
        if not done or total - done < 2:
            return ""
        seconds = (now - self.started) / done * (total - done)
        return f", about {seconds:.0f} s left" if seconds < 90 else f", about {seconds / 60:.0f} min left"

    def _write(self, text: str) -> None:
        if self.is_terminal:
            sys.stderr.write("\r" + text.ljust(self.width))
            self.width = len(text)
        else:
            sys.stderr.write(text + "\n")
        sys.stderr.flush()

    def __enter__(self) -> Meter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self.is_terminal and self.width:
            sys.stderr.write("\r" + " " * self.width + "\r")
            sys.stderr.flush()
