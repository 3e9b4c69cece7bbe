"""Options of `az ml model deploy` (CLI v1), and which argument each of them gives.

Long names are those of the arguments; a beginning that is no other's is accepted, as the CLI
does. Source: reference of the azure-cli-ml extension, `az ml model deploy` and `az ml service
update`, read 2026-11-27 in MicrosoftDocs/azure-docs-cli, `docs-ref-autogen/ml(v1)`. (The wheels
that PyPI has of azure-cli-ml, 0.1.0a1 to a27, are an older CLI, without these commands.)
"""

from __future__ import annotations

from typing import Any, Final

from amllint.artifacts.deployment_config import AciDeployment, AksEndpointDeployment
from amllint.artifacts.inference_config import INFERENCE_KEYS

DEPLOYMENT_ARGUMENTS: Final = frozenset(
    {*AksEndpointDeployment.keys, *AciDeployment.keys, "port"} - {"compute_target_name"}
)
INFERENCE_ARGUMENTS: Final = frozenset(INFERENCE_KEYS) - {"environment", "base_image_registry"}

_SHORT: Final = {
    "-n": "name",
    "-m": "model",
    "-f": "model_metadata_file",
    "-e": "environment_name",
    "-g": "resource_group",
    "-w": "workspace_name",
    "-o": "output",
    "--ct": "compute_target",
    "--cp": "compute_type",
    "--dc": "deploy_config_file",
    "--ic": "inference_config_file",
    "--ev": "environment_version",
    "--ed": "environment_directory",
    "--es": "entry_script",
    "--rt": "runtime",
    "--cf": "conda_file",
    "--ds": "extra_docker_file_steps",
    "--sd": "source_directory",
    "--eg": "enable_gpu",
    "--cv": "cuda_version",
    "--bi": "base_image",
    "--ir": "base_image_registry",
    "--ae": "auth_enabled",
    "--ai": "enable_app_insights",
    "--ar": "autoscale_refresh_seconds",
    "--as": "autoscale_enabled",
    "--at": "autoscale_target_utilization",
    "--ma": "autoscale_max_replicas",
    "--mi": "autoscale_min_replicas",
    "--cc": "cpu_cores",
    "--ccl": "cpu_cores_limit",
    "--md": "collect_model_data",
    "--dn": "dns_name_label",
    "--gb": "memory_gb",
    "--gbl": "memory_gb_limit",
    "--gc": "gpu_cores",
    "--ft": "failure_threshold",
    "--id": "initial_delay_seconds",
    "--kp": "primary_key",
    "--ks": "secondary_key",
    "--lo": "location",
    "--mr": "max_request_wait_time",
    "--nr": "num_replicas",
    "--po": "port",
    "--ps": "period_seconds",
    "--rm": "replica_max_concurrent_requests",
    "--sc": "ssl_cname",
    "--se": "ssl_enabled",
    "--sk": "ssl_key_pem_file",
    "--sp": "ssl_cert_pem_file",
    "--st": "success_threshold",
    "--tm": "scoring_timeout_ms",
    "--tp": "traffic_percentile",
    "--ts": "timeout_seconds",
    "--vn": "version_name",
    "--pi": "profile_input",
}
_OTHERS: Final = (
    *("name", "model", "model_metadata_file", "compute_target", "compute_type"),
    *("deploy_config_file", "inference_config_file", "environment_name", "environment_version"),
    *("environment_directory", "base_image_registry", "resource_group", "workspace_name"),
    *("subscription_id", "subscription", "path", "tag", "property", "description", "output"),
    *("query", "profile_input"),
)
FLAGS: Final = frozenset(
    {"-v", "-h", "--overwrite", "--no-wait", "--verbose", "--debug", "--only-show-errors"}
    | {"--help"}
)
"""Options that take no value."""
_LONG: Final = {
    "--" + name.replace("_", "-").removeprefix("cmk-"): name
    for name in (*_OTHERS, *DEPLOYMENT_ARGUMENTS, *INFERENCE_ARGUMENTS)
}
_SWITCHES: Final = frozenset(
    {"auth_enabled", "token_auth_enabled", "autoscale_enabled", "ssl_enabled", "enable_gpu"}
    | {"enable_app_insights", "collect_model_data"}
)
_WHOLE: Final = frozenset(
    {"autoscale_min_replicas", "autoscale_max_replicas", "autoscale_refresh_seconds"}
    | {"autoscale_target_utilization", "scoring_timeout_ms", "replica_max_concurrent_requests"}
    | {"max_request_wait_time", "num_replicas", "gpu_cores", "period_seconds", "port"}
    | {"initial_delay_seconds", "timeout_seconds", "success_threshold", "failure_threshold"}
)
_NUMBERS: Final = frozenset(
    {"cpu_cores", "cpu_cores_limit", "memory_gb", "memory_gb_limit", "traffic_percentile"}
)


def argument_of(option: str) -> str | None:
    """The argument that an option gives, `None` for one that is not known."""
    known = _SHORT.get(option) or _LONG.get(option)
    if known is not None or not option.startswith("--") or len(option) < 4:
        return known
    found = {name for long, name in _LONG.items() if long.startswith(option)}
    return found.pop() if len(found) == 1 else None


def value_of_text(argument: str, text: str) -> Any:
    """What a text on the command line means for an argument, `None` where that is not plain."""
    if argument in _SWITCHES:
        return {"true": True, "false": False}.get(text.lower())
    if argument not in _WHOLE and argument not in _NUMBERS:
        return text
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text) if argument in _NUMBERS else None
    except ValueError:
        return None


def is_whole(argument: str) -> bool:
    """Whether the CLI makes a whole number of an argument."""
    return argument in _WHOLE


def is_number(argument: str, text: str) -> bool | None:
    """Whether a text is a number for an argument, `None` for an argument that is none."""
    if argument not in _WHOLE and argument not in _NUMBERS:
        return None
    try:
        (int if argument in _WHOLE else float)(text)
    except ValueError:
        return False
    return True


def is_switch(argument: str, text: str) -> bool | None:
    """Whether a text is `true` or `false`, `None` for an argument that is no switch."""
    return text.lower() in ("true", "false") if argument in _SWITCHES else None
