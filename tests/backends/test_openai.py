"""The hosted backend against a server on loopback: what it sends, and how each fault ends."""

from __future__ import annotations

import json
import threading
import time
from typing import Any

import pytest

from codeassist.backends.openai import OpenAI
from codeassist.records.answer import Answer, Claim, Section, Sentence
from codeassist.records.backend import Configuration
from codeassist.records.errors import BackendError, MissingExtra, MissingKey
from codeassist.records.prompt import Message, Prompt
from tests.support.model_server import EMPTY, FAULTS, Exchange, Mode, answering, serving

KEY = "test-key-1234"
BASELINE = Answer(
    Sentence("Gives the last item."),
    (Section("purpose", "Purpose", (Sentence("Old."),)), Section("cost", "Cost", (Sentence("Cheap."),))),
    (),
    (Claim("pure", {"func": "last", "pure": True}, "c1"),),
)
MESSAGES = (Message("system", "Explain."), Message("user", "def last(xs): ..."))
PROMPT = Prompt("explain", MESSAGES, BASELINE, "", ("function",), (), 9, "d" * 64)
GOOD = {
    **EMPTY,
    "sections": [{"id": "purpose", "sentences": [{"text": "It gives {m1.value}.", "claims": ["m1"]}]}],
    "claims": [
        {"id": "m1", "kind": "returns", "func": "last", "value": "3", "line": None},
        {"id": "m2", "kind": "delta", "func": "last", "line": 2,
         "changes": [{"name": "x", "old": None, "new": "3"}]},
        {"id": "m3", "kind": "depends", "func": "last", "line": 2,
         "on": [{"name": "x", "line": "4"}, {"name": "xs", "line": "argument"}]},
    ],
}  # fmt: skip
WAYS = [("chat", False), ("chat", True), ("responses", False), ("responses", True)]


def backend(url: str, **more: Any) -> OpenAI:
    return OpenAI(Configuration(base_url=url, key=KEY, **{"deadline": 3.0, "model": "test-model", **more}))


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("codeassist.backends.openai.FIRST_WAIT", 0.01)
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "HTTP_PROXY", "HTTPS_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(("api", "stream"), WAYS)
def test_an_answer_revises_the_baseline(api: str, stream: bool) -> None:
    with serving(answering(GOOD)) as (url, seen):
        answer = backend(url, api=api, stream=stream).complete(PROMPT)
    assert [section.sentences[0].text for section in answer.sections] == ["It gives {m1.value}.", "Cheap."]
    assert [dict(claim.fields) for claim in answer.claims[1:]] == [
        {"func": "last", "value": "3"},
        {"func": "last", "line": 2, "changes": {"x": [None, "3"]}},
        {"func": "last", "line": 2, "on": {"x": 4, "xs": "argument"}},
    ]
    assert (answer.backend, answer.model, answer.prompt_digest) == ("openai", "test-model", PROMPT.digest)
    usage = answer.usage
    assert (usage.prompt_tokens, usage.cached_tokens, usage.completion_tokens) == (100, 60, 20)
    assert usage.requests == len(seen.requests) == 1


@pytest.mark.parametrize(("api", "stream"), WAYS)
def test_what_is_sent(api: str, stream: bool) -> None:
    with serving(answering(EMPTY)) as (url, seen):
        found = backend(url, api=api, stream=stream)
        preview = found.preview(PROMPT)
        found.complete(PROMPT)
    path, headers, body = seen.requests[0]
    assert body == preview
    asked = json.loads(body)
    assert path == ("/v1/responses" if api == "responses" else "/v1/chat/completions")
    assert headers["authorization"] == f"Bearer {KEY}"
    assert asked["store"] is False
    assert asked.get("stream", False) is stream
    form = asked["text"]["format"] if api == "responses" else asked["response_format"]["json_schema"]
    assert form["strict"] is True
    assert is_strict(form["schema"]), "every field required, nothing additional"
    text = body.decode()
    assert text.index("Explain.") < text.index("def last") or api == "responses"


def is_strict(schema: Any) -> bool:
    if isinstance(schema, list):
        return all(map(is_strict, schema))
    if not isinstance(schema, dict):
        return True
    own = schema.get("type") != "object" or (
        schema["additionalProperties"] is False and schema["required"] == list(schema["properties"])
    )
    return own and all(map(is_strict, schema.values()))


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize(("api", "stream"), [("chat", False), ("responses", True)])
def test_every_fault_is_one_line_in_time(name: str, api: str, stream: bool) -> None:
    deadline = 0.6 if any(word in name for word in ("stall", "drip")) else 3.0
    started = time.monotonic()
    with serving(FAULTS[name]) as (url, seen), pytest.raises(BackendError) as error:
        backend(url, api=api, stream=stream, deadline=deadline).complete(PROMPT)
    assert time.monotonic() - started < deadline + 2.5
    line = str(error.value)
    assert line.isprintable(), line
    assert 10 < len(line) < 400
    assert KEY not in line
    assert 1 <= len(seen.requests) <= 3


@pytest.mark.parametrize("name", ["400", "401", "403", "404", "429 quota", "429 tomorrow", "307", "refusal",
                                  "says prose", "filtered", "over-large"])  # fmt: skip
def test_what_another_request_cannot_mend_is_asked_once(name: str) -> None:
    with serving(FAULTS[name]) as (url, seen), pytest.raises(BackendError):
        backend(url).complete(PROMPT)
    assert len(seen.requests) == 1


@pytest.mark.parametrize("name", ["429", "500", "503", "reset", "truncated"])
def test_what_may_pass_is_asked_three_times(name: str) -> None:
    with serving(FAULTS[name]) as (url, seen), pytest.raises(BackendError, match="3 requests"):
        backend(url).complete(PROMPT)
    assert len(seen.requests) == 3


def after(failures: int, name: str) -> Mode:
    def mode(exchange: Exchange) -> None:
        FAULTS[name](exchange) if exchange.number <= failures else exchange.answer(json.dumps(GOOD))

    return mode


@pytest.mark.parametrize("name", ["429 at once", "500", "reset", "502 html"])
def test_a_fault_that_passes_costs_a_request(name: str) -> None:
    with serving(after(2, name)) as (url, _):
        assert backend(url).complete(PROMPT).usage.requests == 3


def test_a_server_that_takes_no_schema_is_asked_without_once() -> None:
    def mode(exchange: Exchange) -> None:
        if "response_format" in exchange.asked:
            exchange.json(400, {"error": {"message": "response_format is not supported"}})
        else:
            exchange.answer("```json\n" + json.dumps(GOOD) + "\n```")

    with serving(mode) as (url, seen):
        found = backend(url)
        assert found.complete(PROMPT).usage.requests == 2
        assert found.complete(PROMPT).usage.requests == 1
    assert len(seen.requests) == 3


def test_a_redirect_carries_nothing_to_the_other_origin() -> None:
    with serving(answering(EMPTY)) as (other, elsewhere):

        def mode(exchange: Exchange) -> None:
            exchange.send(307, b"", headers={"Location": f"{other}/chat/completions"})

        with serving(mode) as (url, _), pytest.raises(BackendError, match="redirect"):
            backend(url).complete(PROMPT)
    assert elsewhere.requests == []


def test_nobody_listens() -> None:
    with serving(answering(EMPTY)) as (url, _):
        pass
    with pytest.raises(BackendError, match="cannot be reached"):
        backend(url).complete(PROMPT)


def test_a_password_in_the_address_is_not_shown() -> None:
    with pytest.raises(BackendError) as error:
        backend("http://me:hunter2@127.0.0.1:9/v1").complete(PROMPT)
    assert "hunter2" not in str(error.value)


@pytest.mark.parametrize(
    "url", ["ftp://127.0.0.1", "nonsense", "file:///etc/passwd", "http://", "http://[", "//x"]
)
def test_no_base_url(url: str) -> None:
    with pytest.raises(BackendError):
        backend(url).complete(PROMPT)


@pytest.mark.parametrize("key", ["a\nb", "ключ"])
def test_a_key_that_is_none(key: str) -> None:
    with serving(answering(EMPTY)) as (url, seen), pytest.raises(MissingKey):
        OpenAI(Configuration(base_url=url, key=key)).complete(PROMPT)
    assert not seen.requests


def test_without_a_key_nothing_is_sent() -> None:
    with serving(answering(EMPTY)) as (url, seen):
        found = OpenAI(Configuration(base_url=url))
        assert "OPENAI_API_KEY" in found.available()
        with pytest.raises(MissingKey, match="OPENAI_API_KEY"):
            found.complete(PROMPT)
    assert seen.requests == []


def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("codeassist.backends.openai.find_spec", lambda name: None)
    found = backend("http://127.0.0.1:9/v1")
    assert "codeassist[openai]" in found.available()
    with pytest.raises(MissingExtra, match=r"codeassist\[openai\]"):
        found.complete(PROMPT)


def test_the_environment_and_the_vendor(monkeypatch: pytest.MonkeyPatch) -> None:
    assert OpenAI(Configuration(key="k")).api == "responses"
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:8000/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "from-the-environment")
    found = OpenAI()
    assert (found.api, found.configuration.key) == ("chat", "from-the-environment")
    assert "from-the-environment" not in repr(found.configuration)


def test_cost_is_counted_and_capped() -> None:
    with serving(answering(EMPTY)) as (url, seen):
        paid = backend(url, model="gpt-4o-mini-2024-07-18")
        assert paid.complete(PROMPT).usage.cost == pytest.approx((40 * 0.15 + 60 * 0.075 + 20 * 0.6) / 1e6)
        with pytest.raises(BackendError, match="max-cost"):
            backend(url, model="gpt-4o-mini", max_cost=0.000001).complete(PROMPT)
        with pytest.raises(BackendError, match="price"):
            backend(url, model="unheard-of", max_cost=1.0).complete(PROMPT)
        own = backend(url, model="unheard-of", max_cost=1.0, price_in=1.0, price_out=2.0)
        assert own.complete(PROMPT).usage.cost == pytest.approx((100 + 40) / 1e6)
    assert len(seen.requests) == 2


def test_what_is_under_way_counts_against_the_cost() -> None:
    arrived = threading.Event()

    def slow(exchange: Exchange) -> None:
        arrived.set()
        exchange.wait(1.0)
        exchange.answer(json.dumps(EMPTY))

    with serving(slow) as (url, seen):
        own = backend(url, model="gpt-4o-mini", max_cost=0.006, deadline=30.0)
        first = threading.Thread(target=own.complete, args=(PROMPT,))
        first.start()
        assert arrived.wait(20)
        with pytest.raises(BackendError, match="max-cost"):
            own.complete(PROMPT)
        first.join(30)
        own.complete(PROMPT)
    assert len(seen.requests) == 2


def test_answers_at_once_are_counted_apart() -> None:
    answers: list[Answer] = []
    with serving(answering(EMPTY)) as (url, _):
        own = backend(url, deadline=30.0)
        threads = [threading.Thread(target=lambda: answers.append(own.complete(PROMPT))) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
    assert [answer.usage.requests for answer in answers] == [1] * 4
    assert (own.used.requests, own.used.prompt_tokens) == (4, 400)
