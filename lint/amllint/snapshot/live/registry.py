"""Tags of images, asked of the registry itself: Resource Manager does not know them.

azure-containerregistry would do the same, and is not used: it bounds each attempt but not all
together, follows redirects, takes what it may ask for from a header of the answer, and where a
token is sent is its own matter. Source of the exchange: docs of Azure/acr, AAD-OAuth; `_tags` as
azure-cli reads it, with the next page in the header `Link`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urljoin

from amllint.network.secret import Secret
from amllint.snapshot.live.failures import CallFailed
from amllint.snapshot.live.paging import Pages
from amllint.snapshot.live.session import Answer, Request, Session
from amllint.snapshot.place_rows import ImageTag
from amllint.snapshot.shapes.images import image_tags

_PAGE: Final = 100
_SERVER: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*(?::\d{1,5})?")
_NEXT: Final = re.compile(r"<([^<>]+)>[^,<]*;\s*rel=\"?next\"?", re.IGNORECASE)
_TOKEN: Final = re.compile(r"[\x21-\x7e]+")
_GONE: Final = "NAME_UNKNOWN"


@dataclass(slots=True)
class RegistryReader:
    """The repositories of one registry; it is signed in to once, with the first of them.

    `server` is its host, empty where that is not known.
    """

    session: Session
    server: str
    _refresh: Secret | None = None
    _failure: CallFailed | None = None

    def tags(self, repository: str) -> tuple[ImageTag, ...]:
        """All tags of a repository, none where there is no such repository.

        Raises `CallFailed`, `TimeOver`, `NoToken` and `Misshapen`.
        """
        access = self._access(repository)
        rows: list[ImageTag] = []
        try:
            for page in self._pages(repository, access):
                rows.extend(image_tags(page.get("tags")))
        except CallFailed as problem:
            if problem.status == 404 and problem.code == _GONE and not rows:
                return ()
            raise
        return tuple(rows)

    def _pages(self, repository: str, access: Secret) -> Iterator[dict[str, Any]]:
        url = f"https://{self.server}/acr/v1/{repository}/_tags?n={_PAGE}"
        pages = Pages(url)
        while url:
            answer = self._get(url, access)
            if not isinstance(answer.data, dict):
                raise CallFailed("the answer is no list of tags")
            yield answer.data
            follows = _NEXT.search(answer.link)
            if answer.link and follows is None:
                raise CallFailed("where its next page is cannot be read")
            url = pages.follow(_joined(url, follows[1]) if follows else "")

    def _get(self, url: str, access: Secret) -> Answer:
        headers = {"Accept": "application/json", "Authorization": f"Bearer {access.reveal()}"}
        trusts = self.session.cloud.trusts_registry
        return self.session.send(Request("GET", url, trusts, lambda: headers))

    # -- tokens ---------------------------------------------------------------------------

    def _access(self, repository: str) -> Secret:
        """A token that lets read which tags a repository has, and nothing else."""
        refresh = self._signed_in()
        form = {"grant_type": "refresh_token", "refresh_token": refresh.reveal()}
        form["scope"] = f"repository:{repository}:metadata_read"
        return self._token("token", form, "access_token")

    def _signed_in(self) -> Secret:
        """The registry's own token for whoever is signed in; what failed once is not repeated."""
        if self._failure is not None:
            raise self._failure
        try:
            if not self.server:
                raise CallFailed("not asked for: the host of the workspace's registry is not known")
            if not _SERVER.fullmatch(self.server):
                raise CallFailed("the name of the registry's host is none")
            self._refresh = self._refresh or self._token("exchange", None, "refresh_token")
        except CallFailed as problem:
            self._failure = problem
            raise
        return self._refresh

    def _token(self, step: str, form: dict[str, str] | None, key: str) -> Secret:
        """A token of the registry, got with a form, or with the token for Azure where it has none.

        Raises `CallFailed`, `TimeOver` and `NoToken`.
        """
        service, tokens = {"service": self.server}, self.session.tokens

        def sent() -> dict[str, str]:
            azure = {"grant_type": "access_token"}
            return service | (form or {**azure, "access_token": tokens.current().reveal()})

        url, trusts = f"https://{self.server}/oauth2/{step}", self.session.cloud.trusts_registry
        accepts = {"Accept": "application/json"}
        answer = self.session.send(Request("POST", url, trusts, lambda: accepts, sent)).data
        token = answer.get(key) if isinstance(answer, dict) else None
        if not isinstance(token, str) or not _TOKEN.fullmatch(token):
            raise CallFailed(f"the registry gives no token (`{key}` of /oauth2/{step})")
        return tokens.hide(token)


def _joined(url: str, follows: str) -> str:
    """The place of the next page; what is none is refused where it is followed."""
    try:
        return urljoin(url, follows)
    except ValueError:
        return follows
