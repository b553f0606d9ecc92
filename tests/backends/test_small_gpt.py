"""The small GPT tells the steps of a run: what it gets wrong never appears, what it gets right does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch", reason="the backend small-gpt needs the extra `local`")

import torch

from codeassist.backends.small_gpt import SmallGPT
from codeassist.gpt import checkpoint
from codeassist.gpt.model import GPT, GPTConfig
from codeassist.gpt.narration import try_example
from codeassist.gpt.narrator import Narrator
from codeassist.gpt.tokenizer import STEPS, train_tokenizer
from codeassist.pipeline import lessons
from codeassist.records.backend import Configuration
from codeassist.records.errors import BackendError
from codeassist.records.run import Budget, Run
from codeassist.tracing import LocalRunner
from tests.backends.conformance import PROMPT, conforms
from tests.support.command import Done, codeassist

SOURCE = '''\
def total(xs):
    """Add the large ones.

    >>> total([1, 5])
    5
    """
    total = 0
    for x in xs:
        if x > 2:
            total += x
    return total
'''


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("program") / "program.py"
    path.write_text(SOURCE)
    return str(path)


@pytest.fixture(scope="module")
def trained(program: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny network that has learned the steps of this very run by heart."""
    torch.manual_seed(0)
    torch.set_num_threads(1)
    with LocalRunner(root=str(Path(program).parent)) as runner:
        runs = [Run(program, "total([1, 5])", root=str(Path(program).parent))]
        (trace,) = runner.run(runs, Budget(60.0))
        found = [try_example(step) for step in lessons.steps(trace, SOURCE.split("\n"))]
    told = [(example.prompt, example.answer) for example in found if example is not None]
    assert len(told) >= 6
    tokenizer = train_tokenizer([prompt + answer for prompt, answer in told], 300, STEPS)
    rows = [(tokenizer.encode(p), [*tokenizer.encode(a), tokenizer.end]) for p, a in told]
    context = max(len(p) + len(a) for p, a in rows) + 8
    model = GPT(GPTConfig(tokenizer.size, context, layers=2, heads=2, width=64, end=tokenizer.end))
    learn(model, rows, context)
    folder = tmp_path_factory.mktemp("trained")
    checkpoint.save(model.eval(), folder)
    tokenizer.save(folder)
    return folder


def learn(model: Any, rows: list[tuple[list[int], list[int]]], context: int) -> None:
    ids = torch.zeros(len(rows), context, dtype=torch.long)
    wanted = torch.full((len(rows), context), -100)
    for number, (prompt, answer) in enumerate(rows):
        whole = prompt + answer
        ids[number, : len(whole)] = torch.tensor(whole)
        wanted[number, len(prompt) - 1 : len(whole) - 1] = torch.tensor(answer)
    optimizer = torch.optim.AdamW(model.parameters(), 3e-3)
    for _ in range(400):
        loss = torch.nn.functional.cross_entropy(model(ids).flatten(0, 1), wanted.flatten())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if loss.item() < 0.002:
            return


def explained(program: str, *more: str) -> Done:
    words = ("--backend", "small-gpt", "--format", "json", "--no-cache", "--budget", "1")
    return codeassist("explain", program, *words, *more)


def narration(done: Done) -> list[dict[str, Any]]:
    sections = done.json["explanations"][0]["sections"]
    return [s for section in sections if section["id"] == "narration" for s in section["sentences"]]


def test_without_a_model_one_line_says_how_to_train_one(
    program: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = explained(program, "--model", str(tmp_path / "none"))
    assert done.status == 3
    assert "codeassist gpt train" in done.err
    assert done.json["explanations"][0]["summary"]
    (tmp_path / "empty").mkdir()
    assert explained(program, "--model", str(tmp_path / "empty")).status == 3


def test_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("codeassist.backends.small_gpt.find_spec", lambda name: None)
    assert "codeassist[local]" in SmallGPT().available()
    with pytest.raises(BackendError, match=r"codeassist\[local\]"):
        SmallGPT().complete(PROMPT)


@pytest.fixture(scope="module")
def truth(program: str, trained: Path) -> set[str]:
    """What the honest network tells, all of it verified."""
    done = explained(program, "--model", str(trained))
    assert done.status == 0, done.err
    assert {sentence["status"] for sentence in narration(done)} == {"verified"}
    return {sentence["text"] for sentence in narration(done)}


def test_what_it_has_learned_is_told_with_verified_claims(truth: set[str]) -> None:
    assert truth >= {"7: `total` starts as 0.", "10: `x` is added to `total`: from 0 to 5."}


def test_a_network_that_knows_nothing_says_nothing(program: str, trained: Path, tmp_path: Path) -> None:
    from codeassist.gpt.tokenizer import load_tokenizer

    tokenizer = load_tokenizer(trained)
    torch.manual_seed(1)
    model = GPT(GPTConfig(tokenizer.size, 96, layers=1, heads=2, width=32, end=tokenizer.end))
    checkpoint.save(model.eval(), tmp_path)
    tokenizer.save(tmp_path)
    done = explained(program, "--model", str(tmp_path))
    assert done.status == 0
    assert narration(done) == []


LIES = [
    lambda text, claims: (text.replace("starts as", "ends as"), claims),
    lambda text, claims: (f"{text} It is sorted.", claims),
    lambda text, claims: ("The list is sorted, {c1.value}.", claims),
    lambda text, claims: (text.replace("`total`", "`x`"), claims),
    lambda text, claims: (text, [{**c, "value": "99"} if "value" in c else c for c in claims]),
    lambda text, claims: (text, [{**c, "taken": not c["taken"]} if "taken" in c else c for c in claims]),
    lambda text, claims: (text, []),
]


@pytest.mark.parametrize("first", [0, 3])
def test_what_it_gets_wrong_never_appears(
    first: int, program: str, trained: Path, truth: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = Narrator.narrate_all

    def lying(self: Narrator, steps: Any) -> list[Any]:
        told = []
        for number, found in enumerate(honest(self, steps), first):
            if found is not None:
                text, claims = LIES[number % len(LIES)](found.text, list(found.claims))
                object.__setattr__(found, "text", text)
                object.__setattr__(found, "claims", tuple(claims))
            told.append(found)
        return told

    monkeypatch.setattr(Narrator, "narrate_all", lying)
    shown = {s["text"] for s in narration(explained(program, "--model", str(trained)))}
    assert shown <= truth, shown - truth
    assert len(shown) <= len(truth) - 4, "most of the lies were told"


def test_it_conforms(trained: Path) -> None:
    conforms(lambda c: SmallGPT(c and Configuration(model=str(trained))))
