"""A .gguf file, by llama-cpp-python (extra `[gguf]`): llama.cpp's quantised models on a CPU."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from codeassist.backends.bounded import without_notes
from codeassist.backends.reading import quoted
from codeassist.records.answer import Usage
from codeassist.records.backend import Configuration
from codeassist.records.errors import BackendError, MissingExtra
from codeassist.records.prompt import Message

CONTEXT = 8192
"""tokens that are looked at, where the file allows as many"""
MAGIC = b"GGUF"


def problem(configuration: Configuration) -> BackendError | None:
    """What can be seen to be wrong without loading anything."""
    path = Path(configuration.model)
    if find_spec("llama_cpp") is None:
        return MissingExtra(
            "a .gguf file needs llama-cpp-python", hint="pip install 'codeassist[gguf]' builds it"
        )
    try:
        with path.open("rb") as file:
            is_one = file.read(4) == MAGIC
    except OSError as error:
        return BackendError(f"cannot read {quoted(path)}: {error.strerror}")
    return None if is_one else BackendError(f"{quoted(path)} is no .gguf file")


class Gguf:
    """An engine of llama.cpp."""

    def __init__(self, configuration: Configuration) -> None:
        wrong = problem(configuration)
        if wrong is not None:
            raise wrong
        self.chosen = configuration.decoding
        try:
            from llama_cpp import Llama

            self.llama: Any = Llama(
                model_path=configuration.model,
                n_ctx=int(self.chosen.get("context") or CONTEXT),
                n_threads=os.cpu_count(),
                n_gpu_layers=0 if self.chosen.get("device") == "cpu" else -1,
                seed=int(self.chosen.get("seed") or 0),
                verbose=False,
            )
        except Exception as error:  # a broken file, a missing library, no memory
            said = quoted(str(error) or type(error).__name__)
            raise BackendError(f"{quoted(configuration.model)} cannot be loaded: {said}") from None

    def count(self, text: str) -> int:
        """Tokens of a text."""
        return len(self.llama.tokenize(text.encode("utf-8", "replace"), add_bos=False))

    def context(self) -> int:
        """Tokens that the model looks at."""
        return int(self.llama.n_ctx())

    def write(
        self, messages: Sequence[Message], room: int, schema: dict[str, Any], until: float
    ) -> tuple[str, Usage]:
        """The answer to a prompt, and what it took; llama.cpp keeps the common prefix by itself."""
        pieces: list[str] = []
        used: dict[str, int] = {}
        try:
            stream = self.llama.create_chat_completion(
                messages=[{"role": m.role, "content": m.text} for m in messages],
                response_format={"type": "json_object", "schema": without_notes(schema)},
                max_tokens=room,
                temperature=float(self.chosen.get("temperature") or 0.0),
                top_p=float(self.chosen.get("top_p") or 1.0),
                top_k=int(self.chosen.get("top_k") or 0),
                repeat_penalty=float(self.chosen.get("repetition_penalty") or 1.0),
                stream=True,
            )
            for event in stream:
                if time.monotonic() >= until:
                    raise BackendError("no answer within the deadline", hint="--deadline sets another")
                pieces.append(event["choices"][0].get("delta", {}).get("content") or "")
                used = event.get("usage") or used
        except BackendError:
            raise
        except Exception as error:  # whatever the library raises
            raise BackendError(f"the model failed: {quoted(f'{type(error).__name__}: {error}')}") from None
        text = "".join(pieces)
        told = sum(self.count(m.text) for m in messages)
        return text, Usage(used.get("prompt_tokens", told), 0, self.count(text), requests=1)
