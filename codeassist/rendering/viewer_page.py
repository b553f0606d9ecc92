"""The step viewer as one HTML file: bundle, style and data inline, allowed by hash and nothing else."""

from __future__ import annotations

import base64
import hashlib
import html
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from codeassist.messages import catalogue
from codeassist.records.report import Explanation, TraceView
from codeassist.records.text import inert
from codeassist.rendering.trace_title import title
from codeassist.rendering.viewer_data import Documents
from codeassist.rendering.viewer_pack import squeezed

_BUNDLE = Path(__file__).parent / "viewer"


def render_html(view: TraceView) -> Iterator[str]:
    """The page of one run, piece by piece."""
    name = html.escape(inert(title(view)[0]))
    lang = html.escape(catalogue(view.lang).lang)
    yield f'<!DOCTYPE html>\n<html lang="{lang}">\n<head>\n{head(name)}\n</head>\n'
    yield '<body class="ca-page">\n<main>\n'
    yield from mount("0", view)
    yield f"</main>\n<script>{script()}</script>\n</body>\n</html>\n"


def head(name: str) -> str:
    """Head of a page that holds nothing but a viewer; `name` is already escaped."""
    policy = (
        f"default-src 'none'; script-src {digest(script())}; style-src {digest(style())}; base-uri 'none'"
    )
    return (
        '<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{html.escape(policy)}; form-action \'none\'">\n'
        f'<meta name="color-scheme" content="light dark">\n<title>{name}</title>\n<style>{style()}</style>'
    )


def mount(key: str, view: TraceView, explanation: Explanation | None = None) -> Iterator[str]:
    """Where one viewer stands, with its data; `key` is its name among those of the page."""
    text = catalogue(view.lang)
    documents = Documents(view, explanation)
    excuse = html.escape(text("viewer.noscript"))
    yield f'<div class="ca-viewer" data-viewer="{key}"><noscript>{excuse}</noscript></div>\n'
    for number, document in enumerate(documents.stretches()):
        yield _data(key, str(number), squeezed(document))
    yield _data(key, "whole", squeezed(documents.whole()))


def _data(key: str, part: str, packed: str) -> str:
    return f'<script type="text/plain" data-of="{key}" data-part="{part}">{packed}</script>\n'


def digest(text: str) -> str:
    """A text as a content security policy names it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}'"


@lru_cache(maxsize=1)
def script() -> str:
    """The viewer's program, as `viewer/build.mjs` wrote it."""
    return (_BUNDLE / "viewer.js").read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def style() -> str:
    """The viewer's style sheet."""
    return (_BUNDLE / "viewer.css").read_text(encoding="utf-8")
