"""Syntax tree -> facts: functions, classes, calls, imports, declared types, by captures of patterns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from codeassist.parsing.trees.blocks import Blocks, Shape
from codeassist.parsing.trees.imports import read_import
from codeassist.parsing.trees.patterns import grammar, patterns
from codeassist.parsing.trees.spans import doc_before, span_of, text_of
from codeassist.records.location import FunctionId
from codeassist.records.program import Binding, CallSite, Function, Import, Notice, Parameter

Captures = dict[str, list[Any]]

_ARGUMENTS = re.compile(r"<.*>|\[.*\]", re.DOTALL)
_ROLES = ("body", "orelse", "handlers", "finalbody")
_WORD = re.compile(r"[\w$]+")


@dataclass(slots=True, eq=False)
class Definition:
    """A function, class or namespace-like scope while its file is read."""

    node: Any
    kind: str
    name: str = ""
    owner: str = ""
    params: Any = None
    bases: list[str] = field(default_factory=list)
    parent: Definition | None = None
    qualname: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What one text says, the text itself left out."""

    functions: tuple[Function, ...]
    statements: tuple[Any, ...]
    imports: tuple[Import, ...]
    call_sites: tuple[CallSite, ...]
    bindings: tuple[Binding, ...]
    namespaces: tuple[str, ...]
    notices: tuple[Notice, ...]


def read(language: str, path: str, text: str) -> Facts:
    """All facts of one text; parts that do not parse are notices."""
    from tree_sitter import Parser, QueryCursor

    tree = Parser(grammar(language)).parse(text.encode("utf-8", "replace"))
    matches = [found for _, found in QueryCursor(patterns(language)).matches(tree.root_node)]
    return _Reader(path, text.split("\n"), tree.root_node, matches).facts()


class _Reader:
    def __init__(self, path: str, lines: list[str], root: Any, matches: list[Captures]) -> None:
        self.path = path
        self.lines = lines
        self.root = root
        self.matches = matches
        self.module = Definition(root, "module", "<module>", qualname="<module>")
        self.definitions = self._definitions()
        self._nest()
        self._name()

    def facts(self) -> Facts:
        """Everything, in source order."""
        functions = tuple(self._function(each) for each in self._told())
        return Facts(
            functions,
            tuple(self._statements()),
            tuple(self._imports()),
            tuple(self._sites()),
            tuple(dict.fromkeys(self._bindings())),
            tuple(dict.fromkeys(text_of(node) for node in self._all("namespace"))),
            tuple(self._notices()),
        )

    def _all(self, capture: str) -> Iterator[Any]:
        for match in self.matches:
            yield from match.get(capture, ())

    def _definitions(self) -> list[Definition]:
        found: dict[int, Definition] = {}
        for match in self.matches:
            for capture, nodes in match.items():
                if capture.startswith("def."):
                    node = nodes[0]
                    each = found.setdefault(node.id, Definition(node, capture[4:]))
                    each.name = each.name or _name(match, "name")
                    each.owner = each.owner or _name(match, "owner")
                    each.params = each.params or _first(match, "params")
        self._given(found)
        return sorted(found.values(), key=lambda each: (each.node.start_byte, -each.node.end_byte))

    def _given(self, found: dict[int, Definition]) -> None:
        """A function without a name takes that of what it is given to; a class learns its bases."""
        for match in self.matches:
            target = _first(match, "to")
            each = found.get(target.id) if target is not None else None
            if each is not None and (not each.name or "to.owner" in match):
                each.name, each.owner = _name(match, "given"), _name(match, "to.owner")
            if (each := found.get(_id(match, "def.scope"))) is not None:
                each.bases += [_plain(text_of(node)) for node in match.get("base", ())]

    def _nest(self) -> None:
        stack = [self.module]
        for each in self.definitions:
            while len(stack) > 1 and stack[-1].node.end_byte <= each.node.start_byte:
                stack.pop()
            each.parent = stack[-1]
            stack.append(each)
        classes = {each.name: each for each in self.definitions if each.kind == "class"}
        for each in self.definitions:
            if each.kind == "scope" and each.name in classes:
                classes[each.name].bases += each.bases
        for match in self.matches:
            if "def.scope" not in match:
                for node in match.get("base", ()):
                    holder = self.at(node)
                    while holder.kind not in ("class", "module") and holder.parent is not None:
                        holder = holder.parent
                    holder.bases.append(_plain(text_of(node)))

    def _name(self) -> None:
        used: dict[str, int] = {}
        lambdas: dict[str, int] = {}
        for each in self.definitions:
            parent = each.parent
            above = parent.qualname if parent is not None and parent is not self.module else ""
            name = each.name
            if not name and each.kind == "init":
                name = "init"
            if not name:
                lambdas[above] = lambdas.get(above, 0) + 1
                name = f"<lambda{lambdas[above]}>"
            parts = [part for part in (above, each.owner, *_parts(name)) if part]
            wanted = ".".join(parts)
            if each.kind not in ("scope", "object"):
                used[wanted] = used.get(wanted, 0) + 1
            number = used.get(wanted, 1)
            each.name = _parts(name)[-1]
            is_own = each.kind in ("scope", "object") or number == 1
            each.qualname = wanted if is_own else f"{wanted}#{number}"

    def at(self, node: Any) -> Definition:
        """The innermost definition around a node."""
        low, high = 0, len(self.definitions)
        while low < high:
            middle = (low + high) // 2
            if self.definitions[middle].node.start_byte <= node.start_byte:
                low = middle + 1
            else:
                high = middle
        each = self.definitions[low - 1] if low else self.module
        while each is not self.module and each.node.end_byte < node.end_byte:
            assert each.parent is not None
            each = each.parent
        return each

    def _told(self) -> Iterator[Definition]:
        yield self.module
        yield from (each for each in self.definitions if each.kind != "scope")

    def _function(self, each: Definition) -> Function:
        parent = each.qualname.rpartition(".")[0] or "<module>"
        span = span_of(each.node, self.lines)
        body = each.node.child_by_field_name("body")
        return Function(
            id=FunctionId(self.path, each.qualname),
            kind=self._kind(each),
            name=each.name,
            span=span,
            header=span_of(each.node, self.lines, body),
            parent="" if each is self.module else parent,
            parameters=tuple(_parameters(each.params or _loose(each))),
            docstring="" if each is self.module else doc_before(each.node),
            bases=tuple(dict.fromkeys(each.bases)),
        )

    def _kind(self, each: Definition) -> str:
        if each.kind in ("module", "class"):
            return each.kind
        if each.kind == "object":
            return "class"
        if each.name.startswith("<lambda"):
            return "lambda"
        inside = each.parent is not None and each.parent.kind in ("class", "scope", "object")
        is_method = inside or each.owner or each.kind in ("method", "property") or "." in each.qualname
        nested = each.parent is not None and each.parent.kind in ("function", "method")
        return "method" if is_method and not nested else "function"

    def _statements(self) -> list[Any]:
        inner = {
            each.node.id: "class" if each.kind in ("class", "scope", "object") else "def"
            for each in self.definitions
        }
        blocks = Blocks(self._shapes(), inner, self.lines)
        blocks.read(self.root, "<module>")
        for each in self.definitions:
            body = each.node.child_by_field_name("body") or _last_block(each.node)
            if each.kind not in ("class", "scope", "object") and body is not None:
                blocks.read(body, each.qualname)
        return blocks.found

    def _shapes(self) -> dict[int, Shape]:
        shapes: dict[int, Shape] = {}
        for match in self.matches:
            for capture, nodes in match.items():
                if capture.startswith("stmt."):
                    node = nodes[0]
                    shape = shapes.setdefault(node.id, Shape(capture[5:], node))
                    shape.test = shape.test or _first(match, "test")
                    for role in _ROLES:
                        known = shape.blocks.setdefault(role, []) if role in match else []
                        known.extend(part for part in match.get(role, ()) if part not in known)
        return shapes

    def _imports(self) -> Iterator[Import]:
        for match in self.matches:
            if any(capture.startswith(("import.", "export.")) for capture in match):
                yield from read_import({name: text_of(nodes[0]) for name, nodes in match.items()}, match)

    def _sites(self) -> Iterator[CallSite]:
        seen: set[tuple[int, int]] = set()
        for match in self.matches:
            named = _first(match, "call.name")
            whole = _first(match, "call", "call.new", "call.macro", "call.super", "call.base", "call.bare")
            if whole is None or (whole.start_byte, whole.end_byte) in seen:
                continue
            seen.add((whole.start_byte, whole.end_byte))
            yield self._site(match, whole, named)

    def _site(self, match: Captures, whole: Any, named: Any) -> CallSite:
        holder = self.at(whole)
        while holder.kind == "object" and holder.parent is not None:
            holder = holder.parent
        arguments = _first(match, "args")
        how = next((name[5:] for name in match if name.startswith("call.") and name[5:] in _HOW), "")
        name = _plain(text_of(named)) if named is not None else text_of(whole) if how == "bare" else ""
        receiver = " ".join(text_of(_first(match, "call.receiver")).split())
        shown = f"{receiver}.{name}" if receiver else name
        texts = tuple(
            text_of(child)[:200]
            for child in (arguments.children if arguments is not None else ())
            if child.is_named and "comment" not in child.type
        )
        qualname = holder.qualname
        return CallSite(
            qualname, span_of(whole, self.lines), shown or how, texts, self.path, name, receiver, how
        )

    def _bindings(self) -> Iterator[Binding]:
        for match in self.matches:
            kind = _plain(text_of(_first(match, "bind.type")))
            for name, is_field in (("bind.name", False), ("bind.field", True)):
                for node in match.get(name, ()):
                    if kind:
                        holder = self._class_around(node) if is_field else self.at(node)
                        yield Binding(holder.qualname, text_of(node).lstrip("*&").strip(), kind, is_field)

    def _class_around(self, node: Any) -> Definition:
        each = self.at(node)
        while each.kind not in ("class", "scope", "module") and each.parent is not None:
            each = each.parent
        return each

    def _notices(self) -> Iterator[Notice]:
        if not self.root.has_error:
            return
        pending = [self.root]
        while pending:
            node = pending.pop()
            if node.is_error or node.is_missing:
                line = node.start_point[0] + 1
                yield Notice(
                    "does-not-parse", f"line {line} does not parse; the rest is read", self.path, line
                )
                return
            pending.extend(child for child in reversed(node.children) if child.has_error or child.is_missing)


_NO_PARAMETERS = ("self_parameter", "receiver_parameter", "type_parameters")
_HOW = frozenset({"new", "macro", "super", "base", "bare"})


def _first(match: Captures, *names: str) -> Any:
    return next((match[name][0] for name in names if match.get(name)), None)


def _id(match: Captures, name: str) -> int:
    node = _first(match, name)
    return -1 if node is None else node.id


def _name(match: Captures, capture: str) -> str:
    return _plain(text_of(_first(match, capture))).strip("\"'")


def _plain(text: str) -> str:
    """A name without type arguments, quotes of its own kept away, in one line."""
    text = " ".join(_ARGUMENTS.sub("", text).split())
    return text[4:] if text.startswith("mut ") else text


def _parts(name: str) -> list[str]:
    """`A::f` is the method f of A."""
    return [part for part in name.replace("::", ".").split(".") if part] or [name]


def _loose(each: Definition) -> Any:
    """The definition itself, where its grammar puts parameters directly below it."""
    loose = any(child.type == "parameter" for child in each.node.named_children)
    return each.node if loose else None


def _parameters(node: Any) -> Iterator[Parameter]:
    if node is None:
        return
    if not node.named_children and _WORD.fullmatch(text_of(node)):
        yield Parameter(text_of(node), "positional")
        return
    loose = any(child.type == "parameter" for child in node.named_children)
    for child in node.named_children:
        if "comment" in child.type or child.type in _NO_PARAMETERS or loose and child.type != "parameter":
            continue
        is_star = any(word in child.type for word in ("rest", "spread", "variadic", "splat"))
        for name in _parameter_names(child):
            default = text_of(child.child_by_field_name("value"))
            yield Parameter(name, "star" if is_star else "positional", default=default)


def _parameter_names(node: Any) -> list[str]:
    """One for `x: int`, several for Go's `a, b int`."""
    named = node.children_by_field_name("name") or node.children_by_field_name("pattern")
    if not named:
        named = node.children_by_field_name("declarator") or [node]
    texts = [text_of(each).lstrip("*&. ") for each in named]
    words = [_WORD.search(text) for text in texts]
    return [word.group() for word in words if word]


def _last_block(node: Any) -> Any:
    """The body of a definition whose grammar does not call it so."""
    holders = [child for child in node.named_children if "body" in child.type or "block" in child.type]
    return holders[-1] if holders else None
