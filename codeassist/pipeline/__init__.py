"""The hall: the only place where rooms meet. Records in, records out, no cleverness.

source -> facts -> call graph -> runs -> traces -> evidence -> baseline -> prompt -> answer ->
claims -> verdicts -> report
"""

from codeassist.pipeline.session import ExplainOptions, Progress, Session, session

__all__ = ["ExplainOptions", "Progress", "Session", "session"]
