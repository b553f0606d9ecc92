"""`codeassist why tests/test_x.py::test_y`: where the wrong value of a failing test was born."""

from __future__ import annotations

from typing import Any

import click

from codeassist.cli.options import emit, output_options, run_options, terminal_width, use_color


@click.command()
@click.argument("test", metavar="NODEID")
@run_options
@output_options("terminal", "json")
def command(test: str, format_: str, output: str | None, color: str, **flags: Any) -> int:
    """Run a failing test and walk its wrong value back to the statement where it was born."""
    from codeassist import pipeline
    from codeassist.pipeline import recording as hall
    from codeassist.rendering.trace_found import render_failure

    with pipeline.session(test.partition("::")[0], **flags) as opened:
        failure = hall.why(test, opened)
        lines = hall.lines(match.path for match in hall.told(failure))
    emit(
        render_failure(failure, format_, lines, width=terminal_width(), color=use_color(color, output)),
        output,
    )
    return 0
