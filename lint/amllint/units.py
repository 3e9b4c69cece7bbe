"""Deployment units: what ships together, linked by what names what."""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from amllint.artifacts.action_config import ActionConfig
from amllint.artifacts.called import LANGUAGE
from amllint.artifacts.conda import CondaEnvironment
from amllint.artifacts.deployment_config import AciDeployment, AksDeployment, DeploymentConfig
from amllint.artifacts.deployment_reference import DeploymentReference
from amllint.artifacts.docker_environment import embedded
from amllint.artifacts.endpoint_definition import EndpointFiles
from amllint.artifacts.environment import Environment
from amllint.artifacts.environment_definition import EnvironmentDefinition
from amllint.artifacts.fields import Field, Known, Unknown, is_text, value_of
from amllint.artifacts.inference_config import InferenceConfig
from amllint.artifacts.naming import Purpose
from amllint.artifacts.running_texts import RunningTexts
from amllint.artifacts.scoring_script import ScoringScript
from amllint.capacity.facts import NO_FACTS, Facts
from amllint.config import Declaration as Declaration
from amllint.findings.intent import Intent
from amllint.listed_environments import ListedEnvironments
from amllint.source.dockerfile import is_dockerfile
from amllint.source.overlay import Overlay
from amllint.source.problem import Unreadable
from amllint.source.repository import Repository
from amllint.traffic import Traffic

if TYPE_CHECKING:
    from amllint.artifacts.command_line import DeployCommand
    from amllint.artifacts.deploy_code import DeployCall, DeployCode
    from amllint.artifacts.missing_files import MissingFiles
    from amllint.artifacts.read_command import ReadCommand
    from amllint.snapshot.document import Snapshot


MLFLOW_ENVIRONMENT: Final = "conda.yaml"
"""What the conda file is called in the folder of an MLflow model."""
MLFLOW_REQUIREMENTS: Final = "requirements.txt"
"""What the same list for pip is called there, which Azure ML does not read."""


class Resolution(NamedTuple):
    """Where a reference leads: the file if there is one, and every place that was tried."""

    path: str | None
    tried: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeploymentUnit:
    """What is deployed together; any part may be missing or not known.

    `name` is the path of the file that holds it together, or the declared name. `told` is what
    that file's own place says of its use, for a unit without a script.
    """

    name: str
    script: ScoringScript | None = None
    inference_config: InferenceConfig | None = None
    environment: Environment | None = None
    deployment_config: DeploymentConfig | None = None
    reference: DeploymentReference | None = None
    declaration: Declaration | None = None
    code: DeployCode | None = None
    deploy: DeployCall | None = None
    told: Intent | None = None
    command: DeployCommand | None = None
    action: ActionConfig | None = None
    missing: MissingFiles | None = None
    read: ReadCommand | None = None
    traffic: Traffic | None = None
    facts: Facts = NO_FACTS

    @property
    def serves(self) -> bool:
        """Whether it serves calls: an online script, an inference config or a declaration."""
        if self.reference is not None:
            return self.reference.purpose == "online"
        if self.inference_config is not None or self.declaration is not None:
            return True
        return self.script is not None and self.script.online

    @property
    def intent(self) -> Intent | None:
        """What it is for: as declared, or as its script is."""
        declared = self.declaration
        if declared is not None and declared.purpose is not None:
            where = f"`purpose` of {declared.name} in {declared.location.path}"
            return Intent(declared.purpose, where, True)
        return self.script.intent if self.script is not None else self.told

    def parts(self) -> Iterator[Any]:
        """The artifacts it is made of."""
        candidates = (self.script, self.inference_config, self.environment)
        more = (
            self.deployment_config,
            self.reference,
            self.code,
            self.deploy,
            self.command,
            self.action,
            self.missing,
            self.read,
        )
        for part in (*candidates, *more):
            if part is not None:
                yield part

    @property
    def paths(self) -> set[str]:
        """Display paths of its files."""
        return {part.path for part in self.parts()}


@dataclass(slots=True)
class Linker:
    """Follows references between files; every path it knows is absolute.

    `written` are files that cells of notebooks write: as good as there. `codes` is the code that
    deploys, by the path that places in it have. `commands` are the command lines that deploy,
    `run_in` the folders that they may be run in, by the configuration that they name. `missing`
    is what command lines name in vain, `meant` the files that they may mean by it, `read` every
    command line. `today`
    is the day of which it is asked what is valid then. `excluded` tells the files that the
    configuration leaves out. `environments` reads files of requirements and Dockerfiles, where
    something names them. `snapshot` is what was known of the workspace, if that was handed over;
    then `endpoints` are those that the repository makes. `deployer` is the object id of who
    deploys, if the configuration says so. `running` answers questions about what may run.
    """

    overlay: Overlay
    repository: Repository
    found: dict[str, list[Any]] = field(default_factory=dict)
    written: set[str] = field(default_factory=set)
    codes: dict[str, DeployCode] = field(default_factory=dict)
    commands: list[DeployCommand] = field(default_factory=list)
    run_in: dict[str, list[str]] = field(default_factory=dict)
    missing: list[MissingFiles] = field(default_factory=list)
    read: list[ReadCommand] = field(default_factory=list)
    meant: set[str] = field(default_factory=set)
    today: datetime.date = field(default_factory=datetime.date.today)
    excluded: Callable[[str], bool] = field(default=lambda path: False)
    snapshot: Snapshot | None = None
    deployer: str | None = None
    endpoints: EndpointFiles = field(default_factory=EndpointFiles)
    environments: ListedEnvironments = field(init=False)
    running: RunningTexts = field(init=False)

    def __post_init__(self) -> None:
        """Let files of environments be read where files may be."""
        self.environments = ListedEnvironments(self.overlay, self._may_read)
        self.running = RunningTexts(self.overlay, self.repository)

    def _may_read(self, path: str) -> bool:
        return self.repository.contains(path) and not self.excluded(path)

    def on(self, today: str | None) -> None:
        """Take another day, `YYYY-MM-DD`, for today."""
        if today is not None:
            self.today = datetime.date.fromisoformat(today)

    def add(self, path: str, artifact: Any) -> None:
        """Make an artifact known at its path."""
        self.found.setdefault(path, []).append(artifact)

    def exists(self, path: str) -> bool:
        """Whether there is a file at a path, or a notebook's cell that writes one."""
        return self.overlay.exists(path) or path in self.written

    def all(self) -> Iterator[Any]:
        """Every artifact."""
        return (artifact for artifacts in self.found.values() for artifact in artifacts)

    def absolute(self, shown: str) -> str:
        """The absolute path of a display path."""
        return os.path.normpath(os.path.join(self.overlay.cwd, shown))

    # -- resolving ----------------------------------------------------------------------

    def resolve(self, owner: str, *steps: str) -> Resolution:
        """A v1 path, relative to wherever the CLI is run: every ancestor of the file is tried."""
        return self._first(self.folders_of(owner), steps)

    def folders_of(self, owner: str) -> list[str]:
        """The folders that paths of a v1 file may be relative to, the likely ones first."""
        path = self.absolute(owner)
        return [*self.run_in.get(path, ()), *self.repository.ancestors(path)]

    def resolve_beside(self, owner: str, *steps: str) -> Resolution:
        """A v2 path, relative to the folder of the file that names it."""
        return self._first([os.path.dirname(self.absolute(owner))], steps)

    def _first(self, folders: Iterable[str], steps: tuple[str, ...]) -> Resolution:
        tried: list[str] = []
        if any("\0" in step for step in steps):
            return Resolution(None, ())
        for folder in folders:
            path = os.path.normpath(os.path.join(folder, *steps))
            if path in tried:
                continue
            tried.append(path)
            if self.exists(path):
                return Resolution(path, tuple(tried))
        return Resolution(None, tuple(tried))

    def entry_script(self, config: InferenceConfig) -> Resolution | None:
        """The script that an inference config names; `None` where that cannot be known."""
        return self._below(config.path, config.source_directory, config.entry_script, False)

    def conda_file(self, config: InferenceConfig) -> Resolution | None:
        """The conda file that an inference config names; `None` where that cannot be known."""
        return self._below(config.path, config.source_directory, config.conda_file, False)

    def _below(
        self, owner: str, folder: Field[Any], name: Field[Any], beside: bool
    ) -> Resolution | None:
        if not isinstance(name, Known) or not isinstance(name.value, str) or not name.value:
            return None
        steps = [name.value]
        if isinstance(folder, Unknown):
            return None
        if isinstance(folder, Known) and folder.value:  # what is empty counts as not given
            if not isinstance(folder.value, str):
                return None
            steps.insert(0, folder.value)
        return self.resolve_beside(owner, *steps) if beside else self.resolve(owner, *steps)

    def shipped_folder(self, artifact: Any) -> str | None:
        """The folder that ships with the script an artifact names; `None` if nothing says it.

        A v1 configuration without a source directory ships the script alone.
        """
        is_config = isinstance(artifact, InferenceConfig)
        field = artifact.source_directory if is_config else artifact.code
        anywhere = artifact.family == "v1"
        if not isinstance(field, Known) or not isinstance(field.value, str):
            return None
        if not field.value or "\0" in field.value:
            return None
        owner = self.absolute(artifact.path)
        here = os.path.dirname(owner)
        tried = self.folders_of(artifact.path) if anywhere else [here]
        folders = (os.path.normpath(os.path.join(base, field.value)) for base in tried)
        return next((f for f in folders if self.overlay.is_folder(f)), None)

    def uploaded_folder(self, config: InferenceConfig) -> str | None:
        """The source directory, if only one of the repository that has the script is meant."""
        folder, script = config.source_directory, config.entry_script
        for given in (folder, script):
            if not isinstance(given, Known) or not isinstance(given.value, str) or not given.value:
                return None
        steps = (value_of(folder), value_of(script))
        if any("\0" in str(step) for step in steps):
            return None
        bases = self.folders_of(config.path)
        found = {
            os.path.normpath(os.path.join(base, str(steps[0])))
            for base in bases
            if self.exists(os.path.normpath(os.path.join(base, *map(str, steps))))
        }
        only = found.pop() if len(found) == 1 else None
        inside = only == self.repository.root or (only and self.repository.contains(only))
        return only if inside else None

    def same_name(self, path: str) -> str | None:
        """A file of the repository with the base name of a path, wherever it lies."""
        name = os.path.basename(path)
        return next((f for f in self.repository.files if os.path.basename(f) == name), None)

    def is_laid_out(self, path: str, resolution: Resolution) -> bool:
        """Whether a path leads out of where it stands, into a folder that nothing has here.

        A pipeline's artifacts lie like that, beside each other in folders of its own choice.
        """
        outward = path.replace("\\", "/").startswith("../")
        folders = {os.path.dirname(tried) for tried in resolution.tried}
        return outward and not any(map(self.overlay.is_folder, folders))

    def mentions(self, path: str, what: re.Pattern[bytes], hint: bytes = b"") -> bool:
        """Whether a file of the repository, or a notebook beside or above `path`, mentions it.

        What holds no `hint` is not searched.
        """
        own = self.absolute(path)
        beside = _in_folder(os.path.dirname(own))
        more = [p for p in beside if p.endswith((".ipynb", ".txt", ".toml", ".cfg"))]
        above = (p for f in list(self.repository.ancestors(own))[1:] for p in _in_folder(f))
        more += [p for p in above if p.endswith(".ipynb")]
        rest = (p for p in self.repository.files if not p.endswith(".ipynb"))
        for candidate in (*more, *rest):
            if candidate == own:
                continue
            try:
                data = self.overlay.data(candidate)
                if hint in data and what.search(data):
                    return True
            except Unreadable:
                continue
        return False

    # -- naming -------------------------------------------------------------------------

    def scripts_named(self, artifact: Any) -> Iterator[tuple[str, Purpose]]:
        """Paths of Python scripts that an artifact names, with the purpose it gives them."""
        for path, purpose in self._entries_named(artifact):
            if path.endswith(".py"):
                yield path, purpose

    def _entries_named(self, artifact: Any) -> Iterator[tuple[str, Purpose]]:
        resolution = self._entry_of(artifact)
        if resolution and resolution.path:
            online = isinstance(artifact, InferenceConfig)
            yield resolution.path, "online" if online else artifact.purpose

    def missing_scripts(self, artifact: InferenceConfig | DeploymentReference) -> Iterator[str]:
        """The places where a script that is named was looked for in vain."""
        resolution = self._entry_of(artifact)
        if resolution and resolution.path is None:
            yield from resolution.tried

    def _entry_of(self, artifact: Any) -> Resolution | None:
        if isinstance(artifact, InferenceConfig):
            return self.entry_script(artifact)
        if not isinstance(artifact, DeploymentReference):
            return None
        beside = artifact.family == "v2"
        return self._below(artifact.path, artifact.code, artifact.scoring_script, beside)

    def environments_named(self, artifact: Any) -> Iterator[str]:
        """Paths of conda files that an artifact names."""
        if isinstance(artifact, InferenceConfig):
            resolution = self.conda_file(artifact) or self._specification(artifact)
        elif isinstance(artifact, DeploymentReference) and not artifact.is_job:
            resolution = self._referenced_environment(artifact)
        else:
            return
        if resolution and resolution.path:
            yield resolution.path

    def _referenced_environment(self, reference: DeploymentReference) -> Resolution | None:
        """The conda file of a v2 deployment: its own, or that of an MLflow model without code."""
        value = reference.model_path if reference.is_no_code else reference.conda_file
        steps = (MLFLOW_ENVIRONMENT,) if reference.is_no_code else ()
        owner = reference.path if reference.is_no_code else reference.environment.path
        if not isinstance(value, Known) or not isinstance(value.value, str):
            return None
        return self.resolve_beside(owner, value.value, *steps)

    def _specification(self, config: InferenceConfig) -> Resolution | None:
        """The conda file that code makes an environment from, relative to where it is run."""
        file = config.specification
        if not isinstance(file, Known) or not isinstance(file.value, str) or not file.value:
            return None
        return self.resolve(config.path, file.value)

    # -- units --------------------------------------------------------------------------

    def _listed(self, root: InferenceConfig | DeploymentReference) -> Environment | None:
        """An environment that is no conda file: requirements, or what a Dockerfile builds."""
        if isinstance(root, InferenceConfig):
            file = root.requirements
            if not is_text(file):
                return None
            path = self.resolve(root.path, file.value).path
            return self.environments.requirements(path, file.location) if path else None
        folder = root.build_folder
        if root.is_job or not is_text(folder) or isinstance(root.dockerfile, Unknown):
            return None
        base = os.path.dirname(self.absolute(root.environment.path))
        context = os.path.normpath(os.path.join(base, folder.value))
        name = value_of(root.dockerfile) or "Dockerfile"
        by = root.dockerfile if is_text(root.dockerfile) else folder
        return self.environments.dockerfile(
            os.path.normpath(os.path.join(context, str(name))), context, by.location
        )

    def _of_image(self, config: InferenceConfig) -> Environment | None:
        """What a v1 Dockerfile installs, where the script runs with the Python of the image."""
        file = config.base_dockerfile
        if not value_of(config.user_managed) or not is_text(file):
            return None
        section = config.section
        if is_dockerfile(file.value):
            return embedded(file.value, file.location, config.path, section.document.source)
        if section.document.language != LANGUAGE:
            return None  # a file of a configuration has the text itself
        path = self.resolve(config.path, file.value).path
        return self.environments.dockerfile(path, None, file.location) if path else None

    def units(self, declarations: tuple[Declaration, ...]) -> list[DeploymentUnit]:
        """Every unit: declared ones, those that files link, and lone files."""
        units = [self._declared(d) for d in declarations]
        units += [unit for code in self.codes.values() for unit in self._deployed(code)]
        units += [self._commanded(command) for command in self.commands]
        units += [DeploymentUnit(m.path, missing=m) for m in self.missing]
        units += [DeploymentUnit(r.path, read=r) for r in self.read]
        units += [self._acted(a) for a in self.all() if isinstance(a, ActionConfig)]
        declared = {id(part) for unit in units for part in unit.parts()}
        declared |= {id(part) for command in self.commands for part in command.covers}
        for artifacts in list(self.found.values()):
            for artifact in artifacts:
                if id(artifact) in declared:
                    continue
                if isinstance(artifact, (InferenceConfig, DeploymentReference)):
                    units.append(self._linked(artifact))
        linked = {id(part) for unit in units for part in unit.parts()} | declared
        for artifacts in self.found.values():
            for artifact in artifacts:
                if id(artifact) not in linked and not isinstance(artifact, EnvironmentDefinition):
                    units.append(_lone(artifact))
        return units

    def _linked(self, root: InferenceConfig | DeploymentReference) -> DeploymentUnit:
        script = self._one(ScoringScript, (p for p, _ in self.scripts_named(root)))
        environment: Environment | None
        environment = self._of_image(root) if isinstance(root, InferenceConfig) else None
        if environment is None:
            environment = self._one(CondaEnvironment, self.environments_named(root))
        if environment is None and root.embedded_conda is not None:
            environment = self.environments.completed(CondaEnvironment(root.embedded_conda))
        if environment is None:
            environment = self._listed(root)
        if isinstance(root, InferenceConfig):
            return DeploymentUnit(root.path, script, root, environment)
        self._read_beside_model(root)
        return DeploymentUnit(root.path, script, None, environment, reference=root)

    def _read_beside_model(self, reference: DeploymentReference) -> None:
        """Take what says what an MLflow model needs into the check: findings may stand in it."""
        folder = reference.model_path
        if reference.is_no_code and is_text(folder):
            found = self.resolve_beside(reference.path, folder.value, MLFLOW_REQUIREMENTS)
            if found.path:
                self.environments.requirements(found.path)
            described = self.resolve_beside(reference.path, folder.value, "MLmodel")
            if described.path:
                self.environments.read_mlmodel(described.path, folder.location)

    def _deployed(self, code: DeployCode) -> Iterator[DeploymentUnit]:
        """What each call that deploys or changes a service links; else the code alone."""
        calls = (*code.deployments, *code.changes)
        for deploy in calls:
            config = deploy.inference_config
            linked = self._linked(config) if config else DeploymentUnit(code.path)
            yield replace(
                linked, deployment_config=deploy.deployment_config, code=code, deploy=deploy
            )
        if not calls:
            yield DeploymentUnit(code.path, code=code)

    def _acted(self, action: ActionConfig) -> DeploymentUnit:
        """What the GitHub action puts together."""
        path = self.absolute(action.path)
        config = self._one(InferenceConfig, [path])
        deployment = self._one((AksDeployment, AciDeployment), [path])
        return replace(self._linked(config), deployment_config=deployment, action=action)

    def _commanded(self, command: DeployCommand) -> DeploymentUnit:
        """What a command line links."""
        config = command.inference_config
        linked = self._linked(config) if config else DeploymentUnit(command.path)
        return replace(
            linked,
            name=command.path,
            deployment_config=command.deployment_config,
            command=command,
        )

    def _one(self, kind: Any, paths: Iterable[str]) -> Any:
        for path in paths:
            for artifact in self.found.get(path, ()):
                if isinstance(artifact, kind):
                    return artifact
        return None

    def _declared(self, declaration: Declaration) -> DeploymentUnit:
        def part(kind: Any, path: str | None) -> Any:
            return self._one(kind, [path] if path else [])

        config = part(InferenceConfig, declaration.inference_config)
        linked = self._linked(config) if config else None
        script = part(ScoringScript, declaration.script)
        environment = part(CondaEnvironment, declaration.environment)
        return DeploymentUnit(
            declaration.name,
            script or (linked.script if linked else None),
            config,
            environment or (linked.environment if linked else None),
            part(DeploymentConfig, declaration.deployment_config),
            declaration=declaration,
        )


def _in_folder(folder: str) -> list[str]:
    """Paths of what a folder has; nothing where it cannot be read."""
    try:
        return [os.path.join(folder, name) for name in os.listdir(folder)]
    except OSError:
        return []


def _lone(artifact: Any) -> DeploymentUnit:
    """A file that nothing links: a unit with holes."""
    if isinstance(artifact, ScoringScript):
        return DeploymentUnit(artifact.path, script=artifact)
    if isinstance(artifact, CondaEnvironment):
        return DeploymentUnit(artifact.path, environment=artifact)
    return DeploymentUnit(artifact.path, deployment_config=artifact)
