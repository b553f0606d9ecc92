"""Traces -> Evidence: counts, complexity, invariants, edge cases."""

from codeassist.evidence.algorithms import recognise as recognise
from codeassist.evidence.complexity import measure as measure
from codeassist.evidence.complexity import with_inputs as with_inputs
from codeassist.evidence.gather import gather as gather
