"""What can go wrong, said politely: one root, a slug for docs/messages.md, and a hint."""

from __future__ import annotations


class CodeassistError(Exception):
    """Tell the user in one line; anything that is not one of these is a fault of ours.

    `slug` is the anchor in docs/messages.md, `hint` says what the user can do next.
    """

    slug = "error"

    def __init__(self, message: str, *, hint: str = "", slug: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        if slug:
            self.slug = slug

    def __str__(self) -> str:
        return f"{self.message}; {self.hint}" if self.hint else self.message


class UsageError(CodeassistError):
    """Unusable input: exit status 2."""

    slug = "bad-input"


class ParseError(UsageError):
    """A source text from which nothing can be read."""

    slug = "does-not-parse"


class TraceError(CodeassistError):
    """A run could not be started, or its trace cannot be read."""

    slug = "trace"


class ConsentError(CodeassistError):
    """Code would have to run where nothing holds it, and the user has not allowed that."""

    slug = "not-trusted"


class PromptError(CodeassistError):
    """A template or a prompt part is missing or unusable."""

    slug = "prompt"


class BackendError(CodeassistError):
    """The backend that was asked for could not answer: exit status 3."""

    slug = "backend"

    def __init__(self, message: str, *, hint: str = "", slug: str = "", retryable: bool = False) -> None:
        super().__init__(message, hint=hint, slug=slug)
        self.retryable = retryable


class MissingExtra(BackendError):
    """A package that an extra would install is not there."""

    slug = "missing-extra"


class MissingKey(BackendError):
    """A hosted backend was asked for without its key."""

    slug = "missing-key"


class PluginError(CodeassistError):
    """An entry point could not be loaded."""

    slug = "plugin"


class SettingsError(UsageError):
    """A setting has a value that cannot be used, or one that the repository may not choose."""

    slug = "settings"
