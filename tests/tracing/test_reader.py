"""Reading trace logs: states at any step, changes, saved files, and bytes that somebody made up."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from codeassist.records.errors import CodeassistError, TraceError
from codeassist.records.trace import Trace
from codeassist.records.values import Instance, literal
from codeassist.tracing import read, save
from codeassist.tracing.snapshot import Snapshot
from tests.support.compare import recorded

SEARCH = """
def search(xs, target):
    low, high = 0, len(xs) - 1
    steps = []
    while low <= high:
        mid = (low + high) // 2
        steps.append(mid)
        if xs[mid] == target:
            return mid, steps
        if xs[mid] < target:
            low = mid + 1
        else:
            high = mid - 1
    raise KeyError(target)
"""

PATHS = """
class Node:
    def __init__(self, key):
        self.key = key
        self.next = None

class List:
    def __init__(self):
        self.root = None
        self.sizes = {}

    def push(self, key):
        node = Node(key)
        node.next = self.root
        self.root = node
        self.sizes[key] = [0]
        self.sizes[key][0] += 1
        return node

def main(grid):
    chain = List()
    chain.push("a")
    chain.push("b")
    grid[1][0] = 7
    grid[0], grid[1] = grid[1], grid[0]
    del grid[0]
    same = grid
    same.append(chain.root)
    return chain.root if grid else None
"""


def trace_of(folder: Path, source: str, call: str, detail: str = "full") -> Trace:
    """A recorded call of a small program."""
    program = folder / "prog.py"
    program.write_text(source)
    return recorded(program, call, detail=detail)[0]


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> Trace:
    return trace_of(tmp_path_factory.mktemp("search"), SEARCH, "search([1, 3, 5, 7, 9, 11], 9)")


def test_no_changes_where_nothing_was_stored(searched: Trace) -> None:
    assert searched.reader
    quiet = [e for e in searched.reader.events() if e.statement in ("while", "if", "return", "raise")]
    assert len(quiet) > 5
    assert all(event.changes == () for event in quiet)


def test_a_step_has_the_changes_that_it_made(searched: Trace) -> None:
    assert searched.reader
    made = [(e.line, c.target, literal(c.value)) for e in searched.reader.events() for c in e.changes]
    assert made == [
        (3, "low", "0"), (3, "high", "5"), (4, "steps", "[]"), (6, "mid", "2"), (7, "steps", "[2]"),
        (11, "low", "3"), (6, "mid", "4"), (7, "steps", "[2, 4]"),
    ]  # fmt: skip


def test_tests_tell_their_outcomes(searched: Trace) -> None:
    assert searched.reader
    told = [(e.line, outcome) for e in searched.reader.events() for _, _, outcome in e.tests]
    assert told == [(5, True), (8, False), (10, True), (5, True), (8, True)]


def test_any_step_can_be_asked_in_any_order(searched: Trace) -> None:
    assert searched.reader
    reader = searched.reader
    ordered = [
        literal(dict(state.variables)) for state in reader.states([(i, 0) for i in range(len(reader))])
    ]
    places = list(range(len(reader)))
    random.Random(1).shuffle(places)
    assert all(literal(dict(reader.state(i, 0).variables)) == ordered[i] for i in places)


def test_the_state_at_a_return_holds_the_result_and_its_aliases(searched: Trace) -> None:
    assert searched.reader
    last = searched.reader.activations()[0].events[-1]
    state = searched.reader.state(last, 0)
    assert state.returned
    assert literal(state.result) == "(4, [2, 4])"
    assert state.result[1] is state.variables["steps"]


def test_a_state_is_a_copy(searched: Trace) -> None:
    assert searched.reader
    searched.reader.state(8, 0).variables["steps"].append("x")
    assert literal(searched.reader.state(8, 0).variables["steps"]) == "[2]"


@pytest.mark.parametrize("detail", ["full", "exact"])
def test_paths_of_changes_inside_objects(tmp_path: Path, detail: str) -> None:
    trace = trace_of(tmp_path, PATHS, "main([[1], [2]])", detail)
    assert trace.reader
    targets = [(e.line, c.target) for e in trace.reader.events() for c in e.changes]
    pushed = [t for line, t in targets if line in (14, 15, 16, 17) and t != "node.next"]
    assert pushed == [
        "self.root", "self.sizes['a']", "self.sizes['a'][0]",
        "self.root", "self.sizes['b']", "self.sizes['b'][0]",
    ]  # fmt: skip
    assert (14, "node.next") in targets
    assert (24, "grid[1][0]") in targets
    assert [t for line, t in targets if line == 25] == ["grid[0]", "grid[1]"]
    result = trace.header.outcome.result
    assert type(result) is Instance
    assert result.attributes["key"] == "b"


def test_arguments_are_the_objects_that_came_in(tmp_path: Path) -> None:
    trace = trace_of(tmp_path, "def f(xs):\n    xs.append(1)\n    xs = None\n    return xs\n", "f([0])")
    assert trace.reader
    assert trace.reader.argument(0, "xs", 1) == [0]
    assert trace.reader.argument(0, "xs", len(trace.reader) - 1) == [0, 1]


def test_changes_made_by_other_means_are_seen_at_the_end(tmp_path: Path) -> None:
    from codeassist.tracing.store import doubt

    source = "def f(xs):\n    put = getattr(xs, 'app' + 'end')\n    put(1)\n    return xs\n"
    assert doubt(trace_of(tmp_path, SEARCH, "search([1], 1)")) == ""
    program = tmp_path / "prog.py"
    program.write_text(source.replace("put(1)", "print([*map(put, [1])])"))
    assert "list" in doubt(recorded(program, "f([])")[0])


def test_a_saved_trace_is_the_same(searched: Trace, tmp_path: Path) -> None:
    save(searched, tmp_path / "saved.trace")
    again = read(tmp_path / "saved.trace")
    assert searched.reader
    assert again.reader
    assert again.header == searched.header
    assert [repr(e) for e in again.reader.events()] == [repr(e) for e in searched.reader.events()]


def test_a_file_cut_anywhere_gives_what_is_whole(searched: Trace, tmp_path: Path) -> None:
    save(searched, tmp_path / "whole")
    data = (tmp_path / "whole").read_bytes()
    for size in range(0, len(data), 37):
        (tmp_path / "cut").write_bytes(data[:size])
        try:
            trace = read(tmp_path / "cut")
        except TraceError:
            continue
        assert trace.reader
        assert len(list(trace.reader.events())) in (0, 15)
        assert size > len(data) - 2000 or not trace.header.complete


@pytest.mark.parametrize(
    "junk", [b"", b"\x00" * 99, b"{}\n", b'{"format": "codeassist/trace-log", "version": 99}\n']
)
def test_what_is_no_trace_log_is_one_polite_error(junk: bytes, tmp_path: Path) -> None:
    (tmp_path / "junk").write_bytes(junk)
    with pytest.raises(TraceError):
        read(tmp_path / "junk")


def test_a_folder_or_a_missing_file_is_one_polite_error(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing"):
        with pytest.raises(TraceError):
            read(path)


def test_hostile_bytes_never_break_the_reader(searched: Trace, tmp_path: Path) -> None:
    save(searched, tmp_path / "whole")
    data = (tmp_path / "whole").read_bytes()
    chance = random.Random(7)
    for _ in range(300):
        changed = bytearray(data)
        for _ in range(chance.randrange(1, 6)):
            changed[chance.randrange(len(changed))] = chance.choice(b'0123456789[]{},-"\x00\xffabc')
        (tmp_path / "changed").write_bytes(changed)
        look_at_everything(tmp_path / "changed")


def test_made_up_entries_are_refused_or_ignored(tmp_path: Path) -> None:
    head = '{"format":"codeassist/trace-log","version":1,"python":"3.11","order":"little"}\n'
    table = {"path": "p.py", "name": "p", "first": 0, "sites": [["enter", "f", 1, 0, {"params": ["a"]}]]}
    chance = random.Random(3)
    for _ in range(400):
        odd = [[0x5CA1AB1EFFFFFFF0] * 5, [made_up(chance, 3) for _ in range(5)]]
        pack = {"pack": {"type": "q", "bytes": 40, "places": [0, 1, 2, 3, 4], "odd": odd}}
        body = head + json.dumps({"module": table}) + "\n" + json.dumps(pack, separators=(",", ":")) + "\n"
        (tmp_path / "made").write_bytes(body.encode() + b"\x00" * 40 + b"\n")
        trace = look_at_everything(tmp_path / "made")
        assert trace is None or not trace.header.complete


def look_at_everything(path: Path) -> Trace | None:
    """Read a file with all its events and states; None when it is refused politely."""
    try:
        trace = read(path)
        assert trace.reader
        for event in trace.reader.events():
            trace.reader.state(event.index, event.activation)
    except CodeassistError:
        return None
    return trace


def made_up(chance: random.Random, depth: int) -> object:
    """A JSON value that looks a little like an entry."""
    kind = chance.randrange(6)
    if kind < 3 and depth:
        first = [chance.randrange(-30, 1), chance.choice("tTilcbrFDeou")]
        return [chance.choice(first), *(made_up(chance, depth - 1) for _ in range(chance.randrange(5)))]
    return chance.choice([0, 1, -1, 10**30, None, True, "list", "x", 0x5CA1AB1E << 32, [], {}, 1.5])


def test_snapshots_keep_aliases_and_cycles() -> None:
    inner: list[object] = [1]
    loop: list[object] = [inner, (inner, 2)]
    loop.append(loop)
    copy = Snapshot().copy(loop)
    assert copy[0] is copy[1][0]
    assert copy[2] is copy
    assert copy[0] is not inner


def test_snapshots_of_long_chains_need_no_recursion() -> None:
    chain = Instance("Node", {"next": None})
    for _ in range(50_000):
        chain = Instance("Node", {"next": chain})
    assert type(Snapshot().copy(chain)) is Instance
