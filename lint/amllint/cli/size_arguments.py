"""Arguments of `amllint size`."""

from __future__ import annotations

import argparse
from typing import Any

_LEAST = 0.001
_EXAMPLES = """\
What is not given is taken from the configuration (`traffic`, `cluster`) and from the deployment
configuration for AKS below PATH, and defaults hold for the rest.

exit codes:
  0 the replicas are told   1 they find no node, or too few   2 usage or configuration, a value
  that `check` refuses, or no load   3 there is no such path

examples:
  amllint size --rps 20 --request-seconds 10
  amllint size --rps 20 --request-seconds 10 --concurrency 2 --utilization 50
  amllint size deploy/                         what is configured, for the load that is declared
  amllint size deploy/ --rps 50 --plot size.svg     a picture of it; needs the extra `plot`
  amllint size --rps 5 --request-seconds 2 --cpu 1 --memory-gb 2 --node-size Standard_D4s_v3
  amllint size deploy/ --snapshot snapshot.json     how they fit onto the cluster as it is
"""


def add(commands: Any) -> None:
    """Add the command to the parser's commands."""
    parser = commands.add_parser(
        "size",
        help="say how many replicas and nodes a load takes, and what those configured carry",
        description="Says how many replicas, cores, GiB and nodes a load takes, by the formula of"
        " the troubleshooting guide, line by line, and what to write.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "path", nargs="?", metavar="PATH", help="a deployment configuration, or a folder with one"
    )
    _load(parser.add_argument_group("the load"))
    _machines(parser.add_argument_group("what carries it"))
    result = parser.add_argument_group("what comes out")
    result.add_argument("-o", "--output-format", choices=("text", "json"), default="text")
    result.add_argument("--plot", metavar="FILE", help="draw it, as .svg or .png")
    where = parser.add_argument_group("configuration")
    where.add_argument("--config", metavar="FILE", help="use this file")
    where.add_argument("--isolated", action="store_true", help="use no configuration file")


def _load(group: Any) -> None:
    add = group.add_argument
    add("--rps", type=_positive, metavar="N", help="requests per second, at the worst time")
    add("--request-seconds", type=_positive, metavar="N", help="seconds that a request takes")
    add("--concurrency", type=_count, metavar="N", help="requests a replica takes at once (1)")
    add("--utilization", type=_percent, metavar="PERCENT", help="busy replicas, of 100 (70)")


def _machines(group: Any) -> None:
    add = group.add_argument
    add("--cpu", type=_amount, metavar="N", help="cores that a container asks for")
    add("--memory-gb", type=_amount, metavar="N", help="memory that it asks for, GB")
    add("--gpus", type=_count, metavar="N", help="GPUs that it asks for")
    add("--node-size", metavar="SIZE", help="VM size of the nodes, such as Standard_D4s_v3")
    add(
        "--snapshot",
        metavar="FILE",
        help="what `amllint snapshot` knows of the cluster: its nodes, pods and sizes",
    )


def _positive(text: str) -> float:
    """A number above 0 and below a billion. Raises `ArgumentTypeError`."""
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < 1e9:
        raise argparse.ArgumentTypeError(f"`{text}` is no number above 0 and below a billion")
    return number


def _amount(text: str) -> float:
    """What a container asks for: a thousandth, which Kubernetes counts in, or more.

    Raises `ArgumentTypeError`.
    """
    if text[-1:].isalpha() and text[:1].isdigit():
        unit = "cores (`0.5` for `500m`)" if text.endswith("m") else "cores or GB, without a unit"
        raise argparse.ArgumentTypeError(f"`{text}` is no plain number: write {unit}")
    number = _positive(text)
    if number < _LEAST:
        raise argparse.ArgumentTypeError(f"`{text}` is below {_LEAST:g}, and nothing asks for less")
    return number


def _count(text: str) -> int:
    """A whole number from 1 to 100000. Raises `ArgumentTypeError`."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= 100_000):
        raise argparse.ArgumentTypeError(f"`{text}` is no whole number from 1 to 100000")
    return int(text)


def _percent(text: str) -> float:
    """A share in percent, with or without the sign, as a fraction. Raises `ArgumentTypeError`."""
    try:
        percent = _positive(text.removesuffix("%"))
    except argparse.ArgumentTypeError:
        raise argparse.ArgumentTypeError(f"`{text}` is no percentage from 1 to 100") from None
    if percent > 100:
        raise argparse.ArgumentTypeError(f"`{text}` is more than all of them: write 1 to 100")
    if percent != int(percent) and percent > 1:
        raise argparse.ArgumentTypeError(f"`{text}` is no whole percentage, as AKS takes them")
    if percent < 1:
        raise argparse.ArgumentTypeError(f"`{text}` is below 1: it is a percentage, such as 70")
    return percent / 100
