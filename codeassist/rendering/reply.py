"""An answer to a question, on a terminal as sentences with what the judge said, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from codeassist.messages import catalogue
from codeassist.records.conversation import Reply
from codeassist.records.text import inert
from codeassist.rendering.json import claim_json
from codeassist.rendering.marks import Marks
from codeassist.rendering.terminal import untitled
from codeassist.rendering.trace_found import match_json
from codeassist.rendering.trace_terminal import paint

FORMAT, VERSION = "codeassist/answer", 1


def render_reply(
    reply: Reply,
    format: str,
    *,
    width: int = 100,
    color: bool = False,
    opinions: bool = False,
    lang: str = "en",
) -> str:
    """The reply as text that ends in a newline."""
    if format == "json":
        return json.dumps(document(reply), ensure_ascii=True, allow_nan=False, indent=1) + "\n"
    return "".join(line.rstrip() + "\n" for line in _lines(reply, width, color, opinions, lang))


def document(reply: Reply) -> dict[str, Any]:
    """The reply as plain data: that of `query`, with sentences and claims beside its matches."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "question": reply.question,
        "answered": reply.answered,
        "understood": reply.understood,
        "function": reply.function,
        "run": reply.run,
        "backend": reply.backend,
        "sentences": [
            {"text": s.text, "claims": list(s.claims), "status": s.status}
            for section in reply.sections
            for s in section.sentences
        ],
        "tables": [
            {"columns": list(t.columns), "rows": [list(row) for row in t.rows]}
            for section in reply.sections
            for t in section.tables
        ],
        "claims": [claim_json(claim, verdict) for claim, verdict in reply.claims],
        "count": reply.count,
        "matches": [match_json(match) for match in reply.matches],
    }


def _lines(reply: Reply, width: int, color: bool, opinions: bool, lang: str) -> Iterator[str]:
    marks, text = Marks(reply), catalogue(lang)
    for section in reply.sections:
        shown = tuple(s for s in section.sentences if opinions or s.status != "opinion")
        told = replace(section, sentences=shown)
        if shown or section.tables:
            yield from untitled(told, marks, width=width, color=color, text=text)
    if reply.run:
        yield paint(inert(f"{text('reply.run')}: {reply.run}"), "dim", color)
