"""Functions + evidence + baseline -> Prompt; templates are data in prompts/."""

from codeassist.prompting.build import build, repair
from codeassist.prompting.redact import Redacted, Replaced, redact

__all__ = ["Redacted", "Replaced", "build", "redact", "repair"]
