"""A comment or the configuration names a rule that does not exist.

## What it does
Reports names in `# amllint: ignore[…]` comments and in the configuration that are neither
the name nor the code of a rule.

## Why it matters
A misspelt name selects and suppresses nothing, without a word.

## Example
```yaml deploymentconfig.yml {2}
computeType: aks
numReplicas: 2  # amllint: ignore[autoscale-conflicts]
```

## Use instead
```yaml deploymentconfig.yml
computeType: aks
numReplicas: 2
```
"""

from __future__ import annotations

from collections.abc import Iterator

from amllint.artifacts.run_records import UnknownRuleName
from amllint.findings.finding import Observation, finding
from amllint.rules.registry import rule


@rule("AML905", "unknown-rule", severity="error", stage=None)
def unknown_rule(unknown: UnknownRuleName) -> Iterator[Observation]:
    """Report a name that no rule bears."""
    yield finding(
        unknown.location,
        f"there is no rule `{unknown.name}`{unknown.suggestion}",
        help="`amllint rules` lists them all",
        key=unknown.name,
    )
