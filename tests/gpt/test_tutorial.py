"""The tutorial's code runs, in order, and prints what stands below it."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

TUTORIAL = Path(__file__).parents[2] / "docs" / "tutorial-gpt.md"
BLOCK = re.compile(r"```python\n(.*?)```\n```text\n(.*?)```", re.DOTALL)


def test_every_block_prints_what_the_page_says():
    text = TUTORIAL.read_text(encoding="utf-8")
    blocks = BLOCK.findall(text)
    assert len(blocks) == text.count("```python") >= 10
    names: dict[str, object] = {}
    for source, expected in blocks:
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            exec(compile(source, str(TUTORIAL), "exec"), names)
        assert printed.getvalue() == expected, source
