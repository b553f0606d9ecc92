"""The call graph page: its data, and that hostile names stay data."""

from __future__ import annotations

import json
import re

from codeassist.records.location import FunctionId
from codeassist.records.program import CallEdge, CallGraph, Notice
from codeassist.rendering.graph_page import document, render
from codeassist.rendering.graph_view import render_graph


def graph() -> CallGraph:
    functions = {
        "pkg.m": FunctionId("/p/pkg/m.py", "<module>"),
        "pkg.m.C.f": FunctionId("/p/pkg/m.py", "C.f"),
        "pkg.m.g#2": FunctionId("/p/pkg/m.py", "g#2"),
    }
    edges = (
        CallEdge("pkg.m", "pkg.m.C.f", "/p/pkg/m.py", 3),
        CallEdge("pkg.m.C.f", "<builtin>.len", "/p/pkg/m.py", 4, "external"),
        CallEdge("pkg.m.C.f", "pkg.m.g#2", "/p/pkg/m.py", 5, "ambiguous", 0.4),
    )
    return CallGraph(functions, edges, (), (Notice("does-not-parse", "line 1", "/p/x.py"),))


def data_of(page: str) -> dict[str, object]:
    found = re.search(r'<script type="application/json" id="graph-data">(.*?)</script>', page, re.DOTALL)
    assert found
    return json.loads(found.group(1))  # type: ignore[no-any-return]


def test_functions_and_calls_travel_by_number() -> None:
    data = document(graph(), "title")
    assert data["modules"] == [["pkg.m", "/p/pkg/m.py"]]
    assert data["nodes"] == [[-1, "<builtin>.len"], [0, "<module>"], [0, "C.f"], [0, "g#2"]]
    assert data["edges"] == [[1, 2, 0, 1.0, 3], [2, 0, 4, 1.0, 4], [2, 3, 3, 0.4, 5]]
    assert data["notices"] == ["/p/x.py: line 1"]


def test_the_page_loads_nothing_and_allows_its_own_text_only() -> None:
    page = "".join(render_graph(graph(), "html", title="a <b> & c"))
    assert data_of(page)["title"] == "a <b> & c"
    assert "<title>a &lt;b&gt; &amp; c</title>" in page
    assert not re.search(r"<(?:link|img|iframe)\b|\bsrc\s*=\s*[\"']?http|@import|url\((?!#)", page)
    assert "default-src &#x27;none&#x27;" in page
    assert "unsafe" not in page.split("</head>")[0]


def test_a_name_cannot_end_the_data() -> None:
    evil = "m.</script><script>alert(1)</script>\u202e"
    made = CallGraph({evil: FunctionId("/m.py", evil[2:])}, (CallEdge(evil, evil),))
    page = "".join(render(made, evil))
    assert page.count("</script>") == 2
    assert "\u202e" not in page


def test_both_languages_have_the_page_s_words() -> None:
    english, chinese = (document(graph(), "", lang)["texts"] for lang in ("en", "zh-CN"))
    assert english.keys() == chinese.keys()
