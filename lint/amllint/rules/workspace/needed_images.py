"""Which images a deployment is made of, and where that is written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from amllint.artifacts.deployment_reference import DeploymentReference
from amllint.artifacts.docker_environment import DockerEnvironment
from amllint.artifacts.environment_definition import is_curated
from amllint.artifacts.fields import Absent, is_text
from amllint.artifacts.inference_config import InferenceConfig
from amllint.findings.finding import Location
from amllint.rules.workspace.endpoints import is_tried
from amllint.rules.workspace.registered import Named, reference
from amllint.snapshot import facts
from amllint.snapshot.asset_rows import EnvironmentVersion
from amllint.snapshot.document import Snapshot
from amllint.snapshot.facts import Read
from amllint.units import DeploymentUnit, Linker


class NeededImage(NamedTuple):
    """An image by its name as it is written.

    `is_base` says that another image is built upon it, which may be there already; `None` where
    that is not known. `environment` is the registered environment that names it, if that does.
    """

    name: str
    location: Location
    is_base: bool | None
    environment: str | None = None


def needed_images(
    config: DeploymentReference | InferenceConfig,
    unit: DeploymentUnit,
    links: Linker,
    snapshot: Snapshot,
) -> Iterator[NeededImage]:
    """The images that a deployment names, or that its environment does."""
    if isinstance(config, InferenceConfig):
        if is_text(config.base_image):
            # azureml-core has an image built upon it, whatever else the environment says.
            yield NeededImage(config.base_image.value, config.base_image.location, True)
    elif config.family == "v1" or config.is_job or is_tried(config, links):
        return
    elif is_text(config.image):
        made = (config.conda_file, config.build_folder)
        is_base = not all(isinstance(field, Absent) for field in made)
        yield NeededImage(config.image.value, config.image.location, is_base)
    else:
        yield from _registered(config, snapshot)
    built = unit.environment
    if isinstance(built, DockerEnvironment) and built.image:
        yield NeededImage(built.image, built.place, True)


def _registered(config: DeploymentReference, snapshot: Snapshot) -> Iterator[NeededImage]:
    """The image of an environment that is in the workspace alone."""
    named = reference(config.environment_reference) if config.named is None else None
    if named is None or is_curated(named.name):
        return
    row = _version(named, snapshot)
    if row is not None and row.image:
        shown = f"{named.name}:{row.version}"
        yield NeededImage(row.image, named.location, row.is_built, shown)


def _version(named: Named, snapshot: Snapshot) -> EnvironmentVersion | None:
    """The version that is meant, where the snapshot has it and says which one is the latest."""
    listed = snapshot.fact(facts.ENVIRONMENTS)
    fact = snapshot.fact(facts.ENVIRONMENT_VERSIONS, named.name)
    wanted = named.version
    if wanted is None and isinstance(listed, Read):
        wanted = next((a.latest_version for a in listed.value if a.name == named.name), None)
    rows = fact.value if isinstance(fact, Read) else ()
    return next((row for row in rows if row.version == wanted), None)
