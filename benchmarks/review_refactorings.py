"""Refactorings of our own: changes of a source text after which every function does what it did."""

from __future__ import annotations

import ast
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refactoring:
    """One change that keeps behaviour: of which kind, in which function, and the whole text with it."""

    kind: str
    function: str
    text: str


def refactorings(source: str) -> list[Refactoring]:
    """Every refactoring of every top-level function, by kind."""
    found: list[Refactoring] = []
    tree = ast.parse(source)
    for function in [n for n in tree.body if isinstance(n, ast.FunctionDef)]:
        for kind, change in KINDS.items():
            text = change(source, function.name)
            if text is not None and text != source:
                found.append(Refactoring(kind, function.name, text))
    return found


def sample(source: str, count: int, seed: int = 0) -> list[Refactoring]:
    """`count` of them, spread over the kinds."""
    chosen = refactorings(source)
    random.Random(seed).shuffle(chosen)
    order = dict.fromkeys(KINDS, 0)
    ranked = []
    for item in chosen:
        order[item.kind] += 1
        ranked.append((order[item.kind], item.kind, item))
    return [item for _, _, item in sorted(ranked, key=lambda r: r[:2])][:count]


def _parts(source: str, name: str) -> tuple[ast.Module, ast.FunctionDef]:
    tree = ast.parse(source)
    return tree, next(n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == name)


def _written(tree: ast.Module, changed: bool) -> str | None:
    return ast.unparse(ast.fix_missing_locations(tree)) + "\n" if changed else None


def _is_simple(function: ast.FunctionDef) -> bool:
    """Without nested scopes, in which names would have to be followed."""
    nested = (
        ast.FunctionDef,
        ast.AsyncFunctionDef,
        ast.Lambda,
        ast.ClassDef,
        ast.Global,
        ast.Nonlocal,
        ast.Yield,
    )
    inner = [n for n in ast.walk(function) if n is not function]
    return not any(isinstance(n, nested) for n in inner)


def _locals(function: ast.FunctionDef) -> set[str]:
    stores = {n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return stores | {a.arg for a in [*function.args.args, *function.args.kwonlyargs]}


def reformat(source: str, name: str) -> str | None:
    """Comments, blank lines and quotes as `ast.unparse` writes them."""
    return ast.unparse(ast.parse(source)) + "\n"


def rename_locals(source: str, name: str) -> str | None:
    """Every local variable gets another name; parameters keep theirs."""
    tree, function = _parts(source, name)
    parameters = {a.arg for a in [*function.args.args, *function.args.kwonlyargs]}
    names = _locals(function) - parameters
    if not _is_simple(function) or not names:
        return None
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and node.id in names:
            node.id += "_value"
    return _written(tree, True)


def rename_function(source: str, name: str) -> str | None:
    """The function and all its uses in the file get another name; others import it by the old one no more."""
    tree, function = _parts(source, name)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id == name:
            node.id = f"{name}_of"
    function.name = f"{name}_of"
    doc = ast.get_docstring(function, clean=False)
    if doc:
        function.body[0].value.value = doc.replace(f"{name}(", f"{name}_of(")  # type: ignore[attr-defined]
    return _written(tree, True)


def extract_result(source: str, name: str) -> str | None:
    """The first returned expression that computes something moves into a helper."""
    return _extract(source, name, lambda n: isinstance(n, ast.Return), "value")


def extract_test(source: str, name: str) -> str | None:
    """The first test moves into a helper."""
    return _extract(source, name, lambda n: isinstance(n, (ast.If, ast.While)), "test")


def _extract(source: str, name: str, wanted: Callable[[ast.AST], bool], field: str) -> str | None:
    tree, function = _parts(source, name)
    if not _is_simple(function):
        return None
    for node in ast.walk(function):
        value = getattr(node, field, None) if wanted(node) else None
        if value is None or isinstance(value, (ast.Name, ast.Constant)):
            continue
        if any(isinstance(n, (ast.NamedExpr, ast.comprehension, ast.Await)) for n in ast.walk(value)):
            continue
        names = sorted({n.id for n in ast.walk(value) if isinstance(n, ast.Name)} & _locals(function))
        call = ast.Call(
            ast.Name(f"_part_of_{name}", ast.Load()), [ast.Name(n, ast.Load()) for n in names], []
        )
        helper = ast.parse(f"def _part_of_{name}({', '.join(names)}):\n    return {ast.unparse(value)}").body[
            0
        ]
        setattr(node, field, call)
        tree.body.insert(tree.body.index(function), helper)
        return _written(tree, True)
    return None


def to_comprehension(source: str, name: str) -> str | None:
    """`xs = []` and a loop that only appends become one comprehension."""
    tree, function = _parts(source, name)
    changed = False
    for block in _blocks(function):
        for index in range(len(block) - 1):
            made = _comprehension(block[index], block[index + 1])
            if made is not None:
                block[index : index + 2] = [made]
                changed = True
                break
    return _written(tree, changed)


def _comprehension(first: ast.stmt, loop: ast.stmt) -> ast.stmt | None:
    if not (isinstance(first, ast.Assign) and isinstance(first.value, ast.List) and not first.value.elts):
        return None
    if not (isinstance(loop, ast.For) and len(loop.body) == 1 and not loop.orelse):
        return None
    inner, tests = loop.body[0], []
    if isinstance(inner, ast.If) and not inner.orelse and len(inner.body) == 1:
        tests, inner = [inner.test], inner.body[0]
    target = ast.unparse(first.targets[0])
    if not (isinstance(inner, ast.Expr) and ast.unparse(inner).startswith(f"{target}.append(")):
        return None
    element = inner.value.args[0]  # type: ignore[attr-defined]
    if any(
        isinstance(n, ast.Name) and n.id == target
        for n in [*ast.walk(element), *(m for t in tests for m in ast.walk(t))]
    ):
        return None
    part = ast.comprehension(loop.target, loop.iter, tests, 0)
    return ast.Assign(first.targets, ast.ListComp(element, [part]))


def _blocks(function: ast.FunctionDef) -> Iterator[list[ast.stmt]]:
    for node in ast.walk(function):
        for field in ("body", "orelse"):
            block = getattr(node, field, None)
            if isinstance(block, list):
                yield block


def invert_condition(source: str, name: str) -> str | None:
    """`if c: A else: B` becomes `if not c: B else: A`."""
    tree, function = _parts(source, name)
    for node in ast.walk(function):
        if (
            isinstance(node, ast.If)
            and node.orelse
            and not (len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If))
        ):
            node.test, node.body, node.orelse = ast.UnaryOp(ast.Not(), node.test), node.orelse, node.body
            return _written(tree, True)
    return None


def turn_comparison(source: str, name: str) -> str | None:
    """`a < b` becomes `b > a` where both sides are names or constants."""
    tree, function = _parts(source, name)
    turned = {ast.Lt: ast.Gt, ast.Gt: ast.Lt, ast.LtE: ast.GtE, ast.GtE: ast.LtE, ast.Eq: ast.Eq}
    changed = False
    for node in ast.walk(function):
        if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in turned:
            right = node.comparators[0]
            if all(isinstance(n, (ast.Name, ast.Constant)) for n in (node.left, right)):
                node.left, node.comparators, node.ops = right, [node.left], [turned[type(node.ops[0])]()]
                changed = True
    return _written(tree, changed)


def name_result(source: str, name: str) -> str | None:
    """Each returned expression gets a name first."""
    tree, function = _parts(source, name)
    if not _is_simple(function) or "outcome" in _locals(function):
        return None
    changed = False
    for block in _blocks(function):
        last = block[-1] if block else None
        if (
            isinstance(last, ast.Return)
            and last.value is not None
            and not isinstance(last.value, (ast.Name, ast.Constant))
        ):
            block[-1:] = [
                ast.Assign([ast.Name("outcome", ast.Store())], last.value),
                ast.Return(ast.Name("outcome", ast.Load())),
            ]
            changed = True
    return _written(tree, changed)


KINDS: dict[str, Callable[[str, str], str | None]] = {
    "reformat": reformat,
    "rename locals": rename_locals,
    "rename function": rename_function,
    "extract result": extract_result,
    "extract test": extract_test,
    "comprehension": to_comprehension,
    "invert condition": invert_condition,
    "turn comparison": turn_comparison,
    "name result": name_result,
}
