"""The hall: the only place where rooms meet. Records in, records out, no cleverness.

source -> facts -> call graph -> runs -> traces -> evidence -> baseline -> prompt -> answer ->
claims -> verdicts -> report
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from codeassist import targets as naming
from codeassist.records.answer import Answer, Verdict
from codeassist.records.errors import CodeassistError, ConsentError
from codeassist.records.evidence import Evidence
from codeassist.records.location import FunctionId
from codeassist.records.program import CallGraph, Function, Module, Notice
from codeassist.records.report import Explanation, Input, Report, SourceLine
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
    opinions: bool = False


@dataclass(slots=True)
class Session:
    """Settings, parsed modules and open runners of one command."""

    settings: Settings
    modules: dict[str, Module] = field(default_factory=dict)
    runners: dict[str, Runner] = field(default_factory=dict)
    scratch: list[tempfile.TemporaryDirectory[str]] = field(default_factory=list)

    def parse(self, target: naming.Target) -> Module:
        """The facts of one file, read once; a text from stdin becomes a file in a scratch folder."""
        from codeassist import parsing

        if target.path not in self.modules:
            path = target.path if target.text is None else self._file_of(target.text)
            self.modules[target.path] = parsing.parse(parsing.read_source(path))
        return self.modules[target.path]

    def _file_of(self, text: str) -> str:
        self.scratch.append(tempfile.TemporaryDirectory(prefix="codeassist-"))
        path = Path(self.scratch[-1].name) / "stdin.py"
        path.write_text(text, encoding="utf-8")
        return str(path)

    def runner(self, path: str) -> Runner:
        """The runner for the project that holds `path`; raises ConsentError where nothing may run."""
        from codeassist import trust
        from codeassist.tracing import LocalRunner

        root = project_root(path)
        if root not in self.runners:
            self.runners[root] = LocalRunner(
                python=self.settings["python"] or None,
                sandbox=self.settings["sandbox"],
                root=root,
                trusted=trust.is_trusted(root),
            )
        return self.runners[root]

    def by_path(self) -> dict[str, Module]:
        """Modules by resolved path, as the judge wants them."""
        return {module.source.path: module for module in self.modules.values()}

    def close(self) -> None:
        """End every server and remove every scratch folder."""
        for runner in self.runners.values():
            runner.close()
        for folder in self.scratch:
            folder.cleanup()


@contextmanager
def session(start: str = ".", **flags: Any) -> Iterator[Session]:
    """A session with the settings of the project at `start`; its servers end with it."""
    from codeassist import trust

    opened = Session(load(start, flags, trusted=trust.is_trusted(project_root(start))))
    try:
        yield opened
    finally:
        opened.close()


def explain(
    texts: Sequence[str], opened: Session, options: ExplainOptions, progress: Progress | None = None
) -> Report:
    """Explain every function that `texts` name; what fails is a Notice and the rest goes on."""
    jobs, notices = _select(naming.resolve(texts), opened)
    graph = _graph(opened)
    explanations: list[Explanation] = []
    interrupted = False
    try:
        for number, (module, function) in enumerate(jobs):
            if progress:
                progress(number, len(jobs), function.id.qualname)
            explanations.append(_explain_one(module, function, graph, opened, options))
    except KeyboardInterrupt:
        interrupted = True
    return _report(texts, jobs, explanations, graph, notices, opened, interrupted)


def _select(
    found: Sequence[naming.Target], opened: Session
) -> tuple[list[tuple[Module, Function]], list[Notice]]:
    """The functions that the targets name. Only in a folder is an unreadable file a Notice."""
    from codeassist import parsing

    jobs: list[tuple[Module, Function]] = []
    notices: list[Notice] = []
    for target in found:
        try:
            module = opened.parse(target)
        except CodeassistError as error:
            if not target.from_folder and len(found) == 1:
                raise
            notices.append(Notice(error.slug, str(error), target.path))
            continue
        notices += module.notices
        if target.qualname:
            jobs += [(module, function) for function in _named(module, parsing.find(module, target.qualname))]
        else:
            jobs += [(module, function) for function in module.functions if _is_explained(module, function)]
    return jobs, notices


def _named(module: Module, function: Function) -> list[Function]:
    """The function itself; for a class its methods."""
    if function.kind != "class":
        return [function]
    return [f for f in module.functions if f.parent == function.id.qualname and f.kind != "lambda"]


def _is_explained(module: Module, function: Function) -> bool:
    """Top-level functions and the methods of top-level classes; nested ones belong to their parent."""
    if function.kind in ("module", "class", "lambda"):
        return False
    if function.parent == "<module>":
        return True
    return any(
        f.id.qualname == function.parent and f.kind == "class" and f.parent == "<module>"
        for f in module.functions
    )


def _graph(opened: Session) -> CallGraph:
    from codeassist import callgraph

    modules = list(opened.modules.values())
    return callgraph.solve(modules, project_root(modules[0].source.path) if modules else ".")


def _explain_one(
    module: Module, function: Function, graph: CallGraph, opened: Session, options: ExplainOptions
) -> Explanation:
    from codeassist import narrating, prompting, verifying
    from codeassist.plugins import load as load_plugin

    settings = opened.settings
    evidence = _evidence(module, function, graph, opened, options)
    baseline = narrating.compose(
        module, function, evidence, graph, lang=settings["lang"], level=settings["level"]
    )
    verdicts = _judge(baseline, evidence, opened)
    facts = [c for c, v in zip(baseline.claims, verdicts, strict=True) if v.status == "verified"]
    prompt = prompting.build("explain", module, function, baseline, facts, lang=settings["lang"])
    answer: Answer = load_plugin("backends", settings["backend"])().complete(prompt)
    if answer is not baseline:
        verdicts = _judge(answer, evidence, opened)
    settled = verifying.settle(answer, verdicts)
    return _explanation(module, function, evidence, answer, verdicts, settled)


def _evidence(
    module: Module, function: Function, graph: CallGraph, opened: Session, options: ExplainOptions
) -> Evidence:
    """What runs know of the function; without runs, the reason stands in its limits."""
    from codeassist import evidence

    if not options.run:
        return Evidence(function.id, limits=("not run: --no-run",))
    try:
        runner = opened.runner(module.source.path)
    except ConsentError as error:
        return Evidence(function.id, limits=(f"not run: {error}",))
    budget = Budget(opened.settings["budget"])
    traces = _traces(module, function, runner, budget, opened, options)
    return evidence.gather(module, function, traces, runner, budget, graph)


def _traces(
    module: Module,
    function: Function,
    runner: Runner,
    budget: Budget,
    opened: Session,
    options: ExplainOptions,
) -> list[Trace]:
    from dataclasses import replace

    from codeassist import inputs

    limits = opened.settings.limits()
    proposed: list[Run] = inputs.propose(module, function, calls=options.calls)
    return list(runner.run([replace(run, limits=limits) for run in proposed], budget))


def _judge(answer: Answer, evidence: Evidence, opened: Session) -> list[Verdict]:
    from codeassist import verifying

    return verifying.judge(answer.claims, evidence.runs, opened.by_path())


def _explanation(
    module: Module,
    function: Function,
    evidence: Evidence,
    answer: Answer,
    verdicts: list[Verdict],
    settled: Any,
) -> Explanation:
    decided = tuple(
        (claim, verdict)
        for claim, verdict in zip(answer.claims, verdicts, strict=True)
        if verdict.status != "refuted"
    )
    span = function.span
    return Explanation(
        function=function.id,
        line=span.line,
        signature=_signature(function),
        summary=settled.summary,
        sections=settled.sections,
        annotations=settled.annotations,
        claims=decided,
        source=tuple(
            SourceLine(n, module.source.lines[n - 1], evidence.line_counts.get(n))
            for n in range(span.line, span.end_line + 1)
        ),
        inputs=tuple(Input(case.call, case.origin) for case in evidence.cases),
        limits=evidence.limits,
        is_static=not evidence.runs,
    )


def _signature(function: Function) -> str:
    return f"{function.id.qualname}({', '.join(p.name for p in function.parameters)})"


def _report(
    texts: Sequence[str],
    jobs: list[tuple[Module, Function]],
    explanations: list[Explanation],
    graph: CallGraph,
    notices: list[Notice],
    opened: Session,
    interrupted: bool,
) -> Report:
    return Report(tuple(explanations), None, tuple(notices), interrupted)


def doctor(flags: Mapping[str, Any]) -> dict[str, Any]:
    """What works here and why not: sandbox, interpreter, backends, extras, cache; raises SettingsError."""
    from codeassist import diagnosis, trust

    root = project_root(".")
    return diagnosis.examine(load(".", flags, trusted=trust.is_trusted(root)))


def identity(path: str, qualname: str) -> FunctionId:
    """The FunctionId of a qualified name in the file at `path`."""
    return FunctionId(Path(path).resolve().as_posix(), qualname)
