"""A site as pages: the index with its search, one page a module, one page a function."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache

from codeassist.messages import Catalogue, catalogue
from codeassist.records.site import FunctionPart, ModulePart, Site
from codeassist.records.text import inert
from codeassist.rendering.html import STYLE, prose

_OWN = """
nav { color: var(--soft); font-size: 0.9em; } nav a, td a, li a { text-decoration: none; }
a { color: var(--code); } a:hover { text-decoration: underline; }
table.functions { width: 100%; display: table; table-layout: auto; }
table.functions td { white-space: normal; padding: 0.25rem 0.8rem 0.25rem 0; }
table.functions td:last-child { white-space: nowrap; text-align: right; }
.good { color: var(--good); } .open { color: var(--open); }
input[type=search] { width: 100%; font: inherit; padding: 0.5rem 0.7rem; margin: 1rem 0;
  border: 1px solid var(--line); border-radius: 6px; background: var(--back); color: inherit; }
ul.tree { list-style: none; padding-left: 0; } ul.tree li { margin: 0.35rem 0; }
.numbers span { margin-right: 1.5rem; } .calls { columns: 18rem; padding-left: 1.2rem; }
"""
SCRIPT = """
const box = document.getElementById("q"), found = document.getElementById("found");
const rest = document.getElementById("rest");
const all = JSON.parse(document.getElementById("names").textContent);
function show() {
  const words = box.value.toLowerCase().split(/\\s+/).filter(Boolean);
  found.replaceChildren();
  rest.hidden = words.length > 0;
  if (!words.length) return;
  const hits = all.map(([page, name, text]) => [page, name, text, (name + " " + text).toLowerCase()])
    .filter(hit => words.every(word => hit[3].includes(word)))
    .sort((a, b) => (b[1].toLowerCase().includes(words[0]) - a[1].toLowerCase().includes(words[0])));
  for (const [page, name, text] of hits.slice(0, 60)) {
    const item = document.createElement("li"), link = document.createElement("a");
    const code = document.createElement("code");
    code.textContent = name; link.href = page; link.append(code); item.append(link, " ", text);
    found.append(item);
  }
  if (hits.length > 60) {
    const more = document.createElement("li"); more.textContent = "… " + (hits.length - 60);
    found.append(more);
  }
  if (!hits.length) { const none = document.createElement("li"); none.textContent = "—"; found.append(none); }
}
box.addEventListener("input", show); box.form?.addEventListener("submit", e => e.preventDefault());
if (location.hash.startsWith("#q=")) box.value = decodeURIComponent(location.hash.slice(3));
show();
"""
_PLAIN = re.compile(r"[a-z0-9_.]{1,90}(?::[a-z0-9_.]{1,90})?")


def render_site(site: Site) -> Iterator[tuple[str, str]]:
    """(name of the file, its text) for every page; links are relative, so that it can be moved."""
    text = catalogue(site.lang)
    pages = _names(site)
    yield "index.html", _index(site, pages, text)
    for module in site.modules:
        yield f"pages/{pages[module.name, '']}", _module(site, module, pages, text)
        for function in module.functions:
            page = pages[module.name, function.qualname]
            yield f"pages/{page}", _function(site, module, function, pages, text)


Pages = dict[tuple[str, str], str]


def _names(site: Site) -> Pages:
    """(module, qualified name) -> file name, safe on every file system; "" is the module's own page."""
    names = {}
    for module in site.modules:
        names[module.name, ""] = _file(module.name)
        for function in module.functions:
            names[module.name, function.qualname] = _file(f"{module.name}:{function.qualname}")
    return names


@lru_cache(maxsize=65536)
def _file(name: str) -> str:
    if _PLAIN.fullmatch(name):
        return f"{name.replace(':', '-')}.html"
    words = re.sub(r"[^A-Za-z0-9_.-]+", "-", name)[:100]
    return f"{words}-{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}.html"


def _text(text: str) -> str:
    return html.escape(inert(text, keep="\n"))


def _page(site: Site, title: str, body: str, script: str = "") -> str:
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    allowed = f" script-src 'sha256-{digest}';" if script else ""
    policy = f"default-src 'none';{allowed} style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    tail = f"<script>{script}</script>" if script else ""
    return (
        f'<!DOCTYPE html>\n<html lang="{_text(site.lang)}">\n<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{html.escape(policy)}">'
        f"<title>{_text(title)}</title><style>{STYLE}{_OWN}</style></head>\n"
        f"<body>\n<main>\n{body}\n</main>\n{tail}</body>\n</html>\n"
    )


def _index(site: Site, pages: Pages, text: Catalogue) -> str:
    functions = [each for module in site.modules for each in module.functions]
    numbers = [
        text("site.modules", count=len(site.modules)),
        text("site.functions", count=len(functions)),
        text("site.verified", count=sum(each.verified for each in functions)),
    ]
    names = [
        [f"pages/{pages[module.name, each.qualname]}", f"{module.name}.{each.qualname}", inert(each.summary)]
        for module in site.modules
        for each in module.functions
    ]
    asked = _text(text("site.search"))
    data = json.dumps(names, ensure_ascii=True).replace("<", "\\u003c")
    body = (
        f"<h1>{_text(site.title)}</h1><p class='numbers soft'>"
        + "".join(f"<span>{_text(number)}</span>" for number in numbers)
        + (f"<a href='graph.html'>{_text(text('site.graph'))}</a>" if site.has_graph else "")
        + "</p>"
        + (f"<p class='open'>{_text(text('site.left', count=site.left))}</p>" if site.left else "")
        + f"<input id='q' type='search' placeholder='{asked}' aria-label='{asked}'>"
        f"<ul id='found' class='tree' aria-live='polite'></ul><div id='rest'>{_start(site, pages, text)}"
        f"{''.join(_folders(site.modules, pages, text))}</div>"
        f"<script type='application/json' id='names'>{data}</script>"
    )
    return _page(site, site.title, body, SCRIPT)


def _start(site: Site, pages: Pages, text: Catalogue) -> str:
    """Where to begin: the functions that most others call."""
    where = {
        f"{module.name}:{each.qualname}": (module, each)
        for module in site.modules
        for each in module.functions
    }
    called = Counter({name: len(callers) for name, callers in site.callers.items() if name in where})
    rows = "".join(
        _row(f"pages/{pages[module.name, each.qualname]}", f"{module.name}.{each.qualname}", each, text)
        for module, each in (where[name] for name, _ in called.most_common(8))
    )
    return f"<h2>{_text(text('site.central'))}</h2><table class='functions'>{rows}</table>" if rows else ""


def _folders(modules: Sequence[ModulePart], pages: Pages, text: Catalogue) -> Iterator[str]:
    yield f"<h2>{_text(text('site.all'))}</h2><ul class='tree'>"
    for module in sorted(modules, key=lambda each: each.path):
        if not module.functions and not module.notices:
            continue
        count = text("site.functions", count=len(module.functions))
        told = module.purpose or (module.functions[0].summary if len(module.functions) == 1 else "")
        purpose = f" {prose(told)}" if told else ""
        yield (
            f"<li><a href='pages/{pages[module.name, '']}'><code>{_text(module.path)}</code></a> "
            f"<span class='soft'>{_text(count)}</span> {_marks(module.functions)}{purpose}</li>"
        )
    yield "</ul>"


def _marks(functions: Sequence[FunctionPart]) -> str:
    verified, unchecked = sum(f.verified for f in functions), sum(f.unchecked for f in functions)
    good = f"<span class='good'>✓ {verified}</span>" if verified else ""
    return good + (f" <span class='open'>? {unchecked}</span>" if unchecked else "")


def _row(page: str, name: str, function: FunctionPart, text: Catalogue) -> str:
    mark = (
        f"<span class='soft'>{_text(text('site.static'))}</span>"
        if function.is_static
        else _marks([function])
    )
    return (
        f"<tr><td><a href='{page}'><code>{_text(name)}</code></a></td>"
        f"<td>{prose(function.summary)}</td><td>{mark}</td></tr>"
    )


def _module(site: Site, module: ModulePart, pages: Pages, text: Catalogue) -> str:
    rows = "".join(_row(pages[module.name, f.qualname], f.qualname, f, text) for f in module.functions)
    notices = "".join(f"<li>{_text(notice)}</li>" for notice in module.notices)
    body = (
        f"<nav><a href='../index.html'>{_text(site.title)}</a></nav>"
        f"<h1><code>{_text(module.name)}</code></h1><p class='place'>{_text(module.path)}</p>"
        + (f"<p>{prose(module.purpose)}</p>" if module.purpose else "")
        + f"<table class='functions'>{rows}</table>"
        + (f"<h2>{_text(text('report.notices'))}</h2><ul>{notices}</ul>" if notices else "")
    )
    return _page(site, module.name, body)


def _function(site: Site, module: ModulePart, function: FunctionPart, pages: Pages, text: Catalogue) -> str:
    own = f"{module.name}:{function.qualname}"
    body = (
        f"<nav><a href='../index.html'>{_text(site.title)}</a> › "
        f"<a href='{pages[module.name, '']}'>{_text(module.name)}</a></nav>{function.body}"
        + _linked(text("site.callers"), site.callers.get(own, ()), pages)
        + _linked(text("site.callees"), site.callees.get(own, ()), pages)
    )
    return _page(site, f"{function.qualname} · {module.name}", body)


def _linked(title: str, names: Sequence[str], pages: Pages) -> str:
    if not names:
        return ""
    items = []
    for name in names:
        module, _, qualname = name.partition(":")
        shown = f"<code>{_text(f'{module}.{qualname}')}</code>"
        items.append(f"<li><a href='{pages[module, qualname]}'>{shown}</a></li>")
    return f"<h3>{_text(title)}</h3><ul class='calls'>{''.join(items)}</ul>"
