"""Certificates and keys in PEM, read with cryptography where it is installed.

Nothing here judges trust: only what the files themselves say.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
    from cryptography.x509 import Certificate as X509

LIBRARY: Final = "cryptography"
_BLOCK: Final = re.compile(rb"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", re.DOTALL)
_LOCKED: Final = (b"-----BEGIN ENCRYPTED PRIVATE KEY-----", b"Proc-Type: 4,ENCRYPTED")
_MOST: Final = 20
"""Certificates of one file that are looked at; a chain has three or four."""


class NoMaterial(ValueError):
    """A file is no PEM certificate or key; the message says what it is instead."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a certificate says of itself.

    `names` are the host names that it is for; `starts` and `ends` its first and last day, in
    UTC; `public` its public key in DER. `subject` and `issuer` compare equal where the one
    certificate names the other.
    """

    names: tuple[str, ...]
    starts: datetime.date
    ends: datetime.date
    subject: str
    issuer: str
    public: bytes

    @property
    def is_self_signed(self) -> bool:
        """Whether it names itself as the one who vouches for it."""
        return self.subject == self.issuer

    def is_for(self, host: str) -> bool:
        """Whether a host is among its names; `*` stands for one label, the first (RFC 6125)."""
        wanted = host.rstrip(".").lower()
        return any(_matches(name.rstrip(".").lower(), wanted) for name in self.names)


def is_readable() -> bool:
    """Whether certificates can be read here at all: whether cryptography is installed."""
    return find_spec(LIBRARY) is not None


def certificates(data: bytes) -> tuple[Certificate, ...]:
    """The certificates of a PEM file in its order: the server's, then its chain.

    Raises `NoMaterial`.
    """
    from cryptography.x509 import load_pem_x509_certificate

    try:
        blocks = _BLOCK.findall(data)[:_MOST]
        found = tuple(_certificate(load_pem_x509_certificate(block)) for block in blocks)
    except Exception as error:  # of its own, of OpenSSL, of ASN.1: there is no common base
        raise NoMaterial(f"cryptography cannot read it ({type(error).__name__})") from error
    if not found:
        raise NoMaterial("it holds no certificate in PEM")
    return found


def needs_pass_phrase(data: bytes) -> bool:
    """Whether a PEM file holds an encrypted key."""
    return any(mark in data for mark in _LOCKED)


def public_key(data: bytes) -> bytes:
    """The public half, in DER, of the private key in a PEM file. Raises `NoMaterial`."""
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        return _der(load_pem_private_key(data, None).public_key())
    except Exception as error:
        raise NoMaterial(f"cryptography cannot read it ({type(error).__name__})") from error


def _certificate(found: X509) -> Certificate:
    return Certificate(
        _names(found),
        found.not_valid_before_utc.date(),
        found.not_valid_after_utc.date(),
        found.subject.rfc4514_string(),
        found.issuer.rfc4514_string(),
        _der(found.public_key()),
    )


def _names(found: X509) -> tuple[str, ...]:
    """The alternative names; only where there are none, clients ever looked at the common one."""
    from cryptography.x509 import DNSName, ExtensionNotFound, NameOID, SubjectAlternativeName

    try:
        names = found.extensions.get_extension_for_class(SubjectAlternativeName).value
    except ExtensionNotFound:
        common = found.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        return tuple(str(attribute.value) for attribute in common)
    return tuple(names.get_values_for_type(DNSName))


def _der(key: PublicKeyTypes) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _matches(name: str, host: str) -> bool:
    if not name.startswith("*."):
        return name == host
    first, dot, rest = host.partition(".")
    return bool(first and dot) and rest == name[2:]
