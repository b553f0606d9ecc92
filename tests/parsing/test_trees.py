"""Other languages: facts, statements and calls of case folders; grammars that hang, die or are missing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from codeassist import callgraph
from codeassist.parsing import SUFFIXES, find, parse, read_source
from codeassist.parsing.trees import TreeLanguage, host, patterns
from codeassist.parsing.trees.grammars import GRAMMARS
from codeassist.parsing.trees.spans import clean
from codeassist.records.errors import ParseError, UsageError
from codeassist.records.program import CallGraph, Module

CASES = Path(__file__).parents[1] / "cases" / "languages"
FOLDERS = sorted(path.parent for path in CASES.glob("*/expected.json"))


def read(text: str, name: str, folder: Path) -> Module:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return parse(read_source(str(path)))


def graph_of(folder: Path) -> CallGraph:
    files = [file for file in sorted(folder.rglob("*")) if file.suffix in SUFFIXES]
    return callgraph.solve([parse(read_source(str(file))) for file in files], folder.as_posix())


def kinds(module: Module, function: str) -> list[tuple[str, str, str]]:
    return [(s.kind, s.block, s.test) for s in module.statements if s.function == function]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_calls_of_a_case_are_exactly_these(folder: Path) -> None:
    expected = json.loads((folder / "expected.json").read_text())
    graph = graph_of(folder)
    sure: dict[str, list[str]] = {}
    for edge in graph.edges:
        if edge.confidence >= 0.5:
            sure.setdefault(edge.caller, []).append(edge.callee)
    assert sure == expected["calls"]
    assert [[e.caller, e.callee] for e in graph.edges if e.confidence < 0.5] == expected["guessed"]
    assert sorted(f"{s.function}:{s.callee}" for s in graph.unresolved) == expected["unresolved"]


def test_every_language_has_a_case_and_all_patterns_fit_its_grammar() -> None:
    assert {folder.name for folder in FOLDERS} == {*GRAMMARS} - {"tsx"}
    for name, grammar in GRAMMARS.items():
        lost = [
            line for line in patterns.lines(grammar.query) if not patterns._fits(patterns.grammar(name), line)
        ]
        assert lost == []


def test_functions_have_parameters_comments_and_places(tmp_path: Path) -> None:
    text = "/**\n * Adds.\n */\nexport function add(a, b = 1, ...rest) {\n  return a;\n}\n"
    add = find(read(text, "a.js", tmp_path), "add")
    assert [(p.name, p.kind) for p in add.parameters] == [
        ("a", "positional"),
        ("b", "positional"),
        ("rest", "star"),
    ]
    assert (add.docstring, add.span.line, add.span.end_line) == ("Adds.", 4, 6)


def test_columns_are_characters_not_bytes(tmp_path: Path) -> None:
    module = read("const x = '\u00e4\u00f6\u00fc'; f(x);\n", "a.js", tmp_path)
    assert module.call_sites[0].span.column == 17


def test_statements_nest_as_they_stand(tmp_path: Path) -> None:
    text = """
function f(n) {
  for (let i = 0; i < n; i++) {
    if (i > 1) { g(i); } else if (i) { break; } else { h(); }
  }
  while (n) n--;
  return n;
}
"""
    assert kinds(read(text, "a.js", tmp_path), "f") == [
        ("for", "body", "i < n"),
        ("if", "body", "i > 1"),
        ("expr", "body", "g(i)"),
        ("if", "orelse", "i"),
        ("break", "body", ""),
        ("expr", "orelse", "h()"),
        ("while", "body", "n"),
        ("assign", "body", "n--"),
        ("return", "body", ""),
    ]


def test_what_does_not_parse_is_a_notice_and_the_rest_is_read(tmp_path: Path) -> None:
    module = read("function ok() { return 1; }\nfunction ( {\n", "a.js", tmp_path)
    assert "ok" in {function.name for function in module.functions}
    assert [(notice.slug, notice.line) for notice in module.notices] == [("does-not-parse", 2)]


@pytest.mark.parametrize("text", ["", "\n\n", "\0", "}}}}", "(" * 5000, "/* never closed", "\u202e// x\n"])
def test_hostile_texts_end_as_facts(text: str) -> None:
    for name in GRAMMARS:
        assert host.shared().ask(name, "x", text)


def test_a_grammar_that_takes_too_long_is_ended_and_the_next_file_is_read() -> None:
    own = host.Host(time_limit=0.02)
    with pytest.raises(ParseError, match="took over"):
        own.ask("c", "big.c", "int f(int a) { return a; }\n" * 20000)
    own.time_limit = 20
    assert own.ask("c", "small.c", "int f(void);\n")
    own.close()


def test_a_grammar_that_dies_is_an_error_of_that_file_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    own = host.Host()
    with monkeypatch.context() as patch:
        patch.setattr(host, "_START", "import os, sys; sys.stdin.readline(); os.abort()  # {path!r}")
        with pytest.raises(ParseError, match="it died"):
            own.ask("c", "a.c", "int f(void);\n")
    assert own.ask("c", "a.c", "int f(void);\n")
    own.close()


def test_a_missing_grammar_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    (tmp_path / "a.kt").write_text("fun f() {}\n")
    with pytest.raises(UsageError, match=r"codeassist\[languages\]"):
        TreeLanguage("kotlin").parse(read_source(str(tmp_path / "a.kt")))


def test_comments_lose_their_marks() -> None:
    assert clean("/**\n * One.\n *  - two\n */") == "One.\n - two"
    assert clean("/// <summary>A stack.</summary>") == "A stack."
    assert clean("# Says hello.") == "Says hello."


def test_nothing_is_resolved_where_names_could_mean_several(tmp_path: Path) -> None:
    read("class A { go() {} }\nclass B { go() {} }\nfunction f(x) { x.go(); y.stop(); }\n", "a.js", tmp_path)
    graph = graph_of(tmp_path)
    assert graph.edges == ()
    assert [site.callee for site in graph.unresolved] == ["x.go", "y.stop"]


def test_a_common_method_name_is_never_guessed(tmp_path: Path) -> None:
    read("class A { push() {} }\nfunction f(x) { x.push(1); }\n", "a.js", tmp_path)
    assert graph_of(tmp_path).edges == ()


def test_python_and_others_stand_in_one_graph(tmp_path: Path) -> None:
    read("function f() { g(); }\nfunction g() {}\n", "web/a.js", tmp_path)
    read("def f(): g()\ndef g(): pass\n", "b.py", tmp_path)
    assert [(e.caller, e.callee) for e in graph_of(tmp_path).edges] == [
        ("b.f", "b.g"),
        ("web.a.f", "web.a.g"),
    ]
