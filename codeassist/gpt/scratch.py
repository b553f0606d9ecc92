"""Working a line out step by step, as on scratch paper.

A walker over the syntax tree computes what the line does to plain values and writes down each small
result: `b[3]=6;71+6=32`. A network that writes these steps before its answer needs to be right only
one small step at a time (Nye et al. 2021, "Show Your Work"). What the walker does not know is
Unspeakable, and its result counts only if the recorded run agrees (see narration.py).
"""

from __future__ import annotations

import ast
import copy
import operator
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from codeassist.gpt.codec import Letters, Unspeakable, encode, number

ARITHMETIC: dict[type[ast.operator], tuple[str, Callable[[Any, Any], Any]]] = {
    ast.Add: ("+", operator.add),
    ast.Sub: ("-", operator.sub),
    ast.Mult: ("*", operator.mul),
    ast.FloorDiv: ("//", operator.floordiv),
    ast.Mod: ("%", operator.mod),
}
COMPARISONS: dict[type[ast.cmpop], tuple[str, Callable[[Any, Any], bool]]] = {
    ast.Eq: ("==", operator.eq),
    ast.NotEq: ("!=", operator.ne),
    ast.Lt: ("<", operator.lt),
    ast.LtE: ("<=", operator.le),
    ast.Gt: (">", operator.gt),
    ast.GtE: (">=", operator.ge),
    ast.In: (" in ", lambda a, b: a in b),
    ast.NotIn: (" not in ", lambda a, b: a not in b),
    ast.Is: (" is ", lambda a, b: a is b),
    ast.IsNot: (" is not ", lambda a, b: a is not b),
}


@dataclass(slots=True)
class Scratch:
    """Values by name, which statements change, and the steps written so far."""

    values: dict[str, Any]
    letters: Letters
    steps: list[str] = field(default_factory=list)

    def note(self, left: str, value: Any) -> Any:
        """Write a small result down, and give it back."""
        self.steps.append(f"{left}={encode(value)}")
        return value

    def show(self, node: ast.expr, value: Any) -> str:
        """An operand in a step: scalars by value, named containers by letter."""
        if isinstance(node, ast.Name) and isinstance(value, list | dict | set | tuple | deque):
            return self.letters.of(node.id)
        return encode(value)

    def evaluate(self, node: ast.expr) -> Any:
        """The value of an expression; writes the steps that lead to it."""
        rule = EXPRESSIONS.get(type(node))
        if rule is None:
            raise Unspeakable(f"an expression of kind {type(node).__name__}")
        return rule(self, node)


def constant(paper: Scratch, node: ast.Constant) -> Any:
    return node.value


def name(paper: Scratch, node: ast.Name) -> Any:
    if node.id not in paper.values:
        raise Unspeakable(f"{node.id} has no recorded value")
    return paper.values[node.id]


def sequence(paper: Scratch, node: ast.List | ast.Tuple) -> Any:
    items = [paper.evaluate(item) for item in node.elts]
    return items if isinstance(node, ast.List) else tuple(items)


def dictionary(paper: Scratch, node: ast.Dict) -> Any:
    if any(key is None for key in node.keys):
        raise Unspeakable("an unpacked dict")
    return {paper.evaluate(k): paper.evaluate(v) for k, v in zip(node.keys, node.values, strict=True) if k}


def binary(paper: Scratch, node: ast.BinOp) -> Any:
    left, right = paper.evaluate(node.left), paper.evaluate(node.right)
    return arithmetic(paper, node.op, (node.left, left), (node.right, right))


def arithmetic(paper: Scratch, op: ast.operator, a: tuple[ast.expr, Any], b: tuple[ast.expr, Any]) -> Any:
    """One operation, with the middle steps that long multiplication and division take."""
    if type(op) not in ARITHMETIC:
        raise Unspeakable(f"the operator {type(op).__name__}")
    sign, function = ARITHMETIC[type(op)]
    (left_node, left), (right_node, right) = a, b
    if not bounded(left, right):
        raise Unspeakable("large operands")
    if type(left) is int and type(right) is int:
        if sign == "*" and min(abs(left), abs(right)) > 9:
            multiply(paper, left, right)
        if sign in ("//", "%") and left > 9 and right > 0:
            divide(paper, left, right)
    result = function(left, right)
    return paper.note(f"{paper.show(left_node, left)}{sign}{paper.show(right_node, right)}", result)


def bounded(left: Any, right: Any) -> bool:
    """Whether the operands are small enough to be worked out: neither huge numbers nor many copies."""
    most = 10**12 if type(left) is type(right) else 100
    return all(type(value) is not int or abs(value) <= most for value in (left, right))


def multiply(paper: Scratch, left: int, right: int) -> None:
    """Partial products, lowest digit first, and their running sum."""
    total = 0
    for place, digit in enumerate(reversed(str(abs(right)))):
        part = paper.note(f"{encode(abs(left))}*{digit}", abs(left) * int(digit)) * 10**place
        total = paper.note(f"{encode(total)}+{encode(part)}", total + part)


def divide(paper: Scratch, left: int, right: int) -> None:
    """Long division, highest digit first: quotient digit and remainder at each digit."""
    rest, row = 0, []
    for digit in str(left):
        rest = rest * 10 + int(digit)
        row.append(f"{encode(rest)}>{rest // right}r{encode(rest % right)}")
        rest %= right
    paper.steps.append(f"{encode(left)}/{encode(right)} {','.join(row)}")


def unary(paper: Scratch, node: ast.UnaryOp) -> Any:
    value = paper.evaluate(node.operand)
    if isinstance(node.op, ast.USub) and type(value) is int:
        return -value if isinstance(node.operand, ast.Constant) else paper.note(f"-{encode(value)}", -value)
    if isinstance(node.op, ast.Not):
        return paper.note(f"not {paper.show(node.operand, value)}", not value)
    raise Unspeakable("a sign")


def boolean(paper: Scratch, node: ast.BoolOp) -> Any:
    """`and` and `or` stop at the first operand that settles them."""
    settles = isinstance(node.op, ast.Or)
    value: Any = None
    for operand in node.values:
        value = paper.evaluate(operand)
        if bool(value) is settles:
            break
    return value


def compare(paper: Scratch, node: ast.Compare) -> Any:
    left_node, left = node.left, paper.evaluate(node.left)
    result: Any = True
    for op, right_node in zip(node.ops, node.comparators, strict=True):
        right = paper.evaluate(right_node)
        sign, function = COMPARISONS[type(op)]
        step = f"{paper.show(left_node, left)}{sign}{paper.show(right_node, right)}"
        result = paper.note(step, function(left, right))
        if not result:
            break
        left_node, left = right_node, right
    return result


def choice(paper: Scratch, node: ast.IfExp) -> Any:
    return paper.evaluate(node.body if paper.evaluate(node.test) else node.orelse)


def element(paper: Scratch, node: ast.Subscript) -> Any:
    base = paper.evaluate(node.value)
    where = paper.show(node.value, base)
    if isinstance(node.slice, ast.Slice):
        low, high, step = (
            None if part is None else paper.evaluate(part)
            for part in (node.slice.lower, node.slice.upper, node.slice.step)
        )
        shown = ":".join("" if part is None else encode(part) for part in (low, high))
        shown += "" if step is None else f":{encode(step)}"
        return paper.note(f"{where}[{shown}]", base[low:high:step])
    index = paper.evaluate(node.slice)
    if type(index) is int and index < 0 and isinstance(base, list | tuple | str):
        index = paper.note(f"len({where}){number(index)}", len(base) + index)
    return paper.note(f"{where}[{encode(index)}]", base[index])


def call(paper: Scratch, node: ast.Call) -> Any:
    if node.keywords or any(isinstance(argument, ast.Starred) for argument in node.args):
        raise Unspeakable("keyword or starred arguments")
    if isinstance(node.func, ast.Attribute):
        return method(paper, node, node.func)
    if not isinstance(node.func, ast.Name) or node.func.id not in FUNCTIONS or node.func.id in paper.values:
        raise Unspeakable("a call")
    arguments = [paper.evaluate(argument) for argument in node.args]
    shown = ",".join(paper.show(n, v) for n, v in zip(node.args, arguments, strict=True))
    if node.func.id in FOLDS and len(arguments) == 1:
        fold(paper, node.func.id, arguments[0])
    return paper.note(f"{node.func.id}({shown})", FUNCTIONS[node.func.id](*arguments))


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "len": len,
    "min": min,
    "max": max,
    "sum": sum,
    "abs": abs,
    "list": list,
    "tuple": tuple,
    "sorted": sorted,
    "str": str,
    "int": int,
    "bool": bool,
    "set": set,
    "dict": dict,
    "deque": deque,
}
FOLDS: dict[str, Callable[[Any, Any], Any]] = {"sum": operator.add, "min": min, "max": max}


def fold(paper: Scratch, function: str, items: Any) -> None:
    """The running result of sum, min and max over the elements."""
    row: list[Any] = []
    for item in items:
        row.append(item if not row else FOLDS[function](row[-1], item))
    paper.steps.append(f"{function}:" + ",".join(encode(item) for item in row))


METHODS: dict[type, set[str]] = {
    list: {
        "append",
        "pop",
        "insert",
        "extend",
        "remove",
        "reverse",
        "sort",
        "index",
        "count",
        "copy",
        "clear",
    },
    deque: {"append", "popleft", "pop", "appendleft"},
    dict: {"get", "pop", "copy"},
    set: {"add", "discard", "remove", "copy"},
    str: {"upper", "lower", "isdigit", "isalpha", "count"},
}


def method(paper: Scratch, node: ast.Call, function: ast.Attribute) -> Any:
    """A method of a plain container, which may change it."""
    owner = paper.evaluate(function.value)
    if function.attr not in METHODS.get(type(owner), set()):
        raise Unspeakable(f"the method {function.attr}")
    arguments = [paper.evaluate(argument) for argument in node.args]
    shown = ",".join(encode(argument) for argument in arguments)
    where = paper.show(function.value, owner)
    result = getattr(owner, function.attr)(*copy.deepcopy(arguments))
    return result if result is None else paper.note(f"{where}.{function.attr}({shown})", result)


EXPRESSIONS: dict[type[ast.expr], Callable[[Scratch, Any], Any]] = {
    ast.Constant: constant,
    ast.Name: name,
    ast.List: sequence,
    ast.Tuple: sequence,
    ast.Dict: dictionary,
    ast.BinOp: binary,
    ast.UnaryOp: unary,
    ast.BoolOp: boolean,
    ast.Compare: compare,
    ast.IfExp: choice,
    ast.Subscript: element,
    ast.Call: call,
}


def assign(paper: Scratch, target: ast.expr, value: Any) -> None:
    """Store a value under a name, into an element, or spread over a tuple of targets."""
    if isinstance(target, ast.Name):
        paper.letters.of(target.id)
        paper.values[target.id] = value
    elif isinstance(target, ast.Tuple | ast.List):
        for part, item in zip(target.elts, list(value), strict=True):
            assign(paper, part, item)
    elif isinstance(target, ast.Subscript) and not isinstance(target.slice, ast.Slice):
        paper.evaluate(target.value)[paper.evaluate(target.slice)] = value
    else:
        raise Unspeakable("a target")


def loop_item(paper: Scratch, node: ast.expr, turn: int) -> tuple[bool, Any]:
    """Whether the loop over `node` has an item at this turn (from 0), and which."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range":
        numbers = range(*(paper.evaluate(argument) for argument in node.args))
        item = numbers.start + turn * numbers.step
        paper.note(f"{encode(numbers.start)}+{encode(turn)}*{encode(numbers.step)}", item)
        sign = "<" if numbers.step > 0 else ">"
        there = paper.note(f"{encode(item)}{sign}{encode(numbers.stop)}", turn < len(numbers))
        return there, item if there else None
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "enumerate":
        there, item = loop_item(paper, node.args[0], turn)
        return there, (turn, item) if there else None
    items = paper.evaluate(node)
    if not isinstance(items, list | tuple | str):
        raise Unspeakable("a loop over something else")
    length = paper.note(f"len({paper.show(node, items)})", len(items))
    there = paper.note(f"{encode(turn)}<{encode(length)}", turn < length)
    return there, paper.note(f"{paper.show(node, items)}[{encode(turn)}]", items[turn]) if there else None


def parse_line(line: str) -> ast.stmt:
    """The syntax tree of one statement or header; Unspeakable when the line does not stand alone."""
    stripped = line.strip()
    if stripped.startswith("elif "):
        stripped = stripped[2:]
    try:
        tree = ast.parse(stripped + " pass" if stripped.endswith(":") else stripped)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise Unspeakable("a line that does not stand alone") from error
    if len(tree.body) != 1:
        raise Unspeakable("not one statement")
    return tree.body[0]


def start(values: Mapping[str, Any], letters: Letters) -> Scratch:
    """A sheet with its own copy of the values."""
    return Scratch(copy.deepcopy(dict(values)), letters)
