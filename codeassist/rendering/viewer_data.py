"""A TraceView as the documents that the step viewer reads: one about the whole run, one for each stretch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from codeassist.messages import Catalogue, catalogue
from codeassist.records.deltas import Moment, Place, Stretch
from codeassist.records.report import Explanation, TraceView
from codeassist.records.structure import Structure
from codeassist.records.text import inert
from codeassist.records.trace import KINDS, ExceptionInfo
from codeassist.rendering.trace_title import closing, exception_words, subtitle, title
from codeassist.rendering.viewer_pack import Packer, Texts, differences

STRETCH = 20_000
"""events that are replayed from one opening; a longer run is opened piece by piece"""
MOST = 2_000_000
"""events of a page; what comes after them is left out, and the page says so"""
OUTPUT = 400_000
"""characters of the program's output that a page keeps"""


class Documents:
    """The documents of one run: `stretches` first, then `whole`, which holds what those collected."""

    def __init__(self, view: TraceView, explanation: Explanation | None = None) -> None:
        self._view, self._explanation = view, explanation
        self._text = catalogue(view.lang)
        self._texts = Texts()
        self._packer = Packer(self._texts)
        self._kinds, self._places, self._activations = list[int](), list[int](), list[int]()
        self._threads: dict[int, int] = {}
        self._starts: list[int] = []
        self._is_cut = False

    def stretches(self) -> Iterator[dict[str, Any]]:
        """One document for each stretch of the run."""
        reader = self._view.trace.reader
        if reader is None:
            return
        for stretch in reader.stretches(STRETCH):
            if stretch.start + len(stretch.moments) > MOST:
                self._is_cut = True
                return
            yield self._stretch(stretch)

    def _stretch(self, stretch: Stretch) -> dict[str, Any]:
        self._starts.append(stretch.start)
        opening = self._packer.operations(stretch.opening)
        sizes, flat = list[int](), list[int]()
        values: list[int] = []
        for number, moment in enumerate(stretch.moments):
            self._note(moment)
            packed = self._packer.operations(moment.operations, moment.activation)
            sizes.append(len(packed))
            flat += packed
            if moment.value is not None or moment.kind == "return":
                values += [number, self._value(moment)]
        stacks = [[thread, *stack] for thread, stack in stretch.stacks.items()]
        return {"opening": opening, "stacks": stacks, "sizes": sizes, "flat": flat, "values": values}

    def _note(self, moment: Moment) -> None:
        self._kinds.append(KINDS.index(moment.kind))
        self._places.append(moment.place)
        self._activations.append(moment.activation)
        if moment.thread:
            self._threads[moment.activation] = moment.thread

    def _value(self, moment: Moment) -> int:
        """A returned or yielded value; of an exception the text."""
        if isinstance(moment.value, ExceptionInfo):
            return 3 * self._texts.plain(exception_words(moment.value)) + 1
        return self._packer.value(moment.value)

    def whole(self) -> dict[str, Any]:
        """What is needed before the first picture: titles, sources, places, and the kind of every event."""
        view = self._view
        said, (ended, style) = title(view)
        paths = [*view.sources]
        notes = [text for text, _ in closing(view)]
        if self._is_cut:
            notes.append(self._text("viewer.cut", count=len(self._kinds)))
        return {
            "lang": self._text.lang,
            "labels": self._text.under("viewer."),
            "title": said,
            "outcome": ended,
            "good": style == "returns",
            "complete": view.trace.header.complete and not self._is_cut,
            "subtitle": subtitle(view),
            "notes": notes,
            "files": [
                [inert(name), [inert(line, keep="\t") for line in view.sources[path]]]
                for path, name in _names(paths).items()
            ],
            **self._tables(paths),
            "starts": self._starts,
            "kinds": self._kinds,
            "placed": differences(self._places),
            "activations": differences(self._activations),
            "threads": [[a, t] for a, t in self._threads.items()],
            "output": self._output(),
            "watched": {str(step): list(texts) for step, texts in view.watched.items()},
            "texts": self._texts.rows,
            "spoken": self._file_of(paths),
            "said": said_of(self._explanation, self._text) if self._explanation else None,
        }

    def _file_of(self, paths: Sequence[str]) -> int:
        """The number of the file that the explanation is about."""
        path = self._explanation.function.path if self._explanation else ""
        return paths.index(path) if path in paths else -1

    def _output(self) -> list[list[Any]]:
        reader, left, found = self._view.trace.reader, OUTPUT, list[list[Any]]()
        for output in () if reader is None else reader.output():
            if output.index >= len(self._kinds) or left <= 0:
                break
            found.append([output.index, output.stream, inert(output.text[:left], keep="\n\t")])
            left -= len(output.text)
        return found

    def _tables(self, paths: Sequence[str]) -> dict[str, Any]:
        """Functions and places by number; a place names its file, its loops and where its header ends."""
        reader = self._view.trace.reader
        known: Sequence[Place] = reader.places() if reader is not None else ()
        functions = {place.function: n for n, place in enumerate(known)}
        functions = {function: n for n, function in enumerate(functions)}
        files = {path: n for n, path in enumerate(paths)}
        rows = _Rows(self._view, known)
        return {
            "functions": [[inert(f.qualname), files.get(f.path, -1)] for f in functions],
            "places": [[functions[p.function], *rows.row(n)] for n, p in enumerate(known)],
        }


class _Rows:
    """What the facts of the modules say of each place."""

    def __init__(self, view: TraceView, places: Sequence[Place]) -> None:
        self._places = places
        self._structures = {path: Structure(module) for path, module in view.modules.items()}
        self._by_spot = {(p.function, p.line, p.column): n for n, p in enumerate(places) if p.kind != "log"}

    def row(self, number: int) -> list[Any]:
        """Kind, line, column, first place of the body, last line of the header, loops around."""
        place = self._places[number]
        row: list[Any] = [place.kind, place.line, place.column, place.first, place.line, []]
        structure = self._structures.get(place.function.path)
        if structure is None or place.kind in ("log", "enter"):
            return row
        index = structure.at(place.function.qualname, place.line, place.column)
        if index is not None:
            row[4] = structure.statement(index).header.end_line
            around = (self._loop(loop, structure, place) for loop in structure.loops(index))
            row[5] = [number for number in around if number >= 0]
        return row

    def _loop(self, index: int, structure: Structure, place: Place) -> int:
        header = structure.statement(index).header
        return self._by_spot.get((place.function, header.line, header.column), -1)


def said_of(explanation: Explanation, text: Catalogue) -> list[list[Any]]:
    """Sentences of an explanation with the lines that their claims name: `[line, text, status]`."""
    claims = {claim.id: claim for claim, _ in explanation.claims}
    rows: list[list[Any]] = [
        [n.line, inert(n.text), "verified" if n.claims else ""] for n in explanation.annotations
    ]
    known = {(line, words) for line, words, _ in rows}
    for section in explanation.sections:
        for sentence in section.sentences:
            lines = {claims[c].fields.get("line") for c in sentence.claims if c in claims}
            for line in sorted(n for n in lines if isinstance(n, int)):
                if (line, sentence.text) not in known:
                    rows.append([line, inert(sentence.text), sentence.status])
    return rows


def _names(paths: Sequence[str]) -> dict[str, str]:
    """Files by name, with as much of the folder as tells two apart: the rest is the machine's own."""
    names = {path: path.rpartition("/")[2] for path in paths}
    depth = 2
    while len(set(names.values())) < len(names) and depth < 20:
        names = {path: "/".join(path.split("/")[-depth:]) for path in paths}
        depth += 1
    return names
