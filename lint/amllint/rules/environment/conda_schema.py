"""The conda file has a shape that azureml-core or conda refuses.

## What it does
Judges the conda environment of something that serves (a file that an inference config, an
online deployment or a declaration names, or dependencies written into one of those) by the
schema that `amllint schema conda` prints: unknown keys, `dependencies` or `pip` that is no
list, items that are empty or numbers, keys that stand twice, and items that YAML made of
several, as it does where a dash stands too deep or `pip` has lost its colon. An MLflow
`python_env.yaml` in its place is named as such. Other conda files are nobody's business here.

## Why it matters
azureml-core refuses unknown keys and broken shapes when the deployment is submitted. The
rest it sends on, and the image build fails minutes later with a message about a package
named `n`: a string is taken apart letter by letter.

## Example
```yaml conda.yml {4}
name: serving
channels: [conda-forge]
dependencies:
  - scikit-learn: 1.5.2
  - python=3.10
  - pip:
      - azureml-defaults==1.60.0
```
```json inferenceconfig.json
{"entryScript": "score.py", "runtime": "python", "condaFile": "conda.yml"}
```
```python score.py
def init():
    pass


def run(raw_data):
    return {"received": len(raw_data)}
```

## Use instead
```yaml conda.yml
name: serving
channels: [conda-forge]
dependencies:
  - scikit-learn=1.5.2
  - python=3.10
  - pip:
      - azureml-defaults==1.60.0
```
```json inferenceconfig.json
{"entryScript": "score.py", "runtime": "python", "condaFile": "conda.yml"}
```
```python score.py
def init():
    pass


def run(raw_data):
    return {"received": len(raw_data)}
```

## Fix safety
Safe, and only where the mend is mechanical: `name: version` becomes `name=version`, and a
`pip` of one word becomes a list. The rest is left to you.

## Sources
- azureml-core 1.61.0, `conda_dependencies.py` and `environment.py`: executed; a conda file
  is read by ruamel.yaml, which refuses keys that stand twice.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from amllint.artifacts.conda import CondaEnvironment
from amllint.findings.finding import Location, Observation, Unchecked, finding
from amllint.rules.environment.conda_edits import mechanical_fix
from amllint.rules.registry import rule
from amllint.rules.schema_findings import schema_findings
from amllint.source.nodes import Mapping
from amllint.units import MLFLOW_ENVIRONMENT, DeploymentUnit


@rule("AML301", "conda-schema", severity="error", stage="build", fix="safe")
def conda_schema(
    environment: CondaEnvironment, unit: DeploymentUnit
) -> Iterator[Observation | Unchecked]:
    """Report what would stop the build of a serving image."""
    if not unit.serves:
        return
    node = environment.node()
    if isinstance(node, Mapping):
        keys = {e.key.value for e in node.entries}
        if {"python", "build_dependencies"} <= keys:
            yield finding(
                environment.section.locate(),
                "this is an MLflow `python_env.yaml`, not a conda file; azureml-core refuses it",
                help=_conda_instead(environment),
                stage="submit",
                key="python_env",
            )
            return
        if not environment.embedded:
            yield from _repeated(environment, node)
    yield from _joined(environment)
    if _plain(environment):
        return
    if not environment.embedded:
        yield from schema_findings(environment.section, "conda", None)
    for observation in schema_findings(environment.section, "conda", "conda-schema"):
        if isinstance(observation, Unchecked):
            continue
        if "`conda` is not a known key" in observation.message:
            continue  # azureml-core takes it, and conda reads it as its own list
        fix = mechanical_fix(environment, observation.location)
        message = observation.message
        if fix is not None and fix.message.startswith("write "):
            message = f"a package and its version are no mapping: {fix.message}"
        yield finding(
            observation.location,
            f"{message}; the image build fails",
            help=None if fix else observation.help,
            fix=fix,
            key=observation.key,
        )


def _conda_instead(environment: CondaEnvironment) -> str:
    if os.path.basename(environment.path) == MLFLOW_ENVIRONMENT:
        return "write `dependencies` with `python=…` and a `pip` list, as MLflow's `conda.yaml` has"
    return "name the model's `conda.yaml` instead"


def _joined(environment: CondaEnvironment) -> Iterator[Observation]:
    """Items with a dash in the middle: no name, version or requirement has one."""
    for requirement in environment.run_together:
        first = requirement.text.split()[0]
        lost = first == "pip" and len(requirement.path) == 2
        yield finding(
            requirement.location,
            f"YAML reads this as one item, `{' '.join(requirement.text.split())}`; "
            "the image build fails",
            help="write `- pip:`, with a colon" if lost else "put each dash below the one above",
            key=f"joined {first}",
        )


def _plain(environment: CondaEnvironment) -> bool:
    """Whether an environment plainly has the usual shape; spares loading the schema's judge."""
    data = environment.section.data
    if not isinstance(data, dict) or not data.keys() <= {"name", "channels", "dependencies"}:
        return False
    items, channels = data.get("dependencies"), data.get("channels", [])
    if not isinstance(items, list) or not isinstance(channels, list):
        return False
    pip = [i["pip"] for i in items if isinstance(i, dict) and list(i) == ["pip"]]
    texts = [i for i in items if isinstance(i, str)] + channels
    if not all(lines is None or isinstance(lines, list) for lines in pip):
        return False
    nested = [line for lines in pip for line in lines or ()]
    whole = len(pip) + len(texts) == len(items) + len(channels)
    return whole and all(isinstance(t, str) for t in texts + nested + [data.get("name", "")])


def _repeated(environment: CondaEnvironment, node: Mapping) -> Iterator[Observation]:
    seen = set()
    for entry in node.entries:
        if entry.key.value in seen and not entry.merged:
            yield finding(
                Location(environment.section.document.text_path, entry.key.span),
                f"`{entry.key.raw}` stands twice; azureml-core refuses the file",
                help="put both together under one key",
                stage="submit",
                key=f"repeated {entry.key.raw}",
            )
        seen.add(entry.key.value)
