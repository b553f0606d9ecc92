"""Loop invariants from templates over the variables at body starts.

A template is an expression of claims.md over names of the loop. It is tried on the states of all runs.
What held on few states, or on states that are all alike, is a coincidence and is dropped.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Any

from codeassist.evidence.facts import activations
from codeassist.records.evidence import Invariant
from codeassist.records.program import Function, Module, Statement
from codeassist.records.trace import Trace, TraceReader
from codeassist.records.values import opaque

MOST, MOST_IN_ALL = 3, 4
"""invariants of one loop, and of one function, that are given"""
LEAST_TIMES, LEAST_RUNS = 8, 3
ENOUGH_RUNS = 8
"""runs that are enough where no fresh inputs can be made"""
MOST_STATES = 60
"""states of one run that are looked at"""
MOST_CALLS, MOST_LOOKED_AT = 6, 4000
"""activations and events of one run that are looked at"""
_ALLOWED = "abs all any bool len list max min range reversed set sorted str sum tuple zip".split()
_BUILTINS = {name: getattr(builtins, name) for name in _ALLOWED}


@dataclass(frozen=True)
class Moment:
    """Variables at one body start, and the arguments at entry."""

    run: int
    variables: Mapping[str, Any]
    entry: Mapping[str, Any]


def invariants(
    module: Module, function: Function, traces: Sequence[Trace], fresh: Callable[[], Sequence[Trace]]
) -> tuple[Invariant, ...]:
    """At most three invariants for each loop of the function's own body, the most telling first.

    What the runs given let stand is tried again on the `fresh` ones, which are made only if needed.
    """
    own = [s for s in module.statements if s.function == function.id.qualname]
    scene = _scene(own, function)
    more: Sequence[Trace] | None = None
    found: list[tuple[float, Invariant]] = []
    for loop in (s for s in own if s.kind in ("for", "while")):
        moments = list(_moments(module, function, loop, traces))
        runs = len({moment.run for moment in moments})
        if len(moments) < LEAST_TIMES or runs < LEAST_RUNS:
            continue
        holding = _holding(_candidates(loop, moments, scene), moments)
        if holding:
            more = fresh() if more is None else more
            varied = list(_moments(module, function, loop, more))
            holding = _surviving(holding, varied) if varied or runs >= ENOUGH_RUNS else []
        said = {invariant.expr for _, invariant in found}
        kept = [(worth, expr) for worth, expr in _telling(holding) if expr not in said][:MOST]
        found += [(worth, Invariant(loop.header.line, expr, len(moments), runs)) for worth, expr in kept]
    best = sorted(found, key=lambda item: -item[0])[:MOST_IN_ALL]
    return tuple(item[1] for item in found if item in best)


@dataclass(frozen=True)
class Scene:
    """What the source says of names: parameters, counters, what the result reads, what is a position."""

    parameters: frozenset[str]
    counters: frozenset[str]
    """names that only `for` headers bind"""
    related: frozenset[str]
    """names in results, in yielded values, and parameters whose items are assigned"""
    indexed: frozenset[tuple[str, str]]
    """(container, index): the name is used as a position in the container"""
    together: frozenset[frozenset[str]]
    """pairs of names that meet in one comparison, calculation, index or assignment"""

    def meet(self, *names: str) -> bool:
        """Whether each of these names meets some other one of them."""
        return all(any(frozenset((a, b)) in self.together for b in names if a != b) for a in names)


def _scene(own: Sequence[Statement], function: Function) -> Scene:
    parameters = frozenset(parameter.name for parameter in function.parameters)
    targets = {name for s in own if s.kind == "for" for name in _targets(s)}
    bound = {name for s in own if s.kind != "for" for name in s.writes}
    given = " ".join(s.test for s in own if s.kind == "return" or s.test.startswith("yield"))
    stored = {store.split("[")[0] for s in own for store in s.stores} & parameters
    texts = [s.test for s in own] + [text for s in own for text in (*s.stores, s.target)]
    return Scene(
        parameters,
        frozenset(targets - bound),
        frozenset(set(re.findall(r"[A-Za-z_]\w*", given)) | stored),
        frozenset(pair for text in texts for pair in _positions(text)) | frozenset(_enumerated(own)),
        frozenset(pair for statement in own for pair in _meetings(statement)),
    )


def _meetings(statement: Statement) -> Iterator[frozenset[str]]:
    """Pairs of names that stand in one comparison, calculation, index or assignment of a statement."""
    for text in (statement.test, statement.target, *statement.stores):
        for node in _nodes(text):
            if isinstance(node, (ast.Compare, ast.BinOp, ast.Subscript)):
                yield from _pairs_of(_names_in(node))
    target, value = _parsed(statement.target), _parsed(statement.test)
    if target is None or value is None or statement.kind not in ("assign", "annassign", "for"):
        return
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for left, right in zip(target.elts, value.elts, strict=False):
            yield from _pairs_of(_names_in(left) | _names_in(right))
    else:
        yield from _pairs_of(_names_in(target) | _names_in(value))


def _pairs_of(names: set[str]) -> Iterator[frozenset[str]]:
    return (frozenset((a, b)) for a in names for b in names if a < b)


def _nodes(text: str) -> Iterator[ast.AST]:
    node = _parsed(text)
    return iter(()) if node is None else ast.walk(node)


def _parsed(text: str) -> ast.expr | None:
    try:
        return ast.parse(text.strip(), mode="eval").body if text else None
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _names_in(node: ast.AST) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def _positions(text: str) -> Iterator[tuple[str, str]]:
    for container, inside in re.findall(r"([A-Za-z_]\w*)\[([^\[\]]*)\]", text):
        yield from ((container, name) for name in re.findall(r"[A-Za-z_]\w*", inside))


def _enumerated(own: Sequence[Statement]) -> Iterator[tuple[str, str]]:
    for loop in own:
        found = re.match(r"enumerate\(([A-Za-z_]\w*)\)$", loop.test) if loop.kind == "for" else None
        if found:
            yield found[1], re.split(r"\W+", loop.target.strip("( "))[0]


# --- states ------------------------------------------------------------------------------------------


def _moments(
    module: Module, function: Function, loop: Statement, traces: Sequence[Trace]
) -> Iterator[Moment]:
    inside = _body_lines(module, loop)
    for index, trace in enumerate(traces):
        if trace.reader is not None and trace.header.outcome.kind in ("returned", "raised"):
            yield from _of_run(index, trace.reader, function, loop, inside)


def _body_lines(module: Module, loop: Statement) -> frozenset[int]:
    """First lines of the statements that stand directly in the loop's body."""
    number = module.statements.index(loop)
    return frozenset(s.header.line for s in module.statements if s.parent == number and s.block == "body")


def _of_run(
    run: int, reader: TraceReader, function: Function, loop: Statement, inside: frozenset[int]
) -> Iterator[Moment]:
    wanted: list[tuple[int, int]] = []
    entries: dict[int, Mapping[str, Any]] = {}
    before = {activation.id: 0 for activation in activations(reader, function.id)[:MOST_CALLS]}
    for event in reader.events(0, MOST_LOOKED_AT):
        if event.activation not in before:
            continue
        if event.kind == "call" and isinstance(event.value, dict):
            entries[event.activation] = event.value
        if event.kind == "line":
            if before[event.activation] == loop.header.line and event.line in inside:
                wanted.append((event.index, event.activation))
            before[event.activation] = event.line
        if len(wanted) == MOST_STATES:
            break
    for state in reader.states(wanted):
        yield Moment(run, state.variables, entries.get(state.activation, {}))


# --- candidates --------------------------------------------------------------------------------------


def _candidates(loop: Statement, moments: Sequence[Moment], scene: Scene) -> list[tuple[float, str]]:
    """(worth, expression) over the names that the loop changes; what the result depends on is worth more."""
    names = _names(moments)
    changed = {name for name in names if _varies(name, moments)}
    numbers = [n for n in names if _all(moments, n, int)]
    lists = [n for n in names if _all(moments, n, (list, tuple, str))]
    rows = [n for n in lists if _all(moments, n, (list, tuple)) and _of_scalars(moments, n)]
    moved = changed - scene.counters  # the range of a for target says nothing
    made = [
        *_accumulators(numbers, rows, changed, moved, scene),
        *_bounds(numbers, lists, changed, moved, scene),
    ]
    made += _orders(numbers, moved, scene)
    made += _slices(numbers, rows, changed, moments)
    made += _searches(numbers, lists, changed, scene)
    made += _contents(lists, changed, moments, scene)
    test = "".join(loop.test.split())
    return [
        (worth + _nearness(expr, scene), expr) for worth, expr in made if "".join(expr.split()) not in test
    ]


def _nearness(expr: str, scene: Scene) -> float:
    return 1.0 if set(re.findall(r"[A-Za-z_]\w*", expr)) & scene.related else 0.0


def _of_scalars(moments: Sequence[Moment], name: str) -> bool:
    return all(type(item) in (int, float, str) for m in moments for item in m.variables[name])


def _targets(loop: Statement) -> set[str]:
    """Names that the loop header binds."""
    return set(re.findall(r"[A-Za-z_]\w*", loop.target))


def _names(moments: Sequence[Moment]) -> list[str]:
    """Names that are bound to plain data at every moment."""
    common = set(moments[0].variables)
    for moment in moments[1:]:
        common &= set(moment.variables)
    return sorted(n for n in common if all(opaque(m.variables[n]) is None for m in moments))[:10]


def _all(moments: Sequence[Moment], name: str, kinds: type | tuple[type, ...]) -> bool:
    return all(
        isinstance(m.variables[name], kinds) and not isinstance(m.variables[name], bool) for m in moments
    )


def _varies(name: str, moments: Sequence[Moment]) -> bool:
    """Whether the variable changes within some run."""
    first: dict[int, str] = {}
    return any(first.setdefault(m.run, repr(m.variables[name])) != repr(m.variables[name]) for m in moments)


def _accumulators(
    numbers: Sequence[str], lists: Sequence[str], changed: set[str], moved: set[str], scene: Scene
) -> Iterator[tuple[float, str]]:
    for total in (name for name in numbers if name in moved):
        for xs in lists:
            for i in numbers:
                if i != total and i in changed and (xs, i) in scene.indexed:
                    yield 9.0, f"{total} == sum({xs}[:{i}])"
                    yield 9.0, f"{total} == max({xs}[:{i}])"
                    yield 9.0, f"{total} == min({xs}[:{i}])"
            if xs in scene.parameters and total in scene.related:
                yield 4.0, f"{total} in {xs}"
            if xs in changed:
                yield 3.5, f"{total} == len({xs})"


def _bounds(
    numbers: Sequence[str], lists: Sequence[str], changed: set[str], moved: set[str], scene: Scene
) -> Iterator[tuple[float, str]]:
    """Where positions can be: names that meet in the source, at least one moved by the body itself."""
    for i in (name for name in numbers if name in changed):
        for xs in lists if i in moved else ():
            if scene.meet(i, xs):
                yield 2.0, f"0 <= {i} < len({xs})"
                yield 1.5, f"0 <= {i} <= len({xs})"
        for j in (n for n in numbers if n != i and n in changed and {n, i} & moved and scene.meet(n, i)):
            for xs in (name for name in lists if scene.meet(i, name) or scene.meet(j, name)):
                yield 3.5, f"0 <= {i} <= {j} < len({xs})"
                yield 3.2, f"0 <= {i} <= {j} <= len({xs})"
        for j, k in permutations([n for n in numbers if n != i and n in changed], 2):
            if i in moved and scene.meet(i, j) and scene.meet(i, k):
                yield 2.5, f"{j} <= {i} <= {k}"


def _orders(numbers: Sequence[str], moved: set[str], scene: Scene) -> Iterator[tuple[float, str]]:
    for a, b in permutations([name for name in numbers if name in moved], 2):
        if {a, b} & scene.related and scene.meet(a, b):
            yield 2.2, f"{a} < {b}"
            yield 1.8, f"{a} <= {b}"
    for a, b, c in permutations(numbers, 3):
        if a < b and {a, b, c} <= moved and scene.meet(a, b, c):
            yield 5.0, f"{a} + {b} == {c}"
            yield 5.0, f"{a} * {b} == {c}"


def _slices(
    numbers: Sequence[str], lists: Sequence[str], changed: set[str], moments: Sequence[Moment]
) -> Iterator[tuple[float, str]]:
    """Parts in order: said only where some input was not in order, or it would be the input's doing."""
    if not any(_is_unordered(value) for m in moments for value in m.entry.values()):
        return
    for xs in (name for name in lists if name in changed):
        for i in (name for name in numbers if name in changed):
            yield 8.0, f"{xs}[:{i}] == sorted({xs}[:{i}])"
            yield 7.5, f"{xs}[{i}:] == sorted({xs}[{i}:])"
            yield 7.6, f"{xs}[len({xs}) - {i}:] == sorted({xs}[len({xs}) - {i}:])"
        yield 6.0, f"{xs} == sorted({xs})"


def _is_unordered(value: Any) -> bool:
    if not isinstance(value, (list, tuple)):
        return False
    try:
        return len(value) > 2 and list(value) != sorted(value)
    except TypeError:
        return False


def _searches(
    numbers: Sequence[str], lists: Sequence[str], changed: set[str], scene: Scene
) -> Iterator[tuple[float, str]]:
    """What is looked for lies between two bounds, or not before a position."""
    for xs in (name for name in lists if name in scene.parameters and name not in changed):
        for t in (n for n in numbers if n in scene.parameters and n not in changed):
            for low, high in permutations([n for n in numbers if n in changed - scene.counters], 2):
                yield 10.0, f"{t} not in {xs} or {t} in {xs}[{low}:{high} + 1]"
                yield 9.8, f"{t} not in {xs} or {t} in {xs}[{low}:{high}]"
            for i in (name for name in numbers if name in changed and (xs, name) in scene.indexed):
                yield 7.0, f"{t} not in {xs}[:{i}]"


def _contents(
    lists: Sequence[str], changed: set[str], moments: Sequence[Moment], scene: Scene
) -> Iterator[tuple[float, str]]:
    for xs in lists:
        if xs in scene.parameters and xs in changed:
            yield 6.5, f"sorted({xs}) == sorted(old({xs}))"
        for ys in lists:
            if xs != ys and xs in changed and ys in scene.parameters:
                yield 5.5, f"{xs} == {ys}[:len({xs})]"
            if xs < ys and _grows(xs, moments) and _grows(ys, moments):
                yield 4.0, f"len({xs}) == len({ys})"


def _grows(name: str, moments: Sequence[Moment]) -> bool:
    """Whether its length changes within some run."""
    first: dict[int, int] = {}
    return any(first.setdefault(m.run, len(m.variables[name])) != len(m.variables[name]) for m in moments)


# --- what holds and what says something --------------------------------------------------------------


def _holding(candidates: Iterable[tuple[float, str]], moments: Sequence[Moment]) -> list[tuple[float, str]]:
    """Candidates that hold at all moments and are not the same trivial thing at most of them."""
    result = []
    for worth, expr in sorted(set(candidates), key=lambda item: (-item[0], item[1])):
        code = compile(_without_old(expr), "<template>", "eval")
        if all(_value(code, moment) is True for moment in moments) and _says(expr, moments):
            result.append((worth, expr))
    return result


def _surviving(holding: Sequence[tuple[float, str]], moments: Sequence[Moment]) -> list[tuple[float, str]]:
    """Those that also hold at these moments, wherever their names are bound."""
    codes = [(item, compile(_without_old(item[1]), "<template>", "eval")) for item in holding]
    return [item for item, code in codes if all(_value(code, moment) is not False for moment in moments)]


def _without_old(expr: str) -> str:
    """`old(xs)` as a plain name that stands for the value at entry."""

    class Entry(ast.NodeTransformer):
        def visit_Call(self, node: ast.Call) -> ast.AST:
            self.generic_visit(node)
            if isinstance(node.func, ast.Name) and node.func.id == "old":
                return ast.Name("_old_" + ast.unparse(node.args[0]), ast.Load())
            return node

    return ast.unparse(Entry().visit(ast.parse(expr, mode="eval")))


def _value(code: Any, moment: Moment) -> Any:
    """The template's value on recorded plain data; templates are ours, names in them are identifiers."""
    scope = {**moment.variables, **{f"_old_{name}": value for name, value in moment.entry.items()}}
    try:
        return eval(code, {"__builtins__": _BUILTINS}, scope)
    except Exception:
        return None


def _says(expr: str, moments: Sequence[Moment]) -> bool:
    """Not about empty or one-element slices alone: some moment must give it work to do."""
    tree = ast.parse(_without_old(expr), mode="eval")
    parts = [n for n in ast.walk(tree) if isinstance(n, ast.Subscript) and isinstance(n.slice, ast.Slice)]
    for part in parts:
        code = compile(ast.Expression(part), "<template>", "eval")
        sizes = [_distinct(v) for m in moments if (v := _value(code, m)) is not None]
        if sum(size >= 2 for size in sizes) < max(3, len(moments) // 8):
            return False
    if " not in " in expr and " or " in expr:
        held = compile(
            ast.parse(expr.split(" or ")[0].replace(" not in ", " in "), mode="eval"), "<t>", "eval"
        )
        return sum(_value(held, m) is True for m in moments) >= 3
    return True


def _distinct(value: Any) -> int:
    """How many different items a part has: all zeros say nothing of an order."""
    return len({repr(item) for item in value}) if isinstance(value, (list, tuple, str)) else 0


def _telling(holding: Sequence[tuple[float, str]]) -> list[tuple[float, str]]:
    """The worthiest first; one that another already says is left out."""
    kept: list[tuple[float, str]] = []
    for worth, expr in sorted(holding, key=lambda item: -item[0]):
        if not any(_implied(expr, other) for _, other in kept):
            kept.append((worth, expr))
    return kept


def _implied(expr: str, other: str) -> bool:
    """Whether `other` says at least as much as `expr`, by the shapes of the templates."""
    if expr.replace("<=", "<") == other.replace("<=", "<"):
        return True
    if " == " not in other and " <" in other and " <" in expr:
        ends = [part.strip("= ") for part in other.split(" <")]
        places = [ends.index(part) for part in (p.strip("= ") for p in expr.split(" <")) if part in ends]
        return len(places) == len(expr.split(" <")) and places == sorted(places)
    if expr.startswith("len(") and "sorted(old(" in other:
        return True
    same_slice = "sorted(" in expr and "sorted(" in other and expr.split("[")[0] == other.split("[")[0]
    return same_slice and "==" in expr and "==" in other and expr != other
