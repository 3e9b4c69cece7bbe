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
}
TARGET_KEYS: Final[dict[str, Key]] = {
    "traffic": Key("traffic", "The load of every deployment that names none of its own."),
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
