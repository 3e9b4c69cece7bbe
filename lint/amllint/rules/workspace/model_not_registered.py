"""The workspace has no such model, or no such version of it.

## What it does
Reports a model that is named by `model: azureml:NAME:VERSION` (or `@latest`) of an online or batch
deployment, by `az ml model deploy -m NAME:VERSION`, or in `models` of amllint's own configuration,
and that the snapshot of the workspace does not list. The latest version is shown. Where its lists
contradict each other, as where the latest version is not among the versions, it is unchecked.

## Why it matters
The deployment is refused when it is submitted. In a release pipeline that is often the model of
another stage's workspace, or a version that was never registered there. Where a pipeline, a script
or a notebook registers models and then deploys this file or names this model, it is listed as
unchecked; where another one registers it, make the snapshot after that.

## Example
```yaml deployment.yml {5}
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: churn
instance_type: Standard_DS3_v2
model: azureml:churn:4
environment: azureml:serving:1
```
```json snapshot.json
{"version": 1, "made_by": "amllint 1", "made_at": "2026-11-27T08:00:00Z", "made_from": "azure",
 "workspace": "prod", "facts": [
  {"fact": "models", "read_at": "2026-11-27T08:00:00Z", "source": "GET models",
   "value": [{"name": "churn", "latest_version": "3"}]},
  {"fact": "model_versions", "of": "churn", "source": "GET models",
   "read_at": "2026-11-27T08:00:00Z", "value": [{"name": "churn", "version": "3"}]}]}
```

## Use instead
```yaml deployment.yml
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: churn
instance_type: Standard_DS3_v2
model: azureml:churn:3
environment: azureml:serving:1
```
```json snapshot.json
{"version": 1, "made_by": "amllint 1", "made_at": "2026-11-27T08:00:00Z", "made_from": "azure",
 "workspace": "prod", "facts": [
  {"fact": "models", "read_at": "2026-11-27T08:00:00Z", "source": "GET models",
   "value": [{"name": "churn", "latest_version": "3"}]},
  {"fact": "model_versions", "of": "churn", "source": "GET models",
   "read_at": "2026-11-27T08:00:00Z", "value": [{"name": "churn", "version": "3"}]}]}
```

## Sources
- azure-ai-ml 1.35.2, executed against a server: a deployment is submitted with the id of the model.
- azureml-core 1.61.0, `Model(workspace, id=…)`: raises `ModelNotFound` for one that is not listed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from amllint.artifacts.command_line import DeployCommand
from amllint.artifacts.deployment_reference import DeploymentReference
from amllint.artifacts.registered_names import registered_name
from amllint.capacity.observed.told import unchecked
from amllint.findings.finding import Observation, Unchecked
from amllint.rules.registry import rule
from amllint.rules.workspace.registered import (
    Named,
    absence,
    called,
    contradiction,
    only_folded,
    reference,
    told_absent,
)
from amllint.snapshot import facts
from amllint.snapshot.document import Snapshot
from amllint.snapshot.facts import Read
from amllint.source.names import same_name
from amllint.units import Declaration, Linker


@rule("AML703", "model-not-registered", severity="error", stage="submit")
def model_not_registered(
    config: DeploymentReference | DeployCommand | Declaration, links: Linker, snapshot: Snapshot
) -> Iterator[Observation | Unchecked]:
    """Report models that the workspace does not have."""
    for named in _named(config, links):
        yield from _judged(named, links, snapshot)


def _named(
    config: DeploymentReference | DeployCommand | Declaration, links: Linker
) -> Iterator[Named]:
    if isinstance(config, Declaration):
        yield from _declared(config, links)
        return
    if isinstance(config, DeploymentReference):
        found = reference(config.model) if not config.is_job else None
        if found is not None:
            yield found
        return
    line = config.line
    for option in line.options("model"):
        for word in option.values:
            text = word.text(line.variables)
            name, colon, version = (text or "").partition(":")
            if name and colon and version:
                yield Named(name, version, line.at(word.span))


def _declared(declaration: Declaration, links: Linker) -> Iterator[Named]:
    """The models of a declaration, without those that are, or may be, files."""
    folder = os.path.dirname(links.absolute(declaration.location.path))
    for text in declaration.models:
        place = declaration.place("models", text)
        named = registered_name(text) or registered_name(f"azureml:{text}")
        is_bare = ":" not in text and "@" not in text
        if named is None or (is_bare and ("." in text or _lies(os.path.join(folder, text), links))):
            continue
        yield Named(named.name, named.version, place)


def _lies(path: str, links: Linker) -> bool:
    return links.overlay.exists(path) or links.overlay.is_folder(path)


def _judged(named: Named, links: Linker, snapshot: Snapshot) -> Iterator[Observation | Unchecked]:
    listed, v1 = snapshot.fact(facts.MODELS), snapshot.fact(facts.V1_MODELS)
    names = [m.name for m in listed.value] if isinstance(listed, Read) else []
    every = v1.value if isinstance(v1, Read) else ()
    if not isinstance(listed, Read):
        if not isinstance(v1, Read):
            yield unchecked(listed, facts.MODELS, named.location)
            return
        names = [m.name for m in every]
    versions = _versions(named, snapshot, every, isinstance(v1, Read))
    absent = absence(named, "model", names, versions, called(snapshot))
    doubt = None
    if absent is not None and isinstance(listed, Read) and versions is not None:
        kinds = facts.MODELS, facts.MODEL_VERSIONS
        doubt = contradiction(named, kinds[0], listed.value, kinds[1], versions)
    if doubt is not None:
        yield doubt
    elif absent is not None:
        yield told_absent(named, "model", absent, links, facts.MODELS)
    elif versions is None and named.version not in (None, *_latest(named, listed)):
        fact = snapshot.fact(facts.MODEL_VERSIONS, named.name)
        assert not isinstance(fact, Read)
        yield unchecked(fact, facts.MODEL_VERSIONS, named.location, named.name)
    else:
        yield from only_folded(named, names, facts.MODELS)


def _latest(named: Named, listed: Any) -> Iterator[str | None]:
    """The latest version of a model, as the list of names has it: one that is there."""
    for model in listed.value if isinstance(listed, Read) else ():
        if same_name(model.name, named.name):
            yield model.latest_version


def _versions(named: Named, snapshot: Snapshot, every: Any, is_known: bool) -> list[str] | None:
    """All versions of a model, by either API: one of them may list what the other does not."""
    fact = snapshot.fact(facts.MODEL_VERSIONS, named.name)
    own = [m.version for m in fact.value] if isinstance(fact, Read) else []
    own += [m.version for m in every if same_name(m.name, named.name)]
    return own if own or isinstance(fact, Read) or is_known else None
