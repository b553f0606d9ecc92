"""Run -> Trace: launch, sandbox, read, replay, query."""

from codeassist.tracing.runner import LocalRunner as LocalRunner
from codeassist.tracing.store import read as read
from codeassist.tracing.store import save as save
