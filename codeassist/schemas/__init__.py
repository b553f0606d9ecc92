"""JSON schemas of the documents that are read and written."""
