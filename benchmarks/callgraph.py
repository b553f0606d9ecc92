"""The call graph, measured: PyCG's own suite, calls recorded from a package's tests, time and memory.

python benchmarks/callgraph.py suite              # needs pip: PyCG's source release holds the suite
python benchmarks/callgraph.py recorded FOLDER TESTS...   # a package's folder, and tests inside of it
python benchmarks/callgraph.py speed FOLDER...    # beside ast.parse in the same process
"""

from __future__ import annotations

import ast
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.sources import release

PYCG = "pycg==0.0.8"
Edges = set[tuple[str, str]]


def main(arguments: list[str]) -> int:
    """One table for each word on the command line."""
    tables: dict[str, Callable[[list[str]], None]] = {"suite": suite, "recorded": recorded, "speed": speed}
    if not arguments or arguments[0] not in tables:
        print(__doc__)
        return 2
    tables[arguments[0]](arguments[1:])
    return 0


def suite(_: list[str]) -> None:
    """Exact cases, precision and recall on PyCG's micro-benchmark, ours beside PyCG's."""
    with tempfile.TemporaryDirectory() as folder:
        python, cases = _peer(Path(folder))
        rows = {name: [0, 0, 0, 0] for name in ("codeassist", "PyCG 0.0.8")}
        for case in cases:
            wanted = _pairs(json.loads((case / "callgraph.json").read_text()))
            for name, found in (("codeassist", _ours(case)), ("PyCG 0.0.8", _pycg(python, case))):
                hits = len(wanted & found)
                for at, add in enumerate((wanted == found, hits, len(found), len(wanted))):
                    rows[name][at] += add
                if name == "codeassist" and wanted != found:
                    short = f"{case.parent.name}/{case.name}"
                    print(f"{short}: missing {sorted(wanted - found)}, more {sorted(found - wanted)}")
        print(f"\n| {len(cases)} cases | exact | precision | recall |\n| --- | --- | --- | --- |")
        for name, (exact, hits, found_all, wanted_all) in rows.items():
            print(f"| {name} | {exact} | {hits / found_all:.3f} | {hits / wanted_all:.3f} |")


def _peer(folder: Path) -> tuple[str, list[Path]]:
    """PyCG installed in a fresh environment, and the cases of its source release."""
    venv.create(folder / "venv", with_pip=True)
    python = str(folder / "venv" / "bin" / "python")
    source = release(PYCG, folder)
    subprocess.run([python, "-m", "pip", "install", "-q", str(source)], check=True)
    cases = sorted(path.parent for path in source.glob("micro-benchmark/snippets/*/*/callgraph.json"))
    return python, cases


def _pairs(adjacency: dict[str, list[str]]) -> Edges:
    return {(caller, callee) for caller, callees in adjacency.items() for callee in callees}


def _ours(case: Path) -> Edges:
    from codeassist.pipeline.graphing import GraphOptions, graph
    from codeassist.rendering.graph_json import adjacency

    return _pairs(adjacency(graph([str(case)], GraphOptions(names="pycg", jobs=1))))


def _pycg(python: str, case: Path) -> Edges:
    command = [python, "-m", "pycg", "--package", str(case), str(case / "main.py")]
    done = subprocess.run(command, capture_output=True, text=True)
    return _pairs(json.loads(done.stdout)) if done.returncode == 0 and done.stdout.strip() else set()


def recorded(arguments: list[str]) -> None:
    """Which calls that a package's tests make are in its graph, and which edges no test takes."""
    folder = os.path.realpath(arguments[0])
    seen = _record(folder, arguments[1:])
    static = _static(folder)
    reached = {end for pair in seen for end in pair}
    asked = {pair for pair in static if pair[0] in reached}
    print(f"| {os.path.basename(folder)} | calls |\n| --- | --- |")
    print(f"| recorded | {len(seen)} |\n| of these in the graph | {len(seen & static)} |")
    print(f"| recall of recorded calls | {len(seen & static) / max(len(seen), 1):.3f} |")
    print(f"| edges of functions that ran | {len(asked)} |")
    print(f"| share of them never seen | {len(asked - seen) / max(len(asked), 1):.3f} |")
    for pair in sorted(seen - static)[:: max(len(seen - static) // 12, 1)]:
        print("missed:", " -> ".join(f"{Path(path).name}:{name}" for path, name in pair))


Place = tuple[str, str]


def _record(folder: str, tests: list[str]) -> set[tuple[Place, Place]]:
    with tempfile.TemporaryDirectory() as scratch:
        out = f"{scratch}/pairs.json"
        here = str(Path(__file__).parent)
        paths = os.pathsep.join([os.path.dirname(folder), here])
        environment = {**os.environ, "CALLGRAPH_FOLDER": folder, "CALLGRAPH_OUT": out, "PYTHONPATH": paths}
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "callgraph_record",
            "-p",
            "no:cacheprovider",
            *tests,
        ]
        subprocess.run(command, env=environment, cwd=scratch, stdout=subprocess.DEVNULL, check=False)
        rows = json.loads(Path(out).read_text())
    return {(_place(*caller), _place(*callee)) for caller, callee in rows}


def _place(path: str, qualname: str) -> Place:
    return path, re.sub(r"<lambda\d*>", "<lambda>", re.sub(r"#\d+", "", qualname))


def _static(folder: str) -> set[tuple[Place, Place]]:
    from codeassist.pipeline.graphing import GraphOptions, graph

    solved = graph([folder], GraphOptions(jobs=1))
    places = {name: _place(identity.path, identity.qualname) for name, identity in solved.functions.items()}
    inside = [edge for edge in solved.edges if edge.caller in places and edge.callee in places]
    return {(places[edge.caller], places[edge.callee]) for edge in inside}


def speed(folders: list[str]) -> None:
    """CPU time of reading and solving beside ast.parse of the same files; a process for each folder."""
    print(
        "| folder | files | lines | functions | edges | CPU s | lines/s | x ast.parse | peak MiB | remarks |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for folder in folders:
        command = [sys.executable, __file__, "speed-of", folder]
        done = subprocess.run(command, capture_output=True, text=True)
        last = done.stderr.strip().splitlines()[-1:] or [""]
        print(done.stdout.strip() or f"| {folder} | CRASHED: {last[0]} |", flush=True)


def speed_of(folder: str) -> str:
    """One row of the table."""
    from codeassist.callgraph import solve
    from codeassist.pipeline.graphing import read_one
    from codeassist.records.program import Module
    from codeassist.targets import files_below

    start = time.process_time()
    read = [read_one(path) for path in sorted(files_below(folder, (".py",)))]
    modules = [each for each in read if isinstance(each, Module)]
    graph = solve(modules, os.path.realpath(folder))
    ours = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    start = time.process_time()
    lines = sum(len(module.source.lines) for module in modules if _parsed(module.source.text))
    floor = time.process_time() - start
    remarks = ", ".join(_remarks(len(read) - len(modules), [notice.slug for notice in graph.notices]))
    cells = [
        os.path.basename(folder.rstrip("/")),
        str(len(modules)),
        str(lines),
        str(len(graph.functions)),
        str(len(graph.edges)),
        f"{ours:.1f}",
        f"{lines / max(ours, 1e-9):.0f}",
        f"{ours / max(floor, 1e-9):.1f}",
        f"{peak:.0f}",
        remarks,
    ]
    return f"| {' | '.join(cells)} |"


def _remarks(skipped: int, notices: list[str]) -> Iterator[str]:
    if skipped:
        yield f"{skipped} files do not parse"
    if "graph-cut" in notices:
        yield "cut short"


def _parsed(text: str) -> bool:
    """Always true: the lines of a file that ast.parse refuses count all the same."""
    with suppress(SyntaxError, ValueError, RecursionError):
        ast.parse(text)
    return True


if __name__ == "__main__":
    if sys.argv[1:2] == ["speed-of"]:
        print(speed_of(sys.argv[2]))
    else:
        sys.exit(main(sys.argv[1:]))
