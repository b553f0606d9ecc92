"""Choosing tokens: the same sequences as transformers.generate, and each option does what it says."""

from __future__ import annotations

import itertools
import warnings
from collections import Counter

import pytest
import torch
import torch.nn.functional as F

from codeassist.gpt.errors import GptError
from codeassist.gpt.generate import (
    Options,
    beam_search,
    choose,
    generate,
    generate_rows,
    keep_likely,
    quantize,
    stream,
)
from codeassist.gpt.model import Cache

PROMPT = [7, 12, 30, 9, 12]

BAD_OPTIONS = {
    "max_new_tokens": 0,
    "temperature": -0.1,
    "top_k": -1,
    "top_p": 0.0,
    "repetition_penalty": 0.0,
    "beams": 0,
    "contrast": 1.5,
}


@pytest.mark.parametrize("name", BAD_OPTIONS)
def test_impossible_option_is_named(toy, name):
    with pytest.raises(GptError, match=name):
        generate(toy, PROMPT, Options(**{name: BAD_OPTIONS[name]}))


@pytest.mark.parametrize(
    ("prompt", "words"),
    [([], "empty"), ([99], "beyond the model's vocabulary"), ([5] * 48, "the context holds 48")],
    ids=["empty", "other vocabulary", "too long"],
)
def test_unusable_prompt_gives_one_line(toy, prompt, words):
    with pytest.raises(GptError, match=words):
        generate(toy, prompt, Options())


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("beams", [1, 2, 5])
def test_sequences_equal_those_of_transformers(pair, seed, beams):
    theirs, ours = pair(seed, initializer_range=(0.2, 0.6)[seed % 2])
    ids = torch.tensor([PROMPT])
    for length, repetition in itertools.product((1.0, 0.0, -1.0, 2.0), (1.0, 1.3)):
        options = Options(20, beams=beams, length_penalty=length, repetition_penalty=repetition)
        wanted = theirs.generate(
            ids,
            attention_mask=torch.ones_like(ids),
            max_new_tokens=20,
            do_sample=False,
            num_beams=beams,
            repetition_penalty=repetition,
            pad_token_id=3,
            **({"length_penalty": length} if beams > 1 else {}),
        )
        assert generate(ours, PROMPT, options) == wanted[0, len(PROMPT) :].tolist()


def test_generation_stops_at_the_end_token(toy):
    with torch.no_grad():
        toy.head.weight[3] = 50 * toy.hidden(torch.tensor([PROMPT]))[0, -1]
    assert generate(toy, PROMPT, Options(20)) == [3]


def test_generation_stops_at_the_end_of_the_context(toy):
    toy.config = type(toy.config)(vocabulary=40, context=48, layers=2, heads=4, width=32, end=None)
    assert len(generate(toy, PROMPT, Options(200))) == 48 - len(PROMPT)


def test_stream_gives_tokens_one_by_one(toy):
    found = stream(toy, PROMPT, Options(6))
    first = next(found)
    assert [first, *found] == generate(toy, PROMPT, Options(6))


def test_same_seed_same_text(toy):
    drawn = [generate(toy, PROMPT, Options(10, temperature=1.5, seed=seed)) for seed in (1, 1, 2)]
    assert drawn[0] == drawn[1] != drawn[2]


def test_temperature_draws_as_the_softmax_says():
    scores = torch.tensor([2.0, 1.0, 0.0, -3.0])
    chance = torch.Generator().manual_seed(0)
    drawn = Counter(choose(scores, [0], Options(temperature=2.0), chance) for _ in range(4000))
    wanted = (scores / 2).softmax(dim=0)
    assert all(drawn[k] / 4000 == pytest.approx(float(wanted[k]), abs=0.03) for k in range(4))


@pytest.mark.parametrize(
    ("top_k", "top_p", "kept"),
    [(0, 1.0, [0, 1, 2, 3]), (2, 1.0, [0, 1]), (0, 0.5, [0]), (0, 0.75, [0, 1]), (3, 0.99, [0, 1, 2])],
)
def test_unlikely_tokens_are_cut(top_k, top_p, kept):
    scores = torch.tensor([0.6, 0.25, 0.1, 0.05]).log()
    assert keep_likely(scores, top_k, top_p).isfinite().nonzero()[:, 0].tolist() == kept


def test_top_k_and_top_p_cut_as_transformers_does():
    from transformers import TopKLogitsWarper, TopPLogitsWarper

    torch.manual_seed(0)
    for _ in range(50):
        scores = torch.randn(1, 30) * 3
        wanted = TopPLogitsWarper(0.8)(None, TopKLogitsWarper(9)(None, scores))[0]
        assert torch.equal(keep_likely(scores[0], 9, 0.8), wanted)


def test_mask_keeps_to_what_is_allowed(toy):
    allowed = torch.zeros(40, dtype=torch.bool)
    allowed[[11, 17]] = True
    assert set(generate(toy, PROMPT, Options(8), lambda ids: allowed)) <= {11, 17}


@torch.no_grad()
def contrastive_slowly(model, prompt, count, options):
    """The formula again, without a cache."""
    ids = list(prompt)
    for _ in range(count):
        likely = model(torch.tensor([ids]))[0, -1].softmax(dim=0).topk(options.top_k)
        marks = []
        for chance, token in zip(*likely, strict=True):
            states = F.normalize(model.hidden(torch.tensor([[*ids, int(token)]]))[0], dim=1)
            worst = float((states[:-1] @ states[-1]).max())
            marks.append((1 - options.contrast) * float(chance) - options.contrast * worst)
        ids.append(int(likely.indices[marks.index(max(marks))]))
    return ids[len(prompt) :]


def test_contrastive_search_is_its_formula(toy):
    options = Options(10, contrast=0.6, top_k=4)
    found = generate(toy, PROMPT, options)
    assert found == contrastive_slowly(toy, PROMPT, len(found), options)
    assert found != generate(toy, PROMPT, Options(10))


def test_rows_of_a_batch_equal_texts_alone(toy):
    prompts = torch.randint(4, 40, (5, 6)).tolist()
    assert generate_rows(toy, prompts, 15) == [generate(toy, prompt, Options(15)) for prompt in prompts]


def test_beam_search_finds_what_greedy_misses(toy):
    """The sum of log probabilities of four beams is at least that of the greedy sequence."""

    @torch.no_grad()
    def total(new):
        ids = torch.tensor([PROMPT + new])
        logs = toy(ids[:, :-1]).log_softmax(dim=2)[0]
        return float(logs.gather(1, ids[0, 1:, None])[len(PROMPT) - 1 :].sum())

    toy.config = type(toy.config)(vocabulary=40, context=48, layers=2, heads=4, width=32, end=None)
    greedy, beams = generate(toy, PROMPT, Options(8)), beam_search(toy, PROMPT, Options(8, beams=4))
    assert total(beams) >= total(greedy)


def test_int8_scores_are_near(toy):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        small = quantize(toy)
    ids = torch.randint(4, 40, (2, 12))
    exact, near = toy(ids), small(ids, Cache(small, 2))
    assert not torch.equal(exact, near)
    assert torch.nn.functional.cosine_similarity(exact, near, dim=2).min() > 0.98
