"""Draw the README's pictures again: a terminal as SVG, the step viewer as PNG (needs Chromium).

`python docs/pictures.py` writes them into docs/pictures/.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
TERMINALS = {
    "explain": ["explain", "examples/binary_search.py"],
    "trace": ["trace", "examples/merge_sort.py::merge", "--call", "merge([1, 4], [2])"],
}
VIEWER = ["trace", "examples/merge_sort.py::merge_sort", "--call", "merge_sort([5, 2, 4, 1, 3])"]
QUIET = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --hide-scrollbars"
)


def told(words: list[str], *more: str) -> str:
    """What a command prints, coloured and 100 columns wide."""
    env = {**os.environ, "COLUMNS": "100"}
    command = [sys.executable, "-m", "codeassist", *words, *more]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    return done.stdout


def terminal(name: str, words: list[str]) -> None:
    """One terminal window as SVG, in the fonts of who looks at it."""
    from rich.console import Console
    from rich.text import Text

    shown = f"$ codeassist {' '.join(w if ' ' not in w else repr(w) for w in words)}\n"
    console = Console(record=True, width=100, file=io.StringIO(), force_terminal=True)
    console.print(Text.from_ansi(shown + told(words, "--color", "always").rstrip("\n")))
    svg = console.export_svg(title="codeassist", unique_id=name)
    lines = [line for line in svg.split("\n") if "url(" not in line or "clip-path" in line]
    (PICTURES / f"{name}.svg").write_text("\n".join(lines) + "\n", encoding="utf-8")


def viewer() -> None:
    """The step viewer in the middle of a run."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        print("no Chromium: the viewer's picture stays as it is")
        return
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        told(VIEWER, "--format", "html", "--output", str(page))
        command = [
            browser, *QUIET.split(), f"--user-data-dir={folder}/profile", "--window-size=1200,760",
            f"--screenshot={PICTURES}/viewer.png", "--virtual-time-budget=4000", f"{page.as_uri()}#step=60",
        ]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=120)


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    for name, words in TERMINALS.items():
        terminal(name, words)
    viewer()


if __name__ == "__main__":
    main()
