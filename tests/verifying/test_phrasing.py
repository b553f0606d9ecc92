"""A sentence counts as checked only when it says what its claims say, all of it, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from codeassist.records.answer import Claim
from codeassist.verifying.fields import KINDS
from codeassist.verifying.phrasing import book, licensed
from tests.support.phrases import FUNC, lies, sentences


def claim(kind: str, id: str = "m1", scope: Any = None, **fields: Any) -> Claim:
    return Claim(kind, {"func": "f", **fields}, id, scope=scope)


RETURNS = claim("returns", value="3")
KEEPS = claim("mutates", id="m2", param="xs", mutated=False)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("It never returns {m1.value}.", RETURNS),
        ("It returns 4.", RETURNS),
        ("It returns {m1.runs}.", RETURNS),
        ("It returns {m2.value}.", RETURNS),
        ("The largest item is {m1.value}.", RETURNS),
        ("It returns {m1.value} and deletes your files.", RETURNS),
        ("It returns {m1.value}; it is sorted.", RETURNS),
        ("", RETURNS),
        (".", RETURNS),
        ("It returns {m1.value}.", claim("returns", value="3", call=2)),
        ("It returns {m1.value}.", claim("returns", value="3", scope={"run": 3})),
        ("It returns {m1.value}.", claim("returns", value="3", scope="all")),
        ("It returns {m1.value}.", claim("returns", value="3", loose=True)),
        ("It returns {m1.value}.", claim("returns", value="3", func="helper")),
        ("Line {m1.count} runs {m1.line} times.", claim("executes", line=3, count=2)),
        ("Line {m1.line} runs {m1.count} times.", claim("executes", line=3, count=9, op="<=")),
        ("Line {m1.line} runs at most {m1.count} times.", claim("executes", line=3, count=9, op=">=")),
        ("low is {m1.value}.", claim("value", line=3, expr="low", value="2")),
        ("high is {m1.value} at line {m1.line}.", claim("value", line=3, expr="low", value="2")),
        ("LOW is {m1.value} at line {m1.line}.", claim("value", line=3, expr="low", value="2")),
        ("low is {m1.value} at line {m1.line}.",
         claim("value", line=3, expr="low", value="2", when="before")),
        ("low is {m1.value} at line {m1.line}.", claim("value", line=3, expr="low", value="2", occurrence=2)),
        ("low is {m1.value} at line {m1.line} every time.",
         claim("value", line=3, expr="low", value="2", occurrence="some")),
        ("It changes xs.", claim("mutates", param="xs", mutated=False)),
        ("It leaves xs.", claim("mutates", param="xs", mutated=True)),
        ("It does not leave xs unchanged.", claim("mutates", param="xs", mutated=False)),
        ("After line {m1.next} comes line {m1.line}.", claim("next", line=3, next=4)),
        ("The test at line {m1.line} holds.", claim("branch", line=3, taken=False)),
    ],
)  # fmt: skip
def test_what_no_claim_says_is_not_licensed(text: str, said: Claim) -> None:
    assert licensed(text, [said], "f") is None


@pytest.mark.parametrize(
    ("text", "said", "lang"),
    [
        ("It returns {m1.value}.", RETURNS, "en"),
        ("Here, it returns `{m1.value}`.", RETURNS, "en"),
        ("f returns {m1.value}", RETURNS, "en"),
        ("{m1.func} returns {m1.value}", claim("returns", value="3", func="helper"), "en"),
        ("It returns {m1.value} in call {m1.call}.", claim("returns", value="3", call=2), "en"),
        ("It returns {m1.value} on every recorded run.", claim("returns", value="3", scope="all"), "en"),
        ("Line {m1.line} runs at most {m1.count} times.", claim("executes", line=3, count=9, op="<="), "en"),
        ("The test at line {m1.line} fails at visit {m1.occurrence}.",
         claim("branch", line=3, taken=False, occurrence=2), "en"),
        ("它返回{m1.value}。", RETURNS, "zh-CN"),
    ],
)  # fmt: skip
def test_what_a_claim_says_is_licensed(text: str, said: Claim, lang: str) -> None:
    assert licensed(text, [said], "f", lang) == ("m1",)


def test_each_clause_has_its_claim() -> None:
    both = [RETURNS, KEEPS]
    assert licensed("It returns {m1.value}, and it leaves `xs` unchanged.", both, "f") == ("m1", "m2")
    assert licensed("It returns {m1.value} and does not change {m2.param}.", both, "f") == ("m1", "m2")
    assert licensed("它返回{m1.value}，并且不修改参数xs。", both, "f", "zh-CN") == ("m1", "m2")
    assert licensed("It returns {m1.value}, and it changes xs.", both, "f") is None


@pytest.mark.parametrize("lang", ["en", "zh-CN"])
@pytest.mark.parametrize("seed", range(6))
def test_every_phrasing_of_the_book_can_be_said(lang: str, seed: int) -> None:
    for text, said in sentences(lang, seed):
        assert licensed(text, [said], FUNC, lang) == ("m1",), text


def test_the_book_knows_every_kind() -> None:
    assert set(book("en").kinds) == set(KINDS)
    assert set(book("zh-CN").kinds) <= set(KINDS)


def test_no_lie_that_is_made_of_a_phrasing_is_licensed() -> None:
    told = [
        (lie, said) for seed in range(3) for text, said in sentences("en", seed) for lie in lies(text, said)
    ]
    honest = {text for seed in range(40) for text, _ in sentences("en", seed)}
    planted = [(lie, said) for lie, said in told if lie not in honest]
    assert len(planted) > 1500
    assert [lie for lie, said in planted if licensed(lie, [said], FUNC)] == []
