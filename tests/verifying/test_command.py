"""`codeassist verify` from end to end: real runs in the sandbox, one answer for each row, in order."""

# ruff: noqa: E501 - tables read better unbroken
from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

CODE = "def add(a, b):\n    c = a + b\n    return c\n"
GOOD = {"kind": "returns", "func": "add", "value": "3"}


def row(id_: Any, claim: dict[str, Any] = GOOD, **more: Any) -> str:
    return json.dumps({"id": id_, "code": CODE, "call": "add(1, 2)", "claim": claim, **more})


ROWS = [
    (row("true"), "verified", "decided"),
    (row("false", {**GOOD, "value": "4"}), "refuted", "wrong-value"),
    ("not json", "unchecked", "bad-claim"),
    ('{"id": "deep", "claim": ' + "[" * 100_000, "unchecked", "bad-claim"),
    (json.dumps({"id": "no call", "code": CODE, "claim": GOOD}), "unchecked", "bad-claim"),
    (row("unknown", {"kind": "beauty", "func": "add"}), "unchecked", "unknown-kind"),
    (row("unparsable", code="def add(:\n"), "unchecked", "not-run"),
    (row("nameless", call="nothing()"), "unchecked", "not-run"),
    (row("no expression", call="add(1,"), "unchecked", "not-run"),
    (row("exit", code="import os\nos._exit(3)\n"), "unchecked", "not-run"),
    (row("raises", {"kind": "raises", "func": "add", "exception": "TypeError", "line": 2}, call="add(1, '2')"), "verified", "decided"),
    (row("surrogate", code="# \ud800\n" + CODE), "unchecked", "not-run"),
    (row("nul", code=CODE + "\0"), "unchecked", "not-run"),
    (row("missing file", code=None, path="/nowhere/at/all.py"), "unchecked", "not-run"),
    (row("hostile", {"kind": "value", "func": "add", "line": 2, "expr": "().__class__", "value": "1"}), "unchecked", "impure-expression"),
    (row("twice", {"kind": "pure", "func": "add", "pure": True}), "verified", "held"),
    (row(7, {"kind": "calls", "func": "add", "count": 1}), "verified", "decided"),
]  # fmt: skip


def command(text: str, *options: str) -> tuple[int, list[dict[str, Any]], str]:
    done = subprocess.run(
        [sys.executable, "-m", "codeassist", "verify", "-", *options],
        input=text.encode("utf-8", "surrogatepass"), capture_output=True, timeout=120, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    return (
        done.returncode,
        [json.loads(line) for line in done.stdout.decode("ascii").splitlines()],
        done.stderr.decode(),
    )


def test_every_row_is_answered_in_order() -> None:
    status, answers, errors = command("\n".join(text for text, _, _ in ROWS) + "\n")
    assert (status, "Traceback" in errors) == (0, False)
    assert [(a["status"], a["reason"]) for a in answers] == [(status, reason) for _, status, reason in ROWS]
    assert [a["id"] for a in answers if a["id"] is not None][:3] == ["true", "false", "no call"]
    assert all({"id", "status", "reason", "runs", "witness"} <= set(a) for a in answers)


def test_strict_ends_with_findings() -> None:
    assert command(row(1), "--strict")[0] == 0
    assert command(row(1, {**GOOD, "value": "4"}), "--strict")[0] == 1


def test_an_unreadable_file_is_bad_input() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "codeassist", "verify", "/nowhere.jsonl"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1


def test_claims_about_ones_own_function(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib

    from codeassist.checks import claims, verify

    path = tmp_path / "own_adder.py"
    path.write_text(CODE)
    monkeypatch.syspath_prepend(str(tmp_path))
    add = importlib.import_module("own_adder").add
    claims(add, "add(1, 2)", {"kind": "returns", "value": "3"})
    with pytest.raises(
        AssertionError, match=r"returns value='4': refuted, wrong-value at step \d+, line 3: the run shows 3"
    ):
        claims(add, "add(1, 2)", {"kind": "returns", "value": "3"}, {"kind": "returns", "value": "4"})
    rows = [{"id": 1, "path": str(path), "call": "add(1, 2)", "claim": GOOD}]
    assert verify(rows)[0]["status"] == "verified"
