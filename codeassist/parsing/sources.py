"""Reading a file into a `Source`: regular files only, decoded as Python decodes them."""

from __future__ import annotations

import codecs
import hashlib
import os
import re
import stat
import sys
from pathlib import Path

from codeassist.records.errors import UsageError
from codeassist.records.program import Source

MAX_BYTES = 64 << 20
"""larger files are refused: nobody explains them, and they would exhaust memory"""

_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_BLANK = re.compile(rb"^[ \t\f]*(?:[#\r\n]|$)")
_NEWLINE = re.compile("\r\n|\r")


def read_source(path: str, text: str | None = None) -> Source:
    """Read `path` (`-` is standard input); `text`, when given, stands in for the file's content.

    Raises UsageError, in one line, for whatever is not a readable text file.
    """
    if text is not None:
        return _source(path, text, "utf-8", text.encode("utf-8", "surrogatepass"))
    data = _read_stdin() if path == "-" else _read_file(path)
    encoding = detect_encoding(data, path)
    return _source(path, _decode(data, encoding, path), encoding, data)


def _source(path: str, text: str, encoding: str, data: bytes) -> Source:
    # the tokenizer knows exactly these three line ends; a form feed or U+2028 is none
    text = _NEWLINE.sub("\n", text)
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    digest = hashlib.sha256(data).hexdigest()
    return Source(_resolved(path), text, encoding, digest, tuple(lines))


def _resolved(path: str) -> str:
    return path if path == "-" else Path(path).resolve().as_posix()


def _read_stdin() -> bytes:
    data = sys.stdin.buffer.read(MAX_BYTES + 1)
    return _checked("standard input", data)


def _read_file(path: str) -> bytes:
    """Never blocks on a FIFO and never reads a device: the kind is asked of the open descriptor."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (OSError, ValueError) as error:
        raise UsageError(_reason(path, error), slug="unreadable") from None
    try:
        _check_kind(path, os.fstat(descriptor).st_mode)
    except UsageError:
        os.close(descriptor)
        raise
    with open(descriptor, "rb") as file:
        return _checked(path, file.read(MAX_BYTES + 1))


def _check_kind(path: str, mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise UsageError(f"{path} is a folder, not a file", slug="unreadable")
    if not stat.S_ISREG(mode):
        raise UsageError(f"{path} is not a regular file", slug="unreadable")


def _reason(path: str, error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return f"{path} does not exist"
    if isinstance(error, ValueError):
        return f"{path!r} is not a file name"
    return f"{path} cannot be read: {getattr(error, 'strerror', error)}"


def _checked(path: str, data: bytes) -> bytes:
    if len(data) > MAX_BYTES:
        raise UsageError(f"{path} is larger than {MAX_BYTES >> 20} MiB", slug="unreadable")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise UsageError(f"{path} is UTF-16 text", hint="save it as UTF-8", slug="unreadable")
    if b"\0" in data:
        raise UsageError(f"{path} is not a text file", slug="unreadable")
    return data


def detect_encoding(data: bytes, path: str = "") -> str:
    """The encoding that PEP 263 gives these bytes; UsageError when it is unknown or contradicts a BOM."""
    has_bom = data.startswith(codecs.BOM_UTF8)
    cookie = _cookie(data[3:] if has_bom else data)
    if cookie is None:
        return "utf-8-sig" if has_bom else "utf-8"
    try:
        info = codecs.lookup(cookie)
    except (LookupError, ValueError):
        info = None
    # rot13, hex and the like are codecs too, but not of text; there is no public way to ask
    if info is None or not getattr(info, "_is_text_encoding", True):
        raise UsageError(f"{path} declares the unknown encoding {cookie!r}", slug="unreadable")
    if has_bom and info.name != "utf-8":
        raise UsageError(f"{path} has a UTF-8 mark but declares {cookie!r}", slug="unreadable")
    return "utf-8-sig" if has_bom else info.name


def _cookie(data: bytes) -> str | None:
    for line in re.split(rb"\r\n|\r|\n", data[:4096], maxsplit=2)[:2]:
        match = _COOKIE.match(line)
        if match:
            return match.group(1).decode("ascii", "replace")
        if not _BLANK.match(line):
            return None
    return None


def _decode(data: bytes, encoding: str, path: str) -> str:
    try:
        return data.decode(encoding)
    except (UnicodeError, ValueError) as error:
        line = data.count(b"\n", 0, getattr(error, "start", 0)) + 1
        hint = "declare its encoding on the first line, such as  # coding: latin-1"
        raise UsageError(
            f"{path} is not {encoding} text (line {line})", hint=hint, slug="unreadable"
        ) from None
