"""All problems and signatures, family by family."""

from __future__ import annotations

from codeassist.evidence.algorithms import searching, sorting
from codeassist.evidence.algorithms.model import Family, Problem, Signature

FAMILIES: tuple[Family, ...] = (
    sorting.FAMILY,
    searching.FAMILY,
)
PROBLEMS: tuple[Problem, ...] = tuple(problem for family in FAMILIES for problem in family.problems)
SIGNATURES: tuple[Signature, ...] = tuple(sign for family in FAMILIES for sign in family.signatures)
