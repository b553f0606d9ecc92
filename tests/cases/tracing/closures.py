total = 0


def counter():
    n = 0
    log = []

    def up(by=1):
        nonlocal n
        n += by
        log.append(n)
        return n

    up()
    up(5)
    n = 100
    up()
    return n, log


def count_global():
    global total
    total += 1
    total += 2
    return total


def adders():
    fs = []
    for i in range(3):
        fs.append(lambda x: x + i)
    return [f(10) for f in fs]


counter()
count_global()
adders()
