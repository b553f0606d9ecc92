"""Two versions of a file -> the functions that changed, matched across renames, and what they hang on."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from codeassist.records.program import Function, Module

_ALIKE = 0.75
"""least likeness of two bodies for the one to be the other renamed"""
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True, slots=True)
class Changed:
    """One function on both sides; `names` renames old identifiers of a call into new ones."""

    old: Function
    new: Function
    old_module: Module
    new_module: Module
    names: Mapping[str, str] = field(default_factory=dict)
    old_lines: frozenset[int] = frozenset()
    """lines of statements that only the old side has"""
    new_lines: frozenset[int] = frozenset()
    kept_lines: Mapping[int, int] = field(default_factory=dict)
    """line on the old side -> line on the new one, for statements that both have"""
    is_signature_new: bool = False
    only_words: bool = False
    """nothing but its docstring changed"""
    through: str = ""
    """what it hangs on changed, not its own text"""


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that changed between two modules."""

    changed: tuple[Changed, ...] = ()
    added: tuple[Function, ...] = ()
    removed: tuple[Function, ...] = ()


def compare(old: Module, new: Module) -> Comparison:
    """Functions and methods of both, matched by name, then by likeness."""
    before, after = _Side(old), _Side(new)
    names = {name: name for name in before.functions if name in after.functions}
    lost = [name for name in before.functions if name not in names]
    found = [name for name in after.functions if name not in names]
    renamed = dict(_renamed(before, after, lost, found))
    touched = _touched_names(before, after)
    pairs = [*names.items(), *renamed.items()]
    words = {_last(a): _last(b) for a, b in renamed.items()} | _renamed_classes(renamed)
    changed = [_changed(before, after, a, b, touched, words) for a, b in pairs]
    return Comparison(
        tuple(c for c in changed if c is not None),
        tuple(after.functions[name] for name in found if name not in renamed.values()),
        tuple(before.functions[name] for name in lost if name not in renamed),
    )


def _last(name: str) -> str:
    return name.rpartition(".")[2]


class _Side:
    """One version: its functions by qualified name, and the syntax of each."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self.functions = {f.id.qualname: f for f in module.functions if is_reviewed(module, f)}
        self.tree = _tree(module.source.text)
        self.nodes = _nodes(self.tree)

    def node(self, name: str) -> ast.AST | None:
        """The syntax of a function; None in a file that this Python cannot parse."""
        span = self.functions[name].span
        return next(
            (
                n
                for line in range(span.line, span.end_line + 1)
                if (n := self.nodes.get((line, _last(name).partition("#")[0])))
            ),
            None,
        )

    def text(self, name: str) -> str:
        """The source text of a function."""
        span = self.functions[name].span
        return "\n".join(self.module.source.lines[span.line - 1 : span.end_line])


def is_reviewed(module: Module, function: Function) -> bool:
    """Top-level functions and methods; what is nested in a function belongs to it."""
    if function.kind in ("module", "class", "lambda"):
        return False
    kinds = {f.id.qualname: f for f in module.functions}
    parent = kinds.get(function.parent)
    while parent is not None and parent.kind == "class":
        parent = kinds.get(parent.parent)
    return parent is None or parent.kind == "module"


def _tree(text: str) -> ast.Module:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module([], [])


def _nodes(tree: ast.Module) -> dict[tuple[int, str], ast.AST]:
    return {(n.lineno, n.name): n for n in ast.walk(tree) if isinstance(n, _DEFINITIONS)}


def _changed(
    before: _Side, after: _Side, a: str, b: str, touched: set[str], words: Mapping[str, str]
) -> Changed | None:
    """How function `a` became `b`, or None when it did not change."""
    old, new = before.functions[a], after.functions[b]
    left, right = before.node(a), after.node(b)
    through = _through(after.module, new, touched)
    if left is not None and right is not None:
        same = _dump(left, True) == _dump(right, True)
        worded = same and old.docstring != new.docstring
    else:
        same, worded = before.text(a) == after.text(b), False
    if same and not through and not worded:
        return None
    lines = _line_changes(before, after, a, b)
    names = {key: value for key, value in words.items() if key != value}
    return Changed(
        old, new, before.module, after.module, names, *lines,
        is_signature_new=_signature(old) != _signature(new) or a != b,
        only_words=worded and not through, through=through if same else "",
    )  # fmt: skip


def _signature(function: Function) -> tuple[object, ...]:
    return tuple((p.name, p.kind, bool(p.default)) for p in function.parameters)


def _through(module: Module, function: Function, touched: set[str]) -> str:
    """A module or class variable that changed and that the function reads."""
    reads = {
        name.partition(".")[0].partition("[")[0]
        for s in module.statements
        if s.function == function.id.qualname or s.function.startswith(function.id.qualname + ".")
        for name in s.reads
    }
    own = f"class {function.parent}"
    return own if own in touched else min(reads & touched, default="")


def _touched_names(before: _Side, after: _Side) -> set[str]:
    """Names bound by module statements that differ; `class C` for statements of a class body that do."""
    old, new = dict(_bindings(before.tree)), dict(_bindings(after.tree))
    return {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}


def _bindings(tree: ast.Module | ast.ClassDef) -> Iterator[tuple[str, str]]:
    """(name, how it is bound) for the statements of a module or class body, definitions left out."""
    told: dict[str, str] = {}
    for statement in tree.body:
        if isinstance(statement, ast.ClassDef):
            inner = "".join(text for _, text in _bindings(statement))
            heads = "".join(map(ast.dump, [*statement.bases, *statement.decorator_list]))
            told[f"class {statement.name}"] = heads + inner
        elif isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            for node in (n for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)):
                told[node.id] = told.get(node.id, "") + ast.dump(statement)
    yield from told.items()


# --- likeness --------------------------------------------------------------------------------------


def _dump(node: ast.AST, code_only: bool) -> str:
    """The syntax without positions; with `code_only` also without its docstring."""
    if code_only and isinstance(node, (*_DEFINITIONS, ast.ClassDef)):
        body = node.body
        if body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
            node = _without_docstring(node)
    return ast.dump(node)


def _without_docstring(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> ast.AST:
    fields = {name: getattr(node, name) for name in node._fields}
    return type(node)(**{**fields, "body": node.body[1:]})


def _renamed(
    before: _Side, after: _Side, lost: Iterable[str], found: Iterable[str]
) -> Iterator[tuple[str, str]]:
    """Pairs of an old and a new name whose bodies are alike, the best first, each name once."""
    scored = sorted(
        ((_likeness(before, after, a, b), a, b) for a in list(lost)[:40] for b in list(found)[:40]),
        key=lambda item: (-item[0], item[1], item[2]),
    )
    taken: set[str] = set()
    for score, a, b in scored:
        if score >= _ALIKE and not {f"<{a}", f">{b}"} & taken:
            taken |= {f"<{a}", f">{b}"}
            yield a, b


def _likeness(before: _Side, after: _Side, a: str, b: str) -> float:
    old, new = before.functions[a], after.functions[b]
    if old.kind != new.kind or len(old.parameters) != len(new.parameters):
        return 0.0
    if old.parent != new.parent and _last(a) != _last(b):
        return 0.0
    left = before.text(a).replace(_last(a), "_")
    right = after.text(b).replace(_last(b), "_")
    return difflib.SequenceMatcher(None, left, right, autojunk=False).ratio() if len(left) < 20_000 else 0.0


def _renamed_classes(renamed: Mapping[str, str]) -> dict[str, str]:
    pairs = ((a.rpartition(".")[0], b.rpartition(".")[0]) for a, b in renamed.items())
    return {_last(a): _last(b) for a, b in pairs if a and a != b}


def _line_changes(
    before: _Side, after: _Side, a: str, b: str
) -> tuple[frozenset[int], frozenset[int], dict[int, int]]:
    """Lines of either function that the other does not have, and those of both."""
    left, right = _statements(before, a), _statements(after, b)
    matcher = difflib.SequenceMatcher(None, [t for _, t in left], [t for _, t in right], autojunk=False)
    old: set[int] = set()
    new: set[int] = set()
    kept: dict[int, int] = {}
    for kind, i, j, k, m in matcher.get_opcodes():
        if kind == "equal":
            kept |= {x: y for (x, _), (y, _) in zip(left[i:j], right[k:m], strict=True)}
        else:
            old |= {line for line, _ in left[i:j]}
            new |= {line for line, _ in right[k:m]}
    return frozenset(old), frozenset(new), kept


def _statements(side: _Side, name: str) -> list[tuple[int, str]]:
    """(line, text) of the statements of a function, those of nested functions included."""
    inside = f"{name}."
    found = []
    for s in side.module.statements:
        mine = s.function == name or s.function.startswith(inside)
        if mine and not s.is_docstring and s.kind not in ("try", "global", "pass"):
            lines = side.module.source.lines[s.header.line - 1 : s.header.end_line]
            found.append((s.header.line, "\n".join(lines).strip()))
    return found


def callers(changed: Changed) -> list[Changed]:
    """The functions of the same file that reach it, near ones first, as if they had changed."""
    old = {f.id.qualname: f for f in changed.old_module.functions if is_reviewed(changed.old_module, f)}
    new = {f.id.qualname: f for f in changed.new_module.functions if is_reviewed(changed.new_module, f)}
    found: dict[str, None] = {}
    wanted = [changed.new.name]
    for name in wanted:
        for site in changed.new_module.call_sites:
            outer = _outer(site.function, new)
            is_call = site.callee.rpartition(".")[2] == name and outer != changed.new.id.qualname
            if is_call and outer in old and outer not in found:
                found[outer] = None
                wanted.append(new[outer].name)
    return [replace(changed, old=old[name], new=new[name], is_signature_new=False) for name in found]


def _outer(name: str, known: Mapping[str, Function]) -> str:
    """The reviewed function that holds the one called `name`."""
    while name and name not in known:
        name = name.rpartition(".")[0]
    return name
