"""codeassist: explanations of algorithm code that are checked against execution."""

__version__ = "0.1.0"
