"""Which endpoints a run has: those that it defines, and those that its commands make."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from amllint.artifacts.command_line import CommandLine
from amllint.artifacts.deployment_reference import DeploymentReference
from amllint.artifacts.fields import Absent, Field, Unknown, is_text
from amllint.findings.finding import Unchecked
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

    Of commands whose file is not known, which count where none names this one, a single one is
    enough. A local deployment needs nothing of a workspace, and is elsewhere as well.
    """
    lines = _nearest(config, links)
    leading = [is_local(line) or _leads_away(line, config) for line in lines]
    is_named = any(is_text(line.field("file")) for line in lines)
    return bool(lines) and (all(leading) if is_named else any(leading))


def endpoint_doubt(config: DeploymentReference, links: Linker) -> Unchecked | None:
    """That a command gives a file another endpoint, which is only known when it is run."""
    if not is_elsewhere(config, links):
        return None
    for line in _nearest(config, links):
        if not is_local(line) and isinstance(endpoint_given(line), Unknown):
            maker = os.path.basename(line.place.text_path)
            reason = f"not known: `{maker}` gives it another endpoint"
            return Unchecked(config.endpoint_name.location, "endpoint_name", reason)
    return None


def _leads_away(line: CommandLine, config: DeploymentReference) -> bool:
    given, own = endpoint_given(line), config.endpoint_name
    if isinstance(given, Absent):
        return False
    return not (is_text(given) and is_text(own) and same_name(given.value, own.value))


def is_tried(config: DeploymentReference, links: Linker) -> bool:
    """Whether all commands that deploy a file do so locally, and there are any."""
    lines = [n for n in _nearest(config, links) if is_text(n.field("file"))]
    return bool(lines) and all(map(is_local, lines))


def _nearest(config: DeploymentReference, links: Linker) -> list[CommandLine]:
    """The commands that deploy a file: those that surely name it, else that may, else any."""
    lines = list(_deploying(config, links))
    named = [line for line in lines if is_text(line.field("file"))]
    sure = [line for line in named if _is_meant(line, config, links)]
    may_be = [line for line in named if not _is_another(line, config, links)]
    return sure or may_be or [line for line in lines if line not in named]


def _is_meant(line: CommandLine, config: DeploymentReference, links: Linker) -> bool:
    """Whether the path that a command gives can only be that of a file."""
    own, steps = links.absolute(config.path), _steps(line)
    if len(steps) > 1:
        return own.replace(os.sep, "/").endswith("/" + "/".join(steps))
    return _beside(line, links) == own


def _is_another(line: CommandLine, config: DeploymentReference, links: Linker) -> bool:
    """Whether the path that a command gives is of another folder, or that of a file beside it."""
    steps, folder = _steps(line), os.path.dirname(links.absolute(config.path))
    if len(steps) > 1:
        return steps[-2] != os.path.basename(folder)
    return links.exists(_beside(line, links))


def _steps(line: CommandLine) -> list[str]:
    file = line.field("file")
    text = file.value if is_text(file) else ""
    return [step for step in text.replace("\\", "/").split("/") if step not in ("", ".", "..")]


def _beside(line: CommandLine, links: Linker) -> str:
    folder = os.path.dirname(links.absolute(line.place.text_path))
    return os.path.normpath(os.path.join(folder, *_steps(line)))


def _deploying(config: DeploymentReference, links: Linker) -> Iterator[CommandLine]:
    """Commands that deploy a file, or may do so: one of its name, or of one that is not known."""
    own = os.path.basename(config.path)
    for line in _lines(links, "-deployment"):
        file = line.field("file")
        is_own = is_text(file) and os.path.basename(file.value) == own
        if is_own or isinstance(file, Unknown):
            yield line


def is_set(config: DeploymentReference, links: Linker, key: str) -> bool:
    """Whether a command that deploys a file sets a key of it, or may set it."""
    return any(_sets(line, key) for line in _deploying(config, links))


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
    """Whether a command sets a key of the file or something in it, or may set it."""
    given = (word for option in line.options("set") for word in option.values)
    words = [word.text(line.variables) for word in given]
    return any(w is None or w.startswith((f"{key}=", f"{key}.")) for w in words)


def _lines(links: Linker, what: str) -> Iterator[CommandLine]:
    return (read.line for read in links.read if what in read.line.command.name)
