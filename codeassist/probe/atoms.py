"""Variables of a function that can hold only int, float or str: their values need no second look."""

import ast

from codeassist_probe_scopes import SCOPES

_EXACT = frozenset("len ord chr hex bin oct int float id hash".split())
_CHOOSING = frozenset("min max abs round".split())


def atomic_names(node, builtins):
    """Names that every binding in the function `node` gives an atom; `builtins`: those that mean themselves.

    A function inside may bind a name only by `nonlocal`; such names, parameters and globals are left out.
    """
    bindings = _Bindings(node, builtins)
    candidates = bindings.values.keys() - bindings.unsure
    changed = True
    while changed:
        changed = False
        for name in list(candidates):
            if not all(is_atom(value, candidates, builtins) for value in bindings.values[name]):
                candidates.discard(name)
                changed = True
    return candidates


def object_names(node):
    """Names that a function's body treats as objects or containers: worth looking up as such first."""
    found = set()
    for part in ast.walk(node):
        if isinstance(part, (ast.Attribute, ast.Subscript)):
            found.add(getattr(part.value, "id", None))
        elif isinstance(part, (ast.For, ast.comprehension)):
            found.add(getattr(part.iter, "id", None))
        elif isinstance(part, ast.Call) and getattr(part.func, "id", None) == "len" and part.args:
            found.add(getattr(part.args[0], "id", None))
    return found


def is_atom(node, names, builtins):
    """Whether an expression gives an exact int, float or str, or raises; `names` are known to."""
    kind = type(node)
    if kind is ast.Constant:
        return type(node.value) in (int, float, str)
    if kind is ast.Name:
        return node.id in names
    if kind is ast.JoinedStr:
        return True
    if kind is ast.UnaryOp:
        return not isinstance(node.op, ast.Not) and is_atom(node.operand, names, builtins)
    if kind is ast.BinOp:
        powers = isinstance(node.op, (ast.Pow, ast.MatMult))
        return not powers and all(is_atom(part, names, builtins) for part in (node.left, node.right))
    if kind is ast.IfExp:
        return all(is_atom(part, names, builtins) for part in (node.body, node.orelse))
    if kind is ast.BoolOp:
        return all(is_atom(part, names, builtins) for part in node.values)
    return kind is ast.Call and _call_gives_atom(node, names, builtins)


def _call_gives_atom(node, names, builtins):
    if not isinstance(node.func, ast.Name) or node.func.id not in builtins:
        return False
    if node.func.id in _EXACT:
        return True
    if node.func.id not in _CHOOSING or node.keywords or not node.args:
        return False
    if node.func.id in ("min", "max") and len(node.args) < 2:
        return False
    return all(is_atom(argument, names, builtins) for argument in node.args)


def is_range(node, builtins):
    """Whether an expression is a call of the built-in `range`: asking it for items runs no other code."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "range"
        and "range" in builtins
    )


class _Bindings:
    """What a function's own statements bind its names to."""

    def __init__(self, node, builtins):
        self.values, self.unsure, self.builtins = {}, set(), builtins
        args = node.args
        for argument in [*getattr(args, "posonlyargs", []), *args.args, *args.kwonlyargs]:
            self.unsure.add(argument.arg)
        self.unsure.update(a.arg for a in (args.vararg, args.kwarg) if a)
        self.visit_all(node.body)

    def visit_all(self, nodes):
        """Look at nodes and all below them, each once."""
        stack = list(nodes)
        while stack:
            node = stack.pop()
            if isinstance(node, SCOPES):
                self.inner(node)
                continue
            method = getattr(self, "in_" + type(node).__name__, None)
            if method is None or not method(node):
                stack.extend(ast.iter_child_nodes(node))

    def inner(self, node):
        """A scope inside: its name is bound here, and what it calls nonlocal may be bound there."""
        self.unsure.add(getattr(node, "name", ""))
        for part in ast.walk(node):
            if isinstance(part, (ast.Nonlocal, ast.Global)):
                self.unsure.update(part.names)
            elif isinstance(part, ast.NamedExpr):  # a default's own
                self.unsure.add(part.target.id)

    def bind(self, target, value):
        """One target gets one expression's value; None: something unknown."""
        if isinstance(target, ast.Name):
            if value is None:
                self.unsure.add(target.id)
            else:
                self.values.setdefault(target.id, []).append(value)
        elif isinstance(target, (ast.Tuple, ast.List)):
            self.unpack(target.elts, value)
        elif isinstance(target, ast.Starred):
            self.bind(target.value, None)

    def unpack(self, targets, value):
        parts = value.elts if isinstance(value, (ast.Tuple, ast.List)) else ()
        even = len(parts) == len(targets)
        starred = any(isinstance(part, ast.Starred) for part in [*parts, *targets])
        for i, target in enumerate(targets):
            self.bind(target, parts[i] if even and not starred else None)

    def in_Assign(self, node):
        for target in node.targets:
            self.bind(target, node.value)

    def in_AnnAssign(self, node):
        if node.value is not None:
            self.bind(node.target, node.value)

    def in_NamedExpr(self, node):
        self.bind(node.target, node.value)

    def in_AugAssign(self, node):
        if isinstance(node.target, ast.Name):
            self.bind(node.target, ast.BinOp(ast.Name(node.target.id, ast.Load()), node.op, node.value))

    def in_For(self, node):
        self.bind(node.target, ast.Constant(0) if is_range(node.iter, self.builtins) else None)

    def in_comprehension(self, node):
        for name in ast.walk(node.target):
            if isinstance(name, ast.Name):  # a name of its own: the function's may have the same
                self.unsure.add(name.id)

    def in_ExceptHandler(self, node):
        self.unsure.add(node.name)

    def in_Import(self, node):
        self.unsure.update(alias.asname or alias.name.partition(".")[0] for alias in node.names)

    in_ImportFrom = in_Import

    def in_Global(self, node):
        self.unsure.update(node.names)

    in_Nonlocal = in_Global

    def in_withitem(self, node):
        if node.optional_vars is not None:
            self.bind(node.optional_vars, None)

    def in_AsyncFor(self, node):
        self.bind(node.target, None)

    def in_MatchAs(self, node):
        self.unsure.add(node.name)

    def in_MatchStar(self, node):
        self.unsure.add(node.name)

    def in_MatchMapping(self, node):
        self.unsure.add(node.rest)
