"""A session: settings, parsed modules and open runners of one command."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from codeassist import targets as naming
from codeassist.records.errors import UsageError
from codeassist.records.program import Module
from codeassist.records.run import Budget, Run, Runner
from codeassist.records.trace import Trace
from codeassist.settings import Settings, load, project_root

Progress = Callable[[int, int, str], None]
"""called with (done, total, what is being worked on)"""


@dataclass(frozen=True, slots=True)
class ExplainOptions:
    """What `explain` was asked for beside its targets and settings."""

    calls: tuple[str, ...] = ()
    from_test: str = ""
    run: bool = True
    prompt_only: bool = False
    alone: bool = True
    """whether one function is asked for: a call that does not reach it is then an error"""


@dataclass(frozen=True, slots=True)
class Overlaid:
    """A runner for which other texts stand in for some files."""

    runner: Runner
    texts: Mapping[str, str]

    def run(self, runs: Sequence[Run], budget: Budget) -> Iterator[Trace]:
        """One trace for each run, made with the other texts."""
        texts = dict(self.texts)
        return self.runner.run([replace(run, overlay={**texts, **run.overlay}) for run in runs], budget)

    def close(self) -> None:
        """The session closes the runner below."""


@dataclass(slots=True)
class Session:
    """Settings, parsed modules and open runners of one command."""

    settings: Settings
    trusted: bool = False
    modules: dict[str, Module] = field(default_factory=dict)
    runners: dict[str, Runner] = field(default_factory=dict)
    scratch: list[tempfile.TemporaryDirectory[str]] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    """path -> text that stands in for the file, in every run"""
    told: list[str] = field(default_factory=list)
    """lines for the user beside the result: what a backend cost, what was taken out before sending"""

    def parse(self, target: naming.Target) -> Module:
        """The facts of one file, read once; a text from stdin becomes a file in a scratch folder."""
        from codeassist import parsing

        if target.path not in self.modules:
            path = target.path if target.text is None else self.file_of(target.text)
            self.modules[target.path] = parsing.parse(parsing.read_source(path))
        return self.modules[target.path]

    def file_of(self, text: str) -> str:
        """A text from stdin as a file in a scratch folder."""
        self.scratch.append(tempfile.TemporaryDirectory(prefix="codeassist-"))
        path = Path(self.scratch[-1].name) / "stdin.py"
        path.write_text(text, encoding="utf-8")
        return str(path)

    def runner(self, path: str) -> Runner:
        """The runner for the project that holds `path`; raises ConsentError where nothing may run."""
        _only_python(path)
        root = project_root(path)
        if root not in self.runners:
            self.runners[root] = self.new_runner(root)
        runner = self.runners[root]
        return Overlaid(runner, self.texts) if self.texts else runner

    def new_runner(self, root: str) -> Runner:
        """A runner of its own for the project at `root`, with this session's settings."""
        from codeassist import trust
        from codeassist.tracing import LocalRunner

        return LocalRunner(
            python=self.settings["python"] or None,
            sandbox=self.settings["sandbox"],
            root=root,
            trusted=trust.is_trusted(root),
        )

    def by_path(self) -> dict[str, Module]:
        """Modules by resolved path, as the judge wants them."""
        return {module.source.path: module for module in self.modules.values()}

    def close(self) -> None:
        """End every server and remove every scratch folder."""
        for runner in self.runners.values():
            runner.close()
        for folder in self.scratch:
            folder.cleanup()


def _only_python(path: str) -> None:
    from codeassist import parsing

    language = parsing.language_of(path)
    if language != "python":
        hint = "codeassist explain and codeassist graph read it"
        raise UsageError(f"{path}: only Python is run, not {language}", hint=hint, slug="not-python")


@contextmanager
def session(start: str = ".", **flags: Any) -> Iterator[Session]:
    """A session with the settings of the project at `start`; its servers end with it."""
    from codeassist import trust

    trusted = trust.is_trusted(project_root(start))
    opened = Session(load(start, flags, trusted=trusted), trusted)
    try:
        yield opened
    finally:
        opened.close()
