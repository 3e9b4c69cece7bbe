"""v1 inference configurations (`inferenceconfig.json`, `.yml`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from amllint.artifacts.fields import Absent, Field, Section
from amllint.artifacts.naming import Family

INFERENCE_KEYS: Final = {
    "entry_script": "entryScript",
    "runtime": "runtime",
    "conda_file": "condaFile",
    "extra_docker_file_steps": "extraDockerfileSteps",
    "source_directory": "sourceDirectory",
    "enable_gpu": "enableGpu",
    "base_image": "baseImage",
    "base_image_registry": "baseImageRegistry",
    "cuda_version": "cudaVersion",
    "environment": "environment",
}
"""Parameters of `InferenceConfig`, and the keys of the file that say the same."""


@dataclass(frozen=True, slots=True)
class InferenceConfig:
    """What says which script serves, from which folder, in which environment.

    `specification` is the conda file that code makes the environment from, relative to where
    the code is run; files have none.
    """

    section: Section
    specification: Field[Any] | None = None

    @property
    def family(self) -> Family:
        """The generation of Azure ML's tools that reads it."""
        return "v1"

    @property
    def path(self) -> str:
        """The display path of the file."""
        return self.section.path

    @property
    def entry_script(self) -> Field[Any]:
        """`entryScript`: relative to the source directory."""
        return self.section.field("entryScript")

    @property
    def source_directory(self) -> Field[Any]:
        """`sourceDirectory`: relative to wherever the CLI is run."""
        return self.section.field("sourceDirectory")

    @property
    def conda_file(self) -> Field[Any]:
        """`condaFile` of the legacy route: relative to the source directory."""
        return self.section.field("condaFile")

    @property
    def environment_variables(self) -> Section:
        """The variables of the environment written into it; its data may be anything."""
        return self.section.section("environment", "environmentVariables")

    @property
    def embedded_conda(self) -> Section | None:
        """The conda dependencies written into `environment`, if there are any."""
        steps = ("environment", "python", "condaDependencies")
        section = self.section.section(*steps)
        return section if isinstance(section.data, dict) else None

    @property
    def base_image(self) -> Field[Any]:
        """The base image, of `environment` or of the legacy route."""
        modern = self.section.field("environment", "docker", "baseImage")
        return self.section.field("baseImage") if isinstance(modern, Absent) else modern

    @property
    def enable_gpu(self) -> Field[Any]:
        """`enableGpu` of the legacy route."""
        return self.section.field("enableGpu")
