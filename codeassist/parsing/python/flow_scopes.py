"""Variables while a file's flow is read: the current definition of each name, and joins of several."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from typing import Any

from codeassist.parsing.python.flow_places import Places
from codeassist.records.flow import (
    BOX,
    CALL,
    COPY,
    DECORATE,
    EACH,
    ENTER,
    KEY,
    METHOD,
    NAME,
    NOTHING,
    TYPE,
    Flow,
    FlowScope,
)

Changes = dict[str, int]

RUNNING = frozenset({CALL, METHOD, DECORATE, ENTER, EACH})
"""operations that may run code which writes to any container"""


class Scope:
    """One scope being read."""

    def __init__(self, index: int, name: str, kind: str, parent: Scope | None, node: Any) -> None:
        self.index = index
        self.name = name
        self.kind = kind
        self.parent = parent
        self.node = node
        self.operations: list[Any] = []
        self.guesses: list[Any] = []
        self.current: dict[str, int] = {}
        self.log: dict[str, int | None] | None = None
        self.dirty: dict[str, int] = {}
        self.visible: dict[str, list[int]] = {}
        self.cells: dict[str, int] = {}
        self.locals: dict[str, None] = {}
        self.outer: dict[str, Scope] = {}
        self.loops: list[dict[str, int]] = []
        self.counts: dict[str, int] = {}
        self.parameters: list[tuple[str, int, str]] = []
        self.returns = NOTHING
        self.through: dict[int, int] = {}
        self.defaults: dict[int, int] = {}
        self.absent: list[tuple[int, int]] = []
        self.without = NOTHING
        """the parameter that is None in the block being read"""
        self.places = Places()
        self.yields = NOTHING
        self.bases: tuple[int, ...] = ()
        self.metaclass = NOTHING
        self.names: dict[str, int] | None = None
        self.done = False

    def facts(self, qualname: str) -> FlowScope:
        """The finished record."""
        node = self.node
        return FlowScope(
            qualname,
            self.kind,
            self.parent.index if self.parent else -1,
            getattr(node, "lineno", 1),
            getattr(node, "end_lineno", 1) or 1,
            tuple(self.parameters),
            self.returns,
            self.yields,
            self.names,
            self.bases,
            tuple(self.operations),
            tuple(self.guesses),
            tuple(self.through.items()),
            tuple(self.absent),
            self.metaclass,
        )


class Variables:
    """Nodes, constants and the definitions of names, over all scopes of one file."""

    def __init__(self, rebound: frozenset[str]) -> None:
        self.nodes = 0
        self.constants: list[tuple[int, str, Any]] = []
        self.fixed: set[int] = set()
        self.scopes: list[Scope] = []
        self.stars: list[tuple[str, int]] = []
        self.scope: Scope
        self.values: dict[int, str | int] = {}
        """node -> the constant it holds"""
        self._keys: dict[Any, int] = {}
        self._free: dict[str, int] = {}
        self._rebound = rebound
        """names that some function declares global or nonlocal"""

    def flow(self) -> Flow:
        """The finished record."""
        qualnames = _qualnames(self.scopes)
        scopes = tuple(scope.facts(name) for scope, name in zip(self.scopes, qualnames, strict=True))
        return Flow(self.nodes, tuple(self.constants), scopes, tuple(self.stars))

    def new(self) -> int:
        """A fresh node."""
        self.nodes += 1
        return self.nodes - 1

    def constant(self, kind: str, payload: Any) -> int:
        """A fresh node that holds one known value for ever."""
        node = self.new()
        self.constants.append((node, kind, payload))
        self.fixed.add(node)
        return node

    def key(self, value: str | int) -> int:
        """The node of a constant string or number."""
        where = (type(value), value)
        if where not in self._keys:
            short = not isinstance(value, str) or len(value) <= 64
            self._keys[where] = node = self.constant(KEY, value) if short else self.type("str")
            self.values[node] = value
        return self._keys[where]

    def type(self, name: str) -> int:
        """The node of some instance of a built-in type."""
        if name not in self._keys:
            self._keys[name] = self.constant(TYPE, name)
        return self._keys[name]

    def box(self, kind: str, fields: Iterable[tuple[Any, int]]) -> int:
        """A container made here; a key of None stands for any."""
        return self.constant(BOX, (kind, tuple((key, node) for key, node in fields if node >= 0)))

    def emit(self, operation: tuple[Any, ...]) -> None:
        """An operation of the current scope."""
        self.scope.operations.append(operation)

    def emit_call(self, operation: tuple[Any, ...]) -> None:
        """An operation that may run other functions: they see the definitions made so far."""
        if self.scope.dirty:
            self.flush(self.scope)
        if self.scope.places.known and operation[0] in RUNNING:
            self.scope.places.forget()
        self.scope.operations.append(operation)

    def flush(self, scope: Scope) -> None:
        """Let nested functions and other modules see what the names hold now."""
        for name, node in scope.dirty.items():
            seen = scope.visible.setdefault(name, [])
            if node >= 0 and node not in seen:
                seen.append(node)
        scope.dirty.clear()

    def join(self, nodes: Iterable[int]) -> int:
        """A node that holds what any of `nodes` holds."""
        distinct = list(dict.fromkeys(node for node in nodes if node >= 0))
        if len(distinct) < 2:
            return distinct[0] if distinct else NOTHING
        joined = self.new()
        for node in distinct:
            self.emit((COPY, node, joined))
        return joined

    def assign(self, name: str, node: int) -> None:
        """`name` now means `node`, in the scope that owns the name."""
        scope = self.scope
        if scope.places.known:
            scope.places.forget_name(name)
        owner = scope.outer.get(name)
        if owner is not None or name in self._rebound:
            node = self._write_cell(owner or scope, name, node)
            if owner is not None:
                return
        if scope.log is not None and name not in scope.log:
            scope.log[name] = scope.current.get(name)
        scope.current[name] = node
        scope.dirty[name] = node

    def _write_cell(self, owner: Scope, name: str, node: int) -> int:
        cell = self.cell(owner, name, True)
        assert cell is not None
        if node >= 0:
            self.emit((COPY, node, cell))
        return cell

    def cell(self, scope: Scope, name: str, make: bool = False) -> int | None:
        """What functions elsewhere find under the name, or None if the scope does not bind it."""
        if name in scope.cells:
            return scope.cells[name]
        versions = scope.visible.get(name)
        if versions is None and not make:
            return None
        if versions and len(versions) == 1 and name not in self._rebound:
            node = versions[0]
        elif versions or make:
            node = self.new()
            scope.operations.extend((COPY, version, node) for version in versions or ())
        else:
            node = NOTHING
        scope.cells[name] = node
        return node

    def lookup(self, name: str) -> int:
        """The node that the name means here."""
        scope: Scope | None = self.scope
        assert scope is not None
        node = scope.current.get(name)
        if node is not None:
            return node
        if name in scope.outer:
            return self.cell(scope.outer[name], name, True) or NOTHING
        if name in scope.locals and scope.kind not in ("class", "module"):
            return NOTHING
        return self._lookup_outside(scope, name)

    def _lookup_outside(self, scope: Scope, name: str) -> int:
        parent = scope.parent
        while parent is not None:
            if parent.kind != "class":
                node = self.cell(parent, name) if parent.done else parent.current.get(name)
                if node is not None:
                    return node
                if name in parent.locals and parent.kind != "module":
                    return NOTHING
            parent = parent.parent
        return self.free(name)

    def free(self, name: str) -> int:
        """The node of a built-in, or of what a star import brings."""
        if name not in self._free:
            self._free[name] = node = self.new()
            self.scopes[0].operations.append((NAME, name, node))
        return self._free[name]

    def owner(self, name: str, is_global: bool) -> Scope:
        """The scope that a `global` or `nonlocal` declaration means."""
        scope = self.scope
        parent = None if is_global else scope.parent
        while parent is not None:
            if parent.kind != "class" and (name in parent.visible or name in parent.current):
                return parent
            parent = parent.parent
        return self.scopes[0]

    def branch(self, run: Callable[[], None]) -> Changes:
        """Run one alternative; give back its definitions and restore the ones before."""
        scope = self.scope
        outer, scope.log = scope.log, {}
        known = dict(scope.places.known)
        run()
        scope.places.keep_common(known)
        log, scope.log = scope.log, outer
        changes = {name: scope.current[name] for name in log}
        for name, before in log.items():
            if before is None:
                del scope.current[name]
            else:
                scope.current[name] = before
        return changes

    def merge(self, alternatives: list[Changes], or_none: bool) -> None:
        """Continue behind alternatives; `or_none`: it may be that none of them was taken."""
        names = dict.fromkeys(name for changes in alternatives for name in changes)
        for name in names:
            before = self.scope.current.get(name, NOTHING)
            versions = [changes.get(name, before) for changes in alternatives]
            if or_none:
                versions.append(before)
            self.assign(name, self.join(versions))


def _qualnames(scopes: list[Scope]) -> list[str]:
    """Qualified names by index; lambdas are numbered as they stand in the text, not as they are evaluated."""
    lambdas: dict[int, list[Scope]] = {}
    for scope in scopes:
        if scope.kind == "lambda" and scope.parent:
            lambdas.setdefault(scope.parent.index, []).append(scope)
    for group in lambdas.values():
        group.sort(key=lambda scope: (scope.node.lineno, scope.node.col_offset))
        for number, scope in enumerate(group, 1):
            scope.name = f"<lambda{number}>"
    names: list[str] = []
    for scope in scopes:  # a parent comes before its children
        inside = scope.parent is not None and scope.parent.parent is not None
        names.append(f"{names[scope.parent.index]}.{scope.name}" if inside and scope.parent else scope.name)
    return names


def ends(body: list[ast.stmt]) -> bool:
    """Whether control never falls out of the block's end."""
    return bool(body) and isinstance(body[-1], (ast.Return, ast.Raise, ast.Continue, ast.Break))
