"""Structure: who calls it, whom it calls, and its flow as a small chart."""

from __future__ import annotations

from codeassist.narrating.cells import cut
from codeassist.narrating.flowchart import flowchart
from codeassist.narrating.subject import Subject, code
from codeassist.records.answer import Section, Sentence, Table
from codeassist.records.program import CallGraph

MOST = 6


def section(subject: Subject) -> Section | None:
    """Callers and callees by name, recursion, and a flowchart where the flow branches."""
    sentences = _calls(subject) if subject.graph is not None else []
    chart = flowchart(subject.body, subject.walk, subject.text)
    tables = [Table(("mermaid",), ((chart,),))] if chart else []
    return subject.section("structure", sentences, tables) if sentences or tables else None


def _calls(subject: Subject) -> list[Sentence]:
    graph = subject.graph
    name = _graph_name(subject, graph) if graph else ""
    if graph is None or not name:
        return []
    callees = _short(
        [edge.callee for edge in graph.edges if edge.caller == name and edge.callee != name], name
    )
    callers = _short(
        [edge.caller for edge in graph.edges if edge.callee == name and edge.caller != name], name
    )
    found = []
    if any(edge.caller == edge.callee == name for edge in graph.edges):
        found.append(Sentence(subject.text("structure.recursive"), fact="graph"))
    if callees:
        found.append(Sentence(subject.text("structure.calls", names=_named(subject, callees)), fact="graph"))
    if callers:
        found.append(Sentence(subject.text("structure.called", names=_named(subject, callers)), fact="graph"))
    return found


def _graph_name(subject: Subject, graph: CallGraph) -> str:
    wanted = subject.function.id
    return next((name for name, id in graph.functions.items() if id == wanted), "")


def _short(names: list[str], own: str) -> list[str]:
    """Names without the module that they share with the function; built-in ones say nothing."""
    told = [name for name in names if not name.startswith("<builtin>.")]
    shown = dict.fromkeys(_local(name, own) for name in told)
    plain = [name for name in shown if name.count(".") < 2]
    tails = {name.rpartition(".")[2]: name for name in sorted(plain, key=len, reverse=True)}
    return [name for name in plain if tails[name.rpartition(".")[2]] == name]


def _local(name: str, own: str) -> str:
    shared = own.split(".")
    parts = name.split(".")
    while len(parts) > 1 and len(shared) > 1 and parts[0] == shared[0]:
        parts, shared = parts[1:], shared[1:]
    return ".".join(parts)


def _named(subject: Subject, names: list[str]) -> str:
    most = MOST if subject.is_learner else 2 * MOST
    shown = [code(cut(name, 50)) for name in names[:most]]
    if len(names) > most:
        shown.append(subject.text("list.others", count=len(names) - most))
    return subject.text.listing(shown)
