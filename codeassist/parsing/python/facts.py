"""From a module's syntax tree to its facts: functions, statements, imports and call sites."""

from __future__ import annotations

import ast
import builtins
from dataclasses import replace

from codeassist.parsing.python import functions, headers
from codeassist.parsing.python.expressions import Found, gather
from codeassist.parsing.python.names import MODULE, Names
from codeassist.parsing.python.positions import Positions
from codeassist.records.location import Span
from codeassist.records.program import CallSite, Function, Import, Module, Notice, Source, Statement
from codeassist.records.statements import names_a_step


def read_facts(source: Source, tree: ast.Module, notices: tuple[Notice, ...]) -> Module:
    """All facts of one tree."""
    reader = _Reader(source, tree)
    docstring = ast.get_docstring(tree) or ""
    module = functions.of_module(source, docstring)
    reader.open(module)
    reader.body(tree.body, MODULE, None, "body", documented=True)
    return Module(
        source=source,
        language="python",
        functions=reader.close(),
        statements=tuple(reader.statements),
        imports=tuple(reader.imports),
        call_sites=tuple(reader.calls),
        has_main_guard=any(headers.is_main_guard(node) for node in tree.body),
        docstring=docstring,
        notices=notices,
    )


class _Reader:
    """Fills the lists of facts while it goes through the bodies in source order."""

    def __init__(self, source: Source, tree: ast.Module) -> None:
        self.path = source.path
        self.at = Positions(source)
        self.names = Names(tree)
        self.functions: dict[str, Function] = {}
        self.statements: list[Statement] = []
        self.imports: list[Import] = []
        self.calls: list[CallSite] = []
        self._raises: dict[str, dict[str, None]] = {}
        self._generators: set[str] = set()
        self._inner: list[tuple[list[ast.stmt], str]] = []

    def open(self, function: Function) -> None:
        """Note a function; its own statements follow."""
        self.functions[function.id.qualname] = function

    def close(self) -> tuple[Function, ...]:
        """The functions, completed by what their bodies held."""
        lines: dict[str, list[int]] = {}
        for statement in self.statements:
            if names_a_step(statement):
                lines.setdefault(statement.function, []).append(statement.header.line)
        return tuple(
            replace(
                function,
                is_generator=name in self._generators,
                raises=tuple(self._raises.get(name, ())),
                body_lines=tuple(sorted(set(lines.get(name, ())))),
            )
            for name, function in self.functions.items()
        )

    def body(
        self, nodes: list[ast.stmt], function: str, parent: int | None, block: str, documented: bool = False
    ) -> None:
        """The statements of one block."""
        for index, node in enumerate(nodes):
            is_docstring = documented and index == 0 and headers.is_text(node)
            self.statement(node, function, parent, block, is_docstring=is_docstring)

    def statement(
        self,
        node: ast.stmt,
        function: str,
        parent: int | None,
        block: str,
        is_elif: bool = False,
        is_docstring: bool = False,
    ) -> None:
        """One statement and all that it holds."""
        index = self._add(node, function, parent, block, is_elif, is_docstring)
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            self.imports.extend(headers.imports(node, function))
        elif isinstance(node, ast.Raise):
            self._note_raise(node, function)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            name = self.names.scope(node)
            parent_function = self.functions[function]
            self.open(functions.of_definition(node, name, parent_function, self.at))
            self.body(node.body, name, None, "body", documented=True)
        elif isinstance(node, ast.If):
            self._branches(node, function, index)
        else:
            self._blocks(node, function, index)

    def _branches(self, node: ast.If, function: str, index: int) -> None:
        """An `if` with its chain of `elif`s, however long."""
        self.body(node.body, function, index, "body")
        while headers.has_elif(node, self.at):
            node = node.orelse[0]  # type: ignore[assignment]
            index = self._add(node, function, index, "orelse", True, False)
            self.body(node.body, function, index, "body")
        self.body(node.orelse, function, index, "orelse")

    def _blocks(self, node: ast.stmt, function: str, index: int) -> None:
        for block in ("body", "handlers", "cases", "orelse", "finalbody"):
            for child in getattr(node, block, ()):
                if isinstance(child, ast.ExceptHandler):
                    handler = self._add(child, function, index, "handlers", False, False)
                    self.body(child.body, function, handler, "body")
                elif isinstance(child, ast.match_case):
                    self.body(child.body, function, index, "body")
                else:
                    self.statement(child, function, index, block)

    def _add(
        self,
        node: ast.stmt | ast.ExceptHandler,
        function: str,
        parent: int | None,
        block: str,
        is_elif: bool,
        is_docstring: bool,
    ) -> int:
        found = gather(headers.header_nodes(node), function, self.names, self.at)
        header = headers.header(node, self.at)
        span = self.at.span(node)
        self.statements.append(
            Statement(
                kind=headers.kind(node),
                function=function,
                span=Span(header.line, header.column, span.end_line, span.end_column),
                header=header,
                parent=parent,
                block=block,
                reads=tuple(found.reads) + headers.also_read(node, found),
                writes=tuple(found.writes) + headers.also_written(node),
                stores=tuple(found.stores),
                test=headers.test(node, self.at),
                target=headers.target(node, self.at),
                tests=isinstance(node, (ast.If, ast.While)) + found.ternaries,
                is_elif=is_elif,
                is_docstring=is_docstring,
            )
        )
        self._keep(found, function)
        return len(self.statements) - 1

    def _keep(self, found: Found, function: str) -> None:
        self.calls.extend(found.calls)
        if found.yields:
            self._generators.add(function)
        for node, inside in found.lambdas:
            name = self.names.lambda_(node)
            self.open(functions.of_lambda(node, name, inside, self.path, self.at))

    def _note_raise(self, node: ast.Raise, function: str) -> None:
        raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
        text = self.at.text(raised)
        name = text.rpartition(".")[2]
        # a lower-case name is a variable that holds an exception, not its class
        if name[:1].isupper() or hasattr(builtins, text):
            self._raises.setdefault(function, {})[text] = None
