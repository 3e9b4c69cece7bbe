"""Environments that code puts together: `Environment(...)`, its attributes, conda packages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from amllint.analysis.sdk import sdk
from amllint.analysis.sdk_objects import Effect, Made, Objects
from amllint.analysis.values_of import Values, unknown
from amllint.artifacts.called import Tree, text
from amllint.artifacts.requirements import normalize
from amllint.source.nodes import Entry, Mapping, Node, Scalar, Sequence
from amllint.source.python import syntax as s
from amllint.source.text import Span

_KEYS: Final[dict[tuple[str, ...], tuple[str, ...]]] = {
    ("name",): ("name",),
    ("version",): ("version",),
    ("docker", "base_image"): ("docker", "baseImage"),
    ("docker", "base_dockerfile"): ("docker", "baseDockerfile"),
    ("docker", "enabled"): ("docker", "enabled"),
    **{
        ("docker", "base_image_registry", k): ("docker", "baseImageRegistry", k)
        for k in ("address", "username", "password")
    },
    ("python", "user_managed_dependencies"): ("python", "userManagedDependencies"),
    ("python", "interpreter_path"): ("python", "interpreterPath"),
    ("python", "conda_dependencies"): ("python", "condaDependencies"),
    ("environment_variables",): ("environmentVariables",),
    ("inferencing_stack_version",): ("inferencingStackVersion",),
}
"""Attributes of an Environment, and the keys under which its JSON has them."""
_CONDA: Final = ("python", "condaDependencies")
_IMAGE: Final = ("docker", "baseImage")
_DOCKERFILE: Final = ("docker", "baseDockerfile")
_USER_MANAGED: Final = ("python", "userManagedDependencies")
_OF_IMAGES: Final = ("Environment.from_docker_image", "Environment.from_dockerfile")
_LISTS: Final = frozenset({"conda_specification", "pip_requirements"})
"""What `_OF_IMAGES` add packages from; without, the image is taken as it is."""
_HARMLESS: Final = frozenset(
    {"save", "save_to_file", "serialize_to_string", "as_dict", "register", "build", "build_local"}
    | {"get_image_details", "save_to_directory", "get"}
)

_SPECIFICATIONS: Final = {
    "Environment.from_conda_specification": "file_path",
    "Environment.from_docker_image": "conda_specification",
    "Environment.from_dockerfile": "conda_specification",
}
_REQUIREMENTS: Final = {
    "Environment.from_pip_requirements": "file_path",
    "Environment.from_docker_image": "pip_requirements",
    "Environment.from_dockerfile": "pip_requirements",
}
OPENED: Final = {
    "Environment.from_conda_specification": ("file_path",),
    "Environment.from_pip_requirements": ("file_path",),
    "Environment.from_docker_image": ("conda_specification", "pip_requirements"),
    "Environment.from_dockerfile": ("conda_specification", "pip_requirements"),
}
"""The arguments whose files azureml-core opens as soon as it is called, by call."""


class Environments:
    """Reads environments off the objects of one script."""

    def __init__(self, objects: Objects, values: Values) -> None:
        self._objects = objects
        self._values = values

    def origin(self, made: Made | None) -> Made | None:
        """What made an environment that was registered in between."""
        while made is not None and made.call.name == "Environment.register":
            function = made.call.call.function
            assert isinstance(function, s.Attribute)
            made = self._objects.made(function.value)
        return made

    def specification(self, made: Made | None) -> s.Expr | None:
        """The path of the conda file that an environment is made from."""
        made = self.origin(made)
        if made is None:
            return None
        parameter = _SPECIFICATIONS.get(made.call.name)
        return made.call.value(parameter) if parameter else None

    def requirements(self, made: Made | None) -> s.Expr | None:
        """The path of the file of requirements that an environment is made from."""
        made = self.origin(made)
        parameter = _REQUIREMENTS.get(made.call.name) if made else None
        return made.call.value(parameter) if made and parameter else None

    def keeps_packages(self, made: Made | None, use: Span) -> bool:
        """Whether nothing changes the packages of an environment up to its use."""
        made = self.origin(made)
        if made is None:
            return False
        before = self._objects.effects(made, use.start)
        changed = (e.path for e in before if e.path[-1:] and e.path[-1] not in _HARMLESS)
        return not any(path[:2] == ("python", "conda_dependencies") for path in changed)

    def node(self, made: Made | None, use: Span) -> Node:
        """An environment as its JSON would say it, with what is done to it up to its use."""
        made = self.origin(made)
        if made is None or made.call.rest is not None:
            return unknown(use, "an environment made elsewhere")
        tree = self._made(made)
        if tree is None:
            return unknown(use, f"what {made.call.name} gives")
        for effect in self._objects.effects(made, use.start):
            if not self._applied(tree, effect, use):
                return unknown(use, "an environment that is handed on")
        return tree.node()

    def _made(self, made: Made) -> Tree | None:
        call = made.call
        place = call.call.function.span
        tree = Tree(place)
        name = call.given.get("name")
        if name is not None:
            tree.put(("name",), self._values.node(name.value), name.key)
        default = unknown(place, "the default of azureml-core")
        tree.put(_IMAGE, text(sdk().values["Environment('a').docker.base_image"], place), place)
        tree.put(_CONDA, default, place)
        if call.name == "Environment.from_docker_image" and "image" in call.given:
            image = call.given["image"]
            tree.put(_IMAGE, self._values.node(image.value), image.key)
        elif call.name == "Environment.from_dockerfile" and "dockerfile" in call.given:
            tree.drop(_IMAGE)
            dockerfile = call.given["dockerfile"]
            tree.put(_DOCKERFILE, self._values.node(dockerfile.value), dockerfile.key)
        elif call.name not in (
            *("Environment", "Environment.from_conda_specification"),
            *("Environment.from_pip_requirements", "Environment.from_docker_image"),
            "Environment.from_dockerfile",
        ):
            return None
        if call.name in _OF_IMAGES and not _LISTS & call.given.keys():
            tree.put(_USER_MANAGED, text(True, place), place)
        return tree

    def _applied(self, tree: Tree, effect: Effect, use: Span) -> bool:
        """Take up what is done to an environment; `False` where it may be anything."""
        if effect.value is None and effect.call is None:
            return False
        if effect.call is not None:
            return self._called(tree, effect)
        path = effect.path
        if len(path) == 2 and path[0] == "environment_variables" and path[1].startswith("["):
            keys: tuple[str, ...] | None = ("environmentVariables", path[1][1:-1])
        else:
            keys = _KEYS.get(path)
        if keys is None or effect.value is None:
            return True
        value = self._value(keys, effect, use)
        if keys in (_IMAGE, _DOCKERFILE):
            tree.drop(_DOCKERFILE if keys == _IMAGE else _IMAGE)
        if isinstance(value, Scalar) and value.value is None and not value.placeholder:
            tree.drop(keys)
        else:
            tree.put(keys, value, effect.value.span)
        return True

    def _called(self, tree: Tree, effect: Effect) -> bool:
        """A method of the environment, or of a part of it."""
        place = effect.call.span if effect.call else tree.span
        if effect.path[-1:] and effect.path[-1] not in _HARMLESS:
            if effect.path[:2] == ("python", "conda_dependencies"):
                tree.put(_CONDA, unknown(place, "packages added one by one"), place)
            elif effect.path[0] == "environment_variables":
                reason = unknown(place, "variables added later")
                tree.put(("environmentVariables",), reason, place)
        return True

    def _value(self, keys: tuple[str, ...], effect: Effect, use: Span) -> Node:
        assert effect.value is not None
        if not effect.is_certain(use.start):
            return unknown(effect.value.span, "set in one branch only")
        if keys == _CONDA:
            return self.conda(self._objects.made(effect.value), effect.value.span, use)
        return self._values.node(effect.value)

    # -- conda --------------------------------------------------------------------------

    def conda(self, made: Made | None, place: Span, use: Span) -> Node:
        """Conda dependencies as their YAML would say them."""
        if made is None or made.call.owner != "CondaDependencies" or made.call.rest is not None:
            return unknown(place, "conda dependencies made elsewhere")
        call = made.call
        known = call.name == "CondaDependencies.create" or not call.given
        if not known or call.name not in ("CondaDependencies", "CondaDependencies.create"):
            return unknown(place, "conda dependencies that are read from somewhere")
        here = call.call.function.span
        with_pip = "(pip_packages=['numpy'])" if call.value("pip_packages") else "()"
        row = sdk().values[call.name + (with_pip if call.name.endswith("create") else "()")]
        packages = _Packages(row, here)
        for name, items in (("conda_packages", packages.conda), ("pip_packages", packages.pip)):
            value = call.value(name)
            if value is not None:
                items.extend(self._listed(value))
        version = call.value("python_version")
        if version is not None:
            packages.python(self._values.node(version))
        for effect in self._objects.effects(made, use.start):
            self._add(packages, effect, use)
        return packages.node(here)

    def _listed(self, value: s.Expr) -> Iterable[Node]:
        node = self._values.node(value)
        if isinstance(node, Sequence):
            return node.items
        if isinstance(node, Scalar) and node.value is None and not node.placeholder:
            return ()
        return (unknown(value.span, "a list that is made elsewhere"),)

    def _add(self, packages: _Packages, effect: Effect, use: Span) -> None:
        """`add_conda_package(...)` and its like."""
        call, method = effect.call, effect.path[-1] if effect.path else ""
        if method in _HARMLESS:
            return
        place = call.span if call else packages.place
        lists = {"add_conda_package": packages.conda, "add_pip_package": packages.pip}
        lists["add_channel"] = packages.channels
        first = call.arguments[0].value if call and len(call.arguments) == 1 else None
        if method in lists and first is not None and effect.is_certain(use.start):
            node = self._values.node(first)
            if method == "add_pip_package":
                packages.pip = [other for other in packages.pip if not _replaces(node, other)]
                lists[method] = packages.pip
            lists[method].append(node)
        elif method == "set_python_version" and first is not None:
            packages.python(self._values.node(first))
        else:
            packages.conda.append(unknown(place, "changed by other means"))


def _replaces(node: Node, other: Node) -> bool:
    """Whether an added package takes the place of one in the list: they have one name."""
    name = _package_name(node)
    return name is not None and name == _package_name(other)


def _package_name(node: Node) -> str | None:
    text = str(node.value) if isinstance(node, Scalar) and not node.placeholder else ""
    match = re.match(r"\s*([A-Za-z0-9][\w.-]*)", text)
    return normalize(match[1]) if match else None


class _Packages:
    """The lists of conda dependencies while they are put together."""

    def __init__(self, row: dict[str, Any], place: Span) -> None:
        self.place = place
        first, rest = row["dependencies"][0], row["dependencies"][1:]
        self.version: Node = text(first, place)
        self.conda: list[Node] = []
        pip = [p for part in rest for p in part["pip"] if not p.startswith("-")]
        self.pip: list[Node] = [text(p, place) for p in pip if not p.startswith("numpy")]
        self.channels: list[Node] = [text(c, place) for c in row["channels"]]

    def python(self, version: Node) -> None:
        """Set the version of Python."""
        if isinstance(version, Scalar) and not version.placeholder:
            self.version = text(f"python={version.value}", version.span)
        else:
            self.version = unknown(version.span, "a version that is not known")

    def node(self, span: Span) -> Mapping:
        """The lists as a mapping."""
        pip = Mapping(span, (_entry("pip", Sequence(span, tuple(self.pip), True), span),), True)
        items = (self.version, *self.conda, *((pip,) if self.pip else ()))
        return Mapping(
            span,
            (
                _entry("channels", Sequence(span, tuple(self.channels), True), span),
                _entry("dependencies", Sequence(span, items, True), span),
            ),
            True,
        )


def _entry(name: str, value: Node, span: Span) -> Entry:
    return Entry(Scalar(span, name, name), value)
