"""Flowcharts as pictures: every node and edge is drawn, text is text, nothing lies outside."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from codeassist import parsing
from codeassist.messages import catalogue
from codeassist.narrating.body import body_of
from codeassist.narrating.flowchart import flowchart
from codeassist.rendering.flow import parse, svg
from tests.support.telling import module_of

PROGRAMS = {
    "loop": ["for x in xs:", "    print(x)", "return xs"],
    "branches": ["if xs > 1:", "    return 1", "elif xs < -1:", "    return 2", "return 3"],
    "nested": [
        "while xs:",
        "    for i in range(xs):",
        "        if i > 2:",
        "            break",
        "    xs -= 1",
    ],
    "try": ["try:", "    y = 1 / xs", "except ZeroDivisionError:", "    y = 0", "return y"],
    "hostile": ["if xs == '</svg><script>\"&#39;|{':", "    return '数'", "return xs"],
}


@pytest.mark.parametrize("text", ["", "graph TD", "flowchart TD\n    n0 --> n1", "flowchart TD\n<svg>"])
def test_nothing_is_drawn_of_what_is_no_chart(text: str) -> None:
    assert svg(text, "t") == ""


@pytest.mark.parametrize("name", PROGRAMS)
def test_every_node_and_edge_is_drawn_within_the_picture(tmp_path: Path, name: str) -> None:
    module = module_of(tmp_path, "\n    ".join(["def f(xs):", *PROGRAMS[name]]) + "\n")
    chart = flowchart(body_of(module, parsing.find(module, "f")), None, catalogue("en")).replace("{{", "{")
    chart = chart.replace("}}", "}")
    nodes, edges = parse(chart)
    assert len(nodes) == chart.count('["') + chart.count('{"')
    assert len(edges) == chart.count("-->")
    picture = ElementTree.fromstring(svg(chart, "Structure <&>"))
    wide, high = float(picture.get("width", "0")), float(picture.get("height", "0"))
    texts = [item.text for item in picture.iter() if item.tag == "text" and item.get("class") is None]
    assert texts == [node.text for node in nodes]
    assert "script" not in {item.tag for item in picture.iter()}
    paths = [item.get("d", "") for item in picture if item.tag == "path"]
    assert len(paths) == len(edges)
    for number, limit in ((0, wide), (1, high)):
        points = [pair[number] for path in paths for pair in re.findall(r"[MQ]([\d.-]+) ([\d.-]+)", path)]
        assert all(0 <= float(at) <= limit for at in points)
