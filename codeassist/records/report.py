"""What a renderer sees, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from codeassist.records.answer import Annotation, Claim, Table, Verdict
from codeassist.records.location import FunctionId
from codeassist.records.program import CallGraph, Module, Notice
from codeassist.records.trace import Trace


@dataclass(frozen=True, slots=True)
class SettledSentence:
    """A sentence whose slots are filled; `status` is verified, unchecked or opinion."""

    text: str
    claims: tuple[str, ...]
    status: str


@dataclass(frozen=True, slots=True)
class SettledSection:
    """A section with refuted sentences gone and table slots filled."""

    id: str
    title: str
    sentences: tuple[SettledSentence, ...]
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True, slots=True)
class Input:
    """One run as the reader sees it: the call and where it came from."""

    call: str
    origin: str


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line of the function with its count of steps in the run being explained (None: no statement)."""

    number: int
    text: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """One function explained; refuted claims are not in it."""

    function: FunctionId
    line: int
    signature: str
    summary: SettledSentence
    sections: tuple[SettledSection, ...]
    annotations: tuple[Annotation, ...]
    claims: tuple[tuple[Claim, Verdict], ...]
    source: tuple[SourceLine, ...]
    inputs: tuple[Input, ...] = ()
    limits: tuple[str, ...] = ()
    complexity: Mapping[str, Any] | None = None
    algorithm: Mapping[str, Any] | None = None
    is_static: bool = False
    """no run stands behind it; `limits` say why"""
    weight: float = 0.0
    """importance within a file or folder; the heaviest are shown in detail"""


@dataclass(frozen=True, slots=True)
class OverviewEntry:
    """One function in one true line."""

    function: FunctionId
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Overview:
    """A file or folder at a glance: purpose, entry points, reading order, call graph."""

    title: str
    purpose: str
    entry_points: tuple[str, ...]
    reading_order: tuple[OverviewEntry, ...]
    graph: CallGraph | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """The answer to `explain`."""

    explanations: tuple[Explanation, ...]
    overview: Overview | None = None
    notices: tuple[Notice, ...] = ()
    interrupted: bool = False
    lang: str = "en"
    """language of the renderer's own words"""
    unanswered: tuple[str, ...] = ()
    """why the backend that was asked for did not answer, a line for each fault; the rest is local"""
    runs: Mapping[FunctionId, TraceView] = field(default_factory=dict)
    """the explained run of functions, for renderers that step through it"""


@dataclass(frozen=True, slots=True)
class TraceView:
    """The answer to `trace`: a trace beside the source texts of the files it touched."""

    trace: Trace
    sources: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()
    modules: Mapping[str, Module] = field(default_factory=dict)
    """path -> facts of the files that were recorded, so that loops and tests can be told apart"""
    watched: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    """event index -> what the watched expressions became by that step, such as `high - low = 3`"""
    lang: str = "en"
    """language of the renderer's own words"""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a review found, with the input that shows it."""

    rule: str
    level: str
    message: str
    path: str
    line: int
    function: str
    verified: bool
    counterexample: Mapping[str, str] | None = None
    """call, old and new: a complete expression, and what either side gave"""
    column: int = 0
    """from 0, in code points; `end_line` 0 means that only the line is known"""
    end_line: int = 0
    end_column: int = 0
    fingerprint: str = ""
    """the same for the same finding, whatever lines moved"""
    flow: tuple[tuple[str, int, str], ...] = ()
    """the run that shows it, on the new side: (path, line, words), in order"""
