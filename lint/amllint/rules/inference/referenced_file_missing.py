"""A file or folder that a configuration names does not exist.

## What it does
Looks for `sourceDirectory`, and in it for `condaFile` and `extraDockerfileSteps`, from every
folder between the config and the root of the repository, since the CLI resolves them against
wherever it is run; reports one that is in none of them. In code that deploys, the files that
environments are made from are looked for as well, whatever the environments are for. It is
advice where their folder is missing too, or the code downloads anything; where both is so,
nothing is said. Nor is it of a path out of the folder into one that the repository does not have,
where a file of that name lies elsewhere: a pipeline lays its artifacts out as it likes.

Of a v2 deployment it looks for the `conda_file` and the folder of `build:`, in which the Dockerfile
must be, beside the file that names them: the deployment, or the YAML of the environment that it
names (`azureml:NAME:VERSION`, `file:env.yml`). What code or a pipeline of the repository mentions
by name, and may write, is advice, and so is what a deployment names whose code is not there either.

Of online and batch deployments it looks for the folder of `code` and for the model's `path` as
well, where they are paths. Models are often kept elsewhere: one is an error where a similar name
is there, or the path leads to it from a folder above, or where a pipeline deploys it as it was
checked out; it is advice where nothing tells, and nothing is said where git ignores it or something
may bring it. Code that a script may lay out first is advice.

## Why it matters
`az ml model deploy` and `az ml online-deployment create` stop when they are submitted.

## Example
```json inferenceconfig.json {4}
{
  "entryScript": "score.py",
  "runtime": "python",
  "condaFile": "enviroment.yml"
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
```json inferenceconfig.json
{
  "entryScript": "score.py",
  "runtime": "python",
  "condaFile": "environment.yml"
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
- azureml-core 1.61.0, `model.py`: executed; the files are joined to the source directory.
- `environment.py`: executed; `from_conda_specification` and `from_pip_requirements` open their
  file at once, and raise where it is missing; so do `from_docker_image` and `from_dockerfile` with
  `conda_specification` and `pip_requirements`.
- azure-ai-ml 1.35.2: executed; “No such file or directory” for `conda_file` and `file:env.yml`,
  “Can't find directory or file in resolved absolute path” for `build.path`; “Failed to open
  scoring script” for `code`, which is never fetched from an address; “No such file or directory”
  for the model, at once where it has no `name` and when it is uploaded where it has.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any, Final

from amllint.artifacts.deploy_code import DeployCode
from amllint.artifacts.deployment_reference import DeploymentReference
from amllint.artifacts.environment_definition import environment_file
from amllint.artifacts.fields import Absent, Field, Known, Unknown, is_text, value_of
from amllint.artifacts.inference_config import InferenceConfig
from amllint.findings.finding import Observation, Unchecked, finding
from amllint.rules.inference.deployed_assets import lost_code, lost_model
from amllint.rules.inference.lost_paths import lies_elsewhere, may_be_made, may_be_set, near
from amllint.rules.registry import rule
from amllint.units import Linker

_FROM_HERE: Final = "the path is relative to the folder of this file"
_DOWNLOADS: Final = re.compile(r"\.download(?:_\w+)?\(")


@rule("AML210", "referenced-file-missing", severity="error", stage="submit")
def referenced_file_missing(
    config: InferenceConfig | DeployCode | DeploymentReference, links: Linker
) -> Iterator[Observation | Unchecked]:
    """Report each path that leads nowhere."""
    if isinstance(config, DeployCode):
        yield from _opened(config, links)
    elif isinstance(config, DeploymentReference):
        if not config.is_job:
            yield from lost_code(config, links)
            yield from lost_model(config, links)
        yield from _of_environment(config, links)
    else:
        yield from _configured(config, links)


def _configured(config: InferenceConfig, links: Linker) -> Iterator[Observation | Unchecked]:
    """The files of a v1 configuration."""
    folder = config.source_directory
    if isinstance(folder, Unknown):
        yield Unchecked(folder.location, "sourceDirectory", folder.reason)
        return
    if config.section.assumes("sourceDirectory") and config.section.assumes("entryScript"):
        return  # a model that is served without code
    given = value_of(folder)
    named = isinstance(given, str) and bool(given)
    if isinstance(folder, Known) and named and not _some_folder(config, links, folder.value):
        yield finding(
            folder.location,
            f"the source directory `{folder.value}` does not exist; azureml-core refuses this",
            help="give its path from where `az ml model deploy` is run",
            key=f"sourceDirectory={folder.value}",
        )
        return
    for name in ("condaFile", "extraDockerfileSteps"):
        field = config.section.field(name)
        if isinstance(field, Unknown):
            yield Unchecked(field.location, name, field.reason)
        elif not config.section.assumes(name):
            yield from _file(config, links, folder, name, field)


def _some_folder(config: InferenceConfig, links: Linker, folder: str) -> bool:
    bases = links.folders_of(config.path)
    return any(links.overlay.is_folder(os.path.join(a, folder)) for a in bases)


def _file(
    config: InferenceConfig, links: Linker, folder: Field[Any], name: str, field: Field[Any]
) -> Iterator[Observation]:
    if not isinstance(field, Known) or not isinstance(field.value, str) or not field.value:
        return
    if os.path.isabs(field.value):
        return  # a file of the machine that deploys
    base = value_of(folder)
    steps = [base, field.value] if isinstance(base, str) else [field.value]
    relative = "its path is relative to `sourceDirectory`"
    yield from _missing(config.path, links, steps, f"`{name}`", field, relative)


def _of_environment(reference: DeploymentReference, links: Linker) -> Iterator[Observation]:
    """The files of a v2 environment, relative to the folder of the file that says them."""
    if reference.is_job or reference.is_no_code:
        return
    defined = reference.environment
    named = reference.environment_reference
    file = environment_file(named)
    if file is not None and isinstance(named, Known):
        yield from _missing_beside(reference, reference.path, links, "environment", named, file)
    parts = (("conda_file", defined.conda_file), ("build.path", defined.build_folder))
    for name, field in parts:
        if isinstance(field, Known) and isinstance(field.value, str) and "://" not in field.value:
            yield from _missing_beside(reference, defined.path, links, name, field, field.value)
    yield from _dockerfile(reference, links)


def _dockerfile(reference: DeploymentReference, links: Linker) -> Iterator[Observation]:
    """The Dockerfile of a folder that is there."""
    defined = reference.environment
    folder, named = defined.build_folder, defined.dockerfile
    if (
        not is_text(folder)
        or "://" in folder.value
        or not (is_text(named) or isinstance(named, Absent))
    ):
        return
    name = value_of(named) or "Dockerfile"
    resolution = links.resolve_beside(defined.path, folder.value, name)
    context = links.resolve_beside(defined.path, folder.value).tried
    there = any(links.overlay.is_folder(path) for path in context)
    if resolution.path or not there or os.path.isabs(folder.value) or os.path.isabs(name):
        return
    left_alone = lies_elsewhere(reference, links) or _may_come(name, "build.path", links)
    yield finding(
        (named if is_text(named) else folder).location,
        f"there is no `{name}` in `{folder.value}`, which the image is built from: the build fails",
        help=near(links, resolution.tried) or "`dockerfile_path` is relative to `build.path`",
        severity="info" if left_alone else None,
        stage="build",
        key=f"dockerfile={name}",
    )


def _missing_beside(
    reference: DeploymentReference,
    owner: str,
    links: Linker,
    name: str,
    field: Known[Any],
    path: str,
) -> Iterator[Observation]:
    resolution = links.resolve_beside(owner, path)
    there = any(links.overlay.is_folder(tried) for tried in resolution.tried)
    is_folder = there and name == "build.path"
    if not path or not resolution.tried or resolution.path or is_folder or os.path.isabs(path):
        return
    elsewhere = links.same_name(path)
    if elsewhere and links.is_laid_out(path, resolution):
        return
    what = "is a folder" if there else "does not exist"
    help = near(links, resolution.tried) or _FROM_HERE
    if path.startswith("file:"):
        help = f"write `{path.removeprefix('file:')}`: what stands here is a path already"
    elif elsewhere is not None:
        way = os.path.relpath(elsewhere, os.path.dirname(links.absolute(owner)))
        help = f"did you mean `{way.replace(os.sep, '/')}`? {_FROM_HERE}"
    left_alone = elsewhere is None and lies_elsewhere(reference, links)
    yield finding(
        field.location,
        f"`{name}` names `{path}`, which {what}; azure-ai-ml refuses this",
        help=help,
        severity="info" if left_alone or _may_come(path, name, links) else None,
        key=f"{name}={path}",
    )


def _may_come(path: str, name: str, links: Linker) -> bool:
    """Whether the repository may make a file, or give another one when it deploys."""
    key = name if name == "environment" else f"environment.{name}"
    return may_be_made(path, links) or may_be_set(key, links)


def _opened(code: DeployCode, links: Linker) -> Iterator[Observation]:
    """The files that code makes environments from.

    Where their folder is missing as well, something that is run before may fetch it; where the
    code itself downloads something, that is taken for it.
    """
    downloads = _DOWNLOADS.search(code.whole) is not None
    for field in code.opened_files:
        if not isinstance(field, Known) or not isinstance(field.value, str) or not field.value:
            continue
        tried = links.resolve(code.path, field.value).tried
        fetched = not any(links.overlay.is_folder(os.path.dirname(path)) for path in tried)
        if not (downloads and fetched):
            relative = "give its path from where the code is run"
            hedged = downloads or fetched
            yield from _missing(
                code.path, links, [field.value], "the environment", field, relative, hedged
            )


def _missing(
    owner: str,
    links: Linker,
    steps: list[str],
    name: str,
    field: Known[Any],
    help: str,
    hedged: bool = False,
) -> Iterator[Observation]:
    resolution = links.resolve(owner, *steps)
    there = any(links.overlay.is_folder(path) for path in resolution.tried)
    if resolution.path is not None or there or os.path.isabs(field.value):
        return
    elsewhere = links.same_name(field.value)
    if elsewhere and links.is_laid_out(field.value, resolution):
        return
    help = near(links, resolution.tried) or help
    if elsewhere:
        help = f"`{links.overlay.display(elsewhere)}` exists; a pipeline may put them together"
    yield finding(
        field.location,
        f"{name} names `{field.value}`, which does not exist; azureml-core refuses this",
        help=help,
        severity="info" if elsewhere or hedged else None,
        key=f"{name.strip('`')}={field.value}",
    )
