"""Which page of a list may follow another."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlsplit

from amllint.snapshot.live.clouds import UntrustedPlace, origin
from amllint.snapshot.live.failures import CallFailed

MAX_PAGES: Final = 500


class Pages:
    """The pages of one list so far: all of one host, none twice, not without end."""

    def __init__(self, first: str) -> None:
        self._home = origin(first)
        self._seen = {first}

    def next_of(self, page: dict[str, Any]) -> str:
        """The URL of the page that follows, empty after the last. Raises `CallFailed`."""
        return self.follow(page.get("nextLink"))

    def follow(self, url: Any) -> str:
        """The URL of the page that follows, empty where there is none. Raises `CallFailed`."""
        if not url:
            return ""
        self._check_place(url)
        if url in self._seen:
            raise CallFailed("its pages lead back to a page that was read before")
        if len(self._seen) >= MAX_PAGES:
            raise CallFailed(f"it has more than {MAX_PAGES} pages")
        self._seen.add(url)
        return str(url)

    def _check_place(self, url: Any) -> None:
        try:
            elsewhere = not isinstance(url, str) or origin(url) != self._home
        except UntrustedPlace:
            elsewhere = True
        if elsewhere:
            raise CallFailed(f"its next page is at {shown(url)}: the token is not sent there")


def shown(url: Any) -> str:
    """As much of a URL as may be shown: queries and user names can hold secrets."""
    try:
        parts = urlsplit(url) if isinstance(url, str) else urlsplit("")
        host = parts.hostname
    except ValueError:
        return "no URL"
    return f"{parts.scheme}://{host}"[:80] if host else "no URL"
