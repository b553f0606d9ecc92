"""What the runs know of a function: facts with their domain and the runs behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from codeassist.records.location import FunctionId


@dataclass(frozen=True, slots=True)
class Case:
    """One run as a fact: the call, what came out, and where the input came from."""

    call: str
    origin: str
    outcome: str
    """literal text of the result, or class and message of the exception"""
    kind: str
    """returned, raised, exited, died, limit_reached or bad_input"""
    run: int = 0
    """index of the run in Evidence.runs"""
    tag: str = ""
    """what is special about it: empty, one element, duplicates, sorted, negative, not found ..."""


@dataclass(frozen=True, slots=True)
class Growth:
    """Counted operations over growing inputs and the class that the points support."""

    cls: str
    """`1`, `log n`, `sqrt n`, `n`, `n log n`, `n^2`, `n^3`, `2^n`, `n!`, `m*n`, `n + m`; empty: none fits"""
    size: str
    """the size expression, such as `len(xs)`"""
    points: tuple[tuple[int, int], ...]
    margin: float = 0.0
    """error of the next best class divided by this one's"""


@dataclass(frozen=True, slots=True)
class Complexity:
    """Growth of the whole call and of the dominating loop."""

    call: Growth
    core: Growth
    dominating_line: int = 0
    inputs: str = ""
    """how the growing inputs were made, in words or as the `--inputs` expression"""
    sizes: tuple[str, ...] = ()
    """where two sizes drive the cost: both size expressions; `edges` stands for the arcs of a graph"""


@dataclass(frozen=True, slots=True)
class Invariant:
    """An expression that held at every body start of a loop on all runs of a domain."""

    line: int
    expr: str
    times: int
    runs: int
    domain: str = ""


@dataclass(frozen=True, slots=True)
class Recognition:
    """The name of an algorithm, with its reason; only ever `supported`.

    Without a name the family may still be known; `because` then says why no name is given.
    """

    name: str
    family: str
    confidence: float
    because: str = ""
    candidates: tuple[tuple[str, str, float], ...] = ()
    """(name, family, confidence), the likeliest first"""
    aliases: tuple[str, ...] = ()
    """other names of the same algorithm"""
    reason: str = "none.unknown"
    """which text of the catalogue says why: because, by, none.structure, none.behaviour ..."""
    problem: str = ""
    """what it was seen to do, on so many `inputs`"""
    inputs: int = 0
    form: int = 0
    """in which of the problem's layouts of arguments"""
    marks: tuple[str, ...] = ()
    """what its code has, as keys of the catalogue"""
    looks_like: str = ""
    given: str = ""
    gave: str = ""
    """the algorithm that its code looks like, and an input for which it gave something else"""


@dataclass(frozen=True, slots=True)
class Broken:
    """A promise that is not kept, or a crash or hang on an input that the annotations admit."""

    kind: str
    """doctest, docstring, annotation, crash or hang"""
    quote: str
    """what stands in the source: the doctest's value, the sentence, the annotation; for a hang the cap"""
    probe: Case
    """the run that shows it, as small as could be found"""


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is known about one function. `runs` are in the order in which claims number them."""

    function: FunctionId
    runs: tuple[Any, ...] = ()
    """Trace records; runs[0] is the one being explained"""
    cases: tuple[Case, ...] = ()
    line_counts: Mapping[int, int] = field(default_factory=dict)
    """steps by first line, in the run being explained"""
    reached: frozenset[int] = frozenset()
    """first lines reached by any run"""
    edge_cases: tuple[Case, ...] = ()
    complexity: Complexity | None = None
    invariants: tuple[Invariant, ...] = ()
    preconditions: tuple[Any, ...] = ()
    broken: tuple[Broken, ...] = ()
    """what the function promises and does not keep"""
    roles: Mapping[str, str] = field(default_factory=dict)
    recognition: Recognition | None = None
    mutated: Mapping[str, bool] = field(default_factory=dict)
    """parameter -> whether any run changed the object passed"""
    parameter_types: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    result_types: tuple[str, ...] = ()
    raised: Mapping[str, str] = field(default_factory=dict)
    """exception class -> a call that raises it"""
    limits: tuple[str, ...] = ()
    """what was not run and why, in words"""
