"""Statements of a syntax tree: blocks flattened, headers and tests as a reader sees them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from codeassist.parsing.trees.spans import span_of, text_of
from codeassist.records.program import Statement

_WRAPPERS = frozenset(
    """block statement_block compound_statement statement_list body_statement then else else_clause do
    do_block switch_body switch_block switch_case switch_default case_statement expression_case default_case
    communication_case type_case match_block match_arm switch_section case_clause when function_body
    control_structure_body statements block_body program source_file compilation_unit translation_unit
    switch_block_statement_group switch_rule default_statement when_entry switch_entry ensure rescue
    expression_statement labeled_statement elseif_clause case_item do_group else_if_clause
    lambda_body finally_clause catch_clause declaration_list class_body""".split()
)
"""nodes that only hold statements"""

_ROLES = ("body", "orelse", "handlers", "finalbody")
_LABELS = frozenset({"value", "pattern", "condition", "left", "name", "parameters", "type"})
_ASSIGNS = ("assignment", "declaration", "let_", "augmented", "update_expression", "inc_", "dec_")


@dataclass(slots=True)
class Shape:
    """One statement as the patterns saw it."""

    kind: str
    node: Any
    test: Any = None
    blocks: dict[str, list[Any]] = field(default_factory=dict)


class Blocks:
    """Collects the statements of all functions of one file."""

    def __init__(self, shapes: Mapping[int, Shape], inner: Mapping[int, str], lines: Sequence[str]) -> None:
        self.shapes = shapes
        self.inner = inner
        """nodes of definitions -> def or class: what they hold is read as a body of its own"""
        self.lines = lines
        self.found: list[Statement] = []

    def read(self, body: Any, function: str) -> None:
        """The statements of one body."""
        if body.type not in _WRAPPERS:  # an expression is the whole body: what it gives is returned
            self._one(body, function, None, "body")
            self.found[-1] = (
                replace(self.found[-1], kind="return") if body.id not in self.shapes else self.found[-1]
            )
            return
        for node in self._flat(body, True):
            self._one(node, function, None, "body")

    def _flat(self, node: Any, force: bool = False) -> Iterator[Any]:
        """The statements that a node stands for: itself, or what it wraps."""
        pending = [(node, force)]
        while pending:
            current, opened = pending.pop()
            if not opened and (current.type not in _WRAPPERS or current.id in self.shapes):
                yield current
                continue
            kept = [
                (child, False)
                for index, child in enumerate(current.children)
                if child.is_named
                and "comment" not in child.type
                and current.field_name_for_child(index) not in _LABELS
            ]
            if not kept and current.is_named and not opened:
                yield current
            pending.extend(reversed(kept))

    def _one(self, node: Any, function: str, parent: int | None, block: str) -> None:
        pending = [(node, parent, block)]
        while pending:
            current, above, role = pending.pop()
            shape = self.shapes.get(current.id)
            index = len(self.found)
            self.found.append(self._statement(current, shape, function, above, role))
            if shape is not None and current.id not in self.inner:
                parts = [
                    (each, index, name)
                    for name in _ROLES
                    for part in self._parts(shape, name)
                    for each in self._flat(part, part.type in _WRAPPERS)
                ]
                pending.extend(reversed(parts))

    def _parts(self, shape: Shape, name: str) -> list[Any]:
        if shape.blocks or shape.kind not in ("if", "for", "while", "match", "try"):
            return shape.blocks.get(name, [])
        # no pattern says where the blocks are: the first is the body, further ones the alternative
        holders = [
            child
            for index, child in enumerate(shape.node.children)
            if child.is_named
            and child != shape.test
            and (child.type in _WRAPPERS or child.id in self.shapes)
            and shape.node.field_name_for_child(index) not in _LABELS
        ]
        if shape.kind == "match":
            return holders if name == "body" else []
        return {"body": holders[:1], "orelse": holders[1:]}.get(name, [])

    def _statement(
        self, node: Any, shape: Shape | None, function: str, parent: int | None, block: str
    ) -> Statement:
        kind = self.inner.get(node.id) or (shape.kind if shape else _simple(node))
        opening = self._opening(node, shape)
        return Statement(
            kind=kind,
            function=function,
            span=span_of(node, self.lines),
            header=span_of(node, self.lines, opening),
            parent=parent,
            block=block,
            test=_bare(text_of(shape.test)) if shape is not None else text_of(node)[:200],
            tests=1 if kind in ("if", "while") else 0,
            is_elif=kind == "if" and block == "orelse",
        )

    def _opening(self, node: Any, shape: Shape | None) -> Any:
        """The first block behind a header."""
        if node.id in self.inner:
            return node.child_by_field_name("body")
        firsts = [part for name in _ROLES for part in (self._parts(shape, name) if shape else ())]
        behind = [part for part in firsts if part.start_byte > node.start_byte]
        return min(behind, key=lambda part: part.start_byte, default=None)


def _simple(node: Any) -> str:
    return "assign" if any(word in node.type for word in _ASSIGNS) else "expr"


def _bare(text: str) -> str:
    """A test without the parentheses that its syntax asks for."""
    text = " ".join(text.split())
    if not (text.startswith("(") and text.endswith(")")):
        return text
    depth = 0
    for index, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if depth == 0:
            return text[1:-1].strip() if index == len(text) - 1 else text
    return text
