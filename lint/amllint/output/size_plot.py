"""A picture of what replicas carry, by matplotlib.

Lines and hatches differ besides colours, so that it reads in grey too.
"""

from __future__ import annotations

import math
from typing import Any, Final

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from amllint.capacity.sizing import Load, Sizing

_INK: Final = "#222222"
_REFUSED: Final = "#d55e00"
_TARGET: Final = "#0072b2"
_CONFIGURED: Final = "#56b4e9"
_SHARES: Final = (0.5, 0.7, 0.9)
_SMALL: Final = 9


def draw(sizing: Sizing, file: str) -> None:
    """Write the picture as SVG or PNG, by the name's ending. Raises `OSError`."""
    figure = Figure(figsize=(8, 5), layout="constrained")
    axes = figure.add_subplot()
    most_replicas, most_rate = _extent(sizing)
    axes.set_xlim(0, most_replicas)
    axes.set_ylim(0, most_rate)
    _regions(axes, sizing.load, most_replicas, most_rate)
    _lines(axes, sizing.load, most_replicas, most_rate)
    _configured(axes, sizing, most_rate)
    _needed(axes, sizing.load)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_xlabel("replicas")
    axes.set_ylabel("requests per second")
    axes.set_title(_title(sizing.load), loc="left", fontsize=11)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    _write(figure, file)


def _extent(sizing: Sizing) -> tuple[float, float]:
    """How far the axes go: beyond what is needed, and beyond what is configured if that is near."""
    load = sizing.load
    given = sizing.configured.most if sizing.configured is not None else 0
    replicas = max(load.replicas * 1.45, min(given, load.replicas * 3) * 1.12, 2)
    return replicas, max(load.requests_per_second * 1.6, load.carried(replicas) * 0.8)


def _regions(axes: Any, load: Load, replicas: float, rate: float) -> None:
    """Above all that replicas carry calls get 503; between that and the target they are busy."""
    ends = (0, replicas)
    most = [load.carried(end, 1) for end in ends]
    target = [load.carried(end) for end in ends]
    top = [max(rate, value) for value in most]
    style = {"facecolor": _REFUSED, "edgecolor": _REFUSED, "linewidth": 0}
    axes.fill_between(ends, most, top, alpha=0.18, **{**style, "edgecolor": "none"})
    axes.fill_between(ends, most, top, hatch="////", alpha=0.35, **{**style, "facecolor": "none"})
    axes.fill_between(ends, target, most, facecolor=_TARGET, alpha=0.10, linewidth=0)
    axes.text(
        0.03,
        0.95,
        "calls get 503",
        transform=axes.transAxes,
        va="top",
        fontsize=12,
        fontweight="bold",
        color=_INK,
        zorder=5,
        bbox={"facecolor": "white", "edgecolor": _REFUSED, "pad": 4},
    )


def _lines(axes: Any, load: Load, replicas: float, rate: float) -> None:
    """What replicas carry that are busy for a share of the time; the target is drawn boldly."""
    shares = sorted({*_SHARES, load.target_utilization, 1.0}, reverse=True)
    for number, share in enumerate(shares):
        is_target = math.isclose(share, load.target_utilization)
        style = "-" if is_target or share == 1 else ":"
        color = _TARGET if is_target else _INK
        end = load.carried(replicas, share)
        x, y = (replicas, end) if end <= rate else (replicas * rate / end, rate)
        axes.plot((0, x), (0, y), style, color=color, linewidth=2.2 if is_target else 1)
        # Names stand on their lines, each a step further down, so that they do not meet; that of
        # the target stands beyond the point of the load.
        at = 0.87 if is_target else 0.9 - 0.1 * number
        said = f"{share:.0%} busy" + (", the target" if is_target else "")
        _name(axes, said, (x * at, y * at), math.degrees(math.atan2(y, x)), color)


def _name(axes: Any, text: str, place: tuple[float, float], angle: float, color: str) -> None:
    """The name of a line, along it."""
    axes.text(
        *place,
        text,
        rotation=angle,
        rotation_mode="anchor",
        transform_rotates_text=True,
        ha="center",
        va="center",
        fontsize=_SMALL,
        color=color,
        bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.9, "pad": 1},
    )


def _configured(axes: Any, sizing: Sizing, rate: float) -> None:
    """The replicas that are configured, as a bar on the axis, and the most that they carry."""
    given, load = sizing.configured, sizing.load
    if given is None or given.least > axes.get_xlim()[1]:
        return
    ends = (given.least, given.most) if given.least != given.most else (0, given.most)
    axes.plot(ends, (0, 0), color=_CONFIGURED, linewidth=12, solid_capstyle="butt", clip_on=True)
    many = f"{given.least} to {given.most}" if given.is_scaled else f"{given.most}"
    most = load.carried(given.most, 1)
    if given.most > axes.get_xlim()[1]:
        _note(axes, f"configured: {many}, beyond the picture", given.least, rate * 0.08)
        return
    axes.plot((given.most, given.most), (0, most), color=_INK, linewidth=1, linestyle="-.")
    axes.plot([given.most], [most], "X", color=_REFUSED, markeredgecolor="white", markersize=10)
    _note(axes, f"configured: {many}, {most:.4g} per second at most", given.most, most)


def _needed(axes: Any, load: Load) -> None:
    """The load, and where the target carries it."""
    rate, needed = load.requests_per_second, load.replicas
    axes.plot((0, needed), (rate, rate), color=_INK, linewidth=1.2, linestyle="--")
    axes.plot((needed, needed), (0, rate), color=_INK, linewidth=1.2, linestyle="--")
    axes.plot([needed], [rate], "o", color=_TARGET, markeredgecolor="white", markersize=9)
    noun = "replica" if needed == 1 else "replicas"
    _note(axes, f"{rate:g} per second: {needed} {noun}", needed, rate)


def _note(axes: Any, text: str, x: float, y: float) -> None:
    axes.annotate(
        text,
        (x, y),
        xytext=(8, -12),
        textcoords="offset points",
        fontsize=_SMALL,
        color=_INK,
        bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 2},
    )


def _title(load: Load) -> str:
    at_once = load.concurrent_requests
    more = f", {at_once} at once in each replica" if at_once > 1 else ""
    return f"What replicas carry: requests of {load.seconds_per_request:g} s{more}"


def _write(figure: Figure, file: str) -> None:
    if file.lower().endswith(".png"):
        canvas: Any = FigureCanvasAgg(figure)
        canvas.print_png(file)
        return
    from matplotlib import rc_context

    # The same picture is the same bytes: no date in it, and names that do not change.
    with rc_context({"svg.hashsalt": "amllint", "svg.fonttype": "none"}):
        canvas = FigureCanvasSVG(figure)
        canvas.print_svg(file, metadata={"Date": None})
