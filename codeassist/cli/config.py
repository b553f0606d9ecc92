"""`codeassist config show|trust`: each setting with its origin, and the user's word for a project."""

from __future__ import annotations

import click


@click.group()
def command() -> None:
    """Settings with their origins; trust a project."""


@command.command()
@click.argument("folder", default=".")
@click.option("--format", "format_", type=click.Choice(["terminal", "json"]), default="terminal")
def show(folder: str, format_: str) -> None:
    """Every setting, its value, and where it came from."""
    import json

    from codeassist import trust
    from codeassist.records.text import inert
    from codeassist.settings import SECRET, load, project_root

    settings = load(folder, trusted=trust.is_trusted(project_root(folder)))
    values = {name: "set" if name in SECRET and value else value for name, value in settings.values.items()}
    if format_ == "json":
        rows = {name: {"value": value, "origin": settings.origins[name]} for name, value in values.items()}
        print(json.dumps({"format": "codeassist/config", "version": 1, "settings": rows}))
        return
    for name, value in values.items():
        print(inert(f"{name:14} {value!r:20} {settings.origins[name]}"))
    for line in settings.refused:
        print(inert(f"refused: {line}"))


@command.command()
@click.argument("folder", default=".")
@click.option("--revoke", is_flag=True, help="Take it back.")
def trust(folder: str, revoke: bool) -> None:
    """Let the project at FOLDER choose its interpreter, backend and the like."""
    from codeassist import trust as trusted
    from codeassist.records.text import inert
    from codeassist.settings import project_root

    root = project_root(folder)
    if revoke:
        trusted.revoke(root)
        print(inert(f"no longer trusted: {root}"))
    else:
        trusted.trust(root)
        print(inert(f"trusted: {root}"))
