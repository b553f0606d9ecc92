"""Texts on disk, ready to learn from: cleaned, without doubles, split by file, packed into rows.

A data folder holds tokenizer.json, data.json, and for each split (`train`, `validation`) a matrix of
token ids and one of masks (0 padding, 1 read only, 2 to be learned). They are memory-mapped, so that
data larger than memory costs nothing. Two ways of packing:
- code: files follow one another, divided by the end token, cut into rows of one length
- examples: one to a row, only the answer is learned; rows of like length lie together, so that a
  batch carries little padding
"""

from __future__ import annotations

import hashlib
import json
import random
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import Tensor

from codeassist.gpt.checkpoint import read_json, write_whole
from codeassist.gpt.errors import GptError
from codeassist.gpt.tokenizer import Tokenizer

PADDING, READ, LEARN = 0, 1, 2
SPLITS = ("train", "validation")


@dataclass(frozen=True, slots=True)
class Document:
    """One text and where it came from; the origin decides the split."""

    origin: str
    text: str


def read_folder(folder: str | Path, suffixes: Sequence[str] = (".py",)) -> Iterator[Document]:
    """Text files below a folder, in sorted order; hidden folders, huge and binary files are left out."""
    root = Path(folder)
    if not root.exists():
        raise GptError(f"{root} does not exist")
    files = [root] if root.is_file() else sorted(p for p in root.rglob("*") if p.suffix in suffixes)
    for file in files:
        hidden = any(part.startswith(".") for part in file.relative_to(root).parts)
        if hidden or not file.is_file() or file.stat().st_size > 1_000_000:
            continue
        try:
            yield Document(str(file.relative_to(root)), file.read_text(encoding="utf-8"))
        except (UnicodeDecodeError, OSError):
            continue


def clean(documents: Iterable[Document]) -> Iterator[Document]:
    """Unix line ends, no trailing blanks; what no human wrote (binary, minified) is left out."""
    for document in documents:
        text = document.text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
        text = "\n".join(line.rstrip() for line in text.split("\n")).strip("\n") + "\n"
        lines = text.split("\n")
        if "\0" in text or not text.strip() or max(map(len, lines)) > 2000 or len(text) / len(lines) > 200:
            continue
        yield Document(document.origin, text)


def deduplicate(documents: Iterable[Document], share: float = 0.8) -> Iterator[Document]:
    """Leave out a text of whose lines (blanks and very short ones aside) more than `share` were seen."""
    seen: set[bytes] = set()
    for document in documents:
        lines = {line.strip() for line in document.text.split("\n") if len(line.strip()) > 8}
        marks = {hashlib.blake2b(line.encode(), digest_size=8).digest() for line in lines}
        if marks and len(marks & seen) > share * len(marks):
            continue
        seen |= marks
        yield document


def split_of(origin: str, validation: float = 0.1) -> str:
    """The split of a file, by its name alone: it never changes sides, whatever else is there."""
    mark = int.from_bytes(hashlib.blake2b(origin.encode(), digest_size=4).digest(), "big")
    return "validation" if mark < validation * 2**32 else "train"


class Matrix:
    """Rows of ids and masks growing in memory, all of one width."""

    def __init__(self, width: int, wide: bool) -> None:
        self.width = width
        self.ids = array("I" if wide else "H")
        self.masks = array("B")

    def add(self, ids: Sequence[int], masks: Sequence[int]) -> None:
        """One row, filled up with padding."""
        missing = self.width - len(ids)
        self.ids.extend([*ids, *[0] * missing])
        self.masks.extend([*masks, *[PADDING] * missing])

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.masks) // self.width


def pack_code(documents: Iterable[Document], tokenizer: Tokenizer, context: int, folder: str | Path) -> None:
    """Write a data folder of code; each row is `context` inputs and the target after the last."""
    wide = tokenizer.size > 2**16
    matrices = {split: Matrix(context + 1, wide) for split in SPLITS}
    rest: dict[str, list[int]] = {split: [] for split in SPLITS}
    for document in documents:
        split = split_of(document.origin)
        ids = rest[split] + tokenizer.encode(document.text) + end_of(tokenizer)
        starts = range(0, len(ids) - context, context)
        for start in starts:  # a row's last token is the next row's first
            matrices[split].add(ids[start : start + context + 1], [LEARN] * (context + 1))
        rest[split] = ids[len(starts) * context :]
    for split, left in rest.items():
        if len(left) > 1:
            matrices[split].add(left, [LEARN] * len(left))
    write(folder, matrices, tokenizer, "code")


def pack_examples(
    pairs: Iterable[tuple[str, str, str]],
    tokenizer: Tokenizer,
    context: int,
    folder: str | Path,
    group: int = 64,
) -> None:
    """Write a data folder of (origin, prompt, answer); too long ones are left out.

    Rows are sorted by length within the split; `group` rows then make one batch without much padding.
    """
    matrices = {split: Matrix(context + 1, tokenizer.size > 2**16) for split in SPLITS}
    rows: dict[str, list[tuple[list[int], int]]] = {split: [] for split in SPLITS}
    for origin, prompt, answer in pairs:
        asked = tokenizer.encode(prompt)
        ids = asked + tokenizer.encode(answer) + end_of(tokenizer)
        if len(ids) <= context + 1:
            rows[split_of(origin)].append((ids, len(asked)))
    for split, found in rows.items():
        random.Random(0).shuffle(found)
        if split == "train":
            found.sort(key=lambda row: len(row[0]))
        for ids, start in found:
            matrices[split].add(ids, [READ] * start + [LEARN] * (len(ids) - start))
    write(folder, matrices, tokenizer, "examples", group)


def end_of(tokenizer: Tokenizer) -> list[int]:
    """The end token as a list, empty if the tokenizer has none."""
    return [] if tokenizer.end is None else [tokenizer.end]


@dataclass(frozen=True, slots=True)
class Data:
    """What data.json says."""

    kind: str
    width: int
    vocabulary: int
    wide: bool
    group: int
    train: int
    validation: int
    """rows of each split"""


def write(
    folder: str | Path, matrices: dict[str, Matrix], tokenizer: Tokenizer, kind: str, group: int = 1
) -> None:
    """The files of a data folder."""
    path = Path(folder)
    path.mkdir(parents=True, exist_ok=True)
    train = matrices["train"]
    if train.rows == 0:
        raise GptError(
            "there is nothing to learn from: no usable text", hint="name a folder with source files"
        )
    tokenizer.save(path)
    for split, matrix in matrices.items():
        write_whole(path / f"{split}.ids", matrix.ids.tobytes())
        write_whole(path / f"{split}.masks", matrix.masks.tobytes())
    wide = train.ids.typecode == "I"
    rows = {split: matrix.rows for split, matrix in matrices.items()}
    about = Data(kind, train.width, tokenizer.size, wide, group, rows["train"], rows["validation"])
    write_whole(path / "data.json", json.dumps(asdict(about), indent=2).encode() + b"\n")


class Rows:
    """One split of a data folder, memory-mapped."""

    def __init__(self, folder: Path, split: str, about: Data) -> None:
        self.count = about.train if split == "train" else about.validation
        size = self.count * about.width
        item = 4 if about.wide else 2
        for name, bytes_each in ((f"{split}.ids", item), (f"{split}.masks", 1)):
            if not (folder / name).exists() or (folder / name).stat().st_size != size * bytes_each:
                raise GptError(f"{folder / name} is missing or cut off", hint="prepare the data again")
        kind = torch.int32 if about.wide else torch.uint16
        shape = (self.count, about.width)
        self.ids = mapped(folder / f"{split}.ids", size, kind).view(shape)
        self.masks = mapped(folder / f"{split}.masks", size, torch.uint8).view(shape)

    def take(self, rows: Tensor) -> tuple[Tensor, Tensor]:
        """Ids and what is to be learned, both (B, T+1), cut to the longest of these rows."""
        masks = self.masks[rows]
        filled = int((masks != PADDING).any(dim=0).sum())
        narrow = self.ids.dtype is torch.uint16  # for which torch has no indexing: read as signed, mend
        ids = (self.ids.view(torch.int16) if narrow else self.ids)[rows, :filled].long()
        ids = ids & 0xFFFF if narrow else ids
        return ids, (masks[:, :filled] == LEARN)


def mapped(file: Path, size: int, kind: torch.dtype) -> Tensor:
    """A file as a tensor that is read as it is touched."""
    if size == 0:
        return torch.empty(0, dtype=kind)
    return torch.from_file(str(file), shared=False, size=size, dtype=kind)


def open_data(folder: str | Path) -> tuple[Data, Rows, Rows]:
    """What a data folder holds: its description, the rows to learn, the rows to be tested on."""
    path = Path(folder)
    try:
        about = Data(**read_json(path / "data.json"))
    except TypeError as error:
        raise GptError(f"{path / 'data.json'} is unusable: {error}") from None
    return about, Rows(path, "train", about), Rows(path, "validation", about)


def batch_rows(about: Data, batch: int, seed: int, number: int) -> Tensor:
    """Row numbers of the batch `number`, a function of seed and number alone.

    Each epoch goes through all groups of neighbouring rows once, in an order of its own.
    """
    group = min(about.group, batch, about.train)
    groups = max(1, about.train // group)
    chosen = []
    for k in range(number * (batch // group or 1), (number + 1) * (batch // group or 1)):
        epoch, place = divmod(k, groups)
        chosen.append(order(seed, epoch, groups)[place] * group)
    starts = torch.stack(chosen)
    return (starts[:, None] + torch.arange(group)).flatten()


_ORDERS: dict[tuple[int, int, int], Tensor] = {}


def order(seed: int, epoch: int, count: int) -> Tensor:
    """A permutation of `count`, the same for the same seed and epoch."""
    key = (seed, epoch, count)
    if key not in _ORDERS:
        _ORDERS.clear()
        _ORDERS[key] = torch.randperm(count, generator=torch.Generator().manual_seed(seed * 100_003 + epoch))
    return _ORDERS[key]
