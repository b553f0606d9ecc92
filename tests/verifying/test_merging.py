"""What is taken of another author's answer: sections that hold, nothing else; lies end nowhere."""

from __future__ import annotations

import re
from typing import Any

import pytest

from codeassist.records.answer import (
    REFUTED,
    UNCHECKED,
    VERIFIED,
    Annotation,
    Answer,
    Claim,
    Section,
    Sentence,
    Verdict,
)
from codeassist.verifying import merge, renamed, settle, with_opinions
from codeassist.verifying.merging import Merged
from tests.support.phrases import FUNC, lies, sentences

SOURCE = 'def search(xs, target):\n    low, high = 0, len(xs)\n    return "found it"\n'
BASELINE = Answer(
    Sentence("Searches."),
    (
        Section("purpose", "Purpose", (Sentence("Finds the target.", fact="docstring"),)),
        Section("why", "Why", (Sentence("It gives {c1.value}.", ("c1",)),)),
    ),
    (Annotation(2, "starts with {c2.value}", ("c2",)),),
    (
        Claim("returns", {"func": FUNC, "value": "3"}, "c1"),
        Claim("value", {"func": FUNC, "line": 2, "expr": "low", "value": "0"}, "c2"),
    ),
)


def merged(
    answer: Answer, statuses: dict[str, str] | None = None, baseline: Answer = BASELINE, lang: str = "en"
) -> Merged:
    claims = (*baseline.claims, *answer.claims)
    verdicts = {c.id: Verdict(c.id, (statuses or {}).get(c.id, VERIFIED), "decided") for c in claims}
    return merge(baseline, answer, verdicts, func=FUNC, source=SOURCE, lang=lang)


def revised(*told: Sentence, section: str = "why", claims: tuple[Claim, ...] = (), **more: Any) -> Answer:
    sections = tuple(
        Section(s.id, s.title, told if s.id == section else s.sentences) for s in BASELINE.sections
    )
    return Answer(
        more.get("summary", BASELINE.summary), sections, more.get("annotations", BASELINE.annotations),
        (*BASELINE.claims, *claims),
    )  # fmt: skip


def shown(found: Merged, opinions: bool = False) -> list[str]:
    """What a reader gets to see."""
    answer = with_opinions(found.answer, found.asides) if opinions else found.answer
    settled = settle(answer, found.verdicts)
    kept = [s.text for section in settled.sections for s in section.sentences]
    return [settled.summary.text, *kept, *(note.text for note in settled.annotations)]


def test_nothing_said_changes_nothing() -> None:
    found = merged(BASELINE)
    assert found.answer == BASELINE
    assert not found.failures
    assert not found.revised


def test_a_section_that_holds_is_revised() -> None:
    mine = Claim("returns", {"func": FUNC, "value": "3"}, "m1", text="it is the largest")
    found = merged(revised(Sentence("The result is {m1.value}.", ("m1",)), claims=(mine,)))
    assert found.revised == {"why"}
    assert "The result is 3." in shown(found)
    assert found.answer.claims[-1].text == "", "prose beside a claim is nobody's to check"


def test_one_bad_sentence_keeps_the_whole_section() -> None:
    found = merged(revised(Sentence("It returns {c1.value}.", ("c1",)), Sentence("It is fast.")))
    assert found.answer.sections == BASELINE.sections
    assert [f.text for f in found.failures] == ["It is fast."]
    assert "It is fast." not in shown(found)
    assert "It is fast." in shown(found, opinions=True)


@pytest.mark.parametrize("status", [REFUTED, UNCHECKED])
def test_a_claim_that_is_not_verified_carries_nothing(status: str) -> None:
    mine = Claim("returns", {"func": FUNC, "value": "9"}, "m1")
    found = merged(revised(Sentence("It returns {m1.value}.", ("m1",)), claims=(mine,)), {"m1": status})
    assert found.answer.sections == BASELINE.sections
    assert "m1" not in [claim.id for claim in found.answer.claims]
    assert not any("9" in line for line in shown(found, opinions=status == REFUTED))


def test_the_baselines_own_sentence_may_be_moved() -> None:
    found = merged(revised(Sentence("It gives {c1.value}.", ("c1",)), section="purpose"))
    assert found.revised == {"purpose"}


@pytest.mark.parametrize(
    "expr",
    [
        "True or the_list_is_sorted_descending", "'sorted descending' != ''", "len('it never fails') > 0",
        "[descending for descending in xs] == xs", "xs.never_fails or True",
        "dict(sorted_descending=1) != {}",
        "b'it never fails' != b''",
    ],
)  # fmt: skip
def test_words_hidden_in_an_expression_are_words(expr: str) -> None:
    mine = Claim("post", {"func": FUNC, "expr": expr}, "m1")
    told = Sentence("{m1.expr} held at the end.", ("m1",))
    assert merged(revised(told, claims=(mine,))).revised == set()


def test_an_expression_over_the_files_own_names_is_fine() -> None:
    mine = Claim("post", {"func": FUNC, "expr": "all(x in xs for x in xs) and result != 'found it'"}, "m1")
    told = Sentence("{m1.expr} held at the end.", ("m1",))
    assert merged(revised(told, claims=(mine,))).revised == {"why"}


@pytest.mark.parametrize(
    "value", ["3  # the largest of all", "(3 # proved\n)", "3\n\n# never fails", "{1: 'sorted', 1: 2}"]
)
def test_what_nobody_reads_in_a_value_is_no_value(value: str) -> None:
    mine = Claim("returns", {"func": FUNC, "value": value}, "m1")
    assert merged(revised(Sentence("It returns {m1.value}.", ("m1",)), claims=(mine,))).revised == set()


@pytest.mark.parametrize("id", ["it_is_sorted", "isDescending", "m 1", "m1}"])
def test_an_id_that_speaks_is_no_id(id: str) -> None:
    mine = Claim("returns", {"func": FUNC, "value": "3"}, id)
    assert merged(revised(Sentence(f"It returns {{{id}.value}}.", (id,)), claims=(mine,))).revised == set()


def test_fields_that_no_kind_has_are_gone() -> None:
    mine = Claim("returns", {"func": FUNC, "value": "3", "note": "it is the largest"}, "m1")
    found = merged(revised(Sentence("It returns {m1.value}.", ("m1",)), claims=(mine,)))
    assert dict(found.answer.claims[-1].fields) == {"func": FUNC, "value": "3"}


def test_a_note_stands_at_the_line_of_its_claim() -> None:
    note = "after line {c2.line}, low is {c2.value}"
    there = merged(revised(*BASELINE.sections[1].sentences, annotations=(Annotation(2, note, ("c2",)),)))
    assert [n.text for n in there.answer.annotations] == [note]
    elsewhere = merged(revised(*BASELINE.sections[1].sentences, annotations=(Annotation(3, note, ("c2",)),)))
    assert elsewhere.answer.annotations == BASELINE.annotations


def test_an_opinion_cannot_borrow_a_tick() -> None:
    found = merged(revised(Sentence("The largest is {c1.value} {{c1.value}}.", ("c1",))))
    settled = settle(with_opinions(found.answer, found.asides), found.verdicts)
    aside = settled.sections[1].sentences[-1]
    assert (aside.text, aside.status, aside.claims) == ("The largest is 3 {c1.value}.", "opinion", ())


def test_ids_can_be_renewed() -> None:
    mine = Claim("returns", {"func": FUNC, "value": "3"}, "m1")
    found = merged(revised(Sentence("The result is {m1.value}.", ("m1",)), claims=(mine,)))
    fresh = renamed(found.answer, frozenset({"c1", "c2"}), "k")
    assert fresh.sections[1].sentences == (Sentence("The result is {k1.value}.", ("k1",)),)
    assert [claim.id for claim in fresh.claims] == ["c1", "c2", "k1"]


def _planted() -> list[tuple[str, Claim]]:
    told = [(lie, claim) for text, claim in sentences("en", 7) for lie in lies(text, claim)]
    honest = {text for seed in range(40) for text, _ in sentences("en", seed)}
    return [(lie, claim) for lie, claim in told if lie not in honest]


def test_hundreds_of_lies_over_true_claims_change_nothing() -> None:
    planted = _planted()
    assert len(planted) > 500
    before = shown(merged(BASELINE))
    for lie, claim in planted:
        answer = revised(
            Sentence(lie, ("m1",)), summary=Sentence(lie, ("m1",)), claims=(claim,),
            annotations=(Annotation(2, lie, ("m1",)),),
        )  # fmt: skip
        found = merged(answer)
        assert shown(found) == before, lie
        assert found.answer.claims == BASELINE.claims


def test_hundreds_of_lies_in_claims_are_not_even_opinions() -> None:
    before = shown(merged(BASELINE))
    told = [(text, claim) for seed in range(8) for text, claim in sentences("en", seed)]
    assert len(told) > 300
    for text, claim in told:
        answer = revised(Sentence(text, ("m1",)), summary=Sentence(text, ("m1",)), claims=(claim,))
        assert shown(merged(answer, {"m1": REFUTED}), opinions=True) == before, text


def test_lies_without_claims_are_opinions_at_most() -> None:
    before = shown(merged(BASELINE))
    for lie, _ in _planted():
        bare = re.sub(r"\{\w+\.\w+\}", "everything", lie)
        found = merged(revised(Sentence(bare), summary=Sentence(bare)))
        assert shown(found) == before, bare
        settled = settle(with_opinions(found.answer, found.asides), found.verdicts)
        told = [s for section in settled.sections for s in section.sentences if s.text == bare]
        assert {s.status for s in told} <= {"opinion"}
