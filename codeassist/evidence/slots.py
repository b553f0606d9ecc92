"""Takes an example call apart into slots that can grow, and writes it again at another size.

Arguments are made in the setup of the run, which is not counted: only the call itself is.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from codeassist.evidence.scaling import is_graph, is_sizable, scaled

_GROWING = ("container", "chain", "tree", "linked", "linked tree", "fill", "made")
_SILENT = ("fill", "made")
"""slots that make the object on which the method is called: no arguments"""
_DRAINS = ("list", "sorted", "tuple", "set", "sum", "next")


@dataclass(frozen=True)
class Slot:
    """One argument. `kind`: container, whole (an int), element (a scalar looked for in a container), label
    (a node), fixed, chain or tree (nested constructor calls), fill (a repeated method call).
    """

    name: str
    kind: str
    text: str
    value: Any = None
    keyword: str = ""
    role: str = ""
    """length or last for an int that follows the size of a container"""


@dataclass(frozen=True)
class Template:
    """An example call as slots: `head(slot, ...)` after `before` has made what it needs."""

    head: str
    slots: tuple[Slot, ...]
    before: tuple[str, ...] = ()

    def growing(self) -> tuple[int, ...]:
        """Indexes of the slots that have a size of their own."""
        return tuple(i for i, slot in enumerate(self.slots) if slot.kind in _GROWING)

    def wholes(self) -> tuple[int, ...]:
        """Indexes of the slots that are plain integers."""
        return tuple(i for i, slot in enumerate(self.slots) if slot.kind == "whole" and not slot.role)


def template(call: str, names: Sequence[str] = ()) -> Template | None:
    """The slots of an example call; `names` are the parameters'. None for an expression of another form."""
    try:
        node = ast.parse(call, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    before: list[str] = []
    fills: list[Slot] = []
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Tuple):
        before, fills, node = _prelude(node.value.elts)
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") in _DRAINS and len(node.args) == 1:
        node = node.args[0] if isinstance(node.args[0], ast.Call) else node
    if not isinstance(node, ast.Call):
        return None
    slots = [_slot(a, names[i] if i < len(names) else f"argument {i + 1}") for i, a in enumerate(node.args)]
    slots += [replace(_slot(k.value, k.arg or ""), keyword=k.arg or "") for k in node.keywords]
    if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Call):
        receiver = _slot(node.func.value, "self")
        return Template(f".{node.func.attr}", (receiver, *_related(slots), *fills), tuple(before))
    return Template(ast.unparse(node.func), (*_related(slots), *fills), tuple(before))


def _prelude(parts: Sequence[ast.expr]) -> tuple[list[str], list[Slot], ast.expr]:
    """`(x := C(), x.push(1), x.push(2), x.pop())`: statements before, the repeated call, the last call."""
    before: list[str] = []
    fills: list[Slot] = []
    steps = list(parts[:-1])
    for part in steps:
        if isinstance(part, ast.NamedExpr):
            made = _slot(part.value, "self")
            if isinstance(made.value, _Around):
                fills.append(replace(made, kind="made", role=part.target.id))
            else:
                before.append(f"{part.target.id} = {ast.unparse(part.value)}")
        elif isinstance(part, ast.Call):
            alike = [
                p for p in steps if isinstance(p, ast.Call) and ast.unparse(p.func) == ast.unparse(part.func)
            ]
            if len(alike) < 2:
                before.append(ast.unparse(part))
            elif part is alike[0]:
                fills.append(Slot("n", "fill", _fill_text(part), len(alike)))
    return before, fills, parts[-1]


def _fill_text(call: ast.Call) -> str:
    """The call with its first number or text made to depend on `_i`."""
    arguments = [ast.unparse(argument) for argument in call.args]
    for index, argument in enumerate(call.args):
        if isinstance(argument, ast.Constant) and isinstance(argument.value, (int, str)):
            whole = isinstance(argument.value, int)
            arguments[index] = "(_i * 40503) % 65536" if whole else "'k%d' % _i"
    return f"{ast.unparse(call.func)}({', '.join(arguments)})"


def _slot(node: ast.expr, name: str) -> Slot:
    text = ast.unparse(node)
    try:
        value = ast.literal_eval(node)
    except (ValueError, SyntaxError, TypeError, RecursionError):
        return _built(node, name, text)
    if is_sizable(value) and not (isinstance(value, str) and len(value) == 1):
        return Slot(name, "container", text, value)
    whole = isinstance(value, int) and not isinstance(value, bool)
    return Slot(name, "whole" if whole else "fixed", text, value)


def _built(node: ast.expr, name: str, text: str) -> Slot:
    """A constructor call nested in its own kind is a chain (once) or a tree (twice)."""
    if isinstance(node, ast.Call):
        own = ast.unparse(node.func)
        nested = [a for a in _arguments(node) if isinstance(a, ast.Call) and ast.unparse(a.func) == own]
        if nested:
            return Slot(name, "chain" if len(nested) == 1 else "tree", text, node)
        inner = [a for a in _arguments(node) if is_sizable(_literal(a))]
        if inner:
            return Slot(name, "container", text, _Around(node, inner[0]))
    if isinstance(node, ast.Subscript) and "setattr" in text:
        return Slot(name, "linked tree" if "'left'" in text else "linked", text, node)
    return Slot(name, "fixed", text, None)


@dataclass(frozen=True)
class _Around:
    """A call such as `from_list([1, 2, 3])` that makes the argument from a literal inside."""

    call: ast.Call
    inner: ast.expr

    def at(self, n: int, flavour: str) -> str:
        value = scaled(_literal(self.inner), n, flavour)
        return ast.unparse(self.call).replace(ast.unparse(self.inner), repr(value), 1)


def _arguments(node: ast.Call) -> list[ast.expr]:
    return [*node.args, *(keyword.value for keyword in node.keywords)]


def _literal(node: ast.expr) -> Any:
    try:
        return ast.literal_eval(node)
    except (ValueError, SyntaxError, TypeError, RecursionError):
        return None


def _related(slots: Sequence[Slot]) -> list[Slot]:
    """Numbers that follow a container: its length, its last position, a node of it, an element of it."""
    containers = [
        slot.value for slot in slots if slot.kind == "container" and not isinstance(slot.value, _Around)
    ]
    others = [value for value in containers if not isinstance(value, str)]
    return [
        _relation(slot, containers) if slot.kind in ("whole", "fixed") or _is_short(slot, others) else slot
        for slot in slots
    ]


def _is_short(slot: Slot, others: Sequence[Any]) -> bool:
    """A text beside containers that is one character, or the name of a node: not a size of its own."""
    if slot.kind != "container" or not isinstance(slot.value, str):
        return False
    return any(isinstance(value, dict) and slot.value in value for value in others)


def _relation(slot: Slot, containers: Sequence[Any]) -> Slot:
    for value in containers:
        if isinstance(value, dict) and is_graph(value) and _within(slot.value, value):
            return replace(slot, kind="label", role="first" if slot.value == next(iter(value)) else "last")
    if slot.kind != "whole":
        return slot
    for value in containers:
        size = len(value)
        if slot.value == size and slot.name not in ("target", "x", "k", "key", "value"):
            return replace(slot, role="length")
        if slot.value == size - 1 and slot.name.strip("_") in (
            "high",
            "hi",
            "right",
            "r",
            "end",
            "last",
            "j",
            "stop",
        ):
            return replace(slot, role="last")
    listed = [value for value in containers if isinstance(value, (list, tuple)) and value]
    numbers = any(all(type(item) is int for item in value) for value in listed)
    searched = slot.name in (
        "target",
        "x",
        "key",
        "query",
        "val",
        "value",
        "elem",
        "element",
        "item",
        "needle",
    )
    return (
        replace(slot, kind="element")
        if numbers and (searched or any(slot.value in v for v in listed))
        else slot
    )


def _within(value: Any, container: Mapping[Any, Any]) -> bool:
    try:
        return value in container
    except TypeError:
        return False


VARIANTS = ("absent high", "absent low", "last", "example")
"""what an element that is looked for can be; for an int alone, which number near n"""


def write(form: Template, sizes: Mapping[int, int], flavour: str, variant: str) -> tuple[list[str], str]:
    """(setup, call) with slot i at `sizes[i]`; slots without a size stay as they are."""
    setup = list(form.before)
    names: list[str] = []
    made: dict[int, Any] = {}
    for index, slot in enumerate(form.slots):
        if slot.kind == "container" and index in sizes and not isinstance(slot.value, _Around):
            made[index] = _container(form, index, sizes, flavour)
    for index, slot in sorted(enumerate(form.slots), key=lambda item: item[1].kind != "made"):
        name = f"_argument_{index}"
        lines = _lines(form, index, slot, sizes, flavour, variant, made, name)
        setup += lines
        if slot.kind not in _SILENT:
            names.append(f"{slot.keyword}={name}" if slot.keyword else name)
    if form.head.startswith("."):
        return setup, f"{names[0]}{form.head}({', '.join(names[1:])})"
    return setup, f"{form.head}({', '.join(names)})"


def _container(form: Template, index: int, sizes: Mapping[int, int], flavour: str) -> Any:
    slot = form.slots[index]
    earlier = [s for s in form.slots[:index] if isinstance(s.value, str) and s.kind == "container"]
    if isinstance(slot.value, str) and earlier and flavour == "equal":
        first = earlier[0].value[0]
        return first * (sizes[index] - 1) + ("b" if first != "b" else "a")
    if flavour == "equal" and _are_numbers(slot) and any(_are_numbers(s) for s in form.slots[:index]):
        first = next(s for s in form.slots if _are_numbers(s)).value[0]
        return [first] * (sizes[index] - 1) + [first + 1]
    return scaled(slot.value, sizes[index], flavour, index, max(sizes.values()))


def _are_numbers(slot: Slot) -> bool:
    value = slot.value
    return slot.kind == "container" and isinstance(value, list) and all(type(item) is int for item in value)


def _lines(
    form: Template, index: int, slot: Slot, sizes: Mapping[int, int], flavour: str, variant: str,
    made: Mapping[int, Any], name: str,
) -> list[str]:  # fmt: skip
    size = sizes.get(index)
    if slot.kind == "fill":
        return [f"for _i in range({size if size is not None else slot.value}): {slot.text}"]
    if index in made:
        return [f"{name} = {made[index]!r}"]
    if slot.kind == "made" and isinstance(slot.value, _Around):
        return [f"{slot.role} = {slot.value.at(size, flavour) if size is not None else slot.text}"]
    if isinstance(slot.value, _Around) and size is not None:
        return [f"{name} = {slot.value.at(size, flavour)}"]
    if slot.kind in ("chain", "tree", "linked", "linked tree") and size is not None:
        return [*_structure(slot, size, flavour), f"{name} = _structure"]
    if slot.kind == "whole" and size is not None:
        return [f"{name} = {size}"]
    if slot.kind in ("element", "label") or slot.role:
        return [f"{name} = {_follow(slot, made, variant)}"]
    return [f"{name} = {slot.text}"]


def _follow(slot: Slot, made: Mapping[int, Any], variant: str) -> str:
    values = list(made.values())
    if not values:
        return slot.text
    first = values[0]
    if slot.role in ("length", "last") and slot.kind == "whole":
        return str(len(first) - (slot.role == "last"))
    if slot.kind == "label":
        keys = next((list(v) for v in values if isinstance(v, dict)), [])
        return repr(keys[0 if slot.role == "first" else -1]) if keys else slot.text
    items = next((v for v in values if isinstance(v, (list, tuple)) and v and type(v[0]) is int), None)
    if items is None or variant == "example":
        return slot.text
    return str({"absent high": max(items) + 1, "absent low": min(items) - 1}.get(variant, items[-1]))


def _structure(slot: Slot, size: int, flavour: str) -> list[str]:
    if slot.kind == "linked":
        cls = _class_of(slot.value)
        return [
            "_structure = None",
            f"for _i in range({size}, 0, -1):\n _next = _structure\n"
            f" _structure = {cls}(_i)\n _structure.next = _next",
        ]
    if slot.kind == "linked tree":
        cls = _class_of(slot.value)
        make = (
            f" mid = (low + high) // 2\n _node = {cls}(mid)\n _node.left = _tree(low, mid - 1)\n"
            " _node.right = _tree(mid + 1, high)\n return _node"
        )
        return [
            f"def _tree(low, high):\n if low > high:\n  return None\n{make}",
            f"_structure = _tree(1, {size})",
        ]
    text = [_part(slot.value, item) for item in _pattern(slot.value)]
    if slot.kind == "chain" or flavour == "sorted":
        right = [
            part.replace("LEFT", "None").replace("RIGHT", "_structure").replace("VALUE", "_i")
            for part in text
        ]
        cls = ast.unparse(slot.value.func)
        return [
            "_structure = None",
            f"for _i in range({size}, 0, -1): _structure = {cls}({', '.join(right)})",
        ]
    mid = "(low + high) // 2"
    both = [
        part.replace("LEFT", f"_tree(low, {mid} - 1)")
        .replace("RIGHT", f"_tree({mid} + 1, high)")
        .replace("VALUE", mid)
        for part in text
    ]
    body = f"return {ast.unparse(slot.value.func)}({', '.join(both)}) if low <= high else None"
    return [f"def _tree(low, high): {body}", f"_structure = _tree(1, {size})"]


def _pattern(node: ast.Call) -> list[tuple[str, ast.expr]]:
    return [("", a) for a in node.args] + [(k.arg or "", k.value) for k in node.keywords]


def _part(call: ast.Call, item: tuple[str, ast.expr]) -> str:
    """One argument of a node's constructor with VALUE, LEFT and RIGHT in the places of data and links."""
    keyword, node = item
    own = ast.unparse(call.func)
    links = [a for a in _arguments(call) if isinstance(a, ast.Call) and ast.unparse(a.func) == own]
    text = ast.unparse(node)
    if node in links:
        text = "LEFT" if len(links) > 1 and node is links[0] else "RIGHT"
    elif isinstance(node, ast.Constant) and isinstance(node.value, int) and node.value is not True:
        text = "VALUE"
    return f"{keyword}={text}" if keyword else text


def _class_of(node: ast.expr) -> str:
    calls = [n for n in ast.walk(node) if isinstance(n, ast.NamedExpr) and isinstance(n.value, ast.Call)]
    return ast.unparse(calls[0].value.func) if calls and isinstance(calls[0].value, ast.Call) else "object"
