"""`codeassist schema KIND`: the JSON schemas that ship with the package."""

from __future__ import annotations

import click


@click.command()
@click.argument("kind", required=False)
def command(kind: str | None) -> None:
    """Print the JSON schema of KIND, or list the kinds."""
    from importlib.resources import files

    from codeassist.cli.text import near
    from codeassist.records.errors import UsageError

    schemas = {
        entry.name.removesuffix(".json"): entry
        for entry in files("codeassist.schemas").iterdir()
        if entry.name.endswith(".json")
    }
    if kind is None:
        print("\n".join(sorted(schemas)))
    elif kind in schemas:
        print(schemas[kind].read_text(encoding="utf-8").strip())
    else:
        raise UsageError(f"no schema {kind!r}", hint=near(kind, sorted(schemas)))
