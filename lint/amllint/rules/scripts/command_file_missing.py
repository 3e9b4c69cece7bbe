r"""A command line names a file that is nowhere.

## What it does
Reads the commands that deploy in shell scripts, steps of pipelines and notebooks, and looks for
the files that their options name from every folder that they may be run in: the working
directory of the step and what the script changes into, the folder of the script and those above
it. Those are `--ic`, `--dc` and `-f` of `az ml model deploy`, `package`, `profile` and `az ml
service update`; `-f` of `az ml online-deployment`, `online-endpoint`, `batch-deployment` and
`batch-endpoint`; `-f`, `-s`, `-c`, `-p` and `-d` of the older `az ml service create realtime`.
What `--es`, `--cf` and `--ds` of `az ml model deploy` name is told of as `entry-script-missing`
and `referenced-file-missing`.

A folder that a script changes into before such a command, and that is nowhere in the repository
and made by nothing in it, is told of at the `cd`: an error where the script ends there (`set -e`,
`cd … &&`), else a warning.

Says nothing where the path or the folder holds a variable of unknown value or a pattern; where
another place of the repository's scripts, pipelines and code mentions the file, which may write
it; where git ignores it; and where something is downloaded or checked out before. Where a file
of that name lies in another folder it is advice: a pipeline may put them together. So is what
`az ml service create realtime` and its like name: their service is gone, and with it whoever would
run them.

## Why it matters
The command stops before anything is sent: the CLI cannot open the file. What the repository has
under a similar name is deployed by nobody.

## Example
```sh deploy.sh {3}
#!/bin/sh
az ml model deploy -n churn -m churn:3 --overwrite \
  --ic inference_config.json --dc deploymentconfig.json
```
```json inferenceconfig.json
{
  "entryScript": "score.py",
  "runtime": "python",
  "condaFile": "environment.yml"
}
```
```json deploymentconfig.json
{
  "computeType": "local",
  "port": 8890
}
```
```python score.py
def init():
    pass


def run(raw_data):
    return {"received": len(raw_data)}
```
```yaml environment.yml
dependencies:
  - python=3.10
  - pip:
      - azureml-defaults
```

## Use instead
```sh deploy.sh
#!/bin/sh
az ml model deploy -n churn -m churn:3 --overwrite \
  --ic inferenceconfig.json --dc deploymentconfig.json
```
```json inferenceconfig.json
{
  "entryScript": "score.py",
  "runtime": "python",
  "condaFile": "environment.yml"
}
```
```json deploymentconfig.json
{
  "computeType": "local",
  "port": 8890
}
```
```python score.py
def init():
    pass


def run(raw_data):
    return {"received": len(raw_data)}
```
```yaml environment.yml
dependencies:
  - python=3.10
  - pip:
      - azureml-defaults
```

## Sources
- azure-ai-ml 1.35.2, `load_online_deployment` and its siblings, which the CLI reads `-f` with:
  executed; "No such file or directory".
- Reference of azure-cli-ml, `az ml model deploy`: `--ic` and `--dc` are paths of local files;
  relative ones are opened from where the command is run.
- azure-cli-ml 0.1.0a27.post3, `_util.py` and `_manifest_util.py`: read; a driver file that does
  not exist is an error, and so is any other path that is to be uploaded.
"""

from __future__ import annotations

from collections.abc import Iterator

from amllint.artifacts.missing_files import MissingFile, MissingFiles
from amllint.findings.finding import Observation, finding
from amllint.rules.registry import rule

_SHOWN = 4


@rule("AML808", "command-file-missing", severity="error", stage="submit")
def command_file_missing(missing: MissingFiles) -> Iterator[Observation]:
    """Report each file that a command names in vain."""
    for file in missing.files:
        value = file.field.value
        if file.option == "cd":
            yield _nowhere(missing, file)
            continue
        yield finding(
            file.field.location,
            f"`{file.option}` names `{value}`, which does not exist (tried {_tried(file)}); "
            f"`az ml {missing.line.command.name}` fails when it is run",
            help=_help(file),
            severity="info" if file.elsewhere or missing.line.command.is_of_workbench else None,
            key=f"{file.argument}={value}",
        )


def _nowhere(missing: MissingFiles, file: MissingFile) -> Observation:
    """What is said of a folder that the script changes into."""
    value, command = file.field.value, f"`az ml {missing.line.command.name}`"
    then = f"so that {command} is not run" if missing.stops else f"and {command} runs elsewhere"
    return finding(
        file.field.location,
        f"there is no folder `{value}` (tried {_tried(file)}), and nothing that makes it: "
        f"`cd` fails, {then}",
        help="give its path from where the script is run",
        severity=None if missing.stops else "warning",
        key=f"cd={value}",
    )


def _tried(file: MissingFile) -> str:
    shown = ", ".join(f"`{t}`" for t in file.tried[:_SHOWN])
    return shown + (", …" if len(file.tried) > _SHOWN else "")


def _help(file: MissingFile) -> str:
    if file.near:
        return f"did you mean `{file.near}`?"
    if file.elsewhere:
        return f"`{file.elsewhere}` exists; a pipeline may put them together"
    return "give its path from where the command is run"
