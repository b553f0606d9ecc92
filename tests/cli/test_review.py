"""`codeassist review` as it is typed: statuses, the staged state, the baseline, the hook."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.support.changes import commit, git, repository
from tests.support.command import Done, codeassist

HALF = "def half(n):\n    return n // 2\n"
BROKEN = "def half(n):\n    return [n][1]\n"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    repository(tmp_path)
    commit(tmp_path, a=HALF)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def staged(place: Path, text: str, *words: str) -> Done:
    (place / "a.py").write_text(text)
    git(place, "add", ".")
    return codeassist("review", "--staged", *words)


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--staged",),
        ("--diff", "no..HEAD"),
        ("--staged", "--diff", "HEAD~1"),
        ("no.py",),
        ("--baseline", "no.json"),
    ],
)
def test_unusable_input_is_status_2_and_one_line(place: Path, words: tuple[str, ...]) -> None:
    done = codeassist("review", *words, "--format", "json")
    assert done.status == 2
    assert len(done.err.splitlines()) == 1
    assert (done.json["format"], done.json["outcome"]) == ("codeassist/review", "bad_input")


def test_fail_on_decides_the_status(place: Path) -> None:
    assert staged(place, HALF.replace("// 2", "// 3")).status == 0
    assert codeassist("review", "--staged", "--fail-on", "note").status == 1
    assert codeassist("review", "--staged", "--refactoring").status == 1
    done = staged(place, BROKEN)
    assert done.status == 1
    assert "now raises IndexError: list index out of range" in done.out


def test_what_is_staged_counts_not_what_lies_in_the_tree(place: Path) -> None:
    (place / "a.py").write_text(BROKEN)
    git(place, "add", ".")
    (place / "a.py").write_text(HALF)
    assert codeassist("review", "--staged").status == 1
    git(place, "commit", "-q", "-m", "broken")
    git(place, "checkout", "-q", ".")
    document = codeassist("review", "--diff", "HEAD~1..HEAD", "--format", "json").json
    assert [f["rule"] for f in document["findings"]] == ["new-exception"]
    assert [(f["function"], f["verdict"]) for f in document["functions"]] == [("half", "different")]


def test_a_baseline_leaves_known_findings_out_wherever_they_moved(place: Path, tmp_path: Path) -> None:
    known = str(tmp_path / "known.json")
    assert staged(place, BROKEN, "--format", "json", "--output", known).status == 1
    assert staged(place, "X = 1\n\n\n" + BROKEN, "--baseline", known).status == 0
    (tmp_path / "known.json").write_text("[]")
    assert "is no saved review" in codeassist("review", "--staged", "--baseline", known).err


def test_the_hook_is_quiet_where_there_is_nothing(place: Path) -> None:
    assert codeassist("review", "--hook") == Done(0, "", "")


def test_the_hook_looks_at_what_is_pushed(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit(place, a=BROKEN)
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", "HEAD~1")
    monkeypatch.setenv("PRE_COMMIT_TO_REF", "HEAD")
    assert codeassist("review", "--hook", "a.py").status == 1


def test_without_a_sandbox_only_static_findings_and_one_line(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from codeassist.records.errors import ConsentError
    from codeassist.tracing import runner

    def refuse(*_: object) -> None:
        raise ConsentError("writes cannot be blocked here")

    monkeypatch.setattr(runner, "Server", refuse)
    done = staged(place, BROKEN, "--hook")
    assert done.status == 0
    assert [line for line in done.out.splitlines() if "static findings only" in line] == [
        "static findings only: writes cannot be blocked here"
    ]


def test_pre_commit_stops_a_defect_and_passes_a_refactoring(
    place: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """With the pre-commit tool; the hook runs in this environment, as `language: system`."""
    pre_commit = pytest.importorskip("pre_commit", reason="pip install pre-commit")
    assert pre_commit
    entry = f"{sys.executable} -m codeassist review --hook"
    (place / ".pre-commit-config.yaml").write_text(
        "repos:\n- repo: local\n  hooks:\n  - id: review\n    name: review\n    language: system\n"
        f"    entry: {entry}\n    types_or: [python, pyi]\n    require_serial: true\n"
    )
    home = str(tmp_path_factory.mktemp("pre-commit"))

    def run() -> tuple[bool, str]:
        try:
            return True, git(place, "commit", "-m", "try", PRE_COMMIT_HOME=home, GIT_TERMINAL_PROMPT="0")
        except AssertionError as error:
            return False, str(error)

    import subprocess

    subprocess.run(
        [sys.executable, "-m", "pre_commit", "install"], cwd=place, check=True, capture_output=True
    )
    (place / "a.py").write_text(BROKEN)
    git(place, "add", ".")
    (place / "a.py").write_text(HALF)  # not staged: the commit would still break
    passed, words = run()
    assert not passed
    assert "now raises IndexError" in words
    (place / "a.py").write_text("def half(n):\n    result = n // 2\n    return result\n")
    git(place, "add", ".")
    (place / "a.py").write_text(BROKEN)  # not staged: not looked at
    passed, words = run()
    assert passed, words


@pytest.mark.slow
def test_the_hook_installs_from_a_clone(place: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """pre-commit clones this repository, installs it by pip for itself, and runs the hook."""
    import subprocess

    clone = tmp_path_factory.mktemp("clone")
    root = Path(__file__).parents[2]
    if not (root / ".git").exists():
        pytest.skip("this is no clone: pre-commit needs one")
    subprocess.run(["git", "clone", "-q", str(root), "."], cwd=clone, check=True)
    rev = git(clone, "rev-parse", "HEAD").strip()
    (place / ".pre-commit-config.yaml").write_text(
        json.dumps({"repos": [{"repo": str(clone), "rev": rev, "hooks": [{"id": "codeassist-review"}]}]})
    )
    subprocess.run(
        [sys.executable, "-m", "pre_commit", "install"], cwd=place, check=True, capture_output=True
    )
    home = str(tmp_path_factory.mktemp("pre-commit"))
    (place / "a.py").write_text(BROKEN)
    git(place, "add", ".")
    with pytest.raises(AssertionError, match="now raises IndexError"):
        git(place, "commit", "-m", "breaks", PRE_COMMIT_HOME=home)
    (place / "a.py").write_text("def half(n):\n    result = n // 2\n    return result\n")
    git(place, "add", ".")
    git(place, "commit", "-m", "refactors", PRE_COMMIT_HOME=home)
