"""A model's text -> the document it holds, checked against the schema."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from codeassist.backends.reading import fault, quoted
from codeassist.backends.schema import answer_schema, loosened, misfit

MOST_CHARACTERS = 400_000
"""of one answer: a report that long is not read by anybody"""
_FENCE = re.compile(r"\A\s*```(?:json)?\s*\n(.*?)\n?\s*```\s*\Z", re.DOTALL)


def document_of(text: str) -> dict[str, Any]:
    """The answer as plain data. Raises BackendError when it does not fit the schema."""
    if len(text) > MOST_CHARACTERS:
        raise fault(f"the model's answer is over {MOST_CHARACTERS} characters")
    fenced = _FENCE.match(text)  # models that nothing constrains like to wrap what they say
    try:
        document = json.loads(fenced[1] if fenced else text, parse_constant=_no_number)
        wrong = misfit(document, answer_schema())
        found = {} if wrong else loosened(document)
    except (ValueError, RecursionError):
        raise fault(f"the model's answer is no JSON: {quoted(text)}") from None
    if wrong:
        raise fault(f"the model's answer does not fit the schema: {wrong}")
    return {"annotations": [], **found}


def _no_number(text: str) -> NoReturn:
    raise ValueError(text)
