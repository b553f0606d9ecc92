"""Proposes runs of a function: what was given, doctests, the main guard, tests, then generated calls."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from codeassist.inputs.calls import calls as call_texts
from codeassist.inputs.calls import combinations, context_of
from codeassist.inputs.examples import Example, doctests, in_tests, main_guard
from codeassist.inputs.methods import builds, method_calls
from codeassist.inputs.uses import uses
from codeassist.records.program import Function, Module
from codeassist.records.run import Run

MOST_TESTS = 12
"""calls found in tests that are tried"""


def propose(
    module: Module, function: Function, *, calls: Sequence[str] = (), seed: int = 0, limit: int = 24
) -> list[Run]:
    """Runs in the order given, doctest, main, generated; those generated are the first guess, untried."""
    runs = written(module, function, calls=calls, seed=seed)
    groups = generated(module, function, limit)
    texts = groups[0] if groups else []
    runs += [_run(module, Example(text), "generated", seed) for text in texts]
    return without_repeats(runs)[:limit]


def written(
    module: Module,
    function: Function,
    *,
    calls: Sequence[str] = (),
    first: Sequence[str] = (),
    saved: Sequence[str] = (),
    tests: Iterable[str] = (),
    seed: int = 0,
) -> list[Run]:
    """Runs that somebody wrote down; `tests` are texts of test files, `first` calls that lead."""
    function = callable_part(module, function)
    found = [("call", Example(text)) for text in calls]
    found += [("first", Example(text)) for text in first]
    found += [("doctest", example) for example in doctests(module, function)]
    found += [("main", example) for example in main_guard(module, function)]
    examples = [example for text in tests for example in in_tests(text, module, function)]
    found += [("test", example) for example in examples[:MOST_TESTS]]
    found += [("saved", Example(text)) for text in saved]
    return without_repeats([_run(module, example, origin, seed) for origin, example in found])


def generated(module: Module, function: Function, limit: int = 24) -> list[list[str]]:
    """Groups of calls by guess: a group shares the shapes of its arguments, the likeliest group first."""
    function = callable_part(module, function)
    if function.kind == "module":
        return []
    if function.kind == "class":
        return [[text] for text in builds(module, function.id.qualname)]
    if function.kind in ("method", "static", "class-method", "property"):
        return method_calls(module, function, limit)
    found = uses(module, function)
    context = context_of(module, function, found)
    return [
        call_texts(function, shapes, context, function.name, limit, found)
        for shapes in combinations(function, found)
    ]


def callable_part(module: Module, function: Function) -> Function:
    """The function itself, or the outermost one that holds it: a nested function runs when that does."""
    by_name = {f.id.qualname: f for f in module.functions}
    while True:
        parent = by_name.get(function.parent)
        if parent is None or parent.kind in ("class", "module"):
            return function
        function = parent


def _run(module: Module, example: Example, origin: str, seed: int) -> Run:
    return Run(path=module.source.path, call=example.call, setup=example.setup, origin=origin, seed=seed)


def without_repeats(runs: Sequence[Run]) -> list[Run]:
    """The runs in order, each call with its setup once."""
    first: dict[tuple[str, tuple[str, ...]], Run] = {}
    for run in runs:
        first.setdefault((run.call, run.setup), run)
    return list(first.values())
