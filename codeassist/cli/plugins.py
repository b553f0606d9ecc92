"""`codeassist plugins`: languages, backends and renderers, and where each comes from."""

from __future__ import annotations

import click


@click.command()
@click.option("--format", "format_", type=click.Choice(["terminal", "json"]), default="terminal")
def command(format_: str) -> None:
    """Languages, backends and renderers that can be used."""
    import json

    from codeassist.plugins import SEAMS, names
    from codeassist.records.text import inert

    listed = {seam: names(seam) for seam in SEAMS}
    if format_ == "json":
        print(json.dumps({"format": "codeassist/plugins", "version": 1, "plugins": listed}))
        return
    for seam, found in listed.items():
        print(seam)
        for name, path in found.items():
            print(inert(f"  {name:12} {path}"))
