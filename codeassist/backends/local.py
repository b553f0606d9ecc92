"""A model on this machine: a causal or encoder-decoder network of transformers, or a .gguf file."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from codeassist.backends import weights
from codeassist.backends.bounded import LEAST, bounded_schema
from codeassist.backends.contract import answer_from_json
from codeassist.backends.decoding import Decoder, choice_of
from codeassist.backends.parsing import document_of
from codeassist.records.answer import Answer, Usage
from codeassist.records.backend import Configuration
from codeassist.records.errors import BackendError
from codeassist.records.prompt import Message, Prompt

ANSWER_TOKENS = 900
"""room for one answer, where the settings name none"""
SHARE = 0.4
"""of a small context that is kept for the answer"""


class Engine(Protocol):
    """What writes text: transformers or llama.cpp."""

    def count(self, text: str) -> int:
        """Tokens of a text."""
        ...

    def context(self) -> int:
        """Tokens that it can look at."""
        ...

    def write(
        self, messages: Sequence[Message], room: int, schema: dict[str, Any], until: float
    ) -> tuple[str, Usage]:
        """The answer to a prompt, and what it took. Raises BackendError."""
        ...


class Local:
    """Asks a model that is loaded into this process; nothing leaves the machine."""

    name = "local"
    sends = False

    def __init__(self, configuration: Configuration | None = None) -> None:
        self.configuration = configuration or Configuration()
        self._engine: Engine | None = None

    @property
    def is_gguf(self) -> bool:
        """Whether the model is one file of llama.cpp's."""
        return self.configuration.model.lower().endswith(".gguf")

    @property
    def identity(self) -> str:
        """What the answers depend on: the options, and the files of the model as they are now."""
        folder = Path(self.configuration.model)
        files = [folder] if folder.is_file() else sorted(folder.glob("*")) if folder.is_dir() else []
        marks = [f"{path.name} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in files]
        return hashlib.sha256(repr((sorted(self.configuration.decoding.items()), marks)).encode()).hexdigest()

    def available(self) -> str:
        """Empty when packages and model are there, otherwise what is missing."""
        if self.is_gguf:
            from codeassist.backends.gguf import problem as gguf_problem

            wrong = gguf_problem(self.configuration)
        else:
            wrong = weights.missing() or weights.problem(self.configuration)
        return str(wrong) if wrong is not None else ""

    def count_tokens(self, text: str) -> int:
        """By the model's tokenizer once it is loaded, four characters a token before."""
        return self._engine.count(text) if self._engine is not None else len(text) // 4

    def room(self) -> int:
        """Tokens that a prompt may have, so that an answer still fits the context. Loads the model."""
        context = self.engine().context()
        return context - self.answer_room(context)

    def answer_room(self, context: int) -> int:
        """Tokens that are kept for the answer."""
        wanted = int(self.configuration.decoding.get("max_new_tokens") or ANSWER_TOKENS)
        return max(min(wanted, int(context * SHARE)), min(LEAST, context // 2))

    def engine(self) -> Engine:
        """The model, loaded at the first use. Raises BackendError."""
        if self._engine is None:
            if self.is_gguf:
                from codeassist.backends.gguf import Gguf

                self._engine = Gguf(self.configuration)
            else:
                self._engine = Transformers(self.configuration)
        return self._engine

    def complete(self, prompt: Prompt) -> Answer:
        """The model's answer, which fits the schema. Raises BackendError after the deadline at the latest."""
        engine = self.engine()
        until = time.monotonic() + (prompt.seconds or self.configuration.deadline)
        room = self.answer_room(engine.context())
        sections = [section.id for section in prompt.baseline.sections]
        functions = list(dict.fromkeys(str(c.fields.get("func", "")) for c in prompt.baseline.claims))
        lang = "zh" if _is_chinese(prompt) else "en"
        schema = bounded_schema(sections, [f for f in functions if f], room, lang)
        text, usage = engine.write(prompt.messages, room, schema, until)
        answer = answer_from_json(_distinct(document_of(text), prompt), prompt, self.name)
        return replace(answer, model=Path(self.configuration.model).name, usage=usage)


def _distinct(document: dict[str, Any], prompt: Prompt) -> dict[str, Any]:
    """The document without a second claim of the same id: a grammar cannot forbid one."""
    taken = {claim.id for claim in prompt.baseline.claims}
    kept = []
    for claim in document["claims"]:
        if claim["id"] not in taken:
            taken.add(claim["id"])
            kept.append(claim)
    return {**document, "claims": kept}


def _is_chinese(prompt: Prompt) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for message in prompt.messages[:1] for letter in message.text)


class Transformers:
    """An engine of transformers."""

    def __init__(self, configuration: Configuration) -> None:
        choice = choice_of(configuration.decoding)
        self.model = weights.load(configuration)
        self.decoder = Decoder(self.model, choice)

    def count(self, text: str) -> int:
        """Tokens of a text."""
        return len(self.model.tokenizer(text, add_special_tokens=False)["input_ids"])

    def context(self) -> int:
        """Tokens that the network can look at."""
        return self.model.context

    def write(
        self, messages: Sequence[Message], room: int, schema: dict[str, Any], until: float
    ) -> tuple[str, Usage]:
        """The answer to a prompt, and what it took. Raises BackendError."""
        ids = self.ids(messages)
        own = 0 if self.model.is_seq2seq else room
        if len(ids) + own > self.model.context:
            raise BackendError(
                f"the prompt has {len(ids)} tokens, too many for the model's {self.model.context}",
                hint="take a model with a longer context",
                slug="backend-answer",
            )
        before = self.decoder.reused
        try:
            text, count = self.decoder.text(ids, room, schema, until)
        except BackendError:
            raise
        except Exception as error:  # a network of a stranger may fail in any way
            from codeassist.backends.reading import quoted

            hint = "take a smaller model" if "memory" in str(error).lower() else ""
            said = quoted(f"{type(error).__name__}: {error}")
            raise BackendError(f"the model failed: {said}", hint=hint) from None
        used = Usage(len(ids), self.decoder.reused - before, count, requests=1)
        return text, used

    def ids(self, messages: Sequence[Message]) -> list[int]:
        """A prompt as ids: by the model's chat template, or as plain text where it has none."""
        tokenizer = self.model.tokenizer
        if getattr(tokenizer, "chat_template", None):
            for told in (messages, _without_system(messages)):
                try:
                    text = tokenizer.apply_chat_template(
                        [{"role": m.role, "content": m.text} for m in told],
                        add_generation_prompt=True,
                        tokenize=False,
                    )
                except Exception:  # a template may refuse a role in its own way
                    continue
                return list(tokenizer(text, add_special_tokens=False)["input_ids"])
        text = "\n\n".join(message.text for message in messages) + "\n\nAnswer:\n"
        return list(tokenizer(text)["input_ids"])


def _without_system(messages: Sequence[Message]) -> list[Message]:
    """The messages for a template that knows no system role."""
    first = "\n\n".join(m.text for m in messages if m.role == "system")
    rest = [m for m in messages if m.role != "system"]
    if not rest:
        return [Message("user", first)]
    return [Message(rest[0].role, f"{first}\n\n{rest[0].text}"), *rest[1:]]
