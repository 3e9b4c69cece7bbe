"""The script imports a file that the server does not find.

## What it does
Reports the import of a module that lies in the repository and that the server cannot load:
a v1 inference configuration without `sourceDirectory` uploads the entry script alone; files
outside of `sourceDirectory` or `code` stay behind; and a v1 server looks into the source
directory, not into the sub-folder in which the script stands. A relative import never works in
an entry script: it is loaded without a parent package. A sibling called like one of the server's
own modules (`utils.py`, `config.py`, …) is there, and the server finds its own one first: that
is a warning.

Imports that may fail (`try … except ImportError`), that stand under a test, scripts that change
`sys.path`, configurations that set `PYTHONPATH`, and modules that the environment may bring are
left alone.

## Why it matters
On the developer's machine the script's folder is on the path. In the container it is not:
`ModuleNotFoundError: No module named 'helper'`, exit code 3, after the image has been built and
the service deployed. Of the causes of failed deployments in public threads it is the twelfth.

## Example
```python score.py {1}
from features import prepare


def init():
    pass


def run(raw_data):
    return prepare(raw_data)
```
```python features.py
def prepare(text):
    return {"received": len(text)}
```
```json inferenceconfig.json
{"entryScript": "score.py"}
```

## Use instead
```python src/score.py
from features import prepare


def init():
    pass


def run(raw_data):
    return prepare(raw_data)
```
```python src/features.py
def prepare(text):
    return {"received": len(text)}
```
```json inferenceconfig.json
{"entryScript": "score.py", "sourceDirectory": "src"}
```

## Sources
- azureml-inference-server-http 1.5.1, `server/aml_blueprint.py` (executed): the app's root and
  `AZUREML_SOURCE_DIRECTORY` are appended to the path, behind the server's own folder and the
  standard library; the script's folder is not. Relative imports fail in every layout.
- azureml-core 1.61.0: without a source directory the entry script alone is uploaded; with one,
  `AZUREML_SOURCE_DIRECTORY` is its name.
- Wheels of the server, 0.8.4 to 1.5.1: its folder has been on the path, with the same modules.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from amllint.analysis.certain_imports import certain_imports
from amllint.artifacts.pins import bounds
from amllint.artifacts.requirements import distribution_names, normalize
from amllint.artifacts.scoring_script import ScoringScript
from amllint.findings.finding import Observation, finding
from amllint.rules.registry import rule
from amllint.rules.score.server_path import SERVER_MODULES, ServerPath, local_file, server_path
from amllint.source.python import syntax as s
from amllint.source.text import Span
from amllint.units import DeploymentUnit, Linker

_PATH_EDITS: Final = frozenset({"sys.path", "site.addsitedir", "sys.meta_path", "sys.modules"})
_FIRST_SERVERS: Final = {
    "azureml-inference-server-http": (0, 8, 4),
    "azureml-defaults": (1, 50),
}


@rule("AML136", "local-import-unresolved", severity="error", stage="start")
def local_import_unresolved(
    script: ScoringScript, unit: DeploymentUnit, links: Linker
) -> Iterator[Observation]:
    """Report each import of a local module that the server does not find."""
    if not script.online or script.draft or unit.script is not script:
        return
    if not script.facts.imports:
        return
    if _changes_path(script) or _sets_path(unit):
        return
    path = server_path(unit, script, links)
    for statement, part in certain_imports(script.facts):
        told = [_relative(script, statement)] if statement.level else []
        for name, span in _modules(statement):
            told.extend(_unfound(script, unit, links, path, name, span))
        for observation in told:
            yield replace(observation, stage="score" if part == "run" else None)


def _modules(statement: s.Import) -> Iterator[tuple[str, Span]]:
    """The modules that an absolute import names, those of the standard library left out."""
    if statement.level:
        return
    named = (
        [(alias.name, alias.span) for alias in statement.names]
        if statement.module is None
        else [(statement.module, statement.span)]
    )
    for name, span in named:
        if name.partition(".")[0] not in sys.stdlib_module_names:
            yield name, span


def _relative(script: ScoringScript, statement: s.Import) -> Observation:
    text = script.text(statement.span)
    module = statement.module or statement.names[0].name
    return finding(
        script.at(statement.span),
        f"`{text}` is relative to a package, and an entry script has none: the server cannot "
        "import it",
        help=f"import `{module}` absolutely, from the folder that is uploaded",
        severity=None if script.named_by else "warning",
        key=f"relative {module}",
    )


def _unfound(
    script: ScoringScript,
    unit: DeploymentUnit,
    links: Linker,
    path: ServerPath | None,
    name: str,
    span: Span,
) -> Iterator[Observation]:
    """What there is to say about the import of one module."""
    beside = os.path.dirname(links.absolute(script.file))
    if name.partition(".")[0] in SERVER_MODULES:
        found = local_file(links, beside, name)
        if found is not None and not _has_old_server(unit):
            yield _shadowed(script, links, name, span, found)
        return
    if path is None or path.finds(links, name):
        return
    found = local_file(links, beside, name) or _above(unit, links, script, name)
    if found is None or _may_be_installed(unit, beside, name, found):
        return
    why, help_ = _reason(links, path, found)
    message = f"the server does not find `{name}` ({links.overlay.display(found)}): {why}"
    yield finding(script.at(span), message, help=help_, key=name)


def _above(unit: DeploymentUnit, links: Linker, script: ScoringScript, name: str) -> str | None:
    """The file that a name means from a folder above the script's, where no package has it."""
    if unit.environment is None or "." not in name:
        return None
    folders = links.repository.ancestors(links.absolute(script.file))
    return next(filter(None, (local_file(links, f, name) for f in folders)), None)


def _may_be_installed(unit: DeploymentUnit, beside: str, name: str, found: str) -> bool:
    """Whether the environment may bring a module of that name."""
    if unit.environment is None:
        return False
    brought = distribution_names(unit.environment)
    if brought is None:
        return os.path.dirname(found) != beside
    return normalize(name.partition(".")[0]) in brought


def _reason(links: Linker, path: ServerPath, found: str) -> tuple[str, str]:
    """Why the server does not look where a file is, and what to do about it."""
    shown = links.overlay.display
    if path.root is None:
        return (
            "without a `sourceDirectory` the entry script alone is uploaded",
            "set `sourceDirectory` to the folder of both, and `entryScript` relative to it",
        )
    if found.startswith(os.path.join(path.root, "")):
        package = os.path.relpath(found, path.root).replace(os.sep, ".").removesuffix(".py")
        package = package.removesuffix(".__init__")
        return (
            f"it looks into `{shown(path.root)}`, not into the script's own folder",
            f"import it as `{package}`",
        )
    return (
        f"only `{shown(path.root)}` is uploaded",
        f"move it below `{shown(path.root)}`, or install it as a package",
    )


def _shadowed(
    script: ScoringScript, links: Linker, name: str, span: Span, found: str
) -> Observation:
    first = name.partition(".")[0]
    return finding(
        script.at(span),
        f"`{name}` is the server's own module to the server, not {links.overlay.display(found)}: "
        "the names that the script expects are not in it",
        help=f"call the file something else than `{first}.py`",
        severity="warning",
        key=f"shadowed {name}",
    )


def _has_old_server(unit: DeploymentUnit) -> bool:
    """Whether a server is pinned that is older than those looked into."""
    if unit.environment is None:
        return False
    pins = ((bounds(unit.environment, name), first) for name, first in _FIRST_SERVERS.items())
    return any(pinned is not None and pinned.is_before(first) for pinned, first in pins)


def _changes_path(script: ScoringScript) -> bool:
    """Whether the script says itself where modules are looked for."""
    edited = {n.rpartition(".")[2] for n in _PATH_EDITS}
    if script.names.imported("path") == "sys.path":
        return True
    nodes = (n for n in script.facts.of_kind(s.Attribute) if n.attr in edited)
    return any(script.names.qualify(node) in _PATH_EDITS for node in nodes)


def _sets_path(unit: DeploymentUnit) -> bool:
    """Whether the configuration sets `PYTHONPATH`, or where the server's root is."""
    artifact = unit.reference or unit.inference_config
    text = artifact.section.document.source.text if artifact else ""
    return any(v in text for v in ("PYTHONPATH", "AML_APP_ROOT", "AZUREML_SOURCE_DIRECTORY"))
