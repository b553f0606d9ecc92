"""`codeassist explain TARGET...`: the main job."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from codeassist.cli.options import (
    Seconds,
    emit,
    is_folder,
    output_options,
    run_options,
    terminal_width,
    use_color,
)

if TYPE_CHECKING:
    from codeassist.cli.progress import Meter
    from codeassist.pipeline import ExplainOptions, Session


@click.command()
@click.argument("targets", nargs=-1, required=True, metavar="TARGET...")
@click.option(
    "--call", "calls", multiple=True, metavar="EXPR", help="A call to explain, such as 'f([3, 1, 2])'."
)
@click.option(
    "--from-test", metavar="NODEID", default="", help="Explain what a test runs: tests/test_x.py::test_y."
)
@click.option("--no-run", is_flag=True, help="Static explanation only; no code is run.")
@click.option(
    "--all", "show_all", is_flag=True, help="Every function in detail, not only the important ones."
)
@click.option("--backend", metavar="NAME", help="offline, or the name of another backend [offline].")
@click.option("--model", metavar="NAME", help="The backend's model.")
@click.option("--lang", metavar="LANG", help="en or zh-CN [en].")
@click.option("--level", type=click.Choice(["learner", "developer"]), help="[learner]")
@click.option("--opinions", is_flag=True, help="Show sentences that no run decided, marked as such.")
@click.option("--show-prompt", is_flag=True, help="Print what a model would be told, and stop.")
@click.option("--dry-run", is_flag=True, help="Print the exact requests that would be sent, and stop.")
@click.option("--max-cost", type=Seconds(), metavar="USD", help="Send nothing that may cost more in all.")
@click.option("--deadline", type=Seconds(), metavar="S", help="Seconds for one answer of a backend [120].")
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Processes that explain [1].")
@click.option("--cluster", metavar="ADDRESS", help="Explain on the workers of this Dask scheduler.")
@click.option("--no-cache", is_flag=True, help="Neither read nor write what is remembered.")
@run_options
@output_options("terminal", "markdown", "html", "json")
def command(
    targets: tuple[str, ...],
    calls: tuple[str, ...],
    from_test: str,
    no_run: bool,
    show_all: bool,
    opinions: bool,
    show_prompt: bool,
    dry_run: bool,
    no_cache: bool,
    format_: str,
    output: str | None,
    color: str,
    **flags: Any,
) -> int:
    """An annotated explanation of TARGET, each sentence checked against runs.

    TARGET is a file, file.py::function, file.py::Class.method, a folder, or - for stdin. A folder with
    --format html --output FOLDER/ becomes a site; written again, it explains only what changed.
    """
    from codeassist import pipeline
    from codeassist.cli.main import BACKEND_FAILED, INTERRUPTED
    from codeassist.cli.progress import Meter
    from codeassist.pipeline.explaining import bodies, explain, prompts
    from codeassist.rendering.report import render_report

    options = pipeline.ExplainOptions(
        calls=calls, from_test=from_test, run=not no_run, prompt_only=show_prompt
    )
    if no_cache:
        flags["cache"] = False
    with pipeline.session(targets[0].partition("::")[0], **flags) as opened, Meter("explaining") as meter:
        if show_prompt or dry_run:
            emit((bodies if dry_run else prompts)(targets, opened, options), output)
            _tell(opened.told)
            return 0
        if format_ == "html" and output and is_folder(output):
            return _site(targets, output, opened, options, meter)
        report = explain(targets, opened, options, meter.update)
        if format_ == "html" and not no_run:
            from codeassist.pipeline.recording import walks

            report = walks(report, opened)
        text = render_report(
            report,
            format_,
            width=terminal_width(),
            color=use_color(color, output),
            show_all=show_all,
            opinions=opinions,
        )
    emit(text, output)
    _tell([*opened.settings.refused, *opened.told, *report.unanswered])
    if report.interrupted:
        return INTERRUPTED
    return BACKEND_FAILED if report.unanswered else 0


def _site(
    targets: tuple[str, ...], output: str, opened: Session, options: ExplainOptions, meter: Meter
) -> int:
    """A site about one folder, and one line about what was done."""
    from codeassist.cli.main import INTERRUPTED
    from codeassist.pipeline.siting import site
    from codeassist.records.errors import UsageError

    if len(targets) != 1 or options.calls or options.from_test:
        raise UsageError("a site is about one folder", hint="name one folder, without --call and --from-test")
    written = site(targets[0], output, opened, options, meter.update)
    _tell([*opened.settings.refused, *opened.told, *written.told])
    kept = written.modules - written.explained
    print(f"{output}: {written.pages} pages, {written.explained} modules explained, {kept} as they were")
    return INTERRUPTED if written.interrupted else 0


def _tell(lines: Sequence[str]) -> None:
    """What is not the result, on stderr."""
    from codeassist.cli.text import one_line

    for line in lines:
        print(f"codeassist: {one_line(line)}", file=sys.stderr)
