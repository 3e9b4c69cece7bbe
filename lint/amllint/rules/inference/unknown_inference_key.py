"""The inference config has a key that nothing reads.

## What it does
Reports keys of an `inferenceconfig.json` or `.yml`, and of the environment written into it,
that neither the CLI nor azureml-core looks up: misspellings, wrong case, and keys of other
tools such as `schemaFile`. A key without a value asks for nothing: that is advice.

## Why it matters
The key is dropped without a word. A `condafile` in the wrong case leaves the service with an
environment of the platform's choosing, and the image without the script's packages.

## Example
```json inferenceconfig.json {4}
{
  "entryScript": "score.py",
  "runtime": "python",
  "condafile": "conda.yml"
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
  "runtime": "python",
  "condaFile": "conda.yml"
}
```
```python score.py
def init():
    pass


def run(raw_data):
    return {"received": len(raw_data)}
```
```yaml conda.yml
dependencies:
  - python=3.10
  - pip:
      - azureml-defaults
```

## Fix safety
Unsafe: the fix renames a key to the one that it most resembles, and only where that one is
not there yet. The setting then takes effect, which it never did before.

## Sources
- CLI v1, the reader of inference configs, and azureml-core 1.61.0, `environment.py`:
  executed; unknown keys pass in silence. 13 of 30 public files hold `schemaFile`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from amllint.artifacts.fields import value_of
from amllint.artifacts.inference_config import InferenceConfig
from amllint.findings.finding import Observation, finding
from amllint.findings.fingerprints import path_key
from amllint.rules.registry import rule
from amllint.rules.schema_findings import rename_key
from amllint.schemas import UNKNOWN_KEY, violations

_NOTES: Final = frozenset({"description", "comment", "comments", "note", "notes"})
"""Keys that a person reads: nothing is lost where no program does."""


@rule("AML202", "unknown-inference-key", severity="warning", stage="build", fix="unsafe")
def unknown_inference_key(config: InferenceConfig) -> Iterator[Observation]:
    """Report each key that is read by nobody."""
    for violation in violations(config.section, "inferenceconfig") if not config.is_derived else ():
        if violation.rule != UNKNOWN_KEY or str(violation.path[-1]).startswith("$"):
            continue
        location = config.section.locate(violation.path, key=True)
        empty = value_of(config.section.field(*map(str, violation.path))) is None
        note = str(violation.path[-1]).strip("_").lower() in _NOTES
        yield finding(
            location,
            f"`{violation.path[-1]}` is not read and has no effect; the CLI accepts this silently",
            help=violation.help,
            severity="info" if empty or note else None,
            fix=rename_key(config.section, violation, location),
            key=path_key(violation.path),
        )
