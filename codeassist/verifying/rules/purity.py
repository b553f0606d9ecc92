"""pure: no argument mutated, nothing outside written, no I/O, no time or randomness, same result twice."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from codeassist.records.program import Module
from codeassist.records.trace import Activation
from codeassist.verifying.case import Case
from codeassist.verifying.compare import differs
from codeassist.verifying.findings import Finding, Unchecked, refuted, verified
from codeassist.verifying.reading import EVENT_KINDS, LINE
from codeassist.verifying.rules.objects import mutation

YIELD = EVENT_KINDS.index("yield")
_PURE_BUILTINS = frozenset(
    "abs all any ascii bin bool bytearray bytes chr complex dict divmod enumerate filter float format "
    "frozenset hash hex int isinstance issubclass iter len list map max min next oct ord pow range repr "
    "reversed round set slice sorted str sum tuple type zip super property callable getattr hasattr".split()
)
_IMPURE_BUILTINS = frozenset(
    "print input open exec eval compile __import__ breakpoint id globals setattr".split()
)
_PURE_MODULES = frozenset(
    "math cmath operator itertools functools collections heapq bisect string re fractions decimal "
    "statistics copy typing enum dataclasses abc textwrap colorsys array numbers difflib keyword struct "
    "unicodedata".split()
)
_IMPURE_MODULES = frozenset(
    "random time os sys io socket secrets uuid datetime subprocess threading shutil tempfile pathlib logging "
    "urllib http requests getpass platform".split()
)
_CLOCKS = frozenset({"now", "today", "utcnow"})
_CHANGING = frozenset(
    "append extend insert remove pop popleft popitem appendleft extendleft rotate clear sort reverse add "
    "discard update setdefault subtract move_to_end difference_update intersection_update "
    "symmetric_difference_update".split()
)
_METHODS = frozenset(
    name
    for kind in (str, bytes, bytearray, list, tuple, dict, set, frozenset, int, float, complex, range)
    for name in dir(kind)
    if not name.startswith("_")
) | frozenset("popleft appendleft rotate most_common elements move_to_end".split())


@dataclass(frozen=True)
class Sign:
    """Something that a function does: `bad` is surely impure, else it is only unknown."""

    bad: bool
    what: str


def pure(case: Case, again: Any) -> Finding:
    """Decide by arguments, writes, output and calls; `again()` repeats the run and says whether it agrees."""
    activations = case.reading.of(case.path, case.func)
    sign = next((s for a in activations for s in _signs(case, a) if s.bad), None)
    if sign is not None:
        where = case.where(activations[0].events[0], activations[0])
        make = refuted if case["pure"] else verified
        return make("counterexample" if case["pure"] else "decided", actual=sign.what, **where)
    if not case.reading.complete:
        raise Unchecked("incomplete-trace")
    if any(True for a in activations for _ in _signs(case, a)):
        raise Unchecked("opaque")
    same = again()
    if same is None:
        raise Unchecked("not-run")
    if same is not case["pure"]:
        return refuted("counterexample", actual="pure" if same else "another result the second time", runs=2)
    return verified("held", actual="pure" if same else "another result the second time", runs=2)


def _signs(case: Case, activation: Activation) -> Iterator[Sign]:
    """Every sign against purity in one activation and what it calls."""
    given = case.reading.event(activation.events[0]).value
    for name in given if isinstance(given, Mapping) else ():
        changed = mutation(case, activation, name)
        if changed is not False:
            yield Sign(changed is True, f"{name} is changed")
    yield from _outside_signs(case, activation)
    stop = case.reading.exit(activation)
    if any(activation.events[0] <= o.index < (stop or o.index + 1) for o in case.reading.reader.output()):
        yield Sign(True, "it writes output")
    for inner in _extent(case, activation):
        yield from _function_signs(case, inner, activation)


def _outside_signs(case: Case, activation: Activation) -> Iterator[Sign]:
    """What became of module variables and of the variables of functions around it, by their values."""
    first = next((i for i in activation.events if case.reading.kinds[i] == LINE), None)
    stop = case.reading.exit(activation)
    if first is None or stop is None or any(case.reading.kinds[i] == YIELD for i in activation.events):
        return  # others run while a generator waits
    before, after = case.reading.moment(first, activation.id), case.reading.moment(stop, activation.id)
    module = case.reading.modules.get(activation.function.path)
    facts = _facts(module, activation.function.qualname) if module else None
    free = set(before.variables) - facts.locals if facts else set()
    old = {**before.globals, **{name: before.variables[name] for name in free}}
    for name, value in old.items():
        new = after.variables if name in free else after.globals
        if name in new and differs(value, new[name]):
            yield Sign(True, f"{name} is changed")
    for name in _mentioned(facts) if facts and module else ():
        if name not in {*after.variables, *after.globals} and _is_variable(module, name):
            yield Sign(False, f"{name} is not known")


def _mentioned(facts: Facts) -> set[str]:
    """Names that the function's own text reads and does not bind."""
    return {n.id for n in facts.nodes if isinstance(n, ast.Name)} - facts.locals


def _is_variable(module: Module | None, name: str) -> bool:
    own = [s for s in module.statements if s.function == "<module>"] if module else []
    return any(name in s.writes and s.kind in ("assign", "annassign", "for", "with") for s in own)


def _extent(case: Case, activation: Activation) -> list[Activation]:
    """The activation and all that it called, directly or not."""
    inside = {activation.id}
    for other in case.reading.activations[activation.id + 1 :]:
        if other.parent in inside:
            inside.add(other.id)
    return [case.reading.activations[number] for number in sorted(inside)]


def _function_signs(case: Case, inner: Activation, whole: Activation) -> Iterator[Sign]:
    module = case.reading.modules.get(inner.function.path)
    if module is None:
        yield Sign(False, "code that was not read")
        return
    facts = _facts(module, inner.function.qualname)
    if facts is None:
        if not inner.function.qualname.rsplit(".", 1)[-1].startswith("<lambda"):
            yield Sign(False, "code that was not read")
        return
    steps = {case.reading.statements[i] for i in inner.events if case.reading.statements[i] >= 0}
    lines = {module.statements[s].header.line for s in steps}
    yield from _writes(module, facts, steps, inner, whole)
    for node in facts.nodes:
        if isinstance(node, ast.Call) and _executed(module, inner, node, lines):
            yield from _call_signs(module, facts, node, _inside(module, inner, whole))


def _executed(module: Module, inner: Activation, node: ast.Call, lines: set[int]) -> bool:
    own = [s for s in module.statements if s.function == inner.function.qualname]
    around = [s for s in own if s.header.covers(node.lineno)]
    return not around or any(s.header.line in lines for s in around)


@dataclass(frozen=True)
class Facts:
    """What the text of one function declares."""

    nodes: tuple[ast.AST, ...]
    locals: frozenset[str]
    outside: frozenset[str]
    """names declared global or nonlocal"""
    owners: frozenset[str]
    """of those, the nonlocal ones"""


def _facts(module: Module, qualname: str) -> Facts | None:
    found = next((f for f in module.functions if f.id.qualname == qualname), None)
    if found is None or found.kind == "lambda":
        return None
    try:
        tree = ast.parse(module.source.text)
    except (SyntaxError, ValueError, RecursionError):
        return None
    body = next((n for n in ast.walk(tree) if _is_at(n, found)), None)
    if body is None:
        return None
    nodes = tuple(_own_nodes(body))
    outside = {n for node in nodes if isinstance(node, (ast.Global, ast.Nonlocal)) for n in node.names}
    owners = {n for node in nodes if isinstance(node, ast.Nonlocal) for n in node.names}
    own = {w for s in module.statements if s.function == qualname for w in s.writes} - outside
    own |= {p.name for p in found.parameters}
    own |= {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)} - outside
    return Facts(nodes, frozenset(own), frozenset(outside), frozenset(owners))


def _is_at(node: ast.AST, function: Any) -> bool:
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return False
    first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
    inside = function.header.line <= node.lineno and first <= function.header.end_line
    return bool(node.name == function.name and inside)


def _own_nodes(body: Any) -> Iterator[ast.AST]:
    """Nodes of the function's body, those of nested functions left out."""
    stack: list[ast.AST] = list(body.body)
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            stack.extend(ast.iter_child_nodes(node))


def _writes(
    module: Module, facts: Facts, steps: set[int], inner: Activation, whole: Activation
) -> Iterator[Sign]:
    for number in steps:
        statement = module.statements[number]
        written = set(statement.writes) & facts.outside
        if written:
            near = inner.id != whole.id and written <= facts.owners
            yield Sign(not near, f"{sorted(written)[0]} is written")
        for store in statement.stores:
            root = store.replace("[", ".").split(".", 1)[0].strip()
            if not root.isidentifier() or "__" in store:
                yield Sign(False, f"{store} is written")
            elif root not in facts.locals and not _inside(module, inner, whole)(root):
                yield Sign(_is_global(module, root), f"{root} is written")


def _inside(module: Module, inner: Activation, whole: Activation) -> Callable[[str], bool]:
    """Whether a name that `inner` does not bind belongs to `whole` or to a function within it."""

    def found(name: str) -> bool:
        parts = inner.function.qualname.split(".")[:-1]
        around = [".".join(parts[:n]) for n in range(len(parts), 0, -1)]
        owner = next((scope for scope in around if _binds(module, scope, name)), "")
        outer = whole.function.qualname
        return bool(owner) and f"{owner}.".startswith(f"{outer}.") and inner.id != whole.id

    return found


def _binds(module: Module, scope: str, name: str) -> bool:
    function = next((f for f in module.functions if f.id.qualname == scope), None)
    own = function is not None and any(p.name == name for p in function.parameters)
    return own or any(name in s.writes for s in module.statements if s.function == scope)


def _is_global(module: Module, name: str) -> bool:
    return any(name in s.writes for s in module.statements if s.function == "<module>")


def _call_signs(
    module: Module, facts: Facts, node: ast.Call, inside: Callable[[str], bool]
) -> Iterator[Sign]:
    function = node.func
    imported = {i.name: i for i in module.imports}
    if isinstance(function, ast.Name):
        yield from _name_signs(module, facts, function.id, imported)
    elif isinstance(function, ast.Attribute):
        root = _root(function.value)
        foreign = root is not None and root not in facts.locals
        if foreign and root in imported:
            yield from _module_signs(imported[root].module, imported[root].member, function.attr)
        elif function.attr not in _METHODS and not _defines(module, function.attr):
            yield Sign(False, f"{function.attr} is not known")
        elif foreign and not inside(str(root)) and not _only_reads(module, function.attr):
            yield Sign(False, f"{root}.{function.attr} may change it")
    else:
        yield Sign(False, "a computed call")


def _root(node: ast.expr) -> str | None:
    """The name at the left end of `a.b[c].d`, if there is one."""
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def _only_reads(module: Module, method: str) -> bool:
    """Whether a method leaves its object alone; one of the program shows in its own activations."""
    return method in _METHODS - _CHANGING or _defines(module, method)


def _defines(module: Module, name: str) -> bool:
    return any(f.name == name for f in module.functions)


def _name_signs(module: Module, facts: Facts, name: str, imported: Mapping[str, Any]) -> Iterator[Sign]:
    if name in facts.locals or _defines(module, name):
        return  # a function of the program: its own activations are looked at
    if name in imported:
        yield from _module_signs(imported[name].module, imported[name].member, name)
    elif name in _IMPURE_BUILTINS:
        yield Sign(True, f"it calls {name}")
    elif name not in _PURE_BUILTINS and not name.endswith(("Error", "Exception", "Iteration")):
        yield Sign(False, f"{name} is not known")


def _module_signs(module: str, member: str, name: str) -> Iterator[Sign]:
    root = module.split(".", 1)[0]
    if root in _IMPURE_MODULES:
        clock = root == "datetime" and name in _CLOCKS
        yield Sign(clock or root in ("random", "time", "secrets", "uuid"), f"it calls {root}")
    elif root not in _PURE_MODULES:
        yield Sign(False, f"{root}.{member or name} is not known")
