"""Bit tricks, ciphers, checksums and hashes."""

from __future__ import annotations

import random
import zlib
from typing import Any

from codeassist.evidence.algorithms.model import Family, Signature, answered, checked, laid_out, listed

BITS, CODES = "bit tricks", "ciphers and hashes"


def _whole(rng: random.Random, k: int) -> list[Any]:
    return [rng.randint(1, 2000)]


def _two(rng: random.Random, k: int) -> list[Any]:
    return [rng.randint(0, 300), rng.randint(1, 300)]


def _powers(rng: random.Random, k: int) -> list[Any]:
    return [2 ** (k % 11) if k % 2 else rng.randint(3, 900)]


def _powers_of(base: int) -> Any:
    near = (5, 6, 20, 21, 8, 32, 85, 12, 18, 45)
    return lambda rng, k: [base ** (1 + k % 6) if k % 2 else near[k // 2] if k < 20 else rng.randint(5, 900)]


def _is_power(n: int, base: int) -> bool:
    while n > 1 and n % base == 0:
        n //= base
    return n == 1


def _single(times: int) -> Any:
    def make(rng: random.Random, k: int) -> list[Any]:
        xs = rng.sample(range(1, 50), 2 + k % 5)
        rest = [x for x in xs[1:] for _ in range(times)] + [xs[0]]
        rng.shuffle(rest)
        return [rest]

    return make


def _lone(xs: list[int]) -> int:
    return next(x for x in xs if xs.count(x) == 1)


def _two_single(rng: random.Random, k: int) -> list[Any]:
    xs = rng.sample(range(1, 50), 3 + k % 4)
    rest = [x for x in xs[2:] for _ in range(2)] + xs[:2]
    rng.shuffle(rest)
    return [rest]


def _lone_pair(instance: Any, value: Any) -> bool:
    return sorted(listed(value) or []) == sorted(x for x in instance[0] if instance[0].count(x) == 1)


def _reversed32(n: int) -> int:
    return int(f"{n:032b}"[::-1], 2)


def _text(rng: random.Random, k: int) -> list[Any]:
    return ["".join(rng.choice("abcxyzABCXYZ") for _ in range(3 + k % 6))]


def _shifted(rng: random.Random, k: int) -> list[Any]:
    return [*_text(rng, k), 1 + k % 12]


def _lower(rng: random.Random, k: int) -> list[Any]:
    return ["".join(rng.choice("abcmnxyz") for _ in range(3 + k % 6)), 1 + k % 12]


def _upper(rng: random.Random, k: int) -> list[Any]:
    return ["".join(rng.choice("ABCMNXYZ") for _ in range(3 + k % 6)), 1 + k % 12]


def caesar(text: str, n: int) -> str:
    """Letters moved on by n places."""
    moved = []
    for c in text:
        first = "a" if c.islower() else "A"
        moved.append(chr((ord(c) - ord(first) + n) % 26 + ord(first)))
    return "".join(moved)


def _either_way(instance: Any, value: Any) -> bool:
    text, n = instance
    joined = value if isinstance(value, str) else "".join(value)
    return joined in (caesar(text, n), caesar(text, -n))


def _keyed(rng: random.Random, k: int) -> list[Any]:
    return [
        "".join(rng.choice("ABCMNXYZ") for _ in range(4 + k % 6)),
        "".join(rng.choice("BCDEKLM") for _ in range(2 + k % 3)),
    ]


def _keyed_lower(rng: random.Random, k: int) -> list[Any]:
    return [x.lower() for x in _keyed(rng, k)]


def _vigenere(instance: Any, value: Any) -> bool:
    text, key = instance
    shifts = [ord(c.lower()) - 97 for c in key]
    ways = (
        "".join(caesar(c, sign * shifts[i % len(shifts)]) for i, c in enumerate(text)) for sign in (1, -1)
    )
    return value in tuple(ways)


def _atbash(text: str) -> str:
    return "".join(chr(219 - ord(c)) if c.islower() else chr(155 - ord(c)) for c in text)


def _rails(rng: random.Random, k: int) -> list[Any]:
    return ["WEAREDISCOVEREDFLEEATONCE"[: 8 + k], 2 + k % 3]


def _fence(text: str, rails: int) -> str:
    rows: list[str] = [""] * rails
    row, step = 0, 1
    for c in text:
        rows[row] += c
        step = 1 if row == 0 else -1 if row == rails - 1 else step
        row += step
    return "".join(rows)


def _luhn(rng: random.Random, k: int) -> list[Any]:
    digits = [rng.randint(0, 9) for _ in range(9)]
    good = "4" + "".join(map(str, digits))
    check = next(c for c in "0123456789" if luhn(good + c))
    return [good + (check if k % 2 else str((int(check) + 1 + k) % 10))]


def luhn(text: str) -> bool:
    """Whether the last digit is the check digit."""
    total = 0
    for i, c in enumerate(reversed(text)):
        d = int(c) * (1 + i % 2)
        total += d - 9 if d > 9 else d
    return total % 10 == 0


def _djb2(text: str, mask: int) -> int:
    h = 5381
    for c in text:
        h = h * 33 + ord(c)
    return h & mask if mask else h


def _fnv(text: str, x_first: bool) -> int:
    h = 2166136261
    for c in text.encode():
        h = ((h ^ c) * 16777619 if x_first else h * 16777619 ^ c) & 0xFFFFFFFF
    return h


def _words(rng: random.Random, k: int) -> list[Any]:
    return ["".join(rng.choice("abcdefghij ") for _ in range(3 + k % 9))]


def _bytes(make: Any) -> Any:
    return laid_out(make, lambda text: (text.encode(),))


def _hashed(*answers: Any) -> Any:
    def check(instance: Any, value: Any) -> bool:
        number = int(value, 16) if isinstance(value, str) else value
        return type(number) is int and any(number == answer(instance[0]) for answer in answers)

    return check


def _polynomial(text: str, base: int, modulus: int) -> int:
    h = 0
    for c in text:
        h = (h * base + ord(c)) % modulus
    return h


def _xor_text(rng: random.Random, k: int) -> list[Any]:
    return ["".join(rng.choice("abcxyz") for _ in range(3 + k % 5)), 1 + k]


def _xored(instance: Any, value: Any) -> bool:
    text, key = instance
    want = [ord(c) ^ key for c in text]
    if isinstance(value, (bytes, bytearray)):
        return list(value) == want
    return [ord(c) for c in value] == want if isinstance(value, str) else listed(value) == want


def _base64(text: str) -> str:
    import base64

    return base64.b64encode(text.encode()).decode()


_MORSE = ".- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- .-- -..- -.-- --..".split()


def _morse(instance: Any, value: Any) -> bool:
    want = [_MORSE[ord(c) - 65] for c in instance[0]]
    return isinstance(value, str) and value.split() == want


PROBLEMS = (
    answered("number of ones", BITS, _whole, lambda n: bin(n).count("1")),
    answered("is power of two", BITS, _powers, lambda n: _is_power(n, 2)),
    answered("is power of three", BITS, _powers_of(3), lambda n: _is_power(n, 3)),
    answered("is power of four", BITS, _powers_of(4), lambda n: _is_power(n, 4), trials=18),
    answered("the single one", BITS, _single(2), _lone),
    answered("the single one of three", BITS, _single(3), _lone),
    checked("the two single ones", BITS, _two_single, _lone_pair),
    answered("bits reversed", BITS, _whole, _reversed32),
    answered("sum without adding", BITS, _two, lambda a, b: a + b),
    answered("bits that differ", BITS, _two, lambda a, b: bin(a ^ b).count("1")),
    answered("parity", BITS, _whole, lambda n: bin(n).count("1") % 2),
    answered("length in bits", BITS, _whole, lambda n: n.bit_length()),
    answered("pairs of bits swapped", BITS, _whole, lambda n: (n & 0xAAAAAAAA) >> 1 | (n & 0x55555555) << 1),
    answered("ones up to n", BITS, lambda r, k: [2 + k % 12], lambda n: [bin(i).count("1") for i in range(n + 1)]),
    answered("longest gap", BITS, _whole, lambda n: max(map(len, bin(n)[2:].strip("0").split("1")), default=0)),
    answered("next power of two", BITS, lambda r, k: [r.randint(3, 900)], lambda n: 1 << (n - 1).bit_length()),
    checked("letters moved", CODES, _shifted, _either_way, orders=True),
    checked("small letters moved", CODES, _lower, _either_way, orders=True),
    checked("capitals moved", CODES, _upper, _either_way, orders=True),
    answered("letters moved by 13", CODES, _text, lambda t: caesar(t, 13)),
    checked("letters moved by a key", CODES, _keyed, _vigenere, orders=True),
    checked("small letters moved by a key", CODES, _keyed_lower, _vigenere, orders=True),
    answered("alphabet mirrored", CODES, lambda r, k: [_lower(r, k)[0]], _atbash),
    answered("capitals mirrored", CODES, lambda r, k: [_upper(r, k)[0]], _atbash),
    answered("rails", CODES, _rails, _fence),
    checked("joined with a key", CODES, _xor_text, _xored, more=[laid_out(_xor_text, lambda t, n: (t, chr(n))), laid_out(_xor_text, lambda t, n: (t.encode(), n)), laid_out(_xor_text, lambda t, n: (t.encode(), bytes([n])))]),
    answered("check digit", CODES, _luhn, luhn, more=[laid_out(_luhn, lambda t: (int(t),)), laid_out(_luhn, lambda t: ([int(c) for c in t],))]),
    checked("adler-32", CODES, _words, _hashed(lambda t: zlib.adler32(t.encode())), more=[_bytes(_words)]),
    checked("crc-32", CODES, _words, _hashed(lambda t: zlib.crc32(t.encode())), more=[_bytes(_words)]),
    checked("djb2", CODES, _words, _hashed(lambda t: _djb2(t, 0), lambda t: _djb2(t, 0xFFFFFFFF), lambda t: _djb2(t, 0xFFFFFFFFFFFFFFFF)), more=[_bytes(_words)]),
    checked("fnv", CODES, _words, _hashed(lambda t: _fnv(t, True), lambda t: _fnv(t, False)), more=[_bytes(_words)]),
    answered("base64", CODES, _words, _base64, more=[_bytes(_words)], check=lambda want, got: (got.decode() if isinstance(got, bytes) else got) == want),
    checked("morse", CODES, lambda r, k: ["".join(r.choice("ABCKSO") for _ in range(1 + k % 5))], _morse),
)  # fmt: skip

_CAESAR = ("caesar", "shift cipher", "caesar shift")
SIGNATURES = (
    Signature("Kernighan's bit count", "number of ones", ("clears the lowest bit",), aliases=("population count", "popcount", "count set bits", "hamming weight", "brian kernighan's algorithm")),
    Signature("bit count", "number of ones", ("loop | recursion",), aliases=("population count", "popcount", "count set bits", "hamming weight")),
    Signature("power of two check", "is power of two", ("clears the lowest bit | loop | recursion",), aliases=("is power of two", "power of two")),
    Signature("power of three check", "is power of three", ("loop | recursion",), aliases=("power of three",)),
    Signature("power of four check", "is power of four", (), aliases=("power of four",)),
    Signature("single number by exclusive or", "the single one", ("exclusive or | operator.xor",), aliases=("single number", "xor", "lonely integer")),
    Signature("single number among triples", "the single one of three", ("loop",), aliases=("single number",)),
    Signature("two single numbers by exclusive or", "the two single ones", ("exclusive or",), aliases=("single number",)),
    Signature("bit reversal", "bits reversed", ("loop",), aliases=("reverse bits",)),
    Signature("addition by bit operations", "sum without adding", ("A ^ B", "A & B"), aliases=("add without plus", "bitwise addition", "sum of two integers", "add bitwise operator")),
    Signature("Hamming distance", "bits that differ", ("exclusive or",), aliases=("hamming distance of numbers", "count flips to convert")),
    Signature("parity", "parity", ("loop | exclusive or",), aliases=("bit parity",)),
    Signature("bit length", "length in bits", ("loop",), aliases=("number of bits",)),
    Signature("swap of neighbouring bits", "pairs of bits swapped", (), aliases=("swap pairs of bits", "swap bits")),
    Signature("counting bits", "ones up to n", ("loop",), aliases=("count bits",)),
    Signature("binary gap", "longest gap", ("loop",), aliases=()),
    Signature("next power of two", "next power of two", (), aliases=("round up to a power of two",)),
    *(
        Signature("Caesar cipher", key, ("ord(...) | A.index(_) | A.find(_) | A[_]",), aliases=_CAESAR)
        for key in ("letters moved", "small letters moved", "capitals moved")
    ),
    Signature("ROT13", "letters moved by 13", ("loop | str.maketrans(...)",), aliases=("caesar cipher", "rot-13")),
    Signature("Vigenère cipher", "letters moved by a key", ("loop",), aliases=("vigenere cipher", "vigenere")),
    Signature("Vigenère cipher", "small letters moved by a key", ("loop",), aliases=("vigenere cipher", "vigenere")),
    Signature("Atbash cipher", "alphabet mirrored", (), aliases=("atbash",)),
    Signature("Atbash cipher", "capitals mirrored", (), aliases=("atbash",)),
    Signature("rail fence cipher", "rails", ("loop",), aliases=("zigzag cipher", "zigzag conversion")),
    Signature("XOR cipher", "joined with a key", ("exclusive or",), aliases=("xor encryption",)),
    Signature("Luhn algorithm", "check digit", (), aliases=("luhn", "mod 10 check", "luhn check")),
    Signature("Adler-32", "adler-32", ("loop",), aliases=("adler32",)),
    Signature("CRC-32", "crc-32", ("loop",), aliases=("crc32", "cyclic redundancy check")),
    Signature("djb2", "djb2", ("loop",), aliases=("djb2 hash", "bernstein hash")),
    Signature("FNV-1a", "fnv", ("loop",), aliases=("fnv", "fnv hash", "fowler-noll-vo", "fnv-1")),
    Signature("Base64 encoding", "base64", ("loop",), aliases=("base64",)),
    Signature("Morse code", "morse", (), aliases=("morse code encoding",)),
)  # fmt: skip

FAMILY = Family(BITS, PROBLEMS, SIGNATURES)
