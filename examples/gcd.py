"""Greatest common divisor with the coefficients that make it (extended Euclid)."""


def extended_gcd(a: int, b: int) -> tuple[int, int, int]:
    """Return (g, x, y) with g the greatest common divisor and a*x + b*y == g.

    >>> extended_gcd(240, 46)
    (2, -9, 47)
    """
    x, next_x = 1, 0
    y, next_y = 0, 1
    while b:
        quotient = a // b
        a, b = b, a - quotient * b
        x, next_x = next_x, x - quotient * next_x
        y, next_y = next_y, y - quotient * next_y
    return a, x, y
