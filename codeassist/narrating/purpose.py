"""Purpose: one sentence that relates what comes out (or is changed) to what goes in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from codeassist.messages.recognition import because
from codeassist.narrating import kinds, relations
from codeassist.narrating.book import escape, slot
from codeassist.narrating.cells import cut
from codeassist.narrating.shape import shape_of
from codeassist.narrating.subject import Subject, code
from codeassist.records.answer import Section, Sentence

_SIGNATURE = re.compile(r"[\w.]+\([^)]*\)\s*(->.*)?$|[-=~]+$")
"""a paragraph that only repeats the signature, or underlines"""
SURE = 0.5
"""confidence from which an algorithm's name is told"""


def summary(subject: Subject) -> Sentence:
    """The first sentence of the explanation: the docstring's, a relation that held, or the shape."""
    return next(_candidates(subject))


def section(subject: Subject) -> Section:
    """The summary, what the code adds where the docstring spoke first, and the algorithm's name."""
    found = list(_candidates(subject))
    kept = found[:1]
    if found[0].fact == "docstring":
        kept += [sentence for sentence in found[1:2] if _adds(subject, sentence)]
    return subject.section("purpose", [*kept, *_recognition(subject)])


_ORDER = ("sort", "order", "ascending", "rearrang", "shuffl", "permut")
_REPEATS = {
    "sorted": _ORDER, "sorts": _ORDER, "reorders": _ORDER, "permutation": _ORDER,
    "sum": ("sum", "add", "total"), "total": ("sum", "add", "plus"),
    "max": ("max", "largest", "greatest", "biggest", "highest"),
    "min": ("min", "smallest", "least", "lowest"),
    "reversed": ("revers", "backward", "turn"), "reverses": ("revers", "backward", "turn"),
    "length": ("length", "number", "count", "size"), "palindrome": ("palindrom",),
    "abs": ("absolute", "magnitude"), "square": ("square",), "even": ("even",),
    "contains": ("contain", "whether", " in ", "search"), "count": ("count", "number", "how "),
    "product": ("multipl", "product"),
}  # fmt: skip
"""relation -> beginnings of words by which a docstring already says it"""


def _adds(subject: Subject, sentence: Sentence) -> bool:
    """Whether a sentence says more than the docstring: a relation unsaid, or how the result is made."""
    if sentence.fact:
        return _tells_how(subject)
    said = first_sentence(subject.function.docstring).lower()
    key = next(iter(_relation_keys(subject)), "")
    return not any(word in said for word in _REPEATS.get(key, ()))


def _relation_keys(subject: Subject) -> Iterator[str]:
    """The key of the relation that is told first."""
    for name in subject.parameters:
        placed = relations.in_place(subject.outcomes, name)
        if placed is not None:
            yield placed.relation.key
    found = relations.of_result(subject.outcomes, subject.parameters)
    if found is not None:
        yield found.relation.key


def _tells_how(subject: Subject) -> bool:
    """Whether the shape adds to a docstring how the result comes about."""
    found = shape_of(subject.body)
    return found is not None and found.key in (
        "search_for", "search_while", "search_or_raise_for", "search_or_raise_while", "fills_for",
        "fills_for_if", "folds_for", "folds_for_if", "recursion_until", "yields_for", "yields_for_if",
    )  # fmt: skip


def _candidates(subject: Subject) -> Iterator[Sentence]:
    quoted = first_sentence(subject.function.docstring)
    if quoted:
        yield Sentence(escape(quoted), fact="docstring")
    yield from _related(subject)
    found = shape_of(subject.body)
    if found is not None:
        parts = {name: _part(subject, name, text) for name, text in found.parts.items()}
        yield Sentence(subject.text(f"shape.{found.key}", **parts), _typed(subject), fact="structure")
    yield _plain(subject)


def first_sentence(docstring: str) -> str:
    """The first sentence of a docstring in one line; empty where it is a heading, a marker or too long."""
    paragraphs = [" ".join(part.split()) for part in re.split(r"\n\s*\n", docstring.strip())]
    flat = next((part for part in paragraphs if not _SIGNATURE.match(part)), "")
    if not flat or flat.startswith((":", "@", ">>>", "Args", "Parameters")):
        return ""
    match = re.match(r".+?[.!?](?=\s|$)(?<!e\.g\.)(?<!i\.e\.)(?<!etc\.)", flat)
    sentence = _unmarked((match.group() if match else flat).strip())
    if len(sentence.split()) < 3 or "->" in sentence and len(sentence.split()) < 5:
        return ""
    return cut(sentence, 240)


def _unmarked(text: str) -> str:
    """Marks of reStructuredText as ours: ``x`` and :func:`x` are code, *x* is plain; no colon at the end."""
    text = re.sub(r":[\w:]+:`~?([^`<]+?)\s*(?:<[^>]*>)?`", r"`\1`", text)
    text = re.sub(r"``([^`]+)``|`([^`]+)`__?", lambda m: f"`{m[1] or m[2]}`", text)
    text = re.sub(r"(?<![\w*])\*{1,2}(\w[^*]*?)\*{1,2}(?![\w*])", r"\1", text)
    return re.sub(r":$", ".", text)


def _part(subject: Subject, name: str, text: str) -> str:
    if name in ("calls", "names"):
        return subject.text.listing([code(cut(call, 44)) for call in text.split("\n")])
    return code(cut(text, 60))


def _related(subject: Subject) -> Iterator[Sentence]:
    """A relation between result and arguments that held in every run, or what became of an argument."""
    yield from _placed(subject)
    found = relations.of_result(subject.outcomes, subject.parameters)
    if found is not None and not found.relation.weak:
        claim = subject.book.add("post", scope="all", expr=found.expr)
        x, y = code(found.names[0]), code(found.names[-1])
        yield Sentence(subject.text(f"purpose.{found.relation.key}", x=x, y=y), (claim,))


def _placed(subject: Subject) -> Iterator[Sentence]:
    """What became of a list that was passed."""
    for name in subject.parameters:
        placed = relations.in_place(subject.outcomes, name)
        if placed is not None:
            claim = subject.book.add("post", scope="all", expr=placed.expr)
            yield Sentence(subject.text(f"purpose.{placed.relation.key}", x=code(name)), (claim,))


def _typed(subject: Subject) -> tuple[str, ...]:
    """The claim on the result's type that stands behind a sentence about the shape."""
    results = [o.result for o in subject.outcomes if o.returned]
    expr = kinds.check("result", results) if not subject.function.is_generator else ""
    return (subject.book.add("post", scope="all", expr=expr),) if expr else ()


def _plain(subject: Subject) -> Sentence:
    names = [code(name) for name in subject.parameters]
    key = "purpose.plain" if names else "purpose.plain_none"
    return Sentence(
        subject.text(key, names=subject.text.listing(names), name=code(subject.function.name)),
        fact="signature",
    )


def _recognition(subject: Subject) -> Iterator[Sentence]:
    known = subject.evidence.recognition
    if known is None or not known.name or known.confidence < SURE:
        return
    claim = subject.book.add("algorithm", name=known.name, family=known.family)
    reason = because(subject.text, known) if known.problem else known.because
    text = subject.text("purpose.recognised", name=slot(claim, "name"), because=escape(reason))
    yield Sentence(text, (claim,))
