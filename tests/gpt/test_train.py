"""Training: the loss falls, an interruption changes nothing, a failure loses nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from codeassist.gpt import checkpoint
from codeassist.gpt.curve import draw, read_log, sparkline
from codeassist.gpt.dataset import pack_examples
from codeassist.gpt.errors import GptError
from codeassist.gpt.model import GPTConfig
from codeassist.gpt.tokenizer import train_tokenizer
from codeassist.gpt.train import PRESETS, Settings, train

SHAPE = GPTConfig(context=24, layers=1, heads=2, width=16, dropout=0.1)
SETTINGS = Settings(steps=24, batch=8, rate=1e-2, warmup=4, report_every=1, save_every=8)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    pairs = [(f"p{k}", f"{k}+1>", str(k + 1)) for k in range(100, 400)]
    tokenizer = train_tokenizer((prompt + answer for _, prompt, answer in pairs), 270)
    pack_examples(pairs, tokenizer, 24, tmp_path / "data", group=8)
    return tmp_path / "data"


def losses(folder: Path) -> list[float]:
    return [row["loss"] for row in read_log(folder)]


def test_loss_falls_and_the_seed_fixes_it(data, tmp_path):
    for name in "ab":
        train(data, tmp_path / name, SHAPE, replace(SETTINGS, steps=60))
    assert losses(tmp_path / "a") == losses(tmp_path / "b")
    assert losses(tmp_path / "a")[-1] < 0.6 * losses(tmp_path / "a")[0]
    assert read_log(tmp_path / "a")[-1]["validation"] < 0.6 * read_log(tmp_path / "a")[0]["loss"]


def test_resumed_run_goes_through_the_same_losses(data, tmp_path):
    train(data, tmp_path / "whole", SHAPE, SETTINGS)

    class Cut(Exception):
        pass

    def cut(row):
        if row.step == 13:
            raise Cut

    with pytest.raises(Cut):
        train(data, tmp_path / "cut", SHAPE, SETTINGS, report=cut)
    assert len(losses(tmp_path / "cut")) == 8  # steps 9 to 13 are lost with the process
    train(data, tmp_path / "cut", SHAPE, SETTINGS, resume=True)
    assert losses(tmp_path / "cut") == losses(tmp_path / "whole")
    one, two = (checkpoint.load(tmp_path / name).state_dict() for name in ("whole", "cut"))
    assert all(torch.equal(one[name], two[name]) for name in one)


def test_accumulated_batches_make_the_same_step(data, tmp_path):
    shape = replace(SHAPE, dropout=0.0)
    train(data, tmp_path / "one", shape, replace(SETTINGS, batch=16, steps=6))
    train(data, tmp_path / "two", shape, replace(SETTINGS, batch=8, accumulate=2, steps=6))
    # equal but for rounding, and for the mean over answers of unequal length
    assert losses(tmp_path / "one") == pytest.approx(losses(tmp_path / "two"), rel=2e-2)


def test_rate_warms_up_and_follows_the_cosine(data, tmp_path):
    train(data, tmp_path / "out", SHAPE, SETTINGS)
    rates = [row["rate"] for row in read_log(tmp_path / "out")]
    assert rates[:4] == pytest.approx([0.0025, 0.005, 0.0075, 0.01])
    assert rates[4:] == sorted(rates[4:], reverse=True)
    assert rates[14] == pytest.approx(0.0055)
    assert rates[-1] == pytest.approx(0.001, rel=0.1)


def test_two_gloo_processes_train_as_one(data, tmp_path):
    """torchrun's two processes with half the batch each follow the losses of one with the whole."""
    shape, settings = replace(SHAPE, dropout=0.0), replace(SETTINGS, steps=8)
    train(data, tmp_path / "one", shape, replace(settings, accumulate=2))
    script = tmp_path / "script.py"
    script.write_text(
        "from codeassist.gpt.train import train, Settings\n"
        "from codeassist.gpt.model import GPTConfig\n"
        f"train({str(data)!r}, {str(tmp_path / 'two')!r}, {shape!r}, {settings!r})\n"
    )
    command = [
        sys.executable,
        "-m",
        "torch.distributed.run",
        "--nproc-per-node=2",
        "--standalone",
        str(script),
    ]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": os.getcwd()}
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 0, ended.stderr[-2000:]
    assert losses(tmp_path / "two") == pytest.approx(losses(tmp_path / "one"), rel=1e-4)


def test_loss_that_is_no_number_keeps_the_last_good_checkpoint(data, tmp_path):
    out = tmp_path / "out"
    train(data, out, SHAPE, replace(SETTINGS, steps=8))
    before = {name: (out / name).read_bytes() for name in ("model.safetensors", "resume.pt")}
    with pytest.raises(GptError, match=r"no longer a number at step \d+; the last good checkpoint is in"):
        train(data, out, SHAPE, replace(SETTINGS, rate=1e30, clip=1e30), resume=True)
    assert {name: (out / name).read_bytes() for name in before} == before


def test_first_loss_that_is_no_number_says_so(data, tmp_path):
    with pytest.raises(GptError, match="no checkpoint was made before"):
        train(data, tmp_path / "out", SHAPE, replace(SETTINGS, rate=1e30, clip=1e30))


def test_out_of_memory_gives_one_line(data, tmp_path, monkeypatch):
    def full(self, ids, mask=None):
        raise RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried 9 bytes")

    monkeypatch.setattr("codeassist.gpt.model.GPT.loss", full)
    with pytest.raises(GptError, match="out of memory") as caught:
        train(data, tmp_path / "out", SHAPE, SETTINGS)
    assert "halve the batch (8)" in caught.value.hint


@pytest.mark.parametrize(
    "harm", [lambda f: f.unlink(), lambda f: f.write_bytes(b"PK"), lambda f: f.write_bytes(b"")]
)
def test_nothing_or_rubbish_to_resume_from_gives_one_line(data, tmp_path, harm):
    train(data, tmp_path / "out", SHAPE, replace(SETTINGS, steps=2))
    harm(tmp_path / "out" / "resume.pt")
    with pytest.raises(GptError, match=r"resume\.pt"):
        train(data, tmp_path / "out", SHAPE, SETTINGS, resume=True)


def test_another_shape_cannot_be_resumed(data, tmp_path):
    train(data, tmp_path / "out", SHAPE, replace(SETTINGS, steps=2))
    with pytest.raises(GptError, match="cannot be resumed from"):
        train(data, tmp_path / "out", replace(SHAPE, width=32), SETTINGS, resume=True)


def test_rows_longer_than_the_context_are_refused(data, tmp_path):
    with pytest.raises(GptError, match="rows hold 24 tokens, the context only 16"):
        train(data, tmp_path / "out", replace(SHAPE, context=16), SETTINGS)


def test_time_limit_stops_in_good_order(data, tmp_path):
    train(data, tmp_path / "out", SHAPE, replace(SETTINGS, seconds=1e-9))
    assert [row["step"] for row in read_log(tmp_path / "out")] == [1]
    assert (tmp_path / "out" / "model.safetensors").exists()


def test_bf16_products_learn_too(data, tmp_path):
    train(data, tmp_path / "out", SHAPE, replace(SETTINGS, precision="bf16"))
    assert losses(tmp_path / "out")[-1] < losses(tmp_path / "out")[0]


def test_presets_fit_their_networks():
    for preset in PRESETS.values():
        assert preset.shape.width % preset.shape.heads == 0
        assert preset.settings.warmup < preset.settings.steps


def test_picture_shows_every_loss(tmp_path):
    rows = [{"step": 10 * k, "loss": 5 - k, "validation": 4.5 if k == 2 else None} for k in (1, 2, 3)]
    draw(rows, tmp_path / "loss.svg")
    picture = (tmp_path / "loss.svg").read_text()
    assert picture.count("<circle") == 1
    assert len(picture.partition('points="')[2].partition('"')[0].split()) == 3


def test_sparkline_goes_from_high_to_low():
    assert sparkline([7, 6, 5, 4, 3, 2, 1, 0]) == "█▇▆▅▄▃▂▁"
    assert sparkline([]) == ""
    assert len(sparkline(list(range(1000)))) == 60
    assert json.dumps(sparkline([1.0, 1.0]))
