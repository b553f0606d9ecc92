"""Settings with their origins: defaults, user, repository, environment, flags; later ones win.

A repository's own settings are other people's text: the names in `NEEDS_TRUST` are ignored until
the user has trusted that repository, and its sandbox can only be made stricter.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from codeassist.records.errors import SettingsError
from codeassist.records.run import Limits

DEFAULTS: dict[str, Any] = {
    "backend": "offline",
    "model": "",
    "base_url": "",
    "api_key": "",
    "max_cost": 0.0,
    "price_in": 0.0,
    "price_out": 0.0,
    "deadline": 120.0,
    "device": "auto",
    "dtype": "auto",
    "int8": False,
    "download": False,
    "temperature": 0.0,
    "top_k": 0,
    "top_p": 1.0,
    "beams": 1,
    "repetition_penalty": 1.0,
    "length_penalty": 1.0,
    "max_new_tokens": 0,
    "seed": 0,
    "lookup": True,
    "lang": "en",
    "level": "learner",
    "python": "",
    "sandbox": "guarded",
    "time_limit": 10.0,
    "memory_limit": 1 << 30,
    "max_events": 5_000_000,
    "budget": 10.0,
    "jobs": 1,
    "cluster": "",
    "cache": True,
    "cache_dir": "",
    "prompts": "",
    "plugins": True,
}
"""name -> default; the type of the default is the type of the setting"""

NEEDS_TRUST = frozenset(
    (
        "download device base_url api_key max_cost price_in price_out model python plugins cluster "
        "cache_dir prompts backend"
    ).split()
)
SECRET = frozenset({"api_key"})
"""settings whose value is never printed"""

_STRICTNESS = {"off": 0, "guarded": 1, "strict": 2}

DECODING = (
    "device dtype int8 download temperature top_k top_p beams repetition_penalty length_penalty "
    "max_new_tokens seed lookup"
).split()
"""settings of a model on this machine"""
_MAY_BE_ZERO = frozenset({"temperature", "top_k", "max_new_tokens", "seed", "length_penalty"})

_CHOICES = {
    "sandbox": tuple(_STRICTNESS),
    "level": ("learner", "developer"),
}

ROOT_MARKS = ("pyproject.toml", "setup.py", "setup.cfg", ".git", ".hg")


@dataclass(frozen=True, slots=True)
class Settings:
    """The value of each setting, where it came from, and what a repository was refused."""

    values: Mapping[str, Any]
    origins: Mapping[str, str]
    refused: tuple[str, ...] = ()
    root: str = ""

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def limits(self) -> Limits:
        """The limits of one run."""
        return Limits(time=self["time_limit"], memory=self["memory_limit"], events=self["max_events"])


@dataclass(slots=True)
class _Layers:
    values: dict[str, Any] = field(default_factory=lambda: dict(DEFAULTS))
    origins: dict[str, str] = field(default_factory=lambda: dict.fromkeys(DEFAULTS, "default"))
    refused: list[str] = field(default_factory=list)

    def put(self, name: str, value: Any, origin: str) -> None:
        self.values[name] = _checked(name, value, origin)
        self.origins[name] = origin


def load(start: str = ".", flags: Mapping[str, Any] | None = None, trusted: bool = False) -> Settings:
    """Read all layers for the project that holds `start`; `trusted` is the user's word for it.

    Raises SettingsError for a value that cannot be used.
    """
    root = project_root(start)
    layers = _Layers()
    _add_file(layers, user_file(), "user", trusted=True)
    _add_file(layers, Path(root) / "pyproject.toml", "repository", trusted)
    _add_environment(layers)
    for name, value in (flags or {}).items():
        if name in DEFAULTS and value is not None:
            layers.put(name, value, "flag")
    return Settings(layers.values, layers.origins, tuple(layers.refused), root)


def chosen(settings: Settings, **flags: Any) -> Settings:
    """The settings with what the user chose while a command runs. Raises SettingsError."""
    layers = _Layers(dict(settings.values), dict(settings.origins))
    for name, value in flags.items():
        layers.put(name, value, "flag")
    return Settings(layers.values, layers.origins, settings.refused, settings.root)


def user_file() -> Path:
    """The user's own settings, in the platform's configuration folder."""
    import platformdirs

    return Path(platformdirs.user_config_dir("codeassist")) / "config.toml"


def project_root(path: str) -> str:
    """The nearest folder above `path` with a project's mark, else the folder `path` is in."""
    place = Path(os.path.realpath(path))  # unlike resolve(), it raises for no name, loop or length
    folder = place if os.path.isdir(place) else place.parent
    for candidate in (folder, *folder.parents):
        if any(os.path.exists(candidate / mark) for mark in ROOT_MARKS):
            return str(candidate)
    return str(folder)


def _add_file(layers: _Layers, path: Path, origin: str, trusted: bool) -> None:
    for name, value in _read_toml(path, origin).items():
        key = name.replace("-", "_")
        if key not in DEFAULTS:
            raise SettingsError(f"{path}: no setting {name!r}", hint="`codeassist config show` lists them")
        if origin == "repository" and not trusted and not _harmless(layers, key, value):
            layers.refused.append(f"{name} of {path.name} is ignored until you run `codeassist config trust`")
            continue
        layers.put(key, value, f"{origin}: {path}")


def _harmless(layers: _Layers, name: str, value: Any) -> bool:
    if name == "sandbox":
        return _STRICTNESS.get(value, 0) >= _STRICTNESS[layers.values["sandbox"]]
    return name not in NEEDS_TRUST


def _read_toml(path: Path, origin: str) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return {}
    if origin == "repository" and "codeassist" not in text:
        return {}
    try:
        table = _toml(text)
    except ValueError as error:
        if origin == "repository":  # somebody else's broken file must not stop us
            return {}
        raise SettingsError(f"{path} is not TOML: {error}") from None
    if origin == "repository":
        table = table.get("tool", {})
        table = table.get("codeassist", {}) if isinstance(table, dict) else {}
    return table if isinstance(table, dict) else {}


def _toml(text: str) -> dict[str, Any]:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    table: dict[str, Any] = tomllib.loads(text)
    return table


def _add_environment(layers: _Layers) -> None:
    for name, default in DEFAULTS.items():
        text = os.environ.get(f"CODEASSIST_{name.upper()}")
        if text:
            layers.put(name, _parse(name, text, default), f"environment: CODEASSIST_{name.upper()}")


def _parse(name: str, text: str, default: Any) -> Any:
    if isinstance(default, bool):
        return text.lower() not in ("0", "false", "no", "off")
    try:
        return type(default)(text)
    except ValueError:
        raise SettingsError(f"CODEASSIST_{name.upper()}={text!r} is no {type(default).__name__}") from None


def _checked(name: str, value: Any, origin: str) -> Any:
    wanted = type(DEFAULTS[name])
    if wanted is float and type(value) is int:
        value = float(value)
    if type(value) is not wanted:
        raise SettingsError(f"{name} ({origin}) must be a {wanted.__name__}, not {value!r}")
    if name in _CHOICES and value not in _CHOICES[name]:
        raise SettingsError(f"{name} ({origin}) must be one of {', '.join(_CHOICES[name])}, not {value!r}")
    if wanted in (int, float) and wanted is not bool and not _in_range(name, value):
        raise SettingsError(f"{name} ({origin}) must be above zero, not {value!r}")
    return value


def _in_range(name: str, value: float) -> bool:
    return 0 < value < 1e15 or name in _MAY_BE_ZERO and value == 0
