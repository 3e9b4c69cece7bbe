"""References of v2 to what is registered in the workspace: `azureml:NAME:VERSION`."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_NAMED: Final = re.compile(
    r"azureml:(?P<name>[A-Za-z0-9][\w.-]*)(?::(?P<version>[\w.-]+)|(?P<latest>@latest))?"
)


class RegisteredName(NamedTuple):
    """The name of a model or an environment, and the version that is asked for, if one is.

    `is_whole` says that it is a reference as deployments take it: with a version, or `@latest`.
    """

    name: str
    version: str | None
    is_whole: bool


def registered_name(text: str) -> RegisteredName | None:
    """What a reference names; `None` for ids, for registries, and for all else.

    Source: azure-ai-ml 1.35.2, executed: `azureml:NAME:VERSION` and `azureml:NAME@latest`.
    """
    match = _NAMED.fullmatch(text)
    if match is None:
        return None
    is_whole = match["version"] is not None or match["latest"] is not None
    return RegisteredName(match["name"], match["version"], is_whole)
