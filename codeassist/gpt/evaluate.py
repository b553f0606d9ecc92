"""How good a network is: surprise on unseen text, steps that it gets exactly right, and its speed.

Exact match is strict: all values of the answer, read back, are the recorded run's, and the sentence
is word for word the expected one. An n-gram model trained on the same rows stands beside it.
"""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import torch

from codeassist.gpt import checkpoint
from codeassist.gpt.codec import Unspeakable
from codeassist.gpt.dataset import LEARN, PADDING, Rows, open_data
from codeassist.gpt.errors import GptError
from codeassist.gpt.generate import Options, quantize, stream
from codeassist.gpt.model import GPT
from codeassist.gpt.narration import kind_of, values_of
from codeassist.gpt.narrator import Narrator
from codeassist.gpt.ngram import NGram
from codeassist.gpt.tokenizer import Tokenizer, load_tokenizer


@dataclass(slots=True)
class Marks:
    """Right answers by kind of line."""

    asked: Counter[str] = field(default_factory=Counter)
    values: Counter[str] = field(default_factory=Counter)
    """answers whose values are all right"""
    exact: Counter[str] = field(default_factory=Counter)
    """answers whose sentence is right too"""

    def share(self, kind: str = "") -> tuple[float, float]:
        """Shares of right values and of exact answers, of one kind or of all."""
        asked = self.asked[kind] if kind else self.asked.total()
        right = (self.values[kind], self.exact[kind]) if kind else (self.values.total(), self.exact.total())
        return right[0] / max(1, asked), right[1] / max(1, asked)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One network, measured on the validation rows of a data folder."""

    parameters: int
    perplexity: float
    ngram_perplexity: float
    tokens_per_second: float
    """greedy decoding of one text"""
    marks: Marks | None = None
    ngram_marks: Marks | None = None
    """exact match, where the data are traced steps"""


def evaluate(model: str | Path, data: str | Path, rows: int = 500, int8: bool = False) -> Evaluation:
    """Measure the network in a folder on at most `rows` validation rows (all lines it never learned)."""
    network, tokenizer = checkpoint.load(model), load_tokenizer(model)
    if int8:
        network = quantize(network)
    about, learning, testing = open_data(data)
    if about.vocabulary != network.config.vocabulary or tokens_of(tokenizer) != tokens_of(
        load_tokenizer(data)
    ):
        raise GptError(
            "the model and the data have different vocabularies", hint="prepare the data with its tokenizer"
        )
    if not testing.count:
        raise GptError(f"{data} has no validation rows", hint="prepare more text")
    counts = NGram(about.vocabulary, 5)
    counts.learn(ids for ids, _ in rows_of(learning, min(learning.count, 20_000)))
    unseen = list(rows_of(testing, min(rows, testing.count)))
    marks, others = (
        (None, None) if about.kind != "examples" else both_marks(network, counts, tokenizer, unseen)
    )
    return Evaluation(
        network.parameter_count() if not int8 else 0,
        perplexity(network, unseen),
        math.exp(
            sum(counts.surprise(ids, start) for ids, start in unseen) / sum(len(i) - s for i, s in unseen)
        ),
        speed(network, unseen[0][0]),
        marks,
        others,
    )


def tokens_of(tokenizer: Tokenizer) -> dict[str, int]:
    """The vocabulary itself."""
    return dict(tokenizer.inner.get_vocab())


def rows_of(rows: Rows, count: int) -> Iterator[tuple[list[int], int]]:
    """Ids of rows spread over a split, without padding, and the place from which they are learned."""
    spread = torch.linspace(0, rows.count - 1, count).long()
    for place in torch.tensor_split(spread, count // 256 + 1):
        ids, _ = rows.take(place)
        for row, masks in zip(ids.tolist(), rows.masks[place].tolist(), strict=True):
            length = sum(mask != PADDING for mask in masks)
            yield row[:length], max(1, masks.index(LEARN))


@torch.inference_mode()
def perplexity(model: GPT, rows: Sequence[tuple[list[int], int]]) -> float:
    """exp of the mean surprise of the learned tokens: how many equally likely ones it wavers between."""
    total, count = 0.0, 0
    for ids, start in rows:
        text = torch.tensor([ids], device=model.tokens.weight.device)
        logs = model(text[:, :-1]).float().log_softmax(dim=2)[0]  # (T, V)
        surprise = -logs.gather(1, text[0, 1:, None])[start - 1 :, 0]
        total, count = total + float(surprise.sum()), count + len(surprise)
    return math.exp(total / max(1, count))


def speed(model: GPT, ids: Sequence[int], tokens: int = 64) -> float:
    """Tokens a second of greedy decoding, one text at a time, with the cache."""
    prompt = list(ids[:16])
    room = min(tokens, model.config.context - len(prompt))
    started = time.perf_counter()
    count = sum(1 for _ in stream(model, prompt, Options(room)))
    return count / (time.perf_counter() - started)


def both_marks(
    model: GPT, counts: NGram, tokenizer: Tokenizer, rows: Sequence[tuple[list[int], int]]
) -> tuple[Marks, Marks]:
    """The network's marks, and those of the n-gram model on the same questions."""
    prompts = [ids[:start] for ids, start in rows]
    wanted = [tokenizer.decode(ids[start:]) for ids, start in rows]
    answers = Narrator(model, tokenizer).answers(prompts)
    others = (tokenizer.decode(counts.greedy(ids, tokenizer.end, 128)) for ids in prompts)
    return mark(prompts, wanted, answers, tokenizer), mark(prompts, wanted, others, tokenizer)


def mark(
    prompts: Sequence[Sequence[int]], wanted: Sequence[str], answers: Iterator[str], tokenizer: Tokenizer
) -> Marks:
    """Compare answers with what was wanted, by kind of line."""
    marks = Marks()
    for prompt, right, answer in zip(prompts, wanted, answers, strict=True):
        kind = kind_of(tokenizer.decode(prompt))
        marks.asked[kind] += 1
        good = same(answer, right, values_of)
        marks.values[kind] += good
        marks.exact[kind] += good and answer.split("\n")[2:] == right.split("\n")[2:]
    return marks


def same(answer: str, right: str, read: Callable[[str], object]) -> bool:
    """Whether both answers hold the same values; one that cannot be read holds none."""
    try:
        return read(answer) == read(right)
    except Unspeakable:
        return False
