"""The tutorials' code runs, in order, and prints what stands below it."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
TUTORIALS = {"tutorial-gpt.md": 10, "tutorial-tuning.md": 6}
"""page, and the least number of its blocks"""
BLOCK = re.compile(r"```python\n(.*?)```\n```text\n(.*?)```", re.DOTALL)


@pytest.mark.parametrize("page", TUTORIALS)
def test_every_block_prints_what_the_page_says(page):
    text = (DOCS / page).read_text(encoding="utf-8")
    blocks = BLOCK.findall(text)
    assert len(blocks) == text.count("```python") >= TUTORIALS[page]
    names: dict[str, object] = {}
    for source, expected in blocks:
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            exec(compile(source, page, "exec"), names)
        assert printed.getvalue() == expected, source
