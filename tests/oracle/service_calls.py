"""Says what calls of a service do where the service is made up; runs in the oracle environment.

Prints one JSON object. Nothing is sent: what would send is replaced, and says that it was called.
"""

from __future__ import annotations

import contextlib
import json
import logging
import sys
from types import SimpleNamespace
from typing import Any

logging.disable(logging.CRITICAL)

# azureml.core.model comes first: the others are half of an import cycle.
from azureml.core.model import Model  # noqa: F401, E402  # isort: skip
from azureml.core.compute import AksCompute  # noqa: E402
from azureml.core.webservice import AciWebservice, Webservice, aci  # noqa: E402


def made_up(state: str) -> Any:
    """A service on ACI in a state; asking for a newer one changes nothing."""
    service: Any = object.__new__(AciWebservice)
    service._operation_endpoint = "operations/1"
    service._mms_endpoint = "https://example.invalid/services/diabetes"
    service.state, service.error = state, None
    service.name, service.compute_type = "diabetes", "ACI"
    service.workspace = service.image = service.models = None
    service._auth = SimpleNamespace(get_authentication_header=dict)
    service.update_deployment_state = lambda: None
    return service


def waiting_for_a_failure() -> str:
    """What `wait_for_deployment` says of a build that failed."""
    service = made_up("Failed")
    operation = {"operationDetails": {"subOperationType": "BuildImage"}, "operationLog": "the log"}
    service._wait_for_operation_to_complete = lambda *_: ("Failed", {"code": "x"}, operation)
    try:
        service.wait_for_deployment()
    except Exception as error:
        return str(error)
    return ""


def updating_twice() -> int:
    """How many of two updates of a service in transition are sent, without any wait."""
    sent = []

    def send(*arguments: Any, **_: Any) -> SimpleNamespace:
        sent.append(arguments)
        return SimpleNamespace(status_code=202, headers={"Operation-Location": "operations/2"})

    Webservice._check_for_webservice = staticmethod(lambda *_: None)
    aci.ClientBase._execute_func = staticmethod(send)
    service = made_up("Transitioning")
    service.update(description="one")
    service.update(description="two")
    return len(sent)


def main() -> None:
    with contextlib.redirect_stdout(sys.stderr):
        size = AksCompute.provisioning_configuration(vm_size="Standard_PB6s").vm_size
        answer = {
            "waiting for a failure": waiting_for_a_failure(),
            "updating twice": updating_twice(),
            "size": size,
        }
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
