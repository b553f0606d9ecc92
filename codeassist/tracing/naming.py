"""The module name of a file, and the folders from which it finds its neighbours."""

from __future__ import annotations

import os


def module_name(path: str, root: str) -> str:
    """Dotted name of the file, so that relative imports work: folders with an `__init__.py` are packages.

    A file that is in no package but imports relatively is named from `root` (a namespace package).
    """
    package, folder = [os.path.splitext(os.path.basename(path))[0]], os.path.dirname(path)
    while os.path.isfile(os.path.join(folder, "__init__.py")) and os.path.dirname(folder) != folder:
        package.insert(0, os.path.basename(folder))
        folder = os.path.dirname(folder)
    if package[-1] == "__init__" and len(package) > 1:
        package.pop()
    if len(package) == 1 and _imports_relatively(path):
        return _from_root(path, root) or package[0]
    return ".".join(package)


def _from_root(path: str, root: str) -> str:
    inside = os.path.relpath(os.path.splitext(path)[0], root)
    parts = inside.split(os.sep)
    return ".".join(parts) if all(part.isidentifier() for part in parts) else ""


def _imports_relatively(path: str) -> bool:
    try:
        with open(path, "rb") as stream:
            lines = stream.read(1 << 20).split(b"\n")
    except OSError:
        return False
    return any(line.lstrip().startswith(b"from .") for line in lines)


def search_path(path: str, root: str) -> list[str]:
    """Folders to import from: the one above the file's package, the project's root, its `src`."""
    folder = os.path.dirname(path)
    while os.path.isfile(os.path.join(folder, "__init__.py")) and os.path.dirname(folder) != folder:
        folder = os.path.dirname(folder)
    candidates = [folder, root if os.path.isdir(root) else "", os.path.join(root, "src")]
    return list(dict.fromkeys(name for name in candidates if name and os.path.isdir(name)))
