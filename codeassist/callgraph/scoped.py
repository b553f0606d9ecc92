"""Calls of languages without a flow, by scope, class, import and declared type, then by unique name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from codeassist.callgraph.importing import Importing
from codeassist.callgraph.naming import module_name
from codeassist.records.location import FunctionId
from codeassist.records.program import CallEdge, CallGraph, CallSite, Function, Module, Scoping

SURE, TYPED, NAMED = 1.0, 0.9, 0.4
"""confidence by scope and import, by a declared type, by a name that only one function has"""

_INFERRED = frozenset({"var", "auto", "let", "val", "const"})
"""words that stand for a type without saying one"""

_NAME = re.compile(r"[\w$@?!~]+")
_NO_SCOPING = Scoping()


@dataclass(slots=True)
class File:
    """One file while its calls are resolved."""

    module: Module
    name: str
    functions: dict[str, Function] = field(default_factory=dict)
    """qualified name -> facts, classes included"""
    overloads: dict[str, list[Function]] = field(default_factory=dict)
    """qualified name without number -> all of that name"""
    types: dict[tuple[str, str], str] = field(default_factory=dict)
    """(function or class, variable or field) -> declared type"""
    holders: set[str] = field(default_factory=set)
    """qualified names of classes, and of functions that have methods (JavaScript's prototypes)"""

    @property
    def scoping(self) -> Scoping:
        """How the language resolves names."""
        return self.module.scoping or _NO_SCOPING


@dataclass(frozen=True, slots=True)
class Found:
    """Something that a name means: a function or class of a file."""

    file: File
    function: Function


Answer = tuple[list[Found], float]
"""what a call may mean, and how sure that is; nothing at confidence 0"""


def solve_scoped(modules: Sequence[Module], root: str) -> CallGraph:
    """The call graph of files that have call sites but no flow; names are relative to `root`."""
    return _Resolver(_files(modules, root)).graph()


def _files(modules: Sequence[Module], root: str) -> list[File]:
    files: dict[str, File] = {}
    for module in sorted(modules, key=lambda each: each.source.path):
        name = _module_name(module.source.path, root)
        if name in files:  # util.c beside util.h
            name = f"{name}.{module.source.path.rpartition('.')[2]}"
        files[name] = _file(module, name)
    return list(files.values())


def _module_name(path: str, root: str) -> str:
    """As for Python, but `a.test.js` is `a.test`, and an index is a module like any other."""
    folder, _, base = path.rpartition("/")
    stem = base.rpartition(".")[0]
    name = module_name(f"{folder}/{stem.partition('.')[0]}", root)
    return f"{name}.{stem.partition('.')[2]}" if "." in stem else name


def _file(module: Module, name: str) -> File:
    file = File(module, name)
    for function in module.functions:
        qualname = function.id.qualname
        file.functions.setdefault(qualname, function)
        file.overloads.setdefault(qualname.partition("#")[0], []).append(function)
        if function.kind in ("class", "method"):
            file.holders.add(qualname if function.kind == "class" else function.parent)
    for holder in file.holders - set(file.functions):  # an object to which functions are given
        identity = FunctionId(module.source.path, holder)
        span = module.functions[0].span
        made = Function(identity, "class", holder.rpartition(".")[2], span, span, "<module>")
        file.functions[holder] = made
        file.overloads[holder] = [made]
    for binding in module.bindings:
        if binding.type not in _INFERRED:
            file.types.setdefault((binding.function, binding.name.lstrip("@$")), binding.type)
    return file


class _Resolver:
    def __init__(self, files: list[File]) -> None:
        self.files = files
        self.importing = Importing({file.name: file.module for file in files})
        self.by_name = {file.name: file for file in files}
        self.methods: dict[tuple[str, str], list[Found]] = {}
        self.tops: dict[tuple[str, str], list[Found]] = {}
        for file in files:
            for function in file.module.functions:
                self._index(file, function)

    def _index(self, file: File, function: Function) -> None:
        family = _family(file.module.language)
        found = Found(file, function)
        if function.kind == "method":
            self.methods.setdefault((family, function.name), []).append(found)
        if function.parent == "<module>" and function.kind != "module" or function.kind == "class":
            self.tops.setdefault((family, function.name), []).append(found)

    def graph(self) -> CallGraph:
        """All functions, and each call site as edges or as unresolved."""
        functions = {
            _graph_name(Found(file, function)): FunctionId(file.module.source.path, function.id.qualname)
            for file in self.files
            for function in file.module.functions
            if function.kind != "class"
        }
        edges: dict[tuple[str, str], CallEdge] = {}
        open_sites: list[CallSite] = []
        for file in self.files:
            for site in file.module.call_sites:
                meant = self.resolve(file, site)
                found = list(self._edges(file, site, meant))
                for edge in found:
                    known = edges.get((edge.caller, edge.callee))
                    if known is None or known.confidence < edge.confidence:
                        edges[edge.caller, edge.callee] = edge
                # a bare word that means no function is a variable
                if not found and not meant[0] and site.how != "bare":
                    open_sites.append(site)
        notices = tuple(notice for file in self.files for notice in file.module.notices)
        ordered = tuple(edges[key] for key in sorted(edges))
        return CallGraph(dict(sorted(functions.items())), ordered, tuple(open_sites), notices)

    def _edges(self, file: File, site: CallSite, meant: Answer) -> Iterator[CallEdge]:
        caller = file.name if site.function == "<module>" else f"{file.name}.{site.function}"
        found, confidence = meant
        targets = [each for one in found for each in self._callables(one, site)]
        path, line = file.module.source.path, site.span.line
        for each in targets:
            share = confidence if len(targets) == 1 else min(confidence, max(round(1 / len(targets), 2), 0.5))
            sure = len(targets) == 1 and confidence > NAMED
            yield CallEdge(caller, _graph_name(each), path, line, "static" if sure else "ambiguous", share)
        if not targets:
            outside = self._outside(file, site, bool(found))
            if outside:
                yield CallEdge(caller, outside, path, line, "external", SURE)

    def _callables(self, found: Found, site: CallSite) -> list[Found]:
        """Functions behind what was found: of a class its constructors, of overloads those that fit."""
        if found.function.kind == "class":
            name = found.file.scoping.constructor or found.function.name
            constructors = self._members(found, name) or self._members(found, "new") * (site.how != "new")
            return _fitting(constructors, site)
        return _fitting(self._overloads(found), site)

    def _overloads(self, found: Found) -> list[Found]:
        if not found.file.scoping.overloads:
            return [found]
        same = found.file.overloads[found.function.id.qualname.partition("#")[0]]
        return [Found(found.file, each) for each in same]

    def resolve(self, file: File, site: CallSite) -> Answer:
        """What a call site means."""
        scoping = file.scoping
        if site.how in ("super", "base"):
            return self._above(file, site), SURE
        if site.receiver:
            return self._through(file, site)
        if site.name in ("super", "this", scoping.parent) and not site.receiver:
            own = self._class_of(file, site.function)
            target = self._bases(own) if own and site.name != "this" else [own] if own else []
            return target, SURE
        found = self._plain(file, site.function, site.name)
        if site.how == "new" and not found:
            cls = self._class_named(file, site.name)
            return ([cls], SURE) if cls is not None else ([], 0.0)
        own = self._class_of(file, site.function)
        if site.name == "new" and own is not None:  # inside a class method: the class makes itself
            return found or [own], SURE
        if found or site.how == "bare":
            return found, SURE
        same = self.tops.get((_family(file.module.language), site.name), [])
        if len(same) == 1 and scoping.shared != "file" and site.how != "macro":
            return same, SURE if scoping.shared == "project" else NAMED
        return [], 0.0

    def _above(self, file: File, site: CallSite) -> list[Found]:
        """`super` alone: the method of the same name in a base."""
        own = self._class_of(file, site.function)
        name = site.function.rpartition(".")[2] if site.how == "super" else file.scoping.constructor
        bases = self._bases(own) if own else []
        return next((hit for base in bases if (hit := self._members(base, name or base.function.name))), [])

    def _plain(self, file: File, function: str, name: str) -> list[Found]:
        """A name without receiver: inner scopes first, then the own class, the file, imports, neighbours."""
        scope = "" if function == "<module>" else function
        while scope:
            holder = file.functions.get(scope)
            inner = file.functions.get(f"{scope}.{name}")
            if inner is not None and (holder is None or holder.kind != "class" or file.scoping.implicit):
                return [Found(file, inner)]
            scope = scope.rpartition(".")[0]
        own = self._class_of(file, function) if file.scoping.implicit else None
        if own is not None and (hit := self._members(own, name)):
            return hit
        if name in file.functions:
            return [Found(file, file.functions[name])]
        return self._imported(file, name) or self._neighbours(file, name)

    def _imported(self, file: File, name: str) -> list[Found]:
        for target, member in self.importing.members(file.name, name):
            other = self.by_name[target]
            if member in other.functions:
                return [Found(other, other.functions[member])]
        return []

    def _neighbours(self, file: File, name: str) -> list[Found]:
        """Names that the language shares over a folder or the whole project."""
        shared = file.scoping.shared
        if shared == "file":
            return []
        same = self.tops.get((_family(file.module.language), name), [])
        folder = _folder(file)
        near = [each for each in same if _folder(each.file) == folder]
        chosen = near or (same if shared == "project" else [])
        bodies = [each for each in chosen if not _is_header(each.file)] or chosen
        groups = {(each.file.name, _base_name(each)) for each in bodies}
        return bodies[:1] if len(groups) == 1 else []

    def _through(self, file: File, site: CallSite) -> Answer:
        """A call through something: the own object, a class, a module, a variable of known type."""
        scoping, receiver = file.scoping, site.receiver
        own = self._class_of(file, site.function)
        if receiver in scoping.receivers:
            return self._members(own, site.name), SURE
        if scoping.parent and receiver in (scoping.parent, f"{scoping.parent}()"):
            bases = self._bases(own) if own else []
            return next((hit for base in bases if (hit := self._members(base, site.name))), []), SURE
        if hit := self._of_module(file, receiver, site.name):
            return hit, SURE
        kind = self._type_of(file, site.function, receiver, own)
        if kind is not None:
            return self._members(kind, site.name), TYPED
        cls = self._class_named(file, receiver)
        if cls is not None:
            made = [cls] if site.name == "new" and not self._members(cls, "new") else []
            return self._members(cls, site.name) or made, SURE
        if self._is_outside(file, receiver):
            return [], 0.0
        return self._unique(file, site.name), NAMED

    def _of_module(self, file: File, receiver: str, name: str) -> list[Found]:
        """`module.f()`, where the receiver is an imported module or a namespace."""
        for target, _ in self.importing.members(file.name, receiver, is_module=True):
            other = self.by_name[target]
            if name in other.functions:
                return [Found(other, other.functions[name])]
            near = (
                [f for f in self.files if _folder(f) == _folder(other)]
                if other.scoping.shared != "file"
                else []
            )
            for each in near:
                if name in each.functions:
                    return [Found(each, each.functions[name])]
        tail = receiver.replace("::", ".").rpartition(".")[2]
        spaces = {
            space.replace("::", ".").rpartition(".")[2] for f in self.files for space in f.module.namespaces
        }
        if tail in spaces and self._class_named(file, receiver) is None:
            return self._neighbours(file, name) if file.scoping.shared == "project" else []
        return []

    def _type_of(self, file: File, function: str, receiver: str, own: Found | None) -> Found | None:
        """The class of a variable, of a field, or of what a receiver makes on the spot."""
        made = re.match(r"\(?new\s+([\w.$:]+)", receiver)
        if made:
            return self._class_named(file, made.group(1))
        parts = [part for part in re.split(r"\.|->|::", receiver.lstrip("@$&*(").replace("?.", ".")) if part]
        parts = [part.strip("()!?") for part in parts]
        if not parts or any(not _NAME.fullmatch(part.lstrip("$@")) for part in parts):
            return None
        holder: Found | None = None
        if parts[0] in ("this", "self", "$this", "this"):
            holder, parts = own, parts[1:]
        else:
            kind = self._variable(file, function, parts[0].lstrip("@$"))
            holder = self._class_named(file, kind) if kind else None
            if holder is None and own is not None:
                holder = self._field(own, parts[0].lstrip("@$"))
            parts = parts[1:]
        for part in parts:
            holder = self._field(holder, part) if holder is not None else None
        return holder

    def _variable(self, file: File, function: str, name: str) -> str:
        scope = function
        while scope:
            if kind := file.types.get((scope, name)):
                return kind
            scope = scope.rpartition(".")[0]
        return file.types.get(("<module>", name), "")

    def _field(self, cls: Found, name: str) -> Found | None:
        for each in self._order(cls):
            for file in self._parts_of(each):
                if kind := file.types.get((each.function.id.qualname, name)):
                    return self._class_named(file, kind)
        return None

    def _parts_of(self, cls: Found) -> list[File]:
        """Files that may define members of a class: its own, and those of its language beside it."""
        if cls.file.scoping.shared == "file":
            return [cls.file]
        near = [f for f in self.files if f is not cls.file and _folder(f) == _folder(cls.file)]
        return [cls.file, *near]

    def _class_of(self, file: File, function: str) -> Found | None:
        """The class around a function, also where the method stands outside of it."""
        scope = function.rpartition(".")[0]
        while scope:
            holder = file.functions.get(scope)
            if holder is not None and scope in file.holders:
                return Found(file, holder)
            if holder is None:
                return self._class_named(file, scope)
            scope = scope.rpartition(".")[0]
        return None

    def _class_named(self, file: File, name: str) -> Found | None:
        name = name.replace("::", ".").replace("\\", ".").strip("*&? ")
        tail = name.rpartition(".")[2]
        if name in file.functions and name in file.holders:
            return Found(file, file.functions[name])
        for found in (self._imported(file, tail), self._neighbours(file, tail)):
            if found and found[0].function.kind == "class":
                return found[0]
        same = [
            f for f in self.tops.get((_family(file.module.language), tail), []) if f.function.kind == "class"
        ]
        own = [each for each in same if each.file is file]
        chosen = own or (same if not self._is_outside(file, tail) else [])
        return chosen[0] if len(chosen) == 1 else None

    def _members(self, cls: Found | None, name: str) -> list[Found]:
        """The methods of that name in a class or the nearest base that has one."""
        for each in self._order(cls) if cls is not None else ():
            for file in self._parts_of(each):
                found = file.overloads.get(f"{each.function.id.qualname}.{name}")
                if found:
                    return [Found(file, function) for function in found if function.kind != "class"][:1]
        return []

    def _order(self, cls: Found) -> list[Found]:
        """A class and its bases, depth first, each once."""
        found: list[Found] = []
        pending, seen = [cls], {id(cls.function)}
        while pending:
            each = pending.pop(0)
            found.append(each)
            for base in self._bases(each):
                if id(base.function) not in seen:
                    seen.add(id(base.function))
                    pending.append(base)
        return found

    def _bases(self, cls: Found) -> list[Found]:
        found = [self._class_named(cls.file, name) for name in dict.fromkeys(cls.function.bases)]
        return [base for base in found if base is not None and base.function is not cls.function]

    def _is_outside(self, file: File, name: str) -> bool:
        """Whether an import says that a name comes from outside the target."""
        first = name.split(".")[0].split("::")[0]
        return self.importing.is_outside(file.name, first)

    def _unique(self, file: File, name: str) -> list[Found]:
        from codeassist.callgraph.assembling import COMMON

        found = self.methods.get((_family(file.module.language), name), [])
        groups = {(each.file.name, each.function.id.qualname.partition("#")[0]) for each in found}
        is_common = name in COMMON or name.lower() in _EVERYWHERE
        return found[:1] if len(groups) == 1 and not is_common else []

    def _outside(self, file: File, site: CallSite, is_known: bool) -> str:
        """The dotted name of something that is surely not in the target; empty when nothing is sure."""
        if is_known:
            return ""
        first = site.receiver.split(".")[0].split("::")[0] if site.receiver else site.name
        known = self.importing.outside_name(file.name, first, site.receiver, site.name)
        is_builtin = first in file.scoping.builtins and _NAME.fullmatch(site.callee.replace(".", ""))
        return known or (f"<builtin>.{site.callee}" if is_builtin else "")


_NONE = Function(FunctionId("", ""), "", "", None, None, "")  # type: ignore[arg-type]

_EVERYWHERE = frozenset(
    """tostring equals hashcode push pop map filter foreach reduce slice splice concat includes indexof length
    size isempty contains each select collect puts print println printf format call apply bind then catch
    resolve reject log error warn info debug new clone unwrap expect iter into from to_string len is_empty
    push_back begin end at front back data str c_str printf malloc free string name value test exec next
    has delete keys entries some every find flat fill charat charcodeat substring trim touppercase
    tolowercase padstart padend parse stringify max min abs floor round sort reverse shift unshift""".split()
)


def _base_name(found: Found) -> str:
    """The qualified name that overloads share."""
    return found.function.id.qualname.partition("#")[0]


def _family(language: str) -> str:
    """Languages that call one another."""
    return {"typescript": "javascript", "tsx": "javascript", "cpp": "c"}.get(language, language)


def _graph_name(found: Found) -> str:
    qualname = found.function.id.qualname
    return found.file.name if qualname == "<module>" else f"{found.file.name}.{qualname}"


def _folder(file: File) -> str:
    return file.module.source.path.rpartition("/")[0]


def _is_header(file: File) -> bool:
    return file.module.source.path.rpartition(".")[2] in ("h", "hh", "hpp", "hxx")


def _fitting(found: list[Found], site: CallSite) -> list[Found]:
    """Of overloads those with as many parameters as there are arguments."""
    if not found or not found[0].file.scoping.overloads:
        return found[:1]
    family = [
        Found(f.file, each)
        for f in found
        for each in f.file.overloads[f.function.id.qualname.partition("#")[0]]
    ]
    unique = list({id(each.function): each for each in family}.values())
    fit = [each for each in unique if _takes(each.function, len(site.arguments))]
    return fit or unique


def _takes(function: Function, count: int) -> bool:
    least = sum(not p.default and p.kind != "star" for p in function.parameters)
    most = 10**6 if any(p.kind == "star" for p in function.parameters) else len(function.parameters)
    return least <= count <= most
