"""Secrets out of what leaves the machine: stable placeholders, in source and in recorded values alike.

A secret is found where it shows (a provider's pattern, a name such as `password`), and then replaced
wherever it occurs, whole, escaped or in part: a loop over a token records pieces of it. A private
key is not replaced but blocks: who has one in the file wants to know first.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from codeassist.records.answer import Claim
from codeassist.records.errors import BackendError
from codeassist.records.prompt import Prompt

SHORTEST = 4
"""characters of a secret that a telling name gives away"""
PIECE = 10
"""characters from which on a part of a secret counts as the secret"""

PROVIDERS = {
    "openai": r"sk-(?:proj-|svcacct-|admin-)?[A-Za-z0-9_-]{16,}",
    "anthropic": r"sk-ant-[A-Za-z0-9_-]{16,}",
    "github": r"(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,})",
    "gitlab": r"glpat-[A-Za-z0-9_-]{16,}",
    "aws": r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}",
    "google": r"AIza[A-Za-z0-9_-]{30,}",
    "slack": r"xox[abeoprs]-[A-Za-z0-9-]{10,}",
    "stripe": r"[rs]k_(?:live|test)_[A-Za-z0-9]{10,}",
    "huggingface": r"hf_[A-Za-z0-9]{20,}",
    "npm": r"npm_[A-Za-z0-9]{30,}",
    "pypi": r"pypi-[A-Za-z0-9_-]{30,}",
    "sendgrid": r"SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}",
    "telegram": r"\b[0-9]{8,10}:[A-Za-z0-9_-]{35}\b",
    "jwt": r"eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}",
    "bearer": r"(?i:bearer)\s+([A-Za-z0-9._~+/=-]{16,})",
    "url": r"[a-z][a-z0-9+.-]*://[^\s/:@'\"]*:([^\s/@'\"]+)@",
}
"""provider -> its pattern; with a group, only the group is the secret"""
_PROVIDERS = [(name, re.compile(pattern)) for name, pattern in PROVIDERS.items()]
_PRIVATE_KEY = re.compile(r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----|PuTTY-User-Key-File-\d")
_STRONG = r"passw(?:or)?d|passphrase|pwd|secret|api_?key|apikey|private_?key|access_?key|credential|canary"
_WEAK = r"token|auth(?!or)|signature|salt|cookie|session_?id|client_?id"
_NAME = rf"[\w.\-\]\['\"]*(?:(?P<strong>{_STRONG})|(?P<weak>{_WEAK}))[\w\-]*"
_LITERAL = (
    r"[rRbBuUfF]{0,2}(?P<quote>\\?\"{3}|\\?'{3}|\\?[\"'])(?P<value>(?:\\.|(?!(?P=quote)).)*?)(?P=quote)"
)
_ASSIGNED = re.compile(
    rf"(?i:{_NAME})[\"'\])\\]*\s*(?::\s*[\w\[\], |.]+?\s*=|:?=|==|!=|:|,|\bin\b)\s*[\[({{]*\s*{_LITERAL}"
)
_FOLLOWING = re.compile(rf"\s*,\s*{_LITERAL}")
_KEYED = re.compile(r"(?i:\bkey)\s*=\s*[\"'](?P<value>(?=[A-Za-z+/=_-]*\d)[A-Za-z0-9+/=_-]{16,})[\"']")
_TELLING = re.compile(rf"(?i)(?:{_STRONG}|{_WEAK}|_key$)")
_PLAIN = re.compile(r"(?i)[a-z ]{,12}|[\d.]+|(?:~|\.{0,2})/.*")
"""values of telling variables that are no secrets: words, numbers, paths"""
_HARMLESS = re.compile(r"[%{<\[(].*|[\W_]*")
_ENTROPY = re.compile(r"[\"']([A-Za-z0-9+/=_-]{20,})[\"']")


@dataclass(frozen=True, slots=True)
class Replaced:
    """One secret as the user is told of it: the placeholder, what it looks like, how often."""

    placeholder: str
    kind: str
    times: int


@dataclass(frozen=True, slots=True)
class Redacted:
    """A prompt that may leave the machine, and what was taken out of it."""

    prompt: Prompt
    replaced: tuple[Replaced, ...]


def redact(prompt: Prompt, context: Iterable[str] = (), claims: Sequence[Claim] = ()) -> Redacted:
    """The prompt without secrets.

    `context` are texts in which secrets show although the prompt may only hold their values (the
    whole files, the environment); `claims` are recorded values with the names that they belong to.
    Raises BackendError for a private key.
    """
    texts = [message.text for message in prompt.messages]
    told = [*context, *_named_values(claims)]
    if any(_PRIVATE_KEY.search(text) for text in (*texts, *told)):
        raise BackendError(
            "a private key stands in the code or its values: nothing was sent",
            hint="take it out of the file",
            slug="private-key",
        )
    secrets = _secrets([*told, *texts])
    found = [_Replacer(secret, kind, number) for number, (secret, kind) in enumerate(secrets, 1)]
    for replacer in sorted(found, key=lambda each: -len(each.secret)):
        texts = [replacer.replaced(text) for text in texts]
    messages = tuple(replace(m, text=t) for m, t in zip(prompt.messages, texts, strict=True))
    used = tuple(Replaced(each.placeholder, each.kind, each.times) for each in found if each.times)
    return Redacted(replace(prompt, messages=messages), used)


def redact_texts(texts: Sequence[str], context: Iterable[str] = ()) -> list[str]:
    """Texts without the secrets that show in them, in `context` or in the environment.

    Raises BackendError for a private key.
    """
    told = [*context, *environment()]
    if any(_PRIVATE_KEY.search(text) for text in (*texts, *told)):
        raise BackendError(
            "a private key stands in the code or its values: nothing leaves",
            hint="take it out of the file",
            slug="private-key",
        )
    found = [_Replacer(secret, kind, n) for n, (secret, kind) in enumerate(_secrets([*told, *texts]), 1)]
    clean = list(texts)
    for replacer in sorted(found, key=lambda each: -len(each.secret)):
        clean = [replacer.replaced(text) for text in clean]
    return clean


def environment(variables: Mapping[str, str] | None = None) -> list[str]:
    """The secrets of the environment, as assignments: a program that reads them records them."""
    found = os.environ if variables is None else variables
    return [
        f"password = {value!r}"
        for name, value in found.items()
        if _TELLING.search(name) and len(value) >= 8 and not _PLAIN.fullmatch(value)
    ]


def _named_values(claims: Sequence[Claim]) -> Iterator[str]:
    """Recorded values as assignments to the names that they belong to."""
    for claim in claims:
        fields = claim.fields
        for name in (fields.get("expr"), fields.get("var"), fields.get("param"), fields.get("func")):
            for value in (fields.get("value"), fields.get("values")):
                if isinstance(name, str) and isinstance(value, str):
                    yield f"{name} = {value}"
        for name, value in (fields.get("args") or {}).items():
            yield f"{name} = {value}"
        for name, sides in (fields.get("changes") or {}).items():
            yield from (f"{name} = {side}" for side in sides)


def _secrets(texts: Iterable[str]) -> list[tuple[str, str]]:
    """Every secret once, in the order in which they show."""
    found: dict[str, str] = {}
    for text in texts:
        for secret, kind in _shown_in(text):
            found.setdefault(secret, kind)
    return list(found.items())


@lru_cache(maxsize=512)
def _shown_in(text: str) -> tuple[tuple[str, str], ...]:
    return (*_by_provider(text), *_by_name(text), *_by_plugins(text))


def _by_provider(text: str) -> Iterator[tuple[str, str]]:
    for name, pattern in _PROVIDERS:
        for match in pattern.finditer(text):
            yield (match[1] if pattern.groups else match[0]), name


def _by_name(text: str) -> Iterator[tuple[str, str]]:
    """Literals that a telling name is bound to, compared with or paired with."""
    for match in _ASSIGNED.finditer(text):
        values = [match["value"]]
        end = match.end()
        while match["strong"] and (following := _FOLLOWING.match(text, end)):  # ["one", "two"]
            values.append(following["value"])
            end = following.end()
        for value in values:
            if not _HARMLESS.fullmatch(value) and _tells(value, bool(match["strong"])):
                yield _unescaped(value), "name"
    for match in _KEYED.finditer(text):
        yield match["value"], "name"


def _tells(value: str, is_strong: bool) -> bool:
    """Whether a literal beside a telling name is worth hiding: `token = "+"` is not."""
    return len(value) >= SHORTEST if is_strong else len(value) >= 8 and bool(re.search(r"[\d_\-]", value))


def _by_plugins(text: str) -> Iterator[tuple[str, str]]:
    """What detect-secrets sees; its plugins for entropy only where a text stands in quotes."""
    if not (_ENTROPY.search(text) or "://" in text):
        return
    from detect_secrets.filters.heuristic import is_sequential_string
    from detect_secrets.settings import default_settings, get_plugins

    with default_settings():
        plugins = list(get_plugins())
        for line in text.splitlines():
            if not (_ENTROPY.search(line) or "://" in line):
                continue
            for plugin in plugins:
                for secret in plugin.analyze_line("code.py", line):
                    value = secret.secret_value
                    if value and len(value) >= 8 and not is_sequential_string(value):
                        yield value, plugin.secret_type


def _unescaped(value: str) -> str:
    try:
        found = json.loads(f'"{value}"')
    except ValueError:
        return value
    return str(found)


class _Replacer:
    """One secret and its placeholder."""

    def __init__(self, secret: str, kind: str, number: int) -> None:
        self.secret, self.kind = secret, kind
        self.placeholder = f"[SECRET-{number}]"
        self.times = 0
        escaped = json.dumps(secret)[1:-1]
        self.forms = sorted({secret, escaped, json.dumps(escaped)[1:-1], repr(secret)[1:-1]}, key=len)[::-1]

    def replaced(self, text: str) -> str:
        for form in self.forms:
            self.times += text.count(form)
            text = text.replace(form, self.placeholder)
        return self.without_pieces(text) if len(self.secret) > PIECE else text

    def without_pieces(self, text: str) -> str:
        """The text without the longer parts of the secret."""
        pieces = {self.secret[n : n + PIECE] for n in range(len(self.secret) - PIECE + 1)}
        start = 0
        while start <= len(text) - PIECE:
            if text[start : start + PIECE] not in pieces:
                start += 1
                continue
            end = start + PIECE
            while end < len(text) and text[end - PIECE + 1 : end + 1] in pieces:
                end += 1
            text = text[:start] + self.placeholder + text[end:]
            self.times += 1
            start += len(self.placeholder)
        return text
