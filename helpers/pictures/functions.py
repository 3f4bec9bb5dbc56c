"""The still pictures of the course, drawn by Matplotlib in one style.

Colors are Okabe and Ito's, safe for color-blind readers; line style and a label always say the
same as the color.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from helpers.activations import Activation
from helpers.differences import central_difference
from helpers.live.liveplot import Bundle, still_bundle
from helpers.text import as_text

BLUE, VERMILION, GREEN, PURPLE, GRAY = "#0072B2", "#D55E00", "#009E73", "#8C3A74", "#6E6E6E"
G_LINE: dict[str, Any] = {"color": BLUE, "linestyle": "-", "linewidth": 2.2}
SLOPE_LINE: dict[str, Any] = {**G_LINE, "color": VERMILION, "linestyle": (0, (6, 2))}
TANGENT_LINE: dict[str, Any] = {**G_LINE, "color": GREEN, "linestyle": (0, (5, 1.5, 1, 1.5))}
CLOSED: dict[str, Any] = {"marker": "o", "markersize": 8, "linestyle": "none", "color": "black"}
OPEN: dict[str, Any] = {**CLOSED, "markerfacecolor": "white", "markeredgewidth": 1.6}
BAR: dict[str, Any] = {"color": PURPLE, "linewidth": 5, "alpha": 0.45, "solid_capstyle": "butt"}
_NOTE: dict[str, Any] = {"textcoords": "offset points", "fontsize": 9}
_CHOICE: dict[str, Any] = {**_NOTE, "va": "center", "color": PURPLE}

Z = np.linspace(-10, 10, 401)

_STYLE: Any = {
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlesize": 11,
    "axes.unicode_minus": True,
    "figure.constrained_layout.use": True,
    "figure.dpi": 100,
    "figure.facecolor": "white",
    "font.family": "DejaVu Sans",
    "font.size": 10.5,
    "grid.color": "#DDDDDD",
    "grid.linewidth": 0.8,
    "legend.framealpha": 0.95,
    "mathtext.fontset": "dejavusans",
}


@dataclass(frozen=True)
class Picture:
    """A figure that shows itself in a notebook as a sharp PNG with alternative text.

    Attributes
    ----------
    figure : matplotlib.figure.Figure
    alt : str
        What the figure shows, in a sentence or two.
    """

    figure: Figure
    alt: str

    def __repr__(self) -> str:
        return self.alt

    def _repr_mimebundle_(self, **_: Any) -> Bundle:
        return still_bundle(self.figure, self.alt)


def panels(
    *titles: str, size: tuple[float, float] = (7.2, 3.1), scale: str = "linear"
) -> tuple[Figure, list[Axes]]:
    """Return an empty figure in the course's style, and its axes: one a title, side by side.

    Parameters
    ----------
    *titles : str
        What stands above each panel.
    size : tuple of float, default (7.2, 3.1)
        Width and height in inches.
    scale : str, default "linear"
        Scale of the vertical axes; linear ones have a line at 0.
    """
    with matplotlib.rc_context(_STYLE):
        figure = Figure(figsize=size)
        axes = list(figure.subplots(1, len(titles), squeeze=False)[0])
        for ax, title in zip(axes, titles, strict=True):
            ax.set_title(title)
            ax.set_xlabel("z")
            ax.set_yscale(scale)
            if scale == "linear":
                ax.axhline(0, color="black", linewidth=0.8)
    return figure, axes


def legend_below(figure: Figure, handlelength: float = 3) -> None:
    """Name the lines of the first panel, below all panels."""
    place: Any = {"loc": "outside lower center", "ncols": 4, "frameon": False}
    handles, _ = figure.axes[0].get_legend_handles_labels()
    figure.legend(handles=handles, handlelength=handlelength, **place)


def draw_spread(ax: Axes, first: int, samples: ArrayLike, shade: float, **line: Any) -> Any:
    """Draw the median of `samples` from x = `first` on, shade their range; return the median."""
    low, median, high = np.percentile(np.asarray(samples), [0, 50, 100], axis=0)
    x = np.arange(first, first + median.size)
    ax.fill_between(x, low, high, color=line["color"], alpha=shade, linewidth=0)
    ax.plot(x, median, **line)
    return median


def function_and_slope(activation: Activation, alpha: float | None = None) -> Picture:
    """Draw g and g' side by side, with the check points z = -10, 0 and 10.

    Parameters
    ----------
    activation : Activation
    alpha : float, optional
        Shape parameter; by default the activation's own.

    Returns
    -------
    Picture
    """
    alpha = activation.alpha if alpha is None else alpha
    points = np.array([-10.0, 0.0, 10.0])
    figure, (left, right) = panels(f"{activation.name}: g(z)", "its derivative g′(z)")
    left.plot(Z, activation.g(Z, alpha=alpha), **G_LINE)
    left.plot(points, activation.g(points, alpha=alpha), **CLOSED)
    draw_slope(right, activation, alpha)
    slopes = activation.derivative(points, alpha=alpha)
    right.plot(points, slopes, **CLOSED)
    for ax in (left, right):
        ax.margins(y=0.12)
    told = ", ".join(
        f"{as_text(slope, 5)} at z = {as_text(z)}" for z, slope in zip(points, slopes, strict=True)
    )
    return Picture(
        figure,
        f"Two panels over z from −10 to 10. Left: {activation.name}, g(z). "
        f"Right: its derivative g′(z), which is {told}.",
    )


def draw_slope(ax: Axes, activation: Activation, alpha: float) -> None:
    """Draw g' into `ax`; at a kink it breaks off with open markers on both sides."""
    kink = activation.kink
    if kink is None:
        ax.plot(Z, activation.derivative(Z, alpha=alpha), **SLOPE_LINE)
        return
    sides = _slopes_beside(kink, activation, alpha)
    for z, slope in zip((Z[kink > Z], Z[kink < Z]), sides, strict=True):
        ax.plot(z, activation.derivative(z, alpha=alpha), **SLOPE_LINE)
        ax.plot(kink, slope, **OPEN)


def _slopes_beside(kink: float, activation: Activation, alpha: float) -> list[float]:
    beside = np.nextafter(kink, [-np.inf, np.inf])
    return [float(slope) for slope in activation.derivative(beside, alpha=alpha)]


def subgradients(activation: Activation, alpha: float | None = None) -> Picture:
    """Draw the lines that touch g at its kink from below, and the interval of their slopes.

    Parameters
    ----------
    activation : Activation
        One with a kink.
    alpha : float, optional
        Shape parameter; by default the activation's own.

    Returns
    -------
    Picture

    Raises
    ------
    ValueError
        If g has no kink, or one where its slope falls: there is no subgradient then.
    """
    kink, alpha = activation.kink, activation.alpha if alpha is None else alpha
    if kink is None:
        raise ValueError(f"{activation.name} has no kink")
    low, high = _slopes_beside(kink, activation, alpha)
    at = f"{activation.name} at alpha = {alpha:g}"
    if low == high:
        raise ValueError(f"{at} has no kink")
    if low > high:
        raise ValueError(
            f"{at} has no subgradient at its kink: the slope falls there from {low:.3g} to "
            f"{high:.3g}, so a line between the two would lie above g"
        )
    zero, top = as_text(kink), float(activation.g(kink, alpha=alpha))
    ends = as_text(low, 3), as_text(high, 3)
    along = np.linspace(-2, 2, 81)
    figure, (left, right) = panels("g(z) near the kink", f"g′(z) and the slopes allowed at {zero}")
    for share in (0.25, 0.5, 0.75):
        slope = low + share * (high - low)
        left.plot(kink + along, top + slope * along, color=PURPLE, linestyle=":", linewidth=1.6)
        left.annotate(f"slope {as_text(slope, 3)}", (kink + 2, top + 2 * slope), (3, 0), **_CHOICE)
    left.plot(kink + along, activation.g(kink + along, alpha=alpha), **G_LINE)
    left.set_xlim(kink - 2, kink + 3)
    right.plot([kink, kink], [low, high], **BAR)
    draw_slope(right, activation, alpha)
    right.plot(kink, activation.derivative(kink, alpha=alpha), **CLOSED)
    middle = kink, (low + high) / 2
    right.annotate(f"any value in\n[{ends[0]}, {ends[1]}]", middle, (8, 0), **_CHOICE)
    right.set_xlim(kink - 2, kink + 2)
    right.margins(y=0.12)
    return Picture(
        figure,
        f"Two panels. Left: {activation.name} near {zero} with three lines through the kink, of "
        f"slopes between {ends[0]} and {ends[1]}, none of which crosses it. Right: its derivative, "
        f"with open markers at z = {zero} on both branches, a bar between them from {ends[0]} to "
        f"{ends[1]}, and a closed marker at the value the helpers use.",
    )


@np.errstate(invalid="ignore")
def lost_digits(activation: Activation, top: float) -> Picture:
    """Draw the relative error that rounding makes in the slope from a, against z from 0 to `top`.

    Parameters
    ----------
    activation : Activation
    top : float
        Largest z, positive.

    Returns
    -------
    Picture
        A bound, the same on every processor: a is off by half a spacing of floats, and the formula
        in a multiplies that by its own slope. Single errors scatter below it.

    Raises
    ------
    ValueError
        If `top` is not positive and finite, or if the rounding of a does not reach the slope.
    """
    if not 0 < top < np.inf:
        raise ValueError(f"top must be positive and finite; got {top}")
    z = np.linspace(0, top, 401)[1:]
    a, exact = activation.g(z), activation.derivative(z)
    growth = np.abs(central_difference(activation.derivative_from_a, a))
    if not growth.any():
        raise ValueError(f"no error to draw: the slope of {activation.name} from a is exact")
    epsilon = np.finfo(np.float64).eps
    error = np.minimum((np.spacing(a) * growth / exact + epsilon) / 2, 1)
    figure, (ax,) = panels("relative error of g′ computed from a", size=(7.2, 2.8), scale="log")
    ax.plot(z, error, **SLOPE_LINE)
    ax.axhline(1, color="black", linestyle=":", linewidth=1.2)
    ax.annotate("all digits lost", (0, 1), (4, -12), **_NOTE)
    end = f"{as_text(error[-1], 1)} at z = {as_text(top)}"
    if error[-1] == 1:
        gone = float(z[error == 1][0])
        place, arrow = (gone, 1), {"arrowstyle": "->"}
        ax.annotate(f"none is left from z = {gone:.0f}", place, (6, -60), arrowprops=arrow, **_NOTE)
        end = f"1 near z = {gone:.0f}"
    return Picture(
        figure,
        f"The relative error that rounding can make in the slope of {activation.name} computed "
        "from a, on a logarithmic axis: "
        f"about 1e−16 at z = 0, it rises steadily and reaches {end}.",
    )


def step_error(
    g: Callable[[Any], Any], slope: Callable[[Any], Any], title: str, low: float, high: float
) -> Picture:
    """Draw the error of the central difference against the step h, on logarithmic axes.

    Parameters
    ----------
    g, slope : callable
        A function and its exact derivative.
    title : str
    low, high : float
        The error drawn is the largest at 200 points between `low` and `high`.

    Returns
    -------
    Picture

    Raises
    ------
    ValueError
        If no difference has an error, as for a straight line.
    """
    z = np.linspace(low, high, 200)
    steps = np.logspace(-13, 0, 105)
    error = [np.max(np.abs(central_difference(g, z, h) - slope(z))) for h in steps]
    if not any(error):
        raise ValueError("no error to draw: every difference is exact")
    figure, (ax,) = panels(title, size=(7.2, 2.8), scale="log")
    ax.set_xscale("log")
    ax.plot(steps, error, **SLOPE_LINE)
    ax.set_xlabel("step h")
    ax.set_ylabel("largest error")
    best = steps[int(np.argmin(error))]
    return Picture(
        figure,
        f"{title}, logarithmic axes, h from 1e−13 to 1. A V: the error falls as h shrinks to about "
        f"1e{round(float(np.log10(best)))}, then rises again.".replace("e-", "e−"),
    )
