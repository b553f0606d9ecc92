"""A report as one HTML file: nothing from elsewhere, folded parts, light and dark, runs to step through."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator

from codeassist.messages import Catalogue, catalogue
from codeassist.records.answer import Claim, Table, Verdict
from codeassist.records.report import Explanation, Overview, Report, SettledSection, SettledSentence
from codeassist.records.text import inert
from codeassist.rendering import source, viewer_page
from codeassist.rendering.flow import svg
from codeassist.rendering.marks import Mark, Marks, doubt
from codeassist.rendering.report import in_order, opening

OPEN = ("contract", "plan", "worked-run")
"""sections that are unfolded at first"""
STYLE = """
:root { color-scheme: light dark; --soft: #6a737d; --line: #d8dee4; --good: #1a7f37; --open: #9a6700;
  --code: #0550ae; --back: #f6f8fa; }
@media (prefers-color-scheme: dark) { :root { --soft: #8b949e; --line: #30363d; --good: #3fb950;
  --open: #d29922; --code: #79c0ff; --back: #161b22; } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
code, pre, td.n { font-family: ui-monospace, monospace; font-size: 0.9em; }
code { color: var(--code); }
article { border-top: 1px solid var(--line); margin-top: 2rem; }
h2 { margin-bottom: 0; } .place, .soft { color: var(--soft); }
section > details > summary { font-weight: 600; cursor: pointer; margin-top: 0.8rem; }
table { border-collapse: collapse; margin: 0.5rem 0; display: block; overflow-x: auto; }
caption { text-align: left; color: var(--soft); }
th, td { text-align: left; vertical-align: top; padding: 0.15rem 0.8rem 0.15rem 0; white-space: pre-wrap; }
tbody th, details.mark summary { white-space: nowrap; } .said { margin: 0.4rem 0; }
table.steps th, table.steps td { white-space: pre; }
table.steps tbody td, table.steps tbody th { font: 0.9em/1.6 ui-monospace, monospace; }
thead th { border-bottom: 1px solid var(--line); }
table.source td { padding: 0 0.8rem 0 0; white-space: pre; } table.source td.note { color: var(--good); }
details.mark { display: inline-block; font-size: 0.85em; }
details.mark summary { list-style: none; cursor: pointer; }
.verified > summary { color: var(--good); } .unchecked > summary, .opinion { color: var(--open); }
details.mark ul { background: var(--back); padding: 0.5rem 0.5rem 0.5rem 1.5rem; margin: 0.2rem 0; }
.chart { overflow-x: auto; } svg.flow { font: 12.3px ui-monospace, monospace; fill: currentColor; }
svg.flow text { text-anchor: middle; } svg.flow text.word { fill: var(--soft); font-size: 11px; }
svg.flow text.start { text-anchor: start; } svg.flow text.end { text-anchor: end; }
svg.flow rect, svg.flow polygon { fill: var(--back); stroke: var(--line); }
svg.flow .test polygon { stroke: var(--open); } svg.flow .end rect { stroke: var(--good); }
svg.flow path { fill: none; stroke: var(--soft); marker-end: url(#tip); }
svg.flow marker path { fill: var(--soft); stroke: none; marker-end: none; }
@media print { body { margin: 0; max-width: none; } article { break-inside: avoid-page; } }
"""
POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def render(report: Report, *, width: int = 100, color: bool = False) -> str:
    """The report; `width` and `color` mean nothing here."""
    text = catalogue(report.lang)
    title = report.overview.title if report.overview else _title(report)
    body = [*(_overview(report.overview, text) if report.overview else ()), *_explanations(report, text)]
    if report.notices:
        items = "".join(f"<li>{_text(_where(n.path, n.line) + n.message)}</li>" for n in report.notices)
        body.append(f"<aside><h2>{_text(text('report.notices'))}</h2><ul>{items}</ul></aside>")
    if report.interrupted:
        body.append(f"<p class='opinion'>{_text(text('report.interrupted'))}</p>")
    return _page(report.lang, title, body, bool(report.runs))


def _page(lang: str, title: str, body: Iterable[str], has_viewer: bool = False) -> str:
    """The whole page; a script stands in it only where there is a run to step through."""
    inner = "\n".join(body)
    policy, style = POLICY, STYLE
    if has_viewer:
        policy += f"; script-src {viewer_page.digest(viewer_page.script())}; base-uri 'none'"
        style += viewer_page.style()
        inner += f"\n<script>{viewer_page.script()}</script>"
    head = (
        f'<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{html.escape(policy)}">'
        f"<title>{_text(title)}</title><style>{style}</style>"
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{_text(lang)}">\n<head>{head}</head>\n<body>\n<main>\n{inner}\n'
        "</main>\n</body>\n</html>\n"
    )


def _title(report: Report) -> str:
    return ", ".join(explanation.function.qualname for explanation in report.explanations[:3]) or "codeassist"


def _where(path: str, line: int) -> str:
    return f"{path}:{line}: " if line else f"{path}: " if path else ""


def _text(text: str) -> str:
    return html.escape(inert(text, keep="\n"))


def prose(text: str) -> str:
    """A sentence: what stands between backticks becomes code, all the rest is escaped."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return _text(text)
    return "".join(f"<code>{_text(p)}</code>" if n % 2 and p else _text(p) for n, p in enumerate(parts))


def _overview(overview: Overview, text: Catalogue) -> Iterator[str]:
    yield f"<h1>{_text(overview.title)}</h1>"
    if overview.purpose:
        yield f"<p>{prose(overview.purpose)}</p>"
    if overview.entry_points:
        names = ", ".join(f"<code>{_text(name)}</code>" for name in overview.entry_points)
        yield f"<p><strong>{_text(text('overview.entry'))}</strong> {names}</p>"
    items = "".join(
        f"<li><code>{_text(entry.function.qualname)}</code> {prose(entry.text)}</li>"
        for entry in overview.reading_order
    )
    if items:
        yield f"<h2>{_text(text('overview.order'))}</h2><ol>{items}</ol>"


def _explanations(report: Report, text: Catalogue) -> Iterator[str]:
    for number, explanation in enumerate(report.explanations):
        yield "<article>"
        run = report.runs.get(explanation.function)
        steps = "" if run is None else "".join(viewer_page.mount(str(number), run, explanation))
        yield from _explanation(explanation, _Judged(explanation, text), text, steps)
        yield "</article>"


def _explanation(
    explanation: Explanation, judged: _Judged, text: Catalogue, steps: str = ""
) -> Iterator[str]:
    place = f"{explanation.function.path.rpartition('/')[2]}:{explanation.line}"
    known = str((explanation.algorithm or {}).get("name") or "")
    yield f"<h2><code>{_text(explanation.signature)}</code></h2>"
    yield f"<p class='place'>{_text(' · '.join(part for part in (place, known) if part))}</p>"
    for sentence in opening(explanation):
        yield _said(sentence, judged)
    if explanation.is_static:
        yield f"<p class='soft'>{_text(text('report.static'))}</p>"
    for section in in_order(explanation):
        inner = _source(explanation) if section is None else _section(section, judged)
        title = text("title.annotations") if section is None else section.title
        opened = " open" if section is not None and section.id in OPEN else ""
        if inner:
            yield f"<section><details{opened}><summary>{_text(title)}</summary>{inner}</details></section>"
        if steps and section is None:
            title = text("viewer.title")
            yield f"<section><details><summary>{_text(title)}</summary>{steps}</details></section>"


def _said(sentence: SettledSentence, judged: _Judged) -> str:
    mark = judged.mark(sentence.claims, sentence.status)
    return f"<div class='said'>{prose(sentence.text)} {mark}</div>"


def _section(section: SettledSection, judged: _Judged) -> str:
    parts = [_said(sentence, judged) for sentence in section.sentences]
    for table in section.tables:
        if table.columns == ("mermaid",):
            parts.append(f"<div class='chart'>{svg(table.rows[0][0], section.title)}</div>")
        else:
            parts.append(_table(table, judged))
    return "".join(parts)


def _table(table: Table, judged: _Judged) -> str:
    """Rows with their marks; a table without headings names its rows by their first cell."""
    caption = f"<caption>{prose(table.caption)}</caption>" if table.caption else ""
    heads = "".join(f'<th scope="col">{prose(head)}</th>' for head in table.columns)
    head = f"<thead><tr>{heads}<th></th></tr></thead>" if any(table.columns) else ""
    rows = "".join(_row(table, number, judged) for number in range(len(table.rows)))
    kind = " class='steps'" if any(table.columns) else ""
    return f"<table{kind}>{caption}{head}<tbody>{rows}</tbody></table>"


def _row(table: Table, number: int, judged: _Judged) -> str:
    claims = table.claims[number] if number < len(table.claims) else ()
    first, *rest = table.rows[number]
    cells = "".join(f"<td>{prose(cell)}</td>" for cell in rest)
    return f'<tr><th scope="row">{prose(first)}</th>{cells}<td>{judged.mark(claims)}</td></tr>'


def _source(explanation: Explanation) -> str:
    lines = source.shown(explanation.source)
    notes = {note.line: note.text for note in explanation.annotations}
    rows = "".join(
        f"<tr><td class='n soft'>{line.number}</td>"
        f"<td class='n soft'>{'' if line.count is None else f'{line.count}×'}</td>"
        f"<td><code>{_text(line.text)}</code></td>"
        f"<td class='note'>{prose(notes.get(line.number, ''))}</td></tr>"
        for line in lines
    )
    return f"<table class='source'><tbody>{rows}</tbody></table>" if rows else ""


class _Judged:
    """Marks that unfold into the claims behind them, with the verdict and the witness of each."""

    def __init__(self, explanation: Explanation, text: Catalogue) -> None:
        self._marks, self._text = Marks(explanation), text
        self._claims = {claim.id: (claim, verdict) for claim, verdict in explanation.claims}

    def mark(self, claims: Iterable[str], status: str = "") -> str:
        """HTML for the mark of a text that these claims back; empty where nothing needed judging."""
        backing = [claim for claim in claims if claim in self._claims]
        mark = self._marks.of(backing, status)
        if mark.status == "opinion":
            return f"<span class='opinion'>{_text(self._text('mark.opinion'))}</span>"
        if not mark.status:
            return ""
        items = "".join(f"<li>{self._item(*self._claims[claim])}</li>" for claim in backing)
        label = _text(self._label(mark))
        return f"<details class='mark {mark.status}'><summary>{label}</summary><ul>{items}</ul></details>"

    def _label(self, mark: Mark) -> str:
        if mark.status == "verified":
            return f"✓ {self._text('mark.runs', count=mark.runs)}" if mark.runs > 1 else "✓"
        return f"? {doubt(mark, self._text)}"

    def _item(self, claim: Claim, verdict: Verdict) -> str:
        fields = ", ".join(f"{name} {value}" for name, value in claim.fields.items() if name != "func")
        seen = verdict.witness
        where = f"; {self._text('worked.line', line=seen.line)}" if seen and seen.line else ""
        return f"<code>{_text(claim.kind)}</code> {_text(fields)}: {_text(verdict.reason)}{_text(where)}"
