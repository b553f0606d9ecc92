"""The process that holds the grammars: one JSON request a line in, one JSON answer a line out."""

from __future__ import annotations

import json
import sys
from dataclasses import fields

from codeassist.parsing.trees.reading import read
from codeassist.records.codec import to_json

MEMORY = 4 << 30
"""bytes of address space: a grammar that grows beyond it ends here, not with the machine"""


def main() -> None:
    """Answer until the input ends."""
    _limit()
    # whatever a grammar prints must not be taken for an answer
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        language, path, text = json.loads(line)
        try:
            found = read(language, path, text)
            answer = {"facts": to_json(tuple(getattr(found, each.name) for each in fields(found)))}
        except Exception as error:  # a grammar's fault is an answer like any other
            answer = {"fault": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def _limit() -> None:
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, OSError, ValueError):
        pass


if __name__ == "__main__":
    main()
