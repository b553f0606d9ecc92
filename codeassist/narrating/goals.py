"""What a statement is for, in a few words: verbs of purpose instead of a reading of its operators."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence, Sized

from codeassist.narrating.body import Body
from codeassist.narrating.cells import cut
from codeassist.narrating.operands import parse
from codeassist.narrating.shape import swapped
from codeassist.narrating.subject import Subject, code
from codeassist.records.program import Statement
from codeassist.records.values import Instance

_ADDS = ("append", "add", "appendleft", "push", "put", "enqueue")
_OWNERS = {"sort": "sort", "reverse": "turn_round", "clear": "empty", "popleft": "drop_first"}
_TAKES = {"popleft": "take_first", "heappop": "take_smallest", "pop": "take_last"}
_NUMBER = {"+": "add_up", "-": "take_off", "*": "multiply", "//": "divide", "/": "divide"}
_EMPTY = ("[]", "{}", "set()", "list()", "dict()", "''", '""', "deque()", "collections.deque()", "()")
_FLIPPED = {ast.Lt: ">=", ast.LtE: ">", ast.Gt: "<=", ast.GtE: "<", ast.NotEq: "==", ast.Eq: "!=",
            ast.In: "not in", ast.NotIn: "in", ast.Is: "is not", ast.IsNot: "is"}  # fmt: skip


def act(subject: Subject, index: int) -> str:
    """The purpose of one plain statement; empty where there is nothing but its text."""
    statement = subject.body.at(index)
    if statement.kind == "augassign":
        return _augmented(subject, index)
    if statement.kind in ("assign", "annassign"):
        return _assigned(subject, index)
    if statement.kind == "expr":
        return _called(subject, statement)
    if statement.kind == "return" and statement.test:
        return subject.text("effect.return", value=_code(statement.test, 40))
    return ""


def _code(text: str, room: int = 40) -> str:
    return code(cut(text, room))


# --- calls -------------------------------------------------------------------------------------------


def _called(subject: Subject, statement: Statement) -> str:
    node = parse(statement.test)
    if isinstance(node, ast.Yield) and node.value is not None:
        return subject.text("effect.yield", value=_code(ast.unparse(node.value)))
    if isinstance(node, ast.YieldFrom):
        return subject.text("goal.yield_all", value=_code(ast.unparse(node.value)))
    if isinstance(node, ast.Await):
        node = node.value
    if not isinstance(node, ast.Call):
        return ""
    arguments = [ast.unparse(argument) for argument in node.args]
    if isinstance(node.func, ast.Attribute):
        found = _method(subject, ast.unparse(node.func.value), node.func.attr, node.args)
        if found:
            return found
    name = ast.unparse(node.func)
    if name == "print":
        return subject.text("goal.print", value=_code(", ".join(arguments) or "''"))
    own = _is_itself(subject, name)
    return subject.text("goal.recurse" if own else "goal.call", value=_code(ast.unparse(node), 60))


def _is_itself(subject: Subject, name: str) -> bool:
    """Whether a call of that name is one of the function itself."""
    own = subject.function.name
    return name == (f"self.{own}" if subject.receiver else own)


def _method(subject: Subject, owner: str, name: str, given: Sequence[ast.expr]) -> str:
    text, items = subject.text, [ast.unparse(item) for item in given]
    if name in _ADDS and len(items) == 1:
        return text("effect.collect", name=_code(owner), item=_code(items[0], 30))
    if name in ("extend", "update") and len(items) == 1:
        return _all_of(subject, owner, given[0])
    if name == "heappush" and len(items) == 2:
        return text("effect.collect", name=_code(items[0]), item=_code(items[1], 30))
    if name == "heapify" and len(items) == 1:
        return text("goal.heapify", name=_code(items[0]))
    if name == "insert" and len(items) == 2:
        return text("goal.insert", name=_code(owner), item=_code(items[1], 30), place=_code(items[0], 20))
    if name in ("remove", "discard") and len(items) == 1:
        return text("goal.take_out", name=_code(owner), item=_code(items[0], 30))
    if name == "pop" and owner != "heapq":
        if not items:
            return text("goal.drop_last", name=_code(owner))
        return text("goal.take_out", name=_code(owner), item=_code(f"{owner}[{items[0]}]", 30))
    return text(f"goal.{_OWNERS[name]}", name=_code(owner)) if name in _OWNERS and not items else ""


def _all_of(subject: Subject, owner: str, item: ast.expr) -> str:
    """`out.extend(xs[i:])` adds what is left of `xs`."""
    if isinstance(item, ast.Subscript) and isinstance(item.slice, ast.Slice):
        part = item.slice
        if part.lower is not None and part.upper is None and part.step is None:
            rest = _code(ast.unparse(item.value), 30)
            return subject.text("goal.add_rest", name=_code(owner), item=rest)
    return subject.text("goal.add_all", name=_code(owner), item=_code(ast.unparse(item), 30))


# --- assignments -------------------------------------------------------------------------------------


def _augmented(subject: Subject, index: int) -> str:
    """`count += 1` counts, `i += 1` of a position moves on, `total += x` adds up."""
    text, statement = subject.text, subject.body.at(index)
    target = statement.target or next(iter(statement.writes), "")
    operator = _operator(subject.body.text(index))
    if statement.test == "1" and operator in ("+", "-"):
        moving = _steers(subject.body, target) or _places(subject.body, target)
        key = {"+": "move_on" if moving else "count", "-": "move_back" if moving else "count_down"}[operator]
        return text(f"goal.{key}", name=_code(target))
    if operator in (">>",) and statement.test == "1":
        return text("goal.halve", name=_code(target))
    if operator in _NUMBER:
        return text(f"goal.{_NUMBER[operator]}", name=_code(target), value=_code(statement.test, 36))
    return text("effect.gather", name=_code(target))


def _operator(text: str) -> str:
    try:
        node = ast.parse(text).body[0]
    except (SyntaxError, ValueError, RecursionError, IndexError):
        return ""
    if not isinstance(node, ast.AugAssign):
        return ""
    signs = {"Add": "+", "Sub": "-", "Mult": "*", "FloorDiv": "//", "Div": "/", "RShift": ">>"}
    return signs.get(type(node.op).__name__, "")


def _steers(body: Body, name: str) -> bool:
    """Whether a `while` test looks at the variable: changing it moves the loop on."""
    return any(s.kind == "while" and name in s.reads for _, s in body.statements())


def _places(body: Body, name: str) -> bool:
    """Whether the variable stands inside an index: it is a position, not a count."""
    inside = re.compile(rf"\[[^\[\]]*\b{re.escape(name)}\b[^\[\]]*\]")
    return any(inside.search(body.text(index)) for index, _ in body.statements())


def _assigned(subject: Subject, index: int) -> str:
    text, statement = subject.text, subject.body.at(index)
    if swapped(statement):
        first, second = swapped(statement)
        return text("effect.swap", first=_code(first, 30), second=_code(second, 30))
    node = parse(statement.test)
    target = statement.target or ", ".join(statement.writes)
    if node is None or not target:
        return ""
    taken = _taken(subject, target, node) or _best(subject, target, node)
    if taken:
        return taken
    if isinstance(node, ast.Call) and _is_itself(subject, ast.unparse(node.func)):
        return text("goal.recurse", value=_code(statement.test, 60))
    if statement.stores:
        return _stored(subject, statement)
    if isinstance(node, ast.Attribute) and ast.unparse(node.value) == target:
        return text("goal.step_on", name=_code(target), value=_code(statement.test))
    if _is_middle(node):
        return text("goal.middle", name=_code(target), value=_code(statement.test))
    if isinstance(node, ast.Subscript) and not isinstance(node.slice, ast.Slice):
        return text("goal.look", name=_code(target), value=_code(statement.test))
    if statement.test.replace(" ", "") in _EMPTY and statement.parent is not None:
        return text("goal.start_empty", name=_code(target))
    if subject.body.loop_of(index) is not None and _steers(subject.body, target):
        return text("goal.move", name=_code(target), value=_code(statement.test))
    if isinstance(node, ast.Name) and subject.body.at(index).parent is not None:
        key = "goal.remember" if node.id in _changing(subject.body) else "plan.put"
        return text(key, name=_code(target), value=_code(statement.test))
    return ""


def _is_own(subject: Subject, name: str) -> bool:
    """Whether the name is a parameter or a variable of the function."""
    return name in _changing(subject.body) or any(p.name == name for p in subject.function.parameters)


def _changing(body: Body) -> set[str]:
    """Names that the function itself binds: their values come and go."""
    return {name for _, statement in body.statements() for name in statement.writes}


def _best(subject: Subject, target: str, node: ast.expr) -> str:
    """`best = max(best, x)`: what is kept is the largest so far."""
    if not isinstance(node, ast.Call) or ast.unparse(node.func) not in ("max", "min"):
        return ""
    items = [ast.unparse(item) for item in node.args]
    if target not in items or len(items) < 2:
        return ""
    key = "goal.largest" if ast.unparse(node.func) == "max" else "goal.smallest"
    others = [_code(item, 30) for item in items if item != target]
    return subject.text(key, name=_code(target), items=subject.text.listing(others))


def _stored(subject: Subject, statement: Statement) -> str:
    """Items that are written, links that are set; of a tuple each store by itself."""
    said = []
    for name, value in pairs(statement):
        if "." in name or "[" in name:
            key = "goal.write" if name.endswith("]") else "goal.keep_attribute"
            said.append(subject.text(key, name=_code(name), value=_code(value)))
    return subject.text.listing(said[:2], "then")


def _taken(subject: Subject, target: str, node: ast.expr) -> str:
    """`x = queue.popleft()`: the next of the queue."""
    if not isinstance(node, ast.Call):
        return ""
    name = ast.unparse(node.func).rpartition(".")[2]
    owner = ast.unparse(node.func.value) if isinstance(node.func, ast.Attribute) else ""
    if name == "heappop" and node.args:
        owner = ast.unparse(node.args[0])
    first = name == "pop" and [ast.unparse(item) for item in node.args] == ["0"]
    if name not in _TAKES or not owner or name == "pop" and node.args and not first:
        return ""
    key = "take_first" if first else _TAKES[name]
    return subject.text(f"goal.{key}", item=_code(target), name=_code(owner))


def _is_middle(node: ast.expr) -> bool:
    """`(low + high) // 2`, `low + (high - low) // 2`."""
    halves = [
        part
        for part in ast.walk(node)
        if isinstance(part, ast.BinOp)
        and (isinstance(part.op, ast.FloorDiv) and ast.unparse(part.right) == "2"
             or isinstance(part.op, ast.RShift) and ast.unparse(part.right) == "1")
    ]  # fmt: skip
    return any(
        isinstance(half.left, ast.BinOp)
        and isinstance(half.left.op, (ast.Add, ast.Sub))
        and isinstance(half.left.left, ast.Name)
        and isinstance(half.left.right, ast.Name)
        for half in halves
    )


# --- what a block begins with --------------------------------------------------------------------------


def begins(subject: Subject, indexes: Sequence[int]) -> str:
    """What a group of assignments prepares; empty where that cannot be said in a few words."""
    made = [pair for index in indexes for pair in pairs(subject.body.at(index))]
    whole = _whole(made) if _are_compared(subject.body, made) else ""
    said = [subject.text("goal.whole", xs=_code(whole))] if whole else []
    groups: dict[tuple[str, str], list[str]] = {}
    for name, value in made:
        if not whole or not _is_bound(value, whole):
            groups.setdefault(_begun(subject, name, value), []).append(_code(name, 30))
    for (key, value), names in groups.items():
        parts = {"name": subject.text.listing(names[:4]), "names": subject.text.listing(names[:4])}
        said.append(subject.text(key, value=value, **parts))
    return subject.text.listing(said, "then") if len(said) <= 3 else ""


def pairs(statement: Statement) -> list[tuple[str, str]]:
    """(name, value) of an assignment, a tuple taken apart."""
    target, value = parse(statement.target or ", ".join(statement.writes)), parse(statement.test)
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
        return [(ast.unparse(a), ast.unparse(b)) for a, b in zip(target.elts, value.elts, strict=True)]
    return [(name, statement.test) for name in statement.writes or statement.stores]


def _are_compared(body: Body, made: Sequence[tuple[str, str]]) -> bool:
    """Whether a `while` test compares two of these variables: they are bounds, not a sum and a size."""
    names = {name for name, _ in made}
    return any(s.kind == "while" and len(names & set(s.reads)) > 1 for _, s in body.statements())


def _whole(made: Sequence[tuple[str, str]]) -> str:
    """The sequence that two bounds enclose: 0 and `len(xs) - 1`."""
    values = [value.replace(" ", "") for _, value in made]
    lengths = [v for v in values if v.startswith("len(") and v.endswith((")", ")-1")) and v.count("(") == 1]
    return lengths[0][4:].partition(")")[0] if "0" in values and lengths else ""


def _is_bound(value: str, whole: str) -> bool:
    return value.replace(" ", "") in ("0", f"len({whole})", f"len({whole})-1")


def _begun(subject: Subject, name: str, value: str) -> tuple[str, str]:
    """(text key, value) for a variable that begins with this value."""
    node = parse(value)
    result = "_result" if name in _results(subject.body) else ""
    if value.replace(" ", "") in _EMPTY:
        return f"goal.start_empty{result}", ""
    if isinstance(node, ast.Attribute) or isinstance(node, ast.Name) and not _is_own(subject, node.id):
        return "goal.at_hand", ""
    if isinstance(node, (ast.Constant, ast.UnaryOp, ast.Name)):
        return f"goal.start_at{result}", _code(value, 20)
    if isinstance(node, (ast.ListComp, ast.DictComp)) or isinstance(node, ast.BinOp) and "[" in value:
        return "goal.lay_out", ""
    inner = _only_item(node)
    return ("goal.start_with", _code(inner, 30)) if inner else ("plan.set", "")


def _only_item(node: ast.expr | None) -> str:
    """The one thing that a container begins with: `[start]`, `deque([start])`, `{start}`."""
    if isinstance(node, ast.Call) and len(node.args) == 1 and ast.unparse(node.func).endswith("deque"):
        node = node.args[0]
    if isinstance(node, (ast.List, ast.Set)) and len(node.elts) == 1:
        return ast.unparse(node.elts[0])
    if isinstance(node, ast.Dict) and len(node.keys) == 1 and node.keys[0] is not None:
        return ast.unparse(node.keys[0])
    return ""


def _results(body: Body) -> set[str]:
    """Names that the last statement returns."""
    last = body.at(body.top()[-1]) if body.top() else None
    return {last.test} if last is not None and last.kind == "return" else set()


# --- loops -------------------------------------------------------------------------------------------


def goes_through(subject: Subject, index: int) -> str:
    """What a `for` visits."""
    body, text = subject.body, subject.text
    loop = body.at(index)
    target = loop.target or ", ".join(loop.writes)
    node = parse(loop.test)
    parts = {"target": _code(target.strip("()"), 30), "iterable": _code(loop.test, 40)}
    if not isinstance(node, ast.Call):
        return text("plan.for", **parts)
    name, given = ast.unparse(node.func), [ast.unparse(item) for item in node.args]
    if name == "range" and len(given) < 3:
        return _counted(subject, index, target, given)
    if name == "range":
        return text(
            "goal.for_steps", target=_code(target), first=_code(given[0], 30), step=_code(given[2], 30)
        )
    if name in ("enumerate", "reversed", "sorted") and given:
        return text(f"goal.for_{name}", xs=_code(given[0], 36))
    if name == "zip" and len(given) > 1:
        return text("goal.for_zip", xs=text.listing([_code(item, 24) for item in given[:3]]))
    if name.endswith(".items") and not given:
        return text("goal.for_items", xs=_code(name.removesuffix(".items"), 36))
    return text("plan.for", **parts)


def _counted(subject: Subject, index: int, target: str, given: list[str]) -> str:
    text = subject.text
    first, last = ("0", given[0]) if len(given) == 1 else given
    used = any(target in subject.body.at(i).reads for i in subject.body.within(index, "body"))
    if first == "0" and not used:
        return text("goal.for_times", n=_code(last, 30))
    found = parse(last)
    if isinstance(found, ast.Call) and ast.unparse(found.func) == "len" and len(found.args) == 1:
        xs = _code(ast.unparse(found.args[0]), 30)
        if first == "0":
            return text("goal.for_positions", xs=xs)
        return text("goal.for_from", xs=xs, first=_code(first, 20))
    if first == "0":
        return text("goal.for_below", target=_code(target), last=_code(last, 30))
    if last.endswith(" + 1"):
        return text("goal.for_to", target=_code(target), first=_code(first, 20), last=_code(last[:-4], 30))
    return text("goal.for_between", target=_code(target), first=_code(first, 20), last=_code(last, 30))


def goes_on(subject: Subject, index: int) -> str:
    """Until when a `while` goes on."""
    text, test = subject.text, subject.body.at(index).test
    node = parse(test)
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        return _compared(subject, index, node)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return text("goal.until", test=_code(ast.unparse(node.operand), 50))
    if isinstance(node, ast.Name):
        key = _ended(subject, index, node.id)
        return text(key, name=_code(node.id)) if key else text("plan.while", test=_code(test, 50))
    return text("plan.while", test=_code(test, 50))


def _compared(subject: Subject, index: int, node: ast.Compare) -> str:
    text, left, right = subject.text, ast.unparse(node.left), ast.unparse(node.comparators[0])
    changed = set(subject.body.written(subject.body.within(index, "body")))
    if isinstance(node.ops[0], (ast.Lt, ast.LtE)) and {left, right} <= changed:
        return text("goal.while_between", low=_code(left), high=_code(right))
    if isinstance(node.ops[0], (ast.IsNot, ast.NotEq)) and right == "None":
        return text("goal.until_none", name=_code(left))
    return text("goal.until", test=_code(f"{left} {_FLIPPED[type(node.ops[0])]} {right}", 50))


def _ended(subject: Subject, index: int, name: str) -> str:
    """What makes `while name` stop: by its type in the run, or by what the body takes out of it."""
    walk = subject.walk
    entries = walk.of(index) if walk is not None else []
    value = walk.before(entries[0].first).get(name) if walk is not None and entries else None
    if isinstance(value, Instance):
        return "goal.until_none"
    if isinstance(value, int):
        return "goal.until_zero" if not isinstance(value, bool) else ""
    return "goal.until_empty" if _is_emptied(subject.body, index, name) or isinstance(value, Sized) else ""


def _is_emptied(body: Body, index: int, name: str) -> bool:
    """Whether the loop takes items out of the container."""
    texts = [body.text(i) for i in body.within(index, "body")]
    takes = ("pop(", "popleft(", "popitem(", "remove(", "clear(")
    return any(f"{name}.{take}" in text for text in texts for take in takes) or any(
        f"heappop({name})" in text for text in texts
    )


# --- ends --------------------------------------------------------------------------------------------


def nothing_found(subject: Subject, index: int) -> str:
    """A constant given after a loop that might have given another answer."""
    body, statement = subject.body, subject.body.at(index)
    if statement.parent is not None or not isinstance(parse(statement.test), (ast.Constant, ast.UnaryOp)):
        return ""
    before = [i for i in body.loops() if body.at(i).span.end_line < statement.span.line]
    inside = [body.at(i).test for loop in before for i in body.within(loop) if body.at(i).kind == "return"]
    if not inside:
        return ""
    key = "goal.passed" if statement.test == "True" else "goal.not_found"
    return subject.text(key, value=_code(statement.test))


def effects(subject: Subject, indexes: Sequence[int]) -> Iterator[str]:
    """What a block leaves behind, in the order of its statements; plain bookkeeping is left out.

    Where it leaves nothing else, what it does to the result.
    """
    found = list(_effects(subject, indexes, moves=False)) or list(_effects(subject, indexes, moves=True))
    results = _results(subject.body)
    for index in indexes if not found else ():
        statement = subject.body.at(index)
        made = [(name, value) for name, value in pairs(statement) if name in results]
        if statement.kind == "assign" and made:
            found.append(subject.text("goal.renew", name=_code(made[0][0]), value=_code(made[0][1])))
    yield from found


def _effects(subject: Subject, indexes: Sequence[int], moves: bool) -> Iterator[str]:
    """Effects with those on the same container or place joined."""
    by_owner, filled = collected(subject, indexes), set[str]()
    stores = [store for index in indexes for store in subject.body.at(index).stores]
    for index in indexes:
        statement = subject.body.at(index)
        owner, _ = _added(statement)
        if owner:
            items = by_owner.pop(owner, [])
            if items:
                listed = subject.text.listing([_code(item, 30) for item in items[:3]], "or")
                yield subject.text("effect.collect", name=_code(owner), item=listed)
            continue
        if filled & set(statement.stores):
            continue
        filled |= set(statement.stores)
        if any(stores.count(store) > 1 for store in statement.stores):
            yield subject.text("effect.store", name=_code(statement.stores[0], 30))
            continue
        if _leaves(subject, statement):
            moving = statement.kind == "augassign" and _steers(subject.body, statement.target)
            said = act(subject, index) if moves or not moving else ""
            if said:
                yield said


def _leaves(subject: Subject, statement: Statement) -> bool:
    """Whether the statement leaves something behind that is more than a value for the next ones."""
    if statement.kind in ("augassign", "expr", "return") or statement.stores or swapped(statement):
        return True
    node = parse(statement.test) if statement.kind == "assign" else None
    return node is not None and bool(_best(subject, statement.target, node))


def collected(subject: Subject, indexes: Sequence[int]) -> dict[str, list[str]]:
    """Container -> the different things that the statements add to it."""
    found: dict[str, list[str]] = {}
    for index in indexes:
        owner, item = _added(subject.body.at(index))
        if owner and item not in found.setdefault(owner, []):
            found[owner].append(item)
    return found


def _added(statement: Statement) -> tuple[str, str]:
    """(container, item) of `container.append(item)`."""
    node = parse(statement.test) if statement.kind == "expr" else None
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or len(node.args) != 1:
        return "", ""
    if node.func.attr not in _ADDS:
        return "", ""
    return ast.unparse(node.func.value), ast.unparse(node.args[0])
