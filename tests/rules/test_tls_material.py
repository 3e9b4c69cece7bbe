"""Certificates and keys that a configuration names: what is in them, and whether it holds."""

from __future__ import annotations

import datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from amllint.config import Settings
from amllint.engine.check import Report, check
from amllint.source import certificates
from amllint.source.overlay import Overlay
from tests.checking import Files, only, write

x509 = pytest.importorskip("cryptography.x509")
from cryptography.hazmat.primitives import hashes, serialization  # noqa: E402
from cryptography.hazmat.primitives.asymmetric import ec  # noqa: E402

TODAY = "2026-06-15"
CONFIG = """\
computeType: aci
sslEnabled: true
sslCertificate: cert.pem
sslKey: key.pem
cname: {}
"""


class Pair(NamedTuple):
    """A certificate and its key, in PEM."""

    certificate: str
    key: str
    private: Any
    name: Any


@cache
def pair(
    names: tuple[str, ...] = ("score.example.com",),
    starts: str = "2026-01-01",
    ends: str = "2026-12-31",
    issuer: Pair | None = None,
    phrase: bytes = b"",
    common: str = "",
) -> Pair:
    private = ec.generate_private_key(ec.SECP256R1())
    subject = named(common or names[0])
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.name if issuer else subject)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.datetime.fromisoformat(starts))
        .not_valid_after(datetime.datetime.fromisoformat(ends))
    )
    if names:
        alternatives = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
        built = built.add_extension(alternatives, critical=False)
    signed = built.sign(issuer.private if issuer else private, hashes.SHA256())
    pem = serialization.Encoding.PEM
    lock = serialization.BestAvailableEncryption(phrase) if phrase else serialization.NoEncryption()
    key = private.private_bytes(pem, serialization.PrivateFormat.PKCS8, lock)
    return Pair(signed.public_bytes(pem).decode(), key.decode(), private, subject)


def named(common: str) -> Any:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, common)])


@cache
def authority() -> Pair:
    return pair(("Example Root",), ends="2040-01-01")


@cache
def issued(**settings: Any) -> Pair:
    """A certificate with its chain, so that nothing is wrong with it but what is asked for."""
    found = pair(issuer=authority(), **settings)
    return found._replace(certificate=found.certificate + authority().certificate)


def judged(
    folder: Path, certificate: str, key: str, cname: str = "score.example.com", **settings: Any
) -> Report:
    files: Files = {"cert.pem": certificate, "key.pem": key}
    write(folder, {**files, "deploymentconfig.yml": CONFIG.format(cname)})
    chosen = Settings(select=("tls-incomplete",), **settings)
    return check(["."], chosen, Overlay(cwd=str(folder)), today=TODAY)


def test_a_certificate_that_holds_is_fine(tmp_path: Path) -> None:
    good = issued()
    report = judged(tmp_path, good.certificate, good.key, persona="pedantic")
    assert report.findings == []
    assert report.unchecked == []


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        ({"ends": "2026-06-14"}, "expired on 2026-06-14 (today is 2026-06-15)"),
        ({"starts": "2026-06-16"}, "is not valid before 2026-06-16 (today is 2026-06-15)"),
    ],
)
def test_dates_are_told_with_the_day_that_they_are_judged_on(
    dates: dict[str, str], said: str, tmp_path: Path
) -> None:
    bad = issued(**dates)
    found = only(judged(tmp_path, bad.certificate, bad.key))
    assert said in found.message
    assert (found.severity, found.stage) == ("error", "operate")


@pytest.mark.parametrize("dates", [{"ends": TODAY}, {"starts": TODAY}])
def test_the_first_and_the_last_day_count(dates: dict[str, str], tmp_path: Path) -> None:
    good = issued(**dates)
    assert judged(tmp_path, good.certificate, good.key).findings == []


def test_the_chain_may_expire_first(tmp_path: Path) -> None:
    root = pair(("Old Root",), ends="2026-03-01")
    leaf = pair(issuer=root)
    found = only(judged(tmp_path, leaf.certificate + root.certificate, leaf.key))
    assert found.message.startswith("`CN=Old Root` of the chain in `cert.pem` expired")


def test_a_key_of_another_certificate(tmp_path: Path) -> None:
    found = only(judged(tmp_path, issued().certificate, authority().key))
    assert "the key in `key.pem` is not the one of the certificate" in found.message
    assert (found.severity, found.stage) == ("error", "start")


def test_a_key_with_a_pass_phrase(tmp_path: Path) -> None:
    locked = issued(phrase=b"secret")
    found = only(judged(tmp_path, locked.certificate, locked.key))
    assert found.message.startswith("the key in `key.pem` needs a pass phrase")


def test_a_chain_that_is_not_there_is_advice(tmp_path: Path) -> None:
    for alone, said in ((pair(issuer=authority()), "comes without its chain"), (pair(), "itself")):
        assert judged(tmp_path, alone.certificate, alone.key).findings == []
        found = only(judged(tmp_path, alone.certificate, alone.key, persona="pedantic"))
        assert said in found.message
        assert found.severity == "info"


def test_a_chain_of_someone_else_is_advice(tmp_path: Path) -> None:
    leaf = pair(issuer=pair(("Other Root",), ends="2040-01-01"))
    files = leaf.certificate + authority().certificate
    found = only(judged(tmp_path, files, leaf.key, persona="pedantic"))
    assert "`CN=score.example.com` was issued by `CN=Other Root`" in found.message


@pytest.mark.parametrize(
    ("names", "cname", "right"),
    [
        (("score.example.com",), "SCORE.example.com", True),
        (("*.example.com",), "score.example.com", True),
        (("*.example.com",), "a.score.example.com", False),
        (("*.example.com",), "example.com", False),
        (("a.example.com", "score.example.com"), "score.example.com", True),
        (("other.example.com",), "score.example.com", False),
    ],
)
def test_the_name_must_be_one_of_the_certificate_s(
    names: tuple[str, ...], cname: str, right: bool, tmp_path: Path
) -> None:
    made = issued(names=names)
    report = judged(tmp_path, made.certificate, made.key, cname)
    if right:
        assert report.findings == []
    else:
        assert f"the certificate is for `{names[0]}`" in only(report).message


def test_the_common_name_counts_where_there_are_no_others(tmp_path: Path) -> None:
    made = issued(names=(), common="score.example.com")
    assert judged(tmp_path, made.certificate, made.key).findings == []


@pytest.mark.parametrize("broken", ["", "text", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END "])
def test_what_cannot_be_read_is_unchecked(broken: str, tmp_path: Path) -> None:
    report = judged(tmp_path, broken, broken)
    assert report.findings == []
    assert [row.fact for row in report.unchecked] == ["the certificate", "the key"]


def test_without_cryptography_nothing_is_said_and_that_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(certificates, "LIBRARY", "no_such_library")
    bad = issued(ends="2026-06-14")
    report = judged(tmp_path, bad.certificate, bad.key)
    assert report.findings == []
    (row,) = report.unchecked
    assert row.reason == "needs the package cryptography: install `amllint[azure]`"


def test_a_service_without_tls_is_not_asked_for_its_material(tmp_path: Path) -> None:
    bad = issued(ends="2026-06-14")
    files: Files = {"cert.pem": bad.certificate, "key.pem": bad.key}
    write(tmp_path, {**files, "deploymentconfig.yml": "computeType: aci\nlocation: westeurope\n"})
    settings = Settings(select=("tls-incomplete",))
    assert check(["."], settings, Overlay(cwd=str(tmp_path)), today=TODAY).findings == []


def test_a_call_in_code_is_judged_alike(tmp_path: Path) -> None:
    bad = issued(ends="2026-06-14")
    code = (
        "from azureml.core.webservice import AciWebservice\n\n"
        "AciWebservice.deploy_configuration(\n"
        '    ssl_enabled=True, ssl_cert_pem_file="cert.pem", ssl_key_pem_file="key.pem",\n'
        '    ssl_cname="other.example.com",\n'
        ")\n"
    )
    files: Files = {"cert.pem": bad.certificate, "key.pem": bad.key, "deploy.py": code}
    write(tmp_path, files)
    settings = Settings(select=("tls-incomplete",))
    report = check(["."], settings, Overlay(cwd=str(tmp_path)), today=TODAY)
    messages = [finding.message for finding in report.findings]
    assert messages[0].startswith("the certificate in `cert.pem` expired")
    assert messages[1].startswith("`ssl_cname` is `other.example.com`")
