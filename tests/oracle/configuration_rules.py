"""Which errors of amllint azureml-core answers for, and which go further; listed beforehand.

A configuration that azureml-core refuses must be an error of `SDK_RULES`. Any other error, of
any rule at all, is allowed only where `STRICTER` names its rule: azureml-core accepts these
configurations when it reads them, and something later does not. `NOT_EVALUATED` lists what
amllint leaves open by design; the generators write none of it.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Stricter(NamedTuple):
    """Why an error stands although azureml-core takes the configuration, and how that is known."""

    reason: str
    source: str


SDK_RULES: Final = frozenset(
    (
        *("AML201", "AML203", "AML204", "AML205", "AML206", "AML210"),
        *("AML401", "AML403", "AML406", "AML409", "AML413", "AML417", "AML418"),
        *("AML801", "AML802", "AML807", "AML901", "AML903"),
    )
)
"""Rules whose errors say that the configuration is refused as it is read, or the call as made."""

HEDGED_RULES: Final = frozenset({"AML203", "AML210"})
"""Rules that only warn where a file of the name exists elsewhere: a pipeline may move it."""

STRICTER: Final[dict[str, Stricter]] = {
    "AML205": Stricter(
        "a script outside the uploaded folder exists for the SDK, and not in the container",
        "azureml/core/model.py: validate_configuration only looks for the file; what is uploaded "
        "is source_directory, build_create_payload",
    ),
    "AML207": Stricter(
        "condaFile or extraDockerfileSteps without runtime crashes when the model is deployed",
        "azureml/core/model.py, build_create_payload: `self.runtime.lower()` on None, executed",
    ),
    "AML209": Stricter(
        "AksEndpoint and Model.package refuse the old image route, once they are called",
        "azureml/core/model.py, Model.deploy and Model.package: executed",
    ),
    "AML213": Stricter(
        "a registry's password in a file is leaked, whoever reads it",
        "azureml/core/container_registry.py takes it and sends it; no check to compare with",
    ),
    "AML301": Stricter(
        "conda cannot read these dependencies when the image is built",
        "tests/oracle/test_conda.py: conda and azureml-core's CondaDependencies, executed",
    ),
    "AML302": Stricter(
        "an image without the inference server does not start; the SDK only logs a warning",
        "azureml/core/model.py, validate_configuration: a warning for a missing azureml-defaults",
    ),
    "AML408": Stricter(
        "a key written into the file is leaked, whoever reads it",
        "azureml/core/webservice/webservice.py takes it and sends it; no check to compare with",
    ),
    "AML507": Stricter(
        "a container group of this size is refused by the service, in any region",
        "Azure Container Instances, resource limits of container groups; the SDK looks at no "
        "upper bound",
    ),
    "AML805": Stricter(
        "what the SDK calls deprecated and then raises for",
        "schemas/azureml-core.json, the deprecations read off the package",
    ),
}

NOT_EVALUATED: Final[dict[str, str]] = {
    "float('nan'), float('-inf')": "calls other than those that put texts together are not "
    "evaluated; a literal such as 1e999 is",
    "a path that stands twice in the code": "the code may make the file before it names it",
    "a deploymentconfig file without any key of the CLI's": "other tools have files of this name",
    "names of more than one value": "which of them counts is known only by running the code",
}
"""What amllint says nothing about, by form; the reason beside it."""
