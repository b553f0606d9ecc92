"""The trace log as a file: lines, site tables, chunks of entries, footer. Read as hostile bytes."""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

from codeassist.records.location import FunctionId
from codeassist.tracing import packing
from codeassist.tracing.decode import damaged

FORMAT, VERSION = "codeassist/trace-log", 2
MAX_LINE, MAX_HEAD = 256 << 20, 1 << 10
_JUNK = (IndexError, KeyError, ValueError, TypeError, AttributeError, OverflowError, struct.error)
_IN_MEMORY = 4 << 20

NEW, BIND, UNBIND, CELL, CELL_EMPTY, SPLICE, SET, ITEM, DELETE, FILL, ADD, DISCARD = range(-1, -13, -1)
ENTER, RETURN, YIELD, RESUME, RAISE, UNWIND, THREAD, OUTPUT, SUSPEND, LOST, TAKEN, CAUGHT, GLOBAL = range(
    -13, -26, -1
)
ALIGN, DELEGATE, DELEGATED, AUDIT, FLAT, AUDIT_FLAT, FILL_FLAT, CLASS, EXTEND = range(-26, -35, -1)
RUNS = frozenset((FLAT, AUDIT_FLAT, FILL_FLAT, EXTEND))
"""operations that stand among the integers, with the length of what they tell"""


@dataclass(frozen=True, slots=True)
class Site:
    """One row of a site table: where hooks stand in the source."""

    kind: str
    function: FunctionId
    line: int
    column: int
    info: dict[str, Any]
    op: str = ""
    """how an entry of values is read, for a row of kind `log`"""
    size: int = 0
    """how many values follow the site's number"""
    rows: tuple[int, ...] = ()
    """a block: the entries that it stands for, by site number"""


@dataclass(slots=True)
class Log:
    """What one look over the file found; entries stay in the file until they are asked for."""

    file: BinaryIO
    """stays open, so that the trace outlives the folder in which it was recorded"""
    header: dict[str, Any]
    sites: list[Site] = field(default_factory=list)
    modules: dict[str, str] = field(default_factory=dict)
    """path -> module name"""
    chunks: list[tuple[int, int]] = field(default_factory=list)
    """(offset, length) of each chunk, its line included"""
    skips: list[int] = field(default_factory=list)
    """items at the start of each chunk that belong to the last entry of the one before"""
    texts: list[str] = field(default_factory=list)
    """texts that stand in the chunks as numbers"""
    footer: dict[str, Any] | None = None
    host: dict[str, Any] | None = None
    damaged: str = ""
    """why reading ended before the end of the file"""

    def size(self) -> int:
        """Bytes of entries."""
        return sum(length for _, length in self.chunks)

    def compressed(self) -> Iterator[bytes]:
        """The whole lines of the file, its chunks compressed."""
        self.file.seek(0)
        for line in _lines(self.file):
            if not line.startswith(b'{"pack"'):
                yield line
                continue
            size = _pack_size(line)
            data = self.file.read(size + 1)
            if len(data) != size + 1:
                return
            try:
                yield from (*packing.deflated(line, data[:-1]), b"\n")
            except (ValueError, KeyError, TypeError, OverflowError) as error:
                raise damaged(f"a chunk does not unpack ({type(error).__name__})") from error

    def entries(self, chunk: int) -> list[Any]:
        """The entries of one chunk."""
        try:
            return list(self._split(chunk, self.flat(chunk)))
        except _JUNK as error:
            raise damaged(f"a chunk does not unpack ({type(error).__name__})") from error

    def flat(self, chunk: int) -> list[Any]:
        """The entries that begin in one chunk, as a flat list; lists in it are entries of their own.

        The last one may go on in the chunks that follow: `borrow` gives the rest.
        """
        return self._unpacked(chunk)[self.skips[chunk] :]

    def borrow(self, chunk: int, count: int) -> list[Any]:
        """The `count` items after the end of a chunk; fewer where the log ends: the run was cut off there."""
        found: list[Any] = []
        while count > len(found) and chunk + 1 < len(self.chunks):
            chunk += 1
            part = self._unpacked(chunk)[: count - len(found)]
            self.skips[chunk] = len(part)
            found += part
        return found

    def _unpacked(self, chunk: int) -> list[Any]:
        offset, length = self.chunks[chunk]
        self.file.seek(offset)
        head = self.file.readline(MAX_HEAD)
        data = self.file.read(length - len(head) - 1)
        try:
            return packing.unpacked(head, data, self.texts, str(self.header.get("order", "little")))
        except _JUNK as error:
            raise damaged(f"a chunk does not unpack ({type(error).__name__})") from error

    def _split(self, chunk: int, flat: list[Any]) -> Iterator[Any]:
        """Entries from a flat list: a site's number and its values, or anything else told whole."""
        sites, place, end = self.sites, 0, len(flat)
        while place < end:
            first = flat[place]
            if type(first) is list:
                yield first
                place += 1
                continue
            if type(first) is not int:
                raise damaged("a site number is missing")
            if first < 0:
                stop = run_end(flat, place, end)
                yield [first, flat[place + 1], flat[place + 2], flat[place + 3], flat[place + 5 : stop]]
                place = stop
                continue
            site = self.site(first)
            place += 1
            if place + site.size > end:
                flat += self.borrow(chunk, place + site.size - end)
                if place + site.size > len(flat):
                    return
            for number in site.rows or (first,):
                size = sites[number].size
                yield [number, *flat[place : place + size]] if size else number
                place += size

    def site(self, number: int) -> Site:
        """The row of a site number."""
        if not 0 <= number < len(self.sites):
            raise damaged("a site number without a row")
        return self.sites[number]


def run_end(flat: list[Any], place: int, end: int) -> int:
    """Where an operation ends that stands among the integers."""
    length = flat[place + 4]
    if flat[place] not in RUNS or type(length) is not int or not 0 <= length <= end - place - 5:
        raise damaged("a list is longer than its chunk")
    return place + 5 + length


def load(line: bytes) -> Any:
    """One line's JSON."""
    try:
        return packing.load(line)
    except ValueError as error:
        raise damaged(f"a line is no JSON ({error})") from None


def open_log(path: str | Path) -> Log:
    """Look over a trace log: header, site tables, where the chunks are, footer.

    Raises TraceError when the file cannot be read or is no trace log. A file that is cut off in the
    middle gives what is whole.
    """
    try:
        return _open(Path(path))
    except OSError as error:
        raise damaged(f"cannot read {path} ({error.strerror})") from error


def _open(path: Path) -> Log:
    file = _hold(path)
    first = file.readline(MAX_LINE)
    header = load(first) if first.endswith(b"\n") else None
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise damaged(f"{path} does not start as one")
    if header.get("version") != VERSION:
        told = f"version {header.get('version')!r} of the format, of which this codeassist reads {VERSION}"
        raise damaged(f"it has {told}; record it again")
    log = Log(file, header)
    offset = len(first)
    for line in _lines(file):
        size = len(line)
        if line.startswith(b'{"pack"'):
            size += _pack_size(line) + 1
            if not _skip(file, offset + size):
                break
            log.chunks.append((offset, size))
            log.skips.append(0)
        elif not _take(log, line):
            break
        offset += size
    return log


def _pack_size(line: bytes) -> int:
    """Bytes that follow a chunk's line."""
    found = re.match(rb'\{"pack":\{"bytes":(\d{1,10}),', line)
    if found is None:
        raise damaged("a chunk has an unknown form")
    return int(found[1])


def _skip(file: BinaryIO, place: int) -> bool:
    """Go to the line after a chunk; False when the chunk is not whole."""
    file.seek(place - 1)
    return file.read(1) == b"\n"


def _hold(path: Path) -> BinaryIO:
    """The file's bytes: in memory when they are few, else through an open file."""
    if not path.is_file():
        raise damaged(f"{path} is no regular file")
    file = path.open("rb")
    if path.stat().st_size > _IN_MEMORY:
        return file
    with file:
        return io.BytesIO(file.read())


def _lines(file: BinaryIO) -> Iterator[bytes]:
    while True:
        line = file.readline(MAX_LINE)
        if not line.endswith(b"\n"):
            return
        yield line


def _take(log: Log, line: bytes) -> bool:
    """Note one line; False when the rest of the file cannot be used."""
    try:
        data = load(line)
        if "module" in data:
            _add_sites(log, data["module"])
        elif "texts" in data:
            log.texts += [text for text in data["texts"] if isinstance(text, str)]
        elif "footer" in data:
            log.footer = dict(data["footer"])
        elif "host" in data:
            log.host = dict(data["host"])
    except Exception as error:
        log.damaged = str(error) or type(error).__name__
        return False
    return True


def _add_sites(log: Log, table: dict[str, Any]) -> None:
    path = str(table["path"])
    log.modules[path] = str(table.get("name", ""))
    if table["first"] != len(log.sites):
        raise damaged("a site table is missing")
    functions: dict[str, FunctionId] = {}
    for kind, name, line, column, info in table["sites"]:
        if not isinstance(line, int) or not isinstance(column, int) or not isinstance(info, dict):
            raise damaged("a site table row has an unknown form")
        operation = str(info.get("op", "")) if kind == "log" else ""
        size = _size(str(kind), operation, info)
        function = functions.setdefault(str(name), FunctionId(path, str(name)))
        log.sites.append(Site(str(kind), function, line, column, info, operation, size, ()))
    for number in range(table["first"], len(log.sites)):
        if log.sites[number].op == "block":
            log.sites[number] = _block(log, log.sites[number])


def _block(log: Log, site: Site) -> Site:
    """A block with the rows that it stands for; blocks do not stand for blocks."""
    rows = tuple(site.info["rows"])
    if not rows or any(type(n) is not int or log.site(n).op == "block" for n in rows):
        raise damaged("a block has an unknown form")
    return replace(site, size=sum(log.sites[n].size for n in rows), rows=rows)


_SIZES = {"item": 3, "attr": 2, "delattr": 1, "return": 1, "yield": 1, "resume": 1}


def _size(kind: str, operation: str, info: dict[str, Any]) -> int:
    """How many values an entry of this site holds."""
    if kind == "enter":
        return len(info.get("params", ())) + len(info.get("cells", ())) + bool(info.get("generator"))
    if operation == "bind":
        return len(info["names"])
    size = info.get("size", _SIZES.get(operation, 0))
    if type(size) is not int or not 0 <= size < 1000:
        raise damaged("a site table row has an unknown form")
    return size
