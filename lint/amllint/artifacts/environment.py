"""What an environment is made of, whichever files say so."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from amllint.findings.finding import Location
from amllint.source.nodes import Path
from amllint.source.text import SourceText


class Requirement(NamedTuple):
    """One package that is asked for, as written.

    `source` is the text that `location` is a place of: that of the environment's own file, or of
    one that it includes. `path` leads to it from the mapping of a conda file, and is empty in
    files that are no mappings; `unknown` says that part of it is only known later.
    """

    text: str
    location: Location
    path: Path
    unknown: bool
    source: SourceText


class Environment(Protocol):
    """The packages that something runs with: what all kinds of environments have in common.

    Conda files, files of requirements and Dockerfiles are such, alone or included in each other.
    """

    @property
    def path(self) -> str:
        """The display path of the file."""

    @property
    def place(self) -> Location:
        """Where a finding about the list of packages as a whole stands."""

    @property
    def conda(self) -> tuple[Requirement, ...]:
        """What conda installs; a Python that an image brings counts as `python=3.10`."""

    @property
    def pip(self) -> tuple[Requirement, ...]:
        """What pip installs, with the lines of the files that are included."""

    @property
    def complete(self) -> bool:
        """Whether the lists can be read whole, and nothing else installs anything."""

    @property
    def run_together(self) -> tuple[Requirement, ...]:
        """Items that hold several, where YAML joins lines."""

    @property
    def is_python_env(self) -> bool:
        """Whether it is the `python_env.yaml` of an MLflow model, which pip alone reads."""
