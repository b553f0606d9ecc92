"""What is said about a function and what was judged of it: sentences, claims, verdicts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

VERIFIED, REFUTED, UNCHECKED = "verified", "refuted", "unchecked"

REASONS = (
    "unknown-kind bad-claim no-statement ambiguous-line not-reached incomplete-trace opaque "
    "impure-expression too-expensive too-few-runs not-run supported-only decided held supported "
    "wrong-value wrong-type no-such-step raised counterexample"
).split()


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim of claims.md; `fields` are those of its kind, exactly as in the JSON."""

    kind: str
    fields: Mapping[str, Any]
    id: str = ""
    text: str = ""
    scope: Any = None
    """None (the run being explained), {"run": k} or "all" """
    path: str = ""

    def to_json(self) -> dict[str, Any]:
        """The claim as the object of claims.md."""
        extra = {"id": self.id, "text": self.text, "scope": self.scope, "path": self.path}
        return {
            "kind": self.kind,
            **self.fields,
            **{name: value for name, value in extra.items() if value},
        }


@dataclass(frozen=True, slots=True)
class Witness:
    """Where a verdict can be seen: run number, event index, line, variables as literal text."""

    run: int | None = None
    step: int | None = None
    line: int | None = None
    state: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """verified, refuted or unchecked; a universal claim carries its number of runs."""

    id: str
    status: str
    reason: str
    runs: int = 0
    exhaustive: bool = False
    witness: Witness | None = None
    actual: str = ""
    """what the run showed where the claim looked, as literal text: fills a slot, feeds a repair"""


@dataclass(frozen=True, slots=True)
class Sentence:
    """`text` holds slots such as `{c3.value}`: every number, value and line in it is one.

    A sentence without claims is an opinion unless `fact` says which static fact it restates
    (a signature, a docstring quoted as such).
    """

    text: str
    claims: tuple[str, ...] = ()
    fact: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text cells with slots; `claims` back the cells of the same row."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    claims: tuple[tuple[str, ...], ...] = ()
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the anatomy; `id` is language-free (purpose, contract, plan, worked-run ...)."""

    id: str
    title: str
    sentences: tuple[Sentence, ...] = ()
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True, slots=True)
class Annotation:
    """A margin note at a source line."""

    line: int
    text: str
    claims: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens and money that an answer cost; zeros for the offline backend."""

    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    cost: float = 0.0
    requests: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a backend says: sections of sentences, margin notes, and the claims behind them."""

    summary: Sentence
    sections: tuple[Section, ...]
    annotations: tuple[Annotation, ...]
    claims: tuple[Claim, ...]
    backend: str = "offline"
    model: str = ""
    usage: Usage = Usage()
    finish_reason: str = "stop"
    prompt_digest: str = ""
