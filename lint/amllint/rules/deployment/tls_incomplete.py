"""A setting of several parts, such as TLS, has only some of them.

## What it does
Reports, for ACI: `sslEnabled` without all of `sslCertificate`, `sslKey` and `cname`; a
certificate or key file that does not exist in any folder that the CLI may be run from; one
of `vnetName` and `subnetName` without the other; some of `vaultBaseUrl`, `keyName` and
`keyVersion` without the rest. A certificate that is given without `sslEnabled` is a warning;
where `sslEnabled` is false on purpose, it is advice.

With the package cryptography (in the extra `azure`), the files themselves are read as well. It
reports a certificate that has expired or is not valid yet, with the day that it was judged on;
a `cname` that is not among the names of the certificate; a key that is another certificate's,
or that needs a pass phrase. A certificate that vouches for itself or comes without its chain
is advice. Without the package, the certificate is told as unchecked.

## Why it matters
azureml-core refuses what is incomplete, and the CLI shows "Error parsing
--deploy-config-file." without the reason. A certificate without `sslEnabled` it accepts
silently, and the service answers over plain HTTP.

## Example
```json deploymentconfig.json {3}
{
  "computeType": "aci",
  "sslEnabled": true,
  "cname": "score.example.com"
}
```

## Use instead
```json deploymentconfig.json
{
  "computeType": "aci",
  "sslEnabled": true,
  "sslCertificate": "cert.pem",
  "sslKey": "key.pem",
  "cname": "score.example.com"
}
```
```text cert.pem
the certificate, and the chain that it hangs on
```
```text key.pem
its private key, without a pass phrase
```

## Sources
- azureml-core 1.61.0, `webservice/aci.py`: executed for every combination; files are looked
  for relative to the working directory, and only where `sslEnabled` counts as true. It looks
  whether they are there and sends what is in them; certificates that have expired, keys of
  others and locked keys: executed, accepted.
- "Secure a web service by using TLS" of Azure ML: PEM with the full chain, no pass phrase,
  and a `cname` that is the name of the certificate.
- RFC 6125, section 6.4.3: `*` stands for one label.
"""

from __future__ import annotations

from collections.abc import Iterator

from amllint.artifacts.deployment_config import AciDeployment
from amllint.artifacts.fields import Absent, Known, Unknown
from amllint.findings.finding import Location, Observation, Related, Unchecked, finding
from amllint.rules.deployment.tls_material import material
from amllint.rules.registry import rule
from amllint.units import Linker

_CUSTOMER_KEY = ("cmk_vault_base_url", "cmk_key_name", "cmk_key_version")
_NETWORK = ("vnet_name", "subnet_name")


@rule("AML409", "tls-incomplete", severity="error", stage="submit")
def tls_incomplete(config: AciDeployment, links: Linker) -> Iterator[Observation | Unchecked]:
    """Report what is missing of each group, where the group begins."""
    enabled = config.argument("ssl_enabled")
    if isinstance(enabled, Known) and enabled.value:
        yield from _missing(config, config.tls_arguments, "ssl_enabled")
        yield from _files(config, links)
        yield from material(config, links)
    elif not isinstance(enabled, Unknown):
        yield from _unused(config)
    for group in (_CUSTOMER_KEY, _NETWORK):
        first = next((name for name in group if config.given(name)), None)
        if first is not None:
            yield from _missing(config, group, first)


def _missing(config: AciDeployment, group: tuple[str, ...], first: str) -> Iterator[Observation]:
    fields = {name: config.argument(name) for name in group}
    missing = [
        name
        for name, field in fields.items()
        if isinstance(field, Absent) or (isinstance(field, Known) and not field.value)
    ]
    begin = config.argument(first)
    if not missing or not isinstance(begin, Known):
        return
    shown = [f"`{config.name_of(name)}`" for name in missing]
    text = f', and the text "{begin.value}" counts as on' if first == "ssl_enabled" else ""
    yield finding(
        begin.location,
        f"`{config.name_of(first)}` is given without {' and '.join(shown)}; azureml-core refuses "
        f"this{text if isinstance(begin.value, str) else ''}",
        help=f"add {' and '.join(shown)}, or remove `{config.name_of(first)}`",
        related=_others(config, group, begin.location),
        key=first,
    )


def _others(config: AciDeployment, group: tuple[str, ...], but: Location) -> tuple[Related, ...]:
    fields = (config.argument(name) for name in group)
    known = (f for f in fields if isinstance(f, Known) and f.value and f.location != but)
    return tuple(Related(field.location) for field in known)


def _files(config: AciDeployment, links: Linker) -> Iterator[Observation]:
    """Certificate and key are read when the config is, relative to where the CLI is run."""
    for name in ("ssl_cert_pem_file", "ssl_key_pem_file"):
        file = config.argument(name)
        if not isinstance(file, Known) or not file.value:
            continue
        if not isinstance(file.value, str):
            what, help = "is no text; it must be the path of a file", "give the path of the file"
        elif links.resolve(config.path, file.value).path is None:
            what = f"names `{file.value}`, which does not exist"
            help = "give its path from where `az ml model deploy` is run"
        else:
            continue
        yield finding(
            file.location,
            f"`{config.name_of(name)}` {what}; azureml-core refuses this",
            help=help,
            key=f"{name}={file.value}",
        )


def _unused(config: AciDeployment) -> Iterator[Observation]:
    """A certificate or key of a service that has TLS off."""
    for name in ("ssl_cert_pem_file", "ssl_key_pem_file"):
        file = config.argument(name)
        if isinstance(file, Known) and file.value:
            off = isinstance(config.argument("ssl_enabled"), Known)
            switch = config.name_of("ssl_enabled")
            yield finding(
                file.key,
                f"`{config.name_of(name)}` is given and `{switch}` is not on; azureml-core "
                "accepts this silently and the service answers over plain HTTP",
                help=f"set `{switch}` to {config.spelled(True)}, or remove the certificate",
                severity="info" if off else "warning",
                stage="operate",
                key="unused certificate",
            )
            return
