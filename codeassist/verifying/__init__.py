"""Claims + traces -> verdicts; the judge never asks the accused."""

from codeassist.verifying.judge import Court, judge
from codeassist.verifying.merging import Merged, merge, renamed, with_opinions
from codeassist.verifying.phrasing import examples
from codeassist.verifying.settle import settle

__all__ = ["Court", "Merged", "examples", "judge", "merge", "renamed", "settle", "with_opinions"]
