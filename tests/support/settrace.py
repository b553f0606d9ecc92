"""Runs a program under sys.settrace and writes what happened, step by step, with deep snapshots.

    python oracle.py OUT FILE [CALL]

Independent of the recorder: it knows the program only through frames. One JSON row an event:
[kind, code name, line, variables or value]. Line events are brought down to the steps of claims.md.
"""

import ast
import contextlib
import json
import os
import sys
import types
from array import array
from collections import Counter, OrderedDict, defaultdict, deque
from decimal import Decimal
from enum import Enum
from fractions import Fraction

COMPREHENSIONS = ("<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>")
HIDDEN = set(
    "__name__ __doc__ __package__ __loader__ __spec__ __file__ __cached__ __builtins__ __annotations__ "
    "__module__ __qualname__ __firstlineno__ __static_attributes__ __conditional_annotations__ __classcell__ "
    "__path__ __classdict__ _generate_next_value_".split()
)


def canon(value, path=()):
    """A value as nested JSON: type and content, nothing of the program called."""
    kind = type(value)
    if kind in (int, bool, type(None), str, bytes, range, complex, type(Ellipsis), float):
        return [kind.__name__, repr(value)]
    if id(value) in path:
        return ["cycle"]
    path = (*path, id(value))
    if kind in (list, tuple, deque):
        return [kind.__name__, [canon(item, path) for item in value]]
    if kind in (set, frozenset):
        return [kind.__name__, sorted(json.dumps(canon(item, path)) for item in value)]
    if kind in (dict, defaultdict, OrderedDict, Counter):
        return [kind.__name__, [[canon(k, path), canon(v, path)] for k, v in kind.items(value)]]
    if kind in (Fraction, Decimal, bytearray, array):
        return [kind.__name__, repr(value)]
    if kind is slice:
        return ["slice", [canon(part, path) for part in (value.start, value.stop, value.step)]]
    mro = type.mro(kind) if kind is not type else ()
    if Enum in mro:
        return [kind.__name__, value.__dict__["_name_"], canon(value.__dict__["_value_"], path)]
    if tuple in mro and hasattr(kind, "_fields"):
        return [kind.__name__, [canon(item, path) for item in tuple.__iter__(value)]]
    if kind.__module__ in USER and kind is not type and not isinstance(value, (type, types.FunctionType)):
        return [kind.__name__, sorted(instance(value, path))]
    return ["opaque"]


USER = {"prog", "__main__"}


def instance(value, path):
    """Attribute name and content of an instance, dict and slots."""
    try:
        found = dict(object.__getattribute__(value, "__dict__"))
    except AttributeError:
        found = {}
    for base in type.mro(type(value)):
        for name, slot in vars(base).items():
            if isinstance(slot, types.MemberDescriptorType) and base.__module__ in USER:
                with contextlib.suppress(AttributeError):
                    found[name] = slot.__get__(value)
    return [[name, canon(item, path)] for name, item in found.items()]


class Statements:
    """Which statement's header a line belongs to, from the source alone."""

    def __init__(self, source):
        self.first = {}
        self.withs = set()
        self.silent = set()
        self.simple = set()
        self.classes = {}
        for node in ast.walk(ast.parse(source)):
            self.add(node)

    def add(self, node):
        if isinstance(node, ast.match_case if hasattr(ast, "match_case") else ()):
            for line in range(node.pattern.lineno, node.body[0].lineno):
                self.silent.add(line)
            return
        if not isinstance(node, (ast.stmt, ast.ExceptHandler)):
            return
        start = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))])
        body = getattr(node, "body", None)
        end = body[0].lineno - 1 if isinstance(body, list) and body else node.end_lineno
        if isinstance(node, ast.Try) or type(node).__name__ == "TryStar":
            self.silent.add(node.lineno)
            return
        for line in range(start, max(start, end) + 1):
            known = self.first.get(line)
            if known is None or known < start:
                self.first[line] = start
        if not isinstance(node, (ast.For, ast.AsyncFor, ast.While)):
            self.simple.add(start)
        if isinstance(node, (ast.With, ast.AsyncWith)):
            self.withs.add(start)
        if isinstance(node, ast.ClassDef):
            self.classes[start] = node.name
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            self.silent.add(start)
        if isinstance(node, ast.While) and isinstance(node.test, ast.Constant):
            self.silent.add(start)


class Tracer:
    """The trace function: rows of events of the frames whose code is the program's."""

    def __init__(self, path, out):
        self.path, self.out = path, out
        with open(path, encoding="utf-8") as file:
            self.statements = Statements(file.read())
        self.state = {}

    def row(self, *parts):
        self.out.append(list(parts))

    def __call__(self, frame, event, arg):
        code = frame.f_code
        if code.co_filename != self.path or code.co_name in COMPREHENSIONS:
            return None
        if event == "call":
            again = id(frame) in self.state and self.state[id(frame)][0] is frame
            if not again:
                self.row("call", code.co_name, 0, None)
                self.state[id(frame)] = [frame, None, -1, False, False]
            elif self.state[id(frame)][4]:
                self.state[id(frame)][4] = False
            else:
                self.row("resume", code.co_name, 0, None)
            frame.f_trace = self.local
            return self.local
        return None

    def local(self, frame, event, arg):
        state = self.state[id(frame)]
        name = frame.f_code.co_name
        if event == "line":
            if self.operation(frame) not in ("COPY", "RERAISE"):  # cleaning up, no statement
                state[3] = False
                self.line(frame, state, name)
        elif event == "exception":
            state[3] = True
        elif event == "return":
            self.leave(frame, state, name, arg)
        return self.local

    def line(self, frame, state, name):
        line = frame.f_lineno
        first = self.statements.first.get(line)
        if self.statements.classes.get(first) == name:  # the class body's own prologue
            return
        if (
            first is None
            or line in self.statements.silent
            or first in self.statements.silent
            or name == "<lambda>"
        ):
            return
        if first == state[1] and (line != first or self.inside_same(frame, state, first)):
            return
        if first in self.statements.withs and frame.f_lasti != self.entry_of(frame.f_code, first):
            state[1] = first
            return
        state[1], state[2] = first, frame.f_lasti
        self.row("line", name, first, self.variables(frame))

    @staticmethod
    def operation(frame):
        import dis

        return dis.opname[frame.f_code.co_code[frame.f_lasti]] if frame.f_lasti >= 0 else ""

    def inside_same(self, frame, state, first):
        """Further on in the execution of a simple statement: its other lines, an inlined comprehension."""
        return first in self.statements.simple and frame.f_lasti > state[2]

    def entry_of(self, code, line):
        import dis

        return min(offset for offset, number in dis.findlinestarts(code) if number == line)

    def variables(self, frame):
        found = {}
        for name, value in frame.f_locals.items():
            if name not in HIDDEN and name[:1] != "." and name != "__class__":
                found[name] = canon(value)
        return found

    def leave(self, frame, state, name, value):
        operation = self.operation(frame)
        if value is None and (state[3] or operation == "RERAISE") and not operation.startswith("RETURN"):
            self.row("unwind", name, 0, None)
            self.state.pop(id(frame))
            return
        if frame.f_code.co_flags & 0x2A0 and not operation.startswith("RETURN"):
            if frame.f_code.co_flags & 0x280 and type(value).__name__ != "async_generator_wrapped_value":
                state[4] = True  # an await, not a yield
                return
            self.row("yield", name, 0, canon(value))
            return
        is_function = frame.f_code.co_flags & 1
        self.row("return", name, 0, canon(value) if is_function else None)
        self.state.pop(id(frame))


def main():
    out, path, call = sys.argv[1], sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else ""
    path = os.path.realpath(path)
    rows = []
    with open(path, encoding="utf-8") as file:
        code = compile(file.read(), path, "exec", dont_inherit=True)
    module = types.ModuleType("prog" if call else "__main__")
    module.__file__ = path
    sys.modules[module.__name__] = module
    tracer = Tracer(path, rows)
    if call:
        exec(code, module.__dict__)
        code = compile(call, "<call>", "eval")
    ending = ["returned"]
    sys.settrace(tracer)
    try:
        if call:
            ending.append(canon(eval(code, module.__dict__)))
        else:
            exec(code, module.__dict__)
    except BaseException as error:
        sys.settrace(None)
        ending = ["raised", type(error).__name__]
    sys.settrace(None)
    with open(out, "w") as file:
        json.dump({"events": rows, "ending": ending}, file)


if __name__ == "__main__":
    main()
