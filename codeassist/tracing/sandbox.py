"""What the sandbox allows: the folders, the environment, the limits, and what each mode insists on."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from codeassist.records.errors import ConsentError, UsageError
from codeassist.records.trace import Layer

MODES = ("guarded", "strict", "off")
BLOCKS = ("writes-blocked", "network-blocked")
"""what must be proven before code runs that the user has not said they trust"""
LAYERS = (
    "no-new-privileges", "capabilities", "limits", "landlock", "seccomp", "signals",
    "user-namespace", "pid-namespace", "network-namespace", "ipc-namespace", "mount-namespace",
)  # fmt: skip
_SYSTEM = (
    "/usr", "/lib", "/lib64", "/lib32", "/bin", "/sbin", "/opt", "/nix/store", "/run/current-system",
    "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/localtime", "/etc/timezone",
    "/etc/mime.types", "/etc/passwd", "/etc/group", "/etc/nsswitch.conf", "/etc/ssl/openssl.cnf",
    "/etc/alternatives", "/etc/python3", "/etc/debian_version", "/etc/os-release",
    "/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/loadavg", "/proc/uptime", "/proc/version",
    "/proc/filesystems", "/proc/sys/kernel/osrelease", "/proc/sys/vm/overcommit_memory",
    "/sys/devices/system/cpu",
    "/dev/urandom", "/dev/random", "/dev/zero",
)  # fmt: skip
_WRITABLE = ("/dev/null", "/dev/full", "/dev/shm")
_KEPT = (
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "TZ",
    "VIRTUAL_ENV",
    "PYTHONPATH",
    "LD_LIBRARY_PATH",
    "PYENV_VERSION",
)
_MAXIMUM = 500
"""entries of a home folder that are allowed one by one"""
LIMITS = {"CORE": 0, "NOFILE": 1024, "NPROC": 256, "FSIZE": 8 << 30, "MSGQUEUE": 0}
"""resource limits of every process; what one run may use is watched from outside"""


def required(mode: str, trusted: bool) -> tuple[str, ...]:
    """The layers without which nothing is started; raises UsageError for an unknown mode."""
    if mode not in MODES:
        raise UsageError(f"no sandbox mode {mode!r}", hint=f"choose one of {', '.join(MODES)}")
    if mode == "strict":
        return (*LAYERS, *BLOCKS)
    return () if mode == "off" or trusted else BLOCKS


def refusal(mode: str, missing: str, layers: Mapping[str, Layer]) -> ConsentError:
    """The one line for a run that was not started."""
    names = missing.split(", ")
    reasons = "; ".join(f"{name}: {layers[name].reason}" for name in names if name in layers)
    if mode == "strict":
        return ConsentError(f"the strict sandbox is not whole here ({reasons})", slug="sandbox-incomplete")
    what = " and ".join({"writes-blocked": "file writes", "network-blocked": "the network"}[n] for n in names)
    return ConsentError(
        f"nothing was run: {what} cannot be blocked here ({reasons})",
        hint="allow it with --sandbox off, or for this project with `codeassist config trust`",
    )


def rules(readable: Sequence[str], scratch: str, home: str | None = None) -> list[tuple[str, str]]:
    """The allow-list: (path, "read", "list" or "write")."""
    home = os.path.realpath(home or os.path.expanduser("~"))
    allowed = [(path, "read") for path in _SYSTEM]
    allowed += [(path, "read") for path in (*_python_path(), f"{home}/.local/lib")]
    for folder in dict.fromkeys(os.path.realpath(path) for path in readable):
        allowed += _without_secrets(folder, home)
    allowed += [(path, "write") for path in (*_WRITABLE, scratch)]
    return allowed


def _python_path() -> list[str]:
    return [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if os.path.isabs(path)]


def _without_secrets(folder: str, home: str) -> Iterator[tuple[str, str]]:
    """A folder that holds the home folder is opened without its hidden entries: keys live there."""
    if folder != home and not home.startswith(folder.rstrip("/") + "/"):
        yield folder, "read"
        return
    yield folder, "list"
    for entry in sorted(Path(folder).iterdir())[:_MAXIMUM]:
        inside = str(entry)
        if home == inside or home.startswith(inside + "/"):
            yield from _without_secrets(inside, home)
        elif not entry.name.startswith(".") and folder != "/":
            yield inside, "read"


def environment(scratch: str, seed: int = 0) -> dict[str, str]:
    """A minimal environment: no keys, no proxies, a hash seed that is the same every time."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    fixed = {
        "LANG": "C.UTF-8", "TERM": "dumb", "NO_COLOR": "1",
        "TMPDIR": scratch, "TEMP": scratch, "TMP": scratch,
        "PYTHONHASHSEED": str(seed % 2**32), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONIOENCODING": "utf-8",
        "MPLBACKEND": "Agg",
        # one thread: runs repeat, and a pool of threads does not survive a fork
        "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1",
    }  # fmt: skip
    if sys.platform == "win32":
        kept.update({name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ})
    return {**kept, **fixed}
