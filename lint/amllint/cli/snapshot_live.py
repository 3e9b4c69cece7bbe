"""`amllint snapshot` where Azure itself is asked."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from amllint.output.style import printable

if TYPE_CHECKING:
    from amllint.snapshot.document import Snapshot

USAGE, NOTHING, INCOMPLETE = 2, 3, 4


class Unfinished(Exception):
    """There is no snapshot; `str()` says why, `code` is the exit code."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


def read_azure(options: argparse.Namespace, tell: Callable[[str], None]) -> Snapshot:
    """What Azure says of the workspace. Raises `Unfinished`."""
    try:
        import httpx  # noqa: F401
    except ImportError:
        hint = "snapshot needs an HTTP client: pip install 'amllint[azure]'"
        raise Unfinished(f"{hint}, or the same of your clone", USAGE) from None
    from amllint.snapshot.live import azureml_core
    from amllint.snapshot.live.answers import NoWorkspace
    from amllint.snapshot.live.clouds import CLOUDS, UntrustedPlace, custom
    from amllint.snapshot.live.credentials import NoToken, tokens
    from amllint.snapshot.live.failures import CallFailed
    from amllint.snapshot.live.session import Session, Timing
    from amllint.snapshot.live.workspace import WorkspaceReader

    where = (options.subscription, options.resource_group, options.workspace)
    try:
        given = options.resource_manager
        cloud = custom(given) if given else CLOUDS[options.cloud]
        timing = Timing(options.call_seconds, options.seconds)
        session = Session(cloud, tokens(cloud), timing, _note(options))
        core = azureml_core.beside(session, where, loud=options.verbose > 1)
        try:
            asked = tuple(dict.fromkeys(options.image_tags))
            return WorkspaceReader(session, *where, tell, core, asked).read()
        finally:
            session.close()
            if core is not None:
                core.close()
    except (UntrustedPlace, NoToken) as problem:
        raise Unfinished(str(problem), USAGE) from None
    except NoWorkspace as problem:
        raise Unfinished(str(problem), NOTHING if problem.is_missing else INCOMPLETE) from None
    except CallFailed as problem:
        raise Unfinished(str(problem), INCOMPLETE) from None


def _note(options: argparse.Namespace) -> Callable[[str], None]:
    def note(text: str) -> None:
        if options.verbose:
            print(f"    {printable(text)}", file=sys.stderr, flush=True)

    return note
