"""A suppression that suppresses nothing.

## What it does
Reports `# amllint: ignore[…]` comments, or single rules named in one, where the rule ran
and has nothing to report, or is one that the configuration enforces. Rules that were not
selected in this run are not counted.

## Why it matters
The defect was mended and the comment stayed: it hides the next one.

## Example
```yaml deploymentconfig.yml {2}
computeType: aks
numReplicas: 2  # amllint: ignore[autoscale-conflict] -- fixed size until spring
```

## Use instead
```yaml deploymentconfig.yml
computeType: aks
numReplicas: 2
```

## Fix safety
Safe: the fix removes the comment. Where only some of the rules it names are idle, it is
left to you.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from amllint.artifacts.run_records import UnusedIgnore
from amllint.findings.finding import Edit, Fix, Observation, finding
from amllint.rules.registry import rule


def _listed(rules: Iterable[str]) -> str:
    return ", ".join(f"`{r}`" for r in rules)


@rule("AML904", "unused-ignore", severity="warning", stage=None, fix="safe")
def unused_ignore(unused: UnusedIgnore) -> Iterator[Observation]:
    """Report a comment, or the part of one, that silences nothing."""
    fix = None
    if unused.removal is not None:
        place, content = unused.removal
        fix = Fix("safe", "remove the comment", (Edit(place.path, place.span, content),))
    idle = [r for r in unused.rules if r != "*" and r not in unused.enforced]
    parts = [f"there is nothing of {_listed(idle)} to ignore here"] if idle else []
    if unused.enforced:
        parts.append(f"the configuration enforces {_listed(unused.enforced)}: nothing ignores it")
    yield finding(
        unused.location,
        "; ".join(parts) or "there is nothing to ignore",
        help="remove the comment"
        if unused.whole
        else f"take {_listed([r for r in unused.rules if r != '*'])} out of it",
        fix=fix,
        key=" ".join(unused.rules),
    )
