"""What names say: a table from parameter names to shapes, the first pattern that matches decides."""

from __future__ import annotations

import re

from codeassist.inputs import shapes
from codeassist.inputs.shapes import Shape, literal

TABLE: tuple[tuple[str, tuple[Shape, ...]], ...] = (
    (
        r"adj(acency)?_?(list|dict|map)? graph g G network tree_map neighbou?rs",
        (
            shapes.GRAPH,
            shapes.ADJACENCY,
            shapes.WEIGHTED,
        ),
    ),
    (
        r"edges edge_list connections roads prerequisites links",
        (
            shapes.EDGES,
            shapes.WEIGHTED_EDGES,
        ),
    ),
    (
        r"matrix grid board maze image table mat m1 m2 rows triangle A B dist cost_matrix picture",
        (shapes.MATRIX,),
    ),
    (
        r"intervals?_?(list)? points pairs coordinates segments jobs activities meetings ranges",
        (shapes.PAIRS,),
    ),
    (
        r"point p1 p2 position pos origin coord interval",
        (Shape("tuple", (shapes.INT, shapes.INT)),),
    ),
    (
        r"words strings strs names dictionary word_list wordlist tokens texts lines dictionaries "
        r"sentences keys",
        (shapes.STRS,),
    ),
    (
        r"chars letters symbols",
        (
            shapes.CHARS,
            shapes.STR,
        ),
    ),
    (
        r"lst list_?\w* l1 l2 arr\w* array\w* nums?_?list numbers nums\d? a_?list seq\w* "
        r"sequence\w* items elements elems data values?_list values vals xs ys weights prices "
        r"heights costs coins profits stack queue heap collection iterable it iterables? scores "
        r"sizes denominations candidates profit wt price vector\d? v1 v2 vec samples population "
        r"vals a b stones piles ratings distances digits_list unsorted my_list input_list s1_list",
        (
            shapes.INTS,
            shapes.STR,
        ),
    ),
    (
        r"head node l list_head first_node curr current",
        (
            Shape("instance", note="next"),
            shapes.INT,
        ),
    ),
    (
        r"root tree t1 t2 subtree bst",
        (
            Shape("instance", note="tree"),
            shapes.INT,
        ),
    ),
    (
        r"func function fn f callback predicate pred key cmp compare comparator key_func op "
        r"operation transform mapper reducer condition test",
        (Shape("callable"),),
    ),
    (r"roman\w*", (literal("'XIV'"),)),
    (
        r"expr expression formula equation infix rpn postfix",
        (
            literal("'3 + 4 * 2'"),
            Shape("list", (literal("'3'"),)),
        ),
    ),
    (r"parens? parentheses brackets parenthesis", (literal("'([]{})'"),)),
    (
        r"bin binary bits bin_str\w* binary_\w+ bitstring bit_string",
        (
            literal("'1011'"),
            literal("11"),
        ),
    ),
    (r"hex\w*", (literal("'1A3'"),)),
    (r"url uri link", (literal("'https://example.org/a?b=1'"),)),
    (r"email", (literal("'ann@example.org'"),)),
    (r"ip ip_address address", (literal("'192.168.0.1'"),)),
    (r"date day_string", (literal("'2024-03-15'"),)),
    (r"isbn card card_number credit_card", (literal("'4539578763621486'"),)),
    (
        r"digits num_str number_string digit_string",
        (
            literal("'2563'"),
            shapes.INTS,
        ),
    ),
    (
        r"s t s\d t\d str\d? string\w* text\w* word\w* sentence message msg phrase name paragraph "
        r"line input_string input_str plaintext ciphertext plain cipher encoded source_string "
        r"str_?\w* a_string haystack path title line dna rna password code content letter "
        r"first_string second_string",
        (
            shapes.STR,
            shapes.INTS,
        ),
    ),
    (
        r"pattern pat needle sub substring sub_string substr suffix prefix",
        (
            Shape("str", note="part"),
            shapes.INTS,
        ),
    ),
    (
        r"char ch c sep separator delimiter symbol letter",
        (
            Shape("str", note="char"),
            shapes.INT,
        ),
    ),
    (
        r"d dic dict\w* mapping counts?_?map freq\w* table hash_?map lookup inventory record "
        r"config params env",
        (
            shapes.MAPPING,
            shapes.INTS,
        ),
    ),
    (
        r"set\w* visited seen used excluded allowed universe",
        (
            shapes.SET,
            shapes.INTS,
        ),
    ),
    (
        r"flag reverse ascending descending verbose strict inclusive sort sorted directed is_\w+ "
        r"has_\w+ use_\w+ ignore_\w+ case_sensitive",
        (shapes.BOOL,),
    ),
    (
        r"target\w* query x elem element item value val key search_\w+ needle to_find goal total "
        r"amount capacity target_sum sum_",
        (
            Shape("int", note="element"),
            shapes.STR,
            Shape("str", note="element"),
        ),
    ),
    (
        r"low lo left l start\w* begin first i from_\w* lower min_index start_index p q_low",
        (
            Shape("int", note="first"),
            Shape("int", note="label"),
        ),
    ),
    (
        r"high hi right r end\w* last upper stop j to_\w* max_index end_index",
        (
            Shape("int", note="last"),
            Shape("int", note="label"),
        ),
    ),
    (
        r"src source s_node sink dest\w* vertex v u node\w* origin_node start_node end_node "
        r"start_vertex",
        (
            Shape("int", note="label"),
            shapes.INT,
        ),
    ),
    (
        r"rate prob\w* alpha beta eps\w* tol\w* precision temperature radius mean sigma lat\w* "
        r"lon\w* angle theta x0 x1 dx speed mass weight_?f ratio factor width length height",
        (
            shapes.FLOAT,
            shapes.INT,
        ),
    ),
    (
        r"n m k num\w* number\w* size count length len\w* limit max\w* min\w* depth level year "
        r"month day base exp\w* power mod\w* index idx pos row\w* col\w* r c w h w_?\w* digit "
        r"steps? times seed width height order degree rank a b x y z p q e d shift offset position "
        r"modulus divisor bit steps window\w*",
        (
            shapes.INT,
            shapes.INTS,
            shapes.STR,
        ),
    ),
)
"""(patterns of names, shapes): the likeliest shape first"""
_COMPILED = tuple(
    (re.compile(f"(?:{'|'.join(patterns.split())})" + r"\d?"), found) for patterns, found in TABLE
)


def from_name(name: str) -> list[Shape]:
    """Shapes for a parameter of this name, the likeliest first."""
    plain = name.strip("_")
    result: list[Shape] = []
    for pattern, found in _COMPILED:
        if pattern.fullmatch(plain) or pattern.fullmatch(plain.lower()):
            result.extend(found)
    return list(dict.fromkeys(result)) or _by_ending(plain.lower())


def _by_ending(name: str) -> list[Shape]:
    """A name of several words means what its last word means; a plural means a list."""
    if "_" in name:
        return from_name(name.rsplit("_", 1)[1])
    return [shapes.INTS, shapes.STRS] if name.endswith("s") and len(name) > 3 else []
