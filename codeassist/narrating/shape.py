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
    yields = [(i, expr) for i, s in body.statements() for expr in _yielded(s.test)]
    if not yields:
        return None
    index, value = yields[0]
    loop = body.loop_of(index)
    if loop is not None and body.at(loop).kind == "for" and len(yields) == 1:
        at = body.at(loop)
        tests = conditions(body, loop, index)
        parts = {"value": value, "target": at.target, "iterable": at.test}
        if tests == []:
            return Shape("yields_for", parts)
        if tests is not None and len(tests) == 1:
            return Shape("yields_for_if", {**parts, "test": tests[0]})
    return Shape("yields", {"value": value})


def conditions(body: Body, loop: int, index: int) -> list[str] | None:
    """The tests that must hold, in a turn of `loop`, for statement `index` to run; None: not these alone."""
    tests = []
    for step, above in body.chain(index):
        if above == loop:
            break
        if body.at(above).kind != "if" or body.at(step).block not in ("body", "orelse"):
            return None
        test = body.at(above).test
        tests.append(test if body.at(step).block == "body" else f"not ({test})")
    jumps = ("continue", "break", "return", "raise")
    earlier = [i for i in body.within(loop, "body") if i < index and body.at(i).kind in jumps]
    return None if earlier else tests[::-1]


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
                if item and body.loop_of(index) == loop:
                    return Shape(*_filling(body, loop, index, name, item))
    return None


def _filling(body: Body, loop: int, index: int, name: str, item: str) -> tuple[str, dict[str, str]]:
    at = body.at(loop)
    parts = {"name": name, "item": item, "target": at.target, "iterable": at.test}
    kind = "fills_for" if at.kind == "for" else "fills_while"
    tests = conditions(body, loop, index)
    if tests is None or len(tests) > 1:
        return f"{kind}_some", parts
    return (f"{kind}_if", {**parts, "test": tests[0]}) if tests else (kind, parts)


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
        steps = [i for i, s in body.statements() if body.loop_of(i) is not None and name in s.writes]
        folding = [i for i in steps if _updates(body.at(i), name)]
        if len(steps) == len(folding) == 1:
            return _folding(body, folding[0], name)
    return None


def _counts_up(body: Body, index: int) -> bool:
    """`n += 1`, where `n` began at 0."""
    statement = body.at(index)
    name = statement.writes[0]
    begun = [s.test for i, s in body.statements() if i < index and s.writes == (name,)]
    text = body.text(index).replace(" ", "")
    return text in (f"{name}+=1", f"{name}={name}+1") and begun == ["0"]


def _updates(statement: Statement, name: str) -> bool:
    own = statement.writes == (name,)
    return own and (statement.kind == "augassign" or statement.kind == "assign" and name in statement.reads)


def _folding(body: Body, index: int, name: str) -> Shape:
    loop = body.loop_of(index)
    assert loop is not None
    at = body.at(loop)
    parts = {"name": name, "step": body.text(index), "target": at.target, "iterable": at.test}
    tests = conditions(body, loop, index)
    if tests and len(tests) == 1 and at.kind == "for" and _counts_up(body, index):
        return Shape("counts_if", {"name": name, "test": tests[0]})
    nested = body.loop_of(loop) is not None
    kind = "folds_for" if at.kind == "for" else "folds_while"
    if tests is None or len(tests) > 1 or nested:
        return Shape("folds", parts)
    if tests:
        return Shape(f"{kind}_if", {**parts, "test": tests[0]})
    return Shape(kind, {**parts, "test": at.test} if at.kind == "while" else parts)


def _search(body: Body) -> Shape | None:
    """A return inside a loop under one test, and another end after it: a return or an exception."""
    returns = _returns(body)
    if len(returns) > 2:
        return None
    for index, value in returns:
        loop, parent = body.loop_of(index), body.at(index).parent
        if loop is None or parent is None or body.at(parent).kind != "if" or body.loop_of(loop) is not None:
            continue
        tests = conditions(body, loop, index)
        after = [text for i, text in returns if i > index and body.loop_of(i) is None]
        failed = [body.at(i) for i in body.top() if i > index and body.at(i).kind == "raise"]
        if tests is None or len(tests) != 1 or not (after or failed):
            continue
        parts = {"value": value, "test": tests[0], "otherwise": after[0] if after else failed[0].test}
        at = body.at(loop)
        key = "search" if after else "search_or_raise"
        if at.kind == "for":
            return Shape(f"{key}_for", {**parts, "target": at.target, "iterable": at.test})
        return Shape(f"{key}_while", parts)
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
    own = body.function.id.qualname
    made = {name for _, statement in body.statements() for name in statement.writes}
    called = [site.callee for site in body.module.call_sites if site.function == own]
    named = [
        name
        for name in dict.fromkeys(called)
        if parse(name) is not None and len(name) < 40 and name not in _PLAIN_CALLS and _tells(name, made)
    ]
    named = [name for name in named if not returns or name not in returns[-1][1]][:3]
    if returns and named:
        return Shape("gives_by", {"value": returns[-1][1], "calls": "\n".join(named)})
    if returns:
        given = [p.name for p in body.function.parameters if p.name not in ("self", "cls")]
        names = "\n".join(given)
        return Shape("gives_from" if given else "gives", {"value": returns[-1][1], "names": names})
    raised = [text for text in (s.test for _, s in body.statements() if s.kind == "raise") if text]
    if raised and set(named) <= {text.partition("(")[0] for text in raised}:
        return Shape("refuses", {"value": raised[-1]})
    if named:
        return Shape("does", {"calls": "\n".join(named)})
    return None if any(True for _ in _working(body)) else Shape("nothing")


def _tells(name: str, made: set[str]) -> bool:
    """Whether naming the call says something: not of a method of a local, nor of an exception's class."""
    head = name.partition(".")[0].partition("[")[0]
    return head not in made and not name.endswith(("Error", "Exception", "Warning"))


def _working(body: Body) -> Iterator[int]:
    """Statements that do something."""
    for index, statement in body.statements():
        if statement.kind != "pass" and statement.test != "...":
            yield index


_PLAIN_CALLS = frozenset("len range int str list isinstance print min max enumerate zip".split())
