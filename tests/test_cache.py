"""Whatever happens to the cache, the answer is the same as without it."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from codeassist.cache import Cache, digest


def test_what_was_put_comes_back(tmp_path: Path) -> None:
    cache = Cache(str(tmp_path))
    assert cache.get("a") is None
    cache.put("a", {"x": [1, "é"]})
    assert cache.get("a") == {"x": [1, "é"]}
    assert cache.info().entries == 1
    cache.clear()
    assert cache.get("a") is None


def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    cache = Cache(str(tmp_path / "new"))
    cache.put("a", 1)
    assert stat.S_IMODE(os.stat(cache.path).st_mode) == 0o600
    assert stat.S_IMODE(os.stat(cache.path.parent).st_mode) == 0o700


def test_a_changed_entry_is_a_miss(tmp_path: Path) -> None:
    cache = Cache(str(tmp_path))
    cache.put("a", [1, 2])
    with sqlite3.connect(cache.path) as connection:
        connection.execute("UPDATE entries SET body = '[1, 3]'")
    assert cache.get("a") is None


@pytest.mark.parametrize(
    "damage", [b"", b"not a database at all" * 100, b"SQLite format 3\0" + b"\xff" * 5000]
)
def test_a_damaged_file_is_a_miss_and_is_replaced(tmp_path: Path, damage: bytes) -> None:
    cache = Cache(str(tmp_path))
    cache.path.write_bytes(damage)
    assert cache.get("a") is None
    cache.put("a", 1)
    cache.put("a", 1)
    assert cache.get("a") == 1


def test_a_folder_in_its_place_or_no_place_at_all_is_a_miss(tmp_path: Path) -> None:
    (tmp_path / "cache.sqlite3").mkdir()
    (tmp_path / "file").write_text("")
    for folder in (tmp_path, tmp_path / "file"):
        cache = Cache(str(folder))
        cache.put("a", 1)
        assert cache.get("a") is None
        assert cache.info().entries == 0


def test_eight_writers_at_once(tmp_path: Path) -> None:
    code = (
        "import sys; from codeassist.cache import Cache; c = Cache(sys.argv[1])\n"
        "for i in range(30): c.put(f'{sys.argv[2]}-{i}', i)"
    )
    writers = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path), str(n)]) for n in range(8)]
    assert [writer.wait() for writer in writers] == [0] * 8
    cache = Cache(str(tmp_path))
    assert all(cache.get(f"{n}-{i}") in (i, None) for n in range(8) for i in range(30))
    assert cache.info().entries > 200


def test_a_full_disk_is_a_miss(tmp_path: Path) -> None:
    code = (
        "import resource, signal, sys; from codeassist.cache import Cache; c = Cache(sys.argv[1])\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); c.put('small', 1)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000)); c.put('large', 'x' * 200_000)\n"
        "print(c.get('small'), c.get('large'))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("1 None\n", "")


def test_kill_in_mid_write_loses_no_more_than_that_write(tmp_path: Path) -> None:
    code = (
        "import sys; from codeassist.cache import Cache; c = Cache(sys.argv[1])\n"
        "for i in range(100_000): c.put(f'{i}', [i] * 500); print(i, flush=True)"
    )
    for _ in range(3):
        writer = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE)
        assert writer.stdout is not None
        done = [int(writer.stdout.readline()) for _ in range(20)]
        writer.kill()
        writer.wait()
        assert all(Cache(str(tmp_path)).get(f"{i}") == [i] * 500 for i in done)


def test_a_large_cache_forgets_its_older_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("codeassist.cache._MAX_BYTES", 200_000)
    cache = Cache(str(tmp_path))
    for i in range(100):
        cache.put(f"{i}", "x" * 10_000)
    assert cache.get("99") == "x" * 10_000
    assert cache.get("0") is None
    assert cache.info().bytes < 500_000


def test_parts_cannot_run_together() -> None:
    assert digest(["ab", "c"]) != digest(["a", "bc"])
