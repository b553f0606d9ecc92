"""Calls near a call: literals changed a little, toward constants of the code, and toward each other."""

from __future__ import annotations

import ast
import copy
import itertools
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from codeassist.reviewing.calls import target_call, text_of, tree_of

_MOST_STEPS = 24
_LONGEST = 14
"""items that a grown list may have"""
Literal = ast.Constant | ast.List | ast.Tuple | ast.Set | ast.Dict
_CONTAINERS = (ast.List, ast.Tuple, ast.Set, ast.Dict)


@dataclass(frozen=True, slots=True)
class Constants:
    """Numbers and texts that the two versions compare with or compute with."""

    numbers: tuple[int | float, ...] = ()
    texts: tuple[str, ...] = ()


def constants(sources: Sequence[str]) -> Constants:
    """The constants of source texts, each number with its two neighbours."""
    numbers: dict[int | float, None] = {}
    texts: dict[str, None] = {}
    for node in itertools.chain.from_iterable(ast.walk(_parsed(text)) for text in sources):
        value = node.value if isinstance(node, ast.Constant) else None
        if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 10_000:
            numbers.update(dict.fromkeys((value, value - 1, value + 1, -value)))
        elif isinstance(value, str) and 0 < len(value) < 20:
            texts[value] = None
    return Constants(tuple(numbers), tuple(texts))


def _parsed(text: str) -> ast.AST:
    import textwrap

    try:
        return ast.parse(textwrap.dedent(text))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module([], [])


class Neighbours:
    """Makes calls near others, always the same for the same seed."""

    def __init__(self, name: str, near: Constants, seed: int = 0) -> None:
        self.name, self.near = name, near
        self.random = random.Random(seed)

    def around(self, text: str, count: int) -> Iterator[str]:
        """At most `count` calls that differ from `text` in one to three places."""
        for _ in range(count):
            changed = tree_of(text)  # quicker than copying
            if changed is None:
                return
            ordered = _all_ordered(changed)
            for _ in range(self.random.choice((1, 1, 1, 2, 2, 3))):
                self._change(changed)
            if ordered and self.random.random() < 0.9:
                _sort_all(changed)
            try:
                yield text_of(changed)
            except (ValueError, RecursionError):
                continue

    def grid(self, text: str, most: int) -> Iterator[str]:
        """Calls whose scalar arguments take every combination of a few telling values, simplest first."""
        tree = tree_of(text)
        call = target_call(tree, self.name) if tree is not None else None
        if tree is None or call is None or not call.args or not 1 <= len(call.args) <= 4:
            return
        if not all(_scalar(node) for node in call.args):
            return
        pools = [self._pool(node) for node in call.args]
        wide = max(2, int(most ** (1 / len(pools))))
        for chosen in itertools.product(*(pool[:wide] for pool in pools)):
            call.args = [_node(value) for value in chosen]
            yield text_of(tree)

    def _pool(self, node: ast.expr) -> list[object]:
        value = _value(node)
        if isinstance(value, bool):
            return [False, True]
        if isinstance(value, int):
            near = [n for n in self.near.numbers if isinstance(n, int)]
            return list(
                dict.fromkeys([0, 1, 2, -1, 3, 5, *near, 4, 10, 7, 12, -3, 100, 6, 8, 9, 11, 13, 15, 16])
            )
        if isinstance(value, float):
            return list(dict.fromkeys([0.0, 1.0, -1.0, 0.5, 2.0, *map(float, self.near.numbers), 1.5, 10.0]))
        return list(
            dict.fromkeys(["", "a", "ab", "aa", "ba", *self.near.texts, value, "aba", "abc", "A", " "])
        )

    # --- one change ----------------------------------------------------------------------------------

    def _change(self, tree: ast.expr) -> None:
        places = list(_places(tree, self.name))
        if not places:
            return
        node, put = self.random.choice(places)
        if isinstance(node, ast.Tuple) and _is_steps(node):
            self._change_steps(node, tree)
        elif isinstance(node, ast.Dict):
            self._change_dict(node)
        elif isinstance(node, (ast.List, ast.Tuple, ast.Set)):
            self._change_items(node, tree)
        else:
            put(_node(self._scalar(_value(node), tree)))

    def _scalar(self, value: object, tree: ast.expr) -> object:
        if isinstance(value, bool):
            return not value
        if isinstance(value, (int, float)):
            return self._number(value, tree)
        if isinstance(value, str):
            return self._string(value, tree)
        return value

    def _number(self, value: int | float, tree: ast.expr) -> int | float:
        others = [v for v in _scalars(tree) if isinstance(v, (int, float))]
        sizes = [len(n.elts) for n in ast.walk(tree) if isinstance(n, (ast.List, ast.Tuple))]
        choices: list[int | float] = [value + 1, value - 1, 0, 1, 2, -value, value * 2]
        choices += [self.random.choice([*others, *sizes, 0]) + self.random.choice((-1, 0, 0, 1))] * 3
        if self.near.numbers:
            choices += [self.random.choice(self.near.numbers)] * 3
        choices.append(self.random.randint(-20, 100))
        chosen = self.random.choice(choices)
        if abs(chosen) > 1e6:
            chosen = 7
        if isinstance(value, int):
            return int(chosen)
        return float(chosen) + self.random.choice((0.0, 0.0, 0.5))

    def _string(self, value: str, tree: ast.expr) -> str:
        others = [v for v in _scalars(tree) if isinstance(v, str)]
        letters = "".join(dict.fromkeys("".join([*others, *self.near.texts]))) or "ab"
        place = self.random.randrange(len(value) + 1)
        pick = self.random.choice(letters)
        choices = [
            value[:place] + value[place + 1 :], value[:place] + pick + value[place:],
            value[:place] + pick + value[place + 1 :], value[::-1], value + value[:2],
            value[place:] + value[:place],
            value[:place], self.random.choice([*others, *self.near.texts, ""]), value + value[::-1],
            value.swapcase(),
        ]  # fmt: skip
        return self.random.choice(choices)[: 2 * _LONGEST]

    def _change_items(self, node: ast.List | ast.Tuple | ast.Set, tree: ast.expr) -> None:
        items = node.elts
        rows = [item for item in items if isinstance(item, (ast.List, ast.Tuple))]
        if (
            rows
            and len(rows) == len(items)
            and len({len(r.elts) for r in rows}) == 1
            and self.random.random() < 0.5
        ):
            self._change_columns(rows)
        else:
            self.random.choice(self._item_changes(items))(items, tree)
        if isinstance(node, ast.Set) and not items:
            items.append(ast.Constant(0))

    def _item_changes(self, items: list[ast.expr]) -> list[Callable[[list[ast.expr], ast.expr], None]]:
        if not items:
            return [self._grow]
        return [
            self._drop,
            self._drop,
            self._double,
            self._swap,
            self._turn,
            self._cut,
            self._grow,
            self._equal,
        ]

    def _change_steps(self, node: ast.Tuple, tree: ast.expr) -> None:
        """Operations on an object: one left out, one repeated, or many once more with other values."""
        steps = node.elts
        inner = steps[1:-1] or [copy.deepcopy(steps[-1])]
        way = self.random.random()
        if way < 0.25 and len(steps) > 2:
            del steps[self.random.randrange(1, len(steps) - 1)]
            return
        count = 1 if way < 0.6 else self.random.randint(2, 8)
        for _ in range(min(count, _MOST_STEPS - len(steps))):
            step = copy.deepcopy(self.random.choice(inner))
            for place, put in [p for p in _places(step, self.name) if _scalar(p[0])]:
                put(_node(self._scalar(_value(place), tree)))
            steps.insert(self.random.randrange(1, len(steps)), step)

    def _change_columns(self, rows: Sequence[ast.List | ast.Tuple]) -> None:
        """A matrix stays one."""
        width = len(rows[0].elts)
        if not width:
            return
        column = self.random.randrange(width)
        grow = self.random.random() < 0.4
        for row in rows:
            if grow:
                row.elts.insert(column, copy.deepcopy(row.elts[column]))
            else:
                del row.elts[column]

    def _drop(self, items: list[ast.expr], tree: ast.expr) -> None:
        del items[self.random.randrange(len(items))]

    def _double(self, items: list[ast.expr], tree: ast.expr) -> None:
        if len(items) < _LONGEST:
            copied = copy.deepcopy(self.random.choice(items))
            items.insert(self.random.randrange(len(items) + 1), copied)

    def _grow(self, items: list[ast.expr], tree: ast.expr) -> None:
        """One item more, like those there are, or like one of another list."""
        others = [n for n in ast.walk(tree) if isinstance(n, (ast.List, ast.Tuple)) and n.elts]
        source = items or (self.random.choice(others).elts if others else [ast.Constant(1)])
        if len(items) < _LONGEST:
            grown = copy.deepcopy(self.random.choice(source))
            if _scalar(grown):
                grown = _node(self._scalar(_value(grown), tree))
            items.insert(self.random.randrange(len(items) + 1), grown)

    def _swap(self, items: list[ast.expr], tree: ast.expr) -> None:
        i, j = self.random.randrange(len(items)), self.random.randrange(len(items))
        items[i], items[j] = items[j], items[i]

    def _turn(self, items: list[ast.expr], tree: ast.expr) -> None:
        items.reverse()

    def _cut(self, items: list[ast.expr], tree: ast.expr) -> None:
        del items[self.random.randrange(len(items)) :]

    def _equal(self, items: list[ast.expr], tree: ast.expr) -> None:
        """One item becomes like another."""
        items[self.random.randrange(len(items))] = copy.deepcopy(self.random.choice(items))

    def _change_dict(self, node: ast.Dict) -> None:
        if not node.keys:
            return
        place = self.random.randrange(len(node.keys))
        if self.random.random() < 0.5:
            del node.keys[place], node.values[place]
        else:
            node.values[place] = copy.deepcopy(self.random.choice(node.values))


# --- places ----------------------------------------------------------------------------------------

Place = tuple[ast.expr, Callable[[ast.expr], None]]


def _places(tree: ast.expr, name: str) -> Iterator[Place]:
    """Literals of the expression that may change, each with what puts another in its place.

    The steps of `(a := A(), a.f(), a.g())[-1]` count as one place.
    """
    for parent in ast.walk(tree):
        if isinstance(parent, ast.Subscript) and _is_steps(parent.value):
            yield parent.value, _stay
            continue
        for field, value in ast.iter_fields(parent):
            if isinstance(value, list):
                for index, item in enumerate(value):
                    if _may_change(item):
                        yield item, _putter(value, index)
            elif _may_change(value) and not (isinstance(parent, ast.UnaryOp) or field in ("slice", "func")):
                yield value, partial(setattr, parent, field)


def _stay(new: ast.expr) -> None:
    """Steps are changed in place."""


def _is_steps(node: ast.expr) -> bool:
    return isinstance(node, ast.Tuple) and any(isinstance(item, ast.NamedExpr) for item in node.elts)


def _may_change(node: object) -> bool:
    if isinstance(node, _CONTAINERS):
        return not (isinstance(node, ast.Tuple) and _is_steps(node))
    return isinstance(node, ast.expr) and _scalar(node) and _value(node) is not None


def _putter(items: list[ast.expr], index: int) -> Callable[[ast.expr], None]:
    def put(new: ast.expr) -> None:
        items[index] = new

    return put


def _scalar(node: ast.expr) -> bool:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        node = node.operand
        return isinstance(node, ast.Constant) and type(node.value) in (int, float)
    return isinstance(node, ast.Constant) and type(node.value) in (int, float, bool, str)


def _value(node: ast.expr) -> object:
    try:
        return ast.literal_eval(node)
    except (ValueError, SyntaxError, TypeError):
        return None


def _node(value: object) -> ast.expr:
    return ast.parse(repr(value), mode="eval").body


def _scalars(tree: ast.expr) -> list[object]:
    return [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]


def _is_ordered(items: Sequence[ast.expr]) -> bool:
    values = [_value(item) for item in items]
    try:
        return len(values) > 1 and None not in values and values == sorted(values)  # type: ignore[type-var]
    except TypeError:
        return False


def _all_ordered(tree: ast.expr) -> bool:
    """Whether every list of several plain items is in order: the function may need it."""
    lists = [n.elts for n in ast.walk(tree) if isinstance(n, ast.List) and len(n.elts) > 1]
    return bool(lists) and all(map(_is_ordered, lists))


def _sort_all(tree: ast.expr) -> None:
    for node in ast.walk(tree):
        if isinstance(node, ast.List):
            _sort(node.elts)


def _sort(items: list[ast.expr]) -> None:
    try:
        items.sort(key=_value)  # type: ignore[arg-type]
    except TypeError:
        return
