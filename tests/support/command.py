"""Run a command of ours in this process, as a user would type it."""

from __future__ import annotations

import contextlib
import io
import json
import sys
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import codeassist.evidence
import codeassist.narrating
import codeassist.prompting
import codeassist.verifying
from codeassist.cli.main import main

# The hall loads these rooms in a thread while runs begin. Under pytest loading parses, and CPython 3.11
# cannot parse in two threads at once (gh-106905), so they are loaded here.


@dataclass(frozen=True)
class Done:
    """Exit status and what was written."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def codeassist(*words: str, stdin: bytes = b"") -> Done:
    """`codeassist WORDS`, with `stdin` as standard input."""
    out, err = io.StringIO(), io.StringIO()
    status = 0
    source = io.TextIOWrapper(io.BytesIO(stdin))
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), patch.object(sys, "stdin", source):
        try:
            main([str(word) for word in words])
        except SystemExit as leave:
            status = leave.code if isinstance(leave.code, int) else 1
    return Done(status, out.getvalue(), err.getvalue())
