"""A secret stands in the address of a package index, a wheel or a channel.

## What it does
Reports passwords, access tokens and SAS signatures in what a conda file has pip and conda fetch
from: `--index-url`, `--extra-index-url`, `--find-links`, wheels and git repositories of the `pip`
list, and channels. In the Dockerfile of a deployment it reads the commands that install packages,
`pip config set`, and variables such as `PIP_EXTRA_INDEX_URL`. Placeholders and variables
(`$(PAT)`, `${TOKEN}`, `{{ x }}`) are fine, and so are tokens that their owner publishes. The
secret itself is never shown.

Of a SAS whose day has passed it says that the build fails, and as of which day (`--today`).

## Why it matters
The file is read by everyone who can read the repository and its history, and the environment that
is registered of it by everyone who can read the workspace; both outlive the token's owner.

## Example
```yaml conda.yml {8}
name: serving
channels:
  - conda-forge
dependencies:
  - python=3.12
  - pip
  - pip:
      - --extra-index-url https://build:kq3f7mzw5xnd2ruv6hjc@packages.contoso.com/simple
      - azureml-inference-server-http==1.5.1
```

## Use instead
```yaml conda.yml
name: serving
channels:
  - conda-forge
dependencies:
  - python=3.12
  - pip
  - pip:
      - --extra-index-url https://packages.contoso.com/simple
      - azureml-inference-server-http==1.5.1
```

## Sources
- RFC 3986, 3.2.1: user information in addresses is not for secrets. Azure Storage: a SAS grants
  what it says to whoever has it. Anaconda: `/t/TOKEN/` in a channel's address.
- azureml-core 1.61.0, `Environment.from_conda_specification`: executed; the address stands in
  the definition of the environment as it is in the file.
- Azure Machine Learning documentation, Use private Python packages: a workspace connection holds
  the token of a feed, and the file the plain address.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import Final

from amllint.artifacts.conda import CondaEnvironment
from amllint.artifacts.docker_environment import DockerEnvironment
from amllint.artifacts.environment import Environment
from amllint.findings.finding import Location, Observation, finding
from amllint.findings.secrets import secrets_in
from amllint.rules.registry import rule
from amllint.source.nodes import Sequence
from amllint.source.text import SourceText
from amllint.units import Linker

_SIGNS: Final = ("://", "@", "sig=")


_PUBLIC: Final = ("azuremldownloads.blob.core.windows.net",)
"""Hosts whose tokens their owner publishes: this one's, in the templates of Azure ML Workbench."""
_ENDS: Final = re.compile(r"[?&]se=(\d{4}-\d{2}-\d{2})")


@rule("AML318", "index-credentials", severity="error", stage="operate")
def index_credentials(environment: Environment, links: Linker) -> Iterator[Observation]:
    """Report each secret that stands in an address of the file."""
    for source, place in _addresses(environment):
        if not any(sign in source.text for sign in _SIGNS):
            continue
        address = source.slice(place.span)
        for secret in secrets_in(source.text):
            inside = place.span.start <= secret.span.start < place.span.end
            if inside and not any(host in address for host in _PUBLIC):
                where = Location(place.path, secret.span, place.cell)
                yield _told(where, _kind(secret.what), address, links.today)


def _told(place: Location, what: str, address: str, today: datetime.date) -> Observation:
    ended = _ENDS.search(address)
    if ended is not None and ended[1] < today.isoformat():
        return finding(
            place,
            f"{what} stands in the address that packages are fetched from, and ended on "
            f"{ended[1]} (today is {today}): the download is refused, and the image build fails",
            help="write an address without a token, and put a new one into a connection of the "
            "workspace",
            stage="build",
            key=f"address/{what}",
        )
    return finding(
        place,
        f"{what} stands in the address that packages are fetched from: whoever can read the "
        "file, its history or the environment has it",
        help="revoke it, write the address without it, and put it into a connection of the "
        "workspace",
        key=f"address/{what}",
    )


def _addresses(environment: Environment) -> Iterator[tuple[SourceText, Location]]:
    """Where something is fetched from: channels, and the lines of every list of packages."""
    for requirement in (*environment.conda, *environment.pip):
        yield requirement.source, requirement.location
    if isinstance(environment, DockerEnvironment):
        for place in environment.addresses:
            yield environment.source, place
    channels = environment.node("channels") if isinstance(environment, CondaEnvironment) else None
    if isinstance(environment, CondaEnvironment) and isinstance(channels, Sequence):
        document = environment.section.document
        for item in channels.items:
            yield document.source, Location(document.text_path, item.span)


def _kind(what: str) -> str:
    return what.removesuffix(" in an address").removesuffix(" of a conda channel")
