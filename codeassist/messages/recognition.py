"""Why an algorithm was recognised, or was not, in words of one language."""

from __future__ import annotations

from codeassist.messages import Catalogue
from codeassist.records.evidence import Recognition


def because(text: Catalogue, known: Recognition) -> str:
    """The reason: the marks of the code and what it did on the inputs tried."""
    parts = {"count": known.inputs, "name": known.looks_like, "given": known.given, "value": known.gave}
    does = text(f"recognition.does.{known.problem}") if known.problem else ""
    marks = list(dict.fromkeys(text(f"recognition.mark.{mark}") for mark in known.marks))
    return text(f"recognition.{known.reason}", does=does, marks=text.listing(marks), **parts)
