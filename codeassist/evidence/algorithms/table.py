"""All problems and signatures, family by family."""

from __future__ import annotations

from codeassist.evidence.algorithms import (
    bits,
    combinatorics,
    dynamic,
    graphs,
    matrices,
    number_theory,
    numerical,
    searching,
    sorting,
    strings,
)  # fmt: skip
from codeassist.evidence.algorithms.model import Family, Problem, Signature

FAMILIES: tuple[Family, ...] = tuple(
    module.FAMILY
    for module in (
        sorting, searching, graphs, dynamic, strings, number_theory, combinatorics, matrices, bits, numerical,
    )
)  # fmt: skip
PROBLEMS: tuple[Problem, ...] = tuple(problem for family in FAMILIES for problem in family.problems)
SIGNATURES: tuple[Signature, ...] = tuple(sign for family in FAMILIES for sign in family.signatures)
