"""What an editor shows in its own places: Markdown for a hover, hints beside a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from codeassist.records.program import Function
from codeassist.records.report import Explanation, Report
from codeassist.records.text import inert
from codeassist.rendering import markdown
from codeassist.rendering.report import selected
from codeassist.rendering.trace_markdown import escape

SECTIONS = ("purpose", "contract", "worked-run", "cost", "limits")
"""what is worth the room of a hover"""
WIDEST = 90
"""characters of one hint"""


def hover(explanation: Explanation, lang: str = "en") -> str:
    """A checked explanation as Markdown, as much as one reads in passing."""
    kept = tuple(section for section in explanation.sections if section.id in SECTIONS)
    short = replace(explanation, sections=kept, source=(), annotations=())
    return markdown.render(selected(Report((short,), lang=lang), False, True))


def hover_static(function: Function, note: str) -> str:
    """What the source alone says of a function, and why there is no more."""
    signature = inert(f"{function.id.qualname}({', '.join(p.name for p in function.parameters)})")
    first = function.docstring.strip().partition("\n\n")[0]
    blocks = [f"## `{signature}`", escape(" ".join(first.split())), f"*{escape(note)}*" if note else ""]
    return "\n\n".join(block for block in blocks if block) + "\n"


def hover_values(name: str, told: Sequence[str], call: str) -> str:
    """What a variable's line stored in the last run."""
    rows = "\n".join(f"    {inert(text)}" for text in told)
    return f"`{name}` in `{inert(call)}`:\n\n{rows}\n"


def hint(told: Sequence[str]) -> str:
    """The values of one line, names said once: `i = 0, 1, 2`."""
    names = {text.partition(" = ")[0] for text in told if text != "…"}
    if len(names) == 1 and all(text == "…" or text.count(" = ") == 1 for text in told):
        name = names.pop()
        text = f"{name} = " + ", ".join(t.removeprefix(f"{name} = ") for t in told)
    else:
        text = " · ".join(told)
    text = inert(text)
    return text if len(text) <= WIDEST else text[: WIDEST - 1] + "…"
