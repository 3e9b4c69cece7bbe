"""The inference config has a shape that azureml-core refuses.

## What it does
Judges an `inferenceconfig.json` or `.yml` by the schema that `amllint schema
inferenceconfig` prints: a missing `entryScript`, values of the wrong type, an environment
given by name instead of written out, sections that are null, registries given as text.

## Why it matters
`az ml model deploy` stops on each of these when it is submitted. Most of them reach the
user as "Error parsing --inference-config-file", which sends people looking for a comma in a
file whose JSON is in order.

## Example
```json inferenceconfig.json {3}
{
  "entryScript": "score.py",
  "environment": "my-registered-environment"
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
    "name": "my-environment",
    "docker": {"baseImage": "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20251130.v1"},
    "python": {
      "condaDependencies": {
        "channels": ["conda-forge"],
        "dependencies": ["python=3.10", "pip", {"pip": ["azureml-defaults==1.60.0"]}]
      }
    }
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
- azureml-core 1.61.0 (`model.py`, `environment.py`) and the file reader of CLI v1: executed
  for every key.
"""

from __future__ import annotations

from collections.abc import Iterator

from amllint.artifacts.inference_config import InferenceConfig
from amllint.findings.finding import Observation, Unchecked
from amllint.rules.registry import rule
from amllint.rules.schema_findings import schema_findings


@rule("AML201", "inference-config-schema", severity="error", stage="submit")
def inference_config_schema(config: InferenceConfig) -> Iterator[Observation | Unchecked]:
    """Report what the SDK or the CLI would refuse, each at its value."""
    if not config.is_derived:
        yield from schema_findings(config.section, "inferenceconfig", None)
