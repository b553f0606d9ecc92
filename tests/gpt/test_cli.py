"""`codeassist gpt`: what a user types, and what comes out."""

from __future__ import annotations

import io
import json

import pytest

from codeassist.cli.main import _run
from codeassist.gpt import checkpoint
from codeassist.gpt.tokenizer import train_tokenizer
from codeassist.records.text import inert


@pytest.fixture
def folder(pair, tmp_path):
    """A GPT-2 that transformers saved, with a tokenizer; and that network."""
    tokenizer = train_tokenizer(["def f(x):\n    return x\n"] * 9, 280)
    theirs, _ = pair(7, vocab_size=tokenizer.size, eos_token_id=0, bos_token_id=0)
    tokenizer.save(tmp_path / "gpt2-7")
    return tmp_path / "gpt2-7", theirs, tokenizer


def run(capsys, *words):
    capsys.readouterr()  # transformers draws bars while it saves
    status = _run(["gpt", *map(str, words)])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--prompt", "x", "--temperature", "-1"], "temperature is -1.0"),
        (["--prompt", ""], "the prompt is empty"),
        (["--prompt", "long " * 60], "the context holds 48"),
        (["--prompt", "x", "--max-new-tokens", "0"], "0 is not in the range"),
        (["--prompt", "x", "--top-p", "2"], "top_p is 2.0"),
        (["--prompt", "x", "--schema", "nowhere"], "'nowhere'"),
    ],
    ids=["temperature", "empty", "long", "none", "top-p", "schema"],
)
def test_bad_input_is_one_line_and_status_two(capsys, folder, words, message):
    status, out, err = run(capsys, "generate", "--model", folder[0], *words)
    assert (status, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1


def test_bad_model_is_one_line_and_a_document(capsys, tmp_path):
    words = ["generate", "--model", tmp_path, "--prompt", "x", "--format", "json"]
    status, out, err = run(capsys, *words)
    assert (status, json.loads(out)["outcome"], err.count("\n")) == (2, "bad_input", 1)


@pytest.mark.parametrize(
    ("flags", "options"), [([], {}), (["--beams", 3], {"num_beams": 3})], ids=["greedy", "beams"]
)
def test_generation_is_that_of_transformers(capsys, folder, flags, options):
    import torch

    path, theirs, tokenizer = folder
    words = ["--prompt", "def f", "--max-new-tokens", 12, "--format", "json", *flags]
    status, out, _ = run(capsys, "generate", "--model", path, *words)
    found = json.loads(out)
    ids = torch.tensor([tokenizer.encode("def f")])
    mask = torch.ones_like(ids)
    wanted = theirs.generate(
        ids, attention_mask=mask, max_new_tokens=12, do_sample=False, pad_token_id=0, **options
    )
    assert status == 0
    assert (found["format"], found["version"]) == ("codeassist/generation", 1)
    assert found["tokens"] == wanted[0, ids.shape[1] :].tolist()
    assert found["text"] == tokenizer.decode(found["tokens"])
    assert out.isascii()


def test_streamed_text_is_the_whole_text_with_nothing_that_moves_a_terminal(capsys, folder, monkeypatch):
    path, _, tokenizer = folder
    words = ["generate", "--model", path, "--prompt", "def f", "--max-new-tokens", 20]
    _, streamed, _ = run(capsys, *words)
    monkeypatch.setattr("sys.stdin", io.StringIO("def f"))
    words[4] = "-"
    _, document, _ = run(capsys, *words, "--format", "json")
    assert streamed == inert(tokenizer.decode(json.loads(document)["tokens"]), keep="\n\t") + "\n"


def test_train_resume_and_eval_on_code(capsys, tmp_path):
    source = tmp_path / "source"
    source.mkdir()
    for k in range(30):
        lines = [f"def function_{k}_{n}(x):\n    return x * {n} + {k}\n" for n in range(12)]
        (source / f"module{k}.py").write_text("\n".join(lines))
    out = tmp_path / "model"
    words = [
        "train",
        "--data",
        source,
        "--out",
        out,
        "--layers",
        1,
        "--width",
        16,
        "--context",
        32,
        "--vocabulary",
        280,
    ]
    status, said, err = run(capsys, *words, "--steps", 30, "--batch", 8)
    assert status == 0
    assert "the model is in" in said
    assert "step     30" in err
    assert (out / "loss.svg").read_text().startswith("<svg")
    status, _, err = run(capsys, *words, "--steps", 40, "--batch", 8, "--resume")
    assert status == 0
    assert "step     40" in err
    assert "step     20" not in err
    status, found, _ = run(capsys, "eval", "--model", out, "--rows", 5, "--format", "json")
    figures = json.loads(found)
    assert status == 0
    assert figures["parameters"] == checkpoint.load(out).parameter_count()
    assert 1 < figures["perplexity"] < 280
    assert figures["marks"] is None


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--data", "nowhere"], "nowhere does not exist"),
        (["--data", ".", "--width", 30, "--heads", 4], "cannot be shared by 4 heads"),
        (["--data", "empty"], "nothing to learn from"),
        (["--data", "empty", "--resume"], "nothing to learn from"),
    ],
    ids=["nowhere", "heads", "empty", "resume"],
)
def test_training_that_cannot_begin_is_one_line(capsys, tmp_path, monkeypatch, words, message):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    status, out, err = run(capsys, "train", "--out", "out", *words)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert message in err


def test_missing_package_names_the_extra(capsys, folder, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "codeassist.gpt.checkpoint", None)
    status, _, err = run(capsys, "generate", "--model", folder[0], "--prompt", "x")
    assert status == 3
    assert "codeassist[local]" in err
