"""Names that every file of a language has without an import: the common ones, as words."""

from __future__ import annotations

JS = frozenset(
    """
    Array ArrayBuffer BigInt Boolean Buffer DataView Date Error Float64Array Function Int32Array
    Intl JSON Map Math Number Object Promise Proxy RangeError Reflect RegExp Set String Symbol
    SyntaxError TypeError URL URLSearchParams Uint8Array WeakMap WeakSet clearInterval clearTimeout
    console decodeURI decodeURIComponent document encodeURI encodeURIComponent eval fetch globalThis
    isFinite isNaN parseFloat parseInt process queueMicrotask require setImmediate setInterval
    setTimeout structuredClone window
    """.split()
)

GO = frozenset(
    """
    append cap clear close complex copy delete imag len make max min new panic print println real
    recover
    """.split()
)

C = frozenset(
    """
    abort abs assert atof atoi calloc exit fclose fgets fopen fprintf fputs fread free fwrite malloc
    memcmp memcpy memmove memset printf putchar puts qsort realloc scanf snprintf sprintf sscanf
    strcat strchr strcmp strcpy strdup strlen strncmp strncpy strstr strtol
    """.split()
)

RUST = frozenset(
    """
    Box Err HashMap Ok Some String Vec assert assert_eq assert_ne concat dbg debug_assert env eprint
    eprintln format include_str matches panic print println stringify todo unimplemented unreachable
    vec write writeln
    """.split()
)

RUBY = frozenset(
    """
    attr_accessor attr_reader attr_writer extend format include lambda loop p print private proc
    protected public puts raise rand require require_relative sleep sprintf
    """.split()
)

KOTLIN = frozenset(
    """
    TODO arrayOf check error listOf mapOf mutableListOf mutableMapOf print println require setOf
    """.split()
)

SWIFT = frozenset(
    """
    Array Double Int String abs assert fatalError max min precondition print stride zip
    """.split()
)

BASH = frozenset(
    """
    awk cat cd cp declare echo eval exec exit export grep local ls mkdir mv printf pwd read return
    rm sed set shift source test trap unset
    """.split()
)

JAVA = frozenset(
    """
    Arrays Boolean Character Double Integer Long Math Object Objects String System Thread
    """.split()
)

CS = frozenset(
    """
    Array Console Convert Environment Math String nameof
    """.split()
)

PHP = frozenset(
    """
    array_filter array_map array_merge count explode implode in_array is_array is_string isset
    json_decode json_encode printf sprintf str_replace strlen strpos substr var_dump
    """.split()
)
