"""A call graph as an indented tree for the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from codeassist.records.program import CallEdge, CallGraph
from codeassist.rendering.graph_names import visible

MAX_DEPTH = 12
"""levels shown of one tree; deeper calls are counted at their own place"""

_DIM, _BOLD, _OFF = "\x1b[2m", "\x1b[1m", "\x1b[0m"


def render(
    graph: CallGraph, *, width: int = 100, color: bool = False, callers: bool = False
) -> Iterator[str]:
    """Each function once with what it calls (or who calls it), callers first."""
    yield summary(graph) + "\n"
    for notice in graph.notices:
        yield visible(f"left out: {notice.path}: {notice.message}" if notice.path else notice.message) + "\n"
    yield from _Tree(graph, width, color, callers).lines()


def summary(graph: CallGraph) -> str:
    """How much there is, in one line."""
    inside = sum(edge.callee in graph.functions for edge in graph.edges)
    guessed = sum(edge.confidence < 0.5 for edge in graph.edges)
    parts = [
        _count(len(graph.functions), "function"),
        f"{_count(len(graph.edges), 'call')} ({inside} inside, {len(graph.edges) - inside} to others)",
    ]
    if guessed:
        parts.append(f"{guessed} guessed by name")
    if graph.unresolved:
        parts.append(f"{_count(len(graph.unresolved), 'call site')} unresolved")
    return ", ".join(parts)


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


class _Tree:
    """Walks the graph, each function opened at its first place only."""

    def __init__(self, graph: CallGraph, width: int, color: bool, callers: bool) -> None:
        self.graph = graph
        self.width = width
        self.color = color
        self.callers = callers
        self.below: dict[str, list[tuple[str, CallEdge]]] = {}
        self.entered: set[str] = set()
        for edge in graph.edges:
            start, end = (edge.callee, edge.caller) if callers else (edge.caller, edge.callee)
            self.below.setdefault(start, []).append((end, edge))
            self.entered.add(end)
        self.opened: set[str] = set()

    def lines(self) -> Iterator[str]:
        names = list(dict.fromkeys([*self.graph.functions, *self.below]))
        tops = [name for name in names if name not in self.entered]
        for name in [*tops, *names]:  # the second time round: what only calls itself in a circle
            if name not in self.opened and (name in self.below or name in tops):
                yield self._line(name, 0, "")
                yield from self._below(name)

    def _below(self, top: str) -> Iterator[str]:
        self.opened.add(top)
        stack = [(1, end, edge) for end, edge in reversed(self.below.get(top, []))]
        while stack:
            depth, name, edge = stack.pop()
            inner = self.below.get(name, [])
            again = bool(inner) and (name in self.opened or depth >= MAX_DEPTH)
            yield self._line(name, depth, self._remark(edge, again))
            if inner and not again:
                self.opened.add(name)
                stack.extend((depth + 1, end, each) for end, each in reversed(inner))

    def _remark(self, edge: CallEdge, again: bool) -> str:
        words = []
        if edge.resolution in ("ambiguous", "dynamic", "both"):
            words.append(edge.resolution)
        if edge.confidence < 0.5:
            words.append("guessed by name")
        if again:
            words.append("...")
        return "  ".join(words)

    def _line(self, name: str, depth: int, remark: str) -> str:
        shown = visible(name)
        room = max(self.width - 2 * depth - len(remark) - 3, 20)
        if len(shown) > room:
            shown = shown[: room - 3] + "..."
        if self.color and name in self.graph.functions:
            shown = f"{_BOLD}{shown}{_OFF}"
        if remark and self.color:
            remark = f"{_DIM}{remark}{_OFF}"
        return f"{'  ' * depth}{shown}{'   ' + remark if remark else ''}\n"
