"""The base image is one that is no longer maintained.

## What it does
Reports base images of Azure ML that are on the list of deprecated ones, and any image whose
name says Ubuntu 16.04 or 18.04. An image without a tag, or with `latest`, is advice. Of a
`baseDockerfile`, its text or in code the file that is named, it looks at the `FROM` that the
last stage goes back to. Of a v2 online deployment it judges the `image` of the environment, and
what the Dockerfile of its `build` goes back to; where the scoring script that it names is not
there, that is advice.

## Why it matters
Nothing would have told. Deprecated images get no security updates, are removed one day, and
new environments that use them are rejected when they are registered. An image without a
fixed tag is another one after the next build.

## Example
```json inferenceconfig.json {5}
{
  "entryScript": "score.py",
  "environment": {
    "name": "serving",
    "docker": {"baseImage": "mcr.microsoft.com/azureml/openmpi3.1.2-ubuntu18.04:20211221.v1"},
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

## Use instead
```json inferenceconfig.json
{
  "entryScript": "score.py",
  "environment": {
    "name": "serving",
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
- Azure Machine Learning documentation, Troubleshoot environment issues (2 July 2026): the
  list of deprecated base images; `deprecated-images.json` holds it with this date.
- Ubuntu: standard support of 16.04 ended in April 2021, of 18.04 in May 2023.
- azureml-core 1.61.0: executed; it takes any image, and for `base_dockerfile` a text or the path
  of a file alike; `baseDockerfile` of a file is always the text.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import replace

from amllint.artifacts.called import LANGUAGE
from amllint.artifacts.deployment_reference import DeploymentReference
from amllint.artifacts.docker_environment import DockerEnvironment
from amllint.artifacts.fields import is_text
from amllint.artifacts.image_names import image_name, is_for_gpu
from amllint.artifacts.inference_config import InferenceConfig
from amllint.findings.finding import Location, Observation, finding
from amllint.rules.inference.lost_paths import lies_elsewhere
from amllint.rules.registry import rule
from amllint.schemas import load_table
from amllint.source.dockerfile import base_image, is_dockerfile
from amllint.source.problem import Malformed, Unreadable
from amllint.units import DeploymentUnit, Linker

_SILENT = "; azureml-core accepts this silently"
_INSTEAD = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20251130.v1"
_WITH_CUDA = "mcr.microsoft.com/azureml/openmpi4.1.0-cuda11.8-cudnn8-ubuntu22.04"
_PUBLIC = (None, "mcr.microsoft.com", "docker.io")


@rule("AML211", "deprecated-base-image", severity="warning", stage="operate")
def deprecated_base_image(
    config: InferenceConfig | DeploymentReference, unit: DeploymentUnit, links: Linker
) -> Iterator[Observation]:
    """Report an image that is out of date, or that may be another one tomorrow."""
    if isinstance(config, InferenceConfig):
        yield from _of_v1(config, links)
    elif unit.serves:
        yield from _of_v2(config, unit, links)


def _of_v1(config: InferenceConfig, links: Linker) -> Iterator[Observation]:
    discarded = config.is_legacy and "runtime" not in dict(config.legacy())
    field = config.base_image
    if is_text(field) and not discarded:
        yield from _judged(field.value, field.location, "", _SILENT, links.today)
    named = config.base_dockerfile
    if is_text(named):
        text, file = _dockerfile(named.value, config, links)
        found = base_image(text)
        if found is not None:
            where = f" in line {found.line} of {file}"
            yield from _judged(found.name, named.location, where, _SILENT, links.today)


def _of_v2(
    reference: DeploymentReference, unit: DeploymentUnit, links: Linker
) -> Iterator[Observation]:
    places = [(f.value, f.location) for f in (reference.image,) if is_text(f)]
    built = unit.environment
    if isinstance(built, DockerEnvironment) and built.image:
        places.append((built.image, built.place))
    # Without its script it cannot be deployed as it stands.
    left = lies_elsewhere(reference, links) or any(links.missing_scripts(reference))
    for image, place in places:
        for told in _judged(image, place, "", "", links.today):
            yield replace(told, severity="info") if left else told


def _dockerfile(value: str, config: InferenceConfig, links: Linker) -> tuple[str, str]:
    """The text of a Dockerfile, `""` where it cannot be read, and what to call it."""
    if is_dockerfile(value):
        return value, "the Dockerfile"
    in_code = config.section.document.language == LANGUAGE  # a file has the text itself
    path = links.resolve(config.path, value).path if value and in_code else None
    if path is None or not links.repository.contains(path):
        return "", ""
    try:
        return links.overlay.text(path).text, f"`{links.overlay.display(path)}`"
    except (Unreadable, Malformed):
        return "", ""


def _judged(
    name: str, place: Location, where: str, end: str, today: datetime.date
) -> Iterator[Observation]:
    """What is wrong with an image by its name; `where` stands behind it, `end` at the end."""
    image = image_name(name)
    if image is None:
        return
    reason = _reason(image.repository, image.tag or "", image.is_azure_ml, today)
    if reason is not None:
        yield finding(
            place,
            f"the base image `{name}`{where} {reason}{end}",
            help=f"use a maintained one, such as `{_WITH_CUDA if is_for_gpu(name) else _INSTEAD}`",
            # What is in an image of one's own registry, its name only hints at.
            severity=None if image.host in _PUBLIC else "info",
            key="deprecated",
        )
    elif not image.is_fixed:
        what = "has no tag" if image.tag is None else "has the tag `latest`"
        yield finding(
            place,
            f"the base image `{name}`{where} {what}: the next build may use another one",
            help="give a tag that stays, or a digest",
            severity="info",
            key="tag",
        )


def _reason(repository: str, tag: str, is_azure_ml: bool, today: datetime.date) -> str | None:
    table = load_table("deprecated-images")
    if is_azure_ml and repository in table["azureml"]:
        return f"is on the list of deprecated images (as of {table['date']})"
    name = f"{repository}:{tag}".replace("ubuntu:", "ubuntu").lower()
    for row in table["releases"]:
        if row["release"] in name and datetime.date.fromisoformat(row["ends"]) < today:
            release = f"Ubuntu {row['release'][-5:]}"
            return f"is built on {release}, whose support ended on {row['ends']} (today is {today})"
    return None
