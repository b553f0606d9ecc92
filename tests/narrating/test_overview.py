"""Reading order, entry points, and the purpose of a file."""

from __future__ import annotations

from codeassist import parsing
from codeassist.narrating.overview import overview
from codeassist.records.program import CallEdge, CallGraph

CODE = '''"""Sorts things. More text."""


def main():
    return sort([2, 1])


def sort(xs):
    """Sort by splitting."""
    return merge(xs, xs)


def merge(a, b):
    return sort(a) + b


def _unused():
    return 0
'''


def test_callees_come_before_callers_and_free_public_functions_are_entries() -> None:
    module = parsing.parse(parsing.read_source("/sorting.py", CODE))
    functions = [f for f in module.functions if f.kind == "function"]
    names = {f"sorting.{f.name}": f.id for f in functions}
    edges = [("main", "sort"), ("sort", "merge"), ("merge", "sort")]
    graph = CallGraph(names, tuple(CallEdge(f"sorting.{a}", f"sorting.{b}") for a, b in edges))
    found = overview("sorting.py", [module], [(module, f) for f in functions], [], graph)
    assert found.purpose == "Sorts things."
    assert found.entry_points == ("main",)
    assert [entry.function.qualname for entry in found.reading_order] == ["merge", "sort", "main", "_unused"]
    assert found.reading_order[1].text == "Sort by splitting."


def test_a_folder_without_a_package_docstring_claims_no_purpose() -> None:
    modules = [parsing.parse(parsing.read_source(f"/{name}.py", CODE)) for name in "ab"]
    assert overview("dir", modules, [], [], CallGraph({}, ())).purpose == ""
