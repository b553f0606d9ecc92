"""What the user allowed: projects whose code may run where nothing holds it, by folder."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from pathlib import Path

from codeassist.records.errors import UsageError


def file() -> Path:
    """Where the user's word is kept: in the user's own configuration, never in a project."""
    override = os.environ.get("CODEASSIST_CONFIG_DIR")
    if override:
        return Path(override) / "trusted.json"
    import platformdirs

    return platformdirs.user_config_path("codeassist") / "trusted.json"


def is_trusted(root: str | Path) -> bool:
    """Whether the user has trusted the project at `root` or a folder that holds it."""
    wanted = Path(root).resolve()
    known = trusted_folders()
    return str(wanted) in known or any(str(parent) in known for parent in wanted.parents)


def trusted_folders() -> frozenset[str]:
    """Every trusted folder; a file that cannot be read trusts nobody."""
    try:
        known = json.loads(file().read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return frozenset()
    folders = known.get("folders") if isinstance(known, dict) else None
    return (
        frozenset(item for item in folders if isinstance(item, str))
        if isinstance(folders, list)
        else frozenset()
    )


def trust(root: str | Path) -> None:
    """Remember that the user trusts the project at `root`; raises UsageError where it cannot be written."""
    _write(trusted_folders() | {str(Path(root).resolve())})


def revoke(root: str | Path) -> None:
    """Forget it."""
    _write(trusted_folders() - {str(Path(root).resolve())})


def _write(folders: frozenset[str]) -> None:
    path = file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            json.dump(
                {"format": "codeassist/trust", "version": 1, "folders": sorted(folders)}, stream, indent=1
            )
        os.replace(temporary, path)
    except OSError as error:
        with contextlib.suppress(OSError, UnboundLocalError):
            os.unlink(temporary)
        raise UsageError(f"{path} cannot be written: {error.strerror}") from None
