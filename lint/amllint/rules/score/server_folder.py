"""Where a relative path of a scoring script leads once the server runs it."""

from __future__ import annotations

import os
from typing import Final, Literal, NamedTuple, TypeAlias

from amllint.analysis.facts import ScriptFacts
from amllint.analysis.known_loads import load_of
from amllint.analysis.known_reads import read_argument
from amllint.analysis.places import Place
from amllint.artifacts.scoring_script import ScoringScript
from amllint.source.python import syntax as s
from amllint.units import DeploymentUnit, Linker

Route: TypeAlias = Literal["v1", "v2", "unknown"]

_BUILDS: Final = frozenset(
    {"os.path.join", "pathlib.Path", "str", "print", "os.path.abspath", "os.path.dirname"}
    | {"os.path.basename", "os.path.realpath", "repr", "len", "isinstance", "os.fspath"}
    | {"os.makedirs", "os.mkdir"}
)
_TALKS: Final = frozenset({"debug", "info", "warning", "error", "exception", "critical", "format"})


class ServerFolder(NamedTuple):
    """The folder that the server is started in, seen from the repository.

    A v1 server runs in the folder above the source directory, a v2 server in the folder of
    the code. `shipped` and `beside` are absolute: what ships, and the script's own folder.
    """

    route: Route
    shipped: str | None
    beside: str
    links: Linker

    def ships(self, place: Place) -> bool:
        """Whether a relative path leads to something that ships."""
        return any(self._exists(c) for c in self._candidates(place.text))

    def names(self, place: Place) -> bool:
        """Whether a path begins with the script's own folder, as a v1 deployment of it needs.

        What is below may be put there by whatever deploys the script.
        """
        first = next((p for p in place.text.split("/") if p not in ("", ".")), None)
        return self.route != "v2" and first == os.path.basename(self.shipped or self.beside)

    def beside_script(self, place: Place) -> str | None:
        """The file that a relative path means, seen from the script's own folder or what ships.

        Display path; `None` if nothing is there.
        """
        for folder in (self.beside, self.shipped):
            path = os.path.join(folder, place.text) if folder else None
            if path and self._exists(path):
                return self.links.overlay.display(os.path.normpath(path))
        return None

    def elsewhere(self, place: Place) -> bool:
        """Whether a relative path leads to a file from a folder above the script's."""
        here = os.path.dirname(self.beside)
        root = self.links.repository.root
        while here.startswith(root) and here != os.path.dirname(here):
            if self._exists(os.path.join(here, place.text)):
                return True
            here = os.path.dirname(here)
        return False

    def _candidates(self, text: str) -> list[str]:
        parts = [p for p in text.split("/") if p not in ("", ".")]
        folders = [self.shipped] if self.shipped else []
        here = self.beside
        while not self.shipped and here != os.path.dirname(here) and len(folders) < 8:
            folders.append(here)
            here = os.path.dirname(here)
        found = [
            os.path.join(os.path.dirname(f), *parts)
            for f in folders
            if parts and os.path.basename(f) == parts[0]
        ]
        if self.route != "v1":
            found += [os.path.join(f, text) for f in (self.shipped, self.beside) if f]
        return found

    def _exists(self, path: str) -> bool:
        path = os.path.normpath(path)
        return self.links.overlay.exists(path) or self.links.overlay.is_folder(path)


def server_folder(script: ScoringScript, unit: DeploymentUnit, links: Linker) -> ServerFolder:
    """Where the server runs that a deployment starts."""
    beside = os.path.dirname(links.absolute(script.file))
    return ServerFolder(_route(script, unit), script.shipped, beside, links)


def _route(script: ScoringScript, unit: DeploymentUnit) -> Route:
    if unit.reference is not None:
        return "v2"
    v1 = unit.inference_config is not None or unit.deployment_config is not None
    core = any((n.module or "").startswith("azureml.core") for n in script.facts.imports)
    return "v1" if v1 or core else "unknown"


def changes_folder(script: ScoringScript) -> bool:
    """Whether the script changes the folder it runs in, so that nothing relative is known."""
    return any(site.name in ("os.chdir", "os.fchdir") for site in script.facts.calls)


def is_provided(facts: ScriptFacts, place: Place) -> bool:
    """Whether the script deals with a literal path in other ways than by reading what is there.

    It may write or fetch it, or ask whether it exists.
    """
    for call, name in facts.calls:
        if load_of(name) or read_argument(call, name) or name in _BUILDS:
            continue
        if name.rpartition(".")[2] in _TALKS or name in facts.functions:
            continue
        if any(_covers(facts, a.value, place) for a in call.arguments):
            return True
        method = call.function if isinstance(call.function, s.Attribute) else None
        asked = method is not None and name.startswith("pathlib.")
        if asked and method is not None and _covers(facts, method.value, place):
            return True
    return False


def _covers(facts: ScriptFacts, expression: s.Expr, place: Place) -> bool:
    """Whether an expression is a path, or one of a folder around it."""
    return any(
        other.base == place.base
        and not other.opened
        and other.is_absolute == place.is_absolute
        and bool(other.parts)
        and other.parts == place.parts[: len(other.parts)]
        for other in facts.paths.of(expression)
    )
