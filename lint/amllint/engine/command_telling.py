"""Says what rules found in a command line's configurations at its options and in their words.

A rule sees a configuration with options in the place of what a file says. What the file alone would
be told of is told of the file; what only the options lead to is told of the option.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from amllint.artifacts.inference_config import InferenceConfig
from amllint.artifacts.overridden import OverriddenSection, Override
from amllint.findings.finding import Location, Observation, Related
from amllint.units import DeploymentUnit

if TYPE_CHECKING:
    from amllint.artifacts.command_line import DeployCommand

_QUOTED: Final = re.compile(r"`(?:\w+\.)*(\w+)`")
_WRITTEN: Final = re.compile(r'"(\w+)": (?="|\w)')
_AGAINST: Final = "what it is set against"


def alone(unit: DeploymentUnit, command: DeployCommand) -> DeploymentUnit | None:
    """A command's unit with the files as they are, `None` where its options override nothing."""
    if not _overrides(command):
        return None
    inference = next((a for a in command.covers if isinstance(a, InferenceConfig)), None)
    deployment = next((a for a in command.covers if a is not inference), None)
    return replace(unit, inference_config=inference, deployment_config=deployment)


def told(said: Observation, command: DeployCommand, own: Iterable[Observation]) -> Observation:
    """An observation about a configuration with options, where it belongs.

    `own` is what the rule says of the files without them.
    """
    if _is_in(command, said.location):
        return _at_option(said, command)
    if said.location.path not in _files(command):
        return said
    for related in said.related:
        if _option_at(related.location, command) is not None:
            others = (r for r in said.related if r != related)
            moved = (Related(said.location, _AGAINST), *others)
            return _at_option(replace(said, location=related.location, related=moved), command)
    twin = next((o for o in own if (o.location, o.key) == (said.location, said.key)), None)
    if twin is not None:
        return twin
    overrides = _overrides(command, said.location.path)
    return _caused(said, command, overrides) if overrides else said


def _at_option(said: Observation, command: DeployCommand) -> Observation:
    """An observation at an option, by the names of options."""
    overrides = _overrides(command)
    own = _option_at(said.location, command)
    message, help = _spoken(said.message, overrides), _spoken(said.help or "", overrides)
    files = [r.location.path for r in said.related if r.message]
    files = [f for f in files if f in _files(command)]
    if own is not None and files:
        help = f"leave out `{own.option}`, or change `{files[0]}` to go with it"
    return replace(said, message=message, help=help or None, fix=None)


def _caused(said: Observation, command: DeployCommand, overrides: list[Override]) -> Observation:
    """What is only so because of options, at the option if there is one."""
    place, name = command.line.place, "these options"
    if len({o.option for o in overrides}) == 1:
        place, name = overrides[0].key, f"`{overrides[0].option}`"
    message = f"with {name}, {_spoken(said.message, overrides)}"
    related = (Related(said.location, _AGAINST), *said.related)
    help = f"leave out or change {name}, or change `{said.location.path}` to go with it"
    return replace(said, location=place, message=message, help=help, related=related, fix=None)


def _files(command: DeployCommand) -> set[str]:
    """The paths of the files that a command's options override."""
    return {artifact.path for artifact in command.covers}


def _option_at(place: Location, command: DeployCommand) -> Override | None:
    return next((o for o in _overrides(command) if place in (o.value, o.key)), None)


def _overrides(command: DeployCommand, path: str | None = None) -> list[Override]:
    """The values that options give, or those among them that override a file."""
    found: list[Override] = []
    for config in (command.inference_config, command.deployment_config):
        section = config.section if config is not None else None
        if isinstance(section, OverriddenSection) and path in (None, section.path):
            found += section.overrides.values()
    return found


def _is_in(command: DeployCommand, place: Location) -> bool:
    if place.path != command.path:
        return False
    whole = command.line.run.place(command.line.call.span)
    return whole.start <= place.span.start and place.span.end <= whole.end


def _spoken(text: str, overrides: list[Override]) -> str:
    """A text that calls what options give by the names of the options."""
    names = {o.path[-1]: o.option for o in overrides}
    said = partial(_option, names)
    text = _WRITTEN.sub(lambda m: f"{names[m[1]]} " if m[1] in names else m[0], text)
    return _QUOTED.sub(said, text)


def _option(names: dict[str, str], match: re.Match[str]) -> str:
    return f"`{names[match[1]]}`" if match[1] in names else match[0]
