"""The quick rewriting: each statement logs its own stores, mostly by one append of one tuple.

It serves plain algorithm code. Whatever it cannot follow for certain raises `Ineligible`, and the run is
recorded by the exact hooks instead.
"""

import ast
import re

from codeassist_probe_atoms import atomic_names, is_atom, is_range, object_names
from codeassist_probe_heap import FALSE, NONE, TRUE
from codeassist_probe_instrument import MARK, Rewriter, _at
from codeassist_probe_quick_entries import Entries

_NEEDS_EXACT = re.compile(
    r"\b(async|await|thread|threading|_thread|multiprocessing|concurrent|exec|eval|setattr|delattr|vars"
    r"|locals|globals|__dict__|__setattr__|__delattr__|__getattribute__|__getattr__|__set_name__|cached_property"
    r"|numpy|torch|ctypes|gc|settrace|setprofile|weakref|inspect|_getframe|__class__|singledispatch|copyreg"
    r"|contextlib|__del__|UserDict|UserList|__init_subclass__|__missing__|unittest|mock|exc_info|getrecursionlimit|getrefcount|setswitchinterval)\b"
)
_BUILTIN_BASES = frozenset(
    "list dict set frozenset tuple deque defaultdict OrderedDict Counter int float str bytes bytearray array "
    "type".split()
)

PURE_BUILTINS = frozenset(
    "abs all any ascii bin bool bytes callable chr complex dict divmod enumerate filter float format "
    "frozenset hash hex id input int isinstance issubclass iter len list map max memoryview min next "
    "object oct open ord pow print range repr reversed round set slice sorted str sum super tuple "
    "type zip bytearray ArithmeticError AssertionError AttributeError EOFError Exception IndexError "
    "KeyError KeyboardInterrupt LookupError NotImplementedError OSError OverflowError RecursionError "
    "RuntimeError StopIteration "
    "SystemExit TypeError ValueError ZeroDivisionError".split()
)
PURE_METHODS = frozenset(
    "join split rsplit strip lstrip rstrip lower upper title capitalize swapcase startswith endswith "
    "replace find rfind index rindex count format encode decode isdigit isalpha isalnum isspace "
    "isupper islower zfill ljust rjust center splitlines partition rpartition translate casefold "
    "expandtabs removeprefix removesuffix isnumeric isdecimal isidentifier keys values items get "
    "copy union intersection difference symmetric_difference issubset issuperset isdisjoint "
    "bit_length to_bytes from_bytes conjugate as_integer_ratio is_integer hex most_common "
    "elements total fromkeys __len__ __repr__ __str__ __eq__ __lt__ __hash__ group groups findall match "
    "search".split()
)
PURE_MODULES = frozenset(
    "math itertools string time cmath statistics re json typing copy functools datetime decimal "
    "fractions collections numbers textwrap enum dataclasses abc".split()
)
PURE_FUNCTIONS = frozenset(
    "random.random random.randint random.choice random.uniform random.randrange random.sample "
    "random.seed random.choices random.getrandbits random.gauss heapq.nlargest heapq.nsmallest "
    "heapq.merge bisect.bisect "
    "bisect.bisect_left bisect.bisect_right".split()
)
MUTATORS = frozenset(
    "append appendleft extend extendleft insert pop popleft popitem remove discard add clear sort "
    "reverse rotate update setdefault subtract move_to_end difference_update intersection_update "
    "symmetric_difference_update "
    "frombytes fromlist byteswap __setitem__ __delitem__ __iadd__".split()
)
_PLAIN_OPS = {"append": 1, "appendleft": 1, "pop": 0, "popleft": 0, "clear": 0, "reverse": 0}
_BY_VALUE_OPS = frozenset(("add", "discard", "remove"))


_CONSTANTS = {id(None): NONE, id(True): TRUE, id(False): FALSE}


class Ineligible(Exception):
    """The exact hooks must record this module; the argument says why."""


def check(source):
    """Raise Ineligible for a source that mentions what the quick rewriting cannot follow."""
    found = _NEEDS_EXACT.search(source)
    if found:
        raise Ineligible("it mentions " + found.group())


class QuickRewriter(Rewriter):
    """Rewrites a module so that its own code appends to the log."""

    def __init__(self, tree, source, path, first):
        check(source)
        super().__init__(tree, source, path, first)
        self.missing = "defaultdict" in source
        self.classify(tree)
        self.temps = 0

    def module(self, tree):
        return Entries(self.sites, self.first).settle(super().module(tree))

    def classify(self, tree):
        """What the module's names stand for, where that cannot change."""
        defined, bound, self.methods, self.modules, self.imported = {}, set(), set(), {}, {}
        for node in ast.walk(tree):
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                defined[node.name] = defined.get(node.name, 0) + 1
                self.methods.add(node.name)
                if isinstance(node, ast.ClassDef):
                    self.check_bases(node)
            elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
                bound.add(node.id)
            elif isinstance(node, ast.arg):
                bound.add(node.arg)
            elif isinstance(node, (ast.Import, ast.ImportFrom)):
                self.note_import(node, bound)
        self.own = {name for name in defined if name not in bound}
        self.builtins = PURE_BUILTINS - bound - set(defined)
        self.modules = {name: module for name, module in self.modules.items() if name not in bound}
        self.imported = {name: full for name, full in self.imported.items() if name not in bound}

    def check_bases(self, node):
        for base in node.bases:
            name = base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "")
            if name in _BUILTIN_BASES:
                raise Ineligible("a class derives from " + name)
        if node.keywords:
            raise Ineligible("a class has a metaclass")

    def note_import(self, node, bound):
        for alias in node.names:
            name = alias.asname or alias.name.partition(".")[0]
            if isinstance(node, ast.Import):
                self.modules[name] = alias.name
            elif node.level == 0:
                self.imported[name] = (node.module or "") + "." + alias.name
            if alias.name == "*":
                raise Ineligible("it imports *")

    # -- building blocks ------------------------------------------------------------------

    def row(self, node, **info):
        """A row of the site table that says how an entry of values is to be read."""
        return self.site("log", node, **info)

    def planted(self, name, node):
        return _at(ast.Constant(MARK + name), node)

    def told(self, value, node, is_plain=False):
        """The encoding of a name's (or constant's) value: itself, its number, or what a hook makes of it."""
        if isinstance(value, ast.Constant):
            constant = _CONSTANTS.get(id(value.value), value.value)
            if type(constant) in (float, str) or type(constant) is int and abs(constant) < 1 << 63:
                return _at(ast.Constant(constant), node)
        if is_plain or isinstance(value, ast.Name) and value.id in self.scope.atomic and not self.inside:
            return _load(value, node)
        known = self.hook("known", node, self.hook("id", node, _load(value, node)))
        rare = self.hook("value", node, _load(value, node))
        if isinstance(value, ast.Name) and value.id in self.scope.objects:
            new = _at(ast.IfExp(self.atomic(value, node), _load(value, node), rare), node)
            return _at(ast.BoolOp(ast.Or(), [known, new]), node)
        rare = _at(ast.BoolOp(ast.Or(), [known, rare]), node)
        return _at(ast.IfExp(self.atomic(value, node), _load(value, node), rare), node)

    def atomic(self, value, node):
        """The test whether the value of a name is an atom."""
        kind = self.hook("type", node, _load(value, node))
        return _at(ast.Compare(kind, [ast.In()], [self.planted("atoms", node)]), node)

    def entry(self, node, site, *parts):
        """The statement that appends one tuple to the log."""
        return _at(ast.Expr(self.entry_call(node, site, *parts)), node)

    def entry_call(self, node, site, *parts):
        return self.hook(
            "append", node, _at(ast.Tuple([_at(ast.Constant(site), node), *parts], ast.Load()), node)
        )

    def hook(self, name, node, *args):
        if name == "fail":
            number = [_at(ast.Name(".a", ast.Load()), node)] if self.scope.generator else []
            return Rewriter.hook(name, node, self.scope.site, args[0] != -1, *number)
        if name in ("step", "append"):
            entry = args[0] if isinstance(args[0], ast.AST) else _at(ast.Constant((args[0],)), node)
            return Rewriter.hook("append", node, entry)
        return Rewriter.hook(name, node, *args)

    def mangled(self, name):
        """An attribute's name as it is stored."""
        if not name.startswith("__") or name.endswith("__") or not self.class_name.strip("_"):
            return name
        return "_" + self.class_name.lstrip("_") + name

    def is_function(self):
        return self.scope.kind == "function"

    def temp(self):
        """A fresh hidden variable of the function."""
        if not self.is_function() or self.inside:
            raise Ineligible("a store or a call in a %s needs a temporary" % self.scope.kind)
        self.temps += 1
        return ".t%d" % self.temps

    # -- scopes ---------------------------------------------------------------------------

    def guarded(self, body, last, node, shared):
        scope = self.scope
        info = self.sites[scope.site - self.first][4]
        info["quick"] = True
        info["fragile"] = sorted(scope.fragile)
        info["risky"] = scope.risky
        handler = _at(
            ast.ExceptHandler(self.hook("fail", node, scope.site), None, [_at(ast.Pass(), node)]), node
        )
        end = self.call("append", last, self.row(last, op="end"))
        final = [self.call("append", node, self.row(node, op="leave"))] if scope.late_return else []
        info["late"] = scope.late_return
        enter = self.enter(node, info, shared)
        if scope.generator:
            return [enter, _at(ast.Try([*body, end], [handler], [], final), node)]
        return [_at(ast.Try([enter, *body, end], [handler], [], final), node)]

    def enter(self, node, info, shared):
        scope = self.scope
        names = [_at(ast.Name(name, ast.Load()), node) for name in info["params"]]
        if scope.generator:
            info["generator"] = True
            if shared:
                info["cells"] = [name.id for name in shared.body.elts]
            call = self.hook("generator", node, scope.site, shared or _at(ast.Constant(None), node), *names)
            return _at(ast.Assign([_at(ast.Name(".a", ast.Store()), node)], call), node)
        if shared:
            info["cells"] = [name.id for name in shared.body.elts]
            return _at(ast.Expr(self.hook("closure", node, scope.site, shared, *names)), node)
        return self.entry(node, scope.site, *[self.told(name, node) for name in names])

    def function(self, node):
        self.is_generator = any(isinstance(n, (ast.Yield, ast.YieldFrom)) for n in _own_nodes(node.body))
        return super().function(node)

    def new_scope(self, kind, node):
        scope = super().new_scope(kind, node)
        scope.fragile = set()
        scope.generator = kind == "function" and self.is_generator
        scope.globals = set()
        scope.atomic = atomic_names(node, self.builtins) if kind == "function" else set()
        scope.objects = object_names(node) if kind == "function" else set()
        if kind == "function":
            for inner in _own_nodes(node.body):
                if isinstance(inner, ast.Global):
                    scope.globals.update(inner.names)
        return scope

    # -- stores ---------------------------------------------------------------------------

    def bind(self, names, node, hook="value", **info):
        """Log the values of `names` after they were bound."""
        if not names:
            return []
        site = self.row(node, op="bind", names=names, **self.where(names), **info)
        loads = [_at(ast.Name(name, ast.Load()), node) for name in names]
        if hook != "value":
            return [self.entry(node, site, *[self.hook(hook, node, load) for load in loads])]
        return [self.entry(node, site, *[self.told(load, node) for load in loads])]

    def where(self, names):
        found = [name for name in names if name in self.scope.globals]
        return {"globals": found} if found else {}

    def statement(self, node):
        if isinstance(node, (ast.AsyncFunctionDef, ast.AsyncFor, ast.AsyncWith)):
            raise Ineligible("it is asynchronous")
        return super().statement(node)

    def do_FunctionDef(self, node):
        return [*super().do_FunctionDef(node), *self.bind([node.name], node)]

    def do_ClassDef(self, node):
        return [*super().do_ClassDef(node), *self.bind([node.name], node)]

    def future(self, node):
        return [*super().future(node), *self.bind([a.asname or a.name for a in node.names], node)]

    def do_Import(self, node):
        step = self.step(node, "import")
        names = [a.asname or a.name.partition(".")[0] for a in node.names]
        if len(names) > 1:
            self.scope.fragile.update(names)
        return [step, node, *self.bind(names, node)]

    do_ImportFrom = do_Import

    def do_Assign(self, node):
        step = self.step(node, "assign", names=_mentioned(node))
        value = self.expression(node.value)
        return [step, *(self.taken_out(node.targets, value, node) or self.assign(node.targets, value, node))]

    def taken_out(self, targets, value, node):
        """`x = xs.pop()` with names for all: the operation is one entry, without a hook."""
        found = self.plain_operation(value, node)
        names = [name for target in targets for name in _leaf_names(target)]
        if not found or any(name is None for name in names) or value.args[3].id in names:
            return None
        return [_at(ast.Assign(targets, value.args[2]), node), found[1], *self.assigned(names, node)]

    def do_AnnAssign(self, node):
        step = self.step(node, "annassign", names=_mentioned(node.target))
        if node.value is None:
            return [step, node]
        value = self.expression(node.value)
        if isinstance(node.target, ast.Name):
            node.value = value
            return [step, node, *self.bind([node.target.id], node)]
        return [step, *self.assign([node.target], value, node)]

    def assign(self, targets, value, node):
        """An assignment with the logging of all its stores, in Python's own order."""
        names = [name for target in targets for name in _leaf_names(target)]
        if all(name is not None for name in names):
            return [_at(ast.Assign(targets, value), node), *self.assigned(names, node)]
        if len(targets) == 1 and isinstance(targets[0], (ast.Subscript, ast.Attribute)):
            return self.store(targets[0], value, node)
        return self.unpack(targets, value, node)

    def assigned(self, names, node):
        """Log names that one assignment bound."""
        if len(names) > 1:
            self.scope.fragile.update(names)
        return self.bind(list(dict.fromkeys(names)), node)

    def unpack(self, targets, value, node):
        """Several targets, some of them items or attributes: through temporaries, then one by one."""
        result, pending, used = [], [], []
        if len(targets) > 1:
            whole = self.temp()
            used.append(whole)
            result.append(_assign(whole, value, node))
            value = _at(ast.Name(whole, ast.Load()), node)
        for target in targets:
            if isinstance(target, (ast.Tuple, ast.List)):
                pending = []
                shape = self.with_temps(target, pending)
                result.append(_at(ast.Assign([shape], value), node))
            else:
                pending = [(target, None)]
            for leaf, name in pending:
                item = value if name is None else _at(ast.Name(name, ast.Load()), node)
                used += [name] if name else []
                result += self.assign([leaf], item, node)
        return [*result, self.drop(used, node)]

    def with_temps(self, target, pending):
        """The shape of a target with a temporary in the place of each leaf."""
        if isinstance(target, (ast.Tuple, ast.List)):
            return _at(type(target)([self.with_temps(t, pending) for t in target.elts], ast.Store()), target)
        if isinstance(target, ast.Starred):
            return _at(ast.Starred(self.with_temps(target.value, pending), ast.Store()), target)
        name = self.temp()
        pending.append((target, name))
        return _at(ast.Name(name, ast.Store()), target)

    def drop(self, names, node):
        return _at(ast.Delete([_at(ast.Name(name, ast.Del()), node) for name in names]), node)

    def hoist(self, value, node, before, used):
        """A name or constant that stands for an expression, evaluated now if need be."""
        if isinstance(value, ast.Constant) or isinstance(value, ast.Name):
            return value
        name = self.temp()
        used.append(name)
        before.append(_assign(name, value, node))
        if is_atom(value, self.scope.atomic, self.builtins):
            self.scope.atomic.add(name)
        return _at(ast.Name(name, ast.Load()), value)

    def store(self, target, value, node):
        """One item or attribute store: operands once, the store where it stood, then its entry."""
        before, used = [], []
        base = target.value
        if isinstance(target, ast.Subscript) and _has_slice(target.slice):
            base = self.expression(base)
            if not isinstance(base, ast.Name):
                value = self.hoist(value, node, before, used)
            base = self.hoist(base, node, before, used)
            target.slice = self.expression(target.slice)
            log = self.call("whole", node, _load(base, node))
            return [*before, *self.put(target, base, value, node), log, *self.dropped(used, node)]
        value = self.hoist(value, node, before, used)
        base = self.hoist(self.expression(base), node, before, used)
        if isinstance(target, ast.Attribute):
            site = self.row(node, op="attr", name=self.mangled(target.attr))
            log = self.entry(node, site, self.hook("id", node, _load(base, node)), self.told(value, node))
            return [*before, *self.put(target, base, value, node), log, *self.dropped(used, node)]
        key = self.hoist(self.expression(_index(target)), node, before, used)
        _set_index(target, _load(key, target))
        site = self.row(node, op="item")
        log = self.keyed(node, site, base, key, value)
        return [*before, *self.put(target, base, value, node), log, *self.dropped(used, node)]

    def keyed(self, node, site, base, key, value):
        """The entry of an item store; a key beyond the atoms is looked at by a hook."""
        plain = self.entry_call(
            node, site, self.hook("id", node, _load(base, node)), _load(key, node), self.told(value, node)
        )
        if isinstance(key, ast.Constant) or key.id in self.scope.atomic:
            return _at(ast.Expr(plain), node)
        test = self.atomic(key, node)
        rare = self.hook("keyed", node, site, _load(base, node), _load(key, node), _load(value, node))
        return _at(ast.Expr(_at(ast.IfExp(test, plain, rare), node)), node)

    def put(self, target, base, value, node):
        target.value = _load(base, target.value)
        return [_at(ast.Assign([target], value), node)]

    def dropped(self, used, node):
        return [self.drop(used, node)] if used else []

    def do_AugAssign(self, node):
        step = self.step(node, "augassign", names=_mentioned(node))
        node.value = self.expression(node.value)
        target = node.target
        self.scope.risky |= not isinstance(node.value, ast.Constant)
        if isinstance(target, ast.Name):
            return [step, node, *self.grown(node, target.id)]
        before, used = [], []
        base = self.hoist(self.expression(target.value), node, before, used)
        target.value = _load(base, target.value)
        if isinstance(target, ast.Attribute):
            site = self.row(node, op="attr", name=self.mangled(target.attr))
            log = self.call("attribute", node, site, _load(base, node), self.mangled(target.attr))
        elif _has_slice(target.slice):
            target.slice = self.expression(target.slice)
            log = self.call("whole", node, _load(base, node))
        else:
            key = self.hoist(self.expression(_index(target)), node, before, used)
            _set_index(target, _load(key, target))
            log = self.call("item", node, self.row(node, op="item"), _load(base, node), _load(key, node))
        return [step, *before, node, log, *self.dropped(used, node)]

    def grown(self, node, name):
        """The value of a name after an augmented assignment, which may have changed it in place."""
        site = self.row(node, op="bind", names=[name], **self.where([name]))
        load = _at(ast.Name(name, ast.Load()), node)
        if name in self.scope.atomic:
            return [self.entry(node, site, load)]
        changed = self.hook("changed", node, _load(load, node))
        told = _at(ast.IfExp(self.atomic(load, node), _load(load, node), changed), node)
        return [self.entry(node, site, told)]

    def do_Delete(self, node):
        step = self.step(node, "del", names=_mentioned(node))
        result = [step]
        for target in _flat(node.targets):
            result += self.delete(target, node)
        return result

    def delete(self, target, node):
        if isinstance(target, ast.Name):
            site = self.row(node, op="unbind", names=[target.id], **self.where([target.id]))
            return [_at(ast.Delete([target]), node), self.entry(node, site)]
        before, used = [], []
        base = self.hoist(self.expression(target.value), node, before, used)
        target.value = _load(base, target.value)
        if isinstance(target, ast.Attribute):
            site = self.row(node, op="delattr", name=self.mangled(target.attr))
            log = self.entry(node, site, self.hook("id", node, _load(base, node)))
        else:
            target.slice = self.expression(target.slice)
            log = self.call("whole", node, _load(base, node))
        return [*before, _at(ast.Delete([target]), node), log, *self.dropped(used, node)]

    # -- control --------------------------------------------------------------------------

    def do_Return(self, node):
        step = self.step(node, "return", names=_mentioned(node))
        site = self.row(node, op="return")
        self.scope.late_return |= self.scope.shielded > 0
        if node.value is None:
            node.value = _at(ast.Constant(None), node)
        value = self.expression(node.value)
        before, used = [], []
        is_plain = is_atom(value, self.scope.atomic, self.builtins)
        if not isinstance(value, ast.Constant):  # a name too: where it is unbound, no half entry may stay
            used.append(".r")
            before.append(_assign(".r", value, node))
            value = _at(ast.Name(".r", ast.Load()), value)
        node.value = value
        held = [name for name, _, shielded in self.scope.handlers if shielded == self.scope.shielded]
        ended = self.unbound([name for name in held if name != getattr(value, "id", "")], node)
        return [step, *before, *ended, self.entry(node, site, self.told(value, node, is_plain)), node]

    def do_While(self, node):
        """A test that cannot fail is told at the start of each turn, with the first step of the body."""
        endless = isinstance(node.test, ast.Constant) and bool(node.test.value)
        result = super().do_While(node)
        if endless:
            step, node.test = node.test.values
            node.body = [_at(ast.Expr(step), step), *node.body]
        return result

    def do_For(self, node):
        names = _leaf_names(node.target)
        if any(name is None for name in names):
            raise Ineligible("a loop binds an item or attribute")
        if len(names) > 1:
            self.scope.fragile.update(names)
        if is_range(node.iter, self.builtins) and _is_loud(node.body):
            return self.counted_for(node, names)
        result = super().do_For(node)
        log = self.bind(names, node)
        node.body = [*log, *node.body]
        return result

    def counted_for(self, node, names):
        """A loop over a range: asking for an item runs no code, so that its step can be told after it."""
        site = self.site("for", node, names=_mentioned(node.target) + _mentioned(node.iter))
        row = self.sites[site - self.first]
        node.iter = self.expression(node.iter)
        turn = self.row(node, op="turn", of=site)
        bound = self.bind(names, node)
        node.body = [self.entry(node, turn), *bound, *self.loop_body(node.body, row, None)]
        node.orelse = [self.entry(node, turn), *self.block(node.orelse)]
        return [self.call("step", node, site), node]

    def do_With(self, node):
        names = [
            n
            for item in node.items
            if item.optional_vars is not None
            for n in _leaf_names(item.optional_vars)
        ]
        if any(name is None for name in names):
            raise Ineligible("a with binds an item or attribute")
        self.scope.fragile.update(names)
        result = super().do_With(node)
        node.body = [*self.bind(names, node), *node.body]
        return result

    def handler(self, node, is_first):
        """A handler's name is bound while its body runs, however it is left."""
        if not node.name:
            super().handler(node, is_first)
            return
        self.scope.fragile.add(node.name)
        self.scope.handlers.append((node.name, len(self.scope.loops), self.scope.shielded))
        super().handler(node, is_first)
        self.scope.handlers.pop()
        node.body = [*self.bind([node.name], node), *node.body, *self.unbound([node.name], node)]

    def unbound(self, names, node):
        """Entries that tell that names of handlers are bound no more."""
        rows = [self.row(node, op="unbind", names=[name], **self.where([name])) for name in names]
        return [self.entry(node, row) for row in rows]

    def left_handlers(self):
        """Names of the handlers that a break or continue leaves."""
        depth = len(self.scope.loops)
        return [name for name, loops, _ in reversed(self.scope.handlers) if loops >= depth]

    def do_Break(self, node):
        return [self.step(node, "break"), *self.unbound(self.left_handlers(), node), node]

    def do_Continue(self, node):
        step, *rest = super().do_Continue(node)
        return [step, *self.unbound(self.left_handlers(), node), *rest]

    def caught_call(self, node):
        return self.call("append", node, self.row(node, op="caught"))

    def do_Match(self, node):
        for case in node.cases:
            names = [
                n.name for n in ast.walk(case.pattern) if getattr(n, "name", None) and isinstance(n.name, str)
            ]
            names += [n.rest for n in ast.walk(case.pattern) if getattr(n, "rest", None)]
            case.captures = list(dict.fromkeys(names))
            self.scope.fragile.update(names)
        result = super().do_Match(node)
        for case in node.cases:
            if not case.captures:
                continue
            log = self.bind(case.captures, case.pattern)
            if case.guard is not None:
                case.guard = self.first_then(log[0].value, case.guard)
            else:
                case.body = [*log, *case.body]
        return result

    # -- expressions ----------------------------------------------------------------------

    def in_NamedExpr(self, node):
        node.value = self.expression(node.value)
        name = node.target.id
        self.scope.fragile.add(name)
        site = self.row(node, op="bind", names=[name], **self.where([name]))
        return self.hook("named", node, site, node)

    def in_IfExp(self, node):
        site = self.site("taken", node, test=[node.test.lineno, self.column(node.test)])
        rows = [self.row(node, op="taken", of=site, outcome=outcome) for outcome in (True, False)]
        node.test = self.expression(node.test)
        node.body = self.first_then(self.hook("append", node.body, rows[0]), self.expression(node.body))
        node.orelse = self.first_then(self.hook("append", node.orelse, rows[1]), self.expression(node.orelse))
        return node

    def in_Lambda(self, node):
        self.defaults(node.args)
        if any(isinstance(n, (ast.Yield, ast.YieldFrom, ast.NamedExpr)) for n in ast.walk(node.body)):
            raise Ineligible("a lambda yields or binds")
        outer, outer_inside = self.scope, self.inside
        self.inside = 0
        self.scope = self.new_scope("lambda", node)
        site = self.scope.site = self.enter_site(node)
        info = self.sites[site - self.first][4]
        info["quick"] = True
        body = self.expression(node.body)
        names = [_at(ast.Name(name, ast.Load()), body) for name in info["params"]]
        entry = self.entry_call(body, site, *[self.told(name, body) for name in names])
        node.body = self.hook("result", body, self.row(node.body, op="return"), self.first_then(entry, body))
        self.scope, self.inside = outer, outer_inside
        return node

    def in_Yield(self, node):
        self.inner_expressions(node)
        if self.inside or not self.is_function():
            raise Ineligible("a yield inside a comprehension")
        value = node.value or _at(ast.Constant(None), node)
        number = _at(ast.Name(".a", ast.Load()), node)
        node.value = self.hook("yld", node, self.row(node, op="yield"), number, value)
        return self.hook("resumed", node, self.row(node, op="resume"), _load(number, node), node)

    def in_YieldFrom(self, node):
        self.inner_expressions(node)
        if self.inside or not self.is_function():
            raise Ineligible("a yield inside a comprehension")
        number = _at(ast.Name(".a", ast.Load()), node)
        rows = self.row(node, op="yield"), self.row(node, op="resume")
        node.value = self.hook("delegate", node, *rows, number, node.value)
        return self.hook("delegated", node, rows[1], _load(number, node), node)

    def in_Await(self, node):
        raise Ineligible("it is asynchronous")

    def in_Subscript(self, node):
        self.inner_expressions(node)
        if not self.missing or not isinstance(node.ctx, ast.Load) or _has_slice(node.slice):
            return node
        if isinstance(_index(node), ast.Constant) and not isinstance(node.value, ast.Name):
            pass
        base, again = self.twice(node.value, node)
        node.value = base
        return self.hook("looked", node, node, again)

    def twice(self, value, node):
        """An expression and a second reading of its value that evaluates nothing again."""
        if isinstance(value, ast.Name):
            return value, _load(value, node)
        name = self.temp()
        kept = _at(ast.NamedExpr(_at(ast.Name(name, ast.Store()), value), value), value)
        return kept, _at(ast.Name(name, ast.Load()), node)

    def again(self, value, node):
        """An argument and a second reading of its value."""
        if isinstance(value, ast.Constant):
            return value, _load(value, node)
        return self.twice(value, node)

    def in_Attribute(self, node):
        if node.attr in MUTATORS and isinstance(node.ctx, ast.Load):
            raise Ineligible("a method that changes its object is handed around")
        return self.inner_expressions(node)

    def in_Call(self, node):
        func = node.func
        if isinstance(func, ast.Attribute):
            return self.method_call(node, func)
        self.inner_expressions(node)
        if isinstance(func, ast.Name) and (func.id in self.builtins or func.id in self.own):
            return node
        full = self.imported.get(getattr(func, "id", ""), "")
        if full:
            return self.library_call(node, full)
        names = [_load(a, node) for a in node.args if isinstance(a, ast.Name)]
        if isinstance(func, ast.Name):
            return self.unknown(node, node, _load(func, node), *names)
        if not names:
            return node
        return self.unknown(node, node, _at(ast.Constant(None), node), *names)

    def unknown(self, node, *parts):
        """A call of something that may change what it is given, and may fail half-way."""
        self.scope.risky = True
        return self.hook("called", node, *parts)

    def library_call(self, node, full):
        """A call of a function imported from a module by name."""
        if full in PURE_FUNCTIONS or full.partition(".")[0] in PURE_MODULES:
            return node
        name = full.rpartition(".")[2]
        if full.startswith(("heapq.", "bisect.")) and node.args and not node.keywords:
            base, again = self.twice(node.args[0], node)
            node.args[0] = base
            if name in ("heappush", "heappop"):
                item = []
                if len(node.args) == 2:
                    node.args[1], load = self.again(node.args[1], node)
                    item = [load]
                site = self.row(node, op="heap", name=name, size=1 + len(item))
                return self.hook("heapq", node, site, node, again, *item)
            return self.hook("wholly", node, node, again)
        names = [_load(a, node) for a in node.args if isinstance(a, ast.Name)]
        return self.unknown(node, node, _at(ast.Constant(None), node), *names) if names else node

    def method_call(self, node, func):
        """A call of a method, or of a function of a module."""
        module = self.modules.get(func.value.id) if isinstance(func.value, ast.Name) else None
        if module is not None:
            self.arguments(node)
            return self.library_call(node, module + "." + func.attr)
        func.value = self.expression(func.value)
        self.arguments(node)
        if func.attr in MUTATORS:
            return self.mutation(node, func)
        if func.attr in PURE_METHODS or func.attr in self.methods:
            return node
        if (
            isinstance(func.value, ast.Call)
            and isinstance(func.value.func, ast.Name)
            and func.value.func.id == "super"
        ):
            return node
        names = [_load(a, node) for a in [func.value, *node.args] if isinstance(a, ast.Name)]
        return self.unknown(node, node, _at(ast.Constant(None), node), *names) if names else node

    def arguments(self, node):
        node.args = [self.expression(a) for a in node.args]
        for keyword in node.keywords:
            keyword.value = self.expression(keyword.value)

    def mutation(self, node, func):
        """A call that may change its receiver: log the operation, or the whole content after it."""
        base, again = self.twice(func.value, node)
        func.value = base
        simple = (
            not node.keywords
            and len(node.args) <= 2
            and not any(isinstance(a, ast.Starred) for a in node.args)
        )
        if func.attr == "extend" and simple and len(node.args) == 1:
            self.scope.risky = True
            func.value = _load(again, node)
            return self.hook("extended", node, self.hook("size", node, base), node, again)
        if not simple or func.attr not in _OPERATIONS:
            self.scope.risky = True  # it may fail half-way
            return self.hook("wholly", node, node, again)
        kept = []
        for i, argument in enumerate(node.args):
            if isinstance(argument, (ast.Name, ast.Constant)):
                kept.append(_load(argument, node))
            elif self.is_function() and not self.inside:
                node.args[i], load = self.twice(argument, node)
                kept.append(load)
            else:
                return self.hook("wholly", node, node, again)
        size = 3 if func.attr == "setdefault" else 1 + len(kept)
        site = self.row(node, op="method", name=func.attr, size=size)
        return self.hook("operated", node, site, func.attr, node, again, *kept)

    def do_Expr(self, node):
        """An expression statement; the plainest mutators append their own entry."""
        step = self.step(node, "expr", names=_mentioned(node))
        call = node.value
        node.value = self.expression(call)
        quick = self.plain_operation(node.value, node)
        return [step, *quick] if quick else [step, node]

    def plain_operation(self, call, node):
        """`xs.append(v)` with names for both: the call, then one entry, without a hook."""
        if not (
            isinstance(call, ast.Call)
            and isinstance(call.func, ast.Constant)
            and call.func.value == MARK + "operated"
        ):
            return None
        site, method, inner, again, *kept = call.args
        by_value = method.value in _BY_VALUE_OPS and len(kept) == 1
        if not by_value and _PLAIN_OPS.get(method.value) != len(kept):
            return None
        parts = [self.told(value, node) for value in kept]
        log = self.entry(node, site.value, self.hook("id", node, _load(again, node)), *parts)
        if by_value and isinstance(kept[0], ast.Name) and kept[0].id not in self.scope.atomic:
            nothing = _at(ast.Constant(None), node)
            rare = self.hook("operated", node, site.value, method.value, nothing, _load(again, node), *kept)
            plain = self.entry_call(node, site.value, log.value.args[0].elts[1], _load(kept[0], node))
            log = _at(ast.Expr(_at(ast.IfExp(self.atomic(kept[0], node), plain, rare), node)), node)
        return [_at(ast.Expr(inner), node), log]


_OPERATIONS = frozenset(
    "append appendleft pop popleft clear reverse insert add discard remove setdefault popitem".split()
)


def _own_nodes(body):
    """Nodes of a function's own body, not of functions inside it."""
    stack = list(body)
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            stack.extend(ast.iter_child_nodes(node))


def _load(value, where):
    """A second reading of a name or constant."""
    if isinstance(value, ast.Constant):
        return _at(ast.Constant(value.value), where)
    return _at(ast.Name(value.id, ast.Load()), where)


def _assign(name, value, node):
    return _at(ast.Assign([_at(ast.Name(name, ast.Store()), node)], value), node)


def _leaf_names(target):
    """The names that a target binds; None stands for an item or attribute."""
    if isinstance(target, ast.Name):
        return [target.id]
    if isinstance(target, (ast.Tuple, ast.List)):
        return [name for part in target.elts for name in _leaf_names(part)]
    if isinstance(target, ast.Starred):
        return _leaf_names(target.value)
    return [None]


def _is_loud(body):
    """Whether a body's first turn tells a step of its own."""
    return any(
        _is_loud(node.body) if isinstance(node, ast.Try) else not isinstance(node, (ast.Global, ast.Nonlocal))
        for node in body
    )


def _flat(targets):
    for target in targets:
        if isinstance(target, (ast.Tuple, ast.List)):
            yield from _flat(target.elts)
        else:
            yield target


def _index(node):
    return node.slice


def _set_index(node, value):
    node.slice = value


def _has_slice(index):
    return (
        isinstance(index, ast.Slice)
        or isinstance(index, ast.Tuple)
        and any(isinstance(e, ast.Slice) for e in index.elts)
    )


def _mentioned(node):
    return list(dict.fromkeys(n.id for n in ast.walk(node) if isinstance(n, ast.Name)))
