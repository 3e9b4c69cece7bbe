"""`amllint snapshot`."""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from amllint.output.style import printable
from amllint.source.problem import Refused

if TYPE_CHECKING:
    from amllint.snapshot.document import Snapshot

WRITTEN, USAGE, NOTHING, INCOMPLETE = 0, 2, 3, 4


class UsageError(Refused):
    """The command line cannot be carried out as it is."""


def run(options: argparse.Namespace) -> int:
    """Make a snapshot and write it; the exit code says how it went."""
    try:
        live = _live(options)
        if not live and not options.from_files:
            raise UsageError(
                "say --subscription, --resource-group and --workspace, or --from-files"
            )
        if options.image_tags and not live:
            raise UsageError(
                "--image-tags asks Azure: say --subscription, --resource-group and --workspace too,"
                " or put tags-REPOSITORY.json among the files"
            )
        _check_output(options.output)
        return _made(options, live)
    except Refused as error:
        _say(str(error))
        return USAGE


def _live(options: argparse.Namespace) -> bool:
    """Whether Azure is to be asked. Raises `UsageError`."""
    given = {
        "--subscription": options.subscription,
        "--resource-group": options.resource_group,
        "--workspace": options.workspace,
    }
    lacking = [name for name, text in given.items() if not (text or "").strip()]
    if lacking and len(lacking) < len(given):
        raise UsageError(f"{' and '.join(lacking)} must be given too")
    return not lacking


def _made(options: argparse.Namespace, live: bool) -> int:
    from amllint.snapshot.facts import Read

    found: Snapshot | None = None
    passed_over: tuple[str, ...] = ()
    registry: str | None = None
    if options.from_files:
        from amllint.snapshot.exports import from_files

        found, passed_over, registry = from_files(options.from_files, _Teller(options))
    if live:
        from amllint.cli.snapshot_live import Unfinished, read_azure

        try:
            asked = read_azure(options, _Teller(options))
        except Unfinished as problem:
            _say(str(problem))
            return problem.code
        found = _joined(asked, found, registry)
    assert found is not None
    if not any(isinstance(fact, Read) for fact in found.facts.values()):
        _say("nothing could be read, nothing is written")
        return INCOMPLETE
    return _write(found, passed_over, options)


def _joined(azure: Snapshot, files: Snapshot | None, registry: str | None) -> Snapshot:
    """What Azure says, and what files say that it does not.

    `registry` is whose tags the files list. Raises `Refused` where it is another one.
    """
    from amllint.snapshot.facts import CLUSTER_KINDS, REGISTRY, Read
    from amllint.snapshot.origins import check_registry

    if files is None:
        return azure
    check_registry(registry, azure.fact(REGISTRY))
    facts, of_kubectl = dict(azure.facts), {kind.name for kind in CLUSTER_KINDS}
    for key, fact in files.facts.items():
        # Why a list of kubectl is unknown says more than that Azure does not tell it.
        is_better = isinstance(fact, Read) or key[0] in of_kubectl
        if is_better and not isinstance(facts.get(key), Read):
            facts[key] = fact
    return replace(azure, facts=facts)


def _write(found: Snapshot, passed_over: tuple[str, ...], options: argparse.Namespace) -> int:
    from amllint.snapshot.document import render
    from amllint.snapshot.facts import Unread

    text = render(found)
    if options.output is None:
        sys.stdout.write(text)
    else:
        from amllint.engine.fixing import replace_file

        try:
            replace_file(options.output, text.encode("ascii"))
        except OSError as error:
            raise UsageError(f"cannot write {options.output}: {error.strerror}") from None
    unread = sum(isinstance(fact, Unread) for fact in found.facts.values())
    known = len(found.facts) - unread
    where = options.output or "standard output"
    files = f"; not understood: {', '.join(passed_over)}" if passed_over else ""
    if not options.quiet:
        _say(f"{where}: {known} facts known, {unread} unknown{files}")
    return INCOMPLETE if options.strict and (unread or passed_over) else WRITTEN


def _check_output(name: str | None) -> None:
    """Before minutes are spent: whether the file can be written at all. Raises `UsageError`."""
    if name is None:
        return
    folder = os.path.dirname(os.path.abspath(name))
    if not os.path.isdir(folder):
        raise UsageError(f"cannot write {name}: there is no folder {folder}")
    if os.path.lexists(name) and not os.path.isfile(name):
        raise UsageError(f"cannot write {name}: it is no regular file")


class _Teller:
    """Says on stderr what has been read, unless nothing is to be said."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._quiet = options.quiet

    def __call__(self, text: str) -> None:
        if not self._quiet:
            print(f"  {printable(text)}", file=sys.stderr, flush=True)


def _say(text: str) -> None:
    print(f"amllint: {printable(text)}", file=sys.stderr)
