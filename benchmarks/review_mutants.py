"""Mutation operators of our own: one-line defects, each planted into a function of a source text."""

from __future__ import annotations

import ast
import copy
import random
from collections.abc import Iterator
from dataclasses import dataclass

_COMPARE = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
_ARITHMETIC = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.FloorDiv: ast.Mult, ast.Mod: ast.FloorDiv,
    ast.Div: ast.FloorDiv, ast.Pow: ast.Mult, ast.BitXor: ast.BitOr, ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd, ast.LShift: ast.RShift, ast.RShift: ast.LShift,
}  # fmt: skip
_NAMES = {"min": "max", "max": "min", "any": "all", "all": "any", "append": "appendleft", "popleft": "pop"}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One defect: where it stands, what was done, and the whole text with it."""

    function: str
    line: int
    operator: str
    text: str


def mutants(source: str) -> list[Mutant]:
    """Every mutant of every top-level function and method, in order of place."""
    tree = ast.parse(source)
    found = []
    for name, node in _functions(tree, ""):
        for place in [n for n in ast.walk(node) if hasattr(n, "lineno")]:
            if place is node or _is_docstring(place, node):
                continue
            for operator, new in _changes(place):
                text = _replaced(source, place, new)
                if text is not None and text != source:
                    found.append(Mutant(name, place.lineno, operator, text))
    return list({m.text: m for m in found}.values())


def sample(source: str, count: int, seed: int = 0) -> list[Mutant]:
    """`count` mutants chosen by `seed`, spread over the operators."""
    chosen = mutants(source)
    random.Random(seed).shuffle(chosen)
    by_operator: dict[str, list[Mutant]] = {}
    for mutant in chosen:
        by_operator.setdefault(mutant.operator, []).append(mutant)
    picked: list[Mutant] = []
    while len(picked) < count and any(by_operator.values()):
        for group in by_operator.values():
            if group and len(picked) < count:
                picked.append(group.pop())
    return picked


def _functions(node: ast.AST, prefix: str) -> Iterator[tuple[str, ast.FunctionDef]]:
    for item in getattr(node, "body", []):
        if isinstance(item, ast.FunctionDef):
            yield prefix + item.name, item
        elif isinstance(item, ast.ClassDef):
            yield from _functions(item, f"{prefix}{item.name}.")


def _is_docstring(node: ast.AST, function: ast.FunctionDef) -> bool:
    first = function.body[0]
    return (
        isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and node in (first, first.value)
    )


def _changes(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """(operator, what stands instead of the node)."""
    if isinstance(node, ast.Compare) and type(node.ops[0]) in _COMPARE:
        yield "comparison", _with(node, ops=[_COMPARE[type(node.ops[0])](), *node.ops[1:]])
    elif isinstance(node, (ast.BinOp, ast.AugAssign)) and type(node.op) in _ARITHMETIC:
        yield "arithmetic", _with(node, op=_ARITHMETIC[type(node.op)]())
    elif isinstance(node, ast.BoolOp):
        yield "and-or", _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
        yield "operand", node.values[0]
    elif isinstance(node, ast.UnaryOp):
        yield "sign", node.operand
    elif isinstance(node, ast.Constant):
        yield from _constants(node)
    elif isinstance(node, ast.Call):
        yield from _calls(node)
    elif isinstance(node, (ast.Expr, ast.Assign)) and not isinstance(node.value, ast.Yield):
        yield "statement", ast.Pass()
    elif isinstance(node, ast.Return) and node.value is not None and not isinstance(node.value, ast.Constant):
        yield "return", ast.Return(None)
    elif isinstance(node, ast.Break):
        yield "break", ast.Continue()
    elif isinstance(node, ast.Continue):
        yield "continue", ast.Break()
    elif isinstance(node, ast.If) and not node.orelse:
        yield "condition", _with(node, test=ast.UnaryOp(ast.Not(), node.test))


def _constants(node: ast.Constant) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(node.value, bool):
        yield "constant", ast.Constant(not node.value)
    elif isinstance(node.value, int):
        yield "constant", ast.Constant(node.value + 1)
        if node.value:
            yield "constant", ast.Constant(node.value - 1)


def _calls(node: ast.Call) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(node.func, ast.Name) and node.func.id in _NAMES:
        yield "name", _with(node, func=ast.Name(_NAMES[node.func.id], ast.Load()))
    if isinstance(node.func, ast.Name) and node.func.id == "range" and node.args:
        last = ast.BinOp(node.args[-1 if len(node.args) == 1 else 1], ast.Sub(), ast.Constant(1))
        args = [last] if len(node.args) == 1 else [node.args[0], last, *node.args[2:]]
        yield "range", _with(node, args=args)
    if len(node.args) == 2 and not isinstance(node.func, ast.Attribute):
        yield "arguments", _with(node, args=node.args[::-1])


def _with(node: ast.AST, **fields: object) -> ast.AST:
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def _replaced(source: str, node: ast.AST, new: ast.AST) -> str | None:
    """The text with the node written anew, all else byte for byte; None where that takes several lines."""
    lines = source.split("\n")
    compound = isinstance(node, ast.If)
    end = node.test.end_lineno if compound else node.end_lineno  # type: ignore[attr-defined]
    if end != node.lineno or not source.isascii():  # type: ignore[attr-defined]
        return None
    line = lines[end - 1]
    if compound:
        start, stop = node.test.col_offset, node.test.end_col_offset  # type: ignore[attr-defined]
        new = new.test  # type: ignore[attr-defined]
    else:
        start, stop = node.col_offset, node.end_col_offset  # type: ignore[attr-defined]
    text = ast.unparse(ast.fix_missing_locations(new))
    if isinstance(new, ast.expr) and not isinstance(new, (ast.Constant, ast.Name, ast.Call)):
        text = f"({text})"
    lines[end - 1] = line[:start] + text + line[stop:]
    changed = "\n".join(lines)
    try:
        same = ast.dump(ast.parse(changed)) == ast.dump(ast.parse(source))
    except SyntaxError:
        return None
    return None if same else changed
