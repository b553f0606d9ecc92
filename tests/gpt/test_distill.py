"""Distillation: the formula, and a student that comes nearer to its teacher."""

from __future__ import annotations

import pytest
import torch

from codeassist.gpt import checkpoint
from codeassist.gpt.dataset import open_data, pack_examples
from codeassist.gpt.distill import distance, distill
from codeassist.gpt.errors import GptError
from codeassist.gpt.model import GPT, GPTConfig
from codeassist.gpt.tokenizer import train_tokenizer
from codeassist.gpt.train import Settings, train

SHAPE = GPTConfig(context=24, layers=1, heads=2, width=16)
SETTINGS = Settings(steps=60, batch=8, rate=1e-2, warmup=4, report_every=20, save_every=20)


@pytest.fixture(scope="module")
def taught(tmp_path_factory):
    folder = tmp_path_factory.mktemp("distil")
    pairs = [(f"p{k}", f"{k}+1>", str(k + 1)) for k in range(100, 400)]
    tokenizer = train_tokenizer((prompt + answer for _, prompt, answer in pairs), 270)
    pack_examples(pairs, tokenizer, 24, folder / "data", group=8)
    large = GPTConfig(context=24, layers=2, heads=2, width=32)
    train(folder / "data", folder / "teacher", large, SETTINGS)
    return folder


def test_no_distance_from_oneself_and_the_formula_elsewhere():
    torch.manual_seed(3)
    scores, wanted = torch.randn(5, 7), torch.randn(5, 7)
    assert float(distance(scores, scores, 2.0)) == pytest.approx(0, abs=1e-6)
    p, q = (wanted / 2).softmax(1), (scores / 2).softmax(1)
    assert float(distance(scores, wanted, 2.0)) == pytest.approx(
        4 * float((p * (p / q).log()).sum() / 5), abs=1e-5
    )


def test_a_student_comes_near_its_teacher(taught):
    teacher = checkpoint.load(taught / "teacher")
    student = distill(taught / "teacher", taught / "data", taught / "student", SHAPE, SETTINGS, mix=1.0)
    stranger = GPT(student.config)
    _, learning, _ = open_data(taught / "data")
    ids, learn = learning.take(torch.arange(64))

    def apart(model):
        with torch.no_grad():
            return float(distance(model(ids)[learn], teacher(ids)[learn], 1.0))

    assert apart(student) < 0.7 * apart(stranger)
    assert student.parameter_count() < teacher.parameter_count() / 2


def test_vocabularies_that_differ(taught, tmp_path):
    tokenizer = train_tokenizer(["abc"], 258)
    pack_examples([(f"p{k}", "a>", "b") for k in range(40)], tokenizer, 24, tmp_path / "data", group=8)
    with pytest.raises(GptError, match="different vocabularies"):
        distill(taught / "teacher", tmp_path / "data", tmp_path / "out", SHAPE, SETTINGS)
