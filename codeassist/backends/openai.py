"""The hosted backend: Responses at the vendor's host, Chat Completions at any other base URL.

One answer costs at most the prompt's number of requests, ends by its deadline, and is an Answer
that fits the schema or a BackendError: one line that says what failed and what to do.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from email.utils import parsedate_to_datetime
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from codeassist.backends import prices, reading
from codeassist.backends.contract import answer_from_json
from codeassist.backends.parsing import document_of
from codeassist.backends.schema import answer_schema
from codeassist.backends.transport import Line, Raw, missing
from codeassist.records.answer import Answer, Usage
from codeassist.records.backend import Configuration
from codeassist.records.errors import BackendError, MissingKey
from codeassist.records.prompt import Prompt

VENDOR = "https://api.openai.com/v1"
VENDOR_HOSTS = ("api.openai.com",)
DEFAULT_MODEL = "gpt-5-mini"
OUTPUT_TOKENS = 8000
"""cap of one answer; what it reasons counts as well"""
AGAIN = (408, 409, 425, 429, 500, 502, 503, 504, 529)
"""statuses after which another request may succeed"""
FIRST_WAIT = 0.5
"""seconds before the second request, doubled before the third"""
BYTES_PER_TOKEN = 3
"""low, so that an estimate of the cost is an upper one"""
_FORMAT_WORDS = ("response_format", "json_schema", "text.format", "structured", "grammar")


class OpenAI:
    """Asks a server that speaks the vendor's API: the vendor, vLLM, llama.cpp, Ollama, LM Studio."""

    name = "openai"
    sends = True
    """what it is asked leaves the machine, so secrets are taken out before"""
    parallel = 4
    """answers that may be under way at once"""

    def __init__(self, configuration: Configuration | None = None) -> None:
        self.configuration = completed(configuration or Configuration())
        self.api = self.configuration.api or _api(self.configuration.base_url)
        self.used = Usage()
        """of all answers together, failed ones included"""
        self._lock = threading.Lock()
        self._reserved = 0.0
        """US dollars that answers under way may still cost"""
        self._own = threading.local()
        self._enforces = True

    @property
    def _line(self) -> Line:
        """A connection for each thread: one that breaks takes no other answer with it."""
        if not hasattr(self._own, "line"):
            self._own.line = Line(self.configuration)
        line: Line = self._own.line
        return line

    def available(self) -> str:
        """Empty when the package and a key are there, otherwise what is missing."""
        if find_spec("openai") is None:
            return str(missing())
        return "" if self.configuration.key else str(_no_key())

    def count_tokens(self, text: str) -> int:
        """An upper estimate: three bytes a token."""
        return len(text.encode("utf-8", "replace")) // BYTES_PER_TOKEN

    def complete(self, prompt: Prompt) -> Answer:
        """The model's answer. Raises BackendError after the deadline at the latest."""
        reserved = self._check(prompt)
        try:
            return self._asked(prompt)
        finally:
            with self._lock:
                self._reserved -= reserved

    def _asked(self, prompt: Prompt) -> Answer:
        until = time.monotonic() + (prompt.seconds or self.configuration.deadline)
        tally = [Usage()]
        for number in range(1, prompt.requests + 1):
            try:
                reply = self._once(prompt, until, tally)
                return self._answer(reply, prompt, tally[0])
            except _Again as again:
                wait = again.wait if again.wait is not None else FIRST_WAIT * 2 ** (number - 1)
                if number == prompt.requests or not again.error.retryable:
                    raise self._told(again.error, number) from None
                if time.monotonic() + wait >= until:
                    raise _too_long(again.error, wait, self.configuration.deadline) from None
                time.sleep(wait)
        raise BackendError("no request is left for this answer")

    def preview(self, prompt: Prompt) -> bytes:
        """The exact body of the first request; nothing is sent."""
        if find_spec("openai") is None:
            raise missing()
        line = self._line if self.configuration.key else Line(replace(self.configuration, key="none"))
        return line.preview(self.api, self._arguments(prompt))

    def estimate(self, body: bytes) -> tuple[int, float | None]:
        """Tokens that `body` may cost, and US dollars with the longest answer; None: no known price."""
        tokens = len(body) // BYTES_PER_TOKEN
        found = prices.price(self._model(), self.configuration)
        usage = Usage(prompt_tokens=tokens, completion_tokens=OUTPUT_TOKENS)
        return tokens, prices.cost(usage, found) if found else None

    def _check(self, prompt: Prompt) -> float:
        """What can be known before anything is sent; the US dollars that are now reserved."""
        if find_spec("openai") is None:
            raise missing()
        if not self.configuration.key:
            raise _no_key()
        if not self.configuration.key.isascii() or not self.configuration.key.isprintable():
            raise MissingKey("OPENAI_API_KEY holds characters that no key has", hint="copy it again")
        if _address(self.configuration.base_url)[0] not in ("http", "https"):
            raise BackendError(f"no base URL: {reading.quoted(self.configuration.base_url)}")
        return self._check_cost(prompt) if self.configuration.max_cost else 0.0

    def _check_cost(self, prompt: Prompt) -> float:
        _, dollars = self.estimate(self.preview(prompt))
        if dollars is None:
            raise BackendError(
                f"the price of {reading.quoted(self._model())} is not known, so --max-cost cannot be kept",
                hint="set price_in and price_out, or leave --max-cost out",
                slug="backend-cost",
            )
        with self._lock:
            whole = self.used.cost + self._reserved + dollars
            if whole <= self.configuration.max_cost:
                self._reserved += dollars
                return dollars
        raise BackendError(
            f"the next request may cost ${whole:.4f} in all, "
            f"over --max-cost ${self.configuration.max_cost:g}",
            hint="nothing was sent",
            slug="backend-cost",
        )

    def _once(self, prompt: Prompt, until: float, tally: list[Usage]) -> reading.Reply:
        """One request. Raises _Again with the BackendError and the wait that the server asks for."""
        self._count(Usage(requests=1), tally)
        try:
            raw = self._line.send(self.api, self._arguments(prompt), max(0.05, until - time.monotonic()))
            if raw.status != 200:
                raise self._refused(raw)
            reply = reading.read_reply(raw.body, raw.headers.get("content-type", ""), self.api)
        except BackendError as error:
            raise _Again(error) from None
        found = prices.price(self._model(), self.configuration)
        cost = prices.cost(reply.usage, found) if found else 0.0
        self._count(replace(reply.usage, cost=cost, requests=0), tally)
        return reply

    def _count(self, usage: Usage, tally: list[Usage]) -> None:
        """Add to what this answer took, and to what all of them took."""
        tally[0] = reading.added(tally[0], usage)
        with self._lock:
            self.used = reading.added(self.used, usage)

    def _answer(self, reply: reading.Reply, prompt: Prompt, usage: Usage) -> Answer:
        """The reply as an Answer; its usage is what this answer took, failed requests included."""
        answer = answer_from_json(document_of(reply.text), prompt, self.name)
        model = reply.model or self._model()
        return replace(answer, model=model, usage=usage, finish_reason=reply.finish_reason)

    def _arguments(self, prompt: Prompt) -> dict[str, Any]:
        """The request as the SDK's keywords: static text first, code last."""
        system = "\n\n".join(message.text for message in prompt.messages if message.role == "system")
        rest = [{"role": m.role, "content": m.text} for m in prompt.messages if m.role != "system"]
        asked: dict[str, Any] = {"model": self._model(), "store": False}
        if self.configuration.stream:
            asked["stream"] = True
        if self.api == "responses":
            asked.update(instructions=system, input=rest, max_output_tokens=OUTPUT_TOKENS)
            if self._enforces:
                asked["text"] = {"format": {"type": "json_schema", **_named_schema()}}
            return asked
        asked.update(messages=[{"role": "system", "content": system}, *rest], max_tokens=OUTPUT_TOKENS)
        if self._enforces:
            asked["response_format"] = {"type": "json_schema", "json_schema": _named_schema()}
        return asked

    def _model(self) -> str:
        return self.configuration.model or DEFAULT_MODEL

    def _refused(self, raw: Raw) -> _Again:
        """The error for an answer with a status other than 200."""
        said = self._said(raw)
        if raw.status == 400 and self._enforces and any(word in said.lower() for word in _FORMAT_WORDS):
            self._enforces = False  # asked once per server: it cannot enforce a schema, so we only check
            return _Again(BackendError(f"the server takes no schema: {said}", retryable=True), 0.0)
        hint, slug = _advice(raw.status, said)
        is_lasting = "insufficient_quota" in said or "quota" in said.lower() and raw.status == 429
        error = BackendError(
            f"the server answers {raw.status}: {said}",
            hint=hint,
            slug=slug,
            retryable=raw.status in AGAIN and not is_lasting,
        )
        return _Again(error, _retry_after(raw.headers))

    def _said(self, raw: Raw) -> str:
        """The server's own words in one line, our key never among them."""
        if 300 <= raw.status < 400:
            return "a redirect, which is not followed, so that your code goes nowhere else"
        text = raw.body.decode("utf-8", "replace")
        try:
            document = json.loads(text)
            found = document.get("error", {}) if isinstance(document, dict) else {}
            code = found.get("code") if isinstance(found, dict) else ""
            text = " ".join(filter(None, (reading.error_text(document), code and f"({code})")))
        except (ValueError, RecursionError, TypeError):
            text = text or "nothing more"
        key = self.configuration.key
        return reading.quoted(text.replace(key, "[key]") if len(key) > 3 else text)

    def _told(self, error: BackendError, number: int) -> BackendError:
        """The error with the number of requests that were tried."""
        if number == 1:
            return error
        return BackendError(f"{error.message} ({number} requests)", hint=error.hint, slug=error.slug)


class _Again(Exception):
    """A request failed; `wait` is what the server asks for, in seconds."""

    def __init__(self, error: BackendError, wait: float | None = None) -> None:
        super().__init__(str(error))
        self.error, self.wait = error, wait


def completed(configuration: Configuration) -> Configuration:
    """The configuration with what the environment says where the settings are silent."""
    return replace(
        configuration,
        key=configuration.key or os.environ.get("OPENAI_API_KEY", "").strip(),
        base_url=configuration.base_url or os.environ.get("OPENAI_BASE_URL", "").strip() or VENDOR,
    )


def _api(base_url: str) -> str:
    return "responses" if _address(base_url)[1] in VENDOR_HOSTS else "chat"


def _address(base_url: str) -> tuple[str, str]:
    """Scheme and host; both empty for what is no address."""
    try:
        parts = urlsplit(base_url)
        return parts.scheme, parts.hostname or ""
    except ValueError:
        return "", ""


def _named_schema() -> dict[str, Any]:
    return {"name": "explanation", "schema": answer_schema(), "strict": True}


def _no_key() -> MissingKey:
    return MissingKey(
        "the backend openai needs a key",
        hint="set OPENAI_API_KEY (for a server of your own, any word will do)",
    )


def _advice(status: int, said: str) -> tuple[str, str]:
    """What the user can do, and the slug."""
    if status in (401, 403):
        return "check OPENAI_API_KEY", "backend-key"
    if status == 404:
        return "check --model and the base URL", "backend"
    if status == 413 or "context" in said.lower() and status == 400:
        return "the function is too long for this model", reading.ANSWER
    if status == 429:
        return "check your quota, or try later", "backend-quota"
    if 300 <= status < 400:
        return "set the base URL to where the server is", "backend"
    return "try later" if status >= 500 else "check --model and the base URL", "backend"


def _too_long(error: BackendError, wait: float, deadline: float) -> BackendError:
    return BackendError(
        f"{error.message}; another request has to wait {wait:g} s, past the deadline of {deadline:g} s",
        hint=error.hint,
        slug=error.slug,
    )


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait, from `Retry-After` in either form; None where it is absent or nonsense."""
    text = headers.get("retry-after", "").strip()
    try:
        seconds = float(text)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(text).timestamp() - time.time()
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
    return max(0.0, seconds) if seconds == seconds else None
