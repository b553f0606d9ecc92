"""Answers that fit a JSON schema: before each choice, which tokens may follow.

llguidance walks the schema's grammar along the text; the tokens that would leave it are masked. A bound
on every string, list and number of the schema, and enough tokens, make sure that the answer also ends.
"""

from __future__ import annotations

import json
from typing import Any

import torch
from torch import Tensor

from codeassist.gpt.errors import GptError
from codeassist.gpt.tokenizer import Tokenizer


class SchemaMask:
    """From the new ids so far to a mask of the ids that may follow; one object for each answer."""

    def __init__(self, tokenizer: Tokenizer, schema: dict[str, Any]) -> None:
        from llguidance import LLMatcher, LLTokenizer

        if tokenizer.end is None:
            raise GptError("the tokenizer has no end token, so a constrained answer could not end")
        words = LLTokenizer(tokenizer.inner.to_str(), eos_token=tokenizer.end)
        grammar = LLMatcher.grammar_from_json_schema(json.dumps(schema), {"whitespace_flexible": False})
        problem = LLMatcher.validate_grammar(grammar, words)
        if problem:
            raise GptError(f"the schema cannot be used: {problem.splitlines()[0]}")
        self.matcher = LLMatcher(words, grammar)
        self.size = tokenizer.size
        self.consumed = 0

    def __call__(self, ids: list[int]) -> Tensor:
        """(V,) booleans; called with one more id each time."""
        for token in ids[self.consumed :]:
            self.matcher.consume_token(token)
        self.consumed = len(ids)
        packed = torch.frombuffer(bytearray(self.matcher.compute_bitmask()), dtype=torch.uint8)
        bits = packed[:, None] >> torch.arange(8, dtype=torch.uint8) & 1
        return bits.flatten()[: self.size].bool()


def read_schema(text: str) -> dict[str, Any]:
    """A JSON schema from its text; GptError if it is none."""
    try:
        schema = json.loads(text)
    except ValueError as error:
        raise GptError(f"the schema is not JSON: {error}") from None
    if not isinstance(schema, dict):
        raise GptError("the schema is no JSON object")
    return schema
