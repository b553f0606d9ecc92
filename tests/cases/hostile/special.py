"""Objects whose special methods raise, loop, print, mutate or lie: recording never calls them."""


class Loud:
    """Every special method tells on whoever calls it."""

    calls = []

    def __init__(self):
        self.value = 1

    def __repr__(self):
        Loud.calls.append("repr")
        raise RuntimeError("repr was called")

    __str__ = __format__ = __repr__

    def __eq__(self, other):
        Loud.calls.append("eq")
        raise RuntimeError("eq was called")

    def __hash__(self):
        Loud.calls.append("hash")
        raise RuntimeError("hash was called")

    def __len__(self):
        Loud.calls.append("len")
        raise RuntimeError("len was called")

    def __bool__(self):
        Loud.calls.append("bool")
        raise RuntimeError("bool was called")

    def __iter__(self):
        Loud.calls.append("iter")
        raise RuntimeError("iter was called")


def nobody_asks():
    """expect: returned []"""
    a = Loud()
    b = [a, a]
    c = {"k": a}
    b.append(c)
    a.value = 2
    return Loud.calls


def returned_itself():
    """expect: returned"""
    return Loud()


def passed_along():
    """expect: returned []"""

    def take(x, xs):
        xs.append(x)
        return xs

    take(Loud(), [])
    return Loud.calls


def repr_that_never_ends():
    """expect: returned 1"""

    class Slow:
        def __repr__(self):
            while True:
                pass

    x = Slow()
    xs = [x]
    return len(xs)


def repr_of_megabytes():
    """expect: returned"""

    class Big:
        def __repr__(self):
            return "x" * 50_000_000

    return Big()


def attribute_access_that_raises():
    """expect: returned 'kept'"""

    class Closed:
        def __getattribute__(self, name):
            raise RuntimeError("attribute was read: " + name)

    x = Closed()
    return "kept" if x is not None else ""


def attribute_access_that_counts():
    """expect: returned 0"""

    class Counting:
        reads = 0

        def __getattribute__(self, name):
            Counting.reads += 1
            return object.__getattribute__(self, name)

    x = Counting()
    xs = [x]
    xs.append(x)
    return Counting.reads


def getattr_that_invents():
    """expect: returned"""

    class Endless:
        def __getattr__(self, name):
            return self

    return Endless()


def dict_that_lies():
    """expect: returned 'fine'"""

    class Liar:
        @property
        def __dict__(self):
            raise RuntimeError("__dict__ was read")

    x = Liar()
    return "fine" if x else ""


def class_that_lies():
    """expect: returned 'fine'"""

    class Liar:
        __class__ = list

    x = Liar()
    y = [x]
    return "fine" if y else ""


def class_property_that_raises():
    """expect: returned 'fine'"""

    class Liar:
        @property
        def __class__(self):
            raise RuntimeError("__class__ was read")

    y = [Liar()]
    return "fine" if y else ""


def list_subclass_that_counts():
    """expect: returned 0"""

    class Counting(list):
        asked = 0

        def __iter__(self):
            Counting.asked += 1
            return list.__iter__(self)

        def __len__(self):
            Counting.asked += 1
            return list.__len__(self)

        def __getitem__(self, index):
            Counting.asked += 1
            return list.__getitem__(self, index)

    xs = Counting([1, 2, 3])
    ys = [xs]
    ys.append(xs)
    return Counting.asked


def dict_subclass_that_raises():
    """expect: returned 'fine'"""

    class Closed(dict):
        def keys(self):
            raise RuntimeError("keys was called")

        def items(self):
            raise RuntimeError("items was called")

        def __iter__(self):
            raise RuntimeError("iter was called")

    d = Closed(a=1)
    e = [d]
    return "fine" if e else ""


def integer_subclass_that_prints():
    """expect: returned 1"""

    class Number(int):
        def __repr__(self):
            print("repr!")
            return "number"

        def __index__(self):
            print("index!")
            return 3

    xs = [Number(3)]
    return len(xs)


def string_subclass_that_raises():
    """expect: returned 1"""

    class Text(str):
        def __str__(self):
            raise RuntimeError("str was called")

        def __repr__(self):
            raise RuntimeError("repr was called")

        def __len__(self):
            raise RuntimeError("len was called")

    xs = [Text("abc")]
    return len(xs)


def setitem_with_effects():
    """expect: returned [('k', 1)]"""

    class Box:
        def __init__(self):
            self.seen = []

        def __setitem__(self, key, value):
            self.seen.append((key, value))

        def __getitem__(self, key):
            raise RuntimeError("read back")

    box = Box()
    box["k"] = 1
    return box.seen


def descriptor_with_effects():
    """expect: returned ['set 1']"""
    told = []

    class Field:
        def __get__(self, instance, owner):
            told.append("get")
            return 0

        def __set__(self, instance, value):
            told.append("set %d" % value)

    class Holder:
        field = Field()

    holder = Holder()
    holder.field = 1
    return told


def destructor_that_raises():
    """expect: returned 'on'"""

    class Falling:
        def __del__(self):
            raise RuntimeError("in the destructor")

    x = Falling()
    x = None
    return "on"


def destructor_that_resurrects():
    """expect: returned"""
    kept = []

    class Phoenix:
        def __del__(self):
            kept.append(self)

    x = Phoenix()
    del x
    return len(kept)


def metaclass_that_raises():
    """expect: returned 'made'"""

    class Meta(type):
        def __repr__(cls):
            raise RuntimeError("repr of the class")

        def __instancecheck__(cls, instance):
            raise RuntimeError("isinstance was asked")

        def __getattribute__(cls, name):
            raise RuntimeError("attribute of the class: " + name)

    class Odd(metaclass=Meta):
        pass

    xs = [object.__new__(Odd)]
    return "made" if xs else ""


def equality_that_mutates():
    """expect: returned [1, 2, 3]"""

    class Thief:
        def __init__(self, victim):
            self.victim = victim

        def __eq__(self, other):
            self.victim.clear()
            return True

        __hash__ = None

    xs = [1, 2, 3]
    thief = Thief(xs)
    ys = [thief]
    return xs


def length_that_is_negative():
    """expect: raised ValueError"""

    class Odd:
        def __len__(self):
            return -1

    return len(Odd())


def slots_without_values():
    """expect: returned"""

    class Slotted:
        __slots__ = ("a", "b")

    x = Slotted()
    x.a = 1
    return x


def name_that_is_no_string():
    """expect: returned"""
    cls = type("weird name\n\x1b[31m", (), {})
    return cls()


def exception_that_cannot_be_printed():
    """expect: raised Unprintable"""

    class Unprintable(Exception):
        def __str__(self):
            raise RuntimeError("no words")

        __repr__ = __str__

    raise Unprintable("hidden")


def exception_that_loops_when_printed():
    """expect: raised Endless"""

    class Endless(Exception):
        def __str__(self):
            while True:
                pass

        __repr__ = __str__

    raise Endless()


def exception_with_a_huge_message():
    """expect: raised ValueError"""
    raise ValueError("x" * 5_000_000)


def exception_chain_in_a_circle():
    """expect: raised ValueError"""
    a, b = ValueError("a"), KeyError("b")
    a.__cause__, b.__cause__ = b, a
    raise a


def exception_with_escapes():
    """expect: raised ValueError"""
    raise ValueError("\x1b[2J\x1b]8;;http://evil\x07click\u202e")


def exception_class_with_escapes():
    """expect: raised"""
    raise type("Bad\x1b[31mName\n", (Exception,), {})("x")
