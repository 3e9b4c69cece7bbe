"""A model or data is fetched over the network while the container starts.

## What it does
Advises on calls that importing the script or `init` comes to and that fetch something: a
model by its name on a hub (`from_pretrained("bert-base-uncased")`, `SentenceTransformer`,
`whisper.load_model`), `hf_hub_download`, `nltk.download`, `torch.hub.load`, `urlretrieve`,
blob downloads, `wget`, `pip install` and their like. A path on disk, and what is told to
use local files only, is left alone.

## Why it matters
Every worker of every replica fetches it again, at each start and each scale-out. The start
takes as long as the network does, and liveness probes count meanwhile; behind a firewall or
with egress switched off, or on the day that the hub is down or the model is renamed, no
container starts at all.

## Example
```python score.py {6} persona=pedantic
from transformers import pipeline


def init():
    global classify
    classify = pipeline("text-classification", model="distilbert-base-uncased")


def run(raw_data):
    return {"received": len(raw_data)}
```

## Use instead
```python score.py
import os

from transformers import pipeline


def init():
    global classify
    folder = os.path.join(os.environ["AZUREML_MODEL_DIR"], "distilbert-base-uncased")
    classify = pipeline("text-classification", model=folder)


def run(raw_data):
    return {"received": len(raw_data)}
```

## Sources
- Guide on online endpoints with network isolation: with egress switched off, models and
  packages have to be in the workspace, registered or in the image.
- azureml-inference-server-http 1.5.1 (executed): `init` runs once per worker, and the server
  does not answer until it is through.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from amllint.analysis.known_downloads import source_of
from amllint.analysis.known_loads import load_of, path_argument
from amllint.artifacts.file_reads import distinct_calls
from amllint.artifacts.scoring_script import ScoringScript
from amllint.artifacts.script_module import ReachedCall
from amllint.findings.finding import Observation, finding
from amllint.rules.registry import rule
from amllint.rules.score.server_folder import server_folder
from amllint.source.python import syntax as s
from amllint.units import DeploymentUnit, Linker

_HUB_NAME: Final = re.compile(r"^(?!\.)[\w.-]+(?:/[\w.-]+)?$")


_CACHES: Final = ("cache_dir", "download_root", "cache_folder", "model_dir", "download_dir")


@rule("AML127", "download-at-start", severity="info", stage="start")
def download_at_start(
    script: ScoringScript, unit: DeploymentUnit, links: Linker
) -> Iterator[Observation]:
    """Report each call on the way to the first request that fetches something."""
    if not script.online:
        return
    for reached in distinct_calls(script, "import", "init"):
        source = source_of(reached.call, reached.name) or _hub(script, unit, links, reached)
        if source is not None:
            yield finding(
                reached.module.at(reached.call.span),
                f"`{reached.module.text(reached.call.span)}` fetches from {source} whenever a "
                "worker starts: the start waits for it, and fails with it",
                help="register it as a model, or put it into the image, and load it from there",
                key=f"{reached.module.name}/{reached.body.name}/{reached.name}",
            )


def _hub(
    script: ScoringScript, unit: DeploymentUnit, links: Linker, reached: ReachedCall
) -> str | None:
    """The hub that a model is fetched from by its name."""
    load = load_of(reached.name)
    if load is None or not load.hub or _is_local(reached):
        return None
    argument = path_argument(reached.call, load)
    places = reached.module.facts.paths.of(argument) if argument is not None else ()
    if len(places) != 1 or places[0].base != "literal" or not _HUB_NAME.match(places[0].text):
        return None
    if server_folder(script, unit, links).ships(places[0]):
        return None
    package = reached.name.partition(".")[0]
    return {
        "whisper": "OpenAI's server",
        "ultralytics": "Ultralytics' releases",
        "flair": "Flair's server",
    }.get(package, "the Hugging Face hub")


def _is_local(reached: ReachedCall) -> bool:
    """Whether it is told to use what is on disk, or to keep its cache in the model folder."""
    paths = reached.module.facts.paths
    for given in reached.call.arguments:
        if given.keyword == "local_files_only":
            return not (isinstance(given.value, s.Constant) and not given.value.value)
        if given.keyword in _CACHES and any(
            p.base in ("model-dir", "script", "get-model-path") for p in paths.of(given.value)
        ):
            return True
    return False
