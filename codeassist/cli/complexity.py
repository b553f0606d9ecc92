"""`codeassist complexity TARGET`: growth of the counted operations."""

from __future__ import annotations

from typing import Any

import click

from codeassist.cli.options import emit, output_options, run_options


@click.command()
@click.argument("target", metavar="TARGET")
@click.option(
    "--inputs", metavar="'lambda n: ...'", default="", help="The tuple of positional arguments for size n."
)
@click.option(
    "--call", "calls", metavar="EXPR", multiple=True, help="An example to scale up, such as 'f([3, 1, 2])'."
)
@run_options
@output_options("terminal", "json")
def command(
    target: str,
    inputs: str,
    calls: tuple[str, ...],
    format_: str,
    output: str | None,
    color: str,
    **flags: Any,
) -> int:
    """Count operations over inputs of growing size, and say with which class they are consistent.

    The whole call and its dominating loop are told apart. Counting gives the same on every machine.
    """
    from codeassist import pipeline
    from codeassist.cli.progress import Meter
    from codeassist.pipeline.growing import complexity
    from codeassist.rendering.growth import render_growth

    with pipeline.session(target.partition("::")[0], **flags) as opened, Meter("counting") as meter:
        meter.update(0, 1, target)
        _, function, found = complexity(target, opened, inputs, calls)
    emit(render_growth(function, found, format_), output)
    return 0
