"""How values move through one file, as a few kinds of operation: what the call graph is solved from.

A file's flow numbers its *nodes* from 0. A node is a place that can hold values: one definition of
a variable, a parameter, a result. Operations are tuples that begin with one of the numbers below;
`place` in them is (line, column, end line, end column) of the call or other syntax, in bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

COPY = 0
"""(COPY, source, target)"""
CALL = 1
"""(CALL, callee, arguments, keywords, stars, target, place); keywords are (name, node) pairs, stars is
None or ((index, node) of starred arguments, nodes of double-starred ones)"""
METHOD = 2
"""(METHOD, receiver, name, arguments, keywords, stars, target, place)"""
DECORATE = 3
"""(DECORATE, decorator, decorated, target, place)"""
LOAD = 4
"""(LOAD, object, attribute, target, place)"""
STORE = 5
"""(STORE, object, attribute, source, place)"""
ITEM = 6
"""(ITEM, container, key, target, place)"""
PUT = 7
"""(PUT, container, key, source, place)"""
UNPACK = 8
"""(UNPACK, iterable, index or (first, after the last), target, place)"""
EACH = 9
"""(EACH, iterable, target, place)"""
ENTER = 10
"""(ENTER, context manager, target, place)"""
HIDDEN = 11
"""(HIDDEN, receiver, special method, arguments, target, place): a call that the syntax implies"""
IMPORT = 12
"""(IMPORT, target, module, member, level)"""
NAME = 13
"""(NAME, name, target): a name bound nowhere in the file"""
TYPED = 14
"""(TYPED, class, target): an annotation"""
RAISE = 15
"""(RAISE, exception, place)"""
SLICE = 16
"""(SLICE, container, start, stop, target, place); bounds are numbers or None"""
EXTEND = 17
"""(EXTEND, list, iterable)"""
ASK = 18
"""(ASK, container, key, target, place): as ITEM, where what a container holds there is already known:
only special methods of the program answer"""
MADE = 19
"""(MADE, class, keywords, place): a class with bases or a metaclass, which see that it was made"""

NOTHING = -1
"""stands for a node where no value of interest can be"""

FUNCTION, CLASS, KEY, TYPE, BOX = "function", "class", "key", "type", "box"
"""kinds of constant: payload is a scope's index, a scope's index, a str or int, the name of a built-in
type, or (list|tuple|set|dict|generator, pairs of key or None and node)"""


@dataclass(frozen=True, slots=True)
class FlowScope:
    """A module, class, function or lambda with the operations of its own body."""

    qualname: str
    kind: str
    """module, class, function, static, class-method, property, setter, lambda"""
    parent: int
    line: int
    end_line: int
    parameters: tuple[tuple[str, int, str], ...] = ()
    """name, node and kind (as `Parameter.kind`)"""
    returns: int = NOTHING
    yields: int = NOTHING
    names: Any = None
    """of a module or class: name -> node"""
    bases: tuple[int, ...] = ()
    operations: tuple[Any, ...] = ()
    guesses: tuple[Any, ...] = ()
    """operations from annotations, used where nothing better is known"""
    through: tuple[tuple[int, int], ...] = ()
    """nodes of parameters that the function returns as it got them, each with that of its default"""
    absent: tuple[tuple[int, int], ...] = ()
    """(node of a parameter, node of a value): returned only to calls that leave the parameter out"""
    metaclass: int = NOTHING
    """of a class: the node of its `metaclass=`"""


@dataclass(frozen=True, slots=True)
class Flow:
    """The flow of one file; scope 0 is the module."""

    nodes: int
    constants: tuple[tuple[int, str, Any], ...]
    scopes: tuple[FlowScope, ...]
    stars: tuple[tuple[str, int], ...] = ()
    """module and level of each `from module import *`"""
