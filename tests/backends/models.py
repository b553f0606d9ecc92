"""Small models for tests: random weights and a tokenizer trained here, in folders of Hugging Face."""

from __future__ import annotations

from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
END = "<|endoftext|>"


def tokenizer(folder: Path, size: int = 800) -> Any:
    """Byte-level BPE, learned from our examples and prompts."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    inner = Tokenizer(models.BPE())
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    inner.decoder = decoders.ByteLevel()
    texts = [p.read_text(encoding="utf-8") for p in sorted((ROOT / "examples").glob("*.py"))]
    texts += [p.read_text(encoding="utf-8") for p in sorted((ROOT / "prompts" / "en").glob("*"))]
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    inner.train_from_iterator(
        texts, trainers.BpeTrainer(vocab_size=size, special_tokens=[END], initial_alphabet=alphabet)
    )
    found = PreTrainedTokenizerFast(tokenizer_object=inner, eos_token=END, bos_token=END, pad_token=END)
    found.save_pretrained(folder)
    return found


def gpt2(folder: Path, context: int = 2048, template: str = "") -> Path:
    """A GPT-2 of two thin layers."""
    import torch
    from transformers import GPT2Config, GPT2LMHeadModel

    words = tokenizer(folder)
    if template:
        words.chat_template = template
        words.save_pretrained(folder)
    torch.manual_seed(0)
    shape = GPT2Config(
        vocab_size=len(words),
        n_positions=context,
        n_embd=32,
        n_layer=2,
        n_head=2,
        bos_token_id=0,
        eos_token_id=0,
    )
    GPT2LMHeadModel(shape).save_pretrained(folder)
    return folder


def t5(folder: Path) -> Path:
    """An encoder-decoder of CodeT5's family."""
    import torch
    from transformers import T5Config, T5ForConditionalGeneration

    words = tokenizer(folder)
    torch.manual_seed(0)
    shape = T5Config(
        vocab_size=len(words), d_model=32, d_ff=64, num_layers=2, num_heads=2, d_kv=16,
        decoder_start_token_id=0, eos_token_id=0, pad_token_id=0,
    )  # fmt: skip
    T5ForConditionalGeneration(shape).save_pretrained(folder)
    return folder


def llama(folder: Path) -> Path:
    """A Llama of two thin layers: grouped queries, rotary positions, a chat template."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    words = tokenizer(folder)
    words.chat_template = (
        "{% for m in messages %}{% if m.role == 'system' %}{{ raise_exception('no system role') }}{% endif %}"
        "<{{ m.role }}>{{ m.content }}{% endfor %}<assistant>"
    )
    words.save_pretrained(folder)
    torch.manual_seed(0)
    shape = LlamaConfig(
        vocab_size=len(words), hidden_size=32, intermediate_size=64, num_hidden_layers=2,
        num_attention_heads=4, num_key_value_heads=2, max_position_embeddings=4096,
        bos_token_id=0, eos_token_id=0, pad_token_id=0,
    )  # fmt: skip
    LlamaForCausalLM(shape).save_pretrained(folder)
    return folder
