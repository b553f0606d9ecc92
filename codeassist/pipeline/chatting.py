"""`chat`, in the hall: a conversation over one desk, its turns, and what is kept of it."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from codeassist.pipeline import recording
from codeassist.pipeline.asking import AskOptions, Desk, ask, open_desk
from codeassist.records.answer import Answer, Sentence
from codeassist.records.codec import from_json, to_json
from codeassist.records.conversation import Conversation, Reply, Turn
from codeassist.records.errors import CodeassistError, UsageError
from codeassist.records.found import Found
from codeassist.records.report import TraceView

if TYPE_CHECKING:
    from codeassist.pipeline.answering import Asker
    from codeassist.pipeline.session import Session

FORMAT, VERSION = "codeassist/conversation", 1
LARGEST = 64 << 20
"""bytes of a saved conversation that are read"""
_FOLLOW_UPS = ("why", "why?", "how so", "how come", "why is that", "how did that happen", "为什么", "为何")
"""questions about the answer before"""


@dataclass(slots=True)
class Chat:
    """One conversation: the desk with its evidence, and the turns so far."""

    desk: Desk
    talk: Conversation
    changed: bool = False
    """since it was last saved"""
    _asker: Asker | None = field(default=None)

    def ask(self, question: str) -> Reply:
        """The answer to one more question; it becomes a turn."""
        meant = self.meant(question)
        found, answer = ask(meant, self.desk, self.talk.turns, task="chat")
        found = replace(found, question=question)
        self.keep(Turn(question, answer, reply=found))
        return found

    def keep(self, turn: Turn) -> None:
        """Add a turn."""
        self.talk = replace(self.talk, turns=(*self.talk.turns, turn))
        self.changed = True

    def meant(self, question: str) -> str:
        """A question that only makes sense after the one before, spelled out: `why?`, `and high?`."""
        text = " ".join(question.split()).rstrip(" ?？.")
        last = self.talk.turns[-1].reply if self.talk.turns else None
        if last is None:
            return question
        if text.lower() in _FOLLOW_UPS and last.matches:
            match = last.matches[0]
            return f"why {match.name} at step {match.step}" if _is_name(match.name) else "why result"
        lead, _, name = text.rpartition(" ")
        if (
            lead.lower() in ("and", "and for", "what about", "how about")
            and name in self.desk.known().variables
        ):
            changed = _swapped(self.talk.turns[-1].question, name, self.desk)
            return changed or question
        return question

    def rate(self, word: str) -> str:
        """Keep that the last answer was better or worse than hoped; the line that says where."""
        if not self.talk.turns:
            raise UsageError("nothing was answered yet")
        last = replace(self.talk.turns[-1], preference=word)
        self.talk = replace(self.talk, turns=(*self.talk.turns[:-1], last))
        self.changed = True
        return prefer(self.talk.target, last)

    def save(self, path: str) -> str:
        """Write the conversation; the line that says so."""
        write(self.talk, path)
        self.changed = False
        return f"{path}: {len(self.talk.turns)} turns"

    def view(self) -> TraceView:
        """The run that questions are about."""
        return recording.view(self.desk.trace(), self.desk.opened)

    def why(self, step: str) -> Found:
        """Where what a step stored was born."""
        from codeassist.pipeline.asking import query

        if not step.isdecimal():
            raise UsageError("/why needs the number of a step", hint="/trace shows them")
        trace = self.desk.trace()
        at = query(trace, self.desk, f"at step {step}").matches
        reader = trace.reader
        if reader is None or not at:
            raise UsageError(f"no step {step}")
        event = next(iter(reader.events(int(step), int(step) + 1)))
        names = [change.target for change in event.changes]
        if not names:
            return query(trace, self.desk, f"at step {step}")
        return query(trace, self.desk, f"why {names[-1]} at step {step}")

    def source(self, name: str) -> tuple[str, int, tuple[str, ...]]:
        """Path, first line and lines of a function."""
        from codeassist import parsing

        module, function = self.desk.module, self.desk.function
        if module is None:
            raise UsageError("a saved trace has no functions to show", hint="/trace shows the run")
        if name:
            function = parsing.find(module, name)
        if function is None:
            raise UsageError("/show needs the name of a function")
        span = function.span
        return module.source.path, span.line, module.source.lines[span.line - 1 : span.end_line]

    def model(self, words: str) -> str:
        """Which model is asked; with words (`offline`, `openai gpt-5-mini`, `local FOLDER`) another one."""
        from codeassist.pipeline.answering import asker
        from codeassist.settings import chosen

        if words:
            backend, _, model = words.partition(" ")
            settings = chosen(self.desk.opened.settings, backend=backend, model=model.strip())
            before = self.desk.opened.settings
            self.desk.opened.settings = settings
            try:
                made = asker(self.desk.opened)
                problem = made.backend.available()
                if problem:
                    raise UsageError(problem)
            except CodeassistError:
                self.desk.opened.settings = before
                raise
            self.desk.use(made)
        settings = self.desk.opened.settings
        return " ".join(filter(None, (settings["backend"], settings["model"])))


def _is_name(text: str) -> bool:
    head = text.partition("[")[0].partition(".")[0]
    return head.isidentifier() and text not in ("return", "yield", "test", "arguments", "variables", "depth")


def _swapped(question: str, name: str, desk: Desk) -> str:
    """The question before, about another variable, where it was about one alone."""
    import re

    used = [v for v in sorted(desk.known().variables) if re.search(rf"\b{re.escape(v)}\b", question)]
    return re.sub(rf"\b{re.escape(used[0])}\b", name, question) if len(used) == 1 else ""


def begin(text: str, opened: Session, options: AskOptions, resume: str = "") -> Chat:
    """A new conversation about `text`, or a saved one gone on with."""
    talk = read(resume) if resume else Conversation(text, call=options.call)
    if resume and not options.call and talk.call:
        options = replace(options, call=talk.call)
    desk = open_desk(text or talk.target, opened, options)
    return Chat(desk, replace(talk, target=text or talk.target, call=options.call))


def is_saved_chat(path: str) -> bool:
    """Whether the file at `path` is a conversation that was saved."""
    try:
        with open(path, "rb") as file:
            return f'"{FORMAT}"'.encode() in file.read(100)
    except (OSError, ValueError):
        return False


def write(talk: Conversation, path: str) -> None:
    """Save a conversation, readable by its owner only. Raises UsageError."""
    from tempfile import mkstemp

    document = {"format": FORMAT, "version": VERSION, "conversation": to_json(talk)}
    target = Path(path)
    try:
        handle, name = mkstemp(dir=target.parent, prefix=f".{target.name}.")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(document, file, ensure_ascii=True)
        os.replace(name, target)
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}") from None


def read(path: str) -> Conversation:
    """A saved conversation. Raises UsageError for anything else."""
    try:
        if os.path.getsize(path) > LARGEST:
            raise UsageError(f"{path} is too large for a conversation")
        document = json.loads(Path(path).read_text(encoding="utf-8"))
        if document["format"] != FORMAT:
            raise ValueError("another format")
        found = from_json(document["conversation"])
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from None
    except (ValueError, TypeError, KeyError, RecursionError, AttributeError):
        raise UsageError(f"{path} is no saved conversation", hint="/save FILE writes one") from None
    if not isinstance(found, Conversation) or not all(isinstance(t, Turn) for t in found.turns):
        raise UsageError(f"{path} is no saved conversation", hint="/save FILE writes one")
    return found


def preferences_file() -> Path:
    """Where preferences are kept for a later alignment: JSON lines, the user's own."""
    import platformdirs

    return Path(platformdirs.user_data_dir("codeassist")) / "preferences.jsonl"


def prefer(target: str, turn: Turn) -> str:
    """Append one preference; the line that says where. Raises UsageError."""
    path = preferences_file()
    row = {
        "target": target,
        "prompt": turn.question,
        "answer": turn.reply.text if turn.reply else turn.answer.summary.text,
        "preference": turn.preference,
        "backend": turn.answer.backend,
        "model": turn.answer.model,
    }
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "a", encoding="utf-8") as file:
            file.write(json.dumps(row, ensure_ascii=True) + "\n")
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}") from None
    return f"kept as {turn.preference} in {path}"


def empty() -> Answer:
    """An answer that says nothing."""
    return Answer(Sentence(""), (), (), ())
