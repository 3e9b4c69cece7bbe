"""A file is read relative to the folder that the server happens to run in.

## What it does
Reports an online script that reads a file (`open`, `pandas.read_csv`, `numpy.load`,
`Image.open`, …) by a relative path, where that file is known to be elsewhere: with v1 it lies
beside the script or in the source directory, with v2 outside of the code folder. Where the
file is not to be found at all, or nothing tells how the script is deployed, it is advice.
Files that the script writes, fetches or asks for are left alone, and models are told of by
`model-path-outside-model-dir`.

## Why it matters
A relative path counts from the folder that the server is started in. That is
`/var/azureml-app` with v1, while the source directory ships as a folder below it; and the
code folder with v2. Run by hand from the repository the script finds its file, and in the
container `init()` ends with `FileNotFoundError`.

## Example
```python src/score.py {6}
import json


def init():
    global labels
    with open("labels.json") as file:
        labels = json.load(file)


def run(raw_data):
    return {"labels": labels}
```
```json src/labels.json
["cat", "dog"]
```
```json inferenceconfig.json
{
  "entryScript": "score.py",
  "sourceDirectory": "src",
  "environment": {"name": "serving", "docker": {"enabled": true}}
}
```

## Use instead
```python src/score.py
import json
import os


def init():
    global labels
    with open(os.path.join(os.path.dirname(__file__), "labels.json")) as file:
        labels = json.load(file)


def run(raw_data):
    return {"labels": labels}
```
```json src/labels.json
["cat", "dog"]
```
```json inferenceconfig.json
{
  "entryScript": "score.py",
  "sourceDirectory": "src",
  "environment": {"name": "serving", "docker": {"enabled": true}}
}
```

## Sources
- azureml-inference-server-http 1.5.1 (executed): the working directory is the one that the
  server was started in, and the script's own folder plays no part.
- The start script of the inference images changes to `AML_APP_ROOT`, or `/var/azureml-app`,
  before it starts the server; azureml-core 1.61.0 ships a source directory as a folder below
  that; azure-ai-ml 1.34 sets `AML_APP_ROOT` to the code folder.
"""

from __future__ import annotations

from collections.abc import Iterator

from amllint.analysis.places import Place
from amllint.artifacts.file_reads import FileRead, all_reads
from amllint.artifacts.scoring_script import ScoringScript
from amllint.findings.finding import Observation, finding
from amllint.rules.registry import rule
from amllint.rules.score.server_folder import (
    ServerFolder,
    changes_folder,
    is_provided,
    server_folder,
)
from amllint.units import DeploymentUnit, Linker


@rule("AML120", "relative-data-path", severity="warning", stage="start")
def relative_data_path(
    script: ScoringScript, unit: DeploymentUnit, links: Linker
) -> Iterator[Observation]:
    """Report each read of a literal relative path that leads nowhere in the container."""
    if not script.online:
        return
    found = list(all_reads(script, "import", "init", "run"))
    reads = [(read, _relative(read)) for read in found if read.load is None]
    if not any(place for _, place in reads) or changes_folder(script):
        return
    models = {place.text for read in found if read.load for place in read.places}
    folder = server_folder(script, unit, links)
    for read, place in reads:
        if place is None or place.text in models or folder.ships(place) or folder.names(place):
            continue
        if is_provided(read.reached.module.facts, place):
            continue
        yield _finding(script, read, place, folder)


def _relative(read: FileRead) -> Place | None:
    """The relative path that is read, if it is one and known."""
    places = read.places
    if len(places) != 1 or read.is_optional:
        return None
    place = places[0]
    relative = place.base == "literal" and place.is_known and not place.is_absolute
    return place if relative and place.parts and ":" not in place.text else None


def _finding(
    script: ScoringScript, read: FileRead, place: Place, folder: ServerFolder
) -> Observation:
    beside = folder.beside_script(place)
    if beside is None:
        why = "no file of that name is known to ship there: reading it fails"
    else:
        why = f"`{beside}` ships in a folder below: reading it fails"
    started = "/var/azureml-app" if folder.route == "v1" else "the folder that it is started in"
    return finding(
        read.location,
        f"`{place.text}` is looked for where the server runs, in {started}, and {why}",
        help="count from the script: "
        f'os.path.join(os.path.dirname(__file__), "{place.text.removeprefix("./")}")',
        severity=None if _is_certain(place, folder, beside) else "info",
        key=script.structural(read.reached.call.span) if not read.reached.module.name else None,
    )


def _is_certain(place: Place, folder: ServerFolder, beside: str | None) -> bool:
    """Whether the file is known to be elsewhere than where the server looks.

    One that is nowhere may be put there by whatever deploys the script.
    """
    if beside is not None:
        return folder.route == "v1"
    return folder.shipped is not None and folder.elsewhere(place)
