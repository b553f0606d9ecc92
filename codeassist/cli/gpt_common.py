"""What the commands of `codeassist gpt` share: polite errors, presets and flags, a line of progress."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from codeassist.gpt.train import Preset, Report


@contextmanager
def polite(extra: str = "local") -> Iterator[None]:
    """The island's errors as ours: one line, status 2; a missing package names the extra."""
    from codeassist.records.errors import MissingExtra, UsageError

    try:
        from codeassist.gpt.errors import GptError

        yield
    except ImportError as error:
        name = error.name or str(error)
        raise MissingExtra(f"{name} is not installed", hint=f"pip install 'codeassist[{extra}]'") from None
    except GptError as error:
        raise UsageError(error.message, hint=error.hint, slug="gpt") from None


def adjusted(preset: Preset, given: dict[str, Any]) -> Preset:
    """The preset with what the flags say."""
    from codeassist.gpt.errors import GptError

    said = {name: value for name, value in given.items() if value is not None}
    shape = {name: said.pop(name) for name in ("layers", "width", "heads", "context") if name in said}
    chosen = replace(preset, shape=replace(preset.shape, **shape), settings=replace(preset.settings, **said))
    if chosen.shape.width % chosen.shape.heads:
        raise GptError(f"a width of {chosen.shape.width} cannot be shared by {chosen.shape.heads} heads")
    return chosen


def say(row: Report) -> None:
    """One line of progress."""
    unseen = "" if row.validation is None else f"  unseen {row.validation:.3f}"
    print(
        f"step {row.step:6}  loss {row.loss:.3f}{unseen}  {row.tokens:,.0f} tokens/s  {row.seconds:.0f} s",
        file=sys.stderr,
        flush=True,
    )
