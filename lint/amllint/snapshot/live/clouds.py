"""Clouds of Azure: where Resource Manager is, and which other hosts may see its token.

Sources: azureml-core `_base_sdk_common/_arm_token`, azure-core `AzureClouds`, and the metadata of
each cloud, `https://management.azure.com/metadata/endpoints?api-version=2022-09-01`, whose
`acrLoginServer` is the domain of registries.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


class UntrustedPlace(Exception):
    """A token would have to be sent to a place that is none of the cloud's."""


@dataclass(frozen=True, slots=True)
class Cloud:
    """A cloud: its Resource Manager, its authority for signing in, and the domains below which a
    workspace has its own services, and below which registries of images are."""

    manager: str
    authority: str
    domains: tuple[str, ...]
    registries: tuple[str, ...] = ()

    @property
    def scope(self) -> str:
        """What a token must be for."""
        return f"{self.manager}/.default"

    def trusts(self, url: str) -> bool:
        """Whether the token may be sent to a URL: to Resource Manager, and, never without
        encryption, to hosts below the cloud's own domains."""
        if origin(url) == origin(self.manager):
            return True
        return _is_below(url, self.domains)

    def trusts_registry(self, url: str) -> bool:
        """Whether a registry's tokens, and the token that they are got with, may be sent to a URL.

        Below the cloud's own domain of registries alone; on loopback where the cloud is there too.
        """
        scheme, host, _ = origin(url)
        if host in LOOPBACK:
            return scheme == "https" and origin(self.manager)[1] in LOOPBACK
        return _is_below(url, self.registries)


def _is_below(url: str, domains: tuple[str, ...]) -> bool:
    """Whether a URL is one of https at a host below some domains. Raises `UntrustedPlace`."""
    scheme, host, port = origin(url)
    host = host.rstrip(".")
    below = any(host.endswith(f".{domain}") for domain in domains)
    return scheme == "https" and below and port == 443


def origin(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port of a URL. Raises `UntrustedPlace` for what is none."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise UntrustedPlace(f"`{url[:60]}` is no URL") from None
    scheme, host = parts.scheme.lower(), (parts.hostname or "").lower()
    if parts.username is not None or parts.password is not None:
        raise UntrustedPlace(f"the URL for {host[:60]} holds a user name")
    return scheme, host, port or {"https": 443, "http": 80}.get(scheme)


CLOUDS: Final = {
    "public": Cloud(
        "https://management.azure.com",
        "https://login.microsoftonline.com",
        ("azureml.ms", "azureml.net", "api.ml.azure.com"),
        ("azurecr.io",),
    ),
    "us-government": Cloud(
        "https://management.usgovcloudapi.net",
        "https://login.microsoftonline.us",
        ("ml.azure.us", "azureml.us"),
        ("azurecr.us",),
    ),
    "china": Cloud(
        "https://management.chinacloudapi.cn",
        "https://login.chinacloudapi.cn",
        ("ml.azure.cn", "azureml.cn"),
        ("azurecr.cn",),
    ),
}


def custom(manager: str) -> Cloud:
    """A cloud of one's own, of which only Resource Manager is trusted. Raises `UntrustedPlace`."""
    scheme, host, _ = origin(manager)
    if scheme != "https" or not host:
        raise UntrustedPlace(f"`{manager[:60]}` is not https: the token is not sent there")
    return Cloud(manager.rstrip("/"), CLOUDS["public"].authority, ())
