"""What leaves the machine through a door: documents and pages without the secrets in them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from codeassist.records.errors import CodeassistError

_NAMED = frozenset({"changes", "state", "value", "args"})
"""fields that hold recorded values by the names of the program's variables"""


def safe(document: Any, paths: Iterable[str] = ()) -> Any:
    """The JSON document without the secrets that show in it, in the files at `paths` or the environment.

    Keys of our own stay as they are. Raises BackendError for a private key.
    """
    from codeassist.prompting.redact import redact_texts

    texts = list(_texts(document))
    told = [f"{name} = {text}" for name, text in _named(document)]
    clean = iter(redact_texts(texts, [*sources(paths), *told]))
    return _filled(document, clean)


def safe_text(text: str, paths: Iterable[str] = ()) -> str:
    """A text for a reader elsewhere, without the secrets that show in it or in the files at `paths`."""
    from codeassist.prompting.redact import redact_texts

    return redact_texts([text], sources(paths))[0]


def sources(paths: Iterable[str]) -> list[str]:
    """The texts of files as far as they can be read."""
    from codeassist import parsing

    found = []
    for path in dict.fromkeys(paths):
        try:
            found.append(parsing.read_source(path).text)
        except (CodeassistError, OSError):
            continue
    return found


def paths_in(document: Any) -> set[str]:
    """Every file that a document names under `path`."""
    found: set[str] = set()
    waiting = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, Mapping):
            path = value.get("path")
            if isinstance(path, str) and path.endswith(".py") and Path(path).is_file():
                found.add(path)
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
    return found


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _texts(item)


def _named(value: Any) -> Iterator[tuple[str, str]]:
    """Names of variables with their literal texts."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            if key in _NAMED and isinstance(item, Mapping):
                yield from ((str(name), text) for name, text in item.items() if isinstance(text, str))
            yield from _named(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _named(item)


def _filled(value: Any, texts: Iterator[str]) -> Any:
    """The same document with its texts replaced in order."""
    if isinstance(value, str):
        return next(texts)
    if isinstance(value, Mapping):
        return {key: _filled(item, texts) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_filled(item, texts) for item in value]
    return value


def dumped(document: Any) -> str:
    """Strict JSON in ASCII."""
    return json.dumps(document, ensure_ascii=True, allow_nan=False).replace("\x7f", "\\u007f")
