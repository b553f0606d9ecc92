"""Doors that need an extra: one line instead of a traceback where it is missing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from codeassist.records.errors import UsageError


@contextmanager
def needs(extra: str, *packages: str) -> Iterator[None]:
    """Around an import of `packages`, which come with `extra`. Raises UsageError where one is missing."""
    try:
        yield
    except ImportError as error:
        missing = (error.name or "").partition(".")[0]
        if missing not in packages and missing:
            raise
        raise UsageError(
            f"this needs the package {packages[0]}, or another version of it ({error})",
            hint=f"pip install 'codeassist[{extra}]'",
            slug="missing-extra",
        ) from None
