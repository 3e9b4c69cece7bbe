"""What stands for the objects that a pickle would make."""

from __future__ import annotations

from typing import Any, Final


class _Opaque:
    """A value that is of no interest: a float, a list, a long text."""

    __slots__ = ()


OPAQUE: Final = _Opaque()


class Made:
    """What a call gives, or an object of a class: the callable, its arguments, its state."""

    __slots__ = ("arguments", "maker", "state")

    def __init__(self, maker: Any, arguments: Any) -> None:
        self.maker = maker
        self.arguments = arguments
        self.state: Any = None
