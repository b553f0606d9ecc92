"""What changed, as git has it: every way to name a change, and everything that is no change of source."""

from __future__ import annotations

from pathlib import Path

import pytest

from codeassist.records.errors import UsageError
from codeassist.reviewing.repository import ChangeSet, changes
from tests.support.changes import commit, git, repository


@pytest.fixture
def place(tmp_path: Path) -> Path:
    repository(tmp_path)
    commit(tmp_path, a="def f():\n    return 1\n", b="def g():\n    return 2\n")
    return tmp_path


def names(change: ChangeSet) -> list[tuple[str, str]]:
    return [(Path(f.old_path).name, Path(f.new_path).name) for f in change.files]


def test_no_repository_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not in a git repository"):
        changes(str(tmp_path))


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({}, "nothing changed since the last commit"),
        ({"staged": True}, "nothing is staged"),
        ({"diff": "HEAD..HEAD"}, "nothing changed in HEAD..HEAD"),
        ({"diff": "nosuch..HEAD"}, "no commit 'nosuch' here"),
        ({"diff": "--output=x..HEAD"}, "no commit"),
        ({"files": ["nosuch.py"]}, "nosuch.py: no such file"),
    ],
)
def test_no_change_is_one_line(place: Path, asked: dict[str, object], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        changes(str(place), **asked)  # type: ignore[arg-type]


def test_new_files_that_git_does_not_know_are_named(place: Path) -> None:
    (place / "new.py").touch()
    with pytest.raises(UsageError, match="1 new file is not known to git"):
        changes(str(place))


def test_the_first_commit_is_compared_with_nothing(tmp_path: Path) -> None:
    repository(tmp_path)
    (tmp_path / "a.py").write_text("x = 1\n")
    git(tmp_path, "add", ".")
    (found,) = changes(str(tmp_path), staged=True).files
    assert found.old is None
    assert found.new == "x = 1\n"


def test_partially_staged_is_as_staged(place: Path) -> None:
    (place / "a.py").write_text("def f():\n    return 10\n")
    git(place, "add", ".")
    (place / "a.py").write_text("def f():\n    return 100\n")
    (place / "b.py").write_text("def g():\n    return 200\n")
    change = changes(str(place), staged=True)
    assert [f.new for f in change.files] == ["def f():\n    return 10\n"]
    # both sides run with what is staged of the other file, not with what lies in the working tree
    assert change.new_overlay[str(place / "b.py")] == "def g():\n    return 2\n"
    assert change.old_overlay[str(place / "a.py")] == "def f():\n    return 1\n"
    assert change.old_overlay[str(place / "b.py")] == "def g():\n    return 2\n"


def test_the_working_tree_needs_no_overlay_on_its_side(place: Path) -> None:
    (place / "a.py").write_text("def f():\n    return 10\n")
    change = changes(str(place))
    assert change.new_overlay == {}
    assert list(change.old_overlay) == [str(place / "a.py")]


def test_a_range_is_run_as_it_was(place: Path) -> None:
    commit(place, a="def f():\n    return 10\n")
    commit(place, a="def f():\n    return 11\n")
    change = changes(str(place), diff="HEAD~2..HEAD~1")
    assert change.old_overlay[str(place / "a.py")] == "def f():\n    return 1\n"
    assert change.new_overlay[str(place / "a.py")] == "def f():\n    return 10\n"


def test_three_dots_begin_where_the_branches_parted(place: Path) -> None:
    git(place, "checkout", "-q", "-b", "side")
    commit(place, a="def f():\n    return 10\n")
    git(place, "checkout", "-q", "-")
    commit(place, b="def g():\n    return 20\n")
    assert names(changes(str(place), diff="HEAD...side")) == [("a.py", "a.py")]


def test_a_renamed_file_is_one_change_by_either_name(place: Path) -> None:
    git(place, "mv", "a.py", "c.py")
    assert names(changes(str(place), staged=True)) == [("a.py", "c.py")]
    assert names(changes(str(place), staged=True, files=[str(place / "c.py")])) == [("a.py", "c.py")]


def test_a_deleted_file_has_no_new_side(place: Path) -> None:
    git(place, "rm", "-q", "a.py")
    (found,) = changes(str(place), staged=True, files=[str(place / "b.py")], with_deleted=True).files
    assert (found.old, found.new) == ("def f():\n    return 1\n", None)


def test_what_is_no_source_is_left_out_with_a_word(place: Path) -> None:
    (place / "data.bin").write_bytes(b"\0\1")
    (place / "c.py").write_bytes(b"a = '\0'\n")
    (place / "link.py").symlink_to("a.py")
    git(place, "add", ".")
    change = changes(str(place), staged=True)
    assert change.files == ()
    assert [(n.slug, Path(n.path).name) for n in change.notices] == [("binary", "c.py")]


def test_a_submodule_is_named(place: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = repository(tmp_path_factory.mktemp("other"))
    commit(other, x="x = 1\n")
    git(place, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(other), "sub")
    assert [n.slug for n in changes(str(place), staged=True).notices] == ["submodule"]


def test_a_shallow_clone_without_the_base_says_how_to_get_it(
    place: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    commit(place, a="def f():\n    return 10\n")
    clone = tmp_path_factory.mktemp("clone")
    git(clone, "clone", "-q", "--depth", "1", f"file://{place}", ".")
    with pytest.raises(UsageError, match="unshallow"):
        changes(str(clone), diff="HEAD~1..HEAD")


def test_a_merge_is_compared_with_the_branch_merged_into(place: Path) -> None:
    git(place, "checkout", "-q", "-b", "side")
    commit(place, a="def f():\n    return 10\n")
    git(place, "checkout", "-q", "-")
    commit(place, b="def g():\n    return 20\n")
    git(place, "merge", "-q", "--no-commit", "side")
    change = changes(str(place), staged=True)
    assert names(change) == [("a.py", "a.py")]
    assert [n.slug for n in change.notices] == ["merge"]


def test_conflicts_are_named_and_the_rest_goes_on(place: Path) -> None:
    git(place, "checkout", "-q", "-b", "side")
    commit(place, a="def f():\n    return 10\n", b="def g():\n    return 3\n")
    git(place, "checkout", "-q", "-")
    commit(place, a="def f():\n    return 20\n")
    with pytest.raises(AssertionError):
        git(place, "merge", "-q", "side")
    change = changes(str(place), staged=True)
    assert names(change) == [("b.py", "b.py")]
    assert "unmerged" in [n.slug for n in change.notices]


def test_names_and_encodings_of_all_kinds(place: Path) -> None:
    odd = place / "päckage with space\nline.py"
    odd.write_bytes("# coding: latin-1\nx = 'é'\n".encode("latin-1"))
    git(place, "add", ".")
    (found,) = changes(str(place), staged=True).files
    assert found.new_path == str(odd)
    assert found.new == "# coding: latin-1\nx = 'é'\n"


def test_a_huge_change_is_reviewed_in_part(place: Path) -> None:
    for number in range(205):
        (place / f"m{number:03}.py").write_text(f"x = {number}\n")
    git(place, "add", ".")
    change = changes(str(place), staged=True)
    assert len(change.files) == 200
    assert [n.slug for n in change.notices] == ["huge-change"]
