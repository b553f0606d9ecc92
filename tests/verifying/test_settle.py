"""What may be shown of an answer: nothing that a refuted claim stands behind."""

from __future__ import annotations

from typing import Any

from codeassist.records.answer import Annotation, Answer, Claim, Section, Sentence, Table, Verdict, Witness
from codeassist.verifying.settle import Settled, settle

CLAIMS = (
    Claim("returns", {"func": "f", "value": "[1, 2]"}, "yes"),
    Claim("executes", {"func": "f", "line": 3, "count": 2}, "no"),
    Claim("post", {"func": "f", "expr": "result"}, "open"),
    Claim("delta", {"func": "f", "line": 4, "changes": {"low": ["0", "3"]}}, "delta"),
)
VERDICTS = [
    Verdict("yes", "verified", "decided", 1, True, Witness(0, 7, 9), "[1, 2]"),
    Verdict("no", "refuted", "wrong-value", 1, True, Witness(0, 3, 3), "5"),
    Verdict("open", "unchecked", "opaque"),
    Verdict("delta", "verified", "decided", 12),
]


def settled(summary: Sentence | None = None, **parts: Any) -> Settled:
    answer = Answer(
        summary or Sentence("S", ("yes",)), parts.get("sections", ()), parts.get("notes", ()), CLAIMS
    )
    return settle(answer, VERDICTS)


def sentences(*given: Sentence) -> list[tuple[str, str]]:
    found = settled(sections=(Section("s", "S", given),)).sections
    return [(s.text, s.status) for section in found for s in section.sentences]


def test_slots_are_filled_from_claims_and_verdicts() -> None:
    text = (
        "gives {yes.value} ({yes.actual}) at {yes.line}, {delta.changes.low.1} in {delta.runs} runs {{set}}"
    )
    assert sentences(Sentence(text, ("yes", "delta"))) == [
        ("gives [1, 2] ([1, 2]) at 9, 3 in 12 runs {set}", "verified")
    ]


def test_a_refuted_claim_takes_its_sentence_away() -> None:
    assert sentences(Sentence("twice", ("no",)), Sentence("both", ("yes", "no"))) == []


def test_a_slot_alone_ties_the_sentence_to_its_claim() -> None:
    assert sentences(Sentence("{no.count} times")) == []
    assert sentences(Sentence("{open.expr} holds")) == [("result holds", "unchecked")]


def test_status_is_the_worst_of_the_claims() -> None:
    assert sentences(Sentence("a", ("yes", "open")), Sentence("b", ("nobody",))) == [
        ("a", "unchecked"),
        ("b", "unchecked"),
    ]


def test_without_claims_it_is_an_opinion_or_a_fact() -> None:
    assert sentences(Sentence("nice"), Sentence("f(x)", fact="signature")) == [
        ("nice", "opinion"),
        ("f(x)", "unchecked"),
    ]


def test_a_slot_that_nothing_fills_takes_the_sentence_away() -> None:
    assert sentences(Sentence("{yes.colour}", ("yes",)), Sentence("{who.value}")) == []


def test_rows_tables_sections_and_notes_go_the_same_way() -> None:
    table = Table(
        ("a", "b"),
        (("{yes.value}", "x"), ("{no.count}", "y"), ("p", "q")),
        (("yes",), (), ("no",)),
        "{yes.runs} run",
    )
    empty = Table(("a",), (("z",),), (("no",),))
    found = settled(
        sections=(Section("t", "T", (), (table,)), Section("e", "E", (), (empty,))),
        notes=(Annotation(3, "{yes.value}"), Annotation(4, "{no.count}")),
    )
    assert [s.id for s in found.sections] == ["t"]
    assert found.sections[0].tables[0].rows == (("[1, 2]", "x"),)
    assert found.sections[0].tables[0].caption == "1 run"
    assert found.annotations == (Annotation(3, "[1, 2]", ("yes",)),)


def test_a_refuted_summary_gives_way_to_the_next_sentence_of_the_purpose() -> None:
    purpose = Section("purpose", "P", (Sentence("no", ("no",)), Sentence("plain", ("yes",))))
    assert settled(Sentence("wrong", ("no",)), sections=(purpose,)).summary.text == "plain"
    assert settled(Sentence("wrong", ("no",))).summary.text == ""


def test_no_refuted_claim_survives() -> None:
    assert {claim.id for claim, _ in settled().claims} == {"yes", "open", "delta"}


def test_a_text_in_a_slot_is_not_read_again() -> None:
    claims = (Claim("returns", {"func": "f", "value": "'{no.count}'"}, "a"),)
    answer = Answer(Sentence("{a.value}", ("a",)), (), (), claims)
    assert settle(answer, [Verdict("a", "verified", "decided")]).summary.text == "'{no.count}'"
