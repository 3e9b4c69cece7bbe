"""The data plane of a registry, as part of the fake Azure: signing in, and tags page by page.

The shapes are those that azure-cli and azure-containerregistry read.
"""

from __future__ import annotations

from typing import Any, Final

from .fake_azure import ROUTES, TOKEN, Data, FakeAzure, Linked

REFRESH: Final = "eyJhbGciOiJub25lIn0.eyJncmFudCI6InJlZnJlc2gifQ.cmVmcmVzaC1ub3QtcmVhbA"
ACCESS: Final = "eyJhbGciOiJub25lIn0.eyJncmFudCI6ImFjY2VzcyJ9.YWNjZXNzLW5vdC1yZWFs"
PAGE: Final = 2


def digest(tag: str) -> str:
    """The digest of a tag's image."""
    return f"sha256:{tag.encode().hex():0>64}"


def _tags(fake: FakeAzure, query: dict[str, str], repository: str) -> Data | None:
    """Some tags of a repository, in order, from behind the `last` of the page before."""
    known = fake.state.tags.get(repository)
    if known is None:
        return None
    rest = sorted(tag for tag in known if tag > query.get("last", ""))
    rows = [{"name": tag, "digest": digest(tag), "signed": False} for tag in rest[:PAGE]]
    page = Linked({"registry": fake.state.login_server, "imageName": repository, "tags": rows})
    if len(rest) > PAGE:
        size = query.get("n", "")
        page.link = f'</acr/v1/{repository}/_tags?last={rest[PAGE - 1]}&n={size}>; rel="next"'
    return page


ROUTES.append(("/acr/v1/(.+)/_tags", _tags))


def signed_in(fake: FakeAzure, path: str, form: dict[str, str]) -> tuple[int, Any]:
    """The answer to who signs in: a refresh token for Azure's, an access token for that."""
    server = form.get("service") == fake.state.login_server
    given = {key: form.get(key, "") for key in ("access_token", "refresh_token")}
    kind = form.get("grant_type")
    azure = kind == "access_token" and given["access_token"].startswith(TOKEN)
    if path == "/oauth2/exchange" and server and azure:
        return 200, {"refresh_token": REFRESH}
    own = kind == "refresh_token" and given["refresh_token"] == REFRESH
    if path == "/oauth2/token" and server and own:
        fake.scopes.append(form.get("scope", ""))
        return 200, {"access_token": ACCESS}
    return 401, {"errors": [{"code": "UNAUTHORIZED", "message": "authentication required"}]}


def is_let_in(authorization: str, repository: str, scopes: list[str]) -> bool:
    """Whether a header holds the access token, got for the repository that is asked for."""
    scope = f"repository:{repository}:metadata_read"
    return authorization == f"Bearer {ACCESS}" and scope in scopes
