"""A suppression that does not say why.

## What it does
With `require-reason = true` in the configuration, reports `# amllint: ignore[…]` and
`ignore-file[…]` comments without `-- reason`. No comment suppresses this rule;
`per-file-ignores` and a baseline do.

## Why it matters
Whoever meets the comment later cannot tell an accepted risk from one that was forgotten.

## Example
```toml amllint.toml
require-reason = true
```
```yaml deploymentconfig.yml {2}
computeType: aks
numReplica: 2  # amllint: ignore[unknown-deployment-key]
```

## Use instead
```toml amllint.toml
require-reason = true
```
```yaml deploymentconfig.yml
computeType: aks
numReplica: 2  # amllint: ignore[unknown-deployment-key] -- read by our own templates
```
"""

from __future__ import annotations

from collections.abc import Iterator

from amllint.artifacts.run_records import UnreasonedIgnore
from amllint.findings.finding import Observation, finding
from amllint.rules.registry import rule


@rule("AML907", "ignore-without-reason", severity="warning", stage=None)
def ignore_without_reason(unreasoned: UnreasonedIgnore) -> Iterator[Observation]:
    """Report a comment without a reason."""
    named = ", ".join(f"`{r}`" for r in unreasoned.rules)
    yield finding(
        unreasoned.location,
        f"this comment ignores {named or 'every rule'} and does not say why",
        help="add the reason: `# amllint: ignore[…] -- reason`",
        key=" ".join(unreasoned.rules) or "*",
    )
