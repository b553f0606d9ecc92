"""How long the doors take: the first answer of each from a cold start, and warm answers on a large package.

`python benchmarks/doors.py` prints a table. `--package django` (any package that pip can install) is what the
warm questions are about; it is installed into a temporary folder, and nothing of it is run.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
WARM = 20
"""questions that are asked again"""
TEST = "def half(n):\n    return n // 2\n\ndef test_half():\n    assert half(3) == 1.5\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--package", default="", help="such as django, or a folder: warm answers on a large package"
    )
    parser.add_argument("--only-warm", action="store_true", help="leave out the cold starts")
    parser.add_argument(
        "--site", default="", metavar="FOLDER", help="write a static site about it, and measure it"
    )
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
            os.environ[name] = home
        shutil.copytree(ROOT / "examples", Path(home) / "examples")
        print("| first answer, from a cold start | s | CPU s |\n| --- | --- | --- |")
        for name, measured in () if arguments.only_warm else COLD.items():
            wall, cpu = measured(Path(home) / "examples" / "merge_sort.py")
            print(f"| {name} | {wall:.2f} | {cpu:.2f} |", flush=True)
        if arguments.package:
            with installed(arguments.package) as folder:
                print(f"\n| warm, on {arguments.package} | median ms | worst ms |\n| --- | --- | --- |")
                for name, seconds in warm(folder):
                    print(
                        f"| {name} | {statistics.median(seconds) * 1e3:.1f} | {max(seconds) * 1e3:.1f} |",
                        flush=True,
                    )
        if arguments.site:
            print("\n" + site(arguments.site))


Taken = tuple[float, float]


def taken(work: Callable[[], Any]) -> Taken:
    """Seconds on the clock, and of processor time of all that it started and that has ended."""
    before, started = _spent(), time.perf_counter()
    work()
    return time.perf_counter() - started, _spent() - before


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


# --- cold ------------------------------------------------------------------------------------------


def mcp_cold(path: Path) -> Taken:
    """Start, shake hands, call graph of the examples, leave."""
    return taken(lambda: asyncio.run(with_agent(lambda client: graph_of(client, str(path.parent)))))


def mcp_trace(path: Path) -> Taken:
    """Start, shake hands, one recorded run, leave."""
    arguments = {"target": f"{path}::merge", "call": "merge([1, 4], [2])"}
    return taken(lambda: asyncio.run(with_agent(lambda client: client.call_tool("trace", arguments))))


def lsp_cold(path: Path) -> Taken:
    """Start, shake hands, first hover, leave."""
    return taken(lambda: asyncio.run(with_editor(path, hover)))


def command_cold(*words: str, given: str = "") -> Taken:
    """A command until it ends."""
    command = [sys.executable, "-m", "codeassist", *words]
    return taken(lambda: subprocess.run(command, input=given, capture_output=True, text=True, check=True))


def pytest_cold(_: Path) -> Taken:
    """What --codeassist-why adds to a run of one failing test."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "test_half.py").write_text(TEST)
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        plain = taken(lambda: subprocess.run(command, cwd=folder, capture_output=True))
        told = taken(lambda: subprocess.run([*command, "--codeassist-why"], cwd=folder, capture_output=True))
        return told[0] - plain[0], told[1] - plain[1]


def notebook_cold(path: Path) -> Taken:
    """IPython without a kernel: load the extension and explain a call."""
    code = f"import sys; sys.path.insert(0, {str(path.parent)!r}); from merge_sort import merge"
    lines = "\n".join([code, "%load_ext codeassist", "%explain merge([1, 4], [2])"])
    command = [sys.executable, "-m", "IPython", "--no-banner", "--simple-prompt"]
    return taken(lambda: subprocess.run(command, input=lines, capture_output=True, text=True, check=True))


COLD: dict[str, Callable[[Path], Taken]] = {
    "`codeassist explain FILE` (nothing remembered)": lambda path: command_cold("explain", str(path)),
    "`codeassist explain FILE` (remembered)": lambda path: command_cold("explain", str(path)),
    "`codeassist mcp`: call_graph": mcp_cold,
    "`codeassist mcp`: trace": mcp_trace,
    "`codeassist lsp`: hover": lsp_cold,
    "`codeassist quiz`: one question": lambda path: command_cold(
        "quiz", f"{path}::merge", "--questions", "1", given="y\n"
    ),
    "IPython: `%load_ext`, `%explain`": notebook_cold,
    "`pytest --codeassist-why`: what it adds for one failure": pytest_cold,
}


# --- warm ------------------------------------------------------------------------------------------


def warm(folder: Path) -> Iterator[tuple[str, list[float]]]:
    """Answers once the package has been read."""
    largest = max(folder.rglob("*.py"), key=lambda path: path.stat().st_size)
    yield "`lsp` hover, static (largest file)", asyncio.run(with_editor(largest, hovers, "--no-run"))
    found = asyncio.run(with_agent(lambda client: graphs(client, folder)))
    yield "`mcp` call_graph, first", found[:1]
    yield "`mcp` call_graph, warm", found[1:]


async def graphs(client: Any, folder: Path) -> list[float]:
    """The first one solves the graph; the others ask for another page each."""
    found = []
    for number in range(WARM + 1):
        started = time.perf_counter()
        await graph_of(client, str(folder), number * 100)
        found.append(time.perf_counter() - started)
    return found


async def hovers(client: Any, path: Path) -> list[float]:
    """On heads of functions all over the file, once each has been looked at before."""
    lines = path.read_text(encoding="utf-8").split("\n")
    heads = [n for n, line in enumerate(lines) if line.lstrip().startswith("def ")]
    places = [(n, lines[n].index("def ") + 5) for n in heads[:: max(1, len(heads) // WARM)]]
    for _ in range(60):
        told = [(await hover(client, path, *place)).contents.value for place in places]
        if not any("being checked" in text for text in told):
            break
        await asyncio.sleep(1)
    found = []
    for place in places:
        started = time.perf_counter()
        await hover(client, path, *place)
        found.append(time.perf_counter() - started)
    return found


# --- clients ---------------------------------------------------------------------------------------


async def with_agent(use: Callable[[Any], Awaitable[Any]]) -> Any:
    from mcp.client.client import Client
    from mcp.client.stdio import StdioServerParameters, stdio_client

    env = {name: value for name, value in os.environ.items() if name == "PATH" or name.startswith("XDG")}
    server = StdioServerParameters(
        command=sys.executable, args=["-m", "codeassist", "mcp"], cwd=ROOT, env=env
    )
    async with Client(stdio_client(server), read_timeout_seconds=1800) as client:
        return await use(client)


async def graph_of(client: Any, folder: str, offset: int = 0) -> Any:
    answer = await client.call_tool("call_graph", {"target": folder, "offset": offset})
    assert not answer.is_error, answer.content
    return answer


async def with_editor(path: Path, use: Callable[[Any, Path], Awaitable[Any]], *words: str) -> Any:
    from lsprotocol import types as lsp
    from pygls.lsp.client import LanguageClient

    client = LanguageClient("benchmark", "1")
    client.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(lambda *_: None)
    await client.start_io(sys.executable, "-m", "codeassist", "lsp", *words)
    await client.initialize_async(lsp.InitializeParams(capabilities=lsp.ClientCapabilities()))
    client.initialized(lsp.InitializedParams())
    text = path.read_text(encoding="utf-8")
    client.text_document_did_open(
        lsp.DidOpenTextDocumentParams(lsp.TextDocumentItem(path.as_uri(), "python", 1, text))
    )
    found = await use(client, path)
    await client.shutdown_async(None)
    client.exit(None)
    server = client._server
    assert server is not None
    await server.wait()  # its processor time counts once it has ended
    return found


async def hover(client: Any, path: Path, line: int = 3, column: int = 6) -> Any:
    from lsprotocol import types as lsp

    where = lsp.HoverParams(lsp.TextDocumentIdentifier(path.as_uri()), lsp.Position(line, column))
    answer = await client.text_document_hover_async(where)
    assert answer is not None
    return answer


# --- a site ----------------------------------------------------------------------------------------


def site(folder: str) -> str:
    """A static site about the folder: functions a second, size, bytes a function; then once more."""
    with tempfile.TemporaryDirectory() as output:
        words = ["explain", folder, "--no-run", "--format", "html", "--output", f"{output}/site/"]
        first, again = command_cold(*words)[1], command_cold(*words)[1]
        pages = list(Path(output).rglob("*.html"))
        functions = sum("-" in page.stem for page in pages)
        size = sum(page.stat().st_size for page in pages)
        return (
            "| site | functions | CPU s | functions a CPU s | again, CPU s | MB | bytes a function |\n"
            "| --- | --- | --- | --- | --- | --- | --- |\n"
            f"| {Path(folder).name} | {functions} | {first:.0f} | {functions / first:.1f} | {again:.0f} "
            f"| {size / 1e6:.1f} | {size / max(1, functions):,.0f} |"
        )


@contextmanager
def installed(package: str) -> Iterator[Path]:
    """The package's folder, fetched by pip into a temporary place; a folder that is there as it is."""
    if Path(package).is_dir():
        yield Path(package).resolve()
        return
    folder = Path(tempfile.mkdtemp())
    try:
        command = [
            sys.executable,
            "-m",
            "pip",
            "install",
            "-q",
            "--no-deps",
            "--target",
            str(folder),
            package,
        ]
        subprocess.run(command, check=True)
        yield folder / package
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
