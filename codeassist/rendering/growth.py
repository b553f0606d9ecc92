"""Growth of counted operations as JSON, and on a terminal as a sentence, a table and a small plot."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence

from codeassist.records.evidence import Complexity
from codeassist.records.program import Function
from codeassist.records.text import inert

_ROWS, _COLUMNS = 9, 48


def render_growth(function: Function, found: Complexity | None, format_: str) -> str:
    """The document of cli.md for `json`, a readable page for `terminal`."""
    return _json(function, found) if format_ == "json" else _terminal(function, found)


def _json(function: Function, found: Complexity | None) -> str:
    document = {
        "format": "codeassist/complexity",
        "version": 1,
        "function": function.id.qualname,
        "path": function.id.path,
        "class": found.call.cls if found else "",
        "in": found.call.size if found else "n",
        "core": {"class": found.core.cls if found else "", "in": found.core.size if found else "n"},
        "call": {"class": found.call.cls if found else "", "in": found.call.size if found else "n"},
        "points": [list(point) for point in found.call.points] if found else [],
        "core_points": [list(point) for point in found.core.points] if found else [],
        "fit": {"margin": found.call.margin, "core_margin": found.core.margin} if found else {},
        "dominating_line": found.dominating_line or None if found else None,
        "inputs": found.inputs if found else "",
        "notices": [] if found else ["no input was found that can grow; give --inputs 'lambda n: (...,)'"],
    }
    rows = (f"  {json.dumps(key)}: {json.dumps(value, allow_nan=False)}" for key, value in document.items())
    return "{\n" + ",\n".join(rows) + "\n}\n"


def _terminal(function: Function, found: Complexity | None) -> str:
    name = inert(f"{function.id.qualname}({', '.join(p.name for p in function.parameters)})")
    if found is None or not found.call.points:
        return f"{name}\n  no input was found that can grow; give --inputs 'lambda n: (...,)'\n"
    lines = [name, "", f"  whole call  {_said(found.call.cls)} in {found.call.size}"]
    lines.append(f"  core loop   {_said(found.core.cls)}")
    if found.dominating_line:
        lines.append(f"  most operations at line {found.dominating_line}")
    if found.call.cls and 0 < found.call.margin < 1000:
        lines.append(f"  the next best class errs {found.call.margin:g} times as much")
    page = [*lines, "", *_plot(found.call.points), "", *_table(found.call.points)]
    return "".join(inert(line) + "\n" for line in page)


def _said(cls: str) -> str:
    return f"consistent with {cls}" if cls else "no class fits the points"


def _table(points: Sequence[tuple[int, int]]) -> list[str]:
    """At most eight points, sizes above counts."""
    step = max(1, math.ceil(len(points) / 8))
    shown = list(points)[::-1][::step][::-1]
    widths = [max(len(str(n)), len(str(count))) for n, count in shown]
    sizes = "  ".join(str(n).rjust(w) for (n, _), w in zip(shown, widths, strict=True))
    counts = "  ".join(str(c).rjust(w) for (_, c), w in zip(shown, widths, strict=True))
    return [f"  size        {sizes}", f"  operations  {counts}"]


def _plot(points: Sequence[tuple[int, int]]) -> list[str]:
    """Operations over size, both from zero: a straight line is n, a bend upwards is more."""
    widest, most = points[-1][0] or 1, max(count for _, count in points) or 1
    grid = [[" "] * (_COLUMNS + 1) for _ in range(_ROWS + 1)]
    for n, count in points:
        grid[_ROWS - round(count / most * _ROWS)][round(n / widest * _COLUMNS)] = "•"
    label = str(most)
    left = [label, *[" " * len(label)] * (_ROWS - 1), "0".rjust(len(label))]
    rows = [f"  {text} │{''.join(row).rstrip()}" for text, row in zip(left, grid, strict=True)]
    return [*rows, f"  {' ' * len(label)} └{'─' * _COLUMNS} {widest}"]
