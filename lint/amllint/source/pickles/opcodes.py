"""The opcodes of pickles, protocols 0 to 5: what follows each, and what it does."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple, TypeAlias

Argument: TypeAlias = Literal["none", "number", "text", "bytes", "line", "lines", "skip"]
"""What follows an opcode: a number of `width` bytes, text or bytes behind their length in
`width` bytes, one line or two, or `width` bytes without interest."""


class Opcode(NamedTuple):
    """An opcode: what follows it, and the name of what the machine does then."""

    argument: Argument
    width: int
    action: str


def _table() -> dict[int, Opcode]:
    rows: list[tuple[str, Argument, int, str]] = [
        *((code, "none", 0, action) for code, action in _PLAIN.items()),
        *((code, "number", width, action) for code, (width, action) in _NUMBERS.items()),
        *((code, "text", width, "push") for code, width in _TEXTS.items()),
        *((code, "bytes", width, "push") for code, width in _BYTES.items()),
        *((code, "line", 0, action) for code, action in _LINES.items()),
        *((code, "skip", width, action) for code, (width, action) in _SKIPPED.items()),
        ("c", "lines", 0, "global_"),
        ("i", "lines", 0, "instance"),
    ]
    return {ord(code): Opcode(argument, width, action) for code, argument, width, action in rows}


_PLAIN: Final = {
    "(": "mark",
    ".": "stop",
    "0": "pop",
    "1": "pop_mark",
    "2": "duplicate",
    "N": "push_none",
    "Q": "persistent",
    "R": "reduce",
    "a": "append",
    "b": "build",
    "d": "dict_",
    "}": "empty_dict",
    "e": "appends",
    "l": "list_",
    "]": "empty_list",
    "o": "object_",
    "s": "set_item",
    "t": "tuple_",
    ")": "empty_tuple",
    "u": "set_items",
    "\x81": "reduce",
    "\x85": "tuple_1",
    "\x86": "tuple_2",
    "\x87": "tuple_3",
    "\x88": "push_true",
    "\x89": "push_false",
    "\x8f": "empty_list",
    "\x90": "appends",
    "\x91": "list_",
    "\x92": "reduce_with_names",
    "\x93": "stack_global",
    "\x94": "memoize",
    "\x97": "push_opaque",
    "\x98": "nothing",
}
_NUMBERS: Final = {
    "J": (-4, "push"),
    "K": (1, "push"),
    "M": (2, "push"),
    "h": (1, "get"),
    "j": (4, "get"),
    "q": (1, "put"),
    "r": (4, "put"),
}
_TEXTS: Final = {"X": 4, "\x8c": 1, "\x8d": 8, "U": 1, "T": 4}
"""The last two are the strings of Python 2, which names are written in too."""
_BYTES: Final = {"B": 4, "C": 1, "\x8e": 8, "\x96": 8, "\x8a": 1, "\x8b": 4}
"""The last two are whole numbers of any length."""
_LINES: Final = {
    "F": "opaque_line",
    "I": "number_line",
    "L": "number_line",
    "S": "text_line",
    "V": "text_line",
    "P": "opaque_line",
    "g": "get_line",
    "p": "put_line",
}
_SKIPPED: Final = {
    "G": (8, "push_opaque"),
    "\x80": (1, "nothing"),
    "\x95": (8, "nothing"),
    "\x82": (1, "push_opaque"),
    "\x83": (2, "push_opaque"),
    "\x84": (4, "push_opaque"),
}

TABLE: Final = _table()
LONGS: Final = frozenset({0x8A, 0x8B})
"""The opcodes of whole numbers of any length."""
