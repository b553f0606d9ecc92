"""Finding attributes: method resolution order, views that stay current, descriptors."""

from __future__ import annotations

from codeassist.callgraph.solver import Solver
from codeassist.callgraph.values import Builtin, Class, External, Value

DEPTH = 8
"""components of an external dotted name beyond which no more are added"""


def mro(cls: Class) -> list[Value]:
    """Linearised bases, the class first; C3 where it exists, else depth first without repeats."""
    if cls.mro is None:
        cls.mro = _linearise(cls, ())
    return cls.mro


def _linearise(cls: Class, above: tuple[Class, ...]) -> list[Value]:
    if cls in above:  # a cycle: every class once
        return []
    parents = [base for group in cls.bases for base in group]
    lists = [
        list(base.mro or _linearise(base, (*above, cls))) if isinstance(base, Class) else [base]
        for base in parents
    ]
    merged = _merge([*lists, list(parents)])
    if merged is None:
        merged = list(dict.fromkeys(value for each in lists for value in each))
    return [cls, *(value for value in merged if value is not cls)]


def _merge(lists: list[list[Value]]) -> list[Value] | None:
    result: list[Value] = []
    lists = [each for each in lists if each]
    while lists:
        for candidate in lists:
            head = candidate[0]
            if not any(head in other[1:] for other in lists):
                break
        else:
            return None
        result.append(head)
        lists = [rest for each in lists if (rest := [value for value in each if value is not head])]
    return result


def add_base(s: Solver, cls: Class, index: int, base: Value) -> None:
    """A base became known: orders change, and what was looked up is looked up again."""
    if base in cls.bases[index]:
        return
    cls.bases[index].append(base)
    if isinstance(base, Class):
        base.subclasses.append(cls)
    pending, seen = [cls], {cls}
    while pending:
        changed = pending.pop()
        changed.mro = None
        pending.extend(sub for sub in changed.subclasses if sub not in seen)
        seen.update(changed.subclasses)
    for owner, attribute, is_class_level in list(s.view_of):
        if owner in seen:
            _fill(s, owner, attribute, is_class_level)


def view(s: Solver, cls: Class, attribute: str, is_class_level: bool) -> int:
    """The node of all that the attribute may be, in the class bodies or stored on instances."""
    where = (cls, attribute, is_class_level)
    node = s.view_of.get(where)
    if node is None:
        s.view_of[where] = node = s.grow(1)
        s.views.setdefault((attribute, is_class_level), []).append((cls, node))
        _fill(s, cls, attribute, is_class_level)
    return node


def _fill(s: Solver, cls: Class, attribute: str, is_class_level: bool) -> None:
    node = s.view_of[cls, attribute, is_class_level]
    order = mro(cls)
    if is_class_level:
        s.edge(_defined(order, attribute), node)
    for owner, stored in s.stored.get((attribute, is_class_level), ()):
        if owner in order:
            s.edge(stored, node)


def _defined(order: list[Value], attribute: str) -> int:
    for cls in order:
        if isinstance(cls, Class) and attribute in cls.attributes:
            return cls.attributes[attribute]
    return -1


def field(s: Solver, cls: Class, attribute: str, is_class_level: bool) -> int:
    """The node behind stores to an attribute of instances, or of the class itself."""
    where = (attribute, is_class_level)
    node = cls.fields.get(where)
    if node is None:
        cls.fields[where] = node = s.grow(1)
        s.stored.setdefault(where, []).append((cls, node))
        for owner, seen in s.views.get(where, ()):
            if cls in mro(owner):
                s.edge(node, seen)
    return node


def defines(cls: Class, attribute: str) -> bool:
    """Whether a class body in the order binds the attribute."""
    return any(isinstance(each, Class) and attribute in each.attributes for each in mro(cls))


def in_metaclass(cls: Class, attribute: str) -> Class | None:
    """The metaclass, its own or a base's, whose class bodies bind the attribute."""
    holders = [meta for each in mro(cls) if isinstance(each, Class) for meta in each.metaclasses]
    return next((meta for meta in holders if defines(meta, attribute)), None)


def is_stored(s: Solver, cls: Class, attribute: str) -> bool:
    """Whether the attribute is stored on instances or on the class."""
    order = mro(cls)
    return any(owner in order for level in (False, True) for owner, _ in s.stored.get((attribute, level), ()))


def after(cls: Class, order: list[Value]) -> list[Value]:
    """The part of an order that `super()` of `cls` searches."""
    return order[order.index(cls) + 1 :] if cls in order else mro(cls)[1:]


def definition(order: list[Value], attribute: str) -> tuple[int, Value | None]:
    """Node of the first definition in the order, else -1 and the outside base that may have one."""
    node = _defined(order, attribute)
    if node >= 0 or any(isinstance(each, Class) and attribute in each.attributes for each in order):
        return node, None
    return -1, next((each for each in order if isinstance(each, (External, Builtin))), None)


def external_name(base: str, attribute: str) -> str:
    """`base.attribute`, or nothing when names would grow without end."""
    parts = base.split(".")
    return "" if len(parts) >= DEPTH or attribute in parts[2:] else f"{base}.{attribute}"
