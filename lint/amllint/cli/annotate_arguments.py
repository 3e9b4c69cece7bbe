"""Arguments of `amllint annotate`."""

from __future__ import annotations

import argparse
from typing import Any

_EXAMPLES = """\
The token comes from the environment: GITHUB_TOKEN or GH_TOKEN, SYSTEM_ACCESSTOKEN or
AZURE_DEVOPS_EXT_PAT. The build says which pull request it is about, or the options do.

exit codes: those of check; 4 also if nothing could be posted

examples:
  amllint annotate                       check everything, and say it on the pull request
  amllint annotate --from findings.json  what `amllint check -o json=findings.json` found
  amllint annotate --mode checks         as a check run with annotations
  amllint annotate --dry-run             print as JSON what would be posted
"""


def add(commands: Any) -> None:
    """Add the command to the parser's commands."""
    annotate = commands.add_parser(
        "annotate",
        help="say on a pull request what was found",
        description="Comments a pull request on GitHub or Azure DevOps with what was found on"
        " its lines, and keeps the comments up to date.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _findings(annotate)
    _posting(annotate)


def _findings(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("paths", nargs="*", metavar="PATH", help="files and folders to check (default: .)")
    add(
        "--from",
        dest="findings",
        metavar="FILE",
        help="the JSON of an earlier check instead; - is stdin",
    )
    add(
        "--fail-on",
        choices=("error", "warning", "info", "never"),
        help="lowest severity for exit code 1 (default: warning)",
    )
    add("--config", metavar="FILE", help="use this file")
    add("--isolated", action="store_true", help="use no configuration file")
    add("--no-cache", action="store_true", help="neither use nor keep facts of scripts")


def _posting(parser: argparse.ArgumentParser) -> None:
    post = parser.add_argument_group("what is posted")
    post.add_argument(
        "--mode",
        choices=("review", "checks"),
        default="review",
        help="review comments (default), or a check run with annotations (GitHub)",
    )
    post.add_argument(
        "--max-comments",
        type=_count,
        default=50,
        metavar="N",
        help="at most so many comments, the others in the summary (default: 50)",
    )
    post.add_argument("--dry-run", action="store_true", help="print what would be posted as JSON")
    post.add_argument("-q", "--quiet", action="store_true", help="no summary on stderr")
    post.add_argument("-v", "--verbose", action="store_true", help="say each request, on stderr")
    where = parser.add_argument_group("where (default: as the build's environment says)")
    where.add_argument("--platform", choices=("github", "azure-devops"))
    where.add_argument("--pull-request", type=_count, metavar="N", help="number of the request")
    where.add_argument("--repository", metavar="NAME", help="OWNER/NAME; Azure DevOps: name or id")
    where.add_argument("--project", metavar="NAME", help="project of Azure DevOps")
    where.add_argument("--commit", metavar="SHA", help="newest commit that was checked")
    where.add_argument("--url", metavar="URL", help="GitHub's API, or Azure DevOps' collection")
    how = parser.add_argument_group("how")
    how.add_argument(
        "--timeout",
        type=_seconds,
        default=300.0,
        metavar="SECONDS",
        help="for everything, waits included (default: 300)",
    )
    how.add_argument(
        "--pause",
        type=_seconds,
        default=1.0,
        metavar="SECONDS",
        help="between two writes (default: 1, as GitHub asks)",
    )


def _count(text: str) -> int:
    """A whole number from 0. Raises `ArgumentTypeError`."""
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise argparse.ArgumentTypeError(f"`{text}` is no whole number from 0")
    return int(text)


def _seconds(text: str) -> float:
    """Seconds from 0 to a day. Raises `ArgumentTypeError`."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= 86_400:
        raise argparse.ArgumentTypeError(f"`{text}` is no number of seconds from 0 to 86400")
    return seconds
