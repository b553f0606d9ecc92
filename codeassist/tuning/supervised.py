"""Supervised fine-tuning of a Hugging Face model on dialogues; only answers are learned."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codeassist.gpt.dataset import split_of
from codeassist.gpt.dialogue import Dialogue
from codeassist.gpt.errors import GptError
from codeassist.tuning.models import adapter, common, keep, load, polite


@dataclass(frozen=True, slots=True)
class Settings:
    """How to tune."""

    steps: int = 200
    batch: int = 8
    accumulate: int = 1
    rate: float = 2e-4
    lora: int = 8
    """rank of the adapter; 0 tunes all weights"""
    context: int = 1024
    """tokens of a dialogue; a longer one is cut"""
    patience: int = 3
    """validations without a better loss before it stops"""
    check_every: int = 50
    """steps between validations"""
    seed: int = 0


def tune(
    model: str | Path,
    dialogues: Sequence[Dialogue],
    out: str | Path,
    settings: Settings,
    resume: bool = False,
    report: Callable[[dict[str, Any]], None] = lambda row: None,
) -> list[dict[str, Any]]:
    """Tune the model of a folder; the merged result is left in `out`. Gives the rows of its log."""
    learning, testing = parts(dialogues)
    network, tokenizer = load(model)
    with polite(out):
        trainer = trainer_of(network, tokenizer, learning, testing, out, settings, report)
        trainer.train(resume_from_checkpoint=resume or None)
        rows = [row for row in trainer.state.log_history if "loss" in row or "eval_loss" in row]
        if any(not math.isfinite(row.get("loss", 0.0)) for row in rows):
            raise GptError("the loss is no longer a number", hint="lower --rate, and go on with --resume")
        keep(trainer, tokenizer, out)
    return rows


def parts(dialogues: Sequence[Dialogue]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Rows to learn and rows to test on, split by origin; each is a prompt and its completion."""
    sides: dict[str, list[dict[str, Any]]] = {"train": [], "validation": []}
    for dialogue in dialogues:
        messages = [{"role": role, "content": content} for role, content in dialogue.messages]
        sides[split_of(dialogue.origin)].append({"prompt": messages[:-1], "completion": messages[-1:]})
    if not sides["train"]:
        raise GptError("there is nothing to learn from: no dialogue")
    return sides["train"], sides["validation"] or sides["train"][:1]


def trainer_of(
    network: Any,
    tokenizer: Any,
    learning: list[dict[str, Any]],
    testing: list[dict[str, Any]],
    out: str | Path,
    settings: Settings,
    report: Callable[[dict[str, Any]], None],
) -> Any:
    """TRL's trainer, set up: completions alone are learned, the best weights are kept."""
    from datasets import Dataset
    from transformers import EarlyStoppingCallback
    from trl import SFTConfig, SFTTrainer

    longest = min(settings.context, getattr(network.config, "max_position_embeddings", settings.context))
    check = min(settings.check_every, settings.steps)
    arguments = SFTConfig(
        **common(out),
        max_steps=settings.steps,
        per_device_train_batch_size=settings.batch,
        per_device_eval_batch_size=settings.batch,
        gradient_accumulation_steps=settings.accumulate,
        learning_rate=settings.rate,
        lr_scheduler_type="cosine",
        warmup_steps=min(20, settings.steps // 10),
        max_length=longest,
        completion_only_loss=True,
        eval_strategy="steps",
        eval_steps=check,
        save_steps=check,
        save_total_limit=2,
        load_best_model_at_end=True,
        metric_for_best_model="eval_loss",
        logging_steps=max(1, check // 5),
        seed=settings.seed,
    )
    return SFTTrainer(
        network,
        arguments,
        train_dataset=Dataset.from_list(learning),
        eval_dataset=Dataset.from_list(testing),
        processing_class=tokenizer,
        peft_config=adapter(settings.lora),
        callbacks=[EarlyStoppingCallback(settings.patience), teller(report)],
    )


def teller(report: Callable[[dict[str, Any]], None]) -> Any:
    """A callback that hands each row of the log on."""
    from transformers import TrainerCallback

    class Teller(TrainerCallback):
        def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **rest: Any) -> None:
            report({"step": state.global_step, **(logs or {})})

    return Teller()
