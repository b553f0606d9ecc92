"""`annotate` from end to end: written, shown, checked, renewed, and never more than notes."""

from __future__ import annotations

import ast
import os
from pathlib import Path

import pytest

from tests.support.command import codeassist

SEARCH = """def search(xs, target):
    low, high = 0, len(xs) - 1
    while low <= high:
        mid = (low + high) // 2
        if xs[mid] == target:
            return mid
        if xs[mid] < target:
            low = mid + 1
        else:
            high = mid - 1
    return -1
"""
DOUBLE = "def double(x):\n    return 2 * x\n"


def without_notes(text: str) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if "# codeassist: " not in line)


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "search.py"
    path.write_text(SEARCH + "\n\n" + DOUBLE)
    return path


def test_check_and_diff_write_nothing(program: Path) -> None:
    before = program.read_bytes()
    check = codeassist("annotate", str(program), "--check")
    assert (check.status, check.out) == (1, "")
    assert "search.py: would be annotated" in check.err
    diff = codeassist("annotate", str(program), "--diff")
    assert diff.status == 0
    changed = [line for line in diff.out.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")]
    assert changed
    assert all(line.startswith("+") and "# codeassist: " in line for line in changed)
    assert program.read_bytes() == before


def test_twice_changes_nothing_more(program: Path) -> None:
    kinds = ("--notes", "goals,invariants,runs,docstrings")
    os.chmod(program, 0o640)
    assert codeassist("annotate", str(program), *kinds).status == 0
    once = program.read_text()
    assert "    # codeassist: 0 <= low <= high < len(xs) at every turn, in " in once
    assert ast.get_docstring(ast.parse(once).body[1]).startswith("Gives 2 * x.")
    assert program.stat().st_mode & 0o777 == 0o640
    again = codeassist("annotate", str(program), *kinds)
    assert (again.status, again.out, again.err) == (0, "", "")
    assert program.read_text() == once
    assert codeassist("annotate", str(program), *kinds, "--check").status == 0


def test_notes_are_renewed_when_the_code_changes(program: Path) -> None:
    assert codeassist("annotate", str(program)).status == 0
    program.write_text(program.read_text().replace("low, high = 0, len(xs) - 1", "low, high = 0, len(xs)"))
    assert codeassist("annotate", str(program)).status == 0
    assert "high < len(xs) at every turn" not in program.read_text()
    assert without_notes(program.read_text()) == (SEARCH + "\n\n" + DOUBLE).replace("len(xs) - 1", "len(xs)")


def test_one_function_alone(program: Path) -> None:
    program.write_text(SEARCH + "\n\n" + SEARCH.replace("search", "other"))
    assert codeassist("annotate", f"{program}::other").status == 0
    first, _, second = program.read_text().partition("def other")
    assert "codeassist" not in first
    assert "codeassist" in second
    assert codeassist("annotate", str(program)).status == 0
    assert program.read_text().count("# codeassist: look at the middle") == 2


@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_the_rest_stays_byte_for_byte(tmp_path: Path, end: str) -> None:
    path = tmp_path / "odd.py"
    text = "\ufeff# -*- coding: utf-8 -*-\n\f\n" + SEARCH.replace("    ", "\t").rstrip("\n")
    path.write_bytes(text.replace("\n", end).encode())
    assert codeassist("annotate", str(path)).status == 0
    lines = path.read_bytes().split(end.encode())
    assert any(b"\t# codeassist: " in line for line in lines)
    assert (
        end.encode().join(line for line in lines if b"# codeassist: " not in line)
        == text.replace("\n", end).encode()
    )


def test_standard_input_is_printed_with_its_notes() -> None:
    done = codeassist("annotate", "-", "--no-run", stdin=SEARCH.encode())
    assert done.status == 0
    assert "        # codeassist: look at the middle: mid\n" in done.out
    assert "at every turn" not in done.out
    assert without_notes(done.out) == SEARCH


def test_a_link_stays_a_link(tmp_path: Path, program: Path) -> None:
    link = tmp_path / "link.py"
    link.symlink_to(program)
    assert codeassist("annotate", str(link)).status == 0
    assert link.is_symlink()
    assert "# codeassist: " in program.read_text()


def test_what_cannot_be_annotated_is_said_in_one_line(tmp_path: Path) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text("def f(:\n    pass\n")
    (tmp_path / "good.py").write_text(SEARCH)
    alone = codeassist("annotate", str(broken))
    assert alone.status == 2
    assert alone.err.count("\n") == 1
    both = codeassist("annotate", str(tmp_path))
    assert both.status == 0
    assert "broken.py" in both.err
    assert "# codeassist: " in (tmp_path / "good.py").read_text()


def test_usage() -> None:
    assert codeassist("annotate").status == 2
    assert codeassist("annotate", "x.py", "--notes", "verses").status == 2
    assert codeassist("annotate", "no_such_file.py").status == 2


def test_an_encoding_that_cannot_hold_the_notes(tmp_path: Path) -> None:
    path = tmp_path / "old.py"
    data = b"# coding: latin-1\ns = '\xe9'\n" + SEARCH.encode()
    path.write_bytes(data)
    done = codeassist("annotate", str(path), "--lang", "zh-CN")
    assert done.status == 2
    assert "latin-1" in done.err or "iso8859-1" in done.err
    assert path.read_bytes() == data
    assert codeassist("annotate", str(path)).status == 0
    assert without_notes(path.read_text("latin-1")) == data.decode("latin-1")
