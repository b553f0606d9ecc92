"""Where runs come from: --call, doctests, main guards, tests, other runs, generation."""

from codeassist.inputs.choose import choose as choose
from codeassist.inputs.propose import propose as propose
from codeassist.inputs.seen import seen as seen
