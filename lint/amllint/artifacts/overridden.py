"""Configurations with options of a command line in the place of what their files say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from amllint.artifacts.command_line import CommandLine
from amllint.artifacts.command_options import (
    DEPLOYMENT_ARGUMENTS,
    INFERENCE_ARGUMENTS,
    value_of_text,
)
from amllint.artifacts.deployment_config import (
    AciDeployment,
    AksEndpointDeployment,
    DeploymentConfig,
    LocalDeployment,
    deployment_config,
)
from amllint.artifacts.fields import Absent, Known, Section, Unknown, value_of
from amllint.artifacts.inference_config import INFERENCE_KEYS, InferenceConfig
from amllint.findings.finding import Location
from amllint.source.documents import Document
from amllint.source.nodes import Entry, Mapping, Node, Path, Scalar, node_at


class Override(NamedTuple):
    """A value of an option: the key path that it stands for, and the places of both."""

    path: tuple[str, ...]
    node: Scalar
    value: Location
    key: Location
    option: str


@dataclass(frozen=True, slots=True)
class OverriddenSection(Section):
    """A section in which some values stand in a command line."""

    overrides: dict[Path, Override] = field(default_factory=dict, compare=False)
    made: dict[Path, Override] = field(default_factory=dict, compare=False)
    """Sections that the file does not have, by an option that something in them is given by."""

    def locate(self, path: Path = (), key: bool = False) -> Location:
        """Where a path stands: in the file, or at an option."""
        override = self.overrides.get((*self.base, *path))
        if override is not None:
            return override.key if key else override.value
        made = self.made.get((*self.base, *path))
        if made is not None:
            return made.key
        return Section.locate(self, path, key)

    def section(self, *path: str) -> Section:
        """A section further down."""
        return OverriddenSection(self.document, (*self.base, *path), self.overrides, self.made)

    def called(self, *path: str) -> str:
        """The name of the option that gives a value, or that of its key."""
        override = self.overrides.get((*self.base, *path))
        return override.option if override is not None else path[-1]


def with_options(
    line: CommandLine, inference: InferenceConfig | None, deployment: DeploymentConfig | None
) -> tuple[InferenceConfig | None, DeploymentConfig | None]:
    """What a command line deploys with: the files' configurations, options in their place.

    Without a file, the options alone make one, if they say what is needed at least.
    """
    return _inference(line, inference), _deployment(line, deployment)


def _inference(line: CommandLine, file: InferenceConfig | None) -> InferenceConfig | None:
    keys: dict[str, tuple[str, ...]] = {
        name: (INFERENCE_KEYS[name],) for name in INFERENCE_ARGUMENTS
    }
    overrides = list(_overrides(line, keys))
    environment = _environment(line, file)
    if environment is not None:
        overrides.append(environment)
    if file is None and (line.options("inference_config_file") or not line.options("entry_script")):
        return None
    if not overrides:
        return file
    return InferenceConfig(_merged(line, file.section if file else None, overrides))


def _environment(line: CommandLine, file: InferenceConfig | None) -> Override | None:
    """A registered environment or a folder, which counts where the file has none."""
    if file is not None and not isinstance(file.environment, Absent):
        return None
    for argument in ("environment_name", "environment_directory"):
        for option in line.options(argument):
            given = line.field(argument)
            if not isinstance(given, Absent):
                node = Scalar(line.call.span, option.name, option.name, True, True)
                return Override(("environment",), node, given.location, line.place, option.name)
    return None


def _deployment(line: CommandLine, file: DeploymentConfig | None) -> DeploymentConfig | None:
    named = value_of(line.field("compute_type"))
    if file is None and (line.options("deploy_config_file") or not isinstance(named, str)):
        return None
    kinds = (LocalDeployment, AciDeployment, AksEndpointDeployment)
    keys = {n: p for kind in kinds for n, p in kind.keys.items() if n in DEPLOYMENT_ARGUMENTS}
    overrides = list(_overrides(line, keys | {"compute_type": ("computeType",)}))
    if not overrides:
        return file
    return deployment_config(_merged(line, file.section if file else None, overrides))


def _overrides(line: CommandLine, keys: dict[str, tuple[str, ...]]) -> Iterable[Override]:
    for argument in line.arguments:
        if argument not in keys:
            continue
        given, option = line.field(argument), line.options(argument)[-1]
        value: Any = value_of_text(argument, given.value) if isinstance(given, Known) else None
        key = given.key if isinstance(given, Known) else given.location
        node = Scalar(given.location.span, value, str(value), True, value is None)
        if isinstance(given, (Known, Unknown)):
            yield Override(keys[argument], node, given.location, key, option.name)


def _merged(
    line: CommandLine, section: Section | None, overrides: Iterable[Override]
) -> OverriddenSection:
    place = line.place
    if section is None:
        root: Node = Mapping(place.span, (), True)
        document = Document(line.run.source, root, "command")
    else:
        document = section.document
        root = node_at(document.root, section.base) or document.root
    found: dict[Path, Override] = {}
    made: dict[Path, Override] = {}
    if isinstance(root, Mapping):
        for override in overrides:
            for length in range(1, len(override.path)):
                if node_at(root, override.path[:length]) is None:
                    made[override.path[:length]] = override
            root = _with(root, override.path, override)
            found[override.path] = override
    merged = Document(document.source, root, document.language)
    return OverriddenSection(merged, (), found, made)


def _with(node: Mapping, path: tuple[str, ...], override: Override) -> Mapping:
    """A mapping with another value at a path."""
    first, *rest = path
    entry = node.get(first)
    value: Node = override.node
    if rest:
        inner = entry.value if entry is not None else None
        inner = inner if isinstance(inner, Mapping) else Mapping(node.span, (), True)
        value = _with(inner, tuple(rest), override)
    key = entry.key if entry is not None else Scalar(override.key.span, first, first, True)
    kept = tuple(e for e in node.entries if e.key.value != first)
    return Mapping(node.span, (*kept, Entry(key, value)), node.flow)
