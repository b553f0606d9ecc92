"""Functions, statements and names, as claims.md defines them."""

from __future__ import annotations

import ast
import sysconfig
from pathlib import Path

import pytest

from codeassist.parsing import find, parse, read_source
from codeassist.records.errors import ParseError, UsageError
from codeassist.records.program import Module, Statement
from codeassist.records.statements import AMBIGUOUS, statement_at

PROGRAM = '''\
"""Module."""
@decorate(lambda q: q)
@again
def f(a, /, b: int = 3, *args, c=lambda: 1, **kw) -> (
     int):
    """Doc."""
    x, xs[i] = 1, 2; y = 3
    if a: return 1
    elif (b and
          x):
        pass
    else:
        z = (1
             if a else 2)
    try:
        raise ValueError("no")
    except (A, B) as e:
        self.name = e
    finally:
        global g
    def inner(): yield 1
    def inner(): return lambda: (lambda: 2)
    match a:
        case {"k": v, **rest}:
            pass
    for i, (j, k) in [
        (1, (2, 3)),
    ]:  # here: colon
        w += x[j]
class C(Base,
        metaclass=M):  # : odd
    @property
    def p(self): ...
    @p.setter
    def p(self, v):
        self.é = "é"; self.q[0] = v
if __name__ == "__main__":
    f(1)
'''


@pytest.fixture(scope="module")
def module() -> Module:
    return parse(read_source("program.py", PROGRAM))


def at(module: Module, qualname: str, line: int) -> Statement:
    found = statement_at(module, qualname, line)
    assert isinstance(found, Statement)
    return found


NAMELESS = [
    ("f", 6),
    ("f", 12),
    ("f", 15),
    ("f", 19),
    ("f", 20),
    ("f", 24),
    ("f", 4),
    ("<module>", 1),
    ("f", 999),
]


@pytest.mark.parametrize(("qualname", "line"), NAMELESS)
def test_docstring_else_try_finally_global_and_case_name_nothing(
    module: Module, qualname: str, line: int
) -> None:
    assert statement_at(module, qualname, line) is None


@pytest.mark.parametrize(("qualname", "line"), [("f", 7), ("f", 8), ("C.p#2", 37)])
def test_two_statements_on_a_line_are_ambiguous(module: Module, qualname: str, line: int) -> None:
    if qualname == "C.p#2":
        line = 36
    assert statement_at(module, qualname, line) is AMBIGUOUS


COVERED = [
    ("<module>", (2, 3, 4, 5), "def", 2),
    ("f", (9, 10), "if", 9),
    ("f", (13, 14), "assign", 13),
    ("f", (16,), "raise", 16),
    ("f", (17,), "except", 17),
    ("f", (23,), "match", 23),
    ("f", (26, 27, 28), "for", 26),
    ("<module>", (30, 31), "class", 30),
    ("C", (32, 33), "def", 32),
]


@pytest.mark.parametrize(("qualname", "lines", "kind", "first"), COVERED)
def test_any_line_of_a_header_names_the_statement(
    module: Module, qualname: str, lines: tuple[int, ...], kind: str, first: int
) -> None:
    for line in lines:
        found = statement_at(module, qualname, line)
        if found is AMBIGUOUS:  # a body on the header's last line
            assert line == lines[-1]
            continue
        assert found is not None
        assert (found.kind, found.header.line) == (kind, first)


def test_functions_have_lexical_names(module: Module) -> None:
    assert sorted(function.id.qualname for function in module.functions) == [
        "<lambda1>", "<lambda2>", "<module>", "C", "C.p", "C.p#2", "f", "f.inner", "f.inner#2",
        "f.inner#2.<lambda1>", "f.inner#2.<lambda1>.<lambda1>",
    ]  # fmt: skip


def test_parameters_keep_kind_and_default(module: Module) -> None:
    assert [(p.name, p.kind, p.default) for p in find(module, "f").parameters] == [
        ("a", "positional-only", ""),
        ("b", "positional", "3"),
        ("args", "star", ""),
        ("c", "keyword-only", "lambda: 1"),
        ("kw", "double-star", ""),
    ]


def test_kinds_of_functions(module: Module) -> None:
    kinds = {name: find(module, name).kind for name in ("f", "C", "C.p", "C.p#2", "<lambda1>", "<module>")}
    assert list(kinds.values()) == ["function", "class", "property", "property", "lambda", "module"]
    assert find(module, "f.inner").is_generator
    assert not find(module, "f").is_generator
    assert find(module, "f").raises == ("ValueError",)


def test_names_read_and_written(module: Module) -> None:
    loop = at(module, "f", 26)
    assert loop.writes == ("i", "j", "k")
    assert at(module, "f", 29).reads == ("x", "j", "w")
    assert at(module, "f", 23).writes == ("v", "rest") or set(at(module, "f", 23).writes) == {"v", "rest"}
    assert at(module, "f", 18).stores == ("self.name",)
    assert at(module, "f", 13).tests == 1
    assert at(module, "f", 9).is_elif


def test_columns_are_code_points(module: Module) -> None:
    second = [s for s in module.statements if s.function == "C.p#2"][1]
    line = module.source.lines[second.span.line - 1]
    assert line[second.span.column : second.span.end_column] == "self.q[0] = v"


def test_comprehension_targets_are_no_variables() -> None:
    facts = parse(read_source("x.py", "def f(xs):\n    return [y for x in xs for y in x if (z := x)]\n"))
    statement = at(facts, "f", 2)
    assert statement.reads == ("xs",)
    assert statement.writes == ("z",)


def test_unknown_function_offers_near_names(module: Module) -> None:
    with pytest.raises(UsageError, match=r"did you mean f\.inner"):
        find(module, "f.iner")


BROKEN = {
    "first": "def f(:\n    pass\ndef g():\n    return 1\n",
    "open bracket": "def g():\n    return 1\nx = (1,\ndef h():\n    pass\n",
    "bad indent": "def g():\n    return 1\ndef h():\n  x = 1\n    y = 2\n",
    "unclosed text": "def g():\n    return 1\nx = 'abc\n",
    "python 2": "print 'a'\ndef g():\n    return 1\nprint 'b'\n",
    "nested too deeply": "x = " + "-" * 50000 + "1\ndef g():\n    return 1\n",
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_what_parses_is_kept_where_it_stands(text: str) -> None:
    facts = parse(read_source("x.py", text))
    line = text.split("\n").index("def g():") + 1
    assert find(facts, "g").span.line == line
    assert facts.notices
    assert all(notice.line for notice in facts.notices)


@pytest.mark.parametrize("text", ["def f(:\n", "x = " + "(" * 500, "\x01"])
def test_nothing_that_parses_is_an_error(text: str) -> None:
    with pytest.raises(ParseError):
        parse(read_source("x.py", text))


def _library() -> list[Path]:
    return sorted(Path(sysconfig.get_path("stdlib")).glob("*.py"))[::6]


@pytest.mark.parametrize("path", _library(), ids=lambda path: path.name)
def test_statements_of_real_files_are_those_of_the_syntax_tree(path: Path) -> None:
    source = read_source(str(path))
    facts = parse(source)
    nodes = [n for n in ast.walk(ast.parse(source.text)) if isinstance(n, (ast.stmt, ast.ExceptHandler))]
    starts = {(s.span.end_line, s.kind == "except") for s in facts.statements}
    assert len(facts.statements) == len(nodes)
    assert {(n.end_lineno, isinstance(n, ast.ExceptHandler)) for n in nodes} == starts
    for statement in facts.statements:
        header = statement.header
        last = source.lines[header.end_line - 1][: header.end_column]
        compound = ("if", "while", "for", "with", "def", "class", "try", "except", "match")
        assert statement.kind not in compound or last.endswith(":"), (path, header)
