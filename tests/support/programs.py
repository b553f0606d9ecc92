"""Small programs where judges go wrong, each with calls: (name, source, calls)."""

from __future__ import annotations

PROGRAMS: list[tuple[str, str, list[str]]] = []


def program(name: str, source: str, *calls: str) -> None:
    """Add a program; its text starts after the first line break."""
    PROGRAMS.append((name, source.lstrip("\n"), list(calls)))


program(
    "one-line if and loop",
    """
def f(xs):
    total = 0
    for x in xs: total += x
    if total > 5: total = -total
    while total > 3: total -= 2
    return total if total else None
""",
    "f([1, 2, 3])",
    "f([])",
    "f([4])",
    "f([9, -1])",
)

program(
    "multi-line calls and conditions",
    """
def g(a,
      b=2,
      *rest):
    value = max(
        a,
        b,
        *rest,
    )
    if (
        value > 3
        and a
    ):
        result = {
            "a": a,
            "b": [
                b,
                value,
            ],
        }
    else:
        result = [
            x
            for x in rest
            if x
        ]
    return (
        result,
        value
        if a
        else b,
    )
""",
    "g(1)",
    "g(5, 1, 0, 7)",
    "g(0, 1, 0, 2)",
)

program(
    "while True and break",
    """
def collatz(n):
    steps = []
    while True:
        steps.append(n)
        if n == 1:
            break
        n = n // 2 if n % 2 == 0 else 3 * n + 1
    else:
        steps = None
    return steps
""",
    "collatz(6)",
    "collatz(1)",
)

program(
    "nested loops with labels by flags",
    """
def pairs(xs, ys, goal):
    found = None
    tries = 0
    for x in xs:
        for y in ys:
            tries += 1
            if x + y == goal:
                found = (x, y)
                break
            if x > goal:
                continue
        else:
            continue
        break
    return found, tries
""",
    "pairs([1, 2, 3], [4, 5], 7)",
    "pairs([1], [2], 9)",
    "pairs([], [1], 1)",
    "pairs([9, 1], [1, 2], 3)",
)

program(
    "recursion",
    """
def fib(n, memo=None):
    if memo is None:
        memo = {}
    if n in memo:
        return memo[n]
    if n < 2:
        return n
    memo[n] = fib(n - 1, memo) + fib(n - 2, memo)
    return memo[n]

def hanoi(n, a="A", b="B", c="C"):
    if n == 0:
        return []
    return hanoi(n - 1, a, c, b) + [(a, c)] + hanoi(n - 1, b, a, c)
""",
    "fib(6)",
    "hanoi(3)",
)

program(
    "generators",
    """
def count(n):
    for i in range(n):
        got = yield i
        if got:
            yield -i

def chain(*parts):
    for part in parts:
        yield from part
    return "end"

def early(n):
    total = 0
    for x in count(n):
        total += x
        if total > 3:
            break
    return total

def drive():
    g = count(3)
    first = next(g)
    second = g.send(True)
    third = next(g)
    g.close()
    return [first, second, third]
""",
    "count(3)",
    "chain([1, 2], count(2), 'ab')",
    "early(5)",
    "drive()",
    "list(chain())",
)

program(
    "exceptions in conditions and loops",
    """
def safe(xs, i):
    try:
        if xs[i] > 0:
            return "positive"
        return "other"
    except IndexError:
        return "missing"
    except (TypeError, KeyError) as error:
        message = str(error)
        return "odd"
    finally:
        xs = None

def first_bad(values):
    seen = []
    for v in values:
        try:
            seen.append(10 // v)
        except ZeroDivisionError:
            break
    return seen

def loud(values):
    total = 0
    for v in values:
        if v < 0:
            raise ValueError("negative")
        total += v
    return total

def outer(values):
    try:
        return loud(values)
    except ValueError:
        return None

def nothing(values):
    while values.pop() > 0:
        pass
    return values
""",
    "safe([1], 0)",
    "safe([1], 5)",
    "safe([None], 0)",
    "safe([-1], 0)",
    "first_bad([5, 2, 0, 1])",
    "first_bad([1])",
    "loud([1, -2])",
    "outer([3, -1])",
    "outer([3])",
    "nothing([1, 2])",
    "nothing([0, 1])",
)

program(
    "comprehensions",
    """
def table(n):
    rows = [[i * j for j in range(n)] for i in range(n) if i % 2]
    flat = {x for row in rows for x in row}
    index = {x: [r for r in rows if x in r] for x in sorted(flat)}
    total = sum(x if x else 1 for x in flat)
    i = 7
    return rows, index, total, i
""",
    "table(4)",
    "table(1)",
)

program(
    "decorators and closures",
    """
import functools

def twice(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs), function(*args, **kwargs)
    return wrapper

@twice
def add(a, b=1):
    c = a + b
    return c

def counter(start):
    n = start
    def step(by):
        nonlocal n
        n += by
        return n
    step(1)
    step(2)
    return n

def makers():
    made = []
    for i in range(3):
        def get(i=i):
            return i
        made.append(get)
    return [g() for g in made]

@functools.lru_cache(maxsize=None)
def ways(n):
    return 1 if n <= 1 else ways(n - 1) + ways(n - 2)
""",
    "add(2)",
    "add(2, b=5)",
    "counter(10)",
    "makers()",
    "ways(5)",
)

program(
    "classes",
    """
class Node:
    def __init__(self, value, next=None):
        self.value = value
        self.next = next

class Stack:
    limit = 3
    def __init__(self):
        self._items = []
        self.top = None

    def push(self, value):
        self._items.append(value)
        self.top = Node(value, self.top)
        return self

    @property
    def size(self):
        return len(self._items)

    def pop(self):
        if not self._items:
            raise IndexError("empty")
        node = self.top
        self.top = node.next
        return self._items.pop()

def build(values):
    head = None
    for v in reversed(values):
        head = Node(v, head)
    return head

def reverse(head):
    before = None
    while head:
        head.next, before, head = before, head, head.next
    return before

def use():
    stack = Stack()
    stack.push(1).push(2)
    a = stack.pop()
    b = stack.size
    return a, b
""",
    "use()",
    "reverse(build([1, 2, 3]))",
    "Stack().pop()",
    "build([])",
)

program(
    "mutation and aliasing",
    """
def bubble(xs):
    n = len(xs)
    for i in range(n):
        swapped = False
        for j in range(n - 1 - i):
            if xs[j] > xs[j + 1]:
                xs[j], xs[j + 1] = xs[j + 1], xs[j]
                swapped = True
        if not swapped:
            break
    return xs

def copy_it(xs):
    ys = xs
    zs = list(xs)
    ys.append(4)
    zs += [5]
    ys = ys + [6]
    return ys, zs

def deep(d):
    inner = d.setdefault("k", [])
    inner.append(1)
    d["n"] = len(inner)
    del d["n"]
    return inner

def helper(out, x):
    out.append(x)

def collect(n):
    out = []
    for i in range(n):
        helper(out, i)
    return out
""",
    "bubble([3, 1, 2])",
    "bubble([1, 2])",
    "copy_it([1])",
    "deep({})",
    "deep({'k': [0]})",
    "collect(3)",
)

program(
    "with, finally, del, global, walrus, match",
    """
import contextlib

LOG = []

@contextlib.contextmanager
def opened(name):
    LOG.append(name)
    try:
        yield name.upper()
    finally:
        LOG.append("end")

def use(names):
    out = []
    for name in names:
        with opened(name) as big:
            if not big:
                continue
            out.append(big)
            if big == "STOP":
                break
    return out

def suppressed(xs):
    with contextlib.suppress(IndexError):
        return xs[5]
    return "no"

def walrus(xs):
    out = []
    while (n := len(xs)) > 1:
        xs = xs[1:]
        out.append(n)
    if any((bad := x) < 0 for x in xs):
        return bad
    return out

def kind(x):
    match x:
        case {"a": a}:
            return a
        case [first, *rest] if rest:
            return first
        case int() | float():
            y = x
        case _:
            y = None
    return y

def deleting():
    a = 1
    b = a
    del a
    b += 1
    return b

def tidy(n):
    while n:
        try:
            n -= 1
            if n == 2:
                continue
            if n == 1:
                return "one"
        finally:
            n = max(n, 0)
    return n
""",
    "use(['a', '', 'stop', 'b'])",
    "suppressed([1])",
    "walrus([1, 2, 3])",
    "walrus([-1])",
    "kind({'a': 1})",
    "kind([1, 2])",
    "kind([1])",
    "kind(2.5)",
    "deleting()",
    "tidy(4)",
    "tidy(1)",
)

program(
    "lambdas and sorting",
    """
def rank(words):
    key = lambda w: (len(w), w)
    best = min(words, key=lambda w: -len(w))
    ordered = sorted(words, key=key)
    apply = lambda f, x: f(f(x))
    return ordered, best, apply(lambda n: n + 1, 1)
""",
    "rank(['bb', 'a', 'ccc'])",
)

program(
    "numbers",
    """
from fractions import Fraction
from decimal import Decimal
from collections import namedtuple, deque, Counter, defaultdict, OrderedDict
from enum import Enum

Point = namedtuple("Point", "x y")

class Color(Enum):
    RED = 1
    BLUE = "b"

def zoo(n):
    a = n / 3
    b = complex(n, 1)
    c = Fraction(n, 6)
    d = Decimal("0.1") * n
    e = 10 ** 20 * n
    p = Point(n, -n)
    q = deque([1, 2, 3], maxlen=2)
    r = Counter("abca")
    s = defaultdict(list)
    s["x"].append(n)
    t = OrderedDict(z=1, a=2)
    u = Color.RED
    v = bytes([n]), bytearray(b"x"), range(n), slice(1, n)
    w = float("nan"), float("inf")
    x = {1, "1", (1,), None, frozenset({2})}
    y = [True, 1, 1.0, "1"]
    return p
""",
    "zoo(4)",
)

program(
    "prints",
    """
def hello(n):
    print("start", n)
    for i in range(n):
        inner(i)
    print("end", end="")
    return n

def inner(i):
    if i % 2:
        print(i)
""",
    "hello(3)",
    "hello(0)",
)

program(
    "graph search",
    """
from collections import deque

def bfs(graph, start, goal):
    queue = deque([[start]])
    seen = {start}
    while queue:
        path = queue.popleft()
        node = path[-1]
        if node == goal:
            return path
        for other in graph.get(node, ()):
            if other not in seen:
                seen.add(other)
                queue.append(path + [other])
    return None
""",
    "bfs({'a': ['b', 'c'], 'b': ['d'], 'c': ['d'], 'd': []}, 'a', 'd')",
    "bfs({'a': []}, 'a', 'z')",
)

program(
    "two statements on a line; odd layout",
    '''
def odd(n):
    a = 1; b = 2
    for i in range(n): a += i; b -= i
    if a > 2: b = 0
    elif a > 1: b = 1
    else: b = 2
    c = (a if n else
         b)
    x = \\
        a + b
    return a, b, c, x

def early(n):
    """Docstring."""
    "second text"
    ...
    if n: return 1
    return 2
''',
    "odd(3)",
    "odd(0)",
    "odd(1)",
    "early(0)",
    "early(1)",
)

program(
    "inner functions, class bodies, same names",
    """
def outer(n):
    class Box:
        size = n
        doubled = [size] * 2
        def get(self):
            return self.size
    def helper(k):
        return k + 1
    if n > 1:
        def pick():
            return helper(n)
    else:
        def pick():
            return -1
    return Box().get() + pick()
""",
    "outer(2)",
    "outer(0)",
)

program(
    "async",
    """
import asyncio

async def tick(n):
    for i in range(n):
        await asyncio.sleep(0)
    return n

async def both():
    a = await tick(2)
    b = await tick(1)
    return a + b

def go():
    return asyncio.run(both())
""",
    "go()",
)

program(
    "loop variable reuse and empty bodies",
    """
def reuse(n):
    i = 10
    for i in range(n):
        pass
    j = i
    for i, (a, b) in enumerate([(1, 2), (3, 4)]):
        j += a * b
    else:
        j += 100
    while n:
        n -= 1
    return i, j, n
""",
    "reuse(2)",
    "reuse(0)",
)

program(
    "chained conditions and boolean values",
    """
def cond(a, b):
    out = []
    while a < b and not (a == 3 or b == 3):
        a += 1
        out.append(a < b < 10)
    if not out:
        return []
    elif len(out) > 2:
        flag = True
    elif out:
        flag = False
    else:
        flag = None
    assert flag is not None, "flag"
    return flag, "x" if a else "y" if b else "z"
""",
    "cond(1, 5)",
    "cond(4, 6)",
    "cond(5, 4)",
    "cond(4, 9)",
)
