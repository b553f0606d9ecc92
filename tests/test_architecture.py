"""The house stands: who may import whom, what the start may load, what the probe may use."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "codeassist"
HEAVY = {
    "torch",
    "transformers",
    "openai",
    "mcp",
    "hypothesis",
    "rich",
    "jinja2",
    "libcst",
    "tree_sitter",
    "sqlite3",
}


def loaded_after(code: str) -> set[str]:
    program = (
        f"import sys, contextlib\nwith contextlib.suppress(SystemExit):\n    {code}\nprint(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("words", [["--help"], ["explain", "--help"], ["--version"]])
def test_help_loads_nothing_heavy(words: list[str]) -> None:
    loaded = loaded_after(f"from codeassist.cli.main import main; main({words!r})")
    assert "click" in loaded
    assert not loaded & HEAVY


def test_help_of_the_group_loads_no_command_and_no_room() -> None:
    loaded = loaded_after("from codeassist.cli.main import main; main(['--help'])")
    ours = {name for name in loaded if name.startswith("codeassist.")}
    assert ours <= {
        "codeassist.cli",
        "codeassist.cli.main",
        "codeassist.records",
        "codeassist.records.errors",
    }


def test_importing_the_package_loads_no_room() -> None:
    loaded = loaded_after("import codeassist")
    assert {name for name in loaded if name.startswith("codeassist")} == {"codeassist"}


def imports_of(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


@pytest.mark.parametrize("path", sorted((PACKAGE / "probe").glob("*.py")), ids=lambda path: path.name)
def test_the_probe_uses_only_the_standard_library_and_its_own_folder(path: Path) -> None:
    stems = {file.stem for file in (PACKAGE / "probe").glob("*.py")}
    own = stems | {f"codeassist_probe_{stem}" for stem in stems}  # loaded under names that nobody else has
    optional = {
        "pytest",
        "_pytest",
        "numpy",
        "torch",
    }  # looked at in the user's interpreter only if it is there
    assert imports_of(path) <= set(sys.stdlib_module_names) | own | optional


def test_nobody_imports_the_probe() -> None:
    outside = [path for path in PACKAGE.rglob("*.py") if "probe" not in path.parts]
    assert not [path for path in outside if "codeassist.probe" in path.read_text(encoding="utf-8")]


@pytest.mark.parametrize("path", sorted((PACKAGE / "records").glob("*.py")), ids=lambda path: path.name)
def test_records_use_only_the_standard_library(path: Path) -> None:
    assert imports_of(path) <= set(sys.stdlib_module_names) | {"codeassist"}


def test_every_module_opens_with_a_caption() -> None:
    for path in PACKAGE.rglob("*.py"):
        docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
        assert docstring, path
        first = docstring.splitlines()[0]
        assert first.endswith((".", ":", "`")) or "\n" not in docstring, (path, first)
