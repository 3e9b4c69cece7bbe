"""Names of v1 services and of the versions of an endpoint."""

from __future__ import annotations

import re
from typing import Final

SHORTEST: Final = 3
LONGEST: Final = 32
_NAME: Final = re.compile(r"[a-z](?:[-a-z0-9]*[a-z0-9])?")


def name_problem(name: str) -> str | None:
    """Why azureml-core refuses a name, in words that follow on "the name"; `None` if it is taken.

    Source: azureml-core 1.61.0, `_model_management/_util.py`, `validate_service_name`.
    """
    if not SHORTEST <= len(name) <= LONGEST:
        return f"has {len(name)} characters; {SHORTEST} to {LONGEST} are allowed"
    if _NAME.fullmatch(name):
        return None
    odd = re.search(r"[^-a-z0-9]", name)
    if odd is not None:
        return f"holds {odd.group()!r}; lower-case letters, digits and dashes are allowed"
    if not name[0].isalpha():
        return "does not begin with a letter"
    return "ends with a dash"


def name_suggestion(name: str) -> str | None:
    """The name that is most likely meant and that is taken, if one can be made of it."""
    text = re.sub(r"[^-a-z0-9]+", "-", name.strip().lower()).lstrip("-0123456789")
    text = text[:LONGEST].rstrip("-")
    return text if name_problem(text) is None else None
