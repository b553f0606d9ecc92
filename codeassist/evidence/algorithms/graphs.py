"""Algorithms on graphs, in the forms in which programs write graphs down."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from codeassist.evidence.algorithms.model import Family, Maker, Problem, Raised, Signature, listed

NAME = "graphs"
INF = float("inf")


@dataclass(frozen=True)
class Graph:
    """Nodes as the program names them, and the weight of each arc; undirected ones hold both directions."""

    nodes: tuple[Any, ...]
    arcs: dict[tuple[Any, Any], int]
    start: Any = None
    end: Any = None

    def next(self, node: Any) -> list[Any]:
        """The nodes that an arc leads to."""
        return [b for a, b in self.arcs if a == node]

    def distances(self, start: Any, by_weight: bool = True) -> dict[Any, float]:
        """The least length of a way to each node; infinity where there is none."""
        found = dict.fromkeys(self.nodes, INF) | {start: 0}
        for _ in self.nodes:
            for (a, b), w in self.arcs.items():
                found[b] = min(found[b], found[a] + (w if by_weight else 1))
        return found

    def reached(self, start: Any) -> set[Any]:
        """All nodes that a way leads to, the start too."""
        return {node for node, d in self.distances(start).items() if d < INF}


# --- how graphs are written --------------------------------------------------------------------------


def _lists(g: Graph) -> Any:
    return {a: g.next(a) for a in g.nodes}


def _sets(g: Graph) -> Any:
    return {a: set(g.next(a)) for a in g.nodes}


def _weights(g: Graph) -> Any:
    return {a: {b: g.arcs[a, b] for b in g.next(a)} for a in g.nodes}


def _pairs(g: Graph) -> Any:
    return {a: [(b, g.arcs[a, b]) for b in g.next(a)] for a in g.nodes}


def _front_pairs(g: Graph) -> Any:
    return {a: [(g.arcs[a, b], b) for b in g.next(a)] for a in g.nodes}


def _rows(g: Graph) -> Any:
    return [g.next(a) for a in g.nodes]


def _pair_rows(g: Graph) -> Any:
    return [[(b, g.arcs[a, b]) for b in g.next(a)] for a in g.nodes]


def _matrix(g: Graph, none: Any = 0) -> Any:
    return [[g.arcs.get((a, b), 0 if a == b else none) for b in g.nodes] for a in g.nodes]


def _open_matrix(g: Graph) -> Any:
    return _matrix(g, INF)


def _ones(g: Graph) -> Any:
    return [[int((a, b) in g.arcs) for b in g.nodes] for a in g.nodes]


def _edges(g: Graph) -> list[Any]:
    """Arcs as (from, to, weight); of two opposite ones the first."""
    seen: list[Any] = []
    for (a, b), w in g.arcs.items():
        if (b, a, w) not in seen:
            seen.append((a, b, w))
    return seen


def _plain_edges(g: Graph) -> Any:
    return [[a, b] for a, b, _ in _edges(g)]


NAMED, NUMBERED = (_lists, _sets, _weights, _pairs, _front_pairs), (_rows, _pair_rows, _matrix, _open_matrix)


_IN_TURN = {
    "either": ("acyclic", "directed"), "circles": ("forest", "connected"), "halves": ("forest", "dense"),
}  # fmt: skip


def _graph(rng: random.Random, k: int, numbered: bool, kind: str) -> Graph:
    n = 4 + k % 4
    nodes = tuple(range(n)) if numbered else tuple("ABCDEFGH"[:n])
    arcs: dict[tuple[Any, Any], int] = {}
    directed = kind in ("directed", "acyclic", "flow", "either")
    if kind in _IN_TURN:  # in turn with and without what is asked for
        kind = _IN_TURN[kind][k % 2]
    weights = rng.sample(range(1, 60), n * (n - 1))
    for i, j in itertools.permutations(range(n), 2):
        tree = i < j and (kind in ("connected", "flow") and j == i + 1)
        forward = i < j or kind == "directed"
        if not forward or not (
            tree or rng.random() < {"sparse": 0.18, "forest": 0.4, "dense": 0.7}.get(kind, 0.3)
        ):
            continue
        if kind == "forest" and any(arc[1] == nodes[j] for arc in arcs if nodes.index(arc[0]) < j):
            continue
        arcs[nodes[i], nodes[j]] = weights.pop()
        if not directed:
            arcs[nodes[j], nodes[i]] = arcs[nodes[i], nodes[j]]
    if kind == "acyclic":
        order = rng.sample(range(n), n)
        arcs = {(nodes[order[nodes.index(a)]], nodes[order[nodes.index(b)]]): w for (a, b), w in arcs.items()}
    return Graph(nodes, arcs, nodes[0], nodes[-1])


def forms(
    kind: str, ways: Sequence[Callable[[Graph], Any]], *layouts: Callable[[Any, Graph], Sequence[Any]]
) -> list[Maker]:
    """A maker for each way of writing a graph and each layout of the arguments."""

    def maker(way: Callable[[Graph], Any], layout: Callable[[Any, Graph], Sequence[Any]]) -> Maker:
        def form(rng: random.Random, k: int) -> tuple[Sequence[Any], Any]:
            numbered = way not in NAMED or k < 0
            graph = _graph(rng, k, numbered, kind)
            return layout(way(graph), graph), graph

        return form

    return [maker(way, layout) for way in ways for layout in layouts]


def _numbers_too(way: Callable[[Graph], Any]) -> Callable[[Graph], Any]:
    """The same way with whole numbers as nodes."""
    return lambda g: way(g)


_LISTS_OF_NUMBERS, _PAIRS_OF_NUMBERS, _WEIGHTS_OF_NUMBERS = map(_numbers_too, (_lists, _pairs, _weights))
PLAIN = (_lists, _sets, _rows, _LISTS_OF_NUMBERS, _ones)
WEIGHTED = (
    _weights,
    _pairs,
    _front_pairs,
    _pair_rows,
    _PAIRS_OF_NUMBERS,
    _matrix,
    _open_matrix,
    _WEIGHTS_OF_NUMBERS,
)


def _alone(value: Any, g: Graph) -> Sequence[Any]:
    return [value]


def _from(value: Any, g: Graph) -> Sequence[Any]:
    return [value, g.start]


def _to(value: Any, g: Graph) -> Sequence[Any]:
    return [value, g.start, g.end]


def _sized(value: Any, g: Graph) -> Sequence[Any]:
    return [value, len(g.nodes)]


def _size_first(value: Any, g: Graph) -> Sequence[Any]:
    return [len(g.nodes), value]


def _nodes_first(value: Any, g: Graph) -> Sequence[Any]:
    return [list(g.nodes), value]


def _from_sized(value: Any, g: Graph) -> Sequence[Any]:
    return [value, len(g.nodes), g.start]


def _size_first_from(value: Any, g: Graph) -> Sequence[Any]:
    return [len(g.nodes), value, g.start]


def _nodes_first_from(value: Any, g: Graph) -> Sequence[Any]:
    return [list(g.nodes), value, g.start]


# --- checks ------------------------------------------------------------------------------------------


def _order(g: Graph, value: Any) -> list[Any] | None:
    items = listed(value) if not isinstance(value, dict) else list(value)
    if items is None or len(items) != len(set(items)) or set(items) != g.reached(g.start):
        return None
    return items if items[0] == g.start else None


def _breadth_order(g: Graph, value: Any) -> bool:
    items = _order(g, value)
    if items is None:
        return False
    steps = [g.distances(g.start, False)[node] for node in items]
    return steps == sorted(steps)


def _depth_order(g: Graph, value: Any) -> bool:
    """Each next node is a neighbour of the deepest node on the way that still has unseen ones."""
    items = _order(g, value)
    if items is None:
        return False
    way, seen = [items[0]], {items[0]}
    for node in items[1:]:
        while way and not set(g.next(way[-1])) - seen:
            way.pop()
        if not way or node not in g.next(way[-1]):
            return False
        way.append(node)
        seen.add(node)
    return True


def _same_distances(g: Graph, value: Any, by_weight: bool) -> bool:
    want = g.distances(g.start, by_weight)
    if isinstance(value, dict):
        got = [_far(value[node]) if node in value else INF for node in g.nodes]
    else:
        got = [_far(x) for x in listed(value) or ()]
    return len(got) == len(g.nodes) and all(_near(a, b) for a, b in zip(got, want.values(), strict=True))


def _far(value: Any) -> float:
    return value if isinstance(value, (int, float)) else INF


def _near(got: float, want: float) -> bool:
    return got == want or want == INF and (got < 0 or got > 10**5)


def _shortest(g: Graph, value: Any) -> bool:
    return _same_distances(g, value, True)


def _fewest_steps(g: Graph, value: Any) -> bool:
    return _same_distances(g, value, False)


def _to_end(by_weight: bool) -> Callable[[Any, Any], bool]:
    """The length of a shortest way, or the way itself; none where there is none."""

    def check(g: Any, value: Any) -> bool:
        want = g.distances(g.start, by_weight)[g.end]
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return _near(value, want)
        items = listed(value)
        if want == INF:
            return not value or isinstance(value, Raised)
        if not items or items[0] != g.start or items[-1] != g.end:
            return False
        arcs = list(itertools.pairwise(items))
        known = all(arc in g.arcs for arc in arcs)
        return known and sum(g.arcs[arc] if by_weight else 1 for arc in arcs) == want

    return check


def _a_way(g: Graph, value: Any) -> bool:
    """Any way without repetition, or whether there is one."""
    there = g.end in g.reached(g.start)
    if isinstance(value, bool):
        return value == there
    items = listed(value)
    if not there:
        return not value
    if not items or items[0] != g.start or items[-1] != g.end or len(set(items)) < len(items):
        return False
    return all(arc in g.arcs for arc in itertools.pairwise(items))


def _entry(value: Any, i: int, j: int, a: Any, b: Any) -> float:
    """The distance from a to b, in any of the forms in which distances are given."""
    if isinstance(value, dict) and a not in value:
        return float(value.get((a, b), INF))
    row: Any = value[a] if isinstance(value, dict) else value[i]
    return float(row.get(b, INF) if isinstance(row, dict) else row[j])


def _all_pairs(g: Graph, value: Any) -> bool:
    for i, a in enumerate(g.nodes):
        want = g.distances(a)
        for j, b in enumerate(g.nodes):
            got = _entry(value, i, j, a, b)
            if not _near(got, want[b]):
                return False
    return True


def _closure(g: Graph, value: Any) -> bool:
    """Which nodes reach which; whether a node reaches itself may be said either way."""
    for i, a in enumerate(g.nodes):
        reached = {b for x in g.next(a) for b in g.reached(x)}
        row = value[a] if isinstance(value, dict) else value[i]
        for j, b in enumerate(g.nodes):
            got = b in row if isinstance(row, (set, dict)) else bool(row[j])
            if i != j and got != (b in reached):
                return False
    return True


def tree_weight(g: Graph) -> int:
    """The weight of a minimum spanning tree."""
    inside, total = {g.nodes[0]}, 0
    while len(inside) < len(g.nodes):
        w, b = min((w, b) for (a, b), w in g.arcs.items() if a in inside and b not in inside)
        inside.add(b)
        total += w
    return total


def _spanning(g: Graph, value: Any) -> bool:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value == tree_weight(g)
    if isinstance(value, dict):
        value = [(a, b) for b, a in value.items() if a is not None]
    edges = [tuple(e) for e in value]
    total = 0
    joined = {frozenset(p for p in e if p in g.nodes) for e in edges} if len(edges[0]) == 2 else set()
    for e in edges:
        arcs = [
            arc for arc in itertools.permutations(e, 2) if arc in g.arcs and (len(e) == 2 or g.arcs[arc] in e)
        ]
        if not arcs:
            return False
        total += g.arcs[arcs[0]]
        joined.add(frozenset(arcs[0]))
    return len(joined) == len(g.nodes) - 1 and total == tree_weight(g)


def _topological(g: Graph, value: Any) -> bool:
    items = listed(value)
    if items is None or set(items) != set(g.nodes) or len(items) != len(g.nodes):
        return False
    place = {node: i for i, node in enumerate(items)}
    return all(place[a] < place[b] for a, b in g.arcs) or all(place[a] > place[b] for a, b in g.arcs)


def _cyclic(g: Graph) -> bool:
    return any(a in g.reached(b) for a, b in g.arcs)


def _circular(g: Graph) -> bool:
    """Whether an undirected graph has a cycle."""
    return len(_edges(g)) > len(g.nodes) - len(_parts(g))


def _parts(g: Graph) -> list[set[Any]]:
    found: list[set[Any]] = []
    for node in g.nodes:
        if not any(node in part for part in found):
            found.append(g.reached(node))
    return found


def _components(g: Graph, value: Any) -> bool:
    parts = _parts(g)
    if type(value) is int:
        return value == len(parts)
    rows = value.values() if isinstance(value, dict) else value
    return sorted(sorted(row) for row in rows) == sorted(sorted(part) for part in parts)


def _strong(g: Graph, value: Any) -> bool:
    parts = {frozenset(b for b in g.reached(a) if a in g.reached(b)) for a in g.nodes}
    if type(value) is int:
        return value == len(parts)
    return {frozenset(row) for row in value} == parts


def _bipartite(g: Graph) -> bool:
    every = itertools.product((0, 1), repeat=len(g.nodes))
    return any(all(c[g.nodes.index(a)] != c[g.nodes.index(b)] for a, b in g.arcs) for c in every)


def _flow(g: Graph, value: Any) -> bool:
    """The value of a maximum flow is the least capacity of a cut."""
    inner = [x for x in g.nodes if x not in (g.start, g.end)]
    cuts = (
        sum(w for (a, b), w in g.arcs.items() if a in side and b not in side)
        for n in range(len(inner) + 1) for c in itertools.combinations(inner, n) for side in [{g.start, *c}]
    )  # fmt: skip
    return isinstance(value, (int, float)) and value == min(cuts)


def _bridges(g: Graph, value: Any) -> bool:
    cut = set()
    for a, b, _ in _edges(g):
        rest = Graph(g.nodes, {arc: w for arc, w in g.arcs.items() if set(arc) != {a, b}})
        if b not in rest.reached(a):
            cut.add(frozenset((a, b)))
    return {frozenset(e) for e in value} == cut and len(list(value)) == len(cut)


def _joints(g: Graph, value: Any) -> bool:
    found = set()
    for node in g.nodes:
        left = tuple(x for x in g.nodes if x != node)
        rest = Graph(left, {arc: w for arc, w in g.arcs.items() if node not in arc})
        if len(_parts(rest)) > len(_parts(g)):
            found.add(node)
    return set(value) == found


def _coloured(g: Graph, value: Any) -> bool:
    colour = value if isinstance(value, dict) else dict(zip(g.nodes, value, strict=True))
    return (
        set(colour) == set(g.nodes)
        and all(colour[a] != colour[b] for a, b in g.arcs)
        and len(set(colour.values())) < len(g.nodes)
    )


def _says(answer: Callable[[Graph], bool]) -> Callable[[Any, Any], bool]:
    return lambda g, value: isinstance(value, (bool, int)) and value in (0, 1) and bool(value) == answer(g)


# --- fields of cells ---------------------------------------------------------------------------------


def _cells(text: bool) -> Maker:
    def form(rng: random.Random, k: int) -> tuple[Sequence[Any], Any]:
        grid = [[int(rng.random() < 0.5) for _ in range(3 + k % 3)] for _ in range(3 + k % 2)]
        return [[[str(x) for x in row] for row in grid] if text else [list(row) for row in grid]], grid

    return form


def islands(grid: list[list[int]]) -> list[int]:
    """The sizes of the connected fields of ones, sideways and up and down."""
    left = {(r, c) for r, row in enumerate(grid) for c, x in enumerate(row) if x}
    sizes = []
    while left:
        waiting, size = [left.pop()], 0
        while waiting:
            r, c = waiting.pop()
            size += 1
            for cell in ((r + 1, c), (r - 1, c), (r, c + 1), (r, c - 1)):
                if cell in left:
                    left.remove(cell)
                    waiting.append(cell)
        sizes.append(size)
    return sizes


def _maze(rng: random.Random, k: int) -> tuple[Sequence[Any], Any]:
    grid = [[int(rng.random() < 0.75) for _ in range(3 + k % 3)] for _ in range(3 + k % 2)]
    grid[0][0] = grid[-1][-1] = 1
    return [[list(row) for row in grid]], grid


def _maze_steps(grid: list[list[int]]) -> int:
    found = {(0, 0): 0}
    waiting = [(0, 0)]
    for r, c in waiting:
        for a, b in ((r + 1, c), (r - 1, c), (r, c + 1), (r, c - 1)):
            if 0 <= a < len(grid) and 0 <= b < len(grid[0]) and grid[a][b] and (a, b) not in found:
                found[a, b] = found[r, c] + 1
                waiting.append((a, b))
    return found.get((len(grid) - 1, len(grid[0]) - 1), -1)


def _fill(rng: random.Random, k: int) -> tuple[Sequence[Any], Any]:
    grid = [[rng.randint(0, 1) for _ in range(3 + k % 3)] for _ in range(3 + k % 2)]
    at = (rng.randrange(len(grid)), rng.randrange(len(grid[0])))
    return [[list(row) for row in grid], *at, 7], (grid, at)


def _filled(instance: Any, value: Any) -> bool:
    grid, at = instance
    want = [list(row) for row in grid]
    waiting, old = [at], grid[at[0]][at[1]]
    while waiting:
        r, c = waiting.pop()
        if 0 <= r < len(want) and 0 <= c < len(want[0]) and want[r][c] == old:
            want[r][c] = 7
            waiting += [(r + 1, c), (r - 1, c), (r, c + 1), (r, c - 1)]
    return [list(row) for row in value] == want


def _unions(size_first: bool) -> Maker:
    def form(rng: random.Random, k: int) -> tuple[Sequence[Any], Any]:
        g = _graph(rng, k, True, "sparse")
        args = [len(g.nodes), _plain_edges(g)]
        return args if size_first else args[::-1], g

    return form


_ANY_WEIGHTED = tuple(forms("directed", WEIGHTED, _from)) + tuple(
    forms("directed", (_edges,), _from_sized, _size_first_from, _nodes_first_from)
)
PROBLEMS = (
    Problem("breadth first order", NAME, tuple(forms("directed", PLAIN, _from)), _breadth_order),
    Problem("depth first order", NAME, tuple(forms("directed", PLAIN, _from)), _depth_order),
    Problem("fewest steps", NAME, tuple(forms("directed", PLAIN, _from)), _fewest_steps),
    Problem("fewest steps to an end", NAME, tuple(forms("directed", PLAIN, _to)), _to_end(False)),
    Problem("a way", NAME, tuple(forms("directed", PLAIN, _to)), _a_way),
    Problem("nodes reached", NAME, tuple(forms("directed", PLAIN, _from)), lambda g, v: not isinstance(v, str) and set(v) == g.reached(g.start)),
    Problem("shortest ways", NAME, _ANY_WEIGHTED, _shortest),
    Problem("shortest way to an end", NAME, tuple(forms("directed", WEIGHTED, _to)), _to_end(True)),
    Problem("shortest ways between all", NAME, (*forms("directed", (_open_matrix, _weights, _WEIGHTS_OF_NUMBERS, _pairs), _alone, _sized), *forms("directed", (_edges,), _size_first, _nodes_first, _sized)), _all_pairs),
    Problem("who reaches whom", NAME, (*forms("directed", (_ones, _lists, _sets, _rows, _matrix), _alone, _sized), *forms("directed", (_plain_edges,), _size_first)), _closure),
    Problem("minimum spanning tree", NAME, (*forms("connected", WEIGHTED, _alone, _from, _sized), *forms("connected", (_edges, lambda g: [(w, a, b) for a, b, w in _edges(g)], lambda g: [list(e) for e in _edges(g)]), _sized, _size_first, _nodes_first, _alone)), _spanning),
    Problem("topological order", NAME, (*forms("acyclic", (_lists, _sets, _rows, _LISTS_OF_NUMBERS), _alone, _sized, _size_first), *forms("acyclic", (_plain_edges, lambda g: [(a, b) for a, b in g.arcs]), _size_first, _sized, _nodes_first)), _topological),
    Problem("has a cycle", NAME, (*forms("either", PLAIN, _alone, _sized), *forms("either", (_plain_edges,), _size_first)), _says(_cyclic), 18),
    Problem("has a circle", NAME, (*forms("circles", PLAIN, _alone, _sized), *forms("circles", (_plain_edges,), _size_first, _sized, _nodes_first)), _says(_circular), 18),
    Problem("connected parts", NAME, (*forms("sparse", PLAIN, _alone, _sized), *forms("sparse", (_plain_edges,), _size_first, _sized, _nodes_first)), _components),
    Problem("strongly connected parts", NAME, (*forms("directed", PLAIN, _alone, _sized), *forms("directed", (_plain_edges,), _size_first)), _strong),
    Problem("is bipartite", NAME, tuple(forms("halves", PLAIN, _alone)), _says(_bipartite), 18),
    Problem("maximum flow", NAME, tuple(forms("flow", (_matrix, _weights, _WEIGHTS_OF_NUMBERS), _to)), _flow, 8),
    Problem("bridges", NAME, (*forms("circles", PLAIN, _alone, _sized), *forms("circles", (_plain_edges,), _size_first)), _bridges, 10),
    Problem("articulation points", NAME, tuple(forms("sparse", PLAIN, _alone, _sized)), _joints, 10),
    Problem("colouring", NAME, tuple(forms("connected", PLAIN, _alone)), _coloured),
    Problem("number of islands", NAME, (_cells(False), _cells(True)), lambda grid, v: type(v) is int and v == len(islands(grid))),
    Problem("largest island", NAME, (_cells(False), _cells(True)), lambda grid, v: type(v) is int and v == max(islands(grid), default=0)),
    Problem("flood", NAME, (_fill,), _filled),
    Problem("steps through a maze", NAME, (_maze,), lambda grid, v: type(v) is int and v in (_maze_steps(grid), _maze_steps(grid) + 1)),
)  # fmt: skip

_SP = ("shortest path", "shortest paths", "single-source shortest paths")
SIGNATURES = (
    Signature("breadth-first search", "breadth first order", (), ("recursion",), aliases=("bfs", "breadth first traversal", "breadth-first traversal", "breadth first search")),
    Signature("depth-first search", "depth first order", (), aliases=("dfs", "depth first traversal", "depth-first traversal", "depth first search")),
    Signature("breadth-first search", "fewest steps", ("queue | frontier by levels | loop",), aliases=("bfs", "breadth first search", *_SP)),
    Signature("breadth-first search", "fewest steps to an end", ("queue | frontier by levels",), aliases=("bfs", "breadth first search", *_SP)),
    Signature("depth-first search", "a way", ("recursion | stack",), aliases=("dfs", "depth first search", "path finding", "find path")),
    Signature("breadth-first search", "a way", ("queue",), aliases=("bfs", "breadth first search", "path finding")),
    Signature("depth-first search", "nodes reached", ("recursion | stack",), aliases=("dfs", "depth first search", "graph traversal", "reachability")),
    Signature("breadth-first search", "nodes reached", ("queue",), aliases=("bfs", "breadth first search", "graph traversal", "reachability")),
    *(
        sign
        for key in ("shortest ways", "shortest way to an end")
        for sign in (
            Signature("Dijkstra's algorithm", key, ("heap of the library",), aliases=("dijkstra", *_SP)),
            Signature("Dijkstra's algorithm", key, ("visited set | S.remove(U) | S.pop(U) | V[U] = True | del S[U] | V.append(U)", "relax"), aliases=("dijkstra", *_SP)),
            Signature("Dijkstra's algorithm", key, ("min(A, key=_)",), aliases=("dijkstra", *_SP)),
            Signature("shortest path faster algorithm", key, ("queue", "relax"), aliases=("spfa", "bellman-ford", *_SP)),
            Signature("Bellman-Ford", key, ("nested loops",), aliases=("bellman ford", "bellman-ford algorithm", *_SP)),
        )
    ),
    Signature("Floyd-Warshall", "shortest ways between all", ("three nested loops",), aliases=("floyd warshall", "all-pairs shortest paths", "all pairs shortest path")),
    Signature("Warshall's algorithm", "who reaches whom", ("three nested loops",), ("recursion",), aliases=("transitive closure", "warshall", "floyd-warshall")),
    Signature("transitive closure", "who reaches whom", ("recursion | stack | queue",), aliases=("transitive closure by depth-first search", "reachability")),
    Signature("Kruskal's algorithm", "minimum spanning tree", ("sorted", "P[X] != X | P[X] == X | F(U) != F(V) | F(P, U) != F(P, V) | x = F(U); y = F(V) | P[U] != P[V] | X != Y"), aliases=("kruskal", "minimum spanning tree")),
    Signature("Prim's algorithm", "minimum spanning tree", ("heap of the library",), aliases=("prim", "minimum spanning tree")),
    Signature("Prim's algorithm", "minimum spanning tree", ("nested loops",), ("sorted",), aliases=("prim", "minimum spanning tree")),
    Signature("Kahn's algorithm", "topological order", ("D[V] = D[V] + -1 | D[V] - 1",), aliases=("kahn", "topological sort", "topological sorting")),
    Signature("topological sort by depth-first search", "topological order", ("recursion | stack",), aliases=("topological sort", "topological sorting", "dfs topological sort")),
    Signature("cycle detection in a directed graph", "has a cycle", ("loop | recursion",), aliases=("cycle detection", "directed cycle detection", "detect cycle", "contains cycle")),
    Signature("cycle detection in an undirected graph", "has a circle", ("loop | recursion",), aliases=("cycle detection", "undirected cycle detection", "union find cycle detection")),
    Signature("union-find", "connected parts", ("P[P[X]] | P[X] != X | P[X] == X", ), aliases=("disjoint set", "union find", "disjoint-set union", "connected components")),
    Signature("connected components", "connected parts", ("loop",), aliases=("components", "number of connected components")),
    Signature("Tarjan's algorithm", "strongly connected parts", ("L[V] = min(L[V], _) | min(L[V], _) | min(_, I[W])",), aliases=("tarjan", "strongly connected components", "scc")),
    Signature("Kosaraju's algorithm", "strongly connected parts", ("loop",), aliases=("kosaraju", "strongly connected components", "scc")),
    Signature("bipartite check", "is bipartite", ("loop",), aliases=("bipartite", "two-colouring", "graph bipartite check", "check bipartite")),
    Signature("Edmonds-Karp", "maximum flow", ("queue",), aliases=("edmonds karp", "maximum flow", "ford-fulkerson", "max flow")),
    Signature("Ford-Fulkerson", "maximum flow", ("recursion | stack",), aliases=("ford fulkerson", "maximum flow", "max flow")),
    Signature("bridge finding", "bridges", ("loop",), aliases=("bridges", "tarjan's bridge-finding algorithm")),
    Signature("articulation points", "articulation points", ("loop",), aliases=("cut vertices",)),
    Signature("greedy colouring", "colouring", ("loop",), aliases=("graph coloring", "graph colouring", "greedy coloring")),
    Signature("number of islands", "number of islands", ("loop",), aliases=("count islands", "flood fill", "connected components", "num islands")),
    Signature("largest island", "largest island", ("loop",), aliases=("max area of island", "flood fill")),
    Signature("flood fill", "flood", ("recursion | stack | queue | loop",), aliases=("seed fill",)),
    Signature("shortest way through a maze", "steps through a maze", ("queue",), aliases=("breadth-first search", "maze search", "bfs", "shortest path in a grid")),
)  # fmt: skip

FAMILY = Family(NAME, PROBLEMS, SIGNATURES)
