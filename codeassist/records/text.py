"""Making foreign text inert: no control, escape or direction character reaches an output."""

from __future__ import annotations

import unicodedata

_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def inert(text: str, keep: str = "") -> str:
    """`text` with C0, C1, bidirectional, zero-width and surrogate characters escaped.

    Characters in `keep` (such as "\\n") pass. Unicode TR36 and TR39 name the ones that mislead.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if c in keep or not _hidden(c) else _escape(c) for c in text)


def _hidden(character: str) -> bool:
    return unicodedata.category(character) in _HIDDEN


def _escape(character: str) -> str:
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
