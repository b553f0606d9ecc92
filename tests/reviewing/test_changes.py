"""Which functions changed between two texts, and how they are matched."""

from __future__ import annotations

import pytest

from codeassist import parsing
from codeassist.reviewing.changes import Comparison, callers, compare

OLD = '''
LIMIT = 3

def area(width, height):
    """The area."""
    return width * height

class Box:
    scale = 1

    def __init__(self, side):
        self.side = side

    def volume(self):
        return self.side ** 3 * self.scale

def under(x):
    return x < LIMIT

def _helper(x):
    return x + 1

def public(x):
    return _helper(x) * 2
'''


def compared(new: str) -> Comparison:
    modules = [parsing.parse(parsing.read_source("m.py", text)) for text in (OLD, new)]
    return compare(*modules)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("return width * height", "return width * height  # in metres"),
        ("return width * height", "return (width\n            * height)"),
        ("\nLIMIT = 3", "import os\n\n\nLIMIT = 3"),
    ],
)
def test_what_runs_no_differently_is_no_change(before: str, after: str) -> None:
    assert compared(OLD.replace(before, after)) == Comparison()


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        ("width * height", "width + height", ["area"]),
        ("self.side ** 3", "self.side ** 2", ["Box.volume"]),
        ("scale = 1", "scale = 2", ["Box.__init__", "Box.volume"]),
        ("LIMIT = 3", "LIMIT = 4", ["under"]),
        ("def under(x)", "@staticmethod\ndef under(x)", ["under"]),
        ("The area.", "The product.", ["area"]),
    ],
)
def test_what_changed_is_found(before: str, after: str, changed: list[str]) -> None:
    found = compared(OLD.replace(before, after))
    assert [c.new.id.qualname for c in found.changed] == changed


def test_a_renamed_function_and_its_calls_are_followed() -> None:
    found = compared(OLD.replace("_helper", "_next"))
    names = {c.old.id.qualname: c.new.id.qualname for c in found.changed}
    assert names == {"public": "public", "_helper": "_next"}
    assert found.changed[0].names == {"_helper": "_next"}
    assert found.added == found.removed == ()


def test_what_is_new_and_what_is_gone() -> None:
    found = compared(
        OLD.replace("def under(x):\n    return x < LIMIT", "def fresh(a, b, c):\n    return [a, b, c]")
    )
    assert [f.name for f in found.added] == ["fresh"]
    assert [f.name for f in found.removed] == ["under"]


def test_a_private_function_has_callers() -> None:
    found = compared(OLD.replace("x + 1", "x + 2"))
    assert [c.new.name for c in callers(found.changed[0])] == ["public"]
