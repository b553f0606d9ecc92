"""The terminal side of `chat`: lines with editing and history, commands that begin with a slash."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codeassist.cli.text import near, one_line, tell
from codeassist.records.errors import CodeassistError
from codeassist.records.text import inert

if TYPE_CHECKING:
    from codeassist.pipeline.chatting import Chat

HELP = """\
Ask in plain words, or as in `codeassist query`: when does low exceed high? why result? who calls f?
/trace        the run, step by step           /why STEP    where what that step stored came from
/show [FUNC]  the source of a function        /model [NAME [MODEL]]  which model is asked; another one
/history      what was asked so far           /save FILE   keep the conversation; --resume goes on with it
/better       the last answer was good        /worse       it was not
/help         this page                       /quit        leave (or Ctrl-D)"""


@dataclass(frozen=True, slots=True)
class Look:
    """How answers are shown."""

    width: int
    color: bool
    opinions: bool = False
    lang: str = "en"


def talk(chat: Chat, look: Look) -> int:
    """Read questions until the input ends or says /quit; the exit status is 3 where a backend failed."""
    is_there = sys.stdin.isatty() and sys.stdout.isatty()
    if is_there:
        print(f"{inert(chat.talk.target)}: ask, or /help; {len(chat.talk.turns)} turns so far")
    status = 0
    with _editing(chat, is_there):
        for line in lines(is_there):
            if not line.strip():
                continue
            if line.strip().split()[0] in ("/quit", "/exit", "/q"):
                break
            status = _answered(chat, look, line.strip())
    return status


def lines(is_there: bool) -> Iterator[str]:
    """Lines of input; Ctrl-C drops the line, Ctrl-D ends."""
    while True:
        try:
            if is_there:
                yield input("> ")
            else:
                line = sys.stdin.readline()
                if not line:
                    return
                yield line.rstrip("\n")
        except EOFError:
            if is_there:
                print()
            return
        except KeyboardInterrupt:
            if not is_there:
                raise
            print()


def _answered(chat: Chat, look: Look, line: str) -> int:
    """Show the answer to a question, or do what a command says; an error is a line, and one goes on."""
    try:
        if line.startswith("/"):
            _command(chat, look, line)
            return 0
        return _question(chat, look, line)
    except CodeassistError as error:
        print(f"! {one_line(str(error))}", flush=True)
        return 0
    except KeyboardInterrupt:
        print("\ninterrupted; the conversation goes on", flush=True)
        return 0


def _question(chat: Chat, look: Look, line: str) -> int:
    from codeassist.rendering.reply import render_reply

    asker = chat.desk.asker()
    faults = len(asker.faults)
    found = chat.ask(line)
    text = render_reply(
        found, "terminal", width=look.width, color=look.color, opinions=look.opinions, lang=look.lang
    )
    print(text, end="", flush=True)
    new = asker.faults[faults:]
    tell([f"{asker.backend.name}: {fault}" for fault in new])
    asker.faults.clear()  # the next question may well be answered
    return 3 if new else 0


def _command(chat: Chat, look: Look, line: str) -> None:
    word, _, rest = line.partition(" ")
    act = COMMANDS.get(word)
    if act is None:
        print(f"! no command {one_line(word)}; {near(word, COMMANDS)}")
        return
    for piece in act(chat, look, rest.strip()):
        print(piece, end="" if piece.endswith("\n") else "\n")
    sys.stdout.flush()


def _help(chat: Chat, look: Look, rest: str) -> Iterator[str]:
    yield HELP


def _trace(chat: Chat, look: Look, rest: str) -> Iterator[str]:
    from codeassist.rendering.trace_view import render_trace

    yield from render_trace(chat.view(), "terminal", width=look.width, color=look.color)


def _why(chat: Chat, look: Look, rest: str) -> Iterator[str]:
    from codeassist.pipeline.recording import lines as sources
    from codeassist.rendering.trace_found import render_found

    found = chat.why(rest)
    known = sources(match.path for match in found.matches)
    yield from render_found(found, "terminal", known, width=look.width, color=look.color)


def _show(chat: Chat, look: Look, rest: str) -> Iterator[str]:
    path, first, text = chat.source(rest)
    yield inert(path)
    for number, line in enumerate(text, first):
        yield f"{number:5} {inert(line.expandtabs(4))}"


def _model(chat: Chat, look: Look, rest: str) -> Iterator[str]:
    yield chat.model(rest)


def _history(chat: Chat, look: Look, rest: str) -> Iterator[str]:
    for number, turn in enumerate(chat.talk.turns, 1):
        mark = f" ({turn.preference})" if turn.preference else ""
        yield f"{number:3} {inert(turn.question)}{mark}"
        if turn.reply is not None:
            yield f"    {one_line(turn.reply.text, look.width - 4)}"


def _save(chat: Chat, look: Look, rest: str) -> Iterator[str]:
    from codeassist.records.errors import UsageError

    if not rest:
        raise UsageError("/save needs the name of a file")
    yield inert(chat.save(rest))


def _better(chat: Chat, look: Look, rest: str) -> Iterator[str]:
    yield inert(chat.rate("better"))


def _worse(chat: Chat, look: Look, rest: str) -> Iterator[str]:
    yield inert(chat.rate("worse"))


COMMANDS: dict[str, Callable[[Chat, Look, str], Iterator[str]]] = {
    "/help": _help,
    "/trace": _trace,
    "/why": _why,
    "/show": _show,
    "/model": _model,
    "/history": _history,
    "/save": _save,
    "/better": _better,
    "/worse": _worse,
}


@contextlib.contextmanager
def _editing(chat: Chat, is_there: bool) -> Iterator[None]:
    """Line editing, history of this conversation and completion, where the terminal has them."""
    if not is_there:
        yield
        return
    try:
        import readline
    except ImportError:  # Windows: the console edits by itself
        yield
        return
    readline.clear_history()
    readline.set_auto_history(True)
    for turn in chat.talk.turns:
        readline.add_history(" ".join(turn.question.split()))
    words = [*COMMANDS, "/quit", *sorted(chat.desk.known().functions)]

    def complete(text: str, state: int) -> str | None:
        found = [word for word in words if word.startswith(text)]
        return found[state] if state < len(found) else None

    before = readline.get_completer()
    readline.set_completer(complete)
    readline.set_completer_delims(" \t\n()?")
    readline.parse_and_bind("tab: complete")
    try:
        yield
    finally:
        readline.set_completer(before)
