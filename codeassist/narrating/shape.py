"""What the statements of a function amount to: a builder, a search, a fold, a question, a hand-over.

Shapes are read off the facts of the source alone; the first that fits names what the whole does.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from codeassist.narrating.body import MUTABLE_METHODS, Body
from codeassist.narrating.operands import parse
from codeassist.records.program import Statement

_EMPTY = {"[]", "{}", "set()", "list()", "dict()", "''", '""', "deque()"}
_ADDERS = ("append", "add", "appendleft", "extend")


@dataclass(frozen=True, slots=True)
class Shape:
    """The name of a shape (a text key) and the source texts that its sentence names."""

    key: str
    parts: dict[str, str] = field(default_factory=dict)


def shape_of(body: Body) -> Shape | None:
    """The first shape that fits, or None."""
    for test in (_generator, _constructor, _single, _filler, _fold, _search, _recursion, _in_place, _steps):
        found = test(body)
        if found is not None:
            return found
    return None


def _returns(body: Body) -> list[tuple[int, str]]:
    return [(i, s.test) for i, s in body.statements() if s.kind == "return" and s.test]


def _generator(body: Body) -> Shape | None:
    if not body.function.is_generator:
        return None
    yields = [expr for _, s in body.statements() for expr in _yielded(s.test)]
    if not yields:
        return None
    loop = next((body.at(i) for i in body.loops()), None)
    if loop is not None and loop.kind == "for":
        return Shape("yields_for", {"value": yields[0], "target": loop.target, "iterable": loop.test})
    return Shape("yields", {"value": yields[0]})


def _yielded(text: str) -> Iterator[str]:
    node = parse(text)
    if isinstance(node, ast.Yield) and node.value is not None:
        yield ast.unparse(node.value)
    if isinstance(node, ast.YieldFrom):
        yield f"*{ast.unparse(node.value)}"


def _constructor(body: Body) -> Shape | None:
    if body.function.name != "__init__":
        return None
    stores = [store for _, s in body.statements() for store in s.stores if store.startswith("self.")]
    names = list(dict.fromkeys(store.split("[")[0] for store in stores))
    return (
        Shape("constructor", {"names": ", ".join(names[:6]), "owner": body.function.parent})
        if names
        else None
    )


def _single(body: Body) -> Shape | None:
    """One statement that returns an expression, or that calls something."""
    top = body.top()
    if len(top) != 1:
        return None
    statement = body.at(top[0])
    if statement.kind == "return" and statement.test:
        return Shape("expression", {"value": statement.test})
    if statement.kind == "raise":
        return Shape("raises", {"value": body.text(top[0])})
    return (
        Shape("statement", {"value": body.text(top[0])})
        if statement.kind in ("expr", "assign", "augassign")
        else None
    )


def _filler(body: Body) -> Shape | None:
    """A container made empty, filled in a loop, and returned."""
    for name in _returned_names(body):
        made = [s for _, s in body.statements() if s.writes == (name,) and s.test.replace(" ", "") in _EMPTY]
        if not made:
            continue
        for loop in body.loops():
            for index in body.within(loop, "body"):
                item = added(body.at(index).test, name)
                if item:
                    return Shape(*_filling(body, loop, index, name, item))
    return None


def _filling(body: Body, loop: int, index: int, name: str, item: str) -> tuple[str, dict[str, str]]:
    at = body.at(loop)
    parts = {"name": name, "item": item, "target": at.target, "iterable": at.test}
    parent = body.at(index).parent
    if parent is not None and body.at(parent).kind == "if" and body.at(index).block == "body":
        parts["test"] = body.at(parent).test
    elif parent is not None and body.at(parent).kind == "if" and body.at(index).block == "orelse":
        parts["test"] = f"not ({body.at(parent).test})"
    kind = "fills_for" if at.kind == "for" else "fills_while"
    return (f"{kind}_if" if "test" in parts else kind), parts


def added(text: str, name: str) -> str:
    """What a call such as `name.append(x)` adds to `name`; empty for anything else."""
    node = parse(text)
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or len(node.args) != 1:
        return ""
    mine = isinstance(node.func.value, ast.Name) and node.func.value.id == name
    return ast.unparse(node.args[0]) if mine and node.func.attr in _ADDERS else ""


def _returned_names(body: Body) -> list[str]:
    return [text for _, text in _returns(body) if text.isidentifier()]


def _finally_returned(body: Body) -> list[str]:
    """The name that the last statement of the body returns."""
    last = body.at(body.top()[-1]) if body.top() else None
    return [last.test] if last is not None and last.kind == "return" and last.test.isidentifier() else []


def _fold(body: Body) -> Shape | None:
    """A variable that a loop updates from itself, and that is returned."""
    for name in _finally_returned(body):
        for loop in body.loops():
            for index in body.within(loop, "body"):
                statement = body.at(index)
                if statement.kind == "augassign" and statement.writes == (name,):
                    return Shape(*_folding(body, loop, name, body.text(index)))
                if statement.kind == "assign" and statement.writes == (name,) and name in statement.reads:
                    return Shape(*_folding(body, loop, name, body.text(index)))
    return None


def _folding(body: Body, loop: int, name: str, step: str) -> tuple[str, dict[str, str]]:
    at = body.at(loop)
    if at.kind == "for":
        return "folds_for", {"name": name, "step": step, "target": at.target, "iterable": at.test}
    return "folds_while", {"name": name, "step": step, "test": at.test}


def _search(body: Body) -> Shape | None:
    """A return inside a loop under a test, and another one after it."""
    returns = _returns(body)
    for index, value in returns:
        loop, parent = body.loop_of(index), body.at(index).parent
        if loop is None or parent is None or body.at(parent).kind != "if":
            continue
        after = [text for i, text in returns if i > index and body.loop_of(i) is None]
        if not after:
            continue
        parts = {"value": value, "test": body.at(parent).test, "otherwise": after[0]}
        at = body.at(loop)
        if at.kind == "for":
            return Shape("search_for", {**parts, "target": at.target, "iterable": at.test})
        return Shape("search_while", parts)
    return None


def _own_names(body: Body, name: str) -> tuple[str, ...]:
    """How the function can be called from inside: a method's plain name is another function's."""
    if body.function.kind in ("method", "property", "class-method", "static"):
        return (f"self.{name}", f"cls.{name}")
    taken = {p.name for p in body.function.parameters} | set(body.written(list(body.indexes)))
    return () if name in taken else (name,)


def _recursion(body: Body) -> Shape | None:
    name = body.function.name
    own = body.function.id.qualname
    calls = [
        f"{site.callee}({', '.join(site.arguments)})"
        for site in body.module.call_sites
        if site.function == own and site.callee in _own_names(body, name)
    ]
    if not calls:
        return None
    simple = next((s.test for _, s in body.statements() if s.kind == "if"), "")
    parts = {"calls": "\n".join(list(dict.fromkeys(calls))[:3]), "test": simple}
    return Shape("recursion_until" if simple else "recursion", parts)


def swapped(statement: Statement) -> tuple[str, ...]:
    """The two places that `a, b = b, a` swaps; empty for anything else."""
    target, value = parse(statement.target), parse(statement.test)
    if not isinstance(target, ast.Tuple) or not isinstance(value, ast.Tuple) or len(target.elts) != 2:
        return ()
    left, right = ([ast.unparse(item) for item in node.elts] for node in (target, value))
    return tuple(left) if left == right[::-1] else ()


def _in_place(body: Body) -> Shape | None:
    """A parameter (or an attribute) whose items or attributes are assigned, or that a method changes."""
    names = {p.name for p in body.function.parameters}
    for index, statement in body.statements():
        for store in statement.stores:
            base = store.split("[")[0].split(".")[0]
            if base in names:
                loop = body.loop_of(index)
                whole = store.split("[")[0]
                if swapped(statement):
                    first, second = swapped(statement)
                    return Shape("swaps", {"name": whole, "first": first, "second": second})
                return Shape(
                    "stores_loop" if loop is not None else "stores", {"name": whole, "step": body.text(index)}
                )
        node = parse(statement.test) if statement.kind == "expr" else None
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in MUTABLE_METHODS
        ):
            base = ast.unparse(node.func.value)
            if base.split(".")[0].split("[")[0] in names:
                return Shape("stores", {"name": base, "step": body.text(index)})
    return None


def _steps(body: Body) -> Shape | None:
    """Nothing of the above: what it gives back, and by which calls."""
    returns = _returns(body)
    called = list(
        dict.fromkeys(
            site.callee for site in body.module.call_sites if site.function == body.function.id.qualname
        )
    )
    named = [
        name for name in called if parse(name) is not None and len(name) < 40 and name not in _PLAIN_CALLS
    ][:3]
    if returns and named:
        return Shape("gives_by", {"value": returns[-1][1], "calls": "\n".join(named)})
    if returns:
        return Shape("gives", {"value": returns[-1][1]})
    raised = [text for text in (s.test for _, s in body.statements() if s.kind == "raise") if text]
    if raised and set(named) <= {text.partition("(")[0] for text in raised}:
        return Shape("refuses", {"value": raised[-1]})
    if named:
        return Shape("does", {"calls": "\n".join(named)})
    return None if any(True for _ in _working(body)) else Shape("nothing")


def _working(body: Body) -> Iterator[int]:
    """Statements that do something."""
    for index, statement in body.statements():
        if statement.kind != "pass" and statement.test != "...":
            yield index


_PLAIN_CALLS = frozenset("len range int str list isinstance print min max enumerate zip".split())
