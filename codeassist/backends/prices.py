"""What a hosted model costs: a short list, in US dollars for a million tokens (input, cached, output).

Prices change without notice: they are an estimate, and the settings price_in and price_out win. A
model that is not listed has no price, never a guessed one.
"""

from __future__ import annotations

from codeassist.records.answer import Usage
from codeassist.records.backend import Configuration

AS_OF = "2025-11"
PRICES: dict[str, tuple[float, float, float]] = {
    "gpt-5": (1.25, 0.125, 10.0),
    "gpt-5-mini": (0.25, 0.025, 2.0),
    "gpt-5-nano": (0.05, 0.005, 0.4),
    "gpt-4.1": (2.0, 0.5, 8.0),
    "gpt-4.1-mini": (0.4, 0.1, 1.6),
    "gpt-4.1-nano": (0.1, 0.025, 0.4),
    "gpt-4o": (2.5, 1.25, 10.0),
    "gpt-4o-mini": (0.15, 0.075, 0.6),
    "o4-mini": (1.1, 0.275, 4.4),
}


def price(model: str, configuration: Configuration) -> tuple[float, float, float] | None:
    """Prices of `model` (a dated name such as gpt-5-2025-08-07 counts as its family), or None."""
    if configuration.price_in or configuration.price_out:
        return configuration.price_in, configuration.price_in, configuration.price_out
    families = [name for name in PRICES if model == name or model.startswith(f"{name}-20")]
    return PRICES[families[0]] if families else None


def cost(usage: Usage, prices: tuple[float, float, float]) -> float:
    """US dollars for tokens that were used."""
    fresh = usage.prompt_tokens - usage.cached_tokens
    parts = (fresh, usage.cached_tokens, usage.completion_tokens)
    return sum(tokens * each for tokens, each in zip(parts, prices, strict=True)) / 1e6
