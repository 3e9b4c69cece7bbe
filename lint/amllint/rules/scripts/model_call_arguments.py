"""A call of `Model` has arguments that azureml-core refuses.

## What it does
Reports, where the values are known: required arguments that are missing; in `Model.deploy`, no
`inference_config` for other than exactly one model, or for one of a framework that is not
served without; in `Model.register`, a name with characters that it may not have, a framework
version without a framework, a URL or a path that leaves the working folder; in
`Model.profile`, CPU and memory beyond what can be profiled; a `version` that is no number in
`Model.get_model_path`; in `Image.create`, a name that no image can have. A deployment target
that an ACI configuration leaves unused is a warning; a framework in another case (`onnx` for
`Onnx`) is advice, since the service may give it back as it spells it.

It is advice where the repository pins an older azureml-core, which may check less.

## Why it matters
azureml-core raises when it gets there, at the end of the script: the model is trained and the
cluster is paid for.

## Example
```python register.py {7}
from azureml.core import Model, Workspace

ws = Workspace.from_config()
model = Model.register(
    ws,
    model_path="outputs/model.pkl",
    model_name="diabetes model",
)
```

## Use instead
```python register.py
from azureml.core import Model, Workspace

ws = Workspace.from_config()
model = Model.register(
    ws,
    model_path="outputs/model.pkl",
    model_name="diabetes-model",
)
```

## Sources
- azureml-core 1.61.0, `model.py`, `profile.py` and `_util.py`: executed for each of them, up to
  where the workspace would be asked. `Model.profile` was given a stand-in for the package
  azureml-dataset-runtime, without which it refuses every call.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Final

from amllint.analysis.sdk_calls import SdkCall
from amllint.artifacts.deploy_code import DeployCode
from amllint.artifacts.deployment_config import AciDeployment
from amllint.artifacts.fields import Absent, Known
from amllint.findings.finding import Observation, finding
from amllint.rules.registry import rule
from amllint.source.python import syntax as s

_MODEL: Final = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9\-\._]{0,254}")
_IMAGE: Final = re.compile(r"(?=.{3,32}$)[a-z0-9](?:[-\.a-z0-9]*[a-z0-9])?")
_LIMITS: Final = {"cpu": (0.1, 3.5), "memory_in_gb": (0.1, 15.0)}
_SERVED: Final = frozenset({"Onnx", "ScikitLearn", "TensorFlow", "Multi"})
_CONSTANTS: Final = frozenset(name.upper() for name in _SERVED)
_REFUSES: Final = "azureml-core refuses this"
_OWNERS: Final = frozenset(
    {"Model.deploy", "Model.register", "Model.package", "Model.profile", "Environment"}
    | {"Environment.from_conda_specification", "Environment.from_pip_requirements"}
    | {"Environment.from_docker_image", "Environment.from_dockerfile"}
)


@rule("AML807", "model-call-arguments", severity="error", stage="submit")
def model_call_arguments(code: DeployCode) -> Iterator[Observation]:
    """Report what each call would be refused for."""
    for call in code.calls:
        for said in _refusals(code, call):
            yield replace(said, severity=code.unless_older or said.severity)


def _refusals(code: DeployCode, call: SdkCall) -> Iterator[Observation]:
    if call.name in _OWNERS:
        yield from _missing(code, call)
    check = _CHECKS.get(call.name)
    if check is not None:
        yield from check(code, call)


def _missing(code: DeployCode, call: SdkCall) -> Iterator[Observation]:
    if call.missing and not call.unknown:
        names = ", ".join(f"`{n}`" for n in call.missing)
        yield finding(
            code.at(call.call.function.span),
            f"`{call.name}` is called without {names}: Python raises a TypeError here",
            help="give it",
            key=f"{call.name} without {names}",
        )


def _deploy(code: DeployCode, call: SdkCall) -> Iterator[Observation]:
    yield from _target(code, call)
    config = code.argument(call, "inference_config")
    if not isinstance(config, Absent):
        return
    models = code.models(call)
    if models is not None and len(models) != 1:
        yield finding(
            code.at(call.call.function.span),
            f"`Model.deploy` is given {len(models) or 'no'} models and no `inference_config`; "
            f"{_REFUSES}: only a single model is served without",
            help="pass an `InferenceConfig` with a scoring script and an environment",
            key="models without inference_config",
        )
    elif models:
        yield from _framework(code, call)


def _framework(code: DeployCode, call: SdkCall) -> Iterator[Observation]:
    """A single model is served without a configuration if its framework is one of four."""
    item = code.only_model(call)
    made = code.objects.made(item) if item is not None else None
    if made is None or made.call.name != "Model.register" or made.call.rest is not None:
        return
    given = made.call.given.get("model_framework")
    name = code.constant(given.value) if given else "None"
    constant = given is not None and isinstance(code.values.source(given.value), s.Attribute)
    if name is None or name in (_CONSTANTS if constant else _SERVED):
        return
    shown = "no framework" if name == "None" else f"the framework `{name}`"
    respelled = next((n for n in _SERVED if n.upper() == name.upper()), None)
    yield finding(
        code.at(call.call.function.span),
        f"a model of {shown} is deployed without `inference_config`; {_REFUSES}",
        help=f"write `{respelled}`: azureml-core minds the case"
        if respelled
        else "pass an `InferenceConfig`, or register the model with `model_framework` "
        "Onnx, ScikitLearn or TensorFlow",
        severity="info" if respelled else None,  # the service may give it back in its own case
        key="framework without inference_config",
    )


def _target(code: DeployCode, call: SdkCall) -> Iterator[Observation]:
    made = code.made(call, "deployment_config")
    config = code.configurations.get(id(made.call.call)) if made else None
    target = call.given.get("deployment_target")
    if target is None or not isinstance(config, AciDeployment):
        return
    if not isinstance(code.argument(call, "deployment_target"), Absent):
        yield finding(
            code.at(target.key),
            "`deployment_target` has no effect: the configuration is one for ACI, and "
            "azureml-core accepts the target silently and deploys to ACI",
            help="use `AksWebservice.deploy_configuration`, or remove the target",
            severity="warning",
            key="target of ACI",
        )


def _register(code: DeployCode, call: SdkCall) -> Iterator[Observation]:
    name = code.argument(call, "model_name")
    if isinstance(name, Known) and isinstance(name.value, str) and not _MODEL.fullmatch(name.value):
        better = re.sub(r"[^a-zA-Z0-9._-]+", "-", name.value).strip("-._")[:255]
        yield finding(
            name.location,
            f"`{name.value}` is no name for a model; {_REFUSES}",
            help=f"use letters, digits, dashes, periods and underscores: `{better}`",
            key=f"model name {name.value}",
        )
    version = code.argument(call, "model_framework_version")
    if isinstance(version, Known) and isinstance(code.argument(call, "model_framework"), Absent):
        yield finding(
            version.key,
            f"`model_framework_version` is given without `model_framework`; {_REFUSES}",
            help="add `model_framework`, or remove the version",
            key="framework version",
        )
    yield from _path(code, call)


def _path(code: DeployCode, call: SdkCall) -> Iterator[Observation]:
    path = code.argument(call, "model_path")
    if not isinstance(path, Known) or not isinstance(path.value, str):
        return
    if re.match(r"https?://|wasbs?://|azureml://", path.value):
        problem = f"`model_path` is a URL, `{path.value}`; azureml-core takes local paths only"
        help = "download it first"
    elif re.match(r"\.\.(?:[/\\]|$)", path.value):
        problem = (
            f"`model_path` is `{path.value}`, outside of the folder that the code is run in; "
            "azureml-core raises a PermissionError"
        )
        help = "copy the model below that folder, or change into one that holds it"
    else:
        return
    yield finding(path.location, problem, help=help, key="model_path")


def _image(code: DeployCode, call: SdkCall) -> Iterator[Observation]:
    name = code.argument(call, "name")
    if isinstance(name, Known) and isinstance(name.value, str) and not _IMAGE.fullmatch(name.value):
        yield finding(
            name.location,
            f"`{name.value}` is no name for an image; {_REFUSES}",
            help="use 3 to 32 lower-case letters, digits, dashes and periods",
            key=f"image name {name.value}",
        )


def _profile(code: DeployCode, call: SdkCall) -> Iterator[Observation]:
    for parameter, (least, most) in _LIMITS.items():
        given = code.argument(call, parameter)
        value: Any = given.value if isinstance(given, Known) else 0
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if isinstance(given, Known) and number and value and not least <= value <= most:
            yield finding(
                given.location,
                f"`{parameter}` is {value}; {_REFUSES}: it profiles between {least} and {most}",
                help=f"give a value between {least} and {most}",
                key=f"profile {parameter}",
            )


def _get_model_path(code: DeployCode, call: SdkCall) -> Iterator[Observation]:
    version = code.argument(call, "version")
    if isinstance(version, Known) and not isinstance(version.value, int):
        yield finding(
            version.location,
            f"`version` is {version.value!r}; {_REFUSES}: it must be a whole number",
            help="write the version as a number",
            key="version",
        )


_CHECKS: Final[dict[str, Callable[[DeployCode, SdkCall], Iterator[Observation]]]] = {
    "Model.deploy": _deploy,
    "Model.register": _register,
    "ContainerImage.create": _image,
    "Image.create": _image,
    "Model.profile": _profile,
    "Model.get_model_path": _get_model_path,
}
