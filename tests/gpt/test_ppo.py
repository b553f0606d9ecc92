"""PPO: its formulas against plain loops, and a tiny network that learns to answer truly."""

from __future__ import annotations

import json
import math
import random

import pytest
import torch

from codeassist.gpt import checkpoint
from codeassist.gpt.codec import Letters
from codeassist.gpt.errors import GptError
from codeassist.gpt.model import GPT, GPTConfig
from codeassist.gpt.narration import Step
from codeassist.gpt.ppo import Rollout, Settings, align, clipped_loss, estimate, examine, padded, whiten
from codeassist.gpt.preference import learn_preferences, read_pairs
from codeassist.gpt.reward import Question
from codeassist.gpt.tokenizer import train_tokenizer


def rollout_of(rows, chance):
    width = max(map(len, rows)) if rows else 1
    mask = torch.tensor([[1.0] * len(row) + [0.0] * (width - len(row)) for row in rows])
    values = torch.rand(mask.shape, generator=chance) * mask
    rewards = torch.rand(mask.shape, generator=chance) * mask
    return Rollout(torch.zeros(len(rows), width + 1), mask, mask, mask, values, rewards)


@pytest.mark.parametrize(("discount", "smoothing"), [(1.0, 0.95), (0.9, 1.0), (0.99, 0.0)])
def test_advantages_are_those_of_the_definition(discount, smoothing):
    chance = torch.Generator().manual_seed(1)
    rollout = rollout_of([[0] * 5, [0] * 3, [0]], chance)
    advantages, returns = estimate(rollout, Settings(discount=discount, smoothing=smoothing))
    for row in range(3):
        length = int(rollout.mask[row].sum())
        r, v = rollout.rewards[row].tolist(), [*rollout.values[row].tolist()[:length], 0.0]
        for t in range(length):  # A_t = sum over l of (discount smoothing)^l delta_t+l
            expected = sum(
                (discount * smoothing) ** k * (r[t + k] + discount * v[t + k + 1] - v[t + k])
                for k in range(length - t)
            )
            assert float(advantages[row, t]) == pytest.approx(expected, abs=1e-5)
            assert float(returns[row, t]) == pytest.approx(expected + v[t], abs=1e-5)


def test_clipped_objective_is_that_of_the_paper():
    chance = random.Random(2)
    new, old = ([chance.uniform(-2, 0) for _ in range(40)] for _ in range(2))
    worth = [chance.uniform(-1, 1) for _ in range(40)]
    paid = []
    for a, b, advantage in zip(new, old, worth, strict=True):
        ratio = math.exp(a - b)
        paid.append(min(ratio * advantage, min(max(ratio, 0.8), 1.2) * advantage))
    tensors = (torch.tensor([values]) for values in (new, old, worth))
    assert float(clipped_loss(*tensors, torch.ones(1, 40), 0.2)) == pytest.approx(-sum(paid) / 40, abs=1e-5)


def test_what_lies_outside_the_mask_counts_nowhere():
    ids, mask = padded([[1, 2, 3], [1, 2]], [[7, 8], [9]])
    assert mask.tolist() == [[0, 0, 1, 1], [0, 1, 0, 0]]
    assert ids.tolist() == [[1, 2, 3, 7, 8], [1, 2, 9, 0, 0]]
    white = whiten(torch.tensor([[5.0, 1.0, 3.0]]), torch.tensor([[0.0, 1.0, 1.0]]))
    assert white.tolist() == [[0.0, pytest.approx(-1.0), pytest.approx(1.0)]]


ANSWERS = {"a": "\na=1\n`a` starts as {a}.", "b": "\na=2\n`a` starts as {a}."}


def taught(folder, tokenizer):
    """A tiny network that answers every question by `a=1` or `a=2`, about equally often."""
    model = GPT(GPTConfig(tokenizer.size, 64, 2, 2, 32, end=tokenizer.end))
    texts = [f"{chr(97 + k)}=x\n>{answer}" for k in range(4) for answer in ANSWERS.values()]
    rows = [[*tokenizer.encode(text), tokenizer.end] for text in texts]
    width = max(map(len, rows))
    ids = torch.tensor([row + [0] * (width - len(row)) for row in rows])
    learn = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in rows])
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
    for _ in range(100):
        loss = model.loss(ids, learn)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    checkpoint.save(model, folder)
    tokenizer.save(folder)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ppo")
    torch.manual_seed(0)
    texts = [f"{chr(97 + k)}=x\n>{answer}" for k in range(4) for answer in ANSWERS.values()]
    tokenizer = train_tokenizer(texts, 300)
    taught(folder / "model", tokenizer)
    questions = []
    for k in range(4):
        step, letters = Step("a = 2", {}, {"a": 2}), Letters()
        letters.of("a")
        questions.append(Question(step, judge, f"{chr(97 + k)}=x\n>", letters, 1))
    return folder, tokenizer, questions


def judge(narration):
    return ["verified" if claim["value"] == "2" else "refuted" for claim in narration.claims]


def test_a_network_learns_to_say_what_is_true(world):
    folder, tokenizer, questions = world
    settings = Settings(steps=12, batch=16, rate=1e-3, check_every=4, distance=0.01)
    rows = []
    align(folder / "model", folder / "out", questions, questions, settings, report=rows.append)
    before, after = rows[0].held_out, rows[-1].held_out
    best = examine(checkpoint.load(folder / "out"), tokenizer, questions).shares()
    assert rows[0].refuted > 0.2  # it lied half the time
    assert best["refuted"] == 0
    assert best["verified"] == 1
    assert best["claims"] >= before["claims"]
    assert best["reward"] >= after["reward"]
    kept = [json.loads(line) for line in (folder / "out" / "align.jsonl").read_text().splitlines()]
    assert [row["step"] for row in kept] == list(range(13))


def test_a_policy_that_runs_away_is_stopped_and_the_best_weights_stay(world):
    folder, _, questions = world
    settings = Settings(steps=12, batch=16, rate=0.5, check_every=4, distance=0.0, most_distance=2.0)
    with pytest.raises(GptError, match="the best weights"):
        align(folder / "model", folder / "wild", questions, questions, settings)
    assert checkpoint.load(folder / "wild").parameter_count() > 0


def test_nothing_to_ask(world):
    with pytest.raises(GptError, match="nothing to ask"):
        align(world[0] / "model", world[0] / "none", [], [], Settings())


def test_preferences_are_learned_from_pairs(world):
    folder, tokenizer, questions = world
    pairs = [(q.prompt, ANSWERS["b"], ANSWERS["a"]) for q in questions]
    judge = learn_preferences(checkpoint.load(folder / "model"), tokenizer, pairs)
    for question, better, worse in pairs:
        high, low = judge.bonus([(question, better), (question, worse)])
        assert 0.5 >= high > low >= -0.5


@pytest.mark.parametrize(
    ("text", "said"), [("x", ":1: the row is not JSON"), ('{"prompt": "a"}', ":1: a row has the texts")]
)
def test_bad_pairs(tmp_path, text, said):
    (tmp_path / "p").write_text(text)
    with pytest.raises(GptError, match=said):
        read_pairs(tmp_path / "p")
