"""Says what rules found in calls in the words of Python, and at the places of the file.

Rules speak of configurations by the keys of files, and a call's places are those of the code
as a whole: of a notebook, all of its cells one behind another.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from amllint.artifacts.deployment_config import AciDeployment, AksDeployment, AksEndpointDeployment
from amllint.artifacts.inference_config import INFERENCE_KEYS
from amllint.findings.finding import Edit, Fix, Location, Observation, Related

if TYPE_CHECKING:
    from amllint.artifacts.deploy_code import DeployCode

_ARGUMENTS: Final[dict[str, str]] = {
    **{key: name for name, key in INFERENCE_KEYS.items()},
    **{
        str(path[-1]): name
        for kind in (AciDeployment, AksEndpointDeployment, AksDeployment)
        for name, path in kind.keys.items()
    },
    "baseImage": "base_image",
    "baseDockerfile": "base_dockerfile",
}
_SECTIONS: Final = sorted(
    {p[0] for kind in (AciDeployment, AksDeployment) for p in kind.keys.values() if len(p) > 1}
)
"""Parts of a file that arguments do not have: each is one of the call itself."""
_SECTION: Final = re.compile(rf"(?<![\w/.])(?:{'|'.join(_SECTIONS)})\.(?=\w)")
_CAMEL: Final = [key for key in _ARGUMENTS if key != key.lower()]
_ANY: Final = "|".join(sorted(_CAMEL, key=len, reverse=True))
_KEY: Final = re.compile(rf"(?<![\w/.])(?:{_ANY})(?![\w/])")
_QUOTED: Final = re.compile(r"`([a-z]+)`")
_WRITTEN: Final = re.compile(r'"(\w+)": (?=")')
_ENVIRONMENT: Final = re.compile(r"`environment` is [^;]*; it must be a mapping")
_FLAGS: Final = ("true", "false")
_PHRASES: Final = (
    ("`az ml model deploy` is run", "the code is run"),
    (" to true", " to `True`"),
    (" to false", " to `False`"),
    ("the deployment config", "the configuration"),
)


def in_code(said: Observation, codes: dict[str, DeployCode]) -> Observation:
    """An observation about a call as one about its file; any other as it is."""
    places = [said.location, *(r.location for r in said.related)]
    if not any(place.path in codes for place in places):
        return said
    related = tuple(Related(shown(r.location, codes), r.message) for r in said.related)
    placed = replace(said, related=related)
    if said.location.path not in codes:
        return placed
    return replace(
        placed,
        location=shown(said.location, codes),
        message=_spoken(said.message),
        help=_spoken(said.help) if said.help else None,
        fix=_fix(said.fix, codes) if said.fix else None,
    )


def shown(place: Location, codes: dict[str, DeployCode]) -> Location:
    """A place in code as one in its file, or in the text of a notebook's cell."""
    deploys = codes.get(place.path)
    return Location(*deploys.code.place(place.span)) if deploys else place


def _fix(fix: Fix, codes: dict[str, DeployCode]) -> Fix | None:
    """A fix that is meant for code; one that is meant for the text of a file is none here."""
    if not all(edit.path in codes for edit in fix.edits):
        return None
    edits = []
    for edit in fix.edits:
        path, span = codes[edit.path].code.place(edit.span)
        content = edit.content.capitalize() if edit.content in _FLAGS else edit.content
        edits.append(Edit(path, span, content))
    return replace(fix, edits=tuple(edits))


def _spoken(text: str) -> str:
    text = _WRITTEN.sub(lambda m: f"{_ARGUMENTS.get(m[1], m[1])}=", text)
    text = _ENVIRONMENT.sub("`environment` is no `Environment`", text)
    text = _SECTION.sub("", text)
    text = _KEY.sub(lambda m: _ARGUMENTS[m[0]], text)
    text = _QUOTED.sub(lambda m: f"`{_ARGUMENTS.get(m[1], m[1])}`", text)
    for phrase, instead in _PHRASES:
        text = text.replace(phrase, instead)
    return text


_ACTION: Final = re.compile(r"`(\w+)`")


def in_action(said: Observation) -> Observation:
    """An observation about what the GitHub action aml-deploy makes, by the keys of its file."""
    from amllint.artifacts.action_config import key_of

    def spoken(text: str) -> str:
        text = _KEY.sub(lambda m: _ARGUMENTS[m[0]], text)
        return _ACTION.sub(lambda m: f"`{key_of(_ARGUMENTS.get(m[1], m[1]))}`", text)

    help = spoken(said.help) if said.help else None
    return replace(said, message=spoken(said.message), help=help, fix=None)
