"""Environments whose file code of the repository writes over before anything reads it."""

from __future__ import annotations

import os
import re

from amllint.artifacts.conda import CondaEnvironment
from amllint.artifacts.environment import Environment
from amllint.units import Linker


def is_rewritten(environment: Environment, links: Linker) -> bool:
    """Whether code writes a file of this name: then what stands in it is what the code made.

    That is how `CondaDependencies` is used: made in code, saved, and named in the configuration.
    """
    if not isinstance(environment, CondaEnvironment) or environment.embedded:
        return False
    name = re.escape(os.fsencode(os.path.basename(environment.path)))
    return links.mentions(
        environment.path, _writing(name), os.fsencode(os.path.basename(environment.path))
    )


def _writing(name: bytes) -> re.Pattern[bytes]:
    """Code that writes a file of a name; in notebooks quotes have a backslash before them."""
    whole = rb"(?<![\w-])" + name + rb"(?![\w-])"
    anything = rb"[^\r\n]{0,200}?" + whole
    return re.compile(
        rb"%%writefile[ \t]+"
        + anything
        + rb"|\.(?:save_to_file|serialize_to_file|save)\([^\r\n()]{0,200}?"
        + whole
        + rb"|\bopen\("
        + anything
        + rb"\\?[\"'][ \t]*\)?[ \t]*,[ \t]*(?:mode[ \t]*=[ \t]*)?\\?[\"'][wx]"
    )
