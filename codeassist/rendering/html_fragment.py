"""A report as a piece of HTML for a page of somebody else's: its style reaches nothing around it."""

from __future__ import annotations

import re

from codeassist.records.report import Report
from codeassist.rendering import html
from codeassist.rendering.report import selected

_BODY = re.compile(r"<main>(.*)</main>", re.S)
_STYLE = re.compile(r"<style>(.*?)</style>", re.S)


def fragment(report: Report) -> str:
    """The body of the page under a class of its own; the sentences that no run decided are left out."""
    page = html.render(selected(report, False, False))
    found, styles = _BODY.search(page), _STYLE.findall(page)
    body = found[1] if found else ""
    return f"<div class='codeassist'><style>{_scoped(' '.join(styles))}</style>{body}</div>"


def body(report: Report) -> str:
    """What stands inside the page, for a page that brings the same style."""
    found = _BODY.search(html.render(selected(report, False, True)))
    return found[1].strip() if found else ""


def _scoped(style: str) -> str:
    """The same rules, nested under the class; what spoke of the page speaks of the fragment."""
    inner = re.sub(r"(?m)(^|\s|\{)(:root|body)(?=\s*\{)", r"\1&", style)
    return f".codeassist {{ {inner} }}"
