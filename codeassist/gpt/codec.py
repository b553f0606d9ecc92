"""How a step is spelled for the network: letters for names, reversed digits, numbered elements.

A small network should spend its weights on what a line does, so the spelling removes what is hard
for no good reason and can be undone:
- names become letters in order of appearance, `total += xs[i]` is `a+=b[c]` whatever the names
- digits stand lowest first, `17` is `71`, so that a sum is written in the order it is computed
  (Lee et al. 2023, "Teaching Arithmetic to Small Transformers")
- elements carry their index, `[4, 9]` is `[0:4 1:9]`, so that reading `b[1]` is finding `1:`
"""

from __future__ import annotations

import builtins
import io
import keyword
import re
import tokenize
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

LETTERS = "abcdefghijklmnopqrstuvwxyz"
WORDS = frozenset(keyword.kwlist) | frozenset(dir(builtins)) | {"deque", "defaultdict", "Counter"}
PLAIN = (bool, int, str, type(None), list, tuple, dict, set, deque)


class Unspeakable(ValueError):
    """A line or a value for which the spelling has no words; such a step is left out."""


@dataclass(slots=True)
class Letters:
    """Names of one line and the letters that stand for them."""

    letter: dict[str, str] = field(default_factory=dict)

    def of(self, name: str) -> str:
        """The letter of a name, a new one at its first appearance."""
        if name not in self.letter:
            if len(self.letter) == len(LETTERS):
                raise Unspeakable("more names than letters")
            self.letter[name] = LETTERS[len(self.letter)]
        return self.letter[name]

    def names(self) -> dict[str, str]:
        """Letter to name."""
        return {letter: name for name, letter in self.letter.items()}


def encode(value: Any, depth: int = 0) -> str:
    """A plain value in the network's spelling; Unspeakable for anything else, or for too much."""
    kind = type(value)
    if kind not in PLAIN or depth > 3:
        raise Unspeakable(f"a value of type {kind.__name__}")
    if kind is int:
        return number(value)
    if kind in (bool, type(None)):
        return str(value)
    if kind is str:
        return text(value)
    if len(value) > 16:
        raise Unspeakable("a long container")
    return container(value, kind, depth + 1)


def number(value: int) -> str:
    """An int with its lowest digit first, the sign in front: -17 is -71."""
    if abs(value) >= 10**12:  # before str(), which refuses very long numbers
        raise Unspeakable("a large number")
    digits = str(abs(value))
    return ("-" if value < 0 else "") + digits[::-1]


def text(value: str) -> str:
    """A string as its characters, kept apart so that each is a token of its own."""
    if len(value) > 24 or not value.isprintable() or not value.isascii() or '"' in value or "\\" in value:
        raise Unspeakable("a long or odd string")
    return '"' + "'".join(value) + '"'


def container(value: Any, kind: type, depth: int) -> str:
    if kind is dict:
        return "{" + ",".join(f"{encode(k, depth)}:{encode(v, depth)}" for k, v in value.items()) + "}"
    if kind is set:
        return "<" + ",".join(encode(item, depth) for item in ordered(value)) + ">"
    inner = " ".join(f"{number(i)}:{encode(item, depth)}" for i, item in enumerate(value))
    spelled: dict[type, str] = {list: f"[{inner}]", tuple: f"({inner})", deque: f"|{inner}|"}
    return spelled[kind]


def ordered(values: Iterable[Any]) -> list[Any]:
    """Elements of a set in an order that does not depend on hashing."""
    return sorted(
        values, key=lambda value: (type(value).__name__, value if type(value) is int else str(value))
    )


TOKEN = re.compile(r'"[^"]*"|-?\d+|True|False|None|[\[\](){}<>|:, ]')


def decode(spelled: str) -> Any:
    """The value that a spelling stands for; Unspeakable when it stands for none."""
    tokens = TOKEN.findall(spelled)
    if "".join(tokens) != spelled:
        raise Unspeakable(f"no value: {spelled[:40]}")
    try:
        value, rest = parse(tokens, 0)
    except (IndexError, TypeError, ValueError) as error:
        raise Unspeakable(f"no value: {spelled[:40]}") from error
    if rest != len(tokens):
        raise Unspeakable(f"more than a value: {spelled[:40]}")
    return value


ATOMS = {"True": True, "False": False, "None": None}
CLOSING = {"[": "]", "(": ")", "{": "}", "<": ">", "|": "|"}


def parse(tokens: list[str], at: int) -> tuple[Any, int]:
    token = tokens[at]
    if token in CLOSING:
        return parse_container(tokens, at)
    if token in ATOMS:
        return ATOMS[token], at + 1
    if token[0] == '"':
        return token[1:-1:2], at + 1
    sign, digits = (-1, token[1:]) if token[0] == "-" else (1, token)
    return sign * int(digits[::-1]), at + 1


def parse_container(tokens: list[str], at: int) -> tuple[Any, int]:
    opening, closing = tokens[at], CLOSING[tokens[at]]
    keys, values, at = [], [], at + 1
    while tokens[at] != closing:
        item, at = parse(tokens, at + (tokens[at] in " ,"))
        if opening != "<":
            keys.append(item)
            if tokens[at] != ":":
                raise ValueError("an element without its index")
            item, at = parse(tokens, at + 1)
        values.append(item)
    if opening == "{":
        return dict(zip(keys, values, strict=True)), at + 1
    if opening != "<" and keys != list(range(len(keys))):
        raise ValueError("elements out of order")
    return {"[": list, "(": tuple, "<": set, "|": deque}[opening](values), at + 1


def spell_line(line: str, letters: Letters) -> str:
    """A line of code with letters for its names, reversed digits and no needless space."""
    spelled: list[str] = []
    after_dot = False
    for token in tokens_of(line):
        word = token.string
        if token.type == tokenize.NAME and not after_dot and word not in WORDS:
            word = letters.of(word)
        elif token.type == tokenize.NUMBER:
            word = number(int(word)) if word.isdigit() else word
        elif token.type == tokenize.STRING:
            word = text(unquoted(word))
        if spelled and is_word(spelled[-1][-1]) and is_word(word[0]):
            spelled.append(" ")
        spelled.append(word)
        after_dot = word == "."
    return "".join(spelled)


def is_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def unquoted(literal: str) -> str:
    if literal[0] not in "'\"" or literal[0] * 3 == literal[:3] and len(literal) > 2:
        raise Unspeakable("an odd string literal")
    return literal[1:-1]


def tokens_of(line: str) -> list[tokenize.TokenInfo]:
    """Tokens of one logical line, without comments."""
    skipped = {
        tokenize.COMMENT,
        tokenize.NEWLINE,
        tokenize.NL,
        tokenize.ENDMARKER,
        tokenize.INDENT,
        tokenize.DEDENT,
    }
    try:
        return [
            t for t in tokenize.generate_tokens(io.StringIO(line.strip()).readline) if t.type not in skipped
        ]
    except (tokenize.TokenError, SyntaxError, IndentationError) as error:
        raise Unspeakable("a line that does not stand alone") from error


def unspell(code: str, names: Mapping[str, str]) -> str:
    """Names for letters, digits the usual way round, and strings as Python writes them."""

    def usual(match: re.Match[str]) -> str:
        found = match.group()
        if found[0] == '"':
            return repr(found[1:-1:2])
        return found[::-1] if found.isdigit() else names.get(found, found)

    return re.sub(r'"[^"]*"|\d+|\b[a-z]\b', usual, code)
