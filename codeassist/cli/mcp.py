"""`codeassist mcp`: the server for agents, over stdin and stdout."""

from __future__ import annotations

from typing import Any

import click

from codeassist.cli.options import run_options


@click.command()
@run_options
def command(**flags: Any) -> int:
    """Serve explain, trace, query, why, call_graph, verify_claims, complexity and review to an agent.

    The options hold for everything that the agent has run; it cannot change them. See docs/mcp.md.
    """
    from codeassist.cli.extras import needs

    with needs("mcp", "mcp"):
        from codeassist.mcp_server import serve
    serve(flags)
    return 0
