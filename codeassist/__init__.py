"""codeassist: explanations of algorithm code that are checked against execution.

The Python API has the names of the commands: `explain`, `trace`, `call_graph`, `verify`, `review`; `claims`
asserts claims about one's own function in a test. Each is loaded when it is first used.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from codeassist.api import call_graph as call_graph
    from codeassist.api import claims as claims
    from codeassist.api import explain as explain
    from codeassist.api import review as review
    from codeassist.api import trace as trace
    from codeassist.api import verify as verify

__version__ = "0.1.0"
__all__ = ["__version__", "call_graph", "claims", "explain", "review", "trace", "verify"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        import importlib

        return getattr(importlib.import_module("codeassist.api"), name)
    raise AttributeError(f"module 'codeassist' has no attribute {name!r}")


def __dir__() -> list[str]:
    return list(__all__)


def load_ipython_extension(shell: Any) -> None:
    """`%load_ext codeassist` in IPython and Jupyter."""
    import importlib

    importlib.import_module("codeassist.ipython").load(shell)
