"""A run -> questions about what it does next; graded by the trace."""

from codeassist.quizzing.questions import compose

__all__ = ["compose"]
