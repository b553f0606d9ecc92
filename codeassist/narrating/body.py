"""The statements of one function as a tree: blocks, loops, texts, and what each one binds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from codeassist.records.location import Span
from codeassist.records.program import Function, Module, Statement

LOOPS = ("for", "while")
MUTABLE_METHODS = frozenset(
    "append add extend insert push appendleft update setdefault pop popleft remove discard clear sort "
    "reverse popitem extendleft rotate".split()
)


@dataclass(frozen=True, slots=True)
class Body:
    """The statements of `function` in source order; `index` is that of Module.statements."""

    module: Module
    function: Function
    indexes: tuple[int, ...]

    def statements(self) -> Iterator[tuple[int, Statement]]:
        """Every statement with its index, docstrings left out."""
        for index in self.indexes:
            statement = self.module.statements[index]
            if not statement.is_docstring:
                yield index, statement

    def at(self, index: int) -> Statement:
        """The statement with this index of Module.statements."""
        return self.module.statements[index]

    def top(self) -> list[int]:
        """Indexes of the statements at the top of the body."""
        return [index for index, statement in self.statements() if statement.parent is None]

    def inside(self, parent: int, block: str | None = "body") -> list[int]:
        """Indexes of the statements directly inside a compound statement."""
        return [
            index
            for index, statement in self.statements()
            if statement.parent == parent and block in (None, statement.block)
        ]

    def within(self, ancestor: int, block: str | None = None) -> list[int]:
        """Indexes of all statements below a compound one (of one of its blocks)."""
        return [index for index, _ in self.statements() if self.below(index, ancestor, block)]

    def below(self, index: int, ancestor: int, block: str | None = None) -> bool:
        """Whether statement `index` lies below `ancestor` (in that block of it)."""
        for step, above in self.chain(index):
            if above == ancestor:
                return block is None or self.at(step).block == block
        return False

    def chain(self, index: int) -> Iterator[tuple[int, int]]:
        """(statement, parent) pairs from `index` outwards."""
        step, above = index, self.at(index).parent
        while above is not None:
            yield step, above
            step, above = above, self.at(above).parent

    def loops(self) -> list[int]:
        """Indexes of all loops in source order."""
        return [index for index, statement in self.statements() if statement.kind in LOOPS]

    def loop_of(self, index: int) -> int | None:
        """The innermost loop whose body holds the statement."""
        for step, above in self.chain(index):
            if self.at(above).kind in LOOPS and self.at(step).block == "body":
                return above
        return None

    def text(self, index: int) -> str:
        """Source text of a statement's header in one line, without its colon."""
        header = self.at(index).header
        lines = self.module.source.lines[header.line - 1 : header.end_line]
        return " ".join(" ".join(_cut(lines, header)).split()).rstrip(":").rstrip()

    def alone(self, index: int) -> bool:
        """Whether no other statement of the module has a header on its first line."""
        line = self.at(index).header.line
        return not any(
            other is not self.at(index) and not other.is_docstring and other.header.covers(line)
            for other in self.module.statements
        )

    def written(self, indexes: list[int]) -> list[str]:
        """Names bound by these statements, in order, each once."""
        return list(dict.fromkeys(name for index in indexes for name in self.at(index).writes))


def _cut(lines: tuple[str, ...], header: Span) -> Iterator[str]:

    for number, line in enumerate(lines, header.line):
        start = header.column if number == header.line else 0
        end = header.end_column if number == header.end_line else len(line)
        yield line[start:end].strip()


def body_of(module: Module, function: Function) -> Body:
    """The statements of `function` itself, nested functions left out."""
    wanted = function.id.qualname
    indexes = [i for i, statement in enumerate(module.statements) if statement.function == wanted]
    return Body(module, function, tuple(indexes))
