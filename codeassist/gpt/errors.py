"""What can go wrong on the island: one exception, one line, and a hint."""

from __future__ import annotations


class GptError(Exception):
    """Tell the user in one line: a broken checkpoint, unusable data, a loss that is no number."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
