"""A checkpoint is a GPT-2 folder, and a bad one gives one line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from codeassist.gpt import checkpoint
from codeassist.gpt.errors import GptError


def break_config(folder: Path, **changes: object) -> None:
    file = folder / "config.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | changes))


def drop_tensor(folder: Path) -> None:
    tensors = load_file(folder / "model.safetensors")
    del tensors["transformer.h.1.ln_1.weight"]
    save_file(tensors, folder / "model.safetensors")


BROKEN = {
    "no config": (lambda f: (f / "config.json").unlink(), "cannot read"),
    "no json": (lambda f: (f / "config.json").write_text("{"), "is not JSON"),
    "a list": (lambda f: (f / "config.json").write_text("[]"), "holds no JSON object"),
    "another network": (lambda f: break_config(f, model_type="llama"), "only gpt2 is read here"),
    "no width": (lambda f: break_config(f, n_embd="wide"), "n_embd is 'wide'"),
    "zero heads": (lambda f: break_config(f, n_head=0), "n_head is 0"),
    "odd heads": (lambda f: break_config(f, n_head=3), "not a multiple"),
    "odd activation": (lambda f: break_config(f, activation_function="sine"), "activation_function 'sine'"),
    "unscaled": (lambda f: break_config(f, scale_attn_weights=False), "unscaled attention"),
    "other shape": (lambda f: break_config(f, n_embd=64), "do not fit"),
    "more layers": (lambda f: break_config(f, n_layer=3), "the weights lack h.2.ln_1.weight"),
    "a tensor less": (drop_tensor, "the weights lack h.1.ln_1.weight"),
    "no weights": (lambda f: (f / "model.safetensors").unlink(), "does not exist"),
    "cut off": (lambda f: (f / "model.safetensors").write_bytes(b"\x10" * 40), "is broken"),
    "empty": (lambda f: (f / "model.safetensors").write_bytes(b""), "is broken"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_checkpoint_gives_one_line(toy, tmp_path, name):
    checkpoint.save(toy, tmp_path)
    harm, words = BROKEN[name]
    harm(tmp_path)
    with pytest.raises(GptError, match=words) as caught:
        checkpoint.load(tmp_path)
    assert "\n" not in caught.value.message


def test_pickle_alone_is_not_opened(toy, tmp_path):
    checkpoint.save(toy, tmp_path)
    (tmp_path / "model.safetensors").rename(tmp_path / "pytorch_model.bin")
    with pytest.raises(GptError) as caught:
        checkpoint.load(tmp_path)
    assert "pickle" in caught.value.hint


def test_saved_network_gives_the_same_scores(toy, tmp_path):
    checkpoint.save(toy, tmp_path)
    ids = torch.randint(0, 40, (2, 12))
    again = checkpoint.load(tmp_path)
    assert again.config == toy.config
    assert torch.equal(again(ids), toy(ids))


def test_half_precision_takes_half_the_room(toy, tmp_path):
    checkpoint.save(toy, tmp_path / "fp32")
    checkpoint.save(toy, tmp_path / "fp16", torch.float16)
    sizes = [(tmp_path / name / "model.safetensors").stat().st_size for name in ("fp16", "fp32")]
    assert sizes[0] < 0.6 * sizes[1]
    ids = torch.randint(0, 40, (2, 12))
    assert (checkpoint.load(tmp_path / "fp16")(ids) - toy(ids)).abs().max() < 0.1


def test_transformers_opens_what_we_save(toy, tmp_path):
    from transformers import GPT2LMHeadModel

    checkpoint.save(toy, tmp_path)
    theirs = GPT2LMHeadModel.from_pretrained(tmp_path).eval()
    ids = torch.randint(0, 40, (2, 12))
    assert (theirs(ids).logits - toy(ids)).abs().max() <= 1e-4


def test_network_without_its_head_and_shards_are_read(pair, tmp_path):
    theirs, ours = pair(2)
    theirs.transformer.save_pretrained(tmp_path / "bare")
    theirs.save_pretrained(tmp_path / "shards", max_shard_size="20KB")
    assert len(list((tmp_path / "shards").glob("*.safetensors"))) > 1
    ids = torch.randint(0, 40, (1, 9))
    for name in ("bare", "shards"):
        assert torch.equal(checkpoint.load(tmp_path / name)(ids), ours(ids))


def test_failed_write_leaves_the_old_file(toy, tmp_path, monkeypatch):
    checkpoint.save(toy, tmp_path)
    old = (tmp_path / "model.safetensors").read_bytes()
    monkeypatch.setattr(Path, "write_bytes", full_disk)
    with pytest.raises(GptError, match="No space left"):
        checkpoint.save(toy, tmp_path)
    assert (tmp_path / "model.safetensors").read_bytes() == old


def full_disk(self: Path, data: bytes) -> int:
    raise OSError(28, "No space left on device")
