"""Prompt -> Answer. Seam: backends."""
