"""Random little programs in the manner of algorithm code: endless material for the tracer.

Each program is one function whose statements count, index, compare, swap and loop. It may raise in
the middle: what was recorded up to there is as good as any. Written here, so free of licences.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

INTS = "i j k n m low high mid left right total count best x y key value steps limit".split()
LISTS = "xs ys items numbers result stack path row dp arr".split()
DICTS = "counts seen memo index".split()
STRINGS = "s word text pattern".split()

EXPRESSIONS = (
    *["{a} + {b}", "{a} - {b}"] * 2,
    *["{a} + 1", "{a} - 1", "-{x}"],
    *["{number} * {a}", "{a} * 10", "{a} // {small}", "{a} // 2", "{a} % {small}", "{a} % {x}"],
    *["({a} + {b}) // 2", "{a} + {b} - {c}", "{a} * {small} + {c}", "({a} + {b}) % {small}"],
    *["min({a}, {b})", "max({a}, {b})", "abs({a} - {b})", "max({a}, {b} + {c})", "min({a} + 1, {b})"],
    "{a} if {a} < {b} else {b}",
)
PRODUCTS = ("{a} * {b}", "{a} * {a}", "{a} * {b} + {c}")
"""for outside of loops: a number that is squared at each turn soon fills the memory"""
TESTS = (
    *["{a} {sign} {b}"] * 3,
    *["{a} % 2 == 0", "{a} % {small} == {number}", "{a} + {c} {sign} {b}", "{a} - 1 {sign} {b}"],
    *["{a} in {xs}", "{a} not in {xs}", "{xs}", "not {xs}", "{a} in {d}", "{a} not in {d}"],
    *["{item} {sign} {other}", "{item} {sign} {x}", "{item} {sign} {item}", "{s}[{place}] == {s}[-1]"],
    "{s}[{place}] == 'a'",
)


@dataclass(slots=True)
class Writer:
    """The function being written: lines so far, and the names that are bound, by type."""

    chance: random.Random
    ints: list[str] = field(default_factory=list)
    lists: list[str] = field(default_factory=list)
    dicts: list[str] = field(default_factory=list)
    strings: list[str] = field(default_factory=list)
    grids: list[str] = field(default_factory=list)
    opening: list[str] = field(default_factory=list)
    """statements at the top of the function"""
    lines: list[str] = field(default_factory=list)
    frozen: set[str] = field(default_factory=set)
    """loop variables and lists under iteration: changing them could make the loop endless"""

    def write(self, depth: int, line: str) -> None:
        self.lines.append("    " * depth + line)

    def pick(self, names: list[str]) -> str:
        return self.chance.choice(names)

    def number(self) -> str:
        """A constant: mostly small, as in real code."""
        return str(
            self.chance.choice([0, 1, 1, 2, 2, 3, self.chance.randint(0, 12), self.chance.randint(0, 99)])
        )

    def operand(self) -> str:
        """Something of type int."""
        roll = self.chance.random()
        if roll < 0.5:
            return self.pick(self.ints)
        if roll < 0.68:
            return self.element()
        if roll < 0.74 and self.grids:
            return f"{self.pick(self.grids)}[{self.place()}][{self.place()}]"
        if roll < 0.8:
            return f"len({self.pick(self.lists)})"
        return self.number()

    def place(self) -> str:
        return self.chance.choice(["0", "1", *self.ints[:4]])

    def element(self) -> str:
        """An element of a list, at a place that may not exist."""
        index = self.chance.choice([*self.ints, *self.ints, "0", "1", "2", "-1", "-1", "-2"])
        if index in self.ints and self.chance.random() < 0.3:
            index += self.chance.choice([" - 1", " + 1", " - 2"])
        return f"{self.pick(self.lists)}[{index}]"

    def fill(self, patterns: Sequence[str]) -> str:
        """One of the patterns with operands, a name, a list and so on in its holes."""
        small = self.chance.choice(["2", "2", "2", "3", "5", "7", "10", "12"])
        return self.chance.choice(patterns).format(
            a=self.operand(),
            b=self.operand(),
            c=self.operand(),
            x=self.pick(self.ints),
            small=small,
            number=self.number(),
            xs=self.pick(self.lists),
            item=self.element(),
            other=self.element(),
            sign=self.chance.choice(["<", "<", ">", ">", "<=", ">=", "==", "!="]),
            d=self.pick(self.dicts) if self.dicts else self.pick(self.lists),
            s=self.pick(self.strings) if self.strings else self.pick(self.lists),
            place=self.place(),
        )

    def expression(self) -> str:
        """An int expression of one to three operations."""
        single = not self.frozen and self.chance.random() < 0.15
        return self.fill(PRODUCTS if single else EXPRESSIONS)

    def test(self) -> str:
        """A condition, now and then of two parts."""
        if self.chance.random() < 0.2:
            return f"{self.fill(TESTS)} {self.chance.choice(['and', 'or'])} {self.fill(TESTS)}"
        return self.fill(TESTS)

    def fresh(self, pool: list[str], bound: list[str]) -> str:
        """A name to assign to: an old one or a new one, never one that a loop depends on."""
        name = self.chance.choice([name for name in pool if name not in self.frozen])
        if name not in bound:
            bound.append(name)
        return name


def statement(w: Writer, depth: int) -> None:
    """One simple statement."""
    makers = [*[bind, augment] * 6, *[store, grow, table] * 2, read, swap, pairwise, take, copying, slicing]
    makers += [folding, letters_of, grid]
    w.chance.choice(makers)(w, depth)


def bind(w: Writer, depth: int) -> None:
    value = w.expression() if w.chance.random() < 0.7 else w.operand()
    w.write(depth, f"{w.fresh(INTS, w.ints)} = {value}")


def read(w: Writer, depth: int) -> None:
    w.write(depth, f"{w.fresh(INTS, w.ints)} = {w.element()}")


def augment(w: Writer, depth: int) -> None:
    free = [name for name in w.ints if name not in w.frozen]
    target = w.chance.choice([*free, w.element()])
    sign, amount = w.chance.choice(["+", "+", "+", "-", "-", "*", "//", "%"]), w.operand()
    if sign == "*":
        amount = w.chance.choice(["2", "3", "10", w.number()])
    if sign in ("//", "%"):
        amount = w.chance.choice(["2", "3", "10", "10", w.number()])
    if w.chance.random() < 0.25:
        sign, amount = w.chance.choice("+-"), "1"
    w.write(depth, f"{target} {sign}= {amount}")


def store(w: Writer, depth: int) -> None:
    w.write(depth, f"{w.element()} = {w.operand() if w.chance.random() < 0.6 else w.expression()}")


def grow(w: Writer, depth: int) -> None:
    name = w.pick(w.lists)
    if name in w.frozen:
        return
    value = w.operand() if w.chance.random() < 0.7 else w.expression()
    w.write(depth, f"{name}.{w.chance.choice(['append', 'append', 'append', 'append', 'remove'])}({value})")
    if w.chance.random() < 0.1:
        w.write(depth, f"{name}.insert({w.place()}, {value})")
    if w.chance.random() < 0.06:
        w.write(depth, f"{name}.{w.chance.choice(['reverse()', 'sort()', 'pop()', 'pop(0)'])}")


def take(w: Writer, depth: int) -> None:
    name = w.pick(w.lists)
    if name not in w.frozen:
        w.write(depth, f"{w.fresh(INTS, w.ints)} = {name}.pop({w.chance.choice(['', '', '0'])})")


def swap(w: Writer, depth: int) -> None:
    name = w.pick(w.lists)
    i, j = w.place(), w.place()
    if w.chance.random() < 0.4:
        j = f"{i} + 1"
    w.write(depth, f"{name}[{i}], {name}[{j}] = {name}[{j}], {name}[{i}]")


def pairwise(w: Writer, depth: int) -> None:
    free = [name for name in w.ints if name not in w.frozen]
    if len(free) < 2:
        return
    a, b = w.chance.sample(free, 2)
    right = w.chance.choice(
        [f"{b}, {a}", f"{b}, {a} + {b}", f"{b}, {a} % {b}", f"{w.operand()}, {w.operand()}"]
    )
    w.write(depth, f"{a}, {b} = {right}")


def copying(w: Writer, depth: int) -> None:
    name = w.fresh(LISTS, w.lists)
    values = ", ".join(w.operand() for _ in range(w.chance.randint(0, 3)))
    old = w.pick(w.lists)
    right = w.chance.choice(
        [
            f"[{values}]",
            "[]",
            f"list({old})",
            f"{old}[:]",
            f"{old} + [{w.operand()}]",
            f"[0] * {w.chance.randint(0, 9)}",
        ]
    )
    w.write(depth, f"{name} = {right}")


def slicing(w: Writer, depth: int) -> None:
    old, cut = w.pick(w.lists), w.place()
    part = w.chance.choice([f"[{cut}:]", f"[:{cut}]", "[1:]", "[:-1]", "[::-1]"])
    w.write(depth, f"{w.fresh(LISTS, w.lists)} = {old}{part}")


def folding(w: Writer, depth: int) -> None:
    function = w.chance.choice(["len", "len", "sum", "max", "min"])
    w.write(depth, f"{w.fresh(INTS, w.ints)} = {function}({w.pick(w.lists)})")


def table(w: Writer, depth: int) -> None:
    name, key = (w.pick(w.dicts) if w.dicts else w.fresh(DICTS, w.dicts)), w.operand()
    if f"    {name} = {{}}" not in w.opening:
        w.opening.append(f"    {name} = {{}}")
    w.write(
        depth,
        w.chance.choice(
            [
                f"{name}[{key}] = {w.operand()}",
                f"{name}[{key}] = {name}.get({key}, 0) + 1",
                f"{name}[{key}] += {w.number()}",
                f"{w.fresh(INTS, w.ints)} = {name}[{key}]",
                f"{w.fresh(INTS, w.ints)} = {name}.get({key}, {w.number()})",
            ]
        ),
    )


def letters_of(w: Writer, depth: int) -> None:
    if not w.strings:
        name = w.fresh(STRINGS, w.strings)
        value = "".join(w.chance.choices("abcdehlnorst", k=w.chance.randint(0, 6)))
        w.opening.append(f"    {name} = {value!r}")
    s, letter = w.pick(w.strings), w.chance.choice("abcdehlnorst")
    other = w.fresh(STRINGS, w.strings)
    whole = [f"{other} = {s}[{w.place()}]", f"{other} = {s}[::-1]", f"{other} = {s}[1:]", f"{other} = ''"]
    longer = [f"{s} += '{letter}'", f"{other} = {s} + '{letter}'", f"{other} = {s} + {w.pick(w.strings)}"]
    length = f"{w.fresh(INTS, w.ints)} = len({s})"
    w.write(depth, w.chance.choice([*whole, length] if w.frozen else [*whole, length, *longer]))


def grid(w: Writer, depth: int) -> None:
    if not w.grids:
        rows = [[w.chance.randint(0, 20) for _ in range(3)] for _ in range(w.chance.randint(2, 3))]
        w.grids.append("grid")
        w.opening.append(f"    grid = {rows}")
    cell = f"grid[{w.place()}][{w.place()}]"
    w.write(
        depth,
        w.chance.choice(
            [f"{cell} = {w.operand()}", f"{cell} += {w.operand()}", f"{w.fresh(INTS, w.ints)} = {cell}"]
        ),
    )


def block(w: Writer, depth: int, size: int) -> None:
    """Some statements, of which a few hold blocks of their own.

    Each is guarded, since a random statement often raises; the rest of the program is then still run.
    """
    for _ in range(size):
        w.write(depth, "try:")
        here = len(w.lines)
        while len(w.lines) == here:
            piece(w, depth + 1, size)
        w.write(depth, "except Exception:")
        w.write(depth + 1, "pass")


def piece(w: Writer, depth: int, size: int) -> None:
    """A statement, a branch or a loop."""
    roll = w.chance.random()
    if depth < 6 and roll < 0.12:
        loop(w, depth, size)
    elif depth < 6 and roll < 0.36:
        w.write(depth, f"if {w.test()}:")
        block(w, depth + 1, 1)
    else:
        statement(w, depth)


def loop(w: Writer, depth: int, size: int) -> None:
    """A loop that ends: over a range, a list, or while a name that nothing else changes moves on."""
    name, items = w.fresh(INTS, w.ints), w.pick(w.lists)
    bound, step = w.chance.choice([w.number(), f"len({items})"]), w.chance.choice(["1", "1", "2"])
    low, down = w.chance.choice(["0", "1", "2"]), w.chance.choice(["//= 2", "//= 10", "-= 1", f"-= {step}"])
    header, last = w.chance.choice(
        [
            (f"for {name} in range({w.chance.randint(1, 12)}):", ""),
            (f"for {name} in range({w.number()}, {bound}):", ""),
            (f"for {name} in range({w.number()}, {bound}, {step}):", ""),
            (f"for {name} in range(len({items})):", ""),
            (f"for {name} in range(len({items}) - 1, {w.chance.choice(['-1', '0'])}, -1):", ""),
            (f"for {name} in {items}:", ""),
            (f"for {name} in {items}:", ""),
            (f"for {name}, {w.fresh(INTS, w.ints)} in enumerate({items}):", ""),
            (f"while {name} {w.chance.choice(['<', '<='])} {bound}:", f"{name} += {step}"),
            (f"while {name} > {low}:", f"{name} {down}"),
            (f"while {items}:", f"{name} = {items}.pop({w.chance.choice(['', '0'])})"),
        ]
    )
    mine = {name, items} - w.frozen
    w.write(depth, header)
    w.frozen |= mine
    block(w, depth + 1, min(size, 3))
    w.frozen -= mine
    if last:
        w.write(depth + 1, last)


def program(seed: int) -> tuple[str, str]:
    """Source of a function `f` without parameters, and the call that runs it."""
    w = Writer(random.Random(seed))
    top = w.chance.choice([9, 20, 50, 99, 99, 300, 999])
    for _ in range(3):
        value = w.chance.choice([w.chance.randint(0, 6), w.chance.randint(-9, top)])
        w.opening.append(f"    {w.fresh(INTS, w.ints)} = {value}")
    for _ in range(2):
        items = [
            w.chance.randint(0 if w.chance.random() < 0.8 else -top, top)
            for _ in range(w.chance.randint(0, 8))
        ]
        w.opening.append(f"    {w.fresh(LISTS, w.lists)} = {items}")
    block(w, 1, 20)
    w.write(1, f"return {w.chance.choice([w.operand(), w.expression(), w.pick(w.lists), w.pick(w.ints)])}")
    return "\n".join(["def f():", *w.opening, *w.lines, ""]), "f()"


def programs(seed: int = 0) -> Iterator[tuple[str, str]]:
    """Endless programs, the same ones for the same seed."""
    chance = random.Random(seed)
    while True:
        yield program(chance.getrandbits(48))
