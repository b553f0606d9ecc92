"""A site about a whole folder: what is kept of each module between two times that it is written."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FunctionPart:
    """One explained function; `body` is the inside of its page."""

    qualname: str
    line: int
    signature: str
    summary: str
    body: str
    verified: int
    """claims that runs bear out"""
    unchecked: int
    is_static: bool = False


@dataclass(frozen=True, slots=True)
class ModulePart:
    """One module with its functions; `key` is a digest of everything that the explanations depend on."""

    key: str
    name: str
    path: str
    """relative to the folder"""
    purpose: str
    functions: tuple[FunctionPart, ...]
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Site:
    """All modules, and who calls whom between functions named `module:qualname`."""

    title: str
    lang: str
    modules: tuple[ModulePart, ...]
    callees: dict[str, tuple[str, ...]]
    callers: dict[str, tuple[str, ...]]
    left: int = 0
    """modules that were not explained when the work was interrupted"""
    has_graph: bool = False
