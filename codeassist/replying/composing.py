"""What was found -> sentences with slots and the claims behind them, in the language asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from codeassist.messages import catalogue
from codeassist.records.answer import Answer, Claim, Section, Sentence, Table
from codeassist.records.found import Found, Match
from codeassist.replying.conditions import is_literal
from codeassist.replying.inquiry import Inquiry

ROWS = 12
"""matches that are listed; a query lists all"""
VALUES = 4
"""variables that are named beside a condition"""
LINKS = 7
"""links of a chain that are told"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a step stands in its run, in the words of claims.md; a call has line 0."""

    func: str
    call: int
    line: int = 0
    occurrence: int = 0
    statement: str = ""
    """kind of the statement: if, while, for, assign ..."""
    is_last: bool = False
    """whether the activation leaves after it"""

    def fields(self) -> dict[str, Any]:
        """The fields that a claim about the step has."""
        return {"func": self.func, "call": self.call, "line": self.line, "occurrence": self.occurrence}


Places = Mapping[int, Place]
"""step -> place"""
States = Mapping[int, Sequence[tuple[str, str]]]
"""step -> variables after it, as literal text"""


class Composer:
    """Sentences of one reply; `prefix` begins the ids of their claims, `scope` is the run they speak of."""

    def __init__(self, lang: str = "en", prefix: str = "a", scope: Any = None) -> None:
        self.text = catalogue(lang)
        self.prefix, self.scope = prefix, scope
        self.claims: list[Claim] = []

    def answer(self, sentences: Iterable[Sentence], tables: Iterable[Table] = ()) -> Answer:
        """An answer of one section."""
        told = tuple(sentences)
        section = Section("answer", self.text("reply.title"), told, tuple(tables))
        return Answer(Sentence(""), (section,), (), tuple(self.claims))

    def add(self, kind: str, **fields: Any) -> str:
        """The id of a claim, made now or before."""
        for claim in self.claims:
            if claim.kind == kind and claim.fields == fields:
                return claim.id
        self.claims.append(Claim(kind, fields, f"{self.prefix}{len(self.claims) + 1}", scope=self.scope))
        return self.claims[-1].id

    def value(self, place: Place, expr: str, value: str) -> str:
        """A claim about an expression once a step is done, or about a parameter at a call."""
        if place.line:
            return self.add("value", **place.fields(), expr=expr, value=value)
        return self.add("call_args", func=place.func, call=place.call, args={expr: value})

    # a condition

    def holds(self, asked: Inquiry, found: Found, places: Places, states: States) -> Answer:
        """When a condition holds: the first time in a sentence, all of them in a table."""
        matches = [match for match in found.matches if match.step in places]
        if not matches:
            return self.answer(
                [Sentence(self.text("reply.trace_only", cond=escaped(asked.expr)), fact="run")]
            )
        first, sentences = matches[0], []
        lead = "reply.last" if asked.query.startswith("last ") else "reply.first"
        yes = self.text("reply.yes") if asked.is_yes_or_no else ""
        sentences.append(self.moment(asked.expr, places[first.step], states.get(first.step, ()), lead, yes))
        rows = matches[:ROWS] if len(matches) > 1 else []
        return self.answer(sentences, self.rows(asked.expr, rows, places, states, len(matches)))

    def moment(
        self, expr: str, place: Place, state: Sequence[tuple[str, str]], key: str, lead: str = ""
    ) -> Sentence:
        """One moment at which a condition holds, with the values that make it so."""
        used, values = self.values(expr, place, state)
        if not place.line:
            said = self.text("reply.at_call", cond=escaped(expr), func=escaped(place.func), values=values)
            return Sentence(lead + said, tuple(used)) if used else Sentence(lead + said, fact="run")
        own = self.add("value", **place.fields(), expr=expr, value="True")
        shown = {"cond": slot(own, "expr"), "line": slot(own, "line"), "step": slot(own, "step")}
        return Sentence(lead + self.text(key, **shown, values=values), (own, *used))

    def values(self, expr: str, place: Place, state: Sequence[tuple[str, str]]) -> tuple[list[str], str]:
        """Claims about the variables of an expression, and their values in words."""
        parts = [(n, v) for n, v in state if n in words(expr) and is_literal(v)][:VALUES]
        used = [self.value(place, name, value) for name, value in parts]
        shown = [self.pair(claim, name, place) for claim, (name, _) in zip(used, parts, strict=True)]
        return used, self.text.listing(shown) if shown else ""

    def pair(self, claim: str, name: str, place: Place) -> str:
        """`low = 3`, with the value as a slot."""
        return f"{escaped(name)} = {slot(claim, 'value' if place.line else f'args.{name}')}"

    def rows(
        self, expr: str, matches: Sequence[Match], places: Places, states: States, total: int
    ) -> list[Table]:
        if not matches:
            return []
        cells, claims = [], []
        for match in matches:
            place = places[match.step]
            used, values = self.values(expr, place, states.get(match.step, ()))
            if place.line:
                own = self.add("value", **place.fields(), expr=expr, value="True")
                used, where = [own, *used], (slot(own, "step"), slot(own, "line"))
            else:
                where = (str(match.step), escaped(place.func))
            cells.append((*where, values))
            claims.append(tuple(used))
        if total > len(matches):
            cells.append(("...", "", self.text("list.others", count=total - len(matches))))
            claims.append(())
        columns = (self.text("reply.step"), self.text("reply.line"), escaped(expr))
        return [Table(columns, tuple(cells), tuple(claims))]

    def never(self, asked: Inquiry, changing: Iterable[Place], is_complete: bool, is_bound: bool) -> Answer:
        """A condition that holds nowhere: what changes one of its variables leaves it false."""
        no = self.text("reply.no") if asked.is_yes_or_no else ""
        if not is_bound:
            return self.answer([Sentence(self.text("reply.unbound", cond=escaped(asked.expr)), fact="run")])
        lines = sorted({(p.func, p.call, p.line) for p in changing if p.line})[:ROWS]
        claims = [
            self.add(
                "value", func=func, call=call, line=line, occurrence="every", expr=asked.expr, value="False"
            )
            for func, call, line in lines
        ]
        key = "reply.never" if is_complete else "reply.not_yet"
        said = no + self.text(key, cond=escaped(asked.expr))
        return self.answer([Sentence(said, tuple(claims), "" if claims else "run")])

    # changes and counts

    def changes(self, asked: Inquiry, found: Found, places: Places) -> Answer:
        """Each step that changed an expression, with what it became."""
        rows, claims = [], []
        matches = [m for m in found.matches if m.step in places]
        for match in matches[:ROWS]:
            place = places[match.step]
            usable = place.line and match.value is not None and is_literal(match.value)
            own = self.value(place, asked.expr, str(match.value)) if usable else ""
            rows.append(
                (slot(own, "step"), slot(own, "line"), slot(own, "value"))
                if own
                else (str(match.step), str(match.line), escaped(match.value or ""))
            )
            claims.append((own,) if own else ())
        if len(matches) > ROWS:
            rows.append(("...", "", self.text("list.others", count=len(matches) - ROWS)))
            claims.append(())
        key = "reply.changes" if matches else "reply.unchanged"
        said = Sentence(self.text(key, count=len(matches), expr=escaped(asked.expr)), fact="run")
        columns = (self.text("reply.step"), self.text("reply.line"), escaped(asked.expr))
        return self.answer([said], [Table(columns, tuple(rows), tuple(claims))] if rows else [])

    def counted(self, kind: str, name: str, number: int, line: int = 0) -> Answer:
        """A number of calls, of steps of a line, or of levels of recursion."""
        if kind == "line":
            own = self.add("executes", func=name, line=line, count=number)
            said = self.text("reply.executes", line=slot(own, "line"), count=number, times=slot(own, "count"))
        elif kind == "calls":
            own = self.add("calls", func=name, count=number)
            said = self.text("reply.called", func=escaped(name), count=number, times=slot(own, "count"))
        else:
            own = self.add("depth", func=name, max=number)
            said = self.text("reply.depth", func=escaped(name), count=number, levels=slot(own, "max"))
        return self.answer([Sentence(said, (own,))])

    # where a value was born

    def chain(
        self, asked: Inquiry, found: Found, places: Places, sources: Mapping[int, str], exception: str = ""
    ) -> Answer:
        """The statements by which a value, or an exception, came to be, the latest first."""
        told = [
            self.raised(match, places[match.step], sources, exception)
            if exception and match.step in places and places[match.step].statement == "raise"
            else self.link(match, places.get(match.step), sources)
            for match in found.matches[:LINKS]
        ]
        if not told:
            return self.answer([Sentence(self.text("reply.no_chain", expr=escaped(asked.expr)), fact="run")])
        rest = len(found.matches) - LINKS
        if rest > 0:
            told.append(Sentence(self.text("reply.more_links", count=rest), fact="run"))
        return self.answer(told)

    def raised(self, match: Match, place: Place, sources: Mapping[int, str], exception: str) -> Sentence:
        """The statement that raised."""
        own = self.add("raises", func=place.func, call=place.call, exception=exception, line=place.line)
        code = escaped(sources.get(match.step, ""))
        said = self.text("reply.raised", line=slot(own, "line"), code=code, exception=slot(own, "exception"))
        return Sentence(said, (own,))

    def link(self, match: Match, place: Place | None, sources: Mapping[int, str]) -> Sentence:
        """One statement of a chain."""
        code = escaped(sources.get(match.step, ""))
        text = escaped(match.value or "")
        usable = place is not None and match.value is not None and is_literal(match.value)
        if place is None or not usable:
            key = {"passed": "reply.passed", "returned": "reply.gave_back"}.get(match.because, "reply.link")
            what = text or escaped(match.because)
            return Sentence(self.text(key, line=match.line, code=code, what=what), fact="run")
        if match.name in ("return", "yield") and place.is_last:
            own = self.add("returns", func=place.func, call=place.call, value=text_of(match.value))
            after = self.add("next", **place.fields(), next="end")
            said = self.text("reply.returned", line=slot(after, "line"), code=code, value=slot(own, "value"))
            return Sentence(said, (own, after))
        if match.name == "test" and place.statement in ("if", "while"):
            taken = match.value == "True"
            own = self.add("branch", **place.fields(), taken=taken)
            key = "reply.test_held" if taken else "reply.test_failed"
            return Sentence(self.text(key, line=slot(own, "line"), code=code), (own,))
        if match.name == "arguments" or not place.line:
            said = self.text("reply.called_with", func=escaped(place.func), values=text)
            return Sentence(said, fact="run")
        if match.name.isidentifier() or "[" in match.name or "." in match.name:
            own = self.value(place, match.name, text_of(match.value))
            said = self.text(
                "reply.became",
                line=slot(own, "line"),
                code=code,
                expr=slot(own, "expr"),
                value=slot(own, "value"),
            )
            return Sentence(said, (own,))
        return Sentence(self.text("reply.link", line=match.line, code=code, what=text), fact="run")

    # calls

    def callers(self, name: str, edges: Sequence[tuple[str, str, Sequence[int], int]]) -> Answer:
        """Who calls a function: (caller, its qualified name in the run or empty, lines, calls seen)."""
        if not edges:
            return self.answer([Sentence(self.text("reply.nobody_calls", func=escaped(name)), fact="graph")])
        sentences = []
        for caller, qualname, lines, seen in edges:
            where = self.text.listing([str(line) for line in lines])
            said = self.text(
                "reply.calls", caller=escaped(caller), func=escaped(name), lines=where, count=len(lines)
            )
            sentences.append(Sentence(said, fact="graph"))
            if qualname and seen:
                own = self.add("calls", func=name, count=seen, caller=qualname)
                told = self.text(
                    "reply.calls_seen", count=seen, times=slot(own, "count"), caller=slot(own, "caller")
                )
                sentences.append(Sentence(told, (own,)))
        return self.answer(sentences)

    def callees(self, name: str, edges: Sequence[tuple[str, Sequence[int]]]) -> Answer:
        """What a function calls: (callee, lines)."""
        if not edges:
            return self.answer([Sentence(self.text("reply.calls_nobody", func=escaped(name)), fact="graph")])
        parts = [
            self.text(
                "reply.callee",
                callee=escaped(callee),
                lines=self.text.listing([str(n) for n in lines]),
                count=len(lines),
            )
            for callee, lines in edges
        ]
        said = self.text("reply.callees", func=escaped(name), callees=self.text.listing(parts))
        return self.answer([Sentence(said, fact="graph")])

    # results and effects

    def outcome(self, func: str, call: str, kind: str, value: str) -> Answer:
        """How a call ended: what it returned or raised."""
        if kind == "returned":
            own = self.add("returns", func=func, value=value)
            said = self.text("reply.gives", call=escaped(call), value=slot(own, "value"))
            return self.answer([Sentence(said, (own,))])
        if kind == "raised":
            own = self.add("raises", func=func, exception=value)
            said = self.text("reply.raises", call=escaped(call), exception=slot(own, "exception"))
            return self.answer([Sentence(said, (own,))])
        return self.answer([Sentence(self.text("reply.ended", call=escaped(call), how=kind), fact="run")])

    def mutates(self, func: str, param: str) -> tuple[Answer, Answer]:
        """Both things that can be said of an argument; the judge tells which of them stands."""
        both = []
        for mutated in (True, False):
            own = Composer(self.text.lang, self.prefix, self.scope)
            claim = own.add("mutates", func=func, param=param, mutated=mutated)
            key = "reply.mutates" if mutated else "reply.keeps"
            both.append(
                own.answer([Sentence(own.text(key, func=escaped(func), param=escaped(param)), (claim,))])
            )
        return both[0], both[1]

    def unknown(self, key: str, **parts: Any) -> Answer:
        """Nothing that the evidence can answer, in one sentence that says what it can."""
        return self.answer(
            [Sentence(self.text(key, **{n: escaped(str(v)) for n, v in parts.items()}), fact="none")]
        )


def slot(claim: str, field: str) -> str:
    """The slot that `field` of `claim` will fill."""
    return f"{{{claim}.{field}}}"


def escaped(text: str) -> str:
    """Text in which no brace can be taken for a slot."""
    return text.replace("{", "{{").replace("}", "}}")


def text_of(value: str | None) -> str:
    """Literal text of a match."""
    return value or ""


def words(expr: str) -> set[str]:
    """The names in an expression."""
    import re

    return set(re.findall(r"[^\W\d]\w*", expr))
