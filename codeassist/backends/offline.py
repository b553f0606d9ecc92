"""The backend that needs nothing: it returns the prompt's baseline unchanged."""

from __future__ import annotations

from codeassist.records.answer import Answer
from codeassist.records.backend import Configuration
from codeassist.records.prompt import Prompt


class Offline:
    """No key, no weights, no sockets."""

    name = "offline"
    sends = False

    def __init__(self, configuration: Configuration | None = None) -> None:
        """It has nothing to configure."""

    def available(self) -> str:
        """Empty: it always is. Otherwise a reason in words."""
        return ""

    def count_tokens(self, text: str) -> int:
        """Nothing is sent, so nothing is counted."""
        return 0

    def complete(self, prompt: Prompt) -> Answer:
        """The baseline that the hall composed from the evidence."""
        return prompt.baseline
