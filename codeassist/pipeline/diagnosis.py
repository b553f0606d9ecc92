"""What works here and what does not, with the reason in words: the facts behind `codeassist doctor`."""

from __future__ import annotations

import platform
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

from codeassist import __version__, trust
from codeassist.cache import Cache
from codeassist.plugins import BACKENDS, load
from codeassist.records.errors import CodeassistError
from codeassist.records.trace import Layer
from codeassist.settings import Settings, project_root
from codeassist.settings import load as load_settings

EXTRAS = {
    "openai": ("openai",),
    "local": ("torch", "transformers", "tokenizers", "safetensors"),
}
"""extra -> the packages that it brings and that must be importable"""


def doctor(flags: Mapping[str, Any]) -> dict[str, Any]:
    """Every fact for the project in the current folder, with the settings that `flags` change."""
    return examine(load_settings(".", flags, trusted=trust.is_trusted(project_root("."))))


def examine(settings: Settings) -> dict[str, Any]:
    """Every fact as plain data; nothing of the user's project is run."""
    root = project_root(".")
    return {
        "codeassist": {"version": __version__, "python": platform.python_version(), "path": sys.executable},
        "platform": {
            "system": platform.system(),
            "release": platform.release(),
            "machine": platform.machine(),
        },
        "project": {"root": root, "trusted": trust.is_trusted(root), "refused": list(settings.refused)},
        **_sandbox(settings, root),
        "backends": {name: _backend(name) for name in BACKENDS},
        "extras": {name: _extra(name, packages) for name, packages in EXTRAS.items()},
        "cache": _cache(settings),
    }


def _platform() -> tuple[str, str, str]:
    return platform.system(), platform.release(), platform.machine()


def _sandbox(settings: Settings, root: str) -> dict[str, Any]:
    from codeassist.tracing import LocalRunner

    runner = LocalRunner(
        python=settings["python"] or None,
        sandbox=settings["sandbox"],
        root=root,
        trusted=trust.is_trusted(root),
    )
    try:
        interpreter = runner.interpreter
        chosen = {"path": interpreter.path, "reason": interpreter.reason, "error": ""}
        layers, error = runner.layers(), ""
    except CodeassistError as failure:
        chosen = {"path": "", "reason": "", "error": str(failure)}
        layers, error = {}, str(failure)
    told = {name: {"on": layer.on, "reason": layer.reason} for name, layer in layers.items()}
    verdict = error or _verdict(settings["sandbox"], layers)
    sandbox = {"mode": settings["sandbox"], "layers": told, "verdict": verdict}
    return {"interpreter": chosen, "sandbox": sandbox}


def _verdict(mode: str, layers: Mapping[str, Layer]) -> str:
    """One sentence: what a program that is run here can do."""
    off = [name for name, layer in layers.items() if not layer.on]
    if mode == "off":
        return "the sandbox is switched off: programs can do what you can do, within time and memory limits"
    if not off:
        return "programs cannot write outside a scratch folder, use the network or see other processes"
    open_ = [name for name in ("writes-blocked", "network-blocked") if name in off]
    if open_:
        return "nothing is run unless you trust the project or say --sandbox off: writes or network are open"
    return f"programs cannot write outside a scratch folder or use the network; missing: {', '.join(off)}"


def _backend(name: str) -> dict[str, Any]:
    try:
        reason = load("backends", name)().available()
    except Exception as error:  # a backend that cannot even be asked is one that does not work
        reason = f"{type(error).__name__}: {error}"
    return {"available": not reason, "reason": reason}


def _extra(name: str, packages: tuple[str, ...]) -> dict[str, Any]:
    missing = [package for package in packages if find_spec(package) is None]
    reason = f"pip install 'codeassist[{name}]' brings {' and '.join(missing)}" if missing else ""
    return {"available": not missing, "reason": reason}


def _cache(settings: Settings) -> dict[str, Any]:
    info = Cache(settings["cache_dir"]).info()
    return {"path": info.path, "entries": info.entries, "bytes": info.bytes, "on": settings["cache"]}
