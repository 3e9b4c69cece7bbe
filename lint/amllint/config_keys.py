"""The keys of the configuration: what each takes, for the reader, the schema and the pages."""

from __future__ import annotations

from typing import Final, NamedTuple

from amllint.findings.intent import USES

RULE_KEYS: Final = (
    "select",
    "extend-select",
    "ignore",
    "severity",
    "per-file-ignores",
    "enforce",
)
PERSONAS: Final = ("regular", "pedantic")
PURPOSES: Final = ("production", "development")
FAIL_ON: Final = ("error", "warning", "info", "never")


class Key(NamedTuple):
    """One key of the configuration: what it takes, for the reader and for the schema."""

    type: str
    description: str
    choices: tuple[str, ...] = ()


KEYS: Final[dict[str, Key]] = {
    "select": Key("strings", "Rules to run: names, codes, prefixes of codes, or `ALL`."),
    "extend-select": Key("strings", "Rules to run besides those of `select`."),
    "ignore": Key("strings", "Rules not to run."),
    "per-file-ignores": Key("lists", "Rules not to report, by file pattern."),
    "severity": Key("severities", "Severity by rule: `error`, `warning` or `info`."),
    "exclude": Key("strings", "Patterns of files and folders that are not looked at."),
    "persona": Key("string", "`pedantic` also shows advice (severity info).", PERSONAS),
    "fail-on": Key("string", "The lowest severity that makes the exit code 1.", FAIL_ON),
    "baseline": Key("string", "A file of accepted findings, from `amllint baseline write`."),
    "require-reason": Key("boolean", "Report suppression comments without `-- reason`."),
    "enforce": Key("strings", "Rules that nothing in the repository suppresses."),
    "purpose": Key("string", "What the scripts are for, instead of a guess.", USES),
    "today": Key("day", "The day, `YYYY-MM-DD`, of which it is asked what is valid then."),
    "snapshot-max-days": Key("number", "Days after which a snapshot is called stale."),
    "target": Key("target", "What deployments meet where they run, where no file says so."),
    "deployment": Key("deployments", "What is deployed together, where no file says so."),
}
DEPLOYMENT_KEYS: Final[dict[str, Key]] = {
    "name": Key("string", "What findings call the deployment."),
    "script": Key("string", "The scoring script."),
    "inference-config": Key("string", "The inference configuration."),
    "deployment-config": Key("string", "The deployment configuration."),
    "environment": Key("string", "The conda environment file."),
    "models": Key("strings", "Names of the models that are deployed, or paths of their files."),
    "compute-target": Key("string", "The compute it is deployed to."),
    "purpose": Key("string", "What it is for; counts before the key of the same name above.", USES),
    "traffic": Key("traffic", "Its load; counts before that of `target`."),
    "cluster": Key("cluster", "The AKS cluster it is deployed to; before that of `target`."),
    "quota": Key("quota", "The quota it counts against; before that of `target`."),
    "model-gib": Key("number", "What its models take on disk, GiB, if files do not tell."),
}
TARGET_KEYS: Final[dict[str, Key]] = {
    "traffic": Key("traffic", "The load of every deployment that names none of its own."),
    "cluster": Key("cluster", "The AKS cluster."),
    "region": Key("string", "The region, as findings call it."),
    "deployer": Key("object-id", "Object id of who deploys: what their roles must allow."),
    "quota": Key("quota", "Cores that are left in the region."),
    "aci": Key("aci", "What a container group of ACI gets in the region."),
}
CLUSTER_KEYS: Final[dict[str, Key]] = {
    "node-size": Key("string", "The VM size of its nodes, such as `Standard_D4s_v3`."),
    "nodes": Key("count", "How many nodes it has."),
    "max-nodes": Key("count", "How many the cluster autoscaler may make of them."),
    "kubernetes-version": Key("version", "Its version: how much memory AKS keeps depends on it."),
    "max-pods": Key("count", "How many pods a node may have, as the node pool says."),
    "purpose": Key("string", "`production` (FastProd) or `development` (DevTest).", PURPOSES),
    "used-cores-per-node": Key("amount", "Cores that other pods ask for on each node."),
    "used-memory-gib-per-node": Key("amount", "Memory that other pods ask for on each node, GiB."),
    "side-container-cores": Key("amount", "Cores that Azure ML adds to each replica, not 0.1."),
    "side-container-memory-gb": Key("amount", "Memory that Azure ML adds, not 0.6 GB."),
}
QUOTA_KEYS: Final[dict[str, Key]] = {
    "regional-cores": Key("cores", "Cores that are left of all families: limit minus usage."),
    "family-cores": Key("families", "Cores that are left, by family of VM sizes."),
}
ACI_KEYS: Final[dict[str, Key]] = {
    "cpu": Key("number", "The most cores of a group."),
    "memory-gb": Key("number", "The most memory of a group, GB."),
}
TRAFFIC_KEYS: Final[dict[str, Key]] = {
    "requests-per-second": Key("number", "Calls that arrive in a second, at the worst time."),
    "seconds-per-request": Key("number", "Seconds that a call takes, on average."),
    "slowest-request-seconds": Key("number", "Seconds that all but a few calls stay below."),
    "measurements": Key(
        "string",
        "A file of `amllint try --save`: how long calls and the start took, and the memory.",
    ),
}
_BELOW: Final = {
    "cluster": CLUSTER_KEYS,
    "quota": QUOTA_KEYS,
    "aci": ACI_KEYS,
    "traffic": TRAFFIC_KEYS,
}
"""Tables that stand in `target`, and some of them in `deployment` too."""


def tables_with(name: str, keys: dict[str, Key]) -> list[str]:
    """The tables that have a key which the table of `keys` lacks; `""` is the outermost one.

    Those in the table itself are enough where there are any.
    """
    inside = [t for t, below in _BELOW.items() if t in keys and name in below]
    if inside:
        own = "deployment" if keys is DEPLOYMENT_KEYS else "target"
        return [f"{own}.{table}" for table in inside]
    outer = {"": KEYS, "target": TARGET_KEYS, "deployment": DEPLOYMENT_KEYS}
    found = [table for table, known in outer.items() if name in known]
    return found or [f"target.{t}" for t, below in _BELOW.items() if name in below]
