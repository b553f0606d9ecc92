"""Notes go in and come out; whatever the file is like, every other byte stays."""

from __future__ import annotations

import ast
import sys
import textwrap
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codeassist.editing import MARK, Docstring, Note, bare, decode, encode, write
from codeassist.records.errors import UsageError

PLAIN = """\
def f(x):
    y = x + 1
    if y > 2:
        return y
    elif y:
        y -= 1
    else:
        y += 1
    return -y
"""

NO_PLACE = [
    pytest.param("def f(x): return x\n", 1, False, id="above a one-line function there is a place"),
    pytest.param("if x: y = 1\n", 2, True, id="past the end"),
    pytest.param("x = 1; y = 2\nz = (1,\n  2)\n", 3, True, id="inside a statement"),
    pytest.param("s = '''\nx = 1\n'''\n", 2, True, id="inside a string"),
    pytest.param("x = 1 + \\\n    2\n", 2, True, id="after a backslash"),
    pytest.param("if x: \\\n    y = 1\n", 2, True, id="a suite after a backslash"),
    pytest.param("\n\nx = 1\n", 2, True, id="an empty line"),
    pytest.param("if x:\n    pass\nelse:\n    pass\n", 3, True, id="else is no statement"),
]


@pytest.mark.parametrize(("text", "line", "is_none"), NO_PLACE)
def test_a_note_without_a_place_is_left_out(text: str, line: int, is_none: bool) -> None:
    assert (write(text, [Note(line, "no")]) == text) is is_none


HAS_NONE = [
    "",
    "# codeassistant: not ours\n",
    "#codeassist: without the blank\n",
    "x = 1  # codeassist: beside a statement\n",
    "s = '''\n# codeassist: in a string\n'''\n",
    'def f():\n    """codeassist: a heading\n\n    and more."""\n',
    "x = 1\n# see codeassist: the tool\n",
]


@pytest.mark.parametrize("text", HAS_NONE)
def test_what_is_not_ours_stays(text: str) -> None:
    assert bare(text) == text


def test_comments_stand_above_their_statements_at_their_indentation() -> None:
    new = write(PLAIN, [Note(2, "one more"), Note(4, "large"), Note(5, "smaller"), Note(9, "the end")])
    assert new == PLAIN.replace("    y = x", f"    # {MARK} one more\n    y = x").replace(
        "        return y\n    elif",
        f"        # {MARK} large\n        return y\n    # {MARK} smaller\n    elif",
    ).replace("    return -y", f"    # {MARK} the end\n    return -y")
    assert bare(new) == PLAIN


def test_a_docstring_goes_below_the_header_of_a_function_without_one() -> None:
    new = write(PLAIN, [Docstring(1, ("Gives a number.", "x: int\ngives: int"), "from 3 runs")])
    assert new.startswith(
        'def f(x):\n    """Gives a number.\n\n    x: int\n    gives: int\n\n'
        f'    {MARK} from 3 runs\n    """\n    y = x + 1\n'
    )
    assert bare(new) == PLAIN


KEPT = [
    'def f():\n    "mine"\n    return 1\n',
    'def f():\n    "in " "parts"\n    return 1\n',
    'def f():\n    "mine"; return 1\n',
    "def f(): return 1\n",
    "def f():\n    f'odd'\n    return 1\n",
]


@pytest.mark.parametrize("text", KEPT)
def test_a_docstring_of_the_author_is_never_touched(text: str) -> None:
    assert write(text, [Docstring(1, ("Ours.",))]) == text


FILES = {
    "plain": PLAIN.encode(),
    "crlf": PLAIN.replace("\n", "\r\n").encode(),
    "cr": PLAIN.replace("\n", "\r").encode(),
    "mixed ends": PLAIN.replace("\n", "\r\n", 3).encode(),
    "no last line end": PLAIN.rstrip("\n").encode(),
    "tabs": PLAIN.replace("    ", "\t").encode(),
    "byte order mark": b"\xef\xbb\xbf" + PLAIN.encode(),
    "cookie": b"# -*- coding: latin-1 -*-\ns = '\xe9'\n" + PLAIN.encode(),
    "form feed": ("\f\n" + PLAIN.replace("    if", "\f\n    if")).encode(),
    "trailing blanks": PLAIN.replace("y = x + 1", "y = x + 1   ").encode(),
    "odd separators": PLAIN.replace("x + 1", "x + 1  # \u2028 \x1c \x85 here").encode(),
    "decorated": ("@staticmethod\n@(lambda f: f)\n" + PLAIN).encode(),
    "nested": ("class A:\n" + textwrap.indent(PLAIN, "  ")).encode(),
    "semicolons": b"def f(x):\n  y = x; z = y\n  return z; pass\n",
    "continued": b"def f(x):\n  y = x + \\\n    1\n  return (y\n     )\n",
}


@pytest.mark.parametrize("name", FILES)
def test_every_other_byte_stays(name: str) -> None:
    data = FILES[name]
    encoding = "latin-1" if name == "cookie" else "utf-8-sig" if name == "byte order mark" else "utf-8"
    text = decode(data, encoding)
    assert encode(text, encoding, "x.py") == data
    count = text.count("\n") + text.count("\r") + 2
    comments = [Note(line, f"note {line}") for line in range(1, count)]
    notes = [*comments, *(Docstring(line, ('Doc \\n "',)) for line in range(1, count))]
    new = write(text, notes)
    assert new.count(MARK) >= 3
    assert bare(new) == text
    assert write(bare(new), notes) == new
    assert encode(new, encoding, "x.py").decode(encoding)
    ast.parse(new.removeprefix("\ufeff"))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 9), st.text(max_size=80)), max_size=8),
    st.lists(st.text(max_size=120), min_size=1, max_size=3),
    st.sampled_from(["\n", "\r\n"]),
)
def test_whatever_a_note_says_it_is_a_note(
    notes: list[tuple[int, str]], paragraphs: list[str], end: str
) -> None:
    text = PLAIN.replace("\n", end)
    new = write(text, [Docstring(1, tuple(paragraphs)), *(Note(line, words) for line, words in notes)])
    assert bare(new) == text
    before, after = (ast.parse(source) for source in (text, new))
    documented = ast.get_docstring(after.body[0]) is not None
    assert ast.dump(ast.Module(after.body[0].body[documented:], [])) == ast.dump(
        ast.Module(before.body[0].body, [])
    )


def test_a_long_note_is_folded_and_each_line_carries_the_mark() -> None:
    new = write(PLAIN, [Note(2, "word " * 60)])
    added = [line for line in new.splitlines() if MARK in line]
    assert len(added) > 2
    assert all(line.startswith(f"    # {MARK} ") and len(line) <= 99 for line in added)


def test_notes_of_other_lines_stay() -> None:
    new = write(PLAIN + PLAIN.replace("f(", "g("), [Note(2, "in f"), Note(11, "in g")])
    assert bare(new, within=(1, 11)).count("in f") == 0
    assert bare(new, within=(1, 10)).count("in g") == 1


def test_an_encoding_that_cannot_hold_a_note_is_refused() -> None:
    with pytest.raises(UsageError, match=r"a\.py: its encoding latin-1 cannot hold '先'"):
        encode(write(PLAIN, [Note(2, "先")]), "latin-1", "a.py")


def test_what_does_not_parse_is_refused_in_one_line() -> None:
    with pytest.raises(UsageError, match=r"a\.py:1: cannot be annotated, it does not parse"):
        write("def f(:\n", [Note(1, "no")], "a.py")


@pytest.mark.parametrize("name", ["heapq", "bisect", "textwrap", "statistics", "json.decoder", "argparse"])
def test_the_standard_library_comes_back_as_it_was(name: str) -> None:
    __import__(name)
    data = Path(sys.modules[name].__file__).read_bytes()
    text = decode(data, "utf-8")
    assert bare(text) == text
    tree = ast.parse(text)
    notes = [
        Note(node.lineno, f"line {node.lineno}") for node in ast.walk(tree) if isinstance(node, ast.stmt)
    ]
    new = write(text, notes)
    assert new.count(f"# {MARK} line ") > len(text.splitlines()) / 6
    assert bare(new) == text
