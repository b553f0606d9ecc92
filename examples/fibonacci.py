"""Fibonacci numbers, one at a time."""


def fibonacci(limit):
    """Yield the Fibonacci numbers below `limit`.

    >>> list(fibonacci(30))
    [0, 1, 1, 2, 3, 5, 8, 13, 21]
    """
    a, b = 0, 1
    while a < limit:
        yield a
        a, b = b, a + b
