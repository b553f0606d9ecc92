"""Huge, deep and cyclic data."""


def cyclic_list():
    """expect: returned [...]"""
    xs = []
    xs.append(xs)
    return xs


def cyclic_dict():
    """expect: returned {'self': ...}"""
    d = {}
    d["self"] = d
    return d


def cyclic_instances():
    """expect: returned"""

    class Node:
        pass

    a, b = Node(), Node()
    a.other, b.other = b, a
    return a


def deep_list():
    """expect: returned"""
    xs = []
    for _ in range(2_000):
        xs = [xs]
    return xs


def deep_dict():
    """expect: returned"""
    d = {}
    for _ in range(2_000):
        d = {"in": d}
    return d


def deep_instances():
    """expect: returned"""

    class Node:
        def __init__(self, next):
            self.next = next

    node = None
    for _ in range(1_000):
        node = Node(node)
    return node


def huge_integer():
    """expect: returned"""
    n = 1
    for _ in range(20):
        n = n * 10**1000 + 1
    return n


def integer_beyond_printing():
    """expect: returned"""
    return 1 << 200_000


def huge_string():
    """expect: returned"""
    text = "ab" * 2_000_000
    return len(text)


def huge_string_result():
    """expect: returned"""
    return "x" * 1_000_000


def huge_list():
    """expect: returned 300000"""
    xs = list(range(300_000))
    xs[5] = -1
    return len(xs)


def huge_range():
    """expect: returned range(0, 1000000000000000000)"""
    return range(10**18)


def more_memory_than_there_is():
    """expect: limit_reached memory or raised MemoryError"""
    return [0] * 10**14


def memory_page_by_page():
    """expect: limit_reached memory or limit_reached time"""
    pages = []
    for _ in range(10**9):
        pages.append(bytearray(4_000_000))


def memory_in_one_string():
    """expect: limit_reached memory or limit_reached time"""
    text = "x"
    for _ in range(60):
        text += text
    return len(text)


def memory_of_children():
    """expect: limit_reached memory or limit_reached time"""
    import os
    import time

    for _ in range(4):
        if os.fork() == 0:
            page = bytearray(150_000_000)
            for index in range(0, len(page), 4096):
                page[index] = 1
            time.sleep(100)
    time.sleep(100)


def special_floats():
    """expect: returned [float('nan'), float('inf'), float('-inf'), -0.0]"""
    return [float("nan"), float("inf"), float("-inf"), -0.0]


def mixed_keys():
    """expect: returned {1: 'a', '1': 'b', (1,): 'c', None: 'd', 1.5: 'e'}"""
    return {1: "a", "1": "b", (1,): "c", None: "d", 1.5: "e"}


def lone_surrogates():
    """expect: returned"""
    return "\ud800 and \udfff"


def control_characters():
    """expect: returned"""
    return "\x1b[2J\x1b]0;title\x07 \x9b31m \u202e \u2066 \x00"


def markup():
    """expect: returned"""
    return "<script>alert(1)</script> [x](javascript:1) ![i](http://e/x) `|` </svg> %%{init: {}}%%"


def bytes_of_every_kind():
    """expect: returned"""
    return bytes(range(256))


def shared_parts():
    """expect: returned"""
    xs = [1, 2]
    for _ in range(25):
        xs = [xs, xs]
    return "2**25 leaves, 25 lists"


def many_small_objects():
    """expect: returned 50000 or limit_reached events or limit_reached time"""

    class Point:
        __slots__ = ("x", "y")

        def __init__(self, x):
            self.x = self.y = x

    return len([Point(i) for i in range(50_000)])


def set_of_frozensets():
    """expect: returned"""
    return {frozenset({1, 2}), frozenset({3})}


def keys_that_are_not_comparable():
    """expect: returned"""
    return {1, "a", None, 2.5, (1,)}
