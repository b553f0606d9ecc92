"""The training loop: guess the next token, measure the surprise, take a small step against it.

AdamW (Loshchilov & Hutter 2019) with warm-up and a cosine to a tenth (Radford et al. 2018), gradients
clipped by their norm (Pascanu et al. 2013). A batch depends on the seed and the step's number alone,
so a run that was cut off and resumed goes through the same losses as one that was not.

On disk, in the output folder: the model's own files (checkpoint.py, tokenizer.py), written whenever
a step was good; resume.pt, which alone is enough to go on; log.jsonl, one row for each report.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from codeassist.gpt import checkpoint
from codeassist.gpt.dataset import Data, Rows, batch_rows, open_data
from codeassist.gpt.errors import GptError
from codeassist.gpt.model import GPT, GPTConfig
from codeassist.gpt.tokenizer import load_tokenizer


@dataclass(frozen=True, slots=True)
class Settings:
    """How to train; the network's shape is GPTConfig's."""

    steps: int = 1000
    batch: int = 32
    """rows for each backward pass of one process"""
    accumulate: int = 1
    """backward passes for each step; batch * accumulate * processes rows in all"""
    rate: float = 1e-3
    """highest learning rate"""
    warmup: int = 50
    lowest: float = 0.1
    """learning rate at the end, as a share of the highest"""
    decay: float = 0.1
    clip: float = 1.0
    betas: tuple[float, float] = (0.9, 0.95)
    seed: int = 0
    device: str = "cpu"
    precision: str = "fp32"
    """fp32, or bf16 for the products (autocast)"""
    report_every: int = 20
    save_every: int = 200
    """steps between checkpoints, each with a validation"""
    validation_batches: int = 8
    seconds: float = 0.0
    """stop in good order after this many seconds, 0 for no limit; the cosine still spans `steps`"""
    patience: int = 0
    """stop after this many validations that were no better than the best, whose weights stay; 0 never does"""


@dataclass(frozen=True, slots=True)
class Preset:
    """A shape and settings that fit a budget."""

    shape: GPTConfig
    settings: Settings
    examples: int
    """traced steps to learn from, when no data folder is given"""


PRESETS = {
    "laptop-minute": Preset(
        GPTConfig(context=192, layers=2, heads=2, width=64),
        Settings(steps=150, batch=32, rate=3e-3, warmup=20, save_every=75),
        4_000,
    ),
    "laptop-hour": Preset(
        GPTConfig(context=192, layers=4, heads=4, width=128),
        Settings(steps=15_000, batch=32, rate=2e-3, warmup=200, save_every=500),
        150_000,
    ),
    "gpu-hour": Preset(
        GPTConfig(context=512, layers=8, heads=8, width=512, dropout=0.0),
        Settings(
            steps=30000, batch=256, rate=6e-4, warmup=500, save_every=1000, device="cuda", precision="bf16"
        ),
        4_000_000,
    ),
}


@dataclass(frozen=True, slots=True)
class Report:
    """Where the training stands; one row of log.jsonl."""

    step: int
    loss: float
    """mean over the tokens learned since the last report, in nats"""
    rate: float
    tokens: float
    """tokens a second"""
    seconds: float
    validation: float | None = None


class Workers:
    """The processes that train together, as torchrun or accelerate start them; one if nobody did."""

    def __init__(self, device: str) -> None:
        self.rank = int(os.environ.get("RANK", "0"))
        self.count = int(os.environ.get("WORLD_SIZE", "1"))
        self.device = torch.device(device)
        if self.device.type == "cuda" and self.count > 1:
            self.device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))
        if self.count > 1 and not torch.distributed.is_initialized():
            torch.distributed.init_process_group("nccl" if self.device.type == "cuda" else "gloo")

    def wrap(self, module: nn.Module) -> nn.Module:
        """The same module, its gradients averaged over the processes after each step."""
        return nn.parallel.DistributedDataParallel(module) if self.count > 1 else module

    def mean(self, value: float) -> float:
        """The mean of a number over the processes."""
        if self.count == 1:
            return value
        shared = torch.tensor([value], dtype=torch.float64, device=self.device)
        torch.distributed.all_reduce(shared)
        return float(shared) / self.count

    def close(self) -> None:
        """Let the others go."""
        if self.count > 1 and torch.distributed.is_initialized():
            torch.distributed.destroy_process_group()


class Loss(nn.Module):
    """The loss as a module, so that the processes' wrapper sees one call."""

    def __init__(self, model: GPT) -> None:
        super().__init__()
        self.model = model

    def forward(self, ids: Tensor, learn: Tensor) -> Tensor:
        """A scalar."""
        return self.model.loss(ids, learn)


def train(
    data: str | Path,
    out: str | Path,
    shape: GPTConfig,
    settings: Settings,
    resume: bool = False,
    report: Callable[[Report], None] = lambda row: None,
    start: str | Path | None = None,
    loss: Callable[[GPT], nn.Module] = Loss,
) -> GPT:
    """Train a network on a data folder; gives it back, and leaves it in the folder `out`.

    It begins with random weights, or with the network of the folder `start`, whose shape it then has.
    `loss` makes the module that is minimised: (ids, learn) -> a scalar.
    """
    about, learning, testing = open_data(data)
    workers = Workers(settings.device)
    try:
        model = fresh(about, Path(data), shape, settings.seed) if start is None else checkpoint.load(start)
        fit(model.config, about)
        run = Run(about, learning, testing, Path(data), Path(out), model, settings, workers, loss)
        if resume:
            run.restore()
        run.go(report)
        return run.model
    except torch.OutOfMemoryError:
        raise GptError("out of memory", hint=smaller(settings)) from None
    except RuntimeError as error:
        if "allocate memory" in str(error):
            raise GptError("out of memory", hint=smaller(settings)) from None
        raise
    finally:
        workers.close()


def fresh(about: Data, data: Path, shape: GPTConfig, seed: int) -> GPT:
    """A network of random weights for this data."""
    torch.manual_seed(seed)
    end = load_tokenizer(data).end
    return GPT(replace(shape, vocabulary=about.vocabulary, end=end))


def fit(shape: GPTConfig, about: Data) -> None:
    """GptError where the data cannot be put into a network of this shape."""
    if shape.context + 1 < about.width:
        raise GptError(f"the data's rows hold {about.width - 1} tokens, the context only {shape.context}")
    if shape.vocabulary != about.vocabulary:
        raise GptError(
            f"the data were made with {about.vocabulary} tokens, the model has {shape.vocabulary}",
            hint="prepare them with the model's tokenizer",
        )


def smaller(settings: Settings) -> str:
    """What to do when memory runs out."""
    return f"halve the batch ({settings.batch}) and double the accumulation; go on with --resume"


class Run:
    """One training: the network, the optimiser, and how far they are."""

    def __init__(
        self,
        about: Data,
        learning: Rows,
        testing: Rows,
        data: Path,
        out: Path,
        model: GPT,
        settings: Settings,
        workers: Workers,
        loss: Callable[[GPT], nn.Module],
    ) -> None:
        self.about, self.learning, self.testing = about, learning, testing
        self.out, self.settings, self.workers = out, settings, workers
        self.tokenizer = load_tokenizer(data)
        torch.manual_seed(settings.seed)
        self.model = model.to(workers.device)
        self.loss = workers.wrap(loss(self.model))
        self.optimizer = torch.optim.AdamW(
            list(self.model.weight_groups(settings.decay)),
            lr=settings.rate,
            betas=settings.betas,
            fused=workers.device.type == "cuda",
        )
        self.step = 0
        self.rows: list[dict[str, Any]] = []

    def go(self, report: Callable[[Report], None]) -> None:
        """All steps that are left."""
        settings, started = self.settings, time.monotonic()
        losses, tokens, since = [], 0, time.monotonic()
        self.model.train()
        while self.step < settings.steps:
            loss, learned = self.one_step()
            losses.append(loss)
            tokens += learned
            self.step += 1
            late = bool(settings.seconds) and time.monotonic() - started > settings.seconds
            last = self.step == settings.steps or self.workers.mean(float(late)) > 0
            last = last or self.tired()
            save = last or self.step % settings.save_every == 0
            if save or self.step % settings.report_every == 0:
                now = time.monotonic()
                surprise = self.validate() if save else None
                row = Report(
                    self.step, sum(losses) / len(losses), self.rate(self.step - 1),
                    tokens / max(now - since, 1e-9), now - started, surprise,
                )  # fmt: skip
                losses, tokens, since = [], 0, time.monotonic()
                self.rows.append(asdict(row))
                if self.workers.rank == 0:
                    report(row)
            if save:
                self.save()
            if last:
                break
        self.model.eval()

    def tired(self) -> bool:
        """Whether the last `patience` validations were no better than the best before them."""
        seen = [row["validation"] for row in self.rows if row["validation"] is not None]
        recent = self.settings.patience
        return bool(recent) and len(seen) > recent and min(seen[-recent:]) >= min(seen[:-recent])

    def best(self) -> bool:
        """Whether the weights as they are now shall be kept."""
        seen = [row["validation"] for row in self.rows if row["validation"] is not None]
        return not self.settings.patience or not seen or seen[-1] == min(seen)

    def one_step(self) -> tuple[float, int]:
        """One update of the weights; its loss, and the tokens that all processes read for it."""
        settings, total, read = self.settings, 0.0, 0
        for group in self.optimizer.param_groups:
            group["lr"] = self.rate(self.step)
        for turn in range(settings.accumulate):
            ids, learn = self.batch(turn)
            quiet = turn + 1 < settings.accumulate and isinstance(
                self.loss, nn.parallel.DistributedDataParallel
            )
            with self.loss.no_sync() if quiet else contextlib.nullcontext(), self.products():  # type: ignore[operator]
                loss = self.loss(ids, learn) / settings.accumulate
            loss.backward()
            total += float(loss.detach())
            read += ids.numel()
        norm = nn.utils.clip_grad_norm_(self.model.parameters(), settings.clip)
        total = self.workers.mean(total)
        if not math.isfinite(total) or not math.isfinite(float(norm)):
            raise GptError(self.lost(), hint="lower the learning rate, and go on with --resume")
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        return total, read * self.workers.count

    def lost(self) -> str:
        """One line about a loss that is no number."""
        kept = self.out / "resume.pt"
        saved = (
            f"the last good checkpoint is in {self.out}" if kept.exists() else "no checkpoint was made before"
        )
        return f"the loss is no longer a number at step {self.step + 1}; {saved}"

    def batch(self, turn: int) -> tuple[Tensor, Tensor]:
        """This process's share of the rows for this turn of this step."""
        workers, settings = self.workers, self.settings
        number = (self.step * settings.accumulate + turn) * workers.count + workers.rank
        ids, learn = self.learning.take(batch_rows(self.about, settings.batch, settings.seed, number))
        return ids.to(workers.device), learn.to(workers.device)

    def products(self) -> contextlib.AbstractContextManager[Any]:
        """bf16 for the matrix products, if asked for."""
        if self.settings.precision == "bf16":
            return torch.autocast(self.workers.device.type, torch.bfloat16)
        return contextlib.nullcontext()

    def rate(self, step: int) -> float:
        """Learning rate of a step: up in a straight line, then down along a cosine."""
        settings = self.settings
        if step < settings.warmup:
            return settings.rate * (step + 1) / settings.warmup
        share = (step - settings.warmup) / max(1, settings.steps - settings.warmup)
        floor = settings.rate * settings.lowest
        return floor + (settings.rate - floor) * (1 + math.cos(math.pi * min(1.0, share))) / 2

    @torch.no_grad()
    def validate(self) -> float | None:
        """Mean surprise, in nats a token, on rows that are never learned; None if there are none."""
        losses, weights = [], []
        self.model.eval()
        for ids, learn in self.validation_batches():
            losses.append(float(self.model.loss(ids, learn)))
            weights.append(int(learn[:, 1:].sum()))
        self.model.train()
        if not sum(weights):
            return None
        return sum(loss * weight for loss, weight in zip(losses, weights, strict=True)) / sum(weights)

    def validation_batches(self) -> Iterator[tuple[Tensor, Tensor]]:
        batch, count = self.settings.batch, self.testing.count
        for first in range(0, min(count, batch * self.settings.validation_batches), batch):
            ids, learn = self.testing.take(torch.arange(first, min(first + batch, count)))
            yield ids.to(self.workers.device), learn.to(self.workers.device)

    def save(self) -> None:
        """Model, tokenizer, log, and what is needed to go on; by the first process only."""
        if self.workers.rank != 0:
            return
        if self.best():
            checkpoint.save(self.model, self.out)
            self.tokenizer.save(self.out)
        state = {
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "step": self.step,
            "rows": self.rows,
            "chance": torch.get_rng_state(),
        }
        part = self.out / ".resume.pt.part"
        try:
            torch.save(state, part)
            os.replace(part, self.out / "resume.pt")
        except (OSError, RuntimeError) as error:
            part.unlink(missing_ok=True)
            raise GptError(f"cannot write the checkpoint: {error}") from None
        lines = "".join(json.dumps(row) + "\n" for row in self.rows)
        checkpoint.write_whole(self.out / "log.jsonl", lines.encode())

    def restore(self) -> None:
        """Go on from resume.pt; a file that is damaged, or of another shape, gives one line."""
        file = self.out / "resume.pt"
        if not file.exists():
            raise GptError(f"{file} does not exist: there is nothing to resume")
        try:
            state = torch.load(file, map_location=self.workers.device, weights_only=True)
            self.model.load_state_dict(state["model"])
            self.optimizer.load_state_dict(state["optimizer"])
        except Exception as error:  # a damaged zip, pickle or tensor, each with its own class
            problem = (str(error).splitlines() or [""])[-1].strip()
            raise GptError(f"{file} cannot be resumed from: {problem}") from None
        self.step, self.rows = state["step"], list(state["rows"])
        torch.set_rng_state(state["chance"].cpu())
