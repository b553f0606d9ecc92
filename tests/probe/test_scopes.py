"""Lexical names of scopes, as reports write them."""

from __future__ import annotations

import ast
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

PROBE = Path(__file__).parents[2] / "codeassist" / "probe"


def probe(name: str) -> ModuleType:
    """A module of the probe, loaded by path as in the user's interpreter."""
    spec = importlib.util.spec_from_file_location(f"probe_{name}", PROBE / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("x = 1", []),
        ("def f():\n def g(): pass", ["f", "f.g"]),
        ("class C:\n def m(self): pass\n @property\n def m(self): pass", ["C", "C.m", "C.m#2"]),
        ("if a:\n def f(): pass\nelse:\n def f(): pass", ["f", "f#2"]),
        ("a = [lambda: 0 for _ in b], lambda: 1", ["<lambda1>", "<lambda2>"]),
        (
            "def f(k=lambda: 0):\n return lambda: lambda: 1",
            ["<lambda1>", "f", "f.<lambda1>", "f.<lambda1>.<lambda1>"],
        ),
    ],
)
def test_names_are_lexical(source: str, names: list[str]) -> None:
    assert sorted(probe("scopes").name_scopes(ast.parse(source)).values()) == names


@pytest.mark.parametrize(
    ("source", "shared"),
    [
        ("def f(a):\n return a", ()),
        ("def f(a):\n b = 1\n def g():\n  nonlocal b\n  b = a", ("a", "b")),
    ],
)
def test_variables_that_closures_share(source: str, shared: tuple[str, ...]) -> None:
    found = probe("scopes").shared_names(source, "p.py")[("f", 1)][0]
    assert found == shared
