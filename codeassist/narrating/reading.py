"""A function of a language that is read and never run: its comment, its calls, its loops, its flow."""

from __future__ import annotations

from codeassist.narrating import limits, structure
from codeassist.narrating.body import LOOPS
from codeassist.narrating.book import escape
from codeassist.narrating.subject import Subject
from codeassist.records.answer import Answer, Section, Sentence


def compose(subject: Subject) -> Answer:
    """The answer from the source alone; nothing in it says what the function computes."""
    first = _summary(subject)
    sections = [subject.section("purpose", [first]), _structure(subject), limits.section(subject)]
    kept = tuple(each for each in sections if each is not None and (each.sentences or each.tables))
    return Answer(first, kept, (), subject.book.claims())


def _summary(subject: Subject) -> Sentence:
    """The first sentence of the comment above it, or its size."""
    text = " ".join(subject.function.docstring.split("\n\n")[0].split())
    if text:
        sentence, stop, _ = text.partition(". ")
        return Sentence(escape(sentence + stop.strip()), fact="docstring")
    count = subject.function.span.end_line - subject.function.span.line + 1
    kind = "method" if subject.function.kind == "method" else "function"
    return Sentence(subject.text(f"reading.{kind}", count=count), fact="source")


def _structure(subject: Subject) -> Section:
    known = structure.section(subject)
    sentences = [*(known.sentences if known else ()), *_loops(subject)]
    return subject.section("structure", sentences, known.tables if known else ())


def _loops(subject: Subject) -> list[Sentence]:
    """How many loops, and how deep they stand in one another."""
    body = subject.body
    loops = body.loops()
    if not loops:
        return []
    depth = max(_depth(subject, index) for index in loops)
    lines = subject.text.listing([str(body.at(index).header.line) for index in loops])
    found = [Sentence(subject.text("reading.loops", count=len(loops), lines=lines), fact="source")]
    if depth > 1:
        found.append(Sentence(subject.text("reading.nested", count=depth), fact="source"))
    return found


def _depth(subject: Subject, index: int) -> int:
    around = [above for _, above in subject.body.chain(index) if subject.body.at(above).kind in LOOPS]
    return len(around) + 1
