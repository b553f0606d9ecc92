"""The flow of expressions: each answers with the node that holds its value."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable, Sequence
from typing import Any

from codeassist.parsing.python.flow_places import place_of
from codeassist.parsing.python.flow_scopes import Scope, Variables
from codeassist.records.flow import (
    ASK,
    CALL,
    COPY,
    EACH,
    FUNCTION,
    HIDDEN,
    ITEM,
    LOAD,
    METHOD,
    NOTHING,
    SLICE,
    TYPED,
)

Place = tuple[int, int, int, int]

OPERATORS = {
    "Add": "add",
    "Sub": "sub",
    "Mult": "mul",
    "MatMult": "matmul",
    "Div": "truediv",
    "FloorDiv": "floordiv",
    "Mod": "mod",
    "Pow": "pow",
    "LShift": "lshift",
    "RShift": "rshift",
    "BitAnd": "and",
    "BitOr": "or",
    "BitXor": "xor",
}
_COMPARES = {
    "Eq": "__eq__",
    "NotEq": "__ne__",
    "Lt": "__lt__",
    "LtE": "__le__",
    "Gt": "__gt__",
    "GtE": "__ge__",
    "In": "__contains__",
    "NotIn": "__contains__",
}
_UNARY = {"USub": "__neg__", "UAdd": "__pos__", "Invert": "__invert__", "Not": "__bool__"}

_DOTTED = re.compile(r"[A-Za-z_][\w.]*$")
_EITHER = frozenset({"Optional", "Union", "Annotated", "Final", "ClassVar", "Required", "NotRequired"})
_MANY = frozenset(
    "list List set Set frozenset Sequence Iterable Iterator Collection Generator deque MutableSequence "
    "AsyncIterator AsyncIterable AsyncGenerator".split()
)

_LARGE = 4000
"""elements of a display beyond this are a table of data, not of callbacks"""


def place(node: ast.expr | ast.stmt) -> Place:
    """Line, column, end line and end column, columns in bytes."""
    return (node.lineno, node.col_offset, node.end_lineno or node.lineno, node.end_col_offset or 0)


class Expressions(Variables):
    """Reads expressions; deep ones by Python's own recursion, whose limit the caller reports."""

    def __init__(self, rebound: frozenset[str]) -> None:
        super().__init__(rebound)
        self.pending: list[Scope] = []

    def visit(self, node: ast.expr | None) -> int:
        """The node that holds the expression's value, NOTHING where none of interest can be."""
        reader = _READERS.get(type(node))
        return reader(self, node) if reader else NOTHING

    def _constant(self, node: ast.Constant) -> int:
        value = node.value
        kind = type(value)
        if kind is str or kind is int:
            return self.key(value)  # type: ignore[arg-type]
        return self.type(kind.__name__) if kind in (float, bytes, complex) else NOTHING

    def _name(self, node: ast.Name) -> int:
        found = self.scope.current.get(node.id)
        return self.lookup(node.id) if found is None else found

    def _attribute(self, node: ast.Attribute) -> int:
        base = self.visit(node.value)
        if base < 0:
            return NOTHING
        target = self.new()
        self.emit_call((LOAD, base, node.attr, target, place(node)))
        return target

    def _call(self, node: ast.Call) -> int:
        callee = node.func
        if isinstance(callee, ast.Attribute):
            base = self.visit(callee.value)
            given = self._arguments(node)
            target = self.new()
            self.emit_call((METHOD, base, callee.attr, *given, target, place(node)))
            if callee.attr == "update" and len(given[0]) == 1 and isinstance(node.args[0], ast.Dict):
                self._updated(callee.value, given[0][0])
            return target
        function = self.visit(callee)
        given = self._arguments(node)
        target = self.new()
        self.emit_call((CALL, function, *given, target, place(node)))
        return target

    def _updated(self, container: ast.expr, display: int) -> None:
        """`d.update({"a": f})` stores under the keys of the dictionary that it is given."""
        fields = next((payload[1] for node, _, payload in reversed(self.constants) if node == display), ())
        where = (container.id, ()) if isinstance(container, ast.Name) else place_of(container)
        if where is None:
            return
        for key, node in fields:
            if isinstance(key, (str, int)):
                self.scope.places.store((where[0], (*where[1], key)), node)

    def _arguments(self, node: ast.Call) -> tuple[Any, Any, Any]:
        positional: list[int] = []
        starred: list[tuple[int, int]] = []
        for argument in node.args:
            if isinstance(argument, ast.Starred):
                starred.append((len(positional), self.visit(argument.value)))
            else:
                positional.append(self.visit(argument))
        if not node.keywords:
            return tuple(positional), (), (tuple(starred), ()) if starred else None
        named: list[tuple[str, int]] = []
        doubled: list[int] = []
        for keyword in node.keywords:
            value = self.visit(keyword.value)
            if keyword.arg is None:
                doubled.append(value)
            else:
                named.append((keyword.arg, value))
        stars = (tuple(starred), tuple(doubled)) if starred or doubled else None
        return tuple(positional), tuple(named), stars

    def _lambda(self, node: ast.Lambda) -> int:
        defaults = self.defaults(node.args)
        function = self.function_scope(node, "<lambda>", "lambda")
        scope = self.pending[-1]
        scope.returns = self.new()
        self.parameters(scope, node.args, defaults)
        return function

    def function_scope(self, node: Any, name: str, kind: str) -> int:
        """A node that holds the function; its body is read when the scope around it is done."""
        scope = self.open(node, name, kind)
        self.pending.append(scope)
        return self.constant(FUNCTION, scope.index)

    def open(self, node: Any, name: str, kind: str) -> Scope:
        """A new scope inside the current one."""
        parent = self.scope
        scope = Scope(len(self.scopes), name, kind, parent, node)
        self.scopes.append(scope)
        return scope

    def defaults(self, arguments: ast.arguments) -> dict[str, int]:
        """Nodes of the default values, by parameter."""
        positional = [*arguments.posonlyargs, *arguments.args]
        values: dict[str, int] = {}
        count = len(arguments.defaults)
        for argument, default in zip(positional[len(positional) - count :], arguments.defaults, strict=True):
            values[argument.arg] = self.visit(default)
        for argument, keyword_default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
            if keyword_default is not None:
                values[argument.arg] = self.visit(keyword_default)
        return values

    def parameters(self, scope: Scope, arguments: ast.arguments, defaults: dict[str, int]) -> None:
        """Nodes for the parameters of a function that is about to be read."""
        outer, self.scope = self.scope, scope
        for kind, group in (
            ("positional-only", arguments.posonlyargs),
            ("positional", arguments.args),
            ("star", [arguments.vararg] if arguments.vararg else []),
            ("keyword-only", arguments.kwonlyargs),
            ("double-star", [arguments.kwarg] if arguments.kwarg else []),
        ):
            for argument in group:
                self._parameter(scope, argument, kind, defaults.get(argument.arg, NOTHING))
        self.scope = outer

    def _parameter(self, scope: Scope, argument: ast.arg, kind: str, default: int) -> None:
        held = self.new()
        scope.parameters.append((argument.arg, held, kind))
        scope.locals[argument.arg] = None
        scope.current[argument.arg] = held
        scope.dirty[argument.arg] = held
        scope.defaults[held] = default
        if default >= 0:
            self.emit((COPY, default, held))

    def _binary(self, node: ast.BinOp) -> int:
        left, right = self.visit(node.left), self.visit(node.right)
        name = OPERATORS[type(node.op).__name__]
        return self.operator(left, right, f"__{name}__", f"__r{name}__", place(node))

    def operator(self, left: int, right: int, name: str, mirrored: str, at: Place) -> int:
        """What a binary operator gives: the special method's result, or the operands' own type."""
        if left < 0 and right < 0:
            return NOTHING
        if left in self.fixed and right in self.fixed and name == "__add__":
            return self._folded(left, right)
        target = self.new()
        if left >= 0:
            self.emit_call((HIDDEN, left, name, (right,), target, at))
        if right >= 0 and right not in self.fixed:
            self.emit_call((HIDDEN, right, mirrored, (left,), target, at))
        return target

    def _folded(self, left: int, right: int) -> int:
        """The sum of two constants: a key may be put together from parts."""
        first, second = self.values.get(left), self.values.get(right)
        if first is not None and type(first) is type(second):
            return self.key(first + second)  # type: ignore[operator]
        target = self.new()
        self.emit((COPY, left, target))
        self.emit((COPY, right, target))
        return target

    def _unary(self, node: ast.UnaryOp) -> int:
        operand = self.visit(node.operand)
        if isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
            value = node.operand.value
            return self.key(-value) if type(value) is int else operand
        if operand < 0 or operand in self.fixed:
            return NOTHING
        target = self.new()
        self.emit_call((HIDDEN, operand, _UNARY[type(node.op).__name__], (), target, place(node)))
        return NOTHING if isinstance(node.op, ast.Not) else target

    def _boolean(self, node: ast.BoolOp) -> int:
        return self.join([self.visit(value) for value in node.values])

    def _compare(self, node: ast.Compare) -> int:
        left = self.visit(node.left)
        for operator, comparator in zip(node.ops, node.comparators, strict=True):
            right = self.visit(comparator)
            name = _COMPARES.get(type(operator).__name__)
            holder = right if name == "__contains__" else left
            if name and holder >= 0 and holder not in self.fixed:
                other = left if name == "__contains__" else right
                self.emit_call((HIDDEN, holder, name, (other,), NOTHING, place(node)))
            left = right
        return NOTHING

    def _ternary(self, node: ast.IfExp) -> int:
        self.visit(node.test)
        return self.join([self.visit(node.body), self.visit(node.orelse)])

    def _display(self, node: ast.List | ast.Tuple | ast.Set) -> int:
        kind = type(node).__name__.lower()
        fields: list[tuple[Any, int]] = []
        exact = kind != "set"
        for index, element in enumerate(node.elts[:_LARGE]):
            if isinstance(element, ast.Starred):
                fields.append((None, self._each(self.visit(element.value), place(element))))
                exact = False
            else:
                value = self.visit(element)
                if value >= 0:
                    fields.append((index if exact else None, value))
        return self.box(kind, fields)

    def _each(self, iterable: int, at: Place) -> int:
        if iterable < 0:
            return NOTHING
        target = self.new()
        self.emit_call((EACH, iterable, target, at))
        return target

    def _dict(self, node: ast.Dict) -> int:
        fields: list[tuple[Any, int]] = []
        for key, value in zip(node.keys[:_LARGE], node.values[:_LARGE], strict=True):
            if key is None:
                merged = self.visit(value)
                if merged >= 0:
                    fields.append((None, self._values_of(merged, place(value))))
                continue
            where = self.visit(key)
            known = key.value if isinstance(key, ast.Constant) and type(key.value) in (str, int) else None
            held = self.visit(value)
            fields.append((known if known is not None or where < 0 else ("node", where), held))
        return self.box("dict", fields)

    def _values_of(self, container: int, at: Place) -> int:
        target = self.new()
        self.emit((ITEM, container, NOTHING, target, at))
        return target

    def _list_comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> int:
        kind = {"ListComp": "list", "SetComp": "set"}.get(type(node).__name__, "generator")
        (value,) = self._comprehend(node.generators, [node.elt])
        return self.box(kind, [(None, value)])

    def _dict_comprehension(self, node: ast.DictComp) -> int:
        key, value = self._comprehend(node.generators, [node.key, node.value])
        return self.box("dict", [(("node", key) if key >= 0 else None, value)])

    def _comprehend(self, generators: Sequence[ast.comprehension], values: list[ast.expr]) -> list[int]:
        results: list[int] = []

        def run() -> None:
            for part in generators:
                self.bind_target(part.target, self._each(self.visit(part.iter), place(part.iter)))
                for test in part.ifs:
                    self.visit(test)
            results.extend(self.visit(value) for value in values)

        own = {name.id for part in generators for name in ast.walk(part.target) if isinstance(name, ast.Name)}
        kept = {name: self.scope.dirty[name] for name in own if name in self.scope.dirty}
        changes = self.branch(run)
        for name in own:  # a comprehension's targets are names of its own
            changes.pop(name, None)
            self.scope.dirty.pop(name, None)
        self.scope.dirty.update(kept)
        for name, node in changes.items():
            self.assign(name, node)
        return results

    def bind_target(self, target: ast.expr, value: int) -> None:
        """Give a value to a target; statements know how."""
        raise NotImplementedError

    def _walrus(self, node: ast.NamedExpr) -> int:
        value = self.visit(node.value)
        self.assign(node.target.id, value)
        return value

    def _subscript(self, node: ast.Subscript) -> int:
        base = self.visit(node.value)
        if isinstance(node.slice, ast.Slice):
            bounds = [_number(bound) for bound in (node.slice.lower, node.slice.upper)]
            for bound in (node.slice.lower, node.slice.upper, node.slice.step):
                self.visit(bound)
            if base < 0:
                return NOTHING
            target = self.new()
            stepped = node.slice.step is not None
            start, stop = (..., ...) if stepped else bounds
            self.emit_call((SLICE, base, start, stop, target, place(node)))
            return target
        key = self.visit(node.slice)
        if base < 0:
            return NOTHING
        target = self.new()
        where = place_of(node) if self.scope.places.known else None
        known = self.scope.places.known.get(where) if where else None
        if known is None:
            self.emit_call((ITEM, base, key, target, place(node)))
        else:
            self.emit_call((ASK, base, key, target, place(node)))
            if known >= 0:
                self.emit((COPY, known, target))
        return target

    def _joined(self, node: ast.JoinedStr) -> int:
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                value = self.visit(part.value)
                if isinstance(part.format_spec, ast.JoinedStr):
                    self._joined(part.format_spec)
                if value >= 0 and value not in self.fixed:
                    name = "__repr__" if part.conversion == ord("r") else "__format__"
                    self.emit_call((HIDDEN, value, name, (), NOTHING, place(part.value)))
        return self.type("str")

    def _starred(self, node: ast.Starred) -> int:
        return self.visit(node.value)

    def _await(self, node: ast.Await) -> int:
        value = self.visit(node.value)
        if value >= 0:
            self.emit_call((HIDDEN, value, "__await__", (), NOTHING, place(node)))
        return value

    def _yield(self, node: ast.Yield) -> int:
        value = self.visit(node.value)
        self.yielded(value)
        return NOTHING

    def _yield_from(self, node: ast.YieldFrom) -> int:
        value = self._each(self.visit(node.value), place(node))
        self.yielded(value)
        return NOTHING

    def yielded(self, value: int) -> None:
        """The current function is a generator, and this is one of its values."""
        if self.scope.yields < 0:
            self.scope.yields = self.new()
        if value >= 0:
            self.emit((COPY, value, self.scope.yields))

    def annotation(self, node: ast.expr | None, target: int) -> None:
        """Note what an annotation says of `target`, for the case that nothing else is known."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node = _parsed(node.value)
        if isinstance(node, (ast.Name, ast.Attribute)):
            named = self.visit(node)
            if named >= 0:
                self.scope.guesses.append((TYPED, named, target))
        elif isinstance(node, ast.BinOp):
            self.annotation(node.left, target)
            self.annotation(node.right, target)
        elif isinstance(node, ast.Subscript):
            self._parametrised(node, target)

    def _parametrised(self, node: ast.Subscript, target: int) -> None:
        name = getattr(node.value, "id", getattr(node.value, "attr", ""))
        inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if name in _EITHER:
            for each in inner:
                self.annotation(each, target)
        elif name in _MANY and inner:
            element = self.new()
            self.annotation(inner[0], element)
            self.scope.guesses.append((COPY, self.box("list", [(None, element)]), target))
        elif name in ("dict", "Dict", "Mapping", "MutableMapping", "defaultdict") and len(inner) == 2:
            element = self.new()
            self.annotation(inner[1], element)
            self.scope.guesses.append((COPY, self.box("dict", [(None, element)]), target))
        elif name in ("type", "Type"):
            self.scope.guesses.append((COPY, self.visit(inner[0]), target))
        else:
            self.annotation(node.value, target)


def _parsed(text: str) -> ast.expr | None:
    if _DOTTED.match(text):
        first, *rest = text.split(".")
        node: ast.expr = ast.Name(first, ast.Load())
        for name in rest:
            node = ast.Attribute(node, name, ast.Load())
        for part in ast.walk(node):
            ast.copy_location(part, ast.Constant(0, lineno=1, col_offset=0, end_lineno=1, end_col_offset=0))
        return node
    try:
        with warnings.catch_warnings():  # what stands in the user's texts is not ours to announce
            warnings.simplefilter("ignore")
            return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _number(node: ast.expr | None) -> Any:
    """A constant bound, None for none, Ellipsis for an unknown one."""
    if node is None:
        return None
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = _number(node.operand)
        return -inner if isinstance(inner, int) else ...
    return node.value if isinstance(node, ast.Constant) and type(node.value) is int else ...


Reader = Callable[[Any, Any], int]

_READERS: dict[Any, Reader] = {
    ast.Constant: Expressions._constant,
    ast.Name: Expressions._name,
    ast.Attribute: Expressions._attribute,
    ast.Call: Expressions._call,
    ast.Lambda: Expressions._lambda,
    ast.BinOp: Expressions._binary,
    ast.UnaryOp: Expressions._unary,
    ast.BoolOp: Expressions._boolean,
    ast.Compare: Expressions._compare,
    ast.IfExp: Expressions._ternary,
    ast.List: Expressions._display,
    ast.Tuple: Expressions._display,
    ast.Set: Expressions._display,
    ast.Dict: Expressions._dict,
    ast.ListComp: Expressions._list_comprehension,
    ast.SetComp: Expressions._list_comprehension,
    ast.GeneratorExp: Expressions._list_comprehension,
    ast.DictComp: Expressions._dict_comprehension,
    ast.NamedExpr: Expressions._walrus,
    ast.Subscript: Expressions._subscript,
    ast.JoinedStr: Expressions._joined,
    ast.Starred: Expressions._starred,
    ast.Await: Expressions._await,
    ast.Yield: Expressions._yield,
    ast.YieldFrom: Expressions._yield_from,
}
