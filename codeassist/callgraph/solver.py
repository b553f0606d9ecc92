"""The worklist: values spread along edges between nodes, and wake what waits for them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from codeassist.callgraph.values import (
    Body,
    Bound,
    Box,
    Builtin,
    BuiltinMethod,
    Class,
    External,
    Instance,
    Key,
    Typed,
    Value,
)

CAP = 64
"""values that one node keeps; what a place holds beyond that is no longer told apart"""

NARROW: dict[type, int] = {Box: 8, Key: 8, Typed: 8, BuiltinMethod: 6, External: 6, Instance: 24}
"""the same for kinds of which programs have many and of which few matter: none is added to a node
that already holds so many values"""

WORK = 60
"""steps for each node after which solving stops; packages need 2 to 25"""

Reaction = Callable[["Solver", Value, Any], None]


@dataclass(slots=True)
class Site:
    """One place from which something is called, with the callees found so far."""

    body: Body
    place: tuple[int, int, int, int]
    is_hidden: bool = False
    targets: dict[str, bool] = field(default_factory=dict)
    """graph name -> whether it is inside the target"""
    linked: set[Any] = field(default_factory=set)
    method: str = ""
    is_reached: bool = False
    """whether anything was found that explains the call, even if it is no function"""


@dataclass(slots=True)
class Call:
    """One call with its arguments as nodes."""

    site: Site
    arguments: tuple[int, ...]
    keywords: tuple[tuple[str, int], ...]
    starred: tuple[tuple[int, int], ...]
    doubled: tuple[int, ...]
    target: int


class Solver:
    """Nodes by number; `fixed` ones hold one constant and are never added to."""

    def __init__(self) -> None:
        self.holds: list[dict[Value, None] | None] = []
        self.follows: list[dict[int, None] | None] = []
        self.watchers: list[list[tuple[Reaction, Any]] | None] = []
        self.queue: deque[tuple[int, Value]] = deque()
        self.steps = 0
        self.is_cut = False
        """whether solving was stopped before its end"""
        self.sites: list[Site] = []
        self.classes: list[Class] = []
        self.stored: dict[tuple[str, bool], list[tuple[Class, int]]] = {}
        self.views: dict[tuple[str, bool], list[tuple[Class, int]]] = {}
        self.view_of: dict[tuple[Class, str, bool], int] = {}
        self.units: dict[str, Any] = {}
        self.aliases: dict[str, Any] = {}
        """dotted name as imported -> unit, where the folder given is not the import root"""
        self.folders: dict[str, Value] = {}
        """folders without `__init__.py` that hold modules"""
        self.packages: set[str] = set()
        self.builtin_names: frozenset[str] = frozenset()
        self.memo: dict[Any, Value] = {}
        self.instantiated: list[tuple[Class, Any]] = []
        self.decorated: dict[Value, dict[Value, None]] = {}
        """decorator -> all that it was given"""
        self.undecorated: list[tuple[int, int]] = []
        self.unfound: list[tuple[Value, str, int]] = []
        self.unkeyed: list[tuple[int, Reaction, Value, int]] = []
        self.evaluated: list[tuple[Site, str, int]] = []
        """constant texts given to eval or exec"""
        self._hidden: dict[Any, Site] = {}
        self.late: list[tuple[Value, str, Any]] = []
        self._keys: dict[Any, Key] = {}
        self._types: dict[str, Typed] = {}
        self._externals: dict[tuple[str, bool], External] = {}
        self._builtins: dict[str, Builtin] = {}
        self._bounds: dict[tuple[Body, Value], Bound] = {}

    def grow(self, count: int) -> int:
        """Make `count` nodes; gives the number of the first."""
        start = len(self.holds)
        self.holds.extend([None] * count)
        self.follows.extend([None] * count)
        self.watchers.extend([None] * count)
        return start

    def add(self, node: int, value: Value) -> None:
        """Let a node hold a value; what waits for it is told later, in order."""
        if node < 0:
            return
        held = self.holds[node]
        if held is None:
            self.holds[node] = {value: None}
        elif len(held) >= NARROW.get(type(value), CAP) or value in held:
            return
        else:
            held[value] = None
        self.queue.append((node, value))

    def edge(self, source: int, target: int) -> None:
        """Whatever `source` holds, `target` holds too."""
        if source < 0 or target < 0 or source == target:
            return
        targets = self.follows[source]
        if targets is None:
            self.follows[source] = {target: None}
        elif target in targets:
            return
        else:
            targets[target] = None
        for value in tuple(self.holds[source] or ()):
            self.add(target, value)

    def watch(self, node: int, reaction: Reaction, data: Any) -> None:
        """Call `reaction` for every value of the node, now and later."""
        if node < 0:
            return
        waiting = self.watchers[node]
        if waiting is None:
            self.watchers[node] = [(reaction, data)]
        else:
            waiting.append((reaction, data))
        for value in tuple(self.holds[node] or ()):
            reaction(self, value, data)

    def run(self) -> None:
        """Until nothing changes any more, or the work is out of all proportion (`is_cut`)."""
        queue, follows, watchers = self.queue, self.follows, self.watchers
        while queue:
            node, value = queue.popleft()
            targets, waiting = follows[node], watchers[node]
            self.steps += 1 + len(targets or ()) + len(waiting or ())
            if self.steps > WORK * (1000 + len(self.holds)):
                self.is_cut = True
                queue.clear()
                return
            if targets:
                self._spread(value, targets)
            if waiting:
                for reaction, data in tuple(waiting):
                    reaction(self, value, data)

    def _spread(self, value: Value, targets: dict[int, None]) -> None:
        """`add` to many nodes, written out: most of the time of a large program is spent here."""
        holds, append = self.holds, self.queue.append
        most = NARROW.get(type(value), CAP)
        for target in targets:
            held = holds[target]
            if held is None:
                holds[target] = {value: None}
            elif value in held or len(held) >= most:
                continue
            else:
                held[value] = None
            append((target, value))

    def hidden(self, body: Body, place: Any) -> Site:
        """The site of calls that the syntax at a place implies."""
        where = (body, place)
        if where not in self._hidden:
            self._hidden[where] = made = Site(body, place, is_hidden=True)
            self.sites.append(made)
        return self._hidden[where]

    def key(self, value: str | int) -> Key:
        """The constant `value`."""
        where = (type(value), value)
        if where not in self._keys:
            self._keys[where] = Key(value)
        return self._keys[where]

    def typed(self, name: str) -> Typed:
        """Some object of the built-in type `name`."""
        if name not in self._types:
            self._types[name] = Typed(name)
        return self._types[name]

    def external(self, name: str, is_result: bool = False) -> External:
        """What the dotted `name` means outside the target."""
        where = (name, is_result)
        if where not in self._externals:
            self._externals[where] = External(name, is_result)
        return self._externals[where]

    def builtin(self, name: str) -> Builtin:
        """The built-in `name`."""
        if name not in self._builtins:
            self._builtins[name] = Builtin(name)
        return self._builtins[name]

    def bound(self, function: Body, receiver: Value) -> Bound:
        """The function with its first argument."""
        where = (function, receiver)
        if where not in self._bounds:
            self._bounds[where] = Bound(function, receiver)
        return self._bounds[where]

    def in_role(self, function: Body, kind: str) -> Body:
        """The same function as a property, static or class method."""
        where = (function, kind)
        if where not in self.memo:
            self.memo[where] = made = copy(function)
            made.kind = kind
        found = self.memo[where]
        assert isinstance(found, Body)
        return found

    def box(self, kind: str, items: int = -1) -> Box:
        """A container made by a built-in, with the node of its elements."""
        made = Box(kind)
        made.any = items
        return made

    def constant(self, value: Value) -> int:
        """A fresh node that holds one value."""
        node = self.grow(1)
        self.add(node, value)
        return node
