"""Where to post, and with which token: from the environment of the build, or from options."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from amllint.bot.azure_devops import Target as AzureTarget
from amllint.bot.errors import Misconfigured
from amllint.bot.github import Target as GitHubTarget
from amllint.network.secret import Secret

Platform: TypeAlias = Literal["github", "azure-devops"]
Environment: TypeAlias = Mapping[str, str]

GITHUB_API: Final = "https://api.github.com"
_REPOSITORY: Final = re.compile(r"[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+")
_REF: Final = re.compile(r"refs/pull/(\d{1,10})/(?:merge|head)")


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the command line says about where to post; `None` where it says nothing."""

    pull_request: int | None = None
    repository: str | None = None
    commit: str | None = None
    url: str | None = None
    project: str | None = None


@dataclass(frozen=True, slots=True)
class Access:
    """A server's address and the token for it; `personal` is a person's own."""

    url: str
    token: Secret
    personal: bool = False


def platform(env: Environment) -> Platform:
    """The platform whose build this is. Raises `Misconfigured`."""
    if _get(env, "TF_BUILD"):
        on_github = _get(env, "BUILD_REPOSITORY_PROVIDER").startswith("GitHub")
        return "github" if on_github else "azure-devops"
    if _get(env, "GITHUB_ACTIONS") or _get(env, "GITHUB_REPOSITORY"):
        return "github"
    raise Misconfigured("this is no build of GitHub Actions or Azure Pipelines: give --platform")


def github(env: Environment, chosen: Chosen) -> tuple[Access, GitHubTarget]:
    """The pull request on GitHub. Raises `Misconfigured`."""
    event = _event(env)
    repository = chosen.repository or _get(env, "GITHUB_REPOSITORY", "BUILD_REPOSITORY_NAME")
    if not _REPOSITORY.fullmatch(repository):
        raise Misconfigured(
            f"the repository `{repository}` is not OWNER/NAME: give --repository"
            if repository
            else "no repository is known: set GITHUB_REPOSITORY or give --repository"
        )
    told = _pull_request(event)
    ref = _REF.fullmatch(_get(env, "GITHUB_REF"))
    piped = _get(env, "SYSTEM_PULLREQUEST_PULLREQUESTNUMBER")
    number = chosen.pull_request or told[0] or (int(ref[1]) if ref else 0) or _number(piped)
    if not number:
        raise Misconfigured(
            "no pull request is known: run on `pull_request` events, or give --pull-request"
        )
    commit = chosen.commit or (told[1] if told[0] == number else None)
    server = _get(env, "GITHUB_SERVER_URL") or "https://github.com"
    token = _token(env, "GITHUB_TOKEN", "GH_TOKEN")
    url = chosen.url or _get(env, "GITHUB_API_URL") or GITHUB_API
    return Access(url, token), GitHubTarget(repository, number, commit, server.rstrip("/"))


def azure_devops(env: Environment, chosen: Chosen) -> tuple[Access, AzureTarget]:
    """The pull request on Azure DevOps. Raises `Misconfigured`."""
    url = chosen.url or _get(env, "SYSTEM_COLLECTIONURI", "SYSTEM_TEAMFOUNDATIONCOLLECTIONURI")
    project = chosen.project or _get(env, "SYSTEM_TEAMPROJECT")
    repository = chosen.repository or _get(env, "BUILD_REPOSITORY_ID")
    number = chosen.pull_request or _number(_get(env, "SYSTEM_PULLREQUEST_PULLREQUESTID"))
    for value, name, option in (
        (url, "SYSTEM_COLLECTIONURI", "--url"),
        (project, "SYSTEM_TEAMPROJECT", "--project"),
        (repository, "BUILD_REPOSITORY_ID", "--repository"),
        (number, "SYSTEM_PULLREQUEST_PULLREQUESTID", "--pull-request"),
    ):
        if not value:
            raise Misconfigured(
                f"{name} is not set; run in a pull request's build or give {option}"
            )
    commit = chosen.commit or _get(env, "SYSTEM_PULLREQUEST_SOURCECOMMITID") or None
    built = bool(_get(env, "SYSTEM_ACCESSTOKEN"))
    token = _token(env, "SYSTEM_ACCESSTOKEN", "AZURE_DEVOPS_EXT_PAT")
    return Access(url, token, not built), AzureTarget(project, repository, number, commit)


def _get(env: Environment, *names: str) -> str:
    """The first variable that is set; one that Azure Pipelines left as `$(NAME)` is not."""
    values = (env.get(name, "").strip() for name in names)
    return next((v for v in values if v and not v.startswith("$(")), "")


def _token(env: Environment, *names: str) -> Secret:
    text = _get(env, *names)
    if not text:
        raise Misconfigured(f"there is no token: set {' or '.join(names)} in the environment")
    if not (text.isascii() and text.isprintable()):
        raise Misconfigured(f"the token in {' or '.join(names)} has characters that none has")
    return Secret(text)


def _number(text: str) -> int:
    return int(text[:10]) if text.isascii() and text.isdigit() else 0


def _event(env: Environment) -> Mapping[str, Any]:
    path = _get(env, "GITHUB_EVENT_PATH")
    if not path:
        return {}
    try:
        with open(path, encoding="utf-8") as stream:
            data = json.load(stream)
    except (OSError, ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def _pull_request(event: Mapping[str, Any]) -> tuple[int, str | None]:
    """The number, and the newest commit that the event tells of."""
    told = event.get("pull_request")
    if not isinstance(told, dict):
        return 0, None
    number, head = told.get("number"), told.get("head")
    commit = head.get("sha") if isinstance(head, dict) else None
    return (number if isinstance(number, int) else 0), commit if isinstance(commit, str) else None
