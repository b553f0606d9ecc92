"""`codeassist gpt train|generate|eval` and, from gpt_school.py, the rest: the small GPT."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from codeassist.cli.gpt_common import adjusted, polite, say
from codeassist.cli.gpt_school import SUBCOMMANDS
from codeassist.cli.options import emit

if TYPE_CHECKING:
    from codeassist.gpt.evaluate import Evaluation, Marks
    from codeassist.gpt.train import Preset


@click.group()
def command() -> None:
    """The small GPT: train, tune, align, distil, generate, evaluate, compare."""


@command.command()
@click.option("--model", required=True, metavar="FOLDER", help="A model that gpt train made, or any GPT-2.")
@click.option("--prompt", required=True, metavar="TEXT", help="The text to go on with; - reads stdin.")
@click.option("--max-new-tokens", type=click.IntRange(1), default=128, show_default=True)
@click.option("--temperature", type=float, default=0.0, help="0 takes the likeliest token [0].")
@click.option("--top-k", type=int, default=0, help="Sample among this many likeliest tokens.")
@click.option(
    "--top-p", type=float, default=1.0, help="Sample among the fewest tokens with this probability."
)
@click.option("--repetition-penalty", type=float, default=1.0, help="Above 1 discourages what was said.")
@click.option("--beams", type=int, default=1, help="Grow this many sequences side by side, keep the best.")
@click.option("--length-penalty", type=float, default=1.0, help="Above 0 favours long beams.")
@click.option("--contrast", type=float, default=0.0, help="Contrastive search: weight of unlikeness, 0 to 1.")
@click.option("--seed", type=int, default=0)
@click.option("--int8", is_flag=True, help="Weights in int8: faster on a CPU, nearly the same answers.")
@click.option("--schema", type=click.File(), metavar="FILE", help="A JSON schema that the answer must fit.")
@click.option("--format", "format_", type=click.Choice(["terminal", "json"]), default="terminal")
@click.option("--output", type=click.Path(dir_okay=False), metavar="FILE", help="Write there instead.")
def generate(
    model: str,
    prompt: str,
    int8: bool,
    schema: IO[str] | None,
    format_: str,
    output: str | None,
    **chosen: Any,
) -> None:
    """Go on with a text; greedy unless told otherwise."""
    with polite():
        from codeassist.gpt.checkpoint import load
        from codeassist.gpt.constraint import SchemaMask, read_schema
        from codeassist.gpt.generate import Options, quantize
        from codeassist.gpt.tokenizer import load_tokenizer

        options = Options(**chosen)
        options.check()
        network, tokenizer = load(model), load_tokenizer(model)
        ids = tokenizer.encode(sys.stdin.read() if prompt == "-" else prompt)
        network = quantize(network) if int8 else network
        allowed = SchemaMask(tokenizer, read_schema(schema.read())) if schema else None
        if format_ == "terminal" and output is None and options.beams == 1:
            stream_text(network, tokenizer, ids, options, allowed)
        else:
            emit(whole_text(network, tokenizer, ids, options, allowed, format_), output)


def stream_text(network: Any, tokenizer: Any, ids: list[int], options: Any, allowed: Any) -> None:
    """Print the text as it comes; a character of several tokens waits until it is whole."""
    from codeassist.gpt.generate import stream
    from codeassist.records.text import inert

    new: list[int] = []
    text, shown = "", 0
    for token in stream(network, ids, options, allowed):
        new.append(token)
        text = tokenizer.decode(new)
        whole = text.rstrip("\ufffd")
        sys.stdout.write(inert(whole[shown:], keep="\n\t"))
        sys.stdout.flush()
        shown = max(shown, len(whole))
    print(inert(text[shown:], keep="\n\t"))


def whole_text(network: Any, tokenizer: Any, ids: list[int], options: Any, allowed: Any, format_: str) -> str:
    """The finished text, plain or as a document."""
    from codeassist.gpt.generate import generate as continue_ids
    from codeassist.records.text import inert

    new = continue_ids(network, ids, options, allowed)
    text = tokenizer.decode(new)
    if format_ == "terminal":
        return inert(text, keep="\n\t") + "\n"
    return json.dumps({"format": "codeassist/generation", "version": 1, "text": text, "tokens": new}) + "\n"


@command.command()
@click.option("--out", required=True, metavar="FOLDER", help="Where the model goes.")
@click.option("--data", metavar="FOLDER", help="Code to learn, or a prepared folder; else traced steps.")
@click.option(
    "--preset", type=click.Choice(["laptop-minute", "laptop-hour", "gpu-hour"]), default="laptop-minute"
)
@click.option("--resume", is_flag=True, help="Go on with what is in --out.")
@click.option("--steps", type=click.IntRange(1))
@click.option("--batch", type=click.IntRange(1))
@click.option("--accumulate", type=click.IntRange(1), help="Backward passes for one step.")
@click.option("--rate", type=click.FloatRange(0, min_open=True), help="Highest learning rate.")
@click.option("--seconds", type=click.FloatRange(0), help="Stop in good order after this long.")
@click.option("--seed", type=int)
@click.option("--device", metavar="NAME", help="cpu, cuda, mps.")
@click.option("--precision", type=click.Choice(["fp32", "bf16"]))
@click.option("--layers", type=click.IntRange(1))
@click.option("--width", type=click.IntRange(1))
@click.option("--heads", type=click.IntRange(1))
@click.option("--context", type=click.IntRange(8))
@click.option("--vocabulary", type=click.IntRange(257), default=512, show_default=True)
@click.option("--examples", type=click.IntRange(1), help="Traced steps to prepare, where there is no --data.")
def train(
    out: str, data: str | None, preset: str, resume: bool, vocabulary: int, examples: int | None, **given: Any
) -> None:
    """Train a network from nothing: on code, or on steps of traced programs."""
    with polite():
        from codeassist.gpt.curve import draw, read_log, sparkline
        from codeassist.gpt.train import PRESETS, train

        chosen = adjusted(PRESETS[preset], given)
        folder = prepared(data, out, chosen, vocabulary, examples)
        train(folder, out, chosen.shape, chosen.settings, resume, say)
        rows = read_log(out)
        draw(rows, Path(out) / "loss.svg")
    print(f"{sparkline([row['loss'] for row in rows])}  loss {rows[0]['loss']:.2f} to {rows[-1]['loss']:.2f}")
    print(f"the model is in {out}, its loss curve in {Path(out) / 'loss.svg'}")


def prepared(data: str | None, out: str, preset: Preset, vocabulary: int, examples: int | None) -> Path:
    """The data folder: the one given, or one made from code or traced steps, kept beside the model."""
    if data is not None and (Path(data) / "data.json").exists():
        return Path(data)
    from codeassist.cli.progress import Meter
    from codeassist.pipeline import lessons

    folder = Path(out) / "data"
    if not (folder / "data.json").exists():
        if data is None:
            with Meter("recording step") as meter:
                count = examples or preset.examples
                lessons.from_traces(folder, count, preset.shape.context, progress=meter.update)
        else:
            lessons.from_code(data, folder, vocabulary, preset.shape.context)
    return folder


@command.command("eval")
@click.option("--model", required=True, metavar="FOLDER")
@click.option("--data", metavar="FOLDER", help="A prepared data folder [FOLDER/data].")
@click.option("--rows", type=click.IntRange(1), default=500, show_default=True, help="Unseen rows to ask.")
@click.option("--int8", is_flag=True)
@click.option("--format", "format_", type=click.Choice(["terminal", "json"]), default="terminal")
def evaluate(model: str, data: str | None, rows: int, int8: bool, format_: str) -> None:
    """How good a network is on what it never saw, with an n-gram model beside it."""
    with polite():
        from codeassist.gpt.evaluate import evaluate as measure

        found = measure(model, data or Path(model) / "data", rows, int8)
    print(json.dumps(document(found)) if format_ == "json" else "\n".join(table(found)))


def table(found: Evaluation) -> Iterator[str]:
    """The measurements for a reader."""
    yield f"{'':22}{'network':>10}{'n-gram':>10}"
    yield f"{'perplexity':22}{found.perplexity:>10.3f}{found.ngram_perplexity:>10.3f}"
    yield f"{'tokens/s, one text':22}{found.tokens_per_second:>10.0f}"
    if found.marks and found.ngram_marks:
        for name, kind in [("all values right", ""), *((f"  {k}", k) for k in sorted(found.marks.asked))]:
            yield f"{name:22}{found.marks.share(kind)[0]:>10.1%}{found.ngram_marks.share(kind)[0]:>10.1%}"
        yield f"{'sentence right too':22}{found.marks.share()[1]:>10.1%}{found.ngram_marks.share()[1]:>10.1%}"


def document(found: Evaluation) -> dict[str, Any]:
    """The measurements for a program."""
    return {
        "format": "codeassist/evaluation",
        "version": 1,
        "parameters": found.parameters,
        "perplexity": found.perplexity,
        "tokens_per_second": found.tokens_per_second,
        "marks": shares(found.marks),
        "ngram": {"perplexity": found.ngram_perplexity, "marks": shares(found.ngram_marks)},
    }


def shares(marks: Marks | None) -> dict[str, Any] | None:
    """Shares of right values and of exact answers, all together and by kind of line."""
    if marks is None:
        return None
    kinds = {
        kind: {"asked": marks.asked[kind], "values": marks.share(kind)[0]} for kind in sorted(marks.asked)
    }
    return {"values": marks.share()[0], "exact": marks.share()[1], "kinds": kinds}


for subcommand in SUBCOMMANDS:
    command.add_command(subcommand)
