"""The code and the model of a v2 deployment that are not where it says."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any, Final, TypeGuard

from amllint.artifacts.deployment_reference import DeploymentReference
from amllint.artifacts.fields import Field, Known, is_text
from amllint.findings.finding import Observation, Severity, finding
from amllint.rules.inference.coming_files import Coming, coming
from amllint.rules.inference.lost_paths import is_folder, may_be_set, near
from amllint.units import Linker

_REMOTE: Final = re.compile(r"azureml:|/subscriptions/")
"""What names code that is registered."""
_ADDRESS: Final = re.compile(r"(?:git\+)?[a-z]+://")
_FROM_HERE: Final = "the path is relative to the folder of this file"
_REFUSED: Final = "azure-ai-ml refuses this"


def lost_code(reference: DeploymentReference, links: Linker) -> Iterator[Observation]:
    """The folder of the code, if it is nowhere."""
    folder = reference.code
    if not has_local_code(folder):
        return
    if _ADDRESS.match(folder.value):
        said = f"`code` names `{folder.value}`, which is an address; {_REFUSED}"
        yield _told(folder, "code", said, "give the path of a folder that is uploaded", None)
        return
    path = beside(reference, folder.value, links)
    if path is None or is_folder(links, path):
        return
    script = reference.scoring_script
    inner = script.value if is_text(script) else ""
    what, help = "is no folder", "give the folder of the script"
    if not links.exists(path):
        what = "does not exist"
        help = _help(reference, folder.value, inner, links) or _FROM_HERE
    severity = severity_of(reference, folder.value, "code_configuration.code", links)
    said = f"`code` names `{folder.value}`, which {what}; {_REFUSED}"
    yield _told(folder, "code", said, help, severity)


def has_local_code(folder: Field[Any]) -> TypeGuard[Known[str]]:
    """Whether a deployment's code is known to be of this machine, whatever is there."""
    return is_text(folder) and not _REMOTE.match(folder.value) and not os.path.isabs(folder.value)


def lost_model(reference: DeploymentReference, links: Linker) -> Iterator[Observation]:
    """The model's file or folder, if it is nowhere and nothing brings it.

    Models are often kept elsewhere. It is sure to be missing where one of a similar name is there,
    or one of that name in a folder above, or where a pipeline deploys it and brings nothing.
    """
    model = reference.model_path
    if not is_text(model) or ":" in model.value or os.path.isabs(model.value):
        return
    path = beside(reference, model.value, links)
    if path is None or links.exists(path) or is_folder(links, path):
        return
    brings = coming(reference.path, model.value, links)
    if brings.ignored or brings.laid:
        return
    help = _help(reference, model.value, "", links)
    said = f"`model.path` names `{model.value}`, which does not exist; {_REFUSED}"
    sure = (help or brings.deployed) and not may_be_set("model.path", links, reference.path)
    yield _told(model, "model.path", said, help or _FROM_HERE, None if sure else "info")


def beside(reference: DeploymentReference, given: str, links: Linker) -> str | None:
    """The absolute path that a deployment means, or that Windows takes a path of its own for."""
    tried = links.resolve_beside(reference.path, given.replace("\\", "/")).tried
    return tried[0] if tried else None


def severity_of(
    reference: DeploymentReference, given: str, key: str, links: Linker
) -> Severity | None:
    """Advice for a path that may lead somewhere once it is deployed."""
    brings = coming(reference.path, given, links)
    return "info" if eases(brings) or may_be_set(key, links, reference.path) else None


def eases(brings: Coming) -> bool:
    """Whether something may bring what is missing."""
    return brings.ignored or brings.laid


def _help(reference: DeploymentReference, given: str, inner: str, links: Linker) -> str | None:
    """A similar name in the same folder, or the same path from a folder above."""
    path = beside(reference, given, links) or ""
    found = near(links, (path,))
    if found:
        return found
    own = os.path.dirname(links.absolute(reference.path))
    steps = os.path.normpath(given.replace("\\", "/"))
    plain = re.sub(r"\A(?:\.\./)+", "", steps)
    for folder in links.repository.ancestors(links.absolute(reference.path)):
        other = os.path.join(folder, plain)
        there = is_folder(links, other) or links.exists(other)
        if there and (not inner or links.exists(os.path.join(other, inner))):
            way = os.path.relpath(other, own).replace(os.sep, "/")
            return f"did you mean `{way}`? {_FROM_HERE}"
    return None


def _told(
    field: Known[str], name: str, said: str, help: str, severity: Severity | None
) -> Observation:
    return finding(field.location, said, help=help, severity=severity, key=f"{name}={field.value}")
