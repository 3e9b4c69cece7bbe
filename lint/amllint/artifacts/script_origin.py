"""What a script's own text says of where it comes from: its SDK, and whether a tool wrote it."""

from __future__ import annotations

import re
from typing import Final

from amllint.analysis.facts import ScriptFacts
from amllint.artifacts.naming import Family
from amllint.source.python import syntax as s
from amllint.source.text import SourceText

_HEADER: Final = re.compile(
    r"\s*# -{20,}\r?\n# Copyright \(c\) Microsoft Corporation\. All rights reserved\.\r?\n# -{20,}"
)
_AUTOML: Final = ("azureml.automl", "azureml.train.automl")
_SAMPLES: Final = frozenset({"input_sample", "data_sample", "sample_input"})


def imported_family(facts: ScriptFacts) -> Family | None:
    """`v1` for a script that imports azureml-core, which v2 images do not have."""
    return "v1" if any(_below(m, "azureml.core") for m in _imported(facts)) else None


def is_automl_driver(source: SourceText, facts: ScriptFacts) -> bool:
    """Whether automated ML wrote the script: its header, its imports, its sample of a request.

    A script that was made from such a one and lost the header is its owner's.
    """
    if "automl" not in source.text or not _HEADER.match(source.code):
        return False
    generated = any(_below(m, a) for m in _imported(facts) for a in _AUTOML)
    return generated and bool(_SAMPLES & facts.bindings.bound.keys())


def _imported(facts: ScriptFacts) -> set[str]:
    found: set[str] = set()
    for node in facts.of_kind(s.Import):
        if not node.level:
            module = node.module
            found.update(f"{module}.{a.name}" if module else a.name for a in node.names)
    return found


def _below(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")
