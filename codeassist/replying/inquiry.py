"""What a question in plain words asks for, once it is understood."""

from __future__ import annotations

from dataclasses import dataclass

QUERY, CALLERS, CALLEES, WHY, RESULT, SECTION, MUTATES, REACHED, UNKNOWN = (
    "query callers callees why result section mutates reached unknown"
).split()
"""kinds of inquiry: a question of docs/query.md; who calls; what is called; where a value was born;
what a call gives; a part of the explanation; whether an argument changes; whether a line runs; no idea"""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """`kind` is one of the words above; the other fields are what that kind needs."""

    kind: str
    query: str = ""
    """a question of docs/query.md"""
    expr: str = ""
    """the condition, expression or variable that is asked about; `result` is what the function gave"""
    value: str = ""
    """the value that a `why` or a call is about, as Python text; empty: whatever it was"""
    name: str = ""
    """a function, or a section of the explanation"""
    call: str = ""
    """a call to be made, such as `f([])`"""
    line: int = 0
    is_yes_or_no: bool = False
    raises: bool = False
    """a `why` about an exception"""
