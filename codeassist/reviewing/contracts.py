"""What a function states of itself, checked against what it gave: its return annotation, its doctests."""

from __future__ import annotations

import ast
import doctest
from dataclasses import dataclass
from typing import Any

from codeassist.records.values import type_name

_NAMES = frozenset("int str float bool bytes list dict tuple set frozenset complex None".split())
_ALIASES = {"List": "list", "Dict": "dict", "Tuple": "tuple", "Set": "set", "FrozenSet": "frozenset"}


def fits(value: Any, annotation: str) -> bool | None:
    """Whether a recorded value is of the annotated type; None where that cannot be told."""
    try:
        return _fits(value, ast.parse(annotation.strip("\"'"), mode="eval").body)
    except (SyntaxError, ValueError, RecursionError):
        return None


def _fits(value: Any, node: ast.expr) -> bool | None:
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str):
            return fits(value, node.value)
        return value is None if node.value is None else None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return _any(_fits(value, node.left), _fits(value, node.right))
    if isinstance(node, ast.Subscript):
        return _fits_subscript(value, node)
    return _fits_name(value, _name(node))


def _name(node: ast.expr) -> str:
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    return _ALIASES.get(name, name)


def _any(a: bool | None, b: bool | None) -> bool | None:
    return True if a or b else None if a is None or b is None else False


def _fits_name(value: Any, name: str) -> bool | None:
    if name not in _NAMES:
        return None
    own = type_name(value)
    numbers = {
        "float": ("float", "int", "bool"),
        "int": ("int", "bool"),
        "complex": ("complex", "float", "int"),
    }
    if own in numbers.get(name, (name,)) or name == "None" and value is None:
        return True
    return False if own in _NAMES or value is None else None


def _fits_subscript(value: Any, node: ast.Subscript) -> bool | None:
    name = _name(node.value)
    if name == "Optional":
        return _any(value is None, _fits(value, node.slice))
    if name == "Union" and isinstance(node.slice, ast.Tuple):
        results = [_fits(value, part) for part in node.slice.elts]
        return True if any(results) else None if None in results else False
    whole = _fits_name(value, name)
    if whole and name in ("list", "set", "frozenset"):
        return _all(_fits(item, node.slice) for item in value)
    return whole


def _all(results: Any) -> bool | None:
    told = list(results)
    return False if False in told else None if None in told else True


@dataclass(frozen=True, slots=True)
class Example:
    """One example of a docstring, with the ones before it in the same text."""

    source: str
    want: str
    line: int
    """from 0, within the docstring"""


def examples(text: str) -> list[Example]:
    """The examples of a docstring that want something."""
    try:
        found = doctest.DocTestParser().get_examples(text)
    except ValueError:
        return []
    return [Example(e.source.strip(), e.want, e.lineno) for e in found]


CHECKER = """
def __codeassist_doctest__(text):
    import doctest
    test = doctest.DocTestParser().get_doctest(text, dict(globals()), "review", None, 0)
    failed = []
    class Runner(doctest.DocTestRunner):
        def report_failure(self, out, test, example, got):
            failed.append((example.lineno, example.source.strip(), example.want.strip(), got.strip()))
        def report_unexpected_exception(self, out, test, example, info):
            failed.append((example.lineno, example.source.strip(), example.want.strip(),
                           "%s: %s" % (info[0].__name__, info[1])))
    Runner(verbose=False).run(test, out=lambda text: None)
    return failed
"""
"""a setup that makes a docstring's examples run inside the program's own interpreter"""
