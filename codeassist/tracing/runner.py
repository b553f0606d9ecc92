"""LocalRunner: runs in, traces out; one confined server for all the runs that can share an import."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from codeassist.records.errors import ConsentError, TraceError, UsageError
from codeassist.records.run import Budget, Run
from codeassist.records.trace import ExceptionInfo, Layer, Outcome, Trace, TraceHeader
from codeassist.tracing import bytecode, naming, opening
from codeassist.tracing.interpreters import Interpreter, choose
from codeassist.tracing.launch import Launch, Plan, Waiting
from codeassist.tracing.serving import Ended, Server
from codeassist.tracing.store import doubt

_IMPORT_LIMIT = 20.0
"""least seconds that an import may take, whatever the limit of a run is"""
_KEPT_SERVERS = 4
_SECOND_LOOK = 0.2
"""seconds for a run that is made again to see its last events"""
Key = tuple[str, ...]


class LocalRunner:
    """Runs code on this machine, inside the sandbox; implements `Runner`.

    `sandbox` is guarded, strict or off; `root` the project, readable and never writable; `scratch` the
    folder in which temporary folders are made. With `trusted` the project's own interpreter may be used,
    and code runs even where writes and the network cannot be blocked. `without` names layers to leave out.
    """

    def __init__(
        self, *, python: str | None = None, sandbox: str = "guarded", root: str, scratch: str | None = None,
        trusted: bool = False, without: Sequence[str] = (),
    ) -> None:  # fmt: skip
        self._mode, self._root, self._scratch = sandbox, os.path.abspath(root), scratch
        self._trusted, self._without = trusted, tuple(without)
        self._asked = python
        self._interpreter: Interpreter | None = None
        self._servers: dict[Key, Server] = {}
        self._failures: dict[Key, Outcome] = {}
        self._count = 0
        self._waiting = self._another()

    @property
    def interpreter(self) -> Interpreter:
        """The interpreter that runs the user's code; raises UsageError when the one asked for is missing."""
        if self._interpreter is None:
            self._interpreter = choose(self._root, asked=self._asked, trusted=self._trusted)
        return self._interpreter

    def run(self, runs: Sequence[Run], budget: Budget) -> Iterator[Trace]:
        """One trace for each run, in order, until `budget` is spent.

        Raises ConsentError where nothing may run, UsageError for a missing file, TraceError when the
        interpreter cannot be started.
        """
        deadline = time.monotonic() + budget.seconds
        for run in runs:
            left = deadline - time.monotonic()
            if left <= 0:
                return
            yield self._sure(run, deadline)

    def close(self) -> None:
        """End every server and remove its folders."""
        versions = {server.version for server in self._servers.values() if server.version}
        for server in self._servers.values():
            server.close()
        self._servers.clear()
        if self._waiting:
            self._waiting.close()
            self._waiting = None
        for version in versions:
            bytecode.ensure(self.interpreter.path, version, self._root)

    def __enter__(self) -> LocalRunner:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- one run -----------------------------------------------------------------------------------

    def _sure(self, run: Run, deadline: float) -> Trace:
        """The trace of a run; made again, comparing every object, where the quick recording is in doubt."""
        trace = self._one(run, deadline - time.monotonic())
        if run.detail != "full":
            return trace
        if doubt(trace):
            run_exact = dataclasses.replace(run, detail="exact")
            trace = self._one(run_exact, max(0.1, deadline - time.monotonic()))
            trace = dataclasses.replace(trace, header=dataclasses.replace(trace.header, run=run))
        return self._to_the_end(trace) if opening.is_cut_short(trace) else trace

    def _to_the_end(self, trace: Trace) -> Trace:
        """The same run made again, each event written before the next instruction; being seeded, runs repeat.

        This is for runs that die, or get stuck inside one call, before their events are written.
        """
        run = trace.header.run
        limits = dataclasses.replace(run.limits, time=min(run.limits.time, _SECOND_LOOK))
        again = self._one(dataclasses.replace(run, limits=limits), _SECOND_LOOK, through=True)
        if again.reader is None or trace.reader is None or len(again.reader) <= len(trace.reader):
            return trace
        return dataclasses.replace(trace, reader=again.reader)

    def _one(self, run: Run, left: float, through: bool = False) -> Trace:
        if not os.path.isfile(run.path) and run.path not in run.overlay:
            raise UsageError(f"no such file: {run.path}", slug="no-file")
        order = _order(run, self._root)
        key = _key(order)
        if key in self._failures:
            return self._without_events(run, self._failures[key], {}, "")
        server = self._servers.get(key)
        if server is None:
            server = self._open(run, order, key)
        if key in self._failures:
            return self._without_events(run, self._failures[key], server.layers, server.version)
        return self._execute(server, run, key, left, through)

    def _another(self) -> Waiting | None:
        """A launcher for the next server; on Windows there is none to have."""
        return None if os.name == "nt" else Waiting(self._scratch)

    def _refuse_windows(self) -> None:
        if os.name == "nt":
            raise ConsentError("nothing was run: code is not run on Windows itself", hint="use it inside WSL")

    def _open(self, run: Run, order: Mapping[str, Any], key: Key) -> Server:
        """A new server for `key`; when the import ends it, that is the outcome of every run of the key."""
        self._refuse_windows()
        while len(self._servers) >= _KEPT_SERVERS:
            self._retire(next(iter(self._servers)))
        waiting, self._waiting = self._waiting or self._another(), None
        server = Server(self._plan(run), order, waiting)
        self._servers[key] = server
        limits = dataclasses.replace(run.limits, time=max(run.limits.time, _IMPORT_LIMIT))
        started = server.wait("up", limits, limits.time)
        if started.lost:
            words = server.errors() or "it ended at once"
            self._retire(key)
            raise TraceError(f"{self.interpreter.path} cannot run the recorder: {words}", slug="no-start")
        ended = server.wait("ready", run.limits, run.limits.time if not run.calls else limits.time)
        if ended.lost or ended.limit:
            self._failures[key] = _import_outcome(ended)
            server.kill()
        else:
            server.settle()
        self._waiting = self._another()
        return server

    def _plan(self, run: Run) -> Plan:
        return Plan(
            command=(self.interpreter.path,),
            folder=_working_folder(run, self._root),
            readable=(*self.interpreter.folders, *_readable(run, self._root)),
            mode=self._mode,
            trusted=self._trusted,
            without=self._without,
            scratch=self._scratch,
            seed=run.seed,
        )

    def layers(self) -> Mapping[str, Layer]:
        """What would hold a program here, proven by starting the interpreter with nothing to do."""
        plan = dataclasses.replace(self._plan(Run(sys.executable)), trusted=True)
        if plan.mode == "strict":
            plan = dataclasses.replace(plan, mode="guarded")
        command = (self.interpreter.path, "-I", "-S", "-c", "pass")
        launch = Launch(dataclasses.replace(plan, command=command))
        launch.close()
        return launch.layers

    def _retire(self, key: Key) -> None:
        self._servers.pop(key).close()

    def _execute(self, server: Server, run: Run, key: Key, left: float, through: bool) -> Trace:
        self._count += 1
        path = server.trace_file(self._count)
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            server.send({**_job(run, self._count), "through": through}, fd)
        finally:
            os.close(fd)
        patience = run.limits.time if not run.calls else left
        ended = server.wait("done", run.limits, min(patience, left), path)
        if ended.limit == "time" and left <= patience:
            ended = dataclasses.replace(ended, limit="budget")
        if ended.lost or ended.limit or not server.sweep():
            server.kill()
            ended = dataclasses.replace(ended, lost=True)
        trace = self._read(path, run, ended, server)
        if ended.lost:
            self._retire(key)
        return trace

    # --- reading -----------------------------------------------------------------------------------

    def _read(self, path: Path, run: Run, ended: Ended, server: Server) -> Trace:
        return opening.open_trace(path, run, ended, server.layers, server.version)

    def _without_events(self, run: Run, outcome: Outcome, layers: Mapping[str, Layer], version: str) -> Trace:
        header = TraceHeader(run, outcome, False, version, layers)
        return Trace(header, opening.Nothing())


def _import_outcome(ended: Ended) -> Outcome:
    if ended.limit:
        return Outcome("limit_reached", limit=ended.limit, seconds=ended.seconds)
    message = "the process ended while it imported the module"
    return Outcome("died", exception=ExceptionInfo("ImportError", message), seconds=ended.seconds)


# --- what is sent ----------------------------------------------------------------------------------


def _order(run: Run, root: str) -> dict[str, Any]:
    """What a server needs to know; runs with equal orders share one."""
    path = os.path.realpath(run.path)
    roots = dict.fromkeys([os.path.realpath(run.root or root), path])
    overlay = {os.path.realpath(name): text for name, text in run.overlay.items()}
    return {
        "path": path,
        # what is observed from outside needs no steps of other files, and loads quicker without
        "recorded": [path, *overlay] if run.detail == "outcome" else list(roots),
        "name": "" if _kind(run) != "call" else naming.module_name(path, root),
        "roots": list(roots),
        "overlay": overlay,
        "detail": run.detail,
        "recorder": "counting" if run.detail in ("counts", "outcome") else "recorder",
        "search": naming.search_path(path, os.path.realpath(run.root or root)),
        "seed": run.seed,
        "folder": _working_folder(run, root),
    }


def _key(order: Mapping[str, Any]) -> Key:
    overlay = hashlib.sha256(repr(sorted(order["overlay"].items())).encode()).hexdigest()
    return (*[str(order[name]) for name in order if name != "overlay"], overlay)


def _job(run: Run, number: int) -> dict[str, Any]:
    return {
        "number": number,
        "kind": _kind(run),
        "call": run.call,
        "setup": list(run.setup),
        "path": os.path.realpath(run.path),
        "module": run.module,
        "argv": list(run.argv or ()),
        "test": run.test,
        "stdin": run.stdin,
        "seed": run.seed,
        "events": run.limits.events,
        "output": run.limits.output,
        "memory": run.limits.memory,
        "calls": list(run.calls),
        "together": run.together,
        "hangs": run.hangs,
        "varied": run.varied,
        "seconds": run.limits.time,
        "watched": list(run.watched),
    }


def _kind(run: Run) -> str:
    if run.test:
        return "test"
    if run.calls:
        return "call"
    return "script" if run.module or run.argv is not None or not run.call else "call"


def _working_folder(run: Run, root: str) -> str:
    return (
        os.path.realpath(run.root or root) if os.path.isdir(run.root or root) else os.path.dirname(run.path)
    )


def _readable(run: Run, root: str) -> list[str]:
    folder = os.path.dirname(os.path.realpath(run.path))
    return [os.path.realpath(root), os.path.realpath(run.root or root), folder]
