"""What is remembered between commands: answers and explanations by digest, in one SQLite file.

A damaged entry, a full disk, a locked or missing file: each is a miss, never an error. Entries are
checksummed JSON (no pickle), readable by the owner only. A cache inside a repository is not used.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_SCHEMA = """
CREATE TABLE IF NOT EXISTS entries (
    key TEXT PRIMARY KEY, body TEXT NOT NULL, checksum TEXT NOT NULL, used REAL NOT NULL
)
"""
_MAX_BYTES = 256 << 20


def digest(parts: Iterable[str | bytes]) -> str:
    """SHA-256 over `parts`, each with its length, so that no two lists of parts collide."""
    total = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        total.update(str(len(data)).encode() + b":" + data)
    return total.hexdigest()


@dataclass(frozen=True, slots=True)
class Info:
    """Where the cache is and how much it holds."""

    path: str
    entries: int
    bytes: int


class Cache:
    """get and put of JSON documents by digest."""

    def __init__(self, folder: str = "") -> None:
        self.path = Path(folder or _default_folder()) / "cache.sqlite3"

    def get(self, key: str) -> Any | None:
        """The document put under `key`, or None."""
        try:
            with _connected(self.path) as connection:
                row = connection.execute(
                    "SELECT body, checksum FROM entries WHERE key = ?", (key,)
                ).fetchone()
            if row is None or digest([key, row[0]]) != row[1]:
                return None
            return json.loads(row[0])
        except (sqlite3.Error, OSError, ValueError, TypeError, RecursionError):
            return None

    def put(self, key: str, document: Any) -> None:
        """Remember `document`; whatever goes wrong is only a miss later."""
        try:
            body = json.dumps(document, separators=(",", ":"))
            row = (key, body, digest([key, body]), time.time())
            with _connected(self.path) as connection:
                connection.execute("INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?)", row)
                if not connection.execute("SELECT 1 FROM entries WHERE key = ?", (key,)).fetchone():
                    raise sqlite3.DatabaseError("a broken index swallows what is put")
                _make_room(connection)
        except (sqlite3.Error, OSError, ValueError, TypeError, RecursionError):
            self._discard_if_broken()

    def info(self) -> Info:
        """Path, number of entries, size in bytes."""
        try:
            with _connected(self.path) as connection:
                count = connection.execute("SELECT COUNT(*) FROM entries").fetchone()[0]
            return Info(str(self.path), count, self.path.stat().st_size)
        except (sqlite3.Error, OSError):
            return Info(str(self.path), 0, 0)

    def clear(self) -> None:
        """Forget everything."""
        for suffix in ("", "-wal", "-shm"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)

    def _discard_if_broken(self) -> None:
        try:
            if self.path.is_file() and not _sound(self.path):
                self.clear()
        except OSError:
            return


def _make_room(connection: sqlite3.Connection) -> None:
    """Forget the older half of a cache that has become too large."""
    pages, size = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
    free = connection.execute("PRAGMA freelist_count").fetchone()[0]
    if (pages - free) * size > _MAX_BYTES:
        connection.execute(
            "DELETE FROM entries WHERE used <= (SELECT used FROM entries ORDER BY used LIMIT 1 OFFSET "
            "(SELECT COUNT(*) / 2 FROM entries))"
        )


def _default_folder() -> str:
    import platformdirs

    return platformdirs.user_cache_dir("codeassist")


class _connected:
    """A connection that commits on success and is closed in any case."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        is_new = not path.exists()
        self.connection = sqlite3.connect(path, timeout=2.0)
        if is_new:
            os.chmod(path, 0o600)

    def __enter__(self) -> sqlite3.Connection:
        try:
            self.connection.execute("PRAGMA journal_mode=WAL")
            self.connection.execute("PRAGMA synchronous=NORMAL")
            self.connection.execute(_SCHEMA)
        except sqlite3.Error:
            self.connection.close()
            raise
        return self.connection

    def __exit__(self, kind: Any, value: Any, traceback: Any) -> None:
        try:
            if kind is None:
                self.connection.commit()
        finally:
            self.connection.close()


def _sound(path: Path) -> bool:
    try:
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=2.0)
        try:
            return bool(connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok")
        finally:
            connection.close()
    except sqlite3.Error as error:
        return "locked" in str(error)
