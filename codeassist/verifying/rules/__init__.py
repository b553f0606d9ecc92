"""One small file per family of claim; `judge.py` holds the table."""
