"""Recorded answers by prompt digest, for tests and examples."""

from __future__ import annotations

import json
import os
from pathlib import Path

from codeassist.backends.contract import answer_from_json
from codeassist.records.answer import Answer
from codeassist.records.backend import Configuration
from codeassist.records.errors import BackendError
from codeassist.records.prompt import Prompt


class Replay:
    """Reads `<digest>.json` from the folder in CODEASSIST_REPLAY; a prompt that changed has no answer."""

    name = "replay"
    sends = False

    def __init__(self, configuration: Configuration | None = None, folder: str = "") -> None:
        self.folder = Path(folder or os.environ.get("CODEASSIST_REPLAY", ""))

    def available(self) -> str:
        """Whether a folder of recordings was named."""
        is_named = self.folder != Path() and self.folder.is_dir()
        return "" if is_named else "no folder of recorded answers: set CODEASSIST_REPLAY"

    def count_tokens(self, text: str) -> int:
        """An estimate: four characters a token."""
        return len(text) // 4

    def complete(self, prompt: Prompt) -> Answer:
        """The recorded answer, checked against the schema. Raises BackendError when there is none."""
        path = self.folder / f"{prompt.digest}.json"
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
        except OSError:
            raise BackendError(
                f"no recorded answer for prompt {prompt.digest[:12]}", hint="record it anew"
            ) from None
        except ValueError as error:
            raise BackendError(f"{path.name} is not JSON: {error}") from None
        return answer_from_json(document, prompt, self.name)
