"""Steps become examples only where they are true; answers come back with the user's names and claims."""

from __future__ import annotations

from collections import deque

import pytest

from codeassist.gpt.codec import Letters, Unspeakable
from codeassist.gpt.narration import (
    Balance,
    Example,
    Step,
    kind_of,
    make_example,
    read_answer,
    spell_prompt,
    try_example,
    values_of,
)

NO_EXAMPLE = {
    "the run shows another value": Step("x = 1 + 1", {}, {"x": 3}),
    "the run shows another type": Step("x = 1", {}, {"x": True}),
    "an alias changed too": Step("xs.append(1)", {"xs": [], "ys": []}, {"xs": [1], "ys": [1]}),
    "the other branch": Step("if x:", {"x": 1}, {"x": 1}, taken=False),
    "another item": Step("for x in xs:", {"xs": [1, 2]}, {"xs": [1, 2], "x": 2}, turn=0, taken=True),
    "another result": Step("return x", {"x": 1}, {"x": 1}, result=2),
    "an unknown function": Step("x = f(1)", {}, {"x": 1}),
    "a shadowed builtin": Step("x = len", {"len": 3}, {"len": 3, "x": 4}),
    "a float": Step("x = 1 / 2", {}, {"x": 0.5}),
    "an attribute": Step("self.x = 1", {"self": 1}, {"self": 1}),
    "a lambda": Step("f = lambda: 0", {}, {"f": None}),
    "half a line": Step("x = [1,", {}, {"x": [1]}),
    "two statements": Step("x = 1; y = 2", {}, {"x": 1, "y": 2}),
    "a line that raises": Step("x = xs[5]", {"xs": []}, {"xs": []}),
    "endless work": Step("x = 10 ** 10 ** 10", {}, {"x": 1}),
    "a huge product": Step("x = a * b", {"a": 10**11, "b": 10**11}, {"a": 10**11, "b": 10**11, "x": 10**22}),
    "a huge list": Step("x = [0] * n", {"n": 10**11}, {"n": 10**11, "x": []}),
    "a long list": Step("x = [0] * n", {"n": 10**9}, {"n": 10**9, "x": []}),
    "nothing": Step("pass", {}, {}),
}


@pytest.mark.parametrize("name", NO_EXAMPLE)
def test_no_example_of(name):
    assert try_example(NO_EXAMPLE[name]) is None


XS = [4, 9, 2]
EXAMPLES = [
    (
        "add",
        Step("t += xs[i]", {"t": 17, "xs": XS, "i": 1}, {"t": 26, "xs": XS, "i": 1}),
        "b[1]=9;71+9=62",
        "a=62",
    ),
    ("constant", Step("x = 10", {}, {"x": 10}), "", "a=01"),
    ("copy", Step("x = y", {"y": 12}, {"x": 12, "y": 12}), "", "a=21"),
    ("read", Step("x = xs[-1]", {"xs": XS}, {"xs": XS, "x": 2}), "len(b)-1=2;b[2]=2", "a=2"),
    ("store", Step("xs[0] = 7", {"xs": XS}, {"xs": [7, 9, 2]}), "", "a=[0:7 1:9 2:2]"),
    (
        "swap",
        Step("xs[0], xs[1] = xs[1], xs[0]", {"xs": XS}, {"xs": [9, 4, 2]}),
        "a[1]=9;a[0]=4",
        "a=[0:9 1:4 2:2]",
    ),
    (
        "multiply",
        Step("x = 12 * 34", {}, {"x": 408}),
        "21*4=84;0+84=84;21*3=63;84+063=804;21*43=804",
        "a=804",
    ),
    ("divide", Step("x = 37 // 2", {}, {"x": 18}), "73/2 3>1r1,71>8r1;73//2=81", "a=81"),
    ("divide", Step("x %= 12", {"x": 100}, {"x": 4}), "001/21 1>0r1,01>0r01,001>8r4;001%21=4", "a=4"),
    ("if", Step("if x < 3 and y:", {"x": 5, "y": 1}, {"x": 5, "y": 1}, taken=False), "5<3=False", "?=False"),
    ("while", Step("while xs:", {"xs": [1]}, {"xs": [1]}, taken=True), "", "?=True"),
    (
        "for",
        Step("for i in range(2, n):", {"n": 4, "i": 2}, {"n": 4, "i": 3}, turn=1, taken=True),
        "2+1*1=3;3<4=True",
        "a=3;?=True",
    ),
    (
        "for",
        Step("for x in xs:", {"xs": [8]}, {"xs": [8]}, turn=1, taken=False),
        "len(b)=1;1<1=False",
        "?=False",
    ),
    ("return", Step("return x + 1", {"x": 9}, {"x": 9}, result=10), "9+1=01", "return=01"),
    ("method", Step("q.popleft()", {"q": deque([1, 2])}, {"q": deque([2])}), "a.popleft()=1", "a=|0:2|"),
    ("call", Step("x = max(xs)", {"xs": XS}, {"xs": XS, "x": 9}), "max:4,9,9;max(b)=9", "a=9"),
    ("tuple", Step("a, b = b, a % b", {"a": 6, "b": 4}, {"a": 4, "b": 2}), "6%4=2", "a=4;b=2"),
]


@pytest.mark.parametrize(
    ("kind", "step", "scratch", "after"), EXAMPLES, ids=[step.line for _, step, _, _ in EXAMPLES]
)
def test_example(kind, step, scratch, after):
    example = make_example(step)
    assert example.answer.split("\n")[:2] == [scratch, after]
    assert example.kind == kind == kind_of(example.prompt)


@pytest.mark.parametrize(
    "step", [step for _, step, _, _ in EXAMPLES], ids=[step.line for _, step, _, _ in EXAMPLES]
)
def test_a_right_answer_comes_back_as_what_the_run_showed(step):
    letters = Letters()
    spell_prompt(step, letters)
    found = read_answer(make_example(step).answer, letters, step)
    assert {**step.before, **found.after} == step.after
    assert (found.taken, found.result) == (step.taken, step.result)


def test_sentence_has_a_claim_for_each_value():
    step = Step("total += xs[i]", {"total": 17, "xs": XS, "i": 1}, {"total": 26, "xs": XS, "i": 1})
    letters = Letters()
    spell_prompt(step, letters)
    found = read_answer(make_example(step).answer, letters, step)
    assert found.text == "`xs[i]` is added to `total`: from {c1.value} to {c2.value}."
    assert found.claims == (
        {"id": "c1", "kind": "value", "expr": "total", "value": "17", "when": "before"},
        {"id": "c2", "kind": "value", "expr": "total", "value": "26", "when": "after"},
    )


def test_braces_of_the_code_are_no_slots():
    step = Step("xs = ys or {1: 20}", {"ys": {}}, {"ys": {}, "xs": {1: 20}})
    letters = Letters()
    spell_prompt(step, letters)
    found = read_answer(make_example(step).answer, letters, step)
    assert found.text == "`xs` becomes {c1.value}, the value of `ys or{{1:20}}`."


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "a=1",
        "\n\n\n",
        "\nq=1\nx.",
        "\na=[0:1\nx.",
        "\na=1\n`a` is {q}.",
        "\na\n.",
        "\n?=\n.",
        "\na=1\n{return}{old b}.",
    ],
)
def test_wrong_answer_is_no_narration(answer):
    letters = Letters({"x": "a"})
    with pytest.raises(Unspeakable):
        read_answer(answer, letters, Step("x = 1", {}, {}))


def test_values_of_an_answer_do_not_depend_on_their_order():
    assert values_of("x\na=1;b=2\ny") == values_of("\nb=2;a=1\nz") != values_of("\na=1;b=3\n")


def test_balance_keeps_each_prompt_once_and_no_kind_too_often():
    balance = Balance(most=0.2, free=2)
    rows = [
        ("if", "p"),
        ("if", "p"),
        ("if", "q"),
        ("if", "r"),
        ("if", "s"),
        ("for", "t"),
        ("for", "u"),
        ("if", "v"),
    ]
    assert [balance.wants(Example(kind, prompt, "")) for kind, prompt in rows] == [
        *[True, False, True, True, False],
        *[True, True, False],
    ]
