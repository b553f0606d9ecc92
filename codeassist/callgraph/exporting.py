"""A call graph for other libraries."""

from __future__ import annotations

from typing import Any

from codeassist.records.errors import MissingExtra
from codeassist.records.program import CallGraph


def to_networkx(graph: CallGraph) -> Any:
    """A `networkx.DiGraph`: functions with their path and qualified name, edges with line and confidence.

    MissingExtra where networkx is not installed.
    """
    try:
        import networkx  # type: ignore[import-untyped,import-not-found,unused-ignore]
    except ImportError:
        raise MissingExtra("networkx is not installed", hint="pip install networkx") from None
    made = networkx.DiGraph()
    for name, identity in graph.functions.items():
        made.add_node(name, path=identity.path, qualname=identity.qualname)
    for edge in graph.edges:
        made.add_edge(
            edge.caller,
            edge.callee,
            path=edge.path,
            line=edge.line,
            resolution=edge.resolution,
            confidence=edge.confidence,
        )
    return made
