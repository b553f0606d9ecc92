"""Functions + evidence + baseline -> Prompt; templates are data in prompts/."""

from codeassist.prompting.build import build

__all__ = ["build"]
