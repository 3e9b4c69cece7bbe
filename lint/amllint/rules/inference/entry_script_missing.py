"""The scoring script is not where the configuration says.

## What it does
Joins `sourceDirectory` and `entryScript` and looks for the file from every folder between
the config and the root of the repository, since the CLI resolves it against wherever it is
run. Reports it when none of them has it, and says which were tried. A folder that is
written in both keys (`src/score.py` in `src`) is told apart. Where a script of that name
exists elsewhere in the repository it is advice: a pipeline may put the files together; nothing is
said where the path leads out of the folder into one that the repository does not have. An
absolute path is left alone: it names a file of the machine that deploys.

Of a v2 deployment it looks for `scoring_script` in the folder of `code`, which is relative to the
file; where the folder is not there, referenced-file-missing tells of it. `code` without a
`scoring_script`, and that without `code`, are told of as well. Code that is registered
(`azureml:NAME:VERSION`) is not looked into. What a script or a pipeline may lay out first, or a
command gives by `--set`, is advice.

## Why it matters
`az ml model deploy` stops when it is submitted: "entry_script doesn't exist. entry_script
should be path relative to current working directory". The advice in that message is
misleading: the path is relative to the source directory. `az ml online-deployment create` and
`az ml batch-deployment create` say "Failed to open scoring script"; with
`--skip-script-validation` the container starts without a script, and stops.

## Example
```json inferenceconfig.json {2}
{
  "entryScript": "src/score.py",
  "sourceDirectory": "src"
}
```
```python src/score.py
def init():
    pass


def run(raw_data):
    return {"received": len(raw_data)}
```

## Use instead
```json inferenceconfig.json
{
  "entryScript": "score.py",
  "sourceDirectory": "src"
}
```
```python src/score.py
def init():
    pass


def run(raw_data):
    return {"received": len(raw_data)}
```

## Sources
- azureml-core 1.61.0, `model.py` and `_util.py` (executed): the path is joined to the
  source directory, and that to the working directory.
- azure-ai-ml 1.35.2 (executed): the script is opened below `code` before anything is uploaded,
  for online and batch deployments; without one of both keys it ends in an exception of Python.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Final

from amllint.artifacts.deployment_reference import DeploymentReference
from amllint.artifacts.fields import Absent, Known, Unknown, is_text, value_of
from amllint.artifacts.inference_config import InferenceConfig
from amllint.findings.finding import Observation, Unchecked, finding
from amllint.rules.inference.deployed_assets import beside, has_local_code, severity_of
from amllint.rules.inference.lost_paths import is_folder, may_be_set, near
from amllint.rules.registry import rule
from amllint.units import Linker, Resolution

_LACKING: Final = {
    "code": "add `code`, the folder of the script: `.` for that of this file",
    "scoring_script": "add `scoring_script`, the script's path in that folder",
}


@rule("AML203", "entry-script-missing", severity="error", stage="submit")
def entry_script_missing(
    config: InferenceConfig | DeploymentReference, links: Linker
) -> Iterator[Observation | Unchecked]:
    """Report an entry script that is in none of the places it could mean."""
    if isinstance(config, InferenceConfig):
        yield from _configured(config, links)
    elif not config.is_job:
        yield from _half_given(config, links)
        yield from _deployed(config, links)


def _half_given(reference: DeploymentReference, links: Linker) -> Iterator[Observation]:
    """A script without a folder, or a folder without a script."""
    given = {"code": reference.code, "scoring_script": reference.scoring_script}
    for name, other in (("code", "scoring_script"), ("scoring_script", "code")):
        field, lacking = given[name], given[other]
        if not is_text(field) or not isinstance(lacking, Absent):
            continue
        may_come = may_be_set(f"code_configuration.{other}", links, reference.path)
        yield finding(
            field.key,
            f"`{name}` stands without `{other}`; azure-ai-ml ends in an exception",
            help=_LACKING[other],
            severity="info" if may_come else None,
            key=f"no {other}",
        )


def _deployed(reference: DeploymentReference, links: Linker) -> Iterator[Observation]:
    """The script of a v2 deployment, in a folder that is there."""
    folder, script = reference.code, reference.scoring_script
    given = value_of(folder)
    if not is_text(script) or not (given == "" or has_local_code(folder)):
        return
    if os.path.isabs(script.value):
        return
    base = beside(reference, given or ".", links)
    path = os.path.normpath(os.path.join(base or "", script.value.replace("\\", "/")))
    if base is None or links.exists(path) or not is_folder(links, base):
        return
    what = "is a folder" if is_folder(links, path) else "does not exist"
    shown = os.path.join(given or ".", script.value)
    yield finding(
        script.location,
        f"the scoring script `{script.value}` {what} in `{given or '.'}`; azure-ai-ml refuses this",
        help=_instead(base, path, links),
        severity=severity_of(reference, shown, "code_configuration.scoring_script", links),
        key=f"scoring_script={script.value}",
    )


def _instead(base: str, path: str, links: Linker) -> str:
    """A similar name, or the same one elsewhere below the folder of the code."""
    inside = os.path.join(base, "")
    name = os.path.basename(path)
    found = [f for f in links.repository.files if f.startswith(inside)]
    same = [os.path.relpath(f, base) for f in found if os.path.basename(f) == name]
    if same:
        return f"write `{same[0].replace(os.sep, '/')}`: the path is relative to `code`"
    alike = None if is_folder(links, path) else near(links, (path,))
    return alike or "the path is relative to `code`"


def _configured(config: InferenceConfig, links: Linker) -> Iterator[Observation | Unchecked]:
    """The script of a v1 configuration."""
    for name, field in (
        ("entryScript", config.entry_script),
        ("sourceDirectory", config.source_directory),
    ):
        if isinstance(field, Unknown):
            yield Unchecked(field.location, name, field.reason)
            return
    script = config.entry_script
    resolution = links.entry_script(config)
    if resolution is None or resolution.path is not None or not isinstance(script, Known):
        return
    if os.path.isabs(script.value) or config.section.assumes("entryScript"):
        return
    message, help = _explain(config, links, script.value, resolution)
    elsewhere = links.same_name(script.value)
    if elsewhere and links.is_laid_out(script.value, resolution):
        return
    if elsewhere and help.startswith("give "):
        folder = os.path.dirname(links.overlay.display(elsewhere)) or "."
        help = (
            f"`{links.overlay.display(elsewhere)}` exists: set `sourceDirectory` to `{folder}`, "
            "unless a pipeline puts both into one folder first"
        )
    yield finding(
        script.location,
        message,
        help=help,
        severity="info" if elsewhere and help.startswith("`") else None,
        key=f"entryScript={script.value}",
    )


def _explain(
    config: InferenceConfig, links: Linker, script: str, resolution: Resolution
) -> tuple[str, str]:
    if "\0" in script:
        return "`entryScript` holds a NUL character", "remove it"
    folder = value_of(config.source_directory)
    if isinstance(folder, str) and folder:
        alone = links.resolve(config.path, script)
        inner = os.path.relpath(script, folder)
        if alone.path is not None and not inner.startswith(".."):
            joined = os.path.normpath(os.path.join(folder, script))
            return (
                f"`entryScript` is joined to `sourceDirectory`, which makes it `{joined}`: "
                "there is no such file; azureml-core refuses this",
                f'write "entryScript": "{inner}"',
            )
    tried = [links.overlay.display(p) for p in resolution.tried]
    shown = ", ".join(f"`{t}`" for t in tried[:4]) + (", …" if len(tried) > 4 else "")
    where = "relative to `sourceDirectory`" if folder else "from where `az ml model deploy` is run"
    return (
        f"the entry script `{script}` does not exist (tried {shown}); azureml-core refuses this",
        f"give its path {where}",
    )
