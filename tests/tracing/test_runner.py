"""Runs of every kind: what is imported under which name, and what comes out."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import sysconfig
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from codeassist.records.errors import TraceError, UsageError
from codeassist.records.run import Budget, Limits, Run
from codeassist.records.trace import Trace
from codeassist.records.values import literal
from codeassist.tracing import LocalRunner, processes

STDLIB = Path(sysconfig.get_path("stdlib"))
FILES = {
    "package/__init__.py": "from .core import double\n",
    "package/core.py": "from . import helper\ndef double(x):\n    return helper.add(x, x)\n",
    "package/helper.py": "def add(a, b):\n    return a + b\n",
    "package/__main__.py": "import sys\nfrom package import double\nprint(double(len(sys.argv)))\n",
    "package/inner/__init__.py": "",
    "package/inner/deep.py": "from ..helper import add\ndef triple(x):\n    return add(x, add(x, x))\n",
    "loose/part.py": "from . import other\ndef f():\n    return other.VALUE\n",
    "loose/other.py": "VALUE = 11\n",
    "json.py": "def dumps(x):\n    return 'mine'\n",
    "uses_json.py": "import json\ndef f():\n    return json.dumps([1])\n",
    "script.py": "import sys\nprint(sys.argv[1:], sys.stdin.read())\nsys.exit(3)\n",
    "numbers_.py": "import random\nSEEDED = random.random()\ndef f():\n    return SEEDED, random.random()\n",
    "waits.py": "import asyncio\nasync def f(n):\n    await asyncio.sleep(0)\n    return n + 1\n",
    "yields.py": "def f(n):\n    for i in range(n):\n        yield i\n",
    "needs.py": "import a_module_that_nobody_has\n",
    "broken.py": "def f(:\n",
    "leaves.py": "import sys\nsys.exit(3)\n",
    "dies.py": "import os\nos._exit(4)\n",
    "spins.py": "while True:\n    pass\n",
    "grows.py": "xs = []\nwhile True:\n    xs.append(bytearray(10**6))\n",
    "test_it.py": (
        "import pytest\nfrom package import double\n"
        "@pytest.fixture\ndef five():\n    return 5\n"
        "@pytest.fixture\ndef bad():\n    raise ValueError('in the fixture')\n"
        "def test_good(five):\n    assert double(five) == 10\n"
        "def test_wrong():\n    x = double(2)\n    assert x == 5\n"
        "def test_fixture(bad):\n    pass\n"
        "class TestC:\n    @pytest.mark.parametrize('n', [1, 2])\n"
        "    def test_p(self, n):\n        assert double(n) == 2 * n\n"
    ),
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


@pytest.fixture(scope="module")
def runner(project: Path) -> Iterator[LocalRunner]:
    with LocalRunner(root=str(project), python=sys.executable) as opened:
        yield opened


def one(runner: LocalRunner, run: Run) -> Trace:
    return next(iter(runner.run([run], Budget(60))))


def told(trace: Trace) -> str:
    outcome = trace.header.outcome
    if outcome.kind == "returned":
        return literal(outcome.result)
    if outcome.exception:
        return f"{outcome.kind}: {outcome.exception.cls}: {outcome.exception.message}"
    return f"{outcome.kind}: {outcome.limit}"


CALLS = [
    ("package/core.py", "double(4)", "8"),
    ("package/inner/deep.py", "triple(4)", "12"),
    ("package/__init__.py", "double(4)", "8"),
    ("loose/part.py", "f()", "11"),  # a namespace package: it imports relatively
    ("json.py", "dumps(1)", "'mine'"),
    ("uses_json.py", "f()", "'[1]'"),  # the standard library comes first
    ("numbers_.py", "f()", "(0.8444218515250481, 0.8444218515250481)"),
    ("waits.py", "f(1)", "2"),
    ("waits.py", "await f(1)", "2"),
    ("package/helper.py", "add(1,\n    2)", "3"),
    ("needs.py", "f()", "bad_input: ModuleNotFoundError: the module cannot be imported: No module named "),
    ("broken.py", "f()", "bad_input: SyntaxError: the file does not parse: "),
    ("leaves.py", "f()", "bad_input: SystemExit: the module cannot be imported: 3"),
    ("dies.py", "f()", "died: ImportError: the process ended while it imported the module"),
    (
        "package/helper.py",
        "plus(1, 2)",
        "bad_input: NameError: the call names something that the module does",
    ),
    ("package/helper.py", "add(1, x)", "bad_input: NameError: "),
    ("package/helper.py", "add(1,", "bad_input: SyntaxError: the expression does not parse: "),
    ("package/helper.py", "x = add(1, 2)", "bad_input: SyntaxError: "),
    ("package/helper.py", "add(1)", "raised: TypeError: add() missing 1 required positional argument"),
    ("package/helper.py", "add(1, '')", "raised: TypeError: unsupported operand"),
]


@pytest.mark.parametrize(("name", "call", "expected"), CALLS)
def test_call(runner: LocalRunner, project: Path, name: str, call: str, expected: str) -> None:
    assert told(one(runner, Run(str(project / name), call))).startswith(expected)


STANDARD = [
    ("heapq.py", "nsmallest(2, [3, 1, 2])", "[1, 2]"),
    ("bisect.py", "bisect_left([1, 2, 3], 2)", "1"),
    ("json/decoder.py", "JSONDecoder().decode('[1]')", "[1]"),
    ("random.py", "Random(1).randint(1, 6)", "2"),
    ("functools.py", "reduce(lambda a, b: a + b, [1, 2])", "3"),
    ("textwrap.py", "wrap('a b c d', 3)", "['a b', 'c d']"),
]


@pytest.mark.parametrize(("name", "call", "expected"), STANDARD)
def test_standard_modules_run_as_python_not_as_c(
    runner: LocalRunner, name: str, call: str, expected: str
) -> None:
    trace = one(runner, Run(str(STDLIB / name), call))
    assert told(trace) == expected
    assert trace.reader is not None
    assert len(trace.reader) > 5


def test_setup_comes_before_the_call_and_is_not_recorded(runner: LocalRunner, project: Path) -> None:
    trace = one(runner, Run(str(project / "package/helper.py"), "add(n, 2)", setup=("n = add(1, 1)",)))
    assert told(trace) == "4"
    assert trace.reader is not None
    assert [event.kind for event in trace.reader.events()].count("call") == 1


def test_a_returned_generator_is_drained(runner: LocalRunner, project: Path) -> None:
    trace = one(runner, Run(str(project / "yields.py"), "f(3)"))
    assert trace.reader is not None
    assert [event.value for event in trace.reader.events() if event.kind == "yield"] == [0, 1, 2]


def test_a_script_has_its_arguments_and_its_input(runner: LocalRunner, project: Path) -> None:
    trace = one(runner, Run(str(project / "script.py"), argv=("a", "b"), stdin="typed"))
    assert trace.reader is not None
    assert "".join(part.text for part in trace.reader.output()) == "['a', 'b'] typed\n"
    assert (trace.header.outcome.kind, trace.header.outcome.status) == ("exited", 3)
    assert trace.header.complete


def test_a_module_runs_by_name(runner: LocalRunner, project: Path) -> None:
    trace = one(runner, Run(str(project / "package/__main__.py"), module="package", argv=("x",)))
    assert trace.reader is not None
    assert "".join(part.text for part in trace.reader.output()) == "4\n"


TESTS = [
    ("test_good", "None"),
    ("TestC::test_p[2]", "None"),
    ("test_wrong", "raised: AssertionError: "),
    ("test_fixture", "bad_input: FixtureError: "),
    ("test_absent", "bad_input: UsageError: pytest knows no test of that name"),
]


@pytest.mark.parametrize(("name", "expected"), TESTS)
def test_pytest_runs_the_node(runner: LocalRunner, project: Path, name: str, expected: str) -> None:
    trace = one(runner, Run(str(project / "test_it.py"), test=f"test_it.py::{name}", limits=Limits(time=30)))
    assert told(trace).startswith(expected)


def test_an_overlay_stands_in_for_the_file(runner: LocalRunner, project: Path) -> None:
    path = str(project / "package/helper.py")
    changed = {path: "def add(a, b):\n    return a - b\n"}
    assert told(one(runner, Run(path, "add(1, 2)", overlay=changed))) == "-1"
    assert told(one(runner, Run(path, "add(1, 2)"))) == "3"
    assert told(one(runner, Run(str(project / "package/core.py"), "double(5)", overlay=changed))) == "0"


@pytest.mark.parametrize(("name", "limit"), [("spins.py", "time"), ("grows.py", "memory")])
def test_an_import_is_limited_too(runner: LocalRunner, project: Path, name: str, limit: str) -> None:
    limits = Limits(time=1.0 if limit == "time" else 10.0, memory=200 << 20)
    started = time.monotonic()
    outcome = one(runner, Run(str(project / name), "f()", limits=limits)).header.outcome
    assert (outcome.kind, outcome.limit) == ("limit_reached", limit)
    assert time.monotonic() - started < 10


def test_a_spent_budget_stops(runner: LocalRunner, project: Path) -> None:
    run = Run(str(project / "package/helper.py"), "add(1, 2)")
    assert list(runner.run([run] * 3, Budget(0))) == []


def test_missing_files_and_interpreters_are_usage_errors(project: Path) -> None:
    with LocalRunner(root=str(project)) as opened, pytest.raises(UsageError, match="no such file"):
        one(opened, Run(str(project / "absent.py"), "f()"))
    with LocalRunner(root=str(project), python="/absent/python") as opened, pytest.raises(UsageError):
        one(opened, Run(str(project / "json.py"), "f()"))


def test_what_is_no_python_cannot_be_started(project: Path) -> None:
    with LocalRunner(root=str(project), python="/bin/true") as opened, pytest.raises(TraceError):
        one(opened, Run(str(project / "json.py"), "f()"))


def test_a_run_that_is_killed_from_outside_has_died(project: Path) -> None:
    (project / "sleeps.py").write_text("import time\ndef f():\n    x = 1\n    time.sleep(100)\n")
    with LocalRunner(root=str(project)) as opened:
        one(opened, Run(str(project / "sleeps.py"), "1"))
        (server,) = opened._servers.values()

        def murder() -> None:
            while not (jobs := server._jobs()):
                time.sleep(0.01)
            os.kill(jobs[0], signal.SIGKILL)

        thread = threading.Thread(target=murder)
        thread.start()
        trace = one(opened, Run(str(project / "sleeps.py"), "f()"))
        thread.join()
        assert told(trace) == "died: SIGKILL: the process died of SIGKILL"
        assert told(one(opened, Run(str(project / "sleeps.py"), "2"))) == "2"


OWNER = """
import sys, time
from codeassist.tracing import LocalRunner
from codeassist.records.run import Budget, Run
runner = LocalRunner(root=sys.argv[1], without=sys.argv[2:])
next(iter(runner.run([Run(sys.argv[1] + "/sleeps.py", "1")], Budget(20))))
print("ready", flush=True)
next(iter(runner.run([Run(sys.argv[1] + "/sleeps.py", "f()")], Budget(20))))
"""


@pytest.mark.parametrize("without", [(), ("pid-namespace",)], ids=["namespace", "subreaper"])
def test_nothing_outlives_an_owner_that_is_killed(project: Path, without: tuple[str, ...]) -> None:
    (project / "sleeps.py").write_text("import time\ndef f():\n    x = 1\n    time.sleep(100)\n")
    command = [sys.executable, "-c", OWNER, str(project), *without]
    owner = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert owner.stdout is not None
    assert owner.stdout.readline() == b"ready\n"
    time.sleep(0.1)
    below = processes.descendants(owner.pid)
    owner.kill()
    owner.wait()
    owner.stdout.close()
    processes.wait_gone(below, 3.0)
    assert below
    assert not any(processes._runs(pid) for pid in below)
