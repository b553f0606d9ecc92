"""The network is the network of GPT-2, and its shortcuts change nothing."""

from __future__ import annotations

import math

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from codeassist.gpt.encoder_decoder import EncoderDecoder, sinusoids
from codeassist.gpt.model import GPT, Cache, GPTConfig, attend, attend_plainly


@pytest.mark.parametrize(
    "shape",
    [
        {},
        {"n_inner": 20, "activation_function": "gelu"},
        {"activation_function": "relu", "layer_norm_epsilon": 1e-3},
        {"tie_word_embeddings": False},
    ],
    ids=["plain", "inner", "relu", "untied"],
)
def test_logits_equal_those_of_gpt2(pair, shape):
    theirs, ours = pair(1, **shape)
    ids = torch.randint(0, 40, (3, 20))
    assert (theirs(ids).logits - ours(ids)).abs().max() <= 1e-4


def test_parameter_count_equals_gpt2s(pair):
    theirs, ours = pair()
    assert ours.parameter_count() == theirs.num_parameters()


def test_a_position_never_sees_what_follows(toy):
    ids = torch.randint(4, 40, (1, 12))
    changed = ids.clone()
    changed[0, 8] = (ids[0, 8] + 1) % 40
    before, after = toy(ids), toy(changed)
    assert torch.equal(before[:, :8], after[:, :8])
    assert not torch.allclose(before[:, 8], after[:, 8])


@pytest.mark.parametrize("pieces", [[12], [5, 7], [1] * 12, [4, 1, 7]])
def test_cache_changes_nothing(toy, pieces):
    ids = torch.randint(4, 40, (2, 12))
    cache = Cache(toy, 2)
    parts = [toy(part, cache) for part in ids.split(pieces, dim=1)]
    assert torch.allclose(torch.cat(parts, dim=1), toy(ids), atol=1e-4)


def test_cut_cache_keeps_a_shared_prefix(toy):
    ids = torch.randint(4, 40, (1, 12))
    cache = Cache(toy)
    toy(ids, cache)
    cache.cut(6)
    assert torch.allclose(toy(ids[:, 6:], cache), toy(ids)[:, 6:], atol=1e-4)


@pytest.mark.parametrize(
    ("asked", "seen", "causal"), [(6, 6, True), (2, 6, True), (1, 6, True), (4, 6, False)]
)
def test_fused_attention_is_the_formula(asked, seen, causal):
    queries, keys, values = (torch.randn(2, 3, n, 5) for n in (asked, seen, seen))
    plain = attend_plainly(queries, keys, values, causal)
    assert torch.allclose(attend(queries, keys, values, causal), plain, atol=1e-5)


def test_last_gives_the_scores_after_the_last_position(toy):
    ids = torch.randint(4, 40, (2, 9))
    assert torch.allclose(toy(ids, last=True)[:, 0], toy(ids)[:, -1], atol=1e-5)


def test_untrained_network_is_little_worse_than_guessing():
    torch.manual_seed(0)
    model = GPT(GPTConfig(vocabulary=100, context=16))
    assert float(model.loss(torch.randint(0, 100, (8, 16))).detach()) == pytest.approx(
        math.log(100) + 0.5, abs=0.3
    )


@pytest.mark.parametrize("width", [32, 256])
def test_untrained_layers_keep_the_size_of_what_goes_through(width):
    """Queries as large as what they are made of: else attention is even, and long stays so."""
    torch.manual_seed(0)
    model = GPT(GPTConfig(width=width, context=16, layers=2))
    x = torch.randn(64, width)
    assert float(model.blocks[1].attention.query_key_value(x).std().detach()) == pytest.approx(1, abs=0.1)
    assert float(model(torch.randint(0, 512, (4, 16))).std().detach()) == pytest.approx(1, abs=0.2)


def test_masked_tokens_cost_nothing(toy):
    ids = torch.randint(4, 40, (2, 10))
    mask = torch.zeros(2, 10, dtype=torch.bool)
    mask[:, 6:] = True
    other = ids.clone()
    other[:, 9] = 5
    scores = toy(ids[:, :-1])[:, 5:].flatten(0, 1)
    assert torch.isclose(toy.loss(ids, mask), F.cross_entropy(scores, ids[:, 6:].flatten()))
    assert not torch.isclose(toy.loss(other, mask), toy.loss(ids, mask))


def test_too_many_positions_are_refused(toy):
    with pytest.raises(ValueError, match="49 positions, but the context holds 48"):
        toy(torch.zeros(1, 49, dtype=torch.long))


def test_width_must_be_shared_by_the_heads():
    with pytest.raises(ValueError, match="not a multiple"):
        GPT(GPTConfig(width=30, heads=4))


def test_matrices_decay_and_biases_do_not(toy):
    matrices, rest = toy.weight_groups(0.1)
    assert {p.dim() for p in matrices["params"]} == {2}
    assert {p.dim() for p in rest["params"]} == {1}
    assert rest["weight_decay"] == 0.0


def torchs_own(ours: EncoderDecoder) -> tuple[nn.TransformerEncoder, nn.TransformerDecoder]:
    """torch's encoder and decoder with the weights of ours."""
    c = ours.config
    common = {"dim_feedforward": c.inner, "dropout": 0.0, "batch_first": True, "norm_first": True}
    gelu = {"activation": lambda x: F.gelu(x, approximate="tanh")}
    one = nn.TransformerEncoderLayer(c.width, c.heads, **common, **gelu)
    two = nn.TransformerDecoderLayer(c.width, c.heads, **common, **gelu)
    encoder = nn.TransformerEncoder(one, c.layers, nn.LayerNorm(c.width), enable_nested_tensor=False)
    decoder = nn.TransformerDecoder(two, c.layers, nn.LayerNorm(c.width))
    for theirs, block in zip([*encoder.layers, *decoder.layers], [*ours.encoder, *ours.decoder], strict=True):
        joined(theirs.self_attn, block.attention.query_key_value, block.attention.output)
        norms = [block.norm_attention, block.norm_forward]
        if hasattr(block, "cross"):
            cross = block.cross
            both = nn.Linear(c.width, 3 * c.width)
            both.weight.data = torch.cat([cross.query.weight, cross.key_value.weight])
            both.bias.data = torch.cat([cross.query.bias, cross.key_value.bias])
            joined(theirs.multihead_attn, both, cross.output)
            norms.insert(1, block.norm_cross)
        for number, norm in enumerate(norms, 1):
            getattr(theirs, f"norm{number}").load_state_dict(norm.state_dict())
        theirs.linear1.load_state_dict(block.forward_part.widen.state_dict())
        theirs.linear2.load_state_dict(block.forward_part.output.state_dict())
    encoder.norm.load_state_dict(ours.norm_encoder.state_dict())
    decoder.norm.load_state_dict(ours.norm_decoder.state_dict())
    return encoder.eval(), decoder.eval()


def joined(theirs: nn.MultiheadAttention, maps: nn.Linear, output: nn.Linear) -> None:
    theirs.in_proj_weight.data, theirs.in_proj_bias.data = maps.weight.data, maps.bias.data
    theirs.out_proj.load_state_dict(output.state_dict())


def test_encoder_decoder_equals_torchs_own_modules():
    torch.manual_seed(0)
    ours = EncoderDecoder(GPTConfig(vocabulary=20, context=16, layers=2, heads=4, width=32)).eval()
    for parameter in ours.parameters():
        nn.init.normal_(parameter, std=0.3)
    encoder, decoder = torchs_own(ours)
    source, target = torch.randint(0, 20, (3, 9)), torch.randint(0, 20, (3, 7))
    causal = nn.Transformer.generate_square_subsequent_mask(7)
    theirs = (
        decoder(ours.embed(target), encoder(ours.embed(source)), tgt_mask=causal) @ ours.tokens.weight.t()
    )
    assert (theirs - ours(source, target)).abs().max() <= 1e-4


def test_encoder_decoder_learns_to_write_backwards():
    torch.manual_seed(0)
    model = EncoderDecoder(GPTConfig(vocabulary=10, context=8, layers=1, heads=4, width=32))
    optimizer = torch.optim.AdamW(model.parameters(), lr=5e-3)
    for _ in range(400):
        source = torch.randint(2, 10, (64, 4))
        target = torch.cat([torch.zeros(64, 1), source.flip(1), torch.ones(64, 1)], dim=1).long()
        optimizer.zero_grad()
        model.loss(source, target).backward()
        optimizer.step()
    assert model.eval().answer([5, 2, 9, 4], start=0, end=1, most=6) == [4, 9, 2, 5, 1]


def test_sinusoids_are_those_of_the_paper():
    table = sinusoids(50, 8)
    assert table[7, 4].item() == pytest.approx(math.sin(7 / 10_000 ** (4 / 8)), abs=1e-6)
    assert table[7, 5].item() == pytest.approx(math.cos(7 / 10_000 ** (4 / 8)), abs=1e-6)
