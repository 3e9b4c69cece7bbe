"""`amllint check --resolve`: what it asks, and what it says while it does."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Iterator
from typing import Final

from amllint.artifacts.pin_verdicts import RefusedPins, UnaskedPins
from amllint.engine.cache import private_folder
from amllint.engine.check import Resolve
from amllint.findings.secrets import concealed
from amllint.output.style import printable
from amllint.resolution.asking import Asking
from amllint.resolution.kept_answers import KeptAnswers
from amllint.resolution.lists import NEWEST, pip_lists
from amllint.resolution.lists import is_requirements_file as is_requirements_file
from amllint.resolution.pip_process import NoPip, pip_version
from amllint.source.problem import Refused
from amllint.units import DeploymentUnit, Linker

SECONDS: Final = 300
"""The time for one file where none is given."""
_LINE: Final = 79
"""Characters of a line of a terminal that are used."""


class ResolveError(Refused):
    """`--resolve` cannot be carried out; the message says why."""


def resolver(options: argparse.Namespace) -> Resolve:
    """What asks the index about the units of a run. Raises `ResolveError`."""
    python = _python(options.resolve_python)
    try:
        pip_version()
    except NoPip as reason:
        raise ResolveError(str(reason)) from None
    folder = None if options.no_cache else private_folder()
    progress = _Progress(options.quiet)
    seconds = SECONDS if options.resolve_seconds is None else options.resolve_seconds
    asking = Asking(seconds, KeptAnswers(folder) if folder else None, progress.tell)

    def resolve(
        units: list[DeploymentUnit], linker: Linker, given: Iterable[str]
    ) -> Iterator[RefusedPins | UnaskedPins]:
        lists = list(pip_lists(units, linker, given, python))
        if not lists:
            _say("--resolve: no file here has pip packages")
        try:
            for verdict in asking.verdicts(lists):
                if isinstance(verdict, UnaskedPins):
                    progress.clear()
                    reason = concealed(verdict.reason)
                    _say(f"--resolve: not known of {verdict.path}: {reason}")
                yield verdict
        except NoPip as reason:
            raise ResolveError(str(reason)) from None
        finally:
            progress.clear()

    return resolve


def _python(given: str | None) -> str | None:
    if given is None:
        return None
    match = re.fullmatch(r"(\d+\.\d+)(\.\d+)?", given)
    if match is None:
        raise ResolveError(f"--resolve-python takes a version such as 3.10, not `{given}`")
    return given if match.group(2) else f"{given}.{NEWEST}"


class _Progress:
    """One line on a terminal that is written over; nothing where nobody watches."""

    def __init__(self, quiet: bool) -> None:
        self.shown = sys.stderr.isatty() and not quiet
        self.written = False

    def tell(self, what: str) -> None:
        """Show what is being asked."""
        if self.shown:
            text = printable(f"asking the index, {what}")[:_LINE]
            sys.stderr.write(f"\r{text:<{_LINE}}")
            sys.stderr.flush()
            self.written = True

    def clear(self) -> None:
        """Take the line away again."""
        if self.written:
            sys.stderr.write("\r" + " " * _LINE + "\r")
            sys.stderr.flush()
            self.written = False


def _say(text: str) -> None:
    print(printable(text), file=sys.stderr)
