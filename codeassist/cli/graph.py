"""`codeassist graph TARGET...`: who calls whom."""

from __future__ import annotations

import click

from codeassist.cli.options import emit, output_options, terminal_width, use_color


@click.command()
@click.argument("targets", nargs=-1, required=True, metavar="TARGET...")
@click.option("--root", default="", metavar="QUALNAME", help="Only what this function reaches.")
@click.option("--depth", type=click.IntRange(min=1), metavar="N", help="At most N calls from the root.")
@click.option("--callers", is_flag=True, help="Against the calls: who reaches the root.")
@click.option("--internal-only", is_flag=True, help="Only calls of functions of the target.")
@click.option("--names", type=click.Choice(["own", "pycg"]), default="own", show_default=True)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=None,
    metavar="N",
    help="Processes that read files [one for each processor].",
)
@output_options("terminal", "json", "adjacency", "mermaid", "dot", "html")
def command(
    targets: tuple[str, ...],
    root: str,
    depth: int | None,
    callers: bool,
    internal_only: bool,
    names: str,
    jobs: int | None,
    format_: str,
    output: str | None,
    color: str,
) -> int:
    """The call graph of TARGET: a file with what it imports beside it, a folder, or file.py::function.

    No code is run. Calls that cannot be resolved are counted, and listed in json.
    """
    from codeassist.cli.progress import Meter
    from codeassist.pipeline.graphing import GraphOptions, graph
    from codeassist.rendering.graph_view import render_graph

    options = GraphOptions(root, depth, callers, internal_only, names, jobs or 0)
    with Meter("reading") as meter:
        solved = graph(targets, options, meter.update)
    shown = render_graph(
        solved,
        format_,
        width=terminal_width(),
        color=use_color(color, output),
        callers=callers,
        title=" ".join(targets),
    )
    emit(shown, output)
    return 0
