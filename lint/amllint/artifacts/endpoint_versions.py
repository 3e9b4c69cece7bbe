"""The versions of an AksEndpoint, as code makes and changes them one behind another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from amllint.analysis.sdk_calls import SdkCall
from amllint.artifacts.deploy_code import DeployCode
from amllint.artifacts.fields import Absent, Field, Known
from amllint.artifacts.service_flow import ServiceFlow
from amllint.source.python import syntax as s

_STEPS: Final = frozenset(
    {"AksEndpoint.create_version", "AksEndpoint.update_version", "AksEndpoint.delete_version"}
)


def versions_after(code: DeployCode, last: SdkCall) -> dict[str, float] | None:
    """Shares of the traffic in percent, by version, once a call that changes one has run.

    Versions that were there before the code ran are left out. `None` where names, shares, or
    whether all calls run one behind another, cannot be told.
    """
    origin = _origin(code, last)
    if origin is None:
        return None
    flow = ServiceFlow(code)
    block = flow.around(last.call.span)
    shares: dict[str, float] = {}
    for call in _until(code, origin, last):
        if flow.around(call.call.span) != block or not _apply(code, call, shares):
            return None
    return shares


def _origin(code: DeployCode, call: SdkCall) -> SdkCall | None:
    """The call that made the endpoint whose version a call changes."""
    if call.name not in _STEPS or not isinstance(call.call.function, s.Attribute):
        return None
    made = code.objects.made(call.call.function.value)
    return made.call if made is not None else None


def _until(code: DeployCode, origin: SdkCall, last: SdkCall) -> Iterator[SdkCall]:
    """What is done to an endpoint from its deployment up to a call."""
    end = last.call.span.end
    for call in code.calls:
        if call.call.span.end > end:
            return
        if call is origin and call.name == "Model.deploy":
            yield call
        elif call.name in _STEPS:
            of = _origin(code, call)
            if of is not None and of.call is origin.call:
                yield call


def _apply(code: DeployCode, call: SdkCall, shares: dict[str, float]) -> bool:
    """Take up one call; `False` where it may do anything."""
    made = code.made(call, "deployment_config")
    told = made.call if made is not None else call
    version = code.argument(told, "version_name")
    if isinstance(version, Absent) and told is not call:
        version = code.argument(call, "name")  # the first version has the endpoint's name
    if not isinstance(version, Known) or not isinstance(version.value, str):
        return False
    if call.name == "AksEndpoint.delete_version":
        shares.pop(version.value, None)
        return True
    share: Field[float] = code.argument(told, "traffic_percentile")
    if isinstance(share, Absent):
        shares.setdefault(version.value, 0)
        return True
    known = isinstance(share, Known) and isinstance(share.value, (int, float))
    if known and isinstance(share, Known):
        shares[version.value] = share.value
    return known
