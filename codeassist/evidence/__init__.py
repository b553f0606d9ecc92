"""Traces -> Evidence: counts, complexity, invariants, edge cases."""
