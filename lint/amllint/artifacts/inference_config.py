"""v1 inference configurations (`inferenceconfig.json`, `.yml`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from amllint.artifacts.fields import Absent, Field, Known, Section, Unknown, value_of
from amllint.artifacts.naming import Family
from amllint.findings.finding import Location

_FLAGS: Final[dict[str, tuple[str, ...]]] = {
    "enable_gpu": ("enableGpu",),
    "user_managed_dependencies": ("environment", "python", "userManagedDependencies"),
}
_SPELLINGS: Final = {"extra_docker_file_steps": "extraDockerfileSteps"}
_LEGACY: Final = ("runtime", "conda_file", "extra_docker_file_steps", "cuda_version", "enable_gpu")

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

    `specification` is the conda file that code makes the environment from, `requirements` the
    file of requirements, relative to where the code is run; files have none.
    """

    section: Section
    specification: Field[Any] | None = None
    requirements: Field[Any] | None = None

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
    def unread_conda_file(self) -> Field[Any]:
        """The path of a conda file in `environment`, which azureml-core never opens."""
        return self.section.field("environment", "python", "condaDependenciesFile")

    @property
    def lists_packages(self) -> bool:
        """Whether the environment lists packages, in itself or in a file that code names."""
        files = (self.specification, self.requirements)
        return self.embedded_conda is not None or any(file is not None for file in files)

    @property
    def base_image(self) -> Field[Any]:
        """The base image, of `environment` or of the legacy route."""
        modern = self.section.field("environment", "docker", "baseImage")
        return self.section.field("baseImage") if isinstance(modern, Absent) else modern

    @property
    def base_dockerfile(self) -> Field[Any]:
        """The Dockerfile of `environment`: its text, or in code the path of one."""
        return self.section.field("environment", "docker", "baseDockerfile")

    @property
    def user_managed(self) -> Field[Any]:
        """Whether the script runs with the Python of the image, and nothing is added to that."""
        return self.section.field(*_FLAGS["user_managed_dependencies"])

    @property
    def enable_gpu(self) -> Field[Any]:
        """`enableGpu` of the legacy route."""
        return self.section.field("enableGpu")

    @property
    def runtime(self) -> Field[Any]:
        """`runtime` of the legacy route."""
        return self.section.field("runtime")

    @property
    def cuda_version(self) -> Field[Any]:
        """`cudaVersion` of the legacy route."""
        return self.section.field("cudaVersion")

    @property
    def extra_docker_file_steps(self) -> Field[Any]:
        """`extraDockerfileSteps` of the legacy route: relative to the source directory."""
        return self.section.field("extraDockerfileSteps")

    @property
    def legacy_base_image(self) -> Field[Any]:
        """`baseImage` of the legacy route."""
        return self.section.field("baseImage")

    @property
    def environment(self) -> Field[Any]:
        """The environment, written out."""
        return self.section.field("environment")

    @property
    def registries(self) -> Iterator[Section]:
        """The sections that may hold a user and password of a container registry."""
        yield self.section.section("environment", "docker", "baseImageRegistry")
        yield self.section.section("baseImageRegistry")

    @property
    def place(self) -> Location:
        """Where a finding about the whole configuration stands."""
        return self.section.locate(("entryScript",), key=True)

    @property
    def is_derived(self) -> bool:
        """Whether its keys are none of its owner's: another tool makes it from a file."""
        return self.section.document.language == "aml-deploy"

    @property
    def has_unknown(self) -> bool:
        """Whether what describes the image is only known later."""
        names = ("environment", *_LEGACY, "legacy_base_image")
        return any(isinstance(getattr(self, name), Unknown) for name in names)

    @property
    def is_legacy(self) -> bool:
        """Whether it has keys of the legacy route and nothing that keeps them from counting."""
        return isinstance(self.environment, Absent) and not isinstance(self.runtime, Unknown)

    def flags(self) -> Iterator[tuple[str, Field[Any]]]:
        """The switches that a service depends on, by the name of the argument."""
        return ((name, self.section.field(*path)) for name, path in _FLAGS.items())

    def name_of(self, name: str) -> str:
        """What an argument is called where the configuration is written."""
        head, *rest = name.split("_")
        key = _SPELLINGS.get(name) or head + "".join(word.capitalize() for word in rest)
        return self.section.called(key)

    def spelled(self, value: bool) -> str:
        """True or false as it is written here."""
        return "true" if value else "false"

    def legacy(self) -> Iterator[tuple[str, Known[Any]]]:
        """The arguments of the legacy route that ask for something, by name."""
        for name in (*_LEGACY, "legacy_base_image"):
            field: Field[Any] = getattr(self, name)
            if isinstance(field, Known) and value_of(field):
                yield name.removeprefix("legacy_"), field
