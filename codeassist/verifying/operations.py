"""Operators of Python over recorded values, bounded in time and size."""

from __future__ import annotations

import ast
import operator
from array import array
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

from codeassist.records.values import EnumMember, Instance, NamedTuple, Opaque, Tensor, children
from codeassist.verifying.budget import Allowance, TooExpensive
from codeassist.verifying.compare import same_object
from codeassist.verifying.objects import Classes, Lazy, OpaqueValue, Raised, TypeName

NUMBERS = (bool, int, float, complex, Fraction, Decimal)
_ATOMS = (*NUMBERS, str, bytes, type(None), type(Ellipsis), range, bytearray, array)
_RECORDS = (Instance, NamedTuple, EnumMember, Opaque, Tensor, TypeName, Lazy)
_SETS = (set, frozenset)
_BINARY: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod, ast.Pow: operator.pow,
    ast.LShift: operator.lshift, ast.RShift: operator.rshift, ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_, ast.BitXor: operator.xor,
}  # fmt: skip
_UNARY: dict[type, Callable[[Any], Any]] = {
    ast.USub: operator.neg, ast.UAdd: operator.pos, ast.Invert: operator.invert
}  # fmt: skip
_ORDER: dict[type, Callable[[Any, Any], Any]] = {
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge
}  # fmt: skip
_SIZED = (str, bytes, bytearray, list, tuple, range, deque, array)


def guarded(function: Callable[..., Any], *args: Any) -> Any:
    """Call a built-in; what it raises is what the expression raises."""
    try:
        return function(*args)
    except (RecursionError, MemoryError):
        raise TooExpensive from None
    except Exception as error:
        raise Raised(error) from None


def settled(value: Any, sums: Operations) -> Any:
    """A value that can be compared with a claim: lazy results have no literal."""
    if type(value) is Lazy:
        raise OpaqueValue("a generator")
    return value


class Operations:
    """Operators within one allowance; `crossed`: several snapshots meet, so identity says nothing."""

    def __init__(self, allowance: Allowance, classes: Classes, crossed: bool = False) -> None:
        self.allowance, self.classes, self.crossed = allowance, classes, crossed
        self.last_ordered = True

    # -- looking into values

    def plain(self, value: Any) -> bool:
        """Whether native operators give what the program would get; pays for the size."""
        if type(value) in _ATOMS:
            self.allowance.spend(self.weight(value) // 64)
            return True
        stack, seen = [value], set()
        while stack:
            item = stack.pop()
            self.allowance.spend()
            if type(item) in _RECORDS:
                return False
            if type(item) not in _ATOMS and id(item) not in seen:
                seen.add(id(item))
                stack.extend(children(item))
        return True

    @staticmethod
    def weight(value: Any) -> int:
        """Bits of an integer, elements of anything else."""
        kind = type(value)
        if kind is int:
            return int(value.bit_length())
        if kind is Fraction:
            return int(value.numerator.bit_length() + value.denominator.bit_length())
        return len(value) if kind in (str, bytes, bytearray, array) else 1

    def refuse(self, *values: Any) -> None:
        """Stop where an object of the program would answer by its own methods."""
        for value in values:
            if type(value) in (Instance, Opaque, Tensor, EnumMember):
                raise OpaqueValue(value.cls)

    def truth(self, value: Any) -> bool:
        """`bool(value)`."""
        kind = type(value)
        if kind is Instance and self.classes.inherits(value.cls, "__bool__", "__len__"):
            return True
        if kind is NamedTuple:
            return bool(value.items)
        if kind in (TypeName, Lazy):
            return True
        if kind is Opaque and value.cls in ("function", "type", "module"):
            return True
        self.refuse(value)
        return bool(value)

    def length(self, value: Any) -> int:
        """`len(value)`."""
        self.refuse(value)
        if type(value) is NamedTuple:
            return len(value.items)
        if type(value) in (Lazy, TypeName):
            raise Raised(TypeError("object has no len()"))
        return int(guarded(len, value))

    def iterate(self, value: Any) -> Iterator[Any]:
        """Items of a value, each paid for; `last_ordered` says whether their order is the run's."""
        self.last_ordered = True
        self.refuse(value)
        kind = type(value)
        if kind is Lazy:
            self.last_ordered = value.ordered
            return self.paid(value.items)
        if kind is NamedTuple:
            return self.paid(value.items)
        if kind in _SETS:
            self.last_ordered = len(value) < 2
        if kind is TypeName:
            raise Raised(TypeError("'type' object is not iterable"))
        return self.paid(guarded(iter, value))

    def paid(self, items: Iterable[Any]) -> Iterator[Any]:
        """The same items, one step each."""
        for item in items:
            self.allowance.spend()
            yield item

    def listed(self, value: Any, ordered: bool = True) -> list[Any]:
        """All items as a list; OpaqueValue where their order matters and the snapshot lost it."""
        items = self.iterate(value)
        known = self.last_ordered
        result = list(items)
        known = value.ordered if type(value) is Lazy else known
        if ordered and not known and len(result) > 1:
            raise OpaqueValue("order of a set")
        return result

    def made(self, kind: Callable[[Any], Any], items: list[Any]) -> Any:
        """A set or dict of items; members that are objects of the program stay undecided."""
        keys = [item[0] for item in items] if kind is dict else items
        if not all(self.plain(key) for key in keys):
            raise OpaqueValue("member of a set")
        return guarded(kind, items)

    # -- operators

    def unary(self, op: type, value: Any) -> Any:
        """`-x`, `+x`, `~x`."""
        self.refuse(value)
        if type(value) is Counter:
            raise OpaqueValue("Counter")
        return guarded(_UNARY[op], value)

    def binary(self, op: type, left: Any, right: Any) -> Any:
        """An arithmetic or bit operation of bounded size."""
        self.refuse(left, right)
        left, right = self.as_tuple(left), self.as_tuple(right)
        if op is ast.Mod and type(left) in (str, bytes, bytearray):
            raise OpaqueValue("text formatting")
        if not (type(left) in NUMBERS and type(right) in NUMBERS):
            self.containers(op, left, right)
        elif op is ast.Pow:
            self.power(left, right)
        elif op is ast.LShift and type(right) is int:
            self.allowance.size(self.weight(left) + max(right, 0))
        else:
            self.allowance.size(self.weight(left) + self.weight(right))
        return guarded(_BINARY[op], left, right)

    @staticmethod
    def as_tuple(value: Any) -> Any:
        return value.items if type(value) is NamedTuple else value

    def power(self, base: Any, exponent: Any) -> None:
        """Refuse powers whose digits would not fit."""
        if type(base) in (bool, int, Fraction) and type(exponent) in (bool, int):
            bits = self.weight(base) if type(base) is not bool else 1
            if bits > 1:
                self.allowance.size(bits * abs(exponent))
        elif Decimal in (type(base), type(exponent)):
            raise OpaqueValue("Decimal power")

    def containers(self, op: type, left: Any, right: Any) -> None:
        """Refuse concatenations and repetitions that would not fit."""
        if op is ast.Mult:
            for many, count in ((left, right), (right, left)):
                if type(many) in _SIZED and type(count) in (int, bool):
                    self.allowance.size(len(many) * max(count, 0))
        for side in (left, right):
            if type(side) in (*_SIZED, *_SETS, dict):
                self.allowance.size(len(side))
            if type(side) in _SETS and not self.plain(side):
                raise OpaqueValue("member of a set")

    def compare(self, op: type, left: Any, right: Any) -> bool:
        """One comparison of a chain."""
        if op in (ast.Is, ast.IsNot):
            return self.same(left, right) is (op is ast.Is)
        if op in (ast.In, ast.NotIn):
            return self.contains(right, left) is (op is ast.In)
        if op in (ast.Eq, ast.NotEq):
            return self.equals(left, right) is (op is ast.Eq)
        left, right = self.as_tuple(left), self.as_tuple(right)
        self.refuse(left, right)
        if not (self.plain(left) and self.plain(right)):
            raise OpaqueValue("order of objects")
        return bool(guarded(_ORDER[op], left, right))

    def same(self, left: Any, right: Any) -> bool:
        """`left is right`, where copies of one snapshot can tell."""
        if type(left) is TypeName and type(right) is TypeName:
            return self.type_names(left, right)
        mutable = type(left) not in _ATOMS
        if self.crossed and mutable and type(left) is type(right):
            raise OpaqueValue("identity over time")
        return same_object(left, right, lambda: OpaqueValue("identity"))

    @staticmethod
    def type_names(left: TypeName, right: TypeName) -> bool:
        return left.name == right.name

    def contains(self, holder: Any, item: Any) -> bool:
        """`item in holder`."""
        self.refuse(holder)
        holder = self.as_tuple(holder)
        if type(holder) is range:
            if type(item) not in (int, bool):
                self.allowance.spend(len(holder))
            return bool(guarded(operator.contains, holder, item))
        if type(holder) is not Lazy and self.plain(item) and self.plain(holder):
            return bool(guarded(operator.contains, holder, item))
        return any(
            other is item and self.known(item) or self.equals(other, item) for other in self.iterate(holder)
        )

    def known(self, item: Any) -> bool:
        return type(item) in (Instance, Opaque) and not self.crossed

    def equals(self, left: Any, right: Any) -> bool:
        """`left == right` as Python has it (1 == 1.0), objects of the program only where that is sure."""
        if type(left) is TypeName or type(right) is TypeName:
            return type(left) is type(right) and self.type_names(left, right)
        if self.plain(left) and self.plain(right):
            return bool(guarded(operator.eq, left, right))
        left, right = self.as_tuple(left), self.as_tuple(right)
        if type(left) is EnumMember and type(right) is EnumMember and left.cls == right.cls:
            return bool(left.name == right.name)
        if Instance in (type(left), type(right)):
            return self.instances(left, right)
        self.refuse(left, right)
        if type(left) is Lazy or type(right) is Lazy:
            return left is right
        return self.shapes(left, right)

    def instances(self, left: Any, right: Any) -> bool:
        for side in (left, right):
            if type(side) is Instance and not self.classes.inherits(side.cls, "__eq__"):
                raise OpaqueValue(side.cls)
            if type(side) in (Opaque, EnumMember, Tensor):
                raise OpaqueValue(side.cls)
        if type(left) is not type(right):
            return False
        if self.crossed:
            raise OpaqueValue("identity over time")
        return left is right

    def shapes(self, left: Any, right: Any) -> bool:
        """Containers with objects of the program inside."""
        if type(left) in (list, tuple, deque) and type(left) is type(right):
            same = len(left) == len(right)
            return same and all(self.equals(a, b) for a, b in zip(left, right, strict=True))
        if isinstance(left, dict) and isinstance(right, dict):
            if len(left) != len(right):
                return False
            if all(self.plain(key) for key in (*left, *right)):
                return left.keys() == right.keys() and all(self.equals(left[k], right[k]) for k in left)
            raise OpaqueValue("keys")
        if type(left) in _SETS and type(right) in _SETS:
            if len(left) != len(right):
                return False
            raise OpaqueValue("member of a set")
        if type(left) is type(right):
            raise OpaqueValue("objects")
        return False

    def item(self, holder: Any, key: Any) -> Any:
        """`holder[key]`."""
        self.refuse(holder)
        holder = self.as_tuple(holder)
        if type(holder) in (Lazy, TypeName):
            raise Raised(TypeError("object is not subscriptable"))
        if isinstance(holder, dict):
            return self.lookup(holder, key)
        if type(key) is slice:
            self.allowance.spend(len(holder) if type(holder) in _SIZED else 1)
        self.refuse(key)
        return guarded(operator.getitem, holder, key)

    def lookup(self, holder: dict[Any, Any], key: Any) -> Any:
        if self.plain(key):
            guarded(hash, key)
            if key in holder:
                return holder[key]
            if all(type(k) in _ATOMS or self.plain(k) for k in holder):
                return self.missing(holder, key)
        for other, value in holder.items():
            if other is key and self.known(key) or self.equals(other, key):
                return value
        return self.missing(holder, key)

    @staticmethod
    def missing(holder: dict[Any, Any], key: Any) -> Any:
        if type(holder) is Counter:
            return 0
        if type(holder) is defaultdict:
            raise OpaqueValue("a default")
        raise Raised(KeyError(key))
