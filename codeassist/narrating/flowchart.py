"""The flow of a function as a Mermaid flowchart of at most twenty-five nodes, straight lines collapsed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from codeassist.messages import Catalogue
from codeassist.narrating.body import LOOPS, Body
from codeassist.narrating.book import escape
from codeassist.narrating.cells import cut
from codeassist.narrating.walk import Walk

MOST_NODES = 25
_LEAVING = ("return", "raise", "break", "continue")


@dataclass(slots=True)
class Chart:
    """Nodes and edges as they are drawn."""

    body: Body
    counts: Counter[int]
    text: Catalogue
    nodes: list[str] = field(default_factory=list)
    edges: list[str] = field(default_factory=list)

    def node(self, text: str, shape: str) -> str:
        """Add a node and give its name."""
        name = f"n{len(self.nodes)}"
        opening, closing = {"box": ('["', '"]'), "test": ('{"', '"}'), "end": ('(["', '"])')}[shape]
        self.nodes.append(f"    {name}{opening}{label(text)}{closing}")
        return name

    def edge(self, start: str, end: str, text: str = "") -> None:
        """Add an edge, with a word on it where there is one."""
        self.edges.append(f"    {start} -->{f'|{label(text)}|' if text else ''} {end}")


Loose = list[tuple[str, str]]
"""edges that wait for their end: (node, word)"""


def flowchart(body: Body, walk: Walk | None, text: Catalogue) -> str:
    """Mermaid text; empty where the flow is straight or too large to read."""
    if not any(s.kind in (*LOOPS, "if", "match", "try") for _, s in body.statements()):
        return ""
    chart = Chart(body, walk.counts() if walk else Counter(), text)
    start = chart.node(f"{body.function.name}({', '.join(p.name for p in body.function.parameters)})", "end")
    jumps: dict[str, Loose] = {"break": [], "continue": []}
    last = _sequence(chart, body.top(), [(start, "")], jumps)
    if last:
        _join(chart, last, chart.node(text("flow.end"), "end"))
    if len(chart.nodes) > MOST_NODES:
        return ""
    return escape("\n".join(["flowchart TD", *chart.nodes, *chart.edges]))


def label(text: str) -> str:
    """Text that Mermaid takes for nothing but text."""
    return "".join(c if c.isalnum() or c in " _.,+-*/=:()[]!" else f"#{ord(c)};" for c in text)


def _sequence(chart: Chart, indexes: Sequence[int], loose: Loose, jumps: dict[str, Loose]) -> Loose:
    for group in _groups(chart.body, indexes):
        if not loose:
            break
        loose = _one(chart, group, loose, jumps)
    return loose


def _groups(body: Body, indexes: Sequence[int]) -> Iterator[list[int]]:
    """Straight statements together, compound ones alone."""
    group: list[int] = []
    for index in indexes:
        if body.at(index).kind in (*LOOPS, "if", "try", "with", "match"):
            if group:
                yield group
            group = []
            yield [index]
        else:
            group.append(index)
            if body.at(index).kind in _LEAVING:
                yield group
                group = []
    if group:
        yield group


def _one(chart: Chart, group: list[int], loose: Loose, jumps: dict[str, Loose]) -> Loose:
    first = chart.body.at(group[0])
    if first.kind == "if":
        return _if(chart, group[0], loose, jumps)
    if first.kind in LOOPS:
        return _loop(chart, group[0], loose)
    if first.kind in ("try", "with", "match"):
        return _block(chart, group[0], loose, jumps)
    last = chart.body.at(group[-1])
    node = chart.node(_text(chart.body, group), "end" if last.kind in ("return", "raise") else "box")
    _join(chart, loose, node)
    if last.kind in ("break", "continue"):
        jumps[last.kind].append((node, ""))
    return [] if last.kind in _LEAVING else [(node, "")]


def _text(body: Body, group: list[int]) -> str:
    shown = [cut(body.text(index), 40) for index in group[:3]]
    return "; ".join(shown) + (" ..." if len(group) > 3 else "")


def _join(chart: Chart, loose: Loose, node: str) -> None:
    for start, word in loose:
        chart.edge(start, node, word)


def _if(chart: Chart, index: int, loose: Loose, jumps: dict[str, Loose]) -> Loose:
    node = chart.node(cut(chart.body.at(index).test, 48), "test")
    _join(chart, loose, node)
    yes = _sequence(chart, chart.body.inside(index), [(node, chart.text("flow.yes"))], jumps)
    no = _sequence(chart, chart.body.inside(index, "orelse"), [(node, chart.text("flow.no"))], jumps)
    return [*yes, *no]


def _loop(chart: Chart, index: int, loose: Loose) -> Loose:
    node = chart.node(cut(chart.body.text(index), 48), "test")
    _join(chart, loose, node)
    jumps: dict[str, Loose] = {"break": [], "continue": []}
    turns = chart.counts.get(chart.body.inside(index)[0], 0) if chart.body.inside(index) else 0
    word = chart.text("flow.turns", count=turns) if turns > 1 else chart.text("flow.turn")
    back = _sequence(chart, chart.body.inside(index), [(node, word)], jumps)
    _join(chart, [*back, *jumps["continue"]], node)
    after = _sequence(chart, chart.body.inside(index, "orelse"), [(node, chart.text("flow.done"))], jumps)
    return [*after, *jumps["break"]] if not _endless(chart.body, index) else jumps["break"]


def _endless(body: Body, index: int) -> bool:
    return body.at(index).kind == "while" and body.at(index).test.strip() in ("True", "1")


def _block(chart: Chart, index: int, loose: Loose, jumps: dict[str, Loose]) -> Loose:
    """try, with and match: their blocks, handlers as ways out of the first node."""
    node = chart.node(cut(chart.body.text(index), 48) or chart.body.at(index).kind, "box")
    _join(chart, loose, node)
    ends = _sequence(chart, chart.body.inside(index), [(node, "")], jumps)
    for block in ("handlers", "orelse"):
        for other in chart.body.inside(index, block):
            inner = chart.body.inside(other) or [other]
            ends += _sequence(chart, inner, [(node, cut(chart.body.text(other), 30))], jumps)
    return _sequence(chart, chart.body.inside(index, "finalbody"), ends, jumps)
