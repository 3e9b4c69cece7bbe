"""What can go wrong with a server; no message holds a token."""

from __future__ import annotations


class BotError(Exception):
    """Nothing, or not all, could be posted."""


class Forbidden(BotError):
    """The token may read, but not write: that of a fork's pull request, most often."""


class Refused(BotError):
    """The server does not do what it was asked; `status` is HTTP's."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(f"{message} (HTTP {status})" if status else message)
        self.status = status


class Unreachable(BotError):
    """The server did not answer, or asked to wait longer than there was time."""


class UntrustedServer(BotError):
    """The token would have to be sent to another place than the one configured."""


class Misconfigured(BotError):
    """The environment and the options do not say where to post."""
