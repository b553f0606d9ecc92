"""What a page tells, replayed independently, is at every event what the reader says of the run."""

from __future__ import annotations

import json
import shutil
from array import array
from collections import Counter, OrderedDict, defaultdict, deque
from pathlib import Path
from typing import Any

import pytest

from codeassist.records.report import TraceView
from codeassist.records.text import inert
from codeassist.records.trace import Trace
from codeassist.records.values import EnumMember, Instance, NamedTuple, Tensor, literal
from codeassist.rendering import viewer_data
from codeassist.rendering.viewer_pack import LONG
from codeassist.rendering.viewer_page import render_html
from tests.support.compare import recorded
from tests.support.paged import Paged, documents
from tests.support.runs import really_seen

CASES = Path(__file__).parents[1] / "cases" / "tracing"
EXAMPLES = Path(__file__).parents[2] / "examples"
PROGRAMS = sorted(path.stem for path in CASES.glob("*.py"))
CALLS = {
    "binary_search": "binary_search([1, 3, 5, 7, 9, 11], 9)",
    "breadth_first": "shortest_path({'a': ['b', 'c'], 'b': ['d'], 'c': ['d'], 'd': []}, 'a', 'd')",
    "dijkstra": "dijkstra({'a': {'b': 4, 'c': 1}, 'b': {'d': 1}, 'c': {'b': 2, 'd': 5}, 'd': {}}, 'a')",
    "edit_distance": "edit_distance('kitten', 'sitting')",
    "fibonacci": "list(fibonacci(30))",
    "kmp": "find('abababc', 'ababc')",
    "linked_list": "to_list(reverse(from_list([1, 2, 3, 4])))",
    "merge_sort": "merge_sort([5, 2, 4, 1, 3])",
    "min_heap": "[h.pop() for h in [MinHeap([5, 3, 8, 9, 4, 2])] for _ in range(3)]",
    "n_queens": "n_queens(4)",
    "sieve": "primes_up_to(30)",
}


def plain(value: Any, path: tuple[int, ...] = ()) -> Any:
    """A recorded value in the notation of `Paged.text`."""
    kind = type(value)
    if id(value) in path:
        return ["cycle"]
    inner = (*path, id(value))
    if kind in (list, tuple, deque, array, bytearray):
        return [kind.__name__, [plain(item, inner) for item in value]]
    if kind in (set, frozenset):
        return [kind.__name__, sorted((plain(item, inner) for item in value), key=json.dumps)]
    if kind in (dict, defaultdict, Counter, OrderedDict):
        return [kind.__name__, [plain(part, inner) for pair in value.items() for part in pair]]
    if kind is Instance:
        pairs = value.attributes.items()
        return [inert(value.cls), [plain(part, inner) for pair in pairs for part in pair]]
    if kind is NamedTuple:
        pairs = zip(value.fields, value.items, strict=False)
        return [value.cls, [plain(part, inner) for pair in pairs for part in pair]]
    if kind is EnumMember:
        return [value.cls, [plain(value.name), plain(value.value, inner)]]
    if kind is Tensor:
        return [value.cls, [repr(str(value.shape)), *(plain(item, inner) for item in value.elements or ())]]
    return inert(literal(value, LONG))


def agrees(trace: Trace, page: Paged) -> int:
    """Hold every state of the page against the reader; the number of variables that were looked at."""
    reader = trace.reader
    assert reader is not None
    rows, looked = reader.activations(), 0
    for index in range(len(reader)):
        assert page.step() == index
        for activation in page.stacks.get(page.threads.get(page.owners[index], 0), ()):
            state = reader.state(index + 1, activation)
            if page.leaving is not None and page.leaving[1] == activation and state.returned:
                continue  # the reader stands before the return, the page after it
            own = page.frames[activation]
            if rows[activation].function.qualname == "<module>":
                own = next((s for s in page.globals.values() if set(s) >= set(state.variables)), own)
            for name, value in own.items():
                if name in state.variables:
                    assert page.text(value) == plain(state.variables[name]), (index, activation, name)
                    looked += 1
            outer = {name for other in page.frames.values() for name in other}
            missing = set(state.variables) - set(own)
            assert missing <= outer, (index, activation, missing)
    return looked


def paged(trace: Trace) -> Paged:
    return Paged(documents("".join(render_html(TraceView(trace)))))


@pytest.mark.parametrize("stretch", [20_000, 7])
@pytest.mark.parametrize("name", PROGRAMS)
def test_every_state_of_a_case_is_that_of_the_reader(
    name: str, stretch: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(viewer_data, "STRETCH", stretch)
    trace, _ = recorded(Path(shutil.copy(CASES / f"{name}.py", tmp_path)), "")
    page = paged(trace)
    assert (len(page.whole["starts"]) > 1) == (stretch == 7)
    assert agrees(trace, page) > 15


@pytest.mark.parametrize("stretch", [20_000, 11])
@pytest.mark.parametrize("name", CALLS)
def test_every_state_of_an_example_is_that_of_the_reader(
    name: str, stretch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(viewer_data, "STRETCH", stretch)
    with really_seen((EXAMPLES / f"{name}.py").read_text(), CALLS[name]) as view:
        assert agrees(view.trace, paged(view.trace)) > 15
