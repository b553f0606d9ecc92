"""Proximal policy optimisation: the network answers, is paid, and moves a little towards what paid.

Schulman et al. 2017, "Proximal Policy Optimization Algorithms", in the form that Ziegler et al. 2019 gave
it for text: each token is an action, the reward comes after the last one, and every token pays for its
distance from the network as it was before (the reference), so that the policy does not forget how to write.

Letters in the shape comments: B answers, T tokens of the longest question with its answer, C width.
"""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from codeassist.gpt import checkpoint
from codeassist.gpt.errors import GptError
from codeassist.gpt.generate import sample_rows
from codeassist.gpt.model import GPT
from codeassist.gpt.narrator import Narrator, batches
from codeassist.gpt.reward import Question, Tally, weigh
from codeassist.gpt.tokenizer import Tokenizer


@dataclass(frozen=True, slots=True)
class Settings:
    """How to align."""

    steps: int = 100
    batch: int = 64
    """answers for each step"""
    passes: int = 2
    """times that the same answers are learned from"""
    rate: float = 5e-5
    clip: float = 0.2
    """how far the ratio of new to old probability may pay"""
    discount: float = 1.0
    smoothing: float = 0.95
    """lambda of the advantage estimate"""
    distance: float = 0.02
    """price of a nat of distance from the reference, a token"""
    most_distance: float = 10.0
    """nats an answer at which the run is called diverged"""
    value_weight: float = 0.5
    norm: float = 1.0
    """longest gradient"""
    temperature: float = 1.0
    check_every: int = 20
    """steps between looks at held-out questions"""
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """Where the alignment stands; one row of align.jsonl."""

    step: int
    reward: float
    distance: float
    """nats between policy and reference, an answer"""
    verified: float
    refuted: float
    claims: float
    distinct: float
    length: float
    """tokens an answer"""
    parsed: float
    held_out: dict[str, float] | None = None


@dataclass(slots=True)
class Rollout:
    """Answers and what is known of each token of theirs; all (B, T-1), one entry for each next token."""

    ids: Tensor  # (B, T)
    mask: Tensor  # 1 where the next token is the policy's own
    logs: Tensor  # log probability under the policy that wrote it
    reference: Tensor  # the same under the reference
    values: Tensor  # what the critic expected from here
    rewards: Tensor


class Critic(nn.Module):
    """Expects the reward to come, from what the network knows at each position.

    It reads hidden states and sends no gradient into the network: a bad guess must not spoil the policy.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.net = nn.Sequential(nn.Linear(width, width), nn.Tanh(), nn.Linear(width, 1))

    def forward(self, hidden: Tensor) -> Tensor:
        """(B, T, C) -> (B, T)."""
        expected: Tensor = self.net(hidden.detach())[..., 0]
        return expected


def align(
    model: str | Path,
    out: str | Path,
    questions: Sequence[Question],
    held_out: Sequence[Question],
    settings: Settings,
    bonus: Callable[[Sequence[tuple[str, str]]], Sequence[float]] | None = None,
    report: Callable[[Report], None] = lambda row: None,
) -> GPT:
    """Align the network of the folder `model`; the best weights on `held_out` are left in `out`.

    `bonus` adds to the reward of (question, answer) pairs, such as a model of people's preferences.
    """
    if not questions or not held_out:
        raise GptError("there is nothing to ask: no step could be recorded", hint="see codeassist doctor")
    run = Alignment(Narrator.load(model), Path(out), settings, bonus)
    run.go(questions, held_out, report)
    return run.policy


class Alignment:
    """One run: policy, reference, critic, and how far they are."""

    def __init__(
        self,
        narrator: Narrator,
        out: Path,
        settings: Settings,
        bonus: Callable[[Sequence[tuple[str, str]]], Sequence[float]] | None,
    ) -> None:
        torch.manual_seed(settings.seed)
        self.policy, self.tokenizer = narrator.model, narrator.tokenizer
        self.reference = copy.deepcopy(self.policy).eval().requires_grad_(False)
        self.critic = Critic(self.policy.config.width)
        self.out, self.settings, self.bonus = out, settings, bonus
        self.chance = torch.Generator().manual_seed(settings.seed)
        trained = [*self.policy.parameters(), *self.critic.parameters()]
        self.optimizer = torch.optim.AdamW(trained, lr=settings.rate, weight_decay=0.0)
        self.rows: list[dict[str, Any]] = []

    def go(
        self, questions: Sequence[Question], held_out: Sequence[Question], report: Callable[[Report], None]
    ) -> None:
        """All steps; the weights with the best reward on held-out questions stay in the folder."""
        best = -math.inf
        for step in range(self.settings.steps + 1):
            checks = step % self.settings.check_every == 0 or step == self.settings.steps
            seen = examine(self.policy, self.tokenizer, held_out).shares() if checks else None
            if seen is not None and seen["reward"] > best:
                best = seen["reward"]
                checkpoint.save(self.policy, self.out)
                self.tokenizer.save(self.out)
            if step == self.settings.steps:
                self.told(Report(step, **self.last(), held_out=seen), report)
                return
            row = self.one_step(step, self.drawn(questions))
            self.told(Report(step, **row, held_out=seen), report)

    def last(self) -> dict[str, float]:
        """The figures of the step before."""
        names = ("reward", "distance", "verified", "refuted", "claims", "distinct", "length", "parsed")
        return {name: self.rows[-1][name] for name in names}

    def told(self, row: Report, report: Callable[[Report], None]) -> None:
        """Keep the row in align.jsonl, and show it."""
        self.rows.append(asdict(row))
        lines = "".join(json.dumps(one) + "\n" for one in self.rows)
        self.out.mkdir(parents=True, exist_ok=True)
        checkpoint.write_whole(self.out / "align.jsonl", lines.encode())
        report(row)

    def drawn(self, questions: Sequence[Question]) -> list[Question]:
        """Questions for one step."""
        places = torch.randint(len(questions), (self.settings.batch,), generator=self.chance)
        return [questions[int(place)] for place in places]

    def one_step(self, step: int, asked: Sequence[Question]) -> dict[str, float]:
        """Answer, be paid, learn; the figures of this step."""
        rollout, tally, lengths = self.rollout(asked)
        advantages, returns = estimate(rollout, self.settings)
        advantages = whiten(advantages, rollout.mask)
        for _ in range(self.settings.passes):
            self.learn(rollout, advantages, returns)
        distance = float(((rollout.logs - rollout.reference) * rollout.mask).sum() / len(asked))
        if not math.isfinite(distance) or abs(distance) > self.settings.most_distance:
            raise GptError(
                f"the policy left its reference at step {step + 1} ({distance:.1f} nats an answer); "
                f"the best weights so far are in {self.out}",
                hint="lower --rate or raise --distance",
            )
        shares = tally.shares()
        return {**shares, "distance": distance, "length": sum(lengths) / len(lengths)}

    @torch.no_grad()
    def rollout(self, asked: Sequence[Question]) -> tuple[Rollout, Tally, list[int]]:
        """Answers to questions, each token with its probability, value and reward."""
        prompts = [self.tokenizer.encode(question.prompt) for question in asked]
        answers = self.answers(prompts)
        ids, mask = padded(prompts, answers)
        tally, texts = Tally(), [self.tokenizer.decode(answer) for answer in answers]
        paid = [weigh(question, text, tally) for question, text in zip(asked, texts, strict=True)]
        if self.bonus is not None:
            pairs = [(question.prompt, text) for question, text in zip(asked, texts, strict=True)]
            paid = [one + more for one, more in zip(paid, self.bonus(pairs), strict=True)]
        logs, values = self.look(self.policy, ids)
        reference, _ = self.look(self.reference, ids)
        rewards = -self.settings.distance * (logs - reference) * mask
        for row, one in enumerate(paid):  # the judge speaks after the last token
            rewards[row, mask[row].nonzero()[-1]] += one
        rollout = Rollout(ids, mask, logs, reference, values * mask, rewards)
        return rollout, tally, [len(answer) for answer in answers]

    def answers(self, prompts: Sequence[list[int]]) -> list[list[int]]:
        """A sampled answer to each prompt; prompts of one length share a batch."""
        written: list[list[int]] = [[] for _ in prompts]
        for batch in batches(prompts):
            rows = sample_rows(
                self.policy, [prompts[k] for k in batch], self.settings.temperature, self.chance
            )
            for k, row in zip(batch, rows, strict=True):
                written[k] = row
        return written

    def look(self, model: GPT, ids: Tensor) -> tuple[Tensor, Tensor]:
        """Log probability of each next token, and the critic's value before it: (B, T) -> two (B, T-1)."""
        hidden = model.hidden(ids[:, :-1])  # (B, T-1, C)
        logs = model.head(hidden).log_softmax(dim=2)  # (B, T-1, V)
        return logs.gather(2, ids[:, 1:, None])[..., 0], self.critic(hidden)

    def learn(self, rollout: Rollout, advantages: Tensor, returns: Tensor) -> None:
        """One gradient step on the whole batch."""
        logs, values = self.look(self.policy, rollout.ids)
        loss = clipped_loss(logs, rollout.logs, advantages, rollout.mask, self.settings.clip)
        loss = loss + self.settings.value_weight * mean((values - returns) ** 2, rollout.mask)
        if not math.isfinite(float(loss.detach())):
            raise GptError(
                f"the loss is no longer a number; the best weights are in {self.out}", hint="lower --rate"
            )
        self.optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        nn.utils.clip_grad_norm_(self.policy.parameters(), self.settings.norm)
        self.optimizer.step()


def padded(prompts: Sequence[list[int]], answers: Sequence[list[int]]) -> tuple[Tensor, Tensor]:
    """Questions with their answers as (B, T) ids, and the mask (B, T-1) of answered tokens."""
    rows = [prompt + answer for prompt, answer in zip(prompts, answers, strict=True)]
    width = max(map(len, rows))
    ids = torch.tensor([row + [0] * (width - len(row)) for row in rows])
    places = torch.arange(1, width)
    first = torch.tensor([len(prompt) for prompt in prompts])[:, None]
    last = torch.tensor([len(row) for row in rows])[:, None]
    return ids, ((places >= first) & (places < last)).float()


def estimate(rollout: Rollout, settings: Settings) -> tuple[Tensor, Tensor]:
    """Advantages and returns, both (B, T-1), by generalised advantage estimation (Schulman et al. 2016).

    delta_t = r_t + discount V_t+1 - V_t          (eq. 9 there)
    A_t = delta_t + discount smoothing A_t+1      (eq. 16)
    """
    advantages = torch.zeros_like(rollout.values)
    ahead = torch.zeros(len(rollout.ids))
    value_ahead = torch.zeros(len(rollout.ids))
    for t in reversed(range(rollout.values.shape[1])):
        own = rollout.mask[:, t]
        delta = rollout.rewards[:, t] + settings.discount * value_ahead - rollout.values[:, t]
        ahead = (delta + settings.discount * settings.smoothing * ahead) * own
        value_ahead = rollout.values[:, t] * own
        advantages[:, t] = ahead
    return advantages, advantages + rollout.values


def clipped_loss(logs: Tensor, old: Tensor, advantages: Tensor, mask: Tensor, clip: float) -> Tensor:
    """- mean of min(ratio A, clip(ratio, 1 - clip, 1 + clip) A), ratio = new / old probability (eq. 7)."""
    ratio = (logs - old).exp()
    pays = torch.min(ratio * advantages, ratio.clamp(1 - clip, 1 + clip) * advantages)
    return -mean(pays, mask)


def whiten(values: Tensor, mask: Tensor) -> Tensor:
    """Mean 0 and deviation 1 over the answered tokens, so that the rate means the same in every batch."""
    middle = mean(values, mask)
    spread = mean((values - middle) ** 2, mask).sqrt()
    return (values - middle) / (spread + 1e-8) * mask


def mean(values: Tensor, mask: Tensor) -> Tensor:
    """Mean over the answered tokens, a scalar."""
    return (values * mask).sum() / mask.sum().clamp(min=1)


def examine(model: GPT, tokenizer: Tokenizer, questions: Sequence[Question]) -> Tally:
    """Greedy answers to questions, judged."""
    tally = Tally()
    prompts = [tokenizer.encode(question.prompt) for question in questions]
    was = model.training
    answers = Narrator(model.eval(), tokenizer).answers(prompts)
    for question, answer in zip(questions, answers, strict=True):
        weigh(question, answer, tally)
    model.train(was)
    return tally
