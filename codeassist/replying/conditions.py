"""Conditions in words -> expressions: `low exceeds high` is `low > high`; English and Chinese."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection

_BE = r"(?:is|are|was|were|be|gets?|got|becomes?|became|turns?|grows?|goes?|went|comes?|has|have|being)"
COMPARISONS = (
    (
        r"(?:is |are |was |be )?(?:not|never|no longer) (?:equal to|the same as)|differs? from|stops? being",
        "!=",
    ),
    (rf"(?:{_BE} )?(?:at least|no less than|not less than|greater than or equal to|>=)", ">="),
    (rf"(?:{_BE} )?(?:at most|no more than|not more than|less than or equal to|<=)", "<="),
    (
        rf"exceeds?|exceeded|overtakes?|overtook|surpass(?:es|ed)?|outgrows?|pass(?:es|ed)?|crosses"
        rf"|(?:{_BE} )?(?:greater|larger|bigger|higher|more) than|(?:{_BE} )?(?:above|over|past|beyond)"
        rf"|(?:rises?|climbs?|jumps?) (?:above|over|past)",
        ">",
    ),
    (
        rf"(?:{_BE} )?(?:less|smaller|lower|fewer) than|(?:{_BE} )?(?:below|under)"
        rf"|(?:drops?|falls?|sinks?|fell|dropped) (?:below|under)",
        "<",
    ),
    (r"(?:is |are |was |be )?not in|(?:is |are )?missing from", "not in"),
    (r"contains?|contained|includes?|holds?", "contains"),
    (r"(?:is |are |was |be )?(?:in|inside|part of)", "in"),
    (r"(?:is |are |was )not", "!="),
    (
        rf"equals?|equalled|meets?|met|reach(?:es|ed)?|hits?"
        rf"|(?:{_BE} )?(?:equal to|the same as|as (?:large|big) as)"
        rf"|(?:gets?|got|comes?|goes) to|{_BE}",
        "==",
    ),
    (r"超过|大于|高于|多于|越过", ">"),
    (r"小于|低于|少于", "<"),
    (r"不小于|至少(?:是|为)?|大于等于", ">="),
    (r"不大于|至多(?:是|为)?|小于等于", "<="),
    (r"不等于|不是|不再是", "!="),
    (r"等于|达到|变成|变为|成为|是|为", "=="),
)
"""words between two operands -> the operator"""
STATES = (
    (r"negative|below zero|负数?|负的", "{x} < 0"),
    (r"positive|above zero|正数?|正的", "{x} > 0"),
    (r"zero|零", "{x} == 0"),
    (r"(?:not|non-?)empty|no longer empty|非空", "len({x}) > 0"),
    (r"empty|空的?", "len({x}) == 0"),
    (r"even|偶数", "{x} % 2 == 0"),
    (r"odd|奇数", "{x} % 2 == 1"),
    (r"sorted|in order|有序的?|排好序的?", "{x} == sorted({x})"),
    (r"none|null|空值", "{x} is None"),
    (r"not none|set", "{x} is not None"),
    (r"true|真", "{x} is True"),
    (r"false|假", "{x} is False"),
)
"""words for a state -> the condition"""
_ARTICLES = re.compile(r"^(?:the |its |our |variable |value of |list |array |number |变量)+", re.IGNORECASE)
_LENGTH = re.compile(
    r"^(?:the )?(?:length|size|number of (?:items|elements)) (?:of|in) (?P<x>.+)$"
    r"|^(?P<y>.+?)\s*的(?:长度|大小)$",
    re.IGNORECASE,
)
_ITEMS = re.compile(r"^(?:the )?(?P<which>first|last) (?:item|element) of (?P<x>.+)$", re.IGNORECASE)
LONGEST = 300
"""characters of an operand"""


def condition(text: str, names: Collection[str]) -> str:
    """`text` as an expression over `names`; empty where it is none."""
    text = " ".join(text.split())
    symbolic = operand(text, names)
    if symbolic and isinstance(ast.parse(symbolic, mode="eval").body, (ast.Compare, ast.BoolOp, ast.UnaryOp)):
        return symbolic
    for joint, word in ((r" and ", " and "), (r" or ", " or "), ("并且", " and "), ("或者", " or ")):
        parts = re.split(joint, text, flags=re.IGNORECASE)
        found = [condition(part, names) for part in parts] if len(parts) > 1 else []
        if found and all(found):
            return word.join(found)
    return _state(text, names) or _comparison(text, names)


def _state(text: str, names: Collection[str]) -> str:
    for words, form in STATES:
        match = re.fullmatch(
            rf"(?P<x>.+?)\s*(?:{_BE}|变成|变为|成为|是|为)?\s*(?:{words})", text, re.IGNORECASE
        )
        subject = operand(match["x"], names) if match else ""
        if subject:
            return form.format(x=subject)
    return ""


def _comparison(text: str, names: Collection[str]) -> str:
    for words, operator in COMPARISONS:
        is_word = words.isascii()
        bounded = rf"\s(?:{words})\s+" if is_word else rf"\s*(?:{words})\s*"
        for match in re.finditer(bounded, text, re.IGNORECASE):
            left, right = operand(text[: match.start()], names), operand(text[match.end() :], names)
            if left and right and left != right:
                return f"{right} in {left}" if operator == "contains" else f"{left} {operator} {right}"
    return ""


def operand(text: str, names: Collection[str]) -> str:
    """An expression over `names` and literals, as it is or in a few words; empty for anything else."""
    text = _ARTICLES.sub("", text.strip(" `\"'“”")) if not is_literal(text.strip()) else text.strip()
    length, item = _LENGTH.match(text), _ITEMS.match(text)
    if length:
        inner = operand(length["x"] or length["y"], names)
        return f"len({inner})" if inner else ""
    if item:
        inner = operand(item["x"], names)
        return f"{inner}[{0 if item['which'].lower() == 'first' else -1}]" if inner else ""
    lowered = {"true": "True", "false": "False", "none": "None", "null": "None", "zero": "0", "one": "1"}
    text = lowered.get(text.lower(), text)
    if text.lower() in ("result", "answer", "return value", "output", "结果", "返回值") and text not in names:
        return "result"
    return text if _is_over(text, names) else ""


def is_literal(text: str) -> bool:
    """Whether a text is a Python literal."""
    try:
        ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        return False
    return True


def is_expression(text: str) -> bool:
    """Whether a text parses as one expression."""
    try:
        ast.parse(text, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _is_over(text: str, names: Collection[str]) -> bool:
    """Whether a text is an expression whose names are all known."""
    if not text or len(text) > LONGEST:
        return False
    try:
        tree = ast.parse(text, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    nodes = list(ast.walk(tree))
    called = {n.func.id for n in nodes if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}
    own = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    used = {n.id for n in nodes if isinstance(n, ast.Name)} - called - own
    return all(name in names for name in used)
