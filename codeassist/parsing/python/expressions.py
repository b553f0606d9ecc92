"""What the expressions of one statement read, bind, call and hold."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field

from codeassist.parsing.python.names import Names
from codeassist.parsing.python.positions import Positions
from codeassist.records.program import CallSite


@dataclass
class Found:
    """Gathered over the expressions of one statement; dicts keep order and drop repeats."""

    reads: dict[str, None] = field(default_factory=dict)
    writes: dict[str, None] = field(default_factory=dict)
    stores: dict[str, None] = field(default_factory=dict)
    calls: list[CallSite] = field(default_factory=list)
    lambdas: list[tuple[ast.Lambda, str]] = field(default_factory=list)
    ternaries: int = 0
    yields: bool = False


Item = tuple[ast.AST, frozenset[str], str]


def gather(nodes: Iterable[ast.AST], function: str, names: Names, at: Positions) -> Found:
    """Walk `nodes` in source order, without recursion, so that no depth is too deep."""
    found = Found()
    stack: list[Item] = [(node, frozenset(), function) for node in reversed(list(nodes))]
    while stack:
        node, bound, inside = stack.pop()
        if isinstance(node, ast.Name):
            _name(node, bound, found)
        elif isinstance(node, ast.Lambda):
            found.lambdas.append((node, inside))
            stack.append((node.body, bound | parameters(node), names.lambda_(node)))
            stack.append((node.args, bound, inside))
        elif isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            stack.extend(_comprehension(node, bound, inside))
        else:
            _other(node, inside, found, at)
            stack.extend((child, bound, inside) for child in reversed(list(ast.iter_child_nodes(node))))
    return found


def _name(node: ast.Name, bound: frozenset[str], found: Found) -> None:
    if node.id in bound:
        return
    (found.reads if isinstance(node.ctx, ast.Load) else found.writes)[node.id] = None


def _comprehension(
    node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp, bound: frozenset[str], inside: str
) -> list[Item]:
    """The parts of a comprehension; its targets are names of its own, a walrus inside is not."""
    inner = bound | {
        name.id for part in node.generators for name in ast.walk(part.target) if isinstance(name, ast.Name)
    }
    values = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
    parts: list[Item] = [(value, inner, inside) for value in values]
    for index, part in enumerate(node.generators):
        parts.append((part.iter, inner if index else bound, inside))
        parts.append((part.target, inner, inside))
        parts.extend((test, inner, inside) for test in part.ifs)
    return parts[::-1]


def parameters(node: ast.Lambda) -> set[str]:
    """Names of a lambda's parameters."""
    args = node.args
    every = [*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg]
    return {arg.arg for arg in every if arg}


def _other(node: ast.AST, inside: str, found: Found, at: Positions) -> None:
    if isinstance(node, ast.Call):
        arguments = [at.text(arg) for arg in node.args] + [at.text(key.value) for key in node.keywords]
        found.calls.append(CallSite(inside, at.span(node), at.text(node.func), tuple(arguments)))
    elif isinstance(node, (ast.Attribute, ast.Subscript)) and not isinstance(node.ctx, ast.Load):
        found.stores[at.text(node)] = None
    elif isinstance(node, ast.IfExp):
        found.ternaries += 1
    elif isinstance(node, (ast.Yield, ast.YieldFrom)):
        found.yields = True
    elif isinstance(node, (ast.MatchAs, ast.MatchStar)) and node.name:
        found.writes[node.name] = None
    elif isinstance(node, ast.MatchMapping) and node.rest:
        found.writes[node.rest] = None
