"""Whole reviews of one change: what keeps behaviour says nothing, what does not is shown by a call."""

from __future__ import annotations

from pathlib import Path

import pytest

from codeassist.records.review import Review
from tests.support.changes import reviewed

CLAMP = '''
def clamp(x, low, high):
    """Keep x between low and high.

    >>> clamp(5, 1, 3)
    3
    """
    if x < low:
        return low
    if x > high:
        return high
    return x
'''
SEARCH = '''
def search(xs, target):
    """Index of target in the sorted list xs, -1 if it is not there."""
    low, high = 0, len(xs) - 1
    while low <= high:
        mid = (low + high) // 2
        if xs[mid] == target:
            return mid
        if xs[mid] < target:
            low = mid + 1
        else:
            high = mid - 1
    return -1
'''
SQUARES = """
def even_squares(xs):
    result = []
    for x in xs:
        if x % 2 == 0:
            result.append(x * x)
    return result
"""
STACK = """
class Stack:
    def __init__(self):
        self._items = []

    def push(self, item):
        self._items.append(item)

    def pop(self):
        if not self._items:
            raise IndexError("empty")
        return self._items.pop()
"""
COUNTDOWN = """
def countdown(n):
    while n > 0:
        yield n
        n -= 1
"""
PICK = """
import random

def pick(xs):
    return random.choice(xs)
"""
UNIQUE = """
def unique(words: list[str]):
    return list(set(words))
"""


def told(review: Review) -> list[tuple[str, str]]:
    return [(f.level, f.rule) for f in review.findings]


def verdicts(review: Review) -> dict[str, str]:
    return {f.function: f.verdict for f in review.functions}


@pytest.mark.parametrize(
    ("old", "before", "after"),
    [
        (CLAMP, "if x > high:\n        return high\n    return x", "return high if x > high else x"),
        (SEARCH, "mid = (low + high) // 2", "mid = low + (high - low) // 2"),
        (
            SQUARES,
            "result = []\n    for x in xs:\n        if x % 2 == 0:\n"
            "            result.append(x * x)\n    return result",
            "return [x * x for x in xs if x % 2 == 0]",
        ),
        (STACK, "_items", "_things"),
        (COUNTDOWN, "while n > 0:\n        yield n\n        n -= 1", "yield from range(n, 0, -1)"),
    ],
)
def test_a_refactoring_is_said_to_be_one(tmp_path: Path, old: str, before: str, after: str) -> None:
    assert before in old
    review = reviewed(tmp_path, old, old.replace(before, after))
    assert told(review) == []
    assert set(verdicts(review).values()) == {"same"}
    assert all(f.inputs >= 1 for f in review.functions)


def test_an_extracted_function_and_a_renamed_one_are_refactorings(tmp_path: Path) -> None:
    new = SEARCH.replace("(low + high) // 2", "_middle(low, high)").replace("search", "find")
    new += "\ndef _middle(low, high):\n    return (low + high) // 2\n"
    review = reviewed(tmp_path, SEARCH, new)
    assert told(review) == []
    assert [(f.function, f.was, f.verdict) for f in review.functions] == [("find", "search", "same")]


@pytest.mark.parametrize(
    ("old", "before", "after"),
    [
        (CLAMP, "x > high", "x > high + 1"),
        (SEARCH, "low <= high", "low < high"),
        (SEARCH, "len(xs) - 1", "len(xs)"),
        (SQUARES, "x % 2 == 0", "x % 2 == 1"),
        (STACK, "self._items.pop()", "self._items.pop(0)"),
        (COUNTDOWN, "n > 0", "n >= 0"),
    ],
)
def test_a_defect_has_a_counterexample_in_both_directions(
    tmp_path: Path, old: str, before: str, after: str
) -> None:
    assert old.count(before) == 1
    new = old.replace(before, after)
    for a, b in ((old, new), (new, old)):
        review = reviewed(tmp_path, a, b)
        assert "different" in verdicts(review).values()
        shown = [f.counterexample for f in review.findings if f.counterexample]
        assert shown
        assert all(_outcome(a, s["call"]) != _outcome(b, s["call"]) for s in shown)


def _outcome(source: str, call: str) -> str:
    """What the call gives, by Python itself; the state of objects counts."""
    namespace: dict[str, object] = {}
    exec(source, namespace)
    try:
        value = eval(call, namespace)
        value = list(value) if hasattr(value, "__next__") else value
    except Exception as error:
        value = repr(error)
    return repr(value) + repr([vars(v) for v in namespace.values() if type(v).__name__ == "Stack"])


def test_the_sentence_names_call_and_both_outcomes(tmp_path: Path) -> None:
    new = CLAMP.replace(
        "    if x < low", '    if low > high:\n        raise ValueError("low > high")\n    if x < low'
    )
    (found,) = reviewed(tmp_path, CLAMP, new).findings
    shown = found.counterexample
    assert shown is not None
    assert found.message == f"`{shown['call']}` returned {shown['old']}, now raises ValueError: low > high"
    assert (found.level, found.rule, found.function) == ("error", "new-exception", "clamp")
    assert len(shown["call"]) <= len("clamp(5, 5, 1)")


def test_an_exception_that_the_docstring_names_is_a_note(tmp_path: Path) -> None:
    new = CLAMP.replace(
        "    if x < low", '    if low > high:\n        raise ValueError("low > high")\n    if x < low'
    )
    new = new.replace("low and high.", "low and high; ValueError where there is no such place.")
    assert told(reviewed(tmp_path, CLAMP, new)) == [("note", "exception-differs")]


def test_a_hang_is_an_error(tmp_path: Path) -> None:
    review = reviewed(tmp_path, SEARCH, SEARCH.replace("low = mid + 1", "low = mid"))
    (hang,) = [f for f in review.findings if f.rule == "hangs"]
    assert hang.level == "error"
    assert hang.counterexample is not None
    assert hang.counterexample["new"] == "no end"


def test_a_broken_doctest_is_an_error_and_one_that_failed_before_is_not(tmp_path: Path) -> None:
    assert ("error", "breaks-doctest") in told(
        reviewed(tmp_path, CLAMP, CLAMP.replace("return high", "return low"))
    )
    wrong = CLAMP.replace("    3\n", "    4\n")
    assert told(reviewed(tmp_path, wrong, wrong.replace("return x", "y = x\n    return y"))) == []


def test_a_broken_annotation_is_an_error(tmp_path: Path) -> None:
    old = "def half(n: int) -> int:\n    return n // 2\n"
    assert ("error", "breaks-annotation") in told(reviewed(tmp_path, old, old.replace("//", "/")))


def test_a_new_mutation_and_a_lost_purity_are_warnings(tmp_path: Path) -> None:
    old = "def top(xs):\n    return sorted(xs)[-3:]\n"
    new = "def top(xs):\n    xs.sort()\n    return xs[-3:]\n"
    assert told(reviewed(tmp_path, old, new)) == [("warning", "new-mutation")]
    new = "def top(xs):\n    print('top')\n    return sorted(xs)[-3:]\n"
    assert told(reviewed(tmp_path, old, new)) == [("warning", "lost-purity")]


def test_a_worse_class_is_a_warning(tmp_path: Path) -> None:
    old = "def has_double(xs):\n    return len(set(xs)) < len(xs)\n"
    new = "def has_double(xs):\n    return any(xs[i] in xs[:i] for i in range(len(xs)))\n"
    review = reviewed(tmp_path, old, new)
    assert told(review) == [("warning", "worse-complexity")]
    assert "grew as n, now grow as n^2" in review.findings[0].message
    assert verdicts(review) == {"has_double": "same"}


@pytest.mark.parametrize("old", [PICK, UNIQUE])
def test_what_is_never_the_same_is_no_finding(tmp_path: Path, old: str) -> None:
    new = old.replace("random.choice(xs)", "xs[int(random.random() * len(xs))]")
    new = new.replace("list(set(words))", "list(set(reversed(words)))")
    review = reviewed(tmp_path, old, new)
    assert told(review) == []
    assert set(verdicts(review).values()) <= {"unknown", "same"}


def test_a_caller_that_no_longer_fits_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "user.py").write_text("from program import area\n\ndef wall():\n    return area(2, 3)\n")
    old = "def area(width, height):\n    return width * height\n"
    new = "def area(width, height, unit):\n    return width * height\n"
    (found,) = reviewed(tmp_path, old, new).findings
    assert (found.rule, Path(found.path).name, found.line) == ("breaks-caller", "user.py", 4)
    assert "missing 1 required argument: 'unit'" in found.message
    assert reviewed(tmp_path, old, new.replace("unit", "unit=''")).findings == ()


def test_a_removed_function_that_is_used_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "user.py").write_text("import program\n\ndef wall():\n    return program.area(2, 3)\n")
    old = "def area(width, height):\n    return width * height\n\ndef other():\n    return 1\n"
    new = "def other():\n    return 1\n"
    assert [(f.rule, f.line) for f in reviewed(tmp_path, old, new).findings] == [("breaks-caller", 4)]
    (tmp_path / "user.py").unlink()
    assert reviewed(tmp_path, old, new).findings == ()


def test_a_test_that_passed_is_named(tmp_path: Path) -> None:
    (tmp_path / "test_program.py").write_text(
        "from program import even_squares\n\ndef test_squares():\n    assert even_squares([1, 2]) == [4]\n"
    )
    review = reviewed(tmp_path, SQUARES, SQUARES.replace("x * x", "x + x + 1"))
    (broken,) = [f for f in review.findings if f.rule == "breaks-test"]
    assert "test_program.py::test_squares passed, and now fails" in broken.message
    assert review.functions[0].tests == ("test_program.py::test_squares",)


def test_a_private_method_is_run_through_those_that_call_it(tmp_path: Path) -> None:
    old = """
    class Counter:
        def __init__(self):
            self.seen = {}

        def _bump(self, entry):
            entry["count"] += 1

        def add(self, key):
            entry = self.seen.setdefault(key, {"count": 0})
            self._bump(entry)
            return entry["count"]
    """
    review = reviewed(tmp_path, old, old.replace("+= 1", "+= 2"))
    assert [f.function for f in review.findings] == ["Counter._bump"]


def test_the_same_change_gives_the_same_findings(tmp_path: Path) -> None:
    reviews = [reviewed(tmp_path, SEARCH, SEARCH.replace("low <= high", "low < high")) for _ in range(2)]
    assert reviews[0].findings == reviews[1].findings
    assert reviews[0].functions == reviews[1].functions


def test_refactoring_makes_any_difference_an_error(tmp_path: Path) -> None:
    new = SQUARES.replace("x * x", "x ** 3")
    assert told(reviewed(tmp_path, SQUARES, new)) == [("note", "result-differs")]
    assert told(reviewed(tmp_path, SQUARES, new, refactoring=True)) == [("error", "result-differs")]


def test_a_comment_leaves_a_finding_out(tmp_path: Path) -> None:
    new = SQUARES.replace("(xs):", "(xs):  # codeassist: ignore[result-differs]").replace("x * x", "x ** 3")
    review = reviewed(tmp_path, SQUARES, new)
    assert (told(review), review.suppressed) == ([], 1)
    assert reviewed(tmp_path, SQUARES, new.replace("result-differs", "hangs")).suppressed == 0


def test_a_side_that_does_not_parse_is_a_notice(tmp_path: Path) -> None:
    review = reviewed(tmp_path, SQUARES, SQUARES + "\ndef broken(:\n")
    assert (told(review), [n.slug for n in review.notices]) == ([], ["does-not-parse"])


def test_where_nothing_may_run_only_what_is_certain_is_said(tmp_path: Path) -> None:
    (tmp_path / "user.py").write_text("from program import area\n\ndef wall():\n    return area(2, 3)\n")
    old = "def area(width, height):\n    return width * height\n"
    review = reviewed(tmp_path, old, "def area(width):\n    return width * 2\n", run=False)
    assert told(review) == [("error", "breaks-caller")]
    assert verdicts(review) == {"area": "unknown"}
    assert ["static findings only" in n.message for n in review.notices] == [True]


def test_a_module_that_cannot_be_imported_is_not_called_the_same(tmp_path: Path) -> None:
    old = "import no_such_module\n\ndef f(x):\n    return x + 1\n"
    assert verdicts(reviewed(tmp_path, old, old.replace("+ 1", "+ 2"))) == {"f": "unknown"}
