"""A trained network as somebody who can be asked what a step does.

It narrates; the runs are the source of facts. What it says about values comes with claims, and a
sentence reaches a reader only after the judge has held them against a recorded run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from codeassist.gpt import checkpoint
from codeassist.gpt.codec import Letters, Unspeakable
from codeassist.gpt.generate import generate_rows, quantize
from codeassist.gpt.model import GPT
from codeassist.gpt.narration import Narration, Step, read_answer, spell_prompt
from codeassist.gpt.tokenizer import Tokenizer, load_tokenizer

SHIPPED = Path(__file__).parent / "shipped"
"""the folder of the model that comes with the package, if one does"""


class Narrator:
    """A network, its tokenizer, and how a step is put to them."""

    def __init__(self, model: GPT, tokenizer: Tokenizer) -> None:
        self.model, self.tokenizer = model, tokenizer

    @classmethod
    def load(cls, folder: str | Path = SHIPPED, int8: bool = False) -> Narrator:
        """The network of a folder; GptError in one line if there is none."""
        model = checkpoint.load(folder)
        return cls(quantize(model) if int8 else model, load_tokenizer(folder))

    def narrate(self, step: Step) -> Narration | None:
        """What the network says about a step; None where it has no words for it."""
        return next(iter(self.narrate_all([step])))

    def narrate_all(self, steps: Sequence[Step]) -> list[Narration | None]:
        """As `narrate`, for many steps at once, in their order; a batch is several times faster."""
        letters = [Letters() for _ in steps]
        prompts = [self.prompt(step, own) for step, own in zip(steps, letters, strict=True)]
        answers = self.answers([ids for ids in prompts if ids])
        narrations: list[Narration | None] = []
        for step, own, ids in zip(steps, letters, prompts, strict=True):
            narrations.append(self.read(next(answers), own, step) if ids else None)
        return narrations

    def prompt(self, step: Step, letters: Letters) -> list[int]:
        """Ids of the question, empty if the step cannot be spelled or leaves no room for an answer."""
        try:
            ids = self.tokenizer.encode(spell_prompt(step, letters))
        except Unspeakable:
            return []
        return ids if len(ids) + 8 < self.model.config.context else []

    def read(self, answer: str, letters: Letters, step: Step) -> Narration | None:
        try:
            return read_answer(answer, letters, step)
        except Unspeakable:
            return None

    def answers(self, prompts: Sequence[Sequence[int]]) -> Iterator[str]:
        """The network's answers in the order of the prompts; prompts of one length share a batch."""
        written: dict[int, str] = {}
        for batch in batches(prompts):
            rows = generate_rows(self.model, [prompts[k] for k in batch], self.model.config.context)
            for k, ids in zip(batch, rows, strict=True):
                written[k] = self.tokenizer.decode(ids)
        return (written[k] for k in range(len(prompts)))


def batches(prompts: Sequence[Sequence[int]], most: int = 64) -> Iterable[list[int]]:
    """Places of prompts that have the same length, at most `most` to a batch."""
    by_length: dict[int, list[int]] = {}
    for place, ids in enumerate(prompts):
        by_length.setdefault(len(ids), []).append(place)
    for places in by_length.values():
        for start in range(0, len(places), most):
            yield places[start : start + most]
