"""Size and speed of the pages that step through a run, at about 1,000, 10,000 and 100,000 events.

    python benchmarks/viewer.py [--sizes 1000 10000 100000]

Needs Node 20, `npm ci` in viewer/, and Chromium (/usr/bin/chromium, or named by CHROMIUM). Prints a Markdown
table. Processor time is that of the page's own thread, so that a busy machine changes it little; the first
picture is told by the clock as well.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

VIEWER = Path(__file__).resolve().parents[1] / "viewer"
PROGRAM = """\
def bubble(xs):
    n = len(xs)
    for i in range(n):
        swapped = False
        for j in range(0, n - i - 1):
            if xs[j] > xs[j + 1]:
                xs[j], xs[j + 1] = xs[j + 1], xs[j]
                swapped = True
        if not swapped:
            break
    return xs
"""
CALL = "bubble([(i * 7919) % 1009 for i in range({n})])"
"""about 1.5 n * n events"""


def page(events: int, folder: str) -> str:
    """A page of about so many events."""
    program, out = Path(folder) / "bubble.py", Path(folder) / f"page{events}.html"
    program.write_text(PROGRAM)
    call = CALL.format(n=round((events / 1.53) ** 0.5))
    command = [sys.executable, "-m", "codeassist", "trace", str(program), "--call", call]
    subprocess.run([*command, "--format", "html", "--output", str(out), "--time-limit", "120"], check=True)
    return str(out)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    sizes = parser.parse_args().sizes
    print("| events | page, KB | of it the run | first picture, ms | of it processor | a moved slider, ms |")
    print("| --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        bundle = len((VIEWER / "../codeassist/rendering/viewer/viewer.js").read_bytes())
        bundle += len((VIEWER / "../codeassist/rendering/viewer/viewer.css").read_bytes())
        for path in [page(size, folder) for size in sizes]:
            told = subprocess.run(
                ["node", "scripts/measure.mjs", path],
                cwd=VIEWER,
                check=True,
                capture_output=True,
                text=True,
                env=os.environ,
            )
            row = json.loads(told.stdout)
            size, run = row["bytes"] / 1000, (row["bytes"] - bundle) / 1000
            cells = (
                f"{row['events']:,}",
                f"{size:,.0f}",
                f"{run:,.0f}",
                row["first"],
                row["opening"],
                row["move"],
            )
            print(f"| {' | '.join(map(str, cells))} |")


if __name__ == "__main__":
    main()
