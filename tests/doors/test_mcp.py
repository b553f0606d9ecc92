"""`codeassist mcp`, driven by the protocol's own client over stdin and stdout."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.shared.exceptions import MCPError

ROOT = Path(__file__).resolve().parents[2]
MERGE = "examples/merge_sort.py::merge"
SECRET = "hunter2-is-secret-9f3a"
LEAKY = f"""\
password = "{SECRET}"

def check(given):
    right = password
    return given == right
"""


def environment() -> dict[str, str]:
    """What the server gets: the private home of the test, nothing of the person's."""
    names = [name for name in os.environ if name.startswith("XDG_")]
    return {"PATH": os.environ["PATH"], **{name: os.environ[name] for name in names}}


def parameters(*words: str, folder: Path = ROOT) -> StdioServerParameters:
    return StdioServerParameters(
        command=sys.executable, args=["-m", "codeassist", "mcp", *words], cwd=folder, env=environment()
    )


def talk(use: Callable[[Client], Awaitable[Any]], *words: str, folder: Path = ROOT) -> Any:
    """The result of `use` with a client of a fresh server."""

    async def session() -> Any:
        async with Client(stdio_client(parameters(*words, folder=folder))) as client:
            return await asyncio.wait_for(use(client), 90)

    return asyncio.run(session())


async def ask(client: Client, tool: str, **arguments: Any) -> Any:
    """The structured answer of a tool; fails on an error, and where text and structure differ."""
    answer = await client.call_tool(tool, arguments)
    assert not answer.is_error, answer.content
    assert json.loads(answer.content[0].text) == answer.structured_content
    return answer.structured_content


async def refused(client: Client, tool: str, **arguments: Any) -> str:
    """The text of the error that a tool gives."""
    answer = await client.call_tool(tool, arguments)
    assert answer.is_error
    return str(answer.content[0].text)


def test_every_tool_has_schemas_that_are_schemas_and_a_description() -> None:
    tools = talk(lambda client: client.list_tools()).tools
    assert [tool.name for tool in tools] == [
        "explain", "trace", "query", "why", "call_graph", "verify_claims", "complexity", "review",
    ]  # fmt: skip
    for tool in tools:
        assert tool.description
        assert tool.annotations.read_only_hint
        Draft202012Validator.check_schema(tool.input_schema)
        Draft202012Validator.check_schema(tool.output_schema)
        assert tool.output_schema["properties"]


def test_explain_and_complexity() -> None:
    async def use(client: Client) -> None:
        found = await ask(client, "explain", target=MERGE, call="merge([1, 4], [2])", detail="full")
        (merge,) = found["explanations"]
        assert merge["inputs"][0] == {"call": "merge([1, 4], [2])", "from": "call"}
        assert {claim["verdict"]["status"] for claim in merge["claims"]} <= {"verified", "unchecked"}
        brief = await ask(client, "explain", target="examples", run=False, detail="summary", limit=2)
        assert len(brief["explanations"]) == 2
        assert brief["next"] == 2
        assert "sections" not in brief["explanations"][0]
        rest = await ask(
            client, "explain", target="examples", run=False, detail="summary", offset=2, limit=500
        )
        assert len(rest["explanations"]) == brief["total"] - 2
        assert rest["next"] is None
        growth = await ask(client, "complexity", target=MERGE, inputs="lambda n: (list(range(n)), [])")
        assert growth["call"]["class"] == "n"

    talk(use)


def test_a_trace_stays_to_be_paged_asked_and_read() -> None:
    async def use(client: Client) -> None:
        first = await ask(client, "trace", target=MERGE, call="merge([1, 4], [2])", limit=4)
        assert (first["outcome"], first["result"], first["next"]) == ("returned", "[1, 2, 4]", 4)
        events = first["events"]
        offset = first["next"]
        while offset is not None:
            page = await ask(client, "trace", target=first["trace"], offset=offset, limit=4)
            events, offset = events + page["events"], page["next"]
        assert [event["index"] for event in events] == list(range(first["total"]))
        found = await ask(client, "query", trace=first["trace"], question="when i changes")
        assert [match["value"] for match in found["matches"]] == ["0", "1"]
        listed = (await client.list_resources()).resources
        assert (str(listed[-1].uri), listed[-1].name) == (first["trace"], "merge([1, 4], [2])")
        text = (await client.read_resource(first["trace"])).contents[0].text
        assert "returned [1, 2, 4]" in text

    talk(use)


def test_call_graph_in_pages_and_again_when_a_file_changes(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text("def f():\n    return g()\n\ndef g():\n    return 1\n")

    async def use(client: Client) -> None:
        whole = await ask(client, "call_graph", target=str(tmp_path))
        assert [(edge["caller"], edge["callee"]) for edge in whole["edges"]] == [("one.f", "one.g")]
        (tmp_path / "one.py").write_text(
            "def f():\n    return g() + h()\n\ndef g():\n    return h()\n\ndef h(): pass\n"
        )
        await asyncio.sleep(2.1)
        page = await ask(client, "call_graph", target=str(tmp_path), limit=2)
        assert (page["total"], page["next"]) == (3, 2)
        callers = await ask(client, "call_graph", target=str(tmp_path), root="one.g", callers=True)
        assert [edge["caller"] for edge in callers["edges"]] == ["one.f"]

    talk(use)


def test_claims_are_judged_and_a_bad_row_is_a_row() -> None:
    row = {"id": "a", "path": "examples/gcd.py", "call": "extended_gcd(12, 18)"}
    claim = {"kind": "returns", "func": "extended_gcd", "value": "(6, -1, 1)"}

    async def use(client: Client) -> None:
        rows = [{**row, "claim": claim}, {**row, "claim": {**claim, "value": "7"}}, {"id": "c"}]
        found = await ask(client, "verify_claims", rows=rows)
        assert [each["status"] for each in found["rows"]] == ["verified", "refuted", "unchecked"]
        schema = (await client.read_resource("codeassist://schemas/claims")).contents[0].text
        Draft202012Validator.check_schema(json.loads(schema))

    talk(use)


def test_a_failing_test_is_told(tmp_path: Path) -> None:
    (tmp_path / "test_x.py").write_text(
        "def half(n):\n    return n // 2\n\ndef test_half():\n    assert half(3) == 1.5\n"
    )

    async def use(client: Client) -> None:
        found = await ask(client, "why", test="test_x.py::test_half")
        assert (found["expected"], found["got"]) == ("1.5", "1")
        assert found["chain"][0]["function"] == "half"

    talk(use, folder=tmp_path)


def test_a_change_is_reviewed(tmp_path: Path) -> None:
    code = tmp_path / "clamp.py"
    code.write_text("def clamp(n, low, high):\n    return max(low, min(n, high))\n")
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b"]
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "one"]):
        subprocess.run([*git, *words], cwd=tmp_path, check=True)
    code.write_text("def clamp(n, low, high):\n    return min(low, min(n, high))\n")

    async def use(client: Client) -> None:
        found = await ask(client, "review")
        assert found["findings"][0]["counterexample"]["call"].startswith("clamp(")
        assert [each["verdict"] for each in found["functions"]] == ["different"]
        assert "exclude" in await refused(client, "review", staged=True, diff="A..B")
        assert "no" in await refused(client, "review", diff="nothing..here")

    talk(use, folder=tmp_path)


@pytest.mark.parametrize(
    ("tool", "arguments", "word"),
    [
        ("explain", {"target": "missing.py"}, "no such file"),
        ("explain", {"target": "-"}, "names no file"),
        ("explain", {"target": ""}, "names no file"),
        ("explain", {"target": "examples/gcd.py\0"}, "names no file"),
        ("explain", {"target": MERGE, "call": "merge(", "detail": "summary"}, "--call"),
        ("explain", {"target": MERGE, "lang": "xx"}, "lang"),
        ("explain", {}, "target"),
        ("trace", {"target": MERGE, "limit": 0}, "limit"),
        ("trace", {"target": MERGE, "offset": -1}, "offset"),
        ("trace", {"target": "codeassist://traces/99"}, "no such trace"),
        ("trace", {"target": "examples"}, "folder"),
        ("query", {"trace": "codeassist://traces/../../etc", "question": "max depth"}, "no such trace"),
        ("query", {"trace": MERGE, "question": "what is love"}, "no such question"),
        ("why", {"test": "tests/nowhere.py::test"}, "no such test"),
        ("call_graph", {"target": "examples", "root": "nobody.here"}, "nobody"),
        ("verify_claims", {"rows": "all"}, "rows"),
        ("complexity", {"target": MERGE, "inputs": "lambda n: ("}, "inputs"),
        ("nothing", {}, "nknown"),
    ],
)  # fmt: skip
def test_wrong_arguments_are_an_error_in_one_line_of_ours(
    server: Callable[..., Any], tool: str, arguments: dict[str, Any], word: str
) -> None:
    told = server(tool, arguments)
    assert word in told
    assert "Traceback" not in told


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """One server for all wrong questions: it must live through every one of them."""
    from anyio.from_thread import start_blocking_portal

    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(Client(stdio_client(parameters()))) as client,
    ):

        def asked(tool: str, arguments: dict[str, Any]) -> str:
            told: str = portal.call(lambda: refused(client, tool, **arguments))
            alive = portal.call(lambda: ask(client, "call_graph", target="examples"))
            assert alive["functions"]
            return told

        yield asked


def test_unknown_resources_are_protocol_errors() -> None:
    async def use(client: Client) -> None:
        for uri in ("codeassist://traces/7", "codeassist://elsewhere", "file:///etc/passwd"):
            with pytest.raises(MCPError):
                await client.read_resource(uri)

    talk(use)


def test_questions_at_the_same_time_are_all_answered() -> None:
    async def use(client: Client) -> None:
        calls = [f"merge([{n}], [{n + 1}])" for n in range(3)]
        found = await asyncio.gather(*(ask(client, "trace", target=MERGE, call=call) for call in calls))
        assert [each["result"] for each in found] == ["[0, 1]", "[1, 2]", "[2, 3]"]
        assert len({each["trace"] for each in found}) == 3

    talk(use)


def test_two_clients_at_once_do_not_see_each_other() -> None:
    async def both() -> None:
        async with (
            Client(stdio_client(parameters())) as one,
            Client(stdio_client(parameters())) as two,
        ):
            made = await ask(one, "trace", target=MERGE, call="merge([1], [2])")
            assert "no such trace" in await refused(two, "query", trace=made["trace"], question="max depth")

    asyncio.run(both())


def test_no_secret_leaves(tmp_path: Path) -> None:
    (tmp_path / "leaky.py").write_text(LEAKY)

    async def use(client: Client) -> str:
        found = await client.call_tool(
            "explain", {"target": "leaky.py", "call": "check('x')", "detail": "full"}
        )
        traced = await client.call_tool("trace", {"target": "leaky.py::check", "call": "check('x')"})
        asked = await client.call_tool("query", {"trace": "codeassist://traces/1", "question": "at step 2"})
        read = await client.read_resource("codeassist://traces/1")
        assert traced.structured_content["result"] == "False"
        return f"{found} {traced} {asked} {read}"

    told = talk(use, folder=tmp_path)
    assert "check" in told
    assert SECRET not in told


def test_where_nothing_holds_the_code_an_agent_gets_no_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from codeassist.mcp_server import Desk
    from codeassist.records.errors import ConsentError
    from codeassist.tracing import LocalRunner

    (tmp_path / "one.py").write_text("def f(n):\n    return n\n")
    without = ("landlock", "mount-namespace")
    monkeypatch.setattr(
        "codeassist.tracing.LocalRunner", lambda **options: LocalRunner(**options, without=without)
    )
    desk = Desk({}, str(tmp_path))
    with pytest.raises(ConsentError, match="nothing was run"):
        desk.trace(f"{tmp_path}/one.py::f", "f(1)")
    (told,) = desk.explain(f"{tmp_path}/one.py::f").structured_content["explanations"]
    assert told["static"]
    assert "nothing was run" in told["limits"][0]


def _server(*words: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "codeassist", "mcp", *words]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, cwd=ROOT, env=environment())


CLIENT = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}
HELLO = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": CLIENT}


def test_garbage_on_the_wire_is_answered_or_ignored_and_the_server_lives_on() -> None:
    with _server() as server:
        assert server.stdin
        assert server.stdout
        server.stdin.write(b"not json\n{}\n[1, 2]\n\xff\xfe\n" + json.dumps(HELLO).encode() + b"\n")
        server.stdin.flush()
        answers = []
        while not answers or answers[-1].get("id") != 1:
            answers.append(json.loads(server.stdout.readline()))
        assert answers[-1]["result"]["serverInfo"]["name"] == "codeassist"
        server.stdin.write(b'{"jsonrpc": "2.0", "id": 2, "method": "no/such"}\n')
        server.stdin.flush()
        assert json.loads(server.stdout.readline())["error"]["code"] in (-32601, -32600, -32602)
        server.stdin.close()
        assert server.wait(10) == 0


def test_a_client_that_disappears_leaves_nothing_behind() -> None:
    with _server() as server:
        assert server.stdin
        call = {"name": "trace", "arguments": {"target": MERGE, "call": "merge([1], [2])"}}
        for message in (
            HELLO,
            {"jsonrpc": "2.0", "method": "notifications/initialized"},
            {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": call},
        ):
            server.stdin.write(json.dumps(message).encode() + b"\n")
        server.stdin.flush()
        time.sleep(0.3)
        server.stdin.close()
        if server.stdout:
            server.stdout.close()
        server.wait(20)
    left = subprocess.run(["ps", "-eo", "ppid,args"], capture_output=True, text=True).stdout
    assert not [line for line in left.splitlines() if line.split()[0] == str(server.pid)]
