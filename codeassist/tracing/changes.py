"""A store of the log as the change that a reader sees: its target as a path from a variable."""

from __future__ import annotations

from codeassist.records.trace import Change
from codeassist.tracing import paths
from codeassist.tracing.log import Site
from codeassist.tracing.replay import Frame, Store
from codeassist.tracing.snapshot import Snapshot

MAX_OBJECTS = 64
"""objects that the value of a change shows; a state shows all"""
_WRITING = ("assign", "augassign", "annassign", "for", "with", "del")


def change(store: Store, site: Site) -> Change | None:
    """The change that a store made in its step, or None when no variable of the step leads to it."""
    frame = store.frame
    if frame is None:
        return None
    if store.kind == "global":
        return Change(store.name, store.name, "bind", Snapshot(MAX_OBJECTS).copy(store.value), "global")
    if store.name:
        return Change(
            store.name,
            store.name,
            store.kind,
            Snapshot(MAX_OBJECTS).copy(store.value),
            _scope(frame, store.name),
        )
    return _inside(store, frame, site)


def _scope(frame: Frame, name: str) -> str:
    """Where a variable lives, seen from the activation."""
    if name in frame.free:
        return "nonlocal"
    return "local" if name in frame.variables or name in frame.cells else "global"


def _inside(store: Store, frame: Frame, site: Site) -> Change | None:
    """A change inside an object: an item, an attribute, or the content as a whole."""
    path = paths.find(store.object, store.visible(), site.info.get("names", ()))
    if not path:
        return None
    variable = paths.root(path)
    by_item = site.kind in _WRITING and store.kind in ("item", "attribute", "delete")
    if by_item or store.kind == "attribute":
        target = path + paths.step_text(store.object, store.key)
        return Change(
            target, variable, store.kind, Snapshot(MAX_OBJECTS).copy(store.value), _scope(frame, variable)
        )
    return Change(
        path, variable, "content", Snapshot(MAX_OBJECTS).copy(store.object), _scope(frame, variable)
    )
