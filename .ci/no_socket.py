"""Explain an example under a hook that refuses every socket: offline means offline."""

import contextlib
import io
import sys

OPENED: list[str] = []


def refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event.startswith("socket."):
        OPENED.append(event)
        raise OSError(f"{event} in an offline explanation")


sys.addaudithook(refuse)
from codeassist.cli.main import main  # noqa: E402

with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
    main(["explain", "examples/binary_search.py", "--no-cache"])
assert not OPENED, OPENED
print("an offline explanation opens no socket")
