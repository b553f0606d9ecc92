"""Toy networks: a few thousand parameters, made in milliseconds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from codeassist.gpt import checkpoint
from codeassist.gpt.model import GPT, GPTConfig

torch.set_num_threads(1)


@pytest.fixture
def toy() -> GPT:
    """A network whose scores are far from equal, so that a wrong choice shows."""
    torch.manual_seed(0)
    model = GPT(GPTConfig(vocabulary=40, context=48, layers=2, heads=4, width=32, end=3)).eval()
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.3)
    return model


@pytest.fixture
def pair(tmp_path: Path) -> Callable[..., tuple[Any, GPT]]:
    """A GPT-2 of transformers with random weights, and ours read from what it saved."""
    from transformers import GPT2Config, GPT2LMHeadModel

    def make(seed: int = 0, **shape: Any) -> tuple[Any, GPT]:
        torch.manual_seed(seed)
        numbers = {"vocab_size": 40, "n_positions": 48, "n_embd": 32, "n_layer": 2, "n_head": 4}
        ends = {"eos_token_id": 3, "bos_token_id": 3, "initializer_range": 0.4}
        theirs = GPT2LMHeadModel(GPT2Config(**{**numbers, **ends, **shape})).eval()
        theirs.save_pretrained(tmp_path / f"gpt2-{seed}")
        return theirs, checkpoint.load(tmp_path / f"gpt2-{seed}")

    return make
