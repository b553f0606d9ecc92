"""No secret leaves: whole, escaped or in part, from the source, the values or the environment."""

from __future__ import annotations

import json

import pytest

from codeassist.prompting.redact import environment, redact
from codeassist.records.answer import Answer, Claim, Sentence
from codeassist.records.errors import BackendError
from codeassist.records.prompt import Message, Prompt

CANARY = "zebra-canary-7f3a9c"


def prompt(*texts: str) -> Prompt:
    messages = tuple(Message("user", text) for text in texts)
    return Prompt("explain", messages, Answer(Sentence(""), (), (), ()), "", (), (), 0, "")


def sent(*texts: str, **more: object) -> str:
    return "\n".join(m.text for m in redact(prompt(*texts), **more).prompt.messages)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "print('hello world')", "xs = ['abc', 'def']", "token = '+'", "for token in ['(', ')']: pass",
        "token_type = 'number'", "alphabet = 'abcdefghijklmnopqrstuvwxyz'", "author = 'Jane Doe'",
        "def password_strength(text): return len(text)", "key = 'name'", "secret = ''", "passwords = []",
        "assert tokenize('1 + 2') == ['1', '+', '2']", "url = 'https://example.org/a?b=c'",
        "password = '{}'.format(x)",
    ],
)  # fmt: skip
def test_what_is_no_secret_stays(text: str) -> None:
    found = redact(prompt(text))
    assert found.prompt.messages[0].text == text
    assert found.replaced == ()


@pytest.mark.parametrize(
    "text",
    [
        f"password = '{CANARY}'", f'API_KEY = "{CANARY}"', f"    SECRET_TOKEN: str = '{CANARY}'",
        f"connect(user='x', password='{CANARY}')", f'{{"api_key": "{CANARY}"}}',
        f"os.environ.get('API_KEY', '{CANARY}')", f"if passwd == '{CANARY}': pass",
        f'if "{CANARY}" != x and secret == "{CANARY}": pass', f"self._auth_token = b'{CANARY}'",
        f"config['client_secret'] = '{CANARY}'", f"secrets = ['alpha-one', '{CANARY}']",
        f'PASSWORD = """{CANARY}"""', f"db = 'postgres://user:{CANARY}@host/db'",
        f"def f(secret='{CANARY}'): pass",
    ],
)  # fmt: skip
def test_a_name_tells(text: str) -> None:
    assert CANARY not in sent(text)


@pytest.mark.parametrize(
    "secret",
    [
        "sk-proj-abcDEF0123456789abcDEF", "ghp_16C7e42F292c6912E7710c838347Ae178B4a", "AKIAIOSFODNN7EXAMPLE",
        "xoxb-123456789012-abcdefghijkl", "AIzaSyA1234567890abcdefghijklmnopqrstu",
        "glpat-abcdefghij0123456789",
        "hf_abcdefghijklmnopqrstuvwxyz", "sk_live_abcdefghijklmnop", "sk-ant-api03-abcdefghijklmnopqrst",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N",
        "npm_abcdefghijklmnopqrstuvwxyz0123456789",
        "github_pat_11ABCDEFG0abcdefghijklmnop",
    ],
)  # fmt: skip
def test_a_pattern_tells(secret: str) -> None:
    assert secret not in sent(f"x = f({secret!r})  # {secret}")


def test_a_value_is_gone_everywhere_in_every_form() -> None:
    secret = 'qu"o\\te-\u00e9-secret'
    source = f"password = {json.dumps(secret, ensure_ascii=False)}"
    value = json.dumps({"kind": "returns", "value": repr(secret)})
    text = sent(value, f"it is {secret}", repr(secret), json.dumps(value), context=[source])
    for form in (secret, json.dumps(secret)[1:-1], repr(secret)[1:-1]):
        assert form not in text


def test_pieces_of_a_secret_are_gone_too() -> None:
    facts = [f'{{"value": "{CANARY[:n]}"}}' for n in range(1, len(CANARY) + 1)]
    assert CANARY[:10] not in sent(*facts, context=[f"password = '{CANARY}'"])
    assert CANARY[-10:] not in sent(CANARY[5:], context=[f"password = '{CANARY}'"])


@pytest.mark.parametrize(
    "claim",
    [
        Claim("value", {"expr": "password", "value": repr(CANARY)}, "c1"),
        Claim("sequence", {"var": "api_keys", "values": f"['abcd', {CANARY!r}]"}, "c1"),
        Claim("call_args", {"args": {"secret": repr(CANARY)}}, "c1"),
        Claim("delta", {"changes": {"token": [None, repr(CANARY)]}}, "c1"),
        Claim("returns", {"func": "get_password", "value": repr(CANARY)}, "c1"),
    ],
)
def test_recorded_values_with_a_telling_name(claim: Claim) -> None:
    assert CANARY not in sent(json.dumps(claim.to_json()), claims=[claim])


def test_the_environment_is_not_told() -> None:
    variables = {
        "DEPLOY_TOKEN": CANARY,
        "HOME": "/home/me",
        "GIT_AUTHOR_NAME": "Somebody",
        "AUTH_FILE": "/etc/x/y",
    }
    found = environment(variables)
    assert len(found) == 1
    assert CANARY not in sent(f"value {CANARY!r}", context=found)


def test_placeholders_are_stable_and_told() -> None:
    text = f"password = '{CANARY}'; api_key = 'other-canary-55'; again('{CANARY}')"
    found = redact(prompt(text))
    assert (
        found.prompt.messages[0].text
        == "password = '[SECRET-1]'; api_key = '[SECRET-2]'; again('[SECRET-1]')"
    )
    assert [(r.placeholder, r.times) for r in found.replaced] == [("[SECRET-1]", 2), ("[SECRET-2]", 1)]
    assert redact(prompt(text)) == found


@pytest.mark.parametrize(
    "text",
    ["-----BEGIN RSA PRIVATE KEY-----", "-----BEGIN OPENSSH PRIVATE KEY-----", "-----BEGIN PRIVATE KEY-----"],
)
def test_a_private_key_blocks(text: str) -> None:
    with pytest.raises(BackendError, match="private key"):
        redact(prompt("fine"), context=[f'KEY = """{text}\nabc"""'])
