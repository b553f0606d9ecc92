"""Chunks of a trace log: a flat list as 64-bit integers, and apart from them what is no integer."""

from __future__ import annotations

import json
import sys
import zlib
from array import array
from typing import Any

MAX_BYTES = 1 << 30
"""bytes of one chunk, unpacked: more is damage"""
LEVEL = 6


def unpacked(head: bytes, data: bytes, texts: list[str], order: str) -> list[Any]:
    """The flat list of a chunk, from its line and the bytes that follow. Raises ValueError for junk."""
    pack = json.loads(head)["pack"]
    if len(data) != pack["bytes"]:
        raise ValueError("cut off")
    items, floats, named, odd, rest = counts = pack["counts"]
    if any(type(count) is not int or not 0 <= count < MAX_BYTES for count in counts):
        raise ValueError("counts")
    ends = _ends(8 * items, 4 * floats, 8 * floats, 4 * named, 4 * odd, rest)
    if pack.get("zlib"):
        data = _inflated(data, ends[-1])
    if len(data) != ends[-1]:
        raise ValueError("counts")
    flat: list[Any] = _array("q", data[: ends[0]], order).tolist()
    places = _array("I", data[ends[0] : ends[1]], order)
    for place, number in zip(places, _array("d", data[ends[1] : ends[2]], order), strict=True):
        flat[place] = number
    for place in _array("I", data[ends[2] : ends[3]], order):
        flat[place] = texts[flat[place]]
    if odd:
        values = load(data[ends[4] :])
        for place, value in zip(_array("I", data[ends[3] : ends[4]], order), values, strict=True):
            flat[place] = value
    return flat


def deflated(head: bytes, data: bytes) -> tuple[bytes, bytes]:
    """The same chunk with its bytes compressed; one that is compressed already stays as it is."""
    pack = json.loads(head)["pack"]
    if pack.get("zlib"):
        return head, data
    small = zlib.compress(data, LEVEL)
    pack = {"bytes": len(small), "counts": pack["counts"], "zlib": True}
    return json.dumps({"pack": pack}, separators=(",", ":")).encode("ascii") + b"\n", small


def _inflated(data: bytes, size: int) -> bytes:
    if size > MAX_BYTES:
        raise ValueError("too large")
    try:
        return zlib.decompressobj().decompress(data, size + 1)
    except zlib.error as error:
        raise ValueError(str(error)) from None


def _ends(*sizes: int) -> list[int]:
    ends, end = [], 0
    for size in sizes:
        end += size
        ends.append(end)
    return ends


def _array(code: str, data: bytes, order: str) -> array[Any]:
    numbers: array[Any] = array(code)
    numbers.frombytes(data)
    if order != sys.byteorder:
        numbers.byteswap()
    return numbers


def load(line: bytes) -> Any:
    """One line's JSON; numbers of any length. Raises ValueError for what is no JSON."""
    try:
        return json.loads(line)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    except ValueError:
        pass
    try:
        return json.loads(line, parse_int=_long_int)
    except RecursionError:
        raise ValueError("nested too deeply") from None


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
