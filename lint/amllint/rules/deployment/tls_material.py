"""What is wrong with the certificate and the key that a service is given."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from amllint.artifacts.deployment_config import AciDeployment
from amllint.artifacts.fields import Known
from amllint.findings.finding import Observation, Related, Unchecked, finding
from amllint.source.certificates import (
    Certificate,
    NoMaterial,
    certificates,
    is_readable,
    needs_pass_phrase,
    public_key,
)
from amllint.source.problem import Unreadable
from amllint.units import Linker

_SILENT = "azureml-core accepts this silently and"
_CERTIFICATE, _KEY, _NAME = AciDeployment.tls_arguments


class _File(NamedTuple):
    """A file as the configuration names it, and its bytes."""

    field: Known[str]
    data: bytes


def material(config: AciDeployment, links: Linker) -> Iterator[Observation | Unchecked]:
    """Judge the files that are there; what cannot be read is told as unchecked."""
    files = {name: _file(config, links, name) for name in (_CERTIFICATE, _KEY)}
    there = [file for file in files.values() if file is not None]
    if there and not is_readable():
        reason = "needs the package cryptography: install `amllint[azure]`"
        yield Unchecked(there[0].field.location, "the certificate and its key", reason)
        return
    chain: tuple[Certificate, ...] = ()
    certificate, key = files[_CERTIFICATE], files[_KEY]
    if certificate is not None:
        try:
            chain = certificates(certificate.data)
        except NoMaterial as problem:
            yield Unchecked(certificate.field.location, "the certificate", str(problem))
        else:
            yield from _chain(config, certificate.field, chain, links.today)
    if key is not None:
        yield from _key(config, key, chain[0] if chain else None)


def _file(config: AciDeployment, links: Linker, name: str) -> _File | None:
    field = config.argument(name)
    if not isinstance(field, Known) or not isinstance(field.value, str) or not field.value:
        return None
    path = links.resolve(config.path, field.value).path
    if path is None:
        return None
    try:
        return _File(field, links.overlay.data(path))
    except Unreadable:
        return None


def _chain(
    config: AciDeployment, field: Known[str], chain: tuple[Certificate, ...], today: datetime.date
) -> Iterator[Observation]:
    yield from _dates(field, chain, today)
    yield from _name(config, field, chain[0])
    last = chain[-1]
    if len(chain) == 1:
        what = "vouches for itself" if last.is_self_signed else "comes without its chain"
        yield finding(
            field.location,
            f"the certificate in `{field.value}` {what}: clients that do not know who issued it "
            "refuse the connection",
            help="append the certificates of those who issued it, in order, to the file",
            severity="info",
            stage="operate",
            key="chain",
        )
    for certificate, issuer in pairwise(chain):
        if certificate.issuer != issuer.subject:
            yield finding(
                field.location,
                f"the chain in `{field.value}` is broken: `{certificate.subject}` was issued by "
                f"`{certificate.issuer}`, and the next is `{issuer.subject}`",
                help="write the certificate first, then the one that issued it, and so on",
                severity="info",
                stage="operate",
                key="chain",
            )
            return


def _dates(
    field: Known[str], chain: tuple[Certificate, ...], today: datetime.date
) -> Iterator[Observation]:
    for number, certificate in enumerate(chain):
        which = "the certificate" if number == 0 else f"`{certificate.subject}` of the chain"
        if certificate.ends < today:
            said = f"expired on {certificate.ends}"
        elif certificate.starts > today:
            said = f"is not valid before {certificate.starts}"
        else:
            continue
        yield finding(
            field.location,
            f"{which} in `{field.value}` {said} (today is {today}); {_SILENT} every client "
            "refuses the connection",
            help="have it renewed, and deploy with the new one",
            stage="operate",
            key=f"dates {number}",
        )
        return


def _name(config: AciDeployment, field: Known[str], own: Certificate) -> Iterator[Observation]:
    cname = config.argument(_NAME)
    if not isinstance(cname, Known) or not isinstance(cname.value, str) or not cname.value:
        return
    if not own.is_for(cname.value):
        names = ", ".join(f"`{name}`" for name in own.names[:4]) or "no name at all"
        yield finding(
            cname.location,
            f"`{config.name_of(_NAME)}` is `{cname.value}`, and the certificate is for {names}; "
            f"{_SILENT} clients that ask for this name refuse the connection",
            help="use a name of the certificate, or have one issued for this name",
            stage="operate",
            related=(Related(field.location, "the certificate"),),
            key=f"cname={cname.value}",
        )


def _key(
    config: AciDeployment, key: _File, own: Certificate | None
) -> Iterator[Observation | Unchecked]:
    field = key.field
    if needs_pass_phrase(key.data):
        yield finding(
            field.location,
            f"the key in `{field.value}` needs a pass phrase; {_SILENT} the service cannot use it",
            help="write the key without one: `openssl pkey -in key.pem -out plain.pem`",
            stage="start",
            key="pass phrase",
        )
        return
    try:
        public = public_key(key.data)
    except NoMaterial as problem:
        yield Unchecked(field.location, "the key", str(problem))
        return
    if own is not None and public != own.public:
        certificate = config.argument(_CERTIFICATE)
        yield finding(
            field.location,
            f"the key in `{field.value}` is not the one of the certificate; {_SILENT} the "
            "service cannot serve with the two",
            help="give the key that the certificate was requested with",
            stage="start",
            related=(Related(certificate.location, "the certificate"),),
            key="key mismatch",
        )
