"""The door for agents: the hall's functions as tools of the Model Context Protocol, over stdin and stdout."""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Annotated, Any, Literal, TypedDict

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ResourceError, ResourceNotFoundError, ToolError
from mcp_types import CallToolResult, Resource, TextContent, ToolAnnotations
from pydantic import Field

from codeassist import __version__, pipeline
from codeassist.pipeline.keeping import Keeper
from codeassist.pipeline.leaving import dumped, paths_in, safe, safe_text
from codeassist.pipeline.recording import TraceOptions
from codeassist.records.errors import CodeassistError, ConsentError, UsageError

INSTRUCTIONS = """\
codeassist explains and traces Python code and checks every statement against recorded runs. Code runs in
a sandbox, with limits. TARGET is `path.py`, `path.py::function`, `path.py::Class.method` or a folder.
Lists come in pages: `next` is the `offset` of the next page, null at the end. A trace stays: ask it again
with `query` by its `trace` uri. `verify_claims` decides what you believe about code before you say it."""
SCHEME = "codeassist://traces/"
KEPT_TRACES = 32

Target = Annotated[str, Field(description="path.py, path.py::function, path.py::Class.method or a folder")]
Call = Annotated[str, Field(description="The call to run, such as 'merge([1, 4], [2])'; empty: one is found")]
Test = Annotated[str, Field(description="A pytest node id to run instead of a call: tests/test_x.py::test_y")]
Offset = Annotated[int, Field(ge=0, description="First item of the page")]
Limit = Annotated[int, Field(ge=1, le=500, description="Items of one page")]
READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)


class Explained(TypedDict):
    """Explanations, heaviest part of the answer first."""

    explanations: list[dict[str, Any]]
    overview: dict[str, Any] | None
    notices: list[dict[str, Any]]
    total: int
    next: int | None


class Traced(TypedDict):
    """How a run ended and a page of its events; `trace` names it for `query`."""

    trace: str
    outcome: str
    result: str | None
    exception: str | None
    complete: bool
    call: str
    notices: list[str]
    events: list[dict[str, Any]]
    total: int
    next: int | None


class Answered(TypedDict):
    """Steps that a question found."""

    count: int
    matches: list[dict[str, Any]]
    notes: list[str]
    next: int | None


class Failed(TypedDict):
    """A failing test told backwards."""

    test: str
    outcome: str
    expected: str | None
    got: str | None
    chain: list[dict[str, Any]]
    notes: list[str]


class Graphed(TypedDict):
    """A page of calls, and how much there is in all."""

    functions: int
    edges: list[dict[str, Any]]
    unresolved: int
    notices: list[str]
    total: int
    next: int | None


class Judged(TypedDict):
    """One verdict for each row, in order."""

    rows: list[dict[str, Any]]


class Grown(TypedDict):
    """The class that the counted operations fit; empty where none does."""

    function: str
    path: str
    call: dict[str, Any]
    core: dict[str, Any]
    points: list[list[int]]
    dominating_line: int | None
    inputs: str
    notices: list[str]


class Reviewed(TypedDict):
    """Findings on a change, gravest first, and a verdict for each changed function."""

    findings: list[dict[str, Any]]
    functions: list[dict[str, Any]]
    notices: list[dict[str, Any]]
    total: int
    next: int | None


class Desk:
    """The tools: each opens a session with the settings that the user started the server with.

    An agent chooses what is run, never where: sandbox, interpreter and limits are the user's.
    """

    def __init__(self, flags: Mapping[str, Any], folder: str) -> None:
        self.flags, self.folder = dict(flags), Path(folder)
        self.keeper = Keeper()
        self.running = Lock()  # one run at a time: the budget of each counts seconds of this machine
        self.count = 0
        self.names: dict[int, str] = {}
        """number of a trace -> what was run"""

    def explain(
        self,
        target: Target,
        call: Call = "",
        lang: Literal["en", "zh-CN"] = "en",
        level: Literal["learner", "developer"] = "learner",
        run: Annotated[bool, Field(description="false: a static explanation, nothing is run")] = True,
        detail: Annotated[
            Literal["summary", "sections", "full"],
            Field(description="one sentence a function; its sections; or also claims, verdicts and source"),
        ] = "sections",
        offset: Offset = 0,
        limit: Limit = 5,
    ) -> Annotated[CallToolResult, Explained]:
        """Explain functions in sentences that were checked against runs; what no run decided says so."""
        from codeassist.pipeline.explaining import explain
        from codeassist.rendering.json import document
        from codeassist.rendering.report import selected

        options = pipeline.ExplainOptions(calls=(call,) if call else (), run=run)
        with self._session(target, lang=lang, level=level) as opened:
            report = explain([target], opened, options)
        found = document(selected(report, False, True))
        shown, rest = _page(found["explanations"], offset, limit)
        overview = found["overview"] and {k: v for k, v in found["overview"].items() if k != "graph"}
        return _out(
            {
                "explanations": [_slim(each, detail) for each in shown],
                "overview": overview if not offset else None,
                "notices": found["notices"],
                "total": len(found["explanations"]),
                "next": rest,
            }
        )

    def trace(
        self,
        target: Target,
        call: Call = "",
        from_test: Test = "",
        offset: Offset = 0,
        limit: Limit = 40,
    ) -> Annotated[CallToolResult, Traced]:
        """Run a call (or a test, or a script's main part) and record every step: lines, changes, values."""
        from codeassist.pipeline.recording import trace

        place = _path(target, "target")
        if place.startswith(SCHEME):
            with self._session(".") as opened:
                return self._told(place, trace(self._file(place), opened, TraceOptions()), offset, limit)
        with self._session(from_test or target) as opened:
            name, path = self._another()
            view = trace(target, opened, TraceOptions(call=call, from_test=from_test, save=str(path)))
            self.names[self.count] = call or from_test or target
            return self._told(name, view, offset, limit)

    def query(
        self,
        trace: Annotated[str, Field(description="A trace's uri, or a target that is run for this question")],
        question: Annotated[
            str,
            Field(
                description="first x < 0 | last total > 9 | when low changes | writes to grid[2][3] | "
                "count line 12 | calls to f where n > 3 | max depth | at step 120 | why result"
            ),
        ],
        call: Call = "",
        from_test: Test = "",
        offset: Offset = 0,
        limit: Limit = 40,
    ) -> Annotated[CallToolResult, Answered]:
        """Ask a run: when a value changed, where it was born, how often a line was executed."""
        from codeassist.pipeline.recording import query
        from codeassist.rendering.trace_found import match_json

        place = self._file(trace) if trace.startswith(SCHEME) else _path(trace, "trace")
        with self._session(place) as opened:
            found = query(place, question, opened, TraceOptions(call=call, from_test=from_test))
        matches, rest = _page([match_json(match) for match in found.matches], offset, limit)
        return _out({"count": found.count, "matches": matches, "notes": list(found.notes), "next": rest})

    def why(
        self, test: Annotated[str, Field(description="tests/test_x.py::test_y")]
    ) -> Annotated[CallToolResult, Failed]:
        """Run a failing test and walk its wrong value back to the statement where it was born."""
        from codeassist.pipeline.recording import why
        from codeassist.rendering.trace_found import match_json

        with self._session(test) as opened:
            told = why(_path(test, "test"), opened)
        return _out(
            {
                "test": told.test,
                "outcome": told.outcome,
                "expected": told.expected,
                "got": told.got,
                "chain": [match_json(match) for match in told.chain],
                "notes": list(told.notes),
            }
        )

    async def call_graph(
        self,
        target: Target,
        ctx: Context,
        root: Annotated[str, Field(description="Only what this function reaches: pkg.mod.Class.method")] = "",
        depth: Annotated[int | None, Field(ge=1, description="At most so many calls from the root")] = None,
        callers: Annotated[bool, Field(description="Against the calls: who reaches the root")] = False,
        internal_only: bool = True,
        offset: Offset = 0,
        limit: Limit = 100,
    ) -> Annotated[CallToolResult, Graphed]:
        """Who calls whom. Runs nothing. The first answer about a large folder takes its time."""
        import anyio

        from codeassist.pipeline.graphing import GraphOptions

        options = GraphOptions(root=root, depth=depth, callers=callers, internal_only=internal_only)
        waiting = _Progress(ctx)
        work = functools.partial(self.keeper.graph, [_path(target, "target")], options, waiting.update)
        graph = await anyio.to_thread.run_sync(work)
        edges, rest = _page(graph.edges, offset, limit)
        return _out(
            {
                "functions": len(graph.functions),
                "edges": [
                    {
                        "caller": e.caller,
                        "callee": e.callee,
                        "path": e.path,
                        "line": e.line,
                        "kind": e.resolution,
                    }
                    for e in edges
                ],
                "unresolved": len(graph.unresolved),
                "notices": [notice.message for notice in graph.notices],
                "total": len(graph.edges),
                "next": rest,
            },
            with_sources=False,
        )

    def verify_claims(
        self,
        rows: Annotated[
            list[dict[str, Any]],
            Field(
                max_length=500,
                description='{"id", "code" or "path", "call": "f([3, 1])", "claim": {"kind", "func", ...}}; '
                "kinds and fields: resource codeassist://schemas/claims",
            ),
        ],
    ) -> Annotated[CallToolResult, Judged]:
        """Decide claims about code by running it: verified, refuted, or unchecked with the reason."""
        from codeassist.pipeline.judging import verify
        from codeassist.verifying.rows import row_of

        with self._session(".") as opened:
            return _out({"rows": list(verify([row_of(row) for row in rows], opened))})

    def complexity(
        self,
        target: Target,
        inputs: Annotated[str, Field(description="'lambda n: (list(range(n)),)': arguments of size n")] = "",
        call: Annotated[str, Field(description="An example to scale up, such as 'f([3, 1, 2])'")] = "",
    ) -> Annotated[CallToolResult, Grown]:
        """Growth of counted operations over inputs of growing size, and the class that fits."""
        from codeassist.pipeline.growing import complexity
        from codeassist.rendering.growth import render_growth

        with self._session(target) as opened:
            _, function, found = complexity(target, opened, inputs, (call,) if call else ())
        document = json.loads(render_growth(function, found, "json"))
        return _out({key: document[key] for key in Grown.__annotations__})

    def review(
        self,
        files: Annotated[
            list[str] | None, Field(description="Only these files; none: all that changed")
        ] = None,
        staged: Annotated[bool, Field(description="What is staged, instead of the working tree")] = False,
        diff: Annotated[str, Field(description="Two commits, A..B, instead of the working tree")] = "",
        refactoring: Annotated[bool, Field(description="Any difference in behaviour is an error")] = False,
        offset: Offset = 0,
        limit: Limit = 20,
    ) -> Annotated[CallToolResult, Reviewed]:
        """Run old and new of each changed function on the same inputs, and show what differs."""
        from codeassist.pipeline.reviewing import ReviewOptions, review
        from codeassist.rendering.review_json import render

        if staged and diff:
            raise UsageError("staged and diff exclude each other")
        options = ReviewOptions(tuple(files or ()), staged, diff, refactoring)
        with self._session(".") as opened:
            document = json.loads("".join(render(review(".", opened, options))))
        findings, rest = _page(document["findings"], offset, limit)
        kept = {name: document[name] for name in ("functions", "notices")}
        return _out({"findings": findings, **kept, "total": len(document["findings"]), "next": rest})

    def _session(self, place: str, **more: Any) -> Any:
        return _Opened(self.running, _path(place, "target").partition("::")[0], {**self.flags, **more})

    def _another(self) -> tuple[str, Path]:
        """Uri and file of the next trace; the oldest makes room."""
        self.count += 1
        self._place(self.count - KEPT_TRACES).unlink(missing_ok=True)
        return f"{SCHEME}{self.count}", self._place(self.count)

    def _place(self, number: int) -> Path:
        return self.folder / f"{number}.trace"

    def _file(self, uri: str) -> str:
        number = uri.removeprefix(SCHEME)
        path = self._place(int(number) if number.isdecimal() and len(number) < 10 else 0)
        if not path.is_file():
            raise UsageError(f"{uri}: no such trace", hint="make one with the tool `trace`")
        return str(path)

    def _told(self, name: str, view: Any, offset: int, limit: int) -> Annotated[CallToolResult, Traced]:
        from codeassist.records.values import literal
        from codeassist.rendering.trace_json import event_json
        from codeassist.rendering.trace_title import exception_text

        reader = view.trace.reader
        total = len(reader) if reader is not None else 0
        stop = min(total, offset + limit)
        events = list(reader.events(offset, stop)) if reader is not None and offset < total else []
        header = view.trace.header
        outcome = header.outcome
        return _out(
            {
                "trace": name,
                "outcome": outcome.kind,
                "result": literal(outcome.result) if outcome.kind == "returned" else None,
                "exception": exception_text(outcome) or None,
                "complete": header.complete,
                "call": header.run.call or header.run.test,
                "notices": [*header.notices, *(notice.message for notice in view.notices)],
                "events": [event_json(event) for event in events],
                "total": total,
                "next": stop if stop < total else None,
            }
        )

    def shown(self, number: str) -> str:
        """A trace as a person reads it: source beside values, loops folded."""
        from codeassist.pipeline.recording import trace
        from codeassist.rendering.trace_view import render_trace

        try:
            path = self._file(f"{SCHEME}{number}")
        except UsageError as error:
            raise ResourceNotFoundError(str(error)) from None
        try:
            with self._session(".") as opened:
                view = trace(path, opened, TraceOptions())
                text = "".join(render_trace(view, "terminal", width=120, color=False))
                return safe_text(text, view.sources)
        except CodeassistError as error:
            raise ResourceError(str(error)) from None

    def listed(self) -> list[Resource]:
        """Every trace that is still there."""
        numbers = sorted(int(path.stem) for path in self.folder.glob("*.trace"))
        return [
            Resource(uri=f"{SCHEME}{n}", name=self.names.get(n, "trace"), mime_type="text/plain")
            for n in numbers
        ]

    def schema(self) -> str:
        """The JSON schema of claims."""
        from importlib.resources import files

        return (files("codeassist.schemas") / "claims.json").read_text(encoding="utf-8")


class _Server(MCPServer[Any]):
    """Lists the traces that are there beside the resources that always are."""

    def __init__(self, desk: Desk) -> None:
        super().__init__("codeassist", version=__version__, instructions=INSTRUCTIONS, log_level="ERROR")
        self.desk = desk

    async def list_resources(self) -> list[Resource]:
        """The fixed resources, then every trace of this session."""
        return [*await super().list_resources(), *self.desk.listed()]


class _Opened:
    """A session that nobody else runs beside."""

    def __init__(self, lock: Lock, start: str, flags: Mapping[str, Any]) -> None:
        self.lock, self.session = lock, pipeline.session(start, **flags)

    def __enter__(self) -> pipeline.Session:
        self.lock.acquire()
        try:
            return self.session.__enter__()
        except BaseException:
            self.lock.release()
            raise

    def __exit__(self, *what: Any) -> None:
        try:
            self.session.__exit__(*what)
        finally:
            self.lock.release()


class _Progress:
    """Progress of work in another thread, told to the client now and then."""

    EVERY = 50

    def __init__(self, context: Context) -> None:
        self.context = context

    def update(self, done: int, total: int, what: str) -> None:
        """Called by the hall, from the thread that works."""
        if done % self.EVERY == 0:
            import anyio

            anyio.from_thread.run(self.context.report_progress, done, total, what)


def _page(items: Any, offset: int, limit: int) -> tuple[list[Any], int | None]:
    shown = list(items[offset : offset + limit])
    return shown, offset + limit if offset + limit < len(items) else None


def _slim(explanation: dict[str, Any], detail: str) -> dict[str, Any]:
    """As much of an explanation as was asked for."""
    if detail == "full":
        return explanation
    keys = ["function", "path", "line", "signature", "static", "summary", "complexity", "algorithm"]
    found = {key: explanation[key] for key in keys}
    if detail == "summary":
        return found
    sections = [
        {
            "id": section["id"],
            "sentences": [{"text": s["text"], "status": s["status"]} for s in section["sentences"]],
            "tables": [
                {"columns": t["columns"], "rows": [row["cells"] for row in t["rows"]]}
                for t in section["tables"]
            ],
        }
        for section in explanation["sections"]
    ]
    notes = [{"line": note["line"], "text": note["text"]} for note in explanation["annotations"]]
    return {
        **found,
        "sections": sections,
        "annotations": notes,
        "inputs": explanation["inputs"],
        "limits": explanation["limits"],
    }


def _path(text: str, what: str) -> str:
    """A target that an agent may name: stdin is the protocol's."""
    if text.partition("::")[0] in ("", "-") or "\0" in text:
        raise UsageError(
            f"{what} {text!r} names no file", hint="name a file, a file.py::function or a folder"
        )
    return text


def _out(document: Any, with_sources: bool = True) -> CallToolResult:
    """What may leave, as an object and as one line of JSON: without secrets, strict, small."""
    text = dumped(safe(document, paths_in(document) if with_sources else ()))
    return CallToolResult(content=[TextContent(type="text", text=text)], structured_content=json.loads(text))


def _polite(tool: Callable[..., Any]) -> Callable[..., Any]:
    """The tool with our errors as the protocol's; anything else is logged by the server and stays there."""
    if tool.__name__ == "call_graph":

        @functools.wraps(tool)
        async def later(*given: Any, **named: Any) -> Any:
            try:
                return await tool(*given, **named)
            except CodeassistError as error:
                raise ToolError(_line(error)) from None

        return later

    @functools.wraps(tool)
    def now(*given: Any, **named: Any) -> Any:
        try:
            return tool(*given, **named)
        except CodeassistError as error:
            raise ToolError(_line(error)) from None

    return now


def _line(error: CodeassistError) -> str:
    hint = " The user can allow it: `codeassist config trust`." if isinstance(error, ConsentError) else ""
    return f"{error.slug}: {error}{hint}"


def build(flags: Mapping[str, Any], folder: str) -> MCPServer[Any]:
    """The server, whose traces lie in `folder`."""
    desk = Desk(flags, folder)
    server = _Server(desk)
    tools: list[Callable[..., Any]] = [
        desk.explain,
        desk.trace,
        desk.query,
        desk.why,
        desk.call_graph,
        desk.verify_claims,
        desk.complexity,
        desk.review,
    ]
    for tool in tools:
        server.add_tool(_polite(tool), annotations=READS)
    server.resource(SCHEME + "{number}", name="trace", mime_type="text/plain")(desk.shown)
    server.resource("codeassist://schemas/claims", name="claims", mime_type="application/json")(desk.schema)
    return server


def serve(flags: Mapping[str, Any]) -> None:
    """Answer on stdin and stdout until the client goes away."""
    os.environ.setdefault("OTEL_SDK_DISABLED", "true")
    with TemporaryDirectory(prefix="codeassist-traces-") as folder:
        build(flags, folder).run("stdio")
