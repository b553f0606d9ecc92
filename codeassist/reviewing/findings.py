"""A difference -> a finding: its rule, its level, and the sentence that says it."""

from __future__ import annotations

import re

from codeassist.messages import Catalogue, catalogue
from codeassist.records.report import Finding
from codeassist.reviewing.changes import Changed
from codeassist.reviewing.comparing import Difference

RULES = {
    "breaks-doctest": "error",
    "breaks-test": "error",
    "breaks-annotation": "error",
    "breaks-caller": "error",
    "hangs": "error",
    "new-exception": "error",
    "worse-complexity": "warning",
    "new-mutation": "warning",
    "lost-purity": "warning",
    "result-differs": "note",
    "exception-differs": "note",
    "effect-differs": "note",
    "unreachable": "note",
}
"""rule -> level; the texts stand in the catalogues under `review.rule.`"""

_BY_KIND = {
    "hangs": "hangs",
    "raises": "new-exception",
    "value": "result-differs",
    "returns": "result-differs",
    "ends": "result-differs",
    "exception": "exception-differs",
    "mutation": "effect-differs",
    "state": "effect-differs",
    "output": "effect-differs",
}


def of_difference(found: Difference, changed: Changed, lang: str) -> Finding:
    """The finding that says one difference."""
    rule = _rule(found, changed)
    return finding(rule, changed, sentence(found, lang), counterexample(found))


def _rule(found: Difference, changed: Changed) -> str:
    if found.kind == "raises" and is_documented(found.what, changed):
        return "exception-differs"
    if found.kind == "mutation" and found.is_fresh:
        return "new-mutation"
    if found.kind in ("state", "output") and found.is_fresh:
        return "lost-purity"
    return _BY_KIND[found.kind]


def is_documented(exception: str, changed: Changed) -> bool:
    """Whether a docstring of the new side names the exception."""
    parent = next(
        (f.docstring for f in changed.new_module.functions if f.id.qualname == changed.new.parent), ""
    )
    return re.search(rf"\b{re.escape(exception)}\b", changed.new.docstring + "\n" + parent) is not None


def counterexample(found: Difference) -> dict[str, str]:
    """The call with what either side gave."""
    old, new = found.old, found.new
    if found.kind in ("mutation", "state"):
        name = found.what if found.what.isidentifier() else "argument"
        old, new = f"{name} == {old}", f"{name} == {new}"
    elif found.kind == "output":
        old, new = f"prints {old}", f"prints {new}"
    return {"call": found.call, "old": old, "new": new}


def finding(
    rule: str, changed: Changed, message: str, shown: dict[str, str] | None, line: int = 0
) -> Finding:
    """A finding on the new side of a function, at its first changed line."""
    function = changed.new
    line = line or min(changed.new_lines, default=function.header.line)
    text = changed.new_module.source.lines[line - 1] if line <= len(changed.new_module.source.lines) else ""
    return Finding(
        rule, RULES[rule], message, function.id.path, line, function.id.qualname, True, shown,
        column=len(text) - len(text.lstrip()), end_line=line, end_column=max(len(text.rstrip()), 1),
    )  # fmt: skip


def sentence(found: Difference, lang: str) -> str:
    """The difference in one sentence: "`clamp(5, 5, 1)` returned 5, now raises ValueError"."""
    say = catalogue(lang)
    call = f"`{found.call}`"
    if found.kind == "mutation":
        name = f"`{found.what}`" if found.what.isidentifier() else say("review.argument")
        return say("review.leaves", call=call, name=name, old=found.old, new=found.new)
    if found.kind == "state":
        return say("review.leaves", call=call, name=f"`{found.what}`", old=found.old, new=found.new)
    if found.kind == "output":
        return say("review.printed", call=call, old=found.old, new=found.new)
    old = _ended(found.old, found.old_raised, say, "was")
    return say("review.differs", call=call, old=old, new=_ended(found.new, found.new_raised, say, "now"))


def _ended(text: str, raised: bool, say: Catalogue, tense: str) -> str:
    if text == "no end":
        return say(f"review.{tense}.hangs")
    return say(f"review.{tense}.{'raises' if raised else 'returns'}", value=text)
