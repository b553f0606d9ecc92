"""Byte code of the probe for the user's Python, so that a server need not compile it at every start."""

from __future__ import annotations

import contextlib
import os
import subprocess
from importlib.util import cache_from_source
from pathlib import Path

from codeassist.tracing.launch import PROBE

_PATIENCE = 30.0  # seconds


def ensure(interpreter: str, version: str, root: str) -> None:
    """Compile the probe once for this version, beside its sources; where that cannot be done, nothing is.

    Only the base interpreter is started, without its site packages (-I -S): what a project could have
    put into its environment does not run. An interpreter inside the project itself is not believed.
    """
    base = os.path.realpath(interpreter)
    if base.startswith(os.path.realpath(root) + os.sep) or _is_compiled(version):
        return
    if not os.access(PROBE, os.W_OK):
        return
    command = [base, "-I", "-S", "-m", "compileall", "-q", str(PROBE)]
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        subprocess.run(command, env={}, capture_output=True, check=False, timeout=_PATIENCE)


def _is_compiled(version: str) -> bool:
    words = version.split(".")
    if len(words) < 2 or not (words[0].isdigit() and words[1].isdigit()):
        return True  # nothing that we would know how to name
    tag = f"cpython-{words[0]}{words[1]}"
    return all(_is_fresh(source, tag) for source in PROBE.glob("*.py"))


def _is_fresh(source: Path, tag: str) -> bool:
    own = Path(cache_from_source(str(source)))
    compiled = own.with_name(f"{source.stem}.{tag}.pyc")
    try:
        return compiled.stat().st_mtime >= source.stat().st_mtime
    except OSError:
        return False
