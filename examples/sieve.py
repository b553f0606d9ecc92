"""All primes up to a limit, by crossing out multiples (Eratosthenes)."""


def primes_up_to(limit):
    """Return the primes up to and including `limit`.

    >>> primes_up_to(20)
    [2, 3, 5, 7, 11, 13, 17, 19]
    """
    is_prime = [True] * (limit + 1)
    primes = []
    for number in range(2, limit + 1):
        if not is_prime[number]:
            continue
        primes.append(number)
        for multiple in range(number * number, limit + 1, number):
            is_prime[multiple] = False
    return primes
