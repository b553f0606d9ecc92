"""The hall's way through `explain`: functions -> runs -> evidence -> answer -> verdicts -> report."""

from __future__ import annotations

import contextlib
import importlib
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from multiprocessing import parent_process
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codeassist import __version__
from codeassist import targets as naming
from codeassist.cache import Cache, digest
from codeassist.pipeline.answering import ROOM, Asker, Question, asker
from codeassist.pipeline.flying import Flight, Pending
from codeassist.pipeline.recording import test_run
from codeassist.pipeline.roles import roles
from codeassist.records.answer import Answer, Claim, Verdict
from codeassist.records.codec import from_json, to_json
from codeassist.records.errors import CodeassistError, ConsentError, UsageError
from codeassist.records.evidence import Complexity, Evidence, Growth, Recognition
from codeassist.records.program import CallGraph, Function, Module, Notice
from codeassist.records.prompt import Prompt
from codeassist.records.report import Explanation, Input, Report, SourceLine
from codeassist.records.run import Budget, Run, Runner
from codeassist.records.trace import Trace
from codeassist.settings import project_root

if TYPE_CHECKING:
    from codeassist.pipeline.session import ExplainOptions, Progress, Session

Job = tuple[Module, Function]


def explain(
    texts: Sequence[str], opened: Session, options: ExplainOptions, progress: Progress | None = None
) -> Report:
    """Explain every function that `texts` name; what fails is a Notice and the rest goes on."""
    found = naming.resolve(texts, others=_suffixes())
    if options.from_test:
        test_run(options.from_test)
    jobs, notices = select(found, opened)
    options = replace(options, alone=len(jobs) == 1)
    asked = asker(opened)
    memory = _Memory(opened, options, asked)
    graph = solve(opened)
    flight = Flight(asked)
    slots: list[Explanation | Pending] = []
    interrupted = False
    ready = _elsewhere(found, jobs, opened, options, memory, notices, progress)
    for number, (module, function) in enumerate(jobs):
        if progress:
            progress(number, len(jobs), function.id.qualname)
        try:
            if number in ready:
                slots += [explanation for explanation in (ready[number],) if explanation is not None]
                continue
            recalled = memory.recall(module, function)
            slots.append(recalled or _begun(module, function, graph, opened, options, flight))
        except KeyboardInterrupt:
            interrupted = True
            break
        except CodeassistError as error:
            if len(jobs) == 1:
                raise
            notices.append(Notice(error.slug, str(error), function.id.path, function.span.line))
    done, is_cut = _landed(slots, flight, memory)
    interrupted = interrupted or is_cut
    opened.told += asked.told()
    notices += _unreached(options, done)
    notices += [Notice(fault.slug, line) for fault, line in asked.unanswered()]
    report = _report(texts, jobs, done, graph, notices, opened, interrupted)
    return replace(report, unanswered=tuple(line for _, line in asked.unanswered()))


def _elsewhere(
    found: Sequence[naming.Target],
    jobs: Sequence[Job],
    opened: Session,
    options: ExplainOptions,
    memory: _Memory,
    notices: list[Notice],
    progress: Progress | None,
) -> dict[int, Explanation | None]:
    """With --jobs or --cluster: explanations made by other processes, by number; None for what failed."""
    from codeassist.pipeline import spreading

    workers, cluster = int(opened.settings["jobs"]), str(opened.settings["cluster"])
    alone = len(jobs) < 2 or opened.settings["backend"] != "offline" or any(t.text is not None for t in found)
    if alone or workers < 2 and not cluster or opened.texts or parent_process() is not None:
        return {}
    texts = tuple(f"{t.path}::{t.qualname}" if t.qualname else t.path for t in found)
    flags = spreading.flags_of(opened)
    missing = [n for n, job in enumerate(jobs) if memory.recall(*job) is None]
    tasks = [spreading.Task(texts, number, flags, options) for number in missing]
    ready: dict[int, Explanation | None] = {}
    for number, made in spreading.spread(tasks, workers, cluster) if tasks else ():
        function = jobs[number][1]
        if isinstance(made, str):
            notices.append(Notice("error", made, function.id.path, function.span.line))
            ready[number] = None
        else:
            ready[number] = memory.keep(made)
        if progress:
            progress(len(ready) - 1, len(jobs), function.id.qualname)
    return ready


def explain_one(
    module: Module, function: Function, graph: CallGraph, opened: Session, options: ExplainOptions
) -> Explanation:
    """One function by the local backend: what a process of `--jobs` does."""
    return _one(module, function, graph, opened, options, asker(opened))


def _unreached(options: ExplainOptions, done: Sequence[Explanation]) -> Iterator[Notice]:
    """What was given and reached none of several functions."""
    given = {made.call for found in done for made in found.inputs if made.origin == "call"}
    for call in options.calls if len(done) > 1 else ():
        if call not in given:
            yield Notice("call-not-reached", f"--call {call}: reaches none of these functions")
    tested = any(made.origin == "test" for found in done for made in found.inputs)
    if options.from_test and len(done) > 1 and not tested:
        yield Notice("call-not-reached", f"--from-test {options.from_test}: reaches none of these functions")


def _suffixes() -> Sequence[str]:
    from codeassist import parsing

    return tuple(parsing.SUFFIXES)


@cache
def _load_rooms() -> None:
    """Import what comes after the first runs while the host waits for them."""
    rooms = [f"codeassist.{name}" for name in ("evidence", "narrating", "verifying", "prompting")]

    def load() -> None:
        with contextlib.suppress(Exception):  # whoever needs a room imports it anyway
            for name in rooms:
                importlib.import_module(name)

    threading.Thread(target=load, daemon=True).start()


def prompts(texts: Sequence[str], opened: Session, options: ExplainOptions) -> Iterator[str]:
    """What a model would be told, function by function, exactly as it would be sent."""
    asked = asker(opened)
    for prompt in _prompts(texts, opened, options, asked):
        yield "".join(
            f"[{message.role}]\n{message.text}\n" for message in asked.safe(prompt, always=True).messages
        )
    opened.told += asked.told()


def bodies(texts: Sequence[str], opened: Session, options: ExplainOptions) -> Iterator[str]:
    """The exact bodies of the requests that would be sent, one a line; nothing is sent."""
    asked = asker(opened)
    for prompt in _prompts(texts, opened, options, asked):
        yield from asked.preview(prompt)
    opened.told += asked.told()


def _prompts(
    texts: Sequence[str], opened: Session, options: ExplainOptions, asked: Asker
) -> Iterator[Prompt]:
    jobs, _ = select(naming.resolve(texts, others=_suffixes()), opened)
    graph = solve(opened)
    for module, function in jobs:
        yield prepared(module, function, graph, opened, options, asked)[0]


def select(found: Sequence[naming.Target], opened: Session) -> tuple[list[Job], list[Notice]]:
    """The functions that the targets name. An unreadable file among several is a Notice."""
    jobs: list[Job] = []
    notices: list[Notice] = []
    for target in found:
        try:
            module = opened.parse(target)
            jobs += _jobs(module, target.qualname)
            notices += module.notices
        except CodeassistError as error:
            if len(found) == 1:
                raise
            notices.append(Notice(error.slug, str(error), target.path))
    if not jobs and not any(opened.modules.values()):
        raise UsageError(notices[0].message if notices else "nothing to explain")
    return jobs, notices


def _jobs(module: Module, qualname: str) -> list[Job]:
    from codeassist import parsing

    if not qualname:
        return [(module, function) for function in module.functions if is_explained(module, function)]
    function = parsing.find(module, qualname)
    if function.kind != "class":
        return [(module, function)]
    methods = [f for f in module.functions if f.parent == qualname and f.kind not in ("lambda", "class")]
    if not methods:
        raise UsageError(f"class {qualname} has no method", hint="name a function, or the file")
    return [(module, method) for method in methods]


def is_explained(module: Module, function: Function) -> bool:
    """Top-level functions and the methods of top-level classes; nested ones belong to their parent."""
    if function.kind in ("module", "class", "lambda"):
        return False
    classes = {f.id.qualname for f in module.functions if f.kind == "class" and f.parent == "<module>"}
    return function.parent == "<module>" or function.parent in classes


def solve(opened: Session) -> CallGraph:
    """The call graph of everything parsed so far."""
    from codeassist import callgraph

    modules = list(opened.by_path().values())
    return callgraph.solve(modules, project_root(modules[0].source.path) if modules else ".")


def _landed(
    slots: Sequence[Explanation | Pending], flight: Flight, memory: _Memory
) -> tuple[list[Explanation], bool]:
    """The explanations once their answers are there; True where the wait was cut off: baselines stand."""
    is_cut = False
    try:
        flight.land()
    except KeyboardInterrupt:
        is_cut = True
    done = []
    for slot in slots:
        if isinstance(slot, Explanation):
            done.append(slot)
        else:
            made = slot.explanation()
            done.append(memory.keep(made) if slot.done.is_set() else made)
    return done, is_cut


def _one(
    module: Module,
    function: Function,
    graph: CallGraph,
    opened: Session,
    options: ExplainOptions,
    asked: Asker,
) -> Explanation:
    found = _begun(module, function, graph, opened, options, Flight(asked))
    explanation: Explanation = found.explanation()
    return explanation


def _begun(
    module: Module,
    function: Function,
    graph: CallGraph,
    opened: Session,
    options: ExplainOptions,
    flight: Flight,
) -> Pending:
    """A function whose evidence is gathered and whose backend is asked; its answer may still be under way."""
    from codeassist import verifying

    asked = flight.asker
    with asked.lock:
        prompt, evidence, verdicts = prepared(module, function, graph, opened, options, asked)
        if getattr(asked.backend, "tells_steps", False) and evidence.runs:
            from codeassist.pipeline import telling

            steps = telling.steps(evidence.runs[0], module.source.lines, function.id)
            prompt = replace(prompt, steps=steps)

    def judge(claims: Sequence[Claim]) -> list[Verdict]:
        return judged(replace(prompt.baseline, claims=tuple(claims)), evidence, opened)

    def finish(answer: Answer, verdicts: list[Verdict]) -> Explanation:
        settled = verifying.settle(answer, verdicts)
        return _explanation(module, function, evidence, answer, verdicts, settled)

    return flight.ask(Question(prompt, function.id, module.source.text, verdicts, judge), finish)


def prepared(
    module: Module,
    function: Function,
    graph: CallGraph,
    opened: Session,
    options: ExplainOptions,
    asked: Asker | None = None,
) -> tuple[Prompt, Evidence, list[Verdict]]:
    """The prompt for a function, what its runs know, and the verdicts of the baseline's claims."""
    from codeassist import narrating, prompting, verifying

    lang = opened.settings["lang"]
    evidence = _evidence(module, function, graph, opened, options)
    evidence = replace(evidence, roles=roles(evidence, module, function, opened.by_path()))
    baseline = narrating.compose(module, function, evidence, graph, lang=lang, level=opened.settings["level"])
    verdicts = judged(baseline, evidence, opened)
    facts = [c for c, v in zip(baseline.claims, verdicts, strict=True) if v.status == "verified"]
    room, count = asked.room() if asked is not None else (ROOM, None)
    prompt = prompting.build(
        "explain",
        module,
        function,
        baseline,
        facts,
        neighbours(function, graph, opened),
        lang=lang,
        override=opened.settings["prompts"],
        phrases=verifying.examples(lang),
        budget=room,
        count=count,
    )
    return prompt, evidence, verdicts


def _evidence(
    module: Module, function: Function, graph: CallGraph, opened: Session, options: ExplainOptions
) -> Evidence:
    """What runs know of the function; without runs, the reason stands in its limits."""

    if module.language != "python":
        return Evidence(function.id, limits=(f"not run: {module.language} is read, only Python is run",))
    if not options.run:
        return Evidence(function.id, limits=("not run: --no-run",))
    try:
        runner = opened.runner(module.source.path)
        _load_rooms()
        budget = Budget(opened.settings["budget"])
        runs = _runs(module, function, graph, opened, options, runner)
        traces = _traces(runs, runner, budget, opened)
        if not traces:
            return Evidence(function.id, limits=(_why_none(module, runner, opened),))
    except ConsentError as error:
        return Evidence(function.id, limits=(f"not run: {error}",))
    from codeassist import evidence

    return evidence.gather(module, function, traces, runner, budget, graph)


def _runs(
    module: Module,
    function: Function,
    graph: CallGraph,
    opened: Session,
    options: ExplainOptions,
    runner: Runner,
) -> list[Run]:
    """Sensible runs, the one to explain first; what somebody wrote down before what is guessed."""
    from codeassist import inputs
    from codeassist.pipeline import examples

    budget = Budget(opened.settings["budget"])
    first: list[str] = []
    if options.from_test:
        first, test = examples.from_test(options.from_test, function, runner, opened)
        if test is None and options.alone:
            raise UsageError(f"--from-test {options.from_test}: does not reach {function.id.qualname}")
        if test is not None and not first:
            return [test]
    tests = examples.tests(module, function)
    runs = inputs.choose(module, function, runner, budget, calls=options.calls, first=first, tests=tests)
    if options.alone and options.calls and all(run.origin != "call" for run in runs):
        raise UsageError(f"--call {options.calls[0]}: does not reach {function.id.qualname}")
    hidden = function.name.startswith("_") and all(run.origin == "generated" for run in runs)
    if not runs or hidden:
        known = examples.through_callers(module, function, graph, runner, budget)
        found = inputs.choose(module, function, runner, budget, known=known) if known else []
        runs = found or runs
    return runs


def _why_none(module: Module, runner: Runner, opened: Session) -> str:
    """Why no run of the function was found: the module cannot be imported, or no guess fitted."""
    from codeassist.messages import catalogue

    text = catalogue(opened.settings["lang"])
    trace = next(iter(runner.run([Run(module.source.path, call="None", detail="counts")], Budget(5.0))), None)
    outcome = trace.header.outcome if trace is not None else None
    if outcome is None or outcome.kind == "returned" or outcome.exception is None:
        return text("limits.no_input")
    message = outcome.exception.message.removeprefix("the module cannot be imported: ")
    reason = f"{outcome.exception.cls}: {message}".rstrip(": ")
    return text("limits.import", module=Path(module.source.path).name, reason=reason.splitlines()[0])


def _traces(runs: Sequence[Run], runner: Runner, budget: Budget, opened: Session) -> list[Trace]:
    limits = opened.settings.limits()
    traces = list(runner.run([replace(run, limits=limits) for run in runs], budget))
    for trace in traces:
        outcome = trace.header.outcome
        if trace.header.run.origin == "call" and outcome.kind == "bad_input":
            reason = outcome.exception.message if outcome.exception else "it cannot be evaluated"
            raise UsageError(f"--call {trace.header.run.call}: {reason}")
    return traces


def neighbours(function: Function, graph: CallGraph, opened: Session) -> list[tuple[Module, Function]]:
    """Callees and callers by their distance in the call graph, nearest first; callees before callers."""
    from codeassist import callgraph

    own = {identity: name for name, identity in graph.functions.items()}
    modules = opened.by_path()
    found = []
    for name in callgraph.by_distance(graph, own.get(function.id, "")):
        identity = graph.functions[name]
        module = modules.get(identity.path)
        other = next((f for f in module.functions if f.id == identity), None) if module else None
        if module is not None and other is not None and other.kind not in ("module", "class"):
            found.append((module, other))
    return found


def judged(answer: Answer, evidence: Evidence, opened: Session) -> list[Verdict]:
    """The verdict of each claim of an answer, by the runs of the evidence."""
    from codeassist import verifying

    grown = evidence.complexity

    def growth(claim: Claim, part: str) -> Growth | None:
        """What was counted of the function being explained."""
        own = claim.fields.get("func") == evidence.function.qualname
        return getattr(grown, part) if grown is not None and own else None

    def recognised(claim: Claim) -> Recognition | None:
        """What the function being explained was recognised as."""
        return evidence.recognition if claim.fields.get("func") == evidence.function.qualname else None

    oracles: dict[str, Callable[..., Any]] = {"complexity": growth, "algorithm": recognised}
    return verifying.judge(answer.claims, evidence.runs, opened.by_path(), oracles=oracles)


def _explanation(
    module: Module,
    function: Function,
    evidence: Evidence,
    answer: Answer,
    verdicts: list[Verdict],
    settled: Any,
) -> Explanation:
    pairs = zip(answer.claims, verdicts, strict=True)
    span = function.span
    return Explanation(
        function=function.id,
        line=span.line,
        signature=f"{function.id.qualname}({', '.join(p.name for p in function.parameters)})",
        summary=settled.summary,
        sections=settled.sections,
        annotations=settled.annotations,
        claims=tuple((claim, verdict) for claim, verdict in pairs if verdict.status != "refuted"),
        source=tuple(
            SourceLine(n, module.source.lines[n - 1], evidence.line_counts.get(n))
            for n in range(span.line, span.end_line + 1)
        ),
        inputs=tuple(
            Input(case.call or _test_of(evidence, case.run), case.origin) for case in evidence.cases
        ),
        limits=evidence.limits,
        complexity=_complexity(evidence.complexity),
        algorithm=_algorithm(evidence),
        is_static=not evidence.runs,
    )


def _test_of(evidence: Evidence, run: int) -> str:
    """The node of the test that a run without a call of its own executes."""
    return str(evidence.runs[run].header.run.test) if run < len(evidence.runs) else ""


def _complexity(found: Complexity | None) -> dict[str, Any] | None:
    if found is None or not found.call.cls:
        return None
    return {
        "class": found.call.cls,
        "in": found.call.size,
        "core": _growth(found.core),
        "call": _growth(found.call),
        "points": [list(point) for point in found.call.points],
    }


def _growth(growth: Growth) -> dict[str, Any]:
    return {"class": growth.cls, "in": growth.size}


def _algorithm(evidence: Evidence) -> dict[str, Any] | None:
    found = evidence.recognition
    if found is None:
        return None
    candidates = [{"name": n, "family": f, "confidence": c} for n, f, c in found.candidates]
    return {
        "name": found.name or None,
        "family": found.family or None,
        "confidence": found.confidence,
        "because": found.because,
        "candidates": candidates,
        "aliases": list(found.aliases),
    }


def _report(
    texts: Sequence[str],
    jobs: Sequence[Job],
    done: list[Explanation],
    graph: CallGraph,
    notices: list[Notice],
    opened: Session,
    interrupted: bool,
) -> Report:
    modules = list(opened.by_path().values())
    found = None
    if any("::" not in text for text in texts) and len(jobs) > 1:
        title = texts[0] if len(texts) == 1 else f"{len(modules)} files"
        from codeassist.narrating import overview as glance

        found = glance.overview(title, modules, jobs, done, graph)
        heavy = glance.weights([function for _, function in jobs], graph)
        done = [replace(e, weight=heavy.get(str(e.function), 0.0)) for e in done]
    return Report(tuple(done), found, tuple(notices), interrupted, opened.settings["lang"])


class _Memory:
    """Explanations made before, by everything that they depend on."""

    FILES = 5000
    """a project with more files is not remembered: looking at each would take longer than it saves"""

    def __init__(self, opened: Session, options: ExplainOptions, asked: Asker) -> None:
        self.opened, self.options, self.asked = opened, options, asked
        self.cache = Cache(opened.settings["cache_dir"]) if opened.settings["cache"] else None
        self.base = self._base() if self.cache else ""

    def recall(self, module: Module, function: Function) -> Explanation | None:
        """The explanation made before of the same function in the same surroundings."""
        document = self.cache.get(self._key(module, function)) if self.cache and self.base else None
        if document is None:
            return None
        try:
            found = from_json(document)
        except (KeyError, TypeError, ValueError, RecursionError):
            return None
        return found if isinstance(found, Explanation) else None

    def keep(self, explanation: Explanation) -> Explanation:
        """Remember it and hand it on."""
        if self.cache and self.base and not self.asked.faults:
            self.cache.put(digest([self.base, str(explanation.function)]), to_json(explanation))
        return explanation

    def _key(self, module: Module, function: Function) -> str:
        return digest([self.base, str(function.id)])

    def _base(self) -> str:
        """Digest of version, settings, texts, interpreter and the files of the projects; "" for too many."""
        settings = {
            n: v for n, v in self.opened.settings.values.items() if n not in ("jobs", "cluster", "cache")
        }
        modules = self.opened.by_path()
        roots = {project_root(path) for path in modules}
        files = [entry for root in sorted(roots) for entry in _files(root, self.FILES)]
        if len(files) > self.FILES:
            return ""
        texts = [f"{path} {module.source.digest}" for path, module in sorted(modules.items())]
        return digest(
            [
                __version__,
                repr(settings),
                repr(self.options),
                self._interpreter(),
                self.asked.identity(),
                *texts,
                *files,
            ]
        )

    def _interpreter(self) -> str:
        from codeassist.tracing.interpreters import choose

        if not self.options.run:
            return ""
        root = project_root(next(iter(self.opened.by_path()), "."))
        found = choose(root, asked=self.opened.settings["python"] or None, trusted=self.opened.trusted)
        folder = Path(found.path).parent.parent / "lib"
        places = [folder, *folder.glob("python*/site-packages")]
        return f"{found.path} {[place.stat().st_mtime_ns for place in places if place.exists()]}"


def _files(root: str, most: int) -> list[str]:
    """Path, size and time of every file of a project, as far as `most`."""
    found: list[str] = []
    for base, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in naming.SKIPPED)
        for name in sorted(names):
            try:
                status = os.stat(os.path.join(base, name))
            except OSError:
                continue
            found.append(f"{base}/{name} {status.st_size} {status.st_mtime_ns}")
        if len(found) > most:
            break
    return found
