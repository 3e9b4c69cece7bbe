"""Files that nothing names although the repository's own commands deploy others: left-overs."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable
from functools import cached_property
from typing import Any, Final

from amllint.artifacts.deployment_config import DeploymentConfig
from amllint.artifacts.inference_config import InferenceConfig
from amllint.artifacts.scoring_script import ScoringScript
from amllint.engine.told_anywhere import SECRETS
from amllint.findings.finding import Severity
from amllint.rules.registry import RuleInfo
from amllint.source.names import whole_name
from amllint.source.overlay import Overlay
from amllint.source.problem import Unreadable
from amllint.source.repository import Repository, is_guide
from amllint.units import Linker

_DEPLOYS: Final = re.compile(
    rb"az ml model deploy|az ml service create|online-deployment[ \t]+(?:create|update)"
    rb"|--(?:ic|dc|es)\b|\baml-deploy\b|\bModel\.deploy\(|\bdeploy_configuration\("
    rb"|\bInferenceConfig\(|\bManagedOnlineDeployment\("
)
_HINTS: Final = (b"eploy", b"az ml service", b"InferenceConfig", b"--ic", b"--dc", b"--es")
_GIVEN: Final = re.compile(rb"[ \t]--?(?:ic|dc)[ \t=]+[\"']?([$%{][^\s\"']*)")
"""A configuration that is named by a variable: where that is all, it could be any."""
NAMES: Final = re.compile(rb"[\w.$%{}()@*-]{1,200}\.(?:json|ya?ml|py)\b")
VARIABLE: Final = re.compile(rb"\$\{\{.*?\}\}|\$?\{.*?\}|\$\(.*?\)|\$\w+|%\w*%?|\*|@\w+")
_CODE: Final = (".py", ".ipynb")
_COMMENTS: Final = re.compile(rb"(?m)^[ \t]*#.*$")
_FAMILIES: Final = ("AML2", "AML3", "AML4")
_ENVIRONMENTS: Final = "AML3"


class SpareFiles:
    """Knows which files of a repository nothing names; its texts are searched once, if asked.

    A file is spare if a file in its folder or above deploys something, and no file mentions its
    name, whole or with variables in it; lines that are commented out mention nothing. Where
    nothing deploys, people do that by hand, and nothing follows from a name that is nowhere.
    """

    def __init__(self, repository: Repository, overlay: Overlay, linker: Linker) -> None:
        self._repository = repository
        self._overlay = overlay
        self._linker = linker
        self._known: dict[str, bool] = {}

    def may_be(self, shown: str, info: RuleInfo, severity: Severity) -> bool:
        """Whether it matters to a finding that its file is not used.

        What is wrong in a spare configuration fails nothing; in a spare script, only
        warnings are eased. Secrets and broken files are told of wherever they are.
        """
        if any(code.path == shown for code in self._linker.codes.values()):
            return False  # it is code that deploys by itself, whatever names it
        if any(command.path == shown for command in self._linker.commands):
            return False
        artifacts: list[Any] = self._linker.found.get(self._linker.absolute(shown), [])
        for artifact in artifacts:
            if isinstance(artifact, (InferenceConfig, DeploymentConfig)):
                # What stands in a call is used where it stands.
                told = info.name in SECRETS or shown.endswith(_CODE)
                return info.code.startswith(_FAMILIES) and not told
            if isinstance(artifact, ScoringScript):
                alone = artifact.named_by is None and artifact.written is None
                return severity == "warning" and alone and shown.endswith(".py")
        return False

    def spare_user(self, shown: str, info: RuleInfo, units: Iterable[str]) -> str:
        """The spare inference configuration that alone needs the file of an environment, if any.

        `units` are the display paths of what was looked at when a rule found something in it.
        """
        if not info.code.startswith(_ENVIRONMENTS) or info.name in SECRETS:
            return ""
        path = self._linker.absolute(shown)
        users = {self._linker.absolute(unit): unit for unit in units if unit != shown}
        if not users or not all(self._is_inference_config(user) for user in users):
            return ""
        name = os.fsencode(os.path.basename(path))
        if self._is_named(path, name, but_by=users) or not all(map(self._holds, users)):
            return ""
        return min(users.values())

    def _is_inference_config(self, path: str) -> bool:
        """Whether a file is one; what stands in a call is used where it stands."""
        artifacts: list[Any] = self._linker.found.get(path, [])
        config = any(isinstance(artifact, InferenceConfig) for artifact in artifacts)
        return config and not path.endswith(_CODE)

    def holds(self, shown: str) -> bool:
        """Whether the file at a display path is spare."""
        return self._holds(self._linker.absolute(shown))

    def _holds(self, path: str) -> bool:
        if path not in self._known:
            self._known[path] = path not in self._linker.meant and self._is_spare(path)
        return self._known[path]

    def _is_spare(self, path: str) -> bool:
        folders = {*self._repository.ancestors(path)}
        near = [data for p, data in self._texts if self._seen(p) in folders and _deploys(data)]
        if not near:
            return False
        name = os.fsencode(os.path.basename(path))
        if any(_could_name(data, name) for data in near) or self._is_named(path, name):
            return False
        return self._has_named_sibling(path) or not any(map(_names_any, near))

    def _has_named_sibling(self, path: str) -> bool:
        """Whether code names a configuration of the same kind in the same folder.

        That one is what a variable stands for.
        """
        folder, kinds = os.path.dirname(path), self._kinds(path)
        near = (p for p in self._linker.found if p != path and os.path.dirname(p) == folder)
        return any(
            self._is_named(p, os.fsencode(os.path.basename(p)), by_guides=False)
            for p in near
            if kinds & self._kinds(p)
        )

    def _kinds(self, path: str) -> set[bool]:
        """Whether a file holds a configuration of inference, and whether one of deployment."""
        artifacts: list[Any] = self._linker.found.get(path, [])
        configs = (a for a in artifacts if isinstance(a, (InferenceConfig, DeploymentConfig)))
        return {isinstance(config, InferenceConfig) for config in configs}

    def _is_named(
        self, path: str, name: bytes, by_guides: bool = True, but_by: Collection[str] = ()
    ) -> bool:
        """Whether another file mentions the name, or imports the module that it stands for.

        That files `but_by` mention it does not count.
        """
        whole = whole_name(name)
        stem = name[:-3] if name.endswith(b".py") else name
        imported = re.compile(
            rb"(?m)^[ \t\"]*(?:from|import)[ \t][^\r\n#]*\b%b\b" % re.escape(stem)
        )
        for other, data in self._texts:
            if stem not in data or other == path or other in but_by:
                continue
            if not by_guides and is_guide(other):
                continue
            if whole.search(data) or (other.endswith(_CODE) and imported.search(data)):
                return True
        return False

    # -- what the texts say ---------------------------------------------------------------

    @cached_property
    def _texts(self) -> list[tuple[str, bytes]]:
        found = []
        for path in dict.fromkeys((*self._repository.files, *self._repository.scripts)):
            try:
                data = self._overlay.data(path)
            except Unreadable:
                continue
            found.append((path, data if is_guide(path) else _COMMENTS.sub(b"", data)))
        return found

    def _seen(self, path: str) -> str:
        """The folder of a file; that of a hidden folder is the one which it lies in."""
        root = self._repository.root
        folder = os.path.dirname(path)
        if f"{os.sep}." not in folder[len(root) :]:
            return folder
        folders = os.path.relpath(folder, root).split(os.sep)
        hidden = next((n for n, f in enumerate(folders) if f.startswith(".")), len(folders))
        return os.path.normpath(os.path.join(root, *folders[:hidden]))


def _deploys(data: bytes) -> bool:
    return any(hint in data for hint in _HINTS) and _DEPLOYS.search(data) is not None


def _could_name(data: bytes, name: bytes) -> bool:
    """Whether a text that deploys has a name with variables in it that can stand for `name`."""
    for token in {t for t in NAMES.findall(data) if VARIABLE.search(t)}:
        if re.fullmatch(b".*".join(map(re.escape, VARIABLE.split(token))), name):
            return True
    return False


def _names_any(data: bytes) -> bool:
    """Whether a text that deploys has a variable alone for the name of a configuration."""
    return any(not NAMES.search(given) for given in _GIVEN.findall(data))
