"""The snapshot of the workspace is old.

## What it does
Reports a snapshot of which the oldest fact was read more than 7 days ago, or as many as
`snapshot-max-days` says in the configuration. A snapshot that is newer than today is reported too.
An imported fact is as old as the file that it was exported into.

## Why it matters
Quotas, services and versions change every day. What is held against an old snapshot may be refused
although nothing was found, and what is found may have been mended.

## Example
```json deploymentconfig.json
{
  "computeType": "aks",
  "numReplicas": 2
}
```
```json snapshot.json {1}
{"version": 1, "made_by": "amllint 1", "made_at": "2026-11-01T08:00:00Z", "made_from": "azure",
 "facts": []}
```
```toml amllint.toml
today = "2026-11-27"
```

## Use instead
```json deploymentconfig.json
{
  "computeType": "aks",
  "numReplicas": 2
}
```
```json snapshot.json
{"version": 1, "made_by": "amllint 1", "made_at": "2026-11-27T08:00:00Z", "made_from": "azure",
 "facts": []}
```
```toml amllint.toml
today = "2026-11-27"
```

## Sources
- The time of each fact, in the snapshot itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from amllint.artifacts.run_records import SnapshotAge
from amllint.findings.finding import Observation, finding
from amllint.rules.registry import rule


@rule("AML712", "snapshot-stale", severity="warning", stage=None)
def snapshot_stale(age: SnapshotAge) -> Iterator[Observation]:
    """Report a snapshot that is older than is put up with."""
    if age.days < 0:
        message = f"the snapshot is from the future, by {-age.days} days: a clock is wrong"
    elif age.days > age.most_days:
        message = (
            f"the oldest fact of the snapshot was read {age.days} days ago, more than "
            f"{age.most_days:g}: the workspace may have changed since"
        )
    else:
        return
    yield finding(age.place, message, help="make it anew: amllint snapshot", key="age")
