"""The spelling can be undone, and what has no spelling is refused."""

from __future__ import annotations

from collections import deque

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codeassist.gpt.codec import Letters, Unspeakable, decode, encode, spell_line, unspell

ATOMS = st.one_of(
    st.integers(-(10**11), 10**11),
    st.booleans(),
    st.none(),
    st.text("abcXYZ 019-:;[]{}<>|'", max_size=12),
)
VALUES = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=3).map(tuple),
        st.lists(inner, max_size=3).map(deque),
        st.dictionaries(ATOMS, inner, max_size=3),
        st.sets(ATOMS, max_size=3),
    ),
    max_leaves=8,
)


@pytest.mark.parametrize(
    "value",
    [1.5, 10**13, "é", 'say "x"', "\n", "x" * 30, [0] * 17, [[[[[1]]]]], b"x", 1j, range(3), object],
    ids=repr,
)
def test_what_has_no_spelling_is_refused(value):
    with pytest.raises(Unspeakable):
        encode(value)


@pytest.mark.parametrize(
    "spelled",
    ["", "[", "[0:1", "[1:5]", "7 8", "[0:1]]", "x", "--1", "{1}", '"open', "(0:1 0:2)", "1:2", "{[]:1}"],
)
def test_what_is_no_value_is_refused(spelled):
    with pytest.raises(Unspeakable):
        decode(spelled)


@pytest.mark.parametrize(
    ("value", "spelled"),
    [
        (170, "071"),
        (-17, "-71"),
        ([4, 19], "[0:4 1:91]"),
        ((True, None), "(0:True 1:None)"),
        ({"a": 10}, '{"a":01}'),
        ("c'a", '"c' + "'" * 3 + 'a"'),
        ("", '""'),
        ({3, 12}, "<3,21>"),
        (deque([7]), "|0:7|"),
        ([[1], []], "[0:[0:1] 1:[]]"),
    ],
    ids=str,
)
def test_spelling(value, spelled):
    assert encode(value) == spelled
    assert decode(spelled) == value


@given(VALUES)
@settings(max_examples=300, deadline=None)
def test_every_spelling_can_be_undone(value):
    try:
        spelled = encode(value)
    except Unspeakable:
        return
    again = decode(spelled)
    assert again == value
    assert repr(again) == repr(value) or isinstance(value, set | dict | list | tuple | deque)


@pytest.mark.parametrize(
    ("line", "spelled"),
    [
        ("total += xs[i]", "a+=b[c]"),
        ("    if low <= high:  # go on", "if a<=b:"),
        ("xs.append(total * 10)", "a.append(b*01)"),
        ("for left, right in zip(a, b):", "for a,b in zip(c,d):"),
        ("x = 'ab' if not y else None", 'a="a\'b"if not b else None'),
        ("return len(stack) - 1", "return len(a)-1"),
    ],
)
def test_lines_lose_their_names(line, spelled):
    assert spell_line(line, Letters()) == spelled


def test_renaming_changes_no_spelling():
    assert spell_line("a = a + bb[a]", Letters()) == spell_line("zz = zz + q[zz]", Letters())


@pytest.mark.parametrize("line", ["x = (", "x = '''a'''", "x = f'{y}'", "x = 'é'"])
def test_lines_that_cannot_be_spelled(line):
    with pytest.raises(Unspeakable):
        spell_line(line, Letters())


def test_names_come_back():
    letters = Letters()
    spelled = spell_line("total += xs[i + 10]", letters)
    assert unspell(spelled, letters.names()) == "total+=xs[i+10]"


def test_strings_come_back():
    letters = Letters()
    assert unspell(spell_line("x = 'a12' + b", letters), letters.names()) == "x='a12'+b"
