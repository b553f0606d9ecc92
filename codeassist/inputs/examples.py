"""Calls that somebody wrote down: in doctests, under the main guard, in tests."""

from __future__ import annotations

import ast
import doctest
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from codeassist.records.program import Function, Module


@dataclass(frozen=True)
class Example:
    """One call as written, with the statements that have to run before it."""

    call: str
    setup: tuple[str, ...] = ()


def doctests(module: Module, function: Function) -> list[Example]:
    """Examples of the docstrings (its own, its class's, the module's) in which `function` is called."""
    texts = [function.docstring, _class_docstring(module, function), module.docstring]
    if function.kind == "class":
        texts += [f.docstring for f in module.functions if f.parent == function.id.qualname]
    result: list[Example] = []
    for text in texts:
        result += _in_text(text, module, function)
    return list(dict.fromkeys(result))


def _class_docstring(module: Module, function: Function) -> str:
    return next((f.docstring for f in module.functions if f.id.qualname == function.parent), "")


def _in_text(text: str, module: Module, function: Function) -> list[Example]:
    if ">>>" not in text:
        return []
    try:
        sources = [example.source for example in doctest.DocTestParser().get_examples(text)]
    except ValueError:
        return []
    return list(_in_statements(_statements("\n".join(sources)) or _one_by_one(sources), module, function))


def _one_by_one(sources: Sequence[str]) -> list[ast.stmt]:
    return [statement for source in sources for statement in _statements(source)]


def _statements(text: str) -> list[ast.stmt]:
    try:
        return ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError):
        return []


def main_guard(module: Module, function: Function) -> list[Example]:
    """Calls of `function` in the block under `if __name__ == "__main__":`."""
    for statement in module.statements:
        if statement.kind == "if" and statement.function == "<module>" and "__main__" in statement.test:
            span = statement.span
            lines = module.source.lines[span.line - 1 : span.end_line]
            tree = _statements("\n".join(lines))
            body = tree[0].body if tree and isinstance(tree[0], ast.If) else []
            return list(_in_statements(body, module, function))
    return []


def in_tests(text: str, module: Module, function: Function) -> list[Example]:
    """Calls of `function` in the test functions of a test file's text that need no setup.

    A parametrized test gives a call for each of its first rows that are written out.
    """
    result: list[Example] = []
    if function.name not in text and function.parent.split(".")[-1] not in text:
        return result
    for node in ast.walk(ast.Module(_statements(text), [])):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name.startswith("test"):
            for row in _parametrized(node) or [[]]:
                found = _in_statements([*row, *node.body], module, function)
                result += [example for example in found if not example.setup]
    return list(dict.fromkeys(result))


_ROWS = 8
"""rows of a parametrized test that are read"""


def _parametrized(test: ast.FunctionDef | ast.AsyncFunctionDef) -> list[list[ast.stmt]]:
    """For each row of `pytest.mark.parametrize`, the assignments that it stands for."""
    for decorator in test.decorator_list:
        if not isinstance(decorator, ast.Call) or not ast.unparse(decorator.func).endswith("parametrize"):
            continue
        if len(decorator.args) < 2 or not isinstance(decorator.args[1], (ast.List, ast.Tuple)):
            continue
        names = _argument_names(decorator.args[0])
        return [row for node in decorator.args[1].elts[:_ROWS] if (row := _row(names, node))]
    return []


def _argument_names(node: ast.expr) -> list[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [name.strip() for name in node.value.split(",")]
    items = node.elts if isinstance(node, (ast.List, ast.Tuple)) else []
    return [item.value for item in items if isinstance(item, ast.Constant) and isinstance(item.value, str)]


def _row(names: Sequence[str], node: ast.expr) -> list[ast.stmt]:
    if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("param"):
        values: Sequence[ast.expr] = node.args
    elif len(names) == 1:
        values = [node]
    else:
        values = node.elts if isinstance(node, (ast.Tuple, ast.List)) else []
    if len(values) != len(names) or not all(_is_literal(value) for value in values):
        return []
    pairs = zip(names, values, strict=True)
    return [ast.Assign([ast.Name(name, ast.Store())], value, lineno=0) for name, value in pairs]


def _in_statements(body: Sequence[ast.stmt], module: Module, function: Function) -> Iterator[Example]:
    """Each call of the function, with the earlier statements as its setup."""
    before: list[ast.stmt] = []
    for statement in body:
        call = _call_in(statement, function, before)
        if call is not None:
            yield _example(call, before, module, function)
        idle = call is not None and function.kind == "function" and _leaves_nothing(statement)
        if not idle and not _is_import_of(statement, module):
            before.append(statement)


def _leaves_nothing(statement: ast.stmt) -> bool:
    """A call of which nothing is kept, and that is handed nothing which a later one could look at."""
    if not isinstance(statement, ast.Expr) or not isinstance(statement.value, ast.Call):
        return False
    given = [*statement.value.args, *(keyword.value for keyword in statement.value.keywords)]
    return not any(isinstance(node, (ast.Name, ast.Subscript, ast.Attribute, ast.Starred)) for node in given)


def _call_in(statement: ast.stmt, function: Function, before: Sequence[ast.stmt]) -> ast.expr | None:
    if isinstance(statement, (ast.For, ast.While, ast.If, ast.With, ast.FunctionDef, ast.ClassDef, ast.Try)):
        return None
    for node in ast.walk(statement):
        if isinstance(node, ast.Call) and _calls(node, function, before):
            return _drained(node, statement) if function.is_generator else node
    return None


def _drained(node: ast.Call, statement: ast.stmt) -> ast.expr:
    """A generator's call is kept with what drains it, such as `list(f(3))`."""
    for outer in ast.walk(statement):
        if isinstance(outer, ast.Call) and node in outer.args:
            named = isinstance(outer.func, ast.Name) and outer.func.id in (
                "list",
                "sorted",
                "tuple",
                "set",
                "sum",
            )
            return outer if named else node
    return node


def _calls(node: ast.Call, function: Function, before: Sequence[ast.stmt]) -> bool:
    target, method = node.func, function.kind in ("method", "static", "class-method")
    if function.name == "__init__" or function.kind == "class":
        cls = function.parent if function.kind != "class" else function.name
        return isinstance(target, ast.Name) and target.id == cls.split(".")[-1]
    if not method:
        named = target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", "")
        return named == function.name and not (
            isinstance(target, ast.Attribute) and _is_local(target, before)
        )
    if not isinstance(target, ast.Attribute) or target.attr != function.name:
        return False
    cls = function.parent.split(".")[-1]
    return any(cls in ast.unparse(part) for part in [*before, node])


def _is_local(target: ast.Attribute, before: Sequence[ast.stmt]) -> bool:
    """Whether `x.f()` is a method of something made earlier, not a function of an imported module."""
    return not isinstance(target.value, ast.Name) or any(
        isinstance(s, ast.Assign) and any(ast.unparse(t) == target.value.id for t in s.targets)
        for s in before
    )


def _example(call: ast.expr, before: Sequence[ast.stmt], module: Module, function: Function) -> Example:
    bound = _literals(before)
    text = ast.unparse(_Fill(bound, function, module).visit(ast.parse(ast.unparse(call), mode="eval")).body)
    needed = _names(text) | {"_"}
    setup = _needed(before, needed)
    return _in_one(setup, text) or Example(text, tuple(setup))


def _in_one(setup: Sequence[str], call: str) -> Example | None:
    """Setup and call as one expression, where the setup only names and calls: complete by itself."""
    parts = []
    for text in setup:
        statement = ast.parse(text).body[0]
        if isinstance(statement, ast.Expr):
            parts.append(text)
        elif (
            isinstance(statement, ast.Assign)
            and len(statement.targets) == 1
            and isinstance(statement.targets[0], ast.Name)
        ):
            parts.append(f"{statement.targets[0].id} := {ast.unparse(statement.value)}")
        else:
            return None
    return Example(f"({', '.join([*parts, call])})[-1]" if parts else call)


def _literals(before: Sequence[ast.stmt]) -> dict[str, ast.expr]:
    """Names bound once, to a literal, and used by nothing else before the call."""
    bound: dict[str, ast.expr] = {}
    for statement in before:
        for name in list(bound):
            if name in _names(ast.unparse(statement)):
                del bound[name]
        if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            target = statement.targets[0]
            if isinstance(target, ast.Name) and _is_literal(statement.value):
                bound[target.id] = statement.value
    return bound


def _is_literal(node: ast.expr) -> bool:
    try:
        ast.literal_eval(node)
    except (ValueError, SyntaxError, TypeError, RecursionError):
        return False
    return True


class _Fill(ast.NodeTransformer):
    """Names replaced by the literals that they stand for; `module.f` becomes `f`."""

    def __init__(self, bound: dict[str, ast.expr], function: Function, module: Module) -> None:
        self.bound = bound
        self.function = function
        self.own = {f.name for f in module.functions if f.parent == "<module>"}

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.bound.get(node.id, node) if node.id != self.function.name else node

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        plain = self.function.parent == "<module>" and node.attr == self.function.name
        if plain and isinstance(node.value, (ast.Name, ast.Attribute)):
            return ast.Name(node.attr, ast.Load())
        self.generic_visit(node)
        return node


def _names(text: str) -> set[str]:
    return {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}


def _needed(before: Sequence[ast.stmt], needed: set[str]) -> list[str]:
    """The earlier statements that the call depends on, through the names that they bind or change."""
    kept: list[str] = []
    wanted = set(needed)
    for statement in reversed(before):
        text = ast.unparse(statement)
        names = _names(text)
        bound = (
            {n.asname or n.name for n in statement.names}
            if isinstance(statement, (ast.Import, ast.ImportFrom))
            else set()
        )
        if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
            bound = {statement.name}
        touches = names & wanted if not isinstance(statement, ast.Expr) else _receivers(statement) & wanted
        if touches - _builtin_names() or bound & wanted:
            kept.append(text)
            wanted |= names
    return kept[::-1]


def _receivers(statement: ast.Expr) -> set[str]:
    """Names whose object an expression statement may change."""
    return {
        node.value.id
        for node in ast.walk(statement)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    } | {
        a.id
        for n in ast.walk(statement)
        if isinstance(n, ast.Call)
        for a in n.args
        if isinstance(a, ast.Name)
    }


def _builtin_names() -> set[str]:
    import builtins

    return set(dir(builtins))


def _is_import_of(statement: ast.stmt, module: Module) -> bool:
    """Whether it imports the module under test, whose names the call sees anyway."""
    stem = module.source.path.rsplit("/", 1)[-1].removesuffix(".py")
    if isinstance(statement, ast.ImportFrom):
        own = {f.name for f in module.functions if f.parent == "<module>"}
        return all(alias.name in own for alias in statement.names)
    return isinstance(statement, ast.Import) and all(
        stem in alias.name.split(".") for alias in statement.names
    )
