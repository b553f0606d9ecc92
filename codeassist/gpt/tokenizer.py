"""Between text and ids: byte-level BPE, trained here by the `tokenizers` library.

Byte-level: each of the 256 bytes has an id, so that no text is unknown and every text comes back
unchanged (Radford et al. 2019). BPE then joins the pair of neighbours that is met most often, again
and again, until the vocabulary is full (Sennrich et al. 2016). Digits are kept apart, since a number
that is one token hides its digits from the network.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from codeassist.gpt.errors import GptError

if TYPE_CHECKING:
    import tokenizers

END = "<|endoftext|>"
STEPS = r" ?[A-Za-z_]{2,}(?: [A-Za-z]{2,})*|[\[(| ]\d{1,2}:|[^A-Za-z_]|[A-Za-z_]"
"""pieces of a spelled step (codec.py): phrases of whole words, an element's index with its colon, and
everything else one character at a time, so that a name or a digit is always the same token"""


class Tokenizer:
    """Text to ids and back."""

    def __init__(self, inner: tokenizers.Tokenizer) -> None:
        self.inner = inner

    @property
    def size(self) -> int:
        """Number of ids."""
        return int(self.inner.get_vocab_size())

    @property
    def end(self) -> int | None:
        """Id of the token that ends a text, if there is one."""
        found = self.inner.token_to_id(END)
        return None if found is None else int(found)

    def encode(self, text: str) -> list[int]:
        """Ids of a text."""
        return list(self.inner.encode(text).ids)

    def decode(self, ids: Sequence[int]) -> str:
        """Text of ids, without special tokens."""
        return str(self.inner.decode(list(ids), skip_special_tokens=True))

    def save(self, folder: str | Path) -> None:
        """Write tokenizer.json, and what transformers wants beside it."""
        path = Path(folder)
        path.mkdir(parents=True, exist_ok=True)
        self.inner.save(str(path / "tokenizer.json"))
        beside = {"tokenizer_class": "PreTrainedTokenizerFast", "eos_token": END, "bos_token": END}
        (path / "tokenizer_config.json").write_text(json.dumps(beside, indent=2) + "\n", encoding="utf-8")


def train_tokenizer(texts: Iterable[str], size: int = 512, pattern: str = "") -> Tokenizer:
    """Learn `size` tokens from texts; the first is the end token, the next 256 are the bytes.

    `pattern` is a regular expression of pieces that are never joined with each other; GPT-2's if empty.
    """
    from tokenizers import Regex, decoders, models, pre_tokenizers, trainers
    from tokenizers import Tokenizer as Inner

    if size < 257:
        raise GptError(f"a vocabulary of {size} cannot hold the 256 bytes and the end token")
    inner = Inner(models.BPE())
    pieces = [
        pre_tokenizers.Split(Regex(pattern), "isolated")
        if pattern
        else pre_tokenizers.Digits(individual_digits=True),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=not pattern),
    ]
    inner.pre_tokenizer = pre_tokenizers.Sequence(pieces)
    inner.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=[END],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    inner.train_from_iterator(texts, trainer)
    return Tokenizer(inner)


def load_tokenizer(folder: str | Path) -> Tokenizer:
    """The tokenizer of a model's folder: tokenizer.json, or GPT-2's vocab.json and merges.txt."""
    path = Path(folder)
    try:
        return Tokenizer(read_inner(path))
    except GptError:
        raise
    except Exception as error:  # the library raises plain Exception
        raise GptError(f"{path}: the tokenizer cannot be read: {error}") from None


def read_inner(path: Path) -> tokenizers.Tokenizer:
    from tokenizers import Tokenizer as Inner
    from tokenizers import decoders, models, pre_tokenizers

    if (path / "tokenizer.json").exists():
        return Inner.from_file(str(path / "tokenizer.json"))
    vocabulary, merges = path / "vocab.json", path / "merges.txt"
    if not (vocabulary.exists() and merges.exists()):
        raise GptError(f"{path} has no tokenizer.json", hint="save the tokenizer beside the model")
    inner = Inner(models.BPE.from_file(str(vocabulary), str(merges)))
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    inner.decoder = decoders.ByteLevel()
    if END in inner.get_vocab():
        inner.add_special_tokens([END])
    return inner
