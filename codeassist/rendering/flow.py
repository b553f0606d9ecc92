"""A flowchart in Mermaid text -> a picture in SVG: nodes in one column, jumps as arcs beside it."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

_NODE = re.compile(r"^\s*(n\d+)(\(\[|\[|\{)\"(.*)\"(\]\)|\]|\})$")
_EDGE = re.compile(r"^\s*(n\d+) -->(?:\|(.*)\|)? (n\d+)$")
_CODE = re.compile(r"#(\d+);")
HEIGHT, GAP, LETTER = 34, 26, 7.4
"""pixels: of a node, between two nodes, of one letter"""
STEP = 16
"""pixels by which one arc stands out further than the arcs inside it"""
LEFT = 30


@dataclass(frozen=True, slots=True)
class Node:
    """One node: `kind` is box, test or end."""

    name: str
    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge between two nodes, by their places in the column."""

    start: int
    end: int
    text: str


def parse(mermaid: str) -> tuple[list[Node], list[Edge]]:
    """Nodes and edges of a chart that the narrator wrote; lines of another form are left out."""
    nodes: list[Node] = []
    edges: list[tuple[str, str, str]] = []
    for line in mermaid.split("\n"):
        node, edge = _NODE.match(line), _EDGE.match(line)
        if node:
            kind = {"[": "box", "{": "test", "([": "end"}[node[2]]
            nodes.append(Node(node[1], _plain(node[3]), kind))
        elif edge:
            edges.append((edge[1], edge[3], _plain(edge[2] or "")))
    places = {node.name: place for place, node in enumerate(nodes)}
    return nodes, [Edge(places[a], places[b], text) for a, b, text in edges if a in places and b in places]


def _plain(label: str) -> str:
    return _CODE.sub(lambda match: chr(int(match[1])), label)


def svg(mermaid: str, title: str) -> str:
    """The picture, in the colours of the page around it; empty where there is nothing to draw."""
    nodes, edges = parse(mermaid)
    if not nodes:
        return ""
    wide = max(_width(node.text) for node in nodes)
    tracks = _tracks(edges)
    back = max((track for edge, track in tracks.items() if edge.end <= edge.start), default=0)
    ahead = max((track for edge, track in tracks.items() if edge.end > edge.start + 1), default=0)
    words = max((len(edge.text) * LETTER for edge in edges), default=0.0)
    left = LEFT + back * STEP + words
    size = left + wide + LEFT + ahead * STEP + words, len(nodes) * (HEIGHT + GAP)
    parts = [_node(node, place, left, wide) for place, node in enumerate(nodes)]
    parts += [_edge(edge, tracks.get(edge, 0), left, wide, nodes) for edge in edges]
    return (
        f'<svg class="flow" role="img" aria-label="{html.escape(title)}" width="{size[0]:.0f}" '
        f'height="{size[1]:.0f}" viewBox="0 0 {size[0]:.0f} {size[1]:.0f}">{_ARROW}{"".join(parts)}</svg>'
    )


_ARROW = (
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
    'orient="auto-start-reverse"><path d="M0 0 8 4 0 8z"/></marker></defs>'
)


def _width(text: str) -> float:
    return sum(2 if ord(c) > 0x2E7F else 1 for c in text) * LETTER + 28


def _tracks(edges: list[Edge]) -> dict[Edge, int]:
    """For each jump, how far out it runs: the shortest inside, no two on one track where they overlap."""
    found: dict[Edge, int] = {}
    for edge in sorted(edges, key=lambda e: abs(e.end - e.start)):
        if edge.end == edge.start + 1:
            continue
        taken = {track for other, track in found.items() if _meets(edge, other)}
        found[edge] = next(n for n in range(1, len(edges) + 2) if n not in taken)
    return found


def _meets(edge: Edge, other: Edge) -> bool:
    same_side = (edge.end > edge.start) == (other.end > other.start)
    low, high = sorted((edge.start, edge.end))
    under, over = sorted((other.start, other.end))
    return same_side and low <= over and under <= high


def _top(place: int) -> float:
    return place * (HEIGHT + GAP) + 4


def _node(node: Node, place: int, left: float, wide: float) -> str:
    top, middle = _top(place), left + wide / 2
    own = _width(node.text)
    x = middle - own / 2
    if node.kind == "test":
        half, low, end = top + HEIGHT / 2, top + HEIGHT, x + own
        points = [(x, half), (x + 10, top), (end - 10, top), (end, half), (end - 10, low), (x + 10, low)]
        drawn = f'<polygon points="{" ".join(f"{a:.0f},{b:.0f}" for a, b in points)}"/>'
    else:
        round_ = HEIGHT / 2 if node.kind == "end" else 3
        drawn = f'<rect x="{x:.0f}" y="{top:.0f}" width="{own:.0f}" height="{HEIGHT}" rx="{round_:.0f}"/>'
    text = f'<text x="{middle:.0f}" y="{top + HEIGHT / 2 + 5:.0f}">{html.escape(node.text)}</text>'
    return f'<g class="{node.kind}">{drawn}{text}</g>'


def _edge(edge: Edge, track: int, left: float, wide: float, nodes: list[Node]) -> str:
    """Straight down to the next node; round the left side back up, round the right side further down."""
    middle = left + wide / 2
    if not track:
        top, bottom = _top(edge.start) + HEIGHT, _top(edge.end)
        word = _word(edge.text, middle + 6, (top + bottom) / 2 + 4, "start")
        return f'<path d="M{middle:.0f} {top:.0f} V{bottom:.0f}"/>{word}'
    ahead = edge.end > edge.start
    sign, side = (1, left + wide) if ahead else (-1, left)
    start = middle + sign * _width(nodes[edge.start].text) / 2
    end = middle + sign * _width(nodes[edge.end].text) / 2
    out = side + sign * (LEFT / 2 + track * STEP)
    from_, to = _top(edge.start) + HEIGHT / 2 + 6 * ahead, _top(edge.end) + HEIGHT / 2 - 6
    turn = f"Q{out:.0f} {from_:.0f} {out:.0f} {from_ + (6 if ahead else -6):.0f}"
    path = f"M{start:.0f} {from_:.0f} H{out - sign * 6:.0f} {turn} V{to - (6 if ahead else -6):.0f} "
    path += f"Q{out:.0f} {to:.0f} {out - sign * 6:.0f} {to:.0f} H{end:.0f}"
    at, anchor = start + sign * 5, "start" if ahead else "end"
    return f'<path d="{path}"/>{_word(edge.text, at, from_ - 4, anchor)}'


def _word(text: str, x: float, y: float, anchor: str) -> str:
    if not text:
        return ""
    return f'<text class="word {anchor}" x="{x:.0f}" y="{y:.0f}">{html.escape(text)}</text>'
