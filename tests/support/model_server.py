"""A server on loopback that speaks the vendor's two APIs, faithfully or in one of many wrong ways.

A mode is a function that gets an Exchange (what was asked, a socket to answer on) and writes what it
likes. `FAULTS` are the wrong ways; `answering` gives a server that answers with a document.
"""

from __future__ import annotations

import contextlib
import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

DRIP = 0.05
"""seconds between two bytes of a drip"""
Mode = Callable[["Exchange"], None]


@dataclass
class Seen:
    """What arrived: path, headers and body of each request."""

    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    @property
    def bodies(self) -> list[bytes]:
        return [body for _, _, body in self.requests]

    @property
    def documents(self) -> list[Any]:
        return [json.loads(body) for body in self.bodies]


@dataclass
class Exchange:
    """One request and the socket to answer on."""

    handler: BaseHTTPRequestHandler
    asked: dict[str, Any]
    number: int
    stopping: threading.Event

    @property
    def api(self) -> str:
        return "responses" if self.handler.path.endswith("/responses") else "chat"

    @property
    def streams(self) -> bool:
        return bool(self.asked.get("stream"))

    @property
    def prompt(self) -> str:
        """All that the model is told."""
        return json.dumps(self.asked, ensure_ascii=False)

    def raw(self, data: bytes) -> None:
        self.handler.wfile.write(data)
        self.handler.wfile.flush()

    def send(
        self, status: int, body: bytes, kind: str = "application/json", headers: dict[str, str] | None = None
    ) -> None:
        self.handler.send_response(status)
        for name, value in {
            "Content-Type": kind,
            "Content-Length": str(len(body)),
            **(headers or {}),
        }.items():
            self.handler.send_header(name, value)
        self.handler.end_headers()
        self.raw(body)

    def json(self, status: int, document: Any, headers: dict[str, str] | None = None) -> None:
        self.send(status, json.dumps(document).encode(), headers=headers)

    def events(self, events: list[Any]) -> None:
        """Server-sent events; a text is sent as it is."""
        lines = [e if isinstance(e, str) else f"data: {json.dumps(e)}\n\n" for e in events]
        self.send(200, "".join(lines).encode(), "text/event-stream")

    def answer(self, text: str, **more: Any) -> None:
        """A whole, polite answer with `text` as what the model says."""
        if self.streams:
            self.events(stream(self.api, text, **more))
        else:
            self.json(200, whole(self.api, text, **more))

    def wait(self, seconds: float) -> None:
        self.stopping.wait(seconds)


def whole(api: str, text: Any, reason: str = "stop", refusal: str | None = None) -> dict[str, Any]:
    """The document of a complete answer."""
    if api == "responses":
        content: dict[str, Any] = {"type": "output_text", "text": text, "annotations": []}
        if refusal:
            content = {"type": "refusal", "refusal": refusal}
        found: dict[str, Any] = {
            "id": "resp_1", "object": "response", "status": "completed", "model": "test-model",
            "output": [{"type": "message", "role": "assistant", "content": [content]}],
            "usage": {
                "input_tokens": 100, "output_tokens": 20, "input_tokens_details": {"cached_tokens": 60}
            },
        }  # fmt: skip
        if reason != "stop":
            cut = "max_output_tokens" if reason == "length" else reason
            found.update(status="incomplete", incomplete_details={"reason": cut})
        return found
    message = {"role": "assistant", "content": None if refusal else text, "refusal": refusal}
    return {
        "id": "chatcmpl-1", "object": "chat.completion", "model": "test-model",
        "choices": [{"index": 0, "message": message, "finish_reason": reason}],
        "usage": {
            "prompt_tokens": 100, "completion_tokens": 20, "prompt_tokens_details": {"cached_tokens": 60}
        },
    }  # fmt: skip


def stream(api: str, text: str, reason: str = "stop", refusal: str | None = None) -> list[Any]:
    """The same answer as server-sent events."""
    document = whole(api, text, reason, refusal)
    if api == "responses":
        kind = "response.completed" if reason == "stop" else "response.incomplete"
        pieces = [{"type": "response.output_text.delta", "delta": text[:9]}] if text else []
        return [{"type": "response.created"}, *pieces, {"type": kind, "response": document}]
    half = len(text or "") // 2
    deltas: list[Any] = [{"content": text[:half]}, {"content": text[half:]}]
    if refusal:
        deltas = [{"refusal": refusal}]
    chunks = [{"model": "test-model", "choices": [{"index": 0, "delta": delta}]} for delta in deltas]
    end = {"choices": [{"index": 0, "delta": {}, "finish_reason": reason}], "usage": document["usage"]}
    return [*chunks, end, "data: [DONE]\n\n"]


@contextlib.contextmanager
def serving(mode: Mode) -> Iterator[tuple[str, Seen]]:
    """The base URL of a server in `mode`, and what it saw."""
    seen, stopping = Seen(), threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            seen.requests.append((self.path, headers, body))
            self.close_connection = True
            with contextlib.suppress(OSError, ValueError):
                mode(Exchange(self, json.loads(body), len(seen.requests), stopping))

        do_GET = do_POST

        def log_message(self, *arguments: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, *arguments: Any) -> None:
            pass

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1", seen
    finally:
        stopping.set()
        server.shutdown()
        server.server_close()


def answering(document: Any) -> Mode:
    """A server that always says the same (a callable gets the Exchange and returns what to say)."""

    def mode(exchange: Exchange) -> None:
        found = document(exchange) if callable(document) else document
        exchange.answer(found if isinstance(found, str) else json.dumps(found))

    return mode


# --- the wrong ways ----------------------------------------------------------------------------------


def _status(status: int, message: str, code: str = "", **headers: str) -> Mode:
    document = {"error": {"message": message, "type": "error", "code": code}}
    return lambda x: x.json(status, document, {n.replace("_", "-"): v for n, v in headers.items()})


def _body(body: bytes, kind: str = "application/json", status: int = 200) -> Mode:
    return lambda x: x.send(status, body, kind)


def _reset(x: Exchange) -> None:
    """The connection is torn down without a byte."""
    linger = struct.pack("ii", 1, 0)
    x.handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    x.handler.connection.close()


def _hang_up(x: Exchange) -> None:
    x.handler.connection.shutdown(socket.SHUT_RDWR)


def _stall(x: Exchange) -> None:
    x.wait(20)


def _stall_in_body(x: Exchange) -> None:
    x.raw(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 999\r\n\r\n{")
    x.wait(20)


def _drip_headers(x: Exchange) -> None:
    x.raw(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    _drip(x)


def _drip_body(x: Exchange) -> None:
    x.raw(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99999\r\n\r\n")
    _drip(x)


def _drip_events(x: Exchange) -> None:
    x.raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
    for _ in range(400):
        x.raw(b": keep-alive\n\n")
        x.wait(DRIP)


def _drip(x: Exchange) -> None:
    for _ in range(400):
        x.raw(b"x")
        x.wait(DRIP)


def _drip_error(x: Exchange) -> None:
    x.raw(b"HTTP/1.1 500 Oops\r\nContent-Type: application/json\r\nContent-Length: 99999\r\n\r\n")
    _drip(x)


def _truncated(x: Exchange) -> None:
    body = json.dumps(whole(x.api, "{}")).encode()
    x.raw(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body))
    x.raw(body[: len(body) // 2])


def _bad_chunks(x: Exchange) -> None:
    x.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nnonsense\r\n")


def _no_http(x: Exchange) -> None:
    x.raw(b"SSH-2.0-OpenSSH_9.6\r\n")


def _endless(x: Exchange) -> None:
    x.raw(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
    piece = b'{"a": "' + b"x" * (1 << 20)
    for _ in range(64):
        x.raw(piece)


def _endless_error(x: Exchange) -> None:
    x.raw(b"HTTP/1.1 400 Bad\r\nContent-Type: application/json\r\n\r\n")
    for _ in range(64):
        x.raw(b"y" * (1 << 20))


def _polite_half(x: Exchange) -> None:
    """A stream that ends without its last event."""
    x.events(stream(x.api, '{"summary": null, "sections": []')[:2])


def _error_event(x: Exchange) -> None:
    half = stream(x.api, '{"summary"')[:2]
    x.events([*half, {"type": "error", "error": {"message": "the engine fell over", "code": 500}}])


def _failed_event(x: Exchange) -> None:
    failed = {"status": "failed", "error": {"message": "the engine fell over"}}
    x.events([{"type": "response.failed", "response": failed, "choices": None}])


def _bad_event(x: Exchange) -> None:
    x.events(["data: {nope\n\n", "data: [DONE]\n\n"])


def _events_of_lists(x: Exchange) -> None:
    x.events([[1, 2], "data: [DONE]\n\n"])


def _edited(change: Callable[[dict[str, Any]], None]) -> Mode:
    """A whole answer in which something is wrong."""

    def mode(x: Exchange) -> None:
        document = whole(x.api, json.dumps(EMPTY))
        change(document)
        x.json(200, document)

    return mode


def _said(text: str, **more: Any) -> Mode:
    return lambda x: x.answer(text, **more)


def _put(document: dict[str, Any], chat: str, responses: str, value: Any) -> None:
    document[chat if "choices" in document else responses] = value


def _content(document: dict[str, Any], value: Any) -> None:
    if "choices" in document:
        document["choices"][0]["message"]["content"] = value
    else:
        document["output"][0]["content"][0]["text"] = value


EMPTY: dict[str, Any] = {"summary": None, "sections": [], "annotations": [], "claims": []}
"""fits the schema and revises nothing"""
_LONG = json.dumps(
    {**EMPTY, "sections": [{"id": "purpose", "sentences": [{"text": "y" * 500_000, "claims": []}]}]}
)

FAULTS: dict[str, Mode] = {
    "400": _status(400, "bad request"),
    "400 context": _status(400, "maximum context length is 4096 tokens", "context_length_exceeded"),
    "401": _status(401, "Incorrect API key provided: test-key-1234"),
    "403": _status(403, "not in your country"),
    "404": _status(404, "the model does not exist", "model_not_found"),
    "413": _status(413, "too large"),
    "422": _status(422, "unprocessable"),
    "429": _status(429, "slow down"),
    "429 at once": _status(429, "slow down", Retry_After="0"),
    "429 tomorrow": _status(429, "slow down", Retry_After="86400"),
    "429 by date": _status(429, "slow down", Retry_After="Wed, 21 Oct 2065 07:28:00 GMT"),
    "429 nonsense": _status(429, "slow down", Retry_After="soon"),
    "429 negative": _status(429, "slow down", Retry_After="-5"),
    "429 quota": _status(429, "You exceeded your current quota", "insufficient_quota"),
    "500": _status(500, "oops"),
    "502 html": _body(b"<html><h1>Bad Gateway</h1></html>", "text/html", 502),
    "503": _status(503, "overloaded", Retry_After="0"),
    "500 binary": _body(b"\xff\xfe\x00\x01", "application/octet-stream", 500),
    "500 controls": _status(500, "\x1b[2J\x07 owned \u202e"),
    "500 list": _body(b"[1, 2]", status=500),
    "500 deep": _body(b"[" * 20000, status=500),
    "204": lambda x: x.raw(b"HTTP/1.1 204 No Content\r\n\r\n"),
    "301": lambda x: x.send(301, b"", headers={"Location": "/elsewhere"}),
    "307": lambda x: x.send(307, b"", headers={"Location": "http://127.0.0.1:9/v1"}),
    "308": lambda x: x.send(308, b"", headers={"Location": "/v1/chat/completions"}),
    "reset": _reset,
    "hang up": _hang_up,
    "stall": _stall,
    "stall in the body": _stall_in_body,
    "drip of headers": _drip_headers,
    "drip of a body": _drip_body,
    "drip of events": _drip_events,
    "drip of an error": _drip_error,
    "truncated": _truncated,
    "bad chunks": _bad_chunks,
    "no HTTP": _no_http,
    "over-large": _endless,
    "over-large error": _endless_error,
    "polite half of a stream": _polite_half,
    "error event": _error_event,
    "failed event": _failed_event,
    "broken event": _bad_event,
    "events of lists": _events_of_lists,
    "empty stream": lambda x: x.events([]),
    "only DONE": lambda x: x.events(["data: [DONE]\n\n"]),
    "empty body": _body(b""),
    "HTML with 200": _body(b"<html>login</html>", "text/html"),
    "no JSON": _body(b"not json"),
    "half JSON": _body(b'{"choices": ['),
    "JSON null": _body(b"null"),
    "JSON list": _body(b"[]"),
    "JSON text": _body(b'"hello"'),
    "JSON empty object": _body(b"{}"),
    "deep JSON": _body(b'{"choices":' + b"[" * 50000),
    "not UTF-8": _body(b'{"choices": "\xff\xfe"}'),
    "error with 200": _body(b'{"error": {"message": "no such engine"}}'),
    "error text with 200": _body(b'{"error": "no such engine"}'),
    "no choices": _edited(lambda d: _put(d, "choices", "output", [])),
    "choices null": _edited(lambda d: _put(d, "choices", "output", None)),
    "choices a number": _edited(lambda d: _put(d, "choices", "output", 5)),
    "choices of texts": _edited(lambda d: _put(d, "choices", "output", ["x"])),
    "content null": _edited(lambda d: _content(d, None)),
    "content empty": _edited(lambda d: _content(d, "  ")),
    "content a number": _edited(lambda d: _content(d, 42)),
    "content a list": _edited(lambda d: _content(d, [{"text": "x"}])),
    "refusal": _said("", refusal="I cannot help with that."),
    "filtered": _said("", reason="content_filter"),
    "cut at its limit": _said('{"summary": nul', reason="length"),
    "over-long": _said(_LONG),
    "says prose": _said("Sure! Here is what the function does."),
    "says half JSON": _said('{"summary": {"text": "It'),
    "says null": _said("null"),
    "says a list": _said("[]"),
    "says {}": _said("{}"),
    "says NaN": _said('{"summary": NaN, "sections": [], "annotations": [], "claims": []}'),
    "says deep JSON": _said("[" * 50000),
    "says another schema": _said('{"explanation": "It sorts."}'),
    "says wrong types": _said('{"summary": 5, "sections": {}, "annotations": "", "claims": null}'),
    "says an extra field": _said(json.dumps({**EMPTY, "exit_status": 0})),
    "says an unknown kind": _said(json.dumps({**EMPTY, "claims": [{"id": "m1", "kind": "proved"}]})),
    "says sentences as texts": _said(
        json.dumps({**EMPTY, "sections": [{"id": "purpose", "sentences": ["It sorts."]}]})
    ),
    "says a claim id twice": _said(
        json.dumps({**EMPTY, "claims": [{"id": "m1", "kind": "pure", "func": "f", "pure": True}] * 2})
    ),
}  # fmt: skip
"""name -> a server that cannot be used"""
