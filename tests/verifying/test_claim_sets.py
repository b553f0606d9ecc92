"""True claims verified, false ones refuted: sets made by an independent oracle over many programs."""

from __future__ import annotations

import pytest

from codeassist.verifying.rows import claim_of
from tests.support.claimset import claim_set
from tests.support.courtroom import court
from tests.support.programs import PROGRAMS


def wrong(code: str, call: str, most: int) -> list[object]:
    """Claims whose verdict is not what the oracle says."""
    trace, samples = claim_set(code, call, seed=7, most=most)
    assert samples
    bench = court(code, traces=[trace])
    told = []
    for sample in samples:
        found = bench.verdict(claim_of(sample.claim))
        if found.status != ("verified" if sample.true else "refuted"):
            told.append((sample, found))
    return told


@pytest.mark.parametrize(("name", "code", "calls"), PROGRAMS, ids=[row[0] for row in PROGRAMS])
def test_every_claim_is_decided_as_the_oracle_says(name: str, code: str, calls: list[str]) -> None:
    assert [entry for call in calls for entry in wrong(code, call, most=60)] == []
