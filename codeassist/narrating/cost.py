"""Cost: the class that counted operations support, with the points that support it."""

from __future__ import annotations

from collections.abc import Sequence

from codeassist.narrating.body import LOOPS
from codeassist.narrating.book import escape, slot
from codeassist.narrating.subject import Subject, code
from codeassist.records.answer import Section, Sentence
from codeassist.records.evidence import Complexity, Growth

MOST_POINTS = 6


def section(subject: Subject) -> Section | None:
    """Growth of the whole call, and of its dominating loop where that differs."""
    known = subject.evidence.complexity
    if known is None or not known.call.points or _plain(subject, known):
        return None
    sentences = [_call(subject, known.call, known.sizes)]
    sentences += _core(subject, known)
    return subject.section("cost", sentences)


def _plain(subject: Subject, known: Complexity) -> bool:
    """Whether it is plain to see that the cost never grows: no loop, no call of a function of the program."""
    own = subject.function.id.qualname
    inside = {f.name for f in subject.body.module.functions if f.kind not in ("module", "lambda")}
    calls = {s.callee.rpartition(".")[2] for s in subject.body.module.call_sites if s.function == own}
    return known.call.cls == "1" and not subject.body.loops() and not calls & inside


def _core(subject: Subject, known: Complexity) -> list[Sentence]:
    """The dominating line, where it lies in this function and tells more than the whole call does."""
    at = [s for _, s in subject.body.statements() if s.header.line == known.dominating_line]
    if not at:
        return []
    if known.core.cls and known.core.cls != known.call.cls:
        claim = _claim(subject, known.core, part="core")
        key = "cost.core" if at[0].kind in LOOPS else "cost.core_line"
        text = subject.say(key, cls=slot(claim, "class"), line=known.dominating_line)
        return [Sentence(text, (claim,), fact="counted")]
    if len(subject.body.loops()) > 1:
        return [Sentence(subject.text("cost.line", line=known.dominating_line), fact="counted")]
    return []


def _call(subject: Subject, growth: Growth, sizes: Sequence[str] = ()) -> Sentence:
    points = _points(subject, growth.points)
    counts = {count for _, count in growth.points}
    if growth.cls == "1" and len(counts) == 1:
        claim = _claim(subject, growth)
        parts = {"cls": slot(claim, "class"), "size": code(growth.size), "points": counts.pop()}
        return Sentence(subject.text("cost.constant", **parts), (claim,), fact="counted")
    if not growth.cls:
        return Sentence(subject.text("cost.none", points=points, size=code(growth.size)), fact="counted")
    claim = _claim(subject, growth)
    key = "cost.call"
    parts = {"cls": slot(claim, "class"), "size": code(growth.size), "points": points}
    if len(sizes) == 2:
        second = subject.text("cost.edges") if sizes[1] == "edges" else code(sizes[1])
        key, parts = "cost.two_sizes", {**parts, "size": code(sizes[0]), "second": second}
    said = subject.say(key, **parts)
    return Sentence(_with_meaning(subject, growth.cls, said), (claim,), fact="counted")


def _with_meaning(subject: Subject, cls: str, said: str) -> str:
    """For a learner: what the class means when the input grows."""
    key = f"cost.means.{cls}"
    if not subject.is_learner or key not in subject.text:
        return said
    return subject.text("cost.with_meaning", said=said.rstrip(".。"), meaning=subject.text(key))


def _claim(subject: Subject, growth: Growth, **extra: str) -> str:
    return subject.book.add("complexity", scope="all", **{"class": growth.cls, "in": growth.size, **extra})


def _points(subject: Subject, points: Sequence[tuple[int, int]]) -> str:
    """At most six points, the ends kept: `8, 16 ... 131072` beside their counts."""
    if len(points) > MOST_POINTS:
        step = (len(points) - 1) / (MOST_POINTS - 1)
        points = [points[round(k * step)] for k in range(MOST_POINTS)]
    comma = subject.text("list.comma")
    sizes = comma.join(str(size) for size, _ in points)
    counts = comma.join(str(count) for _, count in points)
    return escape(subject.text("cost.points", sizes=sizes, counts=counts))
