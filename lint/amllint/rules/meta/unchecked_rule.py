"""A rule had no facts to go by in this run.

## What it does
Tells which rules could not judge a file because something they need is a template
placeholder, or a fact beyond the files is missing. Shown with `--persona pedantic`; the
JSON output always lists them under `summary.unchecked`.

## Why it matters
"Nothing found" and "not looked at" are different things.

## Example
```json inferenceconfig.json {2} persona=pedantic
{
  "entryScript": "{{ENTRY_SCRIPT}}",
  "environment": {
    "name": "serving",
    "docker": {"baseImage": "example.azurecr.io/serving:20261101"},
    "python": {"userManagedDependencies": true}
  }
}
```

## Use instead
```json inferenceconfig.json
{
  "entryScript": "score.py",
  "environment": {
    "name": "serving",
    "docker": {"baseImage": "example.azurecr.io/serving:20261101"},
    "python": {"userManagedDependencies": true}
  }
}
```
```python score.py
def init():
    pass


def run(raw_data):
    return {"received": len(raw_data)}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from amllint.artifacts.run_records import UncheckedRule
from amllint.findings.finding import Observation, finding
from amllint.rules.registry import rule
from amllint.snapshot.commands import LACKS
from amllint.snapshot.facts import KINDS

_ANEW: Final = "make the snapshot anew, with what tells it"
_FILLED: Final = "check the file again once it is filled in"


@rule("AML906", "unchecked-rule", severity="info", stage=None)
def unchecked_rule(unchecked: UncheckedRule) -> Iterator[Observation]:
    """Report which fact a rule was missing."""
    of_snapshot = unchecked.fact.partition(" of ")[0] in KINDS or LACKS.search(unchecked.reason)
    yield finding(
        unchecked.location,
        f"{unchecked.rule} was not checked: `{unchecked.fact}`: {unchecked.reason}",
        help=_ANEW if of_snapshot else _FILLED,
        key=f"{unchecked.rule}/{unchecked.fact}",
    )
