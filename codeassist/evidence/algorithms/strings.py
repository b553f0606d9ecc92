"""Algorithms on texts."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

from codeassist.evidence.algorithms.model import (
    Family,
    Problem,
    Raised,
    Signature,
    answered,
    checked,
    forms_of,
    laid_out,
    listed,
)

NAME = "strings"


def _search(rng: random.Random, k: int) -> list[Any]:
    text = "".join(rng.choice("ab") for _ in range(6 + k % 9))
    if k % 3 == 2:
        return [text, "aabbaabbaabb"[: 3 + k % 4] + "c"]
    start = rng.randrange(len(text) - 2)
    return [text, text[start : start + 2 + k % 3]]


def _places(text: str, part: str) -> list[int]:
    return [i for i in range(len(text) - len(part) + 1) if text.startswith(part, i)]


def _found(instance: Any, value: Any) -> bool:
    """The first place, all places, how many, or whether it is there."""
    places = _places(*instance)
    if isinstance(value, bool):
        return value == bool(places)
    if isinstance(value, int):
        return value == (places[0] if places else -1)
    if value is None or isinstance(value, Raised):
        return not places
    return listed(value) == places


def _counted(instance: Any, value: Any) -> bool:
    return type(value) is int and value == len(_places(*instance))


def _prefixes(text: str) -> list[int]:
    return [
        max(n for n in range(i + 1) if text[: i + 1][:n] == text[: i + 1][i + 1 - n :])
        for i in range(len(text))
    ]


def _repeating(rng: random.Random, k: int) -> list[Any]:
    return ["".join(rng.choice("ab") for _ in range(3 + k % 8))]


def _lps_check(instance: Any, value: Any) -> bool:
    items, want = listed(value), _prefixes(instance[0])
    return items == want or items == [-1, *want[:-1]] or items == [-1, *want] or items == [0, *want]


def _z(text: str) -> list[int]:
    return [
        next((n for n in range(len(text) - i) if text[n] != text[i + n]), len(text) - i)
        for i in range(len(text))
    ]


def _z_check(instance: Any, value: Any) -> bool:
    items, want = listed(value), _z(instance[0])
    return (
        items is not None and len(items) == len(want) and items[1:] == want[1:] and items[0] in (0, want[0])
    )


def _pal(rng: random.Random, k: int) -> list[Any]:
    half = "".join(rng.choice("abcd") for _ in range(2 + k % 4))
    return [
        half + half[::-1]
        if k % 4 == 0
        else half + half[-2::-1]
        if k % 4 == 1
        else half + rng.choice("xyz") + half[::-1][1:]
    ]


def _longest_pal(text: str) -> int:
    return max(
        j - i for i in range(len(text)) for j in range(i + 1, len(text) + 1) if text[i:j] == text[i:j][::-1]
    )


def _abc(rng: random.Random, k: int) -> list[Any]:
    return ["".join(rng.choice("abc") for _ in range(4 + k % 7))]


def _longest_pal_check(instance: Any, value: Any) -> bool:
    text = instance[0]
    if type(value) is int:
        return value == _longest_pal(text)
    return (
        isinstance(value, str) and value == value[::-1] and value in text and len(value) == _longest_pal(text)
    )


def _anagrams(rng: random.Random, k: int) -> list[Any]:
    a = "".join(rng.choice("abcde") for _ in range(3 + k % 4))
    b = "".join(rng.sample(a, len(a)))
    return [a, b if k % 2 else b[:-1] + "f"]


def _runs(rng: random.Random, k: int) -> list[Any]:
    return ["".join(rng.choice("abc") * rng.randint(1, 4) for _ in range(2 + k % 4))]


def runs(text: str) -> list[tuple[str, int]]:
    """(character, how often in a row)."""
    found: list[tuple[str, int]] = []
    for c in text:
        found = [*found[:-1], (c, found[-1][1] + 1)] if found and found[-1][0] == c else [*found, (c, 1)]
    return found


def _rle_check(instance: Any, value: Any) -> bool:
    want = runs(instance[0])
    if isinstance(value, str):
        front, back = "".join(f"{n}{c}" for c, n in want), "".join(f"{c}{n}" for c, n in want)
        short = (
            "".join((str(n) if n > 1 else "") + c for c, n in want),
            "".join(c + (str(n) if n > 1 else "") for c, n in want),
        )
        return value in (front, back, *short)
    rows = listed(value)
    return rows is not None and [set(map(str, row)) for row in rows] == [{c, str(n)} for c, n in want]


def _encoded(front: bool) -> Any:
    def make(rng: random.Random, k: int) -> list[Any]:
        return ["".join(f"{n}{c}" if front else f"{c}{n}" for c, n in runs(_runs(rng, k)[0]))]

    return make


def _decoded(text: str) -> str:
    import re

    pairs = (
        re.findall(r"(\d+)([a-z])", text)
        if text[0].isdigit()
        else [(n, c) for c, n in re.findall(r"([a-z])(\d+)", text)]
    )
    return "".join(c * int(n) for n, c in pairs)


def _sentence(rng: random.Random, k: int) -> list[Any]:
    return [" ".join(rng.sample(["keep", "the", "blue", "sky", "in", "mind"], 2 + k % 4))]


def _brackets(rng: random.Random, k: int) -> list[Any]:
    good = ("()", "()[]{}", "{[()]}", "(())", "[]{}()", "((()))[]")[k % 6]
    return [
        good if k % 2 else rng.choice([good + "]", "(" + good, good[1:], "([)]", ")(", "{(})", good[:-1]])
    ]


def balanced(text: str) -> bool:
    """Whether every bracket closes the last one that is open."""
    open_: list[str] = []
    for c in text:
        if c in "([{":
            open_.append(c)
        elif not open_ or open_.pop() + c not in ("()", "[]", "{}"):
            return False
    return not open_


def _round(rng: random.Random, k: int) -> list[Any]:
    text = "".join(rng.choice("()") for _ in range(2 + k % 5))
    return ["(()())()"[: 2 * (1 + k % 4)] if k % 3 == 0 else text]


def roman(n: int) -> str:
    """n as a Roman numeral."""
    table = [(1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")]  # fmt: skip
    text = ""
    for value, letters in table:
        text, n = text + letters * (n // value), n % value
    return text


def _number(rng: random.Random, k: int) -> list[Any]:
    return [rng.randint(1, 3500)]


def _words(rng: random.Random, k: int) -> list[Any]:
    stem = rng.choice(["fl", "inter", "a", "dog", "pre"])
    return [[stem + "".join(rng.choice("abc") for _ in range(1 + (k + i) % 3)) for i in range(2 + k % 3)]]


def _common_prefix(words: list[str]) -> str:
    short = min(words, key=len)
    return next(
        (short[:n] for n in range(len(short), 0, -1) if all(w.startswith(short[:n]) for w in words)), ""
    )


def _infix(rng: random.Random, k: int) -> list[Any]:
    return [("a+b*c", "(a+b)*c", "a*b+c", "a+b-c", "a*(b+c)*d", "(a+b)*(c-d)", "a/b+c*d")[k % 7]]


def postfix(text: str) -> str:
    """An arithmetic expression of one-letter operands in postfix notation."""
    rank, out, held = {"+": 1, "-": 1, "*": 2, "/": 2}, "", []
    for c in text:
        if c.isalpha():
            out += c
        elif c == "(":
            held.append(c)
        elif c == ")":
            while held[-1] != "(":
                out += held.pop()
            held.pop()
        else:
            while held and held[-1] != "(" and rank[held[-1]] >= rank[c]:
                out += held.pop()
            held.append(c)
    return out + "".join(reversed(held))


def _postfix_check(instance: Any, value: Any) -> bool:
    text = value if isinstance(value, str) else "".join(value)
    return text.replace(" ", "") == postfix(instance[0])


_RPN = [(["2", "1", "+", "3", "*"], 9), (["4", "5", "*"], 20), (["5", "1", "2", "+", "4", "*", "+", "3", "-"], 14), (["8", "3", "-"], 5), (["6", "2", "/"], 3)]  # fmt: skip


def _rpn(rng: random.Random, k: int) -> list[Any]:
    return [_RPN[k % 5][0]]


def _rpn_value(tokens: list[str]) -> int:
    return next(v for t, v in _RPN if t == tokens)


def _longest_distinct(text: str) -> int:
    return max(
        j - i for i in range(len(text)) for j in range(i + 1, len(text) + 1) if len(set(text[i:j])) == j - i
    )


def _distinct_check(instance: Any, value: Any) -> bool:
    if isinstance(value, str):
        return value in instance[0] and len(value) == len(set(value)) == _longest_distinct(instance[0])
    return type(value) is int and value == _longest_distinct(instance[0])


def _same_length(rng: random.Random, k: int) -> list[Any]:
    n = 3 + k % 5
    return ["".join(rng.choice("ab") for _ in range(n)), "".join(rng.choice("ab") for _ in range(n))]


def _mixed(rng: random.Random, k: int) -> list[Any]:
    return ["".join(rng.choice("aeioubcdfg") for _ in range(4 + k % 5))]


def _reversed_vowels(text: str) -> str:
    vowels = [c for c in text if c in "aeiou"]
    return "".join(vowels.pop() if c in "aeiou" else c for c in text)


def _grouped(words: list[str]) -> list[list[str]]:
    groups: dict[str, list[str]] = {}
    for word in words:
        groups.setdefault("".join(sorted(word)), []).append(word)
    return sorted(sorted(g) for g in groups.values())


def _groups_check(instance: Any, value: Any) -> bool:
    rows = value.values() if isinstance(value, dict) else value
    return sorted(sorted(g) for g in rows) == _grouped(instance[0])


def _some_words(rng: random.Random, k: int) -> list[Any]:
    return [rng.sample(["eat", "tea", "tan", "ate", "nat", "bat", "tab", "ant"], 4 + k % 4)]


def _binary_pair(rng: random.Random, k: int) -> list[Any]:
    return [bin(rng.randint(1, 60))[2:], bin(rng.randint(1, 60))[2:]]


def _digits_pair(rng: random.Random, k: int) -> list[Any]:
    return [str(rng.randint(1, 9999)), str(rng.randint(1, 9999))]


def _rotated(rng: random.Random, k: int) -> list[Any]:
    a = "".join(rng.choice("abcd") for _ in range(4 + k % 3))
    turn = rng.randrange(len(a))
    b = a[turn:] + a[:turn]
    return [a, b if k % 2 else b[:-1] + "e"]


def _rotate(rng: random.Random, k: int) -> list[Any]:
    return [rng.sample(range(30), 4 + k % 4), 1 + k % 3]


def _first_unique(text: str) -> int:
    return next((i for i, c in enumerate(text) if text.count(c) == 1), -1)


def _unique_check(instance: Any, value: Any) -> bool:
    i = _first_unique(instance[0])
    return value == i or i >= 0 and value == instance[0][i] or i < 0 and value in (None, "")


def _scattered(rng: random.Random, k: int) -> list[Any]:
    text = "".join(rng.choice("abcd") for _ in range(7))
    part = "".join(text[i] for i in sorted(rng.sample(range(7), 3)))
    return [part if k % 2 else part[::-1] + "d", text]


def _cover(rng: random.Random, k: int) -> list[Any]:
    text = "".join(rng.choice("abcd") for _ in range(6 + k % 5))
    return [text, "".join(rng.sample(text, 2 + k % 2))]


def _window(text: str, wanted: str) -> int:
    fits = [
        j - i
        for i in range(len(text))
        for j in range(i + 1, len(text) + 1)
        if not Counter(wanted) - Counter(text[i:j])
    ]
    return min(fits, default=0)


def _window_check(instance: Any, value: Any) -> bool:
    text, wanted = instance
    return (
        isinstance(value, str)
        and len(value) == _window(text, wanted)
        and value in text
        and not Counter(wanted) - Counter(value)
    )


PROBLEMS = (
    Problem("find text", NAME, tuple(forms_of(_search, True)), _found, 18),
    Problem("count text", NAME, tuple(forms_of(_search, True)), _counted, 18),
    checked("prefix function", NAME, _repeating, _lps_check),
    checked("z function", NAME, _repeating, _z_check),
    answered("is palindrome", NAME, _pal, lambda t: t == t[::-1]),
    checked("longest palindrome", NAME, _abc, _longest_pal_check),
    answered("are anagrams", NAME, _anagrams, lambda a, b: sorted(a) == sorted(b)),
    checked("run lengths", NAME, _runs, _rle_check),
    answered("from run lengths", NAME, _encoded(True), _decoded),
    answered("from run lengths behind", NAME, _encoded(False), _decoded),
    answered("reversed text", NAME, _mixed, lambda t: t[::-1], more=[laid_out(_mixed, lambda t: (list(t),)), laid_out(_mixed, lambda t: (list(t), 0, len(t) - 1))]),
    answered("reversed words", NAME, _sentence, lambda t: " ".join(t.split()[::-1])),
    answered("each word reversed", NAME, _sentence, lambda t: " ".join(w[::-1] for w in t.split())),
    answered("balanced brackets", NAME, _brackets, balanced),
    answered("balanced parentheses", NAME, _round, balanced),
    answered("to roman", NAME, _number, roman),
    answered("from roman", NAME, lambda r, k: [roman(r.randint(1, 3500))], lambda t: next(n for n in range(1, 3600) if roman(n) == t), trials=6),
    answered("common prefix", NAME, _words, _common_prefix),
    checked("to postfix", NAME, _infix, _postfix_check, trials=7),
    answered("postfix value", NAME, _rpn, _rpn_value, more=[laid_out(_rpn, lambda t: (" ".join(t),))], trials=5),
    checked("longest distinct", NAME, _abc, _distinct_check),
    answered("hamming", NAME, _same_length, lambda a, b: sum(x != y for x, y in zip(a, b, strict=True))),
    answered("reversed vowels", NAME, _mixed, _reversed_vowels),
    checked("anagram groups", NAME, _some_words, _groups_check),
    answered("binary sum", NAME, _binary_pair, lambda a, b: bin(int(a, 2) + int(b, 2))[2:]),
    answered("text product", NAME, _digits_pair, lambda a, b: str(int(a) * int(b))),
    answered("text sum", NAME, _digits_pair, lambda a, b: str(int(a) + int(b))),
    answered("is rotation", NAME, _rotated, lambda a, b: a in b + b and len(a) == len(b)),
    answered("rotated right", NAME, _rotate, lambda xs, n: xs[-n % len(xs) :] + xs[: -n % len(xs)]),
    answered("rotated left", NAME, _rotate, lambda xs, n: xs[n % len(xs) :] + xs[: n % len(xs)]),
    checked("first unique", NAME, _abc, _unique_check),
    checked("smallest window", NAME, _cover, _window_check),
    answered("is subsequence", NAME, _scattered, lambda a, b: all(c in rest for rest in [iter(b)] for c in a), orders=True),
    answered("character counts", NAME, _abc, lambda t: dict(Counter(t))),
    answered("is pangram", NAME, lambda r, k: ["the quick brown fox jumps over a lazy dog" if k % 2 else "the quick brown fox sleeps"], lambda t: len(set(t) - {" "}) == 26),
)  # fmt: skip

_MATCHING = ("string matching", "substring search", "string search", "pattern matching")
SIGNATURES = (
    *(
        sign
        for key in ("find text", "count text")
        for sign in (
            Signature("Rabin-Karp", key, ("rolling hash",), aliases=("rabin karp", "rabin-karp algorithm", *_MATCHING)),
            Signature("Knuth-Morris-Pratt", key, ("failure links",), aliases=("kmp", "knuth morris pratt", "kmp search", *_MATCHING)),
            Signature("Z algorithm", key, ("Z[I - L] | Z[K - L] | Z[I + Z[I]] | S[Z[I]]",), aliases=("z search", "z-algorithm", "z function", *_MATCHING)),
            Signature("Boyer-Moore", key, ("last occurrence table", "J = J + -1 | range(_, -1, -1) | I = I + _"), aliases=("boyer moore", "boyer-moore search", "boyer-moore-horspool", "horspool", *_MATCHING)),
            Signature("naive string matching", key, ("loop",), ("A.find(...)", "A.index(...)"), aliases=("naive string search", "brute force string matching", *_MATCHING)),
        )
    ),
    Signature("prefix function", "prefix function", ("failure links",), aliases=("failure function", "kmp table", "longest proper prefix suffix", "knuth-morris-pratt", "partial match table")),
    Signature("Z function", "z function", ("loop",), aliases=("z algorithm", "z-algorithm", "z array")),
    Signature("palindrome check", "is palindrome", ("loop | recursion | A[::-1] | reversed(...)",), aliases=("palindrome", "is palindrome")),
    Signature("Manacher's algorithm", "longest palindrome", ("P[2 * C - I] | P[C - (I - C)] | P[L + R - I] | P[M]; M = 2 * C - I | P[_ - I] | P[_ - K]",), ("P[I + 1][J - 1] | P[I + 1][J + -1]",), aliases=("manacher", "longest palindromic substring")),
    Signature("longest palindromic substring", "longest palindrome", ("loop | recursion",), aliases=("longest palindrome", "expand around center", "expand around centre")),
    Signature("anagram check", "are anagrams", (), aliases=("anagram", "is anagram", "anagrams")),
    Signature("run-length encoding", "run lengths", ("loop | recursion",), aliases=("rle", "run length encoding")),
    Signature("run-length decoding", "from run lengths", ("loop | recursion",), aliases=("rle decoding", "run length decoding")),
    Signature("run-length decoding", "from run lengths behind", ("loop | recursion",), aliases=("rle decoding", "run length decoding")),
    Signature("string reversal", "reversed text", ("loop | recursion",), aliases=("reverse string", "reverse", "reverse a string", "array reversal", "two pointers")),
    Signature("reversal of word order", "reversed words", (), aliases=("reverse words",)),
    Signature("reversal of each word", "each word reversed", (), aliases=("reverse words",)),
    Signature("balanced brackets", "balanced brackets", ("stack | recursion",), aliases=("valid parentheses", "balanced parentheses", "bracket matching", "parentheses check", "valid parenthesis")),
    Signature("balanced parentheses", "balanced parentheses", ("loop | recursion",), aliases=("valid parentheses", "bracket matching", "balanced brackets")),
    Signature("integer to Roman", "to roman", ("loop | recursion | N // 1000",), aliases=("roman numerals", "int to roman")),
    Signature("Roman to integer", "from roman", ("loop | recursion",), aliases=("roman numerals", "roman to int")),
    Signature("longest common prefix", "common prefix", ("loop | recursion",), aliases=("lcp",)),
    Signature("shunting yard", "to postfix", ("stack",), aliases=("infix to postfix", "shunting-yard", "shunting yard algorithm")),
    Signature("evaluation of postfix notation", "postfix value", ("stack",), aliases=("reverse polish notation", "rpn", "evaluate postfix", "postfix evaluation")),
    Signature("longest substring without repetition", "longest distinct", ("loop",), aliases=("longest substring without repeating characters", "sliding window")),
    Signature("Hamming distance", "hamming", ("loop",), aliases=("hamming",)),
    Signature("reversal of vowels", "reversed vowels", ("loop",), aliases=("reverse vowels",)),
    Signature("grouping of anagrams", "anagram groups", ("loop",), aliases=("group anagrams",)),
    Signature("binary addition", "binary sum", ("loop | recursion",), aliases=("add binary",)),
    Signature("schoolbook multiplication", "text product", ("nested loops",), aliases=("multiply strings", "long multiplication", "grade-school multiplication")),
    Signature("schoolbook addition", "text sum", ("loop",), aliases=("add strings", "long addition")),
    Signature("rotation check", "is rotation", (), aliases=("string rotation", "is rotated")),
    Signature("rotation to the right", "rotated right", (), aliases=("array rotation", "rotate array", "rotation")),
    Signature("rotation to the left", "rotated left", (), aliases=("array rotation", "rotate array", "rotation")),
    Signature("first unique character", "first unique", ("loop",), aliases=("first non-repeating character",)),
    Signature("minimum window substring", "smallest window", ("loop",), aliases=("sliding window", "minimum window")),
    Signature("subsequence check", "is subsequence", ("loop | recursion",), aliases=("is subsequence",)),
    Signature("character frequencies", "character counts", ("loop",), aliases=("frequency count", "histogram", "character count", "letter frequency")),
    Signature("pangram check", "is pangram", (), aliases=("pangram",)),
)  # fmt: skip

FAMILY = Family(NAME, PROBLEMS, SIGNATURES)
