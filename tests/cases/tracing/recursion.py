depth = 0


def down(n):
    global depth
    depth = n
    return down(n + 1)


def guarded():
    try:
        down(1)
    except RecursionError:
        return "limit"


def later(n, seen=None):
    seen = seen or []
    seen.append(n)
    if n:
        later(n - 1, seen)
    return seen


later(5)
