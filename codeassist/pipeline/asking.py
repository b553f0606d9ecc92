"""`ask`, in the hall: a question -> what it asks for -> the evidence -> an answer whose claims are judged."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from codeassist import targets as naming
from codeassist.pipeline import explaining, recording
from codeassist.pipeline.answering import Asker, Question, asker
from codeassist.pipeline.placing import Placer
from codeassist.records.answer import REFUTED, VERIFIED, Answer, Claim, Section, Sentence, Verdict
from codeassist.records.conversation import Reply, Turn
from codeassist.records.errors import CodeassistError, UsageError
from codeassist.records.evidence import Evidence
from codeassist.records.found import Found, Match
from codeassist.records.program import CallGraph, Function, Module
from codeassist.records.prompt import Prompt
from codeassist.records.report import SettledSection
from codeassist.records.trace import Trace
from codeassist.records.values import literal

if TYPE_CHECKING:
    from codeassist.pipeline.session import Session
    from codeassist.replying import Composer, Inquiry, Known

LONGEST = 4000
"""characters of a question"""
OTHERS = 3
"""further functions of a file that are tried when a question does not say which it means"""
HISTORY = 1200
"""tokens of earlier turns that a model is told"""


@dataclass(frozen=True, slots=True)
class AskOptions:
    """What `ask` and `chat` were asked for beside target and settings."""

    call: str = ""
    from_test: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """An answer with its verdicts, before it is shown."""

    answer: Answer
    verdicts: list[Verdict]
    answered: bool = True
    understood: str = ""
    run: str = ""
    found: Found | None = None


@dataclass(slots=True)
class Desk:
    """One target and what is known of it; runs are made when a question first needs them."""

    text: str
    opened: Session
    options: AskOptions = AskOptions()
    module: Module | None = None
    """None for a saved trace"""
    function: Function | None = None
    _traces: dict[str, Trace] = field(default_factory=dict)
    _known: dict[str, tuple[Prompt, Evidence, list[Verdict]]] = field(default_factory=dict)
    _graph: CallGraph | None = None
    _asker: Asker | None = None

    # what the target is

    def functions(self) -> list[Function]:
        """The functions of the target's file, those in a saved trace's files."""
        modules = [self.module] if self.module else list(self.opened.by_path().values())
        return [f for m in modules for f in m.functions if f.kind not in ("module", "class", "lambda")]

    def known(self) -> Known:
        """Names that a question may use."""
        from codeassist.replying import Known

        functions = {f.id.qualname for m in self.opened.by_path().values() for f in m.functions}
        own = [self.function] if self.function else self.functions()
        modules = [self.module] if self.module else list(self.opened.by_path().values())
        bound = {name for m in modules for s in m.statements for name in (*s.writes, *s.reads)}
        parameters = {p.name for f in own for p in f.parameters}
        every = {p.name for f in self.functions() for p in f.parameters}
        return Known({*bound, *every}, functions - {"<module>"}, parameters)

    def focus(self, question: str) -> None:
        """Choose the function that a question is about, where the target leaves it open."""
        if self.module is None or naming.split(self.text)[1]:
            return
        chosen = _focused(question, self.module, self.options.call)
        self.function = chosen or self.function

    # what was run

    def trace(self, call: str = "") -> Trace:
        """The run that questions are about, or one of `call`."""
        call = call or self.options.call
        key = call or (self.function.id.qualname if self.function else "")
        if key not in self._traces:
            options = recording.TraceOptions(call, "" if call else self.options.from_test)
            found = recording.recorded(self._place(), self.opened, options)
            recording.facts(found, self.opened)
            self._traces[key] = found
        return self._traces[key]

    def _place(self) -> str:
        if self.function is None or self.module is None:
            return self.text
        return f"{naming.split(self.text)[0]}::{self.function.id.qualname}"

    def evidence(self) -> tuple[Prompt, Evidence, list[Verdict]]:
        """What `explain` knows of the function: its prompt, its evidence, the verdicts of the baseline."""
        if self.module is None or self.function is None:
            raise UsageError(f"{self.text}: name a function for that", hint="write file.py::function")
        key = self.function.id.qualname
        if key not in self._known:
            from codeassist.pipeline.session import ExplainOptions

            calls = (self.options.call,) if self.options.call else ()
            options = ExplainOptions(calls=calls, from_test=self.options.from_test, alone=False)
            self._known[key] = explaining.prepared(
                self.module, self.function, self.graph(), self.opened, options
            )
        return self._known[key]

    def graph(self) -> CallGraph:
        """The call graph of the target and of what it imports."""
        if self._graph is None:
            from codeassist.pipeline import graphing

            path = naming.split(self.text)[0]
            is_file = path != "-" and self.module is not None
            self._graph = (
                graphing.graph([path], graphing.GraphOptions()) if is_file else explaining.solve(self.opened)
            )
        return self._graph

    def asker(self) -> Asker:
        """The backend of the settings."""
        if self._asker is None:
            self._asker = asker(self.opened)
        return self._asker

    def use(self, asker: Asker | None) -> None:
        """Ask another backend from now on; None: the one that the settings name."""
        self._asker = asker

    def judged(self, answer: Answer, traces: Sequence[Trace]) -> list[Verdict]:
        """The verdict of each claim of an answer against these runs."""
        from codeassist import verifying

        return verifying.judge(answer.claims, list(traces), self.opened.by_path())


def open_desk(text: str, opened: Session, options: AskOptions) -> Desk:
    """The desk of a target: a file, a function, or a saved trace."""
    if recording.is_saved(text):
        desk = Desk(text, opened, options)
        desk.trace()
        return desk
    found = naming.resolve([text])
    for target in found:
        if len(found) == 1:
            opened.parse(target)
        else:
            with contextlib.suppress(CodeassistError):
                opened.parse(target)
    qualname = found[0].qualname
    module = opened.parse(found[0]) if len(found) == 1 else None
    if module is None:
        return _folder_desk(text, opened, options)
    from codeassist import parsing

    function = parsing.find(module, qualname) if qualname else None
    if function is not None and function.kind == "class":
        function = next((f for f in module.functions if f.parent == qualname), None)
    desk = Desk(text, opened, options, module, function)
    desk.focus("")
    return desk


def _folder_desk(text: str, opened: Session, options: AskOptions) -> Desk:
    """A folder: questions about calls are answered from all files, others by the file they name."""
    return Desk(text, opened, options)


def _focused(question: str, module: Module, call: str) -> Function | None:
    """The function that a question names, that a call calls, or by whose variables it can be told."""
    own = [f for f in module.functions if explaining.is_explained(module, f)]
    words = set(naming_words(question))
    called = call.partition("(")[0].strip()
    named = [f for f in own if f.name in words or f.id.qualname in words]
    if called:
        named = [f for f in own if called in (f.name, f.id.qualname)] or named
    if len(named) == 1 or named and len({f.id.qualname for f in named}) == 1:
        return named[0]
    scored = [(len(words & _variables(module, f)), f) for f in own]
    best = max((score for score, _ in scored), default=0)
    top = [f for score, f in scored if score == best]
    if best and len(top) == 1:
        return top[0]
    candidates = top if best else own
    outer = _outermost(candidates, module)
    return max(outer, key=lambda f: (">>>" in f.docstring, len(f.body_lines)), default=None)


def _outermost(functions: Sequence[Function], module: Module) -> list[Function]:
    """Those that no other function of the file calls; all of them where each is called."""
    called = {
        site.callee.rpartition(".")[2]
        for site in module.call_sites
        if site.function not in ("<module>", site.callee.rpartition(".")[2])
    }
    return [f for f in functions if f.name not in called] or list(functions)


def _variables(module: Module, function: Function) -> set[str]:
    names = {p.name for p in function.parameters}
    for statement in module.statements:
        if statement.function == function.id.qualname:
            names |= {*statement.writes, *statement.reads}
    return names


def naming_words(text: str) -> list[str]:
    """Identifiers in a text, dotted ones whole and in parts."""
    import re

    found = re.findall(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*", text)
    return [*found, *(part for word in found for part in word.split("."))]


def ask(question: str, desk: Desk, earlier: Sequence[Turn] = (), task: str = "ask") -> tuple[Reply, Answer]:
    """The answer to one question, and the Answer behind it; what the evidence cannot say, it says."""
    text = " ".join(question.split())
    if not text:
        raise UsageError("an empty question", hint="ask, for instance, 'why is the result -1?'")
    if len(text) > LONGEST:
        raise UsageError(f"a question may have {LONGEST} characters")
    desk.focus(text)
    told = _local(text, desk)
    asked = desk.asker()
    if asked.settings["backend"] != "offline":
        return _with_model(text, desk, told, asked, earlier, task)
    return reply(text, desk, told), told.answer


def reply(question: str, desk: Desk, told: Told, backend: str = "offline") -> Reply:
    """What a reader sees of an answer."""
    from codeassist import verifying

    settled = verifying.settle(told.answer, told.verdicts)
    shown = {id for section in settled.sections for s in section.sentences for id in s.claims}
    shown |= {id for section in settled.sections for t in section.tables for row in t.claims for id in row}
    return Reply(
        question,
        settled.sections,
        tuple((c, v) for c, v in settled.claims if c.id in shown),
        told.answered,
        told.understood,
        desk.function.id.qualname if desk.function else "",
        told.run,
        backend,
        told.found.matches if told.found else (),
        told.found.count if told.found else 0,
    )


# --- from the evidence alone -------------------------------------------------------------------------


def _local(question: str, desk: Desk) -> Told:
    from codeassist import replying

    inquiry = replying.understand(question, desk.known())
    _aim(inquiry, desk)
    return _ANSWERS.get(inquiry.kind, _unknown)(inquiry, desk)


def _aim(inquiry: Inquiry, desk: Desk) -> None:
    """Where the target is a file: take the function that holds a line, or that calls what is asked about."""
    if desk.module is None or naming.split(desk.text)[1] or desk.options.call:
        return
    own = [f for f in desk.module.functions if explaining.is_explained(desk.module, f)]
    if inquiry.line:
        holding = [f for f in own if f.span.line <= inquiry.line <= f.span.end_line]
        desk.function = holding[-1] if holding else desk.function
    is_about_calls = inquiry.kind == "callers" or inquiry.query.startswith("count calls")
    if is_about_calls and inquiry.name:
        desk.function = _root_caller(inquiry.name, own, desk) or desk.function


def _root_caller(name: str, own: Sequence[Function], desk: Desk) -> Function | None:
    """A function from which `name` is reached and that no other function calls."""
    from codeassist import callgraph

    graph = desk.graph()
    try:
        reaching = callgraph.select(graph, root=name, callers=True).functions.values()
    except UsageError:
        return None
    candidates = [f for f in own if f.id in set(reaching)]
    return next(iter(_outermost(candidates, desk.module)), None) if desk.module else None


def _composer(desk: Desk, scope: Any = None) -> Composer:
    from codeassist.replying import Composer

    return Composer(desk.opened.settings["lang"], scope=scope)


def _query(inquiry: Inquiry, desk: Desk) -> Told:
    trace = desk.trace()
    asked = inquiry.query
    if asked == "max depth" and desk.function is not None:
        asked = f"max depth of {desk.function.id.qualname}"
    found = query(trace, desk, asked)
    placer = Placer(trace)
    if inquiry.query.startswith("count line"):
        return _counted_line(inquiry, desk, trace, found)
    if inquiry.query.startswith("count calls"):
        return _numbers(desk, trace, found, "calls", _called(inquiry.name, trace))
    if inquiry.query == "max depth":
        return _numbers(desk, trace, found, "depth", _deepest(found))
    composer = _composer(desk)
    if inquiry.query.startswith("when "):
        answer = composer.changes(inquiry, found, placer.places(found.matches))
    elif inquiry.expr and found.matches:
        shown = found.matches[: 12 if inquiry.query.startswith("every") else 1]
        answer = composer.holds(inquiry, found, placer.places(found.matches), _states(trace, desk, shown))
    elif inquiry.expr:
        places = placer.places(_changing(inquiry.expr, trace, desk))
        is_bound = not any("never bound" in note for note in found.notes)
        answer = composer.never(inquiry, places.values(), trace.header.complete, is_bound)
    else:
        return _told(desk, composer.answer(()), trace, inquiry.query, found)
    return _fallen(_told(desk, answer, trace, inquiry.query, found), composer)


def _fallen(told: Told, composer: Composer) -> Told:
    """Without claims that do not stand: a run's own step is a fact also where no rule can look at it."""
    doubtful = {v.id for v in told.verdicts if v.status != VERIFIED}
    if not doubtful:
        return told
    sections = tuple(_without(section, doubtful) for section in told.answer.sections)
    return replace(told, answer=replace(told.answer, sections=sections))


def _without(section: Section, doubtful: set[str]) -> Section:
    """The section with sentences whose doubtful claims are not in a slot standing as facts of the run."""
    told = []
    for sentence in section.sentences:
        bad = [c for c in sentence.claims if c in doubtful]
        kept = tuple(c for c in sentence.claims if c not in doubtful)
        is_slotted = any(f"{{{c}." in sentence.text for c in bad)
        told.append(sentence if not bad or is_slotted else replace(sentence, claims=kept, fact="run"))
    return replace(section, sentences=tuple(told))


def query(trace: Trace, desk: Desk, question: str) -> Found:
    """A question of docs/query.md to one run."""
    from codeassist.tracing.query import query as put

    return put(trace, question, recording.evaluator(), lambda: recording.facts(trace, desk.opened))


def _states(trace: Trace, desk: Desk, matches: Iterable[Match]) -> dict[int, Sequence[tuple[str, str]]]:
    """Variables after each step, as literal text."""
    found: dict[int, Sequence[tuple[str, str]]] = {}
    for match in matches:
        with contextlib.suppress(CodeassistError):
            at = query(trace, desk, f"at step {match.step}").matches
            found[match.step] = at[0].parts if at else ()
    return found


def _changing(expr: str, trace: Trace, desk: Desk) -> list[Match]:
    """Steps that change a variable of an expression."""
    from codeassist.replying.composing import words

    found: list[Match] = []
    bound = {name for m in desk.opened.by_path().values() for s in m.statements for name in s.writes}
    for name in sorted(words(expr) & {*bound, *desk.known().parameters}):
        with contextlib.suppress(CodeassistError):
            found += query(trace, desk, f"when {name} changes").matches
    return found


def _counted_line(inquiry: Inquiry, desk: Desk, trace: Trace, found: Found) -> Told:
    """How often a line ran: a claim needs the function that holds it, and one activation of it."""
    name = _holder(desk, trace, inquiry.line)
    composer = _composer(desk)
    calls = _activations(trace, name) if name else 0
    if calls == 1:
        answer = composer.counted("line", name, found.count, inquiry.line)
    else:
        said = composer.text("reply.executes", line=inquiry.line, count=found.count, times=found.count)
        answer = composer.answer([Sentence(said, fact="run")])
    return _told(desk, answer, trace, inquiry.query, found)


def _holder(desk: Desk, trace: Trace, line: int) -> str:
    """The function whose body holds a line of the traced file."""
    module = desk.opened.by_path().get(trace.header.run.path)
    if module is None:
        return ""
    own = [f for f in module.functions if f.kind not in ("class", "module")]
    inside = [f for f in own if f.span.line <= line <= f.span.end_line]
    return max(inside, key=lambda f: f.span.line).id.qualname if inside else ""


def _activations(trace: Trace, qualname: str) -> int:
    if trace.reader is None:
        return 0
    return sum(a.function.qualname == qualname for a in trace.reader.activations())


def _called(name: str, trace: Trace) -> str:
    """The qualified name under which a function was called in a run."""
    names = {a.function.qualname for a in trace.reader.activations()} if trace.reader else set()
    return next((q for q in sorted(names) if name in (q, q.rpartition(".")[2])), name)


def _deepest(found: Found) -> str:
    return found.matches[0].function if found.matches else ""


def _numbers(desk: Desk, trace: Trace, found: Found, kind: str, name: str) -> Told:
    number = found.count
    if kind == "depth":
        number = int(found.matches[0].value or 0) if found.matches else 0
    answer = _composer(desk).counted(kind, name, number)
    told = _told(desk, answer, trace, found.question, found)
    if any(v.status != VERIFIED for v in told.verdicts):  # a function that the run never entered, say
        composer = _composer(desk)
        key = "reply.called" if kind == "calls" else "reply.depth"
        said = composer.text(key, func=name, count=number, times=number, levels=number)
        return _told(desk, composer.answer([Sentence(said, fact="run")]), trace, found.question, found)
    return told


def _why(inquiry: Inquiry, desk: Desk) -> Told:
    """Where a value was born, in a run in which it is that value."""
    trace, scope, traces = desk.trace(), None, None
    if inquiry.expr == "result" and not _gives(trace, inquiry):
        other = _elsewhere(inquiry, desk) or _elsewhere_in_file(inquiry, desk)
        if other is None:
            actual = _outcome_text(trace)
            said = _composer(desk).unknown("reply.other_value", actual=actual, value=inquiry.value)
            return replace(_told(desk, said, trace), answered=False)
        trace, scope, traces = other
    question = inquiry.query
    if inquiry.expr != "result" and inquiry.value:
        steps = query(trace, desk, f"every {inquiry.expr} == {inquiry.value}").matches
        if not steps:
            said = _composer(desk).unknown("reply.value_elsewhere", expr=inquiry.expr, value=inquiry.value)
            return replace(_told(desk, said, trace), answered=False)
        question = f"why {inquiry.expr} at step {steps[-1].step}"
    found = query(trace, desk, question)
    composer = _composer(desk, scope)
    placer = Placer(trace)
    sources = _sources(found.matches, desk)
    raised = trace.header.outcome.exception
    exception = raised.cls if raised is not None else ""
    answer = composer.chain(inquiry, found, placer.places(found.matches), sources, exception)
    told = Told(answer, desk.judged(answer, traces or [trace]), True, question, _run_of(trace), found)
    return _fallen(told, composer)


def _gives(trace: Trace, inquiry: Inquiry) -> bool:
    """Whether a run ended as a question says."""
    outcome = trace.header.outcome
    if inquiry.raises:
        if outcome.kind != "raised" or outcome.exception is None:
            return False
        return inquiry.value in ("", outcome.exception.cls, outcome.exception.cls.rpartition(".")[2])
    if not inquiry.value:
        return True
    return outcome.kind == "returned" and _same(literal(outcome.result), inquiry.value)


def _same(first: str, second: str) -> bool:
    """Whether two literal texts are the same value, types and all."""
    import ast

    try:
        one, two = ast.literal_eval(first), ast.literal_eval(second)
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        return first == second
    return type(one) is type(two) and repr(one) == repr(two) or one == two


def _elsewhere(inquiry: Inquiry, desk: Desk) -> tuple[Trace, Any, list[Trace]] | None:
    """Another run of the evidence that ended as a question says, with the scope of claims about it."""
    if desk.module is None or desk.options.call or desk.options.from_test:
        return None
    _, evidence, _ = desk.evidence()
    for number, trace in enumerate(evidence.runs):
        if trace.reader is not None and _gives(trace, inquiry):
            return trace, ({"run": number} if number else None), list(evidence.runs)
    return None


def _elsewhere_in_file(inquiry: Inquiry, desk: Desk) -> tuple[Trace, Any, list[Trace]] | None:
    """As `_elsewhere`, of the file's other functions that nothing calls; the desk then speaks of that one."""
    if desk.module is None or naming.split(desk.text)[1] or desk.options.call:
        return None
    own = [f for f in desk.module.functions if explaining.is_explained(desk.module, f)]
    before = desk.function
    for function in [f for f in _outermost(own, desk.module) if f != before][:OTHERS]:
        desk.function = function
        with contextlib.suppress(CodeassistError):
            found = _elsewhere(inquiry, desk)
            if found is not None:
                return found
    desk.function = before
    return None


def _outcome_text(trace: Trace) -> str:
    outcome = trace.header.outcome
    if outcome.kind == "returned":
        return literal(outcome.result, 60)
    return outcome.exception.cls if outcome.exception else outcome.kind


def _sources(matches: Sequence[Match], desk: Desk) -> dict[int, str]:
    """The source line of each match, without its indentation."""
    modules = desk.opened.by_path()
    found = {}
    for match in matches:
        lines = modules[match.path].source.lines if match.path in modules else ()
        found[match.step] = lines[match.line - 1].strip() if 0 < match.line <= len(lines) else ""
    return found


def _callers(inquiry: Inquiry, desk: Desk) -> Told:
    from codeassist import callgraph

    graph = desk.graph()
    composer = _composer(desk)
    try:
        name = callgraph.resolve(graph, inquiry.name)
    except UsageError:
        return _no_function(inquiry.name, desk)
    called = graph.functions[name].qualname
    callers = sorted({edge.caller for edge in graph.edges if edge.callee == name})
    trace = _quietly(desk)
    rows = [
        (
            caller,
            _qualname(graph, caller),
            _lines(graph, caller, name, desk),
            _seen(trace, graph, caller, called),
        )
        for caller in callers
    ]
    answer = composer.callers(called, rows)
    return _told(desk, answer, trace, f"graph --callers --root {inquiry.name}")


def _callees(inquiry: Inquiry, desk: Desk) -> Told:
    from codeassist import callgraph

    graph = desk.graph()
    asked = inquiry.name or (desk.function.id.qualname if desk.function else "")
    try:
        name = callgraph.resolve(graph, asked)
    except UsageError:
        return _no_function(asked, desk)
    callees = sorted({e.callee for e in graph.edges if e.caller == name})
    rows = [(callee.removeprefix("<builtin>."), _lines(graph, name, callee, desk)) for callee in callees]
    answer = _composer(desk).callees(graph.functions[name].qualname, rows)
    return _told(desk, answer, None, f"graph --root {asked}")


def _no_function(name: str, desk: Desk) -> Told:
    said = _composer(desk).unknown("reply.no_function", name=name)
    return replace(_told(desk, said, None), answered=False)


def _qualname(graph: CallGraph, name: str) -> str:
    return graph.functions[name].qualname if name in graph.functions else ""


def _lines(graph: CallGraph, caller: str, callee: str, desk: Desk) -> list[int]:
    """Lines at which `caller` calls `callee`: those of the edges, and further sites with the same text."""
    edges = [e for e in graph.edges if e.caller == caller and e.callee == callee]
    lines = {edge.line for edge in edges}
    function = graph.functions.get(caller)
    module = desk.opened.by_path().get(function.path) if function else None
    tail = callee.rpartition(".")[2]
    if module is not None and function is not None:
        own = [site for site in module.call_sites if site.function == function.qualname]
        lines |= {site.span.line for site in own if site.callee.rpartition(".")[2] == tail}
    return sorted(line for line in lines if line)


def _quietly(desk: Desk) -> Trace | None:
    """The run, where there is one without further ado."""
    try:
        return desk.trace() if desk.function is not None or desk.module is None else None
    except CodeassistError:
        return None


def _seen(trace: Trace | None, graph: CallGraph, caller: str, called: str) -> int:
    """How often one function called another in a run."""
    own = graph.functions.get(caller)
    if trace is None or trace.reader is None or own is None:
        return 0
    activations = trace.reader.activations()
    return sum(
        a.function.qualname == called
        and a.parent is not None
        and activations[a.parent].function.qualname == own.qualname
        for a in activations
    )


def _result(inquiry: Inquiry, desk: Desk) -> Told:
    """What a call gives: one that the question names is run."""
    call = inquiry.call
    if call.startswith("(") and desk.function is not None:
        call = f"{desk.function.id.qualname}{call}"
    trace = desk.trace(call)
    if trace.reader is None or not trace.reader.activations():
        return _unknown(inquiry, desk)
    root = trace.reader.activations()[0].function.qualname
    outcome = trace.header.outcome
    value = literal(outcome.result) if outcome.kind == "returned" else ""
    if outcome.exception is not None:
        value = outcome.exception.cls
    shown = call or trace.header.run.call or _run_of(trace)
    composer = _composer(desk)
    answer = composer.outcome(root, shown, outcome.kind, value)
    return _fallen(_told(desk, answer, trace, "why result"), composer)


def _section(inquiry: Inquiry, desk: Desk) -> Told:
    """A part of the explanation, as `explain` has it."""
    if inquiry.name == "purpose" and inquiry.expr and desk.module is not None:
        from codeassist import parsing

        desk.function = parsing.find(desk.module, inquiry.expr)
    prompt, evidence, verdicts = desk.evidence()
    sections = [s for s in prompt.baseline.sections if s.id == inquiry.name]
    if inquiry.name == "variables" and inquiry.expr:
        sections = [_rows_about(section, inquiry.expr) for section in sections]
    if inquiry.name == "purpose":
        told = (prompt.baseline.summary, *(s for x in sections for s in x.sentences))
        first = Section("purpose", "", tuple({s.text: s for s in reversed(told)}.values())[::-1])
        sections = [first]
    sections = [s for s in sections if s.sentences or s.tables]
    if not sections and inquiry.name == "variables" and inquiry.expr:
        return _query(replace(inquiry, kind="query", query=f"when {inquiry.expr} changes"), desk)
    if not sections:
        said = _composer(desk).unknown("reply.no_section")
        return replace(_told(desk, said, None), answered=False)
    answer = replace(prompt.baseline, summary=Sentence(""), sections=tuple(sections), annotations=())
    run = _run_of(evidence.runs[0]) if evidence.runs else ""
    return Told(answer, verdicts, True, f"explain: {inquiry.name}", run)


def _rows_about(section: Section, name: str) -> Section:
    """The sentences and rows that name a variable."""
    from codeassist.replying.composing import words

    tables = []
    for table in section.tables:
        kept = [n for n, row in enumerate(table.rows) if any(name in words(cell) for cell in row[:1])]
        rows = tuple(table.rows[n] for n in kept)
        claims = tuple(table.claims[n] for n in kept if n < len(table.claims))
        if rows:
            tables.append(replace(table, rows=rows, claims=claims))
    sentences = tuple(s for s in section.sentences if name in words(s.text))
    return replace(section, sentences=sentences, tables=tuple(tables))


def _mutates(inquiry: Inquiry, desk: Desk) -> Told:
    trace = desk.trace()
    name = desk.function.id.qualname if desk.function else ""
    composer = _composer(desk)
    for answer in composer.mutates(name, inquiry.expr):
        told = _told(desk, answer, trace, f"mutates {inquiry.expr}")
        if all(v.status == VERIFIED for v in told.verdicts):
            return told
    return _unknown(inquiry, desk)


def _reached(inquiry: Inquiry, desk: Desk) -> Told:
    trace = desk.trace()
    found = query(trace, desk, f"count line {inquiry.line}")
    return _counted_line(replace(inquiry, query=f"count line {inquiry.line}"), desk, trace, found)


def _unknown(inquiry: Inquiry, desk: Desk) -> Told:
    from codeassist.messages import catalogue

    text = catalogue(desk.opened.settings["lang"])
    said = _composer(desk).unknown("reply.cannot", examples=text.listing(examples(desk), "or"))
    return replace(_told(desk, said, None), answered=False)


def examples(desk: Desk) -> list[str]:
    """Questions that the evidence of this target answers."""
    function = desk.function
    name = function.id.qualname if function else "main"
    found = [f"“who calls {name}?”", "“why result”"]
    known = _variables(desk.module, function) if desk.module and function else set()
    own = [s for s in (desk.module.statements if desk.module else ()) if function and s.function == name]
    written = [w for s in own for w in s.writes if w in known]
    if written:
        found.insert(0, f"“when does {written[0]} change?”")
    loops = [s.test for s in own if s.kind == "while" and s.test]
    if loops:
        found.insert(0, f"“when does {loops[0]} hold?”")
    return found[:4]


_ANSWERS = {
    "query": _query,
    "why": _why,
    "callers": _callers,
    "callees": _callees,
    "result": _result,
    "section": _section,
    "mutates": _mutates,
    "reached": _reached,
}


def _told(
    desk: Desk, answer: Answer, trace: Trace | None, understood: str = "", found: Found | None = None
) -> Told:
    verdicts = desk.judged(answer, [trace] if trace is not None else [])
    return Told(answer, verdicts, True, understood, _run_of(trace) if trace else "", found)


def _run_of(trace: Trace) -> str:
    """The run as a reader knows it."""
    run = trace.header.run
    said = run.call or run.test or " ".join(run.argv or ()) or run.path.rpartition("/")[2]
    return f"{said} ({run.origin})" if run.origin else said


# --- with a model ------------------------------------------------------------------------------------


def _with_model(
    question: str, desk: Desk, told: Told, asked: Asker, earlier: Sequence[Turn], task: str
) -> tuple[Reply, Answer]:
    """The model's answer over the evidence's own, as far as its claims hold."""
    made = made_prompt(question, desk, told, earlier, task)
    if made is None:
        return reply(question, desk, told), told.answer
    answer, verdicts = asked.ask(made)
    shown = replace(
        answer, sections=tuple(s for s in answer.sections if s.id == "answer" or not told.answered)
    )
    is_new = any(
        s.id == "answer" and s != o for s, o in zip(answer.sections, told.answer.sections, strict=False)
    )
    found = replace(told, answer=shown, verdicts=verdicts, answered=told.answered or is_new)
    return reply(question, desk, found, answer.backend), shown


def made_prompt(question: str, desk: Desk, told: Told, earlier: Sequence[Turn], task: str) -> Question | None:
    """The prompt of a question with all that is needed to judge the answer."""
    from codeassist import prompting, verifying

    if desk.module is None or desk.function is None:
        return None
    known, evidence, verdicts = desk.evidence()
    lang = desk.opened.settings["lang"]
    facts = [c for c, v in zip(known.baseline.claims, verdicts, strict=True) if v.status == VERIFIED]
    own = [(c, v) for c, v in zip(told.answer.claims, told.verdicts, strict=True) if v.status != REFUTED]
    fresh = [(c, v) for c, v in own if c.id not in {fact.id for fact in facts}]
    by_id: Mapping[str, Verdict] = {c.id: v for c, v in zip(known.baseline.claims, verdicts, strict=True)}
    section = Section("answer", "", tuple(s for x in told.answer.sections for s in x.sentences))
    tables = tuple(t for x in told.answer.sections for t in x.tables)
    baseline = Answer(Sentence(""), (replace(section, tables=tables),), (), (*facts, *(c for c, _ in fresh)))
    judged = [*(by_id[fact.id] for fact in facts), *(v for _, v in fresh)]
    room, count = desk.asker().room()
    prompt = prompting.build(
        task,
        desk.module,
        desk.function,
        baseline,
        [*(c for c, v in fresh if v.status == VERIFIED), *facts],
        explaining.neighbours(desk.function, desk.graph(), desk.opened),
        lang=lang,
        question=question,
        override=desk.opened.settings["prompts"],
        phrases=verifying.examples(lang),
        history=history(earlier),
        budget=room,
        count=count,
    )

    def judge(claims: Sequence[Claim]) -> list[Verdict]:
        return explaining.judged(replace(baseline, claims=tuple(claims)), evidence, desk.opened)

    return Question(prompt, desk.function.id, desk.module.source.text, judged, judge, ("answer",))


def preview(question: str, desk: Desk, as_body: bool) -> Iterator[str]:
    """What a model would be told of a question, or the exact body of the request; nothing is sent."""
    desk.focus(question)
    made = made_prompt(question, desk, _local(question, desk), (), "ask")
    if made is None:
        raise UsageError(f"{desk.text}: name a function for that", hint="write file.py::function")
    asked = desk.asker()
    if as_body:
        yield from asked.preview(made.prompt)
    else:
        told = asked.safe(made.prompt, always=True).messages
        yield "".join(f"[{message.role}]\n{message.text}\n" for message in told)
    desk.opened.told += asked.told()


def history(turns: Sequence[Turn]) -> list[tuple[str, str]]:
    """Question and answer of earlier turns, the latest that the budget holds, in order."""
    kept: list[tuple[str, str]] = []
    left = HISTORY * 4
    for turn in reversed(turns):
        text = turn.reply.text if turn.reply else ""
        left -= len(turn.question) + len(text)
        if left < 0:
            break
        kept.append((turn.question, text))
    return kept[::-1]


def sections_of(found: Reply) -> tuple[SettledSection, ...]:
    """The sections of a reply that say something."""
    return tuple(s for s in found.sections if s.sentences or s.tables)
