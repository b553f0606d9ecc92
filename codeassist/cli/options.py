"""Options that several commands share, and the record that carries them to the hall."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

_UNITS = {"": 1, "b": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}


class Size(click.ParamType):  # type: ignore[type-arg]
    """Bytes, with a unit: 512M, 1GiB."""

    name = "size"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        text = str(value).strip().lower().removesuffix("ib").removesuffix("b")
        number, unit = (text[:-1], text[-1]) if text[-1:] in _UNITS and text[-1:] else (text, "")
        try:
            size = int(float(number) * _UNITS[unit])
        except (ValueError, OverflowError):
            self.fail(f"{value!r} is no size; write 512M or 1GiB", param, ctx)
        if size <= 0:
            self.fail(f"{value!r} is no size above zero", param, ctx)
        return size


class Seconds(click.ParamType):  # type: ignore[type-arg]
    """A positive, finite number of seconds."""

    name = "seconds"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        try:
            seconds = float(value)
        except ValueError:
            seconds = 0.0
        if not 0 < seconds < 1e9:
            self.fail(f"{value!r} is no number of seconds above zero", param, ctx)
        return seconds


def run_options(command: F) -> F:
    """The options of everything that runs code: they arrive as keywords of `settings.RunSettings`."""
    for option in reversed(_RUN_OPTIONS):
        command = option(command)
    return command


def model_options(command: F) -> F:
    """The options of everything that may ask a backend."""
    for option in reversed(_MODEL_OPTIONS):
        command = option(command)
    return command


_MODEL_OPTIONS = (
    click.option("--backend", metavar="NAME", help="offline, or the name of another backend [offline]."),
    click.option("--model", metavar="NAME", help="The backend's model, or its folder."),
    click.option("--lang", metavar="LANG", help="en or zh-CN [en]."),
    click.option("--max-cost", type=Seconds(), metavar="USD", help="Send nothing that may cost more in all."),
    click.option(
        "--deadline", type=Seconds(), metavar="S", help="Seconds for one answer of a backend [120]."
    ),
)

_RUN_OPTIONS = (
    click.option("--python", metavar="INTERPRETER", help="The interpreter that runs the code."),
    click.option("--sandbox", type=click.Choice(["guarded", "strict", "off"]), help="[guarded]"),
    click.option("--time-limit", type=Seconds(), help="Seconds for one run [10]."),
    click.option("--memory-limit", type=Size(), help="Memory for one run [1GiB]."),
    click.option(
        "--max-events", type=click.IntRange(min=1), help="Events of one run [5 million; trace: 50 million]."
    ),
    click.option("--budget", type=Seconds(), help="Seconds for all runs of one function [10]."),
)


def output_options(*formats: str, default: str = "terminal") -> Callable[[F], F]:
    """--format, --output and --color."""

    def decorate(command: F) -> F:
        command = click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto")(
            command
        )
        command = click.option("--output", type=click.Path(), metavar="FILE", help="Write there instead.")(
            command
        )
        return click.option(
            "--format", "format_", type=click.Choice(formats), default=default, show_default=True
        )(command)

    return decorate


def use_color(choice: str, output: str | None) -> bool:
    """Whether to colour: the flag, then NO_COLOR and FORCE_COLOR, then whether stdout is a terminal."""
    import os

    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return output is None and sys.stdout.isatty()


def terminal_width() -> int:
    """Columns of the terminal: COLUMNS, the terminal itself, or 100."""
    import shutil

    return max(40, shutil.get_terminal_size((100, 24)).columns)


def emit(pieces: str | Iterable[str], output: str | None) -> None:
    """Write text to stdout, or whole and at once to the file `output`."""
    if output is None:
        for piece in [pieces] if isinstance(pieces, str) else pieces:
            sys.stdout.write(piece)
        return
    text = pieces if isinstance(pieces, str) else "".join(pieces)
    write_whole(Path(output), text)


def is_folder(output: str) -> bool:
    """Whether --output names a folder: one that is there, or a name that ends as folders do."""
    import os

    return output.endswith(("/", os.sep)) or os.path.isdir(output)


def write_whole(path: Path, text: str) -> None:
    """Write to a temporary name beside `path`, then rename: a reader never sees half a file."""
    import os
    import tempfile

    try:
        handle, name = tempfile.mkstemp(dir=path.parent or Path(), prefix=f".{path.name}.")
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.chmod(name, 0o644)
        os.replace(name, path)
    except OSError as error:
        from codeassist.records.errors import UsageError

        raise UsageError(f"cannot write {path}: {error.strerror}", hint="choose another --output") from None
