"""Call graphs as text: complete, sorted, and inert whatever the names are."""

from __future__ import annotations

import json

import pytest

from codeassist.records.location import FunctionId
from codeassist.records.program import CallEdge, CallGraph
from codeassist.rendering.graph_view import FORMATS, render_graph

EVIL = 'a"];click x href "javascript:1"\n\x1b[31m\u202e<script>`&#35;'

GRAPH = CallGraph(
    {"m.f": FunctionId("/m.py", "f"), EVIL: FunctionId("/" + EVIL, EVIL)},
    (
        CallEdge("m.f", EVIL, "/m.py", 3),
        CallEdge("m.f", "<builtin>.len", "/m.py", 4, "external"),
        CallEdge(EVIL, "m.f", "/m.py", 5, "ambiguous", 0.4),
    ),
)


@pytest.mark.parametrize("format", FORMATS)
def test_no_control_or_direction_character_gets_out(format: str) -> None:
    text = "".join(render_graph(GRAPH, format))
    assert not {sign for sign in text if sign != "\n" and not sign.isprintable()}


def test_mermaid_labels_hold_no_sign_that_mermaid_reads() -> None:
    lines = "".join(render_graph(GRAPH, "mermaid")).splitlines()
    labels = [line.partition('["')[2].rpartition('"]')[0] for line in lines if '["' in line]
    assert len(labels) == 3
    for label in labels:
        assert not set(label) & set('"<>`\\[](){}|')
    assert len(lines) == 1 + 3 + 3


def test_dot_labels_are_quoted() -> None:
    lines = "".join(render_graph(GRAPH, "dot")).splitlines()
    assert sum("label=" in line for line in lines) == 3
    assert all(line.count('"') - line.count('\\"') in (2, 4) for line in lines if "label=" in line)


def test_adjacency_is_sorted_and_complete() -> None:
    found = json.loads("".join(render_graph(GRAPH, "adjacency")))
    assert list(found) == sorted(["m.f", EVIL, "<builtin>.len"])
    assert found["m.f"] == sorted([EVIL, "<builtin>.len"])
    assert found["<builtin>.len"] == []


def test_json_says_how_each_edge_was_resolved() -> None:
    found = json.loads("".join(render_graph(GRAPH, "json")))
    assert (found["format"], found["version"]) == ("codeassist/graph", 1)
    assert [edge["resolution"] for edge in found["edges"]] == ["static", "external", "ambiguous"]


def test_terminal_shows_a_circle_once() -> None:
    text = "".join(render_graph(GRAPH, "terminal"))
    assert text.count("m.f") == 2
    assert "guessed by name" in text
