"""The seam of the backends: what one is given, and what it can be asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from codeassist.records.answer import Answer
from codeassist.records.prompt import Prompt


@dataclass(frozen=True, slots=True)
class Configuration:
    """What the user settled about a backend; an empty text leaves the choice to it."""

    model: str = ""
    base_url: str = ""
    key: str = ""
    deadline: float = 120.0
    """seconds for one answer, retries included"""
    max_cost: float = 0.0
    """US dollars for all that this backend is asked; 0: no limit"""
    price_in: float = 0.0
    price_out: float = 0.0
    """US dollars for a million tokens, where our own list does not know the model"""
    stream: bool = False
    api: str = ""
    """responses or chat; empty: by the host"""
    decoding: Mapping[str, Any] = field(default_factory=dict)
    """what a model on this machine is told: device, dtype, int8, temperature, beams ..."""

    def __repr__(self) -> str:
        """Without the key: a record gets printed."""
        return f"Configuration(model={self.model!r}, base_url={self.base_url!r}, deadline={self.deadline})"


class Backend(Protocol):
    """Prompt -> Answer. A class is made with a Configuration, or with nothing to be asked what works."""

    name: str

    def available(self) -> str:
        """Empty when it can be used, otherwise the reason in words."""
        ...

    def count_tokens(self, text: str) -> int:
        """Tokens of a text, by the model's own tokenizer or as an estimate."""
        ...

    def complete(self, prompt: Prompt) -> Answer:
        """The answer. Raises BackendError, and nothing else."""
        ...
