"""Recorded answers: an answer that fits revises the baseline, anything else is one line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from codeassist.backends.offline import Offline
from codeassist.backends.replay import Replay
from codeassist.records.answer import Answer, Claim, Section, Sentence
from codeassist.records.errors import BackendError
from codeassist.records.prompt import Prompt

BASELINE = Answer(
    Sentence("Gives the last item."),
    (Section("purpose", "Purpose", (Sentence("Old."),)), Section("cost", "Cost", (Sentence("Cheap."),))),
    (),
    (Claim("pure", {"func": "last", "pure": True}, "c1"),),
)
PROMPT = Prompt("explain", (), BASELINE, "", ("function",), (), 0, "d" * 64)
GOOD = {
    "summary": {"text": "Takes the end.", "claims": ["m1"]},
    "sections": [{"id": "purpose", "sentences": [{"text": "New: {m1.value}.", "claims": ["m1"]}]}],
    "claims": [{"id": "m1", "kind": "returns", "func": "last", "value": "3"}],
}


def replay(folder: Path, document: object) -> Answer:
    (folder / f"{PROMPT.digest}.json").write_text(json.dumps(document))
    return Replay(folder=str(folder)).complete(PROMPT)


def test_offline_returns_the_baseline() -> None:
    assert Offline().complete(PROMPT) is BASELINE
    assert Offline().available() == ""


def test_a_section_left_out_keeps_the_baseline(tmp_path: Path) -> None:
    answer = replay(tmp_path, GOOD)
    assert answer.summary.text == "Takes the end."
    assert [section.sentences[0].text for section in answer.sections] == ["New: {m1.value}.", "Cheap."]
    assert [claim.id for claim in answer.claims] == ["c1", "m1"]
    assert answer.backend == "replay"


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        {},
        "text",
        {"sections": [], "claims": [{"kind": "returns"}]},
        {"sections": "no", "claims": []},
        {"sections": [{"id": "purpose", "sentences": ["text"]}], "claims": []},
        {"sections": [], "claims": [{"id": "c1", "kind": "pure"}]},
        {**GOOD, "annotations": [{"line": "x", "text": "", "claims": []}]},
    ],
)
def test_an_answer_that_does_not_fit_is_one_line(tmp_path: Path, document: object) -> None:
    with pytest.raises(BackendError) as error:
        replay(tmp_path, document)
    assert "\n" not in str(error.value)


def test_a_missing_or_broken_recording_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(BackendError, match="no recorded answer"):
        Replay(folder=str(tmp_path)).complete(PROMPT)
    (tmp_path / f"{PROMPT.digest}.json").write_text("{")
    with pytest.raises(BackendError, match="not JSON"):
        Replay(folder=str(tmp_path)).complete(PROMPT)
