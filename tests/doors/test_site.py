"""`explain FOLDER --format html --output FOLDER/`: pages, links, search, and what is explained again."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from codeassist import pipeline
from codeassist.pipeline.siting import PARTS, Written, module_name, site
from codeassist.records.errors import UsageError

SECRET = "hunter2-is-secret-9f3a"
FILES = {
    "pyproject.toml": "",
    "pkg/__init__.py": "",
    "pkg/base.py": "def double(n):\n    '''Twice <b>n</b>.'''\n    return n * 2\n",
    "pkg/top.py": "from pkg.base import double\n\n\ndef total(xs):\n    result = 0\n    for x in xs:\n"
    "        result += double(x)\n    return result\n",
    "pkg/alone.py": f"password = {SECRET!r}\n\n\ndef Check(given):\n    right = password\n"
    "    return given == right\n",
    "broken.py": "def f(:\n",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def write(project: Path, output: Path, **flags: object) -> Written:
    with pipeline.session(str(project), budget=2.0, **flags) as opened:
        return site(str(project), str(output), opened, pipeline.ExplainOptions())


class Links(HTMLParser):
    """Every address that a page names, and the text of its <script> and <style>."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.found += [value or "" for name, value in attributes if name in ("href", "src", "action", "data")]


def links(path: Path) -> Links:
    found = Links()
    found.feed(path.read_text(encoding="utf-8"))
    return found


def test_every_function_has_a_page_and_every_link_leads_to_one(project: Path, tmp_path: Path) -> None:
    written = write(project, tmp_path / "site")
    pages = sorted((tmp_path / "site").rglob("*.html"))
    assert written.pages == len(pages)
    assert [line for line in written.told if "broken.py does not parse" in line]
    for page in pages:
        if page.name != "graph.html":
            for link in links(page).found:
                assert (page.parent / link).is_file(), (page, link)
    total = (tmp_path / "site/pages/pkg.top-total.html").read_text()
    assert "pkg.base-double.html" in total
    assert "✓" in total
    assert "pkg.top-total.html" in (tmp_path / "site/pages/pkg.base-double.html").read_text()
    index = (tmp_path / "site/index.html").read_text()
    assert "pkg/top.py" in index
    assert "<b>n</b>" not in index


def test_nothing_comes_from_elsewhere_and_no_secret_is_in_it(project: Path, tmp_path: Path) -> None:
    write(project, tmp_path / "site")
    for page in (tmp_path / "site").rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert "default-src 'none'" in text.replace("&#x27;", "'")
        assert not [link for link in links(page).found if "//" in link]
        assert SECRET not in text
    for part in (tmp_path / "site" / PARTS).iterdir():
        assert SECRET not in part.read_text()


def test_only_what_changed_is_explained_again(project: Path, tmp_path: Path) -> None:
    output = tmp_path / "site"
    first = write(project, output)
    assert first.explained == first.modules == 4
    assert write(project, output).explained == 0
    (project / "pkg/alone.py").write_text("def Check(given):\n    return not given\n")
    assert write(project, output).explained == 1
    (project / "pkg/base.py").write_text("def double(n):\n    return n + n + 0\n")
    assert write(project, output).explained == 2, "what imports it is explained again too"
    (project / "pkg/alone.py").unlink()
    assert write(project, output).explained == 0
    assert not list((output / "pages").glob("*lone*"))
    assert write(project, output, lang="zh-CN").explained == 3


def test_interrupted_work_is_taken_up_where_it_was(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from codeassist.pipeline import siting

    done = []
    real = siting.explained

    def twice(task: siting._Task) -> object:
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(task)
        return real(task)

    monkeypatch.setattr(siting, "explained", twice)
    first = write(project, tmp_path / "site")
    assert (first.interrupted, first.explained) == (True, 2)
    assert "run the same command again" in (tmp_path / "site/index.html").read_text()
    monkeypatch.setattr(siting, "explained", real)
    second = write(project, tmp_path / "site")
    assert (second.interrupted, second.explained) == (False, 2)


def test_several_processes_write_the_same(project: Path, tmp_path: Path) -> None:
    write(project, tmp_path / "one")
    write(project, tmp_path / "two", jobs=2)
    for page in (tmp_path / "one/pages").iterdir():
        other = tmp_path / "two/pages" / page.name
        assert re.sub(r"\d+ runs?", "", other.read_text()) == re.sub(r"\d+ runs?", "", page.read_text())


@pytest.mark.parametrize("harm", [b"", b"{}", b"[1]", b'{"key": 3}', b"\xff"])
def test_a_damaged_part_is_made_again(project: Path, tmp_path: Path, harm: bytes) -> None:
    for name in ("pkg/alone.py", "pkg/top.py", "broken.py"):
        (project / name).unlink()
    write(project, tmp_path / "site")
    for part in (tmp_path / "site" / PARTS).iterdir():
        part.write_bytes(harm)
    assert write(project, tmp_path / "site").explained == 2


def test_a_folder_of_somebody_else_is_left_alone(project: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/letter.txt").write_text("dear")
    with pytest.raises(UsageError, match="holds other files"):
        write(project, tmp_path / "mine")
    with pytest.raises(UsageError, match="is no folder"):
        write(project / "pkg/top.py", tmp_path / "new")


def test_the_command(project: Path, tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "codeassist",
        "explain",
        str(project / "pkg"),
        "--format",
        "html",
        "--no-run",
    ]
    done = subprocess.run(
        [*command, "--output", f"{tmp_path}/out/"], capture_output=True, text=True, timeout=90
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("4 modules explained, 0 as they were\n")
    bad = subprocess.run(
        [*command, "--output", f"{tmp_path}/out/", "--call", "f(1)"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert bad.returncode == 2
    assert bad.stderr.count("\n") == 1


def test_names_of_modules() -> None:
    assert [module_name(path) for path in ("a.py", "p/a.py", "p/__init__.py", "__init__.py")] == [
        "a", "p.a", "p", "__init__",
    ]  # fmt: skip


@pytest.mark.skipif(not shutil.which("chromium"), reason="the browser is installed by .ci/run")
def test_search_in_a_browser(project: Path, tmp_path: Path) -> None:
    write(project, tmp_path / "site")
    words = "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --dump-dom"
    command = ["chromium", *words.split(), f"--user-data-dir={tmp_path}/chromium"]
    page = (tmp_path / "site/index.html").as_uri() + "#q=base%20DOUB"
    done = subprocess.run([*command, page], capture_output=True, text=True, timeout=60, env={**os.environ})
    found = re.search(r'<ul id="found".*?</ul>', done.stdout, re.S)
    assert found
    assert "pkg.base.double" in found[0]
    assert "pkg.top.total" not in found[0]
    assert re.search(r'id="rest" hidden', done.stdout)
