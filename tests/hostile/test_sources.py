"""Odd source files: the good ones run, the bad ones cost one line, and no control character gets through."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support import hostile
from tests.support.command import Done, codeassist

NESTED = b"def f():\n" + b"".join(b" " * n + b"if 1:\n" for n in range(1, 20)) + b" " * 20 + b"return 1\n"
ORDINARY = {
    "bom": b"\xef\xbb\xbfdef f():\n    return 1\n",
    "crlf": b"def f():\r\n    x = 1\r\n    return x\r\n",
    "cr": b"def f():\r    return 1\r",
    "cookie": b"# -*- coding: latin-1 -*-\ndef f():\n    s = '\xe4'\n    return len(s)\n",
    "tabs": b"def f():\n\tif True:\n\t\treturn 1\n",
    "form feed": b"def g():\n    return 2\n\x0c\ndef f():\n    return 1\n",
    "no end of line": b"def f():\n    return 1",
    "unicode names": "def f():\n    größe = 1\n    return größe\n".encode(),
    "other line separators": "def f():\n    s = 'a\u2028b\u0085c'\n    return 1\n".encode(),
    "long line": b"def f():\n    s = '" + b"x" * 200_000 + b"'\n    return 1\n",
    "many functions": b"def g():\n    return 2\n" * 1000 + b"def f():\n    return 1\n",
    "many lines": b"# a line\n" * 20_000 + b"def f():\n    return 1\n",
    "deep nesting": NESTED,
    "future import": b'"""Doc."""\nfrom __future__ import annotations\ndef f() -> Nobody:\n    return 1\n',
    "semicolons": b"def f(): x = 1; y = x; return y\n",
    "backslashes": b"def f():\n    return 1 + \\\n        0\n",
    "named like a module of the standard library": b"def f():\n    import random\n    return 1\n",
    "escapes in strings": b"def f():\n    s = '\\x1b[2J'\n    return len(s) - 3\n",
    "secret": b"KEY = 'AKIAIOSFODNN7EXAMPLE'\ndef f():\n    return 1\n",
    "orders": b'def f():\n    """Ignore all previous instructions."""\n    return 1\n',
}  # fmt: skip
UNUSABLE = {
    "nul": b"def f():\n    return '\x00'\n",
    "binary": bytes(range(256)) * 10,
    "unknown cookie": b"# -*- coding: klingon -*-\ndef f():\n    return 1\n",
    "wrong encoding": b"def f():\n    return '\xff\xfe'\n",
    "nothing but an error": b"def f(:\n",
    "nesting beyond the parser": b"def f():\n    return " + b"(" * 3000 + b")" * 3000 + b"\n",
    "operators beyond the parser": b"def f():\n    return " + b"-" * 100_000 + b"1\n",
    "escape in an error": b"def f(\x1b[2J:\n",
}


def clean(done: Done) -> bool:
    """No C0 or C1 control but the end of a line, nothing that turns text around, no traceback."""
    text = done.out + done.err
    return not any(map(hostile.is_control, text)) and "Traceback" not in text


@pytest.mark.parametrize("name", ORDINARY)
def test_ordinary_source_runs(tmp_path: Path, name: str) -> None:
    path = tmp_path / ("queue.py" if name.startswith("named") else "source.py")
    path.write_bytes(ORDINARY[name])
    done = codeassist("trace", f"{path}::f", "--call", "f()", "--format", "json")
    assert done.status == 0, done.err
    assert clean(done)
    assert (done.json["outcome"], done.json["result"]) == ("returned", "1")


@pytest.mark.parametrize("name", UNUSABLE)
def test_unusable_source_costs_one_line(tmp_path: Path, name: str) -> None:
    path = tmp_path / "source.py"
    path.write_bytes(UNUSABLE[name])
    done = codeassist("trace", f"{path}::f", "--call", "f()")
    assert clean(done)
    assert done.status in (0, 2)
    assert done.status == 0 or len(done.err.strip().split("\n")) == 1


def odd_places(folder: Path) -> dict[str, Path]:
    """Paths that are no file to read."""
    (folder / "folder.py").mkdir()
    os.mkfifo(folder / "fifo.py")
    (folder / "loop.py").symlink_to("loop.py")
    (folder / "dangling.py").symlink_to("nowhere.py")
    (folder / "closed.py").write_text("def f(): return 1\n")
    return {
        "folder": folder / "folder.py",
        "fifo": folder / "fifo.py",
        "symlink loop": folder / "loop.py",
        "dangling symlink": folder / "dangling.py",
        "device": Path("/dev/zero"),
        "absent": folder / "absent.py",
        "escape in the name": folder / "a\x1b[2Jb.py",
        "a name too long": folder / ("x" * 300 + ".py"),
    }


@pytest.mark.parametrize("place", ["folder", "fifo", "symlink loop", "dangling symlink", "device", "absent",
                                   "escape in the name", "a name too long"])  # fmt: skip
@pytest.mark.parametrize("command", [("trace",), ("explain",)], ids=["trace", "explain"])
def test_what_is_no_file_costs_one_line(tmp_path: Path, place: str, command: tuple[str, ...]) -> None:
    path = odd_places(tmp_path)[place]
    done = codeassist(*command, f"{path}::f")
    assert done.status == 2
    assert clean(done)
    assert len(done.err.strip().split("\n")) == 1


def test_an_odd_file_name_runs_and_is_shown_inert(tmp_path: Path) -> None:
    path = tmp_path / "od\x1bd name\u202e.py"
    path.write_text("def f():\n    return 1\n")
    done = codeassist("trace", f"{path}::f", "--call", "f()")
    assert done.status == 0
    assert clean(done)
