"""A file of the deployment cannot be parsed.

## What it does
Reports scoring scripts, configurations and environments that their own language refuses,
at the place where it gives up. Files that are nobody's business here are read in silence,
broken or not, unless something of ours refers to them.

## Why it matters
A script with a syntax error is refused when it is submitted, if azureml-core's own Python
sees it, or when the server imports it. A configuration is refused when it is submitted,
with a message that does not say where.

## Example
```json deploymentconfig.json {4}
{
  "computeType": "aks",
  "numReplicas": 2
  "gpuCores": 1
}
```

## Use instead
```json deploymentconfig.json
{
  "computeType": "aks",
  "numReplicas": 2,
  "gpuCores": 1
}
```

## Sources
- YAML is read as PyYAML reads it (1.1), JSON files as YAML first and JSON second, as CLI v1
  does; Python by CPython's own compiler.
"""

from __future__ import annotations

from collections.abc import Iterator

from amllint.artifacts.run_records import BrokenFile
from amllint.findings.finding import Location, Observation, Related, finding
from amllint.rules.registry import rule


@rule("AML901", "syntax-error", severity="error", stage="submit")
def syntax_error(broken: BrokenFile) -> Iterator[Observation]:
    """Report where a parser gave up."""
    problem = broken.problem
    related = (Related(broken.referenced_by, "named here"),) if broken.referenced_by else ()
    message = problem.message.rstrip(".")
    yield finding(
        Location(problem.path, problem.span),
        f"not valid {problem.language}: {message}",
        help=problem.help,
        related=related,
        stage="start" if problem.language == "Python" else None,
        key="syntax",
    )
