"""Where something stands: positions in a source text and the one identity of a function."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open range of source text: lines from 1, columns from 0 in code points."""

    line: int
    column: int
    end_line: int
    end_column: int

    def covers(self, line: int) -> bool:
        """Whether any part of the physical `line` lies inside."""
        return self.line <= line <= self.end_line


@dataclass(frozen=True, slots=True, order=True)
class FunctionId:
    """One identity in graph, trace, claim and report.

    `path` is the file as the user named it (resolved, POSIX); `qualname` is lexical: `outer.inner`
    without `<locals>`, `<lambda1>` in order of appearance in its scope, `<module>`, and `name#2`
    for a name that is defined again in the same scope.
    """

    path: str
    qualname: str

    def __str__(self) -> str:
        return f"{self.path}::{self.qualname}"
