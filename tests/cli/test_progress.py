"""Progress: quiet at first, a bar and an estimate on a terminal, plain lines elsewhere."""

from __future__ import annotations

import io
import sys

import pytest

from codeassist.cli import progress
from codeassist.cli.progress import Meter


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def told(stream: io.StringIO, monkeypatch: pytest.MonkeyPatch, *moments: tuple[float, int, int]) -> str:
    """What a meter writes when it is told of item `done` of `total` at these seconds."""
    clock = [0.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(sys, "stderr", stream)
    with Meter("explaining") as meter:
        for seconds, done, total in moments:
            clock[0] = seconds
            meter.update(done, total, f"f{done}")
        return stream.getvalue()


def test_nothing_is_said_in_the_first_second(monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(Terminal(), monkeypatch, (0.1, 0, 4), (0.9, 1, 4)) == ""


def test_a_terminal_gets_a_bar_and_an_estimate(monkeypatch: pytest.MonkeyPatch) -> None:
    text = told(Terminal(), monkeypatch, (2.0, 0, 4), (10.0, 2, 4))
    first, second = text.split("\r")[1:3]
    assert first.rstrip() == "[....................] explaining 1 of 4: f0"
    assert second.rstrip() == "[##########..........] explaining 3 of 4, about 10 s left: f2"


def test_a_single_item_has_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(Terminal(), monkeypatch, (2.0, 0, 1)).strip() == "explaining 1 of 1: f0"


def test_elsewhere_there_are_plain_lines_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    text = told(io.StringIO(), monkeypatch, (11.0, 0, 4), (12.0, 1, 4), (22.0, 2, 4))
    assert text.splitlines() == ["explaining 1 of 4: f0", "explaining 3 of 4, about 22 s left: f2"]
