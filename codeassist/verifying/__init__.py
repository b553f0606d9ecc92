"""Claims + traces -> verdicts; the judge never asks the accused."""

from codeassist.verifying.judge import Court, judge
from codeassist.verifying.settle import settle

__all__ = ["Court", "judge", "settle"]
