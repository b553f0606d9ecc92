"""What changed, from git: the texts of both sides, and the files that must stand in for the working tree."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from codeassist.records.errors import UsageError
from codeassist.records.program import Notice
from codeassist.records.text import inert

SUFFIXES = (".py", ".pyi")
MOST_FILES = 200
"""changed source files of one review; of a larger change the rest is named in a notice"""
_EMPTY = "0" * 40
_SUBMODULE, _LINK = "160000", "120000"
_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class FileChange:
    """One changed source file. A side on which it does not exist has no path and no text."""

    old_path: str
    new_path: str
    old: str | None
    new: str | None

    @property
    def path(self) -> str:
        """Where a finding about it stands."""
        return self.new_path or self.old_path


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """Changed files below `root`; overlays turn the working tree into either side, as far as code goes."""

    root: str
    files: tuple[FileChange, ...]
    old_overlay: Mapping[str, str] = field(default_factory=dict)
    new_overlay: Mapping[str, str] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()
    title: str = ""


@dataclass(frozen=True, slots=True)
class _Entry:
    """One line of `git diff --raw`."""

    old_mode: str
    new_mode: str
    old_blob: str
    new_blob: str
    status: str
    old_path: str
    new_path: str


def changes(
    folder: str,
    *,
    staged: bool = False,
    diff: str = "",
    files: Sequence[str] = (),
    with_deleted: bool = False,
) -> ChangeSet:
    """The change that is meant: what is staged, A..B, or the working tree against the last commit.

    Of `files` and folders only, if any are named; `with_deleted` adds what the change deletes elsewhere.
    Raises UsageError, in one line, for no repository, no such revision, and nothing that changed.
    """
    git = Git(folder)
    asked = _Asked(tuple(_inside(git, files)), with_deleted)
    if diff:
        return _of_range(git, diff, asked)
    if staged:
        return _of_index(git, asked)
    return _of_tree(git, asked)


@dataclass(frozen=True, slots=True)
class _Asked:
    """Files and folders asked for, relative to the root; all when there are none."""

    paths: tuple[str, ...]
    with_deleted: bool

    def of(self, entries: Sequence[_Entry]) -> list[_Entry]:
        """The entries that are meant; a renamed file by its old name or by its new one."""
        return [e for e in entries if self._has(e)]

    def _has(self, entry: _Entry) -> bool:
        if not self.paths or self.with_deleted and entry.status == "D":
            return True
        names = (entry.old_path, entry.new_path)
        return any(name == p or p == "." or name.startswith(f"{p}/") for p in self.paths for name in names)


class Git:
    """The git command in one repository; nothing of the user's configuration changes what it prints."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.root = os.path.realpath(self._top())

    def _top(self) -> str:
        try:
            return self("rev-parse", "--show-toplevel").decode("utf-8", "surrogateescape").strip("\n")
        except UsageError as error:
            if "git" in str(error) and "not installed" in str(error):
                raise
            raise UsageError(
                f"{self.folder} is not in a git repository", hint="review compares versions that git holds"
            ) from None

    def __call__(self, *words: str, data: bytes | None = None) -> bytes:
        """Standard output of `git WORDS`; UsageError with its first line when it fails."""
        command = [
            "git",
            "-c",
            "core.quotePath=false",
            "-c",
            "core.fsmonitor=false",
            "-C",
            self.folder,
            *words,
        ]
        environment = {**os.environ, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"}
        if data is None:
            environment.setdefault("GIT_TERMINAL_PROMPT", "0")
        try:
            done = subprocess.run(
                command, input=data, capture_output=True, env=environment, timeout=_SECONDS, check=False
            )
        except FileNotFoundError:
            raise UsageError("git is not installed", hint="review compares versions that git holds") from None
        except subprocess.TimeoutExpired:
            raise UsageError(f"git {words[0]} took more than {_SECONDS:.0f} s") from None
        if done.returncode:
            lines = done.stderr.decode("utf-8", "replace").strip().split("\n")
            raise UsageError(f"git {words[0]}: {inert(lines[0])[:200]}")
        return done.stdout

    def commit(self, name: str) -> str:
        """The id of a commit; UsageError says what to do where history is shallow."""
        try:
            return (
                self("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
                .decode()
                .strip()
            )
        except UsageError:
            shallow = self("rev-parse", "--is-shallow-repository").strip() == b"true"
            hint = (
                "this clone is shallow: run `git fetch --unshallow`"
                if shallow
                else "name a commit or a branch"
            )
            raise UsageError(f"no commit {inert(name)!r} here", hint=hint) from None

    def has_commit(self) -> bool:
        """Whether there is a commit at all."""
        try:
            self("rev-parse", "--verify", "--quiet", "HEAD")
        except UsageError:
            return False
        return True

    def blobs(self, names: Iterable[str]) -> dict[str, bytes]:
        """The contents of blobs by id, in one call."""
        wanted = sorted(set(names))
        if not wanted:
            return {}
        told = self("cat-file", "--batch", data="".join(f"{name}\n" for name in wanted).encode())
        return dict(_blobs(told))

    def raw(self, *words: str) -> list[_Entry]:
        """Entries of `git diff --raw`, renames found."""
        told = self("diff", "--raw", "-z", "-M", "--no-abbrev", "--no-ext-diff", "--no-textconv", *words)
        return list(_entries(told.decode("utf-8", "surrogateescape").split("\0")))


def _blobs(told: bytes) -> Iterator[tuple[str, bytes]]:
    place = 0
    while place < len(told):
        end = told.index(b"\n", place)
        words = told[place:end].split()
        place = end + 1
        if len(words) != 3 or words[1] == b"missing":
            continue
        size = int(words[2])
        yield words[0].decode(), told[place : place + size]
        place += size + 1


def _entries(parts: Sequence[str]) -> Iterator[_Entry]:
    rest = iter(parts)
    for head in rest:
        if not head.startswith(":"):
            continue
        old_mode, new_mode, old_blob, new_blob, status = head[1:].split()
        old_path = next(rest)
        new_path = next(rest) if status[0] in "RC" else old_path
        yield _Entry(old_mode, new_mode, old_blob, new_blob, status[0], old_path, new_path)


# --- the three ways to name a change ---------------------------------------------------------------


def _of_index(git: Git, asked: _Asked) -> ChangeSet:
    """The index against the last commit; partially staged files as they are staged."""
    base = git.commit("HEAD") if git.has_commit() else _no_tree(git)
    entries = asked.of(git.raw("--cached", base))
    if not entries:
        raise UsageError("nothing is staged", hint="run `git add`, or name files, or --diff A..B")
    beside = git.raw("--", *_specs())
    kept = {entry.old_path: entry.old_blob for entry in beside if entry.status in "MTD"}
    return _change_set(git, entries, kept, "what is staged", _merge_notice(git))


def _of_range(git: Git, text: str, asked: _Asked) -> ChangeSet:
    """A..B, A...B (from where they parted), or A (up to the working tree)."""
    left, dots, right = text.partition("...") if "..." in text else text.partition("..")
    if not dots:
        old = git.commit(left or "HEAD")
        entries = asked.of(git.raw(old))
        if not entries:
            raise UsageError(f"nothing changed since {inert(left)}")
        return _change_set(git, entries, {}, f"{left} to the working tree", [])
    old, new = git.commit(left or "HEAD"), git.commit(right or "HEAD")
    if dots == "...":
        old = _merge_base(git, old, new, text)
    entries = asked.of(git.raw(old, new))
    if not entries:
        raise UsageError(f"nothing changed in {inert(text)}")
    beside = git.raw(new, "--", *_specs())
    kept = {entry.old_path: entry.old_blob for entry in beside if entry.status in "MTD"}
    return _change_set(git, entries, kept, text, [])


def _merge_base(git: Git, old: str, new: str, text: str) -> str:
    try:
        return git("merge-base", old, new).decode().strip()
    except UsageError:
        raise UsageError(
            f"{inert(text)}: no common commit is known",
            hint="in a shallow clone, run `git fetch --unshallow`",
        ) from None


def _of_tree(git: Git, asked: _Asked) -> ChangeSet:
    """The working tree against the last commit."""
    base = git.commit("HEAD") if git.has_commit() else _no_tree(git)
    entries = asked.of(git.raw(base))
    if not entries:
        named = f"{inert(', '.join(asked.paths[:3]))}: " if asked.paths else ""
        raise UsageError(f"{named}nothing changed since the last commit", hint=_untracked(git, asked))
    return _change_set(git, entries, {}, "the working tree", _merge_notice(git))


def _untracked(git: Git, asked: _Asked) -> str:
    specs = [f":(top,literal){path}" for path in asked.paths] or [":(top)"]
    told = git("ls-files", "--others", "--exclude-standard", "-z", "--", *specs).split(b"\0")
    new = [name for name in told if name.endswith(b".py")]
    return f"{len(new)} new file{'s are' if len(new) > 1 else ' is'} not known to git" if new else ""


def _no_tree(git: Git) -> str:
    return git("hash-object", "-t", "tree", "--stdin", data=b"").decode().strip()


def _specs() -> list[str]:
    return [f":(top,glob)**/*{suffix}" for suffix in SUFFIXES]


def _inside(git: Git, files: Sequence[str]) -> list[str]:
    """The files and folders asked for, relative to the root."""
    for name in files:
        if not os.path.lexists(name):
            inside = os.path.relpath(_real(name), git.root)
            try:
                git("cat-file", "-e", f"HEAD:{inside}")
            except UsageError:
                raise UsageError(f"{inert(name)}: no such file, here or in the last commit") from None
    return [os.path.relpath(_real(name), git.root).replace(os.sep, "/") for name in files]


def _real(name: str) -> str:
    """The path with its folder resolved, the last part as it is: a link is its own file."""
    folder, last = os.path.split(os.path.abspath(name))
    return os.path.join(os.path.realpath(folder), last)


def _merge_notice(git: Git) -> list[Notice]:
    folder = git("rev-parse", "--git-dir").decode("utf-8", "surrogateescape").strip()
    head = os.path.join(git.folder if not os.path.isabs(folder) else "", folder, "MERGE_HEAD")
    if not os.path.exists(head):
        return []
    return [Notice("merge", "a merge is going on: it is compared with the branch merged into")]


# --- texts -----------------------------------------------------------------------------------------


def _change_set(
    git: Git, entries: Sequence[_Entry], kept: Mapping[str, str], title: str, notices: list[Notice]
) -> ChangeSet:
    """Both texts of each changed source file; `kept` holds blobs that stand in for unstaged text."""
    notices = [*notices, *_left_out(git, entries)]
    wanted = [e for e in entries if _is_source(e)]
    if len(wanted) > MOST_FILES:
        words = f"{len(wanted)} files changed; the first {MOST_FILES} are reviewed"
        notices.append(Notice("huge-change", words, hint="review parts of it: name files or folders"))
        wanted = wanted[:MOST_FILES]
    blobs = git.blobs(
        name for e in wanted for name in (e.old_blob, e.new_blob) if name != _EMPTY
    ) | git.blobs(kept.values())
    files = []
    for entry in wanted:
        change, problems = _file(git, entry, blobs)
        notices += problems
        if change is not None:
            files.append(change)
    new_overlay = {
        _absolute(git, path): text
        for path, blob in kept.items()
        if (text := _text(blobs.get(blob, b""))) is not None
    }
    return ChangeSet(git.root, tuple(files), *_overlays(files, new_overlay), tuple(notices), title)


def _overlays(files: Iterable[FileChange], new: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """What stands in for the working tree on the old side, and on the new one."""
    old = dict(new)
    for change in files:
        if change.old is not None:
            old[change.old_path] = change.old
    both = dict(new)
    for change in files:
        if change.new is not None and not _is_on_disk(change.new_path, change.new):
            both[change.new_path] = change.new
    return old, both


def _is_on_disk(path: str, text: str) -> bool:
    try:
        with open(path, "rb") as stream:
            return _text(stream.read()) == text
    except OSError:
        return False


def _left_out(git: Git, entries: Iterable[_Entry]) -> Iterator[Notice]:
    for entry in entries:
        path = _absolute(git, entry.new_path)
        if _SUBMODULE in (entry.old_mode, entry.new_mode):
            yield Notice("submodule", "a submodule moved: review it in its own repository", path)
        elif entry.status == "U":
            yield Notice("unmerged", "it has conflicts: resolve them first", path)


def _is_source(entry: _Entry) -> bool:
    plain = {_SUBMODULE, _LINK}.isdisjoint((entry.old_mode, entry.new_mode))
    return plain and entry.status != "U" and entry.new_path.endswith(SUFFIXES)


def _file(git: Git, entry: _Entry, blobs: Mapping[str, bytes]) -> tuple[FileChange | None, list[Notice]]:
    old_path = _absolute(git, entry.old_path) if entry.status != "A" else ""
    new_path = _absolute(git, entry.new_path) if entry.status != "D" else ""
    if entry.status == "C":
        old_path = ""
    old = blobs.get(entry.old_blob) if old_path else None
    new = None
    if new_path:
        new = blobs.get(entry.new_blob) if entry.new_blob != _EMPTY else _read(new_path)
    texts = [None if data is None else _text(data) for data in (old, new)]
    if any(data is not None and text is None for data, text in zip((old, new), texts, strict=True)):
        return None, [Notice("binary", "it is not text", new_path or old_path)]
    return FileChange(old_path, new_path, *texts), []


def _read(path: str) -> bytes | None:
    try:
        with open(path, "rb") as stream:
            return stream.read()
    except OSError:
        return None


def _text(data: bytes) -> str | None:
    """The text as Python would decode it, or None for something else."""
    import io
    import tokenize

    if b"\0" in data:
        return None
    try:
        encoding = tokenize.detect_encoding(io.BytesIO(data).readline)[0]
        return data.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
    except (SyntaxError, UnicodeDecodeError, LookupError):
        return None


def _absolute(git: Git, path: str) -> str:
    return os.path.join(git.root, path)
