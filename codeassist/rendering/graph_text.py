"""A call graph as Mermaid (which GitHub draws) and as Graphviz dot; labels are quoted and inert."""

from __future__ import annotations

from collections.abc import Iterator

from codeassist.records.program import CallGraph
from codeassist.rendering.graph_names import visible

_MERMAID = {sign: f"#{ord(sign)};" for sign in "\"#&<>`\\[]{}()|;%@$*_~'"}
_MARKS = {"ambiguous": "-.->", "external": "-->", "static": "-->", "dynamic": "==>", "both": "==>"}
_STYLES = {"ambiguous": ' [style="dashed"]', "dynamic": ' [style="bold"]', "both": ' [style="bold"]'}


def _numbered(graph: CallGraph) -> dict[str, str]:
    names = set(graph.functions)
    for edge in graph.edges:
        names.update((edge.caller, edge.callee))
    return {name: f"f{index}" for index, name in enumerate(sorted(names))}


def render_mermaid(graph: CallGraph) -> Iterator[str]:
    """A flowchart; functions from outside are round, guessed calls are dotted."""
    numbers = _numbered(graph)
    yield "flowchart LR\n"
    for name, number in numbers.items():
        label = "".join(_MERMAID.get(sign, sign) for sign in visible(name))
        yield f'  {number}["{label}"]\n' if name in graph.functions else f'  {number}(["{label}"])\n'
    for edge in graph.edges:
        yield f"  {numbers[edge.caller]} {_MARKS[edge.resolution]} {numbers[edge.callee]}\n"


def render_dot(graph: CallGraph) -> Iterator[str]:
    """A digraph; functions from outside are ellipses, guessed calls are dashed."""
    numbers = _numbered(graph)
    yield 'digraph calls {\n  rankdir="LR";\n  node [shape="box"];\n'
    for name, number in numbers.items():
        label = visible(name).replace("\\", "\\\\").replace('"', '\\"')
        shape = "" if name in graph.functions else ', shape="ellipse"'
        yield f'  {number} [label="{label}"{shape}];\n'
    for edge in graph.edges:
        yield f"  {numbers[edge.caller]} -> {numbers[edge.callee]}{_STYLES.get(edge.resolution, '')};\n"
    yield "}\n"
