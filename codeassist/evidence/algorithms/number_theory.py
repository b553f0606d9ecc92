"""Algorithms of number theory: divisors, primes, powers, digits and sequences."""

from __future__ import annotations

import math
import random
from functools import lru_cache
from typing import Any

from codeassist.evidence.algorithms.model import Family, Signature, alike, answered, checked, laid_out, listed

NAME = "number theory"


def _pair(rng: random.Random, k: int) -> list[Any]:
    g = rng.randint(1, 12)
    a, b = g * rng.randint(1, 30), g * rng.randint(1, 30)
    return [max(a, b) + (a == b) * g, min(a, b)]


def is_prime(n: int) -> bool:
    """Whether n is a prime, by trial."""
    return n > 1 and all(n % d for d in range(2, math.isqrt(n) + 1))


def _composite(rng: random.Random, k: int) -> list[Any]:
    return [rng.choice([n for n in range(10, 70) if not is_prime(n)])]


def _primes_check(instance: Any, value: Any) -> bool:
    """The primes up to n, as a list or as a table of truth values."""
    n = instance[0]
    items = listed(sorted(value) if isinstance(value, (set, frozenset)) else value)
    if items is None:
        return False
    if len(items) >= n and all(isinstance(x, bool) for x in items):
        return [i for i, x in enumerate(items) if x and i > 1] == [p for p in range(n + 1) if is_prime(p)]
    return items == [p for p in range(n + 1) if is_prime(p)]


def _maybe_prime(rng: random.Random, k: int) -> list[Any]:
    return [rng.choice([n for n in range(5, 400) if is_prime(n) == bool(k % 2) and n % 2])]


def _prime_check(instance: Any, value: Any) -> bool:
    return value in (0, 1) and isinstance(value, (bool, int)) and bool(value) == is_prime(instance[0])


def factors(n: int) -> list[int]:
    """The prime factors of n, smallest first, with repetitions."""
    found, d = [], 2
    while n > 1:
        while n % d == 0:
            found.append(d)
            n //= d
        d += 1
    return found


def _factors_check(instance: Any, value: Any) -> bool:
    if isinstance(value, dict):
        value = [p for p, e in value.items() for _ in range(e)]
    items = listed(value)
    if items is None:
        return False
    if items and all(isinstance(item, (list, tuple)) and len(item) == 2 for item in items):
        items = [p for p, e in items for _ in range(e)]
    return sorted(items) == factors(instance[0])


def _bezout(instance: Any, value: Any) -> bool:
    a, b = instance
    items = listed(value)
    if items is None or len(items) != 3 or any(type(x) is not int for x in items):
        return False
    g = math.gcd(a, b)
    rolled = [(items[0], items[1], items[2]), (items[2], items[0], items[1])]
    return any(d == g and a * x + b * y == g for d, x, y in rolled)


def _power(rng: random.Random, k: int) -> list[Any]:
    return [rng.randint(2, 9), rng.randint(0, 13)]


def _mod_power(rng: random.Random, k: int) -> list[Any]:
    return [rng.randint(2, 30), rng.randint(1, 40), rng.randint(31, 97)]


def _inverse(rng: random.Random, k: int) -> list[Any]:
    m = rng.choice([7, 11, 13, 17, 19, 23, 29, 31])
    return [rng.randint(2, m - 1), m]


def _inverse_check(instance: Any, value: Any) -> bool:
    a, m = instance
    return type(value) is int and a * value % m == 1


@lru_cache
def fib(n: int) -> int:
    """The n-th Fibonacci number; the 0-th is 0."""
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a


def _fib_sequence(instance: Any, value: Any) -> bool:
    """The first Fibonacci numbers: n of them, or one more, from 0 or from 1."""
    n, items = instance[0], listed(value)
    if items is None or len(items) < 3:
        return False
    return any(items == [fib(i) for i in range(first, first + len(items))] for first in (0, 1)) and (
        abs(len(items) - n) <= 1 or items[-1] <= n < items[-1] + items[-2]
    )


def _small(low: int, high: int) -> Any:
    def make(rng: random.Random, k: int) -> list[Any]:
        return [low + (k * 7 + rng.randint(0, 3)) % (high - low + 1)]

    return make


def _collatz(n: int) -> list[int]:
    found = [n]
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        found.append(n)
    return found


def _collatz_check(instance: Any, value: Any) -> bool:
    path = _collatz(instance[0])
    return value in (len(path), len(path) - 1) if type(value) is int else listed(value) == path


def _totient(n: int) -> int:
    return sum(math.gcd(n, i) == 1 for i in range(1, n + 1))


def _divisors(n: int) -> list[int]:
    return [d for d in range(1, n + 1) if n % d == 0]


def _divisors_check(instance: Any, value: Any) -> bool:
    return sorted(value) == _divisors(instance[0])


def _perfect(rng: random.Random, k: int) -> list[Any]:
    return [(6, 28, 496)[k % 3] if k % 2 else rng.randint(7, 60)]


def _happy(n: int) -> bool:
    seen = set()
    while n != 1 and n not in seen:
        seen.add(n)
        n = sum(int(c) ** 2 for c in str(n))
    return n == 1


def _mixed_happy(rng: random.Random, k: int) -> list[Any]:
    return [rng.choice([n for n in range(2, 200) if _happy(n) == bool(k % 2)])]


def _armstrong(n: int) -> bool:
    digits = [int(c) for c in str(n)]
    return n == sum(int(d ** len(digits)) for d in digits)


def _mixed_armstrong(rng: random.Random, k: int) -> list[Any]:
    return [(153, 370, 371, 407, 1634)[k % 5] if k % 2 else rng.randint(100, 2000)]


def _root(rng: random.Random, k: int) -> list[Any]:
    return [rng.randint(1, 2000) if k % 3 else rng.randint(1, 40) ** 2]


def _squares(rng: random.Random, k: int) -> list[Any]:
    return [rng.randint(2, 40) ** 2 if k % 2 else rng.randint(2, 40) ** 2 + rng.randint(1, 3)]


def _crt(rng: random.Random, k: int) -> list[Any]:
    moduli = [[3, 5, 7], [4, 9, 5], [7, 11, 13], [2, 3, 5]][k % 4]
    x = rng.randint(1, math.prod(moduli) - 1)
    return [moduli, [x % m for m in moduli]]


def _crt_answer(moduli: list[int], remainders: list[int]) -> int:
    every = range(math.prod(moduli))
    return next(x for x in every if all(x % m == r for m, r in zip(moduli, remainders, strict=True)))


_DIGITS = "0123456789ABCDEF"


def in_base(n: int, base: int) -> str:
    """n written in a base up to 16."""
    text = ""
    while n:
        text = _DIGITS[n % base] + text
        n //= base
    return text or "0"


def _based(rng: random.Random, k: int) -> list[Any]:
    return [rng.randint(1, 3000), (2, 8, 16, 3, 5)[k % 5]]


def _text_check(answer: Any) -> Any:
    def check(instance: Any, value: Any) -> bool:
        expected = answer(*instance)
        if type(value) is int:
            return bool(str(value) == expected)
        return isinstance(value, str) and value.upper().removeprefix("0B").removeprefix("0X") == expected

    return check


def _bits(rng: random.Random, k: int) -> list[Any]:
    return [bin(rng.randint(1, 500))[2:]]


def _factor_of(instance: Any, value: Any) -> bool:
    n = instance[0]
    return type(value) is int and 1 < value < n and n % value == 0


def _semiprime(rng: random.Random, k: int) -> list[Any]:
    p, q = rng.sample([11, 13, 17, 19, 23, 29, 31, 37, 41, 43], 2)
    return [p * q]


def _digit_root(n: int) -> int:
    while n > 9:
        n = sum(map(int, str(n)))
    return n


def _nth_prime(n: int) -> int:
    p = 1
    while n:
        p += 1
        n -= is_prime(p)
    return p


def _ackermann(m: int, n: int) -> int:
    if not m:
        return n + 1
    return _ackermann(m - 1, _ackermann(m, n - 1) if n else 1)


def _goldbach(instance: Any, value: Any) -> bool:
    items = listed(value)
    return (
        items is not None
        and len(items) == 2
        and all(is_prime(x) for x in items)
        and sum(items) == instance[0]
    )


PROBLEMS = (
    answered("gcd", NAME, _pair, math.gcd),
    checked("bezout", NAME, _pair, _bezout),
    answered("lcm", NAME, _pair, math.lcm),
    checked("primes up to n", NAME, _composite, _primes_check),
    checked("is prime", NAME, _maybe_prime, _prime_check, more=[laid_out(_maybe_prime, lambda n: (n, 12))], trials=20),
    checked("prime factors", NAME, _small(4, 160), _factors_check),
    answered("distinct prime factors", NAME, _small(4, 160), lambda n: set(factors(n))),
    checked("a factor", NAME, _semiprime, _factor_of),
    answered("power", NAME, _power, pow, check=lambda want, got: alike(want, got) and not isinstance(got, bool)),
    answered("power modulo", NAME, _mod_power, pow),
    checked("modular inverse", NAME, _inverse, _inverse_check),
    answered("fibonacci", NAME, _small(2, 16), fib),
    answered("fibonacci from 1, 1", NAME, _small(2, 16), lambda n: fib(n + 1)),
    answered("fibonacci from 0 as first", NAME, _small(3, 16), lambda n: fib(n - 1)),
    checked("fibonacci sequence", NAME, _small(4, 16), _fib_sequence),
    checked("collatz", NAME, _small(3, 60), _collatz_check),
    answered("totient", NAME, _small(2, 80), _totient),
    checked("divisors", NAME, _small(2, 90), _divisors_check),
    answered("proper divisor sum", NAME, _small(2, 90), lambda n: sum(_divisors(n)[:-1])),
    answered("is perfect", NAME, _perfect, lambda n: sum(_divisors(n)[:-1]) == n),
    answered("is happy", NAME, _mixed_happy, _happy),
    answered("is armstrong", NAME, _mixed_armstrong, _armstrong),
    answered("digit sum", NAME, _small(10, 9999), lambda n: sum(map(int, str(n)))),
    answered("digital root", NAME, _small(10, 9999), _digit_root),
    answered("reversed number", NAME, lambda r, k: [r.randint(12, 9998) // 10 * 10 + r.randint(1, 9)], lambda n: int(str(n)[::-1])),
    answered("is palindromic number", NAME, lambda r, k: [(121, 1331, 7, 12321, 44)[k % 5] if k % 2 else r.randint(100, 9999)], lambda n: str(n) == str(n)[::-1]),
    answered("integer root", NAME, _root, math.isqrt, check=lambda want, got: type(got) is int and want == got),
    answered("is square", NAME, _squares, lambda n: math.isqrt(n) ** 2 == n),
    answered("remainders", NAME, _crt, _crt_answer, orders=True),
    checked("in base", NAME, _based, _text_check(in_base), orders=True),
    checked("in binary", NAME, _small(1, 900), _text_check(lambda n: in_base(n, 2))),
    answered("from binary", NAME, _bits, lambda t: int(t, 2)),
    answered("nth prime", NAME, _small(1, 20), _nth_prime),
    answered("ackermann", NAME, lambda r, k: [k % 3, k % 5], _ackermann),
    checked("goldbach", NAME, lambda r, k: [2 * r.randint(3, 60)], _goldbach),
)  # fmt: skip

_GCD = (
    "greatest common divisor",
    "gcd",
    "euclidean algorithm",
    "euclid algorithm",
    "euclid's algorithm",
    "euclid",
)
_FIB = ("fibonacci", "fibonacci numbers", "nth fibonacci number")
_FAST = (
    "exponentiation by squaring",
    "fast power",
    "binary exponentiation",
    "square and multiply",
    "fast exponentiation",
)
SIGNATURES = (
    Signature("binary GCD", "gcd", ("A // 2 | A % 2", "A - B | A = A - B"), ("remainder step",), aliases=("stein's algorithm", *_GCD)),
    Signature("Euclid's algorithm", "gcd", ("remainder step",), aliases=_GCD),
    Signature("Euclid's algorithm by subtraction", "gcd", ("subtraction step",), aliases=_GCD),
    Signature("greatest common divisor by trial", "gcd", ("A % D", "loop"), ("remainder step",), aliases=_GCD),
    Signature("extended Euclidean algorithm", "bezout", ("loop | recursion",), aliases=("extended euclid", "extended gcd", "bezout coefficients")),
    Signature("least common multiple", "lcm", (), aliases=("lcm",)),
    Signature("sieve of Eratosthenes", "primes up to n", ("multiples crossed out", "nested loops | A[_::_] = _"), ("N % D == 0 | N % D | math.isqrt(N); all(...)",), aliases=("eratosthenes", "prime sieve", "sieve")),
    Signature("primes by trial division", "primes up to n", ("N % D | F(N)",), aliases=("trial division", "prime numbers")),
    Signature("Miller-Rabin primality test", "is prime", ("power modulo", "halving number"), aliases=("rabin-miller", "miller rabin", "miller-rabin", "rabin miller")),
    Signature("Fermat primality test", "is prime", ("power modulo", "N + -1"), aliases=("fermat test",)),
    Signature("trial division", "is prime", ("N % D",), aliases=("primality test", "prime check", "primality test by trial division", "is prime")),
    Signature("factorization by trial division", "prime factors", ("N % D", "loop | recursion"), aliases=("prime factorization", "trial division", "integer factorization", "prime factors")),
    Signature("factorization by trial division", "distinct prime factors", ("N % D", "loop"), aliases=("prime factorization", "trial division", "distinct prime factors")),
    Signature("Pollard's rho", "a factor", ("(X * X + C) % N | F(F(Y)) | (X ** 2 + C) % N",), aliases=("pollard rho",)),
    Signature("smallest divisor by trial", "a factor", ("N % D",), aliases=("trial division",)),
    Signature("exponentiation by squaring", "power", ("squaring", "halving number | N % 2"), aliases=_FAST),
    Signature("exponentiation by squaring", "power", ("recursion", "N // 2 | N / 2"), aliases=_FAST),
    Signature("power by repeated multiplication", "power", ("loop | recursion",), ("halving number",), aliases=("exponentiation", "naive power", "power")),
    Signature("modular exponentiation", "power modulo", ("loop | recursion",), aliases=("binary modular exponentiation", "fast modular exponentiation", *_FAST)),
    Signature("modular inverse", "modular inverse", ("loop | recursion",), aliases=("modular multiplicative inverse", "extended euclidean algorithm")),
    *(
        sign
        for key in ("fibonacci", "fibonacci from 1, 1", "fibonacci from 0 as first")
        for sign in (
            Signature("Fibonacci by memoization", key, ("memo", "two recursions"), aliases=("memoized fibonacci", *_FIB)),
            Signature("Fibonacci by fast doubling", key, ("halving number", "A * (2 * B - A) | A * A + B * B | A * (B * 2 - A)"), aliases=("fast doubling", *_FIB)),
            Signature("Fibonacci by matrix power", key, ("A[0][0] * B[0][0] | _ @ _ | A[0] * B[0] | A * B + C * D",), ("two recursions",), aliases=("matrix exponentiation", *_FIB)),
            Signature("Fibonacci by recursion", key, ("two recursions",), aliases=("recursive fibonacci", "naive fibonacci", *_FIB)),
            Signature("Fibonacci by iteration", key, ("loop | recursion", "A + B"), aliases=("iterative fibonacci", "climbing stairs", *_FIB)),
        )
    ),
    Signature("Fibonacci by iteration", "fibonacci sequence", ("loop | recursion",), aliases=("fibonacci sequence", *_FIB)),
    Signature("Collatz sequence", "collatz", ("loop | recursion",), aliases=("hailstone sequence", "3n+1", "collatz", "collatz conjecture", "hailstone")),
    Signature("Euler's totient", "totient", ("loop | recursion",), aliases=("euler totient", "phi function", "totient")),
    Signature("divisors by trial", "divisors", ("N % D",), aliases=("divisors", "factors", "find divisors")),
    Signature("sum of proper divisors", "proper divisor sum", ("N % D",), aliases=("aliquot sum",)),
    Signature("perfect number check", "is perfect", ("N % D | F(N)",), aliases=("perfect number",)),
    Signature("happy number check", "is happy", ("loop | recursion",), aliases=("happy number",)),
    Signature("Armstrong number check", "is armstrong", ("loop | recursion",), aliases=("armstrong number", "narcissistic number")),
    Signature("digital root", "digital root", (), aliases=("repeated digit sum",)),
    Signature("digit sum", "digit sum", ("loop | recursion",), aliases=("sum of digits", "cross sum")),
    Signature("number reversal", "reversed number", ("N % 10 | divmod(...)",), aliases=("reverse number", "reverse digits", "reverse integer")),
    Signature("palindromic number check", "is palindromic number", ("N % 10 | loop",), aliases=("palindrome number", "palindrome")),
    Signature("integer square root by Newton's method", "integer root", ("(X + N // X) // 2",), aliases=("integer square root", "newton's method", "heron's method")),
    Signature("integer square root by binary search", "integer root", ("midpoint",), aliases=("integer square root", "binary search", "square root by binary search")),
    Signature("integer square root", "integer root", ("loop",), aliases=("isqrt",)),
    Signature("perfect square check", "is square", ("loop",), aliases=("perfect square",)),
    Signature("Chinese remainder theorem", "remainders", ("loop",), aliases=("crt", "chinese remainder")),
    Signature("base conversion", "in base", ("N % B | divmod(...)",), aliases=("convert to base", "radix conversion")),
    Signature("decimal to binary", "in binary", ("N % 2 | divmod(...)",), aliases=("binary conversion", "base conversion")),
    Signature("binary to decimal", "from binary", ("loop",), aliases=("binary conversion", "base conversion", "horner's method")),
    Signature("nth prime", "nth prime", ("loop",), aliases=("n-th prime",)),
    Signature("Ackermann function", "ackermann", ("recursion",), aliases=("ackermann",)),
    Signature("Goldbach decomposition", "goldbach", ("loop",), aliases=("goldbach", "goldbach conjecture")),
)  # fmt: skip

FAMILY = Family(NAME, PROBLEMS, SIGNATURES)
