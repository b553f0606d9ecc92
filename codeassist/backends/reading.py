"""What came back over HTTP -> the answer's text and what it used, for both APIs, streamed or whole.

Servers lie in every way: an error with status 200, half an answer that ends politely, numbers as
text. Nothing is believed before it was looked at; each fault is one BackendError.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from codeassist.records.answer import Usage
from codeassist.records.errors import BackendError
from codeassist.records.text import inert

ANSWER = "backend-answer"
"""slug of faults that belong to one answer: the next function may well get a good one"""
QUOTED = 120
"""characters of a server's own words that are shown"""


@dataclass(frozen=True, slots=True)
class Reply:
    """The text of an answer, whole or nothing, and what it cost."""

    text: str
    usage: Usage = field(default_factory=Usage)
    model: str = ""
    finish_reason: str = "stop"


def fault(message: str, hint: str = "the local explanation is shown instead", **more: Any) -> BackendError:
    """A BackendError about one answer."""
    return BackendError(message, hint=hint, slug=more.pop("slug", ANSWER), **more)


def quoted(text: object) -> str:
    """Somebody else's words: one line, inert, short."""
    line = " ".join(str(text).split())
    return inert(line if len(line) <= QUOTED else line[: QUOTED - 3] + "...")


def read_reply(body: bytes, content_type: str, api: str) -> Reply:
    """The reply of a request that was answered with status 200. Raises BackendError."""
    text = _decoded(body)
    if "text/event-stream" in content_type or text.lstrip().startswith(("data:", "event:")):
        document = _joined(list(_events(text)), api)
    else:
        document = _parsed(text, content_type)
    if document.get("error"):
        raise fault(f"the server reports an error: {error_text(document)}")
    return _from_responses(document) if api == "responses" else _from_chat(document)


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise fault("the server's answer is not text") from None


def _parsed(text: str, content_type: str = "application/json") -> dict[str, Any]:
    if not text.strip():
        raise fault("the server's answer is empty")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        kind = "HTML" if "html" in content_type or text.lstrip()[:1] == "<" else "no JSON"
        hint = "check the base URL: it usually ends in /v1"
        raise fault(f"the server's answer is {kind}: {quoted(text)}", hint) from None
    if not isinstance(document, dict):
        raise fault("the server's answer is no JSON object")
    return document


def error_text(document: Any) -> str:
    """The message of an error document, in whatever shape it comes."""
    found = document.get("error", document) if isinstance(document, dict) else document
    if isinstance(found, dict):
        found = found.get("message") or found.get("code") or found.get("detail") or found
    return quoted(found)


def _events(text: str) -> Iterator[dict[str, Any]]:
    """The data of each server-sent event; the mark `[DONE]` becomes an empty one."""
    for block in text.replace("\r\n", "\n").split("\n\n"):
        lines = [line[5:].lstrip(" ") for line in block.split("\n") if line.startswith("data:")]
        if lines:
            data = "\n".join(lines)
            yield {} if data.strip() == "[DONE]" else _parsed(data)


def _joined(events: list[dict[str, Any]], api: str) -> dict[str, Any]:
    """The pieces of a stream as the document that the server would have sent whole."""
    broken = next((e for e in events if e.get("error") or e.get("type") == "error"), None)
    if broken is not None:
        raise fault(f"the server breaks off with an error: {error_text(broken)}")
    return _joined_responses(events) if api == "responses" else _joined_chat(events)


def _joined_responses(events: list[dict[str, Any]]) -> dict[str, Any]:
    ends = ("response.completed", "response.incomplete", "response.failed")
    last = next((event for event in events if event.get("type") in ends), None)
    document = last.get("response") if last else None
    if not isinstance(document, dict):
        raise fault("the answer was cut off: the stream ends before it is complete", retryable=True)
    if not document.get("output"):
        pieces = [_text_of(e.get("delta")) for e in events if e.get("type") == "response.output_text.delta"]
        content = [{"type": "output_text", "text": "".join(pieces)}]
        document = {**document, "output": [{"type": "message", "content": content}]}
    return document


def _joined_chat(events: list[dict[str, Any]]) -> dict[str, Any]:
    document: dict[str, Any] = {}
    content, refusal, reason = "", "", None
    for event in events:
        document.update({name: event[name] for name in ("usage", "model") if event.get(name)})
        choices = event.get("choices")
        if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
            continue
        delta = choices[0].get("delta")
        delta = delta if isinstance(delta, dict) else {}
        content += _text_of(delta.get("content"))
        refusal += _text_of(delta.get("refusal"))
        reason = choices[0].get("finish_reason") or reason
    if reason is None:
        raise fault("the answer was cut off: the stream ends before it is complete", retryable=True)
    message = {"content": content, "refusal": refusal or None}
    return {**document, "choices": [{"message": message, "finish_reason": reason}]}


def _text_of(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise fault("the server's answer has the wrong types")
    return value


def _from_chat(document: dict[str, Any]) -> Reply:
    choices = document.get("choices")
    if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
        raise fault("the server's answer holds no choice")
    message, reason = choices[0].get("message"), choices[0].get("finish_reason")
    if not isinstance(message, dict):
        raise fault("the server's answer holds no message")
    if message.get("refusal"):
        raise fault(f"the model refuses to answer: {quoted(message['refusal'])}")
    return _finished(_text_of(message.get("content")), reason or "stop", document)


def _from_responses(document: dict[str, Any]) -> Reply:
    if document.get("status") not in (None, "completed", "incomplete"):
        raise fault(f"the answer is not complete: its status is {quoted(document['status'])}")
    details = document.get("incomplete_details")
    reason = details.get("reason") if isinstance(details, dict) else None
    if document.get("status") == "incomplete":
        reason = reason or "length"
    return _finished("".join(_output(document)), reason or "stop", document)


def _output(document: dict[str, Any]) -> Iterator[str]:
    output = document.get("output")
    if not isinstance(output, list):
        raise fault("the server's answer holds no output")
    for item in output:
        content = item.get("content") if isinstance(item, dict) and item.get("type") == "message" else []
        for part in content if isinstance(content, list) else []:
            if not isinstance(part, dict):
                raise fault("the server's answer has the wrong types")
            if part.get("type") == "refusal":
                raise fault(f"the model refuses to answer: {quoted(part.get('refusal'))}")
            yield _text_of(part.get("text")) if part.get("type") == "output_text" else ""


_CUT = ("length", "max_output_tokens", "max_tokens")


def _finished(text: str, reason: Any, document: dict[str, Any]) -> Reply:
    if reason == "content_filter":
        raise fault("the provider's filter withheld the answer")
    if reason in _CUT:
        raise fault("the answer was cut off at its limit of tokens")
    if not text.strip():
        raise fault("the model's answer is empty")
    model = document.get("model")
    return Reply(text, _usage(document.get("usage")), model if isinstance(model, str) else "", str(reason))


def _usage(found: Any) -> Usage:
    """Tokens as either API counts them; what is no number counts as nothing."""
    if not isinstance(found, dict):
        return Usage(requests=1)
    details = found.get("prompt_tokens_details") or found.get("input_tokens_details")
    return Usage(
        prompt_tokens=_count(found, "prompt_tokens", "input_tokens"),
        cached_tokens=_count(details if isinstance(details, dict) else {}, "cached_tokens"),
        completion_tokens=_count(found, "completion_tokens", "output_tokens"),
        requests=1,
    )


def _count(found: dict[str, Any], *names: str) -> int:
    values = [found[name] for name in names if type(found.get(name)) is int and found[name] >= 0]
    return values[0] if values else 0


def added(first: Usage, second: Usage) -> Usage:
    """The usage of both together."""
    return replace(
        first,
        prompt_tokens=first.prompt_tokens + second.prompt_tokens,
        cached_tokens=first.cached_tokens + second.cached_tokens,
        completion_tokens=first.completion_tokens + second.completion_tokens,
        cost=first.cost + second.cost,
        requests=first.requests + second.requests,
    )
