"""Alignment of a Hugging Face model by TRL: GRPO against a judge, DPO on pairs of answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codeassist.gpt.errors import GptError
from codeassist.gpt.preference import Pair
from codeassist.tuning.models import adapter, common, keep, load, polite
from codeassist.tuning.supervised import teller

Messages = Sequence[dict[str, str]]
Worth = Callable[[str], float]
"""the reward of an answer to one question"""


@dataclass(frozen=True, slots=True)
class Settings:
    """How to align."""

    steps: int = 50
    batch: int = 8
    """answers in one backward pass"""
    answers: int = 4
    """answers to one question, compared with one another (GRPO)"""
    length: int = 128
    """new tokens of an answer at most"""
    rate: float = 1e-5
    lora: int = 8
    distance: float = 0.02
    """beta: price of the distance from the model as it was"""
    seed: int = 0


def grpo(
    model: str | Path,
    questions: Sequence[tuple[Messages, Worth]],
    out: str | Path,
    settings: Settings,
    report: Callable[[dict[str, Any]], None] = lambda row: None,
) -> list[dict[str, Any]]:
    """Group relative policy optimisation (Shao et al. 2024): answers to one question are paid by their rank.

    An answer's advantage is its reward less the group's mean, over the group's deviation. No critic.
    """
    from datasets import Dataset
    from trl import GRPOConfig, GRPOTrainer

    if not questions:
        raise GptError("there is nothing to ask: no step could be recorded", hint="see codeassist doctor")
    network, tokenizer = load(model)
    worth = [judge for _, judge in questions]

    def paid(completions: Sequence[Any], number: Sequence[int], **rest: Any) -> list[float]:
        return [worth[k](text_of(answer)) for answer, k in zip(completions, number, strict=True)]

    rows = [{"prompt": list(messages), "number": k} for k, (messages, _) in enumerate(questions)]
    with polite(out):
        arguments = GRPOConfig(
            **common(out, **shared(settings)),
            num_generations=settings.answers,
            max_completion_length=settings.length,
            beta=settings.distance,
        )
        trainer = GRPOTrainer(
            network, paid, arguments, Dataset.from_list(rows), processing_class=tokenizer,
            peft_config=adapter(settings.lora), callbacks=[teller(report)],
        )  # fmt: skip
        trainer.train()
        keep(trainer, tokenizer, out)
    return list(trainer.state.log_history)


def dpo(
    model: str | Path,
    pairs: Sequence[Pair],
    out: str | Path,
    settings: Settings,
    report: Callable[[dict[str, Any]], None] = lambda row: None,
) -> list[dict[str, Any]]:
    """Direct preference optimisation (Rafailov et al. 2023): pairs alone, no sampling, no reward model."""
    from datasets import Dataset
    from trl import DPOConfig, DPOTrainer

    if not pairs:
        raise GptError("there are no preferences to learn from")
    network, tokenizer = load(model)
    rows = [conversation(*pair) for pair in pairs]
    with polite(out):
        arguments = DPOConfig(**common(out, **shared(settings)), beta=0.1)
        trainer = DPOTrainer(
            network, None, arguments, train_dataset=Dataset.from_list(rows), processing_class=tokenizer,
            peft_config=adapter(settings.lora), callbacks=[teller(report)],
        )  # fmt: skip
        trainer.train()
        keep(trainer, tokenizer, out)
    return list(trainer.state.log_history)


def shared(settings: Settings) -> dict[str, Any]:
    """Arguments of both trainers."""
    return {
        "max_steps": settings.steps,
        "per_device_train_batch_size": settings.batch,
        "learning_rate": settings.rate,
        "logging_steps": max(1, settings.steps // 20),
        "save_steps": max(1, settings.steps // 2),
        "save_total_limit": 1,
        "seed": settings.seed,
    }


def conversation(question: str, chosen: str, rejected: str) -> dict[str, Any]:
    """A pair in the form that carries a chat template."""
    return {
        "prompt": [{"role": "user", "content": question}],
        "chosen": [{"role": "assistant", "content": chosen}],
        "rejected": [{"role": "assistant", "content": rejected}],
    }


def text_of(answer: Any) -> str:
    """The text of an answer: plain, or the last message of a list."""
    return str(answer[-1]["content"]) if isinstance(answer, list) else str(answer)
