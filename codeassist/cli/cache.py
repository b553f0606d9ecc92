"""`codeassist cache info|clear`."""

from __future__ import annotations

import click


@click.group()
def command() -> None:
    """What is remembered between commands."""


@command.command()
@click.option("--format", "format_", type=click.Choice(["terminal", "json"]), default="terminal")
def info(format_: str) -> None:
    """Where the cache is and how much it holds."""
    import json

    from codeassist.cache import Cache
    from codeassist.settings import load

    found = Cache(load()["cache_dir"]).info()
    if format_ == "json":
        document = {"path": found.path, "entries": found.entries, "bytes": found.bytes}
        print(json.dumps({"format": "codeassist/cache", "version": 1, **document}))
    else:
        print(f"{found.path}: {found.entries} entries, {found.bytes / 1e6:.1f} MB")


@command.command()
def clear() -> None:
    """Forget everything."""
    from codeassist.cache import Cache
    from codeassist.settings import load

    Cache(load()["cache_dir"]).clear()
