"""`codeassist trace TARGET`: a run, step by step."""

from __future__ import annotations

from typing import Any

import click

from codeassist.cli.options import emit, output_options, run_options, terminal_width, use_color

SCRIPT = "codeassist.script"


class _Command(click.Command):
    """Keeps what follows `--` apart: it is the traced program's own command line."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if "--" in args:
            cut = args.index("--")
            args, ctx.meta[SCRIPT] = args[:cut], tuple(args[cut + 1 :])
        return super().parse_args(ctx, args)


@click.command(cls=_Command)
@click.argument("target", required=False, metavar="TARGET")
@click.option("--call", metavar="EXPR", default="", help="What to run, such as 'f([3, 1, 2])'.")
@click.option("--from-test", metavar="NODEID", default="", help="A test that pytest runs.")
@click.option("--watch", multiple=True, metavar="EXPR", help="Show what EXPR becomes.")
@click.option("--save", metavar="FILE", default="", help="Keep the trace; FILE is a TARGET afterwards.")
@click.option("--step", is_flag=True, help="Walk through it with keys.")
@run_options
@output_options("terminal", "markdown", "html", "json", "jsonl")
@click.pass_context
def command(
    context: click.Context,
    /,
    target: str | None,
    call: str,
    from_test: str,
    watch: tuple[str, ...],
    save: str,
    step: bool,
    format_: str,
    output: str | None,
    color: str,
    **flags: Any,
) -> int:
    """A run of TARGET, step by step: source beside values, loops folded.

    TARGET is a file, file.py::function, or a saved trace. A script is traced with
    `codeassist trace -- script.py args` or `codeassist trace -- -m pkg.mod args`.
    """
    from codeassist import pipeline
    from codeassist.pipeline import recording as hall

    script = context.meta.get(SCRIPT, ())
    if not (target or from_test or script):
        raise click.UsageError("no target; name a file.py::function, a saved trace, or give -- script.py")
    options = hall.TraceOptions(call, from_test, script, watch, save)
    place = target or from_test or next((word for word in script if not word.startswith("-")), ".")
    with pipeline.session(place.partition("::")[0], **flags) as opened:
        view = hall.trace(target or "", opened, options)
        if step:
            from codeassist.cli.stepper import Walk
            from codeassist.cli.stepping import step_through

            walk = Walk(view, hall.asker(view), hall.evaluator())
            return step_through(walk, width=terminal_width(), color=use_color(color, output))
        if save:
            print(f"{save}: {hall.summary(view.trace)}")
            return 0
        from codeassist.rendering.trace_view import render_trace

        emit(render_trace(view, format_, width=terminal_width(), color=use_color(color, output)), output)
    return 0
