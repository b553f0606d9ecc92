"""Names -> objects, lazily: one plain table per seam, entry points only for a name it lacks."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

from codeassist.records.errors import PluginError, UsageError

BACKENDS = {
    "offline": "codeassist.backends.offline:Offline",
    "openai": "codeassist.backends.openai:OpenAI",
    "local": "codeassist.backends.local:Local",
    "small-gpt": "codeassist.backends.small_gpt:SmallGPT",
    "replay": "codeassist.backends.replay:Replay",
}
SEAMS = ("backends", "languages", "renderers")


def table(seam: str) -> Mapping[str, str]:
    """Our own names of a seam, each with a dotted path as text; a room keeps the table of its seam."""
    if seam == "languages":
        from codeassist.parsing.languages import LANGUAGES

        return LANGUAGES
    if seam == "renderers":
        from codeassist.rendering.report import FORMATS

        return FORMATS
    return BACKENDS


def load(seam: str, name: str, allow_plugins: bool = True) -> Any:
    """The object behind `name`, from the table or from the entry-point group `codeassist.<seam>`.

    Raises UsageError for a name that nobody offers, PluginError for one that cannot be loaded.
    """
    path = table(seam).get(name)
    if path is None and allow_plugins:
        path = _entry_points(seam).get(name)
    if path is None:
        raise UsageError(f"no {seam[:-1]} {name!r}", hint=f"known are {', '.join(table(seam))}")
    return _resolve(path, name)


def names(seam: str) -> dict[str, str]:
    """Every name of a seam with the dotted path behind it; our own table wins over entry points."""
    return {**_entry_points(seam), **table(seam)}


def _entry_points(seam: str) -> dict[str, str]:
    from importlib.metadata import entry_points

    return {point.name: point.value for point in entry_points(group=f"codeassist.{seam}")}


def _resolve(path: str, name: str) -> Any:
    module, _, attribute = path.partition(":")
    try:
        loaded = importlib.import_module(module)
        return getattr(loaded, attribute) if attribute else loaded
    except Exception as error:  # a stranger's module may raise anything while it is imported
        raise PluginError(f"{name} ({path}) cannot be loaded: {type(error).__name__}: {error}") from error
