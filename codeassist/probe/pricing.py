"""What built-ins cost: the price of one call, copy or search on the sizes that it saw, in operations.

One operation is one executed statement. A price is what a textbook says, with memory copies at an eighth
of an operation for each item, so that a copy of three items is free and a copy in a loop still shows.
Appending to a string in place, which CPython does without a copy, costs what is appended.
"""

import math
import sys
from collections import Counter, OrderedDict, defaultdict, deque
from types import BuiltinFunctionType, FunctionType, GeneratorType, MethodType

COPY = 8
WORDS = 2048
SMALL = 1 << 62
_ATOMS = (int, float, str, bytes, bool, type(None))
_SIZED = (
    list,
    tuple,
    str,
    bytes,
    bytearray,
    dict,
    set,
    frozenset,
    deque,
    range,
    Counter,
    OrderedDict,
    defaultdict,
)
_FAST = (set, frozenset, dict, range, Counter, OrderedDict, defaultdict)
_NOT_FOREIGN = (
    "re",
    "enum",
    "abc",
    "typing",
    "functools",
    "dataclasses",
    "contextlib",
    "importlib._bootstrap",
)


def size(value):
    """Items in a built-in container, 0 for anything else: the program's own `__len__` is never called."""
    kind = type(value)
    return len(value) if kind in _SIZED or kind is _KEYS or kind is _VALUES or kind is _ITEMS else 0


_KEYS, _VALUES, _ITEMS = type({}.keys()), type({}.values()), type({}.items())


def n_log_n(n):
    """The comparisons of a sort of n items."""
    return int(n * math.log2(n)) if n > 1 else n


def log(n):
    """The depth of a heap or of a halving of n items."""
    return n.bit_length() if n > 1 else 0


def position(items, wanted):
    """How many items a search from the front looks at, or all where looking would run the program's code."""
    if type(wanted) not in _ATOMS:
        return len(items)
    for count, item in enumerate(items, 1):
        if type(item) in _ATOMS and item == wanted:
            return count
    return len(items)


def search_price(wanted, container):
    """The price of `wanted in container`."""
    kind = type(container)
    if kind in (list, tuple, deque):
        return position(container, wanted)
    if kind in (str, bytes, bytearray):
        return len(container) // COPY
    if kind is _VALUES:
        return len(container)
    return 0


def equality_price(left, right, same):
    """The price of `left == right`: both are walked while they agree."""
    if type(left) is not type(right) or type(left) not in _SIZED or type(left) is range:
        return 0
    return len(left) // COPY if same or len(left) == len(right) and type(left) not in (str, bytes) else 0


def result_price(value):
    """The price of making `value` by an operator: a copy for a container, words for a large integer."""
    kind = type(value)
    if kind is int:
        return value.bit_length() // 30 // WORDS if value > 1 << 62 or value < -(1 << 62) else 0
    return len(value) // COPY if kind in _SIZED and kind is not range else 0


# --- calls: (type of the receiver, method) or name -> price from the arguments before the call -------

_LIST = {
    "append": None,
    "sort": lambda s, a: n_log_n(len(s)),
    "reverse": lambda s, a: len(s) // COPY,
    "copy": lambda s, a: len(s) // COPY,
    "index": lambda s, a: position(s, a[0]) if a else 0,
    "count": lambda s, a: len(s),
    "remove": lambda s, a: len(s),
    "insert": lambda s, a: max(0, len(s) - _at(s, a)) // COPY,
    "pop": lambda s, a: max(0, len(s) - _at(s, a)) // COPY if a else 0,
    "extend": lambda s, a: size(a[0]) // COPY if a else 0,
}
_STR = {
    "join": lambda s, a: size(a[0]) + (_total(a[0]) + len(s) * size(a[0])) // COPY if a else 0,
    "startswith": None,
    "endswith": None,
    "isdigit": None,
}
_DEQUE = {
    "rotate": lambda s, a: min(abs(a[0]) if a and type(a[0]) is int else 1, len(s)),
    "index": lambda s, a: len(s),
    "count": lambda s, a: len(s),
    "remove": lambda s, a: len(s),
    "insert": lambda s, a: len(s) // COPY,
    "copy": lambda s, a: len(s) // COPY,
    "extend": lambda s, a: size(a[0]) // COPY if a else 0,
}
_DICT = {
    "copy": lambda s, a: len(s) // COPY,
    "update": lambda s, a: size(a[0]) if a else 0,
    "most_common": lambda s, a: n_log_n(len(s)),
}
_SET = {
    "copy": lambda s, a: len(s) // COPY,
    "union": lambda s, a: len(s) // COPY + sum(map(size, a)),
    "update": lambda s, a: sum(map(size, a)),
    "intersection": lambda s, a: min([len(s), *map(size, a)]),
    "intersection_update": lambda s, a: len(s),
    "difference": lambda s, a: len(s),
    "difference_update": lambda s, a: sum(map(size, a)),
    "symmetric_difference": lambda s, a: len(s) + sum(map(size, a)),
    "issubset": lambda s, a: len(s),
    "issuperset": lambda s, a: sum(map(size, a)),
    "isdisjoint": lambda s, a: min([len(s), *map(size, a)]),
}
METHODS = {
    list: _LIST, str: _STR, bytes: _STR, deque: _DEQUE, dict: _DICT, Counter: _DICT, OrderedDict: _DICT,
    defaultdict: _DICT, set: _SET, frozenset: _SET,
}  # fmt: skip
FUNCTIONS = {
    "heappush": lambda a: log(size(a[0])),
    "heappop": lambda a: log(size(a[0])),
    "heappushpop": lambda a: log(size(a[0])),
    "heapreplace": lambda a: log(size(a[0])),
    "heapify": lambda a: size(a[0]),
    "bisect_left": lambda a: log(size(a[0])),
    "bisect_right": lambda a: log(size(a[0])),
    "bisect": lambda a: log(size(a[0])),
    "insort_left": lambda a: log(size(a[0])) + size(a[0]) // COPY,
    "insort_right": lambda a: log(size(a[0])) + size(a[0]) // COPY,
    "insort": lambda a: log(size(a[0])) + size(a[0]) // COPY,
    "pow": lambda a: a[1].bit_length() // 4 if len(a) == 3 and type(a[1]) is int else 0,
}
FREE = {len, abs, isinstance, ord, chr, print, divmod, round, hash, id, iter, next, getattr, setattr, hasattr}
_CONSUMERS = {"sum", "min", "max", "any", "all", "reduce", "prod", "fsum"}
_BUILDERS = (list, tuple, set, frozenset, dict, Counter, OrderedDict, deque, bytes, bytearray)


def _at(items, arguments):
    index = arguments[0] if arguments and type(arguments[0]) is int else 0
    return max(0, index + len(items)) if index < 0 else index


def _total(parts):
    if type(parts) not in (list, tuple, deque, set, frozenset, dict):
        return 0
    return sum(len(part) for part in parts if type(part) in (str, bytes))


def hooks(charge, instrumented):
    """The functions that rewritten code calls; `charge(site, price)` collects."""

    def counted(site, items):
        for item in items:
            charge(site, 1)
            yield item

    def consumed(site, value):
        """`value` so that what is taken from it is counted; the program's own generators count themselves."""
        kind = type(value)
        if kind in _ATOMS or kind is GeneratorType and instrumented(value.gi_code.co_filename):
            return value
        if kind.__module__ in ("builtins", "itertools", "collections") and hasattr(kind, "__iter__"):
            return counted(site, value)
        return value

    def consumer(site, function):
        def call(*arguments, **options):
            if function.__name__ == "reduce" and len(arguments) > 1:
                arguments = (arguments[0], consumed(site, arguments[1]), *arguments[2:])
            elif len(arguments) == 1 and type(arguments[0]) not in (str, bytes):
                arguments = (consumed(site, arguments[0]),)
            return function(*arguments, **options)

        return call

    def builder(site, kind):
        def call(*arguments, **options):
            result = kind(*arguments, **options)
            if arguments and size(result):
                charge(site, max(size(arguments[0]), size(result)))
            return result

        return call

    def sorter(site, function):
        def call(*arguments, **options):
            result = function(*arguments, **options)
            charge(site, n_log_n(size(result)))
            return result

        return call

    def method(site, function, price):
        def call(*arguments, **options):
            charge(site, price(function.__self__, arguments))
            if function.__name__ in ("join", "extend", "update") and len(arguments) == 1:
                if not size(arguments[0]):
                    arguments = (consumed(site, arguments[0]),)
            return function(*arguments, **options)

        return call

    def priced(site, function, price):
        def call(*arguments, **options):
            charge(site, price(arguments) if arguments else 0)
            return function(*arguments, **options)

        return call

    def text_method(site, function):
        def call(*arguments, **options):
            charge(site, len(function.__self__) // COPY)
            return function(*arguments, **options)

        return call

    def converter(site, kind):
        def call(*arguments, **options):
            result = kind(*arguments, **options)
            if arguments:
                given = arguments[0]
                charge(site, size(given) // (COPY if type(given) in (str, bytes) else 1))
                charge(site, result_price(result) if kind is int else 0)
            return result

        return call

    def pattern(site, function):
        def call(*arguments, **options):
            texts = [item for item in arguments if type(item) in (str, bytes)]
            charge(site, max(map(len, texts), default=0) // 2)
            return function(*arguments, **options)

        return call

    def foreign(site, function):
        """A Python function that was not rewritten: its executed lines are counted."""

        def call(*arguments, **options):
            previous = sys.gettrace()
            if previous is not None:
                return function(*arguments, **options)

            def local(frame, event, argument):
                if event == "line":
                    charge(site, 1)
                return local

            def entered(frame, event, argument):
                return None if instrumented(frame.f_code.co_filename) else local

            sys.settrace(entered)
            try:
                return function(*arguments, **options)
            finally:
                sys.settrace(None)

        return call

    def builtin(site, function):
        receiver, name = function.__self__, function.__name__
        kind = type(receiver)
        if kind in METHODS:
            if name == "append":
                return function
            if name in METHODS[kind]:
                price = METHODS[kind][name]
                return function if price is None else method(site, function, price)
            return text_method(site, function) if kind in (str, bytes) and len(receiver) >= COPY else function
        if name == "sorted":
            return sorter(site, function)
        if name in _CONSUMERS:
            return consumer(site, function)
        if name in FUNCTIONS:
            return priced(site, function, FUNCTIONS[name])
        return pattern(site, function) if kind.__name__ == "Pattern" else function

    def callee(site, function):
        kind = type(function)
        if kind is FunctionType or kind is MethodType:
            code = getattr(function, "__code__", None)
            if code is None or known.get(code) or instrumented_code(code):
                return function
            if function.__module__ == "re":
                return pattern(site, function)
            return function if function.__module__ in _NOT_FOREIGN else foreign(site, function)
        if kind is BuiltinFunctionType:
            if function in FREE:
                return function
            return builtin(site, function)
        if kind is type:
            if function in _BUILDERS:
                return builder(site, function)
            return converter(site, function) if function in (str, int) else function
        return function

    known = {}

    def instrumented_code(code):
        answer = known.get(code)
        if answer is None:
            answer = known[code] = instrumented(code.co_filename)
        return answer

    def copied(site, value):
        if type(value) in _SIZED:
            charge(site, len(value) // COPY)
        return value

    def computed(site, value):
        kind = type(value)
        if kind is int and -SMALL < value < SMALL or kind is float:
            return value
        charge(site, result_price(value))
        return value

    def added(site, value):
        if type(value) in _SIZED:
            charge(site, len(value) // COPY)
        return value

    def removed(site, container):
        if type(container) is list:
            charge(site, len(container) // COPY)
        return container

    def inside(site, wanted, container):
        charge(site, search_price(wanted, container))
        return wanted in container

    def outside(site, wanted, container):
        charge(site, search_price(wanted, container))
        return wanted not in container

    def equal(site, left, right):
        same = left == right
        if type(left) in _SIZED:
            charge(site, equality_price(left, right, same is True))
        return same

    def unequal(site, left, right):
        differ = left != right
        if type(left) in _SIZED:
            charge(site, equality_price(left, right, differ is False))
        return differ

    return {
        "callee": callee, "copied": copied, "computed": computed, "added": added, "removed": removed,
        "inside": inside, "outside": outside, "equal": equal, "unequal": unequal,
    }  # fmt: skip
