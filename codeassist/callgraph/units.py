"""Which file is which module: dotted names relative to the folder given."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from codeassist.callgraph.modules import Unit, absolute
from codeassist.callgraph.naming import module_name
from codeassist.records.flow import IMPORT, Flow
from codeassist.records.program import Module


def units_of(modules: Sequence[Module], root: str) -> list[Unit]:
    """One unit for each module with a flow, by name; of two files with one name the package wins."""
    units: dict[str, Unit] = {}
    for module in sorted(modules, key=lambda each: each.source.path):
        if module.flow is None:
            continue
        path = module.source.path
        name = module_name(path, root)
        is_package = path.rpartition("/")[2].startswith("__init__.")
        if name not in units or is_package:
            units[name] = Unit(name, path, is_package, module.flow)
    _note_root(units, root)
    return list(units.values())


def _note_root(units: dict[str, Unit], root: str) -> None:
    """A folder that is itself a package: its modules may import each other by the full name."""
    folder = root.rstrip("/").rpartition("/")[2]
    top = units.get(folder)
    if top is None or not top.is_package or top.path != f"{root.rstrip('/')}/__init__.py":
        return
    top.is_root = True
    prefix = _prefix(root)
    for unit in units.values():
        unit.root_name = prefix


def _prefix(root: str) -> str:
    """The dotted name of a folder that is a package: the packages around it come first."""
    parts: list[str] = []
    path = root.rstrip("/")
    while os.path.isfile(f"{path}/__init__.py"):
        path, _, name = path.rpartition("/")
        parts.append(name)
    return ".".join(reversed(parts)) or root.rstrip("/").rpartition("/")[2]


def imported_files(module: Module, root: str) -> Iterator[str]:
    """Files below `root` that a module's imports may load: the modules named and the packages above them."""
    if module.flow is None:
        return
    path = module.source.path
    is_package = path.endswith("/__init__.py")
    unit = Unit(module_name(path, root), path, is_package, module.flow)
    if is_package and os.path.dirname(path) == root.rstrip("/"):
        unit.name = ""  # what the root package imports relatively lies in the root
    seen: set[str] = set()
    for name in _imported(module.flow, unit):
        parts = name.split(".")
        for length in range(1, len(parts) + 1):
            stem = os.path.join(root, *parts[:length])
            if stem in seen:
                continue
            seen.add(stem)
            yield from (file for file in (f"{stem}.py", f"{stem}/__init__.py") if os.path.isfile(file))


def _imported(flow: Flow, unit: Unit) -> Iterator[str]:
    for scope in flow.scopes:
        for operation in scope.operations:
            if operation[0] == IMPORT:
                _, _, module, member, level = operation
                name = absolute(unit, module, level)
                yield from (n for n in (name, f"{name}.{member}" if member else "") if n.strip("."))
    for module, level in flow.stars:
        yield absolute(unit, module, level)
