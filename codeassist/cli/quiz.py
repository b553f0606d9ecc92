"""`codeassist quiz TARGET`: predict what a run does next."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import click

from codeassist.cli.options import emit, run_options, use_color
from codeassist.messages import Catalogue
from codeassist.records.quiz import Question
from codeassist.records.text import inert

AROUND = 3
"""source lines shown before and after the one that is asked about"""


@click.command()
@click.argument("target", metavar="TARGET")
@click.option("--call", metavar="EXPR", default="", help="What to run, such as 'f([3, 1, 2])'.")
@click.option("--questions", type=click.IntRange(1, 100), default=10, show_default=True, metavar="N")
@click.option("--lang", metavar="LANG", help="en or zh-CN [en].")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto")
@run_options
def command(target: str, call: str, questions: int, color: str, **flags: Any) -> int:
    """Predict values, branches and results of a run of TARGET; the recorded run grades you.

    Answer with a Python value, or y and n for a branch; Enter shows the answer, q ends.
    """
    from codeassist import pipeline
    from codeassist.messages import catalogue
    from codeassist.pipeline.quizzing import quiz

    with pipeline.session(target.partition("::")[0], **flags) as opened:
        asked = quiz(target, opened, call, questions)
        text = catalogue(opened.settings["lang"])
    is_colored = use_color(color, None)
    emit(f"{inert(asked.call)}\n", None)
    right = done = 0
    for number, question in enumerate(asked.questions, 1):
        title = text("quiz.number", number=number, total=len(asked.questions))
        emit("".join(_shown(title, question, asked.lines, text, is_colored)), None)
        was_right = _answered(question, text, is_colored)
        if was_right is None:
            break
        right, done = right + was_right, done + 1
    emit(text("quiz.score", right=right, done=done) + "\n", None)
    return 0


def _shown(
    title: str, question: Question, lines: Mapping[str, Sequence[str]], text: Catalogue, color: bool
) -> Iterator[str]:
    """The source around the step, the variables it reads, and the question."""
    from codeassist.rendering.trace_terminal import paint

    yield "\n" + paint(title, "title", color) + "\n"
    known = lines.get(question.path, ())
    for n in range(max(1, question.line - AROUND), min(len(known), question.line + AROUND) + 1):
        row = f"{n:>5} {'→' if n == question.line else ' '} {inert(known[n - 1].expandtabs(4))}".rstrip()
        yield paint(row, "call" if n == question.line else "dim", color) + "\n"
    for name, value in question.known:
        yield f"      {inert(name)} = {paint(inert(value), 'value', color)}\n"
    told = text(f"quiz.{question.kind}", name=inert(question.name), line=question.line)
    if question.turn > 1:
        told += " " + text("quiz.turn", turn=question.turn)
    yield told + "\n"


def _answered(question: Question, text: Catalogue, color: bool) -> bool | None:
    """Whether the answer was right; None when the user leaves."""
    from codeassist.pipeline.quizzing import is_right, solution
    from codeassist.rendering.trace_terminal import paint

    while True:
        line = _line()
        if line is None or line.strip().lower() in ("q", "quit", "exit"):
            return None
        if not line.strip():
            emit(text("quiz.shown", value=inert(solution(question))) + "\n", None)
            return False
        verdict = is_right(question, line)
        if verdict is None:
            emit(text("quiz.again." + ("branch" if question.kind == "branch" else "value")) + "\n", None)
            continue
        if verdict:
            emit(paint("✓", "returns", color) + "\n", None)
        else:
            told = text("quiz.wrong", value=inert(solution(question)))
            emit(paint("✗", "raises", color) + f" {told}\n", None)
        return verdict


def _line() -> str | None:
    """One line of stdin, asked for with a sign where somebody sits there; None at its end."""
    if sys.stdin.isatty():
        sys.stdout.write("> ")
    sys.stdout.flush()
    return sys.stdin.readline() or None
