"""A file beside the script that the inference server reads, and cannot.

## What it does
Reports what the server refuses in the files that it reads from the folder of the scoring
script: `config.json` (settings of the server), `logging.json` (`logging.config.dictConfig`), and
`swagger.json`, `swagger2.json`, `swagger3.json`, `swagger3.1.json`. A `config.json` of other
keys, such as a model's, is passed over by the server and here; that of a workspace is advice:
it ships subscription and workspace in the image.

Only what is not ignored by git is looked at. Where the root of the app is another folder than
the script's, the swagger files of that folder count, which is not known here.

## Why it matters
The server reads them before the script, and stops with exit code 3: "Invalid config file!" or
a JSON error, with nothing that says which file it was. The container never gets healthy.

## Example
```json config.json {2}
{
  "SCORING_TIMEOUT_MS": "60s"
}
```
```python score.py
def init():
    pass


def run(raw_data):
    return {"received": len(raw_data)}
```

## Use instead
```json config.json
{
  "SCORING_TIMEOUT_MS": 60000
}
```
```python score.py
def init():
    pass


def run(raw_data):
    return {"received": len(raw_data)}
```

## Sources
- azureml-inference-server-http 1.5.1, `server/config.py`, `log_config.py` and
  `server/swagger.py`: executed for every file and kind of error. An empty `config.json` is
  passed over, an empty file of the others is not.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from amllint.artifacts.scoring_script import ScoringScript
from amllint.findings.finding import Location, Observation, finding
from amllint.rules.registry import rule
from amllint.rules.score.server_settings import LOGGING, SETTINGS, SWAGGERS, WORKSPACE, refused
from amllint.source.problem import Unreadable
from amllint.source.text import Span
from amllint.units import DeploymentUnit, Linker


@rule("AML141", "server-settings-file", severity="error", stage="start")
def server_settings_file(
    script: ScoringScript, unit: DeploymentUnit, links: Linker
) -> Iterator[Observation]:
    """Report what the server stops at in the files that it reads first."""
    alone = unit.inference_config is not None and script.shipped is None
    if not script.online or alone:  # without a source directory the script ships by itself
        return
    folder = os.path.dirname(links.absolute(script.file))
    replaced = False  # a `swagger.json` that says anything stands in for `swagger2.json`
    for name in (SETTINGS, LOGGING, *SWAGGERS):
        if name == "swagger2.json" and replaced:
            continue
        path = os.path.join(folder, name)
        if not links.overlay.exists(path) or path not in links.repository.files:
            continue
        try:
            data = links.overlay.data(path)
        except Unreadable:
            continue
        value, problem = refused(name, data)
        if problem is not None:
            span = _shifted(links, path, problem.span)
            yield finding(
                Location(links.overlay.display(path), span),
                f"the inference server reads `{name}`, which {problem.why}: it does not start",
                help=problem.help,
                key=name,
            )
        elif name == SETTINGS and isinstance(value, dict) and set(value) >= WORKSPACE:
            yield finding(
                Location(links.overlay.display(path), Span(0, 1)),
                "the workspace's `config.json` ships with the script: the image tells "
                "subscription, resource group and workspace",
                help="keep it out of the folder that ships",
                severity="info",
                stage="operate",
                key="workspace",
            )
        replaced = replaced or (name == "swagger.json" and bool(value))


def _shifted(links: Linker, path: str, span: Span) -> Span:
    """A span that is in the text as amllint reads it as well."""
    try:
        length = len(links.overlay.text(path).text)
    except Unreadable:
        return Span(0, 0)
    return Span(min(span.start, length), min(span.end, length))
