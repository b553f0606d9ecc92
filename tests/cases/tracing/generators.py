def count(n):
    i = 0
    while i < n:
        got = yield i
        if got:
            i += got
        else:
            i += 1


def chain(n):
    total = yield from count(n)
    yield from [10, 20]
    return total


def early():
    try:
        yield 1
        yield 2
    finally:
        done = True


def main():
    seen = []
    for x in count(3):
        seen.append(x)
    g = count(10)
    seen.append(next(g))
    seen.append(g.send(4))
    g.close()
    for x in chain(2):
        seen.append(x)
    e = early()
    seen.append(next(e))
    e.close()
    squares = list(y * y for y in count(3))
    return seen, squares


main()
