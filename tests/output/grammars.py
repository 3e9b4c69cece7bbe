"""How GitHub's runner and Azure's agent read a line of a log.

Written after `ActionCommand.cs` of actions/runner, and `Command.cs` and
`CommandStringConvertor.cs` of microsoft/azure-pipelines-agent, with what .NET's `Split` does
to empty entries.
"""

from __future__ import annotations

from dataclasses import dataclass

GITHUB_COMMANDS = frozenset(
    {"add-mask", "add-matcher", "add-path", "debug", "echo", "endgroup", "error", "group"}
    | {"internal-set-repo-path", "notice", "remove-matcher", "save-state", "set-env"}
    | {"set-output", "stop-commands", "warning"}
)
_DATA = (("%0D", "\r"), ("%0A", "\n"), ("%25", "%"))
_PROPERTY = (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%"))
_FIRST_GRAMMAR = (("%3B", ";"), ("%0D", "\r"), ("%0A", "\n"), ("%5D", "]"), ("%25", "%"))
_AZURE = (("%3B", ";"), ("%0D", "\r"), ("%0A", "\n"), ("%5D", "]"), ("%AZP25", "%"))


@dataclass(frozen=True)
class Command:
    """What a line of a log makes the service do."""

    name: str
    properties: dict[str, str]
    data: str


def github(line: str) -> Command | None:
    """The command that the runner sees in a line, by its second grammar or else its first."""
    return _github_second(line) or _github_first(line)


def _github_second(line: str) -> Command | None:
    line = line.lstrip()
    end = line.find("::", 2)
    if not line.startswith("::") or end < 0:
        return None
    name, _, properties = line[2:end].partition(" ")
    if name.lower() not in GITHUB_COMMANDS:
        return None
    found = _properties(properties.strip(), ",", _PROPERTY)
    return Command(name, found, _unescaped(line[end + 2 :], _DATA))


def _github_first(line: str) -> Command | None:
    begin = line.find("##[")
    end = line.find("]", begin)
    if begin < 0 or end < 0:
        return None
    name, _, properties = line[begin + 3 : end].partition(" ")
    if name.lower() not in GITHUB_COMMANDS:
        return None
    found = _properties(properties, ";", _FIRST_GRAMMAR)
    return Command(name, found, _unescaped(line[end + 1 :], _FIRST_GRAMMAR))


def azure(line: str) -> Command | None:
    """The command that the agent sees in a line."""
    begin = line.find("##vso[")
    end = line.find("]", begin)
    if begin < 0 or end < 0:
        return None
    name, _, properties = line[begin + 6 : end].partition(" ")
    if len([part for part in name.split(".") if part]) != 2:
        return None
    return Command(name, _properties(properties, ";", _AZURE), _unescaped(line[end + 1 :], _AZURE))


def _properties(text: str, separator: str, escapes: tuple[tuple[str, str], ...]) -> dict[str, str]:
    found = {}
    for entry in filter(None, text.split(separator)):
        name, _, value = entry.lstrip("=").partition("=")
        # Split into two with empty entries removed: the second begins after every `=`.
        value = value.lstrip("=")
        if name and value:
            found[name.lower()] = _unescaped(value, escapes)
    return found


def _unescaped(text: str, escapes: tuple[tuple[str, str], ...]) -> str:
    for escape, character in escapes:
        text = text.replace(escape, character)
    return text
