"""Answers of a backend that are under way at once: the first alone, then as many as the backend takes."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from codeassist.pipeline.answering import Asker, Question
from codeassist.records.answer import Answer, Verdict

Judged = tuple[Answer, list[Verdict]]


@dataclass(slots=True)
class Pending:
    """One question under way, and what makes an explanation of its answer."""

    question: Question
    finish: Callable[[Answer, list[Verdict]], Any]
    done: threading.Event = field(default_factory=threading.Event)
    result: Judged | None = None
    error: BaseException | None = None

    def explanation(self) -> Any:
        """What the answer makes; of one that has not come, what the baseline makes."""
        if self.error is not None:
            raise self.error
        baseline = self.question.prompt.baseline, list(self.question.verdicts)
        return self.finish(*(self.result or baseline))


@dataclass(slots=True)
class Flight:
    """Questions in the order in which they were asked; at most `asker.parallel` are under way."""

    asker: Asker
    waiting: deque[Pending] = field(default_factory=deque)

    def ask(self, question: Question, finish: Callable[[Answer, list[Verdict]], Any]) -> Pending:
        """Ask; waits only while as many as may be are under way, or for the very first answer."""
        pending = Pending(question, finish)
        if self.asker.parallel < 2 or not (self.asker.models or self.asker.faults):
            self._work(pending)  # a server that is not there, or refuses us, is asked once
            if pending.error is not None:
                raise pending.error
            return pending
        while len(self.waiting) >= self.asker.parallel:
            self.waiting.popleft().done.wait()
        self.waiting.append(pending)
        threading.Thread(target=self._work, args=(pending,), daemon=True, name="codeassist-answer").start()
        return pending

    def _work(self, pending: Pending) -> None:
        try:
            pending.result = self.asker.ask(pending.question)
        except BaseException as error:  # handed to the thread that waits
            pending.error = error
        finally:
            pending.done.set()

    def land(self) -> None:
        """Wait for all of them."""
        while self.waiting:
            self.waiting[0].done.wait()
            self.waiting.popleft()
