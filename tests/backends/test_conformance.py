"""Every backend keeps the seam's contract, and so does the one that docs/backends.md teaches."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from codeassist.backends.offline import Offline
from codeassist.backends.openai import OpenAI
from codeassist.backends.replay import Replay
from codeassist.records.backend import Configuration
from tests.backends.conformance import conforms
from tests.support.command import codeassist
from tests.support.model_server import EMPTY, FAULTS, answering, serving

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "backends.md"


def taught() -> Any:
    """The class of the tutorial."""
    code = re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert code
    names: dict[str, Any] = {}
    exec(code[1], names)
    return names["Loud"]


@pytest.mark.parametrize("make", [Offline, Replay, OpenAI, lambda c: taught()(c)])
def test_our_backends_conform(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    conforms(make)


@pytest.mark.parametrize("mode", [answering(EMPTY), FAULTS["400"]])
def test_the_hosted_one_conforms_when_it_is_asked(mode: Any) -> None:
    with serving(mode) as (url, _):
        conforms(lambda c: OpenAI(c and Configuration(base_url=url, key="k", deadline=c.deadline)))


@pytest.mark.parametrize(
    "broken",
    ["return None", "raise RuntimeError('oops')", "return prompt.baseline.summary", "raise KeyError(1)"],
)
def test_a_strangers_backend_that_breaks_is_one_line(
    broken: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "f.py"
    path.write_text("def f(x):\n    return x\n")
    code = f"class Own:\n  name = 'own'\n  __init__ = lambda *_: None\n  def complete(s, prompt): {broken}\n"
    names: dict[str, Any] = {}
    exec(code, names)
    monkeypatch.setattr("codeassist.pipeline.answering.load", lambda *words: names["Own"])
    done = codeassist("explain", str(path), "--backend", "own", "--no-cache", "--budget", "1")
    assert (done.status, len(done.err.splitlines())) == (3, 1)
    assert "f(x)" in done.out


def test_conviction_is_no_evidence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "f.py"
    path.write_text("def f(x):\n    return x\n")
    monkeypatch.setattr("codeassist.pipeline.answering.load", lambda *words: taught())
    words = ("explain", str(path), "--backend", "loud", "--no-cache", "--budget", "1")
    assert "SORTS" not in codeassist(*words).out
    assert "IT SORTS!" in codeassist(*words, "--opinions").out
