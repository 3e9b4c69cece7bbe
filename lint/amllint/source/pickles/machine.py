"""Follows the opcodes of one pickle with stand-ins for all that it would make.

The machine of `pickle` in outline: names are noted where they are looked up, objects are inert
stand-ins, long texts and raw arrays are stepped over. Raw arrays are joblib's: it writes the
bytes of an array behind the object that describes it, in the middle of the pickle.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from struct import Struct
from typing import Any, Final

from amllint.source.pickles.arrays import payload_of
from amllint.source.pickles.contents import Gathered, Reference
from amllint.source.pickles.opcodes import LONGS, TABLE, Argument
from amllint.source.pickles.reader import Reader, TooMuch
from amllint.source.pickles.stack import Malformed, Stack, text_of
from amllint.source.pickles.standins import OPAQUE, Made

_LONGEST: Final = 512
"""Longer texts are no names, longer numbers no sizes: they are stepped over."""
_VERSION_KEY: Final = re.compile(r"_(\w+)_version")
_NUMBER_OF: Final = {
    width: Struct(f"<{code}").unpack
    for width, code in ((1, "B"), (2, "H"), (4, "I"), (8, "Q"), (-4, "i"))
}


class Machine(Stack):
    """One run over one pickle, up to its STOP.

    `joblib` says that arrays may stand in it as raw bytes.
    """

    def __init__(self, reader: Reader, found: Gathered, joblib: bool = True) -> None:
        super().__init__()
        self._reader = reader
        self._found = found
        self._joblib = joblib
        self._stopped = False

    def run(self) -> None:
        """Read up to STOP. Raises `Malformed`, `Truncated` and `TooMuch`."""
        rows = {code: (*TABLE[code], getattr(self, TABLE[code].action)) for code in TABLE}
        try:
            self._follow(rows)
        except (IndexError, KeyError, AttributeError, UnicodeError) as error:
            raise Malformed from error

    def _follow(self, rows: dict[int, tuple[Argument, int, str, Callable[..., None]]]) -> None:
        """Take one opcode after the other: what costs time is here."""
        byte, take, found = self._reader.byte, self._reader.take, self._found
        while not self._stopped:
            found.steps -= 1
            if found.steps < 0:
                raise TooMuch
            code = byte()
            kind, width, _, action = rows[code]
            if kind == "none":
                action()
            elif kind == "number":
                action(_NUMBER_OF[width](take(abs(width)))[0])
            elif kind == "skip":
                self._reader.skip(width)
                action()
            else:
                action(*self._argument(code, kind, width))

    def _argument(self, code: int, kind: Argument, width: int) -> tuple[Any, ...]:
        """What follows an opcode, where that is a line or its length stands in front."""
        if kind == "line":
            return (self._reader.line(_LONGEST),)
        if kind == "lines":
            return tuple(text_of(self._reader.line(_LONGEST) or b"") for _ in range(2))
        length = _NUMBER_OF[width](self._reader.take(width))[0]
        if length > _LONGEST:
            self._reader.skip(length)
            return (OPAQUE,)
        data = self._reader.take(length)
        if code in LONGS:
            return (int.from_bytes(data, "little", signed=True),)
        return (text_of(data) if kind == "text" else OPAQUE,)

    def stop(self) -> None:
        """The end."""
        self._stack.pop()
        self._stopped = True

    def note(self, key: str, value: str) -> None:
        """A version that an object says it was written by."""
        match = _VERSION_KEY.fullmatch(key) if key.endswith("_version") else None
        if match is not None:
            self._found.versions.add((match.group(1), value))

    # -- names and objects --------------------------------------------------------------

    def global_(self, module: str, name: str) -> None:
        """A name, looked up in a module."""
        self._stack.append(self._found.refer(module, name))

    def stack_global(self) -> None:
        """A name whose parts are values."""
        name, module = self._stack.pop(), self._stack.pop()
        if isinstance(name, str) and isinstance(module, str):
            self.global_(module, name)
        else:
            self._stack.append(OPAQUE)

    def instance(self, module: str, name: str) -> None:
        """An object of a class given by name, of all from the last mark on."""
        arguments = tuple(self._to_mark())
        self._stack.append(Made(self._found.refer(module, name), arguments))

    def object_(self) -> None:
        """An object of a class and arguments, all from the last mark on."""
        maker, *arguments = self._to_mark()
        self._stack.append(Made(maker, tuple(arguments)))

    def reduce(self) -> None:
        """What a call gives: of the value before the last, with the last as its arguments."""
        arguments, maker = self._stack.pop(), self._stack.pop()
        self._stack.append(Made(maker, arguments))

    def reduce_with_names(self) -> None:
        """The same, with arguments by name."""
        self._stack.pop()
        self.reduce()

    def persistent(self) -> None:
        """Something from a store, by a key."""
        self._stack.pop()
        self._stack.append(OPAQUE)

    def build(self) -> None:
        """Give an object its state; a description of an array is followed by its bytes."""
        state = self._stack.pop()
        target = self._stack[-1]
        if not isinstance(target, Made):
            return
        target.state = state
        if self._joblib and _describes_array(target):
            self._step_over(target)

    def _step_over(self, wrapper: Made) -> None:
        """Go on behind the bytes of an array; objects in it are a pickle of their own."""
        payload = payload_of(wrapper)
        if payload is None:
            raise Malformed
        if payload.is_pickled:
            Machine(self._reader, self._found, joblib=False).run()
            return
        if payload.is_padded:
            self._reader.skip(self._reader.byte())
        self._reader.skip(payload.bytes)


def _describes_array(made: Made) -> bool:
    maker = made.maker
    return (
        isinstance(maker, Reference)
        and maker.name == "NumpyArrayWrapper"
        and maker.module.endswith("joblib.numpy_pickle")
    )
