"""What a body amounts to: a universal word is used only where nothing stands in its way."""

from __future__ import annotations

from pathlib import Path

import pytest

from codeassist import parsing
from codeassist.narrating.body import body_of
from codeassist.narrating.purpose import first_sentence
from codeassist.narrating.shape import shape_of
from tests.support.telling import compose, module_of


def body(*lines: str) -> str:
    return "".join(f"    {line}\n" for line in lines)


def filled(*lines: str) -> str:
    return body("out = []", "for x in xs:", *(f"    {line}" for line in lines), "return out")


def looped(*lines: str, end: str = "return n") -> str:
    return body("n = 0", "for x in xs:", *(f"    {line}" for line in lines), end)


SHAPES = [
    # first, those about which less must be said
    ("continue before", filled("if not x:", "    continue", "out.append(x)"), "fills_for_some"),
    ("two tests", filled("if x:", "    if x > 2:", "        out.append(x)"), "fills_for_some"),
    ("break before", filled("if x > 9:", "    break", "out.append(x)"), "fills_for_some"),
    ("in a try", filled("try:", "    out.append(1 / x)", "except E:", "    pass"), "fills_for_some"),
    ("counted in a nest", looped("for y in x:", "    n += y"), "folds"),
    ("updated twice", looped("n += x", "n *= 2"), "gives_from"),
    ("found in a nest", looped("for y in x:", "    if y:", "        return y", end="return 0"), "gives_from"),
    ("found after a jump", looped("if x < 0:", "    continue", "if x:", "    return x"), "gives_from"),
    ("yielded elsewhere", body("for x in xs:", "    print(x)", "while xs:", "    yield xs.pop()"), "yields"),
    # then the plain ones
    ("filled", filled("out.append(x)"), "fills_for"),
    ("filled when", filled("if x:", "    out.append(x)"), "fills_for_if"),
    ("filled unless", filled("if x:", "    print(x)", "else:", "    out.append(x)"), "fills_for_if"),
    ("counted", looped("if x > 3:", "    n += 1"), "counts_if"),
    ("counted down", looped("if x > 3:", "    n -= 1"), "folds_for_if"),
    ("added up", looped("n += x"), "folds_for"),
    ("found", looped("if x > 3:", "    return x", end="return None"), "search_for"),
    ("found or not", looped("if x > 3:", "    return x", end="raise KeyError(1)"), "search_or_raise_for"),
    ("yielded", body("for x in xs:", "    yield x"), "yields_for"),
    ("yielded when", body("for x in xs:", "    if x:", "        yield x"), "yields_for_if"),
]


@pytest.mark.parametrize(("name", "text", "key"), SHAPES, ids=[name for name, _, _ in SHAPES])
def test_the_shape_says_no_more_than_the_body(tmp_path: Path, name: str, text: str, key: str) -> None:
    module = module_of(tmp_path, f"def f(xs):\n{text}")
    found = shape_of(body_of(module, parsing.find(module, "f")))
    assert found is not None
    assert found.key == key


SENTENCES = [
    ("Return *n* items of ``xs``.", "Return n items of `xs`."),
    ("Give :func:`~a.b` and :class:`C <d.C>` back.", "Give `a.b` and `C` back."),
    ("Multiply 2 * 3 * 4 here.", "Multiply 2 * 3 * 4 here."),
    ("Break it into lists of length n:\n\n    more", "Break it into lists of length n."),
    ("Takes *args and **kwargs along.", "Takes *args and **kwargs along."),
]


@pytest.mark.parametrize(("docstring", "said"), SENTENCES)
def test_marks_of_a_docstring_become_ours(docstring: str, said: str) -> None:
    assert first_sentence(docstring) == said


SEARCH = """\
def f(xs, t):
    low, high = 0, len(xs) - 1
    while low <= high:
        mid = (low + high) // 2
        if xs[mid] == t:
            return mid
        if xs[mid] < t:
            low = mid + 1
        else:
            high = mid - 1
    return -1
"""


def test_a_developer_gets_less_and_nothing_else_is_true(tmp_path: Path) -> None:
    from codeassist import narrating
    from tests.support.telling import evidence_of

    module = module_of(tmp_path, SEARCH)
    function = parsing.find(module, "f")
    evidence = evidence_of(module, "f", ["f([1, 3, 5, 7], 7)", "f([], 1)"], roles={"low": "stepper"})
    learner, developer = (
        narrating.compose(module, function, evidence, None, level=level) for level in ("learner", "developer")
    )
    said = {level: {s.id for s in answer.sections} for level, answer in (("l", learner), ("d", developer))}
    assert said["d"] < said["l"]
    known = {(claim.kind, repr(sorted(claim.fields.items()))) for claim in learner.claims}
    assert {(claim.kind, repr(sorted(claim.fields.items()))) for claim in developer.claims} <= known


def test_a_lazy_result_is_told_drained(tmp_path: Path) -> None:
    module = module_of(tmp_path, "def f(xs):\n    return map(str, xs)\n")
    answer, _ = compose(module, "f", ["list(f([1, 2]))"])
    worked = next(section for section in answer.sections if section.id == "worked-run")
    assert "gives `['1', '2']`" in worked.sentences[0].text
    assert "lazy" in worked.sentences[0].text
