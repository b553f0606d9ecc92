"""What the judge said of a piece of text, as one word with a number of runs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from codeassist.messages import Catalogue
from codeassist.records.answer import UNCHECKED, VERIFIED, Verdict
from codeassist.records.conversation import Reply
from codeassist.records.report import Explanation


@dataclass(frozen=True, slots=True)
class Mark:
    """`status` is verified, unchecked or opinion, or empty where nothing needed judging."""

    status: str = ""
    runs: int = 0
    reason: str = ""


def doubt(mark: Mark, text: Catalogue) -> str:
    """Why nothing was decided, in a word or two."""
    key = f"mark.{mark.reason}"
    return text(key if key in text else "mark.unchecked")


class Marks:
    """Marks of the sentences and rows of one explanation, or of one reply."""

    def __init__(self, explanation: Explanation | Reply) -> None:
        self._verdicts: dict[str, Verdict] = {c.id: verdict for c, verdict in explanation.claims}

    def of(self, claims: Iterable[str], status: str = "") -> Mark:
        """The mark for text that these claims back; the weakest decides."""
        found = [self._verdicts[claim] for claim in claims if claim in self._verdicts]
        if not found:
            return Mark("opinion") if status == "opinion" else Mark()
        open_ = [verdict for verdict in found if verdict.status != VERIFIED]
        if open_:
            return Mark(UNCHECKED, reason=open_[0].reason)
        return Mark(VERIFIED, min((v.runs for v in found if v.runs > 1), default=1))
