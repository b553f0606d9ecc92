"""What rewritten code appends, made cheap: neighbours joined, blocks as one number, each append whole."""

import ast

from codeassist_probe_instrument import MARK, _at

SIZES = {"item": 3, "attr": 2, "delattr": 1, "return": 1, "yield": 1, "resume": 1}
_BODIES = ("body", "orelse", "finalbody")


def is_hook(node, name):
    """Whether a node calls the hook `name`."""
    return isinstance(node, ast.Call) and getattr(node.func, "value", None) == MARK + name


def values_of(entry):
    """The parts of what is appended, as nodes."""
    if isinstance(entry, ast.Tuple):
        return entry.elts
    return [_at(ast.Constant(value), entry) for value in entry.value]


class Entries:
    """The appends of one module's rewritten tree; `sites` is its table, to which blocks are added."""

    def __init__(self, sites, first):
        self.sites, self.first = sites, first
        self.blocks = {}

    def settle(self, tree):
        """Give every append of the tree its final form."""
        self.bodies(tree)
        for node in ast.walk(tree):
            if is_hook(node, "append"):
                self.shorten(node, *self.read(node))
        return tree

    def bodies(self, node):
        """Settle the statements below a node, bodies inside first."""
        for name in _BODIES:
            body = getattr(node, name, None)
            if isinstance(body, list) and body:
                body[:] = _joined(body)
                for statement in body:
                    self.bodies(statement)
        for name in ("handlers", "cases"):
            for part in getattr(node, name, ()):
                self.bodies(part)

    def read(self, call):
        """The number and the values of an append; several entries become one number, a block."""
        parts = values_of(call.args[0])
        rows, rest, place = [], [], 0
        while place < len(parts):
            number = parts[place].value
            stop = place + 1 + self.size(number)
            rows.append(number)
            rest += parts[place + 1 : stop]
            place = stop
        return rows[0] if len(rows) == 1 else self.block(tuple(rows)), rest

    def size(self, number):
        """How many values follow a site's number (docs/trace-format.md)."""
        kind, info = self.sites[number - self.first][0], self.sites[number - self.first][4]
        if kind == "enter":
            return len(info["params"]) + len(info.get("cells", ())) + bool(info.get("generator"))
        if kind != "log":
            return 0
        return len(info["names"]) if info["op"] == "bind" else info.get("size", SIZES.get(info["op"], 0))

    def block(self, rows):
        """The row of a block: entries that always follow one another."""
        if rows not in self.blocks:
            name, line, column = self.sites[rows[0] - self.first][1:4]
            self.sites.append(["log", name, line, column, {"op": "block", "rows": list(rows)}])
            self.blocks[rows] = self.first + len(self.sites) - 1
        return self.blocks[rows]

    @staticmethod
    def shorten(call, first, values):
        """One append of a number, or of a tuple that starts with it."""
        number = _at(ast.Constant(first), call)
        call.func.value = MARK + ("extend" if values else "single")
        call.args[0] = _at(ast.Tuple([number, *values], ast.Load()), call) if values else number


def _joined(body):
    """Neighbouring appends as one: the log is flat, so their values simply follow one another."""
    result = [body[0]]
    for node in body[1:]:
        before, parts = _appended(result[-1]), _appended(node)
        if before is None or parts is None:
            result.append(node)
            continue
        whole = ast.Tuple([*before, *parts], ast.Load())
        if all(isinstance(part, ast.Constant) for part in whole.elts):
            whole = ast.Constant(tuple(part.value for part in whole.elts))
        call = result[-1].value
        joined = _at(ast.Call(call.func, [_at(whole, call)], []), call)
        result[-1] = _at(ast.Expr(joined), result[-1])
    return result


def _appended(node):
    """The values that a statement appends to the log, or None for any other statement."""
    if not (isinstance(node, ast.Expr) and is_hook(node.value, "append")):
        return None
    return values_of(node.value.args[0])
