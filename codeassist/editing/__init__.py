"""Notes -> source, losslessly (libcst finds the places; lines are only put in or taken out)."""

from codeassist.editing.choosing import DEFAULT, KINDS, notes
from codeassist.editing.notes import MARK, Docstring, Note
from codeassist.editing.writing import bare, decode, encode, write

__all__ = ["DEFAULT", "KINDS", "MARK", "Docstring", "Note", "bare", "decode", "encode", "notes", "write"]
