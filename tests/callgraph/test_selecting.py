"""Parts of a graph, and the graph for other libraries."""

from __future__ import annotations

from pathlib import Path

import pytest

from codeassist.callgraph import select, solve, to_networkx
from codeassist.parsing import read_source, skim
from codeassist.records.errors import UsageError
from codeassist.records.program import CallGraph

TEXT = "def a(): b()\ndef b(): c(); len([])\ndef c(): a()\ndef d(): b(); unknown()\n"


@pytest.fixture
def graph(tmp_path: Path) -> CallGraph:
    (tmp_path / "main.py").write_text(TEXT)
    return solve([skim(read_source(str(tmp_path / "main.py")))], str(tmp_path))


def calls(graph: CallGraph) -> list[str]:
    return [f"{edge.caller[5:]}>{edge.callee.rpartition('.')[2]}" for edge in graph.edges]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, ["a>b", "b>len", "b>c", "c>a", "d>b"]),
        ({"root": "a"}, ["a>b", "b>len", "b>c", "c>a"]),
        ({"root": "main.a", "depth": 1}, ["a>b"]),
        ({"root": "b", "callers": True, "depth": 1}, ["a>b", "d>b"]),
        ({"root": "b", "internal_only": True, "depth": 1}, ["b>c"]),
    ],
)
def test_select_keeps_what_is_reached(
    graph: CallGraph, options: dict[str, object], expected: list[str]
) -> None:
    assert calls(select(graph, **options)) == expected  # type: ignore[arg-type]


def test_unresolved_sites_follow_the_selection(graph: CallGraph) -> None:
    assert [site.callee for site in graph.unresolved] == ["unknown"]
    assert select(graph, root="a").unresolved == ()


def test_unknown_root_offers_near_names(graph: CallGraph) -> None:
    with pytest.raises(UsageError, match=r"no function is called 'main\.x'; did you mean"):
        select(graph, root="main.x")


def test_function_comes_before_a_module_of_its_name(tmp_path: Path) -> None:
    (tmp_path / "sort.py").write_text("def sort(): sort()\n")
    found = solve([skim(read_source(str(tmp_path / "sort.py")))], str(tmp_path))
    assert list(select(found, root="sort").functions) == ["sort.sort"]


def test_networkx_gets_functions_and_edges(graph: CallGraph) -> None:
    made = to_networkx(graph)
    assert made.nodes["main.a"]["qualname"] == "a"
    assert made.edges["main.a", "main.b"]["line"] == 1
