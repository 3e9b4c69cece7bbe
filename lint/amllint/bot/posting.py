"""From results to what is posted: the platform chosen, everything read, the writes prepared."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, Literal, Protocol, TypeAlias

from amllint.bot import azure_devops, azure_review, environment, git, github, github_checks
from amllint.bot import github_review as reviews
from amllint.bot.environment import Chosen, Environment, Platform
from amllint.bot.errors import Misconfigured, Refused
from amllint.bot.plan import LineText, Plan, Policy
from amllint.bot.requests import Request
from amllint.bot.results import Results
from amllint.bot.session import Session, Timing
from amllint.network.secret import Secret

Mode: TypeAlias = Literal["review", "checks"]


class Prepared(Protocol):
    """What is ready to be posted."""

    @property
    def plan(self) -> Plan:
        """What is to be done about comments."""

    def requests(self) -> Iterator[Request]:
        """The writes."""

    def post(self) -> list[str]:
        """Carry out the writes; remarks about what came out otherwise."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How to post: on lines at most `limit` comments; `root` is the repository's folder."""

    mode: Mode = "review"
    limit: int = 50
    fail_on: str = "warning"
    root: str = "."
    timing: Timing = field(default_factory=Timing)


@dataclass(frozen=True, slots=True)
class Door:
    """A platform with an open session, and how to prepare there what is to be posted."""

    session: Session
    read: Callable[[Results, LineText], Prepared | None]

    @property
    def token(self) -> Secret:
        """The token, which must not be shown."""
        return self.session.token

    def prepare(self, results: Results, text: LineText) -> Prepared | None:
        """What is to be posted; `None` where the results are out of date. Raises `BotError`."""
        with _understood():
            return self.read(results, text)

    def post(self, prepared: Prepared) -> list[str]:
        """Carry out the writes; remarks about what came out otherwise. Raises `BotError`."""
        with _understood():
            return prepared.post()


_ODD: Final = (KeyError, TypeError, ValueError, AttributeError, IndexError)
"""What comes of an answer that has another form than the server's documentation says."""


@contextmanager
def _understood() -> Iterator[None]:
    try:
        yield
    except _ODD as error:
        said = f"{type(error).__name__}: {str(error)[:100]}"
        raise Refused(0, f"the server does not answer as it should ({said})") from None


def door(
    platform: Platform,
    env: Environment,
    chosen: Chosen,
    settings: Settings,
    note: Callable[[str], None],
) -> Door:
    """The way to the pull request. Raises `BotError`."""
    options: dict[str, Any] = {"timing": settings.timing, "note": note}
    if platform == "azure-devops":
        if settings.mode != "review":
            raise Misconfigured("--mode checks is GitHub's; Azure DevOps has threads only")
        return _azure_devops(env, chosen, settings, options)
    access, target = environment.github(env, chosen)
    session = github.connect(access.url, access.token, **options)
    if settings.mode == "checks":
        return Door(
            session,
            lambda results, text: github_checks.prepare(
                session, target, results, settings.fail_on, text
            ),
        )
    return Door(
        session,
        lambda results, text: reviews.prepare(
            session, target, results, _policy(settings, results), text
        ),
    )


def _azure_devops(
    env: Environment, chosen: Chosen, settings: Settings, options: dict[str, Any]
) -> Door:
    access, target = environment.azure_devops(env, chosen)
    session = azure_devops.connect(access.url, access.token, access.personal, **options)

    def patch(base: str, head: str, old: str, new: str) -> str | None:
        return git.patch(settings.root, base, head, old, new)

    return Door(
        session,
        lambda results, text: azure_review.prepare(
            session, target, results, _policy(settings, results), text, patch
        ),
    )


def _policy(settings: Settings, results: Results) -> Policy:
    return Policy(limit=settings.limit, complete=not results.incomplete)
