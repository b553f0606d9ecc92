"""A network on disk: a folder that is at the same time a GPT-2 folder of Hugging Face.

    config.json        the shape, in GPT-2's words (`model_type` gpt2)
    model.safetensors  the weights, in GPT-2's names; fp32, fp16 or bf16
    tokenizer.json     see tokenizer.py

One format serves both ways: what we train opens in transformers, and what `GPT2LMHeadModel` saved
opens here and gives the same logits. Weights are read from safetensors alone: a pickle may run code.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from codeassist.gpt.errors import GptError
from codeassist.gpt.model import ACTIVATIONS, GPT, GPTConfig

# ours -> GPT-2's. The four maps marked T are stored transposed there (its `Conv1D`).
TOP = {
    "tokens.weight": "wte.weight",
    "positions.weight": "wpe.weight",
    "norm.weight": "ln_f.weight",
    "norm.bias": "ln_f.bias",
}
BLOCK = {
    "norm_attention": "ln_1",
    "attention.query_key_value": "attn.c_attn",  # T
    "attention.output": "attn.c_proj",  # T
    "norm_forward": "ln_2",
    "forward_part.widen": "mlp.c_fc",  # T
    "forward_part.output": "mlp.c_proj",  # T
}
MADE_BY = "codeassist gpt"
"""a word of ours in config.json, which others ignore: this network was trained on steps or code by us"""
NUMBERS = {
    "vocabulary": "vocab_size",
    "context": "n_positions",
    "layers": "n_layer",
    "heads": "n_head",
    "width": "n_embd",
    "activation": "activation_function",
    "epsilon": "layer_norm_epsilon",
    "tied": "tie_word_embeddings",
}
GPT2_DEFAULTS = {
    "vocab_size": 50257,
    "n_positions": 1024,
    "n_layer": 12,
    "n_head": 12,
    "n_embd": 768,
    "activation_function": "gelu_new",
    "layer_norm_epsilon": 1e-5,
    "tie_word_embeddings": True,
}


def names(config: GPTConfig) -> Iterator[tuple[str, str, bool]]:
    """(our name, GPT-2's name, whether transposed) of each tensor; GPT-2's without its prefix."""
    for ours, theirs in TOP.items():
        yield ours, theirs, False
    for layer in range(config.layers):
        for ours, theirs in BLOCK.items():
            for part in ("weight", "bias"):
                transposed = part == "weight" and "norm" not in ours
                yield f"blocks.{layer}.{ours}.{part}", f"h.{layer}.{theirs}.{part}", transposed


def load(folder: str | Path, dtype: torch.dtype = torch.float32) -> GPT:
    """The network in `folder`, ready to answer (no dropout). Raises GptError in one line."""
    path = Path(folder)
    config = read_config(path)
    model = GPT(config)
    state = our_state(read_tensors(path), config, path)
    try:
        model.load_state_dict(state)
    except RuntimeError as error:
        problem = str(error).splitlines()[-1].strip()
        raise GptError(f"{path}: weights and config.json do not fit: {problem}") from None
    return model.to(dtype).eval()


def save(model: GPT, folder: str | Path, dtype: torch.dtype = torch.float32) -> None:
    """Write config and weights; each file appears whole or not at all."""
    from safetensors.torch import save as to_bytes

    path = Path(folder)
    path.mkdir(parents=True, exist_ok=True)
    tensors = {name: tensor.to(dtype) for name, tensor in their_state(model).items()}
    write_whole(path / "model.safetensors", to_bytes(tensors, metadata={"format": "pt"}))
    write_whole(
        path / "config.json", json.dumps(their_config(model.config, dtype), indent=2).encode() + b"\n"
    )


def write_whole(path: Path, data: bytes) -> None:
    """Write beside the file, then rename: a reader, or a crash, never meets half of it."""
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(data)
        os.replace(part, path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise GptError(f"cannot write {path}: {error.strerror or error}") from None


def read_config(folder: Path) -> GPTConfig:
    """The shape that config.json states."""
    raw = GPT2_DEFAULTS | read_json(folder / "config.json")
    kind = raw.get("model_type", "gpt2")
    if kind != "gpt2":
        raise GptError(
            f"{folder}: model_type is {kind!r}, and only gpt2 is read here", hint="use --backend local"
        )
    for name in ("scale_attn_by_inverse_layer_idx", "add_cross_attention"):
        if raw.get(name):
            raise GptError(f"{folder}: config.json asks for {name}, which this network lacks")
    if raw.get("scale_attn_weights") is False:
        raise GptError(f"{folder}: config.json asks for unscaled attention, which this network lacks")
    try:
        return checked_config(raw)
    except (TypeError, ValueError) as error:
        raise GptError(f"{folder}: config.json is unusable: {error}") from None


def checked_config(raw: Mapping[str, Any]) -> GPTConfig:
    """GPTConfig from GPT-2's words; ValueError names the first number that cannot be."""
    numbers = {ours: raw[theirs] for ours, theirs in NUMBERS.items()}
    for name in ("vocabulary", "context", "layers", "heads", "width"):
        value = numbers[name]
        if type(value) is not int or not 0 < value < 2**24:
            raise ValueError(f"{NUMBERS[name]} is {value!r}")
    if numbers["width"] % numbers["heads"]:
        raise ValueError(f"n_embd {numbers['width']} is not a multiple of n_head {numbers['heads']}")
    if numbers["activation"] not in ACTIVATIONS:
        raise ValueError(
            f"activation_function {numbers['activation']!r} is not one of {', '.join(ACTIVATIONS)}"
        )
    end = raw.get("eos_token_id")
    return GPTConfig(
        **numbers,
        hidden=int(raw.get("n_inner") or 0),
        end=end[0] if isinstance(end, list) and end else end if isinstance(end, int) else None,
    )


def their_config(config: GPTConfig, dtype: torch.dtype) -> dict[str, Any]:
    """config.json of a GPT-2 of this shape."""
    numbers = {theirs: getattr(config, ours) for ours, theirs in NUMBERS.items()}
    return {
        "architectures": ["GPT2LMHeadModel"],
        "model_type": "gpt2",
        "made_by": MADE_BY,
        **numbers,
        "n_inner": config.hidden or None,
        "resid_pdrop": config.dropout,
        "embd_pdrop": config.dropout,
        "attn_pdrop": 0.0,
        "bos_token_id": config.end,
        "eos_token_id": config.end,
        "dtype": str(dtype).removeprefix("torch."),
    }


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object from a file, or one line about what is wrong with it."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise GptError(
            f"cannot read {path}: {error.strerror or error}", hint="name the folder of a model"
        ) from None
    except ValueError as error:
        raise GptError(f"{path} is not JSON: {error}") from None
    if not isinstance(raw, dict):
        raise GptError(f"{path} holds no JSON object")
    return raw


def read_tensors(folder: Path) -> dict[str, Tensor]:
    """All tensors of the folder, from one safetensors file or from the shards that an index names."""
    index = folder / "model.safetensors.index.json"
    if index.exists():
        shards = sorted(set(read_json(index).get("weight_map", {}).values()))
        files = [folder / Path(str(shard)).name for shard in shards]
    else:
        files = [folder / "model.safetensors"]
    tensors: dict[str, Tensor] = {}
    for file in files:
        tensors |= read_safetensors(file)
    return tensors


def read_safetensors(file: Path) -> dict[str, Tensor]:
    """The tensors of one file; a truncated or foreign file gives one line."""
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    if not file.exists():
        older = file.with_name("pytorch_model.bin").exists()
        hint = "only a pickle is there; save it again as safetensors" if older else ""
        raise GptError(f"{file} does not exist", hint=hint)
    try:
        return load_file(file)
    except (SafetensorError, OSError, ValueError) as error:
        raise GptError(f"{file} is broken: {error}", hint="take an earlier checkpoint") from None


def our_state(tensors: Mapping[str, Tensor], config: GPTConfig, path: Path) -> dict[str, Tensor]:
    """GPT-2's tensors under our names; its causal-mask buffers are left out."""
    plain = {name.removeprefix("transformer."): tensor for name, tensor in tensors.items()}
    state = {}
    for ours, theirs, transposed in names(config):
        if theirs not in plain:
            raise GptError(f"{path}: the weights lack {theirs}")
        state[ours] = plain[theirs].t() if transposed else plain[theirs]
    state["head.weight"] = (
        state["tokens.weight"] if config.tied else plain.get("lm_head.weight", state["tokens.weight"])
    )
    return state


def their_state(model: GPT) -> dict[str, Tensor]:
    """Our tensors under GPT-2's names."""
    state = model.state_dict()
    result = {}
    for ours, theirs, transposed in names(model.config):
        tensor = state[ours].detach().cpu()
        result[f"transformer.{theirs}"] = (tensor.t() if transposed else tensor).contiguous()
    if not model.config.tied:
        result["lm_head.weight"] = state["head.weight"].detach().cpu().contiguous()
    return result
