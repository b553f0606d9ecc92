"""Fuzz every reader of files that a stranger can hand us: traces, counts, claims, settings, the cache.

    python benchmarks/fuzz.py [--count 200000] [--seed 2] [--only trace]

Prints each failure with the number that makes the document again, and a table. Status 1 if there was one.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.support import fuzzing

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        failures = fuzzing.main(options.count, options.seed, options.only, Path(name), sys.stdout)  # type: ignore[arg-type]
    print(f"peak memory {fuzzing.peak() >> 20} MB", file=sys.stderr)
    sys.exit(failures > 0)
