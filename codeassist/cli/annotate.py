"""`codeassist annotate TARGET`: chosen notes written into the source, losslessly."""

from __future__ import annotations

import sys
from typing import Any

import click

from codeassist.cli.options import emit, run_options

NOTES = ("goals", "invariants", "runs", "docstrings")


class Kinds(click.ParamType):  # type: ignore[type-arg]
    """Kinds of notes, separated by commas."""

    name = "kinds"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        if isinstance(value, tuple):
            return value
        kinds = tuple(dict.fromkeys(part.strip() for part in str(value).split(",") if part.strip()))
        unknown = [kind for kind in kinds if kind not in NOTES]
        if unknown or not kinds:
            self.fail(f"{value!r}: choose from {', '.join(NOTES)}", param, ctx)
        return kinds


@click.command()
@click.argument("targets", nargs=-1, required=True, metavar="TARGET...")
@click.option("--diff", "show", flag_value="diff", help="Print what would change, and write nothing.")
@click.option("--check", "show", flag_value="check", help="Status 1 if anything would change; write nothing.")
@click.option(
    "--notes",
    "kinds",
    type=Kinds(),
    default="goals,invariants",
    show_default=True,
    metavar="KINDS",
    help=f"Of {', '.join(NOTES)}, separated by commas. All but docstrings are comments.",
)
@click.option("--call", "calls", multiple=True, metavar="EXPR", help="A call to run, such as 'f([3, 1, 2])'.")
@click.option("--no-run", is_flag=True, help="Only notes that need no run.")
@click.option("--lang", metavar="LANG", help="en or zh-CN [en].")
@click.option("--no-cache", is_flag=True, help="Neither read nor write what is remembered.")
@run_options
def command(
    targets: tuple[str, ...],
    show: str | None,
    kinds: tuple[str, ...],
    calls: tuple[str, ...],
    no_run: bool,
    no_cache: bool,
    **flags: Any,
) -> int:
    """Write notes about TARGET into its source, as comments and docstrings that carry our mark.

    TARGET is a file, file.py::function, a folder, or - for stdin, which is printed with its notes. Every
    other byte stays as it is; twice changes nothing more, and notes that no longer hold are renewed.
    """
    from codeassist import pipeline
    from codeassist.cli.main import FINDINGS
    from codeassist.cli.progress import Meter
    from codeassist.cli.text import one_line
    from codeassist.pipeline.annotating import annotate, save

    options = pipeline.ExplainOptions(calls=calls, run=not no_run)
    if no_cache:
        flags["cache"] = False
    changed = 0
    with pipeline.session(targets[0].partition("::")[0], **flags) as opened, Meter("annotating") as meter:
        for found in annotate(targets, opened, options, kinds, meter.update):
            differs = found.old != found.new
            changed += differs
            if show == "diff":
                emit(found.diff(), None)
            elif any(target.partition("::")[0] == "-" for target in targets) and show is None:
                emit(found.text, None)
            elif differs:
                verb = "would be annotated" if show else "annotated"
                if show is None:
                    save(found)
                print(f"codeassist: {one_line(found.path)}: {verb}, {found.notes} notes", file=sys.stderr)
        for line in [*opened.settings.refused, *opened.told]:
            print(f"codeassist: {one_line(line)}", file=sys.stderr)
    return FINDINGS if show == "check" and changed else 0
