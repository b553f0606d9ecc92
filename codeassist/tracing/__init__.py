"""Run -> Trace: launch, sandbox, read, replay, query."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from codeassist.tracing.runner import LocalRunner as LocalRunner
    from codeassist.tracing.store import read as read
    from codeassist.tracing.store import save as save

_PLACES = {"LocalRunner": "runner", "read": "store", "save": "store"}


def __getattr__(name: str) -> Any:
    """What is exported loads when it is used: a remembered explanation needs no runner."""
    if name not in _PLACES:
        raise AttributeError(f"module 'codeassist.tracing' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(f"codeassist.tracing.{_PLACES[name]}"), name)
