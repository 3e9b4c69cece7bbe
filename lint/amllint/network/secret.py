"""Tokens that do not show themselves."""

from __future__ import annotations

from typing import Final

SHOWN: Final = "***"
_SHORTEST: Final = 6
"""Shorter texts are no tokens of any service, and stand in ordinary words."""


class Secret:
    """A text that is shown as `***` wherever it is printed, logged or part of an error."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return SHOWN

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return SHOWN

    def __bool__(self) -> bool:
        return bool(self._text)

    def __reduce__(self) -> str:
        raise TypeError("a secret is not to be stored")

    def reveal(self) -> str:
        """The text itself, for the header that needs it."""
        return self._text

    def hidden_in(self, text: str) -> str:
        """A text without the secret: a server may quote it in what it answers."""
        return text.replace(self._text, SHOWN) if len(self._text) >= _SHORTEST else text
