"""What v2 deployments and the files of parallel jobs name: enough to know what serves.

Their own checks are another family; here they say which script is scored online and which
in batches, and which environment it runs in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from amllint.artifacts.environment_definition import EnvironmentDefinition
from amllint.artifacts.fields import Absent, Field, Known, Section
from amllint.artifacts.naming import Family, Purpose

PARALLEL_RUN_CONFIG: Final = "parallel_run_config"


@dataclass(frozen=True, slots=True)
class DeploymentReference:
    """A v2 online or batch deployment, or a parallel job, seen as a set of references.

    Paths in it are relative to the file's own folder. The settings of a v1 `ParallelRunConfig`
    (`parallel_run_config.yml`) are one too; there paths are relative to wherever it is run.
    `named` is the environment of a file that it names, where one is known.
    """

    section: Section
    purpose: Purpose
    base: tuple[str, ...] = ()
    named: EnvironmentDefinition | None = None

    @property
    def family(self) -> Family:
        """The generation of Azure ML's tools that reads it."""
        return "v1" if self.base[-1:] == (PARALLEL_RUN_CONFIG,) else "v2"

    @property
    def path(self) -> str:
        """The display path of the file."""
        return self.section.path

    @property
    def code(self) -> Field[Any]:
        """The folder of the code."""
        names = ("code",) if self.is_job else ("code_configuration", "code")
        names = ("source_directory",) if self.family == "v1" else names
        return self.section.field(*self.base, *names)

    @property
    def scoring_script(self) -> Field[Any]:
        """The script, relative to the folder of the code."""
        names = ("entry_script",) if self.is_job else ("code_configuration", "scoring_script")
        return self.section.field(*self.base, *names)

    @property
    def environment_reference(self) -> Field[Any]:
        """The environment: a text that names one, or a mapping that says what it is made of."""
        return self.section.field(*self.base, "environment")

    @property
    def environment(self) -> EnvironmentDefinition:
        """What the environment is made of: as the file says that is named, or as written out."""
        own = self.section.section(*self.base, "environment")
        return self.named or EnvironmentDefinition(own)

    @property
    def conda_file(self) -> Field[Any]:
        """The conda file of the environment."""
        return self.environment.conda_file

    @property
    def embedded_conda(self) -> Section | None:
        """Conda dependencies that are written out."""
        return self.environment.embedded_conda

    @property
    def image(self) -> Field[Any]:
        """The base image of the environment."""
        return self.environment.image

    @property
    def build_folder(self) -> Field[Any]:
        """The folder from which the environment's image is built."""
        return self.environment.build_folder

    @property
    def dockerfile(self) -> Field[Any]:
        """The Dockerfile of that folder, relative to it."""
        return self.environment.dockerfile

    @property
    def has_own_server(self) -> bool:
        """Whether the environment says where a server of its own answers."""
        return self.environment.has_own_server

    @property
    def name(self) -> Field[Any]:
        """The name of the deployment itself."""
        return self.section.field(*self.base, "name")

    @property
    def endpoint_name(self) -> Field[Any]:
        """The endpoint that it belongs to."""
        return self.section.field(*self.base, "endpoint_name")

    @property
    def environment_variables(self) -> Section:
        """The variables that the deployment sets; its data may be anything."""
        return self.section.section(*self.base, "environment_variables")

    @property
    def model(self) -> Field[Any]:
        """The model: a reference to a registered one, or a mapping with `name` and `path`."""
        return self.section.field(*self.base, "model")

    @property
    def model_name(self) -> Field[Any]:
        """The name of a model that is written out in the deployment."""
        return self.section.field(*self.base, "model", "name")

    @property
    def model_path(self) -> Field[Any]:
        """The path of a model that is written out in the deployment."""
        return self.section.field(*self.base, "model", "path")

    @property
    def is_no_code(self) -> bool:
        """Whether it is an MLflow model that is served without a script or an environment.

        Azure ML then writes the script, and makes the environment of what the model lists.
        """
        kind = self.section.field(*self.base, "model", "type")
        named = isinstance(kind, Known) and str(kind.value).lower() == "mlflow_model"
        own = (self.section.field(*self.base, k) for k in ("code_configuration", "environment"))
        return named and all(isinstance(field, Absent) for field in own)

    @property
    def instance_type(self) -> Field[Any]:
        """The VM size, or the name of an instance type of a Kubernetes cluster."""
        return self.section.field(*self.base, "instance_type")

    @property
    def instance_count(self) -> Field[Any]:
        """How many machines it runs on; a managed deployment has one where nothing is given."""
        return self.section.field(*self.base, "instance_count")

    @property
    def is_managed(self) -> bool:
        """Whether it is an online deployment that Azure ML runs on machines of its own."""
        if self.purpose != "online" or self.is_job or self.family != "v2":
            return False
        kind, schema = (self.section.field(*self.base, k) for k in ("type", "$schema"))
        if isinstance(kind, Absent):
            return not (isinstance(schema, Known) and "kubernetes" in str(schema.value).lower())
        return isinstance(kind, Known) and str(kind.value).lower() == "managed"

    @property
    def is_kubernetes(self) -> bool:
        """Whether it is an online deployment to a Kubernetes compute.

        Source: azure-ai-ml 1.35.2, which takes `type: kubernetes`, so spelt, for one alone.
        """
        if self.purpose != "online" or self.is_job or self.family != "v2":
            return False
        kind = self.section.field(*self.base, "type")
        return isinstance(kind, Known) and kind.value == "kubernetes"

    @property
    def is_job(self) -> bool:
        """Whether it is a step of a parallel job rather than a deployment."""
        return bool(self.base)
