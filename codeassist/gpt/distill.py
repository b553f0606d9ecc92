"""Distillation: a small network learns from all the scores of a large one, not from its choices alone.

loss = mix T^2 KL(teacher / T || student / T) + (1 - mix) cross-entropy   (Hinton et al. 2015, section 2)
The teacher's doubts tell more than one right token: which others would nearly have done.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from codeassist.gpt import checkpoint
from codeassist.gpt.errors import GptError
from codeassist.gpt.model import GPT, GPTConfig
from codeassist.gpt.train import Report, Settings, train


class DistilLoss(nn.Module):
    """Distance from the teacher's distribution, mixed with the loss of the data."""

    def __init__(self, model: GPT, teacher: GPT, temperature: float = 2.0, mix: float = 0.5) -> None:
        super().__init__()
        self.model, self.temperature, self.mix = model, temperature, mix
        self.teacher = [teacher]  # in a list: not a part of this module, so it is neither trained nor saved

    def forward(self, ids: Tensor, learn: Tensor) -> Tensor:
        """(B, T+1) ids and what is to be learned -> a scalar."""
        scores = self.model(ids[:, :-1])  # (B, T, V)
        with torch.no_grad():
            wanted = self.teacher[0](ids[:, :-1])
        chosen = learn[:, 1:]
        soft = distance(scores[chosen], wanted[chosen], self.temperature)
        hard = F.cross_entropy(scores[chosen], ids[:, 1:][chosen])
        mixed: Tensor = self.mix * soft + (1 - self.mix) * hard
        return mixed


def distance(scores: Tensor, wanted: Tensor, temperature: float) -> Tensor:
    """T^2 KL(wanted || scores), both (N, V), softened by the temperature; a scalar."""
    ours = (scores / temperature).log_softmax(dim=1)
    theirs = (wanted / temperature).log_softmax(dim=1)
    return temperature**2 * F.kl_div(ours, theirs, log_target=True, reduction="batchmean")


def distill(
    teacher: str | Path,
    data: str | Path,
    out: str | Path,
    shape: GPTConfig,
    settings: Settings,
    temperature: float = 2.0,
    mix: float = 0.5,
    resume: bool = False,
    report: Callable[[Report], None] = lambda row: None,
) -> GPT:
    """Train a student of this shape on a data folder, beside the teacher of the folder `teacher`."""
    large = checkpoint.load(teacher).requires_grad_(False)
    if not 0 <= mix <= 1 or temperature <= 0:
        raise GptError("the mix lies between 0 and 1, the temperature above 0")

    def loss(student: GPT) -> nn.Module:
        if student.config.vocabulary != large.config.vocabulary:
            raise GptError(
                "teacher and student have different vocabularies", hint="prepare the data with the teacher's"
            )
        if student.config.context > large.config.context:
            raise GptError(
                f"the teacher's context holds {large.config.context}, the student's {student.config.context}"
            )
        return DistilLoss(student, large, temperature, mix)

    return train(data, out, shape, settings, resume, report, loss=loss)
