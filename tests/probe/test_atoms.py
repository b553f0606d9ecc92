"""Which variables need not be asked what they are."""

from __future__ import annotations

import ast
import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest

PROBE = Path(__file__).parents[2] / "codeassist" / "probe"
BUILTINS = frozenset(("len", "range", "max", "abs", "int"))


def part(name: str) -> Any:
    """A file of the probe, under the name that its own parts import it by."""
    full = "codeassist_probe_" + name
    if full not in sys.modules:
        spec = importlib.util.spec_from_file_location(full, PROBE / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        sys.modules[full] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[full])
    return sys.modules[full]


part("scopes")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("pass", ""), ("a = 1", "a"), ("a = True", ""), ("a = None", ""), ("a = p", ""),
        ("a = b = 2 * 3", "a b"), ("a = 1\n    a = p", ""),
        ("a = 1\n    b = a + 1\n    b += a", "a b"), ("a = 2 ** 0.5", ""),
        ("for i in range(p): a = i // 2", "a i"), ("for i in p: a = i", ""), ("a = len(p)", "a"),
        ("a = max(1, 2)", "a"), ("a = max(p)", ""), ("a, b = 1, 'x'", "a b"), ("a, *b = 1, 2", ""),
        ("a = 1 < 2", ""), ("a = f'{p}'", "a"),
        ("a = 1\n    def g():\n        nonlocal a\n        a = p", ""),
        ("global a\n    a = 1", ""), ("with p as a: a = 1", ""), ("a = 1\n    [(a := x) for x in p]", ""),
        ("try: a = 1\n    except E as a: pass", ""), ("a = 1\n    import a", ""), ("a = -p", ""),
    ],
)  # fmt: skip
def test_only_atoms_are_called_atoms(body: str, expected: str) -> None:
    node = ast.parse(f"def f(p):\n    {body}").body[0]
    assert part("atoms").atomic_names(node, BUILTINS) == set(expected.split())


def test_a_shadowed_builtin_says_nothing() -> None:
    node = ast.parse("def f(p):\n    for i in range(p): a = len(p)").body[0]
    assert part("atoms").atomic_names(node, frozenset()) == set()
