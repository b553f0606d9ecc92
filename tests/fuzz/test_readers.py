"""Damaged files of every kind: one line or a good answer; never a traceback, a hang, or much memory."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import fuzzing

COUNT = 300
"""documents for each reader; `benchmarks/fuzz.py` takes a million"""
NAMES = ("trace", "counts", "claims", "settings", "cache")


@pytest.fixture(scope="module")
def targets(tmp_path_factory: pytest.TempPathFactory) -> dict[str, fuzzing.Target]:
    return {target.name: target for target in fuzzing.targets(tmp_path_factory.mktemp("fuzz"))}


@pytest.mark.parametrize("name", NAMES)
def test_the_documents_are_good_before_they_are_damaged(
    name: str, targets: dict[str, fuzzing.Target]
) -> None:
    for seed in targets[name].seeds:
        targets[name].read(seed)


def test_the_claims_are_true_before_they_are_damaged(targets: dict[str, fuzzing.Target]) -> None:
    seen = fuzzing.verdicts(targets["claims"])
    assert set(seen) == {"verified"}, seen


@pytest.mark.parametrize("name", NAMES)
def test_a_damaged_document_gets_one_line(name: str, targets: dict[str, fuzzing.Target]) -> None:
    before = fuzzing.peak()
    wrong = {
        number: fuzzing.failure(targets[name], document)
        for number, document in fuzzing.documents(targets[name], COUNT, seed=1)
    }
    assert {number: said for number, said in wrong.items() if said} == {}
    assert fuzzing.peak() - before < 300 << 20


def test_the_list_of_readers_is_whole(targets: dict[str, fuzzing.Target]) -> None:
    assert set(targets) == set(NAMES)


def test_documents_can_be_made_again(targets: dict[str, fuzzing.Target], tmp_path: Path) -> None:
    twice = [list(fuzzing.documents(targets["trace"], 5, seed=1)) for _ in range(2)]
    assert twice[0] == twice[1]
