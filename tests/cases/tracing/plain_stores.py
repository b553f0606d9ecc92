from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction
from decimal import Decimal
import heapq
import bisect
import random

Point = namedtuple("Point", "x y")


class Color(Enum):
    RED = 1
    BLUE = "b"


@dataclass
class Node:
    value: int
    left: "Node" = None
    right: "Node" = None
    tags: list = field(default_factory=list)


class Slotted:
    __slots__ = ("a", "b")

    def __init__(self, a):
        self.a = a


class Sneaky:
    def __init__(self):
        self.items = {}

    def __setitem__(self, key, value):
        self.items[key] = value * 2

    def __getitem__(self, key):
        self.items["reads"] = self.items.get("reads", 0) + 1
        return self.items[key]

    @property
    def size(self):
        self.asked = True
        return len(self.items)


def basics():
    a = [1, 2, 3]
    b = a
    b.append(4)
    a[0] = 10
    a[1:3] = [7, 8, 9]
    del a[0]
    a += [5]
    a *= 2
    a.sort()
    a.reverse()
    a.insert(1, "x")
    a.remove("x")
    x, *rest, y = a
    (p, q), r = (1, 2), 3
    a[0], a[-1] = a[-1], a[0]
    i = a[(i := 0)] = 5
    del x
    return a is b


def mappings():
    d = {}
    d["k"] = 1
    d[2, 3] = [1]
    d[2, 3].append(2)
    d.update(z=1)
    d.setdefault("w", []).append(3)
    d.pop("k")
    del d["z"]
    dd = defaultdict(list)
    dd["a"].append(1)
    dd["b"]
    c = Counter("hello")
    c["h"] += 5
    c.update("xx")
    o = OrderedDict(a=1, b=2)
    o.move_to_end("a")
    o.popitem()
    d |= {"m": 1} if hasattr(dict, "__or__") else {}
    return len(d), c


def sets():
    s = {1, 2}
    s.add(3)
    s.discard(1)
    s |= {9, 10}
    s -= {9}
    t = frozenset(s)
    s.clear()
    return t


def others():
    q = deque([1, 2], maxlen=3)
    q.append(3)
    q.append(4)
    q.appendleft(0)
    q.popleft()
    q.rotate(1)
    h = []
    for n in (5, 2, 8, 1):
        heapq.heappush(h, n)
    smallest = heapq.heappop(h)
    bisect.insort(h, 4)
    random.seed(1)
    random.shuffle(h)
    f = Fraction(1, 3) + 1
    m = Decimal("1.10")
    r = range(1, 10, 2)
    sl = slice(1, None)
    ba = bytearray(b"ab")
    ba.append(99)
    ba[0] = 65
    z = 1 + 2j
    big = 10 ** 50
    nan = float("nan")
    inf = float("inf")
    text = "h\u00e9\U0001f600"
    p = Point(1, [2])
    p.y.append(3)
    color = Color.RED
    return smallest


def objects():
    n = Node(1)
    n.left = Node(2)
    n.left.tags.append("t")
    n.right = n.left
    n.left.value += 10
    s = Slotted(1)
    s.b = [s]
    del s.a
    n.extra = 5
    n.extra += 1
    del n.extra
    k = Sneaky()
    k["a"] = 2
    v = k["a"]
    k["a"] += 1
    w = k.size
    cyc = []
    cyc.append(cyc)
    tup = (cyc,)
    cyc.append(tup)
    return v, w


def comprehensions():
    xs = [i * i for i in range(5) if i % 2]
    m = {k: [k] for k in "ab"}
    ss = {len(w) for w in ("a", "bb", "cc")}
    nested = [[i + j for j in range(2)] for i in range(2)]
    if (n := len(xs)) > 1:
        n += 1
    total = sum(x for x in xs)
    return xs, total


def awkward():
    grid = [[0] * 3 for _ in range(3)]
    i = 0
    grid[i], i = [9], 2
    grid[i][i - 1] = grid[0]
    grid[i][i - 1].append(i)
    i, grid[i][0] = 1, i
    x = y = grid[1][2] = [i]
    x += [5]
    x += (6,)
    y *= 2
    (a, b), [c, *d] = (1, 2), [3, 4, 5]
    d[-1] += 10
    grid[0][0] -= 1
    words = {}
    for w in "the cat the dog".split():
        words[w] = words.get(w, 0) + 1
    table = {(r, c): r * c for r in range(2) for c in range(2)}
    table[1, 1] += 5
    table[(0, 1)] = {"deep": [table]}
    table[(0, 1)]["deep"].append("x")
    del table[0, 0], words["cat"]
    stack = [1, 2, 3]
    while stack:
        top = stack.pop()
        if top == 2:
            stack.insert(0, stack.pop(0) + 10)
            if stack[0] > 20:
                break
    last = [stack.append(k) for k in range(3)]
    queue = deque(range(5))
    moved = [queue.popleft(), queue.pop()] + [queue[0]]
    queue[1] = "q"
    queue.extend([7, 8])
    queue.remove(7)
    seen = set()
    for k in (1, 1, "1", (1, [2][0]), None, True):
        if k not in seen:
            seen.add(k)
    seen.discard(None)
    seen.update({3, 4}, [5])
    xs = sorted({3, 1, 2}, reverse=True)
    xs[1:2] = [8, 9]
    xs[::2] = [0] * len(xs[::2])
    del xs[-1:], xs[0]
    xs.sort(key=lambda v: -v)
    xs.extend(v for v in (5, 6))
    xs.remove(6)
    nested = {"a": {"b": [1]}}
    nested["a"]["b"][0] = nested["a"].setdefault("c", {})
    nested["a"]["c"]["k"] = 2
    nested.pop("zz", None)
    key, value = nested.popitem()
    total = 0
    for (p, q), r in [((1, 2), 3), ((4, 5), 6)]:
        total += p * q - r
        first = p if p > q else q
    flag = bool(total) and not None
    half = total / 4 or 0.5
    text = "a"
    text += "b" * 3
    lam = (lambda u, *v, k=1: u + k)(1, 2, k=5)
    big = 2 ** 80
    big >>= 70
    many = tuple(range(100))
    pair = (1, (2, [3]))
    pair[1][1].append(4)
    return grid


class Account:
    rate = 2
    log = []

    def __init__(self, owner):
        self.__balance = 0
        self.owner = owner

    @property
    def balance(self):
        return self.__balance

    @balance.setter
    def balance(self, value):
        if value < 0:
            raise ValueError(value)
        self.__balance = value
        self.log.append(value)

    def move(self, other, amount):
        self.balance -= amount
        other.balance += amount


def accounts():
    a, b = Account("a"), Account("b")
    a.balance = 5
    a.move(b, 3)
    try:
        a.move(b, 30)
    except ValueError as error:
        kept = str(error)
    logs = Account.log
    a.log = []
    a.log.append(1)
    return a, b


def partly():
    xs, d = [1, 2], {}
    try:
        a, (b, c) = 1, (2,)
    except ValueError:
        pass
    try:
        xs[0], d["k"], xs[9] = 7, 8, 9
    except IndexError:
        pass
    try:
        for p, q in [(1, 2), (3,)]:
            xs.append(p)
    except ValueError:
        q = "caught"
    try:
        xs.extend(1 / v for v in (1, 0))
    except ZeroDivisionError:
        xs.append("e")
    try:
        d["z"] += 1
    except KeyError as e:
        missing = e.args
    return xs, d


def library():
    h = [5, 3, 8]
    heapq.heapify(h)
    heapq.heappush(h, 1)
    top = heapq.heappop(h), heapq.heapreplace(h, 4)
    heapq.heappush(h, (2 if top else 3) + 1)
    tasks = []
    heapq.heappush(tasks, (2, "b"))
    heapq.heappush(tasks, (1, "a"))
    best = heapq.heappop(tasks)[1]
    order = [1, 5, 9]
    bisect.insort(order, 4)
    bisect.insort_left(order, 4)
    random.seed(3)
    random.shuffle(order)
    picked = random.sample(order, 2)

    def visit(f, items):
        return f(items)

    visit(lambda v: v.append(0), order)
    return order


awkward()
accounts()
partly()
library()
basics()
mappings()
sets()
others()
objects()
comprehensions()
