"""Two observations of one call -> what a caller would notice, if anything."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from codeassist.records.trace import ExceptionInfo, Observation
from codeassist.records.values import (
    Instance,
    NamedTuple,
    Opaque,
    children,
    equal,
    literal,
    opaque,
    type_name,
)
from codeassist.reviewing.calls import Kept

ILL_TYPED = frozenset(("TypeError", "AttributeError", "NameError", "UnboundLocalError"))
"""what a call of the wrong kind leads to, wherever it is noticed first"""
LONGEST = 160

Explicit = Callable[[ExceptionInfo], bool]
"""whether the program itself raises it, by a `raise` or an `assert`"""


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs at one call; `kind` is value, type, raises, returns, exception, hangs, ends, mutation,
    state, output or other-type."""

    kind: str
    call: str
    old: str
    new: str
    what: str = ""
    """the argument or variable, for mutation and state; the exception's class, for raises"""
    old_raised: bool = False
    new_raised: bool = False
    is_fresh: bool = False
    """for mutation, state and output: on the old side there is no such effect"""


@dataclass(frozen=True, slots=True)
class Rules:
    """How exceptions of either side are told apart."""

    old: Explicit
    new: Explicit


def difference(old: Observation, new: Observation, kept: Sequence[Kept], rules: Rules) -> Difference | None:
    """The gravest difference between two observations of the call `old.call`, or None."""
    if _is_unusable(old) or _is_unusable(new):
        return None
    found = _ending(old, new, rules)
    if found is None and old.outcome.kind == new.outcome.kind:
        found = _value(old, new) or _effects(old, new, kept)
    if found is None:
        return None
    return replace(found, old_raised=_has_raised(old), new_raised=_has_raised(new))


def _has_raised(seen: Observation) -> bool:
    return seen.outcome.kind in ("raised", "exited")


def same_observation(a: Observation, b: Observation) -> bool:
    """Whether two runs of one side show the same; addresses and the like do not count."""
    x, y = a.outcome, b.outcome
    if x.kind != y.kind or (x.exception and x.exception.cls) != (y.exception and y.exception.cls):
        return False
    watched = all(agree(a.watched[name], b.watched.get(name)) for name in a.watched)
    kept = len(a.kept) == len(b.kept) and all(map(agree, a.kept, b.kept))
    return agree(x.result, y.result) and kept and watched and a.output == b.output


def _is_unusable(seen: Observation) -> bool:
    return seen.outcome.kind == "bad_input" or seen.outcome.limit not in ("", "events", "time")


def _ending(old: Observation, new: Observation, rules: Rules) -> Difference | None:
    """They end in different ways, or with different exceptions."""
    before, after = old.outcome, new.outcome
    pair = (before.kind, after.kind)
    if pair == ("raised", "raised"):
        return _exceptions(old, new, rules)
    if before.kind == after.kind:
        return None
    texts = told(old), told(new)
    if after.kind == "limit_reached":
        if before.kind == "raised" and _is_crash(before.exception, rules.old):
            return None
        return Difference("hangs", old.call, *texts)
    if before.kind == "limit_reached":
        crash = after.kind == "raised" and _is_crash(after.exception, rules.new)
        return None if crash else Difference("ends", old.call, *texts)
    if after.kind == "raised" and after.exception is not None:
        return Difference("raises", old.call, *texts, after.exception.cls)
    return Difference("returns" if after.kind == "returned" else "value", old.call, *texts)


def _is_crash(error: ExceptionInfo | None, explicit: Explicit) -> bool:
    return error is not None and not explicit(error)


def _exceptions(old: Observation, new: Observation, rules: Rules) -> Difference | None:
    a, b = old.outcome.exception, new.outcome.exception
    if a is None or b is None:
        return None
    meant = rules.old(a), rules.new(b)
    if not any(meant):
        return None  # both fall over, whatever each meets first
    if a.cls == b.cls and (not all(meant) or _unaddressed(a.message) == _unaddressed(b.message)):
        return None
    kind = "exception" if meant[1] or a.cls == b.cls else "raises"
    return Difference(kind, old.call, told(old), told(new), b.cls)


def _unaddressed(text: str) -> str:
    import re

    return re.sub(r"0x[0-9a-f]+", "0x", text)


def _value(old: Observation, new: Observation) -> Difference | None:
    if old.outcome.kind != "returned":
        return None
    a, b = old.outcome.result, new.outcome.result
    if old.iterates == new.iterates and agree(a, b):
        return None
    return Difference("value", old.call, told(old), told(new))


def _effects(old: Observation, new: Observation, kept: Sequence[Kept]) -> Difference | None:
    for known, a, b in zip(kept, old.kept, new.kept, strict=False):
        if not agree(a, b, lenient=True):
            fresh = known.has_value and agree(known.value, a)
            return Difference("mutation", old.call, _short(a), _short(b), known.label, is_fresh=fresh)
    for name in sorted(old.watched.keys() & new.watched.keys()):
        if not agree(old.watched[name], new.watched[name], lenient=True):
            return Difference("state", old.call, _short(old.watched[name]), _short(new.watched[name]), name)
    if old.output != new.output:
        texts = repr(old.output), repr(new.output)
        return Difference("output", old.call, *texts, is_fresh=not old.output)
    return None


def told(seen: Observation) -> str:
    """How a call ended: literal text of its result, or class and message of its exception."""
    outcome = seen.outcome
    if outcome.kind == "returned":
        text = _short(outcome.result)
        return f"iterator of {text}" if seen.iterates else text
    if outcome.exception is not None:
        message = outcome.exception.message
        return f"{outcome.exception.cls}: {message}"[:LONGEST] if message else outcome.exception.cls
    if outcome.kind == "exited":
        return f"SystemExit: {outcome.status}"
    return "no end" if outcome.limit else outcome.kind


def _short(value: Any) -> str:
    return literal(value, LONGEST)


# --- values ----------------------------------------------------------------------------------------


def agree(a: Any, b: Any, lenient: bool = False) -> bool:
    """Whether two recorded values look the same to their user; what cannot be seen does not differ.

    With `lenient` objects whose attributes go by other names are not compared: a class may keep its
    state as it likes.
    """
    if equal(a, b):
        return True
    if not any(_is_veiled(value) for value in (a, b)):
        return False
    return _agree(a, b, lenient, set())


def _is_veiled(value: Any) -> bool:
    return opaque(value) is not None or any(type(item) is Instance for item in _all(value))


def _all(value: Any) -> Iterator[Any]:
    seen: set[int] = set()
    stack = [value]
    while stack:
        item = stack.pop()
        if id(item) not in seen:
            seen.add(id(item))
            yield item
            stack.extend(children(item))


def _agree(a: Any, b: Any, lenient: bool, seen: set[tuple[int, int]]) -> bool:
    if type(a) is Opaque or type(b) is Opaque:
        return type_name(a) == type_name(b)
    if type(a) is not type(b) or (id(a), id(b)) in seen:
        return type(a) is type(b)
    seen.add((id(a), id(b)))
    if type(a) is Instance:
        return _agree_instances(a, b, lenient, seen)
    if isinstance(a, dict):
        if any(type(key) in (Instance, Opaque) for key in (*a, *b)):
            return len(a) == len(b)
        return a.keys() == b.keys() and all(_agree(a[k], b[k], lenient, seen) for k in a)
    if isinstance(a, (set, frozenset)):
        return len(a) == len(b)
    if type(a) is NamedTuple:
        a, b = a.items, b.items
    if isinstance(a, (list, tuple, deque)):
        return len(a) == len(b) and all(_agree(x, y, lenient, seen) for x, y in zip(a, b, strict=True))
    return equal(a, b)


def _agree_instances(a: Instance, b: Instance, lenient: bool, seen: set[tuple[int, int]]) -> bool:
    """Attribute by attribute; renamed ones by their order; private ones of one side do not count."""
    if a.cls != b.cls and not lenient:
        return False
    left, right = a.attributes, b.attributes
    if left.keys() == right.keys():
        return all(_agree(left[k], right[k], lenient, seen) for k in left)
    pairs = zip(left.values(), right.values(), strict=False)
    if len(left) == len(right) and all(_agree(x, y, lenient, seen) for x, y in pairs):
        return True
    public = [{k for k in side if not k.startswith("_")} for side in (left, right)]
    return public[0] == public[1] and all(_agree(left[k], right[k], lenient, seen) for k in public[0])
