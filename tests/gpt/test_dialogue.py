"""Dialogues: what a row must be, and that answers alone are learned."""

from __future__ import annotations

import json

import pytest

from codeassist.gpt.dataset import open_data
from codeassist.gpt.dialogue import dialogue_of, pack_dialogues, read_dialogues, spell
from codeassist.gpt.errors import GptError
from codeassist.gpt.tokenizer import train_tokenizer

GOOD = {
    "messages": [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "1+1"},
        {"role": "assistant", "content": "2"},
        {"role": "user", "content": "2+2"},
        {"role": "assistant", "content": "4"},
    ]
}
BAD = [
    ("", "not JSON"),
    ("[", "not JSON"),
    ("[" * 100_000, "not JSON"),
    ("[]", "list of messages"),
    ('{"messages": []}', "list of messages"),
    ('{"messages": ["hi"]}', "message 1"),
    ('{"messages": [{"role": "assistant", "content": "2"}]}', "message 1 must be a text by system or user"),
    ('{"messages": [{"role": "user", "content": 5}]}', "message 1"),
    ('{"messages": [{"role": "user", "content": "x"}]}', "the last message must be the assistant's"),
    (
        '{"messages": [{"role": "user", "content": "x"}, {"role": "user", "content": "x"}]}',
        "message 2 must be a text by assistant",
    ),
]


@pytest.mark.parametrize(("row", "said"), BAD)
def test_a_bad_row_gets_one_line(row, said):
    with pytest.raises(GptError, match=said) as caught:
        dialogue_of(row, "file:1")
    assert "file:1" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.fixture
def tokenizer():
    return train_tokenizer(["Be brief.\n1+1\n>2"], 260)


def test_answers_alone_are_learned(tokenizer):
    ids, masks = spell(dialogue_of(json.dumps(GOOD), "x"), tokenizer)
    learned = [token for token, mask in zip(ids, masks, strict=True) if mask == 2]
    read = [token for token, mask in zip(ids, masks, strict=True) if mask == 1]
    assert tokenizer.decode(learned) == "24"
    assert learned.count(tokenizer.end) == 2
    assert tokenizer.decode(read) == "Be brief.\n1+1\n>2+2\n>"


def test_a_file_becomes_a_data_folder(tmp_path, tokenizer):
    rows = [{**GOOD, "origin": f"o{k}"} for k in range(60)]
    long = {"messages": [{"role": "user", "content": "1" * 99}, {"role": "assistant", "content": "2"}]}
    (tmp_path / "d.jsonl").write_text("\n".join(map(json.dumps, [*rows, long])) + "\n\n")
    kept, left_out = pack_dialogues(read_dialogues(tmp_path / "d.jsonl"), tokenizer, 48, tmp_path / "data")
    about, learning, testing = open_data(tmp_path / "data")
    assert (kept, left_out) == (60, 1)
    assert learning.count + testing.count == 60
    assert testing.count > 0
    assert about.vocabulary == tokenizer.size


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(GptError, match="cannot read"):
        list(read_dialogues(tmp_path / "none"))
