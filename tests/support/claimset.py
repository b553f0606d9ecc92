"""Sets of true claims and minimally changed false ones about one run, made from the oracle and the counters.

Nothing here asks the judge: values come from the oracle's copies, loops and tests from woven counters, and
expressions are decided by Python's own `eval` over plain copies.
"""

from __future__ import annotations

import ast
import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from codeassist.records.trace import Activation, Event, Trace
from codeassist.records.values import (
    EnumMember,
    Instance,
    NamedTuple,
    Tensor,
    equal,
    literal,
    opaque,
    type_name,
)
from tests.support.oracle import oracle_trace
from tests.support.truth import Truth, truth_of


@dataclass(frozen=True)
class Sample:
    """A claim and whether it is true."""

    claim: dict[str, Any]
    true: bool


MAX_TEXT = 3000


def claim_set(
    source: str, call: str, seed: int = 0, most: int = 400, path: str = "prog.py"
) -> tuple[Trace, list[Sample]]:
    """The oracle's trace of `call`, and claims about it, true and false."""
    trace = oracle_trace(source, call, path=path)
    truth = truth_of(source, call)
    if trace.header.outcome.kind not in ("returned", "raised") or not truth.finished:
        return trace, []
    maker = _Maker(source, trace, truth, random.Random(seed))
    samples = list(maker.all())
    maker.random.shuffle(samples)
    return trace, samples[:most]


def eval_literal(text: str, value: Any, states: list[Any], name: str) -> Any:
    """The recorded value that a text was written from."""
    return next((s[name] for s in states if literal(s[name]) == text), text.strip("'"))


def _plain(value: Any) -> bool:
    """Whether Python's own operators say about the copy what they said in the run."""
    kinds = (Instance, NamedTuple, EnumMember, Tensor)
    if type(value) in kinds or opaque(value) is not None:
        return False
    if isinstance(value, dict):
        return all(_plain(k) and _plain(v) for k, v in value.items())
    return all(_plain(v) for v in value) if isinstance(value, (list, tuple, set, frozenset)) else True


def changed(value: Any, rng: random.Random) -> Any:
    """A value that differs as little as possible."""
    if type(value) is bool:
        return rng.choice([not value, int(value)])
    if type(value) is int:
        return rng.choice([value + 1, value - 1, float(value) if abs(value) < 1e15 else value + 1])
    if type(value) is float:
        return value + 1.0 if value == value and abs(value) < 1e9 else 0.5
    if value is None:
        return rng.choice([False, 0])
    if type(value) is str:
        return rng.choice([value + "x", value[:-1] if value else " "])
    if type(value) is list:
        return rng.choice(
            [
                tuple(value),
                [*value, 0],
                *([value[:-1]] if value else []),
                *([[changed(value[0], rng), *value[1:]]] if value else []),
            ]
        )
    if type(value) is tuple:
        return rng.choice([list(value), (*value, 0)])
    if type(value) is set:
        return frozenset(value)
    if type(value) is frozenset:
        return set(value)
    if type(value) is dict:
        return {**value, "another key": 0}
    return None


class _Maker:
    def __init__(self, source: str, trace: Trace, truth: Truth, rng: random.Random) -> None:
        self.trace, self.truth, self.random = trace, truth, rng
        self.reader = trace.reader
        self.events: list[Event] = list(self.reader.events())
        self.tree = tree = ast.parse(source)
        self.crowded = _crowded(tree)
        self.headers = _headers(tree)
        self.statements = {_first(n): n for n in ast.walk(tree) if isinstance(n, ast.stmt)}
        self.globals = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)} - _bound_names(tree)
        names = Counter(_names(tree))
        self.repeated = {name for name, count in names.items() if count > 1}

    def all(self) -> Iterator[Sample]:
        entered = {a.function.qualname for a in self.reader.activations()}
        for activation in self.reader.activations():
            name = activation.function.qualname
            if "<" in name or set(name.split(".")) & self.repeated:
                continue
            if activation.call <= 3:
                yield from self.activation(activation)
        for name in sorted(entered):
            if "<" not in name and not set(name.split(".")) & self.repeated:
                yield from self.function(name)
        yield from self.loops()
        yield from self.tests()

    # -- one activation

    def activation(self, one: Activation) -> Iterator[Sample]:
        base = {"func": one.function.qualname, **({"call": one.call} if one.call > 1 else {})}
        own = [self.events[i] for i in one.events]
        lines = [e for e in own if e.kind == "line"]
        yield from self.counts(base, lines)
        yield from self.quantified(one, base, own)
        for place, event in enumerate(own):
            if event.kind == "line" and event.line not in self.crowded and self.random.random() < 0.5:
                yield from self.step(one, base, own, place)
        yield from self.ending(one, base, own)

    def quantified(self, one: Activation, base: dict[str, Any], own: list[Event]) -> Iterator[Sample]:
        """last, every and some, over the states before each step of a statement."""
        by_line: dict[int, list[Any]] = defaultdict(list)
        for event in own:
            if event.kind == "line" and event.line not in self.crowded:
                by_line[event.line].append(self.reader.state(event.index, one.id).variables)
        for line, states in by_line.items():
            names = sorted(set.intersection(*(set(s) for s in states)))
            names = [n for n in names if not any(opaque(s[n]) for s in states) and n.isidentifier()]
            if not names:
                continue
            name = self.random.choice(names)
            texts = [literal(s[name]) for s in states]
            if any(len(t) > MAX_TEXT or "..." in t for t in texts):
                continue
            for occurrence, text in (
                ("last", texts[-1]),
                ("every", texts[0]),
                ("some", texts[-1]),
                ("some", "'never this'"),
            ):
                same = [equal(s[name], eval_literal(text, s[name], states, name)) for s in states]
                true = {"last": same[-1], "every": all(same), "some": any(same)}[occurrence]
                yield Sample(
                    {
                        "kind": "value",
                        **base,
                        "line": line,
                        "occurrence": occurrence,
                        "when": "before",
                        "expr": name,
                        "value": text,
                    },
                    true,
                )

    def counts(self, base: dict[str, Any], lines: list[Event]) -> Iterator[Sample]:
        for line, count in Counter(e.line for e in lines).items():
            if line in self.crowded:
                continue
            claim = {"kind": "executes", **base, "line": self.spelled(line), "count": count}
            yield Sample(claim, True)
            yield (
                Sample({**claim, "count": count + self.random.choice([1, -1])}, False)
                if count > 1
                else Sample({**claim, "count": 2}, False)
            )
            yield Sample({**claim, "op": ">", "count": count - 1}, True)
            yield Sample({**claim, "op": "<", "count": count}, False)

    def spelled(self, line: int) -> int:
        """Any line of a statement of several names it."""
        last = self.headers.get(line, line)
        choice = self.random.randint(line, last)
        return line if choice in self.crowded or choice != line and choice in self.headers else choice

    def occurrence(self, own: list[Event], place: int) -> int:
        return sum(e.kind == "line" and e.line == own[place].line for e in own[: place + 1])

    def after(self, own: list[Event], place: int) -> Event | None:
        following = [e for e in own[place + 1 :] if e.kind not in ("yield", "resume")]
        return following[0] if following else None

    def step(self, one: Activation, base: dict[str, Any], own: list[Event], place: int) -> Iterator[Sample]:
        event, after = own[place], self.after(own, place)
        k = self.occurrence(own, place)
        at = {**base, "line": self.spelled(event.line), **({"occurrence": k} if k > 1 else {})}
        before_state = self.reader.state(event.index, one.id).variables
        yield from self.values({**at, "when": "before"}, before_state)
        if after is None:
            return
        if after.kind in ("raise", "unwind"):
            name = next(iter(before_state), None)
            if name and opaque(before_state[name]) is None:
                yield Sample(
                    {"kind": "value", **at, "expr": name, "value": literal(before_state[name])}, False
                )
            return
        after_state = self.reader.state(after.index, one.id).variables
        yield from self.values(at, after_state)
        yield from self.delta(at, before_state, after_state)
        yield from self.following(at, own, place)
        yield from self.sources(at, one, own, place, before_state)

    def values(self, at: dict[str, Any], state: Any) -> Iterator[Sample]:
        names = [n for n in state if opaque(state[n]) is None and n.isidentifier()]
        for name in self.random.sample(names, min(2, len(names))):
            value, text = state[name], literal(state[name])
            if len(text) > MAX_TEXT or "..." in text:
                continue
            yield Sample({"kind": "value", **at, "expr": name, "value": text}, True)
            wrong = changed(value, self.random)
            if not equal(value, wrong):
                yield Sample({"kind": "value", **at, "expr": name, "value": literal(wrong)}, False)
            yield Sample({"kind": "type", **at, "expr": name, "type": type_name(value)}, True)
            yield Sample(
                {"kind": "type", **at, "expr": name, "type": "int" if type_name(value) != "int" else "float"},
                False,
            )
        yield from self.expressions(at, state)
        yield Sample({"kind": "value", **at, "occurrence": 10_000, "expr": "1", "value": "1"}, False)

    def expressions(self, at: dict[str, Any], state: Any) -> Iterator[Sample]:
        """Expressions decided by Python itself."""
        plain = {n: v for n, v in state.items() if n.isidentifier() and _plain(v)}
        for expr in self.random.sample(_templates(plain), min(3, len(_templates(plain)))):
            try:
                value = eval(expr, dict(plain))
            except Exception:
                yield Sample({"kind": "value", **at, "expr": expr, "value": "1"}, False)
                continue
            if type(value) in (set, frozenset, dict) or not _plain(value) or len(literal(value)) > MAX_TEXT:
                continue
            yield Sample({"kind": "value", **at, "expr": expr, "value": literal(value)}, True)
            wrong = changed(value, self.random)
            if not equal(value, wrong):
                yield Sample({"kind": "value", **at, "expr": expr, "value": literal(wrong)}, False)

    def delta(self, at: dict[str, Any], before: Any, after: Any) -> Iterator[Sample]:
        names = {**before, **after}
        if any(opaque(s[n]) for s in (before, after) for n in names if n in s):
            return
        changes = {}
        for name in names:
            if name not in before or name not in after or not equal(before[name], after[name]):
                changes[name] = [
                    literal(before[name]) if name in before else None,
                    literal(after[name]) if name in after else None,
                ]
        if any(
            text and (len(text) > MAX_TEXT or "..." in text) for pair in changes.values() for text in pair
        ):
            return
        yield Sample({"kind": "delta", **at, "changes": changes}, True)
        yield Sample({"kind": "delta", **at, "changes": {**changes, "no_such_name": [None, "1"]}}, False)
        if changes:
            name = self.random.choice(sorted(changes))
            yield Sample(
                {"kind": "delta", **at, "changes": {n: c for n, c in changes.items() if n != name}}, False
            )
            yield Sample(
                {"kind": "delta", **at, "changes": {**changes, name: [changes[name][0], "'another value'"]}},
                False,
            )

    def following(self, at: dict[str, Any], own: list[Event], place: int) -> Iterator[Sample]:
        steps = [e for e in own[place + 1 :] if e.kind == "line"]
        ended = own[-1].kind in ("return", "unwind")
        if not steps and not ended:
            return
        real: Any = steps[0].line if steps else "end"
        if real in self.crowded:
            return
        yield Sample({"kind": "next", **at, "next": real}, True)
        others = sorted({e.line for e in own if e.kind == "line"} - {real} - self.crowded)
        if others:
            yield Sample({"kind": "next", **at, "next": self.random.choice(others)}, False)
        yield Sample({"kind": "next", **at, "next": "end" if steps else 1}, False)

    def sources(
        self, at: dict[str, Any], one: Activation, own: list[Event], place: int, state: Any
    ) -> Iterator[Sample]:
        """Where a variable that this step reads was bound; only where its content has not changed since."""
        reads = self.reads(own[place].line)
        for name in sorted(reads & set(state)):
            bound, content = "argument" if name in own[0].value else None, own[0].value.get(name)
            for index, event in enumerate(own[:place]):
                if any(c.target == name and c.kind == "bind" for c in event.changes):
                    later = self.after(own, index)
                    bound, content = event.line, self.reader.state(later.index, one.id).variables.get(name)
            if (
                bound is None
                or bound in self.crowded
                or opaque(state[name])
                or not equal(content, state[name])
            ):
                continue
            yield Sample({"kind": "depends", **at, "on": {name: bound}}, True)
            others = sorted({e.line for e in own if e.kind == "line"} - {bound} - self.crowded)
            if others:
                yield Sample({"kind": "depends", **at, "on": {name: self.random.choice(others)}}, False)

    def reads(self, line: int) -> set[str]:
        """Names that the statement at `line` loads in its header, own comprehension variables left out."""
        found: set[str] = set()
        for part in _header_parts(self.statements.get(line)):
            own = {n.id for n in ast.walk(part) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
            own |= {a.arg for n in ast.walk(part) if isinstance(n, ast.Lambda) for a in n.args.args}
            found |= {
                n.id for n in ast.walk(part) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)
            } - own
        return found

    # -- the end of an activation

    def ending(self, one: Activation, base: dict[str, Any], own: list[Event]) -> Iterator[Sample]:
        last = own[-1]
        given = own[0].value
        if (
            given
            and not any(opaque(v) for v in given.values())
            and all(len(literal(v)) < MAX_TEXT for v in given.values())
        ):
            args = {n: literal(v) for n, v in given.items()}
            yield Sample({"kind": "call_args", **base, "args": args}, True)
            name = self.random.choice(sorted(args))
            yield Sample(
                {"kind": "call_args", **base, "args": {name: literal(changed(given[name], self.random))}},
                False,
            )
        yielded = [e.value for e in own if e.kind == "yield"]
        if (
            yielded
            and last.kind in ("return", "unwind")
            and not opaque(yielded)
            and len(literal(yielded)) < MAX_TEXT
        ):
            yield Sample({"kind": "yields", **base, "values": literal(yielded)}, True)
            yield Sample({"kind": "yields", **base, "values": literal(changed(yielded, self.random))}, False)
        if last.kind == "return":
            yield from self.returned(one, base, own)
        elif last.kind == "unwind":
            yield Sample({"kind": "raises", **base, "exception": last.value.cls}, True)
            yield Sample(
                {
                    "kind": "raises",
                    **base,
                    "exception": "Exception" if last.value.cls != "Exception" else "ValueError",
                },
                False,
            )
            yield Sample({"kind": "returns", **base, "value": "None"}, False)
            if last.value.line not in self.crowded:
                yield Sample(
                    {"kind": "raises", **base, "exception": last.value.cls, "line": last.value.line}, True
                )
        if last.kind in ("return", "unwind"):
            yield from self.objects(one, base, own)
            yield from self.printed(one, base, own)

    def returned(self, one: Activation, base: dict[str, Any], own: list[Event]) -> Iterator[Sample]:
        value = own[-1].value
        yield Sample({"kind": "raises", **base, "exception": "ValueError"}, False)
        if opaque(value) or len(literal(value)) > MAX_TEXT or "..." in literal(value):
            return
        yield Sample({"kind": "returns", **base, "value": literal(value)}, True)
        wrong = changed(value, self.random)
        if not equal(value, wrong):
            yield Sample({"kind": "returns", **base, "value": literal(wrong)}, False)

    def objects(self, one: Activation, base: dict[str, Any], own: list[Event]) -> Iterator[Sample]:
        last = own[-1]
        for name, value in own[0].value.items():
            after = self.reader.argument(one.id, name, last.index)
            if opaque(value) is None and opaque(after) is None:
                mutated = not equal(value, after)
                yield Sample({"kind": "mutates", **base, "param": name, "mutated": mutated}, True)
                yield Sample({"kind": "mutates", **base, "param": name, "mutated": not mutated}, False)
        state = self.reader.state(last.index, one.id)
        named = {
            n: v
            for n, v in state.variables.items()
            if type(v) in (list, dict, set, Instance) and n.isidentifier()
        }
        if state.returned and type(state.result) in (list, dict, set, Instance):
            named["result"] = state.result
        for a in sorted(named)[:4]:
            for b in sorted(named)[:4]:
                if a < b:
                    same = named[a] is named[b]
                    yield Sample({"kind": "aliases", **base, "a": a, "b": b, "aliased": same}, True)
                    yield Sample({"kind": "aliases", **base, "a": a, "b": b, "aliased": not same}, False)

    def printed(self, one: Activation, base: dict[str, Any], own: list[Event]) -> Iterator[Sample]:
        if any(e.kind == "yield" for e in own) or not self.reader.output():
            return
        text = "".join(
            o.text
            for o in self.reader.output()
            if o.stream == "stdout" and own[0].index <= o.index < own[-1].index
        )
        yield Sample({"kind": "prints", **base, "text": text}, True)
        yield Sample({"kind": "prints", **base, "text": text + "."}, False)

    # -- one function

    def function(self, name: str) -> Iterator[Sample]:
        found = [a for a in self.reader.activations() if a.function.qualname == name]
        yield Sample({"kind": "calls", "func": name, "count": len(found)}, True)
        yield Sample({"kind": "calls", "func": name, "count": len(found) + 1}, False)
        callers = Counter(
            self.reader.activations()[a.parent].function.qualname for a in found if a.parent is not None
        )
        for caller, count in callers.items():
            yield Sample({"kind": "calls", "func": name, "caller": caller, "count": count}, True)
            yield Sample({"kind": "calls", "func": name, "caller": caller, "count": count + 1}, False)
        depth = self.depth(name)
        yield Sample({"kind": "depth", "func": name, "max": depth}, True)
        yield Sample({"kind": "depth", "func": name, "max": depth + 1}, False)
        yield from self.contracts(name, found)
        yield from self.formulas(name, found)
        reached = {e.line for e in self.events if e.kind == "line" and e.function.qualname == name}
        for line in sorted(reached - self.crowded)[:3]:
            yield Sample({"kind": "unreachable", "func": name, "line": line}, False)

    def depth(self, name: str) -> int:
        now = most = 0
        for event in self.events:
            if event.function.qualname == name:
                now += {"call": 1, "return": -1, "unwind": -1}.get(event.kind, 0)
                most = max(most, now)
        return most

    def contracts(self, name: str, found: list[Activation]) -> Iterator[Sample]:
        """pre, post and equivalent, decided by eval over every entry and exit."""
        entries = [self.events[a.events[0]].value for a in found]
        exits = [(a, self.events[a.events[-1]]) for a in found if self.events[a.events[-1]].kind == "return"]
        if all(_plain(v) for e in entries for v in e.values()) and entries:
            for expr in self.tests_over(entries[0]):
                if (held := _holds(expr, entries)) is not None:
                    yield Sample({"kind": "pre", "func": name, "expr": expr}, held)
        states = [({**self.reader.state(e.index, a.id).variables, "result": e.value}) for a, e in exits]
        if states and all(_plain(v) for s in states for v in s.values()):
            for expr in self.tests_over(states[0]):
                if (held := _holds(expr, states)) is not None:
                    yield Sample({"kind": "post", "func": name, "expr": expr}, held)

    def formulas(self, name: str, found: list[Activation]) -> Iterator[Sample]:
        """equivalent: an expression over the parameters that gives every result, and one that does not."""
        pairs = [(self.events[a.events[0]].value, self.events[a.events[-1]]) for a in found]
        pairs = [(entry, event.value) for entry, event in pairs if event.kind == "return"]
        if not pairs or not all(_plain(r) and all(_plain(v) for v in e.values()) for e, r in pairs):
            return
        if len({literal(result) for _, result in pairs}) == 1 and len(literal(pairs[0][1])) < MAX_TEXT:
            text = literal(pairs[0][1])
            if not any(
                sign in text
                for sign in (
                    "float(",
                    "deque",
                    "Counter",
                    "Ordered",
                    "default",
                    "array",
                    "Fraction",
                    "Decimal",
                    "bytearray",
                    "slice",
                    "...",
                )
            ):
                yield Sample({"kind": "equivalent", "func": name, "expr": text}, True)
        for expr in self.random.sample(_templates(pairs[0][0]), min(3, len(_templates(pairs[0][0])))):
            try:
                values = [(eval(expr, dict(entry)), result) for entry, result in pairs]
            except Exception:
                continue
            if all(equal(a, b) for a, b in values):
                yield Sample({"kind": "equivalent", "func": name, "expr": expr}, True)
            elif any(a != b for a, b in values):
                yield Sample({"kind": "equivalent", "func": name, "expr": expr}, False)

    def tests_over(self, state: Any) -> list[str]:
        plain = {n: v for n, v in state.items() if n.isidentifier() and _plain(v)}
        found = [e for e in _templates(plain) if any(sign in e for sign in ("<", "==", "in "))]
        return self.random.sample(found, min(4, len(found)))

    # -- loops and tests

    def loops(self) -> Iterator[Sample]:
        everywhere = defaultdict(list)
        for (name, line, call), entries in self.truth.loops.items():
            if "<" in name or set(name.split(".")) & self.repeated:
                continue
            everywhere[name, line] += [e.bodies for e in entries]
            if call > 3:
                continue
            base = {"func": name, "line": line, **({"call": call} if call > 1 else {})}
            for number, entry in list(enumerate(entries, 1))[:4]:
                yield from self.entry({**base, **({"entry": number} if number > 1 else {})}, entry)
            total = sum(len(e.bodies) for e in entries)
            yield Sample({"kind": "iterations", **base, "entry": "total", "count": total}, True)
            yield Sample({"kind": "iterations", **base, "entry": "total", "count": total + 1}, False)
            yield Sample({"kind": "iterations", **base, "entry": len(entries) + 1, "count": 0}, False)
        for (name, line), runs in everywhere.items():
            yield from self.universals(name, line, [run for run in runs if run])

    def entry(self, base: dict[str, Any], entry: Any) -> Iterator[Sample]:
        count = len(entry.bodies)
        yield Sample({"kind": "iterations", **base, "count": count}, True)
        yield Sample(
            {"kind": "iterations", **base, "count": count + self.random.choice([1, -1]) if count else 1},
            False,
        )
        if entry.by and base["line"] not in self.crowded:
            yield Sample({"kind": "exit_by", **base, "by": entry.by}, True)
            others = {"exhausted", "condition", "break", "return", "exception"} - {entry.by}
            yield Sample({"kind": "exit_by", **base, "by": self.random.choice(sorted(others))}, False)
        names = set.intersection(*(set(b) for b in entry.bodies)) if entry.bodies else set()
        for name in sorted(names)[:3]:
            values = [body[name] for body in entry.bodies]
            if opaque(values) or len(literal(values)) > MAX_TEXT or "..." in literal(values):
                continue
            yield Sample({"kind": "sequence", **base, "var": name, "values": literal(values)}, True)
            yield Sample(
                {"kind": "sequence", **base, "var": name, "values": literal(changed(values, self.random))},
                False,
            )

    def universals(self, name: str, line: int, runs: list[list[dict[str, Any]]]) -> Iterator[Sample]:
        states = [body for run in runs for body in run]
        if not states or not all(_plain(v) for s in states for n, v in s.items() if n.isidentifier()):
            return
        for expr in self.tests_over(states[0]):
            if (held := _holds(expr, states)) is not None:
                yield Sample({"kind": "invariant", "func": name, "line": line, "expr": expr}, held)
        ints = sorted(n for n, v in states[0].items() if type(v) is int and n.isidentifier())
        for expr in [*ints[:2], *(f"{a} - {b}" for a in ints[:2] for b in ints[:2] if a != b)]:
            try:
                values = [[eval(expr, dict(body)) for body in run] for run in runs]
            except Exception:
                continue
            falls = all(type(v) is int and v >= 0 for run in values for v in run)
            falls = falls and all(a > b for run in values for a, b in pairwise(run))
            yield Sample({"kind": "variant", "func": name, "line": line, "expr": expr}, falls)

    def tests(self) -> Iterator[Sample]:
        several = _several_tests(self.tree)
        for (name, line), outcomes in self.truth.tests.items():
            if "<" in name or set(name.split(".")) & self.repeated or line in several:
                continue
            for k in sorted({1, len(outcomes), self.random.randint(1, len(outcomes))}):
                claim = {
                    "kind": "branch",
                    "func": name,
                    "line": line,
                    "occurrence": k,
                    "taken": outcomes[k - 1],
                }
                yield Sample(claim, True)
                yield Sample({**claim, "taken": not outcomes[k - 1]}, False)
            yield Sample(
                {
                    "kind": "branch",
                    "func": name,
                    "line": line,
                    "occurrence": len(outcomes) + 1,
                    "taken": True,
                },
                False,
            )


def _holds(expr: str, states: list[dict[str, Any]]) -> bool | None:
    """Whether the expression is true in all states; None where Python and the vocabulary may part."""
    result = True
    for state in states:
        try:
            result = result and bool(eval(expr, dict(state)))
        except NameError:
            return None
        except Exception:
            return False
    return result


def _templates(state: dict[str, Any]) -> list[str]:
    """Expressions over the plain variables of a state."""
    ints = [n for n, v in state.items() if type(v) is int and abs(v) < 10**6]
    lists = [n for n, v in state.items() if type(v) in (list, tuple) and len(v) < 200]
    texts = [n for n, v in state.items() if type(v) is str and len(v) < 200]
    dicts = [n for n, v in state.items() if type(v) is dict]
    found = []
    for n in ints:
        found += [
            f"{n} + 1",
            f"{n} * {n} - 3",
            f"-{n} // 2",
            f"{n} % 7",
            f"{n} >= 0",
            f"{n} < 5",
            f"0 <= {n} <= 10",
            f"abs({n}) == {n}",
            f"{n} ** 2",
            f"'p' if {n} > 2 else 'q'",
            f"[{n}] * 2",
            f"{n} & 3 | 8",
            f"str({n}) + '!'",
            f"not {n}",
            f"{n} / 3",
        ]
        found += [f"{n} <= {m}" for m in ints if m != n] + [f"{n} < len({x})" for x in lists]
        found += [f"{x}[{n}]" for x in lists] + [f"{n} in {x}" for x in lists] + [f"{x}[:{n}]" for x in lists]
    for n in lists:
        found += [
            f"len({n})",
            f"{n}[0]",
            f"{n}[-1]",
            f"{n}[::-1]",
            f"len({n}) > 0",
            f"sum({n})",
            f"max({n})",
            f"sorted({n})",
            f"{n} == sorted({n})",
            f"[x for x in {n}]",
            f"list(reversed({n}))",
            f"all(x >= 0 for x in {n})",
            f"any(x == 1 for x in {n})",
            f"sum(1 for x in {n} if x)",
            f"tuple({n})",
            f"list(enumerate({n}))",
            f"list(zip({n}, {n}[1:]))",
            f"all({n}[i] <= {n}[i + 1] for i in range(len({n}) - 1))",
            f"{n} + {n}",
            f"isinstance({n}, list)",
            f"type({n}).__name__",
            f"min({n}, default=None)",
            f"[[a, b] for a in {n} for b in {n} if a == b][:3]",
            f"{n} == {n}[:]",
        ]
    for n in texts:
        found += [
            f"len({n})",
            f"{n}[0]",
            f"{n} + 'z'",
            f"'a' in {n}",
            f"{n} == {n}[::-1]",
            f"sorted({n})",
            f"{n} * 2",
            f"list({n})",
            f"repr({n})",
        ]
    for n in dicts:
        found += [
            f"len({n})",
            f"sorted({n})",
            f"1 in {n}",
            f"[k for k in {n}]",
            f"all({n}[k] == {n}[k] for k in {n})",
        ]
    return found


def _crowded(tree: ast.Module) -> set[int]:
    """Lines that more than one statement's header touches."""
    touched: Counter[int] = Counter()
    for node in ast.walk(tree):
        if isinstance(node, (ast.stmt, ast.ExceptHandler)) and not isinstance(
            node, (ast.Global, ast.Nonlocal)
        ):
            if isinstance(node, ast.Try) or type(node).__name__ == "TryStar":
                continue
            touched.update(range(_first(node), _header_end(node) + 1))
    return {line for line, count in touched.items() if count > 1}


def _headers(tree: ast.Module) -> dict[int, int]:
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, (ast.stmt, ast.ExceptHandler)):
            found[_first(node)] = _header_end(node)
    return found


def _header_parts(node: Any) -> list[ast.AST]:
    """Expressions that a step of the statement evaluates."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Match)) or node is None:
        return []
    if isinstance(node, (ast.With, ast.AsyncWith)):
        return [item.context_expr for item in node.items]
    if hasattr(node, "body"):
        return [getattr(node, name) for name in ("test", "iter") if hasattr(node, name)]
    return [node]


def _first(node: Any) -> int:
    return min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])


def _header_end(node: Any) -> int:
    """Last line of the statement's header, judged by the parts that can hold line breaks."""
    if isinstance(node, ast.Match):
        return int(node.subject.end_lineno or node.lineno)
    if not hasattr(node, "body"):
        return int(node.end_lineno)
    parts = [
        getattr(node, name, None) for name in ("test", "iter", "target", "type", "returns", "subject", "args")
    ]
    parts += [i.context_expr for i in getattr(node, "items", [])] + list(getattr(node, "bases", []))
    if isinstance(getattr(node, "args", None), ast.arguments):
        parts += node.args.args + node.args.kwonlyargs + node.args.defaults
    ends = [p.end_lineno for p in parts if p is not None and hasattr(p, "end_lineno")]
    return max([node.lineno, *ends])


def _names(tree: ast.Module) -> list[str]:
    return [
        n.name for n in ast.walk(tree) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
    ]


def _bound_names(tree: ast.Module) -> set[str]:
    return {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def _several_tests(tree: ast.Module) -> set[int]:
    """Lines with more than one test, or with one in a lambda, whose turns nobody counts."""
    found: Counter[int] = Counter()
    for node in ast.walk(tree):
        if isinstance(node, (ast.If, ast.While, ast.IfExp)):
            found.update(range(node.lineno, (node.test.end_lineno or node.lineno) + 1))
        if isinstance(node, ast.Lambda):
            found.update([node.lineno, node.lineno])
    return {line for line, count in found.items() if count > 1}
