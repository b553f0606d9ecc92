"""From ids to ids: greedy, sampled, contrastive, or by beam search; knows no text.

Formulas and tie-breaking follow `transformers.generate`, so that the same weights give the same
sequences: the repetition penalty (Keskar et al. 2019) divides positive scores and multiplies
negative ones, top-p is nucleus sampling (Holtzman et al. 2020), a beam's score is its log
probability divided by length ** length_penalty (Wu et al. 2016), and contrastive search (Su et
al. 2022) weighs a token's probability against its likeness to what was said before.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from codeassist.gpt.errors import GptError
from codeassist.gpt.model import GPT, Cache

Allowed = Callable[[list[int]], "Tensor | None"]
"""from the new ids so far to a mask (V,) of the ids that may follow; None allows all"""


@dataclass(frozen=True, slots=True)
class Options:
    """How the next token is chosen; the defaults are greedy."""

    max_new_tokens: int = 128
    temperature: float = 0.0
    """0 takes the likeliest token; 1 samples as the network says; less is bolder than it"""
    top_k: int = 0
    """sample among this many likeliest tokens; 0 means all"""
    top_p: float = 1.0
    """sample among the fewest tokens that together have this probability"""
    repetition_penalty: float = 1.0
    """above 1 discourages tokens that are already in the text"""
    beams: int = 1
    length_penalty: float = 1.0
    """above 0 favours long beams, below 0 short ones"""
    contrast: float = 0.0
    """weight of unlikeness in contrastive search; its candidates are the top_k (4) likeliest"""
    seed: int = 0

    def check(self) -> None:
        """GptError names the first option that cannot be."""
        limits = (
            ("max_new_tokens", self.max_new_tokens >= 1, "at least 1"),
            ("temperature", self.temperature >= 0, "at least 0"),
            ("top_k", self.top_k >= 0, "at least 0"),
            ("top_p", 0 < self.top_p <= 1, "above 0 and at most 1"),
            ("repetition_penalty", self.repetition_penalty > 0, "above 0"),
            ("beams", self.beams >= 1, "at least 1"),
            ("contrast", 0 <= self.contrast <= 1, "between 0 and 1"),
        )
        for name, good, wish in limits:
            if not good:
                raise GptError(f"{name} is {getattr(self, name)}, and must be {wish}")


def generate(
    model: GPT, prompt: Sequence[int], options: Options, allowed: Allowed | None = None
) -> list[int]:
    """The new ids after `prompt`, the ending token included when it came."""
    if allowed and (options.beams > 1 or options.contrast):
        raise GptError("a schema goes with greedy or sampled text alone", hint="leave out beams and contrast")
    if options.beams > 1:
        return beam_search(model, prompt, options)
    return list(stream(model, prompt, options, allowed))


@torch.inference_mode()
def stream(
    model: GPT, prompt: Sequence[int], options: Options, allowed: Allowed | None = None
) -> Iterator[int]:
    """The new ids one by one, each as soon as it is chosen; stops at the end token or the context."""
    options.check()
    room = room_after(model, prompt, options)
    ids, cache = list(prompt), Cache(model, 1, len(prompt) + room)
    if options.contrast:
        yield from contrastive(model, ids, cache, room, options)
        return
    chance = torch.Generator().manual_seed(options.seed)
    fresh = ids
    for _ in range(room):
        scores = model(as_row(fresh, model), cache, last=True)[0, -1].float()  # (V,)
        mask = allowed(ids[len(prompt) :]) if allowed else None
        chosen = choose(scores, ids, options, chance, mask)
        yield chosen
        ids.append(chosen)
        fresh = [chosen]
        if chosen == model.config.end:
            return


def room_after(model: GPT, prompt: Sequence[int], options: Options) -> int:
    """How many new tokens fit into the context behind this prompt."""
    if not prompt:
        raise GptError("the prompt is empty", hint="give at least one token to continue")
    if max(prompt) >= model.config.vocabulary or min(prompt) < 0:
        raise GptError(
            f"token {max(prompt)} is beyond the model's vocabulary of {model.config.vocabulary}",
            hint="take the tokenizer that the model was trained with",
        )
    room = model.config.context - len(prompt)
    if room < 1:
        raise GptError(f"the prompt has {len(prompt)} tokens, and the context holds {model.config.context}")
    return min(options.max_new_tokens, room)


def as_row(ids: Sequence[int], model: GPT) -> Tensor:
    """Ids as one row of a batch, (1, T), where the network is."""
    return torch.tensor([ids], device=model.tokens.weight.device)


def choose(
    scores: Tensor, ids: Sequence[int], options: Options, chance: torch.Generator, mask: Tensor | None = None
) -> int:
    """The next token by these scores (V,)."""
    scores = penalise(scores[None], [ids], options.repetition_penalty)[0]
    if mask is not None:
        scores = scores.masked_fill(~mask.to(scores.device), -torch.inf)
    if options.temperature == 0:
        return int(scores.argmax())
    kept = keep_likely(scores / options.temperature, options.top_k, options.top_p)
    return int(torch.multinomial(kept.softmax(dim=0).cpu(), 1, generator=chance))


def penalise(scores: Tensor, rows: Sequence[Sequence[int]], penalty: float) -> Tensor:
    """Make tokens that a row already holds less likely, (B, V) -> (B, V)."""
    if penalty == 1.0:
        return scores
    seen = torch.tensor(rows, device=scores.device)  # (B, T)
    old = scores.gather(1, seen)
    return scores.scatter(1, seen, torch.where(old < 0, old * penalty, old / penalty))


def keep_likely(scores: Tensor, top_k: int, top_p: float) -> Tensor:
    """-inf for all but the `top_k` likeliest tokens, then for all outside the nucleus `top_p`."""
    if top_k:
        least = scores.topk(min(top_k, len(scores))).values[-1]
        scores = scores.masked_fill(scores < least, -torch.inf)
    if top_p < 1.0:
        ordered, order = scores.sort()  # ascending: the tail to cut comes first
        cut = ordered.softmax(dim=0).cumsum(dim=0) <= 1 - top_p
        cut[-1] = False  # the likeliest token always stays
        scores = scores.masked_fill(torch.zeros_like(cut).scatter(0, order, cut), -torch.inf)
    return scores


@torch.inference_mode()
def beam_search(model: GPT, prompt: Sequence[int], options: Options) -> list[int]:
    """The new ids of the best of `beams` sequences that are grown side by side.

    A sequence is finished by the end token or the last place; its score is then its log probability
    over length ** length_penalty. The search stops when the best open beam, at its present length,
    is no better than the worst of the `beams` finished ones.
    """
    options.check()
    count, end = options.beams, model.config.end
    room = room_after(model, prompt, options)
    cache = Cache(model, 1, len(prompt) + room)
    scores = model(as_row(prompt, model), cache, last=True)[:, -1].float()  # (1, V)
    cache.select(torch.zeros(count, dtype=torch.long, device=scores.device))
    scores = scores.expand(count, -1)
    open_ids: list[list[int]] = [[] for _ in range(count)]
    totals = torch.full((count,), -1e9, device=scores.device)
    totals[0] = 0.0  # all beams are alike at first: only one of them may be continued
    finished: list[tuple[float, list[int]]] = []
    for length in range(1, room + 1):
        logs = penalise(
            scores.log_softmax(dim=1), [[*prompt, *ids] for ids in open_ids], options.repetition_penalty
        )
        best = (logs + totals[:, None]).flatten().topk(2 * count)  # enough even if `count` of them end
        grown = [
            (float(total), int(at) // logs.shape[1], int(at) % logs.shape[1])
            for total, at in zip(best.values, best.indices, strict=True)
        ]
        ended = [total for total in grown if total[2] == end or length == room]
        finished += [
            (total / length**options.length_penalty, [*open_ids[beam], token])
            for total, beam, token in grown[:count]
            if token == end or length == room
        ]
        finished = sorted(finished, key=lambda pair: -pair[0])[:count]
        alive = [step for step in grown if step not in ended][:count]
        if length == room or search_is_over(alive, finished, length, options):
            break
        beams = torch.tensor([beam for _, beam, _ in alive], device=scores.device)
        open_ids = [[*open_ids[beam], token] for _, beam, token in alive]
        totals = torch.tensor([total for total, _, _ in alive], device=scores.device)
        cache.select(beams)
        fresh = torch.tensor([[token] for _, _, token in alive], device=scores.device)
        scores = model(fresh, cache, last=True)[:, -1].float()
    return finished[0][1]


def search_is_over(
    alive: Sequence[tuple[float, int, int]],
    finished: Sequence[tuple[float, list[int]]],
    length: int,
    options: Options,
) -> bool:
    """Whether no open beam, scored as if it ended now, would enter the finished ones."""
    if len(finished) < options.beams:
        return False
    return bool(alive[0][0] / length**options.length_penalty <= finished[-1][0])


def contrastive(model: GPT, ids: list[int], cache: Cache, room: int, options: Options) -> Iterator[int]:
    """Among the likeliest tokens, one whose hidden state is unlike all before it.

    score(v) = (1 - contrast) p(v) - contrast max_j cos(h_v, h_j)   (Su et al. 2022, eq. 5)
    """
    candidates = options.top_k or 4
    states = model.hidden(as_row(ids, model), cache)[0]  # (T, C)
    scores = model.head(states[-1])  # (V,)
    for _ in range(room):
        likely = scores.float().softmax(dim=0).topk(candidates)
        place = cache.length
        cache.select(torch.zeros(candidates, dtype=torch.long, device=states.device))
        tried = model.hidden(likely.indices[:, None], cache)[:, 0]  # (K, C)
        likeness = F.normalize(tried, dim=1) @ F.normalize(states, dim=1).t()  # (K, T)
        marks = (1 - options.contrast) * likely.values - options.contrast * likeness.amax(dim=1)
        best = marks.argmax()
        cache.select(best[None])
        states = torch.cat([states, tried[best][None]])
        scores = model.head(tried[best])
        chosen = int(likely.indices[best])
        yield chosen
        if chosen == model.config.end or cache.length != place + 1:
            return


@torch.no_grad()
def generate_rows(
    model: GPT,
    prompts: Sequence[Sequence[int]],
    max_new_tokens: int,
    choose_all: Callable[[Tensor], Tensor] = lambda scores: scores.argmax(dim=1),
) -> list[list[int]]:
    """Continuations of many prompts of one length at once; a batch decodes far more a second.

    `choose_all` picks the next tokens by their scores, (B, V) -> (B,); the likeliest ones by default.
    """
    room = min(room_after(model, prompt, Options(max_new_tokens)) for prompt in prompts)
    device = model.tokens.weight.device
    cache = Cache(model, len(prompts), len(prompts[0]) + room)
    fresh = torch.tensor(prompts, device=device)
    rows: list[list[int]] = [[] for _ in prompts]
    running = torch.arange(len(prompts), device=device)
    for _ in range(room):
        chosen = choose_all(model(fresh, cache, last=True)[:, -1])  # (B,)
        for row, token in zip(running.tolist(), chosen.tolist(), strict=True):
            rows[row].append(token)
        alive = (chosen != (-1 if model.config.end is None else model.config.end)).nonzero()[:, 0]
        if len(alive) == 0:
            break
        if len(alive) < len(running):  # a finished row costs nothing more
            running, chosen = running[alive], chosen[alive]
            cache.select(alive)
        fresh = chosen[:, None]
    return rows


def sample_rows(
    model: GPT, prompts: Sequence[Sequence[int]], temperature: float, chance: torch.Generator
) -> list[list[int]]:
    """Sampled continuations of prompts of one length, as far as the context reaches."""

    def draw(scores: Tensor) -> Tensor:
        shares = (scores.float() / temperature).softmax(dim=1).cpu()
        return torch.multinomial(shares, 1, generator=chance)[:, 0].to(scores.device)

    return generate_rows(model, prompts, model.config.context, draw)


def quantize(model: GPT) -> GPT:
    """A copy whose linear maps hold int8 weights, activations scaled as they come; CPU only.

    A quarter of the bytes to read for each token, and reading weights is what decoding waits for.
    The embeddings stay as they are. Scores differ slightly from the original's.
    """
    with warnings.catch_warnings():  # torch says that this will move to torchao one day
        warnings.simplefilter("ignore")
        from torch.ao.quantization import quantize_dynamic

        convert: Any = quantize_dynamic
        quantized: GPT = convert(model.float(), {nn.Linear}, dtype=torch.qint8)
    return quantized
