"""The hall's hand-over to the small GPT: folders of code, and recorded runs, become data to learn from."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codeassist.records.answer import Claim
from codeassist.records.errors import TraceError
from codeassist.records.run import Budget, Limits, Run
from codeassist.records.trace import Event, Trace, TraceReader

if TYPE_CHECKING:
    from codeassist.gpt.narration import Example, Narration, Step

PROGRAMS = 100
"""random programs in one module: imported once, each then run in its own fork"""
Place = dict[str, Any]
"""func, call, line and occurrence of a step"""
LIMITS = Limits(time=30.0, events=1500)
"""the time must also do for the import of all of them on a busy machine"""


def from_code(source: str | Path, folder: str | Path, vocabulary: int, context: int) -> None:
    """Prepare the data folder from the text files below `source`; raises GptError."""
    from codeassist.gpt import dataset
    from codeassist.gpt.tokenizer import train_tokenizer

    documents = list(dataset.deduplicate(dataset.clean(dataset.read_folder(source))))
    learned = (document.text for document in documents if dataset.split_of(document.origin) == "train")
    dataset.pack_code(documents, train_tokenizer(learned, vocabulary), context, folder)


def from_traces(
    folder: str | Path,
    count: int,
    context: int,
    seed: int = 0,
    progress: Callable[[int, int, str], None] = lambda done, total, what: None,
) -> None:
    """Prepare the data folder from `count` steps of random programs, as the tracer recorded them."""
    from codeassist.gpt.dataset import pack_examples
    from codeassist.gpt.tokenizer import STEPS, train_tokenizer

    rows: list[tuple[str, str, str]] = []
    for origin, example in islice(examples(recorded_programs(seed)), count):
        progress(len(rows), count, example.kind)
        rows.append((origin, example.prompt, example.answer))
    tokenizer = train_tokenizer((prompt + answer for _, prompt, answer in rows[:20_000]), 512, STEPS)
    pack_examples(rows, tokenizer, context, folder, group=32)


def examples(recorded: Iterator[tuple[str, Step]]) -> Iterator[tuple[str, Example]]:
    """(origin, example) of each step that can be told; every prompt once, no kind too often."""
    from codeassist.gpt.narration import Balance, try_example

    balance = Balance()
    for origin, step in recorded:
        example = try_example(step)
        if example is not None and balance.wants(example):
            yield origin, example


def recorded_programs(seed: int) -> Iterator[tuple[str, Step]]:
    """(origin, step) of endless random programs, run in the sandbox; the origin is one program."""
    for number, (_, _, placed) in enumerate(recorded_modules(seed)):
        for k, (_, found) in enumerate(placed):
            yield from ((f"{number}.{k}", step) for _, step in found)


def recorded_modules(
    seed: int, size: int = PROGRAMS
) -> Iterator[tuple[str, str, list[tuple[Trace, list[tuple[Place, Step]]]]]]:
    """(path, text, traces with their placed steps) of endless modules of `size` random programs each."""
    from codeassist.gpt.programs import programs
    from codeassist.tracing import LocalRunner

    endless = programs(seed)
    with tempfile.TemporaryDirectory(prefix="codeassist-") as scratch:
        for number in range(2**31):
            text = module_text(list(islice(endless, size)))
            path = Path(scratch) / f"programs{number}.py"
            path.write_text(text, encoding="utf-8")
            lines = text.split("\n")
            runs = [Run(str(path), f"f{k}()", root=scratch, limits=LIMITS) for k in range(size)]
            with LocalRunner(root=scratch) as runner:
                placed = [
                    (trace, list(placed_steps(trace, lines))) for trace in runner.run(runs, Budget(600.0))
                ]
            if not any(found for _, found in placed):
                raise TraceError("no program could be run and recorded", hint="see codeassist doctor")
            yield str(path), text, placed


def module_text(sources: Sequence[tuple[str, str]]) -> str:
    """Programs as functions f0, f1, ... of one module."""
    return "\n\n".join(source.replace("def f(", f"def f{k}(") for k, (source, _) in enumerate(sources))


def steps(trace: Trace, lines: Sequence[str]) -> Iterator[Step]:
    """The steps of a recorded run, in order, as the small GPT wants them; those that raised are left out."""
    return (step for _, step in placed_steps(trace, lines))


def placed_steps(trace: Trace, lines: Sequence[str]) -> Iterator[tuple[Place, Step]]:
    """`steps`, each with where it stands in the run, in the words of claims.md."""
    if trace.reader is None:
        return
    found = sorted(completed(trace.reader), key=lambda one: one[0].index)
    moments = sorted({(e.index, e.activation) for event, following, _ in found for e in (event, following)})
    states = dict(zip(moments, (s.variables for s in trace.reader.states(moments)), strict=False))
    turns: dict[tuple[int, int], int] = {}
    for event, following, place in found:
        taken = event.tests[-1][2] if event.tests and event.statement in ("if", "while", "for") else None
        loop = (event.activation, event.line)
        turn = turns.get(loop, 0)
        if event.statement == "for":
            turns[loop] = turn + 1 if taken else 0
        before, after = (states.get((e.index, e.activation)) for e in (event, following))
        if before is not None and after is not None and event.line <= len(lines):
            yield place, as_step(lines[event.line - 1], before, after, turn, taken, following)


def claims_at(place: Place, narration: Narration) -> list[Claim]:
    """The claims of a narration, placed: what the judge needs to hold them against the run."""
    own = {"value": (*place,), "branch": (*place,), "returns": ("func", "call")}
    claims = []
    for said in narration.claims:
        fields = {name: value for name, value in said.items() if name not in ("id", "kind")}
        fields |= {name: place[name] for name in own[said["kind"]]}
        claims.append(Claim(said["kind"], fields, said["id"]))
    return claims


def as_step(line: str, before: Any, after: Any, turn: int, taken: bool | None, following: Event) -> Step:
    """Plain values only: what the small GPT cannot spell is left out of both sides."""
    from codeassist.gpt.codec import PLAIN
    from codeassist.gpt.narration import Step

    plain = [
        {name: value for name, value in side.items() if type(value) in PLAIN} for side in (before, after)
    ]
    returned = following.value if following.kind == "return" and line.strip().startswith("return") else None
    return Step(line.strip(), plain[0], plain[1], turn, taken, returned)


def completed(reader: TraceReader) -> Iterator[tuple[Event, Event, Place]]:
    """Each step that did not raise: its event, the next event of its activation, and its place."""
    events = list(reader.events())
    for activation in reader.activations():
        count: Counter[int] = Counter()
        for index, following in pairwise(activation.events):
            event, later = events[index], events[following]
            count[event.line] += event.kind == "line"
            if event.kind == "line" and later.kind in ("line", "return"):
                function = {"func": activation.function.qualname, "call": activation.call}
                yield event, later, {**function, "line": event.line, "occurrence": count[event.line]}
