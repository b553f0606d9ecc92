"""What people prefer, learned from pairs: one number for a question and its answer.

Trained by -log sigmoid(r(better) - r(worse)), the chance that the better one wins (Bradley & Terry 1952;
Christiano et al. 2017, "Deep Reinforcement Learning from Human Preferences").
"""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from codeassist.gpt.errors import GptError
from codeassist.gpt.model import GPT
from codeassist.gpt.tokenizer import Tokenizer

Pair = tuple[str, str, str]
"""question, better answer, worse answer"""


def read_pairs(file: str | Path) -> list[Pair]:
    """The rows of a JSONL file of {"prompt", "chosen", "rejected"}; GptError names the first bad line."""
    path = Path(file)
    pairs = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise GptError(f"cannot read {path}: {error}") from None
    for number, line in enumerate(lines, 1):
        if line.strip():
            pairs.append(pair_of(line, f"{path}:{number}"))
    return pairs


def pair_of(line: str, place: str) -> Pair:
    """The pair of one row."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        raise GptError(f"{place}: the row is not JSON") from None
    names = ("prompt", "chosen", "rejected")
    said = tuple(row.get(name) for name in names) if isinstance(row, dict) else ()
    if len(said) != 3 or not all(isinstance(text, str) for text in said):
        raise GptError(f"{place}: a row has the texts prompt, chosen and rejected")
    return str(said[0]), str(said[1]), str(said[2])


class Preferences(nn.Module):
    """A network's last hidden state, read as one number."""

    def __init__(self, model: GPT, tokenizer: Tokenizer) -> None:
        super().__init__()
        self.model, self.tokenizer = copy.deepcopy(model), tokenizer
        self.read = nn.Linear(model.config.width, 1)

    def forward(self, pairs: Sequence[tuple[str, str]]) -> Tensor:
        """(question, answer) pairs -> a number each, (B,)."""
        rows = [
            self.tokenizer.encode(question + answer)[-self.model.config.context :]
            for question, answer in pairs
        ]
        width = max(map(len, rows))
        ids = torch.tensor([row + [0] * (width - len(row)) for row in rows])
        hidden = self.model.hidden(ids)  # (B, T, C)
        last = torch.tensor([len(row) - 1 for row in rows])
        worth: Tensor = self.read(hidden[torch.arange(len(rows)), last])[:, 0]
        return worth

    def bonus(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """Between -0.5 and 0.5: enough to choose among true answers, too little to pay for a lie."""
        with torch.no_grad():
            worth: list[float] = (self(pairs).sigmoid() - 0.5).tolist()
        return worth


def learn_preferences(
    model: GPT, tokenizer: Tokenizer, pairs: Sequence[Pair], steps: int = 60, seed: int = 0
) -> Preferences:
    """Train the model; at a rate so low that it keeps what the network knows."""
    if not pairs:
        raise GptError("there are no preferences to learn from")
    torch.manual_seed(seed)
    judge = Preferences(model, tokenizer)
    optimizer = torch.optim.AdamW(judge.parameters(), lr=1e-4)
    for step in range(steps):
        some = [pairs[k % len(pairs)] for k in range(step * 16, step * 16 + min(16, len(pairs)))]
        better = judge([(question, chosen) for question, chosen, _ in some])
        worse = judge([(question, rejected) for question, _, rejected in some])
        loss = -F.logsigmoid(better - worse).mean()
        optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        optimizer.step()
    return judge.eval()
