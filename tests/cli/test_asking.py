"""`ask` and `chat` as a user types them, offline and with a model; chat also through a pseudo-terminal."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.support.command import codeassist
from tests.support.model_server import EMPTY, FAULTS, Exchange, answering, serving

QUICK = '''def partition(xs, lo, hi):
    pivot = xs[hi]
    i = lo
    for j in range(lo, hi):
        if xs[j] < pivot:
            xs[i], xs[j] = xs[j], xs[i]
            i += 1
    xs[i], xs[hi] = xs[hi], xs[i]
    return i


def quick_sort(xs, lo=0, hi=None):
    """Sort in place.

    >>> quick_sort([3, 1, 2])
    [1, 2, 3]
    """
    if hi is None:
        hi = len(xs) - 1
    if lo < hi:
        p = partition(xs, lo, hi)
        quick_sort(xs, lo, p - 1)
        quick_sort(xs, p + 1, hi)
    return xs


def find(d, key):
    if key not in d:
        raise KeyError(key)
    return d[key]
'''
SEARCH = str(Path(__file__).resolve().parent.parent.parent / "examples" / "binary_search.py")


@pytest.fixture
def quick(tmp_path: Path) -> str:
    path = tmp_path / "quick.py"
    path.write_text(QUICK)
    return str(path)


def ask(target: str, question: str, *more: str) -> Any:
    done = codeassist("ask", target, question, "--format", "json", "--budget", "2", *more)
    assert done.status == 0, done.err
    return done.json


def said(found: Any) -> list[str]:
    return [sentence["text"] for sentence in found["sentences"]]


@pytest.mark.parametrize("question", ["what is the weather?", "should I rewrite this in Rust?", "hm"])
def test_what_the_evidence_cannot_say_is_said_so(quick: str, question: str) -> None:
    found = ask(quick, question)
    assert found["answered"] is False
    assert not [s for s in found["sentences"] if s["status"] == "verified"]
    assert "cannot answer" in said(found)[0]


@pytest.mark.parametrize(
    ("question", "part"),
    [
        ("why is the result [9]?", "no recorded run gives [9]"),
        ("why is i 77?", "never 77"),
        ("who calls nothing_here?", "no function nothing_here"),
    ],
)
def test_a_false_premise_is_named(quick: str, question: str, part: str) -> None:
    found = ask(f"{quick}::partition" if "i 77" in question else quick, question)
    assert found["answered"] is False
    assert part in said(found)[0]


@pytest.mark.parametrize(
    ("target", "question", "expected"),
    [
        (SEARCH, "when does low exceed high?",
         "low > high first holds after step 11, at line 20: low = 2 and high = 1."),
        (SEARCH, "does mid ever exceed 10?", "No: mid > 10 never holds in this run."),
        (SEARCH, "why is the result -1?", "Line 21 (return -1) returns -1."),
        (SEARCH, "what does binary_search([7], 7) return?", "binary_search([7], 7) gives 0."),
        (SEARCH, "does it change xs?", "binary_search leaves xs as it is in this run."),
        ("quick", "who calls partition?", "In this run it does so once, from quick_sort."),
        ("quick", "how deep does the recursion go?", "The recursion of quick_sort is 2 calls deep."),
        ("quick", "why does find raise KeyError?", "Line 29 (raise KeyError(key)) raised KeyError."),
        ("quick", "how many times does line 5 run?", "Line 5 runs 5 times in this run."),
    ],
)  # fmt: skip
def test_answers_are_checked(quick: str, target: str, question: str, expected: str) -> None:
    found = ask(quick if target == "quick" else target, question)
    sentence = next((s for s in found["sentences"] if s["text"] == expected), None)
    assert sentence is not None, said(found)
    assert sentence["status"] == "verified"
    verdicts = {claim["id"]: claim["verdict"]["status"] for claim in found["claims"]}
    assert {verdicts[id] for id in sentence["claims"]} == {"verified"}


def test_callers_without_a_run(quick: str) -> None:
    assert "quick.quick_sort calls partition at line 21." in said(ask(quick, "who calls partition?"))


def test_the_run_that_is_asked_about_can_be_chosen() -> None:
    found = ask(SEARCH, "why is the result 1?", "--call", "binary_search([1, 2, 3], 2)")
    assert said(found)[0] == "Line 16 (return mid) returns 1."
    assert "binary_search([1, 2, 3], 2)" in found["run"]


def test_chinese() -> None:
    found = ask(SEARCH, "low 什么时候超过 high？", "--lang", "zh-CN")
    assert said(found)[0].startswith("low > high 在第 11 步")


@pytest.mark.parametrize(
    ("words", "part"),
    [(("nowhere.py", "why result"), "no such file"), ((SEARCH, "  "), "empty question"),
     ((SEARCH, "why nobody"), "nobody"), ((SEARCH, "why result", "--call", "nope()"), "nope")],
)  # fmt: skip
def test_bad_input_is_one_line(words: tuple[str, ...], part: str) -> None:
    done = codeassist("ask", *words)
    assert done.status == 2
    assert part in done.err
    assert len(done.err.splitlines()) == 1


# --- with a model -------------------------------------------------------------------------------------


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("OPENAI_API_KEY", "test-key-1234")

    def run(url: str, question: str, *more: str) -> Any:
        monkeypatch.setenv("OPENAI_BASE_URL", url)
        words = (SEARCH, question, "--backend", "openai", "--format", "json", "--budget", "2", *more)
        return codeassist("ask", *words)

    return run


def speaking(*sentences: tuple[str, list[str]], claims: list[Any] | None = None) -> Any:
    told = [{"text": text, "claims": ids} for text, ids in sentences]
    return {**EMPTY, "sections": [{"id": "answer", "sentences": told}], "claims": claims or []}


RETURNS = {"id": "m1", "kind": "returns", "func": "binary_search", "value": "-1"}


def test_a_model_answers_what_no_wording_fits(model: Any) -> None:
    document = speaking(("It returns {m1.value}.", ["m1"]), claims=[RETURNS])
    with serving(answering(document)) as (url, seen):
        done = model(url, "in one word, how does it end?")
    assert done.status == 0
    assert said(done.json)[0] == "It returns -1."
    assert done.json["answered"] is True
    assert "in one word, how does it end?" in seen.documents[0]["messages"][-1]["content"]


def test_what_holds_of_a_models_answer_is_taken_and_a_lie_is_not(model: Any) -> None:
    lie = {"id": "m2", "kind": "returns", "func": "binary_search", "value": "4"}
    document = speaking(
        ("It returns {m1.value}.", ["m1"]), ("It returns {m2.value}.", ["m2"]),
        ("It sorts the list.", ["m1"]),
        claims=[RETURNS, lie],
    )  # fmt: skip
    with serving(answering(document)) as (url, _):
        done = model(url, "why is the result -1?")
    texts = said(done.json)
    assert texts[0] == "It returns -1."
    assert "Line 21 (return -1) returns -1." in texts, "the evidence's own answer stays"
    assert not any("4" in text.split(":")[0].replace("14", "") for text in texts if text.startswith("It"))
    shown = [s for s in done.json["sentences"] if s["status"] != "opinion"]
    assert not any("sorts" in s["text"] for s in shown)


def test_a_fault_leaves_the_local_answer_and_status_3(model: Any) -> None:
    with serving(FAULTS["401"]) as (url, _):
        done = model(url, "why is the result -1?")
    assert done.status == 3
    assert said(done.json)[0] == "Line 21 (return -1) returns -1."
    assert len([line for line in done.err.splitlines() if "openai" in line]) == 1


def test_a_dry_run_sends_nothing(model: Any) -> None:
    with serving(answering(EMPTY)) as (url, seen):
        done = model(url, "why is the result -1?", "--dry-run")
    assert seen.requests == []
    assert "why is the result -1?" in json.loads(done.out)["messages"][-1]["content"]


# --- chat -----------------------------------------------------------------------------------------------


def test_a_conversation_by_lines(quick: str, tmp_path: Path) -> None:
    saved = tmp_path / "talk.json"
    lines = ["when does i change?", "why?", "/show partition", "/better", f"/save {saved}", "/nope", "/model",
             "/history", "what is the weather?", "/why 99999", "/quit", "never read"]  # fmt: skip
    done = codeassist("chat", f"{quick}::partition", "--budget", "2", stdin="\n".join(lines).encode())
    assert done.status == 0, done.err
    for part in ("i gets a new value", "pivot = xs[hi]", "kept as better", "2 turns", "no command /nope",
                 "offline", "1 when does i change?", "cannot answer", "no step 99999"):  # fmt: skip
        assert part in done.out, part
    assert "> " not in done.out, "no prompt without a terminal"
    again = codeassist("chat", str(saved), "--budget", "2", stdin=b"/history\n")
    assert "1 when does i change?" in again.out
    assert "(better)" in again.out


def test_preferences_are_kept_for_later(quick: str) -> None:
    from codeassist.pipeline.chatting import preferences_file

    codeassist("chat", f"{quick}::partition", "--budget", "2", stdin=b"when does i change?\n/worse\n")
    (row,) = [json.loads(line) for line in preferences_file().read_text().splitlines()]
    assert (row["prompt"], row["preference"]) == ("when does i change?", "worse")
    assert preferences_file().stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "text",
    ["{}", "[]", "nonsense", '{"format": "codeassist/conversation", "conversation": 3}',
     '{"format": "codeassist/conversation", "conversation": {"record": "Claim", "fields": {}}}'],
)  # fmt: skip
def test_a_broken_conversation_is_one_line(text: str, tmp_path: Path) -> None:
    path = tmp_path / "talk.json"
    path.write_text(text)
    done = codeassist("chat", SEARCH, "--resume", str(path))
    assert (done.status, len(done.err.splitlines())) == (2, 1)
    assert "conversation" in done.err


def test_a_model_is_told_of_earlier_turns_within_its_budget(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "test-key-1234")
    questions = ["why is the result -1?", "and " + "x" * 3900, "or " + "y" * 300, "how does it end?"]
    with serving(answering(EMPTY)) as (url, seen):
        monkeypatch.setenv("OPENAI_BASE_URL", url)
        words = ("chat", SEARCH, "--backend", "openai", "--budget", "2")
        codeassist(*words, stdin="\n".join(questions).encode())
    last = seen.documents[-1]["messages"][-1]["content"]
    assert "Q: and xxx" in last
    assert "Q: why is the result -1?" not in last, "the oldest goes first"
    first = seen.documents[1]["messages"][-1]["content"]
    assert "Q: why is the result -1?" in first


class Terminal:
    """A command on a pseudo-terminal."""

    def __init__(self, *words: str) -> None:
        self.pid, self.handle = pty.fork()
        if self.pid == 0:  # pragma: no cover
            os.environ["TERM"] = "xterm"
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # ignored below a shell's background job
            os.execv(sys.executable, [sys.executable, "-m", "codeassist", *words])
        self.seen = ""

    def until(self, text: str, seconds: float = 60.0) -> str:
        """What was shown up to `text`, which is then behind us."""
        end = time.monotonic() + seconds
        while text not in self.seen:
            assert time.monotonic() < end, f"no {text!r} in {self.seen[-600:]!r}"
            if select.select([self.handle], [], [], 0.2)[0]:
                try:
                    self.seen += os.read(self.handle, 65536).decode("utf-8", "replace")
                except OSError:
                    break
        before, _, self.seen = self.seen.partition(text)
        return before

    def type(self, text: str) -> None:
        os.write(self.handle, text.encode())

    def end(self) -> int:
        _, status = os.waitpid(self.pid, 0)
        return os.waitstatus_to_exitcode(status)


def test_a_conversation_on_a_terminal() -> None:
    terminal = Terminal("chat", SEARCH, "--budget", "2", "--color", "never")
    terminal.until("> ")
    terminal.type("when does low exceed hihg\x7f\x7fgh?\n")  # edited on the line
    assert "low > high first holds" in terminal.until("run: ")
    terminal.until("> ")
    terminal.type("\x1b[A\n")  # arrow up: the same again
    assert "first holds after step 11" in terminal.until("run: ")
    terminal.until("> ")
    terminal.type("half a question")
    terminal.until("question")  # a signal before the line editor waits for keys is seen at the next key only
    terminal.type("\x03")  # Ctrl-C drops the line
    terminal.until("> ")
    terminal.type("/he\t\n")  # completion
    terminal.until("/better")
    terminal.until("> ")
    terminal.type("\x04")
    assert terminal.end() == 0


def test_help_stays_light() -> None:
    script = (
        "import sys, codeassist.cli.main as m\n"
        "try: m.main(['chat', '--help'])\nexcept SystemExit: pass\n"
        "print([n for n in ('readline', 'torch', 'openai', 'codeassist.replying') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert re.search(r"\[\]\s*$", done.stdout), done.stdout[-200:]


def lying(exchange: Exchange) -> Any:
    return speaking(("It is proved correct.", []), ("The result is the largest item.", ["a1"]))


def test_a_lying_model_changes_no_answer(model: Any) -> None:
    with serving(answering(lying)) as (url, _):
        done = model(url, "why is the result -1?")
    shown = [s["text"] for s in done.json["sentences"] if s["status"] != "opinion"]
    assert shown == said(ask(SEARCH, "why is the result -1?"))
