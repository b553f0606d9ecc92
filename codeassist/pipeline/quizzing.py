"""The hall's way to a quiz: a target -> one run -> questions, and answers graded by what was recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codeassist.pipeline.recording import TraceOptions, trace
from codeassist.records.errors import UsageError
from codeassist.records.quiz import Question, Quiz
from codeassist.records.values import literal

if TYPE_CHECKING:
    from codeassist.pipeline.session import Session

_YES, _NO = frozenset("y yes true t 1 是 对 真".split()), frozenset("n no false f 0 否 不 错 假".split())


def quiz(text: str, opened: Session, call: str = "", most: int = 10) -> Quiz:
    """A quiz over a run of the target, or a saved trace. Raises UsageError where nothing can be asked."""
    from codeassist import quizzing

    view = trace(text, opened, TraceOptions(call=call))
    reader = view.trace.reader
    questions = quizzing.compose(reader, view.modules, most) if reader is not None else ()
    if not questions:
        raise UsageError(
            f"{text}: nothing in this run can be asked", hint="give another --call, or another function"
        )
    return Quiz(view.trace.header.run.call or text, questions, dict(view.sources))


def is_right(question: Question, text: str) -> bool | None:
    """Whether the answer is what was recorded; None for a text that is no answer."""
    from codeassist.verifying.compare import matches
    from codeassist.verifying.literals import BadLiteral, parse_literal

    if question.kind == "branch":
        word = text.strip().lower()
        return None if word not in _YES | _NO else (word in _YES) == question.answer
    try:
        return matches(question.answer, parse_literal(text.strip()))
    except BadLiteral:
        return None


def solution(question: Question) -> str:
    """What is right, as literal text."""
    return literal(question.answer)
