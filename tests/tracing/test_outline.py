"""The outline of a trace says of every event what the events themselves say."""

from __future__ import annotations

from pathlib import Path

import pytest

from codeassist.records.run import Budget, Run
from codeassist.tracing import LocalRunner
from tests.support.programs import PROGRAMS

PLAIN = ("prints", "numbers", "comprehensions")
CHOSEN = [program for program in PROGRAMS if program[0] not in PLAIN]


@pytest.mark.parametrize("exact", [False, True])
@pytest.mark.parametrize(("name", "source", "calls"), CHOSEN, ids=lambda value: str(value)[:12])
def test_outlines_agree_with_events(
    name: str, source: str, calls: tuple[str, ...], exact: bool, tmp_path: Path
) -> None:
    path = tmp_path / "prog.py"
    path.write_text(source + "# exec\n" * exact)  # the word asks for the exact hooks
    with LocalRunner(root=str(tmp_path)) as runner:
        for trace in runner.run([Run(str(path), call) for call in calls], Budget(30)):
            assert trace.reader is not None
            told = [(e.kind, e.function, e.line, e.column) for e in trace.reader.events()]
            assert list(trace.reader.outline()) == told
            assert told
