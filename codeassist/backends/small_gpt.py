"""The small GPT of codeassist/gpt as a backend: it tells the steps of a run, a sentence each."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from codeassist.records.answer import Answer, Claim, Section, Sentence, Usage
from codeassist.records.backend import Configuration
from codeassist.records.errors import BackendError, MissingExtra
from codeassist.records.prompt import AskedStep, Prompt

SECTION = "narration"
"""id of the section that it adds"""
TRAIN = "train one with `codeassist gpt train --out FOLDER`, then say --model FOLDER"


class SmallGPT:
    """Asks a network of ours; nothing leaves the machine."""

    name = "small-gpt"
    sends = False
    tells_steps = True
    """it is handed the steps of the run, not a text to read"""

    def __init__(self, configuration: Configuration | None = None) -> None:
        self.configuration = configuration or Configuration()
        self._narrator: Any = None

    @property
    def folder(self) -> Path:
        """The folder of the model: the one that was named, or the one that comes with the package."""
        shipped = Path(__file__).resolve().parent.parent / "gpt" / "shipped"
        return Path(self.configuration.model) if self.configuration.model else shipped

    @property
    def identity(self) -> str:
        """What the answers depend on: the files of the model as they are now."""
        files = sorted(self.folder.glob("*")) if self.folder.is_dir() else []
        marks = [f"{path.name} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in files]
        return hashlib.sha256(repr(marks).encode()).hexdigest()

    def available(self) -> str:
        """Empty when packages and model are there, otherwise what is missing."""
        wrong = self._problem()
        return str(wrong) if wrong is not None else ""

    def count_tokens(self, text: str) -> int:
        """An estimate: a character a token, nearly."""
        return len(text)

    def complete(self, prompt: Prompt) -> Answer:
        """The baseline with a section in which the network tells the steps. Raises BackendError."""
        wrong = self._problem()
        if wrong is not None:
            raise wrong
        narrator = self._loaded()
        try:
            told = narrator.narrate_all([asked.step for asked in prompt.steps])
        except Exception as error:  # a network of somebody's own training may fail in any way
            raise BackendError(f"the network failed: {type(error).__name__}: {error}") from None
        return _answer(prompt, told, self.name, self.folder.name)

    def _problem(self) -> BackendError | None:
        absent = [name for name in ("torch", "tokenizers", "safetensors") if find_spec(name) is None]
        if absent:
            return MissingExtra(
                f"the backend small-gpt needs {', '.join(absent)}",
                hint="pip install 'codeassist[local]' brings it",
            )
        if not self.folder.is_dir():
            what = (
                "there is no model folder" if self.configuration.model else "no trained model comes with it"
            )
            named = f" {self.configuration.model}" if self.configuration.model else ""
            return BackendError(f"{what}{named}", hint=TRAIN)
        return None

    def _loaded(self) -> Any:
        if self._narrator is None:
            from codeassist.gpt.errors import GptError
            from codeassist.gpt.narrator import Narrator

            try:
                self._narrator = Narrator.load(
                    self.folder, int8=bool(self.configuration.decoding.get("int8"))
                )
            except GptError as error:
                raise BackendError(error.message, hint=error.hint or TRAIN) from None
        return self._narrator


def _answer(prompt: Prompt, told: list[Any], backend: str, model: str) -> Answer:
    """The baseline, and what the network said of each step, with its claims under ids of their own."""
    sentences: list[Sentence] = []
    claims: list[Claim] = []
    for asked, narration in zip(prompt.steps, told, strict=True):
        if narration is not None:
            sentence, own = _sentence(asked, narration, len(claims))
            sentences.append(sentence)
            claims += own
    section = (Section(SECTION, "", tuple(sentences)),) if sentences else ()
    return replace(
        prompt.baseline,
        sections=(*prompt.baseline.sections, *section),
        claims=(*prompt.baseline.claims, *claims),
        backend=backend,
        model=model,
        usage=Usage(requests=1),
        prompt_digest=prompt.digest,
    )


def _sentence(asked: AskedStep, narration: Any, taken: int) -> tuple[Sentence, list[Claim]]:
    """The network's sentence with its claims renamed, so that no two steps share an id."""
    own = asked.claims(narration)
    text, renamed = str(narration.text), []
    for number, claim in enumerate(own, taken + 1):
        renamed.append(replace(claim, id=f"n{number}"))
        text = text.replace(f"{{{claim.id}.", f"{{n{number}.")
    return Sentence(text, tuple(claim.id for claim in renamed)), renamed
