"""Counts operations instead of recording them: steps by statement and a price for each built-in.

It has the interface of the recorder (install, load, begin, output, finish, encode) and writes two JSON
lines: a header, and a footer {"outcome", "operations", "counts": [[path, qualname, line, steps, cost]]}.
`steps` are executions of the statement, `cost` is the price of what it made built-ins do. Both are the
same on every machine: nothing here looks at a clock.
"""

import ast
import builtins
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import sys
from itertools import chain, repeat

try:
    import pricing
except ImportError:  # started by path: the folder is not on sys.path
    _spec = importlib.util.spec_from_file_location(
        "codeassist_probe_pricing", os.path.join(os.path.dirname(os.path.abspath(__file__)), "pricing.py")
    )
    pricing = importlib.util.module_from_spec(_spec)
    pricing.__builtins__ = dict(vars(builtins))  # our own: the program may replace what it likes
    _spec.loader.exec_module(pricing)

FORMAT = "codeassist/counts-log"

_sites = []
_steps = []
_cost = []
_keys = {}
_state = {"fd": None, "roots": (), "overlay": {}}


def install(roots, overlay, detail):
    """Put the import hook first: modules below `roots`, or in `overlay`, are compiled instrumented."""
    _state["roots"] = tuple(os.path.realpath(root) for root in roots)
    _state["overlay"] = {os.path.realpath(path): text for path, text in dict(overlay or {}).items()}
    sys.meta_path.insert(0, _Finder())


def load(path, name):
    """Import the file `path` as module `name`, instrumented."""
    path = os.path.abspath(path)
    loader = _Loader(name, path)
    spec = importlib.util.spec_from_file_location(name, path, loader=loader)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        loader.exec_module(module)
    except BaseException:
        if name != "__main__":
            sys.modules.pop(name, None)
        raise
    return module


def begin(fd, max_events):
    """Start counting; the process ends with outcome limit_reached when `max_events` operations are spent."""
    global _advance
    _state["fd"] = fd
    _steps[:] = [0] * len(_sites)
    _cost[:] = [0] * len(_sites)
    _state["left"] = max_events or 10**9
    _advance = chain(repeat(None, _state["left"]), _overrun()).__next__
    sys.setrecursionlimit(max(sys.getrecursionlimit(), 6_000))
    header = {"format": FORMAT, "version": 1, "python": sys.version.split()[0]}
    _write(json.dumps(header) + "\n")


def restart(max_events, stopped):
    """Count anew for one call of several; `stopped` is called, once, when `max_events` are spent."""
    global _advance
    _steps[:] = [0] * len(_sites)
    _cost[:] = [0] * len(_sites)
    _state.update(fd=-1, left=max_events, stopped=stopped)
    _advance = chain(repeat(None, max_events), _overrun()).__next__
    sys.setrecursionlimit(max(sys.getrecursionlimit(), 6_000))


def tallies():
    """[[path, qualname, line, steps, cost]] of the statements executed since the last restart."""
    global _advance
    _state["fd"] = None  # what follows is not the program's
    _advance = repeat(None).__next__
    return [[*site, steps, cost] for site, steps, cost in zip(_sites, _steps, _cost) if steps or cost]


def output(stream, text):
    """Text that the program wrote: costs what printing it costs, which is not counted."""


def finish(outcome):
    """Write the footer with the outcome and the counts."""
    counts = [[*site, steps, cost] for site, steps, cost in zip(_sites, _steps, _cost) if steps or cost]
    total = sum(_steps) + sum(_cost)
    footer = {"footer": {"outcome": outcome, "operations": total, "counts": counts}}
    _write(json.dumps(footer, default=str) + "\n")
    _state["fd"] = None


def encode(value):
    """The recorder's encoding of a value, for the outcome's result."""
    recorder = _state.get("recorder")
    if recorder is None:
        path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "recorder.py")
        spec = importlib.util.spec_from_file_location("codeassist_probe_recorder", path)
        recorder = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(recorder)
        _state["recorder"] = recorder
    return recorder.encode(value)


def know_own_modules(roots):
    """Objects of classes from files below `roots` are told with their attributes."""
    known = _state["recorder"]._recorder.kinds.user_modules
    for name, module in list(sys.modules.items()):
        path = getattr(module, "__file__", None)
        if type(path) is str and any(path == r or path.startswith(r + os.sep) for r in roots):
            if "site-packages" not in path and "dist-packages" not in path:
                known.add(name)


def _write(text):
    data = text.encode("ascii", "backslashreplace")
    while data and _state["fd"] is not None:
        data = data[os.write(_state["fd"], data) :]


def _overrun():
    _stop()
    yield None


def _stop():
    """End this process: the cap on operations is reached. No exception, since the program might catch it."""
    (_state.get("stopped") or _finish_early)()
    os._exit(0)


def _finish_early():
    finish({"kind": "limit_reached", "limit": "events"})


# --- what the instrumented program calls ---------------------------------------------------------


def _tick(site):
    _steps[site] += 1
    _advance()
    return True


def _charge(site, price):
    if price and _state["fd"] is not None:
        _cost[site] += price
        _state["left"] -= price
        if _state["left"] < 0:
            _stop()


_advance = repeat(None).__next__
"""counts one operation, at the speed of C, until there are no more to spend"""
_state["left"] = 0


def _hook_name(name):
    return "__codeassist_%s__" % name  # ends in underscores: never mangled inside a class


def _item(site):
    """One element of a comprehension, or one evaluation of a lambda: part of the statement's price."""
    _cost[site] += 1
    _advance()
    return True


class _Known(dict):
    """Whether the file of a code object is instrumented, found out once for each."""

    def __missing__(self, path):
        self[path] = answer = _instrumented(path)
        return answer


_HOOKS = {_hook_name("tick"): _tick, _hook_name("item"): _item}
for _name, _hook in pricing.hooks(_charge, _Known().__getitem__).items():
    _HOOKS[_hook_name(_name)] = _hook


# --- imports -------------------------------------------------------------------------------------


def _instrumented(path):
    path = os.path.realpath(path)
    if path in _state["overlay"] or path in _state["roots"]:
        return True
    if "site-packages" in path and not any("site-packages" in root for root in _state["roots"]):
        return False
    return any(path.startswith(root.rstrip(os.sep) + os.sep) for root in _state["roots"])


class _Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is None or spec.origin is None:
            spec = _find_overlaid(name, path) or spec
        if spec is None or not spec.origin or not spec.origin.endswith(".py"):
            return None
        if not _instrumented(spec.origin):
            return None
        spec.loader = _Loader(name, spec.origin)
        return spec


def _find_overlaid(name, path):
    """The spec of a module that only the overlay has: a file since renamed or deleted."""
    last = name.rpartition(".")[2]
    for folder in sys.path if path is None else path:
        for tail in (last + ".py", os.path.join(last, "__init__.py")) if _state["overlay"] else ():
            place = os.path.join(os.path.realpath(folder or "."), tail)
            if place in _state["overlay"]:
                inner = [os.path.dirname(place)] if tail != last + ".py" else None
                return importlib.util.spec_from_file_location(name, place, submodule_search_locations=inner)
    return None


class _Loader(importlib.machinery.SourceFileLoader):
    def get_code(self, fullname):
        return _compile(self.get_data(self.path), self.path)

    def get_data(self, path):
        text = _state["overlay"].get(os.path.realpath(path))
        return super().get_data(path) if text is None else text.encode("utf-8")

    def exec_module(self, module):
        vars(module).update(_HOOKS)
        exec(self.get_code(module.__name__), vars(module))


def _compile(data, path):
    tree = ast.parse(data, path)
    _Instrument(path).module(tree)
    ast.fix_missing_locations(tree)
    return compile(tree, path, "exec", dont_inherit=True)


# --- rewriting -----------------------------------------------------------------------------------

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_LOOPS = (ast.For, ast.AsyncFor)
_SILENT = (ast.Global, ast.Nonlocal, ast.Try) + ((ast.TryStar,) if hasattr(ast, "TryStar") else ())
_SIZED_RESULT = (ast.Add, ast.Mult, ast.LShift, ast.Pow, ast.BitOr, ast.BitAnd, ast.BitXor, ast.Sub)


class _Instrument:
    """Rewrites one module's tree in place."""

    def __init__(self, path):
        self.path = path
        self.qualname = "<module>"
        self.site = None

    def module(self, tree):
        tree.body = self.block(tree.body, docstring=True)

    def new_site(self, line):
        key = (self.path, self.qualname, line)
        if key not in _keys:
            _keys[key] = len(_sites)
            _sites.append(list(key))
            _steps.append(0)
            _cost.append(0)
        return _keys[key]

    def block(self, body, docstring=False):
        """Each statement with the count of its step before it."""
        result, names = [], {}
        for index, statement in enumerate(body):
            first = index == 0 and docstring and _is_text(statement)
            future = isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
            if first or future:
                result.append(statement)
                continue
            result.extend(self.statement(statement, names))
        return result

    def statement(self, node, names):
        line = min([node.lineno] + [d.lineno for d in getattr(node, "decorator_list", ())])
        site = self.new_site(line)
        outer, self.site = self.site, site
        ticks = [] if isinstance(node, (*_SILENT, *_LOOPS, ast.While)) else [self.tick(node)]
        if isinstance(node, _SCOPES):
            self.scope(node)
        else:
            self.plain(node, names)
        self.site = outer
        return [*ticks, *self.price_of_delete(node, site), node]

    def plain(self, node, names):
        own = self.site
        for field, value in ast.iter_fields(node):
            if field in ("body", "orelse", "finalbody", "annotation"):
                continue
            if field == "handlers":
                for handler in value:
                    handler.body = self.block(handler.body)
            elif field == "cases":
                self.cases(value)
            else:
                setattr(node, field, self.expression(value))
        self.special(node)
        for field in ("body", "orelse", "finalbody"):
            inner = getattr(node, field, None)
            if inner:
                setattr(node, field, self.block(inner))
        self.site = own
        self.headers(node)

    def cases(self, cases):
        for case in cases:
            if case.guard is not None:
                case.guard = self.expression(case.guard)
            case.body = self.block(case.body)

    def headers(self, node):
        if isinstance(node, _LOOPS):
            node.body.insert(0, self.tick(node))
            node.orelse.insert(0, self.tick(node))
        elif isinstance(node, ast.While):
            tick = self.hook("tick", node.test)
            node.test = ast.copy_location(ast.BoolOp(ast.And(), [tick, node.test]), node.test)

    def special(self, node):
        if isinstance(node, ast.AugAssign):
            node.value = self.hook("added", node.value, node.value)
        elif isinstance(node, ast.Assign):
            target = node.targets[0]
            sliced = isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Slice)
            starred = isinstance(target, (ast.Tuple, ast.List)) and any(
                isinstance(item, ast.Starred) for item in target.elts
            )
            if sliced or starred:
                node.value = self.hook("added", node.value, node.value)

    def price_of_delete(self, node, site):
        if not isinstance(node, ast.Delete) or len(node.targets) != 1:
            return []
        target = node.targets[0]
        if not isinstance(target, ast.Subscript) or not isinstance(target.value, ast.Name):
            return []
        outer, self.site = self.site, site
        name = ast.Name(target.value.id, ast.Load())
        call = self.hook("removed", node, name)
        self.site = outer
        return [ast.copy_location(ast.Expr(call), node)]

    def scope(self, node):
        for field in ("decorator_list", "bases", "keywords", "args"):
            if getattr(node, field, None):
                setattr(node, field, self.expression(getattr(node, field)))
        outer, site = self.qualname, self.site
        self.qualname = self.inner_name(node.name)
        node.body = self.block(node.body, docstring=True)
        self.qualname, self.site = outer, site

    def inner_name(self, name):
        full = name if self.qualname == "<module>" else self.qualname + "." + name
        seen = self.__dict__.setdefault("seen", {})
        seen[full] = seen.get(full, 0) + 1
        return full if seen[full] == 1 else "%s#%d" % (full, seen[full])

    def tick(self, node):
        statement = ast.Expr(self.hook("tick", node))
        for part in ast.walk(statement):
            ast.copy_location(part, node)
            if hasattr(node, "lineno"):
                part.end_lineno, part.end_col_offset = node.lineno, node.col_offset
        return statement

    def hook(self, name, node, *arguments):
        call = ast.Call(ast.Name(_hook_name(name), ast.Load()), [ast.Constant(self.site), *arguments], [])
        return ast.copy_location(call, node)

    def expression(self, node):
        """The expression (or list of them) with its built-ins priced, inner parts first."""
        if isinstance(node, list):
            return [self.expression(item) for item in node]
        if not isinstance(node, ast.AST):
            return node
        for field, value in ast.iter_fields(node):
            if field in ("annotation", "returns"):
                continue
            setattr(node, field, self.expression(value))
        visit = getattr(self, "visit_" + type(node).__name__, None)
        return visit(node) if visit else node

    def visit_Call(self, node):
        function = node.func
        node.func = self.hook("callee", function, function)
        return node

    def visit_Subscript(self, node):
        if isinstance(node.slice, ast.Slice) and isinstance(node.ctx, ast.Load):
            return self.hook("copied", node, node)
        return node

    def visit_BinOp(self, node):
        if not isinstance(node.op, _SIZED_RESULT) or _is_number(node.left) and _is_number(node.right):
            return node
        return self.hook("computed", node, node)

    def visit_Compare(self, node):
        if len(node.ops) != 1:
            return node
        operator, right = node.ops[0], node.comparators[0]
        if isinstance(operator, (ast.In, ast.NotIn)) and not isinstance(right, (ast.Constant, ast.Tuple)):
            name = "inside" if isinstance(operator, ast.In) else "outside"
            return self.hook(name, node, node.left, right)
        if isinstance(operator, (ast.Eq, ast.NotEq)) and not _is_number(node.left) and not _is_number(right):
            name = "equal" if isinstance(operator, ast.Eq) else "unequal"
            return self.hook(name, node, node.left, right)
        return node

    def visit_Lambda(self, node):
        tick = self.hook("item", node.body)
        node.body = ast.copy_location(ast.BoolOp(ast.And(), [tick, node.body]), node.body)
        return node

    def visit_comprehension(self, node):
        node.ifs.insert(0, self.hook("item", node.iter))
        return node

    def visit_List(self, node):
        starred = any(isinstance(item, ast.Starred) for item in node.elts)
        return self.hook("copied", node, node) if starred and isinstance(node.ctx, ast.Load) else node

    visit_Tuple = visit_List

    def visit_Set(self, node):
        starred = any(isinstance(item, ast.Starred) for item in node.elts)
        return self.hook("copied", node, node) if starred else node

    def visit_Dict(self, node):
        return self.hook("copied", node, node) if None in node.keys else node


def _is_text(statement):
    value = getattr(statement, "value", None)
    return (
        isinstance(statement, ast.Expr) and isinstance(value, ast.Constant) and isinstance(value.value, str)
    )


def _is_number(node):
    return isinstance(node, ast.Constant)
