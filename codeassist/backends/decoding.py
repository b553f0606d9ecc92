"""From ids to ids with a network of transformers: kept prefix, drafts from the prompt, a schema's mask.

Greedy and sampled text run in a loop of our own, which keeps the keys and values of the prompt's
beginning from one function of a file to the next, and checks several drafted tokens in one pass
(prompt lookup, Saxena 2023; speculative decoding, Leviathan et al. 2023): the text is the same as
without. Beams and encoder-decoders go through `generate`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from codeassist.backends.bounded import without_notes
from codeassist.backends.weights import Model
from codeassist.records.errors import BackendError

DRAFT = 10
"""tokens that are drafted at once"""
NGRAM = 3
"""tokens that must agree for a draft to be looked up behind them"""


@dataclass(frozen=True, slots=True)
class Choice:
    """How the next token is chosen; the defaults are greedy. Names as in `transformers.generate`."""

    temperature: float = 0.0
    top_k: int = 0
    top_p: float = 1.0
    beams: int = 1
    repetition_penalty: float = 1.0
    length_penalty: float = 1.0
    seed: int = 0
    lookup: bool = True

    @property
    def is_plain(self) -> bool:
        """Greedy, so that a draft can be checked against it."""
        return not self.temperature and self.repetition_penalty == 1.0


def choice_of(settings: Mapping[str, Any]) -> Choice:
    """The choice that the settings name. Raises BackendError for what cannot be."""
    names = [name for name in Choice.__dataclass_fields__ if name in settings]
    chosen = Choice(**{name: settings[name] for name in names})
    good = chosen.temperature >= 0 and 0 < chosen.top_p <= 1 and chosen.beams >= 1
    if not good or chosen.repetition_penalty <= 0 or chosen.top_k < 0:
        raise BackendError("temperature, top_p, top_k, beams or repetition_penalty is out of its range")
    return chosen


class Grammar:
    """What a schema allows next; advanced token by token."""

    def __init__(self, model: Model, schema: dict[str, Any]) -> None:
        from llguidance import LLMatcher
        from llguidance.hf import from_tokenizer

        size = int(model.network.config.get_text_config().vocab_size)
        self.words = from_tokenizer(model.tokenizer, max(size, len(model.tokenizer)))
        self.size = size
        text = LLMatcher.grammar_from_json_schema(
            json.dumps(without_notes(schema)), {"whitespace_flexible": False}
        )
        wrong = LLMatcher.validate_grammar(text, self.words)
        if wrong:
            raise BackendError(f"the schema cannot be used: {wrong.splitlines()[0]}")
        self.matcher = LLMatcher(self.words, text)

    def mask(self) -> Any:
        """(V,) booleans of the ids that may follow."""
        import torch

        packed = torch.frombuffer(bytearray(self.matcher.compute_bitmask()), dtype=torch.uint8)
        bits = packed[:, None] >> torch.arange(8, dtype=torch.uint8) & 1
        return bits.flatten()[: self.size].bool()

    def take(self, token: int) -> None:
        """Advance by one token."""
        self.matcher.consume_token(token)

    def forced(self) -> list[int]:
        """Tokens that must come next whatever the network says."""
        return list(self.matcher.compute_ff_tokens())

    def is_over(self) -> bool:
        """Whether the document is complete."""
        return bool(self.matcher.is_stopped())

    def copy(self) -> Grammar:
        """Another one at the same place."""
        twin = object.__new__(Grammar)
        twin.words, twin.size, twin.matcher = self.words, self.size, self.matcher.deep_copy()
        return twin


@dataclass(slots=True)
class Decoder:
    """One model, asked again and again; `reused` counts prompt tokens that were not computed anew."""

    model: Model
    choice: Choice
    _cache: Any = None
    _seen: list[int] = field(default_factory=list)
    _goes_back: bool = True
    """whether this model's cache can forget its end"""
    reused: int = 0
    passes: int = 0
    """forward passes; fewer than tokens where drafts were right"""

    def text(
        self,
        prompt: Sequence[int],
        room: int,
        schema: dict[str, Any] | None,
        until: float,
        told: Callable[[str], None] | None = None,
    ) -> tuple[str, int]:
        """The answer and its number of tokens. Raises BackendError at `until` (a monotonic time)."""
        grammar = Grammar(self.model, schema) if schema is not None else None
        if self.model.is_seq2seq or self.choice.beams > 1:
            ids = self._generated(prompt, room, grammar, until)
        else:
            ids = self._looped(list(prompt), room, grammar, until, told)
        return self.model.tokenizer.decode(ids, skip_special_tokens=True), len(ids)

    # our own loop

    def _looped(
        self,
        prompt: list[int],
        room: int,
        grammar: Grammar | None,
        until: float,
        told: Callable[[str], None] | None,
    ) -> list[int]:
        import torch

        generator = torch.Generator().manual_seed(self.choice.seed)
        found: list[int] = []
        with torch.inference_mode():
            scores = self._read(self._prefix(prompt), prompt)[-1:]
            draft: list[int] = []
            while True:
                taken, is_over = self._accepted(scores, draft, prompt, found, grammar, generator, room)
                if told is not None and taken:
                    told(self.model.tokenizer.decode(found, skip_special_tokens=True))
                if is_over or len(found) >= room:
                    return found
                if time.monotonic() >= until:
                    raise BackendError("no answer within the deadline", hint="--deadline sets another")
                self._keep(len(prompt) + len(found) - 1)
                draft = self._draft(prompt, found, grammar, room - len(found))
                scores = self._read(len(self._seen), [*prompt, *found, *draft])[-1 - len(draft) :]

    def _accepted(
        self,
        scores: Any,
        draft: list[int],
        prompt: list[int],
        found: list[int],
        grammar: Grammar | None,
        generator: Any,
        room: int,
    ) -> tuple[int, bool]:
        """Take what each row of scores chooses as long as the draft was right; whether that was the end."""
        taken = 0
        for row in range(len(scores)):
            token = self._chosen(scores[row], prompt, found, grammar, generator)
            if token in self.model.end:
                return taken, True
            found.append(token)
            taken += 1
            if grammar is not None:
                grammar.take(token)
                if grammar.is_over():
                    return taken, True
            if row >= len(draft) or token != draft[row] or len(found) >= room:
                break
        return taken, False

    def _chosen(
        self, scores: Any, prompt: list[int], found: list[int], grammar: Grammar | None, generator: Any
    ) -> int:
        import torch

        scores = scores.float().cpu()
        if self.choice.repetition_penalty != 1.0:
            seen = torch.tensor(sorted({*prompt, *found}))
            own = scores[seen]
            penalty = self.choice.repetition_penalty
            scores[seen] = torch.where(own > 0, own / penalty, own * penalty)
        if grammar is not None:
            mask = grammar.mask()
            scores = scores.masked_fill(~mask[: len(scores)], float("-inf"))
        if not self.choice.temperature:
            return int(scores.argmax())
        return _sampled(scores / self.choice.temperature, self.choice, generator)

    def _draft(self, prompt: list[int], found: list[int], grammar: Grammar | None, room: int) -> list[int]:
        """Tokens that will come next for certain, or that came next where the same words stood before."""
        if room <= 1 or not self._goes_back:
            return []
        forced = grammar.forced() if grammar is not None else []
        if forced:
            return forced[: room - 1]
        if not (self.choice.lookup and self.choice.is_plain):
            return []
        looked = _looked_up([*prompt, *found])
        if grammar is not None and looked:
            looked = looked[: grammar.matcher.validate_tokens(looked)]
        return looked[: room - 1]

    def _prefix(self, prompt: list[int]) -> int:
        """Tokens at the beginning of the prompt whose keys and values are still there."""
        common = 0
        for old, new in zip(self._seen, prompt, strict=False):
            if old != new:
                break
            common += 1
        common = min(common, len(prompt) - 1)
        if self._cache is None or not self._keep(common):
            return 0
        self.reused += common
        return common

    def _keep(self, length: int) -> bool:
        """Forget keys and values from `length` on; False where this model's cache cannot."""
        if length < len(self._seen):
            try:
                self._cache.crop(length - len(self._seen))  # a negative number: so many from the end
            except Exception:  # sliding windows and recurrent states cannot go back
                self._cache, self._seen, self._goes_back = None, [], False
                return False
            self._seen = self._seen[:length]
        return True

    def _read(self, known: int, ids: list[int]) -> Any:
        """(T, V) scores after each id from `known` on."""
        import torch
        from transformers import DynamicCache

        if self._cache is None:
            self._cache = DynamicCache(config=self.model.network.config)
        rows = torch.tensor([ids[known:]], device=self.model.device)
        done = self.model.network(rows, past_key_values=self._cache, use_cache=True)
        self._cache, self._seen = done.past_key_values, list(ids)
        self.passes += 1
        return done.logits[0]

    # transformers' own

    def _generated(
        self, prompt: Sequence[int], room: int, grammar: Grammar | None, until: float
    ) -> list[int]:
        import torch
        from transformers import LogitsProcessorList, StoppingCriteriaList, set_seed

        set_seed(self.choice.seed)
        ids = torch.tensor([list(prompt)], device=self.model.device)
        start = 1 if self.model.is_seq2seq else len(prompt)
        late = _Late(until)
        processors = [_Masked(grammar, start, self.model.end)] if grammar is not None else []
        with torch.inference_mode():
            rows = self.model.network.generate(
                ids,
                attention_mask=torch.ones_like(ids),
                max_new_tokens=room,
                num_beams=self.choice.beams,
                do_sample=bool(self.choice.temperature),
                repetition_penalty=self.choice.repetition_penalty,
                pad_token_id=_padding(self.model),
                logits_processor=LogitsProcessorList(processors),
                stopping_criteria=StoppingCriteriaList([late]),
                **self._sampling(),
            )
        if late.is_late:
            raise BackendError("no answer within the deadline", hint="--deadline sets another")
        return [int(i) for i in rows[0][start:]]

    def _sampling(self) -> dict[str, Any]:
        """Options that `generate` takes only where they apply."""
        own: dict[str, Any] = {"length_penalty": self.choice.length_penalty} if self.choice.beams > 1 else {}
        if self.choice.temperature:
            own |= {
                "temperature": self.choice.temperature,
                "top_p": self.choice.top_p,
                "top_k": self.choice.top_k,
            }
        return own


def _padding(model: Model) -> int:
    own = model.tokenizer.pad_token_id
    return int(own) if own is not None else next(iter(sorted(model.end)), 0)


def _sampled(scores: Any, choice: Choice, generator: Any) -> int:
    import torch

    if choice.top_k:
        least = scores.topk(min(choice.top_k, len(scores))).values[-1]
        scores = scores.masked_fill(scores < least, float("-inf"))
    shares = scores.softmax(dim=0)
    if choice.top_p < 1:
        ordered, places = shares.sort(descending=True)
        behind = ordered.cumsum(dim=0) - ordered >= choice.top_p
        shares[places[behind]] = 0
    return int(torch.multinomial(shares / shares.sum(), 1, generator=generator))


def _looked_up(ids: Sequence[int]) -> list[int]:
    """What followed the last time that the last few ids stood together."""
    if len(ids) <= NGRAM:
        return []
    tail = list(ids[-NGRAM:])
    for start in range(len(ids) - NGRAM - 1, -1, -1):
        if ids[start] == tail[0] and list(ids[start : start + NGRAM]) == tail:
            return list(ids[start + NGRAM : start + NGRAM + DRAFT])
    return []


class _Masked:
    """A logits processor of `generate`: each beam has its own place in the grammar."""

    def __init__(self, grammar: Grammar, start: int, end: set[int]) -> None:
        self.start, self.end = start, end
        self.places: dict[tuple[int, ...], Grammar] = {(): grammar}

    def __call__(self, ids: Any, scores: Any) -> Any:
        import torch

        for row, found in enumerate(ids[:, self.start :].tolist()):
            grammar = self.at(tuple(found))
            if grammar is None or grammar.is_over():
                allowed = torch.zeros(scores.shape[1], dtype=torch.bool)
                allowed[sorted(self.end) or [0]] = True
            else:
                allowed = grammar.mask()
                allowed = torch.nn.functional.pad(allowed, (0, max(0, scores.shape[1] - len(allowed))))
            scores[row] = scores[row].masked_fill(
                ~allowed[: scores.shape[1]].to(scores.device), float("-inf")
            )
        return scores

    def at(self, found: tuple[int, ...]) -> Grammar | None:
        """The grammar after these ids; None behind the end."""
        if found not in self.places:
            before = self.at(found[:-1])
            if before is None or before.is_over() or found[-1] in self.end:
                return None
            twin = before.copy()
            twin.take(found[-1])
            self.places[found] = twin
            if len(self.places) > 4000:
                self.places = {key: value for key, value in self.places.items() if len(key) >= len(found) - 2}
        return self.places[found]


class _Late:
    """A stopping criterion of `generate`: the time is up."""

    def __init__(self, until: float) -> None:
        self.until, self.is_late = until, False

    def __call__(self, ids: Any, scores: Any, **more: Any) -> Any:
        import torch

        self.is_late = time.monotonic() >= self.until
        return torch.full((len(ids),), self.is_late, dtype=torch.bool, device=ids.device)
