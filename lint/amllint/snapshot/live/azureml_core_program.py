"""Asks azureml-core, in a process of its own; a program to run, nothing imports it.

It has no network and no token: what azureml-core sends goes to standard output as a line of JSON,
and the answer comes as a line on standard input. It needs no more than azureml-core, so that any
Python that has it can run this file.

The first line in: `{"subscription", "group", "workspace", "path"}`, where `path` is where to look
for modules, empty for the interpreter's own. Out comes `{"ready": version}`. Then each
`{"question": name}` is answered by `{"value": [items]}`, by `{"failed": type}` or, where a request
was refused, by `{"refused": true}`; in between, each `{"get": URL, "with_token": true}` is answered
by `{"body": …}` or `{"refused": true}`. It ends where the input does.
"""

from __future__ import annotations

import io
import json
import logging
import os
import sys
from typing import Any, NoReturn, TextIO

# What azureml-core takes for a token until the request leaves it: no signature, ends in 2096.
_STAND_IN = "eyJhbGciOiJub25lIn0.eyJleHAiOjQwMDAwMDAwMDAsIm9pZCI6Im8iLCJ0aWQiOiJ0In0.bm9uZQ"
_NETWORK = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto")


class Refused(BaseException):
    """A request has no answer; what catches `Exception` to try again must not."""


class Line:
    """The line to the process that started this one."""

    def __init__(self, source: TextIO, sink: TextIO) -> None:
        self._source = source
        self._sink = sink

    def say(self, message: dict[str, Any]) -> None:
        """Write a message."""
        self._sink.write(json.dumps(message) + "\n")
        self._sink.flush()

    def hear(self) -> dict[str, Any]:
        """The next message. Raises `SystemExit` where there is none."""
        text = self._source.readline()
        if not text:
            raise SystemExit(0)
        heard: dict[str, Any] = json.loads(text)
        return heard

    def fetched(self, url: str, with_token: bool) -> Any:
        """What a URL answers with. Raises `Refused`."""
        self.say({"get": url, "with_token": with_token})
        heard = self.hear()
        if "body" not in heard:
            raise Refused
        return heard["body"]


def main() -> None:
    """Answer questions until there are no more."""
    line = _line()
    sys.addaudithook(_no_network)
    logging.disable(logging.CRITICAL)
    where = line.hear()
    if where["path"]:
        sys.path[:] = where["path"]
    _through(line)
    line.say({"ready": _version()})
    workspace: Any = None
    while True:
        name = line.hear()["question"]
        try:
            workspace = workspace or _workspace(where)
            line.say({"value": _items(name, workspace)})
        except Refused:
            line.say({"refused": True})
        except Exception as error:  # its messages quote answers, which hold keys
            line.say({"failed": type(error).__name__})


def _line() -> Line:
    """Standard output is for messages alone; what azureml-core prints goes to standard error."""
    sink = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)
    source = os.fdopen(os.dup(0), encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    return Line(source, sink)


def _no_network(event: str, arguments: Any) -> None:
    if event in _NETWORK:
        raise PermissionError("this process has no network")


def _version() -> str:
    """The version of azureml-core, all that is asked for imported."""
    from importlib.metadata import version

    import azureml.core.compute
    import azureml.core.model
    import azureml.core.webservice  # noqa: F401

    return version("azureml-core")


def _workspace(where: dict[str, Any]) -> Any:
    from azureml.core import Workspace
    from azureml.core.authentication import TokenAuthentication

    auth = TokenAuthentication(get_token_for_audience=lambda of: _STAND_IN, cloud="AzureCloud")
    return Workspace(where["subscription"], where["group"], where["workspace"], auth=auth)


# -- questions --------------------------------------------------------------------------------


def _items(name: str, workspace: Any) -> list[Any]:
    """What azureml-core says, in the form of the API that it asks."""
    from azureml.core import Model, Webservice
    from azureml.core.compute import AmlCompute, ComputeTarget

    if name == "AmlCompute.supported_vmsizes":
        return list(AmlCompute.supported_vmsizes(workspace))
    if name == "AmlCompute.list_usages":
        return list(AmlCompute.list_usages(workspace))
    if name == "AmlCompute.list_quotas":
        return list(AmlCompute.list_quotas(workspace))
    if name == "ComputeTarget.list":
        return [target.serialize() for target in ComputeTarget.list(workspace)]
    if name == "Model.list":
        return [_model(found) for found in Model.list(workspace, expand=False)]
    return [_service(found) for found in Webservice.list(workspace)]


def _model(model: Any) -> dict[str, Any]:
    asks = model.resource_configuration
    return {
        "name": model.name,
        "version": model.version,
        "framework": model.model_framework,
        "frameworkVersion": model.model_framework_version,
        "resourceRequirements": asks.serialize() if asks else None,
    }


def _service(service: Any) -> dict[str, Any]:
    asks = getattr(service, "container_resource_requirements", None)
    return {
        "name": service.name,
        "state": service.state,
        "computeType": service.compute_type,
        "computeName": getattr(service, "compute_name", None),
        "containerResourceRequirements": asks.serialize() if asks else None,
        "numReplicas": getattr(service, "num_replicas", None),
        "models": [{"id": model.id} for model in getattr(service, "models", None) or ()],
        "error": service.error,
    }


# -- requests ---------------------------------------------------------------------------------


def _through(line: Line) -> None:
    """Have every request of `requests`, which all of azureml-core uses, go by a line."""
    from requests import Response
    from requests.adapters import HTTPAdapter
    from urllib3 import HTTPResponse

    def send(self: Any, request: Any, *arguments: Any, **more: Any) -> Response:
        if request.method != "GET":
            _never(request)
        body = line.fetched(request.url, "Authorization" in request.headers)
        data = json.dumps(body).encode()
        headers = {"Content-Type": "application/json", "Content-Length": str(len(data))}
        raw = HTTPResponse(io.BytesIO(data), headers, 200, preload_content=False)
        built: Response = self.build_response(request, raw)
        return built

    HTTPAdapter.send = send  # type: ignore[method-assign]


def _never(request: Any) -> NoReturn:
    raise PermissionError(f"{request.method} would change something")


if __name__ == "__main__":
    main()
