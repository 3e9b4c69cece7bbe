"""A password of the registry, or another secret, is written into the config.

## What it does
Reports the `password` of a `baseImageRegistry` that is given as plain text, and secrets in
the `environmentVariables` of the environment: published formats of keys and tokens, and
texts that look like one under a name such as `API_KEY`. Placeholders that a pipeline fills
in are left alone.

## Why it matters
The file is committed, and the environment with it is stored in the workspace, where all its
users can read it. The service does not support credentials inside of an environment any
longer. What was committed once stays in the history, so that taking it out is not enough.

## Example
```json inferenceconfig.json {10}
{
  "entryScript": "score.py",
  "environment": {
    "name": "serving",
    "docker": {
      "baseImage": "example.azurecr.io/serving:20261101",
      "baseImageRegistry": {
        "address": "example.azurecr.io",
        "username": "example",
        "password": "vR7+mQ2xLp9/Kd4TzB8wHc6N"
      }
    },
    "python": {"userManagedDependencies": true}
  }
}
```
```python score.py
def init():
    pass


def run(raw_data):
    return {"received": len(raw_data)}
```

## Use instead
```json inferenceconfig.json
{
  "entryScript": "score.py",
  "environment": {
    "name": "serving",
    "docker": {"baseImage": "example.azurecr.io/serving:20261101"},
    "python": {"userManagedDependencies": true}
  }
}
```
```python score.py
def init():
    pass


def run(raw_data):
    return {"received": len(raw_data)}
```

## Sources
- Azure Machine Learning documentation, Troubleshoot environment issues: credentials in the
  definition of an environment are no longer supported; workspace connections hold them.
- azureml-core 1.61.0, `container_registry.py`: executed; the password is serialized and sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from amllint.artifacts.fields import Known
from amllint.artifacts.inference_config import InferenceConfig
from amllint.findings.finding import Location, Observation, finding
from amllint.findings.secrets import is_placeholder, secrets_in
from amllint.rules.registry import rule

_SILENT: Final = "; azureml-core accepts this silently"


@rule("AML213", "embedded-credentials", severity="error", stage="submit")
def embedded_credentials(config: InferenceConfig) -> Iterator[Observation]:
    """Report each password of a registry, and each secret among the variables."""
    modern, legacy = config.registries
    for registry, silent in ((modern, _SILENT), (legacy, "")):
        password = registry.field("password")
        if not isinstance(password, Known) or not isinstance(password.value, str):
            continue
        if password.value and not is_placeholder(password.value):
            yield finding(
                password.location,
                "the password of the registry is written out: whoever can read the file, its "
                f"history or the environment has it{silent}",
                help="renew it, remove it with its `username`, and put it into a connection of "
                "the workspace, or give the workspace's identity the role AcrPull",
                key="registry",
            )
    yield from _variables(config)


def _variables(config: InferenceConfig) -> Iterator[Observation]:
    section = config.environment_variables
    names = section.data if isinstance(section.data, dict) else {}
    source = section.document.source
    for name in names:
        place = section.locate((name,))
        for secret in secrets_in(source.text):
            if place.span.start <= secret.span.start < place.span.end:
                shown = f" (`{secret.shown}…`)" if secret.shown else ""
                yield finding(
                    Location(place.path, secret.span, place.cell),
                    f"{secret.what} is written into the variable `{name}`{shown}: whoever can "
                    f"read the file, its history or the environment has it{_SILENT}",
                    help="revoke it, and read it from Key Vault when the script starts",
                    stage="operate",
                    key=f"variable/{name}",
                )
