"""The entry point: a lazy table of commands, and the one place where errors become exit statuses."""

from __future__ import annotations

import importlib
import io
import json
import os
import sys
from itertools import pairwise
from typing import Any, NoReturn

import click

from codeassist import __version__
from codeassist.records.errors import BackendError, CodeassistError

FINDINGS, BAD_INPUT, BACKEND_FAILED, FAULT, INTERRUPTED = 1, 2, 3, 4, 130

COMMANDS = {
    "explain": ("codeassist.cli.explain", "An annotated explanation, checked against runs."),
    "annotate": ("codeassist.cli.annotate", "Notes written into the source, losslessly."),
    "trace": ("codeassist.cli.trace", "A run, step by step."),
    "query": ("codeassist.cli.query", "Ask a run: first x < 0, writes to xs[2], why result."),
    "why": ("codeassist.cli.why", "Where the wrong value of a failing test was born."),
    "ask": ("codeassist.cli.ask", "A question, answered from recorded runs."),
    "chat": ("codeassist.cli.chat", "A conversation over the same evidence."),
    "graph": ("codeassist.cli.graph", "The call graph."),
    "complexity": ("codeassist.cli.complexity", "Growth of the counted operations."),
    "verify": ("codeassist.cli.verify", "Judge claims that somebody else wrote."),
    "quiz": ("codeassist.cli.quiz", "Predict what a run does next; graded by the trace."),
    "mcp": ("codeassist.cli.mcp", "Serve all this to agents, over stdin and stdout."),
    "lsp": ("codeassist.cli.lsp", "Serve hovers, lenses and values to an editor."),
    "review": ("codeassist.cli.review", "What a change does to behaviour, with counterexamples."),
    "gpt": ("codeassist.cli.gpt", "The small GPT: train, generate, evaluate."),
    "cache": ("codeassist.cli.cache", "What is remembered: info, clear."),
    "config": ("codeassist.cli.config", "Settings with their origins; trust a project."),
    "plugins": ("codeassist.cli.plugins", "Languages, backends and renderers that can be used."),
    "doctor": ("codeassist.cli.doctor", "What works here, and why not."),
    "completion": ("codeassist.cli.completion", "Completion of commands and options for a shell."),
    "schema": ("codeassist.cli.schema", "JSON schemas of what is read and written."),
}
"""name -> (module with a click command named `command`, one line of help)"""

_DOCUMENT_KINDS = {
    "explain": "report",
    "query": "answer",
    "ask": "answer",
    "why": "answer",
    "gpt": "generation",
}


class LazyGroup(click.Group):
    """Lists the table without importing it; a command's module loads when it is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(COMMANDS[name][0]).command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            from codeassist.cli.text import near

            raise click.UsageError(f"no command {name!r}; {near(name, COMMANDS)}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="codeassist")
def cli() -> None:
    """Explain and trace algorithm code; every explanation is checked against execution."""


def main(args: list[str] | None = None) -> NoReturn:
    """Run the command line and leave with the exit status of docs/messages.md."""
    arguments = sys.argv[1:] if args is None else args
    for stream in (sys.stdout, sys.stderr):  # a terminal that lacks a sign shows its escape
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    sys.exit(_run(arguments))


def _run(arguments: list[str]) -> int:
    try:
        status = cli.main(arguments, prog_name="codeassist", standalone_mode=False)
        sys.stdout.flush()
        return status if isinstance(status, int) else 0
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except (click.Abort, KeyboardInterrupt):
        print("codeassist: interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # the reader of our output has gone: nothing is wrong
        _silence_stdout()
        return 0
    except click.ClickException as error:
        return _fail(arguments, error.format_message(), "usage", BAD_INPUT)
    except CodeassistError as error:
        status = BACKEND_FAILED if isinstance(error, BackendError) else BAD_INPUT
        return _fail(arguments, str(error), error.slug, status)
    except Exception as error:
        return _fault(error)


def _silence_stdout() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _fail(arguments: list[str], message: str, slug: str, status: int) -> int:
    from codeassist.cli.text import one_line

    line = one_line(message)
    if _wants_json(arguments):
        print(json.dumps(_bad_input(arguments, line, slug)))
    print(f"codeassist: {line}", file=sys.stderr)
    return status


def _wants_json(arguments: list[str]) -> bool:
    return "--format=json" in arguments or ("--format", "json") in pairwise(arguments)


def _bad_input(arguments: list[str], message: str, slug: str) -> dict[str, Any]:
    name = next((word for word in arguments if word in COMMANDS), "report")
    return {
        "format": f"codeassist/{_DOCUMENT_KINDS.get(name, name)}",
        "version": 1,
        "outcome": "bad_input",
        "error": {"slug": slug, "message": message},
    }


def _fault(error: Exception) -> int:
    from codeassist.cli.text import one_line

    if os.environ.get("CODEASSIST_DEBUG"):
        raise error
    print(
        f"codeassist: a fault of ours: {type(error).__name__}: {one_line(str(error))}; "
        "run again with CODEASSIST_DEBUG=1 for the traceback and please report it",
        file=sys.stderr,
    )
    return FAULT
