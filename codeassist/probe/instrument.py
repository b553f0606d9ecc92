"""Rewrites a syntax tree so that the program logs its own steps, stores and outcomes.

A call of a hook is written as a call of a unique text constant; after compiling, the constant is
replaced by the hook itself. So nothing is added to globals, locals or builtins, and every added node
carries the position of the statement it serves: tracebacks stay as they were.
"""

import ast
import warnings

from codeassist_probe_scopes import SCOPES, name_scopes, shared_names

MARK = "\0codeassist hook "
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_SILENT = (ast.Global, ast.Nonlocal)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class Scope:
    """Where the rewriter stands: the function, class or module whose body is being rewritten."""

    def __init__(self, kind, name, site):
        self.kind = kind
        self.name = name
        self.site = site
        self.shielded = 0
        self.late_return = False
        self.loops = []
        self.generator = False
        self.fragile = set()
        self.handlers = []
        self.risky = False
        self.globals = set()


class Rewriter:
    """One module's rewriting: `sites` is the table that the trace log shows."""

    def __init__(self, tree, source, path, first):
        self.names = name_scopes(tree)
        self.shared = shared_names(source, path)
        self.lines = source.split("\n")
        self.first = first
        self.sites = []
        self.scope = None
        self.inside = 0
        self.class_name = ""

    # -- sites and hooks ------------------------------------------------------------------

    def site(self, kind, node, **info):
        """Add a row to the site table; its number is what hooks are called with."""
        line = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))])
        self.sites.append([kind, self.scope.name, line, self.column(node), info])
        return self.first + len(self.sites) - 1

    def column(self, node):
        """Column of a node in code points (the syntax tree counts UTF-8 bytes)."""
        if node.col_offset == 0 or node.lineno > len(self.lines):
            return node.col_offset
        line = self.lines[node.lineno - 1]
        if line.isascii():
            return node.col_offset
        return len(line.encode("utf-8", "surrogatepass")[: node.col_offset].decode("utf-8", "replace"))

    @staticmethod
    def hook(name, node, *args):
        """The expression that calls a hook, at the position of `node`."""
        parts = [a if isinstance(a, ast.AST) else _at(ast.Constant(a), node) for a in args]
        return _at(ast.Call(_at(ast.Constant(MARK + name), node), parts, []), node)

    def call(self, name, node, *args):
        """The statement that calls a hook."""
        return _at(ast.Expr(self.hook(name, node, *args)), node)

    def first_then(self, hook, expression):
        """An expression that runs a hook (which gives None) and then `expression`."""
        return _at(ast.BoolOp(ast.Or(), [hook, expression]), expression)

    # -- scopes ---------------------------------------------------------------------------

    def new_scope(self, kind, node):
        """The scope of a module, class, function or lambda node."""
        return Scope(kind, self.names.get(node, "<module>"), None)

    def caught_call(self, node):
        """The statement that tells that a handler was chosen."""
        return self.call("caught", node)

    def module(self, tree):
        """Rewrite a whole module."""
        start = ast.Constant(None)
        start.lineno, start.col_offset, start.end_lineno, start.end_col_offset = 1, 0, 1, 0
        self.scope = self.new_scope("module", tree)
        self.scope.site = self.site("enter", start, scope="module", params=[])
        head, futures, rest = _split_head(tree.body)
        steps = [step for f in futures for step in self.future(f)]
        body = [*steps, *self.block(rest)]
        tree.body = [*head, *futures, *self.guarded(body, rest[-1] if rest else start, start, None)]
        return tree

    def future(self, node):
        """The step of a `from __future__` import, told after it: nothing may stand before."""
        return [self.call("step", node, self.site("import", node))]

    def guarded(self, body, last, node, shared):
        """A whole body with entry, end and failure hooks around it."""
        scope = self.scope
        enter = self.call("enter", node, scope.site, *([shared] if shared else []))
        end = self.call("end", last, scope.site)
        handler = _at(
            ast.ExceptHandler(self.hook("fail", node, scope.site), None, [_at(ast.Pass(), node)]), node
        )
        final = [self.call("leave", node)] if scope.late_return else []
        return [_at(ast.Try([enter, *body, end], [handler], [], final), node)]

    def function(self, node):
        """Rewrite a function's body; decorators, defaults and annotations belong outside."""
        node.decorator_list = [self.expression(d) for d in node.decorator_list]
        self.defaults(node.args)
        outer, outer_inside = self.scope, self.inside
        self.inside = 0
        self.scope = self.new_scope("function", node)
        self.scope.site = self.enter_site(node)
        head, rest = _split_docstring(node.body)
        body = self.block(rest)
        shared = self.cells(node, node.name)
        node.body = [*head, *self.guarded(body, (rest or head)[-1], (rest or head)[0], shared)]
        self.scope, self.inside = outer, outer_inside
        return node

    def enter_site(self, node):
        args = node.args
        names = [a.arg for a in [*getattr(args, "posonlyargs", []), *args.args]]
        names += [args.vararg.arg] if args.vararg else []
        names += [a.arg for a in args.kwonlyargs]
        names += [args.kwarg.arg] if args.kwarg else []
        return self.site("enter", node, scope="function", params=names)

    def cells(self, node, name):
        """`lambda: (a, b)` over the names that closures share, or None: its cells are theirs."""
        rows = self.shared.get((name, node.lineno))
        names = rows.pop(0) if rows else ()
        if not names:
            return None
        at = node.body[0]
        loads = [_at(ast.Name(n, ast.Load()), at) for n in names]
        no_args = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
        return _at(ast.Lambda(no_args, _at(ast.Tuple(loads, ast.Load()), at)), at)

    def defaults(self, args):
        args.defaults = [self.expression(d) for d in args.defaults]
        args.kw_defaults = [d and self.expression(d) for d in args.kw_defaults]

    def class_(self, node):
        """Rewrite a class body: an activation of its own."""
        node.decorator_list = [self.expression(d) for d in node.decorator_list]
        node.bases = [self.expression(b) for b in node.bases]
        for keyword in node.keywords:
            keyword.value = self.expression(keyword.value)
        outer, outer_class = self.scope, self.class_name
        self.scope, self.class_name = self.new_scope("class", node), node.name
        self.scope.site = self.site("enter", node, scope="class", params=[])
        head, rest = _split_docstring(node.body)
        body = self.block(rest)
        node.body = [*head, *self.guarded(body, (rest or head)[-1], (rest or head)[0], None)]
        self.scope, self.class_name = outer, outer_class
        return node

    # -- statements -----------------------------------------------------------------------

    def block(self, statements):
        """Rewrite a list of statements, each with its step before it."""
        result = []
        for node in statements:
            result += self.statement(node)
        return result

    def statement(self, node):
        method = getattr(self, "do_" + type(node).__name__, None)
        if method is not None:
            return method(node)
        if isinstance(node, _SILENT):
            return [node]
        bound = {"binds": found} if (found := _bound(node)) else {}
        step = self.step(node, _STATEMENTS.get(type(node).__name__, "expr"), names=_names(node), **bound)
        return [step, self.expressions_of(node)]

    def step(self, node, kind, **info):
        return self.call("step", node, self.site(kind, node, **info))

    def do_FunctionDef(self, node):
        step = self.step(node, "def")
        return [step, self.function(node)]

    do_AsyncFunctionDef = do_FunctionDef

    def do_ClassDef(self, node):
        step = self.step(node, "class")
        return [step, self.class_(node)]

    def do_Return(self, node):
        step = self.step(node, "return", names=_names(node))
        value = self.expression(node.value) if node.value else _at(ast.Constant(None), node)
        late = self.scope.shielded > 0
        self.scope.late_return |= late
        node.value = self.hook("ret", node, self.scope.site, value, late)
        return [step, node]

    def do_If(self, node):
        site = self.site("if", node, names=_names(node.test))
        row = self.sites[site - self.first]
        node.test = self.expression(node.test)
        row[4]["test"] = [node.test.lineno, self.column(node.test)]
        node.body = self.body(node.body, row)
        node.orelse = self.block(node.orelse)
        return [self.call("step", node, site), node]

    def body(self, statements, row):
        """Rewrite the body of a test or loop and note the site of its first step."""
        mark = len(self.sites)
        body = self.block(statements)
        own = [i for i in range(mark, len(self.sites)) if self._is_step(i)]
        row[4]["first"] = self.first + own[0] if own else None
        return body

    def _is_step(self, index):
        kind, name = self.sites[index][:2]
        return name == self.scope.name and kind not in ("enter", "taken", "log")

    def do_While(self, node):
        site = self.site("while", node, names=_names(node.test))
        row = self.sites[site - self.first]
        node.test = self.first_then(self.hook("step", node, site), self.expression(node.test))
        node.body = self.loop_body(node.body, row, None)
        node.orelse = self.block(node.orelse)
        return [node]

    def loop_body(self, statements, row, site):
        self.scope.loops.append(site)
        body = self.body(statements, row)
        self.scope.loops.pop()
        return body

    def do_For(self, node):
        site = self.site("for", node, names=_names(node.target) + _names(node.iter))
        row = self.sites[site - self.first]
        node.iter = self.expression(node.iter)
        node.target = self.expression(node.target)
        asked = isinstance(node, ast.For) and _continues_late(node.body)
        self.scope.shielded += 1  # a return first closes the iterator, which may be a generator
        node.body = self.loop_body(node.body, row, None if asked else site)
        self.scope.shielded -= 1
        node.orelse = self.block(node.orelse)
        if asked:  # a `finally` runs between `continue` and the header: the iterator tells the step
            node.iter = self.hook("asked", node.iter, site, node.iter)
        else:
            node.body.append(self.call("step", node, site))
        return [self.call("step", node, site), node]

    do_AsyncFor = do_For

    def do_Continue(self, node):
        step = self.step(node, "continue")
        site = self.scope.loops[-1]
        again = [] if site is None else [self.call("step", node, site)]
        return [step, *again, node]

    def do_With(self, node):
        step = self.step(node, "with")
        for item in node.items:
            item.context_expr = self.expression(item.context_expr)
            if item.optional_vars is not None:
                item.optional_vars = self.expression(item.optional_vars)
        self.scope.shielded += 1
        node.body = [self.watched(self.block(node.body), node)]
        self.scope.shielded -= 1
        return [step, node]

    do_AsyncWith = do_With

    def watched(self, body, node):
        """A body whose exceptions are logged on their way out."""
        handler = _at(ast.ExceptHandler(self.hook("fail", node, -1), None, [_at(ast.Pass(), node)]), node)
        return _at(ast.Try(body, [handler], [], []), node)

    def do_Try(self, node):
        self.scope.shielded += bool(node.finalbody)
        node.body = self.block(node.body)
        for number, handler in enumerate(node.handlers):
            self.handler(handler, number == 0)
        node.orelse = self.block(node.orelse)
        self.scope.shielded -= bool(node.finalbody)
        node.finalbody = self.block(node.finalbody)
        if node.finalbody and node.handlers:
            inner = _at(type(node)(node.body, node.handlers, node.orelse, []), node)
            node = _at(ast.Try([self.watched([inner], inner)], [], [], node.finalbody), node)
        elif node.finalbody:
            node.body = [self.watched(node.body, node.body[0])]
        return [node]

    do_TryStar = do_Try

    def handler(self, node, is_first):
        """Log the raise at the first clause, then a step for each clause that is tried."""
        site = self.site("except", node)
        hook = self.hook("step", node, site)
        if is_first:
            hook = self.first_then(self.hook("fail", node, -1), hook)
        caught = self.caught_call(node)
        if node.type is None:
            before = [_at(ast.Expr(self.hook("fail", node, -1)), node)] if is_first else []
            node.body = [*before, caught, self.call("step", node, site), *self.block(node.body)]
            return
        node.type = self.first_then(hook, self.expression(node.type))
        node.body = [caught, *self.block(node.body)]

    def do_Match(self, node):
        step = self.step(node, "match")
        node.subject = self.expression(node.subject)
        for case in node.cases:
            if case.guard is not None:
                case.guard = self.expression(case.guard)
            case.body = self.block(case.body)
        return [step, node]

    # -- expressions ----------------------------------------------------------------------

    def expressions_of(self, node):
        """Rewrite the expressions directly inside a simple statement."""
        for field, value in ast.iter_fields(node):
            if field == "annotation":
                continue
            if isinstance(value, ast.expr):
                setattr(node, field, self.expression(value))
            elif isinstance(value, list):
                value[:] = [self.expression(v) if isinstance(v, ast.expr) else v for v in value]
        return node

    def expression(self, node):
        """Rewrite one expression: lambdas, conditional expressions, yields and awaits."""
        method = getattr(self, "in_" + type(node).__name__, None)
        if method is not None:
            return method(node)
        return self.inner_expressions(node)

    def inner_expressions(self, node):
        for _, value in ast.iter_fields(node):
            self._descend(node, _, value)
        return node

    def _descend(self, node, field, value):
        if isinstance(value, ast.expr):
            setattr(node, field, self.expression(value))
        elif isinstance(value, list):
            for i, item in enumerate(value):
                if isinstance(item, ast.expr):
                    value[i] = self.expression(item)
                elif isinstance(item, (ast.keyword, ast.comprehension)):
                    self.inner_expressions(item)

    def in_IfExp(self, node):
        site = self.site("taken", node, test=[node.test.lineno, self.column(node.test)])
        yes = self.hook("taken", node.body, site, True)
        no = self.hook("taken", node.orelse, site, False)
        node.test = self.expression(node.test)
        node.body = self.first_then(yes, self.expression(node.body))
        node.orelse = self.first_then(no, self.expression(node.orelse))
        return node

    def in_Lambda(self, node):
        self.defaults(node.args)
        outer, outer_inside = self.scope, self.inside
        self.inside = 0
        self.scope = self.new_scope("lambda", node)
        site = self.scope.site = self.enter_site(node)
        body = self.expression(node.body)
        node.body = self.hook("ret", body, site, self.first_then(self.hook("enter", body, site), body), False)
        self.scope, self.inside = outer, outer_inside
        return node

    def comprehension(self, node):
        self.inside += 1
        self.inner_expressions(node)
        self.inside -= 1
        return node

    in_ListComp = in_SetComp = in_DictComp = in_GeneratorExp = comprehension

    def in_Yield(self, node):
        self.inner_expressions(node)
        if self.inside:
            return node
        value = node.value or _at(ast.Constant(None), node)
        node.value = self.hook("yld", node, value)
        return self.hook("resumed", node, node)

    def in_YieldFrom(self, node):
        self.inner_expressions(node)
        if self.inside:
            return node
        node.value = self.hook("delegate", node, node.value)
        return self.hook("resumed", node, node)

    def in_Await(self, node):
        self.inner_expressions(node)
        if self.inside:
            return node
        return self.hook("resumed", node, node)

    def in_JoinedStr(self, node):
        for part in node.values:
            self.inner_expressions(part)
        return node


_STATEMENTS = {
    "Assign": "assign", "AugAssign": "augassign", "AnnAssign": "annassign", "Expr": "expr", "Raise": "raise",
    "Assert": "assert", "Delete": "del", "Pass": "pass", "Break": "break", "Import": "import",
    "ImportFrom": "import", "TypeAlias": "assign",
}  # fmt: skip


def _at(node, where):
    """Give a new node the position of `where`."""
    return ast.copy_location(node, where)


def _continues_late(body):
    """Whether a `continue` of this loop stands inside a `finally` or `with` of its body."""
    stack = [(node, False) for node in body]
    while stack:
        node, late = stack.pop()
        if isinstance(node, ast.Continue) and late:
            return True
        if isinstance(node, (ast.For, ast.AsyncFor, ast.While)):
            stack += [(child, late) for child in node.orelse]
        elif isinstance(node, ast.stmt) and not isinstance(node, SCOPES):
            late = late or isinstance(node, (ast.With, ast.AsyncWith)) or bool(getattr(node, "finalbody", ()))
            stack += [(child, late) for child in ast.iter_child_nodes(node)]
        elif isinstance(node, (ast.ExceptHandler, *_CASES)):
            stack += [(child, late) for child in node.body]
    return False


_CASES = (ast.match_case,) if hasattr(ast, "match_case") else ()


def _names(node):
    """Names that a statement or expression mentions, each once, in order."""
    return list(dict.fromkeys(n.id for n in ast.walk(node) if isinstance(n, ast.Name)))


def _bound(node):
    """Names that an assignment binds, whatever they held before."""
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, ast.AugAssign) or isinstance(node, ast.AnnAssign) and node.value is not None:
        targets = [node.target]
    else:
        return []
    stored = (part for target in targets for part in ast.walk(target) if isinstance(part, ast.Name))
    return list(dict.fromkeys(name.id for name in stored if isinstance(name.ctx, ast.Store)))


def _is_text(node):
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _split_docstring(body):
    return (body[:1], body[1:]) if body and _is_text(body[0]) else ([], body)


def _split_head(body):
    """Docstring, `from __future__` imports, and the rest of a module's body."""
    head, rest = _split_docstring(body)
    count = 0
    while (
        count < len(rest) and isinstance(rest[count], ast.ImportFrom) and rest[count].module == "__future__"
    ):
        count += 1
    return head, rest[:count], rest[count:]


def rewrite(source, path, first, hooks, rewriter=Rewriter):
    """Compile `source` instrumented: (code object, site table). Raises SyntaxError as compile does."""
    compile(source, path, "exec", dont_inherit=True)
    tree = ast.parse(source, path)
    text = source if isinstance(source, str) else _decoded(source)
    rewriter = rewriter(tree, text, path, first)
    tree = rewriter.module(tree)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        code = compile(tree, path, "exec", dont_inherit=True)
    return plant(code, hooks), rewriter.sites


def _decoded(source):
    from importlib.util import decode_source

    return decode_source(source)


def plant(code, hooks):
    """Put the hooks where their marks stand among the constants, in every nested code object."""
    constants = []
    for constant in code.co_consts:
        if type(constant) is type(code):
            constant = plant(constant, hooks)
        elif type(constant) is str and constant.startswith(MARK):
            constant = hooks[constant[len(MARK) :]]
        constants.append(constant)
    return code.replace(co_consts=tuple(constants))
