"""`deploy.json` of the GitHub action aml-deploy: a service, its script and its image in one file.

What azureml-core is given is read as the configurations that it amounts to. Source: the
action's `schemas.py` and `main.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from amllint.artifacts.called import Tree
from amllint.artifacts.deployment_config import AciDeployment, AksDeployment
from amllint.artifacts.fields import Absent, Field, Section, value_of
from amllint.artifacts.inference_config import INFERENCE_KEYS, InferenceConfig
from amllint.source.documents import Document
from amllint.source.nodes import Mapping, Scalar, to_data
from amllint.source.text import Span

LANGUAGE: Final = "aml-deploy"
TARGET: Final = "deployment_compute_target"
_RENAMED: Final = {
    "auth_enabled": "authentication_enabled",
    "enable_app_insights": "app_insights_enabled",
    "collect_model_data": "model_data_collection_enabled",
    "entry_script": "inference_entry_script",
    "source_directory": "inference_source_directory",
    "base_image": "custom_base_image",
}
_DEFAULTS: Final = {
    "entry_script": "score.py",
    "source_directory": "code/deploy/",
    "conda_file": "environment.yml",
    "runtime": "python",
}
_ELSEWHERE: Final = frozenset(
    {"primary_key", "secondary_key", "compute_target_name", "cpu_cores_limit", "memory_gb_limit"}
    | {"environment", "base_image_registry", "cmk_vault_base_url", "cmk_key_name"}
    | {"cmk_key_version", "vnet_name", "subnet_name"}
)
"""Arguments that the action takes from variables, or not at all."""


def key_of(argument: str) -> str:
    """The key of the file that gives an argument of azureml-core."""
    return _RENAMED.get(argument, argument)


AKS_KEYS: Final = frozenset(
    key_of(n) for n in AksDeployment.keys if n not in {*AciDeployment.keys, *_ELSEWHERE}
) - {"model_data_collection_enabled"}
"""Keys that are read for AKS alone."""
ACI_KEYS: Final = frozenset(
    key_of(n) for n in AciDeployment.keys if n not in {*AksDeployment.keys, *_ELSEWHERE}
)
"""Keys that are read for ACI alone."""


@dataclass(frozen=True, slots=True)
class ActionSection(Section):
    """What the file amounts to, under the keys of a configuration."""

    assumed: frozenset[str] = frozenset()

    def assumes(self, key: str) -> bool:
        """Whether a value is the action's default and stands nowhere."""
        return key in self.assumed

    def section(self, *path: str) -> Section:
        """A section further down."""
        return ActionSection(self.document, (*self.base, *path), self.assumed)


@dataclass(frozen=True, slots=True)
class ActionConfig:
    """The file as it is written."""

    section: Section

    @property
    def path(self) -> str:
        """The display path of the file."""
        return self.section.path

    @property
    def name(self) -> Field[Any]:
        """The name of the service; without one it is made of repository and branch."""
        return self.section.field("name")

    @property
    def is_for_aks(self) -> bool:
        """Whether a cluster is named; otherwise the action deploys to ACI."""
        return not isinstance(self.section.field(TARGET), Absent)

    def inference_config(self) -> InferenceConfig:
        """The `InferenceConfig` that the action makes; what is not given has its defaults."""
        paths = {n: (k,) for n, k in INFERENCE_KEYS.items() if n not in _ELSEWHERE}
        root = self.section.document.root
        given = {n for n in paths if isinstance(root, Mapping) and root.get(key_of(n))}
        assumed = frozenset(INFERENCE_KEYS[n] for n in _DEFAULTS if n not in given)
        return InferenceConfig(self._view(dict(paths), _DEFAULTS, assumed))

    def deployment_config(self) -> AksDeployment | AciDeployment | None:
        """The configuration of the service that the action makes, if it makes one."""
        if value_of(self.section.field("skip_deployment")) is True:
            return None
        kind = AksDeployment if self.is_for_aks else AciDeployment
        paths = {n: p for n, p in kind.keys.items() if n not in _ELSEWHERE}
        view = self._view(paths, {"compute_type": kind.compute_type}, frozenset())
        return kind(view)

    def _view(
        self, paths: dict[str, tuple[str, ...]], defaults: dict[str, str], assumed: frozenset[str]
    ) -> ActionSection:
        document = self.section.document
        root = document.root
        place = Span(root.span.start, root.span.start + 1)
        tree = Tree(place)
        for name, value in defaults.items():
            path = paths.get(name, ("computeType",))
            tree.put(path, Scalar(place, value, value, True), place)
        for name, path in paths.items():
            entry = root.get(key_of(name)) if isinstance(root, Mapping) else None
            if entry is not None and to_data(entry.value) is not None:
                tree.put(path, entry.value, entry.key.span)
        return ActionSection(Document(document.source, tree.node(), LANGUAGE), (), assumed)
