"""Where templates lie and how they are filled: sandboxed Jinja, a missing name is an error."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from codeassist.records.errors import PromptError


def folder() -> Path:
    """The templates shipped in the wheel, else those at the root of a checkout."""
    package = Path(__file__).resolve().parent.parent
    for place in (package / "prompts", package.parent / "prompts"):
        if place.is_dir():
            return place
    raise PromptError("the prompt templates are missing", hint="install the package again")


def read(name: str, lang: str, override: str = "") -> str:
    """The text of template `name` in `lang` (English where it lacks it); the user's own wins."""
    for place in (Path(override), folder()) if override else (folder(),):
        for language in (lang, "en"):
            path = place / language / f"{name}.md.j2"
            if path.is_file():
                return path.read_text(encoding="utf-8")
    raise PromptError(f"no template {name!r}", hint="prompts/en holds the names")


def digest(*texts: str) -> str:
    """SHA-256 of templates; part of the prompt and of the cache key."""
    total = hashlib.sha256()
    for text in texts:
        total.update(text.encode() + b"\0")
    return total.hexdigest()


def fill(text: str, **values: Any) -> str:
    """`text` with `values`; raises PromptError that names what is missing."""
    import jinja2
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(
        undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    try:
        return environment.from_string(text).render(**values)
    except jinja2.TemplateError as error:
        raise PromptError(f"a template cannot be filled: {error}") from None
