"""`codeassist gpt tune|align|distill|compare`: a model taught by dialogues, by the judge, by a larger one."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from codeassist.cli.gpt_common import adjusted, polite, say

PRESETS = ["laptop-minute", "laptop-hour", "gpu-hour"]


@click.command()
@click.option("--model", required=True, metavar="FOLDER", help="A model of gpt train, or any causal LM.")
@click.option("--out", required=True, metavar="FOLDER", help="Where the tuned model goes.")
@click.option("--data", metavar="FILE", help="Dialogues as JSON lines; else steps of recorded programs.")
@click.option("--examples", type=click.IntRange(1), default=2000, show_default=True, help="Recorded steps.")
@click.option("--steps", type=click.IntRange(1), default=200, show_default=True)
@click.option("--batch", type=click.IntRange(1), default=32, show_default=True)
@click.option("--rate", type=click.FloatRange(0, min_open=True), help="Highest learning rate.")
@click.option(
    "--lora", type=click.IntRange(0), default=8, show_default=True, help="Rank; 0 tunes all weights."
)
@click.option("--patience", type=click.IntRange(0), default=3, show_default=True, help="Early stopping.")
@click.option("--seed", type=int, default=0)
@click.option("--resume", is_flag=True, help="Go on with what is in --out.")
def tune(model: str, out: str, data: str | None, examples: int, **given: Any) -> None:
    """Fine-tune on dialogues (system, question, answer); only answers are learned.

    The small GPT is tuned by the project's own loop, any other model by TRL, with LoRA unless --lora 0.
    """
    with polite("train"):
        if is_small(model):
            tune_small(model, out, data, examples, given)
        else:
            tune_foreign(model, out, data, examples, given)
    print(f"the tuned model is in {out}")


def is_small(folder: str) -> bool:
    """Whether a folder holds a network that `codeassist gpt` made."""
    from codeassist.gpt.checkpoint import MADE_BY, read_json
    from codeassist.gpt.errors import GptError

    if not (Path(folder) / "config.json").is_file():
        raise GptError(f"{folder} holds no config.json", hint="name the folder of a model")
    return bool(read_json(Path(folder) / "config.json").get("made_by") == MADE_BY)


def tune_small(model: str, out: str, data: str | None, examples: int, given: dict[str, Any]) -> None:
    """The small GPT, by its own loop."""
    from codeassist.gpt.checkpoint import read_config
    from codeassist.gpt.train import Settings, train

    folder = Path(out) / "data"
    if not (folder / "data.json").exists():
        packed(model, data, examples, folder, given["seed"])
    check = max(1, min(50, given["steps"] // 4))
    settings = Settings(
        steps=given["steps"], batch=given["batch"], rate=given["rate"] or 3e-4, warmup=min(20, check),
        save_every=check, patience=given["patience"], seed=given["seed"],
    )  # fmt: skip
    train(folder, out, read_config(Path(model)), settings, given["resume"], say, start=model)


def packed(model: str, data: str | None, examples: int, folder: Path, seed: int) -> None:
    """Dialogues as a data folder for the small GPT."""
    from codeassist.gpt.checkpoint import read_config
    from codeassist.gpt.dialogue import pack_dialogues
    from codeassist.gpt.tokenizer import load_tokenizer

    context = read_config(Path(model)).context
    kept, long = pack_dialogues(dialogues(data, examples, seed, True), load_tokenizer(model), context, folder)
    if long:
        print(
            f"{long} of {kept + long} dialogues are longer than {context} tokens: left out", file=sys.stderr
        )


def dialogues(data: str | None, examples: int, seed: int, spelled: bool) -> Any:
    """The rows of a file, or steps of programs recorded now."""
    from codeassist.gpt.dialogue import dialogue_of, read_dialogues

    if data is not None:
        return list(read_dialogues(data))
    from codeassist.pipeline import schooling

    rows = schooling.dialogues(examples, seed, spelled)
    return [dialogue_of(json.dumps(row), "recorded") for row in rows]


def tune_foreign(model: str, out: str, data: str | None, examples: int, given: dict[str, Any]) -> None:
    """Any other causal language model, by TRL."""
    from codeassist.tuning.supervised import Settings, tune

    rate = {} if given["rate"] is None else {"rate": given["rate"]}
    names = ("steps", "batch", "lora", "patience", "seed")
    settings = Settings(**{name: given[name] for name in names}, **rate)
    tune(model, dialogues(data, examples, given["seed"], False), out, settings, given["resume"], show)


def show(row: dict[str, Any]) -> None:
    """One line of a library's log."""
    figures = ("loss", "eval_loss", "reward", "kl", "rewards/accuracies", "completions/mean_length")
    said = [f"{name} {float(row[name]):.4g}" for name in figures if name in row]
    if said:
        print(f"step {row['step']:5}  " + "  ".join(said), file=sys.stderr, flush=True)


@click.command()
@click.option("--model", required=True, metavar="FOLDER")
@click.option("--out", required=True, metavar="FOLDER", help="Where the aligned model goes.")
@click.option(
    "--method",
    type=click.Choice(["ppo", "grpo", "dpo"]),
    help="Ours (ppo) for the small GPT, TRL's for others.",
)
@click.option(
    "--preferences", metavar="FILE", help="JSON lines of prompt, chosen, rejected, as chat keeps them."
)
@click.option("--questions", type=click.IntRange(8), default=300, show_default=True, help="Recorded steps.")
@click.option("--held-out", type=click.IntRange(8), default=150, show_default=True)
@click.option("--steps", type=click.IntRange(1), default=60, show_default=True)
@click.option("--batch", type=click.IntRange(2), help="Answers for each step.")
@click.option("--rate", type=click.FloatRange(0, min_open=True))
@click.option("--distance", type=click.FloatRange(0), default=0.02, show_default=True, help="Price of a nat.")
@click.option("--seed", type=int, default=0)
def align(model: str, out: str, method: str | None, preferences: str | None, **given: Any) -> None:
    """Reward what the recorded run verifies, less a price for saying little; and what people preferred."""
    with polite("train"):
        chosen = method or ("ppo" if is_small(model) else "dpo" if preferences else "grpo")
        pairs = None
        if preferences:
            from codeassist.gpt.preference import read_pairs

            pairs = read_pairs(preferences)
        {"ppo": align_small, "grpo": align_group, "dpo": align_pairs}[chosen](model, out, pairs, given)
    print(f"the aligned model is in {out}")


def align_small(model: str, out: str, pairs: Any, given: dict[str, Any]) -> None:
    """Our own PPO."""
    from codeassist.gpt.curve import draw_alignment
    from codeassist.gpt.narrator import Narrator
    from codeassist.gpt.ppo import Settings, align
    from codeassist.gpt.preference import learn_preferences
    from codeassist.pipeline import schooling

    narrator = Narrator.load(model)
    bonus = None
    if pairs is not None:
        bonus = learn_preferences(narrator.model, narrator.tokenizer, pairs, seed=given["seed"]).bonus
    said = {name: given[name] for name in ("batch", "rate") if given[name] is not None}
    settings = Settings(steps=given["steps"], distance=given["distance"], seed=given["seed"], **said)
    asked = schooling.questions(given["questions"], given["seed"])
    held_out = schooling.questions(given["held_out"], given["seed"] + schooling.HELD_OUT)
    align(model, out, asked, held_out, settings, bonus, report)
    draw_alignment(Path(out) / "align.jsonl", Path(out) / "align.svg")


def report(row: Any) -> None:
    """One line of our own alignment."""
    seen = f"  held out {row.held_out['reward']:.3f}" if row.held_out else ""
    print(
        f"step {row.step:4}  reward {row.reward:.3f}{seen}  verified {row.verified:.1%}"
        f"  refuted {row.refuted:.1%}  claims {row.claims:.2f}  distance {row.distance:.3f}"
        f"  length {row.length:.0f}",
        file=sys.stderr,
        flush=True,
    )


def align_group(model: str, out: str, pairs: Any, given: dict[str, Any]) -> None:
    """GRPO, by TRL; the judge decides the claims of an answer in JSON."""
    from itertools import islice

    from codeassist.pipeline import schooling
    from codeassist.tuning.alignment import grpo

    rows = islice(schooling.told(given["seed"], False), given["questions"])
    grpo(model, [(row["messages"][:-1], worth) for row, worth in rows], out, foreign(given), show)


def align_pairs(model: str, out: str, pairs: Any, given: dict[str, Any]) -> None:
    """DPO, by TRL, on pairs alone."""
    from codeassist.gpt.errors import GptError
    from codeassist.tuning.alignment import dpo

    if pairs is None:
        raise GptError("DPO learns from pairs", hint="give --preferences FILE")
    dpo(model, pairs, out, foreign(given), show)


def foreign(given: dict[str, Any]) -> Any:
    """Settings for TRL."""
    from codeassist.tuning.alignment import Settings

    said = {name: given[name] for name in ("batch", "rate") if given[name] is not None}
    return Settings(steps=given["steps"], distance=given["distance"], seed=given["seed"], **said)


@click.command()
@click.option("--teacher", required=True, metavar="FOLDER", help="The model whose scores are learned.")
@click.option("--out", required=True, metavar="FOLDER", help="Where the student goes.")
@click.option("--data", metavar="FOLDER", help="A data folder of the teacher's [TEACHER/data].")
@click.option("--preset", type=click.Choice(PRESETS), default="laptop-minute")
@click.option("--temperature", type=click.FloatRange(0, min_open=True), default=2.0, show_default=True)
@click.option(
    "--mix", type=click.FloatRange(0, 1), default=0.5, show_default=True, help="Share of the teacher."
)
@click.option("--steps", type=click.IntRange(1))
@click.option("--batch", type=click.IntRange(1))
@click.option("--rate", type=click.FloatRange(0, min_open=True))
@click.option("--layers", type=click.IntRange(1))
@click.option("--width", type=click.IntRange(1))
@click.option("--heads", type=click.IntRange(1))
@click.option("--seed", type=int)
@click.option("--resume", is_flag=True)
def distill(
    teacher: str,
    out: str,
    data: str | None,
    preset: str,
    temperature: float,
    mix: float,
    resume: bool,
    **given: Any,
) -> None:
    """Teach a smaller network all the scores of a larger one."""
    with polite("train"):
        from codeassist.gpt.checkpoint import read_config
        from codeassist.gpt.distill import distill
        from codeassist.gpt.train import PRESETS

        chosen = adjusted(PRESETS[preset], given)
        shape = replace(chosen.shape, context=read_config(Path(teacher)).context)
        folder = data or Path(teacher) / "data"
        distill(teacher, folder, out, shape, chosen.settings, temperature, mix, resume, say)
    print(f"the student is in {out}")


@click.command()
@click.argument("models", nargs=-1, required=True, metavar="FOLDER...")
@click.option("--questions", type=click.IntRange(1), default=200, show_default=True, help="Held-out steps.")
@click.option("--data", metavar="FOLDER", help="A data folder: the n-gram model of its rows stands beside.")
@click.option("--seed", type=int, default=0)
@click.option("--format", "format_", type=click.Choice(["terminal", "json"]), default="terminal")
def compare(models: tuple[str, ...], questions: int, data: str | None, seed: int, format_: str) -> None:
    """Verified and refuted claims of several models on the same held-out steps."""
    with polite("train"):
        from codeassist.pipeline import schooling

        found = schooling.compared(models, questions, seed, data or "")
    if format_ == "json":
        print(json.dumps({"format": "codeassist/comparison", "version": 1, "models": found}))
        return
    names = ("verified", "refuted", "claims", "distinct", "parsed", "reward")
    width = max(map(len, found))
    print(" " * width + "".join(f"{name:>10}" for name in names))
    for model, shares in found.items():
        print(f"{model:{width}}" + "".join(f"{shares[name]:>10.3f}" for name in names))


SUBCOMMANDS = (tune, align, distill, compare)
