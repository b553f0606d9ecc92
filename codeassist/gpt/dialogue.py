"""Dialogues to learn from: rows of system, question and answer, packed so that answers alone are learned.

A file holds one JSON object a line: {"messages": [{"role": "user", "content": ...}, ...]}, roles in the
order system (once, or not at all), then user and assistant in turn, an answer last. Other fields, such as
the claims beside a text, are kept by whoever reads them and do not matter here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codeassist.gpt.dataset import LEARN, READ, SPLITS, Matrix, end_of, split_of, write
from codeassist.gpt.errors import GptError
from codeassist.gpt.tokenizer import Tokenizer

TURNS = {"system": "{}\n", "user": "{}\n>", "assistant": "{}"}
"""how a message is written for a network that knows no chat template; the `>` asks, as in narration.py"""
MAX_ROW = 1 << 20
"""characters of one row"""


@dataclass(frozen=True, slots=True)
class Dialogue:
    """Messages as (role, content), and where they came from; the origin decides the split."""

    origin: str
    messages: tuple[tuple[str, str], ...]


def read_dialogues(file: str | Path) -> Iterator[Dialogue]:
    """The dialogues of a JSONL file; GptError names the first line that is none."""
    path = Path(file)
    try:
        with path.open(encoding="utf-8") as rows:
            for number, row in enumerate(rows, 1):
                if row.strip():
                    yield dialogue_of(row, f"{path}:{number}")
    except (OSError, UnicodeDecodeError) as error:
        raise GptError(f"cannot read {path}: {error}") from None


def dialogue_of(row: str, place: str) -> Dialogue:
    """The dialogue of one row; GptError says what is wrong with it."""
    if len(row) > MAX_ROW:
        raise GptError(f"{place}: the row is longer than {MAX_ROW:,} characters")
    try:
        said = json.loads(row)
    except (ValueError, RecursionError):
        raise GptError(f"{place}: the row is not JSON") from None
    messages = said.get("messages") if isinstance(said, dict) else None
    if not isinstance(messages, list) or not messages:
        raise GptError(f"{place}: a row has a list of messages", hint='{"messages": [{"role": ..., ...}]}')
    origin = said.get("origin")
    return Dialogue(origin if isinstance(origin, str) else place, tuple(checked(messages, place)))


def checked(messages: Sequence[Any], place: str) -> Iterator[tuple[str, str]]:
    """Role and content of each message, in an order that makes a dialogue."""
    wanted: tuple[str, ...] = ("system", "user")
    for number, message in enumerate(messages, 1):
        role, content = (message.get(k) if isinstance(message, dict) else None for k in ("role", "content"))
        if role not in wanted or not isinstance(content, str):
            raise GptError(f"{place}: message {number} must be a text by {' or '.join(wanted)}")
        wanted = ("assistant",) if role == "user" else ("user",)
        yield str(role), content
    if role != "assistant":
        raise GptError(f"{place}: the last message must be the assistant's")


def pack_dialogues(
    dialogues: Iterable[Dialogue], tokenizer: Tokenizer, context: int, folder: str | Path, group: int = 32
) -> tuple[int, int]:
    """Write a data folder of which only answers are learned; gives (rows kept, rows that were too long)."""
    matrices = {split: Matrix(context + 1, tokenizer.size > 2**16) for split in SPLITS}
    rows: dict[str, list[tuple[list[int], list[int]]]] = {split: [] for split in SPLITS}
    long = 0
    for dialogue in dialogues:
        ids, masks = spell(dialogue, tokenizer)
        if len(ids) <= context + 1:
            rows[split_of(dialogue.origin)].append((ids, masks))
        else:
            long += 1
    rows["train"].sort(key=lambda row: len(row[0]))
    for split, found in rows.items():
        for ids, masks in found:
            matrices[split].add(ids, masks)
    write(folder, matrices, tokenizer, "examples", group)
    return sum(map(len, rows.values())), long


def spell(dialogue: Dialogue, tokenizer: Tokenizer) -> tuple[list[int], list[int]]:
    """Ids and masks of a dialogue: the assistant's words and the end after them are to be learned."""
    ids: list[int] = []
    masks: list[int] = []
    for role, content in dialogue.messages:
        answered = role == "assistant"
        new = tokenizer.encode(TURNS[role].format(content)) + (end_of(tokenizer) if answered else [])
        ids += new
        masks += [LEARN if answered else READ] * len(new)
    return ids, masks
