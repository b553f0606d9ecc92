"""Speed of the small GPT beside Hugging Face's, on the same weights: tokens a CPU second.

    python benchmarks/gpt_speed.py decode [--layers 12 --width 768]   beside transformers.generate
    python benchmarks/gpt_speed.py train  [--layers 4 --width 128]    beside transformers.Trainer

CPU seconds of one thread, not wall-clock, so that a busy machine disturbs little; the engines take
turns and the best of several rounds counts.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import torch

from codeassist.gpt import checkpoint
from codeassist.gpt.generate import Options, generate, quantize
from codeassist.gpt.model import GPT, GPTConfig
from codeassist.gpt.train import Settings, train

VOCABULARY = {768: 50257}


def best(rounds: int, engines: dict[str, Callable[[], int]]) -> dict[str, float]:
    """Tokens a CPU second of each engine; they take turns."""
    speeds = dict.fromkeys(engines, 0.0)
    for _ in range(rounds):
        for name, engine in engines.items():
            started = time.process_time()
            tokens = engine()
            speeds[name] = max(speeds[name], tokens / (time.process_time() - started))
    return speeds


def decode(layers: int, width: int, rounds: int) -> dict[str, float]:
    """Greedy decoding of 48 tokens after a prompt of 64; the prompt's share is in it."""
    from transformers import GPT2LMHeadModel

    torch.manual_seed(0)
    shape = GPTConfig(VOCABULARY.get(width, 512), 512, layers, max(1, width // 64), width)
    with tempfile.TemporaryDirectory() as folder:
        checkpoint.save(GPT(shape), folder)
        ours, theirs = checkpoint.load(folder), GPT2LMHeadModel.from_pretrained(folder).eval()
    small = quantize(checkpoint_copy(ours))
    prompt = torch.randint(0, shape.vocabulary, (64,)).tolist()

    def transformers() -> list[int]:
        ids = torch.tensor([prompt])
        found = theirs.generate(
            ids, attention_mask=torch.ones_like(ids), max_new_tokens=48, do_sample=False, pad_token_id=0
        )
        return found[0, 64:].tolist()

    same = transformers() == generate(ours, prompt, Options(48))
    print(f"same greedy text in fp32: {same}")
    return best(
        rounds,
        {
            "transformers.generate fp32": lambda: len(transformers()),
            "ours fp32": lambda: len(generate(ours, prompt, Options(48))),
            "ours int8": lambda: len(generate(small, prompt, Options(48))),
        },
    )


def checkpoint_copy(model: GPT) -> GPT:
    """The same network again, so that quantizing one leaves the other alone."""
    again = GPT(model.config)
    again.load_state_dict(model.state_dict())
    return again.eval()


def learning(layers: int, width: int, rounds: int) -> dict[str, float]:
    """Training steps of 16 rows of 128 tokens: our loop, and the Trainer on a GPT-2 of the same shape."""
    folder = Path(tempfile.mkdtemp())
    shape = GPTConfig(512, 128, layers, max(1, width // 32), width)
    rows = torch.randint(0, 512, (512, 129), generator=torch.Generator().manual_seed(0))
    write_rows(folder / "data", rows)
    settings = Settings(steps=30, batch=16, report_every=10**6, save_every=10**6, validation_batches=0)

    def ours(precision: str) -> int:
        from dataclasses import replace

        train(folder / "data", folder / "ours", shape, replace(settings, precision=precision))
        return 30 * 16 * 128

    return best(
        rounds,
        {
            "transformers.Trainer fp32": lambda: trainer(shape, rows, folder, bf16=False),
            "transformers.Trainer bf16": lambda: trainer(shape, rows, folder, bf16=True),
            "ours fp32": lambda: ours("fp32"),
            "ours bf16": lambda: ours("bf16"),
        },
    )


def write_rows(folder: Path, rows: torch.Tensor) -> None:
    """A data folder of these rows."""
    from codeassist.gpt import dataset
    from codeassist.gpt.tokenizer import train_tokenizer

    matrices = {split: dataset.Matrix(rows.shape[1], wide=False) for split in dataset.SPLITS}
    for row in rows.tolist():
        matrices["train"].add(row, [dataset.LEARN] * len(row))
    tokenizer = train_tokenizer(["".join(chr(33 + k % 90) + chr(34 + k % 80) for k in range(5000))], 512)
    missing = 512 - tokenizer.size
    tokenizer.inner.add_tokens([f"<extra {k}>" for k in range(missing)])
    dataset.write(folder, matrices, tokenizer, "code")


def trainer(shape: GPTConfig, rows: torch.Tensor, folder: Path, bf16: bool) -> int:
    """The same steps by the Trainer, without its reports and checkpoints."""
    from transformers import GPT2Config, GPT2LMHeadModel, Trainer, TrainingArguments

    config = GPT2Config(
        vocab_size=512, n_positions=128, n_embd=shape.width, n_layer=shape.layers, n_head=shape.heads,
        resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0,
    )  # fmt: skip
    arguments = TrainingArguments(
        output_dir=str(folder / "theirs"), max_steps=30, per_device_train_batch_size=16, use_cpu=True,
        report_to=[], save_strategy="no", logging_strategy="no", disable_tqdm=True, bf16=bf16,
        learning_rate=1e-3, max_grad_norm=1.0,
    )  # fmt: skip
    texts = [{"input_ids": row[:-1], "labels": row[:-1]} for row in rows]
    Trainer(model=GPT2LMHeadModel(config), args=arguments, train_dataset=texts).train()
    return 30 * 16 * 128


def main() -> None:
    """Print a table of tokens a CPU second, and how often the first engine's speed each is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("what", choices=["decode", "train"])
    parser.add_argument("--layers", type=int, default=12)
    parser.add_argument("--width", type=int, default=768)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    measure = decode if chosen.what == "decode" else learning
    speeds = measure(chosen.layers, chosen.width, chosen.rounds)
    first = next(iter(speeds.values()))
    print("| engine | tokens / CPU s | |\n| --- | --- | --- |")
    for name, speed in speeds.items():
        print(f"| {name} | {speed:.0f} | {speed / first:.2f}x |")


if __name__ == "__main__":
    main()
