"""Run -> Trace: launch, sandbox, read, replay, query."""

from codeassist.tracing.runner import LocalRunner as LocalRunner
