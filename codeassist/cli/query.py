"""`codeassist query TRACE|TARGET 'QUESTION'`: ask a run."""

from __future__ import annotations

from typing import Any

import click

from codeassist.cli.options import emit, output_options, run_options, terminal_width, use_color


@click.command()
@click.argument("target", metavar="TRACE|TARGET")
@click.argument("question")
@click.option("--call", metavar="EXPR", default="", help="What to run, such as 'f([3, 1, 2])'.")
@click.option("--from-test", metavar="NODEID", default="", help="A test that pytest runs.")
@run_options
@output_options("terminal", "json")
def command(
    target: str,
    question: str,
    call: str,
    from_test: str,
    format_: str,
    output: str | None,
    color: str,
    **flags: Any,
) -> int:
    """Ask a saved trace, or a run of TARGET.

    \b
    first x < 0              the first step after which it holds
    last total > 9           the last one
    when low changes         each step that changed it
    writes to grid[2][3]     each store
    count line 12            how often a line was executed
    calls to partition where high - low > 10
    max depth                the deepest nesting of calls
    at step 1204             all variables there
    why result               where the value was born
    """
    from codeassist import pipeline
    from codeassist.pipeline import recording as hall
    from codeassist.rendering.trace_found import render_found

    options = hall.TraceOptions(call, from_test)
    with pipeline.session(target.partition("::")[0], **flags) as opened:
        found = hall.query(target, question, opened, options)
        lines = hall.lines(match.path for match in found.matches)
    emit(render_found(found, format_, lines, width=terminal_width(), color=use_color(color, output)), output)
    return 0
