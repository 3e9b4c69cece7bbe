"""Code that deploys: a script or a notebook with its calls of azureml-core, and what they make.

The configurations are the same artifacts as those of files, so that each rule serves both.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from amllint.analysis.facts import ScriptFacts
from amllint.analysis.sdk import gone
from amllint.analysis.sdk_calls import SdkCall, SdkCalls
from amllint.analysis.sdk_objects import Made, Objects
from amllint.analysis.values_of import Values, unknown
from amllint.artifacts.called import CalledDocument, Tree, text
from amllint.artifacts.called_environment import OPENED, Environments
from amllint.artifacts.deployment_config import DeploymentConfig
from amllint.artifacts.fields import Absent, Field, Known, Section, Unknown
from amllint.artifacts.inference_config import INFERENCE_KEYS, InferenceConfig
from amllint.artifacts.named_files import NamedFiles
from amllint.artifacts.sdk_pins import is_older
from amllint.artifacts.service_kinds import CHANGES, service_kind
from amllint.findings.finding import Location, Severity
from amllint.findings.secrets import concealed_slice
from amllint.source.code import CodeText
from amllint.source.nodes import Mapping, Node, Scalar, Sequence, to_data
from amllint.source.python import syntax as s
from amllint.source.text import Span

MAKES_CLUSTER: Final = "AksCompute.provisioning_configuration"
"""The call that says what an AKS cluster is made of which does not exist yet."""
_FILES: Final = frozenset(
    {"entry_script", "source_directory", "conda_file", "extra_docker_file_steps"}
    | {"ssl_cert_pem_file", "ssl_key_pem_file"}
)

_LOOKS: Final = re.compile(
    r"\.webservices\b|Webservice\s*\(|AksEndpoint\s*\(|\.delete\s*\(|\.update\s*\(|Webservice\.list"
)


@dataclass(frozen=True, slots=True)
class DeployCall:
    """A call that deploys, or that changes a service, with the configurations that it is given.

    Its `name` is that of the service, `Absent` where the call is one of a service that has one.
    """

    path: str
    name: Field[Any]
    call: SdkCall
    inference_config: InferenceConfig | None
    deployment_config: DeploymentConfig | None


@dataclass(frozen=True)
class DeployCode:
    """A script or a notebook that deploys.

    `whole` is all text of the file, what is no Python included. `is_there` says whether a path
    as the code has it leads to something, `older_sdk` which release of azureml-core the
    repository pins, if that is older than the one whose calls amllint knows.
    """

    code: CodeText
    facts: ScriptFacts
    whole: str
    is_there: Callable[[str], bool] = field(default=lambda path: False, compare=False)
    older_sdk: Callable[[], str | None] = field(default=lambda: None, compare=False)

    @property
    def path(self) -> str:
        """The display path of the file."""
        return self.code.path

    @property
    def is_notebook(self) -> bool:
        """Whether it is a notebook, whose cells people may also run one at a time."""
        return self.path.endswith(".ipynb")

    @cached_property
    def looks_for_services(self) -> bool:
        """Whether it anywhere asks which services are there, or deletes or updates one."""
        return _LOOKS.search(self.whole) is not None

    @cached_property
    def values(self) -> Values:
        """What its expressions are."""
        return Values(self.facts)

    @cached_property
    def calls(self) -> tuple[SdkCall, ...]:
        """Its calls of azureml-core, in the order of the text."""
        return tuple(self._finder.all())

    @cached_property
    def _finder(self) -> SdkCalls:
        return SdkCalls(self.facts, self.values)

    @cached_property
    def objects(self) -> Objects:
        """What its names stand for."""
        return Objects(self.facts, self.values, self._finder)

    @cached_property
    def environments(self) -> Environments:
        """The environments that it puts together."""
        return Environments(self.objects, self.values)

    @property
    def unless_older(self) -> Severity | None:
        """The severity of what a call does in the release that amllint knows.

        Advice where the repository pins an older one: there it may do something else.
        """
        return "info" if self.older_sdk() is not None else None

    def unless_taken(self, call: SdkCall, parameter: str | None) -> Severity | None:
        """The severity of an argument that a call does not take in any release, `None`.

        Advice where a release that the repository's pin admits took it; without a parameter,
        where one took another number of them.
        """
        older = self.older_sdk()
        took = gone().get(call.name, {})
        last = [v for name, v in took.items() if parameter in (name, None)]
        admitted = older is not None and any(not is_older(v, older) for v in last)
        return "info" if admitted else None

    def unless_before(self, version: str) -> Severity | None:
        """The severity of what calls do since a release: advice where an older one is pinned."""
        older = self.older_sdk()
        return "info" if older is not None and is_older(older, version) else None

    # -- places -------------------------------------------------------------------------

    def at(self, span: Span) -> Location:
        """A place in the code."""
        return Location(self.code.source.path, span)

    def text(self, span: Span) -> str:
        """The source of a span on one line, shortened; no secrets."""
        line = " ".join(concealed_slice(self.code.source, span).split())
        return line if len(line) <= 60 else f"{line[:40]} … {line[-17:]}"

    def argument(self, call: SdkCall, parameter: str) -> Field[Any]:
        """The three-state value of an argument; an explicit `None` counts as absent."""
        given = call.given.get(parameter)
        if given is None:
            if call.rest is not None:
                return Unknown("it may be among the arguments passed on", self.at(call.rest))
            return Absent(self.at(call.call.function.span))
        data = to_data(node := self.values.node(given.value))
        place, key = self.at(node.span), self.at(given.key)
        if isinstance(node, Scalar) and node.placeholder:
            return Unknown(str(node.value), place)
        return Absent(key) if data is None else Known(data, place, key)

    # -- configurations -----------------------------------------------------------------

    @cached_property
    def configurations(self) -> dict[int, DeploymentConfig | InferenceConfig]:
        """The configurations that calls make, by the identity of the call's node."""
        found: dict[int, DeploymentConfig | InferenceConfig] = {}
        for call in self.calls:
            kind = service_kind(call)
            if kind is not None:
                found[id(call.call)] = self._deployment(call, kind)
            elif call.name == "InferenceConfig":
                found[id(call.call)] = self._inference(call)
        return found

    def _deployment(self, call: SdkCall, kind: type[DeploymentConfig]) -> DeploymentConfig:
        place = call.call.function.span
        tree = Tree(place)
        tree.put(("computeType",), text(kind.compute_type, place), place)
        for parameter, keys in kind.keys.items():
            self._put(tree, call, parameter, keys)
        return kind(Section(CalledDocument(self.code, tree.node())), call.name)

    def _inference(self, call: SdkCall) -> InferenceConfig:
        place = call.call.function.span
        tree = Tree(place)
        for parameter, key in INFERENCE_KEYS.items():
            if parameter != "environment":
                self._put(tree, call, parameter, (key,))
        files: tuple[Field[Any] | None, Field[Any] | None] = (None, None)
        given = call.given.get("environment")
        if given is not None:
            files = self._environment(tree, call, given.value, given.key)
        elif call.rest is not None:
            self._put(tree, call, "environment", ("environment",))
        return InferenceConfig(Section(CalledDocument(self.code, tree.node())), *files)

    def _environment(
        self, tree: Tree, call: SdkCall, value: s.Expr, key: Span
    ) -> tuple[Field[Any] | None, Field[Any] | None]:
        """Put the environment into the tree; the conda file or requirements it is made from."""
        made = self.objects.made(value)
        plain = self.values.node(value)
        if made is None and not (isinstance(plain, Scalar) and plain.placeholder):
            if to_data(plain):  # what is empty counts as not given
                written = isinstance(plain, Mapping)
                plain = Sequence(plain.span, (plain,), True) if written else plain
                tree.put(("environment",), plain, key)
            return None, None
        end = call.call.span.end
        use = Span(end, end)
        node = self.environments.node(made, use)
        node = node._replace(span=value.span) if isinstance(node, Scalar) else node
        tree.put(("environment",), node, key)
        if isinstance(node, Scalar) or not self.environments.keeps_packages(made, use):
            return None, None
        named = (self.environments.specification(made), self.environments.requirements(made))
        conda, pip = (self._files.field(file, self.at) for file in named)
        return conda, pip

    def _put(self, tree: Tree, call: SdkCall, parameter: str, keys: tuple[str, ...]) -> None:
        given = call.given.get(parameter)
        if given is not None:
            tree.put(keys, self._node(call, parameter, given.value), given.key)
        elif call.rest is not None:
            tree.put(keys, unknown(call.rest, "among the arguments passed on"), call.rest)

    @cached_property
    def _files(self) -> NamedFiles:
        return NamedFiles(self.values, self.whole, self.is_there)

    def _node(self, call: SdkCall, parameter: str, value: s.Expr) -> Node:
        if parameter not in _FILES:
            return self.values.node(value)
        beside = (v.value for p, v in call.given.items() if p in _FILES and p != parameter)
        return self._files.node(value, beside)

    @cached_property
    def opened_files(self) -> tuple[Field[Any], ...]:
        """The files that environments are made from, whatever becomes of the environments."""
        given = (c.value(name) for c in self.calls for name in OPENED.get(c.name, ()))
        found = (self._files.field(value, self.at) for value in given)
        return tuple(field for field in found if field is not None)

    @cached_property
    def environment_attributes(self) -> tuple[tuple[Span, tuple[str, ...]], ...]:
        """Where attributes of environments are set, each with the way to it."""
        found = []
        for node in self.facts.of_kind(s.Assign):
            for target in node.targets:
                root = target
                while isinstance(root, s.Attribute):
                    root = root.value
                path = (s.dotted(target) or "").split(".")[1:]
                if len(path) < 2 or not isinstance(root, s.Name):
                    continue
                made = self.environments.origin(self.objects.made(root))
                if made is not None and made.call.owner == "Environment":
                    found.append((target.span, tuple(path)))
        return tuple(found)

    # -- deployments --------------------------------------------------------------------

    @cached_property
    def deployments(self) -> tuple[DeployCall, ...]:
        """The calls of `Model.deploy`."""
        calls = (c for c in self.calls if c.name == "Model.deploy")
        return tuple(self._deploy(call) for call in calls)

    @cached_property
    def changes(self) -> tuple[DeployCall, ...]:
        """The calls that change a service or a version of it, or add one."""
        calls = (c for c in self.calls if c.name in CHANGES)
        return tuple(self._change(call) for call in calls)

    def _change(self, call: SdkCall) -> DeployCall:
        inference = self._given(call, "inference_config")
        deployment = self.configurations.get(id(call.call))
        return DeployCall(
            self.path,
            Absent(self.at(call.call.function.span)),
            call,
            inference if isinstance(inference, InferenceConfig) else None,
            deployment if not isinstance(deployment, InferenceConfig) else None,
        )

    def _deploy(self, call: SdkCall) -> DeployCall:
        inference = self._given(call, "inference_config")
        deployment = self._given(call, "deployment_config")
        return DeployCall(
            self.path,
            self.argument(call, "name"),
            call,
            inference if isinstance(inference, InferenceConfig) else None,
            deployment if not isinstance(deployment, InferenceConfig) else None,
        )

    def _given(self, call: SdkCall, parameter: str) -> DeploymentConfig | InferenceConfig | None:
        made = self.made(call, parameter)
        return self.configurations.get(id(made.call.call)) if made else None

    def made(self, call: SdkCall, parameter: str) -> Made | None:
        """What made the object that a call is given."""
        value = call.value(parameter)
        return self.objects.made(value) if value is not None else None

    def models(self, call: SdkCall) -> tuple[Field[Any], ...] | None:
        """The registered names of the models that a call is given, `None` where that is open."""
        value = call.value("models")
        source = self.values.source(value) if value is not None else None
        if not isinstance(source, s.Display) or (
            isinstance(value, s.Name) and self.values.is_changed(value.id)
        ):
            return None
        return tuple(self._model(item) for item in source.items)

    def only_model(self, call: SdkCall) -> s.Expr | None:
        """The model that a call is given, if it is a list of one."""
        value = call.value("models")
        source = self.values.source(value) if value is not None else None
        one = isinstance(source, s.Display) and len(source.items) == 1
        return source.items[0] if isinstance(source, s.Display) and one else None

    def constant(self, value: s.Expr) -> str | None:
        """A text, or the name of a constant of an SDK class; `None` where it is neither."""
        source = self.values.source(value)
        if isinstance(source, s.Attribute):
            qualified = self.facts.names.qualify(source) or ""
            return qualified.rpartition(".")[2] if "azureml" in qualified else None
        node = self.values.node(value)
        known = isinstance(node, Scalar) and not node.placeholder
        return str(to_data(node)) if known else None

    def _model(self, item: s.Expr) -> Field[Any]:
        made = self.objects.made(item)
        parameter = {"Model.register": "model_name", "Model": "name"}.get(
            made.call.name if made else ""
        )
        if made is None or parameter is None:
            return Unknown("a model from elsewhere", self.at(item.span))
        found = self.argument(made.call, parameter)
        return found if isinstance(found, Known) else Unknown("no plain name", self.at(item.span))
