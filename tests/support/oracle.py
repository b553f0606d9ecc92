"""An independent recorder: `sys.settrace` for frames, woven marks for steps, deep copies for states.

It shares no code with the recorder of the package and is not meant to be fast: at every event it copies the
variables of every live activation. Whatever it says, it says of this interpreter, in this process.
Use it on small, harmless programs only.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import dataclasses
import dis
import enum
import io
import sys
import types
from array import array
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from codeassist.records.location import FunctionId
from codeassist.records.run import Run
from codeassist.records.trace import (
    Activation,
    Change,
    Event,
    ExceptionInfo,
    Outcome,
    Output,
    State,
    Trace,
    TraceHeader,
)
from codeassist.records.values import EnumMember, Instance, NamedTuple, Opaque, Tensor, equal

_ASYNC = 0x80 | 0x200  # CO_COROUTINE, CO_ASYNC_GENERATOR
HIDDEN = {"<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>"}
ATOMS = (type(None), bool, int, float, complex, str, bytes, range, type(Ellipsis), Fraction, Decimal)


# ---- which statements and functions there are -------------------------------------------------------


@dataclasses.dataclass
class Site:
    """A statement as the oracle knows it."""

    function: str
    line: int
    column: int
    node: ast.AST
    bound: tuple[str, ...]


def _bound(node: ast.AST) -> tuple[str, ...]:
    """Names that a completed step of this statement binds, its body left out."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return (node.name,)
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return tuple(a.asname or a.name.split(".")[0] for a in node.names)
    if isinstance(node, ast.Assign):
        parts: list[ast.AST] = list(node.targets)
    elif isinstance(node, (ast.AugAssign, ast.For, ast.AsyncFor)):
        parts = [node.target]
    elif isinstance(node, ast.AnnAssign):
        parts = [node.target] if node.value else []
    elif isinstance(node, (ast.With, ast.AsyncWith)):
        parts = [i.optional_vars for i in node.items if i.optional_vars]
    else:
        parts = []
    return tuple(
        n.id for p in parts for n in ast.walk(p) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    )


def _is_text(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _call(name: str, at: ast.AST, *args: ast.expr) -> ast.expr:
    node = ast.Call(ast.Name(name, ast.Load()), list(args), [])
    return ast.fix_missing_locations(ast.copy_location(node, at))


class Weaver:
    """Puts a mark before every statement, at every turn of a loop, at each arm of a ternary."""

    def __init__(self) -> None:
        self.sites: list[Site] = []
        self.codes: dict[tuple[str, int, int], str] = {}
        self.names: dict[str, Counter[str]] = defaultdict(Counter)

    def module(self, tree: ast.Module) -> ast.Module:
        tree.body = self.block(tree.body, "<module>", head=True)
        tree.body = self._guarded(tree.body, tree)
        return ast.fix_missing_locations(tree)

    def _guarded(self, body: list[ast.stmt], at: ast.AST) -> list[ast.stmt]:
        start = 1 if body and _is_text(body[0]) else 0
        while (
            start < len(body)
            and isinstance(body[start], ast.ImportFrom)
            and body[start].module == "__future__"
        ):
            start += 1
        if start == len(body):
            return body
        where = body[start]
        mark = ast.Expr(_call("__oracle_leave__", where))
        handler = ast.ExceptHandler(
            ast.copy_location(ast.Name("BaseException", ast.Load()), where),
            None,
            [mark, ast.Raise(None, None)],
        )
        handler.type = _call("__oracle_base__", where)
        return [
            *body[:start],
            ast.fix_missing_locations(ast.copy_location(ast.Try(body[start:], [handler], [], []), where)),
        ]

    def site(self, node: ast.AST, function: str) -> ast.Constant:
        decorators = getattr(node, "decorator_list", [])
        line = min([node.lineno, *(d.lineno for d in decorators)])
        self.sites.append(Site(function, line, node.col_offset, node, _bound(node)))
        return ast.Constant(len(self.sites) - 1)

    def step(self, node: ast.AST, function: str) -> ast.expr:
        return _call("__oracle_step__", node, self.site(node, function))

    def scope(self, name: str, parent: str) -> str:
        """Lexical qualified name of a new function or class in `parent`."""
        self.names[parent][name] += 1
        number = self.names[parent][name]
        if name == "<lambda>":
            name = f"<lambda{number}>"
        elif number > 1:
            name = f"{name}#{number}"
        return name if parent == "<module>" else f"{parent}.{name}"

    def block(self, body: list[ast.stmt], function: str, head: bool = False) -> list[ast.stmt]:
        result: list[ast.stmt] = []
        for position, node in enumerate(body):
            silent = isinstance(node, (ast.Global, ast.Nonlocal)) or (
                head and position == 0 and _is_text(node)
            )
            future = isinstance(node, ast.ImportFrom) and node.module == "__future__"
            if silent or future or isinstance(node, ast.Try) or type(node).__name__ == "TryStar":
                result.append(node)
            elif isinstance(node, ast.While):
                mark = self.step(node, function)
                node.test = ast.copy_location(
                    ast.BoolOp(ast.Or(), [mark, self.expression(node.test, function)]), node.test
                )
                result.append(node)
            else:
                mark = self.step(node, function)
                result += [ast.copy_location(ast.Expr(mark), node), node]
                if isinstance(node, ast.For):
                    node.iter = _call(
                        "__oracle_items__", node.iter, ast.Constant(len(self.sites) - 1), node.iter
                    )
                elif isinstance(node, ast.AsyncFor):
                    node.iter = _call(
                        "__oracle_aitems__", node.iter, ast.Constant(len(self.sites) - 1), node.iter
                    )
            self.inside(node, function)
        return result

    def inside(self, node: ast.stmt, function: str) -> None:
        """Weave the blocks and expressions below one statement, in source order."""
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            node.decorator_list = [self.expression(d, function) for d in node.decorator_list]
            if not isinstance(node, ast.ClassDef):
                self.arguments(node.args, function)
            name = self.scope(node.name, function)
            first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            self.codes[node.name, first, -1] = name
            node.body = self._guarded(self.block(node.body, name, head=True), node)
            return
        for field, value in ast.iter_fields(node):
            if field in ("body", "orelse", "finalbody") and isinstance(value, list):
                setattr(node, field, self.block(value, function))
            elif field == "handlers":
                for handler in value:
                    self.handler(handler, function)
            elif field == "cases":
                for case in value:
                    if case.guard:
                        case.guard = self.expression(case.guard, function)
                    case.body = self.block(case.body, function)
            elif field == "test" and isinstance(node, ast.While):
                continue
            elif isinstance(value, ast.expr):
                setattr(node, field, self.expression(value, function))
            elif isinstance(value, list):
                for index, item in enumerate(value):
                    if isinstance(item, ast.expr):
                        value[index] = self.expression(item, function)
                    elif isinstance(item, ast.withitem):
                        item.context_expr = self.expression(item.context_expr, function)

    def handler(self, node: ast.ExceptHandler, function: str) -> None:
        mark = self.step(node, function)
        node.body = self.block(node.body, function)
        if node.type is None:
            node.body.insert(0, ast.copy_location(ast.Expr(mark), node))
        else:
            pair = ast.Tuple([mark, node.type], ast.Load())
            node.type = ast.fix_missing_locations(
                ast.copy_location(ast.Subscript(pair, ast.Constant(1), ast.Load()), node.type)
            )

    def arguments(self, args: ast.arguments, function: str) -> None:
        args.defaults = [self.expression(d, function) for d in args.defaults]
        args.kw_defaults = [d and self.expression(d, function) for d in args.kw_defaults]

    def expression(self, node: ast.expr, function: str) -> ast.expr:
        """Name the lambdas and mark the arms of conditional expressions, in source order."""
        if isinstance(node, ast.Lambda):
            self.arguments(node.args, function)
            name = self.scope("<lambda>", function)
            self.codes["<lambda>", node.lineno, node.col_offset] = name
            node.body = self.expression(node.body, name)
            return node
        position = (node.lineno, node.col_offset)
        for field, value in ast.iter_fields(node):
            if isinstance(value, ast.expr):
                setattr(node, field, self.expression(value, function))
            elif isinstance(value, list):
                for index, item in enumerate(value):
                    if isinstance(item, ast.expr):
                        value[index] = self.expression(item, function)
                    else:
                        self.part(item, function)
        if isinstance(node, ast.IfExp):
            for field, taken in (("body", True), ("orelse", False)):
                arm = getattr(node, field)
                mark = _call("__oracle_arm__", arm, *map(ast.Constant, (*position, taken)))
                setattr(node, field, ast.copy_location(ast.BoolOp(ast.Or(), [mark, arm]), arm))
        return node

    def part(self, item: Any, function: str) -> None:
        if isinstance(item, ast.comprehension):
            item.iter = self.expression(item.iter, function)
            item.ifs = [self.expression(test, function) for test in item.ifs]
        elif isinstance(item, ast.keyword):
            item.value = self.expression(item.value, function)


# ---- values ---------------------------------------------------------------------------------------


class Copier:
    """Deep copies of one moment into recorded values; the same object gives the same copy."""

    def __init__(self) -> None:
        self.memo: dict[int, Any] = {}

    def __call__(self, value: Any) -> Any:
        kind = type(value)
        if kind in ATOMS:
            return value
        if id(value) in self.memo:
            return self.memo[id(value)]
        return self._container(value, kind)

    def _container(self, value: Any, kind: type) -> Any:
        keep = self.memo.__setitem__
        if kind in (list, deque):
            made: Any = [] if kind is list else deque(maxlen=value.maxlen)
            keep(id(value), made)
            made.extend([self(v) for v in list(value)])
            return made
        if kind in (dict, OrderedDict, Counter, defaultdict):
            made = (
                defaultdict(
                    value.default_factory
                    if value.default_factory in (int, list, set, dict, float, str)
                    else None
                )
                if kind is defaultdict
                else kind()
            )
            keep(id(value), made)
            for k, v in list(dict.items(value)):
                dict.__setitem__(made, self(k), self(v)) if kind is not OrderedDict else made.__setitem__(
                    self(k), self(v)
                )
            return made
        if kind in (tuple, frozenset):
            made = kind(self(v) for v in value)
        elif kind is set:
            made = set()
            keep(id(value), made)
            made.update([self(v) for v in list(value)])
        elif kind in (bytearray, array):
            made = kind(value) if kind is bytearray else array(value.typecode, value)
        elif kind is slice:
            made = slice(self(value.start), self(value.stop), self(value.step))
        else:
            return self._object(value, kind)
        keep(id(value), made)
        return made

    def _object(self, value: Any, kind: type) -> Any:
        if issubclass(kind, tuple) and hasattr(kind, "_fields"):
            made: Any = NamedTuple(kind.__name__, tuple(kind._fields), tuple(self(v) for v in tuple(value)))
        elif issubclass(kind, enum.Enum):
            made = EnumMember(
                kind.__name__,
                object.__getattribute__(value, "_name_"),
                self(object.__getattribute__(value, "_value_")),
            )
        elif kind.__module__ == "numpy" and kind.__name__ == "ndarray":
            import hashlib

            flat = tuple(value.ravel().tolist()) if value.size <= 64 else None
            made = Tensor(
                "ndarray",
                tuple(value.shape),
                str(value.dtype),
                hashlib.sha256(value.tobytes()).hexdigest(),
                flat,
            )
        elif _is_user_class(kind):
            made = Instance(kind.__name__)
            self.memo[id(value)] = made
            for name, item in _attributes(value, kind):
                made.attributes[name] = self(item)
            return made
        else:
            named = getattr(value, "__qualname__", "") if kind in _NAMED else ""
            made = Opaque(kind.__name__, f"<{kind.__name__} {named} #{id(value):x}>")
        self.memo[id(value)] = made
        return made


_NAMED = (types.FunctionType, types.BuiltinFunctionType, type)


def _is_user_class(kind: type) -> bool:
    """A class written in Python all the way up, so that its attributes are all there is to it."""
    return all(c is object or (c.__flags__ & (1 << 9)) for c in kind.__mro__) and not issubclass(
        kind, (type, types.ModuleType)
    )


def _attributes(value: Any, kind: type) -> Iterator[tuple[str, Any]]:
    with contextlib.suppress(AttributeError):
        yield from list(object.__getattribute__(value, "__dict__").items())
    for cls in kind.__mro__:
        for name, member in list(vars(cls).items()):
            if isinstance(member, types.MemberDescriptorType):
                with contextlib.suppress(AttributeError):
                    yield name, member.__get__(value, kind)


# ---- recording ------------------------------------------------------------------------------------


class Full(BaseException):
    """The cap of events is reached."""


@dataclasses.dataclass
class Live:
    """An activation while it runs."""

    number: int
    function: str
    parent: int | None
    depth: int
    call: int
    frame: Any
    arguments: dict[str, Any]
    events: list[int] = dataclasses.field(default_factory=list)
    status: str = "open"
    site: int = -1
    leaving: BaseException | None = None
    doubtful: Any = None
    raised_at: tuple[Any, int] = (None, 0)
    exit_arguments: dict[str, Any] = dataclasses.field(default_factory=dict)
    exit_index: int = -1


class Recorder:
    """Collects raw events with the states of all live activations."""

    def __init__(self, path: str, weaver: Weaver, max_events: int) -> None:
        self.path, self.weaver, self.max_events = path, weaver, max_events
        self.raw: list[dict[str, Any]] = []
        self.states: list[dict[int, dict[str, Any]]] = []
        self.live: dict[Any, Live] = {}
        self.all: list[Live] = []
        self.stack: list[Live] = []
        self.counts: Counter[str] = Counter()
        self.output: list[Output] = []
        self.on = False

    # -- hooks that the woven program calls
    def step(self, site: int, frame: Any = None) -> None:
        frame = frame or sys._getframe(1)
        if self.on and frame in self.live:
            life = self.live[frame]
            self._doubt(life, isinstance(self.weaver.sites[site].node, ast.ExceptHandler))
            life.site = site
            where = self.weaver.sites[site]
            self.add("line", life, where.line, where.column, [])

    def items(self, site: int, iterable: Any) -> Any:
        return _Items(self, site, iterable)

    def aitems(self, site: int, iterable: Any) -> Any:
        return _AsyncItems(self, site, iterable)

    def arm(self, line: int, column: int, taken: bool) -> None:
        if self.on and self.stack:
            life = self.stack[-1]
            last = next((i for i in reversed(life.events) if self.raw[i]["kind"] == "line"), None)
            if last is not None:
                self.raw[last]["value"].append((line, column, taken))

    def leave(self) -> None:
        frame = sys._getframe(1)
        if self.on and frame in self.live:
            self.live[frame].leaving = sys.exc_info()[1]

    def base(self) -> type:
        return BaseException

    # -- frames
    def trace(self, frame: Any, kind: str, arg: Any) -> Any:
        if not self.on or frame.f_code.co_filename != self.path or frame.f_code.co_name in HIDDEN:
            return None
        if frame in self.live:
            life = self.live[frame]
            self.stack.append(life)
            if not frame.f_code.co_flags & _ASYNC:
                self.add("resume", life, frame.f_lineno, 0, None)
        else:
            self.enter(frame)
        frame.f_trace_lines = False
        return self.local

    def enter(self, frame: Any) -> None:
        name = self.name_of(frame.f_code)
        self.counts[name] += 1
        arguments = {} if _is_body(frame.f_code) else dict(frame.f_locals)
        names = frame.f_code.co_varnames[: _parameter_count(frame.f_code)]
        arguments = {n: arguments[n] for n in names if n in arguments}
        parent = self.stack[-1] if self.stack else None
        life = Live(
            len(self.all),
            name,
            parent.number if parent else None,
            len(self.stack),
            self.counts[name],
            frame,
            arguments,
        )
        self.live[frame] = life
        self.all.append(life)
        self.stack.append(life)
        copy = Copier()
        self.add("call", life, frame.f_code.co_firstlineno, 0, {n: copy(v) for n, v in arguments.items()})

    def name_of(self, code: types.CodeType) -> str:
        if code.co_name == "<module>":
            return "<module>"
        column = -1
        if code.co_name == "<lambda>":
            places = [
                (s, c)
                for (s, _, c, _) in code.co_positions()
                if s is not None and c is not None and (s, c) != (code.co_firstlineno, 0)
            ]
            first = min(places, default=(code.co_firstlineno, 0))
            inside = [k for k in self.weaver.codes if k[0] == "<lambda>" and (k[1], k[2]) <= first]
            column = max(inside, key=lambda k: (k[1], k[2]))[2]
            line = max(inside, key=lambda k: (k[1], k[2]))[1]
            return self.weaver.codes["<lambda>", line, column]
        return self.weaver.codes[code.co_name, code.co_firstlineno, column]

    def local(self, frame: Any, kind: str, arg: Any) -> Any:
        life = self.live.get(frame)
        if not self.on or life is None:
            return self.local
        if kind == "exception" and life.leaving is None:
            if isinstance(arg[1], (StopIteration, StopAsyncIteration)):
                life.doubtful = (arg[1], frame.f_lineno)
            else:
                self.raised(life, arg[1], frame.f_lineno)
        elif kind == "return":
            self.left(life, frame, arg)
        return self.local

    def raised(self, life: Live, error: BaseException, line: int) -> None:
        life.doubtful = None
        where = self.weaver.sites[life.site].line if life.site >= 0 else line
        life.raised_at = (error, where)
        self.add("raise", life, where, 0, _exception(error, where))
        if life.function.rsplit(".", 1)[-1].startswith("<lambda"):
            life.leaving = error

    def _doubt(self, life: Live, confirmed: bool) -> None:
        """A StopIteration was a raise only if the activation treats it as one."""
        if life.doubtful and confirmed:
            error, line = life.doubtful
            self.raised(life, error, line)
        life.doubtful = None

    def left(self, life: Live, frame: Any, value: Any) -> None:
        suspended = life.leaving is None and dis.opname[frame.f_code.co_code[frame.f_lasti]] in (
            "YIELD_VALUE",
            "YIELD_FROM",
            "SEND",
        )
        if suspended:
            life.doubtful = None
            if not frame.f_code.co_flags & _ASYNC:  # an await hands nothing to anybody
                self.add("yield", life, self._line(life, frame), 0, Copier()(value))
            life.status = "suspended"
        elif life.leaving is not None:
            self._doubt(life, True)
            life.status = "raised"
            error, line = life.raised_at
            line = line if error is life.leaving else self._line(life, frame)
            self._exit("unwind", life, frame, _exception(life.leaving, line), None)
        else:
            life.doubtful = None
            life.status = "returned"
            self._exit("return", life, frame, None, (value,))
        if life in self.stack:
            del self.stack[self.stack.index(life) :]

    def _line(self, life: Live, frame: Any) -> int:
        return self.weaver.sites[life.site].line if life.site >= 0 else frame.f_lineno

    def _exit(self, kind: str, life: Live, frame: Any, value: Any, result: tuple[Any] | None) -> None:
        life.exit_index = len(self.raw)
        self.add(kind, life, self._line(life, frame), 0, value, result)
        copy = Copier()
        life.exit_arguments = {n: copy(v) for n, v in life.arguments.items()}
        del self.live[frame]

    def add(
        self, kind: str, life: Live, line: int, column: int, value: Any, result: tuple[Any] | None = None
    ) -> None:
        if len(self.raw) >= self.max_events:
            self.on = False
            raise Full
        self.states.append(self.copies(life, result))
        if result is not None:
            value = self.states[-1][life.number]["return"]
        life.events.append(len(self.raw))
        self.raw.append(
            {"kind": kind, "life": life, "line": line, "column": column, "value": value, "depth": life.depth}
        )

    def copies(self, own: Live | None = None, result: tuple[Any] | None = None) -> dict[int, dict[str, Any]]:
        made = {}
        for frame, life in list(self.live.items()):
            copy = Copier()
            names = _visible(frame)
            made[life.number] = {name: copy(value) for name, value in names.items()}
            if life is own and result is not None:
                made[life.number]["return"] = copy(result[0])
        return made

    def write(self, stream: str, text: str) -> None:
        if self.on and text:
            self.output.append(Output(len(self.raw) - 1, stream, text))


class _Items:
    """The items of a loop, with a step of the header before each but the first."""

    def __init__(self, recorder: Recorder, site: int, iterable: Any) -> None:
        self.recorder, self.site, self.items, self.first = recorder, site, iter(iterable), True

    def __iter__(self) -> _Items:
        return self

    def __next__(self) -> Any:
        if not self.first:
            self.recorder.step(self.site, sys._getframe(1))
        self.first = False
        return next(self.items)


class _AsyncItems:
    """The same for `async for`."""

    def __init__(self, recorder: Recorder, site: int, iterable: Any) -> None:
        self.recorder, self.site, self.items, self.first = recorder, site, iterable.__aiter__(), True

    def __aiter__(self) -> _AsyncItems:
        return self

    def __anext__(self) -> Any:
        if not self.first:
            self.recorder.step(self.site, sys._getframe(1))
        self.first = False
        return self.items.__anext__()


def _parameter_count(code: types.CodeType) -> int:
    return code.co_argcount + code.co_kwonlyargcount + bool(code.co_flags & 4) + bool(code.co_flags & 8)


def _is_body(code: types.CodeType) -> bool:
    return not code.co_flags & 1  # CO_OPTIMIZED: set for functions only


def _visible(frame: Any) -> dict[str, Any]:
    values = dict(frame.f_locals)
    if _is_body(frame.f_code):
        values = {n: v for n, v in values.items() if not n.startswith("__")}
    return values


def _exception(error: BaseException, line: int) -> ExceptionInfo:
    try:
        message = str(error)
    except Exception:
        message = ""
    bases = tuple(c.__name__ for c in type(error).__mro__[1:-1])
    return ExceptionInfo(type(error).__name__, message, line, "", bases)


# ---- the reader -----------------------------------------------------------------------------------


class OracleReader:
    """TraceReader over what was copied."""

    def __init__(self, recorder: Recorder) -> None:
        self._output = tuple(recorder.output)
        self._states = recorder.states
        self._final = recorder.copies()
        self._lives = recorder.all
        self._activations = tuple(_activation(recorder.path, life) for life in recorder.all)
        self._events = tuple(self._event(recorder, i) for i in range(len(recorder.raw)))

    def _event(self, recorder: Recorder, index: int) -> Event:
        raw = recorder.raw[index]
        life, value, tests, changes = raw["life"], raw["value"], (), ()
        if raw["kind"] == "line":
            value, tests, changes = None, tuple(raw["value"]), self._changes(recorder, index, life)
        function = FunctionId(recorder.path, life.function)
        place = (raw["line"], raw["column"], raw["depth"], 0, life.number)
        return Event(index, raw["kind"], function, *place, changes, value, tests)

    def _changes(self, recorder: Recorder, index: int, life: Live) -> tuple[Change, ...]:
        own = life.events
        position = own.index(index)
        after = own[position + 1] if position + 1 < len(own) else len(recorder.raw)
        before_state = recorder.states[index].get(life.number, {})
        after_state = (recorder.states[after] if after < len(recorder.raw) else self._final).get(
            life.number, {}
        )
        site = next(
            (
                s
                for s in recorder.weaver.sites
                if (s.function, s.line, s.column)
                == (life.function, recorder.raw[index]["line"], recorder.raw[index]["column"])
            ),
            None,
        )
        raised = after < len(recorder.raw) and recorder.raw[after]["kind"] in ("raise", "unwind")
        must = set(site.bound) if site and not raised else set()
        if (
            site
            and isinstance(site.node, (ast.For, ast.AsyncFor))
            and not self._entered(recorder, site, own, position)
        ):
            must = set()
        result = []
        for name in {**before_state, **after_state}:
            if name == "return":
                continue
            old, new = before_state.get(name, self), after_state.get(name, self)
            if new is self:
                result.append(Change(name, name, "delete"))
            elif name in must or old is self:
                result.append(Change(name, name, "bind", new))
            elif after == index + 1 and not equal(old, new) and type(new) is not Opaque:
                result.append(Change(name, name, "content", new))
        return tuple(result)

    @staticmethod
    def _entered(recorder: Recorder, site: Site, own: list[int], position: int) -> bool:
        following = next(
            (
                recorder.raw[i]
                for i in own[position + 1 :]
                if recorder.raw[i]["kind"] in ("line", "return", "unwind")
            ),
            None,
        )
        first = site.node.body[0]
        end = site.node.body[-1].end_lineno
        where = (following["line"], following["column"]) if following else (0, 0)
        return (
            bool(following)
            and following["kind"] == "line"
            and (first.lineno, first.col_offset) <= where
            and where[0] <= end
        )

    def __len__(self) -> int:
        return len(self._events)

    def events(self, start: int = 0, stop: int | None = None) -> Iterator[Event]:
        return iter(self._events[start:stop])

    def outline(self) -> Iterator[tuple[str, FunctionId, int, int]]:
        for event in self.events():
            yield event.kind, event.function, event.line, event.column

    def activations(self) -> Sequence[Activation]:
        return self._activations

    def state(self, index: int, activation: int) -> State:
        states = self._states[index] if index < len(self._states) else self._final
        found = dict(states.get(activation, {}))
        returned = "return" in found
        return State(index, activation, found, found.pop("return", None), returned)

    def states(self, moments: Sequence[tuple[int, int]]) -> Iterator[State]:
        return (self.state(*moment) for moment in moments)

    def argument(self, activation: int, name: str, index: int) -> Any:
        life = self._lives[activation]
        if 0 <= life.exit_index <= index:
            return life.exit_arguments[name]
        return self.state(index, activation).variables[name]  # right as long as the name is not rebound

    def output(self) -> Sequence[Output]:
        return self._output


def _activation(path: str, life: Live) -> Activation:
    return Activation(
        life.number,
        FunctionId(path, life.function),
        life.call,
        life.parent,
        0,
        life.depth,
        tuple(life.events),
        life.status,
    )


# ---- the door -------------------------------------------------------------------------------------


class _Writer(io.TextIOBase):
    def __init__(self, recorder: Recorder, stream: str) -> None:
        self.recorder, self.stream = recorder, stream

    def write(self, text: str) -> int:
        self.recorder.write(self.stream, text)
        return len(text)


def oracle_trace(source_text: str, call: str = "", path: str = "prog.py", max_events: int = 20_000) -> Trace:
    """Run `call` in the namespace of `source_text` (or the text itself as a script) and give its trace."""
    weaver = Weaver()
    code = compile(weaver.module(ast.parse(source_text)), path, "exec")
    recorder = Recorder(path, weaver, max_events)
    hooks = {n: getattr(recorder, n) for n in ("step", "items", "aitems", "arm", "leave", "base")}
    namespace: dict[str, Any] = {
        "__name__": "__main__" if not call else path.rsplit("/", 1)[-1].removesuffix(".py"),
        "__builtins__": {**vars(builtins), **{f"__oracle_{n}__": hook for n, hook in hooks.items()}},
    }
    module = types.ModuleType(namespace["__name__"])
    module.__dict__.update(namespace)
    before = sys.modules.get(module.__name__)
    if call:  # dataclasses and typing look their module up
        sys.modules[module.__name__] = module
    try:
        outcome = _execute(recorder, code, module.__dict__, call)
    finally:
        if call:
            sys.modules.pop(module.__name__, None)
            if before is not None:
                sys.modules[module.__name__] = before
    run = Run(path, call)
    header = TraceHeader(run, outcome, outcome.kind != "limit_reached", sys.version.split()[0])
    return Trace(header, OracleReader(recorder))


def _execute(recorder: Recorder, code: types.CodeType, namespace: dict[str, Any], call: str) -> Outcome:
    previous = sys.gettrace()
    with (
        contextlib.redirect_stdout(_Writer(recorder, "stdout")),
        contextlib.redirect_stderr(_Writer(recorder, "stderr")),
    ):
        try:
            if call:
                exec(code, namespace)
            recorder.on = True
            sys.settrace(recorder.trace)
            result = eval(compile(call, "<call>", "eval"), namespace) if call else exec(code, namespace)
            kept = Copier()(result)
            if isinstance(result, types.GeneratorType):
                deque(result, maxlen=0)
            return Outcome("returned", kept)
        except Full:
            return Outcome("limit_reached", limit="events")
        except SystemExit as error:
            return Outcome("exited", exception=_exception(error, 0))
        except BaseException as error:
            return Outcome("raised", exception=_exception(error, 0))
        finally:
            sys.settrace(previous)
            recorder.on = False
