"""Whatever the network would rather say, a constrained answer parses and fits."""

from __future__ import annotations

import json

import jsonschema
import pytest
import torch

from codeassist.gpt.constraint import SchemaMask, read_schema
from codeassist.gpt.errors import GptError
from codeassist.gpt.generate import Options, generate
from codeassist.gpt.model import GPT, GPTConfig
from codeassist.gpt.tokenizer import train_tokenizer

SCHEMA = {
    "type": "object",
    "properties": {
        "line": {"type": "integer", "minimum": 0, "maximum": 99},
        "taken": {"type": "boolean"},
        "text": {"type": "string", "maxLength": 8},
        "values": {"type": "array", "items": {"enum": ["a", "b"]}, "maxItems": 3},
    },
    "required": ["line", "taken", "text", "values"],
    "additionalProperties": False,
}


@pytest.mark.parametrize("seed", range(8))
def test_an_untrained_network_answers_by_the_schema(seed):
    torch.manual_seed(seed)
    tokenizer = train_tokenizer(['{"line": 1, "text": "x"}'] * 9, 290)
    model = GPT(GPTConfig(vocabulary=tokenizer.size, context=256, layers=1, end=tokenizer.end)).eval()
    options = Options(200, temperature=1.0, seed=seed)
    ids = generate(model, tokenizer.encode("answer: "), options, SchemaMask(tokenizer, SCHEMA))
    assert ids[-1] == tokenizer.end
    jsonschema.validate(json.loads(tokenizer.decode(ids)), SCHEMA)


@pytest.mark.parametrize(
    ("text", "words"),
    [("{", "not JSON"), ("[]", "no JSON object"), ('{"type": "nonsense"}', "cannot be used")],
)
def test_unusable_schema_gives_one_line(text, words):
    with pytest.raises(GptError, match=words) as caught:
        SchemaMask(train_tokenizer(["x"], 257), read_schema(text))
    assert "\n" not in caught.value.message
