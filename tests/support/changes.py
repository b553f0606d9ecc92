"""A change of one file reviewed as the command reviews it, and scratch repositories."""

from __future__ import annotations

import os
import subprocess
import textwrap
from pathlib import Path

from codeassist import pipeline
from codeassist.pipeline.reviewing import ReviewOptions, review_change
from codeassist.records.review import Review
from codeassist.reviewing.repository import ChangeSet, FileChange


def reviewed(folder: Path, old: str, new: str, name: str = "program.py", **options: object) -> Review:
    """The review of the change from `old` to `new` of one file in `folder`."""
    path = str(folder.resolve() / name)
    old, new = textwrap.dedent(old), textwrap.dedent(new)
    (folder / "pyproject.toml").touch()
    Path(path).write_text(new, encoding="utf-8")
    change = ChangeSet(str(folder.resolve()), (FileChange(path, path, old, new),), {path: old}, {})
    with pipeline.session(path, cache=False, budget=90.0) as opened:  # whatever else the machine does
        return review_change(change, opened, ReviewOptions(**options))  # type: ignore[arg-type]


def repository(folder: Path) -> Path:
    """An empty repository with an author."""
    git(folder, "init", "-q", ".")
    git(folder, "config", "user.name", "somebody")
    git(folder, "config", "user.email", "somebody@example.org")
    return folder


def git(folder: Path, *words: str, **variables: str) -> str:
    """The output of one git command; AssertionError with what it says when it fails."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment = {**kept, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, **variables}
    done = subprocess.run(["git", *words], cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def commit(folder: Path, **texts: str) -> None:
    """Write `name.py` for each text and commit everything."""
    for name, text in texts.items():
        (folder / f"{name}.py").write_text(textwrap.dedent(text), encoding="utf-8")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "change")
