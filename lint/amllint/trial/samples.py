"""Requests to try a script with: given ones, or one from the schema that the server serves."""

from __future__ import annotations

import json
from typing import Any, Final, NamedTuple

from amllint.trial.client import GivenUp, NoAnswer
from amllint.trial.server import Server

JSON: Final = "application/json"


class Sample(NamedTuple):
    """A request's body, its content type, and where it comes from."""

    body: bytes
    content_type: str
    origin: str


def sample_of(server: Server) -> Sample | None:
    """The example of the server's swagger, which it makes from the schema decorators of `run`.

    `None` for a script without such decorators: nothing says what its requests look like.
    """
    try:
        answer = server.get("/swagger.json")
        swagger = json.loads(answer.body)
        given = swagger["definitions"]["ServiceInput"]
    except (NoAnswer, GivenUp, ValueError, KeyError, TypeError):
        return None
    if answer.status != 200 or not isinstance(given, dict) or not given.get("properties"):
        return None
    example: Any = given.get("example")
    if not isinstance(example, dict):
        return None
    return Sample(json.dumps(example).encode(), JSON, "the schema decorators of `run`")
