"""What a file is: by what names it, then by its content, then by its name."""

from __future__ import annotations

import os
import re
from typing import Any, Final, NamedTuple

from amllint.analysis.facts import ScriptFacts
from amllint.artifacts.action_config import ActionConfig
from amllint.artifacts.conda import CondaEnvironment
from amllint.artifacts.deployment_config import (
    TOP_LEVEL_KEYS,
    DeploymentConfig,
    deployment_config,
)
from amllint.artifacts.deployment_reference import PARALLEL_RUN_CONFIG, DeploymentReference
from amllint.artifacts.environment_definition import EnvironmentDefinition, defines_environment
from amllint.artifacts.fields import Section
from amllint.artifacts.inference_config import InferenceConfig
from amllint.artifacts.naming import Naming, Purpose
from amllint.artifacts.scoring_script import ScoringScript
from amllint.artifacts.script_origin import imported_family, is_automl_driver
from amllint.source.documents import Document
from amllint.source.nodes import UNKNOWN
from amllint.source.text import SourceText

DATA_HINTS: Final = (
    *(b"computetype", b"entryscript", b"entry_script", b"code_configuration", b"autoscaler"),
    *(b"containerresourcerequirements", b"scoring_script", b"dependencies", b"onlinedeployment"),
)
"""A YAML or JSON file without any of these, in whatever case, is none of ours."""
OURS: Final = re.compile(
    rb"computeType|entryScript|code_configuration|containerResourceRequirements|autoScaler"
    rb"|(?:online|batch)Deployment\.schema\.json",
    re.IGNORECASE,
)
"""Content that makes a file ours even when it cannot be parsed."""
SCRIPT_HINTS: Final = re.compile(
    rb"[ \t]*(?:async[ \t]+)?(?:def[ \t]+(?:init|run)\b|(?:init|run)[ \t]*[=:,]"
    rb"|from[ \t].*import.*\b(?:init|run)\b|class[ \t]+(?:init|run)\b)[^\r]*"
)
"""A line that binds one of the names."""
_ENTRY: Final = re.compile(rb"\b(init|run)\b")
_AZURE: Final = re.compile(rb"azureml|AZUREML_MODEL_DIR|inference_schema|azmlinfsrv")
_DEPLOYS: Final = (
    *(b"deploy_configuration", b"InferenceConfig", b"Webservice", b"AksEndpoint", b"AksCompute"),
    b"ContainerImage",
)
_DEFINES: Final = re.compile(rb"environment\.schema\.json|(?m:^(?:image|build)[ \t]*:)")
_MODEL_CALL: Final = re.compile(
    # The look behind is `\b` in front: a pattern that begins with plain text is searched faster.
    rb"Model(?<=\bModel)\s*\.\s*(?:deploy|register|package|profile)\b"
)
"""Code that holds none of these deploys nothing; `azureml.core` must stand in it as well."""
_CONFIG_NAMES: Final = re.compile(r"(?i)(?:inference|deployment)[-_]?config\.")
_OUR_NAMES: Final = re.compile(
    r"(?i)^(?:.*score.*\.py|scoring.*\.py|(?:.*[-_.])?(?:inference|deployment)[-_]?config.*"
    r"|conda[\w.-]*\.ya?ml|conda_?dependencies.*|(?:.*[-_.])?environment\.ya?ml)$"
)


_BATCH_NAME: Final = re.compile(r"(?i)(?:^|[/_-])(?:batch|parallel)[^/]*scor[^/]*\.py$")


class Classified(NamedTuple):
    """An artifact with the word for what it is and why it was taken for that."""

    artifact: Any
    kind: str
    reason: str


def is_our_name(path: str) -> bool:
    """Whether a file's name alone says that it is meant for us."""
    return bool(_OUR_NAMES.match(os.path.basename(path)))


def mentions(path: str, data: bytes) -> bool:
    """Whether the bytes of a file could be something of ours; decides what is parsed."""
    if path.endswith(".py"):
        scoring = "scor" in os.path.basename(path).lower()
        if (b"init" not in data or b"run" not in data) and not scoring:
            return False
        # Few lines hold either word, and a plain search says which, ten times as fast.
        lines = (line for line in data.split(b"\n") if b"init" in line or b"run" in line)
        hints = filter(None, map(SCRIPT_HINTS.match, lines))
        bound = {name for hint in hints for name in _ENTRY.findall(hint[0])}
        return len(bound) == 2 or bool(bound and scoring)
    if _CONFIG_NAMES.match(os.path.basename(path)) or is_action_file(path):
        return True
    lowered = data.lower()
    return any(hint in lowered for hint in DATA_HINTS)


def may_define_environment(data: bytes) -> bool:
    """Whether the bytes of a YAML file could define an environment; many do that nobody serves."""
    return b"name" in data and _DEFINES.search(data) is not None


def is_action_file(path: str) -> bool:
    """Whether a file lies where the GitHub action aml-deploy looks for its parameters."""
    folder, name = os.path.split(path.replace(os.sep, "/"))
    return name.endswith(".json") and f"/{folder}".endswith("/.cloud/.azure")


def may_deploy(data: bytes) -> bool:
    """Whether the bytes of code may deploy with SDK v1: decides what is parsed."""
    if b"azureml.core" not in data:
        return False
    return any(name in data for name in _DEPLOYS) or _MODEL_CALL.search(data) is not None


def is_azure(data: bytes) -> bool:
    """Whether a file's bytes speak of Azure ML."""
    return bool(_AZURE.search(data)) or b"azure.ai.ml" in data


def classify_document(document: Document) -> list[Classified]:
    """What a YAML or JSON file is; several for a pipeline with several parallel jobs."""
    section = Section(document)
    data = section.data
    if not isinstance(data, dict):
        return _by_name(section)
    keys = {k for k in data if isinstance(k, str)}
    if "json-schema.org" in str(data.get("$schema", "")):
        return []
    if "code_configuration" in keys or "scoring_script" in keys:
        return [_v2(section, data)]
    if defines_environment(data):
        return [Classified(EnvironmentDefinition(section), "environment", "its schema or keys")]
    if is_action_file(section.path) and (_ACTION_KEYS & keys or _is_deploy_json(section.path)):
        return _action(section)
    jobs = list(_parallel_jobs(section, data))
    if jobs:
        return jobs
    config = _deployment(section, data, keys)
    if config is not None:
        return [config]
    if "entryScript" in keys:
        return [Classified(InferenceConfig(section), "inference config", "key entryScript")]
    name = os.path.basename(document.path).lower()
    if "entryscript" in {k.lower() for k in keys} and "inference" in name:
        return [Classified(InferenceConfig(section), "inference config", "its name and keys")]
    if _is_conda(data, keys):
        return [Classified(CondaEnvironment(section), "conda environment", "key dependencies")]
    told = {"environment", "model"} & keys
    if told and "deployment" in str(data.get("$schema", "")).lower():
        return [_v2(section, data)]
    return [] if keys & {"apiVersion", "kind"} else _by_name(section)


_ACTION_KEYS: Final = frozenset(
    {"inference_entry_script", "inference_source_directory", "deployment_compute_target"}
    | {"delete_service_after_deployment", "authentication_enabled"}
)


def _is_deploy_json(path: str) -> bool:
    return os.path.basename(path) == "deploy.json"


def _action(section: Section) -> list[Classified]:
    """The parameters of the action, and the configurations that they amount to."""
    config = ActionConfig(section)
    kind, reason = "aml-deploy configuration", "its folder and keys"
    parts = (config, config.inference_config(), config.deployment_config())
    made = [part for part in parts if part is not None]
    return [Classified(part, kind if part is config else "", reason) for part in made]


def _by_name(section: Section) -> list[Classified]:
    """What a file with nothing telling in it is meant to be, by its name alone."""
    stem = os.path.basename(section.path).lower().partition(".")[0]
    stem = stem.replace("_", "").replace("-", "")
    if stem == "deploymentconfig" and _knows_some(section.data):
        return [Classified(deployment_config(section), "deployment config", "its name")]
    if stem == "inferenceconfig":
        return [Classified(InferenceConfig(section), "inference config", "its name")]
    return []


def _knows_some(data: Any) -> bool:
    """Whether any key is one of the v1 CLI's; a file of another tool may have the same name."""
    keys = [k.lower() for k in data if isinstance(k, str)] if isinstance(data, dict) else []
    return not keys or any(k.lower() in keys for k in TOP_LEVEL_KEYS)


def _deployment(section: Section, data: dict[str, Any], keys: set[str]) -> Classified | None:
    telling = {"containerResourceRequirements", "autoScaler", "livenessProbeRequirements"}
    telling |= {"scoringTimeoutMs", "maxConcurrentRequestsPerContainer", "maxQueueWaitMs"}
    name = os.path.basename(section.path).lower()
    value = data.get("computeType")
    known = isinstance(value, str) and value.lower() in ("aks", "aci", "aksendpoint", "local")
    spelt = any(k.lower() == "computetype" for k in keys)
    if known:
        reason = f"computeType {value}"
    elif keys & telling:
        reason = f"key {sorted(keys & telling)[0]}"
    elif spelt and ("deploy" in name or value is UNKNOWN):
        reason = "key computeType"
    else:
        return None
    config: DeploymentConfig = deployment_config(section)
    shown = f"{config.compute_type} deployment config".strip().replace("aks", "AKS")
    return Classified(config, shown.replace("aci", "ACI"), reason)


def _is_conda(data: dict[str, Any], keys: set[str]) -> bool:
    items = data.get("dependencies")
    others = {"apiVersion", "scripts", "galaxy_info", "devDependencies", "$schema", "jobs"}
    if keys & others:
        return False
    if not isinstance(items, list):
        return "channels" in keys and "dependencies" in keys
    pip = any(isinstance(i, dict) and set(i) == {"pip"} for i in items)
    return pip or any(isinstance(i, str) for i in items)


_BATCH_KEYS: Final = frozenset(
    {"mini_batch_size", "max_concurrency_per_instance", "retry_settings", "settings"}
    | {"output_action", "output_file_name", "error_threshold", "logging_level"}
)


def _v2(section: Section, data: dict[str, Any]) -> Classified:
    schema = str(data.get("$schema", "")).lower()
    if "batch" in schema or (_BATCH_KEYS & set(data) and "online" not in schema):
        reference = DeploymentReference(section, "batch")
        return Classified(reference, "batch deployment", "its schema or keys")
    reference = DeploymentReference(section, "online")
    return Classified(reference, "online deployment", "key code_configuration")


def _parallel_jobs(section: Section, data: dict[str, Any]) -> list[Classified]:
    found = []
    settings = data.get(PARALLEL_RUN_CONFIG)
    if isinstance(settings, dict) and "entry_script" in settings:
        reference = DeploymentReference(section, "batch", (PARALLEL_RUN_CONFIG,))
        found.append(Classified(reference, "parallel run config", "key entry_script"))
    steps: list[tuple[tuple[str, ...], Any]] = [((), data)]
    jobs = data.get("jobs")
    if isinstance(jobs, dict):
        steps += [(("jobs", name), job) for name, job in jobs.items() if isinstance(name, str)]
    for base, job in steps:
        task = job.get("task") if isinstance(job, dict) else None
        if isinstance(task, dict) and "entry_script" in task:
            reference = DeploymentReference(section, "batch", (*base, "task"))
            found.append(Classified(reference, "parallel job", "key task.entry_script"))
    return found


def classify_script(
    source: SourceText,
    data: bytes,
    facts: ScriptFacts,
    named: Naming | None,
    name: str | None = None,
) -> Classified | str:
    """A scoring script, or why the file is none.

    Without something that names it, the script must define `init` or `run` at module level and
    something must tie it to Azure ML. `name` is what a text that is no file of its own is
    called: the path a notebook's cell writes.
    """
    name = name or source.path
    if named is None and _is_test(name):
        return "a test"
    found = _purpose(name, data, facts, named)
    if isinstance(found, str):
        return found
    purpose, reason = found
    family = (named and named.family) or imported_family(facts)
    generated = is_automl_driver(source, facts)
    by = named.by if named else None
    script = ScoringScript(source, facts, purpose, by, family=family, generated=generated)
    kind = f"{purpose} scoring script"
    kind = f"{family} {kind}" if family else kind
    return Classified(script, f"{kind} of AutoML" if generated else kind, reason)


def _purpose(
    name: str, data: bytes, facts: ScriptFacts, named: Naming | None
) -> tuple[Purpose, str] | str:
    """Who calls a script, with the reason for saying so, or why it is none."""
    if named is not None and named.purpose is not None:
        return named.purpose, f"named by {named.by}"
    found = _by_content(name, data, facts)
    if named is None:
        return found
    return "online" if isinstance(found, str) else found[0], f"named by {named.by}"


_MOST_REQUIRED: Final = 2
"""Data and what was meant to be another parameter; more is a function for other callers."""


def _by_content(name: str, data: bytes, facts: ScriptFacts) -> tuple[Purpose, str] | str:
    defined = [n for n in ("init", "run") if facts.is_callable(n)]
    scoring = "scor" in os.path.basename(name).lower()
    if len(defined) < 2 and not (defined and scoring):
        return "does not define both init and run"
    if len(facts.required_of_run) > _MOST_REQUIRED and not facts.has_schema:
        return f"its run needs {len(facts.required_of_run)} arguments: nothing of Azure ML calls it"
    if facts.is_client:
        return "it is run by hand, and its run answers nothing"
    if facts.batch_evidence is not None and len(defined) == 2:
        return "batch", facts.batch_evidence
    if _BATCH_NAME.search(name) and not facts.has_schema:
        return "batch", "its name"
    evidence = facts.online_evidence
    azure = bool(_AZURE.search(data))
    if evidence is None and scoring and azure:
        evidence = "its name, and azureml in it"
    if evidence is None and scoring and len(defined) == 2 and facts.run is not None:
        evidence = "its name, and init and run" if facts.run.parameters else None
    if evidence and (scoring or azure or len(defined) == 2):
        return "online", evidence
    return "nothing ties it to Azure ML"


def _is_test(path: str) -> bool:
    name = os.path.basename(path)
    named = name.startswith("test_") or name.endswith("_test.py") or name == "conftest.py"
    return named or "/tests/" in f"/{path}" or "/.ipynb_checkpoints/" in f"/{path}"
