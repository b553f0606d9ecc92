"""The whole network: token ids in, one score for each possible next token out.

What differs from the first Transformer (Vaswani et al. 2017, "Attention Is All You Need"):
- a decoder alone, as in GPT-2 (Radford et al. 2019), so each position sees only what precedes it
- layer norm before each sub-layer (pre-norm; Xiong et al. 2020), and once more at the end
- learned position embeddings; GELU (Hendrycks & Gimpel 2016) in place of ReLU
- the output layer shares its weights with the token embedding (Press & Wolf 2017)
- keys and values of earlier positions are kept in a `Cache`, so that the next token costs one step

Letters in the shape comments: B rows of the batch, T positions of this call, S positions seen so
far (S = T without a cache), C width, H heads, D = C / H width of one head, V vocabulary.
With these choices the weights of a GPT-2 fit exactly; `checkpoint.py` reads and writes them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn


@dataclass(frozen=True, slots=True)
class GPTConfig:
    """The numbers that fix the shape of a network; saved in each checkpoint."""

    vocabulary: int = 512
    """number of token ids, V"""
    context: int = 256
    """longest sequence that has position embeddings"""
    layers: int = 4
    heads: int = 4
    width: int = 128
    """length of the vector that stands for one position, C"""
    hidden: int = 0
    """width inside the feed-forward part; 0 means four times `width`, as in both papers"""
    dropout: float = 0.0
    activation: str = "gelu_new"
    """a name of ACTIVATIONS"""
    epsilon: float = 1e-5
    """keeps layer norm from dividing by zero"""
    tied: bool = True
    """the output layer is the token embedding, read the other way round"""
    end: int | None = None
    """id of the token that ends a text"""

    @property
    def inner(self) -> int:
        """Width inside the feed-forward part."""
        return self.hidden or 4 * self.width


ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    # GELU(x) = x * Phi(x), the exact one and the tanh approximation that GPT-2 was trained with
    "gelu": lambda x: F.gelu(x),
    "gelu_new": lambda x: F.gelu(x, approximate="tanh"),
    "gelu_pytorch_tanh": lambda x: F.gelu(x, approximate="tanh"),
    "relu": F.relu,
    "silu": F.silu,
}


class LayerCache:
    """Keys and values of one layer, kept for the positions already seen."""

    def __init__(self, rows: int, config: GPTConfig, length: int, like: Tensor) -> None:
        shape = (rows, config.heads, length, config.width // config.heads)
        self.keys = torch.empty(shape, dtype=like.dtype, device=like.device)
        self.values = torch.empty_like(self.keys)
        self.length = 0

    def extend(self, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
        """Append keys and values, both (B, H, T, D); give back all so far, (B, H, S, D)."""
        start, self.length = self.length, self.length + keys.shape[2]
        self.keys[:, :, start : self.length] = keys
        self.values[:, :, start : self.length] = values
        return self.keys[:, :, : self.length], self.values[:, :, : self.length]

    def select(self, rows: Tensor) -> None:
        """Keep these rows, in this order; beam search drops and doubles rows."""
        self.keys = self.keys.index_select(0, rows)
        self.values = self.values.index_select(0, rows)


class Cache:
    """Keys and values of every layer: the memory that makes the next token cheap.

    Room is taken once, for `length` positions, so that a new token copies one row, not all.
    """

    def __init__(self, model: GPT, rows: int = 1, length: int = 0) -> None:
        like = model.tokens.weight
        size = length or model.config.context
        self.layers = [LayerCache(rows, model.config, size, like) for _ in model.blocks]

    @property
    def length(self) -> int:
        """Positions held."""
        return self.layers[0].length if self.layers else 0

    def select(self, rows: Tensor) -> None:
        """Keep these rows, in this order."""
        for layer in self.layers:
            layer.select(rows)

    def cut(self, length: int) -> None:
        """Forget all positions from `length` on; what stays is a shared prefix, paid for once."""
        for layer in self.layers:
            layer.length = min(layer.length, length)


def attend(queries: Tensor, keys: Tensor, values: Tensor, causal: bool) -> Tensor:
    """Scaled dot-product attention: softmax(Q K^T / sqrt(D)) V  (Vaswani et al. 2017, eq. 1).

    Queries (B, H, T, D) over keys and values (B, H, S, D) give (B, H, T, D). `causal` hides from
    each query the keys that come after it; the queries are the last T of the S positions.
    """
    asked, seen = queries.shape[2], keys.shape[2]
    if not causal or asked == 1:  # the newest position may look at everything
        return F.scaled_dot_product_attention(queries, keys, values)
    if asked == seen:
        return F.scaled_dot_product_attention(queries, keys, values, is_causal=True)
    visible = torch.ones(asked, seen, dtype=torch.bool, device=queries.device).tril(seen - asked)
    return F.scaled_dot_product_attention(queries, keys, values, attn_mask=visible)


def attend_plainly(queries: Tensor, keys: Tensor, values: Tensor, causal: bool) -> Tensor:
    """The same formula spelled out. Slower: it holds all B*H*T*S weights at once; for reading."""
    asked, seen = queries.shape[2], keys.shape[2]
    scores = queries @ keys.transpose(2, 3)  # (B, H, T, D) @ (B, H, D, S) -> (B, H, T, S)
    scores = scores / math.sqrt(queries.shape[3])  # else the softmax saturates as D grows
    if causal:
        visible = torch.ones(asked, seen, dtype=torch.bool, device=queries.device).tril(seen - asked)
        scores = scores.masked_fill(~visible, -math.inf)  # e^-inf = 0: no weight on what comes later
    weights = scores.softmax(dim=3)  # each query's weights over the keys sum to one
    return weights @ values  # (B, H, T, S) @ (B, H, S, D) -> (B, H, T, D)


class Attention(nn.Module):
    """Self-attention with several heads: each position gathers from the others what it asks for."""

    def __init__(self, config: GPTConfig, causal: bool = True) -> None:
        super().__init__()
        self.heads, self.causal = config.heads, causal
        self.query_key_value = nn.Linear(config.width, 3 * config.width)  # three maps in one product
        self.output = nn.Linear(config.width, config.width)
        self.drop = nn.Dropout(config.dropout)

    def forward(self, x: Tensor, cache: LayerCache | None = None) -> Tensor:
        """(B, T, C) -> (B, T, C)."""
        parts = self.query_key_value(x).chunk(3, dim=2)  # three times (B, T, C)
        queries, keys, values = (split_heads(part, self.heads) for part in parts)
        if cache is not None:
            keys, values = cache.extend(keys, values)
        gathered = attend(queries, keys, values, self.causal)
        mixed: Tensor = self.drop(self.output(join_heads(gathered)))
        return mixed


def split_heads(x: Tensor, heads: int) -> Tensor:
    """(B, T, C) -> (B, H, T, D): each head works on its own slice of the width."""
    rows, positions, width = x.shape
    return x.view(rows, positions, heads, width // heads).transpose(1, 2)


def join_heads(x: Tensor) -> Tensor:
    """(B, H, T, D) -> (B, T, C)."""
    return x.transpose(1, 2).flatten(2)


class FeedForward(nn.Module):
    """Two linear maps with a bend between them, at each position alone: W2 gelu(W1 x)."""

    def __init__(self, config: GPTConfig) -> None:
        super().__init__()
        self.widen = nn.Linear(config.width, config.inner)
        self.output = nn.Linear(config.inner, config.width)
        self.activation = ACTIVATIONS[config.activation]
        self.drop = nn.Dropout(config.dropout)

    def forward(self, x: Tensor) -> Tensor:
        """(B, T, C) -> (B, T, C)."""
        hidden = self.activation(self.widen(x))  # (B, T, 4C)
        narrowed: Tensor = self.drop(self.output(hidden))
        return narrowed


class Block(nn.Module):
    """One layer: first look at other positions, then think about what was found.

    Each part adds to its input (a residual, He et al. 2015), so that a deep stack can be trained.
    LayerNorm(x) = (x - mean) / sqrt(variance + epsilon) * gain + bias  (Ba et al. 2016)
    """

    def __init__(self, config: GPTConfig, causal: bool = True) -> None:
        super().__init__()
        self.norm_attention = nn.LayerNorm(config.width, eps=config.epsilon)
        self.attention = Attention(config, causal)
        self.norm_forward = nn.LayerNorm(config.width, eps=config.epsilon)
        self.forward_part = FeedForward(config)

    def forward(self, x: Tensor, cache: LayerCache | None = None) -> Tensor:
        """(B, T, C) -> (B, T, C)."""
        seen: Tensor = x + self.attention(self.norm_attention(x), cache)
        thought: Tensor = self.forward_part(self.norm_forward(seen))
        return seen + thought


class GPT(nn.Module):
    """Embeddings, a stack of blocks, a last norm, and scores over the vocabulary."""

    def __init__(self, config: GPTConfig) -> None:
        super().__init__()
        if config.width % config.heads:
            raise ValueError(f"width {config.width} is not a multiple of {config.heads} heads")
        self.config = config
        self.tokens = nn.Embedding(config.vocabulary, config.width)
        self.positions = nn.Embedding(config.context, config.width)
        self.drop = nn.Dropout(config.dropout)
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.layers))
        self.norm = nn.LayerNorm(config.width, eps=config.epsilon)
        self.head = nn.Linear(config.width, config.vocabulary, bias=False)
        if config.tied:
            self.head.weight = self.tokens.weight
        self.apply(initialise)
        scale_residual_outputs(self.blocks)

    def forward(self, ids: Tensor, cache: Cache | None = None, last: bool = False) -> Tensor:
        """Scores (logits) of the next token after each position: (B, T) ids -> (B, T, V).

        With a cache, `ids` continue what it holds, and it learns them. `last` computes the scores
        after the last position alone, (B, 1, V): all that generation needs.
        """
        x = self.hidden(ids, cache)
        if last:
            x = x[:, -1:]
        scores: Tensor = self.head(x)  # (B, T, C) @ (C, V) -> (B, T, V)
        return scores

    def hidden(self, ids: Tensor, cache: Cache | None = None) -> Tensor:
        """What the network knows at each position, before the output layer: (B, T) -> (B, T, C)."""
        start = cache.length if cache is not None else 0
        stop = start + ids.shape[1]
        if stop > self.config.context:
            raise ValueError(f"{stop} positions, but the context holds {self.config.context}")
        where = torch.arange(start, stop, device=ids.device)  # (T,)
        x = self.drop(self.tokens(ids) + self.positions(where))  # (B, T, C) + (T, C)
        layers: Sequence[LayerCache | None] = cache.layers if cache is not None else [None] * len(self.blocks)
        for block, layer in zip(self.blocks, layers, strict=True):
            x = block(x, layer)
        normed: Tensor = self.norm(x)
        return normed

    def loss(self, ids: Tensor, mask: Tensor | None = None) -> Tensor:
        """Mean cross-entropy of each next token: -log softmax(scores)[next], a scalar.

        `ids` (B, T+1) hold inputs and targets, one apart. Where `mask` (B, T+1) is zero, the token
        is no target: padding, or a question whose words need not be learned.
        """
        scores = self(ids[:, :-1]).float()  # (B, T, V)
        targets = ids[:, 1:]
        if mask is not None:
            targets = targets.masked_fill(mask[:, 1:] == 0, IGNORED)
        return F.cross_entropy(scores.flatten(0, 1), targets.flatten(), ignore_index=IGNORED)

    def parameter_count(self) -> int:
        """Number of trained numbers; the tied output layer counts once."""
        return sum(parameter.numel() for parameter in self.parameters())

    def weight_groups(self, decay: float) -> Iterator[dict[str, object]]:
        """Parameters for the optimiser: matrices decay towards zero, biases and norms do not."""
        trained = [p for p in self.parameters() if p.requires_grad]
        yield {"params": [p for p in trained if p.dim() >= 2], "weight_decay": decay}
        yield {"params": [p for p in trained if p.dim() < 2], "weight_decay": 0.0}


IGNORED = -100
"""target id that costs nothing, the value that `cross_entropy` leaves out"""


def initialise(module: nn.Module) -> None:
    """Random weights with deviation 1/sqrt(inputs), so that a layer's output is as large as its input.

    GPT-2's 0.02 suits its width of 768. In a narrow network it leaves all queries and keys so small that
    attention stays even for a long time: copying a number, say, was learned in a tenth of the steps so.
    """
    if isinstance(module, nn.Linear):
        nn.init.normal_(module.weight, std=module.in_features**-0.5)
        if module.bias is not None:
            nn.init.zeros_(module.bias)
    if isinstance(module, nn.Embedding):
        nn.init.normal_(module.weight, std=module.embedding_dim**-0.5)


def scale_residual_outputs(blocks: nn.ModuleList) -> None:
    """Shrink what each block adds by 1/sqrt(number of additions), so that the sum keeps its size."""
    for name, parameter in blocks.named_parameters():
        if name.endswith("output.weight"):
            parameter.data /= math.sqrt(2 * len(blocks))
