from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction
from decimal import Decimal
from array import array
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


class Stack(list):
    def push(self, x):
        self.append(x)


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
    ar = array("i", [1, 2])
    ar.append(3)
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
    st = Stack()
    st.push(1)
    st.push(2)
    setattr(n, "extra", 5)
    n.__dict__["raw"] = 6
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


basics()
mappings()
sets()
others()
objects()
comprehensions()
