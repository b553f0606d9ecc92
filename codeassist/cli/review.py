"""`codeassist review`: what a change does to behaviour, with the inputs that show it."""

from __future__ import annotations

import os
from typing import Any

import click

from codeassist.cli.options import emit, output_options, run_options, terminal_width, use_color


@click.command()
@click.argument("files", nargs=-1, metavar="[FILES]...")
@click.option("--staged", is_flag=True, help="What is staged, against the last commit.")
@click.option("--diff", metavar="A..B", default="", help="Two commits (A...B: from where they parted).")
@click.option(
    "--fail-on", type=click.Choice(["error", "warning", "note"]), default="error", show_default=True,
    help="Status 1 for a finding of this level or a graver one.",
)  # fmt: skip
@click.option("--refactoring", is_flag=True, help="Nothing may change: any difference is an error.")
@click.option(
    "--baseline", metavar="FILE", default="", help="A saved JSON review: its findings are left out."
)
@click.option("--no-run", is_flag=True, help="Static findings only.")
@click.option("--lang", metavar="LANG", help="Language of the answer, such as en or zh-CN.")
@click.option(
    "--hook", is_flag=True, hidden=True, help="As pre-commit calls it: its environment says what is meant."
)
@run_options
@output_options("terminal", "markdown", "json", "sarif", "github")
def command(
    files: tuple[str, ...],
    staged: bool,
    diff: str,
    fail_on: str,
    refactoring: bool,
    baseline: str,
    no_run: bool,
    hook: bool,
    format_: str,
    output: str | None,
    color: str,
    **flags: Any,
) -> int:
    """Run old and new of each changed function on the same inputs, and say what differs.

    Without --staged and --diff the working tree is compared with the last commit.
    """
    from codeassist import pipeline
    from codeassist.cli.main import FINDINGS
    from codeassist.cli.progress import Meter
    from codeassist.pipeline.reviewing import ReviewOptions, review
    from codeassist.records.errors import UsageError
    from codeassist.records.review import LEVELS
    from codeassist.rendering.review_view import render_review

    if hook:
        diff = _pushed() if not (staged or diff) else diff
        staged = staged or not diff
    if staged and diff:
        raise UsageError("--staged and --diff exclude each other")
    options = ReviewOptions(files, staged, diff, refactoring, baseline, not no_run, hook, format_ == "sarif")
    try:
        with pipeline.session(".", **flags) as opened, Meter("reviewing") as meter:
            found = review(".", opened, options, meter.update)
    except UsageError as error:
        if hook and str(error).startswith("nothing"):
            return 0
        raise
    width = terminal_width()
    emit(render_review(found, format_, color=use_color(color, output), width=width), output)
    grave = LEVELS[: LEVELS.index(fail_on) + 1]
    return FINDINGS if any(finding.level in grave and finding.verified for finding in found.findings) else 0


def _pushed() -> str:
    """What pre-commit says is being pushed (or compared), as A..B; '' in any other stage."""
    before = os.environ.get("PRE_COMMIT_FROM_REF", "")
    after = os.environ.get("PRE_COMMIT_TO_REF", "")
    return f"{before}..{after}" if before and after else ""
