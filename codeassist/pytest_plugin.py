"""The door in test runs: `pytest --codeassist-why` tells under a failure where its wrong value was born."""

from __future__ import annotations

import sys
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

TITLE = "codeassist why"
MOST = 10
"""failures that are told, unless --codeassist-why-most says otherwise"""


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--codeassist-why` and what belongs to it; without it nothing else is loaded."""
    group = parser.getgroup("codeassist")
    group.addoption(
        "--codeassist-why",
        action="store_true",
        help="Run each failing test once more, recorded, and tell where its wrong value was born.",
    )
    group.addoption(
        "--codeassist-why-most", type=int, default=MOST, metavar="N", help=f"The first N failures [{MOST}]."
    )
    group.addoption(
        "--codeassist-traces", default="", metavar="FOLDER", help="Where their traces go [pytest's cache]."
    )


def pytest_configure(config: pytest.Config) -> None:
    """Hook into reports only when asked."""
    if config.getoption("--codeassist-why"):
        config.pluginmanager.register(Teller(config), "codeassist-teller")


class Teller:
    """Adds a section to the report of each failing test."""

    def __init__(self, config: pytest.Config) -> None:
        self.left = config.getoption("--codeassist-why-most")
        self.folder = _folder(config)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Told where the test ran, before the report is sent: so it also comes back from a worker."""
        report = yield
        if report.failed and report.when == "call":
            report.sections.append((TITLE, self._section(item)))
        return report

    def _section(self, item: pytest.Item) -> str:
        if self.left <= 0:
            return "not run again; --codeassist-why-most N asks for more"
        self.left -= 1
        return "".join(_told(item, self.folder))


def _folder(config: pytest.Config) -> Path | None:
    """Where traces are kept: as asked, else in pytest's own cache, else nowhere."""
    asked = config.getoption("--codeassist-traces")
    if asked:
        return Path(asked).absolute()
    cache = getattr(config, "cache", None)
    return Path(cache.mkdir("codeassist")) if cache is not None else None


def _told(node: pytest.Item, folder: Path | None) -> Iterator[str]:
    """The chain as text; what cannot be told is one line, and never disturbs the test run."""
    from codeassist import pipeline
    from codeassist.pipeline import recording as hall
    from codeassist.records.errors import CodeassistError
    from codeassist.rendering.trace_found import render_failure

    path = str(node.path)
    name = f"{path}::{node.nodeid.partition('::')[2]}"
    saved = str(_file(folder, node.nodeid)) if folder else ""
    try:
        with pipeline.session(path, python=sys.executable) as opened:
            failure = hall.why(name, opened, saved)
            lines = hall.lines(match.path for match in hall.told(failure))
        yield from render_failure(failure, "terminal", lines, width=100)
        if saved:
            yield f"trace: codeassist trace --step {_short(saved)}\n"
    except CodeassistError as error:
        yield f"{error}\n"
    except Exception as error:  # the user's tests are not to suffer from a fault of ours
        yield f"a fault of codeassist: {type(error).__name__}: {error}\n"


def _file(folder: Path, node: str) -> Path:
    """One file a test, named so that a person finds it."""
    import hashlib
    import re

    folder.mkdir(parents=True, exist_ok=True)
    words = re.sub(r"[^A-Za-z0-9_.-]+", "-", node.rpartition("/")[2])[:80].strip("-")
    return folder / f"{words}-{hashlib.sha256(node.encode()).hexdigest()[:6]}.trace"


def _short(path: str) -> str:
    """Relative to where the user is, if that is shorter."""
    import os

    return min(path, os.path.relpath(path), key=len)
