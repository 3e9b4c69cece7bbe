"""Which rules one start and one call can judge, and why they cannot judge the others.

Written down before the run that is judged. A rule is judged by its errors alone: an error says that
the deployment or every call fails, a warning that some call may, advice nothing of the kind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: What an error of the rule claims: that the server does not start, that a good call fails.
JUDGED: dict[str, frozenset[str]] = {
    **dict.fromkeys(
        ("AML101", "AML102", "AML103", "AML104", "AML134", "AML135", "AML136", "AML141"),
        frozenset({"start"}),
    ),
    **dict.fromkeys(("AML901", "AML903"), frozenset({"start"})),
    **dict.fromkeys(("AML105", "AML106", "AML113", "AML122", "AML144"), frozenset({"score"})),
    **dict.fromkeys(("AML107", "AML114", "AML128", "AML129"), frozenset({"start", "score"})),
}

_STYLE = "style or advice: says of no start and no call that it fails"
_SOME = "a warning about some calls or some machines: one good call does not meet them"
_ANSWER = "about what an answer says, with whatever status: the call itself succeeds"
#: Rules that are not judged here, each with its reason.
OUTSIDE: dict[str, str] = {
    "AML108": _SOME,
    "AML109": _ANSWER,
    "AML110": _ANSWER,
    "AML111": _SOME,
    "AML112": _SOME,
    "AML115": _STYLE,
    "AML116": "environment: the oracle stands in for azureml-core",
    "AML117": "environment: the oracle stands in for azureml-core",
    "AML118": "environment: whether the path exists is a matter of the image",
    "AML119": "environment: the models are not among the files of a case",
    "AML120": "environment: the working directory of the oracle is the script's folder",
    "AML121": "about the time that each call takes: it succeeds",
    "AML123": _ANSWER,
    "AML124": _SOME,
    "AML125": _SOME,
    "AML126": "environment: the oracle has no network",
    "AML127": "environment: the oracle has no network",
    "AML130": "secret: neither start nor call depend on where a secret stands",
    "AML131": "secret: what is logged decides about no call",
    "AML132": _STYLE,
    "AML133": _SOME,
    "AML137": "environment: the oracle has no GPU, and no torch that lacks one",
    "AML138": _SOME,
    "AML139": _STYLE,
    "AML140": _SOME,
    "AML142": "environment: the variables of a case are the oracle's",
    "AML143": "a warning; what it says of answers that fail is told among the causes",
}
#: AML903 about a file that amllint alone cannot read: it does not say that the server cannot.
OWN_LIMIT = "the file is valid Python that"
#: Rules about files, which have the stage of whatever reads the file.
FILE_RULES = frozenset({"AML901", "AML903"})


def claim(finding: Mapping[str, Any]) -> str | None:
    """What a finding says will fail: ``start``, ``score`` or, if it is not judged, nothing."""
    code = str(finding["code"])
    claims = JUDGED.get(code, frozenset())
    if finding["severity"] != "error" or finding["message"].startswith(OWN_LIMIT):
        return None
    stage = "start" if code in FILE_RULES else str(finding.get("stage"))
    return stage if stage in claims else None


def claims(findings: Iterable[Mapping[str, Any]], stage: str) -> frozenset[str]:
    """The codes of the findings that say that a stage fails."""
    return frozenset(str(one["code"]) for one in findings if claim(one) == stage)
