"""`codeassist chat TARGET`: a conversation over the same evidence."""

from __future__ import annotations

from typing import Any

import click

from codeassist.cli.options import model_options, run_options, terminal_width, use_color


@click.command()
@click.argument("target", metavar="TARGET", required=False, default="")
@click.option("--call", metavar="EXPR", default="", help="The run to talk about, such as 'f([3, 1, 2])'.")
@click.option("--from-test", metavar="NODEID", default="", help="A test that pytest runs.")
@click.option("--resume", metavar="FILE", default="", help="Go on with a conversation that /save wrote.")
@click.option("--opinions", is_flag=True, help="Show sentences that no run decided, marked as such.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto")
@model_options
@run_options
def command(
    target: str,
    call: str,
    from_test: str,
    resume: str,
    opinions: bool,
    color: str,
    **flags: Any,
) -> int:
    """Ask one question after another about TARGET; /help lists the commands.

    TARGET is a file, file.py::function, a saved trace, or a conversation that /save wrote.
    """
    from codeassist import pipeline
    from codeassist.cli.talking import Look, talk
    from codeassist.pipeline import chatting
    from codeassist.pipeline.asking import AskOptions

    if target and chatting.is_saved_chat(target):
        target, resume = "", target
    if not target and not resume:
        raise click.UsageError("no target; name a file.py::function, or --resume FILE")
    if target == "-":
        raise click.UsageError("stdin holds the questions; name a file")
    place = target or chatting.read(resume).target
    with pipeline.session(place.partition("::")[0], **flags) as opened:
        chat = chatting.begin(target, opened, AskOptions(call, from_test), resume)
        look = Look(terminal_width(), use_color(color, None), opinions, opened.settings["lang"])
        return talk(chat, look)
