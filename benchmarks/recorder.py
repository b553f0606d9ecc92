"""What recording costs: slowdown over untraced CPU, steps a second, bytes a step, peak memory.

Beside us: an empty sys.settrace and (3.12+) an empty sys.monitoring LINE callback as floors, and with
--peers PySnooper, snoop, hunter and viztracer, installed into a throw-away environment.
Usage: python benchmarks/recorder.py [--python INTERPRETER] [--rounds 2] [--peers]
"""

from __future__ import annotations

import argparse
import math
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROBE = HERE.parent / "codeassist" / "probe"
PROGRAM = HERE / "recorder_programs" / "algorithms.py"
CALLS = (
    "bubble(200)", "sieve(60000)", "fib(19)", "collatz(900)", "lcs('abcde' * 24, 'badce' * 24)", "bfs(70)",
    "dijkstra(3000)", "bst(2500)", "queens(7)", "msort(3000)", "allperms(7)",
)  # fmt: skip
PEERS = ("pysnooper", "snoop", "hunter", "viztracer")

WORKER = r"""
import importlib.util, os, resource, sys, time
way, call, path, probe, log = sys.argv[1:]

def load(where, name):
    spec = importlib.util.spec_from_file_location(name, where)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module

def timed(run):
    started = time.process_time()
    run()
    print(time.process_time() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)

def recording(detail):
    recorder = load(os.path.join(probe, "recorder.py"), "recorder")
    recorder.install([], {}, detail)
    space = recorder.load(path, "algorithms").__dict__
    fd = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    def run():
        recorder.begin(fd, 0)
        eval(call, space)
        recorder.finish({"kind": "returned"})
    timed(run)

def settrace(space):
    def trace(frame, event, arg):
        return trace
    sys.settrace(trace)
    try:
        eval(call, space)
    finally:
        sys.settrace(None)

def monitoring(space):
    tool = sys.monitoring
    tool.use_tool_id(3, "floor")
    tool.register_callback(3, tool.events.LINE, lambda code, line: None)
    tool.set_events(3, tool.events.LINE)
    eval(call, space)
    tool.set_events(3, 0)

def peer(space):
    out = open(log, "w")
    function = space[call.partition("(")[0]]
    if way == "pysnooper":
        import pysnooper
        with pysnooper.snoop(out, depth=99):
            eval(call, space)
    elif way == "snoop":
        import snoop
        snoop.install(out=out)
        with snoop.snoop(depth=99):
            eval(call, space)
    elif way == "hunter":
        import hunter
        with hunter.trace(module="algorithms", action=hunter.VarsPrinter(stream=out)):
            eval(call, space)
    else:
        import viztracer
        with viztracer.VizTracer(output_file=log, log_func_args=True, log_func_retval=True, verbose=0):
            eval(call, space)

if way in ("full", "exact"):
    recording(way)
else:
    space = load(path, "algorithms").__dict__
    plain = {"plain": lambda space: eval(call, space), "settrace": settrace, "monitoring": monitoring}
    timed(lambda: plain.get(way, peer)(space))
"""


def measure(python: str, way: str, call: str, log: Path, rounds: int) -> tuple[float, int] | None:
    """Least CPU seconds of `rounds` runs and the peak memory in KiB; None when it fails or takes too long."""
    best: tuple[float, int] | None = None
    for _ in range(rounds):
        command = [python, "-c", WORKER, way, call, str(PROGRAM), str(PROBE), str(log)]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        except subprocess.TimeoutExpired:
            return None
        if done.returncode:
            return None
        seconds, memory = done.stdout.split()[-2:]
        best = min(best or (math.inf, 0), (float(seconds), int(memory)))
    return best


def steps_of(log: Path) -> int:
    """Number of `line` events in a log."""
    from codeassist.tracing import read

    reader = read(log).reader
    assert reader is not None
    return sum(1 for kind in reader.index.kinds if kind == 1)  # type: ignore[attr-defined]


def environment(folder: Path) -> str:
    """A throw-away environment that holds the peers."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    python = str(folder / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "-q", *PEERS], check=True)
    return python


def table(python: str, ways: list[str], rounds: int, folder: Path) -> None:
    """Print a row for each program and the geometric means."""
    ratios: dict[str, list[float]] = {way: [] for way in ways}
    print(
        f"{'program':34}{'plain ms':>9}{'steps':>9}{'B/step':>8}{'MiB':>7}", *[f"{way:>11}" for way in ways]
    )
    for call in CALLS:
        plain = measure(python, "plain", call, folder / "x", rounds)
        assert plain is not None
        cells = []
        log = folder / "full.log"
        for way in ways:
            found = measure(python, way, call, log if way == "full" else folder / way, rounds)
            ratio = found[0] / plain[0] if found else math.nan
            if found:
                ratios[way].append(ratio)
            if way == "full" and found:
                extra = (found[1] - plain[1]) / 1024
            cells.append(f"{ratio:10.1f}x")
        steps = steps_of(log)
        size = os.path.getsize(log) / steps
        print(f"{call:34}{plain[0] * 1000:9.1f}{steps:9}{size:8.1f}{extra:7.1f}", *cells, flush=True)
    means = [f"{math.exp(sum(map(math.log, r)) / len(r)):10.1f}x" if r else "-" for r in ratios.values()]
    worst = [f"{max(r):10.1f}x" if r else "-" for r in ratios.values()]
    print(f"{'geometric mean':67}", *means)
    print(f"{'worst':67}", *worst)


def main() -> None:
    """Read the options and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--peers", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ways = ["full", "settrace"]
        python = options.python
        question = [python, "-c", "import sys; print(sys.version_info >= (3, 12))"]
        version = subprocess.run(question, capture_output=True, text=True, check=True)
        if version.stdout.strip() == "True":
            ways.append("monitoring")
        if options.peers:
            python = environment(folder / "peers")
            ways += PEERS
        table(python, ways, options.rounds, folder)


if __name__ == "__main__":
    main()
