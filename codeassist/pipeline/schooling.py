"""The hall's hand-over to tuning: recorded runs as questions, and the judge as a callable beside each."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from codeassist.pipeline.lessons import Place, claims_at, recorded_modules
from codeassist.records.answer import Claim

if TYPE_CHECKING:
    from codeassist.gpt.narration import Narration, Step
    from codeassist.gpt.reward import Judge, Question
    from codeassist.verifying import Court

PROGRAMS = 50
"""random programs in one module"""
HELD_OUT = 1_000_000
"""added to a seed: programs that no training has seen"""
SYSTEM = "You say what one step of a run does. Answer with JSON: a text, and the claims that bear it out."


def questions(count: int, seed: int) -> list[Question]:
    """`count` steps of random programs, recorded in the sandbox; their runs stay open to the judge."""
    from codeassist.gpt.narration import Balance, Example, kind_of
    from codeassist.gpt.reward import question_of

    balance = Balance()
    found: list[Question] = []
    for court, place, step in recorded(seed):
        question = question_of(step, judge_of(court, place))
        if question and balance.wants(Example(kind_of(question.prompt), question.prompt, "")):
            found.append(question)
        if len(found) == count:
            break
    return found


def recorded(seed: int) -> Iterator[tuple[Court, Place, Step]]:
    """Court, place and step of endless recorded programs."""
    from codeassist import parsing
    from codeassist.verifying import Court

    for path, text, placed in recorded_modules(seed, PROGRAMS):
        facts = {path: parsing.parse(parsing.read_source(path, text))}
        for trace, steps in placed:
            court = Court([trace], facts)
            yield from ((court, place, step) for place, step in steps)


def judge_of(court: Court, place: Place) -> Judge:
    """What the run at `court` says of the claims of a narration made at `place`."""

    def judge(narration: Narration) -> list[str]:
        return [court.verdict(claim).status for claim in claims_at(place, narration)]

    return judge


def dialogues(count: int, seed: int, spelled: bool) -> Iterator[dict[str, Any]]:
    """Rows for `gpt tune`: in the small network's spelling, or in words and JSON for any other model."""
    for row, _ in islice(told(seed, spelled), count):
        yield row


def told(seed: int, spelled: bool) -> Iterator[tuple[dict[str, Any], Callable[[str], float]]]:
    """Each row with the reward of any answer to its question."""
    from codeassist.gpt.codec import Letters
    from codeassist.gpt.narration import read_answer, spell_prompt, try_example

    for number, (court, place, step) in enumerate(recorded(seed)):
        example = try_example(step)
        if example is None:
            continue
        letters = Letters()
        spell_prompt(step, letters)  # letters are given out in the order of the question
        truth = read_answer(example.answer, letters, step)
        if spelled:
            messages = [("user", example.prompt.removesuffix("\n>")), ("assistant", example.answer)]
        else:
            messages = [("system", SYSTEM), ("user", asked(step)), ("assistant", in_words(truth))]
        row = {
            "origin": f"program {seed}.{number // 8}",
            "messages": [{"role": role, "content": content} for role, content in messages],
        }
        yield row, worth_of(court, place, len(truth.claims))


def asked(step: Step) -> str:
    """A step as a question in words."""
    names = ", ".join(f"{name} = {value!r}" for name, value in step.before.items() if name in step.line)
    return f"The line `{step.line}` runs" + (f" with {names}." if names else ".")


def in_words(narration: Narration) -> str:
    """A narration as the JSON that a model is asked for; slots filled, claims beside the text."""
    values = {f"{{{claim['id']}.value}}": claim.get("value", "") for claim in narration.claims}
    text = narration.text
    for slot, value in values.items():
        text = text.replace(slot, value)
    text = text.replace("{{", "{").replace("}}", "}")
    return json.dumps({"text": text, "claims": list(narration.claims)})


def worth_of(court: Court, place: Place, expected: int) -> Callable[[str], float]:
    """The reward of an answer in JSON, judged by the run; an unreadable one costs what silence costs."""
    from codeassist.gpt.reward import SILENCE, reward, told_by

    def worth(answer: str) -> float:
        claims = read_claims(answer)
        if claims is None:
            return -SILENCE
        placed = [placed_claim(claim, place) for claim in claims]
        statuses = [court.verdict(claim).status for claim in placed]
        return reward(statuses, told_by(claims, statuses), expected)

    return worth


def read_claims(answer: str) -> list[dict[str, Any]] | None:
    """The claims of an answer in JSON; None where it is none."""
    try:
        said = json.loads(answer)
    except (ValueError, RecursionError):
        return None
    claims = said.get("claims") if isinstance(said, dict) else None
    if not isinstance(claims, list) or not all(isinstance(claim, dict) for claim in claims):
        return None
    return claims[:32]


def placed_claim(said: dict[str, Any], place: Place) -> Claim:
    """A claim of a model about one step, at that step whatever it says of its place."""
    own = ("func", "call") if said.get("kind") in ("returns", "raises") else tuple(place)
    fields = {name: value for name, value in said.items() if name not in ("id", "kind")}
    fields |= {name: place[name] for name in own}
    return Claim(str(said.get("kind")), fields, str(said.get("id", "")))


def compared(models: Sequence[str], count: int, seed: int, ngram: str = "") -> dict[str, dict[str, float]]:
    """Shares of verified and refuted claims of each model, on the same held-out steps.

    `ngram` is a data folder: a model that only counts what it holds stands beside the networks.
    """
    from codeassist.gpt.narrator import Narrator
    from codeassist.gpt.ppo import examine

    asked = questions(count, seed + HELD_OUT)
    found = {}
    for model in models:
        narrator = Narrator.load(model)
        found[model] = examine(narrator.model, narrator.tokenizer, asked).shares()
    if ngram:
        found["n-gram"] = counted(ngram, asked)
    return found


def counted(data: str, asked: Sequence[Question]) -> dict[str, float]:
    """The shares of an n-gram model that learned the rows of a data folder."""
    from codeassist.gpt.dataset import open_data
    from codeassist.gpt.evaluate import rows_of
    from codeassist.gpt.ngram import NGram
    from codeassist.gpt.reward import Tally, weigh
    from codeassist.gpt.tokenizer import load_tokenizer

    about, learning, _ = open_data(data)
    tokenizer, counts, tally = load_tokenizer(data), NGram(about.vocabulary, 5), Tally()
    counts.learn(ids for ids, _ in rows_of(learning, min(learning.count, 20_000)))
    for question in asked:
        ids = counts.greedy(tokenizer.encode(question.prompt), tokenizer.end, 128)
        weigh(question, tokenizer.decode(ids), tally)
    return tally.shares()
