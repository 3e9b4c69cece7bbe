"""The script is written in a newer Python than the environment has.

## What it does
Compares the syntax of the script with the Python of the environment that is linked to it, where
that is pinned: `match` (3.10), `:=` and `/` (3.8), `except*` (3.11), f-strings that hold their
own quotes, type parameters and `type` (3.12), and so on. What parses and fails when it is
evaluated is found too: `int | None` (3.10) and `list[int]` (3.9) in annotations and assignments
that importing the script evaluates, and `|` between dicts (3.9).

Nothing is said where no environment is linked or its Python is open.

## Why it matters
The script is read by the interpreter in the container, not by yours: `SyntaxError`, exit code 3,
after the image has been built. azureml-core checks the syntax with the Python on your machine.

## Example
```python score.py {1}
type Answer = dict[str, int]


def init():
    pass


def run(raw_data) -> Answer:
    return {"received": len(raw_data)}
```
```yaml conda.yml
name: serving
dependencies:
  - python=3.11
  - pip
  - pip:
      - azureml-defaults==1.62.0
```
```json inferenceconfig.json
{"entryScript": "score.py", "sourceDirectory": ".", "runtime": "python", "condaFile": "conda.yml"}
```

## Use instead
```python score.py
Answer = dict[str, int]


def init():
    pass


def run(raw_data) -> Answer:
    return {"received": len(raw_data)}
```
```yaml conda.yml
name: serving
dependencies:
  - python=3.11
  - pip
  - pip:
      - azureml-defaults==1.62.0
```
```json inferenceconfig.json
{"entryScript": "score.py", "sourceDirectory": ".", "runtime": "python", "condaFile": "conda.yml"}
```

## Sources
- CPython 3.6 to 3.13 (executed): a script for each kind of syntax, imported by each version;
  the ones from the given version on take it, and no other does.
- Python's "What's New" of 3.6 to 3.14; brackets around the items of `with` are documented for
  3.10 and taken by 3.9.
"""

from __future__ import annotations

from collections.abc import Iterator

from amllint.analysis.syntax_versions import FEATURES, newer_syntax
from amllint.artifacts.environment import Environment
from amllint.artifacts.pins import bounds, shown
from amllint.artifacts.scoring_script import ScoringScript
from amllint.findings.finding import Observation, Related, finding
from amllint.rules.registry import rule
from amllint.source.text import Span


@rule("AML134", "syntax-too-new", severity="error", stage="start")
def syntax_too_new(script: ScoringScript, environment: Environment) -> Iterator[Observation]:
    """Report each kind of syntax that the environment's Python does not have."""
    python = bounds(environment, "python")
    if python is None or not python.is_before(max(f.since for f in FEATURES.values())):
        return
    for key, span in newer_syntax(script.facts).items():
        feature = FEATURES[key]
        if python.is_before(feature.since):
            yield finding(
                script.at(_first_line(script, span)),
                f"{feature.name} needs Python {shown(feature.since)}, and the environment says "
                f"`{python.requirement.text.strip()}`: importing the script raises a "
                f"{feature.raises}",
                help=f"{feature.instead}, or raise the environment's Python",
                related=(Related(python.requirement.location, "this Python"),),
                key=key,
            )


def _first_line(script: ScoringScript, span: Span) -> Span:
    end = script.source.line_span(script.source.position(span.start).line).end
    return Span(span.start, min(span.end, max(end, span.start)))
