"""A variable of the inference server that does not do what was meant.

## What it does
Reports variables of the server in a v2 deployment's `environment_variables` and a v1 inference
config's `environmentVariables`:
- `WORKER_COUNT` of 0, less or no whole number, `WORKER_TIMEOUT` and `SCORING_TIMEOUT_MS` that
  are none;
- `AZUREML_DEBUG_PORT`, which makes the server connect to a debugger when it starts;
- `APP_INSIGHTS_LOG_RESPONSE_ENABLED` that is neither true nor false, `WORKER_PRELOAD` that
  means true and is not `true`;
- `SCORE_TIMEOUT` and other names that are close to `SCORING_TIMEOUT_MS`, and are none of the
  server's, unless the script reads them;
- and what the script itself puts into `os.environ`: the server has read it before it imports
  the script.

## Why it matters
With a bad value the server does not start and says so in the first lines of the log alone, or,
with `WORKER_COUNT` 0, listens with nobody to answer. A name that it does not know, or that is
set too late, changes nothing at all.

## Example
```yaml deployment.yml {6}
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
code_configuration:
  code: .
  scoring_script: score.py
environment_variables:
  SCORE_TIMEOUT: "60000"
```
```python score.py
def init():
    pass


def run(raw_data):
    return {"received": len(raw_data)}
```

## Use instead
```yaml deployment.yml
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
code_configuration:
  code: .
  scoring_script: score.py
environment_variables:
  SCORING_TIMEOUT_MS: "60000"
```
```python score.py
def init():
    pass


def run(raw_data):
    return {"received": len(raw_data)}
```

## Sources
- azureml-inference-server-http 1.5.1, `amlserver.py` and `server/config.py`: every value
  executed. `WORKER_COUNT` ends the server with exit code 1, `WORKER_TIMEOUT` with 2,
  `SCORING_TIMEOUT_MS` with 3; set by the script, none of them changes anything (executed). It is
  a warning, because a hosted image may start the server in another way. `variables` of a conda
  file are not looked at: whether they reach the server is not known.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from amllint.analysis.certainty import certainty
from amllint.artifacts.deployment_reference import DeploymentReference
from amllint.artifacts.fields import Section
from amllint.artifacts.inference_config import InferenceConfig
from amllint.artifacts.scoring_script import ScoringScript
from amllint.findings.finding import Observation, finding
from amllint.rules.registry import rule
from amllint.rules.score.server_settings import is_flag, is_integer
from amllint.source.python import syntax as s
from amllint.units import DeploymentUnit

_READ_EARLY: Final = frozenset(
    {"WORKER_COUNT", "WORKER_TIMEOUT", "WORKER_PRELOAD", "SCORING_TIMEOUT_MS"}
    | {"AZUREML_DEBUG_PORT", "AML_CORS_ORIGINS", "AML_APP_INSIGHTS_ENABLED"}
    | {"AML_APP_INSIGHTS_KEY", "APP_INSIGHTS_LOG_RESPONSE_ENABLED", "SERVICE_NAME"}
)
_LOOKALIKES: Final = frozenset(
    {"SCORE_TIMEOUT", "SCORE_TIMEOUT_MS", "SCORING_TIMEOUT", "SCORING_TIMEOUT_SECONDS"}
)
_MEANS_TRUE: Final = frozenset({"1", "yes", "on", "t", "y", "enabled"})


class _Problem(NamedTuple):
    what: str
    help: str


@rule("AML142", "server-environment-variable", severity="warning", stage="start")
def server_environment_variable(
    part: ScoringScript | InferenceConfig | DeploymentReference, unit: DeploymentUnit
) -> Iterator[Observation]:
    """Report variables of the unit's files, then those that its script sets."""
    del part  # says only which units there is anything to say of
    if not unit.serves:
        return
    for section in _sections(unit):
        values = section.data
        for name, value in values.items() if isinstance(values, dict) else ():
            problem = _judge(str(name), value, unit.script)
            if problem is not None:
                yield finding(
                    section.locate((name,)),
                    f"`{name}: {value}` {problem.what}",
                    help=problem.help,
                    key=f"environment/{name}",
                )
    if unit.script is not None:
        yield from _set_too_late(unit.script)


def _sections(unit: DeploymentUnit) -> Iterator[Section]:
    if unit.inference_config is not None:
        yield unit.inference_config.environment_variables
    if unit.reference is not None and not unit.reference.is_job and unit.script is not None:
        yield unit.reference.environment_variables


def _judge(name: str, value: Any, script: ScoringScript | None) -> _Problem | None:
    """What is wrong with a variable, `None` where nothing is, or where it is not known."""
    if not isinstance(value, (str, int, float)):
        return None
    text = str(value).strip()
    if name in _LOOKALIKES and (script is None or name not in script.source.text):
        return _Problem(
            "is no variable of the inference server, and changes nothing",
            "the limit of a call is `SCORING_TIMEOUT_MS`, in milliseconds",
        )
    if name == "AZUREML_DEBUG_PORT" and text != "0":
        return _Problem(
            "makes the server connect to a debugger when it starts, and stop without one",
            "take it out of what is deployed",
        )
    if name == "APP_INSIGHTS_LOG_RESPONSE_ENABLED" and not is_flag(text):
        return _Problem("is neither true nor false: the server does not start", 'write "true"')
    if name == "WORKER_PRELOAD" and text.lower() in _MEANS_TRUE:
        return _Problem("is taken for false", 'write "true"')
    return _judge_number(name, text)


def _judge_number(name: str, text: str) -> _Problem | None:
    if name == "WORKER_COUNT":
        if not _is_whole(text):
            return _Problem("is no whole number: the server does not start", "give at least 1")
        if int(text) < 1:
            why = "starts no worker, and nobody answers" if int(text) == 0 else "is refused"
            return _Problem(why, "give at least 1")
    if name == "WORKER_TIMEOUT" and (not _is_whole(text) or int(text) < 0):
        return _Problem("is no number of seconds: the server does not start", 'write "300"')
    if name == "SCORING_TIMEOUT_MS" and not is_integer(text):
        return _Problem("is no number of milliseconds: the server does not start", 'write "60000"')
    if name == "SCORING_TIMEOUT_MS" and text.startswith("-"):
        return _Problem("is negative: every call answers 500", 'write "60000"')
    return None


def _is_whole(text: str) -> bool:
    try:
        int(text)
    except ValueError:
        return False
    return True


def _set_too_late(script: ScoringScript) -> Iterator[Observation]:
    """Variables that the script sets for a server that has read them."""
    if not script.online or not any(name in script.source.text for name in _READ_EARLY):
        return
    for node in script.facts.of_kind(s.Assign, s.Call):
        for name, place in _stored(script, node):
            read = script.source.text.count(name) > 1
            if read or certainty(script.module.body, place.span) == "never":
                continue
            yield finding(
                script.at(place.span),
                f"`{name}` is set too late: the server reads it before it imports the script",
                help="set it where the deployment is described: `environment_variables`",
                key=f"late/{name}",
            )


def _stored(script: ScoringScript, node: s.Syntax) -> Iterator[tuple[str, s.Expr]]:
    """Variables that a node puts into the environment."""
    keys: list[s.Expr] = []
    if isinstance(node, s.Assign):
        for target in (t for t in node.targets if isinstance(t, s.Subscript)):
            if script.names.qualify(target.value) == "os.environ":
                keys += target.keys
    elif isinstance(node, s.Call):
        setters = ("os.environ.setdefault", "os.putenv")
        if script.names.qualify(node.function) in setters and node.arguments:
            keys.append(node.arguments[0].value)
    for key in keys:
        if isinstance(key, s.Constant) and key.value in _READ_EARLY:
            yield key.value, key
