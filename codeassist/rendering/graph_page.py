"""A call graph as one HTML file: modules that unfold, search, zoom; nothing is loaded from anywhere."""

from __future__ import annotations

import base64
import hashlib
import html
import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from codeassist.messages import DEFAULT, catalogue
from codeassist.records.program import CallGraph
from codeassist.rendering.graph_names import visible
from codeassist.rendering.graph_terminal import summary

_BUNDLE = Path(__file__).parent / "graphview"
KINDS = ("static", "dynamic", "both", "ambiguous", "external")


def render(graph: CallGraph, title: str = "", lang: str = DEFAULT) -> Iterator[str]:
    """The page, piece by piece."""
    text = catalogue(lang)
    name = html.escape(visible(title or text("graph.title")))
    policy = f"default-src 'none'; script-src {_digest(_file('js'))}; style-src {_digest(_file('css'))}"
    yield f'<!DOCTYPE html>\n<html lang="{html.escape(text.lang)}">\n<head>\n<meta charset="utf-8">\n'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    yield f'<meta http-equiv="Content-Security-Policy" content="{html.escape(policy)}; base-uri \'none\'">\n'
    yield f"<title>{name}</title>\n<style>{_file('css')}</style>\n</head>\n<body>\n"
    yield f'<header id="bar"><h1>{name}</h1></header>\n<div id="map"></div>\n<aside id="panel">'
    yield f"<noscript>{html.escape(text('graph.noscript'))}</noscript></aside>\n"
    yield f'<script type="application/json" id="graph-data">{_inert(document(graph, title, lang))}</script>\n'
    yield f"<script>{_file('js')}</script>\n</body>\n</html>\n"


def document(graph: CallGraph, title: str = "", lang: str = DEFAULT) -> dict[str, Any]:
    """What the page reads: modules as [name, path], functions as [module or -1, name in it], calls."""
    text = catalogue(lang)
    names = sorted({*graph.functions, *(e.callee for e in graph.edges), *(e.caller for e in graph.edges)})
    number = {name: index for index, name in enumerate(names)}
    modules: dict[tuple[str, str], int] = {}
    nodes = [_node(graph, name, modules) for name in names]
    return {
        "title": visible(title or text("graph.title")),
        "summary": summary(graph),
        "modules": [[visible(part) for part in module] for module in modules],
        "nodes": nodes,
        "edges": [
            [number[e.caller], number[e.callee], KINDS.index(e.resolution), round(e.confidence, 2), e.line]
            for e in graph.edges
        ],
        "kinds": KINDS,
        "notices": [visible(f"{notice.path}: {notice.message}") for notice in graph.notices],
        "texts": text.under("graph."),
    }


def _node(graph: CallGraph, name: str, modules: dict[tuple[str, str], int]) -> list[Any]:
    identity = graph.functions.get(name)
    if identity is None:
        return [-1, visible(name)]
    qualname = identity.qualname
    module = name if qualname == "<module>" else name.removesuffix(f".{qualname}")
    return [modules.setdefault((module, identity.path), len(modules)), visible(qualname)]


def _inert(data: dict[str, Any]) -> str:
    """JSON that cannot end its script element."""
    return json.dumps(data, ensure_ascii=True, separators=(",", ":")).replace("<", "\\u003c")


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}'"


@lru_cache(maxsize=2)
def _file(kind: str) -> str:
    """The page's program or style, as `graphview/build.mjs` wrote it."""
    return (_BUNDLE / f"graph.{kind}").read_text(encoding="utf-8")
