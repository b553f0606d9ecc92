"""`trace --step`: moves on a run, and the keys of a real (pseudo) terminal."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from codeassist.cli.stepper import HELP, MOVES, Walk
from codeassist.pipeline.recording import evaluator
from tests.support.runs import CALL, SEARCH, ask, seen

NESTED = """\
def inner(x):
    y = x + 1
    return y

def outer(n):
    a = inner(n)
    b = inner(a)
    return b
"""


def walk(text: str = SEARCH, call: str = CALL) -> Walk:
    view = seen(text, call)
    return Walk(view, lambda question: ask(view, question), evaluator())


@pytest.mark.parametrize(
    ("moves", "words"),
    [
        ("b", "beginning"),
        ("l n", "end of the run"),
        ("goto 99", "numbered from 0"),
        ("u", "nothing was recorded"),
        ("i", "calls nothing"),
        ("where nope", "no value here"),
        ("until low > 99", "not come to hold"),
        ("c nope", "does not change"),
        ("p nope", "no value"),
        ("until low >", "expression"),
    ],
)
def test_a_move_that_cannot_be_made_says_why_and_stays(moves: str, words: str) -> None:
    at = walk()
    *first, last = moves.split(" ", 1) if moves[1:2] == " " and moves[2:] in MOVES else [moves]
    for move in first:
        at.do(move)
    before = at.at
    assert words in at.do(last)
    assert at.at == before


@pytest.mark.parametrize(
    ("moves", "line"),
    [
        (["n"], 2),
        (["n", "n", "b"], 2),
        (["until low > 2"], 4),
        (["goto 9", "where low"], 10),
        (["goto 8", "where high"], 2),
        (["goto 3", "where target"], 1),
        (["c mid"], 6),
        (["c mid", "c mid"], 6),
        (["l", "f"], 1),
        (["next", "over", "over"], 4),
    ],
)
def test_moves_on_a_search(moves: list[str], line: int) -> None:
    at = walk()
    for move in moves:
        assert at.do(move) == ""
    assert at.event().line == line


def test_into_over_and_out_follow_calls() -> None:
    at = walk(NESTED, "outer(1)")
    at.do("n")
    at.do("into")
    assert list(at.stack()) == ["outer", "inner"]
    at.do("out")
    assert (at.event().line, list(at.stack())) == (7, ["outer"])
    at.do("over")
    assert at.event().line == 8


def test_print_evaluates_over_the_variables_there() -> None:
    at = walk()
    at.do("goto 5")
    assert at.do("p xs[mid] + 1") == "xs[mid] + 1 = 6"


def test_help_names_every_move() -> None:
    assert all(word in HELP for word in set(MOVES.values()) if word != "print")


class Terminal:
    """`codeassist trace --step` on a pseudo-terminal."""

    def __init__(self, program: Path) -> None:
        self.rest = b""
        self.master, slave = pty.openpty()
        words = [sys.executable, "-m", "codeassist", "trace", str(program), "--call", CALL, "--step"]
        env = {**os.environ, "TERM": "xterm", "COLUMNS": "100", "NO_COLOR": "1"}
        self.process = subprocess.Popen(
            words, stdin=slave, stdout=slave, stderr=slave, env=env, close_fds=True
        )
        os.close(slave)

    def until(self, text: str, limit: float = 60.0) -> str:
        """All that is written up to `text`, and no more; an assertion says what came instead."""
        seen, end = self.rest, time.monotonic() + limit
        while text.encode() not in seen:
            ready, _, _ = select.select([self.master], [], [], max(0.0, end - time.monotonic()))
            assert ready, f"{text!r} did not come; there was {seen.decode(errors='replace')}"
            try:
                seen += os.read(self.master, 65536)
            except OSError:
                raise AssertionError(f"{text!r} did not come before the end: {seen!r}") from None
        found, mark, self.rest = seen.partition(text.encode())
        return (found + mark).decode(errors="replace")

    def type(self, keys: str) -> None:
        os.write(self.master, keys.encode())


def test_keys_on_a_terminal(tmp_path: Path) -> None:
    program = tmp_path / "prog.py"
    program.write_text(SEARCH)
    terminal = Terminal(program)
    try:
        terminal.until("step 0 of")
        terminal.type("n")  # a key acts at once
        terminal.until("step 1 of")
        terminal.type("until low > 2\n")
        assert "step 9 of" in terminal.until("low    = 3")
        terminal.until("> ")
        terminal.type("w")  # a key that asks
        terminal.until("where is: ")
        terminal.type("low\n")
        terminal.until("step 8 of")
        terminal.type("\x1b[D")  # the left arrow goes back
        terminal.until("step 7 of")
        terminal.type("h")
        terminal.until("next change of NAME")
        terminal.type("q")
        assert terminal.process.wait(timeout=20) == 0
    finally:
        terminal.process.kill()
        os.close(terminal.master)
