"""`codeassist lsp`, driven by a language client over stdin and stdout."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException
from pygls.lsp.client import LanguageClient

from codeassist.pipeline.glancing import enclosing
from codeassist.rendering.editor import hint

CODE = """\
# 𝒜 file
def total(xs):
    '''Sum of the values.'''
    result = 0
    for x in xs:
        result += x
    return result


class Box:
    def size(self, xs):
        return total(xs) + len(xs)
"""


class Editor:
    """A client with one open file."""

    def __init__(self, client: LanguageClient, path: Path) -> None:
        self.client, self.path = client, path
        self.uri = path.as_uri()
        self.document = lsp.TextDocumentIdentifier(self.uri)
        self.messages: list[str] = []
        self.findings: list[lsp.Diagnostic] = []
        self.refreshed = 0

    async def hover(self, line: int, column: int) -> str:
        """Markdown of the hover at a line from 1 and a column in UTF-16 units."""
        params = lsp.HoverParams(self.document, lsp.Position(line - 1, column))
        found = await self.client.text_document_hover_async(params)
        return found.contents.value if found and isinstance(found.contents, lsp.MarkupContent) else ""

    async def hover_until(self, line: int, column: int, word: str) -> str:
        """The same, asked again until the word is in it."""
        told = ""
        for _ in range(100):
            told = await self.hover(line, column)
            if word in told:
                break
            await asyncio.sleep(0.2)
        return told

    async def lenses(self) -> list[tuple[int, str]]:
        """Line from 1 and title."""
        found = await self.client.text_document_code_lens_async(lsp.CodeLensParams(self.document))
        return [
            (lens.range.start.line + 1, lens.command.title if lens.command else "") for lens in found or []
        ]

    async def hints(self) -> dict[int, str]:
        """Line from 1 -> text."""
        everything = lsp.Range(lsp.Position(0, 0), lsp.Position(999, 0))
        params = lsp.InlayHintParams(self.document, everything)
        found = await self.client.text_document_inlay_hint_async(params)
        return {each.position.line + 1: str(each.label) for each in found or []}

    async def command(self, name: str, *arguments: Any) -> Any:
        """The result of a command."""
        params = lsp.ExecuteCommandParams(name, arguments=list(arguments))
        return await self.client.workspace_execute_command_async(params)

    def change(self, text: str) -> None:
        """Type without saving."""
        version = lsp.VersionedTextDocumentIdentifier(2, self.uri)
        whole = lsp.TextDocumentContentChangeWholeDocument(text)
        self.client.text_document_did_change(lsp.DidChangeTextDocumentParams(version, [whole]))

    def save(self, text: str) -> None:
        """Type and save."""
        self.change(text)
        self.path.write_text(text, encoding="utf-8")
        self.client.text_document_did_save(lsp.DidSaveTextDocumentParams(self.document))

    async def until(self, is_so: Callable[[], Any]) -> None:
        """Wait for a notification."""
        for _ in range(150):
            if is_so():
                return
            await asyncio.sleep(0.2)


def edit(path: Path, use: Callable[[Editor], Awaitable[None]], *words: str, code: str = CODE) -> None:
    """Open the file in a fresh client and server, and use it."""
    path.write_text(code, encoding="utf-8")

    async def session() -> None:
        client = LanguageClient("test", "1")
        editor = Editor(client, path)

        @client.feature(lsp.WORKSPACE_CODE_LENS_REFRESH)
        def _(*_: Any) -> None:
            editor.refreshed += 1

        @client.feature(lsp.WORKSPACE_INLAY_HINT_REFRESH)
        def _(*_: Any) -> None:
            return None

        @client.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def _(params: lsp.PublishDiagnosticsParams) -> None:
            editor.findings = list(params.diagnostics)

        @client.feature(lsp.WINDOW_SHOW_MESSAGE)
        def _(params: lsp.ShowMessageParams) -> None:
            editor.messages.append(params.message)

        await client.start_io(sys.executable, "-m", "codeassist", "lsp", "--stdio", *words)
        refreshing = lsp.WorkspaceClientCapabilities(
            code_lens=lsp.CodeLensWorkspaceClientCapabilities(refresh_support=True),
            inlay_hint=lsp.InlayHintWorkspaceClientCapabilities(refresh_support=True),
        )
        folder = path.parent.as_uri()
        await client.initialize_async(
            lsp.InitializeParams(
                capabilities=lsp.ClientCapabilities(workspace=refreshing),
                root_uri=folder,
                workspace_folders=[lsp.WorkspaceFolder(folder, "here")],
            )
        )
        client.initialized(lsp.InitializedParams())
        text = path.read_text(encoding="utf-8")
        opened = lsp.TextDocumentItem(editor.uri, "python", 1, text)
        client.text_document_did_open(lsp.DidOpenTextDocumentParams(opened))
        await asyncio.wait_for(use(editor), 90)
        await client.shutdown_async(None)
        client.exit(None)
        server = client._server
        assert server is not None
        assert await asyncio.wait_for(server.wait(), 20) == 0

    asyncio.run(session())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text("")
    return tmp_path / "sums.py"


def test_hover_tells_the_checked_explanation_and_the_values_of_the_last_run(path: Path) -> None:
    async def use(editor: Editor) -> None:
        first = await editor.hover(2, 5)
        assert first.startswith("## `total(xs)`")
        assert "Sum of the values." in first
        checked = await editor.hover_until(2, 5, "✓")
        assert "### Contract" in checked
        assert "✓" in await editor.hover(12, 16), "a call of the file's function"
        assert await editor.hover(12, 30) == "", "len is not ours, and nothing was run"
        assert await editor.hover(1, 3) == ""
        assert await editor.hover(9999, 0) == ""
        ran = await editor.command("codeassist.run", editor.uri, "total", "total([4, 5])")
        assert (ran["call"], ran["outcome"]) == ("total([4, 5])", "returned 9")
        assert editor.messages[-1] == f"total([4, 5]) returned 9 · {ran['events']} events"
        values = await editor.hover(6, 10)
        assert "result = 4" in values
        assert "result = 9" in values

    edit(path, use)


def test_lenses_and_hints_come_with_what_is_known(path: Path) -> None:
    async def use(editor: Editor) -> None:
        assert (2, "run this function") in await editor.lenses()
        await editor.until(lambda: editor.refreshed)
        assert (2, "1 caller") in await editor.lenses()
        assert (11, "0 callers") in await editor.lenses()
        assert await editor.hints() == {}
        await editor.command("codeassist.run", editor.uri, "total", "total([4, 5])")
        assert "returned 9" in " ".join(title for _, title in await editor.lenses())
        assert (await editor.hints())[6] == "result = 4, 9"
        await editor.hover_until(2, 5, "✓")
        assert (2, "O(n)") in await editor.lenses()
        told = await editor.command("codeassist.explain", editor.uri, "total")
        assert "### Contract" in told

    edit(path, use)


def test_what_is_not_saved_is_not_explained_and_old_values_go(path: Path) -> None:
    async def use(editor: Editor) -> None:
        await editor.command("codeassist.run", editor.uri, "total", "total([4, 5])")
        editor.change("\n\n" + CODE)
        assert "save the file" in await editor.hover(4, 5)
        assert await editor.hints() == {}
        editor.change(CODE)
        assert await editor.hints() != {}
        editor.save(CODE.replace("+= x", "+= x * x"))
        assert await editor.hints() == {}
        editor.change("def total(xs:\n    return (\n")
        assert (1, "run this function") in await editor.lenses() or await editor.lenses() == []

    edit(path, use)


def test_findings_of_a_change_come_when_it_is_saved(path: Path) -> None:
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b"]
    path.write_text(CODE, encoding="utf-8")
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "one"]):
        subprocess.run([*git, *words], cwd=path.parent, check=True)

    async def use(editor: Editor) -> None:
        editor.save(CODE.replace("result = 0", "result = 1"))
        await editor.until(lambda: editor.findings)
        (finding, *_) = editor.findings
        assert finding.source == "codeassist"
        assert "total(" in finding.message
        editor.save(CODE)
        await editor.until(lambda: not editor.findings)
        assert not editor.findings

    edit(path, use)


def test_wrong_requests_are_errors_and_the_server_lives_on(path: Path) -> None:
    async def use(editor: Editor) -> None:
        for name, *arguments in (
            ("codeassist.run",),
            ("codeassist.run", 1),
            ("codeassist.run", "http://elsewhere/x.py", "f"),
            ("codeassist.run", editor.uri, "nobody"),
            ("codeassist.run", editor.uri, "total", "total("),
            ("codeassist.explain", editor.uri, "nobody"),
            ("codeassist.nothing",),
        ):
            with pytest.raises(JsonRpcException):
                await editor.command(name, *arguments)
        params = lsp.HoverParams(lsp.TextDocumentIdentifier("file:///no/such.py"), lsp.Position(0, 0))
        assert await editor.client.text_document_hover_async(params) is None
        assert await editor.hover(2, 5)

    edit(path, use)


def test_with_no_run_nothing_is_run(path: Path) -> None:
    async def use(editor: Editor) -> None:
        told = await editor.hover_until(2, 5, "not run")
        assert "not run" in told
        assert "✓" not in told
        assert "run this function" not in " ".join(title for _, title in await editor.lenses())
        with pytest.raises(JsonRpcException, match="--no-run"):
            await editor.command("codeassist.run", editor.uri, "total")

    edit(path, use, "--no-run")


def test_garbage_on_the_wire_does_not_end_it_and_a_lost_editor_does(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "codeassist", "lsp"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as server:
        assert server.stdin
        assert server.stdout
        body = json.dumps(
            {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}}}
        ).encode()
        server.stdin.write(b"Content-Length: 9\r\n\r\nnot json!")
        server.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        server.stdin.flush()
        told = b""
        while b"hoverProvider" not in told:
            told += server.stdout.readline()
            if b'"capabilities"' in told:
                break
            told += server.stdout.read1(100_000)
        server.stdin.close()
        server.wait(20)


def test_hints_say_a_name_once() -> None:
    assert hint(["i = 0", "i = 1", "…", "i = 9"]) == "i = 0, 1, …, 9"
    assert hint(["i = 0, j = 0", "i = 1, j = 2"]) == "i = 0, j = 0 · i = 1, j = 2"
    assert hint(["returns 3"]) == "returns 3"
    assert "\x1b" not in hint(["s = '\x1b[31m'"])
    assert len(hint(["x = " + "9" * 500])) == 90


def test_the_innermost_function_is_found(tmp_path: Path) -> None:
    from codeassist import parsing

    module = parsing.parse(
        parsing.read_source("a.py", "x = 1\ndef f():\n    def g():\n        return 1\n    return g\n")
    )
    assert [enclosing(module, line) for line in (1, 2, 4, 5, 99)] == ["", "f", "f.g", "f", ""]
