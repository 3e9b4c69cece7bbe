"""The keys of the service are written into its configuration.

## What it does
Reports `primaryKey` and `secondaryKey` that are given as plain text; placeholders that a
pipeline fills in are left alone. A `secondaryKey` without a `primaryKey` is reported as a
warning of its own: it is not used.

## Why it matters
The file is committed, and with it the key: whoever can read the repository or its history
can call the service, and the key outlives every clean-up of the file. azureml-core drops a
secondary key without a primary one, silently, and the service generates both.

## Example
```json deploymentconfig.json {5}
{
  "computeType": "aks",
  "numReplicas": 2,
  "keys": {
    "primaryKey": "q7Rt2mXv9LbK4nWc8ZdP1sHy6GfJ3aTe"
  }
}
```

## Use instead
```json deploymentconfig.json
{
  "computeType": "aks",
  "numReplicas": 2
}
```

## Sources
- azureml-core 1.61.0, `webservice/webservice.py`: executed; keys are sent as given, and the
  secondary one only beside a primary one.
"""

from __future__ import annotations

from collections.abc import Iterator

from amllint.artifacts.deployment_config import (
    AciDeployment,
    AksDeployment,
    AksEndpointDeployment,
)
from amllint.artifacts.fields import Absent, Known
from amllint.findings.finding import Observation, finding
from amllint.findings.secrets import is_placeholder
from amllint.rules.registry import rule


@rule("AML408", "key-in-file", severity="error", stage="operate")
def key_in_file(
    config: AksDeployment | AksEndpointDeployment | AciDeployment,
) -> Iterator[Observation]:
    """Report each key that can be read, and one that is dropped."""
    primary = config.argument("primary_key")
    dropped = isinstance(primary, Absent) or (isinstance(primary, Known) and not primary.value)
    for name in ("primary_key", "secondary_key"):
        field = config.argument(name)
        if not isinstance(field, Known) or not field.value:
            continue
        shown = config.name_of(name)
        if not is_placeholder(str(field.value)):
            yield finding(
                field.location,
                f"`{shown}` is written out: whoever can read the file or its history can call "
                "the service; azureml-core accepts this silently",
                help="remove it, since the service generates keys, and renew the key where it "
                "is in use; read it with `az ml service get-keys`",
                key=name,
            )
        elif name == "secondary_key" and dropped:
            yield finding(
                field.key,
                f"`{shown}` is given without `{config.name_of('primary_key')}`; azureml-core "
                "accepts this silently and drops it",
                help="give both keys, or neither",
                severity="warning",
                key="dropped",
            )
