"""Writes as data: shown by `--dry-run`, and carried out one after the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from amllint.bot.errors import BotError, Refused
from amllint.bot.session import Session

GONE: Final = frozenset({404, 410})


@dataclass(frozen=True, slots=True)
class Request:
    """A write: what it is for, and what is sent where.

    `landed` marks one that must not be made twice; it says what came of it if it was made.
    An `optional` one may be refused without loss; with `may_be_gone`, what it would change may
    have been deleted meanwhile.
    """

    what: str
    method: str
    path: str
    body: Any = None
    landed: Callable[[], Any | None] | None = None
    optional: bool = False
    may_be_gone: bool = False

    def shown(self) -> dict[str, Any]:
        """The request as JSON."""
        return {"what": self.what, "method": self.method, "path": self.path, "body": self.body}


def perform(session: Session, request: Request) -> Any:
    """Carry out a request; the data of the answer. Raises `BotError`."""
    try:
        if isinstance(request.body, dict) and "query" in request.body:
            body = request.body
            return session.graphql(request.path, body["query"], body["variables"])
        if request.landed is not None:
            return session.create(request.method, request.path, request.body, request.landed)
        return session.send(request.method, request.path, request.body).data
    except Refused as refusal:
        gone = request.may_be_gone and refusal.status in GONE
        if request.optional or gone:
            session.note(f"{request.what}: {refusal}")
            return None
        raise
    except BotError as error:
        if request.optional:
            session.note(f"{request.what}: {error}")
            return None
        raise
