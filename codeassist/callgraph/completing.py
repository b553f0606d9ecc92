"""Solving in two steps: what the calls say, then what definitions suggest where the calls are silent."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable

from codeassist.callgraph import attributes, calls, reactions
from codeassist.callgraph.modules import Unit
from codeassist.callgraph.solver import Call, Site, Solver
from codeassist.callgraph.values import Class, External, Value

ROUNDS = 6
"""repetitions of the second step; each can only add"""


def complete(s: Solver, units: Iterable[Unit]) -> None:
    """Run to the end, the second step as often as it adds something."""
    s.run()
    every = list(units)
    for _ in range(ROUNDS):
        for step in (_unkeyed, _external_parts, _evaluate, _undecorated):
            step(s)
            s.run()
        if not _suggest(s, every):
            break
        s.run()


def _drain(entries: list[tuple]) -> list[tuple]:  # type: ignore[type-arg]
    taken = entries[:]
    entries.clear()
    return taken


def _unkeyed(s: Solver) -> None:
    """A key of which nothing is known may be any."""
    for key, reaction, value, node in _drain(s.unkeyed):
        if not s.holds[key]:
            reaction(s, value, (None, node))


def _external_parts(s: Solver) -> None:
    """What no class of the target defines belongs to a base outside of it."""
    for cls, data in _drain(s.instantiated):
        calls.external_bases(s, cls, data)
    for value, name, given in _drain(s.late):
        calls.late_method(s, value, name, given)
    for value, attribute, target in _drain(s.unfound):
        _unfound(s, value, attribute, target)


def _unfound(s: Solver, value: Value, attribute: str, target: int) -> None:
    cls = value if isinstance(value, Class) else value.cls  # type: ignore[attr-defined]
    if attributes.defines(cls, attribute) or attributes.is_stored(s, cls, attribute):
        return
    _, base = attributes.definition(attributes.mro(cls), attribute)
    if isinstance(base, External):
        name = attributes.external_name(base.name, attribute)
        if name:
            s.add(target, s.external(name))


def _undecorated(s: Solver) -> None:
    """A decorator that could not be resolved leaves what it was given."""
    for decorated, target in _drain(s.undecorated):
        if not s.holds[target]:
            s.edge(decorated, target)


def _evaluate(s: Solver) -> None:
    """Calls inside a constant text given to eval or exec, of names of that module."""
    for site, text, target in _drain(s.evaluated):
        try:
            with warnings.catch_warnings():  # what stands in the user's texts is not ours to announce
                warnings.simplefilter("ignore")
                tree = ast.parse(text.strip())
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                _evaluated_call(s, site, node.func, target)


def _evaluated_call(s: Solver, site: Site, function: ast.expr, target: int) -> None:
    given = Call(site, (), (), (), (), target)
    names: dict[str, int] = site.body.unit.names
    if isinstance(function, ast.Name):
        s.watch(names.get(function.id, -1), calls.call, given)
    elif isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        s.watch(names.get(function.value.id, -1), calls.method, (function.attr, given))


def _suggest(s: Solver, units: list[Unit]) -> bool:
    """Annotations where a place is empty; receivers of methods that nobody calls."""
    before = len(s.queue)
    guesses = [
        (unit, operation)
        for unit in units
        for scope in unit.flow.scopes
        for operation in scope.guesses
        if not s.holds[operation[2] + unit.base]
    ]
    for unit, operation in guesses:
        body = unit.body
        assert body is not None
        (reactions.OPERATIONS[operation[0]])(s, unit, body, operation)
    _receivers(s)
    return len(s.queue) > before


def _receivers(s: Solver) -> None:
    empty = [
        (cls, body)
        for cls in s.classes
        for body in cls.methods
        if body.positional and not s.holds[body.positional[0]]
    ]
    for cls, body in empty:
        if body.kind in ("function", "property", "setter"):
            s.add(body.positional[0], cls.instance)
        elif body.kind == "class-method" or body.qualname.endswith(".__new__"):
            s.add(body.positional[0], cls)
