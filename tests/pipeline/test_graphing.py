"""Graphs of folders: several processes, several languages, folders that are ignored or packages."""

from __future__ import annotations

import os
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest

from codeassist.pipeline import graphing
from codeassist.pipeline.graphing import GraphOptions, graph


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(40):
        text = f"from m{(number + 1) % 40} import f\ndef f(): g()\ndef g(): pass\nf()\n"
        (tmp_path / f"m{number}.py").write_text(text)
    return tmp_path


def test_processes_change_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = graph([str(folder)], GraphOptions(jobs=1))
    monkeypatch.setattr(graphing, "PAYS", 10)
    assert graph([str(folder)], GraphOptions(jobs=2)) == alone
    assert len(alone.edges) == 80


def test_a_killed_worker_loses_no_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = graph([str(folder)], GraphOptions(jobs=1))

    def broken(pool: Any, paths: list[str], progress: Any) -> Any:
        yield graphing.read_one(paths[0])
        raise BrokenProcessPool

    monkeypatch.setattr(graphing, "PAYS", 10)
    monkeypatch.setattr(graphing, "_spread", broken)
    assert graph([str(folder)], GraphOptions(jobs=2)) == alone


def test_a_file_that_no_one_can_read_is_a_notice(folder: Path) -> None:
    (folder / "bad.py").write_text("def (:\n")
    solved = graph([str(folder)], GraphOptions(jobs=1))
    assert [os.path.basename(notice.path) for notice in solved.notices] == ["bad.py"]


def test_an_ignored_folder_that_is_named_is_read(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_text("out/\n")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a.py").write_text("def f(): g()\ndef g(): pass\n")
    assert [(e.caller, e.callee) for e in graph([str(tmp_path / "out")], GraphOptions()).edges] == [
        ("a.f", "a.g")
    ]


def test_a_package_inside_a_package_finds_its_own_modules(tmp_path: Path) -> None:
    inner = tmp_path / "outer" / "inner"
    inner.mkdir(parents=True)
    (tmp_path / "outer" / "__init__.py").touch()
    (inner / "__init__.py").touch()
    (inner / "a.py").write_text("from outer.inner.b import g\ndef f(): g()\n")
    (inner / "b.py").write_text("def g(): pass\n")
    assert [(e.caller, e.callee) for e in graph([str(inner)], GraphOptions()).edges] == [("a.f", "b.g")]


def test_a_folder_of_several_languages_is_one_graph(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("def f(): g()\ndef g(): pass\n")
    (tmp_path / "b.go").write_text("package b\nfunc F() { G() }\nfunc G() {}\n")
    edges = graph([str(tmp_path)], GraphOptions()).edges
    assert [(e.caller, e.callee) for e in edges] == [("a.f", "a.g"), ("b.F", "b.G")]
