"""Compares a recorded run with what sys.settrace saw of the same program."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from array import array
from collections import Counter, OrderedDict, defaultdict, deque
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from codeassist.records.values import EnumMember, Instance, NamedTuple, Opaque
from codeassist.tracing.store import read

HERE = Path(__file__).parent
PROBE = HERE.parents[1] / "codeassist" / "probe"


def canon(value: Any, path: tuple[int, ...] = ()) -> Any:
    """A recorded value in the oracle's notation."""
    kind = type(value)
    if kind in (int, bool, type(None), str, bytes, range, complex, type(Ellipsis), float):
        return [kind.__name__, repr(value)]
    if id(value) in path:
        return ["cycle"]
    path = (*path, id(value))
    if kind in (list, tuple, deque):
        return [kind.__name__, [canon(item, path) for item in value]]
    if kind in (set, frozenset):
        return [kind.__name__, sorted(json.dumps(canon(item, path)) for item in value)]
    if kind in (dict, defaultdict, OrderedDict, Counter):
        return [kind.__name__, [[canon(k, path), canon(v, path)] for k, v in value.items()]]
    if kind in (Fraction, Decimal, bytearray, array):
        return [kind.__name__, repr(value)]
    if kind is slice:
        return ["slice", [canon(part, path) for part in (value.start, value.stop, value.step)]]
    if kind is EnumMember:
        return [value.cls, value.name, canon(value.value, path)]
    if kind is NamedTuple:
        return [value.cls, [canon(item, path) for item in value.items]]
    if kind is Instance:
        shown = ((n, v) for n, v in value.attributes.items() if not n.startswith("<"))
        return [value.cls, sorted([name, canon(item, path)] for name, item in shown)]
    assert kind is Opaque, kind
    return ["opaque"]


def run(script: str, *args: object, python: str = sys.executable) -> subprocess.CompletedProcess[str]:
    """Run one of the helper scripts in an interpreter of its own."""
    command = [python, "-B", str(HERE / script), *map(str, args)]
    env = {**os.environ, "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, capture_output=True, text=True, timeout=60, env=env, check=False)


def observed(program: Path, call: str, python: str = sys.executable) -> dict[str, Any]:
    """What sys.settrace saw."""
    out = program.with_suffix(".oracle.json")
    done = run("settrace.py", out, program, *([call] if call else []), python=python)
    assert done.returncode == 0, done.stderr
    return json.loads(out.read_text())


def recorded(program: Path, call: str, python: str = sys.executable, detail: str = "full") -> Any:
    """The trace that the recorder wrote, and the finished process."""
    log = program.with_suffix(".trace")
    done = run("record.py", PROBE, log, program, call, detail, python=python)
    assert done.returncode == 0, done.stderr
    return read(log), done


def rows(trace: Any, silent: set[int]) -> list[list[Any]]:
    """The trace in the oracle's notation."""
    reader = trace.reader
    events = list(reader.events())
    moments = [(e.index, e.activation) for e in events]
    result = []
    waiting = set()
    classes = {site.function.qualname for site in reader.log.sites if site.info.get("scope") == "class"}
    for event, state in zip(events, reader.states(moments), strict=True):
        name = event.function.qualname.rpartition(".")[2].partition("#")[0]
        name = "<lambda>" if name.startswith("<lambda") else name
        if event.kind == "raise" or (event.kind == "line" and event.line in silent):
            continue
        if event.kind == "yield" and type(event.value) is Opaque and event.value.cls == "suspended":
            waiting.add(event.activation)  # an await: whether it was suspended is the event loop's affair
            continue
        if event.kind == "resume" and event.activation in waiting:
            waiting.discard(event.activation)
            continue
        if event.kind == "line":
            shown = {n: canon(v) for n, v in state.variables.items() if n != "__class__"}
            result.append(["line", name, event.line, shown])
        elif event.kind in ("return", "yield"):
            is_class = type(event.value) is type(None) and event.function.qualname in classes
            value = canon(event.value) if name != "<module>" and not is_class else None
            result.append([event.kind, name, 0, value])
        else:
            result.append([event.kind, name, 0, None])
    return result


def compare(program: Path, call: str = "", python: str = sys.executable, detail: str = "full") -> int:
    """Assert that both saw the same; the number of steps compared."""
    from tests.support.settrace import Statements

    expected = observed(program, call)
    trace, _ = recorded(program, call, python, detail)
    silent = Statements(program.read_text(encoding="utf-8")).silent
    found = rows(trace, silent)
    for number, (want, got) in enumerate(zip(expected["events"], found, strict=False)):
        if want[0] == "yield" and want[3] == ["opaque"]:  # an async generator's value, wrapped
            want[3] = got[3]
        if want != got:
            before = [row[:3] for row in found[max(0, number - 6) : number]]
            raise AssertionError(f"event {number}\n  before {before}\n  settrace {want}\n  recorded {got}")
    assert len(expected["events"]) == len(found), (
        expected["events"][len(found) :][:2],
        found[len(expected["events"]) :][:2],
    )
    assert trace.header.outcome.kind == expected["ending"][0]
    return len(found)
