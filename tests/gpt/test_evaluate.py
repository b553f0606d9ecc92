"""Measuring a network: perplexity, strict marks, and the model that only counts."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
import torch

from codeassist.gpt import checkpoint
from codeassist.gpt.dataset import pack_examples
from codeassist.gpt.errors import GptError
from codeassist.gpt.evaluate import evaluate, mark, perplexity
from codeassist.gpt.generate import Options, generate
from codeassist.gpt.model import GPT, GPTConfig
from codeassist.gpt.narration import Step, make_example
from codeassist.gpt.narrator import Narrator, batches
from codeassist.gpt.ngram import NGram
from codeassist.gpt.tokenizer import STEPS, train_tokenizer
from codeassist.gpt.train import Settings, train


def test_perplexity_of_equal_scores_is_the_vocabulary(toy):
    with torch.no_grad():
        toy.tokens.weight.zero_()
    assert perplexity(toy, [([5, 6, 7, 8], 2)]) == pytest.approx(40)


def test_perplexity_counts_the_learned_tokens_only(toy):
    ids = [5, 6, 7, 8]
    logs = toy(torch.tensor([ids])).log_softmax(dim=2)[0]
    assert perplexity(toy, [(ids, 3)]) == pytest.approx(math.exp(-float(logs[2, 8].detach())), rel=1e-4)


def test_ngram_chances_sum_to_one():
    counts = NGram(10, 3)
    counts.learn([[1, 2, 3, 1, 2, 4], [1, 2, 3]])
    for context in ([], [1], [1, 2], [9, 9], [2, 1]):
        assert sum(counts.chance(context, token) for token in range(10)) == pytest.approx(1)
    assert counts.chance([1, 2], 3) > counts.chance([1, 2], 4) > counts.chance([1, 2], 9) > 0


def test_ngram_goes_on_as_it_was_taught():
    counts = NGram(10, 3)
    counts.learn([[1, 2, 3, 4, 0]] * 3)
    assert counts.greedy([1, 2], end=0, most=9) == [3, 4, 0]
    assert counts.surprise([1, 2, 3, 4, 0]) < counts.surprise([4, 3, 2, 1, 0])


RIGHT = "6%2=0\na=3;b=4\nsaid."


@pytest.mark.parametrize(
    ("answer", "values", "exact"),
    [
        ("", 0, 0),
        ("\na=3\nsaid.", 0, 0),
        ("\na=3;b=5\nsaid.", 0, 0),
        ("\na=3;b=[4\nsaid.", 0, 0),
        ("wrong scratch\nb=4;a=3\nother.", 1, 0),
        (RIGHT, 1, 1),
    ],
)
def test_marks_are_strict(answer, values, exact):
    tokenizer = train_tokenizer([RIGHT], 257)
    marks = mark([tokenizer.encode("a=b\nb=3\n>")], [RIGHT], iter([answer]), tokenizer)
    assert (marks.asked["copy"], marks.values["copy"], marks.exact["copy"]) == (1, values, exact)
    assert marks.share() == (values, exact)


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A network that has learned to copy small numbers, with its data."""
    folder = tmp_path_factory.mktemp("copies")
    steps = [Step("best = value", {"value": k}, {"value": k, "best": k}) for k in [*range(20)] * 12]
    made = [make_example(step) for step in steps]
    tokenizer = train_tokenizer((e.prompt + e.answer for e in made), 300, STEPS)
    pack_examples(
        [(f"p{k}", e.prompt, e.answer) for k, e in enumerate(made)], tokenizer, 64, folder / "data", 16
    )
    shape = GPTConfig(context=64, layers=2, heads=2, width=32)
    train(folder / "data", folder, shape, Settings(steps=350, batch=16, rate=1e-2, warmup=20, save_every=350))
    return folder


def test_a_trained_network_is_better_than_counting(learned):
    found = evaluate(learned, learned / "data", rows=20)
    assert found.marks.share()[0] > 0.8 > found.ngram_marks.share()[0]
    assert found.perplexity < found.ngram_perplexity
    assert found.tokens_per_second > 10


def test_narrator_speaks_with_the_users_names(learned):
    narrator = Narrator.load(learned)
    steps = [
        Step("best = value", {"value": 14}, {}),
        Step("x = 1.5", {}, {}),
        Step("best = value", {"value": 7}, {}),
    ]
    found = narrator.narrate_all(steps)
    assert found[0].after == {"best": 14}
    assert found[0].text == "`best` takes the value of `value`, {c1.value}."
    assert found[0].claims == ({"id": "c1", "kind": "value", "expr": "best", "value": "14", "when": "after"},)
    assert found[1] is None
    assert found[2] == narrator.narrate(steps[2])


def test_another_vocabulary_gives_one_line(learned, tmp_path):
    other = train_tokenizer(["something else entirely"], 300)
    other.save(tmp_path)
    checkpoint.save(GPT(GPTConfig(vocabulary=other.size, context=64, layers=1)), tmp_path)
    with pytest.raises(GptError, match="different vocabularies"):
        evaluate(tmp_path, learned / "data")


def test_prompt_with_a_foreign_tokenizer_gives_one_line(toy):
    with pytest.raises(GptError, match="beyond the model's vocabulary of 40"):
        generate(toy, [3, 200], Options())


def test_batches_hold_prompts_of_one_length():
    prompts = [[0] * n for n in (3, 5, 3, 3, 5)]
    assert list(batches(prompts, most=2)) == [[0, 2], [3], [1, 4]]
