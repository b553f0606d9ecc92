import functools


class Base:
    count = 0
    names = []

    def __init__(self, name):
        self.__name = name
        self.names.append(name)
        type(self).count += 1

    @property
    def name(self):
        return self.__name

    @name.setter
    def name(self, value):
        self.__name = value

    @classmethod
    def make(cls, *args, **kw):
        return cls(*args, **kw)

    @staticmethod
    def helper(a, b=2, *, c=3):
        return a + b + c


class Child(Base):
    limit = 5
    squares = [k for k in range(limit)]

    class Inner:
        z = 1

    def __init__(self, name, extra=None):
        super().__init__(name)
        self.extra = extra

    def __eq__(self, other):
        return self.extra == other.extra

    def __hash__(self):
        return 7


class Meta(type):
    def __call__(cls, *args):
        made = super().__call__(*args)
        made.stamp = [cls.x]
        return made


class Made(metaclass=Meta):
    x = 1


@functools.lru_cache(maxsize=None)
def fib(n):
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)


def deco(f):
    @functools.wraps(f)
    def wrapper(*args):
        result = f(*args)
        return result

    return wrapper


@deco
@deco
def double(x):
    """Twice x."""
    return (
        x
        + x
    )


def main():
    b = Base("a")
    b.name = "q"
    c = Child.make("c", extra=[1])
    d = Child("d", [1])
    same = c == d
    table = {c: 1}
    table[d] = 2
    Base.helper(1, c=4)
    fib(5)
    double(4)
    f = sorted([3, 1, 2], key=lambda v: -v)
    m = Made()
    g = lambda a, *b: (a, b)
    g(1, 2, 3)
    bad = [lambda: 1 / 0]
    try:
        bad[0]()
    except ZeroDivisionError:
        pass
    return same, f


main()
