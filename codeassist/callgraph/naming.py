"""Names in the graph: our own, and PyCG's for comparison."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePosixPath

from codeassist.records.program import CallEdge, CallGraph

OWN, PYCG = "own", "pycg"

_PYCG_TYPES = {"str": "PyStr", "list": "PyList", "dict": "PyDict", "int": "PyNum", "float": "PyNum"}
_METHOD = re.compile(r"<builtin>\.(\w+)\.(\w+)$")
_REPEAT = re.compile(r"#\d+")

SURE = 0.5
"""edges below this confidence are guesses, which PyCG never makes"""


def module_name(path: str, root: str) -> str:
    """Dotted name of a file relative to a folder; a package is its folder, the root itself its own name."""
    try:
        relative = PurePosixPath(path).relative_to(root)
    except ValueError:
        relative = PurePosixPath(PurePosixPath(path).name)
    parts = [*relative.parts[:-1], relative.name.partition(".")[0]]
    if parts[-1] == "__init__":
        parts.pop()
    return ".".join(parts) or PurePosixPath(root).name or "__init__"


def pycg_name(name: str) -> str:
    """The same function as PyCG names it: types of built-ins, no numbers for repeated names."""
    match = _METHOD.match(name)
    if match and match.group(1) in _PYCG_TYPES:
        return f"<**{_PYCG_TYPES[match.group(1)]}**>.{match.group(2)}"
    return _REPEAT.sub("", name)


def name_in(name: str, names: str) -> str:
    """One name of ours in the naming asked for."""
    return pycg_name(name) if names == PYCG else name


def rename(graph: CallGraph, names: str) -> CallGraph:
    """The graph in another naming; under PyCG's, functions of one name are one, and guesses are left out."""
    if names == OWN:
        return graph
    edges: dict[tuple[str, str], CallEdge] = {}
    for edge in graph.edges:
        if edge.confidence >= SURE:
            renamed = replace(edge, caller=pycg_name(edge.caller), callee=pycg_name(edge.callee))
            edges.setdefault((renamed.caller, renamed.callee), renamed)
    functions = {pycg_name(name): identity for name, identity in reversed(list(graph.functions.items()))}
    ordered = dict(sorted(functions.items()))
    return replace(graph, functions=ordered, edges=tuple(edges[key] for key in sorted(edges)))
