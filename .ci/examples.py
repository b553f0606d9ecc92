"""Explain every example; an oracle that shares no code with the recorder re-decides each claim."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from codeassist import parsing, verifying  # noqa: E402
from codeassist.records.answer import Claim  # noqa: E402
from tests.support.oracle import oracle_trace  # noqa: E402

ENVELOPE = ("kind", "id", "text", "scope", "path", "verdict")


def claims_of(explanation: dict) -> list[Claim]:
    return [
        Claim(
            c["kind"], {n: v for n, v in c.items() if n not in ENVELOPE}, c["id"], "", None, c.get("path", "")
        )
        for c in explanation["claims"]
        if not c.get("scope")
    ]


def check(path: Path) -> tuple[int, int]:
    command = [sys.executable, "-m", "codeassist", "explain", str(path), "--format", "json", "--no-cache"]
    report = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    module = parsing.parse(parsing.read_source(str(path)))
    decided = 0
    for explanation in report["explanations"]:
        refuted = [c for c in explanation["claims"] if c["verdict"]["status"] == "refuted"]
        assert not refuted, (path, refuted)
        assert explanation["inputs"], f"{path}: {explanation['function']} has no run"
        call = explanation["inputs"][0]["call"]
        trace = oracle_trace(module.source.text, call, path=module.source.path)
        claims = claims_of(explanation)
        for claim, verdict in zip(
            claims, verifying.judge(claims, [trace], {module.source.path: module}), strict=True
        ):
            assert verdict.status != "refuted", (path, call, claim, verdict)
            decided += verdict.status == "verified"
    return len(report["explanations"]), decided


total = 0
for example in sorted((ROOT / "examples").glob("*.py")):
    functions, decided = check(example)
    total += decided
    print(f"{example.name:20} {functions} functions, {decided} claims verified by the oracle")
print(f"{total} claims, 0 refuted")
