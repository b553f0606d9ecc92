"""Programs with claims and the verdict beside each, through real runs: tests/cases/claims/recorded/*.md."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import codeassist

CASES = sorted((Path(__file__).parent.parent / "cases" / "claims" / "recorded").glob("*.md"))


def _rows(path: Path) -> Iterator[tuple[list[str], dict[str, Any]]]:
    """What is expected (status, and the reason where it is said) and the row that asks for it."""
    for block in re.split(r"(?m)^(?=```python)", path.read_text(encoding="utf-8"))[1:]:
        run = re.search(r"^Run: `(.*)`$", block, re.M)
        inputs = re.search(r"^Inputs: `(.*)`$", block, re.M)
        codes, claims = (re.search(rf"```{kind}\n(.*?)```", block, re.S) for kind in ("python", "claims"))
        assert run is not None
        assert codes is not None
        assert claims is not None
        shared = {"code": codes[1], "call": run[1], **({"inputs": inputs[1]} if inputs else {})}
        for line in claims[1].splitlines():
            expected, claim = line.split(" {", 1)
            yield expected.split(), {**shared, "claim": json.loads("{" + claim)}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_recorded_runs_give_the_verdicts_beside_them(path: Path) -> None:
    rows = list(_rows(path))
    found = codeassist.verify([row for _, row in rows], max_events=20_000)
    told = [
        (expected, row["claim"], answer["status"], answer["reason"], answer.get("actual"))
        for (expected, row), answer in zip(rows, found, strict=True)
        if [answer["status"], answer["reason"]][: len(expected)] != expected
    ]
    assert not told
