"""What the recorder knows of the program's objects: identities, contents, and what changed in them.

Runs in the program's own interpreter (Python 3.9+, standard library only). No method of the
program is ever called: contents are read through the built-in types' own functions.
"""

import sys
import types
from array import array
from collections import Counter, OrderedDict, defaultdict, deque
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from itertools import chain
from operator import is_

NEW, BIND, UNBIND, CELL, CELL_EMPTY = -1, -2, -3, -4, -5
SPLICE, SET, ITEM, DELETE, FILL, ADD, DISCARD = -6, -7, -8, -9, -10, -11, -12

REFERENCE = 0x5CA1AB1E << 32
"""numbers from here on stand for tracked objects, by number, and for a few constants"""
NONE, TRUE, FALSE = REFERENCE + 0xFFFFFFFF, REFERENCE + 0xFFFFFFFE, REFERENCE + 0xFFFFFFFD

INLINE = frozenset((int, str, float, bool, type(None)))
BIG_INT = 1 << 4096
MAX_OBJECTS = 400_000
MAX_ITEMS = 8_000_000
MAX_TENSOR = 64

_member = types.MemberDescriptorType
_flatten = chain.from_iterable
_sequences = frozenset((list, deque, tuple))
_sets = frozenset((set, frozenset))
_mappings = frozenset((dict, defaultdict, OrderedDict, Counter))
_frozen = frozenset((tuple, frozenset))
PLAIN = frozenset((Fraction, Decimal, complex, bytes, range, slice, type(Ellipsis)))
SIMPLE = frozenset(
    (list, tuple, range, str, dict, set, frozenset, type({}.keys()), type({}.values()), type({}.items()))
)
"""iterables whose items come without running any code of the program"""
_functions = (
    types.FunctionType,
    types.BuiltinFunctionType,
    types.MethodType,
    type,
    types.ModuleType,
    types.GeneratorType,
    types.CoroutineType,
)


def text_problem(text):
    """Whether JSON would not give `text` back unchanged (it holds surrogates)."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def type_name(cls):
    """The name of a class, whatever its metaclass does."""
    name = type.__dict__["__name__"].__get__(cls)
    return name if type(name) is str else str.__str__(name)


_vars = type.__dict__["__dict__"].__get__
"""the namespace of a class, past what its metaclass says"""


class Kinds:
    """Classifies types once: which reader serves an object of this exact type."""

    def __init__(self):
        self.user_modules = set()
        self._known = {}
        self._slots = {}
        self._computed = {}
        self._readers = {}

    def of(self, cls):
        """One of the kind names of the trace format, or `opaque`."""
        kind = self._known.get(cls)
        if kind is None:
            kind = self._known[cls] = self._classify(cls)
        return kind

    def _classify(self, cls):
        if cls in _sequences or cls in _sets or cls in _mappings:
            return cls.__name__
        if cls is bytearray or cls is array:
            return cls.__name__
        mro = type.__dict__["__mro__"].__get__(cls)
        if Enum in mro:
            return "enum"
        if tuple in mro and any(type(_vars(base).get("_fields")) is tuple for base in mro):
            return "namedtuple"
        if self.is_tensor(cls):
            return "tensor"
        if type in mro:
            return "opaque"
        module = _vars(cls).get("__module__")
        if type(module) is str and module in self.user_modules:
            return "instance"
        return "opaque"

    @staticmethod
    def is_tensor(cls):
        """Whether this is numpy's or torch's own array type."""
        for module, name in (("numpy", "ndarray"), ("torch", "Tensor")):
            loaded = sys.modules.get(module)
            if loaded is not None and cls is getattr(loaded, name, None):
                return True
        numpy = sys.modules.get("numpy")
        return numpy is not None and issubclass(cls, getattr(numpy, "generic", ()))

    def reader(self, cls):
        """What gives the `__dict__` of an instance that holds nothing else; None where there is more."""
        if cls not in self._readers:
            mro = type.__dict__["__mro__"].__get__(cls)
            is_plain = not self.slots(cls) and not any(base in mro for base, _ in _BASES)
            self._readers[cls] = _dict_reader(cls) if is_plain else None
        return self._readers[cls]

    def computed(self, cls):
        """Names whose stores a class takes over (properties with a setter, say)."""
        found = self._computed.get(cls)
        if found is None:
            found = self._computed[cls] = []
            for base in type.__dict__["__mro__"].__get__(cls):
                for name, value in _vars(base).items():
                    if type(value) is not _member and hasattr(type(value), "__set__") and name != "__dict__":
                        found.append(name)
        return found

    def slots(self, cls):
        """The slot descriptors of a class and its bases, by name."""
        found = self._slots.get(cls)
        if found is None:
            found = self._slots[cls] = {}
            for base in type.__dict__["__mro__"].__get__(cls):
                for name, value in _vars(base).items():
                    if type(value) is _member and name not in found and base not in _builtin_bases:
                        found[name] = value
        return found


_builtin_bases = frozenset(value for value in vars(types).values() if isinstance(value, type)) | {
    object, type, BaseException, property, slice, range, super, memoryview,
}  # fmt: skip


class Heap:
    """Numbers objects, tells their content at first sight and the differences later.

    `emit` takes one entry of the trace log. Every tracked object is kept alive by its shadow.
    """

    def __init__(self, emit, kinds):
        self.emit = emit
        self.kinds = kinds
        self.ids = {}
        self.tracked = {}
        self.next = 0
        self.items = 0
        self.capped = False
        self.delayed = False

    # -- values ---------------------------------------------------------------------------

    def value(self, x):
        """The encoding of `x`: itself, a tagged list, or the reference of a tracked object."""
        cls = type(x)
        if cls in INLINE:
            if cls is int and (x >= BIG_INT or x <= -BIG_INT):
                return ["i", hex(x)]
            if cls is str and not x.isascii() and text_problem(x):
                return ["u", [ord(c) for c in x]]
            return x
        known = self.ids.get(id(x))
        if known is not None:
            return known
        if cls in PLAIN:
            return self._plain_value(cls, x)
        if self.capped:
            return self._opaque(cls, x)
        work, first = [], self.next
        try:
            told = self._child(x, work)
            if work:
                self._introduce(work)
        except RecursionError:
            self._forget(first)
            raise
        return told

    def _forget(self, first):
        """The stack was too deep to tell objects: as if they had not been seen."""
        for key, reference in list(self.ids.items()):
            if REFERENCE + first <= reference < FALSE:
                del self.ids[key]
                self.tracked.pop(reference - REFERENCE, None)

    def _plain_value(self, cls, x):
        if cls is complex:
            return ["c", x.real, x.imag]
        if cls is bytes:
            return ["b", x.decode("latin-1")]
        if cls is range:
            return ["r", self.value(x.start), self.value(x.stop), self.value(x.step)]
        if cls is slice:
            return ["l", self.value(x.start), self.value(x.stop), self.value(x.step)]
        if cls is Fraction:
            return ["F", self.value(Fraction.numerator.fget(x)), self.value(Fraction.denominator.fget(x))]
        if cls is Decimal:
            return ["D", Decimal.__str__(x)]
        return ["e"]

    def _opaque(self, cls, x):
        text = ""
        if cls in _functions:
            text = _function_text(cls, x)
        elif BaseException in type.__dict__["__mro__"].__get__(cls):
            text = f"{type_name(cls)}({message_of(x)!r})"
        elif type in type.__dict__["__mro__"].__get__(cls):
            text = f"<class {type_name(x)}>"
        return ["o", type_name(cls), text, id(x)]

    def _introduce(self, work):
        """Tell the content of every object in `work` and of all that they hold, in one NEW entry."""
        told = []
        while work:
            y, kind, oid = work.pop()
            flat, extra = self.content(y, kind)
            self.remember(oid, y, kind, flat)
            told.append([oid, id(y), kind, [self._child(item, work) for item in flat], *extra])
        if len(self.tracked) > MAX_OBJECTS or self.items > MAX_ITEMS:
            self.capped = True
        self.emit([NEW, told])

    def remember(self, oid, x, kind, flat):
        """Keep an object alive with its content as told."""
        self.tracked[oid] = [x, kind, flat]
        self.items += len(flat)

    def _number(self, x):
        number = self.next
        self.next = number + 1
        self.ids[id(x)] = REFERENCE + number
        return number

    def _child(self, x, work):
        cls = type(x)
        if cls in INLINE or id(x) in self.ids:
            return self.value(x)
        if cls in PLAIN:
            return self._plain_value(cls, x)
        if cls is Items:
            return ["T", [self._child(item, work) for item in x.items]]
        kind = self.kinds.of(cls)
        if kind == "opaque":
            return self._opaque(cls, x)
        number = self._number(x)
        work.append((x, kind, number))
        return REFERENCE + number

    # -- contents -------------------------------------------------------------------------

    def content(self, x, kind):
        """The flat list of what `x` holds, and what else describes it."""
        if kind in ("list", "tuple", "set", "frozenset"):
            return list(x), ()
        if kind == "deque":
            return list(x), (x.maxlen,)
        if kind in ("dict", "Counter"):
            return list(_flatten(dict.items(x))), ()
        if kind == "OrderedDict":
            return list(_flatten(OrderedDict.items(x))), ()
        if kind == "defaultdict":
            return list(_flatten(dict.items(x))), (_factory(x.default_factory),)
        if kind == "instance":
            return self._attributes(x), (type_name(type(x)), self.kinds.computed(type(x)))
        return self._rare_content(x, kind)

    def _rare_content(self, x, kind):
        if kind == "bytearray":
            return [x.decode("latin-1")], ()
        if kind == "array":
            return list(x), (x.typecode,)
        if kind == "namedtuple":
            return list(tuple.__iter__(x)), (type_name(type(x)), [str(f) for f in type(x)._fields])
        if kind == "enum":
            return [raw_dict(x).get("_value_")], (type_name(type(x)), str(raw_dict(x).get("_name_")))
        return _tensor(x), (type_name(type(x)),)

    def _attributes(self, x):
        cls = type(x)
        flat = []
        for name, value in list(raw_dict(x).items()):
            if type(name) is str:
                flat += (name, value)
        for name, slot in self.kinds.slots(cls).items():
            try:
                flat += (name, slot.__get__(x))
            except AttributeError:
                continue
        _base_content(x, cls, flat)
        return flat

    # -- changes --------------------------------------------------------------------------

    def sync_all(self):
        """Emit what changed in any tracked object; False when something cannot be told."""
        for number in list(self.tracked):
            self.sync(number)

    def sync(self, number):
        """Emit what changed in one tracked object since it was last told."""
        entry = self.tracked[number]
        x, kind, old = entry
        if kind in ("tuple", "frozenset", "namedtuple", "enum"):
            return
        new = self.content(x, kind)[0]
        if len(new) == len(old) and all(map(is_, new, old)):
            return
        if kind in ("instance", "tensor", "array", "bytearray") and _same(new, old):
            entry[2] = new
            return
        self._tell(number, kind, old, new)
        entry[2] = new
        self.items += len(new) - len(old)

    def _tell(self, number, kind, old, new):
        if kind in ("list", "deque"):
            self._tell_sequence(number, kind, old, new)
        elif kind in ("dict", "defaultdict", "Counter", "OrderedDict", "instance"):
            self._tell_mapping(number, old, new)
        elif kind == "set":
            self._tell_set(number, old, new)
        else:
            self.emit([FILL, number, [self._nested(item) for item in new]])

    def _nested(self, item):
        if type(item) is Items:
            return ["T", [self._nested(inner) for inner in item.items]]
        return self.value(item)

    def _tell_sequence(self, number, kind, old, new):
        if len(old) == len(new):
            changed = [i for i, same in enumerate(map(is_, old, new)) if not same]
            if len(changed) <= 8 or 3 * len(changed) < len(new):
                for i in changed:
                    self.emit([ITEM, number, i, self.value(new[i])])
                return
        start, shorter = 0, min(len(old), len(new))
        while start < shorter and old[start] is new[start]:
            start += 1
        end = 0
        while end < shorter - start and old[-1 - end] is new[-1 - end]:
            end += 1
        stop = len(old) - end
        inserted = [self.value(item) for item in new[start : len(new) - end]]
        self.emit([SPLICE, number, start, stop, inserted])

    def _tell_mapping(self, number, old, new):
        before = dict(zip(map(id, old[::2]), zip(old[::2], old[1::2])))
        after = dict(zip(map(id, new[::2]), zip(new[::2], new[1::2])))
        kept = [key for key in before if key in after]
        order = kept + [key for key in after if key not in before]
        if order != list(after):
            self.emit([FILL, number, [self._nested(item) for item in new]])
            return
        for key in before:
            if key not in after:
                self.emit([DELETE, number, self.value(before[key][0])])
        for key, (name, value) in after.items():
            if key not in before or before[key][1] is not value:
                if type(value) is Items and key in before and _same([value], [before[key][1]]):
                    continue
                self.emit([SET, number, self.value(name), self._nested(value)])

    def _tell_set(self, number, old, new):
        before = {id(item): item for item in old}
        after = {id(item): item for item in new}
        gone = [self.value(before[key]) for key in before if key not in after]
        come = [self.value(after[key]) for key in after if key not in before]
        if gone:
            self.emit([DISCARD, number, gone])
        if come:
            self.emit([ADD, number, come])


class Items:
    """What a subclass of a built-in container holds: compared and told as one value."""

    __slots__ = ("items",)

    def __init__(self, items):
        self.items = items


def _same(new, old):
    """Whether two contents agree, seen through `Items`, numbers and texts made anew."""
    if len(new) != len(old):
        return False
    for a, b in zip(new, old):
        if a is b:
            continue
        if type(a) is Items and type(b) is Items and _same(a.items, b.items):
            continue
        if type(a) is type(b) and type(a) in (int, float, str) and a == b:
            continue
        return False
    return True


def raw_dict(x):
    """The attributes of an instance as the interpreter keeps them; empty where it has no such dict."""
    cls = type(x)
    reader = _dict_readers.get(cls, _unknown)
    if reader is _unknown:
        reader = _dict_readers[cls] = _dict_reader(cls)
    found = reader(x) if reader is not None else None
    return found if type(found) is dict else {}


def _dict_reader(cls):
    """How the interpreter finds the attributes: a class may hide them behind a `__dict__` of its own."""
    for base in type.__dict__["__mro__"].__get__(cls):
        found = _vars(base).get("__dict__")
        if type(found) in (types.GetSetDescriptorType, types.MemberDescriptorType):
            return found.__get__
    return None


_dict_readers = {}
_unknown = object()


def _base_content(x, cls, flat):
    """Add what a subclass of a built-in type holds besides its attributes."""
    mro = type.__dict__["__mro__"].__get__(cls)
    for base, reader in _BASES:
        if base in mro:
            flat += ("<" + base.__name__ + ">", reader(x))
            return


_BASES = (
    (dict, lambda x: Items(list(_flatten(dict.items(x))))),
    (list, lambda x: Items(list(list.__iter__(x)))),
    (tuple, lambda x: Items(list(tuple.__iter__(x)))),
    (set, lambda x: Items(list(set.__iter__(x)))),
    (frozenset, lambda x: Items(list(frozenset.__iter__(x)))),
    (deque, lambda x: Items(list(deque.__iter__(x)))),
    (int, int.__int__),
    (float, float.__float__),
    (str, str.__str__),
    (bytes, lambda x: bytes.__getitem__(x, slice(None))),
    (BaseException, lambda x: Items(list(BaseException.args.__get__(x)))),
)


def _factory(factory):
    return type_name(factory) if type(factory) is type else None if factory is None else "function"


def _function_text(cls, x):
    if cls is type:
        return f"<class {type_name(x)}>"
    if cls is types.ModuleType:
        return f"<module {raw_dict(x).get('__name__')!s}>"
    name = getattr(x, "__qualname__", "")
    return f"<{cls.__name__} {name}>" if type(name) is str else f"<{cls.__name__}>"


def _tensor(x):
    """Shape, dtype, digest and up to 64 elements of a numpy array or torch tensor."""
    from hashlib import sha256

    shape = tuple(int(n) for n in x.shape)
    dtype = str(x.dtype)
    if hasattr(x, "detach"):
        x = x.detach().cpu().numpy()
    try:
        digest = sha256(x.tobytes()).hexdigest()[:16]
        elements = [repr(e) for e in x.ravel().tolist()] if x.size <= MAX_TENSOR else []
    except Exception:
        digest, elements = "", []
    return [repr(list(shape)), dtype, digest, *elements]


def message_of(error):
    """The text of an exception when no code of the program is needed to tell it."""
    args = BaseException.args.__get__(error)
    if all(type(arg) in INLINE for arg in args):
        method = type(error).__str__
        if isinstance(method, (types.WrapperDescriptorType, types.BuiltinFunctionType)):
            try:
                return method(error)
            except Exception:
                return ""
        return ", ".join(map(str, args))
    return ", ".join(str(arg) if type(arg) in INLINE else f"<{type_name(type(arg))}>" for arg in args)
