"""What TARGET means."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from codeassist.records.errors import UsageError
from codeassist.targets import resolve, split


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a.py", ("a.py", "")),
        ("a.py::f", ("a.py", "f")),
        ("a.py::C::m", ("a.py", "C.m")),
        ("a.py::C.m", ("a.py", "C.m")),
    ],
)
def test_split(text: str, parts: tuple[str, str]) -> None:
    assert split(text) == parts


@pytest.mark.parametrize("text", ["missing.py", "", "a\0b", "missing/"])
def test_what_is_not_there_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError) as error:
        resolve([text])
    assert "\n" not in str(error.value)


def test_a_near_name_is_offered(tmp_path: Path) -> None:
    (tmp_path / "search.py").write_text("")
    with pytest.raises(UsageError, match=r"search\.py"):
        resolve([str(tmp_path / "serach.py")])


def test_a_folder_gives_its_own_source_only(tmp_path: Path) -> None:
    for name in (
        "a.py",
        "pkg/b.py",
        "pkg/out/c.py",
        ".venv/d.py",
        "node_modules/e.py",
        "notes.txt",
        "ignored.py",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    (tmp_path / ".gitignore").write_text("ignored.py\n")
    (tmp_path / "pkg/.gitignore").write_text("/out/\n")
    (tmp_path / "loop").symlink_to(tmp_path)
    found = [str(Path(target.path).relative_to(tmp_path)) for target in resolve([str(tmp_path)])]
    assert found == ["a.py", "pkg/b.py"]


def test_an_empty_folder_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no \.py"):
        resolve([str(tmp_path)])


def test_stdin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xef\xbb\xbfx = 1\n")))
    (target,) = resolve(["-"])
    assert target.text == "x = 1\n"
