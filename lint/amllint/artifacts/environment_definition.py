"""v2 environments as YAML says them, in a file of their own or written out in a deployment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from amllint.artifacts.fields import Absent, Field, Section, is_text, value_of
from amllint.artifacts.registered_names import registered_name

_CURATED: Final = "azureml-"
_KEYS: Final = frozenset(
    {"$schema", "name", "version", "image", "build", "conda_file", "description", "tags"}
    | {"os_type", "inference_config", "type", "datastore", "auto_delete_setting"}
)


class EnvironmentName(NamedTuple):
    """A registered environment: its name, and its version where one is asked for."""

    name: str
    version: str | None


@dataclass(frozen=True, slots=True)
class EnvironmentDefinition:
    """What an environment is made of; paths in it are relative to the folder of its file."""

    section: Section

    @property
    def path(self) -> str:
        """The display path of the file."""
        return self.section.path

    @property
    def name(self) -> str | None:
        """What it is registered as, `None` where that is not known."""
        name = self.section.field("name")
        return name.value if is_text(name) else None

    @property
    def version(self) -> Field[Any]:
        """The version that it is registered as; Azure ML counts where there is none."""
        return self.section.field("version")

    @property
    def image(self) -> Field[Any]:
        """The base image."""
        return self.section.field("image")

    @property
    def conda_file(self) -> Field[Any]:
        """The conda file, or its content."""
        return self.section.field("conda_file")

    @property
    def embedded_conda(self) -> Section | None:
        """Conda dependencies that are written out in it."""
        section = self.section.section("conda_file")
        return section if isinstance(section.data, dict) else None

    @property
    def build_folder(self) -> Field[Any]:
        """The folder from which an image is built."""
        return self.section.field("build", "path")

    @property
    def dockerfile(self) -> Field[Any]:
        """The Dockerfile of that folder, relative to it."""
        return self.section.field("build", "dockerfile_path")

    @property
    def has_own_server(self) -> bool:
        """Whether it says where a server of its own answers."""
        return not isinstance(self.section.field("inference_config"), Absent)

    def is_meant(self, wanted: EnvironmentName) -> bool:
        """Whether it may be the one that is asked for."""
        own = value_of(self.version)
        numbered = wanted.version is None or own is None or str(own) == wanted.version
        return self.name == wanted.name and numbered


def environment_name(reference: Field[Any]) -> EnvironmentName | None:
    """The registered environment that a deployment names; `None` for curated ones and all else.

    Source: azure-ai-ml 1.35.2, executed: `azureml:NAME:VERSION` and `azureml:NAME@latest`; names
    that begin with `AzureML-` are Microsoft's own.
    """
    named = registered_name(reference.value) if is_text(reference) else None
    if named is None or is_curated(named.name):
        return None
    return EnvironmentName(named.name, named.version)


def is_curated(name: str) -> bool:
    """Whether an environment's name is one of Microsoft's own."""
    return name.lower().startswith(_CURATED)


def environment_file(reference: Field[Any]) -> str | None:
    """The path of the YAML that a deployment takes its environment from: `file:env.yml`.

    Source: azure-ai-ml 1.35.2, executed: it is relative to the deployment's folder, and a path
    without `file:` is refused.
    """
    text = reference.value if is_text(reference) else ""
    return text.removeprefix("file:") or None if text.startswith("file:") else None


def defines_environment(data: Any) -> bool:
    """Whether a mapping is the content of an environment's YAML, by its schema or its keys."""
    if not isinstance(data, dict):
        return False
    if str(data.get("$schema", "")).lower().endswith("environment.schema.json"):
        return True
    shaped = "name" in data and bool({"image", "build"} & data.keys()) and data.keys() <= _KEYS
    return shaped and not str(data.get("$schema", ""))
