"""What a server keeps between requests: call graphs, for as long as their files are as they were."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from threading import RLock

from codeassist import targets as naming
from codeassist.pipeline.graphing import GraphOptions, Progress, narrowed, whole
from codeassist.records.program import CallGraph

FRESH = 2.0
"""seconds for which files are taken to be as they were, so that a burst of questions looks once"""
KEPT = 8
"""graphs kept at a time"""


@dataclass(slots=True)
class _Kept:
    graph: CallGraph
    stamps: tuple[tuple[str, int, int], ...]
    looked: float
    parts: dict[tuple[tuple[str, ...], GraphOptions], CallGraph] = field(default_factory=dict)
    """what was asked for of it lately: the next page asks for the same"""


class Keeper:
    """Call graphs by their targets. Safe for several threads; one solves at a time."""

    def __init__(self) -> None:
        self._graphs: dict[tuple[tuple[str, ...], str], _Kept] = {}
        self._lock = RLock()

    def graph(
        self, texts: Sequence[str], options: GraphOptions, progress: Progress | None = None
    ) -> CallGraph:
        """What `pipeline.graphing.graph` gives, solved again only when a file changed."""
        with self._lock:
            kept = self._current(texts, options, progress)
            asked = (tuple(texts), options)
            if asked not in kept.parts:
                kept.parts[asked] = narrowed(kept.graph, texts, options)
                while len(kept.parts) > KEPT:
                    del kept.parts[next(iter(kept.parts))]
            return kept.parts[asked]

    def _current(self, texts: Sequence[str], options: GraphOptions, progress: Progress | None) -> _Kept:
        key = _key(texts, options.names)
        kept = self._graphs.get(key)
        now = time.monotonic()
        if kept is not None and now - kept.looked < FRESH:
            return kept
        stamps = _stamps(texts)
        if kept is None or kept.stamps != stamps:
            solved = whole(texts, replace(options, root=""), progress)
            kept = self._graphs[key] = _Kept(solved, stamps, now)
            while len(self._graphs) > KEPT:
                del self._graphs[next(iter(self._graphs))]
        kept.looked = time.monotonic()
        return kept


def _key(texts: Sequence[str], names: str) -> tuple[tuple[str, ...], str]:
    return tuple(os.path.abspath(naming.split(text)[0]) for text in texts), names


def _stamps(texts: Sequence[str]) -> tuple[tuple[str, int, int], ...]:
    """Path, size and time of every file; of a file named alone also its neighbours, which it may import."""
    places = dict.fromkeys(os.path.abspath(naming.split(text)[0]) for text in texts)
    folders = [place if os.path.isdir(place) else os.path.dirname(place) for place in places]
    found = {target.path: None for target in naming.resolve([*places, *folders])}
    stamps = []
    for path in found:
        try:
            status = os.stat(path)
        except OSError:
            continue
        stamps.append((path, status.st_size, status.st_mtime_ns))
    return tuple(stamps)
