"""Explain an example under a hook that refuses to open, connect or look up: offline means offline.

The nameless pair through which the sandboxed interpreter is spoken to is no socket of a network.
"""

import contextlib
import io
import sys

OPENED: list[str] = []


def refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event.startswith("socket.") and event != "socket.sendmsg":
        OPENED.append(event)
        raise OSError(f"{event} in an offline explanation")


sys.addaudithook(refuse)
from codeassist.cli.main import main  # noqa: E402

with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
    main(["explain", "examples/binary_search.py", "--no-cache"])
assert not OPENED, OPENED
print("an offline explanation opens no socket")
