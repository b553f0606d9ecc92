"""What every backend has to keep, ours or a stranger's: `conforms(make)` raises AssertionError."""

from __future__ import annotations

from collections.abc import Callable

from codeassist.records.answer import Answer, Section, Sentence
from codeassist.records.backend import Backend, Configuration
from codeassist.records.errors import BackendError
from codeassist.records.prompt import Message, Prompt

BASELINE = Answer(
    Sentence("Gives the last item."), (Section("purpose", "Purpose", (Sentence("Old."),)),), (), ()
)
PROMPT = Prompt(
    "explain",
    (Message("system", "Explain."), Message("user", "def f(): ...")),
    BASELINE,
    "",
    (),
    (),
    4,
    "e" * 64,
)


def conforms(make: Callable[[Configuration | None], Backend]) -> None:
    """Ask a backend what any backend is asked."""
    unasked = make(None)
    assert unasked.name
    assert unasked.name.isprintable()
    assert isinstance(unasked.available(), str)
    assert unasked.available().isprintable()
    assert unasked.count_tokens("") == 0
    assert unasked.count_tokens("word " * 100) >= unasked.count_tokens("word") >= 0
    configured = make(Configuration(model="any", deadline=5.0))
    try:
        answer = configured.complete(PROMPT)
    except BackendError as error:
        fault = str(error)
    else:
        fault = ""
        assert isinstance(answer, Answer)
        assert {section.id for section in answer.sections} <= {"purpose"}
    assert fault.isprintable()
