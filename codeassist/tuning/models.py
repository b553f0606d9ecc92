"""A Hugging Face model from a folder, ready to be tuned, and what is left of it afterwards."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from codeassist.gpt.errors import GptError

PLAIN = (
    "{% for m in messages %}{% if m['role'] == 'user' %}{{ m['content'] + '\\n>' }}"
    "{% elif m['role'] == 'assistant' %}{{ m['content'] + eos_token }}"
    "{% else %}{{ m['content'] + '\\n' }}{% endif %}{% endfor %}"
)
"""for a model without a chat template: one text after another, the answer ended by the end token"""


def load(folder: str | Path) -> tuple[Any, Any]:
    """Model and tokenizer; GptError in one line where the folder does not hold them."""
    from transformers import AutoModelForCausalLM, AutoTokenizer

    if not (Path(folder) / "config.json").is_file():
        raise GptError(f"{folder} holds no config.json", hint="name the folder of a causal language model")
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        model = AutoModelForCausalLM.from_pretrained(folder, local_files_only=True, use_safetensors=True)
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise GptError(f"{folder} cannot be loaded: {str(error).splitlines()[0]}") from None
    size = int(model.config.get_text_config().vocab_size)
    if len(tokenizer) > size:
        raise GptError(f"the tokenizer of {folder} knows {len(tokenizer)} tokens, the model only {size}")
    if tokenizer.eos_token is None:
        raise GptError(f"the tokenizer of {folder} has no end token", hint="set eos_token in its config")
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    if tokenizer.chat_template is None:
        tokenizer.chat_template = PLAIN
    return model, tokenizer


def adapter(rank: int) -> Any:
    """LoRA on every linear map (Hu et al. 2022); None for rank 0, which tunes all weights."""
    if not rank:
        return None
    from peft import LoraConfig

    return LoraConfig(r=rank, lora_alpha=2 * rank, target_modules="all-linear", task_type="CAUSAL_LM")


def keep(trainer: Any, tokenizer: Any, out: str | Path) -> None:
    """The tuned model as a plain folder: an adapter is merged, so that any tool opens it."""
    model = trainer.accelerator.unwrap_model(trainer.model)
    if hasattr(model, "merge_and_unload"):
        model = model.merge_and_unload()
    model.save_pretrained(out, safe_serialization=True)
    tokenizer.save_pretrained(out)


@contextmanager
def polite(out: str | Path) -> Iterator[None]:
    """Trouble of the libraries in one line; nothing is fetched from a hub, nothing reported anywhere."""
    import torch

    for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_DATASETS_OFFLINE"):
        os.environ.setdefault(name, "1")
    try:
        yield
    except torch.OutOfMemoryError:
        raise GptError("out of memory", hint="halve --batch, or tune with --lora") from None
    except (ValueError, RuntimeError, OSError) as error:
        said = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise GptError(f"tuning stopped: {said}", hint=f"checkpoints so far are in {out}") from None


def common(out: str | Path, **more: Any) -> dict[str, Any]:
    """Arguments that every trainer here is given: quiet, offline, checkpoints beside the model."""
    import torch

    return {
        "output_dir": str(Path(out) / "checkpoints"),
        "report_to": [],
        "disable_tqdm": True,
        "use_cpu": not torch.cuda.is_available(),
        "bf16": torch.cuda.is_available(),
        "gradient_checkpointing": False,
        **more,
    }
