"""Which grammar reads which language, and what the language says of names: one row each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from codeassist.parsing.trees import names
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
        Scoping(_THIS, constructor="constructor", parent="super", builtins=names.JS),
    ),
    "typescript": Grammar(
        "tree_sitter_typescript",
        "typescript",
        (".ts", ".mts", ".cts"),
        Scoping(_THIS, constructor="constructor", parent="super", builtins=names.JS),
        "language_typescript",
    ),
    "tsx": Grammar(
        "tree_sitter_typescript",
        "typescript",
        (".tsx",),
        Scoping(_THIS, constructor="constructor", parent="super", builtins=names.JS),
        "language_tsx",
    ),
    "java": Grammar(
        "tree_sitter_java",
        "java",
        (".java",),
        Scoping(_THIS, True, "project", "", "super", overloads=True, builtins=names.JAVA),
    ),
    "c": Grammar("tree_sitter_c", "c", (".c",), Scoping(shared="project", builtins=names.C)),
    "cpp": Grammar(
        "tree_sitter_cpp",
        "cpp",
        (".cpp", ".cc", ".cxx", ".hpp", ".hh", ".hxx", ".h", ".ipp"),
        Scoping(("this", "*this", "(*this)"), True, "project", "", overloads=True, builtins=names.C),
    ),
    "go": Grammar("tree_sitter_go", "go", (".go",), Scoping(shared="folder", builtins=names.GO)),
    "rust": Grammar("tree_sitter_rust", "rust", (".rs",), Scoping(_SELF, builtins=names.RUST)),
    "ruby": Grammar(
        "tree_sitter_ruby",
        "ruby",
        (".rb", ".rake"),
        Scoping(("self",), True, "project", "initialize", "super", builtins=names.RUBY),
    ),
    "csharp": Grammar(
        "tree_sitter_c_sharp",
        "c_sharp",
        (".cs",),
        Scoping(_THIS, True, "project", "", "base", overloads=True, builtins=names.CS),
    ),
    "php": Grammar(
        "tree_sitter_php",
        "php",
        (".php",),
        Scoping(("$this", "self", "static"), False, "project", "__construct", "parent", builtins=names.PHP),
        "language_php",
    ),
    "bash": Grammar(
        "tree_sitter_bash", "bash", (".sh", ".bash"), Scoping(shared="file", builtins=names.BASH)
    ),
    "kotlin": Grammar(
        "tree_sitter_kotlin",
        "kotlin",
        (".kt", ".kts"),
        Scoping(_THIS, True, "project", "", "super", overloads=True, builtins=names.KOTLIN),
    ),
    "swift": Grammar(
        "tree_sitter_swift",
        "swift",
        (".swift",),
        Scoping(("self",), True, "project", "init", "super", builtins=names.SWIFT),
    ),
}
"""name -> grammar"""

SUFFIXES: Mapping[str, str] = {
    suffix: name for name, grammar in GRAMMARS.items() for suffix in grammar.suffixes
}
