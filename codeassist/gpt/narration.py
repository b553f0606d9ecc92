"""A step as an example: (line, values before) -> (scratch steps, values after, sentence).

The values come from recorded runs and are handed over by the hall as plain tuples. An example is
made only where the scratch walker arrives at exactly what the run shows, so every example is true.
The sentence names its values by slots; they are filled from claims, which the judge decides.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from codeassist.gpt.codec import Letters, Unspeakable, decode, encode, spell_line, unspell
from codeassist.gpt.scratch import ARITHMETIC, Scratch, arithmetic, assign, loop_item, parse_line, start


class Step(NamedTuple):
    """One recorded step, in plain Python values."""

    line: str
    """text of the statement, or of a compound statement's header"""
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    turn: int = 0
    """for a `for` header: how many items this entry of the loop has taken already"""
    taken: bool | None = None
    """for a test: whether it held; for a `for` header: whether there was an item"""
    result: Any = None
    """for `return`: the value"""


@dataclass(frozen=True, slots=True)
class Example:
    """What the network reads, and what it should write."""

    kind: str
    prompt: str
    answer: str


@dataclass(frozen=True, slots=True)
class Narration:
    """What a network said about a step, with the user's names: true only once it has been judged."""

    text: str
    """a sentence with slots such as `{c1.value}`"""
    after: dict[str, Any] = field(default_factory=dict)
    taken: bool | None = None
    result: Any = None
    claims: tuple[dict[str, Any], ...] = ()
    """fields of claims.md, but for func, line and occurrence, which the caller knows"""


@dataclass(slots=True)
class Outcome:
    """What the walker says a step does."""

    kind: str
    sentence: str
    changed: dict[str, Any] = field(default_factory=dict)
    taken: bool | None = None
    returns: bool = False
    result: Any = None


def try_example(step: Step) -> Example | None:
    """The example of one step; None if it cannot be spelled, or the walker gets it wrong."""
    try:
        return make_example(step)
    except Unspeakable:
        return None


@dataclass(slots=True)
class Balance:
    """Which examples to keep: every prompt once, and no kind of line too often.

    Real runs assign constants far more often than they divide; a network learns from what it meets.
    """

    most: float = 0.1
    """share of all that one kind may have, once it has `free`"""
    free: int = 40
    kept: Counter[str] = field(default_factory=Counter)
    seen: set[int] = field(default_factory=set)

    def wants(self, example: Example) -> bool:
        """Whether to keep this one; counts it if so."""
        mark = hash(example.prompt)
        if mark in self.seen or self.kept[example.kind] >= self.free + self.most * self.kept.total():
            return False
        self.seen.add(mark)
        self.kept[example.kind] += 1
        return True


def make_example(step: Step) -> Example:
    """The example of one step; Unspeakable if there is none."""
    letters = Letters()
    prompt = spell_prompt(step, letters)
    paper = start(step.before, letters)
    outcome = work_out(parse_line(step.line), paper, step)
    agree(outcome, paper, step)
    return Example(outcome.kind, prompt, spell_answer(outcome, paper))


def spell_prompt(step: Step, letters: Letters) -> str:
    """The line, then the value of each name in it that has one; `turn` for a loop."""
    line = spell_line(step.line, letters)
    rows = [line]
    for name, letter in list(letters.letter.items()):
        if name in step.before:
            rows.append(f"{letter}={encode(step.before[name])}")
    if line.startswith("for "):
        rows.append(f"turn={encode(step.turn)}")
    return "\n".join(rows) + "\n>"


def spell_answer(outcome: Outcome, paper: Scratch) -> str:
    """Scratch steps, what changed, and the sentence, on a line each."""
    rows = [f"{paper.letters.of(name)}={encode(value)}" for name, value in outcome.changed.items()]
    if outcome.taken is not None:
        rows.append(f"?={outcome.taken}")
    if outcome.returns:
        rows.append(f"return={encode(outcome.result)}")
    return ";".join(paper.steps) + "\n" + ";".join(rows) + "\n" + outcome.sentence


def agree(outcome: Outcome, paper: Scratch, step: Step) -> None:
    """Unspeakable unless the walker's result is exactly what the run recorded."""
    same = outcome.taken == step.taken and same_value(outcome.result, step.result)
    if not same or not same_value(dict(paper.values), dict(step.after)):
        raise Unspeakable("the run shows something else")


def same_value(a: Any, b: Any) -> bool:
    """Equality of plain values that tells True from 1 and minds the order of a dict's keys."""
    if type(a) is not type(b):
        return False
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same_value(a[key], b[key]) for key in a)
    if isinstance(a, list | tuple) or type(a).__name__ == "deque":
        return len(a) == len(b) and all(same_value(x, y) for x, y in zip(a, b, strict=True))
    return bool(a == b)


def work_out(node: ast.stmt, paper: Scratch, step: Step) -> Outcome:
    """Carry the statement out on the scratch sheet, and say what it did."""
    rule = STATEMENTS.get(type(node))
    if rule is None:
        raise Unspeakable(f"a statement of kind {type(node).__name__}")
    before = start(paper.values, paper.letters).values
    try:
        outcome: Outcome = rule(node, paper, step)
    except Unspeakable:
        raise
    except Exception as error:  # the line raises, or the walker does: no example either way
        raise Unspeakable(str(error)) from error
    outcome.changed = {
        name: value
        for name, value in paper.values.items()
        if name not in before or not same_value(before[name], value)
    }
    return outcome


def quoted(node: ast.expr, paper: Scratch) -> str:
    """An expression in the network's spelling, in backquotes."""
    return f"`{spell_line(ast.unparse(node), paper.letters)}`"


def do_assign(node: ast.Assign, paper: Scratch, step: Step) -> Outcome:
    if len(node.targets) != 1:
        raise Unspeakable("several targets")
    target, value = node.targets[0], paper.evaluate(node.value)
    bound = isinstance(target, ast.Name) and target.id in paper.values
    if isinstance(target, ast.Tuple) and isinstance(value, tuple):
        value = tuple(value)
    assign(paper, target, value)
    kind, sentence = say_assign(target, node.value, paper, bound)
    return Outcome(kind, sentence)


def say_assign(target: ast.expr, value: ast.expr, paper: Scratch, bound: bool) -> tuple[str, str]:
    if isinstance(target, ast.Tuple):
        return say_tuple(target, value, paper)
    if isinstance(target, ast.Subscript):
        return "store", f"{quoted(value, paper)} is put into {quoted(target, paper)}."
    if not isinstance(target, ast.Name):
        raise Unspeakable("a target")
    letter = paper.letters.of(target.id)
    if isinstance(value, ast.Constant | ast.List | ast.Dict | ast.Tuple):
        return "constant", f"`{letter}` {'is set to' if bound else 'starts as'} {{{letter}}}."
    if isinstance(value, ast.Name):
        return "copy", f"`{letter}` takes the value of {quoted(value, paper)}, {{{letter}}}."
    if isinstance(value, ast.Subscript):
        return "read", f"`{letter}` takes {quoted(value, paper)}, which is {{{letter}}}."
    if isinstance(value, ast.Call):
        return "call", f"`{letter}` becomes {{{letter}}}, the result of {quoted(value, paper)}."
    return operation(value), f"`{letter}` becomes {{{letter}}}, the value of {quoted(value, paper)}."


def operation(value: ast.expr) -> str:
    """The kind of an expression's outermost operation, for the table of results."""
    if isinstance(value, ast.BinOp) and type(value.op) in ARITHMETIC:
        return {"+": "add", "-": "subtract", "*": "multiply"}.get(ARITHMETIC[type(value.op)][0], "divide")
    return "expression"


def say_tuple(target: ast.Tuple, value: ast.expr, paper: Scratch) -> tuple[str, str]:
    left = [quoted(part, paper) for part in target.elts]
    right = [quoted(part, paper) for part in value.elts] if isinstance(value, ast.Tuple) else []
    if len(left) == 2 and left == right[::-1]:
        return "swap", f"{left[0]} and {left[1]} change places."
    if not all(isinstance(part, ast.Name) for part in target.elts):
        raise Unspeakable("a mixed target")
    return "tuple", ", ".join(f"{part} becomes {{{part[1:-1]}}}" for part in left) + "."


def do_augmented(node: ast.AugAssign, paper: Scratch, step: Step) -> Outcome:
    old = paper.evaluate(as_load(node.target))
    value = paper.evaluate(node.value)
    result = arithmetic(paper, node.op, (as_load(node.target), old), (node.value, value))
    if isinstance(old, list):
        old += value
        result = old
    assign(paper, node.target, result)
    sign = ARITHMETIC[type(node.op)][0]
    words = {"+": "is added to", "-": "is taken from"}.get(sign)
    target, amount = quoted(node.target, paper), quoted(node.value, paper)
    kind = {"+": "add", "-": "subtract", "*": "multiply"}.get(sign, "divide")
    if not isinstance(node.target, ast.Name):
        return Outcome(f"{kind} in place", f"{target} is changed by {amount}.")
    slots = f"from {{old {target[1:-1]}}} to {{{target[1:-1]}}}"
    if words is None:
        return Outcome(kind, f"{target} {sign} {amount}: {slots}.")
    return Outcome(kind, f"{amount} {words} {target}: {slots}.")


def as_load(node: ast.expr) -> ast.expr:
    """A target, read as an expression."""
    return ast.parse(ast.unparse(node), mode="eval").body


def do_expression(node: ast.Expr, paper: Scratch, step: Step) -> Outcome:
    """A method that changes its container."""
    called = node.value
    if not isinstance(called, ast.Call) or not isinstance(called.func, ast.Attribute):
        raise Unspeakable("an expression for its effect")
    paper.evaluate(called)
    owner = quoted(called.func.value, paper)
    amount = " and ".join(quoted(argument, paper) for argument in called.args)
    words = {
        "append": f"{amount} goes to the end of {owner}.",
        "appendleft": f"{amount} goes to the front of {owner}.",
        "add": f"{amount} joins {owner}.",
        "pop": f"an element leaves {owner}.",
        "popleft": f"the first element leaves {owner}.",
    }
    return Outcome("method", words.get(called.func.attr, f"{owner} is changed by `{called.func.attr}`."))


def do_test(node: ast.If | ast.While, paper: Scratch, step: Step) -> Outcome:
    held = bool(paper.evaluate(node.test))
    test = quoted(node.test, paper)
    if isinstance(node, ast.If):
        words = "holds: the branch is taken." if held else "does not hold: the branch is not taken."
        return Outcome("if", f"{test} {words}", taken=held)
    words = "holds: the loop goes on." if held else "does not hold: the loop ends."
    return Outcome("while", f"{test} {words}", taken=held)


def do_for(node: ast.For, paper: Scratch, step: Step) -> Outcome:
    there, item = loop_item(paper, node.iter, step.turn)
    over = quoted(node.iter, paper)
    if not there:
        return Outcome("for", f"{over} has no more items: the loop ends.", taken=False)
    assign(paper, node.target, item)
    targets = node.target.elts if isinstance(node.target, ast.Tuple) else [node.target]
    said = [quoted(target, paper) for target in targets if isinstance(target, ast.Name)]
    becomes = ", ".join(f"{name} becomes {{{name[1:-1]}}}" for name in said)
    return Outcome("for", f"next of {over}: {becomes}.", taken=True)


def do_return(node: ast.Return, paper: Scratch, step: Step) -> Outcome:
    if node.value is None:
        return Outcome("return", "the function ends.", returns=True)
    value = paper.evaluate(node.value)
    return Outcome(
        "return", f"{quoted(node.value, paper)} is returned: {{return}}.", returns=True, result=value
    )


STATEMENTS: dict[type[ast.stmt], Any] = {
    ast.Assign: do_assign,
    ast.AugAssign: do_augmented,
    ast.Expr: do_expression,
    ast.If: do_test,
    ast.While: do_test,
    ast.For: do_for,
    ast.Return: do_return,
}


def read_answer(answer: str, letters: Letters, step: Step) -> Narration:
    """What the network wrote, with the user's names; Unspeakable when it does not parse."""
    rows = answer.split("\n")
    if len(rows) != 3:
        raise Unspeakable("not three lines")
    names = letters.names()
    after: dict[str, Any] = {}
    taken, result = None, None
    for row in filter(None, rows[1].split(";")):
        left, _, spelled = row.partition("=")
        value = decode(spelled)
        if left == "?":
            taken = value
        elif left == "return":
            result = value
        elif left in names:
            after[names[left]] = value
        else:
            raise Unspeakable(f"no name: {left}")
    held = None if step.line.lstrip().startswith("for ") else taken  # a loop's header is no test
    text, claims = with_claims(rows[2], names, step.before, after, held, result)
    return Narration(text, after, taken, result, tuple(claims))


def with_claims(
    sentence: str,
    names: Mapping[str, str],
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    taken: bool | None,
    result: Any,
) -> tuple[str, list[dict[str, Any]]]:
    """The sentence with a slot for each value it mentions, and the claims that back it."""
    claims: list[dict[str, Any]] = []

    def fill(match: re.Match[str]) -> str:
        claims.append(
            {"id": f"c{len(claims) + 1}", **slot_claim(match.group(1), names, before, after, result)}
        )
        return f"{{{claims[-1]['id']}.value}}"

    parts = sentence.split("`")
    parts[::2] = [SLOT.sub(fill, part) for part in parts[::2]]
    parts[1::2] = [unspell(part, names).replace("{", "{{").replace("}", "}}") for part in parts[1::2]]
    if taken is not None:
        claims.append({"id": f"c{len(claims) + 1}", "kind": "branch", "taken": taken})
    for name in after:
        if not any(claim.get("expr") == name and claim.get("when") == "after" for claim in claims):
            claims.append({"id": f"c{len(claims) + 1}", **value_claim(name, after[name], "after")})
    return "`".join(parts), claims


SLOT = re.compile(r"\{(old [a-z]|[a-z]|return)\}")


def slot_claim(
    slot: str, names: Mapping[str, str], before: Mapping[str, Any], after: Mapping[str, Any], result: Any
) -> dict[str, Any]:
    """The claim behind one slot: a value before, a value after, or the returned one."""
    if slot == "return":
        return {"kind": "returns", "value": repr(result)}
    old, name = slot.startswith("old "), names.get(slot.removeprefix("old "), "")
    where = before if old else {**before, **after}
    if name not in where:
        raise Unspeakable(f"no value for {slot}")
    return value_claim(name, where[name], "before" if old else "after")


def value_claim(name: str, value: Any, when: str) -> dict[str, Any]:
    return {"kind": "value", "expr": name, "value": repr(value), "when": when}


def values_of(answer: str) -> list[tuple[str, str]]:
    """What an answer says changed, as (letter, spelled value) in sorted order."""
    rows = answer.split("\n")
    if len(rows) != 3:
        raise Unspeakable("not three lines")
    pairs = [row.partition("=") for row in rows[1].split(";") if row]
    for _, _, spelled in pairs:
        decode(spelled)
    return sorted((left, spelled) for left, _, spelled in pairs)


def kind_of(prompt: str) -> str:
    """The kind of line that a spelled prompt asks about, for tables."""
    line = prompt.split("\n", 1)[0]
    for word in ("if", "elif", "while", "for", "return"):
        if line.startswith((word + " ", word + "(", word + "-")):
            return "if" if word == "elif" else word
    for sign, kind in AUGMENTED.items():
        if sign in line:
            return kind
    left, assigned, right = line.partition("=")
    if not assigned or right.startswith("="):
        return "method"
    if "," in left:
        return "swap" if right == ",".join(reversed(left.split(","))) else "tuple"
    if "[" in left:
        return "store"
    return kind_of_value(right)


AUGMENTED = {"//=": "divide", "+=": "add", "-=": "subtract", "*=": "multiply", "%=": "divide"}


def kind_of_value(spelled: str) -> str:
    """The kind of a spelled right-hand side, by its outermost operation."""
    try:
        value = ast.parse(re.sub(r"\b0+(?=\d)", "", spelled), mode="eval").body
    except SyntaxError:
        return "expression"
    if isinstance(value, ast.Constant | ast.List | ast.Dict | ast.Tuple | ast.UnaryOp):
        return "constant"
    for kind, name in ((ast.Name, "copy"), (ast.Subscript, "read"), (ast.Call, "call")):
        if isinstance(value, kind):
            return name
    return operation(value)
