"""The hooks of the quick rewriting: what an append alone cannot tell."""

import sys
from collections import Counter, OrderedDict, defaultdict, deque
from functools import partial
from itertools import chain
from operator import itemgetter
from types import BuiltinFunctionType, FunctionType, MethodType

from codeassist_probe_heap import (
    BIND,
    CELL,
    FALSE,
    FILL,
    INLINE,
    MAX_OBJECTS,
    NONE,
    PLAIN,
    REFERENCE,
    SIMPLE,
    TRUE,
    UNBIND,
    Heap,
    raw_dict,
    type_name,
)  # fmt: skip
from codeassist_probe_tracebacks import mend

_frame, _exc_info = sys._getframe, sys.exc_info
ENTER, YIELD, RESUME, RAISE, UNWIND = -13, -15, -16, -17, -18
ALIGN, DELEGATE, DELEGATED, AUDIT, GLOBAL, SET = -26, -27, -28, -29, -25, -7
FLAT, AUDIT_FLAT, FILL_FLAT, CLASS, EXTEND = -30, -31, -32, -33, -34
SHAPES = {list: 0, tuple: 1, dict: 2, set: 3, deque: 4}
INSTANCES = 16  # shapes from here on: instances of a class that was told
ATOMS = frozenset((int, float, str))
_all_atoms = ATOMS.issuperset
_MUTABLE = frozenset((list, dict, set, deque, defaultdict, Counter, OrderedDict, bytearray))
_INDEXED = frozenset((list, deque, bytearray))
_KEYED = frozenset((dict, defaultdict, Counter, OrderedDict))
_EXACT_ONLY = frozenset(("tensor", "array"))
_IDENTITY = object.__hash__, object.__eq__
_second = itemgetter(1)
MAX_TUPLE, RECENT = 64, 4096
_flatten = chain.from_iterable
MAX_AUDIT, AUDITED_WHOLE, MAX_SYNC = 200_000, 250_000, 20_000
_AUDITED = frozenset(("list", "dict", "set", "deque", "instance", "defaultdict", "Counter", "OrderedDict"))
_COMPREHENSIONS = ("<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>")


class QuickHeap(Heap):
    """Objects numbered by their identity; no shadows: changes are told by those who make them."""

    told = 0  # items of containers that were told whole
    doubt = ""

    def __init__(self, emit, extend, kinds):
        super().__init__(emit, kinds)
        self.extend = extend
        self.get = self.ids.get
        self.recent, self.classes = [], {}

    def reset(self):
        """Forget every object but the constants; the table keeps its identity, which hooks hold."""
        self.ids.clear()
        self.ids.update({id(None): NONE, id(True): TRUE, id(False): FALSE})
        self.tracked, self.recent, self.classes = {}, [], {}
        self.next = self.items = self.told = 0
        self.capped, self.doubt = False, ""

    def value(self, x):
        """The encoding of a value; constants are numbers too, so that most chunks hold nothing else."""
        known = self.get(id(x))
        if known is not None:
            return known
        cls = type(x)
        shape = SHAPES.get(cls)
        if shape is not None:
            items = x if shape != 2 else list(_flatten(dict.items(x)))
            told = list(map(self.get, map(id, items), items))
            if _all_atoms(map(type, told)):
                if shape == 1 and len(told) <= MAX_TUPLE:
                    return self.tuple(x, told)
                if shape != 1 and not self.capped and (shape != 4 or x.maxlen is None):
                    return self.told_flat(x, cls.__name__, shape, told)
        elif cls in ATOMS:
            return x
        elif not self.capped and self.kinds.of(cls) == "instance":
            return self.instance(x, cls)
        return super().value(x)

    def atoms(self, items):
        """What a container holds, encoded, if that is atoms, constants and known objects only."""
        told = list(map(self.get, map(id, items), items))
        return told if _all_atoms(map(type, told)) else None

    def told_flat(self, x, kind, shape, items):
        """Tell a container as numbers among the others."""
        number = self.next
        self.next = number + 1
        self.told += len(items)
        self.ids[id(x)] = REFERENCE + number
        self.tracked[number] = (x, kind)
        self.extend((FLAT, number, id(x), shape, len(items), *items))
        self.items += 1
        if self.items > MAX_OBJECTS:
            self.capped = True
        return REFERENCE + number

    def tuple(self, x, told):
        """A small tuple of atoms and known objects; it is kept alive, and known again, for a while only."""
        number = self.next
        self.next = number + 1
        known = self.ids[id(x)] = REFERENCE + number
        self.extend((FLAT, number, id(x), 1, len(told), *told))
        self.recent.append(x)
        if len(self.recent) > RECENT:
            for old in self.recent[: RECENT // 2]:
                del self.ids[id(old)]
            del self.recent[: RECENT // 2]
        return known

    def instance(self, x, cls):
        """An instance whose attributes are atoms and known objects; its class is told once."""
        read = self.kinds.reader(cls)
        told = self.atoms(self.content(x, "instance")[0] if read is None else list(_flatten(read(x).items())))
        if told is None:
            return super().value(x)
        shape = self.classes.get(cls)
        if shape is None:
            shape = self.classes[cls] = INSTANCES + len(self.classes)
            self.emit([CLASS, shape, type_name(cls), self.kinds.computed(cls)])
        return self.told_flat(x, "instance", shape, told)

    def remember(self, oid, x, kind, flat):
        """Keep an object alive."""
        self.tracked[oid] = (x, kind)
        self.items += 1
        if kind in _EXACT_ONLY or kind == "instance" and any(type(v).__name__ == "Items" for v in flat):
            self.doubt = "an object changes in ways that only comparing shows"

    def _child(self, x, work):
        if type(x) is tuple and id(x) not in self.ids and len(x) <= MAX_TUPLE:
            return self._tuple(x, work, 0)
        return super()._child(x, work)

    def _tuple(self, x, work, depth):
        """A small tuple is told in place, with its identity."""
        told = []
        for item in x:
            if type(item) in ATOMS:
                told.append(self.value(item))
            elif type(item) is tuple and id(item) not in self.ids and depth < 4 and len(item) <= MAX_TUPLE:
                told.append(self._tuple(item, work, depth + 1))
            else:
                told.append(Heap._child(self, item, work))
        return ["t", id(x), told]

    def fill(self, x):
        """Tell the whole content of a tracked object again."""
        number = self.ids.get(id(x), REFERENCE) - REFERENCE
        known = self.tracked.get(number)
        if known is not None and known[0] is x:
            flat = self.content(x, known[1])[0]
            told = self.atoms(flat)
            if told is None:
                self.emit([FILL, number, [self.value(item) for item in flat]])
            else:
                self.told += len(told)
                self.extend((FILL_FLAT, number, 0, 0, len(told), *told))


class QuickHooks:
    """The table of hooks over one recorder's log."""

    def __init__(self, recorder):
        self.recorder = recorder
        self.log = []
        self.append = self.log.extend  # the log is flat: a site's number and its values follow one another
        self.emit = self.log.append  # an entry that is more than numbers, as a list of its own
        self.objects = QuickHeap(self.emit, self.append, recorder.kinds)
        self.codes = set()
        self.fragile, self.risky, self.mentioned, self.kept = {}, set(), {}, []
        self.reset()
        names = (
            "changed whole keyed item attribute named closure generator yld resumed delegate delegated "
            "fail result looked wholly operated called heapq asked size extended"
        ).split()
        self.table = {name: getattr(self, name) for name in names}
        self.table.update({"extend": self.append, "single": self.log.append, "type": type, "id": id})
        self.table.update({"atoms": ATOMS, "known": self.objects.get, "value": self.objects.value})

    def reset(self):
        """Forget everything: a run begins."""
        self.objects.reset()
        self.cells, self.number, self.suspended, self.sizes = {}, 0, set(), {}
        self.plain_heaps = {}
        self.base = 0
        self.base = self.depth(_frame(1))

    def begin(self):
        """A run begins: tell the data that the modules' functions can see."""
        self.reset()
        for name, names in self.mentioned.items():
            space = getattr(sys.modules.get(name), "__dict__", {})
            for key in names:
                if key in space and self.is_data(space[key]):
                    self.emit([GLOBAL, name, key, self.objects.value(space[key])])

    def is_data(self, value):
        cls = type(value)
        return cls in INLINE or cls in PLAIN or self.recorder.kinds.of(cls) != "opaque"

    def adopt(self, code, sites, first):
        """Know the code objects and the names of a module that was just rewritten."""
        for number, row in enumerate(sites, first):
            if row[4].get("fragile"):
                self.fragile[number] = row[4]["fragile"]
            if row[4].get("risky"):
                self.risky.add(number)
        self.adopt_code(code)

    def adopt_code(self, code):
        if code.co_name not in _COMPREHENSIONS:
            self.codes.add(id(code))
            self.kept.append(code)
        for constant in code.co_consts:
            if type(constant) is type(code):
                self.adopt_code(constant)

    def mention(self, name, code):
        """Note the module variables that the functions of a module may read."""
        found = self.mentioned.setdefault(name, set())
        for constant in code.co_consts:
            if type(constant) is type(code):
                found.update(constant.co_names)
                self.mention(name, constant)

    def audit(self, written):
        """Tell the true content of what is alive, for the reader to compare; of a long run, less of it."""
        told, items, most = [], 0, MAX_AUDIT if written < AUDITED_WHOLE else written // 50
        for number, (x, kind) in list(self.objects.tracked.items()):
            if kind in _AUDITED:
                flat = self.objects.content(x, kind)[0]
                items += len(flat)
                if items > most:
                    break
                plain = self.objects.atoms(flat)
                if plain is not None:
                    self.append((AUDIT_FLAT, number, 0, 0, len(plain), *plain))
                else:
                    told.append([number, [self.objects.value(item) for item in flat]])
        self.emit([AUDIT, told])

    def depth(self, frame):
        """How many recorded activations are on the stack."""
        count, codes = 0, self.codes
        while frame is not None:
            if id(frame.f_code) in codes:
                count += 1
            frame = frame.f_back
        return count - self.base

    # -- values ---------------------------------------------------------------------------

    def changed(self, x):
        """The encoding of a value that an augmented assignment may have changed in place."""
        told = self.objects.value(x)
        if type(x) in _MUTABLE:
            self.objects.fill(x)
        return told

    def whole(self, x):
        """An object changed in a way that is told by its whole content."""
        if type(x) in _MUTABLE:
            self.objects.fill(x)

    def keyed(self, site, base, key, value):
        """An item store whose key is no atom."""
        if type(base) in _KEYED and _by_value(key):
            self.append((site, id(base), self.objects.value(key), self.objects.value(value)))
        else:
            self.whole(base)

    def item(self, site, base, key):
        """An augmented item: read it back, from a built-in container only."""
        kind = type(base)
        if kind in _INDEXED and type(key) is int or kind in _KEYED and _by_value(key):
            value = base[key]
            if type(value) in ATOMS and type(key) in ATOMS:
                self.append((site, id(base), key, value))
                return
            told = self.objects.value(value)
            if type(value) in _MUTABLE:
                self.objects.fill(value)
            self.append((site, id(base), self.objects.value(key), told))
        else:
            self.whole(base)

    def attribute(self, site, base, name):
        """An augmented attribute: read it back without asking the object."""
        kinds = self.recorder.kinds
        if kinds.of(type(base)) != "instance":
            return
        value = (kinds.reader(type(base)) or raw_dict)(base).get(name, _END)
        if value is _END:
            flat = self.objects.content(base, "instance")[0]
            value = dict(zip(flat[::2], flat[1::2])).get(name, _END)
        if type(value) in ATOMS:
            self.append((site, id(base), value))
        elif value is not _END:
            told = self.objects.value(value)
            if type(value) in _MUTABLE:
                self.objects.fill(value)
            self.append((site, id(base), told))

    def named(self, site, value):
        """A name bound inside an expression."""
        self.append((site, self.objects.value(value)))
        return value

    # -- calls ----------------------------------------------------------------------------

    def wholly(self, result, base):
        """A method that may have changed its receiver in any way."""
        if type(base) in _MUTABLE:
            self.objects.fill(base)
        return result

    def size(self, base):
        """How many items a list has."""
        return len(base) if type(base) is list else 0

    def extended(self, before, result, base):
        """A list was extended: what it holds beyond its `before` first items is new."""
        known = self.objects.get(id(base))
        if type(base) is not list or known is None:
            return self.wholly(result, base)
        told = self.objects.atoms(base[before:])
        if told is None:
            return self.wholly(result, base)
        self.objects.told += len(told)
        self.append((EXTEND, known - REFERENCE, 0, 0, len(told), *told))
        return result

    def operated(self, site, method, result, base, *args):
        """A method whose effect the reader can repeat from its arguments."""
        kind = type(base)
        if kind not in _MUTABLE:
            return result
        if (
            kind is bytearray
            or not all(map(_by_value, args))
            and method not in ("append", "appendleft", "insert")
        ):
            self.objects.fill(base)
        elif method == "popitem":
            self.objects.fill(base)
        elif len(args) == 1:
            self.append((site, id(base), self.objects.value(args[0])))
        elif method == "setdefault":
            self.append((site, id(base), self.objects.value(args[0]), self.objects.value(result)))
        else:
            self.append((site, id(base), *map(self.objects.value, args)))
        return result

    def heapq(self, site, result, base, *item):
        """heapq's push or pop, repeated by the reader where the items compare by value."""
        if type(base) is not list:
            return result
        if id(base) not in self.plain_heaps and all(map(_comparable, base)):
            self.plain_heaps[id(base)] = base
        if id(base) in self.plain_heaps and all(map(_comparable, item or (result,))):
            self.append((site, id(base), *map(self.objects.value, item)))
        else:
            self.plain_heaps.pop(id(base), None)
            self.objects.fill(base)
        return result

    def called(self, result, function, *objects):
        """A call of something unknown: tell its containers again unless it is the program's own or pure."""
        if function is not None and self.is_harmless(function):
            return result
        owner = getattr(function, "__self__", None) if type(function) is _builtin else None
        for x in (*objects, owner):
            if type(x) in _MUTABLE:
                self.objects.fill(x)
        return result

    def is_harmless(self, function):
        """Whether a callable is instrumented itself, a class, or a built-in without side effects."""
        kind = type(function)
        if kind is _function:
            return id(function.__code__) in self.codes
        if kind is _method:
            return type(function.__func__) is _function and id(function.__func__.__code__) in self.codes
        if kind is type:
            return True
        return kind is _builtin and function.__module__ in _PURE and function.__name__ not in _IMPURE

    def looked(self, result, base):
        """An item was read: a defaultdict may have made it."""
        if type(base) is defaultdict and self.sizes.get(id(base)) != len(base):
            self.sizes[id(base)] = len(base)
            known = self.objects.ids.get(id(base))
            if known is not None:
                self.objects.value(result)
                for key in reversed(base):
                    self.emit(
                        [SET, known - REFERENCE, self.objects.value(key), self.objects.value(base[key])]
                    )
                    break
        return result

    # -- activations ----------------------------------------------------------------------

    def closure(self, site, shared, *args):
        """A function that shares variables with others starts."""
        cells = shared.__closure__
        self.append((site, *map(self.objects.value, args), *map(id, cells)))
        if not self.cells.keys() >= set(map(id, cells)):
            self.tell_cells(cells)

    def generator(self, site, shared, *args):
        """A generator starts; the number by which it is resumed."""
        self.number += 1
        cells = shared.__closure__ if shared else ()
        self.append((site, self.number, *map(self.objects.value, args), *map(id, cells)))
        if shared:
            self.tell_cells(cells)
        return self.number

    def tell_cells(self, cells):
        for cell in cells:
            if id(cell) not in self.cells:
                self.cells[id(cell)] = cell
                try:
                    self.emit([CELL, id(cell), self.objects.value(cell.cell_contents)])
                except ValueError:  # not bound yet
                    continue

    def result(self, site, value):
        """A lambda's value."""
        self.append((site, self.objects.value(value)))
        return value

    def yld(self, site, number, value):
        """A generator gives a value."""
        self.append((site, self.objects.value(value)))
        self.suspended.add(number)
        return value

    def resumed(self, site, number, value):
        """A generator goes on."""
        if number in self.suspended:
            self.suspended.discard(number)
            self.append((site, number))
        return value

    def delegate(self, site, again, number, iterable):
        """The operand of a `yield from`."""
        if type(iterable) in SIMPLE:
            return map(partial(self.pass_on, site, again, number), iterable)
        self.emit([DELEGATE, number])
        return iterable

    def pass_on(self, site, again, number, value):
        self.resumed(again, number, None)
        return self.yld(site, number, value)

    def delegated(self, site, number, value):
        """A `yield from` ended."""
        self.resumed(site, number, None)
        self.emit([DELEGATED, number])
        return value

    def fail(self, site, final, number=None):
        """An exception passes; with `final` it leaves the body."""
        error = _exc_info()[1]
        if error is not None:
            mend(error)
            self.told_failure(_frame(1), site, error, final, number)
        return ()

    def told_failure(self, frame, site, error, final, number):
        """All that can fail near the recursion limit comes before the first entry."""
        told = [*self.recorder.told(error), id(error)]
        fragile = self.fragile.get(site, ())
        stores = self.names_now(frame.f_locals, fragile) if fragile else ()
        self.emit([ALIGN, self.depth(frame), number, *told])
        self.suspended.discard(number)
        for entry in stores:
            self.emit(entry)
        if site in self.risky:
            self.sync_contents(frame.f_locals.values())
        self.emit([RAISE, *told])
        if final:
            self.emit([UNWIND, *told])

    def names_now(self, seen, names):
        """Entries for names that the failing statement may have bound before it failed."""
        entries = []
        for name in names:
            if name in seen:
                entries.append([BIND, name, self.objects.value(seen[name]), True])
            else:
                entries.append([UNBIND, name])
        return entries

    def sync_contents(self, values):
        """Containers that the failing statement may have changed half-way: variables and attributes."""
        left = MAX_SYNC
        for value in list(values):
            if self.recorder.kinds.of(type(value)) == "instance":
                held = self.objects.content(value, "instance")[0][1::2]
            else:
                held = (value,)
            for item in held:
                if type(item) in _MUTABLE and len(item) <= left:
                    left -= len(item)
                    self.objects.fill(item)

    def asked(self, site, iterable):
        """An iterator that tells the loop header's step before each item but the first."""
        again = chain((None,), iter(partial(self.append, (site,)), _END))
        return map(_second, zip(again, iter(iterable)))


def _by_value(x):
    """Whether a key compares in the reader as it does in the program."""
    kind = type(x)
    if kind in ATOMS:
        return True
    if kind is tuple:
        return _all_atoms(map(type, x)) or all(map(_by_value, x))
    return kind.__hash__ is _IDENTITY[0] and kind.__eq__ is _IDENTITY[1]


def _comparable(x):
    """Whether heapq orders this the same way wherever it runs."""
    kind = type(x)
    return kind in _ORDERED or kind is tuple and all(map(_comparable, x))


class _End:
    pass


_END = _End()
_function, _method, _builtin = FunctionType, MethodType, BuiltinFunctionType
_IMPURE = frozenset(
    "setitem delitem iadd iand iconcat imul ior isub ixor setattr delattr exec eval next".split()
)
_ORDERED = frozenset((int, float, str, bool))
_PURE = frozenset(("builtins", "math", "cmath", "_operator", "itertools", "time", "_random"))
