"""Where written inputs are found beside the target: the repository's tests, one test's calls, saved calls."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from codeassist.records.errors import UsageError
from codeassist.records.program import CallGraph, Function, Module
from codeassist.records.run import Budget, Run, Runner
from codeassist.settings import project_root
from codeassist.targets import SKIPPED

if TYPE_CHECKING:
    from codeassist.pipeline.session import Session

_IS_TEST = re.compile(r"(test_.*|.*_tests?|tests?)\.py$")
_MOST_FILES = 4000
"""entries of a project that are looked at for tests"""
_DEEPEST = 6
_MOST_TEXTS = 8
_LARGEST = 400_000
"""bytes of a test file beyond which it is left alone"""
_LOOK = 3.0
"""seconds for runs of callers, whose arguments are looked at"""


def tests(module: Module, function: Function) -> list[str]:
    """Texts of the project's test files that name the function, those named after its module first."""
    name = function.name if function.name != "__init__" else function.parent.split(".")[-1]
    stem = Path(module.source.path).stem
    paths = sorted(_test_files(project_root(module.source.path)), key=lambda path: stem not in path)
    found: list[str] = []
    for path in paths:
        text = _read(path)
        if path != module.source.path and re.search(rf"\b{re.escape(name)}\b", text):
            found.append(text)
        if len(found) == _MOST_TEXTS:
            break
    return found


def _test_files(root: str) -> Iterator[str]:
    seen = 0
    for folder, folders, files in os.walk(root):
        depth = len(Path(folder).relative_to(root).parts)
        folders[:] = sorted(f for f in folders if f not in SKIPPED and not f.startswith(".")) * (
            depth < _DEEPEST
        )
        seen += len(files)
        if seen > _MOST_FILES:
            return
        yield from (os.path.join(folder, name) for name in sorted(files) if _IS_TEST.match(name))


def _read(path: str) -> str:
    try:
        if not os.path.isfile(path) or os.path.getsize(path) > _LARGEST:
            return ""
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def from_test(node: str, function: Function, runner: Runner, opened: Session) -> tuple[list[str], Run | None]:
    """Calls that one test makes of the function, written out, and the test itself as a run.

    None where the test does not reach the function. Raises UsageError for a test that there is not.
    """
    from codeassist import inputs
    from codeassist.pipeline.recording import test_run

    limits = opened.settings.limits()
    run = replace(test_run(node), limits=limits, root=project_root(function.id.path))
    budget = Budget(max(opened.settings["budget"], limits.time))
    trace = next(iter(runner.run([run], budget)), None)
    if trace is None or trace.reader is None:
        raise UsageError(f"--from-test {node}: the test did not run")
    if not any(a.function.qualname == function.id.qualname for a in trace.reader.activations()):
        return [], None
    return inputs.seen(trace, function), run


def through_callers(
    module: Module, function: Function, graph: CallGraph, runner: Runner, budget: Budget
) -> list[str]:
    """Calls of the function that its callers in the same file make when they run with inputs of theirs."""
    from codeassist import inputs

    found: list[str] = []
    for caller in _callers(module, function, graph)[:2]:
        left = Budget(min(_LOOK, budget.seconds))
        runs = inputs.choose(module, caller, runner, left, tests=tests(module, caller), limit=6)
        for trace in runner.run(runs[:3], left):
            found += inputs.seen(trace, function)
    return list(dict.fromkeys(found))[:12]


def _callers(module: Module, function: Function, graph: CallGraph) -> Sequence[Function]:
    """Functions of the same file that call it, the shortest first."""
    names = graph.functions
    own = next((name for name, identity in names.items() if identity == function.id), "")
    ids = {names[e.caller] for e in graph.edges if e.callee == own and e.caller in names and e.caller != own}
    callers = [f for f in module.functions if f.id in ids and f.kind not in ("module", "class", "lambda")]
    return sorted(callers, key=lambda f: len(f.body_lines))
