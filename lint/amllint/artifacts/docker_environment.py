"""The environment that a Dockerfile builds: what it installs in the image that serves."""

from __future__ import annotations

from dataclasses import dataclass, replace

from amllint.artifacts.docker_absent import AbsentFile
from amllint.artifacts.docker_reading import CopiedFile, Reading
from amllint.artifacts.docker_stages import Context
from amllint.artifacts.environment import Requirement
from amllint.findings.finding import Location
from amllint.source.dockerfile import instructions
from amllint.source.text import SourceText


@dataclass(frozen=True, slots=True)
class DockerEnvironment:
    """What the last stage of a Dockerfile installs, on top of the image that it builds on.

    `starts` says that it names what the container runs, `installations` how many commands
    install something, one behind another. `missing` are files that it copies, and that are not
    in the folder that it is built from, `absent` files that it installs from without having them.
    `image` is the one that all goes back to, `system` are the packages of the operating system
    that are added to it; each is `None` where that is not known. `addresses` are the places of
    what says where packages come from, in all stages, `cut` those of requirements of which the
    shell takes a part for a redirection. `within` is the display path of the file
    that the Dockerfile stands in as a text.
    """

    source: SourceText
    place: Location
    conda: tuple[Requirement, ...]
    pip: tuple[Requirement, ...]
    complete: bool
    starts: bool
    installations: int
    missing: tuple[CopiedFile, ...]
    absent: tuple[AbsentFile, ...] = ()
    image: str | None = None
    system: frozenset[str] | None = None
    addresses: tuple[Location, ...] = ()
    cut: tuple[Location, ...] = ()
    within: str | None = None

    @property
    def path(self) -> str:
        """The display path."""
        return self.within or self.source.path

    @property
    def run_together(self) -> tuple[Requirement, ...]:
        """Nothing: no YAML joins what stands in it."""
        return ()

    @property
    def is_python_env(self) -> bool:
        """It is none."""
        return False


def docker_environment(source: SourceText, context: Context) -> DockerEnvironment:
    """The environment that a Dockerfile builds from a context."""
    reading = Reading(source, context)
    for instruction in instructions(source.text):
        reading.take(instruction)
    stage = reading.stage
    whole = stage.complete and reading.begun and "<<" not in source.text
    several = stage.separate and stage.installations > 1  # which one serves is not known
    return DockerEnvironment(
        source,
        reading.place,
        tuple(stage.conda),
        tuple(stage.pip),
        whole and not several,
        stage.starts,
        stage.installations,
        tuple(reading.missing),
        () if "<<" in source.text else tuple(reading.absent),
        stage.image,
        None if "<<" in source.text else stage.system,
        tuple(reading.addresses),
        tuple(reading.cut),
    )


def embedded(text: str, place: Location, path: str, source: SourceText) -> DockerEnvironment:
    """The environment that a Dockerfile builds which stands as a text at a place of another file.

    It is built from a folder that is not known. All that is told of it stands at that place.
    """
    read = docker_environment(SourceText(path, text), Context.unknown())

    def placed(listed: tuple[Requirement, ...]) -> tuple[Requirement, ...]:
        return tuple(item._replace(location=place, source=source) for item in listed)

    return replace(
        read,
        source=source,
        place=place,
        conda=placed(read.conda),
        pip=placed(read.pip),
        addresses=(place,) if read.addresses else (),
        cut=(),
        within=path,
    )
