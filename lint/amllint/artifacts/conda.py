"""Conda environment files, and conda dependencies embedded in other files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from amllint.artifacts.environment import Requirement
from amllint.artifacts.fields import Section
from amllint.artifacts.requirements import is_index_option
from amllint.artifacts.requirements_file import Files, expanded
from amllint.findings.finding import Location
from amllint.source.nodes import Mapping, Node, Path, Scalar, Sequence, node_at

_JOINED: Final = re.compile(r"\s-\s+\S")


@dataclass(frozen=True, slots=True)
class CondaEnvironment:
    """An environment: conda packages, and pip packages in a `pip:` section of the list.

    `files` are the files of requirements that lines of the `pip:` section include.
    """

    section: Section
    files: Files = ()

    @property
    def path(self) -> str:
        """The display path of the file."""
        return self.section.path

    @property
    def embedded(self) -> bool:
        """Whether it stands inside another file."""
        return bool(self.section.base)

    @property
    def dependencies(self) -> Sequence | None:
        """The list of dependencies, `None` if there is none or it is no list."""
        node = self.node("dependencies")
        return node if isinstance(node, Sequence) else None

    @property
    def is_python_env(self) -> bool:
        """Whether it is the `python_env.yaml` of an MLflow model, which pip alone reads."""
        data = self.section.data
        return isinstance(data, dict) and "build_dependencies" in data

    @property
    def complete(self) -> bool:
        """Whether the lists can be read whole: nothing in them is a placeholder or misshapen."""
        shaped = not self.pip_path or isinstance(self.node(*self.pip_path), Sequence)
        # Where to look says nothing of what is installed.
        whole = not any(r.unknown and not is_index_option(r) for r in (*self.conda, *self.pip))
        return self.dependencies is not None and shaped and whole and not self.run_together

    @property
    def run_together(self) -> tuple[Requirement, ...]:
        """Items that hold several: one dash too deep, or a colon missing, and YAML joins lines."""
        return tuple(r for r in (*self.conda, *self.pip) if _JOINED.search(r.text.split("#")[0]))

    @property
    def conda(self) -> tuple[Requirement, ...]:
        """The conda packages."""
        return tuple(self._strings(self.dependencies, ("dependencies",)))

    @property
    def place(self) -> Location:
        """Where its `pip` list is named, or else its list of dependencies."""
        return self.section.locate(self.pip_path or ("dependencies",), key=True)

    @property
    def pip(self) -> tuple[Requirement, ...]:
        """The pip packages of the section that counts, with those of the files it includes."""
        return tuple(expanded(self.own_pip, self.files))

    @property
    def own_pip(self) -> tuple[Requirement, ...]:
        """The lines of the section that counts: azureml-core reads the last one only."""
        path = self.pip_path
        node = self.node(*path) if path else None
        return tuple(self._strings(node, path)) if path else ()

    @property
    def pip_path(self) -> Path:
        """The path of the `pip` list that counts, empty if there is none."""
        found: Path = ()
        items = self.dependencies.items if self.dependencies else ()
        for number, item in enumerate(items):
            if isinstance(item, Mapping) and item.get("pip") is not None:
                found = ("dependencies", number, "pip")
        return found

    def node(self, *path: str | int) -> Node | None:
        """The node at a path below the environment's mapping."""
        return node_at(self.section.document.root, (*self.section.base, *path))

    def _strings(self, node: Node | None, path: Path) -> Iterator[Requirement]:
        if not isinstance(node, Sequence):
            return
        for number, item in enumerate(node.items):
            if isinstance(item, Scalar) and (isinstance(item.value, str) or item.placeholder):
                where = Location(self.section.document.text_path, item.span)
                text = str(item.value)
                source = self.section.document.source
                yield Requirement(text, where, (*path, number), item.placeholder, source)
