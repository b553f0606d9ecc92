"""`codeassist lsp`: the server for editors, over stdin and stdout."""

from __future__ import annotations

from typing import Any

import click

from codeassist.cli.options import run_options


@click.command()
@click.option("--no-run", is_flag=True, help="Static answers only; no code is run.")
@click.option("--no-review", is_flag=True, help="No findings when a file is opened or saved.")
@click.option("--stdio", is_flag=True, hidden=True, help="As many editors say it; there is no other way.")
@run_options
def command(no_run: bool, no_review: bool, stdio: bool, **flags: Any) -> int:
    """Serve hovers, code lenses, inlay values and review findings to an editor. See docs/lsp.md."""
    from codeassist.cli.extras import needs

    with needs("lsp", "pygls", "lsprotocol"):
        from codeassist.lsp_server import serve
    serve(flags, run=not no_run, review=not no_review)
    return 0
