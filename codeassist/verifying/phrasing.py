"""Whether a sentence says no more than its claims: the phrase book that prose is held against.

A true claim can stand under a false sentence ("the largest item is {c3.value}"). So what another
author says counts as checked only where each clause is one of the phrasings of one verified claim,
and says all that the claim depends on. Everything else is an opinion.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any

from codeassist.records.answer import Claim
from codeassist.verifying.fields import KINDS, REQUIRED

_HEAD = re.compile(r"(?P<kind>\w+)(?: (?P<spec>[^:]+))?: ?(?P<words>.*)")
_TOKEN = re.compile(
    r"<(?P<field>\w+)>|(?P<open>[(\[])|(?P<close>[)\]])|(?P<bar>\|)|(?P<space> +)|(?P<word>.)"
)
MOST_PIECES = 15
"""clauses and joints of one sentence that are looked at"""
_COUNTED = ("count", "max")


@dataclass(frozen=True, slots=True)
class Phrasing:
    """One line of the book: the words, and the field values under which they may be said."""

    words: str
    name: str = ""
    value: str | None = None
    """None: whatever the field holds"""


@dataclass(slots=True)
class Book:
    """The phrasings of one language."""

    kinds: dict[str, list[Phrasing]] = field(default_factory=dict)
    leads: list[str] = field(default_factory=list)
    tails: list[Phrasing] = field(default_factory=list)
    operators: dict[str, str] = field(default_factory=dict)
    joins: list[str] = field(default_factory=list)


@lru_cache(maxsize=4)
def text_of(lang: str) -> str:
    """The book as text, English where there is none of that language."""
    folder = files("codeassist.verifying") / "phrases"
    place = folder / f"{lang}.txt"
    return (place if place.is_file() else folder / "en.txt").read_text(encoding="utf-8")


@lru_cache(maxsize=4)
def book(lang: str) -> Book:
    """The phrase book of `lang`."""
    found = Book()
    for line in text_of(lang).splitlines():
        match = _HEAD.fullmatch(line)
        if match is None:
            continue
        kind, spec, words = match["kind"], match["spec"] or "", match["words"]
        name, equals, value = spec.partition("=")
        if kind == "lead":
            found.leads.append(words)
        elif kind == "join":
            found.joins.append(words)
        elif kind == "op":
            found.operators[spec] = words
        elif kind == "tail":
            found.tails.append(Phrasing(words, name, value if equals else None))
        else:
            found.kinds.setdefault(kind, []).append(Phrasing(words, name, value if equals else None))
    return found


def licensed(text: str, claims: Sequence[Claim], func: str, lang: str = "en") -> tuple[str, ...] | None:
    """Ids of the claims that `text` restates, clause by clause; None where it says anything else.

    `claims` are verified ones that the sentence cites, `func` is the function being explained.
    """
    pieces = _pieces_of(text, book(lang))
    used = _told(pieces, claims, func, lang) if len(pieces) <= MOST_PIECES else None
    return tuple(dict.fromkeys(used)) or None if used else None


def _told(pieces: Sequence[str], claims: Sequence[Claim], func: str, lang: str) -> list[str] | None:
    """The claims behind clauses with the words between them; a phrasing may itself hold an `and`."""
    if not pieces:
        return []
    for end in range(1, len(pieces) + 1, 2):
        clause = "".join(pieces[:end]).strip()
        claim = next((c for c in claims if _says(clause, c, func, lang)), None)
        if claim is None:
            continue
        rest = _told(pieces[end + 1 :], claims, func, lang) if end + 1 < len(pieces) else []
        if rest is not None and (end == len(pieces) or end + 1 < len(pieces)):
            return [claim.id, *rest]
    return None


def _pieces_of(text: str, found: Book) -> list[str]:
    """Clause, joint, clause ...; slots hold no text of the run yet, so nothing in them can split."""
    line = text.strip()
    line = line[:-1] if line[-1:] in (".", "。") else line
    joins = "|".join(_bounded(_regex(words, None, {}), words) for words in found.joins)
    return re.split(f"({joins})", line, flags=re.IGNORECASE)


def _bounded(pattern: str, words: str) -> str:
    """A word that joins clauses stands alone; a sign or a Chinese word need not."""
    last = words[-1:]
    return (
        rf"(?<![A-Za-z0-9_])(?:{pattern})(?![A-Za-z0-9_])" if last.isascii() and last.isalpha() else pattern
    )


def _says(clause: str, claim: Claim, func: str, lang: str) -> bool:
    """Whether the clause is a phrasing of the claim that leaves nothing out."""
    if claim.fields.get("loose") or isinstance(claim.scope, dict):
        return False
    found = book(lang)
    phrasings = [p for p in found.kinds.get(claim.kind, []) if _applies(p, claim)]
    return any(_fits(clause, phrasing, claim, func, found) for phrasing in phrasings)


def _applies(phrasing: Phrasing, claim: Claim) -> bool:
    return phrasing.value is None or _spoken(_value(claim, phrasing.name)) == phrasing.value


def _value(claim: Claim, name: str) -> Any:
    if name == "scope":
        return claim.scope
    spec = KINDS[claim.kind].get(name)
    default = spec[1] if spec and spec[1] is not REQUIRED else None
    return claim.fields.get(name, default)


def _spoken(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _fits(clause: str, phrasing: Phrasing, claim: Claim, func: str, found: Book) -> bool:
    tails = [tail for tail in found.tails if _applies(tail, claim)]
    lead = "|".join(_regex(words, None, {}) for words in found.leads) if claim.scope is None else "(?!)"
    shown: dict[str, str] = {}
    body = _regex(phrasing.words, claim, shown, found)
    ends = [
        f"(?P<tail{n}>{_regex(tail.words, claim, shown, found, f't{n}')})" for n, tail in enumerate(tails)
    ]
    pattern = (
        rf"(?:(?:{lead})\s*)?{body}(?:[,，]?\s*(?:{'|'.join(ends)}))*"
        if ends
        else rf"(?:(?:{lead})\s*)?{body}"
    )
    match = re.fullmatch(pattern, clause, re.IGNORECASE)
    if match is None:
        return False
    said = {shown[name] for name, text in match.groupdict().items() if text is not None and name in shown}
    said |= {tail.name for n, tail in enumerate(tails) if match[f"tail{n}"] is not None}
    return _needed(claim, func) <= said | {phrasing.name}


def _needed(claim: Claim, func: str) -> set[str]:
    """Fields that a clause has to say: all required ones, and optional ones that are not as usual."""
    wanted = set()
    for name, (_, default) in KINDS[claim.kind].items():
        value = claim.fields.get(name)
        if name == "func":
            if value != func:
                wanted.add("func")
        elif default is REQUIRED or value is not None and value != default and name != "op":
            wanted.add(name)
    if claim.scope == "all" and not _is_universal(claim):
        wanted.add("scope")
    return wanted


def _is_universal(claim: Claim) -> bool:
    """Whether the kind's own words already speak of every turn or call that was recorded."""
    return claim.kind in ("invariant", "variant", "pre", "post", "unreachable", "complexity", "equivalent")


def _regex(
    words: str, claim: Claim | None, shown: dict[str, str], found: Book | None = None, prefix: str = "b"
) -> str:
    """The phrasing as a regular expression; `shown` learns which group shows which field."""
    return "".join(_pieces(words, claim, shown, found, prefix))


def _pieces(
    words: str, claim: Claim | None, shown: dict[str, str], found: Book | None, prefix: str
) -> Iterator[str]:
    for number, token in enumerate(_TOKEN.finditer(words)):
        if token["field"]:
            group = f"{prefix}_{number}"
            shown[group] = token["field"]
            yield f"(?P<{group}>{_slot(token['field'], claim, found)})"
        elif token["open"]:
            yield "(?:"
        elif token["close"]:
            yield ")" if token["close"] == ")" else ")?"
        elif token["bar"]:
            yield "|"
        else:
            yield r"\s*" if token["space"] else re.escape(token["word"])


def _slot(name: str, claim: Claim | None, found: Book | None) -> str:
    """What may stand for a field: its slot, or a name spelled out."""
    if claim is None or found is None:
        return "(?!)"
    slot = re.escape(f"{{{claim.id}.{name}}}")
    value = _value(claim, name)
    names = [slot]
    if isinstance(value, str) and value.isascii() and value.replace(".", "_").isidentifier():
        names.append(re.escape(value))
    elif _is_number(value):  # the claim's own number spelled out says what its slot would
        names.append(rf"(?<![\w.\-]){re.escape(str(value))}(?![\w]|\.\d)")
    if name in _COUNTED:
        words = _regex(found.operators.get(str(_value(claim, "op")), "(?!)"), None, {})
        return rf"{words}\s*`?(?-i:{'|'.join(names)})`?"
    return rf"`?(?-i:{'|'.join(names)})`?"


def _is_number(value: Any) -> bool:
    """Whether a field holds a whole number, as such or as literal text."""
    if isinstance(value, bool):
        return False
    return isinstance(value, int) or isinstance(value, str) and re.fullmatch(r"-?\d{1,18}", value) is not None


def examples(lang: str) -> str:
    """The book as a model is told it, without comments."""
    lines = (line for line in text_of(lang).splitlines() if line and not line.startswith("#"))
    return "\n".join(line for line in lines if not line.startswith(("op ", "join", "lead")))
