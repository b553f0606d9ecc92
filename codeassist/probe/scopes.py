"""Names every scope of a syntax tree as the reports do, and finds the variables that closures share."""

import ast
import symtable

SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def name_scopes(tree):
    """Map each function, class and lambda node to its lexical qualified name (`outer.inner`, `f#2`)."""
    names = {}
    _name_inside(tree, "", names)
    return names


def _name_inside(scope, prefix, names):
    """Number the scopes directly inside `scope` by position, then those inside them."""
    inner = sorted(_directly_inside(scope), key=lambda node: (node.lineno, node.col_offset))
    seen, lambdas = {}, 0
    for node in inner:
        if isinstance(node, ast.Lambda):
            lambdas += 1
            name = "<lambda%d>" % lambdas
        else:
            count = seen[node.name] = seen.get(node.name, 0) + 1
            name = node.name if count == 1 else "%s#%d" % (node.name, count)
        names[node] = prefix + name
        _name_inside(node, names[node] + ".", names)


def _directly_inside(scope):
    """Scopes whose text stands in `scope`, decorators and defaults of inner ones included."""
    stack = list(_own_parts(scope))
    while stack:
        node = stack.pop()
        if isinstance(node, SCOPES):
            yield node
            stack.extend(_outer_parts(node))
        else:
            stack.extend(ast.iter_child_nodes(node))


def _own_parts(scope):
    if isinstance(scope, ast.Lambda):
        return [scope.body]
    return scope.body


def _outer_parts(node):
    """The expressions of an inner scope that are evaluated outside of it."""
    if isinstance(node, ast.ClassDef):
        return [*node.decorator_list, *node.bases, *node.keywords]
    args = node.args
    defaults = [*args.defaults, *(d for d in args.kw_defaults if d is not None)]
    return [*getattr(node, "decorator_list", ()), *defaults]


def shared_names(source, path):
    """Map (name, line) of each function to the list of names tuples that closures share there."""
    found = {}
    _shared(symtable.symtable(source, path, "exec"), found)
    return found


def _shared(table, found):
    """Collect shared names below `table`; give back the names that it takes from outside."""
    wanted = set()
    for child in table.get_children():
        wanted |= _shared(child, found)
    if table.get_type() != "function":
        return wanted
    own = {s.get_name() for s in table.get_symbols() if s.is_local() or s.is_parameter()}
    free = set(table.get_frees())
    names = sorted(name for name in (wanted & own) | free if name.isidentifier() and name != "__class__")
    found.setdefault((table.get_name(), table.get_lineno()), []).append(tuple(names))
    return (wanted - own) | free
