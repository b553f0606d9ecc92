"""Programs with claims and the expected verdict beside each: tests/cases/claims/*.md."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.support.courtroom import verdicts

CASES = sorted((Path(__file__).parent.parent / "cases" / "claims").glob("*.md"))


def _case(path: Path) -> tuple[str, str, list[tuple[str, dict[str, object]]]]:
    text = path.read_text(encoding="utf-8")
    code = re.search(r"```python\n(.*?)```", text, re.S)[1]
    call = re.search(r"^Run: `(.*)`$", text, re.M)[1]
    rows = re.search(r"```claims\n(.*?)```", text, re.S)[1].splitlines()
    return code, call, [(row.split(" {", 1)[0], json.loads("{" + row.split(" {", 1)[1])) for row in rows]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_cases_give_the_verdicts_beside_them(path: Path) -> None:
    code, call, rows = _case(path)
    found = verdicts(code, call, [claim for _, claim in rows])
    told = [
        (f"{v.status} {v.reason}", claim, v.actual)
        for (wanted, claim), v in zip(rows, found, strict=True)
        if f"{v.status} {v.reason}" != wanted
    ]
    assert not told
