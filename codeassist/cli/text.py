"""Text for the terminal: one inert line, near names."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from codeassist.records.text import inert


def one_line(text: str, limit: int = 500) -> str:
    """`text` on one line, without control characters, cut to `limit` characters."""
    flat = inert(" ".join(text.split()))
    return flat if len(flat) <= limit else flat[: limit - 3] + "..."


def near(name: str, names: Iterable[str]) -> str:
    """A hint that offers the names most like `name`, or lists a few."""
    import difflib

    known = list(names)
    close = difflib.get_close_matches(name, known, n=3)
    return f"did you mean {', '.join(close)}?" if close else f"known are {', '.join(known[:12])}"


def tell(lines: Iterable[str]) -> None:
    """What is not the result, on stderr, a line each."""
    for line in lines:
        print(f"codeassist: {one_line(line)}", file=sys.stderr)
