"""Run -> Trace: launch, sandbox, read, replay, query."""
