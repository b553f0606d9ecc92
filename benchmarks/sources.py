"""Code that nobody here wrote: files of installed packages, and releases from the package index."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import tarfile
from pathlib import Path

STDLIB = ("bisect", "heapq", "statistics", "fractions", "difflib", "textwrap", "colorsys")


def files(package: str) -> list[Path]:
    """Source files of an installed package or module; `stdlib` is a fixed list of modules."""
    if package == "stdlib":
        return [path for name in STDLIB for path in files(name)]
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{package} is not installed")
    origin = Path(spec.origin)
    if origin.name != "__init__.py":
        return [origin]
    found = (path for path in sorted(origin.parent.rglob("*.py")) if path.name != "__init__.py")
    return [path for path in found if "tests" not in path.parts and not path.name.startswith("test_")]


def release(requirement: str, folder: Path) -> Path:
    """The unpacked source release of one package, in a folder of its own below `folder`."""
    target = folder / f"release-{requirement.partition('=')[0]}"
    options = ["-q", "--no-deps", "--no-binary", ":all:", "-d", str(target)]
    subprocess.run([sys.executable, "-m", "pip", "download", *options, requirement], check=True)
    (archive,) = target.glob("*.tar.gz")
    with tarfile.open(archive) as tar:
        tar.extractall(target, filter="data")
    archive.unlink()
    (root,) = target.iterdir()
    return root
