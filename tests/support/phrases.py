"""Sentences made from the phrase book, and lies made from those: what a model may and may not say."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from typing import Any

from codeassist.records.answer import Claim
from codeassist.verifying.phrasing import Phrasing, book

FUNC = "search"
SAMPLES: dict[str, dict[str, Any]] = {
    "value": {"line": 5, "expr": "mid", "value": "2"},
    "type": {"line": 8, "expr": "steps", "type": "list"},
    "sequence": {"line": 4, "var": "low", "values": "[0, 3]"},
    "delta": {"line": 10, "changes": {"low": ["0", "3"]}},
    "branch": {"line": 7, "taken": True, "call": "all"},
    "next": {"line": 9, "next": 10},
    "executes": {"line": 6, "count": 2},
    "iterations": {"line": 4, "count": 2},
    "exit_by": {"line": 4, "by": "return"},
    "returns": {"value": "(4, [2, 4])"},
    "yields": {"values": "[1, 2]"},
    "raises": {"exception": "KeyError", "line": 13},
    "prints": {"text": "'x'"},
    "calls": {"count": 1},
    "call_args": {"args": {"target": "9"}},
    "depth": {"max": 1},
    "mutates": {"param": "xs", "mutated": False},
    "aliases": {"a": "result", "b": "steps", "aliased": True},
    "pure": {"pure": True},
    "depends": {"line": 5, "on": {"low": 10}},
    "invariant": {"line": 4, "expr": "low <= high"},
    "variant": {"line": 4, "expr": "high - low"},
    "pre": {"expr": "len(xs) > 0"},
    "post": {"expr": "result > 0"},
    "equivalent": {"expr": "max(xs)"},
    "unreachable": {"line": 12},
    "role": {"var": "steps", "role": "container"},
    "complexity": {"class": "log n", "in": "len(xs)"},
    "algorithm": {"name": "binary search"},
}
"""kind -> the fields of a claim about `search` of claims.md"""


def said(phrasing: Phrasing, chance: random.Random, id: str) -> str:
    """One sentence of the phrasing, its choices made by chance."""
    words = phrasing.words
    while "(" in words or "[" in words:
        words = re.sub(r"\[([^\[\]()]*)\]", lambda m: _one(m[1], chance, True), words)
        words = re.sub(r"\(([^\[\]()]*)\)", lambda m: _one(m[1], chance, False), words)
    words = re.sub(r"<(\w+)>", lambda m: f"{{{id}.{m[1]}}}", words)
    return " ".join(words.split())


def _one(choices: str, chance: random.Random, may_lack: bool) -> str:
    return "" if may_lack and chance.random() < 0.5 else chance.choice(choices.split("|"))


def sentences(lang: str, seed: int, id: str = "m1") -> Iterator[tuple[str, Claim]]:
    """Every phrasing of the book once, with a claim that it tells in full."""
    chance = random.Random(seed)
    for kind, phrasings in book(lang).kinds.items():
        for phrasing in phrasings:
            fields = {"func": FUNC, **SAMPLES[kind]}
            if phrasing.value is not None:
                fields[phrasing.name] = _typed(phrasing.value)
            text = said(phrasing, chance, id)
            if kind == "sequence" and f"{id}.expr" in text:
                fields["expr"] = fields.pop("var")
            if kind == "raises" and f"{id}.line" not in text:
                fields.pop("line")
            if kind == "calls" and f"{id}.caller" in text:
                fields["caller"] = "main"
            yield text, Claim(kind, fields, id)


def _typed(value: str) -> Any:
    if value in ("true", "false"):
        return value == "true"
    return int(value) if value.isdigit() else value


def lies(text: str, claim: Claim) -> Iterator[str]:
    """Sentences that look like `text` and say something that the claim does not."""
    yield text.replace(f"{{{claim.id}", f"not {{{claim.id}", 1)
    yield f"It is not true that {text}"
    yield f"{text}, and the list is sorted"
    yield f"{text}; nothing can go wrong"
    yield f"{text} because the input is sorted"
    yield f"{text} always"
    yield f"On every input, {text}"
    yield f"{text} 42"
    yield f"{text} unless it does not"
    yield f"The largest item: {text}"
    yield re.sub(r"\{(\w+)\.(\w+)\}", "{\\1.runs}", text) if "." in text else f"{text} {{{claim.id}.runs}}"
    slots = re.findall(r"\{\w+\.\w+\}", text)
    if len(slots) > 1 and slots[0] != slots[1]:
        yield text.replace(slots[0], "\0").replace(slots[1], slots[0]).replace("\0", slots[1])
        yield text.replace(slots[1], "", 1)
    if slots:
        yield text.replace(slots[0], "17", 1)  # no sample holds a 17
        yield text.replace(slots[0], "nothing", 1)
    for word, other in OPPOSITES.items():
        if re.search(rf"\b{word}\b", text):
            yield re.sub(rf"\b{word}\b", other, text)


OPPOSITES = {
    "returns": "never returns", "gives": "withholds", "is": "is never", "holds": "fails", "fails": "holds",
    "after": "before", "on": "before", "changes": "keeps", "unchanged": "sorted", "same": "different",
    "different": "same", "runs": "skips", "every": "no", "held": "failed", "reached": "left out",
    "time": "hour", "deep": "shallow", "break": "return", "turns": "lines", "no": "all",
}  # fmt: skip
