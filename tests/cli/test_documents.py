"""Every JSON document that is printed fits the schema that ships with the package, and is plain ASCII."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest

from tests.support.command import codeassist

EXAMPLES = Path(__file__).resolve().parent.parent.parent / "examples"
MERGE = f"{EXAMPLES / 'merge_sort.py'}::merge"
DOCUMENTS = {
    "complexity": ["complexity", MERGE],
    "graph": ["graph", str(EXAMPLES)],
    "report": ["explain", MERGE],
    "trace": ["trace", MERGE, "--call", "merge([1, 3], [2])"],
    "answer": ["query", MERGE, "writes to merged"],
}


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_the_document_fits_its_schema(kind: str) -> None:
    done = codeassist(*DOCUMENTS[kind], "--format", "json")
    assert done.status == 0, done.err
    assert done.out.isascii()
    assert not any(ord(letter) < 32 and letter != "\n" for letter in done.out)
    document = json.loads(done.out, parse_constant=pytest.fail)
    schema = json.loads((files("codeassist.schemas") / f"{kind}.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(document)
    assert (document["format"], document["version"]) == (f"codeassist/{kind}", 1)
