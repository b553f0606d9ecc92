"""The views of a trace: what a reader sees of loops, calls, output and exceptions; foreign text is inert."""

from __future__ import annotations

import json
import re
from importlib.resources import files

import jsonschema
import pytest

from codeassist.records.report import TraceView
from codeassist.rendering.trace_rows import Row, rows, substituted
from codeassist.rendering.trace_view import FORMATS, render_trace
from tests.support.runs import CALL, SEARCH, really_seen, seen

PROGRAM = """\
def total(n):
    low, acc, out = 0, 0, []
    for i in range(n):
        if i == 50:
            print("half", i)
        low += 1
        acc += i
        out.append(i)
    return acc

def fib(n):
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)

def pairs(n):
    hits = 0
    for r in range(n):
        for c in range(n):
            hits += 1
    return hits

def numbers(n):
    i = 0
    while i < n:
        yield i
        i += 1

def use(n):
    s = 0
    for x in numbers(n):
        s += x
    return s

def guarded(d):
    try:
        return d["k"]
    except KeyError as error:
        print("no\\x1b[31m k\\u202e")
        raise ValueError("gone") from error

def swap(xs):
    xs[0], xs[1] = xs[1], xs[0]
    a = 1; a = 2
    return xs
"""


def said(call: str, width: int = 100) -> str:
    return "".join(render_trace(seen(PROGRAM, call), "terminal", width=width))


def kinds(view: TraceView) -> list[Row]:
    return list(rows(view))


def test_eight_turns_are_all_shown() -> None:
    found = kinds(seen(PROGRAM, "total(8)"))
    assert not [row for row in found if row.kind == "gap"]
    assert [row.turn for row in found if row.turn] == list(range(1, 9))


def test_of_more_turns_the_first_and_last_two_and_the_telling_one_are_shown() -> None:
    found = kinds(seen(PROGRAM, "total(100)"))
    assert [row.turn for row in found if row.turn] == [1, 2, 51, 99, 100]
    gaps = [" ".join(note.text for note in row.notes) for row in found if row.kind == "gap"]
    assert gaps == [
        "iterations 3-50: i rises by 1 to 49, low rises by 1 to 50, acc grows to 1225, out grows to 50 items",
        "iterations 52-98: i rises by 1 to 97, low rises by 1 to 98, "
        "acc grows to 4753, out grows to 98 items",
    ]


def test_what_a_skipped_turn_printed_is_counted() -> None:
    text = "def f(n):\n    for i in range(n):\n        print(i)\n"
    found = kinds(seen(text, "f(20)"))
    (gap,) = [row for row in found if row.kind == "gap"]
    assert gap.notes[-1].text == "prints 16 lines"
    assert [row.code for row in found if row.kind == "output"] == ["0", "1", "18", "19"]


def test_inner_loops_are_told_once_in_full() -> None:
    found = kinds(seen(PROGRAM, "pairs(9)"))
    gaps = [row for row in found if row.kind == "gap"]
    assert [row.notes[0].text.split(":")[0] for row in gaps[:2]] == ["iterations 3-7", "iterations 1-9"]
    assert len(found) < 40


def test_repeated_calls_are_joined() -> None:
    found = kinds(seen(PROGRAM, "fib(9)"))
    assert len(found) < 30
    text = said("fib(9)")
    assert "fib(7)" in text
    assert "as in step" in text


def test_a_generator_goes_on_where_it_is_resumed() -> None:
    text = said("use(3)")
    assert text.count("numbers goes on") == 3
    assert "yields 2" in text


def test_an_exception_and_output_stand_where_they_happened() -> None:
    lines = said("guarded({})").splitlines()
    order = [
        next(i for i, line in enumerate(lines) if part in line)
        for part in ("KeyError: 'k'", "out »", "raise ")
    ]
    assert order == sorted(order)
    assert "raised ValueError: gone" in lines[0]


def test_statements_on_one_line_are_told_apart() -> None:
    codes = [row.code.strip() for row in kinds(seen(PROGRAM, "swap([1, 2])")) if row.code.strip()[:2] == "a "]
    assert codes == ["a = 1", "a = 2"]


@pytest.mark.parametrize("width", [40, 60, 100, 200])
@pytest.mark.parametrize("call", ["total(100)", "fib(9)", "guarded({})", "use(9)", "swap([1] * 500)"])
def test_no_line_is_wider_than_the_terminal(call: str, width: int) -> None:
    assert max(len(line) for line in said(call, width).splitlines()) <= width


@pytest.mark.parametrize("format", sorted(FORMATS))
def test_no_control_character_reaches_an_output(format: str) -> None:
    if format == "html":  # a page is written from the recorder's own log, which the oracle has not
        with really_seen(PROGRAM, "guarded({})") as view:
            text = "".join(render_trace(view, format))
    else:
        text = "".join(render_trace(seen(PROGRAM, "guarded({})"), format))
    assert not [
        c for c in text if c != "\n" and (ord(c) < 32 or 127 <= ord(c) < 160 or 0x202A <= ord(c) <= 0x202E)
    ]


def test_colour_comes_only_when_asked_for() -> None:
    view = seen(SEARCH, CALL)
    assert "\x1b" not in "".join(render_trace(view, "terminal"))
    assert "\x1b[1;36mlow 0 → 3" in "".join(render_trace(view, "terminal", color=True))


def test_watched_expressions_stand_beside_their_step() -> None:
    view = seen(SEARCH, CALL, {2: ("high - low = 5",)})
    (row,) = [row for row in kinds(view) if any(note.style == "watch" for note in row.notes)]
    assert row.step == 2


def test_the_document_is_as_its_schema_says() -> None:
    schema = json.loads((files("codeassist.schemas") / "trace.json").read_text())
    for call in ("total(3)", "guarded({})", "use(2)"):
        document = json.loads("".join(render_trace(seen(PROGRAM, call), "json")))
        jsonschema.validate(document, schema)
        assert [event["index"] for event in document["events"]] == list(range(len(document["events"])))


def test_json_holds_literals() -> None:
    document = json.loads("".join(render_trace(seen(SEARCH, CALL), "json")))
    assert (document["outcome"], document["result"]) == ("returned", "(4, [2, 4])")
    assert document["events"][1]["changes"] == {"low": "0", "high": "5"}
    assert document["events"][0]["value"] == {"xs": "[1, 3, 5, 7, 9, 11]", "target": "9"}


def test_json_lines_are_header_events_footer() -> None:
    view = seen(PROGRAM, "guarded({})")
    head, *events, foot = [json.loads(line) for line in "".join(render_trace(view, "jsonl")).splitlines()]
    assert head["format"] == "codeassist/trace"
    assert head["version"] == 1
    assert [event["index"] for event in events] == list(range(len(events)))
    assert foot["outcome"] == "raised"
    assert "ValueError: gone" in foot["exception"]


def test_markdown_is_a_table_in_which_nothing_is_markup() -> None:
    text = "".join(
        render_trace(seen('def f(x):\n    y = "a|b`c`" + x\n    return y\n', "f('<b>')"), "markdown")
    )
    table = [line for line in text.splitlines() if line.startswith("|")]
    assert all(line.replace("\\|", "").count("|") == 5 for line in table)
    assert "<b>" not in re.sub(r"(`+).*?\1", "", text)


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ("n < 2", "7 < 2"),
        ("xs[n] == s", "xs[7] == 'n'"),
        ("f(n)", "f(7)"),
        ("'n' in s", "'n' in 'n'"),
        ("n.bit == m", ""),
        ("all(n for n in xs)", ""),
        ("not n", "not 7"),
        ("m.n", ""),
    ],
)
def test_names_in_a_test_give_way_to_values(test: str, expected: str) -> None:
    assert substituted(test, {"n": 7, "s": "n"}) == expected
