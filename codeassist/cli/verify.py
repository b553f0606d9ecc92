"""`codeassist verify CLAIMS.jsonl`: judge claims that somebody else wrote."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from typing import Any

import click

from codeassist.cli.options import emit, output_options, run_options

SIGNS = {"verified": "✓", "refuted": "✗", "unchecked": "?"}


@click.command()
@click.argument("claims", metavar="CLAIMS.jsonl")
@click.option("--strict", is_flag=True, help="Status 1 when a claim is refuted.")
@run_options
@output_options("jsonl", "json", "terminal", default="jsonl")
def command(claims: str, strict: bool, format_: str, output: str | None, color: str, **flags: Any) -> int:
    """Decide each row {"id", "code" or "path", "call", "claim"} of CLAIMS.jsonl (- for stdin) by running it.

    One answer for each row, in the same order: verified, refuted, or unchecked with a reason.
    """
    from codeassist import pipeline
    from codeassist.cli.main import FINDINGS
    from codeassist.cli.progress import Meter
    from codeassist.pipeline.judging import verify
    from codeassist.verifying.rows import read_row

    rows = [read_row(line) for line in _lines(claims) if line.strip()]
    refuted = 0

    def counted(answers: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        nonlocal refuted
        for answer in answers:
            refuted += answer["status"] == "refuted"
            yield answer

    with pipeline.session(".", **flags) as opened, Meter("judging") as meter:
        answers = counted(verify(rows, opened, meter.update))
        emit(_WRITERS[format_](answers), output)
    return FINDINGS if strict and refuted else 0


def _lines(name: str) -> list[str]:
    """Lines of the file, split at line feeds only: a text inside JSON may hold any other separator."""
    from codeassist.records.errors import UsageError

    try:
        if name == "-":
            data = sys.stdin.buffer.read()
        else:
            with open(name, "rb") as file:
                data = file.read()
    except OSError as error:
        raise UsageError(f"cannot read {name}: {error.strerror}") from None
    return data.decode("utf-8-sig", "replace").split("\n")


def _jsonl(answers: Iterable[dict[str, Any]]) -> Iterator[str]:
    for answer in answers:
        yield _text(answer) + "\n"
        sys.stdout.flush()


def _json(answers: Iterable[dict[str, Any]]) -> Iterator[str]:
    """One document: the rows beside their format."""
    yield '{"format": "codeassist/verdicts", "version": 1, "rows": ['
    for number, answer in enumerate(answers):
        yield (",\n" if number else "\n") + _text(answer)
    yield "\n]}\n"


def _text(answer: dict[str, Any]) -> str:
    return json.dumps(answer, ensure_ascii=True, allow_nan=False)


def _terminal(answers: Iterable[dict[str, Any]]) -> Iterator[str]:
    """One line a row, and the count at the end."""
    from codeassist.records.text import inert

    counts = dict.fromkeys(SIGNS, 0)
    for answer in answers:
        counts[answer["status"]] += 1
        yield inert(_line(answer)) + "\n"
    yield ", ".join(f"{count} {status}" for status, count in counts.items()) + "\n"


def _line(answer: dict[str, Any]) -> str:
    witness = answer["witness"] or {}
    parts = [f"{SIGNS[answer['status']]} {answer['id']}", answer["status"], answer["reason"]]
    if witness.get("step") is not None:
        parts.append(f"at step {witness['step']}, line {witness['line']}")
    if answer.get("actual"):
        parts.append(f"the run shows {answer['actual'][:200]}")
    if answer.get("message"):
        parts.append(answer["message"])
    if answer["status"] == "verified" and answer["reason"] == "held":
        parts.append(f"on {answer['runs']} run{'s' if answer['runs'] != 1 else ''}")
    return "  ".join(parts)


_WRITERS = {"jsonl": _jsonl, "json": _json, "terminal": _terminal}
