"""Nothing that moves a cursor, hides or turns text round passes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeassist.records.text import inert


@pytest.mark.parametrize("text", ["plain", "größe", "二分查找", "a b", "✓ 3 runs"])
def test_harmless_text_is_untouched(text: str) -> None:
    assert inert(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31m", "\\x1b[31m"),
        ("a\u202eb", "a\\u202eb"),
        ("\x9b", "\\x9b"),
        ("a\u200bb", "a\\u200bb"),
        ("\u2028", "\\u2028"),
        ("\ud800", "\\ud800"),
        ("a\tb\r", "a\\x09b\\x0d"),
    ],
)
def test_control_text_is_escaped(text: str, shown: str) -> None:
    assert inert(text) == shown


@given(st.text())
def test_what_comes_out_is_printable(text: str) -> None:
    assert all(ord(c) >= 32 and c != "\x7f" and not 0x80 <= ord(c) < 0xA0 for c in inert(text))
