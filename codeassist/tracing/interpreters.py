"""Which Python interpreter runs the user's code, and why that one; nothing is executed to find out."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from codeassist.records.errors import UsageError

_NAMES = ("python3", "python") if os.name != "nt" else ("python.exe",)
_BIN = "Scripts" if os.name == "nt" else "bin"


@dataclass(frozen=True, slots=True)
class Interpreter:
    """An executable, the reason for choosing it, and the folders it must be able to read."""

    path: str
    reason: str
    folders: tuple[str, ...]


def choose(
    root: str, *, asked: str | None = None, trusted: bool = False, env: Mapping[str, str] | None = None
) -> Interpreter:
    """The interpreter for the project at `root`; raises UsageError when the one asked for is not there.

    A repository's own environment is used only when it is the active one or the project is trusted:
    its packages are other people's code.
    """
    env = os.environ if env is None else env
    if asked:
        return _described(_asked(asked, env), "asked for with --python or in the settings")
    for path, reason in _candidates(root, trusted, env):
        if _is_program(path):
            return _described(path, reason)
    return _described(sys.executable, "codeassist's own, since no other was found")


def _asked(text: str, env: Mapping[str, str]) -> str:
    from shutil import which

    path = os.path.expanduser(text) if os.sep in text else which(text, path=env.get("PATH")) or text
    if os.path.isdir(path):
        path = _inside(path) or path
    if not (os.path.isfile(path) and os.access(path, os.X_OK)):
        raise UsageError(f"no Python interpreter at {text}", slug="no-interpreter")
    return _behind_shim(path, env) or os.path.abspath(path)


def _candidates(root: str, trusted: bool, env: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    active = env.get("VIRTUAL_ENV", "")
    if active and not _is_hooks_own(active, env):
        yield _inside(active) or "", "the active virtual environment"
    if trusted:
        for name in (".venv", "venv"):
            yield (
                _inside(os.path.join(root, name)) or "",
                f"the project's own {name} (the project is trusted)",
            )
    for path in _on_path(env):
        yield path, "the first Python on PATH that is not codeassist's own"


def _is_hooks_own(active: str, env: Mapping[str, str]) -> bool:
    """Whether pre-commit made this environment for codeassist alone: the project's packages are elsewhere."""
    return bool(env.get("PRE_COMMIT")) and os.path.realpath(active) == os.path.realpath(sys.prefix)


def _on_path(env: Mapping[str, str]) -> Iterator[str]:
    own = Path(sys.prefix).resolve()
    for folder in env.get("PATH", "").split(os.pathsep):
        path = os.path.join(folder, _NAMES[0])
        if folder and os.path.isfile(path) and Path(folder).resolve().parent != own:
            yield _behind_shim(path, env) or path


def _inside(environment: str) -> str | None:
    for name in _NAMES:
        path = os.path.join(environment, _BIN, name)
        if os.path.exists(path):
            return os.path.abspath(path)
    return None


def _is_program(path: str) -> bool:
    """An executable that is not a script: a script would run more than the interpreter."""
    try:
        with open(path, "rb") as stream:
            return stream.read(2) != b"#!" and os.access(path, os.X_OK)
    except OSError:
        return False


def _behind_shim(path: str, env: Mapping[str, str]) -> str | None:
    """The interpreter that a pyenv shim stands for, by pyenv's rule: PYENV_VERSION, then its file."""
    folder = Path(path).parent
    if folder.name != "shims" or not (folder.parent / "versions").is_dir():
        return None
    name = env.get("PYENV_VERSION") or _first_word(folder.parent / "version")
    found = folder.parent / "versions" / name / _BIN / "python"
    return str(found) if name and found.exists() else None


def _first_word(path: Path) -> str:
    try:
        return (path.read_text(encoding="utf-8").split() or [""])[0]
    except OSError:
        return ""


def _described(path: str, reason: str) -> Interpreter:
    return Interpreter(path, reason, tuple(_folders(path)))


def _folders(path: str) -> Iterator[str]:
    """Prefix, environment and base installation; found from the files, as the interpreter itself does."""
    real = os.path.realpath(path)
    yield os.path.dirname(os.path.dirname(real))
    environment = os.path.dirname(os.path.dirname(os.path.abspath(path)))
    config = os.path.join(environment, "pyvenv.cfg")
    if not os.path.isfile(config):
        return
    yield environment
    for line in Path(config).read_text(encoding="utf-8", errors="replace").splitlines():
        key, _, value = line.partition("=")
        if key.strip() == "home" and value.strip():
            yield os.path.dirname(os.path.realpath(value.strip()))
