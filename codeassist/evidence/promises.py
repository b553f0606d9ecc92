"""What a function promises in its own words: doctests, sentences of its docstring, the type of its result.

Only sentences that fit a template are read; what no template reads promises nothing here.
"""

from __future__ import annotations

import ast
import doctest
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from codeassist.records.program import Function
from codeassist.records.values import equal, literal, type_name

Kept = Callable[[Sequence[Any], Sequence[Any], Any], "bool | None"]
"""(arguments, arguments afterwards, result) -> kept, broken, or None: says nothing of this input"""


@dataclass(frozen=True, slots=True)
class Promise:
    """`key` is the text of the catalogue that tells it, `quote` what stands in the source."""

    key: str
    quote: str
    kept: Kept
    call: str = ""
    """the one call that it speaks of (a doctest's); empty: any"""


def promises(function: Function) -> list[Promise]:
    """The promises that can be read, doctests first."""
    return [*_doctests(function), *_sentences(function), *_annotated(function)]


# --- doctests ----------------------------------------------------------------------------------------


def _doctests(function: Function) -> Iterator[Promise]:
    try:
        examples = doctest.DocTestParser().get_examples(function.docstring)
    except ValueError:
        return
    for number, example in enumerate(examples):
        call = example.source.strip()
        if (
            not example.want.strip()  # an example call, no more
            or example.options
            or example.exc_msg
            or not _is_call(call, function)
            or number
            and not _stands_alone(examples[:number])
        ):
            continue
        try:
            wanted = ast.literal_eval(example.want.strip())
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            continue
        yield Promise("doctest", literal(wanted, 60), _gives(wanted), call)


def _stands_alone(before: Sequence[doctest.Example]) -> bool:
    """Whether nothing before it prepares names."""
    return all(re.match(r"[\w.]+\(", example.source) for example in before)


def _is_call(text: str, function: Function) -> bool:
    try:
        node = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError):
        return False
    named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == function.name
    return named and all(_is_literal(a) for a in [*node.args, *(k.value for k in node.keywords)])  # type: ignore[attr-defined]


def _is_literal(node: ast.expr) -> bool:
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError):
        return False
    return True


def _gives(wanted: Any) -> Kept:
    def kept(given: Sequence[Any], after: Sequence[Any], result: Any) -> bool:
        return wanted == result or equal(wanted, result)

    return kept


# --- sentences ---------------------------------------------------------------------------------------

_RETURNS = r"^(?:return|returns|compute|computes|calculate|calculates|find|finds|get|gets|give|gives)\s+(?:the\s+|a\s+|an\s+)?"


def _list(value: Any) -> Any:
    """A list of numbers or texts, which can be compared; None for anything else."""
    if not isinstance(value, (list, tuple)):
        return None
    kinds = {type(item) for item in value}
    return list(value) if len(kinds) <= 1 and kinds <= {int, float, str} else None


def _first(given: Sequence[Any]) -> Any:
    return _list(given[0]) if len(given) == 1 else None


def _sorts(given: Sequence[Any], after: Sequence[Any], result: Any) -> bool | None:
    xs = _first(given)
    value = after[0] if result is None and after else result
    return None if xs is None else _list(value) == sorted(xs)


def _of_list(answer: Callable[[list[Any]], Any], least: int = 1) -> Kept:
    def kept(given: Sequence[Any], after: Sequence[Any], result: Any) -> bool | None:
        xs = _first(given)
        if xs is None or len(xs) < least or any(isinstance(x, str) for x in xs) and least == 2:
            return None
        return _close(answer(xs), result)

    return kept


def _of_number(answer: Callable[[int], Any], least: int = 0) -> Kept:
    def kept(given: Sequence[Any], after: Sequence[Any], result: Any) -> bool | None:
        if len(given) != 1 or type(given[0]) is not int or given[0] < least:
            return None
        return _close(answer(given[0]), result)

    return kept


def _of_text(answer: Callable[[str], Any]) -> Kept:
    def kept(given: Sequence[Any], after: Sequence[Any], result: Any) -> bool | None:
        return _close(answer(given[0]), result) if len(given) == 1 and isinstance(given[0], str) else None

    return kept


def _close(wanted: Any, value: Any) -> bool:
    if isinstance(wanted, bool):
        return bool(value) == wanted  # "true if" is kept by whatever counts as true
    numbers = isinstance(wanted, (int, float)) and isinstance(value, (int, float))
    if numbers and not isinstance(value, bool):
        return math.isclose(wanted, value, rel_tol=1e-9, abs_tol=1e-9)
    return bool(wanted == value)


def _distinct(given: Sequence[Any], after: Sequence[Any], result: Any) -> bool | None:
    items = _list(result)
    return None if items is None else len(set(items)) == len(items)


def _untouched(given: Sequence[Any], after: Sequence[Any], result: Any) -> bool | None:
    return literal(list(given)) == literal(list(after))


def _place(given: Sequence[Any], after: Sequence[Any], result: Any) -> bool | None:
    """An index at which it stands, -1 where it does not."""
    lists = [_list(v) for v in given if isinstance(v, (list, tuple))]
    items = [v for v in given if not isinstance(v, (list, tuple))]
    if len(lists) != 1 or len(items) != 1 or lists[0] is None:
        return None
    xs, wanted = lists[0], items[0]
    if wanted not in xs:
        return bool(result == -1)
    return type(result) is int and 0 <= result < len(xs) and bool(xs[result] == wanted)


def _sorted_place(given: Sequence[Any], after: Sequence[Any], result: Any) -> bool | None:
    xs = next((v for v in given if isinstance(v, (list, tuple))), None)
    return None if xs is None or _list(xs) is None or list(xs) != sorted(xs) else _place(given, after, result)


def _prime(n: int) -> bool:
    return n > 1 and all(n % d for d in range(2, math.isqrt(n) + 1))


_WHETHER = r"^(?:return|returns|check|checks|test|tests|determine|determines|say|says|tell|tells)?\s*(?:true\s+)?(?:if|whether|iff)\s+.*"
_ITEMS = r"(?:\w+\s+)?(?:element|item|number|value|integer)s?\b"
TEMPLATES: tuple[tuple[str, str, Kept], ...] = (
    (r"^(?:sort|sorts)\s+(?!.*(?:descend|revers|by |key|topolog|column|row|diagonal|linked|stack|string|character|wiggle|almost|if ))", "", _sorts),
    (_RETURNS + r"(?:new\s+)?sorted\s+(?:list|copy|version)(?!.*(?:descend|revers|by |key|merg|two))", "", _sorts),
    (r"(?:without|with no|no) (?:duplicates|repetitions|repeated)(?!.*(?:if|unless))", r"^(?:return|returns|remove|removes)", _distinct),
    (r"^(?:remove|removes) (?:all )?duplicates\b(?!.*(?:linked|more than|at most|k times))", "", _distinct),
    (_RETURNS + rf"(?:maximum|largest|biggest|greatest)\s+{_ITEMS}(?:\s+(?:of|in)\b)(?!.*(?:sub|sum|product|depth|second|differ|window|path|tree|common|adjacent|profit))", "", _of_list(max)),
    (_RETURNS + rf"(?:minimum|smallest|lowest|least)\s+{_ITEMS}(?:\s+(?:of|in)\b)(?!.*(?:sub|sum|product|depth|second|differ|window|path|tree|common|rotat|greater|larger|number of))", "", _of_list(min)),
    (_RETURNS + rf"sum of (?:all |the |all the )*{_ITEMS}(?!.*(?:square|digit|even|odd|divis|sub|non|multipl|prime|two|greater|if ))", "", _of_list(sum, 0)),
    (_RETURNS + r"(?:average|mean|arithmetic mean) of\b(?!.*(?:weight|moving|window|trim|geometric|harmonic))", "", _of_list(lambda xs: sum(xs) / len(xs), 2)),
    (_RETURNS + r"median of\b(?!.*(?:two|stream|window))", "", _of_list(lambda xs: (sorted(xs)[(len(xs) - 1) // 2] + sorted(xs)[len(xs) // 2]) / 2, 2)),
    (_RETURNS + r"factorial\b", "", _of_number(math.factorial)),
    (_WHETHER + r"\b(?:is|are) (?:a )?prime\b", "", _of_number(_prime)),
    (_WHETHER + r"\bis even\b", "", _of_number(lambda n: n % 2 == 0)),
    (_WHETHER + r"\bis odd\b", "", _of_number(lambda n: n % 2 == 1)),
    (_WHETHER + r"\bis a power of (?:two|2)\b", "", _of_number(lambda n: n & (n - 1) == 0, 1)),
    (_WHETHER + r"\bis a perfect square\b", "", _of_number(lambda n: math.isqrt(n) ** 2 == n)),
    (_WHETHER + r"\bis (?:a )?(?:leap year|leap)\b", "", _of_number(lambda n: n % 4 == 0 and (n % 100 != 0 or n % 400 == 0), 1)),
    (_WHETHER + r"\b(?:string|text|word|str|s) is a palindrome\s*\.?$", "", _of_text(lambda t: t == t[::-1]) ),
    (_WHETHER + r"\b(?:list|array|sequence|xs|items|numbers) (?:is|are) sorted\b(?!.*descend)", "", _of_list(lambda xs: xs == sorted(xs), 0)),
    (r"^(?:return|returns|find|finds)\b.*\bindex\b.*\bin (?:a |the )?sorted\b.*-1\b", "", _sorted_place),
    (r"^(?:return|returns|find|finds)\b.*\bindex\b(?!.*(?:sorted|last|rotated|sum|string|character|insert)).*-1\b", "", _place),
    (r"(?:does not|doesn't|without) (?:modify|modifying|change|changing|mutate|mutating) (?:the |its )?(?:input|argument|original|list|array)", "", _untouched),
)  # fmt: skip
"""(sentence that is looked for, what the sentence must also begin with, what it promises)"""


def _sentences(function: Function) -> Iterator[Promise]:
    text = function.docstring.split(">>>")[0]
    for sentence in re.split(
        r"(?<=[.!?])\s+|\n\s*\n|\n\s*(?=Args|Returns|Raises|:param|:return|Parameters)", text
    ):
        flat = " ".join(sentence.split())
        for pattern, begins, kept in TEMPLATES:
            if re.search(pattern, flat, re.IGNORECASE) and re.search(begins, flat, re.IGNORECASE):
                yield Promise("docstring", flat.rstrip("."), kept)
                break


# --- the type of the result --------------------------------------------------------------------------

_TYPES: dict[str, tuple[type, ...]] = {
    "bool": (bool,), "int": (int,), "float": (float, int), "str": (str,), "list": (list,), "dict": (dict,),
    "set": (set,), "tuple": (tuple,), "None": (type(None),), "bytes": (bytes,), "complex": (complex, float, int),
    "List": (list,), "Dict": (dict,), "Set": (set,), "Tuple": (tuple,),
}  # fmt: skip


def _annotated(function: Function) -> Iterator[Promise]:
    if not function.returns or function.is_generator or function.is_async:
        return
    try:
        node = ast.parse(function.returns.strip("'\""), mode="eval").body
    except SyntaxError:
        return
    yield Promise("annotation", function.returns, lambda given, after, result: fits(node, result))


def fits(node: ast.expr, value: Any) -> bool | None:
    """Whether a value is of the annotated type; None for types that are not plain."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return _either([fits(node.left, value), fits(node.right, value)])
    if isinstance(node, ast.Constant):
        return value is None if node.value is None else None
    if isinstance(node, ast.Subscript):
        return _generic(node, value)
    name = node.id if isinstance(node, ast.Name) else ""
    if name not in _TYPES or not _is_plain(value):
        return None
    return isinstance(value, _TYPES[name])


def _is_plain(value: Any) -> bool:
    return type_name(value) in _TYPES or value is None or type_name(value) == "NoneType"


def _either(found: Sequence[bool | None]) -> bool | None:
    return None if None in found and True not in found else any(found)


def _generic(node: ast.Subscript, value: Any) -> bool | None:
    name = ast.unparse(node.value).rsplit(".", 1)[-1]
    inner = node.slice
    if name == "Optional":
        return True if value is None else fits(inner, value)
    if name == "Union":
        return _either([fits(part, value) for part in getattr(inner, "elts", [inner])])
    outer = fits(ast.Name(name), value)
    if outer and name in ("list", "List", "set", "Set") and isinstance(value, (list, set)):
        found = [fits(inner, item) for item in list(value)[:50]]
        return False if False in found else None if None in found else True
    return outer
