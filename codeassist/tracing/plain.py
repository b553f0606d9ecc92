"""Moments of variables that only ever hold immediate values: read from the log, nothing is replayed."""

from __future__ import annotations

import ast
import heapq
import operator
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from codeassist.records.trace import KINDS, Event
from codeassist.tracing import log as entries
from codeassist.tracing.decode import CONSTANTS, REFERENCE
from codeassist.tracing.log import Log, Site, run_end
from codeassist.tracing.moments import Moment
from codeassist.tracing.reader import Reader

_RAISE = KINDS.index("raise")
_UNBOUND = object()
_Touch = tuple[int, str, Any]
"""(entry, name, value) of a store, _UNBOUND for a deletion"""
_TELLING = frozenset((entries.BIND, entries.UNBIND, entries.ENTER, entries.GLOBAL))


class NotPlain(Exception):
    """A variable of that name held an object, or was shared: its moments must be replayed."""


def plain_moments(
    reader: Any, names: frozenset[str], scope: str = "", worth: Callable[[Any], Any] | None = None
) -> Iterator[Moment] | None:
    """The moments of `names` as `moments` finds them; None where that takes a replay.

    `worth` says of a value of the one name whether it can matter: moments with others may be left out.
    """
    if not isinstance(reader, Reader) or not names:
        return None
    index = reader.index  # it also finds where entries go on in the next chunk
    try:
        for _ in _touches(reader.log, names):
            pass
    except NotPlain:
        return None
    return iter(()) if not index.activations else _moments(reader, names, scope, worth)


def _touches(log: Log, names: frozenset[str]) -> Iterator[_Touch]:
    """Every store to one of `names`. Raises NotPlain at the first that is no immediate value."""
    rows = {n: _wanted(log.sites, site, n, names) for n, site in enumerate(log.sites)}
    wanted = {n: row for n, row in rows.items() if row}
    sizes = [site.size + 1 for site in log.sites]
    counts = [len(site.rows) or 1 for site in log.sites]
    entry = 0
    for chunk in range(len(log.chunks)):
        flat = log.flat(chunk)
        place, end = 0, len(flat)
        while place < end:
            first = flat[place]
            if type(first) is list:
                if first and first[0] in _TELLING:
                    _apart(log, first, names)
                place, entry = place + 1, entry + 1
                continue
            if first < 0:
                place, entry = run_end(flat, place, end), entry + 1
                continue
            found = wanted.get(first)
            if found is not None:
                if place + sizes[first] > len(flat):
                    flat += log.borrow(chunk, place + sizes[first] - len(flat))
                    if place + sizes[first] > len(flat):
                        return
                for offset, step, name in found:
                    if offset < 0:
                        raise NotPlain
                    yield entry + step, name, _value(flat[place + offset]) if offset else _UNBOUND
            place += sizes[first]
            entry += counts[first]


def _apart(log: Log, entry: list[Any], names: frozenset[str]) -> None:
    """An entry told as a list: only those that are none of `names` may be passed over."""
    if entry[0] == entries.ENTER:
        site = log.site(entry[1])
        if names.intersection(site.info.get("params", ())) or names & {str(name) for name, _ in entry[4]}:
            raise NotPlain
    elif entry[2 if entry[0] == entries.GLOBAL else 1] in names:
        raise NotPlain


def _wanted(sites: list[Site], site: Site, number: int, names: frozenset[str]) -> list[tuple[int, int, str]]:
    """Where an entry of a site holds values of `names`: (offset, entry in the block, name); 0: it unbinds."""
    found, offset = [], 1
    for step, row in enumerate(site.rows or (number,)):
        part = sites[row]
        told = part.info.get("params", ()) if part.kind == "enter" else part.info.get("names", ())
        if part.kind == "enter" or part.op in ("bind", "unbind"):
            shared = names.intersection(part.info.get("cells", ())) | names.intersection(
                part.info.get("globals", ())
            )
            start = offset + bool(part.info.get("generator"))
            for i, name in enumerate(told):
                if name in names:
                    found.append((0 if part.op == "unbind" else start + i, step, str(name)))
            found += [(-1, step, name) for name in shared]
        offset += part.size
    return found


def _value(told: Any) -> Any:
    """An immediate value."""
    if type(told) is list:
        raise NotPlain
    if type(told) is int and told >= REFERENCE:
        if told not in CONSTANTS:
            raise NotPlain
        return CONSTANTS[told]
    return told


def _moments(
    reader: Reader, names: frozenset[str], scope: str, worth: Callable[[Any], Any] | None
) -> Iterator[Moment]:
    """Touched steps, each when its activation goes on, with what the names are then."""
    index = reader.index
    lives: dict[int, dict[str, Any]] = {}
    waiting: list[tuple[int, int, int]] = []
    told: set[int] = set()
    for entry, name, value in _touches(reader.log, names):
        if worth is not None and not waiting and not worth(value):
            continue  # nothing waits that it could replace within the same step
        latest = bisect_right(index.places, entry) - 1
        owner = index.owner_at(entry, latest)
        while waiting and waiting[0][0] <= latest:
            yield _moment(reader, heapq.heappop(waiting), lives, told)
        if owner < 0 or scope and not _is_within(reader, owner, scope):
            continue
        known = lives.setdefault(owner, {})
        if value is _UNBOUND:
            known.pop(name, None)
        else:
            known[name] = value
        own = index.activations[owner].events
        i = bisect_right(own, latest) - 1
        if 0 <= i < len(own) - 1 and own[i] not in told and index.kinds[own[i]] != _RAISE:
            told.add(own[i])
            heapq.heappush(waiting, (own[i + 1], own[i], owner))
    while waiting:
        yield _moment(reader, heapq.heappop(waiting), lives, told)


def _is_within(reader: Reader, owner: int, scope: str) -> bool:
    name = reader.index.activations[owner].function.qualname
    return name == scope or name.rpartition(".")[2] == scope


def _moment(
    reader: Reader, found: tuple[int, int, int], lives: dict[int, dict[str, Any]], told: set[int]
) -> Moment:
    following, event, owner = found
    told.discard(event)
    values = dict(lives[owner])
    if reader.index.activations[owner].events[-1] == following:
        del lives[owner]
    return Moment(outlined(reader, event), following, values)


def outlined(reader: Reader, event: int) -> Event:
    """An event without its changes, from the index alone."""
    index = reader.index
    site = reader.log.sites[index.sites[event]]
    activation = index.activations[index.owners[event]]
    kind = KINDS[index.kinds[event]]
    return Event(
        event,
        kind,
        activation.function,
        site.line,
        site.column,
        index.depths[event],
        activation.thread,
        activation.id,
        statement=site.kind if kind == "line" else "",
    )


Test = Callable[[Mapping[str, Any]], Any]


def integer_test(text: str, names: frozenset[str]) -> Test | None:
    """A condition of comparisons over whole numbers as a Python function; None for any other."""
    test = _compiled(ast.parse(text, mode="eval").body)
    if test is None:
        return None
    wanted = tuple(names)

    def asked(values: Mapping[str, Any]) -> Any:
        if all(type(values.get(name)) is int for name in wanted):
            return test(values)
        return NotImplemented

    return asked


def _compiled(node: ast.expr) -> Test | None:
    if isinstance(node, ast.BoolOp):
        parts = [_compiled(part) for part in node.values]
        if any(part is None for part in parts):
            return None
        decide = all if isinstance(node.op, ast.And) else any
        return lambda values: decide(part(values) for part in parts if part is not None)
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _COMPARISONS:
        left, right = _number(node.left), _number(node.comparators[0])
        compare = _COMPARISONS[type(node.ops[0])]
        if left is not None and right is not None:
            return lambda values: compare(left(values), right(values))
    return None


def _number(node: ast.expr) -> Test | None:
    if isinstance(node, ast.Name):
        return operator.itemgetter(node.id)
    if isinstance(node, ast.Constant) and type(node.value) is int:
        number = node.value
        return lambda values: number
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = _number(node.operand)
        return None if inner is None else lambda values: -inner(values)
    if isinstance(node, ast.BinOp) and type(node.op) in _SUMS:
        left, right, add = _number(node.left), _number(node.right), _SUMS[type(node.op)]
        if left is not None and right is not None:
            return lambda values: add(left(values), right(values))
    return None


_COMPARISONS: dict[type, Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
    ast.Eq: operator.eq, ast.NotEq: operator.ne,
}  # fmt: skip
_SUMS: dict[type, Callable[[Any, Any], Any]] = {ast.Add: operator.add, ast.Sub: operator.sub}
