"""Which file is which module: dotted names relative to the folder given."""

from __future__ import annotations

from collections.abc import Sequence

from codeassist.callgraph.modules import Unit
from codeassist.callgraph.naming import module_name
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
    for unit in units.values():
        unit.root_name = folder
