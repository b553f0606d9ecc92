"""The flow of a file: one pass over its statements, bodies of functions after the scope around them."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from typing import Any

from codeassist.parsing.python.bindings import bound, captures
from codeassist.parsing.python.flow_expressions import OPERATORS, Expressions, place
from codeassist.parsing.python.flow_places import place_of
from codeassist.parsing.python.flow_scopes import Changes, Scope, ends
from codeassist.records.flow import (
    CLASS,
    COPY,
    DECORATE,
    EACH,
    ENTER,
    EXTEND,
    HIDDEN,
    IMPORT,
    ITEM,
    MADE,
    NOTHING,
    PUT,
    RAISE,
    STORE,
    UNPACK,
    Flow,
)

_REBOUND = re.compile(r"^[ \t]*(?:global|nonlocal)[ \t]+([\w, \t]+)", re.MULTILINE)

ROLES = {
    "staticmethod": "static",
    "classmethod": "class-method",
    "property": "property",
    "cached_property": "property",
    "abstractproperty": "property",
    "abstractclassmethod": "class-method",
    "abstractstaticmethod": "static",
}


def read_flow(tree: ast.Module, text: str) -> Flow:
    """The flow of one parsed file; RecursionError when an expression is nested too deeply."""
    rebound = frozenset(
        name.strip() for match in _REBOUND.finditer(text) for name in match.group(1).split(",")
    )
    return _Reader(rebound).read(tree)


class _Reader(Expressions):
    """Reads statements."""

    def read(self, tree: ast.Module) -> Flow:
        """The whole file."""
        module = Scope(0, "<module>", "module", None, tree)
        self.scopes.append(module)
        self.scope = module
        module.locals = bound(tree.body)
        self.body(tree.body)
        self._finish(module)
        position = 0
        while position < len(self.pending):
            self._function(self.pending[position])
            position += 1
        names = {name: self.cell(module, name) for name in module.visible}
        names.update(module.cells)
        module.names = {name: NOTHING if node is None else node for name, node in names.items()}
        return self.flow()

    def _finish(self, scope: Scope) -> None:
        self.flush(scope)
        scope.done = True

    def _function(self, scope: Scope) -> None:
        self.scope = scope
        node = scope.node
        if isinstance(node, ast.Lambda):
            value = self.visit(node.body)
            if value >= 0:
                self.emit((COPY, value, scope.returns))
        else:
            scope.locals.update(bound(node.body))
            self.body(node.body)
        self._finish(scope)

    def body(self, statements: list[ast.stmt]) -> None:
        """A block."""
        for node in statements:
            reader = _READERS.get(type(node))
            if reader:
                reader(self, node)

    def _expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):
            self.visit(node.value)

    def _assign(self, node: ast.Assign) -> None:
        targets = node.targets
        if len(targets) == 1 and _parallel(targets[0], node.value):
            values = [self.visit(element) for element in node.value.elts]  # type: ignore[attr-defined]
            for target, value in zip(targets[0].elts, values, strict=True):  # type: ignore[attr-defined]
                self.bind_target(target, value)
            return
        value = self.visit(node.value)
        for target in targets:
            self.bind_target(target, value)

    def bind_target(self, target: ast.expr, value: int) -> None:
        """Give the value to a name, an attribute, an item, or to each part of a tuple."""
        if isinstance(target, ast.Name):
            self.assign(target.id, value)
        elif isinstance(target, ast.Attribute):
            base = self.visit(target.value)
            if base >= 0:
                self.emit_call((STORE, base, target.attr, value, place(target)))
        elif isinstance(target, ast.Subscript):
            self._put(target, value)
        elif isinstance(target, (ast.Tuple, ast.List)):
            self._unpack(target, value)
        elif isinstance(target, ast.Starred):
            self.bind_target(target.value, value)

    def _put(self, target: ast.Subscript, value: int) -> None:
        base = self.visit(target.value)
        key = NOTHING if isinstance(target.slice, ast.Slice) else self.visit(target.slice)
        if base < 0:
            return
        if isinstance(target.slice, ast.Slice):
            self.emit((EXTEND, base, value))
            self.scope.places.forget()
        else:
            self.emit_call((PUT, base, key, value, place(target)))
            self.scope.places.store(place_of(target), value)

    def _unpack(self, target: ast.Tuple | ast.List, value: int) -> None:
        star = next((i for i, element in enumerate(target.elts) if isinstance(element, ast.Starred)), None)
        for index, element in enumerate(target.elts):
            part = NOTHING
            if value >= 0:
                part = self.new()
                where: Any = index
                if star is not None and index >= star:
                    behind = len(target.elts) - 1 - index
                    where = (star, behind) if index == star else -1 - behind
                self.emit_call((UNPACK, value, where, part, place(target)))
            self.bind_target(element, part)

    def _augmented(self, node: ast.AugAssign) -> None:
        target = node.target
        old = self.visit(_loaded(target))
        value = self.visit(node.value)
        name = OPERATORS[type(node.op).__name__]
        if old >= 0 and value >= 0 and name == "add":
            self.emit((EXTEND, old, value))
        result = self.operator(old, value, f"__{name}__", f"__r{name}__", place(target))
        if old >= 0 and old not in self.fixed:
            self.emit_call((HIDDEN, old, f"__i{name}__", (value,), result, place(target)))
        self.bind_target(target, self.join([old, result]))

    def _annotated(self, node: ast.AnnAssign) -> None:
        if node.value is None and not isinstance(node.target, ast.Attribute):
            if isinstance(node.target, ast.Name) and self.scope.kind == "class":
                target = self.new()
                self.annotation(node.annotation, target)
                self.assign(node.target.id, target)
            return
        value = self.visit(node.value)
        held = self.new()
        if value >= 0:
            self.emit((COPY, value, held))
        self.annotation(node.annotation, held)
        self.bind_target(node.target, held)

    def _return(self, node: ast.Return) -> None:
        value = self.visit(node.value)
        scope = self.scope
        if value >= 0 and scope.without >= 0:
            scope.absent.append((scope.without, value))
        elif value >= 0 and self._is_parameter(value):
            scope.through[value] = scope.defaults.get(value, NOTHING)
        elif value >= 0 and scope.returns >= 0:
            self.emit((COPY, value, scope.returns))
        self.flush(scope)

    def _is_parameter(self, value: int) -> bool:
        """Whether a value is what the caller gave, unchanged."""
        return any(
            value == held and "star" not in kind and name not in self._rebound
            for name, held, kind in self.scope.parameters
        )

    def _raise(self, node: ast.Raise) -> None:
        raised = self.visit(node.exc)
        self.visit(node.cause)
        if raised >= 0 and node.exc is not None and not isinstance(node.exc, ast.Call):
            self.emit_call((RAISE, raised, place(node.exc)))

    def _delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            if isinstance(target, ast.Name):
                self.assign(target.id, NOTHING)
            elif isinstance(target, (ast.Attribute, ast.Subscript)):
                base = self.visit(target.value)
                if isinstance(target, ast.Subscript) and base >= 0:
                    key = self.visit(target.slice)
                    self.emit_call((HIDDEN, base, "__delitem__", (key,), NOTHING, place(target)))
                    self.scope.places.forget()

    def _assert(self, node: ast.Assert) -> None:
        self.visit(node.test)
        self.visit(node.msg)

    def _global(self, node: ast.Global | ast.Nonlocal) -> None:
        for name in node.names:
            owner = self.owner(name, isinstance(node, ast.Global))
            if owner is not self.scope:
                self.scope.outer[name] = owner

    def _import(self, node: ast.Import) -> None:
        for alias in node.names:
            target = self.new()
            first = alias.name.partition(".")[0]
            bound_module = alias.name if alias.asname else first
            self.emit_call((IMPORT, target, bound_module, "", 0))
            if bound_module != alias.name:  # the submodule is loaded although only its package is bound
                self.emit((IMPORT, NOTHING, alias.name, "", 0))
            self.assign(alias.asname or first, target)

    def _import_from(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            if alias.name == "*":
                self.stars.append((node.module or "", node.level))
                continue
            target = self.new()
            self.emit_call((IMPORT, target, node.module or "", alias.name, node.level))
            self.assign(alias.asname or alias.name, target)

    def _if(self, node: ast.If) -> None:
        changes: list[Changes] = []
        while True:
            self.visit(node.test)
            body = node.body
            outer, self.scope.without = self.scope.without, self._without(node.test)
            taken = self.branch(lambda body=body: self.body(body))  # type: ignore[misc]
            self.scope.without = outer
            if not ends(body):
                changes.append(taken)
            if len(node.orelse) != 1 or not isinstance(node.orelse[0], ast.If):
                break
            node = node.orelse[0]
        orelse = node.orelse
        otherwise = self.branch(lambda: self.body(orelse))
        if not ends(orelse):
            changes.append(otherwise)
        self.merge(changes, or_none=False)

    def _without(self, test: ast.expr) -> int:
        """The parameter with the default None that a test finds to be None, as decorators with options do."""
        if not isinstance(test, ast.Compare) or not isinstance(test.left, ast.Name) or len(test.ops) != 1:
            return self.scope.without
        right = test.comparators[0]
        value = self.scope.current.get(test.left.id, NOTHING)
        is_none = isinstance(test.ops[0], ast.Is) and isinstance(right, ast.Constant) and right.value is None
        known = value in self.scope.defaults and self._is_parameter(value)
        return value if is_none and known and self.scope.defaults[value] < 0 else self.scope.without

    def _loop(self, node: ast.While | ast.For | ast.AsyncFor, before: Callable[[], None]) -> None:
        """Names assigned in the loop are joined over its turns before its body is read."""
        assigned = bound([node])
        heads: dict[str, int] = {}
        for name in assigned:
            if name in self.scope.outer or name in self._rebound:
                continue
            head = self.new()
            entry = self.scope.current.get(name, NOTHING)
            if entry >= 0:
                self.emit((COPY, entry, head))
            heads[name] = head
            self.assign(name, head)
        self.scope.loops.append(heads)
        self.scope.places.forget()
        before()
        self.body(node.body)
        self._close_turn(heads)
        self.scope.loops.pop()
        self.scope.places.forget()
        for name, head in heads.items():
            self.assign(name, head)
        self.body(node.orelse)

    def _close_turn(self, heads: dict[str, int]) -> None:
        for name, head in heads.items():
            latest = self.scope.current.get(name, NOTHING)
            if latest >= 0 and latest != head:
                self.emit((COPY, latest, head))

    def _while(self, node: ast.While) -> None:
        self._loop(node, lambda: void(self.visit(node.test)))

    def _for(self, node: ast.For | ast.AsyncFor) -> None:
        iterable = self.visit(node.iter)

        def turn() -> None:
            element = NOTHING
            if iterable >= 0:
                element = self.new()
                self.emit_call((EACH, iterable, element, place(node.iter)))
            self.bind_target(node.target, element)

        self._loop(node, turn)

    def _leave_turn(self, node: ast.Break | ast.Continue) -> None:
        if self.scope.loops:
            self._close_turn(self.scope.loops[-1])

    def _try(self, node: Any) -> None:
        ending: list[Changes] = []
        whole = self.branch(lambda: self.body(node.body))
        # whatever the block had done when it was left: before, or at its end
        self.merge([whole], or_none=True)
        for handler in node.handlers:
            caught = self.branch(lambda handler=handler: self._handler(handler))  # type: ignore[misc]
            if not ends(handler.body):
                ending.append(caught)

        def normal() -> None:
            for name, value in whole.items():
                self.assign(name, value)
            self.body(node.orelse)

        through = self.branch(normal)
        if not ends(node.orelse or node.body):
            ending.append(through)
        self.merge(ending, or_none=False)
        self.body(node.finalbody)

    def _handler(self, handler: ast.ExceptHandler) -> None:
        caught = self.visit(handler.type)
        if handler.name:
            held = self.new()
            if caught >= 0:
                self.scope.guesses.append((14, caught, held))
            self.assign(handler.name, held)
        self.body(handler.body)

    def _with(self, node: ast.With | ast.AsyncWith) -> None:
        for item in node.items:
            manager = self.visit(item.context_expr)
            entered = NOTHING
            if manager >= 0:
                entered = self.new()
                self.emit_call((ENTER, manager, entered, place(item.context_expr)))
            if item.optional_vars is not None:
                self.bind_target(item.optional_vars, entered)
        self.body(node.body)

    def _match(self, node: ast.Match) -> None:
        subject = self.visit(node.subject)
        alternatives: list[Changes] = []
        for case in node.cases:
            taken = self.branch(lambda case=case: self._case(case, subject))  # type: ignore[misc]
            if not ends(case.body):
                alternatives.append(taken)
        self.merge(alternatives, or_none=True)

    def _case(self, case: ast.match_case, subject: int) -> None:
        self._pattern(case.pattern, subject)
        self.visit(case.guard)
        self.body(case.body)

    def _pattern(self, pattern: ast.pattern, subject: int) -> None:
        """Bind what a pattern captures; a whole subject or a part at a known place keeps its value."""
        if isinstance(pattern, ast.MatchAs):
            if pattern.pattern is not None:
                self._pattern(pattern.pattern, subject)
            if pattern.name:
                self.assign(pattern.name, subject)
        elif isinstance(pattern, ast.MatchSequence):
            for index, part in enumerate(pattern.patterns):
                self._pattern(part, self._part(subject, self.key(index), pattern))
        elif isinstance(pattern, ast.MatchMapping):
            for key, part in zip(pattern.keys, pattern.patterns, strict=True):
                self._pattern(part, self._part(subject, self.visit(key), pattern))
        elif isinstance(pattern, ast.MatchOr):
            for part in pattern.patterns:
                self._pattern(part, subject)
        elif isinstance(pattern, ast.MatchClass):
            self._class_pattern(pattern, subject)
        else:
            for name in captures(pattern):
                self.assign(name, NOTHING)

    def _class_pattern(self, pattern: ast.MatchClass, subject: int) -> None:
        for name, part in zip(pattern.kwd_attrs, pattern.kwd_patterns, strict=True):
            held = NOTHING
            if subject >= 0:
                held = self.new()
                self.emit((4, subject, name, held, _place_of(pattern)))
            self._pattern(part, held)
        for part in pattern.patterns:
            self._pattern(part, NOTHING)

    def _part(self, subject: int, key: int, pattern: ast.pattern) -> int:
        if subject < 0:
            return NOTHING
        part = self.new()
        self.emit((ITEM, subject, key, part, _place_of(pattern)))
        return part

    def _def(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        decorators, role, is_overload = self._decorators(node)
        defaults = self.defaults(node.args)
        name = self._numbered(node.name)
        previous = self.scope.current.get(node.name, NOTHING)
        function = self.function_scope(node, name, role)
        scope = self.pending[-1]
        scope.returns = self.new()
        self.parameters(scope, node.args, defaults)
        self._annotations(scope, node)
        value = function
        for decorator, at in reversed(decorators):
            decorated = self.new()
            self.emit_call((DECORATE, decorator, value, decorated, at))
            value = decorated if role == "function" else value
        if is_overload:
            return
        accessors = role == "setter" or (role == "property" and previous >= 0)
        self.assign(node.name, self.join([previous, value]) if accessors else value)

    def _numbered(self, name: str) -> str:
        counts = self.scope.counts
        counts[name] = counts.get(name, 0) + 1
        return name if counts[name] == 1 else f"{name}#{counts[name]}"

    def _decorators(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef
    ) -> tuple[list[tuple[int, Any]], str, bool]:
        found: list[tuple[int, Any]] = []
        role = "function"
        is_overload = False
        for decorator in node.decorator_list:
            last = getattr(decorator, "id", getattr(decorator, "attr", ""))
            if isinstance(decorator, ast.Attribute) and last in ("setter", "deleter", "getter"):
                role = "property" if last == "getter" else "setter"
                continue
            role = ROLES.get(last, role)
            is_overload = is_overload or last == "overload"
            if last in ("staticmethod", "classmethod", "property") and isinstance(decorator, ast.Name):
                continue
            value = self.visit(decorator)
            if value >= 0:
                found.append((value, place(decorator)))
        if role == "function" and self.scope.kind == "class":
            role = {"__new__": "static", "__init_subclass__": "class-method"}.get(node.name, role)
            role = "class-method" if node.name == "__class_getitem__" else role
        return found, role, is_overload

    def _annotations(self, scope: Scope, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        """What the annotations say; their names are looked up around the function."""
        outer, self.scope = self.scope, scope
        scope.locals, kept = {}, scope.locals
        current, scope.current = scope.current, {}
        arguments = node.args
        for argument in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]:
            if argument.annotation is not None:
                self.annotation(argument.annotation, current[argument.arg])
        if node.returns is not None:
            self.annotation(node.returns, scope.returns)
        scope.locals, scope.current = kept, current
        self.scope = outer

    def _class(self, node: ast.ClassDef) -> None:
        decorators = [(self.visit(decorator), place(decorator)) for decorator in node.decorator_list]
        bases = tuple(self.visit(base) for base in node.bases)
        keywords = {keyword.arg: self.visit(keyword.value) for keyword in node.keywords}
        outer = self.scope
        scope = self.open(node, self._numbered(node.name), "class")
        scope.bases = bases
        scope.metaclass = keywords.get("metaclass", NOTHING)
        value = self.constant(CLASS, scope.index)
        self.scope = scope
        scope.locals = bound(node.body)
        self.body(node.body)
        self._finish(scope)
        scope.names = dict(scope.current)
        made = (MADE, value, tuple((key, held) for key, held in keywords.items() if key), place(node))
        if bases or keywords:
            self.scope = outer
            self.emit_call(made)
        self.scope = outer
        outer.places.forget()  # the body may have written to anything
        for decorator, at in reversed(decorators):
            if decorator >= 0:
                decorated = self.new()
                self.emit_call((DECORATE, decorator, value, decorated, at))
                value = decorated
        self.assign(node.name, value)


def void(_: int) -> None:
    """Forget a value."""


def _parallel(target: ast.expr, value: ast.expr) -> bool:
    """Whether `a, b = x, y` can be read as one assignment for each pair."""
    if not isinstance(target, (ast.Tuple, ast.List)) or not isinstance(value, (ast.Tuple, ast.List)):
        return False
    plain = not any(isinstance(element, ast.Starred) for element in [*target.elts, *value.elts])
    return plain and len(target.elts) == len(value.elts)


def _loaded(target: ast.expr) -> ast.expr:
    """An augmented assignment's target, as the expression that is read first."""
    return target


def _place_of(node: ast.pattern) -> tuple[int, int, int, int]:
    return node.lineno, node.col_offset, node.end_lineno, node.end_col_offset


_READERS: dict[Any, Callable[[Any, Any], None]] = {
    ast.Expr: _Reader._expr,
    ast.Assign: _Reader._assign,
    ast.AugAssign: _Reader._augmented,
    ast.AnnAssign: _Reader._annotated,
    ast.Return: _Reader._return,
    ast.Raise: _Reader._raise,
    ast.Delete: _Reader._delete,
    ast.Assert: _Reader._assert,
    ast.Global: _Reader._global,
    ast.Nonlocal: _Reader._global,
    ast.Import: _Reader._import,
    ast.ImportFrom: _Reader._import_from,
    ast.If: _Reader._if,
    ast.While: _Reader._while,
    ast.For: _Reader._for,
    ast.AsyncFor: _Reader._for,
    ast.Break: _Reader._leave_turn,
    ast.Continue: _Reader._leave_turn,
    ast.Try: _Reader._try,
    ast.With: _Reader._with,
    ast.AsyncWith: _Reader._with,
    ast.Match: _Reader._match,
    ast.FunctionDef: _Reader._def,
    ast.AsyncFunctionDef: _Reader._def,
    ast.ClassDef: _Reader._class,
}
if hasattr(ast, "TryStar"):
    _READERS[ast.TryStar] = _Reader._try
