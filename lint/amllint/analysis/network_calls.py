"""Calls that wait for the network, and how long they do by default.

Each was tried against a server that accepts a connection and never answers: requests 2.34,
urllib3 2.8, httpx 0.28 and the standard library of Python 3.11. Libraries that give up by
themselves are not here: aiohttp (300 s), botocore (60 s), azure-core (300 s), openai (600 s).
"""

from __future__ import annotations

from typing import Final, NamedTuple

from amllint.source.python import syntax as s


class Waiting(NamedTuple):
    """A call that waits without end unless it is given a timeout.

    `position` is where a timeout may stand among the positional arguments, `socket_default`
    says that `socket.setdefaulttimeout` holds for it, `forever` that it does so by default:
    others do where `timeout=None` is written. `accepts` is false where there is no parameter.
    """

    position: int | None = None
    socket_default: bool = False
    forever: bool = True
    accepts: bool = True


_VERBS: Final = ("get", "post", "put", "patch", "delete", "head", "options", "request")
_REQUESTS: Final = Waiting()
_HTTPX: Final = Waiting(forever=False)

WAITING: Final[dict[str, Waiting]] = {
    **{f"requests.{verb}": _REQUESTS for verb in _VERBS},
    **{f"requests.Session().{verb}": _REQUESTS for verb in _VERBS},
    **{f"requests.session().{verb}": _REQUESTS for verb in _VERBS},
    **{f"requests.sessions.Session().{verb}": _REQUESTS for verb in _VERBS},
    **{f"httpx.{verb}": _HTTPX for verb in (*_VERBS, "stream")},
    "httpx.Client": _HTTPX,
    "httpx.AsyncClient": _HTTPX,
    **{f"httpx.Client().{verb}": _HTTPX for verb in (*_VERBS, "stream")},
    "urllib.request.urlopen": Waiting(position=2, socket_default=True),
    "urllib.request.urlretrieve": Waiting(socket_default=True, accepts=False),
    "http.client.HTTPConnection": Waiting(position=2, socket_default=True),
    "http.client.HTTPSConnection": Waiting(socket_default=True),
    "urllib3.PoolManager": Waiting(socket_default=True),
}
"""By qualified name. The pool of urllib3 takes the timeout, or each of its requests does."""


def missing_timeout(call: s.Call, waiting: Waiting) -> bool | None:
    """Whether a call waits without end.

    `None` says that it does because `timeout=None` is written. What is passed on with `*` or
    `**` may hold a timeout.
    """
    if any(a.star for a in call.arguments):
        return False
    given = [a.value for a in call.arguments if a.keyword == "timeout"]
    positional = [a.value for a in call.arguments if not a.keyword]
    if waiting.position is not None:
        given += positional[waiting.position : waiting.position + 1]
    if given:
        none = isinstance(given[0], s.Constant) and given[0].value is None
        return None if none else False
    return waiting.forever
