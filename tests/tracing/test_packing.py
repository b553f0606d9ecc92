"""Chunks of a log: cut anywhere, compressed, and as hostile as they come."""

from __future__ import annotations

import json
import struct
import zlib
from pathlib import Path

import pytest

from codeassist.records.errors import TraceError
from codeassist.tracing.log import open_log
from codeassist.tracing.packing import deflated, unpacked
from codeassist.tracing.reader import Reader
from codeassist.tracing.store import read, save

SITES = [
    ["enter", "f", 1, 0, {"params": ["n"], "quick": True}],
    ["for", "f", 2, 4, {}],
    ["log", "f", 2, 4, {"op": "turn", "of": 1}],
    ["log", "f", 2, 4, {"op": "bind", "names": ["i", "j"]}],
    ["pass", "f", 3, 8, {}],
    ["log", "f", 2, 4, {"op": "block", "rows": [2, 3, 4]}],
    ["log", "f", 4, 4, {"op": "return"}],
]
FLAT = [0, 3, 1, 5, 0, 10, 5, 1, 11, 2, 6, 7]


def chunk(numbers: list[int]) -> bytes:
    """One chunk of integers."""
    data = struct.pack(f"<{len(numbers)}q", *numbers)
    head = {"pack": {"bytes": len(data), "counts": [len(numbers), 0, 0, 0, 0]}}
    return json.dumps(head, separators=(",", ":")).encode() + b"\n" + data + b"\n"


def log(folder: Path, *chunks: bytes) -> Path:
    """A log of the one function."""
    lines = [
        {"format": "codeassist/trace-log", "version": 2, "python": "3.11.7", "order": "little"},
        {"module": {"path": "/p.py", "name": "p", "mode": "quick", "first": 0, "sites": SITES}},
    ]
    path = folder / "x.trace"
    path.write_bytes(b"".join(json.dumps(line).encode() + b"\n" for line in lines) + b"".join(chunks))
    return path


def events(path: Path) -> list[tuple[str, int, dict[str, object]]]:
    """Kind and line of each event, and the variables at it."""
    reader = read(path).reader
    assert reader is not None
    return [(e.kind, e.line, dict(reader.state(e.index, 0).variables)) for e in reader.events()]


def test_a_range_loop_is_asked_once_more_after_its_last_turn(tmp_path: Path) -> None:
    assert events(log(tmp_path, chunk(FLAT))) == [
        ("call", 1, {}),
        ("line", 2, {"n": 3}),
        ("line", 3, {"n": 3, "i": 0, "j": 10}),
        ("line", 2, {"n": 3, "i": 0, "j": 10}),
        ("line", 3, {"n": 3, "i": 1, "j": 11}),
        ("line", 2, {"n": 3, "i": 1, "j": 11}),
        ("return", 2, {"n": 3, "i": 1, "j": 11}),
    ]


@pytest.mark.parametrize("cut", range(1, len(FLAT)))
@pytest.mark.parametrize("second", [1, 2, 30])
def test_an_entry_may_go_on_in_the_next_chunk(cut: int, second: int, tmp_path: Path) -> None:
    parts = [FLAT[:cut], FLAT[cut : cut + second], FLAT[cut + second :]]
    pieces = log(tmp_path, *[chunk(part) for part in parts if part])
    found = events(pieces)
    assert found == events(log(tmp_path, chunk(FLAT)))


@pytest.mark.parametrize("length", range(1, len(FLAT)))
def test_a_log_that_ends_inside_an_entry_gives_what_is_whole(length: int, tmp_path: Path) -> None:
    whole = events(log(tmp_path, chunk(FLAT)))
    path = log(tmp_path, chunk(FLAT[:length]))
    found = events(path)
    assert found == whole[: len(found)]
    assert not Reader(open_log(path)).damage()


def test_saved_chunks_are_compressed_once_and_read_the_same(tmp_path: Path) -> None:
    path = log(tmp_path, chunk([*FLAT[:3], *FLAT[3:6] * 3000, *FLAT[9:]]))
    save(read(path), tmp_path / "saved.trace")
    save(read(tmp_path / "saved.trace"), tmp_path / "again.trace")
    small, again = (tmp_path / name for name in ("saved.trace", "again.trace"))
    assert small.stat().st_size * 20 < path.stat().st_size
    assert open_log(small).entries(0) == open_log(again).entries(0) == open_log(path).entries(0)


@pytest.mark.parametrize(
    "change", [{"bytes": 7}, {"counts": [2, 0, 0, 0, 0]}, {"counts": [-1] * 5}, {"counts": 3}]
)
def test_heads_that_lie_are_refused(change: dict[str, object]) -> None:
    data = struct.pack("<1q", 5)
    head = {"pack": {"bytes": 8, "counts": [1, 0, 0, 0, 0], **change}}
    with pytest.raises((ValueError, TypeError)):
        unpacked(json.dumps(head).encode(), data, [], "little")


def test_a_compressed_bomb_is_refused() -> None:
    bomb = zlib.compress(bytes(50_000_000))
    head = {"pack": {"bytes": len(bomb), "counts": [1, 0, 0, 0, 0], "zlib": True}}
    with pytest.raises(ValueError, match="counts"):
        unpacked(json.dumps(head).encode(), bomb, [], "little")
    assert deflated(json.dumps(head).encode(), bomb)[1] is bomb


def test_a_log_of_another_version_is_refused_clearly(tmp_path: Path) -> None:
    path = tmp_path / "old.trace"
    path.write_text('{"format": "codeassist/trace-log", "version": 1}\n')
    with pytest.raises(TraceError, match=r"version 1 .* record it again"):
        read(path)
