class Gate:
    def __init__(self, swallow):
        self.swallow = swallow
        self.seen = []

    def __enter__(self):
        self.seen.append("in")
        return self

    def __exit__(self, kind, value, trace):
        self.seen.append("out")
        return self.swallow


def finals(x):
    out = []
    for i in range(4):
        try:
            if i == x:
                continue
            if i == x + 1:
                raise ValueError(i)
            out.append(i)
        except ValueError as error:
            out.append(-1)
        else:
            out.append(100)
        finally:
            out.append("f")
    return out


def returns(x):
    try:
        if x:
            return x
        y = 1 / x
    except ZeroDivisionError:
        return "zero"
    finally:
        x = 99
    return y


def overrides():
    try:
        return 1
    finally:
        return 2


def gates():
    with Gate(True) as g, Gate(False) as h:
        raise KeyError("inside")
    with Gate(True):
        [][3]
    with Gate(False):
        return g.seen, h.seen


def nested():
    try:
        try:
            raise ValueError("a")
        except KeyError:
            pass
        finally:
            a = 1
    except ValueError as e:
        b = 2
        try:
            raise RuntimeError("b") from e
        except (TypeError, RuntimeError):
            c = 3
    return a, b, c


def loops():
    out = []
    for i in range(3):
        for j in range(3):
            if j == 1:
                continue
            if i == 1:
                break
            out.append((i, j))
        else:
            out.append("else")
    n = 3
    while n:
        n -= 1
        if n == 1:
            break
    else:
        n = -1
    return out


def ternary(xs):
    low = min(xs) if xs else None
    return low if low is not None else 0


def escapes(x):
    if x:
        raise LookupError(x)
    return x


def catches():
    try:
        escapes(1)
    except LookupError:
        pass
    return escapes(0)


def early(xs):
    def gen():
        try:
            yield 1
            yield 2
        finally:
            xs.append("closed")

    for v in gen():
        if v == 1:
            return v, xs
    return None


def broken(xs):
    def gen():
        try:
            yield from xs
        finally:
            xs.append("closed")

    for v in gen():
        break
    found = [w for w in gen() if w]
    return found


def swallow():
    class Quiet:
        @property
        def loud(self):
            raise AttributeError("no")

    q = Quiet()
    has = hasattr(q, "loud")
    it = iter([lambda: 1, lambda: [][1]])
    out = []
    for f in it:
        try:
            out.append(f())
        except IndexError:
            out.append(None)
    return has, out


def recurse(n):
    try:
        if n == 0:
            raise ValueError("bottom")
        recurse(n - 1)
    except ValueError:
        if n == 2:
            return n
        raise
    finally:
        n = -n
    return "after"


early([])
broken([1, 2])
swallow()
recurse(4)
finals(0)
finals(2)
returns(0)
returns(5)
overrides()
gates()
nested()
loops()
ternary([])
ternary([3, 1])
catches()
