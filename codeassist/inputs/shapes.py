"""What an argument can look like: a small recursive description, later written as literal text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shape:
    """`kind` is int float bool str bytes none list tuple set dict pairs matrix graph weighted-graph edges
    callable instance literal any; `parts` are the shapes inside, `note` says which flavour.

    A `literal` is written as its note; an `instance` is built by the class that its note names.
    """

    kind: str
    parts: tuple[Shape, ...] = ()
    note: str = ""


INT, FLOAT, BOOL, STR, BYTES, NONE = (
    Shape(kind) for kind in ("int", "float", "bool", "str", "bytes", "none")
)
ANY = Shape("any")
INTS = Shape("list", (INT,))
FLOATS = Shape("list", (FLOAT,))
STRS = Shape("list", (STR,))
CHARS = Shape("list", (Shape("str", note="char"),))
PAIRS = Shape("list", (Shape("tuple", (INT, INT)),))
MATRIX = Shape("matrix", (INT,))
GRAPH = Shape("graph")
WEIGHTED = Shape("weighted-graph")
EDGES = Shape("edges")
WEIGHTED_EDGES = Shape("edges", note="weighted")
ADJACENCY = Shape("adjacency")
MAPPING = Shape("dict", (STR, INT))
SET = Shape("set", (INT,))


def literal(text: str) -> Shape:
    """A shape with one value, written as `text`."""
    return Shape("literal", note=text)


def is_sequence(shape: Shape) -> bool:
    """Whether its values have a length and positions."""
    return shape.kind in ("list", "tuple", "str", "bytes", "matrix", "adjacency", "edges")
