"""Which statement a physical line names: the `Statement` rule of claims.md, as pure functions over facts."""

from __future__ import annotations

from enum import Enum
from typing import Final, Literal

from codeassist.records.program import Module, Statement


class _Ambiguous(Enum):
    AMBIGUOUS = "ambiguous-line"


AMBIGUOUS: Final = _Ambiguous.AMBIGUOUS
"""the answer for a line that several statements share"""

NAMELESS = frozenset({"try", "global", "nonlocal"})
"""kinds that no line number names; docstrings, `else:` and `finally:` are the others"""


def names_a_step(statement: Statement) -> bool:
    """Whether executing `statement` is a step, so that a line number can name it."""
    return statement.kind not in NAMELESS and not statement.is_docstring


def statements_of(module: Module, qualname: str) -> tuple[Statement, ...]:
    """The statements of one body in source order, those that no line names included."""
    return tuple(s for s in module.statements if s.function == qualname)


def statements_on(module: Module, qualname: str, line: int) -> tuple[Statement, ...]:
    """Every statement of `qualname`'s own body whose header covers the physical `line`."""
    own = statements_of(module, qualname)
    return tuple(s for s in own if names_a_step(s) and s.header.covers(line))


def statement_at(
    module: Module, qualname: str, line: int
) -> Statement | Literal[_Ambiguous.AMBIGUOUS] | None:
    """The statement that `line` names in `qualname`, None for no statement, AMBIGUOUS for several."""
    found = statements_on(module, qualname, line)
    if not found:
        return None
    return found[0] if len(found) == 1 else AMBIGUOUS
