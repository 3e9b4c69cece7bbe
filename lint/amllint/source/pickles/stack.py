"""The stack and the memo of the machine that pickles are written for, holding stand-ins."""

from __future__ import annotations

import re
from typing import Any, Final

from amllint.source.pickles.standins import OPAQUE

_MOST_KEYS: Final = 1024
"""Keys of one dictionary that are kept; the state of an object has some ten."""


class Malformed(ValueError):
    """The bytes are no pickle, or no further."""


class Stack:
    """Values, marks and the memo; a method for each opcode that needs nothing else."""

    def __init__(self) -> None:
        self._stack: list[Any] = []
        self._marks: list[int] = []
        self._memo: dict[int, Any] = {}

    def note(self, key: str, value: str) -> None:
        """A key with a text that an object, or a dictionary, is given."""

    # -- plain values -------------------------------------------------------------------

    def nothing(self) -> None:
        """An opcode that makes nothing."""

    def push(self, value: Any) -> None:
        """A value as it is."""
        self._stack.append(value)

    def push_opaque(self) -> None:
        """A value that is of no interest."""
        self._stack.append(OPAQUE)

    def push_none(self) -> None:
        """None."""
        self._stack.append(None)

    def push_true(self) -> None:
        """True."""
        self._stack.append(True)

    def push_false(self) -> None:
        """False."""
        self._stack.append(False)

    def opaque_line(self, line: bytes | None) -> None:
        """A number with a point, a key of a store: of no interest."""
        self._stack.append(OPAQUE)

    def number_line(self, line: bytes | None) -> None:
        """A whole number, with an `L` behind it in Python 2."""
        digits = (line or b"").rstrip(b"L")
        is_number = re.fullmatch(rb"-?\d{1,19}", digits)
        self._stack.append(int(digits) if is_number else OPAQUE)

    def text_line(self, line: bytes | None) -> None:
        """A text, quoted if it is one of Python 2."""
        self._stack.append(OPAQUE if line is None else text_of(line.strip(b"'\"")))

    # -- the stack and the memo ---------------------------------------------------------

    def mark(self) -> None:
        """Where the parts of what comes begin."""
        self._marks.append(len(self._stack))

    def _to_mark(self) -> list[Any]:
        at = self._marks.pop()
        if at > len(self._stack):
            raise Malformed
        items = self._stack[at:]
        del self._stack[at:]
        return items

    def pop(self) -> None:
        """Drop the last value, or a mark without any."""
        if self._marks and self._marks[-1] == len(self._stack):
            self._marks.pop()
        else:
            self._stack.pop()

    def pop_mark(self) -> None:
        """Drop everything from the last mark on."""
        self._to_mark()

    def duplicate(self) -> None:
        """The last value once more."""
        self._stack.append(self._stack[-1])

    def put(self, number: int) -> None:
        """Remember the last value."""
        self._memo[number] = self._stack[-1]

    def memoize(self) -> None:
        """Remember the last value under the next number."""
        self._memo[len(self._memo)] = self._stack[-1]

    def get(self, number: int) -> None:
        """A value that was remembered."""
        self._stack.append(self._memo[number])

    def put_line(self, line: bytes | None) -> None:
        """`put`, its number in digits."""
        self.put(_number(line))

    def get_line(self, line: bytes | None) -> None:
        """`get`, its number in digits."""
        self.get(_number(line))

    # -- containers ---------------------------------------------------------------------

    def empty_tuple(self) -> None:
        """`()`."""
        self._stack.append(())

    def tuple_(self) -> None:
        """A tuple of all from the last mark on."""
        self._stack.append(tuple(self._to_mark()))

    def tuple_1(self) -> None:
        """A tuple of the last value."""
        self._tuple(1)

    def tuple_2(self) -> None:
        """A tuple of the last two."""
        self._tuple(2)

    def tuple_3(self) -> None:
        """A tuple of the last three."""
        self._tuple(3)

    def _tuple(self, count: int) -> None:
        if len(self._stack) < count:
            raise Malformed
        items = tuple(self._stack[-count:])
        self._stack[-count:] = [items]

    def empty_list(self) -> None:
        """A list or a set: what they hold is of no interest."""
        self._stack.append(OPAQUE)

    def list_(self) -> None:
        """A list or a set of all from the last mark on."""
        self._to_mark()
        self._stack.append(OPAQUE)

    def append(self) -> None:
        """One more item."""
        self._stack.pop()

    def appends(self) -> None:
        """All from the last mark on as items."""
        self._to_mark()

    def empty_dict(self) -> None:
        """`{}`."""
        self._stack.append({})

    def dict_(self) -> None:
        """A dictionary of all from the last mark on."""
        items = self._to_mark()
        self._stack.append({})
        self._set(items)

    def set_item(self) -> None:
        """One more key and its value."""
        value = self._stack.pop()
        self._set([self._stack.pop(), value])

    def set_items(self) -> None:
        """All from the last mark on as keys and values."""
        self._set(self._to_mark())

    def _set(self, items: list[Any]) -> None:
        target = self._stack[-1]
        if not isinstance(target, dict):
            return
        for key, value in zip(items[::2], items[1::2], strict=False):
            if isinstance(key, str) and len(target) < _MOST_KEYS:
                target[key] = value
                if isinstance(value, str):
                    self.note(key, value)


def text_of(data: bytes) -> str:
    """A text, whatever is wrong with it replaced."""
    return data.decode("utf-8", "replace")


def _number(line: bytes | None) -> int:
    if line is None or not re.fullmatch(rb"\d{1,9}", line):
        raise Malformed
    return int(line)
