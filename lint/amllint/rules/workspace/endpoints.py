"""Which endpoints a run has: those that it defines, and those that its commands make."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from amllint.artifacts.command_line import CommandLine
from amllint.artifacts.deployment_reference import DeploymentReference
from amllint.artifacts.fields import Absent, Field, Unknown, is_text
from amllint.snapshot import facts
from amllint.snapshot.asset_rows import Endpoint
from amllint.snapshot.document import Snapshot
from amllint.snapshot.facts import Kind, Read
from amllint.source.names import same_name
from amllint.units import Linker


def endpoints_of(purpose: str) -> Kind[tuple[Endpoint, ...]]:
    """The fact that lists the endpoints of a purpose."""
    return facts.ONLINE_ENDPOINTS if purpose == "online" else facts.BATCH_ENDPOINTS


def endpoint_of(config: DeploymentReference, snapshot: Snapshot) -> Endpoint | None:
    """The endpoint of a deployment, as the workspace has it."""
    fact, name = snapshot.fact(endpoints_of(config.purpose)), config.endpoint_name
    listed = fact.value if isinstance(fact, Read) and is_text(name) else ()
    return next((e for e in listed if is_text(name) and same_name(e.name, name.value)), None)


def may_be_made(name: str, links: Linker) -> bool:
    """Whether a file, a command or code of the repository makes, or may make, an endpoint."""
    if links.endpoints.may_be_made or any(links.endpoints.named(name)):
        return True
    return any(_makes(line, name, links) for line in _lines(links, "-endpoint"))


def is_elsewhere(config: DeploymentReference, links: Linker) -> bool:
    """Whether all commands that deploy a file lead, or may lead, to another endpoint than its own.

    Commands of a file that is not known count where none names this one. A local deployment needs
    nothing of a workspace, and is elsewhere as well.
    """
    may_be = list(_deploying(config, links))
    lines = [line for line in may_be if is_text(line.field("file"))] or may_be
    return bool(lines) and all(is_local(n) or _leads_away(n, config) for n in lines)


def _leads_away(line: CommandLine, config: DeploymentReference) -> bool:
    given, own = endpoint_given(line), config.endpoint_name
    if isinstance(given, Absent):
        return False
    return not (is_text(given) and is_text(own) and same_name(given.value, own.value))


def is_tried(config: DeploymentReference, links: Linker) -> bool:
    """Whether all commands that deploy a file do so locally, and there are any."""
    lines = [n for n in _deploying(config, links) if is_text(n.field("file"))]
    return bool(lines) and all(map(is_local, lines))


def _deploying(config: DeploymentReference, links: Linker) -> Iterator[CommandLine]:
    """Commands that deploy a file, or may do so: one of its name, or of one that is not known."""
    own = os.path.basename(config.path)
    for line in _lines(links, "-deployment"):
        file = line.field("file")
        is_own = is_text(file) and os.path.basename(file.value) == own
        if is_own or isinstance(file, Unknown):
            yield line


def is_local(line: CommandLine) -> bool:
    """Whether a command deploys to the machine that it is run on."""
    return any(word.plain == "--local" for word in line.call.words)


def endpoint_given(line: CommandLine) -> Field[Any]:
    """The endpoint that a command gives a deployment, whatever its file says."""
    given = line.field("endpoint")
    if isinstance(given, Absent) and _sets(line, "endpoint_name"):
        return Unknown("it is set", line.place)
    return given


def _makes(line: CommandLine, name: str, links: Linker) -> bool:
    if not line.command.name.endswith("create"):
        return False
    given = line.field("name")
    if is_text(given):
        return same_name(given.value, name)
    if not isinstance(given, Absent) or _sets(line, "name"):
        return True
    file = line.field("file")
    if not is_text(file):
        return True
    base = os.path.basename(file.value)
    return all(os.path.basename(d.path) != base for d in links.endpoints.definitions)


def _sets(line: CommandLine, key: str) -> bool:
    """Whether a command sets a key of the file, or may set it."""
    given = (word for option in line.options("set") for word in option.values)
    words = [word.text(line.variables) for word in given]
    return any(w is None or w.startswith(f"{key}=") for w in words)


def _lines(links: Linker, what: str) -> Iterator[CommandLine]:
    return (read.line for read in links.read if what in read.line.command.name)
