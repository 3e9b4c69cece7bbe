"""Tokens for Resource Manager, from whatever is signed in here."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable
from typing import Any, Final, Protocol

from amllint.network.secret import Secret
from amllint.snapshot.live.clouds import Cloud

TOKEN_VARIABLE: Final = "AMLLINT_AZURE_TOKEN"
_EARLY: Final = 300.0
"""Seconds before its end at which a token is asked for anew."""
_SIGN_IN: Final = (
    "sign in with `az login`, or set the variables of a service principal"
    " (AZURE_CLIENT_ID, AZURE_TENANT_ID, AZURE_CLIENT_SECRET), or hand a token over in"
    f" {TOKEN_VARIABLE}"
)


class NoToken(Exception):
    """There is no token; the message says what to do."""


class Credential(Protocol):
    """What azure-identity calls a credential."""

    def get_token(self, *scopes: str) -> Any:
        """A token for some scopes, with `token` and `expires_on`."""


class Tokens:
    """A token that is asked for once, and again before it ends.

    Every one that was handed out is remembered, so that it can be struck out of what is shown.
    """

    def __init__(
        self, credential: Credential, scope: str, now: Callable[[], float] = time.time
    ) -> None:
        self._credential = credential
        self._scope = scope
        self._now = now
        self._token = Secret("")
        self._ends = 0.0
        self._known: list[Secret] = []

    def current(self) -> Secret:
        """The token. Raises `NoToken`."""
        if self._now() >= self._ends - _EARLY:
            try:
                found = self._credential.get_token(self._scope)
                self._token, self._ends = Secret(str(found.token)), float(found.expires_on)
            except Exception as error:  # azure-identity, its transports, az: no common base
                raise NoToken(self.hidden_in(f"no token for Azure: {_short(error)}")) from None
            self._known.append(self._token)
        return self._token

    def hide(self, text: str) -> Secret:
        """A token that was got with one of these: struck out of what is shown like them."""
        secret = Secret(text)
        self._known.append(secret)
        return secret

    def hidden_in(self, text: str) -> str:
        """A text without any of the tokens."""
        for secret in self._known:
            text = secret.hidden_in(text)
        return text


class _Given:
    """A token that something else has got, until its end, which it is asked for too."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.expires_on = float("inf")

    def get_token(self, *scopes: str) -> _Given:
        return self


def tokens(cloud: Cloud) -> Tokens:
    """Tokens from the environment, else from azure-identity. Raises `NoToken`."""
    given = os.environ.get(TOKEN_VARIABLE, "").strip()
    if given:
        if not (given.isascii() and given.isprintable()) or " " in given:
            raise NoToken(f"what {TOKEN_VARIABLE} holds is no token")
        return Tokens(_Given(given), cloud.scope)
    try:
        from azure.identity import DefaultAzureCredential
    except ImportError:
        raise NoToken(
            "snapshot needs azure-identity: pip install 'amllint[azure]', or hand a token over in"
            f" {TOKEN_VARIABLE} (`az account get-access-token --query accessToken -o tsv`)"
        ) from None
    # Without a handler its warnings would go to stderr, each way that fails in many lines.
    logging.getLogger("azure").addHandler(logging.NullHandler())
    authority = cloud.authority.removeprefix("https://")
    credential = DefaultAzureCredential(authority=authority, process_timeout=30)
    return Tokens(credential, cloud.scope)


def _short(error: Exception) -> str:
    """Why, in short, and what to do.

    azure-identity says of each of its ways why it fails; the first line and that of the way that
    people use are enough.
    """
    lines = [" ".join(line.split()) for line in str(error).splitlines() if line.strip()]
    told = lines[:1] + [line for line in lines[1:] if line.startswith("AzureCliCredential")]
    return f"{' '.join(told)[:400] or type(error).__name__}; {_SIGN_IN}"
