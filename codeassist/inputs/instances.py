"""Arguments that are objects of the program's own classes: linked lists, trees, plain constructor calls."""

from __future__ import annotations

from collections.abc import Sequence

from codeassist.inputs.shapes import Shape
from codeassist.records.program import Function, Module, Parameter

_LINKS = ("next", "next_node", "nxt", "tail", "rest")
_VALUES = ("val", "value", "data", "x", "key", "item", "v", "d", "n")
_PLAIN = "__import__('types').SimpleNamespace"


def instances(shape: Shape, module: Module, parameter: str = "") -> list[str]:
    """Expressions that build an instance for `shape`, the likeliest first."""
    use = shape.parts[0].note if shape.parts else shape.note
    name = shape.note if shape.note not in ("next", "tree", "?") else ""
    structure = _structure(use, name, parameter)
    names = [name] if name else _classes(module, structure)
    result: list[str] = []
    for cls in names:
        result += _of_class(cls, structure, module)
    if not names and structure:
        result += _namespaces(structure)
    return result


def _structure(use: str, name: str, parameter: str) -> str:
    lowered = name.lower()
    if use == "tree" or "tree" in lowered or "bst" in lowered or parameter in ("root", "tree"):
        return "tree"
    if use == "next" or "list" in lowered and "node" in lowered or parameter in ("head", "first_node"):
        return "next"
    return ""


def _classes(module: Module, structure: str) -> list[str]:
    """Classes that the module defines or imports which may be meant."""
    defined = [f.name for f in module.functions if f.kind == "class" and f.parent == "<module>"]
    imported = [i.name for i in module.imports if i.function == "<module>" and i.name[:1].isupper()]
    wanted = {"tree": ("Node", "Tree"), "next": ("Node", "List")}.get(structure, ())
    nodes = [name for name in [*defined, *imported] if any(word in name for word in wanted)]
    return nodes or defined


def constructor(module: Module, cls: str) -> Function | None:
    """The `__init__` that the module defines for class `cls`."""
    return next((f for f in module.functions if f.name == "__init__" and f.parent == cls), None)


def _of_class(cls: str, structure: str, module: Module) -> list[str]:
    known = next((f for f in module.functions if f.kind == "class" and f.name == cls), None)
    parameters = list(parameters_of(module, cls)) if known else None
    names = [parameter.name for parameter in parameters or ()]
    if structure == "tree" and (parameters is None or "left" in names):
        return [_tree(cls, 2), f"{cls}(7)", *_linked_tree(cls)]
    if structure == "next" and (parameters is None or set(names) & set(_LINKS)):
        return [_chain(cls, [1, 2, 3, 4]), f"{cls}(7)", _chain(cls, [1, 2, 2, 1]), *_linked_list(cls)]
    if structure == "next":
        return _linked_list(cls)
    if structure == "tree":
        return _linked_tree(cls)
    return _plain(cls, parameters)


def parameters_of(module: Module, cls: str) -> Sequence[Parameter]:
    """What the constructor takes: of `__init__`, or the annotated fields of a class without one."""
    init = constructor(module, cls)
    if init is not None:
        return init.parameters[1:]
    fields = (s for s in module.statements if s.function == cls and s.kind == "annassign")
    decorated = next((f for f in module.functions if f.kind == "class" and f.name == cls), None)
    if decorated is None or not any("dataclass" in text for text in decorated.decorators):
        base = next((b for b in decorated.bases if b != cls), "") if decorated else ""
        return parameters_of(module, base) if _defined(module, base) else ()
    return tuple(Parameter(field.target, "positional", "", field.test) for field in fields)


def _defined(module: Module, cls: str) -> bool:
    return any(f.kind == "class" and f.name == cls for f in module.functions)


def _plain(cls: str, parameters: list[Parameter] | None) -> list[str]:
    if parameters is None:
        return [f"{cls}()", f"{cls}(1)", f"{cls}(3, 4)", f"{cls}('a')"]
    required = [p for p in parameters if not p.default and p.kind in ("positional", "positional-only")]
    links = [p for p in parameters if p.default == "None"]
    if len(required) == 1 and len(links) == 1:
        return [_chain(cls, [1, 2, 3, 4]), f"{cls}(7)", _chain(cls, [1, 2, 2, 1])]
    if len(required) == 1 and len(links) == 2:
        return [_tree(cls, 2), f"{cls}(7)"]
    values = ", ".join(str(3 + i) for i in range(len(required)))
    texts = ", ".join(repr("ab"[i % 2]) for i in range(len(required)))
    return list(dict.fromkeys([f"{cls}({values})", f"{cls}({texts})"]))


def _tree(cls: str, depth: int, value: int = 4, step: int = 2) -> str:
    if not depth:
        return f"{cls}({value})"
    left, right = (_tree(cls, depth - 1, value + sign * step, step // 2 or 1) for sign in (-1, 1))
    return f"{cls}({value}, {left}, {right})"


def _chain(cls: str, values: list[int]) -> str:
    text = f"{cls}({values[-1]})"
    for value in values[-2::-1]:
        text = f"{cls}({value}, {text})"
    return text


def _linked_list(cls: str) -> list[str]:
    """For a constructor that takes the value alone: the links are set afterwards, in one expression."""
    build = f"(a := {cls}(1), b := {cls}(2), c := {cls}(3), setattr(a, 'next', b), setattr(b, 'next', c))[0]"
    return [build, f"{cls}(7)"]


def _linked_tree(cls: str) -> list[str]:
    build = f"(a := {cls}(4), setattr(a, 'left', {cls}(2)), setattr(a, 'right', {cls}(6)))[0]"
    return [build, f"{cls}(7)"]


def _namespaces(structure: str) -> list[str]:
    """Where no class is to be found: plain objects with the attributes that such nodes have."""
    if structure == "next":
        return [_namespace_chain((1, 2, 3)), "None"]
    leaf = "{0}(val={1}, value={1}, data={1}, key={1}, left=None, right=None)"
    left, right = (leaf.format(_PLAIN, value) for value in (2, 6))
    return [f"{_PLAIN}(val=4, value=4, data=4, key=4, left={left}, right={right})", "None"]


def _namespace_chain(values: Sequence[int]) -> str:
    text = "None"
    for value in reversed(values):
        text = f"{_PLAIN}(val={value}, value={value}, data={value}, next={text})"
    return text
