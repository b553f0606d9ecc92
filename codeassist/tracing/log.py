"""The trace log as a file: lines, site tables, chunks of entries, footer. Read as hostile bytes."""

from __future__ import annotations

import io
import json
import re
import sys
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from codeassist.records.location import FunctionId
from codeassist.tracing.decode import REFERENCE, damaged

FORMAT, VERSION = "codeassist/trace-log", 1
TOLD = REFERENCE + 0xFFFFFFF0
MAX_LINE = 256 << 20
_IN_MEMORY = 4 << 20

NEW, BIND, UNBIND, CELL, CELL_EMPTY, SPLICE, SET, ITEM, DELETE, FILL, ADD, DISCARD = range(-1, -13, -1)
ENTER, RETURN, YIELD, RESUME, RAISE, UNWIND, THREAD, OUTPUT, SUSPEND, LOST, TAKEN, CAUGHT, GLOBAL = range(
    -13, -26, -1
)
ALIGN, DELEGATE, DELEGATED, AUDIT, FLAT, AUDIT_FLAT = range(-26, -32, -1)


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
    """(offset, length) of each chunk's line"""
    footer: dict[str, Any] | None = None
    host: dict[str, Any] | None = None
    damaged: str = ""
    """why reading ended before the end of the file"""

    def size(self) -> int:
        """Bytes of entries."""
        return sum(length for _, length in self.chunks)

    def entries(self, chunk: int) -> list[Any]:
        """The entries of one chunk."""
        flat, told = self.flat(chunk)
        try:
            return list(self._split(flat, iter(told)))
        except (IndexError, KeyError, ValueError, TypeError, AttributeError) as error:
            raise damaged(f"a chunk does not unpack ({type(error).__name__})") from error

    def flat(self, chunk: int) -> tuple[list[Any], list[Any]]:
        """One chunk as its flat list and the entries that were told apart from it."""
        offset, length = self.chunks[chunk]
        self.file.seek(offset)
        head = self.file.readline(MAX_LINE)
        pack = load(head)["pack"]
        data = self.file.read(length - len(head) - 1)
        try:
            flat = _unpacked(pack, data, str(self.header.get("order", "little")))
            return flat, list(pack["odd"][1])
        except (IndexError, KeyError, ValueError, TypeError, AttributeError) as error:
            raise damaged(f"a chunk does not unpack ({type(error).__name__})") from error

    def _split(self, flat: list[Any], told: Iterator[Any]) -> Iterator[Any]:
        """Entries from a flat list: a site's number and its values, or anything else told whole."""
        sites, place, end = self.sites, 0, len(flat)
        known = len(sites)
        while place < end:
            first = flat[place]
            if first == TOLD:
                yield next(told, None)
                place += 1
                continue
            if type(first) is not int:
                raise damaged("a site number is missing")
            if first in (FLAT, AUDIT_FLAT):
                stop = place + 5 + flat[place + 4]
                if not place + 5 <= stop <= end:
                    raise damaged("a list is longer than its chunk")
                yield [first, flat[place + 1], flat[place + 2], flat[place + 3], flat[place + 5 : stop]]
                place = stop
                continue
            if not 0 <= first < known:
                raise damaged("a site number without a row")
            size = sites[first].size
            yield flat[place : place + size + 1] if size else first
            place += size + 1


def _unpacked(pack: Any, data: bytes, order: str) -> list[Any]:
    """The flat list of one chunk."""
    if len(data) != pack["bytes"]:
        raise ValueError("cut off")
    numbers = array("q")
    numbers.frombytes(data)
    if order != sys.byteorder:
        numbers.byteswap()
    flat: list[Any] = numbers.tolist()
    for place, value in zip(pack["places"], pack["odd"][0], strict=True):
        flat[place] = value
    return flat


def load(line: bytes) -> Any:
    """One line's JSON; numbers of any length."""
    try:
        return json.loads(line)
    except RecursionError:
        raise damaged("a line is nested too deeply") from None
    except ValueError:
        pass
    try:
        return json.loads(line, parse_int=_long_int)
    except (ValueError, RecursionError):
        raise damaged("a line is no JSON") from None


def _long_int(text: str) -> int:
    """A decimal of any length, without the quadratic cost that `int` guards against."""
    if len(text) <= 4000:
        return int(text)
    if len(text) > 10_000_000:
        raise ValueError("number too long")
    digits = text.lstrip("-")
    half = len(digits) // 2
    value: int = _long_int(digits[:-half]) * 10**half + _long_int(digits[-half:])
    return -value if text.startswith("-") else value


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
        raise damaged(f"version {header.get('version')!r} is not known here")
    log = Log(file, header)
    offset = len(first)
    for line in _lines(file):
        size = len(line)
        if line.startswith(b'{"pack"'):
            size += _pack_size(line) + 1
            if not _skip(file, offset + size):
                break
            log.chunks.append((offset, size))
        elif not _take(log, line):
            break
        offset += size
    return log


def _pack_size(line: bytes) -> int:
    """Bytes of packed integers that follow a chunk's line."""
    found = re.match(rb'\{"pack":\{"type":"q","bytes":(\d{1,12}),', line)
    if found is None or int(found[1]) % 8:
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
        log.sites.append(Site(str(kind), function, line, column, info, operation, size))


_SIZES = {"item": 3, "attr": 2, "delattr": 1, "return": 1}


def _size(kind: str, operation: str, info: dict[str, Any]) -> int:
    """How many values an entry of this site holds."""
    if kind == "enter":
        return len(info.get("params", ()))
    if operation == "bind":
        return len(info["names"])
    size = info.get("size", _SIZES.get(operation, 0))
    if type(size) is not int or not 0 <= size < 1000:
        raise damaged("a site table row has an unknown form")
    return size
