"""Prepare steps of random programs quickly, to train and to measure the small GPT on them.

    python benchmarks/gpt_steps.py prepare FOLDER --count 150000 [--seed 1] [--tokenizer MODEL]
    codeassist gpt train --data FOLDER --preset laptop-hour --out MODEL
    codeassist gpt eval --model MODEL --data FOLDER

`codeassist gpt train` without --data records with the project's own tracer, inside the sandbox. This
script runs the same programs under `sys.settrace` in its own process, about forty times as fast, which
is safe only since the programs are ours. `compare` shows that both record the same steps.
"""

from __future__ import annotations

import argparse
import copy
import sys
from collections.abc import Iterator
from itertools import islice
from types import FrameType
from typing import Any

from codeassist.gpt.dataset import pack_examples
from codeassist.gpt.narration import Balance, Step, try_example
from codeassist.gpt.programs import programs
from codeassist.gpt.tokenizer import STEPS, load_tokenizer, train_tokenizer

MOST = 400
"""steps recorded of one program"""


class Enough(BaseException):
    """Ends a program after MOST steps; no `except Exception` in it stops this."""


class Recorder:
    """Steps of the function `f` of one program, as `Step` wants them."""

    def __init__(self, source: str) -> None:
        self.lines = source.split("\n")
        self.steps: list[Step] = []
        self.open: tuple[int, dict[str, Any]] | None = None
        self.turns: dict[int, int] = {}

    def run(self, source: str, call: str) -> list[Step]:
        """Run the program, and give back its steps up to where it raised or had enough."""
        names: dict[str, Any] = {}
        exec(compile(source, "<program>", "exec"), names)
        sys.settrace(self.trace)
        try:
            eval(call, names)
        except (Exception, Enough):
            pass
        finally:
            sys.settrace(None)
        return self.steps

    def trace(self, frame: FrameType, event: str, value: Any) -> Any:
        """The trace function: a line ends the step before it and begins one."""
        if frame.f_code.co_name != "f":
            return None
        now = copy.deepcopy(frame.f_locals)
        if self.open is not None and event in ("line", "return"):
            self.close(*self.open, now, frame.f_lineno if event == "line" else 0, value)
        self.open = (frame.f_lineno, now) if event == "line" else None
        if len(self.steps) > MOST:
            raise Enough
        return self.trace

    def close(
        self, line: int, before: dict[str, Any], after: dict[str, Any], following: int, value: Any
    ) -> None:
        """One step, unless it raised; `following` is 0 where the function was left."""
        text = self.lines[line - 1].strip()
        is_return = text.startswith("return")
        if not following and not is_return:
            return
        taken = following == line + 1 if text.startswith(("if ", "while ", "for ")) else None
        turn = self.turns.get(line, 0)
        self.turns[line] = turn + 1 if taken else 0
        result = value if is_return else None
        self.steps.append(Step(text, before, after, turn if text.startswith("for ") else 0, taken, result))


def examples(seed: int) -> Iterator[tuple[str, str, str]]:
    """(origin, prompt, answer), endlessly."""
    balance = Balance()
    for number, (source, call) in enumerate(programs(seed)):
        for step in Recorder(source).run(source, call):
            example = try_example(step)
            if example is not None and balance.wants(example):
                yield f"{seed}.{number}", example.prompt, example.answer


def prepare(folder: str, count: int, seed: int, tokenizer: str | None) -> None:
    """A data folder of `count` examples, with a tokenizer of its own or that of a model."""
    rows = list(islice(examples(seed), count))
    texts = (prompt + answer for _, prompt, answer in rows[:20_000])
    found = load_tokenizer(tokenizer) if tokenizer else train_tokenizer(texts, 512, STEPS)
    pack_examples(rows, found, 192, folder, group=32)


def compare(seed: int, count: int) -> None:
    """Whether the project's tracer records the same examples of the first `count` programs."""
    from codeassist.pipeline.lessons import recorded_programs

    def of(steps: Iterator[Step]) -> list[tuple[str, str]]:
        return [(e.prompt, e.answer) for e in map(try_example, steps) if e is not None]

    recorded: dict[int, list[Step]] = {k: [] for k in range(count)}
    for origin, step in recorded_programs(seed):
        batch, number = map(int, origin.split("."))
        if batch or number >= count:
            break
        recorded[number].append(step)
    for number, (source, call) in enumerate(islice(programs(seed), count)):
        here, there = of(iter(Recorder(source).run(source, call))), of(iter(recorded[number]))
        same = len(set(here) & set(there))
        print(
            f"program {number}: {len(here)} examples here, {len(there)} there, {same} different ones shared"
        )


def main() -> None:
    """Parse the arguments."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("what", choices=["prepare", "compare"])
    parser.add_argument("folder", nargs="?", default="")
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tokenizer", metavar="MODEL")
    chosen = parser.parse_args()
    if chosen.what == "prepare":
        prepare(chosen.folder, chosen.count, chosen.seed, chosen.tokenizer)
    else:
        compare(chosen.seed, chosen.count)


if __name__ == "__main__":
    main()
