"""Which grammar reads which language, and what the language says of names: one row each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from codeassist.records.program import Scoping


@dataclass(frozen=True, slots=True)
class Grammar:
    """A row of the table."""

    wheel: str
    """the module that holds the compiled grammar"""
    query: str
    """name of the file of patterns in `queries/`"""
    suffixes: tuple[str, ...]
    scoping: Scoping = field(default_factory=Scoping)
    function: str = "language"
    """what of the wheel gives the grammar"""


_THIS = ("this",)
_SELF = ("self", "Self")

GRAMMARS: Mapping[str, Grammar] = {
    "javascript": Grammar(
        "tree_sitter_javascript",
        "javascript",
        (".js", ".mjs", ".cjs", ".jsx"),
        Scoping(_THIS, constructor="constructor", parent="super"),
    ),
    "typescript": Grammar(
        "tree_sitter_typescript",
        "typescript",
        (".ts", ".mts", ".cts"),
        Scoping(_THIS, constructor="constructor", parent="super"),
        "language_typescript",
    ),
    "tsx": Grammar(
        "tree_sitter_typescript",
        "typescript",
        (".tsx",),
        Scoping(_THIS, constructor="constructor", parent="super"),
        "language_tsx",
    ),
    "java": Grammar(
        "tree_sitter_java", "java", (".java",), Scoping(_THIS, True, "project", "", "super", overloads=True)
    ),
    "c": Grammar("tree_sitter_c", "c", (".c",), Scoping(shared="project")),
    "cpp": Grammar(
        "tree_sitter_cpp",
        "cpp",
        (".cpp", ".cc", ".cxx", ".hpp", ".hh", ".hxx", ".h", ".ipp"),
        Scoping(("this", "*this", "(*this)"), True, "project", "", overloads=True),
    ),
    "go": Grammar("tree_sitter_go", "go", (".go",), Scoping(shared="folder")),
    "rust": Grammar("tree_sitter_rust", "rust", (".rs",), Scoping(_SELF)),
    "ruby": Grammar(
        "tree_sitter_ruby",
        "ruby",
        (".rb", ".rake"),
        Scoping(("self",), True, "project", "initialize", "super"),
    ),
    "csharp": Grammar(
        "tree_sitter_c_sharp",
        "c_sharp",
        (".cs",),
        Scoping(_THIS, True, "project", "", "base", overloads=True),
    ),
    "php": Grammar(
        "tree_sitter_php",
        "php",
        (".php",),
        Scoping(("$this", "self", "static"), False, "project", "__construct", "parent"),
        "language_php",
    ),
    "bash": Grammar("tree_sitter_bash", "bash", (".sh", ".bash")),
    "kotlin": Grammar(
        "tree_sitter_kotlin",
        "kotlin",
        (".kt", ".kts"),
        Scoping(_THIS, True, "project", "", "super", overloads=True),
    ),
    "swift": Grammar(
        "tree_sitter_swift", "swift", (".swift",), Scoping(("self",), True, "project", "init", "super")
    ),
}
"""name -> grammar"""

SUFFIXES: Mapping[str, str] = {
    suffix: name for name, grammar in GRAMMARS.items() for suffix in grammar.suffixes
}
