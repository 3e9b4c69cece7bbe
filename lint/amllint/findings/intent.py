"""What a deployment is for, and in which of them a warning is only advice."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple, TypeAlias

Use: TypeAlias = Literal["production", "staging", "development", "demo", "sample"]
Hardening: TypeAlias = Literal["sample", "demo"]

USES: Final[tuple[Use, ...]] = ("production", "staging", "development", "demo", "sample")
EASED_IN: Final[dict[Hardening, tuple[Use, ...]]] = {
    "sample": ("sample",),
    "demo": ("sample", "demo"),
}
"""Where the warnings of a hardening rule are advice, by what the rule says of itself."""


class Intent(NamedTuple):
    """What a script is for, and what says so; `declared` by the configuration, or guessed.

    A `sample` is there to be read and tried, a `demo` to show that something works.
    """

    value: Use
    reason: str
    declared: bool = False


def least_serious(*told: Intent | None) -> Intent | None:
    """Of what several places say of one script, the least serious; the first of equals."""
    known = [intent for intent in told if intent is not None]
    return max(known, key=lambda i: USES.index(i.value), default=None)


def most_serious(told: list[Intent | None]) -> Intent | None:
    """What holds for a script in several units: what is declared, then what is more serious.

    A unit of which nothing is known could be in production.
    """
    declared = [i for i in told if i is not None and i.declared]
    if declared:
        return min(declared, key=lambda i: USES.index(i.value))
    known = [i for i in told if i is not None]
    return min(known, key=lambda i: USES.index(i.value)) if len(known) == len(told) > 0 else None


def aside(intent: Intent | None) -> str:
    """What is known of a script's use, to be added to a remark about it."""
    return f"; {intent.value}: {intent.reason}" if intent is not None else ""
