"""Which statement an event executed and which statements hold it: an index over the facts of a module."""

from __future__ import annotations

from codeassist.records.program import Module, Statement
from codeassist.records.statements import names_a_step
from codeassist.records.trace import Event

LOOPS = frozenset({"for", "while"})


class Structure:
    """Statements of one module by place, with their ancestors; statements are named by their index."""

    def __init__(self, module: Module) -> None:
        self.statements = module.statements
        self._by_line: dict[tuple[str, int], list[int]] = {}
        for index, statement in enumerate(module.statements):
            if names_a_step(statement):
                self._by_line.setdefault((statement.function, statement.header.line), []).append(index)
        self._ancestors: dict[int, tuple[tuple[int, str], ...]] = {}
        self._loops: dict[int, tuple[int, ...]] = {}

    def at(self, qualname: str, line: int, column: int = -1) -> int | None:
        """The statement of `qualname` whose header begins at `line` (and `column`, if several do)."""
        found = self._by_line.get((qualname, line))
        if not found:
            return None
        for index in found[1:]:
            if self.statements[index].header.column == column:
                return index
        return found[0]

    def of(self, event: Event) -> int | None:
        """The statement that a `line` event executed."""
        return self.at(event.function.qualname, event.line, event.column)

    def ancestors(self, index: int) -> tuple[tuple[int, str], ...]:
        """The compound statements around `index`, innermost first, each with the block that leads there."""
        known = self._ancestors.get(index)
        if known is None:
            found, child = [], self.statements[index]
            while child.parent is not None:
                found.append((child.parent, child.block))
                child = self.statements[child.parent]
            known = self._ancestors[index] = tuple(found)
        return known

    def block(self, index: int, ancestor: int) -> str:
        """The block of `ancestor` that holds `index`; empty when none does."""
        return next((block for outer, block in self.ancestors(index) if outer == ancestor), "")

    def loops(self, index: int) -> tuple[int, ...]:
        """Headers of the loops whose bodies hold `index`, outermost first."""
        known = self._loops.get(index)
        if known is None:
            around = self.ancestors(index)
            inside = (i for i, block in around if block == "body" and self.statements[i].kind in LOOPS)
            known = self._loops[index] = tuple(inside)[::-1]
        return known

    def statement(self, index: int) -> Statement:
        """The facts of statement `index`."""
        return self.statements[index]
