"""A model that only counts: the next token as it followed the last few ones before.

Beside the network in `gpt eval`, so that a reader sees what the network adds. Orders are blended by
Witten-Bell: the more different tokens followed a context, the more its shorter one is asked.

    p(w | c1..ck) = (count(c1..ck w) + kinds(c1..ck) p(w | c2..ck)) / (count(c1..ck) + kinds(c1..ck))
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence


class NGram:
    """Counts of what followed each context of up to `order` - 1 tokens."""

    def __init__(self, vocabulary: int, order: int = 4) -> None:
        self.vocabulary, self.order = vocabulary, order
        self.followers: dict[tuple[int, ...], Counter[int]] = defaultdict(Counter)

    def learn(self, texts: Iterable[Sequence[int]]) -> None:
        """Count the tokens of some texts."""
        for ids in texts:
            for place, token in enumerate(ids):
                for length in range(min(self.order, place + 1)):
                    self.followers[tuple(ids[place - length : place])][token] += 1

    def chance(self, context: Sequence[int], token: int) -> float:
        """Probability of a token after a context."""
        chance = 1 / self.vocabulary
        for length in range(min(self.order, len(context) + 1)):
            seen = self.followers.get(tuple(context[len(context) - length :]))
            if seen is None:
                break
            chance = (seen[token] + len(seen) * chance) / (seen.total() + len(seen))
        return chance

    def surprise(self, ids: Sequence[int], start: int = 0) -> float:
        """Sum of -log p, in nats, over the tokens from `start` on."""
        return sum(
            -math.log(self.chance(ids[max(0, place - self.order + 1) : place], ids[place]))
            for place in range(start, len(ids))
        )

    def likeliest(self, context: Sequence[int]) -> int:
        """The token that most often followed the longest context that is known."""
        for length in reversed(range(min(self.order, len(context) + 1))):
            seen = self.followers.get(tuple(context[len(context) - length :]))
            if seen:
                return max(seen, key=lambda token: (seen[token], -token))
        return 0

    def greedy(self, prompt: Sequence[int], end: int | None, most: int) -> list[int]:
        """The likeliest token again and again."""
        ids = list(prompt)
        while len(ids) < len(prompt) + most:
            ids.append(self.likeliest(ids[max(0, len(ids) - self.order + 1) :]))
            if ids[-1] == end:
                break
        return ids[len(prompt) :]
