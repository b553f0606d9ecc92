"""The hall's way through `verify`: rows -> runs that rows share -> verdicts, in order."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from codeassist.records.answer import Claim
from codeassist.records.errors import CodeassistError, ConsentError, SettingsError
from codeassist.records.evidence import Complexity, Growth, Recognition
from codeassist.records.program import Function, Module
from codeassist.records.run import Budget, Run, Runner
from codeassist.records.trace import Trace

if TYPE_CHECKING:
    from codeassist.pipeline.session import Progress, Session
    from codeassist.verifying import Court
    from codeassist.verifying.rows import Row

Key = tuple[str | None, str | None, str, str]


def verify(
    rows: Sequence[Row], opened: Session, progress: Progress | None = None
) -> Iterator[dict[str, Any]]:
    """One answer for each row, in order; rows with the same code and call share a run.

    Raises ConsentError where nothing may run; whatever else is wrong with a row is its own answer.
    """
    with TemporaryDirectory(prefix="codeassist-") as folder:
        bench = _Bench(opened, Path(folder).resolve())
        left = Counter(row.key for row in rows if not row.fault)
        try:
            for number, row in enumerate(rows):
                if progress:
                    progress(number, len(rows), row.call)
                yield bench.answer(row)
                left[row.key] -= 1
                if not left[row.key]:
                    bench.dismiss(row.key)
        finally:
            bench.close()


class _Fault(Exception):
    """Why no row of this key can be judged."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason, self.message = reason, message


class _Bench:
    """Courts by code and call, each sitting until its last row."""

    def __init__(self, opened: Session, folder: Path) -> None:
        self.opened, self.folder = opened, folder
        self.courts: dict[Key, Court | _Fault] = {}
        self.files: dict[str, str] = {}
        self.modules: dict[str, Module] = {}
        self.own: Runner | None = None

    def answer(self, row: Row) -> dict[str, Any]:
        """The verdict on one row, as an object to print."""
        from codeassist.verifying.rows import answered, unjudged

        if row.fault or row.claim is None:
            return unjudged(row, "bad-claim", row.fault)
        if row.key not in self.courts:
            try:
                self.courts[row.key] = self.convene(row)
            except _Fault as fault:
                self.courts[row.key] = fault
        court = self.courts[row.key]
        if isinstance(court, _Fault):
            return unjudged(row, _reason_before(row.claim, court.reason), court.message)
        return answered(row, court.verdict(row.claim))

    def convene(self, row: Row) -> Court:
        """Run the row's call and open a court on its trace. Raises _Fault."""
        from codeassist.verifying import Court

        try:
            path = self.file(row)
            module = self.module(path)
            runner = self.runner(row, path)
            budget = Budget(self.opened.settings["budget"])
            trace = self.trace(Run(path, row.call, limits=self.opened.settings.limits()), runner, budget)
        except (ConsentError, SettingsError):
            raise
        except (CodeassistError, OSError, UnicodeError) as error:
            raise _Fault("not-run", str(error).replace(f"{self.folder}/", "")) from None
        modules = self.seen(trace, module)
        growth = _Growth(row, trace, modules, runner, budget)
        return Court([trace], modules, runner, budget, {"complexity": growth, "algorithm": growth.recognised})

    def file(self, row: Row) -> str:
        """The file of the row; code becomes one in the scratch folder, the same for the same text."""
        if row.path is not None:
            return os.path.realpath(row.path)
        assert row.code is not None  # a row has one or the other
        if row.code not in self.files:
            folder = self.folder / f"row{len(self.files) + 1}"
            folder.mkdir()
            (folder / "prog.py").write_text(row.code, encoding="utf-8", newline="")
            self.files[row.code] = str(folder / "prog.py")
        return self.files[row.code]

    def module(self, path: str) -> Module:
        """The facts of one file."""
        from codeassist import parsing

        if path not in self.modules:
            self.modules[path] = parsing.parse(parsing.read_source(path))
        return self.modules[path]

    def seen(self, trace: Trace, module: Module) -> Mapping[str, Module]:
        """The facts of every file that the trace went through."""
        found = {module.source.path: module}
        for activation in trace.reader.activations() if trace.reader else ():
            path = activation.function.path
            if path not in found:
                try:
                    found[path] = self.module(path)
                except (CodeassistError, OSError):
                    continue  # a file that came from elsewhere: claims on it find no statement
        return found

    def runner(self, row: Row, path: str) -> Runner:
        """The project's runner for a path, one of the scratch folder for code."""
        if row.path is not None:
            return self.opened.runner(path)
        if self.own is None:
            from codeassist.tracing import LocalRunner

            settings = self.opened.settings
            self.own = LocalRunner(
                python=settings["python"] or None,
                sandbox=settings["sandbox"],
                root=str(self.folder),
                trusted=self.opened.trusted,
            )
        return self.own

    @staticmethod
    def trace(run: Run, runner: Runner, budget: Budget) -> Trace:
        """The trace of one run. Raises _Fault when it could not even begin."""
        trace = next(iter(runner.run([run], budget)), None)
        if trace is None or trace.reader is None:
            raise _Fault("not-run", "the budget was spent before the run")
        outcome = trace.header.outcome
        if not len(trace.reader) and outcome.kind in ("bad_input", "died", "raised"):
            error = outcome.exception
            raise _Fault("not-run", f"{error.cls}: {error.message}" if error else f"the run {outcome.kind}")
        return trace

    def dismiss(self, key: Key) -> None:
        """No row needs this run any more."""
        self.courts.pop(key, None)

    def close(self) -> None:
        """End the servers of the scratch folder."""
        if self.own is not None:
            self.own.close()


def _reason_before(claim: Claim, reason: str) -> str:
    """A claim that no run could save says so first: unknown-kind, bad-claim."""
    from codeassist.verifying import judge

    return "not-run" if (found := judge([claim], [], {})[0].reason) == "not-run" else found or reason


class _Growth:
    """What evidence measures of one row's function, asked once for each function."""

    def __init__(
        self, row: Row, trace: Trace, modules: Mapping[str, Module], runner: Runner, budget: Budget
    ) -> None:
        self.row, self.trace, self.modules, self.runner, self.budget = row, trace, modules, runner, budget
        self.known: dict[str, Complexity | None] = {}
        self.named: dict[str, Recognition | None] = {}

    def recognised(self, claim: Claim) -> Recognition | None:
        """What the function that the claim is about was recognised as."""
        from codeassist.evidence import recognise

        func = str(claim.fields.get("func"))
        if func not in self.named:
            module = next(iter(self.modules.values()))
            function = next((f for f in module.functions if f.id.qualname == func), None)
            found = recognise(module, function, self.runner, self.budget) if function is not None else None
            self.named[func] = found
        return self.named[func]

    def __call__(self, claim: Claim, part: str) -> Growth | None:
        """The growth of the function that the claim is about; None when it cannot be measured."""
        func = str(claim.fields.get("func"))
        if func not in self.known:
            self.known[func] = self.measure(func)
        found = self.known[func]
        return getattr(found, part) if found else None

    def measure(self, func: str) -> Complexity | None:
        """Growth over the row's inputs, or over inputs made after its call."""
        from codeassist.evidence import complexity

        module = next(iter(self.modules.values()))
        function = next((f for f in module.functions if f.id.qualname == func), None)
        if function is None:
            return None
        try:
            if self.row.inputs:
                return complexity.with_inputs(module, function, self.row.inputs, self.runner, self.budget)
            found = complexity.measure(module, function, [self.row.call], self.runner, self.budget)
            inner = _call_within(self.trace, function) if found is None else ""
            if inner:
                return complexity.measure(module, function, [inner], self.runner, self.budget)
            return found
        except CodeassistError:
            return None


def _call_within(trace: Trace, function: Function) -> str:
    """The run's first call of a top-level function as an expression; empty where none can be written."""
    from ast import literal_eval

    from codeassist.records.values import literal

    own = (a for a in trace.reader.activations() if a.function == function.id) if trace.reader else iter(())
    first = next(own, None)
    if first is None or trace.reader is None or "." in function.id.qualname:
        return ""
    given = next(trace.reader.events(first.events[0], first.events[0] + 1)).value
    texts = []
    for parameter in function.parameters:
        text = literal(given[parameter.name])
        try:
            literal_eval(text)
        except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
            return ""
        if parameter.kind in ("star", "double-star"):
            return ""
        texts.append(f"{parameter.name}={text}" if parameter.kind == "keyword-only" else text)
    return f"{function.id.qualname}({', '.join(texts)})"
