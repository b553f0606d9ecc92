"""The hall's other half: targets and saved files -> runs -> traces -> views, answers and chains."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codeassist import targets as naming
from codeassist.records.errors import CodeassistError, UsageError
from codeassist.records.found import Failure, Found, Match
from codeassist.records.location import FunctionId
from codeassist.records.program import Function, Module
from codeassist.records.report import Report, TraceView
from codeassist.records.run import Budget, Limits, Run
from codeassist.records.text import inert
from codeassist.records.trace import Trace
from codeassist.records.values import literal

if TYPE_CHECKING:
    from codeassist.pipeline.session import Session

TRACE_EVENTS = 50_000_000
"""events of one run of `trace`, unless a setting says otherwise"""
WALKS = 12
"""functions of one report whose runs are recorded again to be stepped through"""
FILE_MARK = b'{"format":"codeassist/trace-log"'
"""how a saved trace begins"""


@dataclass(frozen=True, slots=True)
class TraceOptions:
    """What `trace`, `query` and `why` were asked for beside their target and settings."""

    call: str = ""
    from_test: str = ""
    script: tuple[str, ...] = ()
    """a script with its arguments, or -m and a module with its arguments"""
    watch: tuple[str, ...] = ()
    save: str = ""


def trace(text: str, opened: Session, options: TraceOptions) -> TraceView:
    """Run what is meant, or read a saved trace, and put it beside its sources."""
    found = recorded(text, opened, options)
    if options.save:
        from codeassist import tracing

        tracing.save(found, options.save)
    return view(found, opened, options.watch)


def recorded(text: str, opened: Session, options: TraceOptions) -> Trace:
    """The trace that is meant: of a saved file, a test, a script, or a call of the target."""
    from codeassist import tracing

    if text and is_saved(text):
        if options.call or options.from_test or options.script:
            raise UsageError(f"{text} is a saved trace: nothing can be called in it")
        return tracing.read(text)
    return execute(_run(text, opened, options), opened)


def is_saved(path: str) -> bool:
    """Whether the file at `path` is a trace that was saved."""
    try:
        if not os.path.isfile(path):
            return False
        with open(path, "rb") as file:
            return file.read(64).replace(b" ", b"").startswith(FILE_MARK)
    except (OSError, ValueError):
        return False


def execute(run: Run, opened: Session) -> Trace:
    """Run once, under the limits of `trace`. Raises UsageError for a run that cannot begin."""
    limits = opened.settings.limits()
    if opened.settings.origins["max_events"] == "default":
        limits = replace(limits, events=TRACE_EVENTS)
    runner = opened.runner(run.path)
    seconds = _patience(opened, limits)
    traces = list(runner.run([replace(run, limits=limits)], Budget(seconds)))
    if not traces:
        raise CodeassistError("nothing was run: the budget was spent before it began")
    outcome = traces[0].header.outcome
    if outcome.kind == "bad_input":
        info = outcome.exception
        raise UsageError(f"{info.cls}: {info.message}" if info else "the input cannot be run")
    return traces[0]


def _patience(opened: Session, limits: Limits) -> float:
    """Seconds for the one run and its start; a budget that was asked for counts as it is."""
    if opened.settings.origins["budget"] != "default":
        return float(opened.settings["budget"])
    return limits.time + 20.0


def _run(text: str, opened: Session, options: TraceOptions) -> Run:
    if options.script:
        return _script(options.script)
    if options.from_test or not text:
        return test_run(options.from_test or text)
    if os.path.isdir(text):
        raise UsageError(f"{text} is a folder", hint="name a file, a file.py::function, or give -- script.py")
    target = naming.resolve([text])[0]
    module = opened.parse(target)
    path = module.source.path
    if options.call:
        return Run(path, options.call)
    if not target.qualname:
        return Run(path, argv=(), origin="main") if module.has_main_guard else _only(module, opened)
    return proposed(module, _function(module, target.qualname), opened)


def _script(words: Sequence[str]) -> Run:
    if words[0] != "-m":
        if not os.path.isfile(words[0]):
            raise UsageError(f"{words[0]}: no such file")
        return Run(str(Path(words[0]).resolve()), argv=tuple(words[1:]), origin="call")
    if len(words) < 2:
        raise UsageError("-m needs the name of a module")
    path = _module_path(words[1])
    return Run(path, module=words[1], argv=tuple(words[2:]), origin="call")


def _module_path(name: str) -> str:
    base = Path(*name.split("."))
    for candidate in (base.with_suffix(".py"), base / "__main__.py"):
        for folder in (Path(), Path("src")):
            if (folder / candidate).is_file():
                return str((folder / candidate).resolve())
    raise UsageError(f"no module {name!r} below this folder", hint="run it from the project's folder")


def test_run(node: str) -> Run:
    """The run of one test, named as pytest names it."""
    path = node.partition("::")[0]
    if not node or not os.path.isfile(path):
        raise UsageError(f"{path or 'nothing'}: no such test file", hint="write tests/test_x.py::test_y")
    return Run(str(Path(path).resolve()), test=node, origin="test")


def _only(module: Module, opened: Session) -> Run:
    """Of a file with one function, a run of that; UsageError asks which otherwise."""
    names = [f for f in module.functions if f.parent == "<module>" and f.kind == "function"]
    if len(names) == 1:
        return proposed(module, names[0], opened)
    listed = ", ".join(f.id.qualname for f in names[:5])
    raise UsageError(
        f"{module.source.path}: say what to run", hint=f"name a function ({listed}) or give --call"
    )


def _function(module: Module, qualname: str) -> Function:
    from codeassist import parsing

    return parsing.find(module, qualname)


def proposed(module: Module, function: Function, opened: Session) -> Run:
    """The input that `explain` would take; a function that needs no argument is simply called."""
    from codeassist import inputs

    needed = [p for p in function.parameters if not p.default and not p.kind.endswith("star")]
    if not needed and function.kind == "function" and function.parent == "<module>":
        return Run(module.source.path, f"{function.name}()")
    budget = Budget(opened.settings["budget"])
    runs = inputs.choose(module, function, opened.runner(module.source.path), budget)
    runs = runs or inputs.propose(module, function)
    if not runs:
        raise UsageError(f"no input is known for {function.id.qualname}", hint="give one with --call")
    return runs[0]


def view(found: Trace, opened: Session, watch: Sequence[str] = ()) -> TraceView:
    """A trace beside the sources and facts of the files that it passed through."""
    modules = facts(found, opened)
    sources = {path: module.source.lines for path, module in modules.items()}
    return TraceView(found, sources, (), modules, watched(found, watch), str(opened.settings["lang"]))


def walks(report: Report, opened: Session) -> Report:
    """The report with the recorded run of each explained function, for a page that steps through it."""
    runs: dict[FunctionId, TraceView] = {}
    for explanation in report.explanations[:WALKS]:
        call = next((given.call for given in explanation.inputs[:1]), "")
        path = explanation.function.path
        if not call or explanation.is_static or not os.path.isfile(path):
            continue
        with contextlib.suppress(CodeassistError):
            found = execute(_walked(path, call, explanation.inputs[0].origin), opened)
            runs[explanation.function] = view(found, opened)
    return replace(report, runs=runs)


def _walked(path: str, call: str, origin: str) -> Run:
    if origin == "test" and "::" in call:
        return test_run(call)
    return Run(path, call, origin=origin)


def facts(found: Trace, opened: Session) -> dict[str, Module]:
    """The facts of every file that was recorded, as far as it is still there."""
    from codeassist import parsing

    reader = found.reader
    paths = dict.fromkeys(a.function.path for a in reader.activations()) if reader is not None else {}
    modules: dict[str, Module] = {}
    for path in paths:
        known = next((m for m in opened.modules.values() if m.source.path == path), None)
        if known is None:
            try:
                known = parsing.parse(parsing.read_source(path))
            except CodeassistError:
                continue
        modules[path] = known
        opened.modules.setdefault(path, known)
    return modules


def watched(found: Trace, texts: Sequence[str]) -> Mapping[int, tuple[str, ...]]:
    """What each watched expression became, by the step that made it so."""
    from codeassist.tracing.query import watch

    told: dict[int, list[str]] = {}
    for text in texts:
        for match in watch(found, text, evaluator()):
            told.setdefault(match.step, []).append(inert(f"{text} = {match.value}"))
    return {step: tuple(values) for step, values in told.items()}


def query(text: str, question: str, opened: Session, options: TraceOptions) -> Found:
    """Ask a trace: of a saved file, or of a run made now."""
    from codeassist import tracing
    from codeassist.tracing.query import query as ask

    if text and is_saved(text):
        found = tracing.read(text)
    else:
        found = recorded(text, opened, options)
    return ask(found, question, evaluator(), lambda: facts(found, opened))


def lines(paths: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The lines of the files that are still there."""
    from codeassist import parsing

    found = {}
    for path in set(paths):
        with contextlib.suppress(CodeassistError):
            found[path] = parsing.read_source(path).lines
    return found


def asker(seen: TraceView) -> Callable[[str], Found]:
    """A callable that answers questions about one trace."""
    from codeassist.tracing.query import query as ask

    return lambda question: ask(seen.trace, question, evaluator(), lambda: seen.modules)


def why(node: str, opened: Session, save: str = "") -> Failure:
    """A failing test told backwards to where the wrong value was born; `save` keeps its trace there."""
    from codeassist import tracing
    from codeassist.tracing.failure import explain_failure

    found = execute(test_run(node), opened)
    if save:
        tracing.save(found, save)
    return explain_failure(found, facts(found, opened), evaluator(), _siblings(node, opened))


def told(failure: Failure) -> list[Match]:
    """Every step that a told failure names."""
    first = failure.first_difference
    return [*failure.chain, *([first] if first is not None else [])]


def _siblings(node: str, opened: Session) -> Iterator[Trace]:
    """Runs of the same test function with other parameters, made only when they are asked for."""
    name, bracket, _ = node.partition("[")
    if bracket:
        yield execute(test_run(name), opened)


def evaluator() -> Callable[[str, Mapping[str, Any]], Any]:
    """The judge's tree walker as the queries want it; UsageError for what it will not evaluate."""
    from codeassist.tracing.query import Unevaluable
    from codeassist.verifying import expressions
    from codeassist.verifying.budget import Allowance, TooExpensive
    from codeassist.verifying.objects import OpaqueValue, Raised

    def evaluate(text: str, variables: Mapping[str, Any]) -> Any:
        try:
            return expressions.evaluate(text, expressions.Scope(variables), Allowance())
        except expressions.Impure as error:
            raise UsageError(
                f"{text!r} cannot be evaluated over a trace: {error}", hint="see docs/query.md"
            ) from None
        except TooExpensive:
            raise UsageError(f"{text!r} takes too long to evaluate", hint="ask less") from None
        except (OpaqueValue, Raised, expressions.FirstArrival) as error:
            raise Unevaluable(str(error)) from None

    return evaluate


def summary(found: Trace) -> str:
    """One line about a trace that was saved."""
    outcome, reader = found.header.outcome, found.reader
    count = 0 if reader is None else len(reader)
    end = f"{outcome.kind}"
    if outcome.kind == "returned":
        end += f" {literal(outcome.result, 60)}"
    elif outcome.exception is not None:
        end += f" {outcome.exception.cls}: {outcome.exception.message[:60]}"
    complete = "" if found.header.complete else ", incomplete"
    return inert(f"{count:,} events, {end}{complete}")
