"""Arguments of `amllint try`."""

from __future__ import annotations

import argparse
from typing import Any

_EXAMPLES = """\
The script is executed, with your rights. Nothing else in amllint executes what it is given.

exit codes:
  0 every call was answered as a success   1 the start or a call failed
  2 usage, or no inference server   3 there is no such script
  4 calls were asked for, and there is nothing to call with   130 interrupted

examples:
  amllint try score.py --sample request.json
  amllint try score.py --requests 0                    only the start
  amllint try score.py --model diabetes:3=model.pkl    laid out as the platform would
  amllint try score.py --python .venv/bin/python --env conda.yml
  amllint try score.py --sample r.json --requests 50 --save measurements.json
"""


def add(commands: Any) -> None:
    """Add the command to the parser's commands."""
    parser = commands.add_parser(
        "try",
        help="run a scoring script under the real inference server, on this machine",
        description="Executes a scoring script under azureml-inference-server-http on 127.0.0.1,"
        " calls it, and says how it went and whether `check` would have told.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("script", metavar="SCRIPT", help="the scoring script")
    _requests(parser.add_argument_group("requests"))
    _surroundings(parser.add_argument_group("surroundings"))
    _result(parser.add_argument_group("what comes out"))


def _requests(group: Any) -> None:
    add = group.add_argument
    add(
        "--sample",
        action="append",
        metavar="FILE",
        help="a request's body (default: made from the schema decorators of `run`); repeatable",
    )
    add(
        "--content-type",
        default="application/json",
        metavar="TYPE",
        help="of the samples (default: application/json)",
    )
    add("--requests", type=_count, default=10, metavar="N", help="how many calls (default: 10)")


def _surroundings(group: Any) -> None:
    add = group.add_argument
    add(
        "--python",
        metavar="PATH",
        help="an interpreter that has the server (default: the one that runs amllint)",
    )
    add("--env", metavar="FILE", help="conda file to compare with the interpreter; none is built")
    models = group.add_mutually_exclusive_group()
    models.add_argument("--model-dir", metavar="DIR", help="AZUREML_MODEL_DIR, as it is")
    models.add_argument(
        "--model",
        action="append",
        metavar="[NAME[:VERSION]=]PATH",
        help="a model's file or folder, laid out as the platform would; repeatable",
    )
    add(
        "--code",
        metavar="DIR",
        help="the folder that is deployed, where the server runs (default: as the files around"
        " the script say, else the script's own)",
    )
    add(
        "--timeout",
        type=seconds_up_to_a_day,
        default=300.0,
        metavar="SECONDS",
        help="for the start, and for each call (default: 300)",
    )
    add(
        "--memory",
        type=_mebibytes,
        default=4096,
        metavar="MIB",
        help="for all processes of the server together (default: 4096)",
    )


def _result(group: Any) -> None:
    add = group.add_argument
    add("-o", "--output-format", choices=("text", "json"), default="text")
    add("--save", metavar="FILE", help="write what was measured, as JSON")
    add("-v", "--verbose", action="store_true", help="show the server's log, on stderr")
    add("-q", "--quiet", action="store_true", help="do not say that the script is executed")
    add("--color", choices=("auto", "always", "never"), default="auto")


def _count(text: str) -> int:
    """A whole number from 0 to 100000. Raises `ArgumentTypeError`."""
    if not (text.isascii() and text.isdigit() and int(text[:9]) <= 100_000):
        raise argparse.ArgumentTypeError(f"`{text}` is no whole number from 0 to 100000")
    return int(text)


def _mebibytes(text: str) -> int:
    """MiB from 64 on. Raises `ArgumentTypeError`."""
    if not (text.isascii() and text.isdigit() and int(text[:9]) >= 64):
        raise argparse.ArgumentTypeError(f"`{text}` is no whole number of MiB from 64 on")
    return int(text[:9])


def seconds_up_to_a_day(text: str) -> float:
    """Seconds up to a day. Raises `ArgumentTypeError`."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 86_400:
        raise argparse.ArgumentTypeError(f"`{text}` is no number of seconds up to 86400")
    return seconds
