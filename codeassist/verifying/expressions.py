"""Pure expressions over snapshots, evaluated by our own walker under a budget; never `eval`."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from codeassist.records.values import EnumMember, Instance, NamedTuple, Opaque
from codeassist.verifying import calls, operations
from codeassist.verifying.budget import Allowance
from codeassist.verifying.literals import expression_tree
from codeassist.verifying.objects import Classes, Lazy, OpaqueValue, Raised, TypeName

_PLAIN_NODES = (
    ast.Constant, ast.Name, ast.BoolOp, ast.UnaryOp, ast.BinOp, ast.Compare, ast.IfExp, ast.Subscript,
    ast.Slice, ast.Attribute, ast.Call, ast.keyword, ast.List, ast.Tuple, ast.Set, ast.Dict, ast.ListComp,
    ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.comprehension, ast.expr_context, ast.boolop,
    ast.operator, ast.unaryop, ast.cmpop,
)  # fmt: skip
_SPECIAL = frozenset({"old", "prev"})


class Impure(Exception):
    """The expression holds something that claims.md does not allow."""


class FirstArrival(Exception):
    """`prev` at the first arrival: the expression counts as true."""


@dataclass(frozen=True)
class Scope:
    """What the names of an expression mean at one moment."""

    variables: Mapping[str, Any]
    entry: Mapping[str, Any] | None = None
    """variables at the activation's entry, for `old`"""
    previous: Mapping[str, Any] | None = None
    """variables at the previous arrival, for `prev`"""
    elsewhere: frozenset[str] = frozenset()
    """names that the module or the language binds: unbound here, but not unbound in the run"""
    outside: Mapping[str, Any] = field(default_factory=dict)
    """values of some of those at this moment"""
    classes: Classes = field(default_factory=Classes)


@lru_cache(maxsize=4096)
def _checked(text: str) -> ast.expr:
    try:
        tree = expression_tree(text)
    except ValueError:
        raise Impure(text) from None
    for node in ast.walk(tree):
        _check(node)
    return tree


def _check(node: ast.AST) -> None:
    """Refuse anything beyond the vocabulary, evaluated or not."""
    good = isinstance(node, _PLAIN_NODES) and not isinstance(node, ast.MatMult)
    if isinstance(node, ast.Call):
        good = isinstance(node.func, ast.Name) and node.func.id in (*calls.PURE, *_SPECIAL)
        good = good and all(keyword.arg for keyword in node.keywords)
    elif isinstance(node, ast.Attribute):
        good = node.attr == "__name__" or not node.attr.startswith("__")
    elif isinstance(node, ast.Dict):
        good = None not in node.keys
    elif isinstance(node, ast.comprehension):
        good = not node.is_async
    if not good:
        raise Impure(type(node).__name__)


def check(text: str) -> None:
    """Raise Impure if `text` is not an expression of claims.md."""
    _checked(text)


def names_in(text: str) -> tuple[str, ...]:
    """The names that an expression mentions, in order."""
    nodes = [n.id for n in ast.walk(_checked(text)) if isinstance(n, ast.Name)]
    return tuple(dict.fromkeys(nodes))


def evaluate(text: str, scope: Scope, allowance: Allowance) -> Any:
    """The value of a pure expression.

    Raises Impure, OpaqueValue, FirstArrival, budget.TooExpensive, and Raised for what the expression
    itself would have raised.
    """
    tree = _checked(text)
    crossed = any(isinstance(n, ast.Name) and n.id in _SPECIAL for n in ast.walk(tree))
    walker = _Walker(scope, allowance, crossed)
    return operations.settled(walker.value(tree, {}), walker.sums)


def holds(text: str, scope: Scope, allowance: Allowance) -> bool:
    """The truth of a pure expression; true at the first arrival of a `prev`."""
    tree = _checked(text)
    crossed = any(isinstance(n, ast.Name) and n.id in _SPECIAL for n in ast.walk(tree))
    walker = _Walker(scope, allowance, crossed)
    try:
        return walker.sums.truth(walker.value(tree, {}))
    except FirstArrival:
        return True


class _Walker:
    """Evaluates one tree in one scope; `inner` holds the targets of comprehensions around a node."""

    def __init__(self, scope: Scope, allowance: Allowance, crossed: bool) -> None:
        self.scope = scope
        self.allowance = allowance
        self.crossed = crossed
        self.sums = operations.Operations(allowance, scope.classes, crossed)
        self.table: dict[type, Callable[[Any, dict[str, Any]], Any]] = {
            ast.Constant: self.constant, ast.Name: self.name, ast.BoolOp: self.boolean,
            ast.UnaryOp: self.unary, ast.BinOp: self.binary, ast.Compare: self.compare,
            ast.IfExp: self.conditional, ast.Subscript: self.subscript, ast.Slice: self.slice,
            ast.Attribute: self.attribute, ast.Call: self.call, ast.List: self.display,
            ast.Tuple: self.display, ast.Set: self.display, ast.Dict: self.dictionary,
            ast.ListComp: self.comprehension, ast.SetComp: self.comprehension,
            ast.DictComp: self.comprehension, ast.GeneratorExp: self.comprehension,
        }  # fmt: skip

    def value(self, node: ast.expr, inner: dict[str, Any]) -> Any:
        self.allowance.spend()
        return self.table[type(node)](node, inner)

    def constant(self, node: ast.Constant, inner: dict[str, Any]) -> Any:
        return node.value

    def name(self, node: ast.Name, inner: dict[str, Any]) -> Any:
        for names in (inner, self.scope.variables):
            if node.id in names:
                return names[node.id]
        if node.id in self.scope.elsewhere:
            if node.id in self.scope.outside:
                return self.scope.outside[node.id]
            raise OpaqueValue(node.id)
        if node.id in calls.TYPES:
            return TypeName(node.id)
        if node.id in calls.PURE:
            raise Impure(node.id)  # a function as a value
        raise Raised(NameError(f"name {node.id!r} is not defined"))

    def boolean(self, node: ast.BoolOp, inner: dict[str, Any]) -> Any:
        stop_at = isinstance(node.op, ast.Or)
        for part in node.values[:-1]:
            value = self.value(part, inner)
            if self.sums.truth(value) is stop_at:
                return value
        return self.value(node.values[-1], inner)

    def unary(self, node: ast.UnaryOp, inner: dict[str, Any]) -> Any:
        value = self.value(node.operand, inner)
        if isinstance(node.op, ast.Not):
            return not self.sums.truth(value)
        return self.sums.unary(type(node.op), value)

    def binary(self, node: ast.BinOp, inner: dict[str, Any]) -> Any:
        return self.sums.binary(type(node.op), self.value(node.left, inner), self.value(node.right, inner))

    def compare(self, node: ast.Compare, inner: dict[str, Any]) -> bool:
        left = self.value(node.left, inner)
        for op, right_node in zip(node.ops, node.comparators, strict=True):
            right = self.value(right_node, inner)
            if not self.sums.compare(type(op), left, right):
                return False
            left = right
        return True

    def conditional(self, node: ast.IfExp, inner: dict[str, Any]) -> Any:
        taken = node.body if self.sums.truth(self.value(node.test, inner)) else node.orelse
        return self.value(taken, inner)

    def subscript(self, node: ast.Subscript, inner: dict[str, Any]) -> Any:
        return self.sums.item(self.value(node.value, inner), self.value(node.slice, inner))

    def slice(self, node: ast.Slice, inner: dict[str, Any]) -> slice:
        parts = (node.lower, node.upper, node.step)
        return slice(*(None if part is None else self.value(part, inner) for part in parts))

    def attribute(self, node: ast.Attribute, inner: dict[str, Any]) -> Any:
        holder = self.value(node.value, inner)
        kind = type(holder)
        if kind is TypeName and node.attr == "__name__":
            return holder.name
        if kind is Instance and node.attr in holder.attributes:
            return holder.attributes[node.attr]
        if kind is NamedTuple and node.attr in holder.fields:
            return holder.items[holder.fields.index(node.attr)]
        if kind is EnumMember and node.attr in ("name", "value"):
            return getattr(holder, node.attr)
        if kind in (Instance, NamedTuple, EnumMember, Opaque, TypeName):
            raise OpaqueValue(node.attr)  # a property, a class attribute or a method
        if holder is None or not hasattr(kind, node.attr):
            name = kind.__name__
            raise Raised(AttributeError(f"{name!r} object has no attribute {node.attr!r}"))
        raise Impure(node.attr)

    def display(self, node: ast.List | ast.Tuple | ast.Set, inner: dict[str, Any]) -> Any:
        items = [self.value(item, inner) for item in node.elts]
        if isinstance(node, ast.Set):
            return self.sums.made(set, items)
        return items if isinstance(node, ast.List) else tuple(items)

    def dictionary(self, node: ast.Dict, inner: dict[str, Any]) -> Any:
        keys = [self.value(key, inner) for key in node.keys if key is not None]
        values = [self.value(value, inner) for value in node.values]
        return self.sums.made(dict, list(zip(keys, values, strict=True)))

    # -- calls

    def call(self, node: ast.Call, inner: dict[str, Any]) -> Any:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name in _SPECIAL:
            return self.earlier(name, node)
        if name in inner or name in self.scope.variables or name in self.scope.elsewhere:
            raise Impure(name)  # the program means something else by this name
        if name == "isinstance":
            return self.isinstance(node, inner)
        args = [self.value(arg, inner) for arg in node.args]
        named = {str(k.arg): self.keyword(str(k.arg), k.value, inner) for k in node.keywords}
        return calls.PURE[name](self.sums, *args, **named) if self._fits(name, args, named) else None

    @staticmethod
    def _fits(name: str, args: list[Any], named: dict[str, Any]) -> bool:
        if set(named) - calls.KEYWORDS.get(name, frozenset()) and name != "dict":
            raise Impure(name)
        if not calls.ARITY[name][0] <= len(args) <= calls.ARITY[name][1]:
            raise Raised(TypeError(f"{name}() takes another number of arguments"))
        return True

    def keyword(self, name: str, node: ast.expr, inner: dict[str, Any]) -> Any:
        if name == "key":
            if isinstance(node, ast.Name) and node.id in calls.PURE and node.id not in self.scope.variables:
                return node.id
            raise Impure(name)
        return self.value(node, inner)

    def earlier(self, name: str, node: ast.Call) -> Any:
        """`old(e)` and `prev(e)`: the same walker in an earlier scope."""
        if len(node.args) != 1 or node.keywords:
            raise Impure(name)
        variables = self.scope.entry if name == "old" else self.scope.previous
        if variables is None:
            raise FirstArrival if name == "prev" else OpaqueValue(name)
        scope = Scope(variables, elsewhere=self.scope.elsewhere, classes=self.scope.classes)
        walker = _Walker(scope, self.allowance, True)
        return operations.settled(walker.value(node.args[0], {}), walker.sums)

    def isinstance(self, node: ast.Call, inner: dict[str, Any]) -> bool:
        if len(node.args) != 2 or node.keywords:
            raise Raised(TypeError("isinstance expected 2 arguments"))
        value = self.value(node.args[0], inner)
        wanted = node.args[1]
        kinds = wanted.elts if isinstance(wanted, ast.Tuple) else [wanted]
        return any(self.is_a(value, kind) for kind in kinds)

    def is_a(self, value: Any, node: ast.expr) -> bool:
        if isinstance(node, ast.Name):
            return calls.is_a(value, node.id)
        if isinstance(node, ast.Call):  # type(None)
            kind = self.value(node, {})
            if isinstance(kind, TypeName):
                return calls.is_a(value, kind.name)
        raise Impure("isinstance")

    # -- comprehensions

    def comprehension(self, node: Any, inner: dict[str, Any]) -> Any:
        first = self.sums.iterate(self.value(node.generators[0].iter, inner))
        result = Lazy(iter(()), self.sums.last_ordered)
        result.items = self.turns(node, node.generators, first, dict(inner), result)
        if isinstance(node, ast.GeneratorExp):
            return result
        if isinstance(node, ast.ListComp):
            return self.sums.listed(result)
        kind = set if isinstance(node, ast.SetComp) else dict
        return self.sums.made(kind, list(result.items))

    def turns(
        self,
        node: Any,
        loops: list[ast.comprehension],
        items: Iterator[Any],
        inner: dict[str, Any],
        result: Lazy,
    ) -> Iterator[Any]:
        """What the comprehension yields; `result` learns when a set without order was walked."""
        loop, *rest = loops
        for item in items:
            self.allowance.spend()
            self.bind(loop.target, item, inner)
            if all(self.sums.truth(self.value(test, inner)) for test in loop.ifs):
                if rest:
                    nested = self.sums.iterate(self.value(rest[0].iter, inner))
                    result.ordered = result.ordered and self.sums.last_ordered
                    yield from self.turns(node, rest, nested, inner, result)
                elif isinstance(node, ast.DictComp):
                    yield self.value(node.key, inner), self.value(node.value, inner)
                else:
                    yield self.value(node.elt, inner)

    def bind(self, target: ast.expr, item: Any, inner: dict[str, Any]) -> None:
        if isinstance(target, ast.Name):
            inner[target.id] = item
        elif isinstance(target, (ast.Tuple, ast.List)):
            parts = list(self.sums.iterate(item))
            if len(parts) != len(target.elts):
                raise Raised(ValueError("cannot unpack"))
            for part, value in zip(target.elts, parts, strict=True):
                self.bind(part, value, inner)
        else:
            raise Impure("target")
