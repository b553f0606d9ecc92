"""What a review of a change says: findings, and for each changed function whether it still does the same."""

from __future__ import annotations

from dataclasses import dataclass

from codeassist.records.program import Notice
from codeassist.records.report import Finding

LEVELS = ("error", "warning", "note")
"""gravest first"""
VERDICTS = ("same", "different", "unknown")


@dataclass(frozen=True, slots=True)
class FunctionVerdict:
    """One changed function: the same on all inputs tried, different on one, or not decided."""

    function: str
    path: str
    line: int
    verdict: str
    inputs: int = 0
    """calls that worked on one side at least"""
    reason: str = ""
    """why it is unknown, in words"""
    branches: str = ""
    """`same` when every call took the same lines on both sides"""
    tests: tuple[str, ...] = ()
    """tests whose text names the function"""
    was: str = ""
    """its name before, where it was renamed"""


@dataclass(frozen=True, slots=True)
class Review:
    """The answer to `review`."""

    findings: tuple[Finding, ...]
    functions: tuple[FunctionVerdict, ...]
    notices: tuple[Notice, ...] = ()
    title: str = ""
    root: str = ""
    suppressed: int = 0
    """findings that a comment in the source, or the baseline, leaves out"""
    lang: str = "en"
    version: str = ""
    """of codeassist"""
    opinions: tuple[str, ...] = ()
