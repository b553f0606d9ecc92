"""Names of functions made harmless for output: no control or direction characters."""

from __future__ import annotations

import unicodedata


def visible(text: str) -> str:
    """`text` with every character that is not shown as itself written as an escape."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_escaped(sign) for sign in text)


def _escaped(sign: str) -> str:
    # Cc control, Cf direction and joiners, Cs surrogates, Co and Cn unassigned, Zl and Zp line ends
    if sign == " " or unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"):
        return sign
    code = ord(sign)
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 65536 else f"\\U{code:08x}"
