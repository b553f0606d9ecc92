"""Evidence -> the baseline Answer."""

from codeassist.narrating.answer import compose

__all__ = ["compose"]
