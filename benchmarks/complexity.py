"""Complexity of functions of known class: how many are right, how many are wrong, seconds for each.

    python benchmarks/complexity.py [FILE]

FILE holds functions and a mapping CLASSES of name -> right answers; without it the cases beside this script.
"""

from __future__ import annotations

import ast
import sys
import time
from pathlib import Path

from codeassist import evidence, inputs, parsing
from codeassist.records.run import Budget
from codeassist.tracing import LocalRunner

CASES = Path(__file__).with_name("complexity_cases.py")


def expected(path: Path) -> dict[str, tuple[str, ...]]:
    """The mapping CLASSES of a file, read without running it."""
    for node in ast.parse(path.read_text()).body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(isinstance(t, ast.Name) and t.id == "CLASSES" for t in targets):
            return dict(ast.literal_eval(node.value))
    raise SystemExit(f"{path} has no CLASSES")


def main() -> None:
    """Print a row for each function that is not right, and the totals."""
    path = Path(sys.argv[1] if len(sys.argv) > 1 else CASES).resolve()
    only = sys.argv[2:]
    known = {name: cls for name, cls in expected(path).items() if not only or name in only}
    module = parsing.parse(parsing.read_source(str(path)))
    runner = LocalRunner(root=str(path.parent), python=sys.executable)
    right = silent = 0
    started = time.monotonic()
    for name, answers in known.items():
        begun = time.monotonic()
        function = parsing.find(module, name)
        runs = inputs.choose(module, function, runner, Budget(10))
        calls = [run.call for run in runs if not run.setup]
        found = evidence.measure(module, function, calls, runner, Budget(20))
        cls = found.call.cls if found else ""
        right += cls in answers
        silent += not cls
        if cls not in answers or only:
            example = calls[0] if calls else "no input"
            points = found.call.points[-3:] if found else ()
            spent = time.monotonic() - begun
            print(f"{name}: {cls or 'none'} for {answers[0]}  {example} {points} {spent:.1f} s")
    runner.close()
    spent = time.monotonic() - started
    print(f"{right} of {len(known)} right, {silent} none, {spent / len(known):.2f} s each")


if __name__ == "__main__":
    main()
