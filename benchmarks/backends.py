"""Decoding on this machine: our loop beside plain `transformers.generate`, on random weights.

`python benchmarks/backends.py [--small]`; needs the extra `local`. Everything runs in one process on one
thread, so that the ratios hold on a busy machine; seconds are CPU seconds.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
NEW = 48


def model(small: bool) -> Any:
    """GPT-2's shape (or a fourth of its width) with random weights, and a tokenizer trained here."""
    import tempfile

    import torch
    from transformers import GPT2Config, GPT2LMHeadModel

    from codeassist.backends.weights import load
    from codeassist.records.backend import Configuration
    from tests.backends.models import tokenizer

    folder = Path(tempfile.mkdtemp(prefix="codeassist-bench-"))
    words = tokenizer(folder)
    width = {"n_embd": 192, "n_layer": 4, "n_head": 4} if small else {}
    torch.manual_seed(0)
    shape = GPT2Config(vocab_size=len(words), n_positions=1024, bos_token_id=0, eos_token_id=0, **width)
    GPT2LMHeadModel(shape).save_pretrained(folder)
    return lambda **more: load(Configuration(model=str(folder), decoding=more))


def seconds(work: Callable[[], Any]) -> float:
    """CPU seconds of one call."""
    started = time.process_time()
    work()
    return time.process_time() - started


def main() -> None:
    """Print the table."""
    import torch

    from codeassist.backends.bounded import bounded_schema
    from codeassist.backends.decoding import Choice, Decoder

    torch.set_num_threads(1)
    load = model("--small" in sys.argv)
    plain, small = load(), load(int8=True)
    text = (ROOT / "prompts" / "en" / "system.md.j2").read_text(encoding="utf-8")
    ids = plain.tokenizer(text)["input_ids"][:400]
    other = [*ids[:380], *plain.tokenizer("def another(x): return x")["input_ids"]]
    row = torch.tensor([ids])
    late = time.monotonic() + 600

    def theirs() -> None:
        plain.network.generate(
            row, attention_mask=torch.ones_like(row), max_new_tokens=NEW, do_sample=False, pad_token_id=0
        )

    def ours(decoder: Decoder, prompt: list[int] = ids, schema: Any = None) -> Callable[[], Any]:
        return lambda: decoder.text(prompt, NEW, schema, late)

    base = seconds(theirs)
    kept = Decoder(plain, Choice(lookup=False))
    first = seconds(ours(kept))
    rows = {
        "transformers.generate": base,
        "our loop": first,
        "our loop, prefix of 380 kept": seconds(ours(kept, other)),
        "our loop, drafts from the prompt": seconds(ours(Decoder(plain, Choice()))),
        "our loop, int8": seconds(ours(Decoder(small, Choice(lookup=False)))),
    }
    print(f"{len(ids)} tokens of prompt, {NEW} new ones")
    for name, spent in rows.items():
        print(f"{name:36} {spent:7.2f} s   {base / spent:5.2f}x")
    schema = bounded_schema(["purpose"], ["f"], 400, "en")
    bound = Decoder(plain, Choice(lookup=False))
    count = [0]

    def constrained() -> None:
        count[0] = bound.text(ids, 200, schema, late)[1]

    spent = seconds(constrained)
    print(f"{'constrained: tokens, passes':36} {count[0]} in {bound.passes}, {spent:.2f} s")


if __name__ == "__main__":
    main()
