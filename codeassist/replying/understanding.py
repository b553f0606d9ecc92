# ruff: noqa: E501 - one wording stands on one line
"""A question in plain words -> an Inquiry: tables of wordings, English and Chinese; no model, no guess.

What no wording fits stays UNKNOWN: an honest "cannot say" beats an answer to another question.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from codeassist.replying.conditions import condition, is_expression, is_literal, operand
from codeassist.replying.inquiry import (
    CALLEES,
    CALLERS,
    MUTATES,
    QUERY,
    REACHED,
    RESULT,
    SECTION,
    UNKNOWN,
    WHY,
    Inquiry,
)

LONGEST = 1000
"""characters of a question"""
_POLITE = re.compile(
    r"^(?:(?:and|but|so|ok|okay|please|now|hey|hi|well|then)[, ]+|(?:can|could|would) you (?:please )?"
    r"(?:tell|show|explain to) (?:me |us )?|tell me |show me |explain (?:to me )?(?=why|how|when|what)"
    r"|i (?:wonder|want to know|would like to know) |do you know |请问?|那么?|告诉我)+",
    re.IGNORECASE,
)
_FORMS = re.compile(
    r"(?:first|last|every|count) line (?:\S+:)?\d+|(?:count )?calls to \S+(?: where (?P<c>.+))?|max depth(?: of \S+)?"
    r"|(?:first|last|every|count) (?P<c2>.+)|when (?P<c3>.+) changes|writes to (?P<c4>.+)|at step \d+"
    r"|why (?P<c5>[A-Za-z_]\w*(?:[\[.].*?)?)(?: at step \d+)?",
    re.IGNORECASE | re.DOTALL,
)
"""the forms of docs/query.md"""
_IT = r"it|this|the function|the program|the code|the call|the algorithm"
_RESULT = r"result|answer|return value|returned value|output"


@dataclass(frozen=True, slots=True)
class Known:
    """Names that a question may use."""

    variables: Collection[str]
    functions: Collection[str]
    parameters: Collection[str] = ()


Reader = Callable[[re.Match[str], Known], "Inquiry | None"]


def understand(text: str, known: Known) -> Inquiry:
    """What `text` asks for; UNKNOWN where none of the wordings fits."""
    text = " ".join(text.split())[:LONGEST].rstrip(" ?？.。!！")
    text = _POLITE.sub("", text)
    for pattern, read in _WORDINGS:
        match = pattern.fullmatch(text)
        found = read(match, known) if match else None
        if found is not None:
            return found
    return Inquiry(UNKNOWN)


def _function(text: str, known: Known) -> str:
    """The function that a text names: `partition`, `the function partition`, `partition()`."""
    text = re.sub(r"^(?:the )?(?:function |method |函数|方法)?", "", text.strip(" `"), flags=re.IGNORECASE)
    text = re.sub(r"\(.*\)$", "", text).strip(" `")
    if text in known.functions:
        return text
    tails = [name for name in known.functions if name.rpartition(".")[2] == text]
    return tails[0] if len(tails) == 1 else text if tails else ""


def _callers(match: re.Match[str], known: Known) -> Inquiry | None:
    name = _function(match["f"], known) or _plain(match["f"])
    return Inquiry(CALLERS, name=name) if name else None


def _callees(match: re.Match[str], known: Known) -> Inquiry | None:
    text = match["f"]
    name = "" if re.fullmatch(_IT, text, re.IGNORECASE) else _function(text, known) or _plain(text)
    is_meant = name or re.fullmatch(_IT, text, re.IGNORECASE)
    return Inquiry(CALLEES, name=name) if is_meant else None


def _plain(text: str) -> str:
    """A name as it stands, also one that the target does not hold: the answer then says so."""
    text = text.strip(" `").removesuffix("()")
    return text if re.fullmatch(r"[A-Za-z_][\w.]*", text) and not re.fullmatch(_IT, text, re.I) else ""


def _when(match: re.Match[str], known: Known) -> Inquiry | None:
    fields = match.groupdict()
    text, which = fields["c"].strip(), "every"
    for word, form in (("first", "first"), ("last", "last"), ("finally", "last"), ("第一次", "first")):
        if re.search(rf"\b{word}\b" if word.isascii() else word, text):
            candidate = re.sub(rf"\s*\b{word}\b\s*" if word.isascii() else word, " ", text, count=1).strip()
            if condition(candidate, known.variables):
                text, which = candidate, form
                break
    ever = re.sub(r"\s*\bever\b\s*|会不会|是否", " ", text).strip()
    changed = _changes(ever, known)
    if changed:
        return changed
    found = condition(ever, known.variables)
    if not found:
        return None
    is_asked = fields.get("ever") is not None
    return Inquiry(QUERY, f"{which} {found}", found, is_yes_or_no=is_asked)


def _changes(text: str, known: Known) -> Inquiry | None:
    match = re.fullmatch(
        r"(?P<x>.+?)\s*(?:changes?|changed|gets? (?:changed|updated|assigned|set)|(?:is |are )?(?:updated|assigned|modified|"
        r"written|set)|改变|变化|被修改|更新)",
        text,
        re.IGNORECASE,
    )
    found = operand(match["x"], known.variables) if match else ""
    return Inquiry(QUERY, f"when {found} changes", found) if found else None


def _ever(match: re.Match[str], known: Known) -> Inquiry | None:
    """`does low ever exceed high`, `is x ever negative`: with `is`, the words after the subject lack it."""
    auxiliary, text = match["aux"].lower(), match["c"]
    if " ever " not in f" {text} " and auxiliary not in ("does", "do", "did", "can"):
        return None
    plain = re.sub(r"\s*\bever\b\s*", " ", text).strip()
    mutated = re.fullmatch(
        rf"(?:{_IT}|[A-Za-z_][\w.]*) (?:change|modify|mutate|alter|touch)s? "
        r"(?:the |its )?(?:argument |list |input |parameter )?(?P<p>\w+)(?: in place)?",
        plain,
        re.IGNORECASE,
    )
    if mutated and mutated["p"] in known.parameters:
        return Inquiry(MUTATES, expr=mutated["p"])
    changed = _changes(plain, known) if auxiliary in ("does", "do", "did", "can") else None
    if changed:
        return Inquiry(MUTATES, expr=changed.expr) if changed.expr in known.parameters else changed
    found = condition(plain, known.variables)
    if not found and auxiliary in ("is", "are", "was"):
        found = _with_verb(plain, auxiliary, known)
    return Inquiry(QUERY, f"every {found}", found, is_yes_or_no=True) if found else None


def _with_verb(text: str, verb: str, known: Known) -> str:
    words = text.split(" ")
    for end in range(1, len(words)):
        found = condition(f"{' '.join(words[:end])} {verb} {' '.join(words[end:])}", known.variables)
        if found:
            return found
    return ""


def _is_when(match: re.Match[str], known: Known) -> Inquiry | None:
    """`when is low greater than high`."""
    text = re.sub(r"\s*\b(?:first|ever)\b\s*", " ", match["c"]).strip()
    which = "first" if re.search(r"\bfirst\b", match["c"]) else "every"
    found = condition(text, known.variables) or _with_verb(text, "is", known)
    if found:
        return Inquiry(QUERY, f"{which} {found}", found)
    return _changes(text, known)


def _why(match: re.Match[str], known: Known) -> Inquiry | None:
    fields = match.groupdict()
    expr = "result" if fields.get("x") is None else operand(fields["x"], known.variables)
    value = (fields.get("v") or "").strip(" `")
    value = operand(value, known.variables) if value else ""
    if not expr or fields.get("v") and not is_literal(value):
        return None
    step = fields.get("s")
    return Inquiry(WHY, f"why {expr}" + (f" at step {step}" if step else ""), expr, value)


def _why_loose(match: re.Match[str], known: Known) -> Inquiry | None:
    """`why is EXPR VALUE`, split where both sides can be read."""
    words = match["c"].split(" ")
    for end in range(1, len(words)):
        left, right = " ".join(words[:end]), " ".join(words[end:])
        right = re.sub(r"^(?:equal to|equal|equals|becomes?|be|still|only)\s+", "", right)
        expr, value = operand(left, known.variables), operand(right, known.variables)
        if expr and is_literal(value) and not is_literal(expr):
            return Inquiry(WHY, f"why {expr}", expr, value)
    return None


def _raised(match: re.Match[str], known: Known) -> Inquiry | None:
    name = (match.groupdict().get("e") or "").strip(" `")
    return Inquiry(WHY, "why result", "result", name, raises=True)


def _query(match: re.Match[str], known: Known) -> Inquiry | None:
    text = _renamed(match, "c")
    if text and not is_expression(re.sub(r" in [\w.]+$", "", text)):
        return None
    found = match[0]
    return Inquiry(WHY, found, text) if found.startswith("why ") else Inquiry(QUERY, found, "")


def _count_line(match: re.Match[str], known: Known) -> Inquiry:
    return Inquiry(QUERY, f"count line {match['n']}", line=int(match["n"]))


def _count_holds(match: re.Match[str], known: Known) -> Inquiry | None:
    found = condition(match["c"], known.variables) or _with_verb(match["c"], "is", known)
    return Inquiry(QUERY, f"every {found}", found) if found else None


def _depth(match: re.Match[str], known: Known) -> Inquiry:
    return Inquiry(QUERY, "max depth")


def _reached(match: re.Match[str], known: Known) -> Inquiry:
    return Inquiry(REACHED, line=int(match["n"]))


def _result(match: re.Match[str], known: Known) -> Inquiry | None:
    fields = match.groupdict()
    call = (fields.get("call") or "").strip(" `")
    name = call.partition("(")[0].strip()
    if call and ("(" not in call or not call.endswith(")") or name not in _spoken(known)):
        return None
    return Inquiry(RESULT, call=call)


def _spoken(known: Known) -> set[str]:
    return {*known.functions, *(name.rpartition(".")[2] for name in known.functions)}


def _with_argument(match: re.Match[str], known: Known) -> Inquiry | None:
    """`what does it return for []`."""
    arguments = match["a"].strip(" `")
    if re.fullmatch(r"(?:an? |the )?empty (?:list|input|sequence)", arguments, re.IGNORECASE):
        return Inquiry(SECTION, name="edge-cases")
    if arguments.startswith(tuple(f"{name}(" for name in _spoken(known))) and arguments.endswith(")"):
        return Inquiry(RESULT, call=arguments)
    return Inquiry(RESULT, call=f"({arguments})") if is_literal(f"({arguments},)") else None


def _mutates(match: re.Match[str], known: Known) -> Inquiry | None:
    name = match["p"].strip(" `")
    return Inquiry(MUTATES, expr=name) if name in known.parameters else None


def _section(name: str) -> Reader:
    return lambda match, known: Inquiry(SECTION, name=name, expr=_variable(match, known))


def _purpose(match: re.Match[str], known: Known) -> Inquiry | None:
    name = _renamed(match, "f")
    if not name or re.fullmatch(rf"{_IT}|它|这个函数", name, re.IGNORECASE):
        return Inquiry(SECTION, name="purpose")
    found = _function(name, known)
    return Inquiry(SECTION, name="purpose", expr=found) if found else None


def _variable(match: re.Match[str], known: Known) -> str:
    text = match.groupdict().get("x") or ""
    return operand(text, known.variables) if text else ""


_WHEN = r"(?:when|at (?:which|what) (?:step|point|time|line)|in which step|on which line|where|how soon)"
_TABLE: tuple[tuple[str, Reader], ...] = (
    # who calls whom
    (r"(?:who|what|which (?:functions?|methods?|code|one)) (?:calls?|uses?|invokes?|runs?) (?P<f>.+)", _callers),
    (r"(?:(?:from )?where|by (?:whom|what|which function)) (?:is|does|gets?) (?P<f>\S+) (?:get )?(?:called|used|invoked)"
     r"(?: from| by)?", _callers),
    (r"(?:list |what are |who are )?(?:the |all )*callers of (?P<f>.+)", _callers),
    (r"谁调用了?(?P<f>.+)|(?P<f2>.+?)被谁调用了?", lambda m, k: _callers_zh(m, k)),
    (r"(?:what|which|whom?)(?: other)?(?: functions?| methods?)? (?:does|do|did) (?P<f>.+?) (?:call|use|invoke)", _callees),
    (r"(?:list |what are )?(?:the |all )*callees of (?P<f>.+)", _callees),
    (r"(?:what|which functions?) (?:is|are|gets?) called (?:by|from|in) (?P<f>.+)", _callees),
    (r"(?P<f>.+?)调用了?(?:谁|什么|哪些函数)", _callees),
    # the explanation's parts
    (r"what (?:does|is) (?:the )?(?:variable |role of )?(?P<x>\w+)(?: do| for| used for| mean)?|what role does (?P<x2>\w+) play"
     r"|变量?(?P<x3>\w+)(?:有什么用|的作用是?什么?)", lambda m, k: _role_any(m, k)),
    (rf"(?:why|how come) (?:does|do|did) (?:{_IT}) (?:work|terminate|stop|end|always \w+|give the right \w+)", _section("why")),
    (rf"(?:why|how) (?:is|can) (?:{_IT}|the (?:{_RESULT})) (?:correct|right|be correct|be right)", _section("why")),
    (r"(?:what (?:are|is) )?(?:the |its )?(?:loop )?invariants?|does (?:it|the loop) (?:always )?(?:terminate|end|stop)"
     r"|为什么(?:它|这个函数)?(?:能|会)?(?:工作|正确|结束|终止)|为什么是?对的", _section("why")),
    (rf"what (?:does|is) (?P<f>{_IT}|[\w.]+(?:\(\))?) (?:do|for|doing)|what is (?:its|the) purpose(?: of (?P<f2>.+))?"
     rf"|(?:explain|describe|summari[sz]e)(?: (?P<f3>{_IT}|[\w.]+))?|(?P<f4>它|这个函数|[A-Za-z_]\w*)?\s*(?:是)?(?:用来)?做什么(?:的|用的)?|(?:它|这个函数)有什么用", _purpose),
    (r"what(?:'s| is| are)? (?:the |its )?(?:contract|parameters?|arguments?|precondition|preconditions|inputs?)"
     r"|what does (?:it|the function|\w+) (?:take|expect|need|require|raise)|(?:can|does|when does) (?:it|the function|\w+) raise(?: .+)?"
     r"|(?:有)?(?:什么)?(?:参数|前置条件|约定)(?:是什么)?", _section("contract")),
    (rf"how (?:does|do) (?:{_IT}|\w+) work|what are (?:the|its) (?:steps|stages|parts)|(?:它)?(?:是)?(?:怎么|如何)工作的?|步骤(?:是什么)?", _section("plan")),
    (rf"(?:what(?:'s| is) (?:the |its )?)?(?:time |space |big.?o |running )*(?:complexity|cost|run(?:ning)? ?time|big.?o)(?: of .+)?"
     rf"|how (?:fast|slow|expensive|costly) is (?:{_IT}|\w+)|how (?:does|do) (?:{_IT}|\w+) (?:scale|grow)(?: .+)?|(?:时间|空间)?复杂度(?:是多少|是什么)?|有多快", _section("cost")),
    (r"(?:what (?:about|are|happens (?:with|for|on|in|at)) )?(?:the |its )?(?:edge|corner|border|special) cases|"
     r"what (?:about|happens (?:with|for|on|if (?:it|the \w+|\w+) (?:is|are))) (?:an? |the )?(?:empty|single|negative|duplicate)s?(?: \w+)?"
     r"|边界情况(?:呢|如何|有哪些)?|空(?:列表|输入)(?:呢|会怎样)?", _section("edge-cases")),
    (r"(?:which|what) algorithm (?:is (?:it|this)|does it use)|is (?:it|this) a known algorithm|这?是什么算法", _section("purpose")),
    (r"(?:what|which) (?:inputs|runs) (?:were|was|are)(?: .+)?|which lines (?:were|are|did) (?:never|not)(?: .+)?|what was not .+", _section("limits")),
    # why a value
    (rf"why (?:is|was|does|did) (?:the )?(?:{_RESULT})(?: equal| become| be)?(?: to)? (?P<v>.+)", _why),
    (rf"why (?:does|did|is) (?:{_IT}|[A-Za-z_][\w.]*) (?:return|give|answer|yield|returning|giving)(?:ed|s)?(?: back)?(?: (?P<v>.+))?", _why),
    (rf"why (?:does|did) (?:{_IT}|[A-Za-z_][\w.]*) (?:raise|throw|fail|crash|end)(?:ed|s)?(?: with| in)?(?: an?)?(?: (?P<e>\w+))?", _raised),
    (r"(?:where|how) (?:does|did|do) (?:the )?(?P<x>.+?) (?:come from|come to be|come about|get (?:its|that) value|arise)", _why),
    (r"why (?P<x>[^ ]+)(?: at step (?P<s>\d+))?", _why),
    (r"(?:why|how come) (?:is|was|does|did|are|has) (?P<c>.+)", _why_loose),
    (r"how (?:does|did) (?P<c>.+)", _why_loose),
    (r"为什么(?:结果|返回值|答案)(?:会)?(?:是|为|等于)\s*(?P<v>.+)|为什么(?:会)?返回\s*(?P<v2>.+)", lambda m, k: _why_zh(m, k)),
    (r"为什么\s*(?P<x>.+?)\s*(?:会)?(?:是|为|等于|变成)\s*(?P<v>.+)", _why),
    # when something holds
    (rf"{_WHEN} (?:does|do|did|will|would|has|have) (?P<c>.+)", _when),
    (rf"{_WHEN} (?:is|are|was|were) (?P<c>.+)", _is_when),
    (rf"(?:{_WHEN}|after which step) (?P<c>.+)", _when),
    (r"(?:什么时候|何时|在哪一步)\s*(?P<c>.+)", _when),
    (r"(?P<x>.+?)\s*(?:什么时候|何时|在哪一步)\s*(?P<y>.+)", lambda m, k: _when_zh(m, k)),
    # how often
    (r"how (?:often|many times) (?:is|does|do|was|did|will) (?:the )?(?:line|statement)(?: at)?(?: line)? (?P<n>\d+) ?(?:\w+ ?\w*)?", _count_line),
    (r"how many (?:times|turns|rounds|iterations) (?:does|do|did|is) (?:the )?loop(?: (?:at|on|in) line (?P<n>\d+))?(?: \w+)?"
     r"|how many (?:iterations|turns|rounds)(?: .+)?|循环(?:了)?(?:多少|几)(?:次|圈)", _section("worked-run")),
    (r"how (?:often|many times) (?:is|was|does|gets?) (?P<f>\S+) (?:get )?(?:called|invoked|run)|how many calls (?:to|of) (?P<f2>\S+).*"
     r"|(?P<f3>\S+?)\s*被调用(?:了)?(?:多少|几)次", lambda m, k: _count_any(m, k)),
    (r"how (?:often|many times) (?:does|do|did|is|was) (?P<x>.+?) (?:changed?|get changed|updated|modified)|(?P<x2>.+?)\s*(?:变化|改变)(?:了)?(?:多少|几)次",
     lambda m, k: _count_changes_any(m, k)),
    (r"how (?:often|many times) (?:does|do|did|is|was) (?P<c>.+)", _count_holds),
    (r"how deep (?:does|is|do|did) (?:the |it |this )?(?:recursion|recursive calls?|call stack|function|go|it)?(?: \w+)?"
     r"|(?:what is )?(?:the )?(?:max(?:imum|imal)?|deepest) (?:recursion |call )?depth(?: .+)?|递归(?:有)?多深", _depth),
    (r"(?:is|was|does) line (?P<n>\d+) (?:ever )?(?:reached|run|executed|get executed|hit)|when (?:is|does) line (?P<n2>\d+) (?:reached|run|executed)"
     r"|第\s*(?P<n3>\d+)\s*行(?:会)?(?:运行|执行|到达)(?:过|吗|了吗)*", lambda m, k: _reached_any(m)),
    # results and effects
    (rf"what (?:does|did|will|would) (?:{_IT}|[A-Za-z_][\w.]*) (?:return|give|give back|answer|yield|print)(?: here| in this run)?", _result),
    (r"what(?:'s| is| was) (?:the )?(?:result|answer|return value|output)(?: (?:of|for) (?P<call>[A-Za-z_][\w.]*\(.*\)))?", _result),
    (rf"what (?:does|did|will|would) (?:{_IT}|[A-Za-z_][\w.]*) (?:return|give|do)s? (?:for|on|with|given|if given|when given) (?P<a>.+)", _with_argument),
    (r"what (?:does|will|would) (?P<call>[A-Za-z_][\w.]*\(.*\)) (?:return|give|do|yield|print|raise)", _result),
    (r"(?:what is |evaluate |run |call )(?P<call>[A-Za-z_][\w.]*\(.*\))", _result),
    (r"what happens (?:for|with|on|when called with|if called with) (?P<a>.+)", _with_argument),
    (r"(?:结果|返回值|答案)是什么|(?:它|这个函数)?返回什么", _result),
    (rf"(?:does|do|did|will|can) (?:{_IT}|[A-Za-z_][\w.]*) (?:ever )?(?:change|modify|mutate|alter)s? (?:the |its |my )?(?:argument |list |input |parameter |array )?(?P<p>\w+)(?: in place)?", _mutates),
    (r"is (?:the )?(?:argument |list |input |parameter )?(?P<p>\w+) (?:ever )?(?:changed|modified|mutated|altered)(?: in place)?|(?:会|是否)修改(?:参数)?\s*(?P<p2>\w+)吗?", lambda m, k: _mutates_any(m, k)),
    (rf"(?:is (?:{_IT}) pure|does (?:{_IT}) have (?:any )?side effects|有副作用吗)", _section("contract")),
    (r"(?P<aux>does|do|did|can|is|are|was) (?P<c>.+)", _ever),
    (_FORMS.pattern, _query),
)  # fmt: skip
"""wording -> how it is read; the first that can be read wins"""


def _renamed(match: re.Match[str], name: str) -> str:
    """The first of the groups `name`, `name2`, `name3` that took part."""
    found = [value for key, value in match.groupdict().items() if key.rstrip("2345") == name and value]
    return found[0] if found else ""


def _callers_zh(match: re.Match[str], known: Known) -> Inquiry | None:
    name = _function(_renamed(match, "f"), known) or _plain(_renamed(match, "f"))
    return Inquiry(CALLERS, name=name) if name else None


def _role_any(match: re.Match[str], known: Known) -> Inquiry | None:
    name = _renamed(match, "x")
    return Inquiry(SECTION, name="variables", expr=name) if name in known.variables else None


def _why_zh(match: re.Match[str], known: Known) -> Inquiry | None:
    value = operand(_renamed(match, "v"), known.variables)
    return Inquiry(WHY, "why result", "result", value) if is_literal(value) else None


def _when_zh(match: re.Match[str], known: Known) -> Inquiry | None:
    text = f"{match['x']} {match['y']}"
    found = _changes(text, known)
    if found:
        return found
    holds = condition(text, known.variables)
    return Inquiry(QUERY, f"every {holds}", holds) if holds else None


def _count_any(match: re.Match[str], known: Known) -> Inquiry | None:
    text = _renamed(match, "f")
    name = _function(text, known) or _plain(text)
    return Inquiry(QUERY, f"count calls to {name.rpartition('.')[2]}", name=name) if name else None


def _count_changes_any(match: re.Match[str], known: Known) -> Inquiry | None:
    found = operand(_renamed(match, "x"), known.variables)
    return Inquiry(QUERY, f"when {found} changes", found) if found else None


def _reached_any(match: re.Match[str]) -> Inquiry:
    return Inquiry(REACHED, line=int(_renamed(match, "n")))


def _mutates_any(match: re.Match[str], known: Known) -> Inquiry | None:
    name = _renamed(match, "p")
    return Inquiry(MUTATES, expr=name) if name in known.parameters else None


def _compiled() -> Iterator[tuple[re.Pattern[str], Reader]]:
    for text, read in _TABLE:
        yield re.compile(text, re.IGNORECASE | re.DOTALL), read


_WORDINGS = tuple(_compiled())
