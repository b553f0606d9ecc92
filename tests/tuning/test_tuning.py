"""Tuning of Hugging Face models: real TRL on a GPT-2 made here, of random weights."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
import transformers

from codeassist.gpt.dialogue import dialogue_of
from codeassist.gpt.errors import GptError
from codeassist.tuning import alignment, supervised
from codeassist.tuning.models import load


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """A GPT-2 folder with two layers."""
    from codeassist.gpt.tokenizer import train_tokenizer

    folder = tmp_path_factory.mktemp("hf")
    train_tokenizer(["2+3=5 sum of two numbers {}"], 280).save(folder)
    torch.manual_seed(0)
    config = transformers.GPT2Config(
        vocab_size=280, n_positions=96, n_embd=32, n_layer=2, n_head=2, bos_token_id=0, eos_token_id=0
    )
    transformers.GPT2LMHeadModel(config).save_pretrained(folder)
    return folder


def sums(count):
    rows = []
    for k in range(count):
        a, b = k % 7, k % 5
        messages = [{"role": "user", "content": f"{a}+{b}"}, {"role": "assistant", "content": "sum"}]
        rows.append(dialogue_of(json.dumps({"messages": messages, "origin": f"o{k}"}), "x"))
    return rows


def answer(folder: Path, text: str) -> str:
    model, tokenizer = load(folder)
    ids = tokenizer.apply_chat_template(
        [{"role": "user", "content": text}], return_tensors="pt", return_dict=True
    )
    out = model.generate(**ids, max_new_tokens=6, do_sample=False, pad_token_id=0)
    return tokenizer.decode(out[0, ids["input_ids"].shape[1] :], skip_special_tokens=True)


@pytest.mark.parametrize("lora", [0, 4])
def test_supervised_tuning_teaches_an_answer(base, tmp_path, lora):
    settings = supervised.Settings(steps=20, batch=8, rate=3e-2, lora=lora, check_every=10)
    rows = supervised.tune(base, sums(40), tmp_path / "out", settings)
    losses = [row["loss"] for row in rows if "loss" in row]
    assert losses[-1] < (0.5 if not lora else 1.0) * losses[0]
    assert any("eval_loss" in row for row in rows)
    assert not (tmp_path / "out" / "adapter_config.json").exists()  # merged: a plain folder
    if not lora:
        assert answer(tmp_path / "out", "2+2") == "sum"


def test_grpo_moves_towards_what_is_paid(base, tmp_path):
    def paid(text):  # every second character will do: a random network finds some
        return sum(character.islower() for character in text) / 6

    asked = [([{"role": "user", "content": f"{k}+1"}], paid) for k in range(8)]
    settings = alignment.Settings(steps=10, batch=16, answers=8, length=6, rate=1e-2, lora=0, distance=0.0)
    log = alignment.grpo(base, asked, tmp_path / "out", settings)
    rewards = [row["reward"] for row in log if "reward" in row]
    assert sum(rewards[-3:]) > sum(rewards[:3])
    assert load(tmp_path / "out")


def test_dpo_prefers_the_chosen(base, tmp_path):
    pairs = [(f"{k}+1", "sum", "5{}") for k in range(16)]
    settings = alignment.Settings(steps=6, batch=8, rate=5e-3, lora=0)
    log = alignment.dpo(base, pairs, tmp_path / "out", settings)
    accuracies = [row["rewards/accuracies"] for row in log if "rewards/accuracies" in row]
    assert accuracies[-1] > 0.9


def test_what_is_no_model_gets_one_line(tmp_path):
    with pytest.raises(GptError, match="holds no config"):
        load(tmp_path)
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(GptError) as caught:
        load(tmp_path)
    assert "\n" not in str(caught.value)


def test_a_tokenizer_that_does_not_fit(base, tmp_path):
    from codeassist.gpt.tokenizer import train_tokenizer

    for file in base.iterdir():
        if file.is_file():
            (tmp_path / file.name).write_bytes(file.read_bytes())
    texts = [f"{a}{b}{c} " for a in "abcdefgh" for b in "ijklmnop" for c in "qrstuvwx"]
    train_tokenizer(texts, 900).save(tmp_path)
    with pytest.raises(GptError, match="the model only 280"):
        load(tmp_path)


@pytest.mark.parametrize("call", ["dpo", "grpo"])
def test_nothing_to_learn_from(base, tmp_path, call):
    with pytest.raises(GptError):
        getattr(alignment, call)(base, [], tmp_path, alignment.Settings())
