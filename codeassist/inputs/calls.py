"""Builds call expressions for a function: first values that fit together, then one parameter at a time."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from codeassist.inputs.guess import guesses
from codeassist.inputs.shapes import Shape, is_sequence
from codeassist.inputs.uses import Uses, fits, interesting
from codeassist.inputs.values import Context, relative, texts
from codeassist.records.program import Function, Module, Parameter

_ORDERED = re.compile(
    r"(binary|jump|interpolation|ternary|exponential|fibonacci).?search|bisect"
    r"|\bsorted (list|array|sequence|order|input)|(in|is) sorted|ascending",
    re.I,
)
Shapes = tuple[Shape, ...]


def required(function: Function) -> tuple[Parameter, ...]:
    """Parameters that a call has to give: no default, `self` and `cls` left out."""
    return tuple(p for p in _given(function) if not p.default and p.kind != "double-star")


def _given(function: Function) -> Sequence[Parameter]:
    bound = function.kind in ("method", "class-method", "property")
    return function.parameters[1:] if bound else function.parameters


def combinations(function: Function, found: Uses, limit: int = 40) -> list[Shapes]:
    """Shapes for all required parameters together, by the sum of their ranks."""
    ranked = [guesses(parameter, found) for parameter in required(function)]
    if not ranked:
        return [()]
    indexes = itertools.product(*(range(min(len(r), 5 if len(ranked) < 4 else 3)) for r in ranked))
    names = [parameter.name for parameter in required(function)]

    def rank(item: tuple[int, ...]) -> tuple[int, int, tuple[int, ...]]:
        chosen = [r[i] for r, i in zip(ranked, item, strict=True)]
        return sum(item) + 3 * min(fits(found, names, chosen), 2), max(item), item

    ordered = sorted(itertools.islice(indexes, 2000), key=rank)
    return [tuple(r[i] for r, i in zip(ranked, item, strict=True)) for item in ordered[:limit]]


def context_of(module: Module, function: Function, found: Uses) -> Context:
    """What the values of this function's calls share."""
    near = interesting(found)
    numbers = tuple(n for n in near["int"] if isinstance(n, int) and abs(n) > 2)
    words = tuple(t for t in near["str"] if isinstance(t, str))
    said = f"{function.name} {function.docstring}"
    asks = any(one.endswith("[]") and other and "[" not in other for one, other in found.ordered)
    ordered = (asks or bool(_ORDERED.search(said))) and "sort" not in function.name.lower().replace(
        "sorted", ""
    )
    return Context(module, ordered=ordered, numbers=numbers, texts=words)


def calls(
    function: Function, shapes: Shapes, context: Context, head: str, limit: int, found: Uses | None = None
) -> list[str]:
    """Complete call expressions, typical first; `head` is what stands before the parenthesis.

    After the first few, optional parameters are tried one at a time, and None where the body asks for it.
    """
    parameters = required(function)
    pools = list(_pools(parameters, shapes, context))
    result: dict[str, None] = {}
    for chosen in _choices([len(pool) for pool in pools]):
        arguments = _arguments(parameters, shapes, pools, chosen)
        result[f"{head}({', '.join(arguments)})"] = None
        if len(result) == 4:
            first = next(iter(result))[:-1]
            for extra in _options(function, context, found):
                result[first + (", " if parameters else "") + extra + ")"] = None
            result.update(dict.fromkeys(_with_none(parameters, arguments, head, found)))
        if len(result) >= limit:
            break
    if len(result) < 4:
        first = next(iter(result))[:-1]
        for extra in _options(function, context, found):
            result[first + (", " if parameters else "") + extra + ")"] = None
    return list(result)


def _with_none(
    parameters: Sequence[Parameter], arguments: Sequence[str], head: str, found: Uses | None
) -> Iterator[str]:
    """A call with None for each parameter that the body compares with it."""
    for number, parameter in enumerate(parameters):
        if found is not None and "is none" in found.tags.get(parameter.name, ()):
            given = [*arguments[:number], _written(parameter, "None"), *arguments[number + 1 :]]
            yield f"{head}({', '.join(given)})"


def _pools(parameters: Sequence[Parameter], shapes: Shapes, context: Context) -> Iterator[list[str]]:
    seen: set[Shape] = set()
    for parameter, shape in zip(parameters, shapes, strict=True):
        own = replace(context, parameter=parameter.name, second=shape in seen)
        seen.add(shape)
        yield texts(shape, own)


def _choices(sizes: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """All typical; all of rank j together; then each parameter varied while the others stay typical."""
    if not sizes:
        yield ()
        return
    most = max(sizes)
    yield from (tuple(min(j, size - 1) for size in sizes) for j in range(min(most, 4)))
    for j in range(1, most):
        for i, size in enumerate(sizes):
            if j < size:
                yield tuple(j if k == i else 0 for k in range(len(sizes)))
        if j >= 4:
            yield tuple(min(j, size - 1) for size in sizes)


def _arguments(
    parameters: Sequence[Parameter], shapes: Shapes, pools: Sequence[list[str]], chosen: Sequence[int]
) -> list[str]:
    plain = [pool[i % len(pool)] for pool, i in zip(pools, chosen, strict=True)]
    containers = [
        text
        for text, shape in zip(plain, shapes, strict=True)
        if is_sequence(shape) and shape.note != "part" or shape.kind in ("graph", "weighted-graph", "dict")
    ]
    written = []
    for parameter, shape, text, index in zip(parameters, shapes, plain, chosen, strict=True):
        fitting = _fitting(shape, parameter, containers, index)
        written.append(_written(parameter, fitting or text))
    return written


def _fitting(shape: Shape, parameter: Parameter, containers: Sequence[str], index: int) -> str:
    if shape.kind == "int" and shape.note and index < 6:
        return relative(shape.note, containers, index)
    if shape.kind == "str" and shape.note == "element":
        return relative("element", containers, index)
    if shape.kind == "int" and parameter.name in ("n", "size", "length") and containers and index < 4:
        value = relative("last", containers, index)
        return str(int(value) + 1) if value else ""
    return "2" if shape.kind == "int" and parameter.name == "k" and containers and not index else ""


def _written(parameter: Parameter, text: str) -> str:
    if parameter.kind == "keyword-only":
        return f"{parameter.name}={text}"
    return "3, 1, 2" if parameter.kind == "star" and text.startswith("[") else text


def _options(function: Function, context: Context, found: Uses | None) -> Iterator[str]:
    """Optional parameters, one at a time: a switch the other way, other numbers, a word the body knows."""
    for parameter in _given(function):
        if parameter.default and parameter.kind in ("positional", "keyword-only"):
            for other in _others(parameter, context, found):
                yield f"{parameter.name}={other}"


def _others(parameter: Parameter, context: Context, found: Uses | None) -> list[str]:
    """Values for an optional parameter that differ from its default."""
    default = parameter.default
    if default in ("True", "False"):
        return ["False" if default == "True" else "True"]
    if default.lstrip("-").isdigit():
        return [str(int(default) + 2), *(["-1"] if int(default) >= 0 else [])]
    if found is None:
        return []
    tags = found.tags.get(parameter.name, set())
    words = [repr(tag[5:]) for tag in sorted(tags) if tag.startswith("text ") and len(tag) > 5]
    if words:
        return [word for word in words if word != default][:2]
    asked = guesses(replace(parameter, default=""), found) if default == "None" else []
    return [
        text for shape in asked[:2] for text in texts(shape, replace(context, parameter=parameter.name))[:1]
    ]
