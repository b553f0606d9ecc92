"""The first Transformer's shape: read a whole text, then write another while looking back at it.

The encoder's positions all see one another; the decoder's see what precedes them, and besides, by
cross-attention, everything that the encoder made of its input (Vaswani et al. 2017, figure 1). The
blocks are those of model.py, so the norms come first here too.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from codeassist.gpt.model import (
    IGNORED,
    Block,
    GPTConfig,
    LayerCache,
    attend,
    initialise,
    join_heads,
    scale_residual_outputs,
    split_heads,
)


class CrossAttention(nn.Module):
    """Queries from the text being written; keys and values from the text that was read."""

    def __init__(self, config: GPTConfig) -> None:
        super().__init__()
        self.heads = config.heads
        self.query = nn.Linear(config.width, config.width)
        self.key_value = nn.Linear(config.width, 2 * config.width)
        self.output = nn.Linear(config.width, config.width)
        self.drop = nn.Dropout(config.dropout)

    def forward(self, x: Tensor, memory: Tensor) -> Tensor:
        """(B, T, C) looking at (B, S, C) -> (B, T, C)."""
        keys, values = (split_heads(part, self.heads) for part in self.key_value(memory).chunk(2, dim=2))
        gathered = attend(split_heads(self.query(x), self.heads), keys, values, causal=False)
        mixed: Tensor = self.drop(self.output(join_heads(gathered)))
        return mixed


class DecoderBlock(Block):
    """A block with a third part between its two: a look at what was read."""

    def __init__(self, config: GPTConfig) -> None:
        super().__init__(config, causal=True)
        self.norm_cross = nn.LayerNorm(config.width, eps=config.epsilon)
        self.cross = CrossAttention(config)

    def forward(self, x: Tensor, cache: LayerCache | None = None, memory: Tensor | None = None) -> Tensor:
        """(B, T, C), and what was read (B, S, C) -> (B, T, C)."""
        if memory is None:
            raise ValueError("a decoder block needs what the encoder read")
        x = x + self.attention(self.norm_attention(x), cache)
        seen: Tensor = x + self.cross(self.norm_cross(x), memory)
        thought: Tensor = self.forward_part(self.norm_forward(seen))
        return seen + thought


class EncoderDecoder(nn.Module):
    """Both stacks over one vocabulary; `config.layers` blocks in each."""

    def __init__(self, config: GPTConfig) -> None:
        super().__init__()
        self.config = config
        self.tokens = nn.Embedding(config.vocabulary, config.width)
        self.positions = nn.Embedding(config.context, config.width)
        self.encoder = nn.ModuleList(Block(config, causal=False) for _ in range(config.layers))
        self.decoder = nn.ModuleList(DecoderBlock(config) for _ in range(config.layers))
        self.norm_encoder = nn.LayerNorm(config.width, eps=config.epsilon)
        self.norm_decoder = nn.LayerNorm(config.width, eps=config.epsilon)
        self.head = nn.Linear(config.width, config.vocabulary, bias=False)
        self.head.weight = self.tokens.weight
        self.apply(initialise)
        scale_residual_outputs(self.encoder)
        scale_residual_outputs(self.decoder)

    def embed(self, ids: Tensor) -> Tensor:
        """(B, T) -> (B, T, C)."""
        where = torch.arange(ids.shape[1], device=ids.device)
        embedded: Tensor = self.tokens(ids) + self.positions(where)
        return embedded

    def read(self, ids: Tensor) -> Tensor:
        """What the encoder makes of its input: (B, S) -> (B, S, C)."""
        x = self.embed(ids)
        for block in self.encoder:
            x = block(x)
        read: Tensor = self.norm_encoder(x)
        return read

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        """Scores of the next token after each written one: (B, S), (B, T) -> (B, T, V)."""
        return self.write(self.read(source), target)

    def write(self, memory: Tensor, target: Tensor) -> Tensor:
        """Scores, given what was read: (B, S, C), (B, T) -> (B, T, V)."""
        x = self.embed(target)
        for block in self.decoder:
            x = block(x, memory=memory)
        scores: Tensor = self.head(self.norm_decoder(x))
        return scores

    def loss(self, source: Tensor, target: Tensor, padding: int = IGNORED) -> Tensor:
        """Mean cross-entropy of each written token given all before it and the source."""
        scores = self(source, target[:, :-1])
        wanted = target[:, 1:].flatten()
        return F.cross_entropy(scores.flatten(0, 1), wanted, ignore_index=padding)

    @torch.inference_mode()
    def answer(self, source: Sequence[int], start: int, end: int, most: int) -> list[int]:
        """Greedy: read once, then write token by token until `end` or `most` tokens."""
        memory = self.read(torch.tensor([list(source)]))
        ids = [start]
        while len(ids) <= most and ids[-1] != end:
            scores = self.write(memory, torch.tensor([ids]))
            ids.append(int(scores[0, -1].argmax()))
        return ids[1:]


def sinusoids(length: int, width: int) -> Tensor:
    """The positions of the first paper, not learned: sin and cos of place / 10000^(2i/width), (T, C).

    Copy them into `positions.weight` to try them.
    """
    where = torch.arange(length)[:, None]  # (T, 1)
    speed = torch.exp(torch.arange(0, width, 2) * (-math.log(10_000.0) / width))  # (C/2,)
    table = torch.zeros(length, width)
    table[:, 0::2] = torch.sin(where * speed)
    table[:, 1::2] = torch.cos(where * speed)[:, : width // 2]
    return table
