"""The entry script is not where the inference config says.

## What it does
Joins `sourceDirectory` and `entryScript` and looks for the file from every folder between
the config and the root of the repository, since the CLI resolves it against wherever it is
run. Reports it when none of them has it, and says which were tried. A folder that is
written in both keys (`src/score.py` in `src`) is told apart. Where a script of that name
exists elsewhere in the repository it is advice: a pipeline may put the files together; nothing is
said where the path leads out of the folder into one that the repository does not have. An
absolute path is left alone: it names a file of the machine that deploys.

## Why it matters
`az ml model deploy` stops when it is submitted: "entry_script doesn't exist. entry_script
should be path relative to current working directory". The advice in that message is
misleading: the path is relative to the source directory.

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
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from amllint.artifacts.fields import Known, Unknown, value_of
from amllint.artifacts.inference_config import InferenceConfig
from amllint.findings.finding import Observation, Unchecked, finding
from amllint.rules.registry import rule
from amllint.units import Linker, Resolution


@rule("AML203", "entry-script-missing", severity="error", stage="submit")
def entry_script_missing(
    config: InferenceConfig, links: Linker
) -> Iterator[Observation | Unchecked]:
    """Report an entry script that is in none of the places it could mean."""
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
