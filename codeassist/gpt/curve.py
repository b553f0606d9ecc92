"""The loss curve of a training, as one line for a terminal and as a picture."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from codeassist.gpt.checkpoint import write_whole
from codeassist.gpt.errors import GptError

BARS = "▁▂▃▄▅▆▇█"
WIDTH, HEIGHT, MARGIN = 640, 360, 48
FONT = "sans-serif"
TITLE = "loss in nats a token (dots: unseen text) by step"


def read_log(folder: str | Path) -> list[dict[str, Any]]:
    """The rows of log.jsonl."""
    file = Path(folder) / "log.jsonl"
    try:
        return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line]
    except (OSError, ValueError) as error:
        raise GptError(f"cannot read {file}: {error}") from None


def sparkline(values: Sequence[float], width: int = 60) -> str:
    """Values as bars of eight heights, at most `width` of them."""
    if not values:
        return ""
    step = max(1.0, len(values) / width)
    shown = [values[int(k * step)] for k in range(min(width, len(values)))]
    low, high = min(shown), max(shown)
    scale = (len(BARS) - 1) / (high - low) if high > low else 0.0
    return "".join(BARS[round((value - low) * scale)] for value in shown)


def draw(rows: Sequence[Mapping[str, Any]], file: str | Path) -> None:
    """An SVG picture: the training loss as a line, each validation as a dot."""
    write_whole(Path(file), svg(rows).encode())


def svg(rows: Sequence[Mapping[str, Any]]) -> str:
    """The picture's text."""
    losses = [(row["step"], row["loss"]) for row in rows]
    tests = [(row["step"], row["validation"]) for row in rows if row["validation"] is not None]
    last, top = max(step for step, _ in losses), max(loss for _, loss in losses + tests)

    def place(step: float, loss: float) -> tuple[float, float]:
        x = MARGIN + (WIDTH - 2 * MARGIN) * step / last
        return round(x, 1), round(HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * loss / top, 1)

    line = " ".join("{},{}".format(*place(*point)) for point in losses)
    dots = "".join('<circle cx="{}" cy="{}" r="3"/>'.format(*place(*point)) for point in tests)
    return "".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="{FONT}">',
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
            *(tick(*place(0, loss), f"{loss:.2g}", "end") for loss in (0, top / 2, top)),
            *(tick(*place(step, 0), f"{step:.0f}", "middle") for step in (0, last / 2, last)),
            f'<polyline points="{line}" fill="none" stroke="#0969da" stroke-width="1.5"/>',
            f'<g fill="#cf222e">{dots}</g>',
            f'<text x="{WIDTH / 2}" y="24" text-anchor="middle">{TITLE}</text>',
            "</svg>\n",
        ]
    )


def tick(x: float, y: float, text: str, anchor: str) -> str:
    """A number beside an axis."""
    dx, dy = (-6, 4) if anchor == "end" else (0, 18)
    return f'<text x="{x + dx}" y="{y + dy}" text-anchor="{anchor}" font-size="12">{text}</text>'


PANELS = ("reward", "verified", "refuted", "claims", "distance", "length")
"""what is drawn of an alignment"""


def draw_alignment(log: str | Path, file: str | Path) -> None:
    """An SVG picture of align.jsonl: a small panel for each figure; dots are held-out questions."""
    rows = [json.loads(line) for line in Path(log).read_text(encoding="utf-8").splitlines() if line]
    parts = [panel(rows, name, k % 3 * 220, k // 3 * 160) for k, name in enumerate(PANELS)]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 660 320" font-family="{FONT}">'
    write_whole(
        Path(file),
        "".join([head, '<rect width="660" height="320" fill="white"/>', *parts, "</svg>\n"]).encode(),
    )


def panel(rows: Sequence[Mapping[str, Any]], name: str, left: float, top: float) -> str:
    """One figure by step, between its least and its greatest value."""
    seen = [(row["step"], row[name]) for row in rows]
    held = [
        (row["step"], row["held_out"][name]) for row in rows if (row["held_out"] or {}).get(name) is not None
    ]
    values = [value for _, value in seen + held]
    low, span = min(values), (max(values) - min(values)) or 1.0
    last = max(1, seen[-1][0])

    def place(step: float, value: float) -> tuple[float, float]:
        return round(left + 44 + 160 * step / last, 1), round(top + 140 - 104 * (value - low) / span, 1)

    line = " ".join("{},{}".format(*place(*point)) for point in seen)
    dots = "".join('<circle cx="{}" cy="{}" r="2.5"/>'.format(*place(*point)) for point in held)
    return (
        f'<text x="{left + 124}" y="{top + 22}" text-anchor="middle" font-size="13">{name}</text>'
        + tick(*place(0, low), f"{low:.3g}", "end")
        + tick(*place(0, low + span), f"{low + span:.3g}", "end")
        + f'<polyline points="{line}" fill="none" stroke="#0969da" stroke-width="1.5"/>'
        + f'<g fill="#cf222e">{dots}</g>'
    )
