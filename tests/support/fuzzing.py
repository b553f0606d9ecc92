"""Files that strangers wrote, made worse: valid documents, mutated, and what must hold when they are read."""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import re
import signal
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from codeassist import settings
from codeassist.cache import Cache
from codeassist.parsing import parse, read_source
from codeassist.records.errors import CodeassistError
from codeassist.records.report import TraceView
from codeassist.records.run import Budget, Run
from codeassist.rendering.trace_view import render_trace
from codeassist.tracing import LocalRunner, read, save
from codeassist.tracing.counts import read_counts
from codeassist.verifying import judge, rows

CONTROL = re.compile("\x1b(?!\\[[0-9;]*m)|[\x00-\x08\x0b-\x1a\x7f-\x9f]")
"""what no terminal may be sent: anything but colours"""
SECONDS = 5.0
"""longest reading of one document of a few kilobytes"""
TOLD = (
    *(b"", b"0", b"-1", b"1e309", b"null", b"true", b'""', b"[]", b"{}", b"[[[[", b"9" * 40, b"\\ud800"),
    *(b"\xff\xfe", b"\0", b"\x1b[2J", b"Infinity", b"2147483648", b"18446744073709551616", b"\n", b'"\n'),
)
"""bytes that readers stumble over"""


@dataclass(frozen=True, slots=True)
class Target:
    """A reader, and documents that it reads well."""

    name: str
    seeds: tuple[bytes, ...]
    read: Callable[[bytes], None]
    """raises CodeassistError for what it refuses; anything else is a bug"""


class Hang(BaseException):
    """A document took too long; no `except Exception` on the way keeps it."""


def mutate(document: bytes, chance: random.Random) -> bytes:
    """The document with one to six small wounds: bytes changed, cut, doubled, moved, or replaced by TOLD."""
    data = bytearray(document)
    for _ in range(chance.randint(1, 6)):
        chance.choice(WOUNDS)(data, chance)
    return bytes(data)


def _span(data: bytearray, chance: random.Random, longest: int = 64) -> slice:
    start = chance.randint(0, len(data))
    return slice(start, min(len(data), start + chance.randint(0, longest)))


def _flip(data: bytearray, chance: random.Random) -> None:
    if data:
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _digit(data: bytearray, chance: random.Random) -> None:
    """Another number where one stands: sizes, offsets and indexes are what a reader believes."""
    places = [i for i, byte in enumerate(data) if 48 <= byte <= 57]
    if places:
        place = chance.choice(places)
        data[place : place + 1] = chance.choice(TOLD[1:4] + TOLD[-4:-2] + (b"7", b"-", b"99"))


def _cut(data: bytearray, chance: random.Random) -> None:
    del data[_span(data, chance)]


def _end(data: bytearray, chance: random.Random) -> None:
    del data[chance.randint(0, len(data)) :]


def _double(data: bytearray, chance: random.Random) -> None:
    part = _span(data, chance, 512)
    data[part.start : part.start] = data[part] * chance.randint(1, 4)


def _move(data: bytearray, chance: random.Random) -> None:
    part = bytes(data[_span(data, chance, 256)])
    place = chance.randint(0, len(data))
    data[place : place + len(part)] = part


def _tell(data: bytearray, chance: random.Random) -> None:
    data[_span(data, chance, 8)] = chance.choice(TOLD)


WOUNDS = (_flip, _digit, _digit, _cut, _end, _double, _move, _tell, _tell)


def documents(target: Target, count: int, seed: int) -> Iterator[tuple[int, bytes]]:
    """`count` documents, each with the number that makes it again."""
    for number in range(count):
        chance = random.Random(f"{target.name}:{seed}:{number}")
        yield number, mutate(chance.choice(target.seeds), chance)


def failure(target: Target, document: bytes) -> str:
    """What is wrong with how the reader met `document`; empty where it met it well."""
    try:
        with _alarm():
            target.read(document)
    except CodeassistError as error:
        return "" if str(error) and "\n" not in str(error) else f"not one line: {error!r}"
    except Hang:
        return f"more than {SECONDS} s"
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


@contextlib.contextmanager
def _alarm() -> Iterator[None]:
    def ring(*_: object) -> None:
        raise Hang

    old = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, old)


PROGRAM = """
class Node:
    def __init__(self, value, rest=None):
        self.value, self.rest = value, rest


def work(xs):
    table, seen, chain = {}, set(), None
    for i, x in enumerate(xs):
        try:
            table[x] = 10 // x
        except ZeroDivisionError:
            seen.add(i)
            print("zero at", i)
        chain = Node(x, chain)
        xs[i] += 1
    return sorted(table), seen, chain, [gen for gen in turns(2)]


def turns(n):
    while n:
        yield n
        n -= 1
"""


def targets(folder: Path) -> list[Target]:
    """Every reader of files, with valid documents; scratch files go below `folder`."""
    path = folder / "work.py"
    path.write_text(PROGRAM)
    traces, counts = _recorded(path, folder)
    return [
        Target("trace", traces, _Reader(folder / "fuzzed.trace").trace),
        Target("counts", counts, _read_counts),
        Target("claims", (CLAIMS.encode(),), _Reader(folder / "x", traces[0]).claims),
        Target("settings", (SETTINGS,), _Reader(folder / "config.toml").settings),
        Target("cache", (_cache_file(folder),), _Reader(folder / "cache" / "cache.sqlite3").cache),
    ]


def _recorded(path: Path, folder: Path) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    """Saved traces of a whole run and of one that was cut off, and a log of counts."""
    saved = []
    with LocalRunner(root=str(folder)) as runner:
        for number, call in enumerate(("work([3, 0, 2])", "work([1, None])")):
            trace = next(iter(runner.run([Run(str(path), call)], Budget(20))))
            save(trace, folder / f"{number}.trace")
            saved.append((folder / f"{number}.trace").read_bytes())
    footer = {"counts": [[str(path), "work", 9, 3, 12]], "outcome": {"kind": "returned"}}
    log = (
        json.dumps({"format": "codeassist/counts-log", "version": 1})
        + "\n"
        + json.dumps({"footer": footer})
        + "\n"
    )
    return tuple(saved), (log.encode(),)


def _read_counts(document: bytes) -> None:
    read_counts(document.decode("utf-8", "replace").split("\n"), "work.py")


class _Reader:
    """Readers of files, at one path."""

    def __init__(self, path: Path, trace: bytes = b"") -> None:
        self.path = path
        path.parent.mkdir(exist_ok=True)
        if trace:
            (path.parent / "whole.trace").write_bytes(trace)
            self.whole = read(path.parent / "whole.trace")
            program = str(path.parent / "work.py")
            self.modules = {program: parse(read_source(program))}

    def trace(self, document: bytes) -> None:
        """Open, walk, and show a trace on a terminal and as JSON lines."""
        self.path.write_bytes(document)
        trace = read(self.path)
        reader = trace.reader
        assert reader is not None
        for event in reader.events(0, 50):
            reader.state(event.index, event.activation)
        reader.output(), reader.activations(), list(reader.outline())
        for kind in ("terminal", "jsonl"):
            for text in render_trace(TraceView(trace, {}), kind):
                assert not CONTROL.search(text), "a control sequence got through"

    def claims(self, document: bytes) -> None:
        """Read rows, and judge their claims on a good trace."""
        for line in document.decode("utf-8", "replace").split("\n"):
            row = rows.read_row(line)
            if row.claim is not None:
                verdict = judge([row.claim], [self.whole], self.modules)[0]
                json.dumps(rows.answered(row, verdict), allow_nan=False)

    def settings(self, document: bytes) -> None:
        """Read the user's settings file."""
        self.path.write_bytes(document)
        with patch.object(settings, "user_file", lambda: self.path):
            settings.load(str(self.path.parent))

    def cache(self, document: bytes) -> None:
        """A damaged cache: what it gives is what was put, or nothing; and it works again after a put."""
        for suffix in ("-wal", "-shm"):
            Path(f"{self.path}{suffix}").unlink(missing_ok=True)
        self.path.write_bytes(document)
        cache = Cache(str(self.path.parent))
        for number in range(20):
            assert cache.get(f"key{number}") in (None, {"number": number}), "a wrong answer"
        cache.put("new", {"number": -1})
        cache.put("new", {"number": -1})
        assert cache.get("new") == {"number": -1}, "the cache is of no use any more"


def verdicts(target: Target) -> list[str]:
    """What the judge says of the claims of an undamaged document."""
    reader: _Reader = target.read.__self__  # type: ignore[attr-defined]
    claims = [rows.read_row(line).claim for line in CLAIMS.split("\n")]
    judged = judge([claim for claim in claims if claim], [reader.whole], reader.modules)
    return [verdict.status for verdict in judged]


def _cache_file(folder: Path) -> bytes:
    cache = Cache(str(folder / "cache"))
    for number in range(20):
        cache.put(f"key{number}", {"number": number})
    with contextlib.closing(sqlite3.connect(cache.path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return cache.path.read_bytes()


CLAIMS = "\n".join(
    json.dumps({"id": number, "code": "", "call": "work([3, 0, 2])", "claim": {"func": "work", **claim}})
    for number, claim in enumerate(
        [
            {"kind": "value", "line": 11, "expr": "table[x] + len(xs)", "value": "6", "occurrence": 1},
            {"kind": "sequence", "line": 9, "var": "x", "values": "[3, 0, 2]"},
            {"kind": "delta", "line": 16, "changes": {"xs": ["[3, 0, 2]", "[4, 0, 2]"]}},
            {"kind": "iterations", "line": 9, "count": 3, "op": "<="},
            {"kind": "invariant", "line": 9, "expr": "0 <= i < len(xs) and sum(xs[:i]) >= 0"},
            {"kind": "calls", "func": "turns", "caller": "work", "count": 1, "args": {"n": "2"}},
            {"kind": "yields", "func": "turns", "values": "[2, 1]"},
            {"kind": "mutates", "param": "xs", "mutated": True},
            {"kind": "prints", "text": "zero at 1\n"},
            {"kind": "post", "expr": "len(result) == 4 and xs[0] == old(xs[0]) + 1"},
            {"kind": "depends", "line": 17, "on": {"chain": 15}},
            {"kind": "role", "var": "i", "role": "stepper"},
        ]
    )
)
SETTINGS = b"""backend = "offline"
time_limit = 2.5
max_events = 10_000
sandbox = "strict"
cache = true
lang = "zh-CN"
"""


def main(count: int, seed: int, only: str, folder: Path, out: io.TextIOBase) -> int:
    """Fuzz every target with `count` documents each; prints a table, gives the number of failures."""
    failures = 0
    print("| reader | documents | failures |\n| --- | --- | --- |", file=out)
    for target in targets(folder):
        if only not in target.name:
            continue
        bad = 0
        for number, document in documents(target, count, seed):
            wrong = failure(target, document)
            if wrong:
                bad += 1
                print(f"{target.name} {seed}:{number}: {wrong}", file=out, flush=True)
        print(f"| {target.name} | {count:,} | {bad} |", file=out, flush=True)
        failures += bad
    return failures


def peak() -> int:
    """Peak resident memory of this process, in bytes."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (
        1 if os.uname().sysname == "Darwin" else 1024
    )
