"""One HTTP request through the vendor's SDK, within a total deadline, a size cap and one origin.

The SDK's own time-out is per read, it follows a redirect with the body in hand, and it reads an
answer of any size: so the client is ours, and another thread waits while this one keeps the time.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from codeassist.backends.reading import quoted
from codeassist.records.backend import Configuration
from codeassist.records.errors import BackendError, MissingExtra

MOST = 8 << 20
"""bytes of one answer"""
MOST_OF_ERROR = 1 << 16

UNREACHABLE, SLOW = "backend-unreachable", "backend-deadline"


@dataclass(frozen=True, slots=True)
class Raw:
    """What came back: status, headers (lower case) and body."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


class TooLarge(Exception):
    """The body is over the cap."""


class Line:
    """A client for one server; it is opened with the first request."""

    def __init__(self, configuration: Configuration) -> None:
        self.configuration = configuration
        self._client: Any = None
        self._http: Any = None

    def send(self, api: str, arguments: Mapping[str, Any], seconds: float) -> Raw:
        """The server's answer to one request. Raises BackendError after `seconds` at the latest."""
        answer: queue.SimpleQueue[Raw | BaseException] = queue.SimpleQueue()
        client = self._opened(seconds)

        def work() -> None:
            try:
                answer.put(_request(client, api, arguments, seconds))
            except BaseException as error:  # everything is handed to the thread that waits
                answer.put(error)

        threading.Thread(target=work, daemon=True, name="codeassist-backend").start()
        try:
            found = answer.get(timeout=seconds)
        except queue.Empty:
            self.close()
            raise BackendError(
                f"no answer within the deadline of {self.configuration.deadline:g} s",
                hint="--deadline sets another",
                slug=SLOW,
            ) from None
        except KeyboardInterrupt:
            self.close()
            raise
        if isinstance(found, Raw):
            return found
        self.close()
        raise self._fault(found) from None

    def preview(self, api: str, arguments: Mapping[str, Any]) -> bytes:
        """The exact bytes that `send` would send as the body; no socket is opened."""
        seen: list[bytes] = []
        with _http_client(seen) as http:
            _request(_sdk(self.configuration, http, 1.0), api, arguments, 1.0)
        return seen[0]

    def close(self) -> None:
        """Drop the connection; the next request opens another."""
        http, self._client, self._http = self._http, None, None
        if http is not None:
            # a thread may be reading from it: closing is what wakes that thread
            threading.Thread(target=http.close, daemon=True).start()

    def _opened(self, seconds: float) -> Any:
        if self._client is None:
            self._http = _http_client()
            self._client = _sdk(self.configuration, self._http, seconds)
        return self._client

    def _fault(self, error: BaseException) -> BackendError:
        """The one line for an error that is not an answer of the server."""
        import openai

        if isinstance(error, TooLarge):
            return BackendError(f"the answer is over {MOST >> 20} MiB", hint="nothing of it is used")
        if isinstance(error, openai.APITimeoutError):
            return BackendError(
                "the server did not answer in time", hint="--deadline sets another", slug=SLOW
            )
        cause = error.__cause__ or error
        is_refused = type(cause).__name__ in ("ConnectError", "ConnectTimeout", "UnsupportedProtocol")
        where = quoted(_shown(self.configuration.base_url))
        what = f"{where} cannot be reached" if is_refused else f"the connection to {where} broke"
        return BackendError(
            f"{what} ({quoted(str(cause) or type(cause).__name__)})",
            hint="check the base URL and the network" if is_refused else "try again",
            slug=UNREACHABLE,
            retryable=not is_refused,
        )


def _shown(base_url: str) -> str:
    """The address without a password that may stand in it."""
    parts = urlsplit(base_url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def _sdk(configuration: Configuration, http: Any, seconds: float) -> Any:
    import openai

    return openai.OpenAI(
        api_key=configuration.key,
        base_url=configuration.base_url,
        max_retries=0,
        timeout=seconds,
        http_client=http,
        default_headers={"Accept-Encoding": "identity"},
    )


def _http_client(seen: list[bytes] | None = None) -> Any:
    """A client that follows no redirect and stops reading at the cap; with `seen` it sends nothing."""
    try:
        import httpx2
        import openai  # noqa: F401
    except ImportError:
        raise missing() from None
    except Exception as error:  # a stranger's file named like one of its parts, say
        what = quoted(f"{type(error).__name__}: {error}")
        raise MissingExtra(
            f"the package openai cannot be imported ({what})", hint="install it again"
        ) from None

    class Capped(httpx2.SyncByteStream):
        def __init__(self, inner: Any) -> None:
            self.inner = inner

        def __iter__(self) -> Any:
            total = 0
            for piece in self.inner:
                total += len(piece)
                if total > MOST:
                    raise TooLarge
                yield piece

        def close(self) -> None:
            self.inner.close()

    def cap(response: httpx2.Response) -> None:
        response.stream = Capped(response.stream)

    def note(request: httpx2.Request) -> httpx2.Response:
        assert seen is not None  # only then is this the transport
        seen.append(request.content)
        return httpx2.Response(200, json={})

    transport = httpx2.MockTransport(note) if seen is not None else None
    return httpx2.Client(transport=transport, follow_redirects=False, event_hooks={"response": [cap]})


def missing() -> MissingExtra:
    """The error for a package that is not there."""
    return MissingExtra(
        "the backend openai needs a package that is not installed",
        hint="pip install 'codeassist[openai]' brings it",
    )


def _request(client: Any, api: str, arguments: Mapping[str, Any], seconds: float) -> Raw:
    import openai

    endpoint = client.responses if api == "responses" else client.chat.completions
    try:
        with endpoint.with_streaming_response.create(**arguments, timeout=seconds) as response:
            return Raw(response.status_code, _lower(response.headers), _whole(response.iter_bytes()))
    except openai.APIStatusError as error:
        body = error.response.content[:MOST_OF_ERROR]
        return Raw(error.status_code, _lower(error.response.headers), body)


def _whole(pieces: Any) -> bytes:
    return b"".join(pieces)


def _lower(headers: Any) -> dict[str, str]:
    return {str(name).lower(): str(value) for name, value in headers.items()}
