"""Arguments of `amllint snapshot`."""

from __future__ import annotations

import argparse
import math
from typing import Any

_EXAMPLES = """\
The token comes from azure-identity (az login, a service principal's variables, a managed or a
workload identity), or is handed over in AMLLINT_AZURE_TOKEN. It is sent to Azure alone.

exit codes:
  0 written   2 usage, or nobody is signed in   3 there is no such workspace
  4 nothing could be read; with --strict also: a fact could not be read, or a file is no export
    that is known   130 interrupted

examples:
  amllint snapshot --subscription S --resource-group G --workspace W -o snapshot.json
  amllint snapshot --subscription S --resource-group G --workspace W \\
    --image-tags churn --image-tags team/prices -o snapshot.json
  amllint snapshot --from-files exports/ -o snapshot.json
  amllint check --snapshot snapshot.json deploy/
"""


def add(commands: Any) -> None:
    """Add the command to the parser's commands."""
    snapshot = commands.add_parser(
        "snapshot",
        help="keep in a file what is known of a workspace",
        description="Reads what a workspace has, and what may be deployed from it, into one file:"
        " quotas, sizes, computes, models, environments, services and endpoints. Nothing is"
        " changed; no keys, tokens or values of environment variables are kept.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = snapshot.add_argument
    add("--subscription", metavar="ID", help="the subscription's id")
    add("-g", "--resource-group", metavar="NAME", help="the resource group's name")
    add("-w", "--workspace", metavar="NAME", help="the workspace's name")
    add(
        "--from-files",
        metavar="DIR",
        help="take exports of az and kubectl (JSON files) instead, or with the options above as"
        " well",
    )
    add(
        "--image-tags",
        metavar="REPOSITORY",
        type=_repository,
        action="append",
        default=[],
        help="ask the workspace's registry for the tags of a repository as well, such as"
        " team/churn; may be repeated",
    )
    add("-o", "--output", metavar="FILE", help="write here (default: standard output)")
    add(
        "--strict",
        action="store_true",
        help="exit code 4 if a fact could not be read, or an export was not understood",
    )
    add("-q", "--quiet", action="store_true", help="say nothing but errors on stderr")
    add(
        "-v",
        "--verbose",
        action="count",
        default=0,
        help="say each request, on stderr; -vv: also what azureml-core says there",
    )
    _how(snapshot)


def _how(parser: argparse.ArgumentParser) -> None:
    how = parser.add_argument_group("how Azure is asked")
    how.add_argument(
        "--cloud",
        choices=("public", "us-government", "china"),
        default="public",
        help="which Azure (default: public)",
    )
    how.add_argument(
        "--resource-manager",
        metavar="URL",
        help="Resource Manager of a cloud of one's own: the token is sent there",
    )
    how.add_argument(
        "--call-seconds",
        type=_seconds,
        default=30.0,
        metavar="N",
        help="the time for one request, repeats included (default: 30)",
    )
    how.add_argument(
        "--seconds",
        type=_seconds,
        default=300.0,
        metavar="N",
        help="the time for everything (default: 300)",
    )


def _repository(text: str) -> str:
    """The name of a repository alone. Raises `ArgumentTypeError`."""
    from amllint.snapshot.shapes.images import is_repository

    if not is_repository(text):
        hint = "write its name without host and tag, such as team/churn"
        raise argparse.ArgumentTypeError(f"`{text}` is no repository: {hint}")
    return text


def _seconds(text: str) -> float:
    """Seconds above 0, to a day. Raises `ArgumentTypeError`."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds <= 86_400:
        raise argparse.ArgumentTypeError(f"`{text}` is no number of seconds above 0, to 86400")
    return seconds
