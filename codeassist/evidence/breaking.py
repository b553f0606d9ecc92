"""Looks for inputs that break what a function promises, for crashes and hangs on inputs that its types admit.

Small values come first, and what is found is made smaller as long as it still breaks the promise.
"""

from __future__ import annotations

import ast
import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from codeassist.evidence.cases import UNKNOWN, arguments, case_of
from codeassist.evidence.promises import Promise, promises
from codeassist.records.evidence import Broken
from codeassist.records.program import Function, Module
from codeassist.records.run import Budget, Limits, Run, Runner
from codeassist.records.trace import Observation, Trace

SECONDS = 3.0
"""what a caller should grant, at most, for one function"""
_LIMITS = Limits(time=1.0, memory=1 << 29, events=40_000, output=50_000)
_MOST = 140
_ROUNDS = 12
_KEEP = "__codeassist_keep__"
_FAULTS = ("IndexError", "KeyError", "ZeroDivisionError", "AttributeError", "TypeError", "UnboundLocalError",
           "RecursionError", "StopIteration", "NameError", "OverflowError")  # fmt: skip
"""exceptions that nobody raises to say something"""

Given = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class _Break:
    """An input that breaks a promise, or crashes, or does not end."""

    key: str
    quote: str
    given: Given


def broken(
    module: Module, function: Function, traces: Sequence[Trace], runner: Runner, budget: Budget, first: int
) -> tuple[list[Broken], list[Trace]]:
    """What the function promises and does not keep, with runs that show it, numbered from `first`."""
    if function.kind != "function" or function.parent != "<module>" or not traces:
        return [], []
    search = _Search(module, function, runner, budget)
    found = list(_found(search, function, _examples(traces)))
    runs = [replace(traces[0].header.run, call=search.call(b.given), setup=(), origin="probe") for b in found]
    shown: list[Broken] = []
    kept: list[Trace] = []
    for item, trace in zip(found, runner.run(runs, budget) if runs else (), strict=False):
        if trace.header.outcome.kind in ("returned", "raised") or item.key == "hang":
            shown.append(Broken(item.key, item.quote, case_of(first + len(kept), trace)))
            kept.append(trace)
    return shown, kept


def _examples(traces: Sequence[Trace]) -> list[Given]:
    """Arguments of calls that returned, where all are literals."""
    calls = [
        t.header.run.call for t in traces if t.header.outcome.kind == "returned" and not t.header.run.setup
    ]
    given = [tuple(arguments(call)) for call in calls if "=" not in call.split("(", 1)[-1]]
    return [g for g in given if g and UNKNOWN not in g]


@dataclass
class _Search:
    """Observes calls of the function, many in one process."""

    module: Module
    function: Function
    runner: Runner
    budget: Budget

    def call(self, given: Given) -> str:
        """The call as an expression."""
        return f"{self.function.name}({', '.join(map(repr, given))})"

    def observe(self, inputs: Sequence[Given]) -> Iterator[tuple[Given, Observation]]:
        """What was seen of each input that came to an end or to a limit."""
        texts = [f"{self.function.name}({', '.join(f'{_KEEP}({v!r})' for v in given)})" for given in inputs]
        run = Run(
            path=self.module.source.path, calls=tuple(texts), together=len(texts),
            origin="probe", detail="outcome", limits=_LIMITS,
        )  # fmt: skip
        trace = next(iter(self.runner.run([run], self.budget)), None) if texts else None
        seen = {o.call: o for o in trace.observations} if trace is not None else {}
        for given, text in zip(inputs, texts, strict=True):
            if text in seen:
                yield given, seen[text]


def _found(search: _Search, function: Function, examples: Sequence[Given]) -> Iterator[_Break]:
    """At most one break of each promise, one crash and one hang."""
    told = promises(function)
    yield from _doctests(search, [p for p in told if p.call])
    typed = _pools(function)
    pools = typed or _alike(examples)
    if not pools:
        return
    seen = list(search.observe(_inputs(pools)))
    shown: list[Given] = []
    for promise in (p for p in told if not p.call):
        wrong = next((given for given, o in seen if _breaks(promise, given, o)), None)
        if wrong is None:
            continue
        small = _smaller(search, wrong, lambda g, o, p=promise: _breaks(p, g, o))
        if small not in shown:
            yield _Break(promise.key, promise.quote, small)
        shown.append(small)
    if typed:
        yield from _faults(search, function, seen)


def _doctests(search: _Search, told: Sequence[Promise]) -> Iterator[_Break]:
    """Doctests of which the function gives something else."""
    written = [(tuple(arguments(p.call)), p) for p in told if "=" not in p.call.split("(", 1)[1]]
    seen = list(search.observe([given for given, _ in written]))
    for (_, promise), (given, observed) in zip(written, seen, strict=False):
        if _breaks(promise, given, observed):
            yield _Break("doctest", promise.quote, given)
            return


def _breaks(promise: Promise, given: Given, observed: Observation) -> bool:
    if observed.outcome.kind != "returned" or observed.iterates:
        return False
    try:
        return promise.kept(given, observed.kept or given, observed.outcome.result) is False
    except Exception:
        return False  # what came out cannot be compared: nothing is claimed


def _faults(
    search: _Search, function: Function, seen: Sequence[tuple[Given, Observation]]
) -> Iterator[_Break]:
    crash = next((g for g, o in seen if _is_fault(function, o)), None)
    if crash is not None:
        small = _smaller(search, crash, lambda g, o: _is_fault(function, o))
        yield _Break("crash", "", small)
    hang = next((g for g, o in seen if o.outcome.kind == "limit_reached" and _is_tiny(g)), None)
    if hang is not None:
        yield _Break("hang", str(_LIMITS.events), hang)


def _is_fault(function: Function, observed: Observation) -> bool:
    error = observed.outcome.exception
    if observed.outcome.kind != "raised" or error is None or error.cls not in _FAULTS:
        return False
    if error.cls == "KeyError" and any("dict" in p.annotation.lower() for p in function.parameters):
        return False  # to look up what is not there is the caller's business
    return error.cls not in function.raises and error.cls not in function.docstring


def _is_tiny(given: Given) -> bool:
    return all(abs(v) <= 5 if isinstance(v, (int, float)) else len(v) <= 3 for v in given if v is not None)


# --- inputs ------------------------------------------------------------------------------------------

_WHOLE = (0, 1, 2, -1, 3, 5, 10, -7, 4, 9, 25, 100)
_POOLS: dict[str, tuple[Any, ...]] = {
    "int": _WHOLE,
    "float": (0.0, 1.0, -1.5, 2.25, 10.0),
    "str": ("", "a", "ab", "ba", "aa", "aba", "Ab", "a b", "abc", "a1"),
    "bool": (False, True),
    "bytes": (b"", b"a", b"ba"),
}
_LISTS: tuple[tuple[int, ...], ...] = (
    (), (0,), (3,), (1, 0), (0, 1), (1, 1), (7, 3), (0, 2, 1), (2, 1, 0), (1, 0, 1), (3, 0, 2, 1),
    (0, 1, 2, 3, 4), (2, 2, 0, 1, 2),
)  # fmt: skip
"""lists as places in a pool of items"""


def _pools(function: Function) -> list[tuple[Any, ...]]:
    """Values of each required parameter by its annotation; empty where one has none that is plain."""
    wanted = [p for p in function.parameters if not p.default and p.kind in ("positional", "positional-only")]
    if any(p.kind == "keyword-only" and not p.default for p in function.parameters):
        return []
    pools = [_pool(p.annotation) for p in wanted]
    return [] if not pools or any(not pool for pool in pools) else pools


def _pool(annotation: str) -> tuple[Any, ...]:
    try:
        return _of_type(ast.parse(annotation.strip("'\""), mode="eval").body) if annotation else ()
    except SyntaxError:
        return ()


def _of_type(node: ast.expr) -> tuple[Any, ...]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        sides = (_of_type(node.left), _of_type(node.right))
        return () if not all(sides) else (*sides[0], *sides[1])
    if isinstance(node, ast.Constant) and node.value is None:
        return (None,)
    if isinstance(node, ast.Name):
        return _POOLS.get(node.id, ())
    return _of_generic(node) if isinstance(node, ast.Subscript) else ()


def _of_generic(node: ast.Subscript) -> tuple[Any, ...]:
    name = ast.unparse(node.value).rsplit(".", 1)[-1].lower()
    if name == "optional":
        inner = _of_type(node.slice)
        return (*inner, None) if inner else ()
    if name in ("list", "sequence", "iterable", "set"):
        items = _of_type(node.slice)
        lists = [[items[i % len(items)] for i in places] for places in _LISTS] if items else []
        return tuple(set(xs) if name == "set" else xs for xs in lists if name != "set" or _is_hashable(xs))
    if name == "dict" and isinstance(node.slice, ast.Tuple):
        keys, values = (_of_type(part) for part in node.slice.elts)
        return tuple(dict(zip(keys[:n], values, strict=False)) for n in range(4)) if keys and values else ()
    return ()


def _is_hashable(items: Sequence[Any]) -> bool:
    return not any(isinstance(item, (list, dict, set)) for item in items)


def _alike(examples: Sequence[Given]) -> list[tuple[Any, ...]]:
    """Values like those of the examples, where no annotation says more: same types, no smaller numbers."""
    if not examples or len({len(g) for g in examples}) > 1:
        return []
    return [_like([given[i] for given in examples]) for i in range(len(examples[0]))]


def _like(values: Sequence[Any]) -> tuple[Any, ...]:
    first = values[0]
    if type(first) is int:
        least = min(v for v in values if isinstance(v, int))
        return tuple(v for v in _WHOLE if v >= min(least, 1))
    if (
        isinstance(first, list)
        and first
        and all(type(x) is int for v in values if isinstance(v, list) for x in v)
    ):
        items = sorted({x for v in values if isinstance(v, list) for x in v})
        ordered = all(v == sorted(v) for v in values if isinstance(v, list)) and len(values) > 1
        lists = [[items[i % len(items)] for i in places] for places in _LISTS[1:]]
        return tuple(sorted(xs) if ordered else xs for xs in lists)
    if isinstance(first, str):
        return tuple(dict.fromkeys([*(v for v in values if isinstance(v, str)), *_POOLS["str"][1:6]]))
    return tuple(values[:4])


def _inputs(pools: Sequence[Sequence[Any]]) -> list[Given]:
    """Combinations, those of small values first, then some longer lists."""
    places = itertools.product(*(range(len(pool)) for pool in pools))
    most = itertools.islice(sorted(itertools.islice(places, 20_000), key=lambda p: (sum(p), p)), _MOST)
    found = [tuple(pool[i] for pool, i in zip(pools, chosen, strict=True)) for chosen in most]
    return [*found, *_longer(pools)]


def _longer(pools: Sequence[Sequence[Any]]) -> Iterator[Given]:
    rng = random.Random(1)
    if not any(isinstance(pool[-1], list) for pool in pools):
        return
    for _ in range(30):
        yield tuple(_drawn(rng, pool) for pool in pools)


def _drawn(rng: random.Random, pool: Sequence[Any]) -> Any:
    items = [x for v in pool if isinstance(v, list) for x in v]
    if not items or isinstance(items[0], (list, dict, set)):
        return rng.choice(pool)
    if type(items[0]) is int:
        return [rng.randint(min(items), max(items) + 9) for _ in range(rng.randint(2, 8))]
    return [rng.choice(items) for _ in range(rng.randint(2, 8))]


# --- smaller -----------------------------------------------------------------------------------------


def _smaller(search: _Search, given: Given, still: Any) -> Given:
    """An input that still breaks it and of which no part can be left out."""
    for _ in range(_ROUNDS):
        tries = [g for g in _steps(given) if g != given][:60]
        less = next((g for g, o in search.observe(tries) if still(g, o)), None)
        if less is None:
            return given
        given = less
    return given


def _steps(given: Given) -> Iterator[Given]:
    for i, value in enumerate(given):
        for less in _less(value):
            yield (*given[:i], less, *given[i + 1 :])


def _less(value: Any) -> Iterator[Any]:
    if isinstance(value, bool) or value is None:
        return
    if isinstance(value, int):
        yield from (v for v in (0, 1, value // 2, value - 1) if abs(v) < abs(value))
    elif isinstance(value, str):
        yield from (value[:i] + value[i + 1 :] for i in range(len(value)))
    elif isinstance(value, list):
        yield from (value[:i] + value[i + 1 :] for i in range(len(value)))
        yield from ([*value[:i], less, *value[i + 1 :]] for i, x in enumerate(value) for less in _less(x))
