"""Two ways to authenticate are on at once, or one that the service does not have.

## What it does
Reports, for AKS and AksEndpoint, `authEnabled` together with `tokenAuthEnabled`; for ACI,
`tokenAuthEnabled`, which is not looked at there and so is a warning.

## Why it matters
azureml-core refuses both at once, and the CLI shows "Error parsing --deploy-config-file."
without the reason. On ACI the key is dropped without a word: with nothing else the service
is open to anyone who knows its address.

## Example
```json deploymentconfig.json {4}
{
  "computeType": "aks",
  "authEnabled": true,
  "tokenAuthEnabled": true,
  "numReplicas": 2
}
```

## Use instead
```json deploymentconfig.json
{
  "computeType": "aks",
  "authEnabled": false,
  "tokenAuthEnabled": true,
  "numReplicas": 2
}
```

## Sources
- azureml-core 1.61.0, `webservice/aks.py` and the file reader in `_util.py`: executed, with
  the notion of truth that it applies (`"false"` counts as on).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from amllint.artifacts.deployment_config import (
    AciDeployment,
    AksDeployment,
    AksEndpointDeployment,
    AksLike,
    AksUpdate,
)
from amllint.artifacts.fields import Known
from amllint.findings.finding import Observation, Related, finding
from amllint.rules.registry import rule


@rule("AML406", "auth-conflict", severity="error", stage="submit")
def auth_conflict(
    config: AksDeployment | AksEndpointDeployment | AciDeployment | AksUpdate,
) -> Iterator[Observation]:
    """Report token authentication beside keys, and where there is none."""
    if isinstance(config, AciDeployment):
        token = config.unread("tokenAuthEnabled")
        if token is not None:
            yield _ignored(config, token)
        return
    keys, token = (_on(config, name) for name in ("auth_enabled", "token_auth_enabled"))
    if keys is None or token is None:
        return
    names = [config.name_of(name) for name in ("auth_enabled", "token_auth_enabled")]
    texts = [f', and the text "{f.value}" counts as on' for f in (keys, token) if _is_text(f.value)]
    yield finding(
        token.location,
        f"`{names[0]}` and `{names[1]}` are both on; azureml-core refuses this{''.join(texts)}",
        help=f"set one of them to {config.spelled(False)}: keys, or tokens of Microsoft Entra ID",
        related=(Related(keys.location, "authentication by key"),),
        key="key and token",
    )


def _on(config: AksLike, name: str) -> Known[Any] | None:
    field = config.argument(name)
    return field if isinstance(field, Known) and field.value else None


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _ignored(config: AciDeployment, token: Known[Any]) -> Observation:
    on = bool(config.given("auth_enabled"))
    open_to = "" if on else ", and the service is open to everyone"
    return finding(
        token.key,
        "`tokenAuthEnabled` is not read for ACI, which has no authentication by token"
        f"{open_to}; azureml-core accepts this silently",
        help="remove it" if on else "write `authEnabled: true` for keys, or deploy to AKS",
        severity="warning",
        stage="operate",
        key="token on ACI",
    )
