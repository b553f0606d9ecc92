"""Shell completion: the script is valid for its shell, and completes commands and options."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from codeassist.cli.main import COMMANDS


def codeassist(*words: str, **env: str) -> str:
    code = "from codeassist.cli.main import main; main()"
    command = [sys.executable, "-c", code, *words]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **env}, timeout=30)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_speaks_of_our_command(shell: str) -> None:
    script = codeassist("completion", shell)
    assert "_CODEASSIST_COMPLETE" in script
    if shell == "bash":
        subprocess.run(["bash", "-n"], input=script, text=True, check=True)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("codeassist qu", {"query", "quiz"}),
        ("codeassist ", set(COMMANDS)),
        ("codeassist quiz --la", {"--lang"}),
    ],
)
def test_words_are_completed(words: str, expected: set[str]) -> None:
    count = str(len(words.split(" ")) - 1)
    told = codeassist(COMP_WORDS=words, COMP_CWORD=count, _CODEASSIST_COMPLETE="bash_complete")
    assert {line.partition(",")[2] for line in told.splitlines()} == expected
