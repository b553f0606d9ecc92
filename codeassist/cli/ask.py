"""`codeassist ask TARGET 'QUESTION'`: a question, answered from recorded runs."""

from __future__ import annotations

from typing import Any

import click

from codeassist.cli.options import emit, model_options, output_options, run_options, terminal_width, use_color


@click.command()
@click.argument("target", metavar="TARGET")
@click.argument("question")
@click.option("--call", metavar="EXPR", default="", help="The run to ask about, such as 'f([3, 1, 2])'.")
@click.option("--from-test", metavar="NODEID", default="", help="A test that pytest runs.")
@click.option("--opinions", is_flag=True, help="Show sentences that no run decided, marked as such.")
@click.option("--show-prompt", is_flag=True, help="Print what a model would be told, and stop.")
@click.option("--dry-run", is_flag=True, help="Print the exact request that would be sent, and stop.")
@model_options
@run_options
@output_options("terminal", "json")
def command(
    target: str,
    question: str,
    call: str,
    from_test: str,
    opinions: bool,
    show_prompt: bool,
    dry_run: bool,
    format_: str,
    output: str | None,
    color: str,
    **flags: Any,
) -> int:
    """Answer QUESTION about TARGET from recorded runs; every sentence is checked.

    \b
    'when does low exceed high?'     'why is the result -1?'
    'who calls partition?'           'what does f([]) return?'
    'how often is line 12 run?'      'what is the complexity?'

    With --backend a language model answers as well, as far as the runs bear it out.
    """
    from codeassist import pipeline
    from codeassist.cli.main import BACKEND_FAILED
    from codeassist.cli.text import tell
    from codeassist.pipeline import asking
    from codeassist.rendering.reply import render_reply

    options = asking.AskOptions(call, from_test)
    with pipeline.session(target.partition("::")[0], **flags) as opened:
        desk = asking.open_desk(target, opened, options)
        if show_prompt or dry_run:
            emit(asking.preview(question, desk, as_body=dry_run), output)
            tell(opened.told)
            return 0
        reply, _ = asking.ask(question, desk)
        faults = [line for _, line in desk.asker().unanswered()]
        lang = opened.settings["lang"]
        text = render_reply(
            reply,
            format_,
            width=terminal_width(),
            color=use_color(color, output),
            opinions=opinions,
            lang=lang,
        )
        emit(text, output)
        tell([*opened.settings.refused, *desk.asker().told(), *faults])
    return BACKEND_FAILED if faults else 0
