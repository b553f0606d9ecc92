"""What loops and tests did, told by counters woven into the tree: no steps, no traces, no shared code.

Every loop says when it is entered, when a body starts (with copies of the variables) and by what it is left;
every `if`, `while` and conditional expression says what its test was. It is the second opinion that claims
about loops and branches are made from.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import io
import sys
import types
from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import Any

from tests.support.oracle import Copier


@dataclass
class Turned:
    """One execution of a loop."""

    bodies: list[dict[str, Any]] = field(default_factory=list)
    by: str = ""


@dataclass
class Truth:
    """loops: (qualname, line, call) -> executions; tests: (qualname, line) -> outcomes in run order."""

    loops: dict[tuple[str, int, int], list[Turned]] = field(default_factory=lambda: defaultdict(list))
    tests: dict[tuple[str, int], list[bool]] = field(default_factory=lambda: defaultdict(list))
    finished: bool = False


class _Weave(ast.NodeTransformer):
    """Puts the counters in; `names` is the qualified name of the function being visited."""

    def __init__(self) -> None:
        self.path: list[str] = []
        self.loops: list[ast.stmt] = []
        self.statement: list[ast.stmt] = []

    @property
    def function(self) -> str:
        return ".".join(self.path) or "<module>"

    def hook(self, name: str, *args: Any) -> ast.Call:
        return ast.Call(ast.Name(f"__truth_{name}__", ast.Load()), [ast.Constant(a) for a in args], [])

    def says(self, name: str, *args: Any) -> ast.Expr:
        return ast.Expr(self.hook(name, *args))

    def _scope(self, node: Any) -> Any:
        loops, self.loops = self.loops, []
        self.path.append(node.name)
        self.generic_visit(node)
        if not isinstance(node, ast.ClassDef):
            start = 1 if ast.get_docstring(node, clean=False) is not None else 0
            node.body.insert(start, self.says("call", self.function))
        self.path.pop()
        self.loops = loops
        return node

    visit_FunctionDef = visit_AsyncFunctionDef = visit_ClassDef = _scope

    def visit_Lambda(self, node: ast.Lambda) -> Any:
        return node  # tests inside lambdas are left alone

    def _loop(self, node: Any) -> Any:
        if isinstance(node, ast.While):
            node.test = self._tested(node.test, node)
        else:
            node.iter = self.visit(node.iter)
        self.loops.append(node)
        body = [x for part in node.body for x in self._all(part)]
        self.loops.pop()
        after = [x for part in node.orelse for x in self._all(part)]
        by = "condition" if isinstance(node, ast.While) else "exhausted"
        node.body = [self.says("body", self.function, node.lineno), *body]
        node.orelse = [self.says("cause", self.function, node.lineno, by), *after]
        failed = ast.ExceptHandler(
            ast.Name("BaseException", ast.Load()),
            None,
            [self.says("cause", self.function, node.lineno, "exception"), ast.Raise()],
        )
        if after:  # what the else block raises is not the loop's doing
            failed.body = [self.says("cause_unless", self.function, node.lineno, "exception"), ast.Raise()]
        end = self.says("exit", self.function, node.lineno)
        return [self.says("enter", self.function, node.lineno), ast.Try([node], [failed], [], [end])]

    visit_For = visit_While = visit_AsyncFor = _loop

    def _all(self, node: ast.stmt) -> list[ast.stmt]:
        made = self.visit(node)
        return made if isinstance(made, list) else [made]

    def visit_Break(self, node: ast.Break) -> Any:
        return [self.says("cause", self.function, self.loops[-1].lineno, "break"), node]

    def visit_Return(self, node: ast.Return) -> Any:
        if not self.loops:
            return self.generic_visit(node)
        self.generic_visit(node)
        kept = ast.Assign([ast.Name("__truth_kept__", ast.Store())], node.value or ast.Constant(None))
        says = [self.says("cause", self.function, loop.lineno, "return") for loop in self.loops]
        return [kept, *says, ast.Return(ast.Name("__truth_kept__", ast.Load()))]

    def _tested(self, test: ast.expr, at: Any) -> ast.expr:
        test = self.visit(test)
        return ast.Call(
            ast.Name("__truth_test__", ast.Load()),
            [ast.Constant(self.function), ast.Constant(at.lineno), test],
            [],
        )

    def visit_If(self, node: ast.If) -> Any:
        node.test = self._tested(node.test, node)
        node.body = [x for part in node.body for x in self._all(part)]
        node.orelse = [x for part in node.orelse for x in self._all(part)]
        return node

    def visit_IfExp(self, node: ast.IfExp) -> Any:
        node.test = self._tested(node.test, node)
        node.body, node.orelse = self.visit(node.body), self.visit(node.orelse)
        return node


class _Counters:
    def __init__(self) -> None:
        self.truth = Truth()
        self.calls: dict[Any, int] = {}
        self.counts: dict[str, int] = defaultdict(int)
        self.open: dict[tuple[Any, int], Turned] = {}
        self.on = False

    def call(self, function: str) -> None:
        if self.on:
            self.counts[function] += 1
            self.calls[sys._getframe(1)] = self.counts[function]

    def enter(self, function: str, line: int) -> None:
        frame = sys._getframe(1)
        if self.on and frame in self.calls:
            self.open[frame, line] = Turned()
            self.truth.loops[function, line, self.calls[frame]].append(self.open[frame, line])

    def body(self, function: str, line: int) -> None:
        frame = sys._getframe(1)
        if self.on and (frame, line) in self.open:
            copy = Copier()
            values = {n: v for n, v in frame.f_locals.items() if n != "__truth_kept__"}
            turned = self.open[frame, line]
            turned.bodies.append({n: copy(v) for n, v in values.items()})
            turned.by = ""

    def cause(self, function: str, line: int, by: str) -> None:
        frame = sys._getframe(1)
        if self.on and (frame, line) in self.open:
            self.open[frame, line].by = by

    def cause_unless(self, function: str, line: int, by: str) -> None:
        frame = sys._getframe(1)
        if (
            self.on
            and (frame, line) in self.open
            and self.open[frame, line].by not in ("condition", "exhausted")
        ):
            self.open[frame, line].by = by

    def exit(self, function: str, line: int) -> None:
        self.open.pop((sys._getframe(1), line), None)

    def test(self, function: str, line: int, value: Any) -> Any:
        outcome = bool(value)
        if self.on:
            self.truth.tests[function, line].append(outcome)
        return outcome if type(value) is bool else value


def truth_of(source_text: str, call: str, name: str = "prog") -> Truth:
    """Run `call` in the namespace of `source_text` and tell what its loops and tests did."""
    tree = ast.fix_missing_locations(_Weave().visit(ast.parse(source_text)))
    counters = _Counters()
    hooks = {
        f"__truth_{n}__": getattr(counters, n)
        for n in ("call", "enter", "body", "cause", "cause_unless", "exit", "test")
    }
    module = types.ModuleType(name)
    module.__dict__["__builtins__"] = {**vars(builtins), **hooks}
    sys.modules[name] = module
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(Exception):
            exec(compile(tree, f"{name}.py", "exec"), module.__dict__)
            counters.on = True
            result = eval(call, module.__dict__)
            if isinstance(result, types.GeneratorType):
                deque(result, maxlen=0)
        counters.truth.finished = True
    finally:
        sys.modules.pop(name, None)
    return counters.truth
