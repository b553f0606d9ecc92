"""Where runs come from: --call, doctests, main guards, generation."""

from codeassist.inputs.choose import choose as choose
from codeassist.inputs.propose import propose as propose
