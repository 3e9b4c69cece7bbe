"""Arguments of `amllint diagnose`."""

from __future__ import annotations

import argparse
from typing import Any

_EXAMPLES = """\
exit codes:
  0 nothing in the log is known to be wrong   1 diagnosed   2 usage
  3 the log is empty   4 lines look like a failure, and amllint knows none of them

examples:
  az ml service get-logs -n churn | amllint diagnose
  az ml online-deployment get-logs -e churn -n blue | amllint diagnose --deployment deploy/
  kubectl describe pod churn-0 | amllint diagnose
  curl -i -X POST $URI -d @request.json | amllint diagnose
  amllint diagnose 20_image_build_log.txt -o json
"""


def add(commands: Any) -> None:
    """Add the command to the parser's commands."""
    diagnose = commands.add_parser(
        "diagnose",
        usage="%(prog)s [-h] [--deployment PATH] [-o {text,json}] "
        "[--color {auto,always,never}] [LOG]",
        help="say what a log of a failed deployment means",
        description="Reads a log (of the service, of an image build, of kubectl describe, or an "
        "HTTP answer with its headers) and says what failed, why, and what to do. Nothing is "
        "sent anywhere; secrets in quoted lines are struck out.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = diagnose.add_argument
    add("log", nargs="*", metavar="LOG", help="the log (default: -, standard input)")
    add(
        "--deployment",
        metavar="PATH",
        action="append",
        help="files of the deployment: they are checked, and the file and line shown; may be "
        "given several times",
    )
    add("-o", "--output-format", choices=("text", "json"), default="text")
    add("--color", choices=("auto", "always", "never"), default="auto")
