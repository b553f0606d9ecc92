"""Steps that judging one claim may take: claims are hostile input."""

from __future__ import annotations

STEPS = 500_000
"""elements looked at for one claim, all its states together"""
SIZE = 200_000
"""elements, characters or bits of one intermediate value"""


class TooExpensive(Exception):
    """The budget of a claim is spent."""


class Allowance:
    """A counter that runs out."""

    def __init__(self, steps: int = STEPS) -> None:
        self.left = steps

    def spend(self, steps: int = 1) -> None:
        """Take `steps`; TooExpensive when nothing is left."""
        self.left -= steps
        if self.left < 0:
            raise TooExpensive

    def size(self, count: int) -> None:
        """Refuse a value of `count` elements before it is made, and pay for it otherwise."""
        if count > SIZE:
            raise TooExpensive
        self.spend(max(count, 1) // 8 + 1)
