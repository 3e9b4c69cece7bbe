"""Why a call has no answer."""

from __future__ import annotations


class CallFailed(Exception):
    """A call has no answer that can be used; `str()` is the reason, without secrets.

    `status` is HTTP's, 0 where there was none; `code` is that of a registry's error, or empty.
    """

    def __init__(self, reason: str, status: int = 0, code: str = "") -> None:
        super().__init__(reason)
        self.status = status
        self.code = code


class TimeOver(CallFailed):
    """The time for everything together is over."""
