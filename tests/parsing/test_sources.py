"""Which files are read, and how they are decoded."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from codeassist.parsing import read_source
from codeassist.records.errors import UsageError

GOOD = {
    "BOM": (b"\xef\xbb\xbfx = 1\n", "x = 1\n"),
    "CRLF": (b"x = 1\r\ny = 2\r\n", "x = 1\ny = 2\n"),
    "old Mac line ends": (b"x = 1\ry = 2\r", "x = 1\ny = 2\n"),
    "latin-1 with a cookie": (b"# coding: latin-1\nx = '\xe9'\n", "# coding: latin-1\nx = 'é'\n"),
    "cookie on line two": (
        b"#!/x\n# -*- coding: cp1252 -*-\n#\x80\n",
        "#!/x\n# -*- coding: cp1252 -*-\n#€\n",
    ),
    "no cookie on line three": (b"\n\n# coding: nonsense\n", "\n\n# coding: nonsense\n"),
    "no cookie behind code": (b"x = 1\n# coding: nonsense\n", "x = 1\n# coding: nonsense\n"),
    "form feed": (b"x = 1\n\x0cy = 2\n", "x = 1\n\x0cy = 2\n"),
    "tabs": (b"if x:\n\ty = 2\n", "if x:\n\ty = 2\n"),
    "empty": (b"", ""),
}

BAD = {
    "binary": b"\x7fELF\0\0\0",
    "not UTF-8": b"x = '\xe9'\n",
    "unknown cookie": b"# coding: nonsense\n",
    "codec that is no encoding": b"# coding: rot13\n",
    "UTF-16": "x = 1".encode("utf-16"),
    "BOM against cookie": b"\xef\xbb\xbf# coding: latin-1\n",
}


@pytest.mark.parametrize(("data", "text"), GOOD.values(), ids=GOOD)
def test_text_is_decoded_as_python_does(data: bytes, text: str, tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(data)
    assert read_source(str(path)).text == text


@pytest.mark.parametrize("data", BAD.values(), ids=BAD)
def test_unreadable_text_is_one_line(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(data)
    with pytest.raises(UsageError) as raised:
        read_source(str(path))
    assert "\n" not in str(raised.value)
    assert str(path) in str(raised.value)


def test_only_regular_files_are_read(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    for path in (str(fifo), str(tmp_path), "/dev/zero", str(tmp_path / "missing"), "a\0b"):
        with pytest.raises(UsageError):
            read_source(path)


def test_lines_are_counted_as_python_counts() -> None:
    text = "a = 1\x0c\nb = '\u2028'\x0b\nc = 3"
    assert len(read_source("x.py", text).lines) == 3


def test_path_is_absolute_and_posix(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("")
    os.symlink(tmp_path / "a.py", tmp_path / "b.py")
    assert read_source(str(tmp_path / "b.py")).path == (tmp_path / "a.py").resolve().as_posix()
