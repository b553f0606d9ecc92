"""`codeassist doctor`: what works here, and why not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import click

from codeassist.cli.options import run_options


@click.command()
@run_options
@click.option("--format", "format_", type=click.Choice(["terminal", "json"]), default="terminal")
def command(format_: str, **flags: Any) -> None:
    """What works here, and why not: sandbox, interpreter, backends, extras, cache.

    Status 0 whatever it finds; what is missing is said in words.
    """
    import json

    from codeassist.pipeline.diagnosis import doctor
    from codeassist.records.text import inert

    found = doctor(flags)
    if format_ == "json":
        print(json.dumps({"format": "codeassist/doctor", "version": 1, **found}))
        return
    for line in _lines(found):
        print(inert(line))


def _lines(found: Mapping[str, Any]) -> Iterator[str]:
    own, system = found["codeassist"], found["platform"]
    yield f"codeassist {own['version']}, Python {own['python']}"
    yield f"  {own['path']}"
    yield f"  {system['system']} {system['release']}, {system['machine']}"
    yield from _project(found["project"])
    interpreter = found["interpreter"]
    yield "interpreter for your code"
    yield f"  {interpreter['path'] or interpreter['error']}"
    if interpreter["reason"]:
        yield f"  {interpreter['reason']}"
    yield f"sandbox: {found['sandbox']['mode']}"
    yield f"  {found['sandbox']['verdict']}"
    yield from _table(found["sandbox"]["layers"], "on", "on", "off")
    yield "backends"
    yield from _table(found["backends"], "available", "works", "no")
    yield "extras"
    yield from _table(found["extras"], "available", "installed", "no")
    cache = found["cache"]
    yield f"cache: {'on' if cache['on'] else 'off'}"
    yield f"  {cache['path']}: {cache['entries']} entries, {cache['bytes'] / 1e6:.1f} MB"


def _project(project: Mapping[str, Any]) -> Iterator[str]:
    yield f"project: {'trusted' if project['trusted'] else 'not trusted'}"
    yield f"  {project['root']}"
    for line in project["refused"]:
        yield f"  {line}"


def _table(rows: Mapping[str, Any], field: str, yes: str, no: str) -> Iterator[str]:
    width = max((len(name) for name in rows), default=0)
    for name, row in rows.items():
        reason = f": {row['reason']}" if row["reason"] else ""
        yield f"  {name:{width}}  {yes if row[field] else no}{reason}"
