"""Every case folder: a small program and the edges that it must give, no more and no fewer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from codeassist.callgraph import rename, solve
from codeassist.callgraph.naming import SURE
from codeassist.parsing import parse, read_source, skim
from codeassist.records.program import CallGraph

CASES = sorted((Path(__file__).parents[1] / "cases" / "callgraph").glob("*/*/expected.json"))


def graph_of(folder: Path) -> CallGraph:
    return solve([parse(read_source(str(file))) for file in sorted(folder.rglob("*.py"))], str(folder))


def test_there_are_cases() -> None:
    assert len(CASES) > 90


@pytest.mark.parametrize("path", CASES, ids=lambda path: "/".join(path.parts[-3:-1]))
def test_case_gives_exactly_its_edges(path: Path) -> None:
    expected = json.loads(path.read_text())
    graph = graph_of(path.parent.resolve())
    calls: dict[str, list[str]] = {}
    for edge in graph.edges:
        if edge.confidence >= SURE:
            calls.setdefault(edge.caller, []).append(edge.callee)
    assert calls == expected["calls"]
    guessed = [[edge.caller, edge.callee] for edge in graph.edges if edge.confidence < SURE]
    assert guessed == expected.get("guessed", [])
    unresolved = sorted(f"{site.function}:{site.callee}" for site in graph.unresolved)
    assert unresolved == expected.get("unresolved", [])


def test_order_of_files_changes_nothing(tmp_path: Path) -> None:
    folder = Path(__file__).parents[1] / "cases" / "callgraph" / "imports" / "relative"
    modules = [skim(read_source(str(file))) for file in sorted(folder.rglob("*.py"))]
    assert solve(modules, str(folder)) == solve(modules[::-1], str(folder))


def test_blank_lines_and_new_names_change_no_edge(tmp_path: Path) -> None:
    text = "def f(g):\n    g()\ndef h():\n    pass\nf(h)\n"
    graphs = []
    for number, variant in enumerate((text, text.replace("\n", "\n\n"), text.replace("g", "other"))):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "main.py").write_text(variant)
        graphs.append([(edge.caller, edge.callee) for edge in graph_of(folder).edges])
    assert graphs[0] == graphs[1] == graphs[2] == [("main", "main.f"), ("main.f", "main.h")]


def test_pycg_names_differ_only_in_built_in_types_and_repeats(tmp_path: Path) -> None:
    text = '"a".upper()\n[].append(1)\n{}.get(1)\ndef f(): pass\ndef f(): pass\nf()\n'
    (tmp_path / "main.py").write_text(text)
    names = {edge.callee for edge in rename(graph_of(tmp_path), "pycg").edges}
    assert names == {"<**PyStr**>.upper", "<**PyList**>.append", "<**PyDict**>.get", "main.f"}


def test_guesses_are_not_pycg_edges(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("class A:\n    def only_here(self): pass\ndef f(x): x.only_here()\n")
    assert [edge.confidence < SURE for edge in graph_of(tmp_path).edges] == [True]
    assert rename(graph_of(tmp_path), "pycg").edges == ()
