"""The layers: applied, proven, missing with a reason, and what runs without them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from codeassist.records.errors import ConsentError, UsageError
from codeassist.records.run import Budget, Limits, Run
from codeassist.records.trace import Trace
from codeassist.tracing import LocalRunner, sandbox
from codeassist.tracing.launch import PROBE

NAMESPACES = tuple(name for name in sandbox.LAYERS if name.endswith("-namespace"))
BASES = {
    "all layers": (),
    "Landlock and seccomp, as in Docker": NAMESPACES,
    "the same on Linux 5.19": (*NAMESPACES, "landlock-scopes"),
    "namespaces and seccomp, as before Linux 5.13": ("landlock",),
}
PROGRAM = """
import os, signal, socket, tempfile

def add(a, b):
    return a + b

def write():
    open(os.path.join(os.path.dirname(__file__), "new"), "w")

def change():
    os.chmod(__file__, 0o777)

def connect():
    socket.socket()

def signal_to(pid):
    os.kill(pid, 0)

def signal_to_server():
    os.kill(os.getppid(), 0)

def signal_to_itself():
    os.kill(os.getpid(), signal.SIGTERM)

def keep():
    with tempfile.TemporaryFile() as stream:
        return stream.write(b"abc")

def read(path):
    return len(open(path).read())
"""


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "project" / "program.py"
    path.parent.mkdir()
    path.write_text(PROGRAM)
    return path


def run(path: Path, call: str, **options: object) -> Trace:
    with LocalRunner(root=str(path.parent), **options) as runner:  # type: ignore[arg-type]
        return next(iter(runner.run([Run(str(path), call, limits=Limits(time=5))], Budget(20))))


@pytest.mark.parametrize("without", BASES.values(), ids=BASES)
@pytest.mark.parametrize("call", ["add(1, 2)", "keep()"])
def test_ordinary_code_runs(program: Path, call: str, without: Sequence[str]) -> None:
    assert run(program, call, without=without).header.outcome.result == 3


FORBIDDEN = ("write()", "change()", "connect()", "signal_to(1)", "signal_to_server()", "read('/etc/shadow')")
REFUSALS = [
    pytest.param(call, without, id=f"{call} with {name}")
    for name, without in BASES.items()
    for call in FORBIDDEN
    if not ("landlock" in without and call.startswith("read"))  # nothing else closes files to reading
]


@pytest.mark.parametrize(("call", "without"), REFUSALS)
def test_forbidden_is_refused(program: Path, call: str, without: Sequence[str]) -> None:
    outcome = run(program, call, without=without).header.outcome
    assert outcome.kind == "raised"
    assert outcome.exception
    assert outcome.exception.cls in ("PermissionError", "OSError")


@pytest.mark.parametrize("without", BASES.values(), ids=BASES)
def test_a_program_may_signal_itself(program: Path, without: Sequence[str]) -> None:
    outcome = run(program, "signal_to_itself()", without=without).header.outcome
    assert outcome.exception
    assert (outcome.kind, outcome.exception.cls) == ("died", "SIGTERM")


def test_a_missing_layer_says_why(program: Path) -> None:
    layers = run(program, "add(1, 2)", without=NAMESPACES).header.sandbox
    assert all(layer.on or layer.reason for layer in layers.values())
    assert layers["pid-namespace"].reason == "left out on request"
    assert layers["writes-blocked"].on
    assert layers["network-blocked"].on


@pytest.mark.parametrize(
    ("without", "words"),
    [
        (("landlock", "mount-namespace"), "file writes"),
        (("seccomp", "network-namespace"), "the network"),
    ],
)
def test_nothing_runs_where_it_cannot_be_held(program: Path, without: Sequence[str], words: str) -> None:
    with pytest.raises(ConsentError, match=f"nothing was run: {words} cannot be blocked"):
        run(program, "add(1, 2)", without=without)
    assert run(program, "add(1, 2)", without=without, trusted=True).header.outcome.result == 3


def test_strict_insists_on_every_layer(program: Path) -> None:
    with pytest.raises(ConsentError, match="ipc-namespace: left out on request"):
        run(program, "add(1, 2)", sandbox="strict", without=("ipc-namespace",))


def test_off_says_so_and_still_limits(program: Path) -> None:
    program.write_text("def spin():\n    while True:\n        pass\n")
    with LocalRunner(root=str(program.parent), sandbox="off") as runner:
        trace = next(iter(runner.run([Run(str(program), "spin()", limits=Limits(time=0.5))], Budget(9))))
    assert trace.header.outcome.kind == "limit_reached"
    assert trace.header.sandbox["writes-blocked"].reason == "switched off"


def test_an_unknown_mode_is_a_usage_error(program: Path) -> None:
    with pytest.raises(UsageError, match="guarded, strict, off"):
        run(program, "add(1, 2)", sandbox="loose")


REFUSED_UNSHARE = f"""
import sys
sys.path.insert(0, {str(PROBE)!r})
import seccomp, syscalls
syscalls.prctl(syscalls.PR_SET_NO_NEW_PRIVS, 1)
seccomp.refuse({{"unshare": seccomp.ALWAYS["unshare"]}}, ())
del sys.path[0]
from codeassist.tracing import LocalRunner
from codeassist.records.run import Budget, Run
with LocalRunner(root=sys.argv[1]) as runner:
    trace = next(iter(runner.run([Run(sys.argv[1] + "/program.py", "add(1, 2)")], Budget(20))))
print(trace.header.outcome.result)
print(trace.header.sandbox["user-namespace"].reason)
print(trace.header.sandbox["writes-blocked"].on, trace.header.sandbox["network-blocked"].on)
"""


def test_it_holds_where_the_kernel_refuses_namespaces(program: Path) -> None:
    command = [sys.executable, "-c", REFUSED_UNSHARE, str(program.parent)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.stdout.split("\n")[:3] == [
        "3",
        "the kernel refuses it: Operation not permitted",
        "True True",
    ], done.stderr


def test_a_home_folder_as_project_keeps_its_keys_closed(tmp_path: Path) -> None:
    (tmp_path / ".ssh").mkdir()
    (tmp_path / "work").mkdir()
    allowed = sandbox.rules([str(tmp_path)], "/scratch", home=str(tmp_path))
    assert (str(tmp_path), "list") in allowed
    assert (str(tmp_path / "work"), "read") in allowed
    assert not any(".ssh" in path for path, _ in allowed)


def test_the_environment_holds_no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    monkeypatch.setenv("HTTPS_PROXY", "http://user:secret@proxy")
    assert "secret" not in repr(sandbox.environment("/scratch"))
