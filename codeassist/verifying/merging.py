"""Another author's answer over the baseline: what holds is taken, section by section, the rest is not.

A section is revised only when each of its sentences restates verified claims and nothing else. What
a model says beyond that is an opinion: kept apart, without claims, and never with a refuted one.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from codeassist.records.answer import (
    REFUTED,
    VERIFIED,
    Annotation,
    Answer,
    Claim,
    Section,
    Sentence,
    Verdict,
)
from codeassist.verifying.fields import KINDS
from codeassist.verifying.phrasing import licensed
from codeassist.verifying.settle import fill

MOST_OPINIONS = 12
"""of one section"""
LONGEST = 500
"""characters of an opinion"""
_ID = re.compile(r"[a-z]{1,2}[0-9]{1,4}")
_SLOTS = re.compile(r"\{\{|\}\}|\{[^{}]*\}")
_TEXTS = ("expr", "var", "a", "b", "in")
"""fields whose text is the author's own words as long as it evaluates to something true"""
_KNOWN = frozenset(
    "result old prev self cls abs all any bool dict enumerate float frozenset int isinstance len list max "
    "min range repr reversed round set sorted str sum tuple type zip key reverse default".split()
)
"""names of claims.md that an expression may use beside those of the file"""


@dataclass(frozen=True, slots=True)
class Failure:
    """A sentence of an answer that was not taken, and why."""

    section: str
    text: str
    why: str
    """refuted, or opinion"""


@dataclass(frozen=True, slots=True)
class Merged:
    """The baseline as far as an answer could improve it, with the verdict of each of its claims."""

    answer: Answer
    verdicts: tuple[Verdict, ...]
    revised: frozenset[str]
    """ids of the sections that are the other author's; `summary` for the summary"""
    failures: tuple[Failure, ...]
    asides: Mapping[str, tuple[Sentence, ...]]
    """section id -> what the author said beyond what was shown, as opinions"""


def with_opinions(answer: Answer, asides: Mapping[str, tuple[Sentence, ...]]) -> Answer:
    """The answer with opinions at the end of their sections."""
    sections = [replace(s, sentences=(*s.sentences, *asides.get(s.id, ()))) for s in answer.sections]
    return replace(answer, sections=tuple(sections))


def renamed(answer: Answer, kept: frozenset[str], prefix: str) -> Answer:
    """The answer with its claims, those in `kept` apart, under fresh ids; slots follow."""
    own = [claim.id for claim in answer.claims if claim.id not in kept]
    ids = {id: f"{prefix}{number}" for number, id in enumerate(own, 1)}

    def text(old: str) -> str:
        return _SLOTS.sub(lambda m: _renamed_slot(m[0], ids), old)

    def sentence(old: Sentence) -> Sentence:
        return replace(old, text=text(old.text), claims=tuple(ids.get(c, c) for c in old.claims))

    return replace(
        answer,
        summary=sentence(answer.summary),
        sections=tuple(replace(s, sentences=tuple(map(sentence, s.sentences))) for s in answer.sections),
        annotations=tuple(
            replace(n, text=text(n.text), claims=tuple(ids.get(c, c) for c in n.claims))
            for n in answer.annotations
        ),
        claims=tuple(replace(c, id=ids.get(c.id, c.id)) for c in answer.claims),
    )


def _renamed_slot(slot: str, ids: Mapping[str, str]) -> str:
    name, dot, path = slot[1:-1].partition(".")
    return f"{{{ids[name]}{dot}{path}}}" if name in ids else slot


def merge(
    baseline: Answer,
    answer: Answer,
    verdicts: Mapping[str, Verdict],
    *,
    func: str,
    source: str,
    lang: str = "en",
    partial: Sequence[str] = (),
) -> Merged:
    """`answer` over `baseline`; `verdicts` are by claim id, `source` is the text of the file.

    Claims of the answer that nothing uses are dropped, as are their unchecked prose and fields. Of the
    sections in `partial` each sentence that holds is taken, before the old ones if not all of them do.
    """
    merger = _Merger(baseline, answer, verdicts, func, source, lang)
    merger.partial = frozenset(partial)
    return merger.merged()


class _Merger:
    def __init__(
        self,
        baseline: Answer,
        answer: Answer,
        verdicts: Mapping[str, Verdict],
        func: str,
        source: str,
        lang: str,
    ) -> None:
        self.baseline, self.answer, self.verdicts = baseline, answer, verdicts
        self.func, self.lang = func, lang
        self.words = frozenset(re.findall(r"\w+", source))
        self.source = source
        own = {claim.id for claim in baseline.claims}
        new = [self.plain(claim) for claim in answer.claims if claim.id not in own]
        self.claims = {claim.id: claim for claim in (*baseline.claims, *new)}
        self.own = own
        self.known = _sentences(baseline)
        self.used: set[str] = set()
        self.failures: list[Failure] = []
        self.partial: frozenset[str] = frozenset()
        self.asides: dict[str, list[Sentence]] = {}

    def merged(self) -> Merged:
        revised: set[str] = set()
        told = {section.id: section for section in self.answer.sections}
        sections = [self.section(s, told.get(s.id, s), revised) for s in self.baseline.sections]
        summary = self.summary(revised)
        notes = self.notes()
        claims = [c for c in self.claims.values() if c.id in self.own or c.id in self.used]
        answer = replace(
            self.answer, summary=summary, sections=tuple(sections), annotations=notes, claims=tuple(claims)
        )
        judged = tuple(self.verdicts[claim.id] for claim in claims)
        asides = {id: tuple(found[:MOST_OPINIONS]) for id, found in self.asides.items()}
        return Merged(answer, judged, frozenset(revised), tuple(self.failures), asides)

    def plain(self, claim: Claim) -> Claim:
        """The claim without prose and without fields that its kind does not have."""
        known = KINDS.get(claim.kind, {})
        fields = {name: value for name, value in claim.fields.items() if name in known}
        return replace(claim, fields=fields, text="", path="")

    def section(self, old: Section, new: Section, revised: set[str]) -> Section:
        """The new sentences where all of them hold, else the old ones; the rest is put aside."""
        if new.sentences == old.sentences:
            return old
        held = [self.held(sentence) for sentence in new.sentences]
        if new.sentences and all(held):
            revised.add(old.id)
            return replace(old, sentences=tuple(self.use(s) for s in held if s))
        for sentence, holds in zip(new.sentences, held, strict=True):
            if not holds:
                self.keep_aside(sentence, old.id)
        kept = [self.use(s) for s in held if s and s not in old.sentences] if old.id in self.partial else []
        return replace(old, sentences=(*kept, *old.sentences)) if kept else old

    def summary(self, revised: set[str]) -> Sentence:
        new, old = self.answer.summary, self.baseline.summary
        if new == old:
            return old
        held = self.held(new)
        if held:
            revised.add("summary")
            return self.use(held)
        places = [section.id for section in self.baseline.sections]
        self.keep_aside(new, "purpose" if "purpose" in places or not places else places[0])
        return old

    def keep_aside(self, sentence: Sentence, section: str) -> None:
        aside = self.opinion(sentence, section)
        if aside:
            self.asides.setdefault(section, []).append(aside)

    def notes(self) -> tuple[Annotation, ...]:
        """The baseline's notes, and the answer's that hold and stand at the line they speak of."""
        own = self.baseline.annotations
        found: dict[int, list[Annotation]] = {}
        for note in self.answer.annotations:
            if note in own:
                continue
            held = self.held(Sentence(note.text, note.claims))
            if held and all(self.claims[c].fields.get("line") == note.line for c in held.claims):
                self.use(held)
                found.setdefault(note.line, []).append(Annotation(note.line, note.text, held.claims))
        kept = [note for note in own if note.line not in found]
        return (*kept, *(note for line in sorted(found) for note in found[line]))

    def use(self, sentence: Sentence) -> Sentence:
        self.used.update(sentence.claims)
        return sentence

    def held(self, sentence: Sentence) -> Sentence | None:
        """The sentence with the claims that it restates, or None where it says anything else."""
        if (sentence.text, sentence.claims) in self.known:
            return self.known[sentence.text, sentence.claims]
        cited = [self.claims[c] for c in sentence.claims if c in self.claims and self.is_sound(c)]
        used = licensed(sentence.text, cited, self.func, self.lang)
        return None if used is None else Sentence(sentence.text, used)

    def is_sound(self, id: str) -> bool:
        """Whether a claim is verified and, if a model made it, brings no words of its own."""
        if id not in self.verdicts or self.verdicts[id].status != VERIFIED:
            return False
        if id in self.own:
            return True
        fields = self.claims[id].fields
        texts = [fields[name] for name in _TEXTS if isinstance(fields.get(name), str)]
        quiet = all(_is_quiet(text) for text in _texts(fields))
        return bool(_ID.fullmatch(id)) and quiet and all(self.is_from_source(text) for text in texts)

    def is_from_source(self, text: str) -> bool:
        """Whether an expression uses only names and texts that the file itself has.

        `"sorted descending" != ""` is true, and so is `True or the_list_is_sorted`.
        """
        try:
            nodes = list(ast.walk(ast.parse(text.strip(), mode="eval")))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
        allowed = self.words | _KNOWN
        for node in nodes:
            if isinstance(node, ast.Name) and node.id not in allowed and len(node.id) > 1:
                return False
            if isinstance(node, ast.Attribute) and node.attr not in allowed:
                return False
            if isinstance(node, ast.keyword) and node.arg and node.arg not in allowed:
                return False
            if isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes)):
                said = node.value if isinstance(node.value, str) else node.value.decode("latin-1")
                if len(said) > 2 and said not in self.source:
                    return False
        return True

    def opinion(self, sentence: Sentence, section: str) -> Sentence | None:
        """The sentence as an opinion: slots filled, no claims; None where a refuted claim is behind it."""
        cited = (*sentence.claims, *_cited(sentence.text))
        refuted = [c for c in cited if c in self.verdicts and self.verdicts[c].status == REFUTED]
        self.failures.append(Failure(section, sentence.text, "refuted" if refuted else "opinion"))
        if refuted or len(sentence.text) > LONGEST or not sentence.text.strip():
            return None
        pairs = {
            c: (self.claims[c], self.verdicts[c]) for c in cited if c in self.claims and self.is_sound(c)
        }
        text = fill(sentence.text, pairs)
        return None if text is None else Sentence(text.replace("{", "{{").replace("}", "}}"))


def _sentences(baseline: Answer) -> dict[tuple[str, tuple[str, ...]], Sentence]:
    """The baseline's own sentences, which another author may repeat."""
    every = (baseline.summary, *(s for section in baseline.sections for s in section.sentences))
    return {(sentence.text, sentence.claims): sentence for sentence in every}


def _texts(value: Any) -> Iterator[str]:
    """Every text inside the fields of a claim."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from (str(name), *_texts(item))
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _texts(item)


def _is_quiet(text: str) -> bool:
    """Whether nothing in a text goes unread: `3  # the largest` equals 3, `{1: "lie", 1: 2}` {1: 2}."""
    if _has_repeated_keys(text):
        return False
    try:
        tokens = tokenize.generate_tokens(io.StringIO(text).readline)
        return all(token.type not in (tokenize.COMMENT, tokenize.NL) for token in tokens)
    except (tokenize.TokenError, SyntaxError, ValueError):
        return False


def _has_repeated_keys(text: str) -> bool:
    try:
        nodes = ast.walk(ast.parse(text.strip(), mode="eval"))
        keys = [[ast.dump(key) for key in n.keys if key] for n in nodes if isinstance(n, ast.Dict)]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False  # no expression: then nothing evaluates it either
    return any(len(set(found)) < len(found) for found in keys)


def _cited(text: str) -> list[str]:
    return [m[1:-1].partition(".")[0] for m in _SLOTS.findall(text) if m not in ("{{", "}}")]
