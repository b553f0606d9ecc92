"""Imports of other languages as records: which local name comes from which module."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from codeassist.parsing.trees.spans import text_of
from codeassist.records.program import Import


def read_import(texts: Mapping[str, str], match: Mapping[str, list[Any]]) -> Iterator[Import]:
    """The imports that one match of a pattern says; `texts` are the captured texts by name."""
    line = next(nodes[0].start_point[0] + 1 for nodes in match.values() if nodes)
    module = texts.get("import.module", "") or _module_around(match)
    found = list(_read(texts, module))
    for name, source, member in found:
        yield Import("<module>", name, source.strip("\"'<>"), member, line=line)


def _read(texts: Mapping[str, str], module: str) -> Iterator[tuple[str, str, str]]:
    if "export.default" in texts:
        yield "default", "", texts["export.default"]
    elif "import.default" in texts:
        yield texts["import.default"], module, "default"
    elif "import.mod" in texts:
        yield texts["import.mod"], f"self::{texts['import.mod']}", ""
    elif "import.all" in texts:
        yield texts["import.all"], module, ""
    elif "import.member" in texts:
        yield texts.get("import.alias") or texts["import.member"], module, texts["import.member"]
    elif "import.star" in texts:
        yield "", texts["import.star"], "*"
    elif "import.file" in texts:
        yield "", texts["import.file"], "*"
    elif "import.path" in texts:
        yield from _path(texts["import.path"], texts.get("import.alias", ""))
    elif "import.item" in texts:
        yield texts["import.item"], module, texts["import.item"]
    elif "import.namespace" in texts:
        yield "", texts["import.namespace"], "*"
    elif module:
        yield module, module, ""


def _path(path: str, alias: str) -> Iterator[tuple[str, str, str]]:
    """`a.b.C`, `a::b::f`, `host/pkg`: the last part is what the name means."""
    path = path.strip("\"'")
    for separator in ("::", "/", "\\", "."):
        if separator in path:
            module, _, member = path.rpartition(separator)
            yield alias or member, module, member
            return
    yield alias or path, path, ""


def _module_around(match: Mapping[str, list[Any]]) -> str:
    """The module of a name that stands in a list, such as `import {a} from "x"` or `use x::{a}`."""
    for name in ("import.from", "import.list"):
        node = match[name][0] if match.get(name) else None
        while node is not None:
            for field in ("source", "path"):
                held = node.child_by_field_name(field)
                if held is not None:
                    return text_of(held).strip("\"'`")
            node = node.parent
    return ""
