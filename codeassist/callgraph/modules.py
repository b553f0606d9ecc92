"""Modules of the target: their names, and what an import finds."""

from __future__ import annotations

from dataclasses import dataclass, field

from codeassist.callgraph.solver import Solver
from codeassist.callgraph.values import Body, ModuleValue
from codeassist.records.flow import Flow


@dataclass(slots=True, eq=False)
class Unit:
    """One file of the target while it is solved."""

    name: str
    path: str
    is_package: bool
    flow: Flow
    base: int = 0
    value: ModuleValue | None = None
    body: Body | None = None
    root_name: str = ""
    """name of the folder given, when it is itself a package"""
    is_root: bool = False
    names: dict[str, int] = field(default_factory=dict)
    dynamic: dict[str, int] = field(default_factory=dict)
    starred: dict[str, int] = field(default_factory=dict)
    """name -> node of what a star import brings under it, -1 for none"""


def unit_of(s: Solver, name: str) -> Unit | None:
    """The file that a dotted name means: as it stands, or below a folder that is an import root."""
    units: dict[str, Unit] = s.units
    if name in units:
        return units[name]
    return s.aliases.get(name)


def absolute(unit: Unit, module: str, level: int) -> str:
    """The dotted name that an import in `unit` means; a level beyond the root stays at the root."""
    if not level:
        return module
    parts = unit.name.split(".") if unit.name else []
    if unit.is_package:
        level -= 1
    kept = parts[: max(len(parts) - level, 0)]
    return ".".join([*kept, module] if module else kept)


def import_into(s: Solver, unit: Unit, module: str, name: str, level: int, target: int) -> None:
    """What `import module` or `from module import name` binds."""
    full = absolute(unit, module, level)
    found = unit_of(s, full) or (_sibling(s, unit, full) if not level else None)
    if not name:
        _import_module(s, found, full, target)
    elif found is not None and found.value is not None:
        member(s, found.value, name, target)
    else:
        _import_from_folder(s, full, name, target)


def _sibling(s: Solver, unit: Unit, name: str) -> Unit | None:
    """A module beside the importing file: how scripts find their neighbours."""
    folder = unit.name.rpartition(".")[0] if not unit.is_package else unit.name
    found = unit_of(s, f"{folder}.{name}") if folder and folder not in s.packages else None
    return found if found is not unit else None


def _import_module(s: Solver, found: Unit | None, name: str, target: int) -> None:
    if found is not None and found.value is not None:
        s.add(target, found.value)
    elif name in s.folders:
        s.add(target, s.folders[name])
    elif name:
        s.add(target, s.external(name))


def _import_from_folder(s: Solver, folder: str, name: str, target: int) -> None:
    full = f"{folder}.{name}" if folder else name
    found = unit_of(s, full)
    if found is not None and found.value is not None:
        s.add(target, found.value)
    elif full in s.folders:
        s.add(target, s.folders[full])
    else:
        s.add(target, s.external(full))


def member(
    s: Solver,
    value: ModuleValue,
    name: str,
    target: int,
    from_import: bool = False,
    seen: frozenset[str] = frozenset(),
) -> bool:
    """Let `target` hold a module's attribute: a name, a submodule, or what a star import brings."""
    unit = value.unit
    if isinstance(unit, str):  # a folder without __init__.py
        _import_from_folder(s, unit, name, target)
        return True
    known = name in unit.names
    if known:
        s.edge(unit.names[name], target)
    sub = unit_of(s, f"{unit.name}.{name}")
    if sub is not None and sub.value is not None and (not known or sub is not unit):
        if not known or unit.names[name] < 0:
            s.add(target, sub.value)
        return True
    if known:
        return True
    if _from_stars(s, unit, name, target, seen | {unit.name}):
        return True
    s.edge(dynamic(s, unit, name), target)
    return False


def _from_stars(s: Solver, unit: Unit, name: str, target: int, seen: frozenset[str]) -> bool:
    """Whether a star import of the file brings the name; asked from outside it is looked for once."""
    if not unit.flow.stars:
        return False
    if len(seen) > 1:
        return _search_stars(s, unit, name, target, seen)
    if name not in unit.starred:
        node = s.grow(1)
        unit.starred[name] = node if _search_stars(s, unit, name, node, seen) else -1
    s.edge(unit.starred[name], target)
    return unit.starred[name] >= 0


def _search_stars(s: Solver, unit: Unit, name: str, target: int, seen: frozenset[str]) -> bool:
    for module, level in reversed(unit.flow.stars):  # the last one wins
        full = absolute(unit, module, level)
        found = unit_of(s, full)
        if found is None:
            continue
        if found.name in seen or found.value is None or name.startswith("_") and name not in found.names:
            continue
        if (name in found.names or found.flow.stars) and member(s, found.value, name, target, seen=seen):
            return True
    return False


def dynamic(s: Solver, unit: Unit, name: str) -> int:
    """The node behind attributes that other modules store."""
    if name not in unit.dynamic:
        unit.dynamic[name] = s.grow(1)
    return unit.dynamic[name]


def free_name(s: Solver, unit: Unit, name: str, target: int) -> None:
    """A name that the file does not bind: from a star import, a built-in, or an unknown star's."""
    if _from_stars(s, unit, name, target, frozenset({unit.name})):
        return
    if name in s.builtin_names:
        s.add(target, s.builtin(name))
        return
    outside = [absolute(unit, module, level) for module, level in unit.flow.stars]
    unknown = [module for module in outside if unit_of(s, module) is None]
    if len(unknown) == 1:
        s.add(target, s.external(f"{unknown[0]}.{name}"))
