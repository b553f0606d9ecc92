"""Growth of the counted operations over inputs of growing size: the whole call's, and the dominating loop's.

Counting gives the same points on every machine. Where the steps depend on the data, the largest count
over several kinds of input of a size stands for that size.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from codeassist.evidence import slots
from codeassist.evidence.fit import Fit, fit
from codeassist.evidence.scaling import FLAVOURS, is_network
from codeassist.evidence.slots import Template
from codeassist.records.evidence import Complexity, Growth
from codeassist.records.program import Function, Module, Statement
from codeassist.records.run import Budget, Limits, Run, Runner
from codeassist.records.trace import Trace

CAP = 120_000
"""operations of one run: a size that costs more is not tried"""
_LIMITS = Limits(time=10.0, memory=1 << 30, events=CAP * 2, output=1_000_000)
_LARGE = (12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 1024, 2048, 4096)
_WHOLE = (*(2**k for k in range(4, 13)), 3 * 2**11, *(2**k for k in range(13, 21)))
_PROBE = 13
_LEAST_RECORDS = 8
"""points that a class needs when only the costliest sizes are looked at"""

Maker = Callable[[int, str, str], tuple[Sequence[str], str]]
"""(size, flavour, variant) -> (setup, call)"""


@dataclass
class Measured:
    """Operations by size, and by statement at each size, of the costliest input of that size."""

    totals: dict[int, int] = field(default_factory=dict)
    lines: dict[int, Mapping[tuple[str, int], int]] = field(default_factory=dict)

    def add(self, n: int, operations: Mapping[tuple[str, int], int]) -> None:
        """Keep `operations` if they are the most for size `n`."""
        total = sum(operations.values())
        if total > self.totals.get(n, -1):
            self.totals[n], self.lines[n] = total, operations

    def points(self) -> tuple[tuple[int, int], ...]:
        """(size, operations) in order."""
        return tuple(sorted(self.totals.items()))


@dataclass
class Counter:
    """Runs counted calls of one module through the runner, and forgets what did not return."""

    module: Module
    runner: Runner
    budget: Budget
    known: dict[tuple[tuple[str, ...], str], dict[tuple[str, int], int] | None] = field(default_factory=dict)
    cut: set[tuple[tuple[str, ...], str]] = field(default_factory=set)
    """what cost too much to be counted to its end"""
    deadline: float = 0.0

    def __post_init__(self) -> None:
        self.deadline = time.monotonic() + self.budget.seconds

    def count(
        self, jobs: Sequence[tuple[int, Sequence[str], str]]
    ) -> list[tuple[int, dict[tuple[str, int], int]]]:
        """(size, operations by statement) of each job (size, setup, call) that returned; each is run once."""
        keys = [(tuple(setup), call) for _, setup, call in jobs]
        new = list(dict.fromkeys(key for key in keys if key not in self.known))
        for key, found in zip(new, self._run(new), strict=False):
            self.known[key] = found
        results = [(n, self.known.get(key)) for (n, _, _), key in zip(jobs, keys, strict=True)]
        return [(n, found) for n, found in results if found is not None]

    def _run(
        self, keys: Sequence[tuple[tuple[str, ...], str]]
    ) -> Iterator[dict[tuple[str, int], int] | None]:
        runs = [
            Run(
                path=self.module.source.path, call=call, setup=setup,
                origin="scaled", detail="counts", limits=_LIMITS,
            )
            for setup, call in keys
        ]  # fmt: skip
        left = Budget(max(0.0, self.deadline - time.monotonic()))
        for key, trace in zip(keys, self.runner.run(runs, left) if runs else (), strict=False):
            if trace.header.outcome.kind == "limit_reached":
                self.cut.add(key)
            yield operations(trace) if _counts(trace) else None


def _counts(trace: Trace) -> bool:
    return trace.header.outcome.kind == "returned" and bool(trace.counts)


def operations(trace: Trace) -> dict[tuple[str, int], int]:
    """Steps and cost together, by (qualname, line)."""
    keys = set(trace.counts) | set(trace.cost)
    return {key: trace.counts.get(key, 0) + trace.cost.get(key, 0) for key in keys}


def with_inputs(
    module: Module, function: Function, expression: str, runner: Runner, budget: Budget
) -> Complexity:
    """Growth over the inputs that `expression`, such as `lambda n: (list(range(n)),)`, makes for size n."""
    counter = Counter(module, runner, budget)
    ready = ("import random, math, string, itertools",)
    head = _head(function)

    def make(n: int, flavour: str, variant: str) -> tuple[Sequence[str], str]:
        made = f"_arguments = ({expression})({_near(n, variant, 0)})"
        several = "_arguments = _arguments if isinstance(_arguments, tuple) else (_arguments,)"
        return [*lead, made, several], f"{head}(*_arguments)"

    lead: tuple[str, ...] = ()
    if not counter.count([(n, *make(n, "", "n")) for n in (8, 5)]):
        lead = ready
    measured = _climb(counter, make, [("", "n"), ("", "prime")], whole=True)
    return _complexity(module, function, measured, "n", expression)


def _head(function: Function) -> str:
    return function.parent if function.name == "__init__" else function.id.qualname


def measure(
    module: Module, function: Function, calls: Iterable[str], runner: Runner, budget: Budget
) -> Complexity | None:
    """Growth over inputs made after the pattern of the first example call that can grow; None if none can."""
    names = [p.name for p in function.parameters if p.kind in ("positional", "positional-only")]
    names = names[1:] if function.kind in ("method", "class-method") else names
    counter = Counter(module, runner, budget)
    best: Complexity | None = None
    for form in _forms(calls, names)[:3]:
        found = _of_template(counter, module, function, form)
        best = best or found
        if found is not None and found.call.cls:
            return found
    return best


def _forms(calls: Iterable[str], names: Sequence[str]) -> list[Template]:
    """Examples that can grow; those in which more can grow come first."""
    forms = [form for form in (slots.template(call, names) for call in calls) if form is not None]
    able = [form for form in forms if form.growing() or form.wholes()]
    return sorted(able, key=lambda form: (_is_small(form), -len(form.growing())))


def _is_small(form: Template) -> bool:
    """Whether an example shows little of its pattern: a container with one item."""
    values = [slot.value for slot in form.slots if slot.kind == "container"]
    return any(isinstance(value, (list, dict, str, tuple)) and len(value) < 2 for value in values)


def _of_template(counter: Counter, module: Module, function: Function, form: Template) -> Complexity | None:
    dimensions = _dimensions(counter, form)
    if not dimensions:
        return _constant(counter, module, function, form)
    found = _over(counter, module, function, form, dimensions)
    if found.call.cls:
        return _with_two_sizes(counter, form, dimensions, _kinds(form, not form.growing()), found)
    for index in dimensions if len(dimensions) > 1 else ():
        alone = _over(counter, module, function, form, [index])
        if alone.call.cls:
            return alone
    return found


def _over(
    counter: Counter, module: Module, function: Function, form: Template, dimensions: Sequence[int]
) -> Complexity:
    """Growth where the sizes of these slots grow together and the others stay as in the example."""
    whole = not set(form.growing()) & set(dimensions)
    measured = _climb(counter, _maker(form, dimensions), _kinds(form, whole), whole)
    return _complexity(module, function, measured, _size(form, dimensions), "scaled from an example")


def _kinds(form: Template, whole: bool) -> list[tuple[str, str]]:
    """Flavours of containers with variants of what is looked for; for numbers, which number near n."""
    if whole:
        return [("", variant) for variant in ("n", "n - 1", "n + 1", "prime", "golden", "one")]
    element = any(slot.kind == "element" for slot in form.slots)
    variants = slots.VARIANTS if element else ("example",)
    if sum(slot.kind == "container" for slot in form.slots) == 2:
        variants = (*variants, "half")
    flavours = ("sorted",) if _is_ordered(form) else FLAVOURS
    return [(flavour, variant) for flavour in flavours for variant in variants]


def _is_ordered(form: Template) -> bool:
    """Whether every list in the example is sorted: then the domain is sorted lists."""
    lists = [s.value for s in form.slots if s.kind == "container" and isinstance(s.value, (list, tuple))]
    try:
        return any(len(v) > 3 for v in lists) and all(list(v) == sorted(v) for v in lists)
    except TypeError:
        return False


def _maker(form: Template, dimensions: Sequence[int]) -> Maker:
    def make(n: int, flavour: str, variant: str) -> tuple[Sequence[str], str]:
        sizes = {index: _near(n, variant, order) for order, index in enumerate(dimensions)}
        for order, index in enumerate(set(form.growing()) & set(dimensions)):
            sizes[index] = max(1, n // 2) if variant == "half" and order else n
        return slots.write(form, sizes, flavour, variant)

    return make


def _near(n: int, variant: str, order: int) -> int:
    """The number near n that a variant stands for; beside another number it may be far smaller."""
    if variant == "prime":
        return _prime_below(n)
    if variant == "golden":
        return _fibonacci_below(n, order)
    if variant == "one":
        return n if not order else 1
    return max(0, n + {"n - 1": -1, "n + 1": 1}.get(variant, 0))


def _fibonacci_below(n: int, order: int) -> int:
    """The largest Fibonacci number up to n, or the one before it: the worst pair for Euclid's algorithm."""
    before, last = 1, 1
    while before + last <= n:
        before, last = last, before + last
    return before if order else last


def _prime_below(n: int) -> int:
    while n > 2 and any(n % d == 0 for d in range(2, int(n**0.5) + 1)):
        n -= 1
    return n


def _dimensions(counter: Counter, form: Template) -> list[int]:
    """Slots whose size the count follows: containers, and numbers that make it grow."""
    growing = list(form.growing())
    wholes = [index for index in form.wholes() if _grows(counter, form, [index], growing)]
    if growing or wholes:
        return [*growing, *wholes]
    every = list(form.wholes())
    return every if len(every) > 1 and _grows(counter, form, every, []) else []


def _grows(counter: Counter, form: Template, indexes: Sequence[int], growing: Sequence[int]) -> bool:
    """Whether the count follows these numbers: more at larger ones, or too much to count."""
    jobs = []
    sizes = (3, 5, 7, 11, 17, 41, 199, 997)
    for n in sizes:
        chosen = {
            index: _near(n, "golden" if len(indexes) > 1 else "n", order)
            for order, index in enumerate(indexes)
        }
        jobs.append(
            (n, *slots.write(form, {**dict.fromkeys(growing, _PROBE), **chosen}, "random", "example"))
        )
    counted = counter.count(jobs)
    totals = [sum(found.values()) for _, found in counted]
    if len(totals) < 2:
        return False
    cut = len(counted) < len(sizes) and totals[-1] > 4 * totals[0]
    return cut or totals[-1] > 1.3 * max(totals[:3]) + 2


def _climb(counter: Counter, make: Maker, kinds: Sequence[tuple[str, str]], whole: bool) -> Measured:
    """Counts at growing sizes until a run costs too much; kinds of input that cost less are dropped."""
    measured = Measured()
    working = [kind for kind in kinds if _totals(counter, make, kind, _PROBE)] if whole else []
    alive = working or _costliest(counter, make, kinds)
    for n in (1, 2, 3, 4, 6, 8):
        _step(counter, make, alive[:2], n, measured)
    if not alive or _is_steep(counter, make, alive, measured):
        alive = alive or list(kinds[:1])
        for n in range(1, 31):
            if n not in measured.totals and not _step(counter, make, alive[:1], n, measured):
                break
        return measured
    for n in _WHOLE if whole else _LARGE:
        if not _step(counter, make, alive, n, measured):
            break
        if n == 48 and len(kinds) > 6:
            alive = _costliest(counter, make, kinds, n)
        alive = _top(counter, make, alive, n) if measured.totals[n] > 4_000 else alive
        if n >= 4096 and measured.totals[n] > n / 4:
            break  # larger sizes tell only slow growth apart
    return measured


def _costliest(
    counter: Counter, make: Maker, kinds: Sequence[tuple[str, str]], n: int = _PROBE
) -> list[tuple[str, str]]:
    """The kinds of input that cost most at a small size, each count once, at most four."""
    totals: dict[int, tuple[str, str]] = {}
    for kind in kinds:
        for total in _totals(counter, make, kind, n):
            totals.setdefault(total, kind)
    return [totals[total] for total in sorted(totals, reverse=True)][:4]


def _totals(counter: Counter, make: Maker, kind: tuple[str, str], n: int) -> list[int]:
    return [sum(found.values()) for _, found in counter.count([(n, *make(n, *kind))])]


def _top(counter: Counter, make: Maker, alive: Sequence[tuple[str, str]], n: int) -> list[tuple[str, str]]:
    counted = {kind: sum(_totals(counter, make, kind, n)) for kind in alive}
    return sorted(alive, key=lambda kind: -counted[kind])[: 2 if n < 200 else 1]


def _is_steep(counter: Counter, make: Maker, alive: Sequence[tuple[str, str]], measured: Measured) -> bool:
    """Whether the count grows faster than a fourth power, or is cut off, at small sizes."""
    totals = measured.totals
    if 4 in totals and 8 not in totals:
        return True
    most = max((t for kind in alive for t in _totals(counter, make, kind, 16)), default=0)
    return not most or most > 12 * totals.get(8, most) and most > 500


def _step(
    counter: Counter, make: Maker, alive: Sequence[tuple[str, str]], n: int, measured: Measured
) -> bool:
    """Count size `n`; False when it costs too much or nothing returned, so that larger ones are not tried."""
    jobs = [(n, *make(n, *kind)) for kind in alive]
    counted = counter.count(jobs)
    if any((tuple(setup), call) in counter.cut for _, setup, call in jobs):
        return False  # the costliest was cut off: the others would stand for it
    for _, found in counted:
        measured.add(n, found)
    return bool(counted) and measured.totals[n] < CAP


def _constant(counter: Counter, module: Module, function: Function, form: Template) -> Complexity | None:
    """No argument makes the count grow: constant, if it was counted at several values."""
    measured = Measured()
    for n in (4, 8, 16, 64, 256, 1024, 4096):
        sizes = dict.fromkeys(form.wholes(), n)
        for m, found in counter.count([(n, *slots.write(form, sizes, "random", "example"))]):
            measured.add(m, found)
    return _complexity(module, function, measured, _size(form, form.wholes()), "scaled from an example")


def _size(form: Template, dimensions: Sequence[int]) -> str:
    """The size expression of the first slot that grows."""
    if not dimensions:
        return "n"
    slot = form.slots[dimensions[0]]
    return slot.name if slot.kind == "whole" else f"len({slot.name})" if slot.kind == "container" else "n"


# --- two sizes ---------------------------------------------------------------------------------------


def _with_two_sizes(
    counter: Counter,
    form: Template,
    dimensions: Sequence[int],
    kinds: Sequence[tuple[str, str]],
    found: Complexity,
) -> Complexity:
    """`m*n` or `n + m` where two sizes drive the count apart from one another."""
    cls = found.call.cls
    if cls == "n" and _counts_arcs(counter, form, dimensions):
        return _renamed(found, "n + m", (found.call.size, "edges"))
    if (
        cls not in ("n", "n^2", "n log n")
        or len(dimensions) != 2
        or any(form.slots[index].kind not in ("container", "whole") for index in dimensions)
    ):
        return found
    relation = _relation(counter, form, dimensions, kinds)
    sizes = tuple(_size(form, [index]) for index in dimensions)
    if relation == "product" and cls == "n^2":
        return _renamed(found, "m*n", sizes)
    return _renamed(found, "n + m", sizes) if relation == "sum" and cls == "n" else found


def _counts_arcs(counter: Counter, form: Template, dimensions: Sequence[int]) -> bool:
    """Whether the one size is a graph's, and more arcs between the same nodes cost more."""
    graphs = [index for index in dimensions if is_network(form.slots[index].value)]
    if len(graphs) != 1 or len(dimensions) != 1:
        return False
    totals = []
    for flavour in ("random", "dense"):
        job = (40, *slots.write(form, {graphs[0]: 40}, flavour, "example"))
        totals += [sum(f.values()) for _, f in counter.count([job])]
    return len(totals) == 2 and totals[1] > 2 * totals[0]


def _relation(
    counter: Counter, form: Template, dimensions: Sequence[int], kinds: Sequence[tuple[str, str]]
) -> str:
    """How counts at (N, N), (3N, N), (N, 3N), (3N, 3N) go together."""
    first, second = dimensions
    small, large = 24, 72
    totals: list[int] = []
    for a, b in ((small, small), (large, small), (small, large), (large, large)):
        jobs = [(0, *slots.write(form, {first: a, second: b}, *kind)) for kind in kinds]
        counted = [sum(f.values()) for _, f in counter.count(jobs)]
        if not counted:
            return ""
        totals.append(max(counted))
    base, wide, high, both = totals
    grows = wide > 1.5 * base and high > 1.5 * base
    if grows and both > 1.8 * max(wide, high) and both * base > 0.7 * wide * high:
        return "product"
    return (
        "sum" if grows and abs((wide - base) + (high - base) - (both - base)) < 0.25 * (both - base) else ""
    )


def _renamed(found: Complexity, cls: str, sizes: tuple[str, ...]) -> Complexity:
    growth = Growth(cls, found.call.size, found.call.points, found.call.margin)
    core = (
        Growth(cls, found.core.size, found.core.points, found.core.margin)
        if found.core.cls == found.call.cls
        else found.core
    )
    return Complexity(growth, core, found.dominating_line, found.inputs, sizes)


# --- whole call and dominating loop ------------------------------------------------------------------


def _complexity(module: Module, function: Function, measured: Measured, size: str, inputs: str) -> Complexity:
    whole = _growth(measured.points(), size)
    loop = _dominating(module, measured)
    core_points = tuple(
        (n, max(1, _inside(module, loop, lines))) for n, lines in sorted(measured.lines.items())
    )
    core = _growth(core_points, size) if loop is not None else whole
    last = measured.lines.get(max(measured.lines, default=0), {})
    own = {line: count for (name, line), count in last.items() if "::" not in name}
    busiest = max(own, key=lambda line: own[line]) if own else 0
    apart = loop is not None and core.cls != whole.cls
    return Complexity(whole, core, loop.header.line if loop is not None and apart else busiest, inputs)


def _growth(points: Sequence[tuple[int, int]], size: str) -> Growth:
    found: Fit = fit(points)
    worst = _records(points)
    if not found.cls and 2 * len(worst) >= len(points) and len(worst) >= _LEAST_RECORDS:
        found, points = fit(worst), worst
    return Growth(found.cls, size, tuple(points), round(min(found.margin, 1000.0), 2))


def _records(points: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sizes that cost more than every smaller one: at the others the worst input was not met."""
    kept: list[tuple[int, int]] = []
    for n, count in points:
        if not kept or count > kept[-1][1]:
            kept.append((n, count))
    return kept


def _dominating(module: Module, measured: Measured) -> Statement | None:
    """The outermost loop with most operations at the largest size; loops that only guard are passed by."""
    if not measured.lines:
        return None
    lines = measured.lines[max(measured.lines)]
    loops = [s for s in module.statements if s.kind in ("for", "while") and not _is_guard(module, s)]
    outer = [s for s in loops if not any(o is not s and _holds(o, s) for o in loops)]
    best = max(outer, key=lambda s: _inside(module, s, lines), default=None)
    return best if best is not None and _inside(module, best, lines) else None


def _holds(outer: Statement, inner: Statement) -> bool:
    return outer.function == inner.function and outer.span.line <= inner.span.line <= outer.span.end_line


def _is_guard(module: Module, loop: Statement) -> bool:
    """Whether all the loop does is to test and raise."""
    inner = [s for s in module.statements if s is not loop and _holds(loop, s)]
    kinds = {s.kind for s in inner}
    return "raise" in kinds and kinds <= {"if", "raise", "for"}


def _inside(module: Module, loop: Statement | None, lines: Mapping[tuple[str, int], int]) -> int:
    """Operations of the statements that the loop holds, its own header included."""
    if loop is None:
        return 0
    return sum(
        count
        for (name, line), count in lines.items()
        if name == loop.function and loop.header.line <= line <= loop.span.end_line
    )
