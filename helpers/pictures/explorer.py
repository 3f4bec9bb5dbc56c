"""Live plots that answer a learner's sliders: `explore` for z and α, `explore_secant` for z and h.

Python computes every position with the functions of this package before the first slider moves,
and `LivePlot` shows them. Nothing here asks for the name of a function.
"""

import contextlib
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from numpy.typing import ArrayLike, NDArray

from helpers.activations import Activation
from helpers.live.liveplot import Choice, LivePlot, Slider
from helpers.pictures.functions import (
    BAR,
    CLOSED,
    G_LINE,
    GRAY,
    GREEN,
    OPEN,
    PURPLE,
    SLOPE_LINE,
    TANGENT_LINE,
    panels,
)
from helpers.pictures.own import FINE, RefusedError, own_activation
from helpers.text import Feedback, as_text

Array = NDArray[np.float64]

POSITIONS = np.arange(-100, 101) / 10  # of the z slider
CHECK_POINTS = np.array([-10.0, 0.0, 10.0])
START = 2.0  # z at first: no kink, and not the middle
FLAT = 0.01  # slopes below this share of the largest are shaded
LOWEST = 1e-18  # on the logarithmic axis
# Matplotlib's ticks overflow a little beyond these.
MOST, MOST_LOGARITHMIC = 1e307, 1e250
DIGITS = 16  # what float64 holds

_CHECKS = np.searchsorted(POSITIONS, CHECK_POINTS)
_CURVE = np.arange(-200, 201) / 20
_SIZE = 7.2, 3.5
_LIVE_SIZE = 7.2, 3.7  # its legend has a row more
_WIDTH = 21.0  # of the z axis: room for the markers at ±10
_POINT: Any = {**CLOSED, "color": GREEN, "markeredgecolor": "white", "markersize": 10, "zorder": 5}
_CHECK: Any = {**CLOSED, "markersize": 6, "zorder": 4}
_LIMIT: Any = {**OPEN, "markersize": 7, "zorder": 3.5}
_FAINT: Any = {"color": GRAY, "linewidth": 1.2, "alpha": 0.7}
_DOTTED: Any = {"color": "black", "linestyle": ":", "linewidth": 1.8}
_SECANT: Any = {"color": PURPLE, "linewidth": 1.8}
_ZONE: Any = {"facecolor": "#EAE6D8", "edgecolor": "none", "zorder": 0.5}
_LEGEND: Any = {"frameon": False, "fontsize": 9, "handlelength": 2, "columnspacing": 0.8}
_NOTE: Any = {
    "textcoords": "offset points",
    "fontsize": 9,
    "zorder": 6,
    "bbox": {"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.85},
}


@np.errstate(all="ignore")  # inf and nan of a learner's function are gaps, not warnings
def explore(
    activation: Activation | Callable[..., Any],
    derivative: Callable[..., Any] | None = None,
    alpha: float | Sequence[float] | None = None,
) -> LivePlot | Feedback:
    """Show g with its tangent, and g', at the z and the α of two sliders.

    Parameters
    ----------
    activation : Activation or callable
        One of `ACTIVATIONS`, or a function of your own: ``g(z)``, or ``g(z, alpha)`` when `alpha`
        is given, which takes an array and returns one of the same shape.
    derivative : callable, optional
        The slope of your own function, called as the function is. Without it the slope shown is a
        central difference, and the plot says so.
    alpha : float or sequence of float, optional
        For your own function: the values of its shape parameter, the first being the default; or
        the default alone, and the slider goes from a tenth of it to four times it.

    Returns
    -------
    LivePlot or Feedback
        The plot or, where a function of your own fails, a sentence that says how.
    """
    try:
        if not isinstance(activation, Activation):
            return _plot(
                own_activation(activation, derivative, alpha), numerical=derivative is None
            )
        if derivative is not None or alpha is not None:
            raise RefusedError("derivative and alpha go with a function of your own")
        return _plot(activation)
    except RefusedError as error:
        return Feedback("Nothing to explore:", f"{error}.")


def _along(x: ArrayLike, y: ArrayLike) -> Array:
    return np.stack(np.broadcast_arrays(x, y), axis=-1)


class _Tables:
    """An activation function at every α (first axis) and many z (last axis)."""

    def __init__(self, activation: Activation) -> None:
        g, derivative, kink = activation.g, activation.derivative, activation.kink
        self.activation, self.alphas = activation, activation.alphas
        self.home = self.alphas.index(activation.alpha)
        x = _CURVE
        self.sides = np.full((len(self.alphas), 2), np.nan)  # g' beside a kink, where it jumps
        if kink is not None:  # the curve of g' breaks off there
            beside = np.nextafter(kink, [-np.inf, np.inf])
            x = np.concatenate([x[x < kink], beside[:1], [np.nan], beside[1:], x[x > kink]])
            sides = self.at(derivative, beside)
            self.sides = np.where(sides[:, :1] == sides[:, 1:], np.nan, sides)
        self.a, self.slope = self.at(g, POSITIONS), self.at(derivative, POSITIONS)
        self.panels = (
            (G_LINE, _CURVE, self.at(g, _CURVE), self.a),
            ({**SLOPE_LINE, "label": "g′ from z"}, x, self.at(derivative, x), self.slope),
        )
        largest = np.array([[activation.maximum_slope(alpha)] for alpha in self.alphas])
        self.zone = _zone(np.abs(self.at(derivative, FINE)) < FLAT * largest)
        at_end = np.abs(self.zone[self.home, :, 0]) == FINE[-1]
        rises = (self.slope[self.home] >= 0).all() and largest.max() < MOST_LOGARITHMIC
        self.saturates = kink is None and bool(at_end.any() and rises)

    def at(self, function: Callable[..., Any], z: Array) -> Array:
        return np.array([function(z, alpha=alpha) for alpha in self.alphas], dtype=float)

    def from_a(self, a: Array) -> Array:
        """Return g' by the formula in a; nan at an α where a does not determine it."""
        slopes = np.full(a.shape, np.nan)
        for row, activations, alpha in zip(slopes, a, self.alphas, strict=True):
            with contextlib.suppress(ValueError):
                row[:] = self.activation.derivative_from_a(activations, alpha=alpha)
        return slopes


def _zone(flat: NDArray[np.bool_]) -> Array:
    """Return for each row a rectangle around each run of True, followed by nan."""
    corners = []
    for row in flat:
        edges = np.flatnonzero(np.diff(row, prepend=False, append=False)).reshape(-1, 2) - [0, 1]
        x = FINE[edges][:, [0, 0, 1, 1, 1]]
        corners.append(_along(x, [0, 1, 1, 0, np.nan]).reshape(-1, 2))
    zone = np.full((len(corners), max(map(len, corners)), 2), np.nan)
    for row, places in zip(zone, corners, strict=True):
        row[: len(places)] = places
    return zone


def _frame(ax: Axes, values: Array) -> None:
    """Set the axes' limits: those of all α, so that they stay while α changes."""
    shown = values[np.isfinite(values)]
    low, high = min(shown.min(), 0), max(shown.max(), 0)
    if high - low > MOST:
        raise RefusedError(f"{as_text(low, 2)} and {as_text(high, 2)} are too far apart to draw")
    margin = 0.07 * (high - low) or 1
    ax.set(xlim=(-_WIDTH / 2, _WIDTH / 2), ylim=(low - margin, high + margin))


def _draw(
    moves: dict[str, Array], ax: Axes, gid: str, x: ArrayLike, y: ArrayLike, style: dict[str, Any]
) -> None:
    """Add a line that moves, and where it goes."""
    ax.plot([0], [1], gid=gid, **style)
    moves[gid] = _along(x, y)


def _tangent(ax: Axes, z: ArrayLike, a: ArrayLike, slope: ArrayLike) -> tuple[Array, Array]:
    """Return x and y of the ends of tangents, which look about equally long at every slope."""
    low, high = ax.get_ylim()
    z, a, slope = (np.asarray(array)[..., None] for array in (z, a, slope))
    ends = 5 / np.hypot(1, slope * _WIDTH / (high - low)) * [-1, 1]
    return z + ends, a + slope * ends


def _plot(activation: Activation, numerical: bool = False) -> LivePlot:
    tables = _Tables(activation)
    several = len(tables.alphas) > 1
    titles = [f"{activation.name}: g(z)", f"its derivative g′(z){', numerical' * numerical}"]
    figure, axes = panels(*titles, *titles[1:] * tables.saturates, size=_LIVE_SIZE)
    left, right = axes[:2]
    moves: dict[str, Array] = {}  # shaped (z, α, points, 2)

    names, contents = ("g", "slope", "log"), (*tables.panels, tables.panels[1])
    for ax, name, (style, x, curves, values) in zip(axes, names, contents, strict=False):
        if tables.zone.size:
            ax.fill([0], [0], gid=f"{name}-zone", transform=ax.get_xaxis_transform(), **_ZONE)
            moves[f"{name}-zone"] = tables.zone[None]
        if several:
            ax.plot(x, curves[tables.home], **_FAINT)
        _draw(moves, ax, f"{name}-curve", x, curves[None], style)
        _draw(moves, ax, f"{name}-checks", CHECK_POINTS, values[None, :, _CHECKS], _CHECK)
        _draw(moves, ax, f"{name}-point", POSITIONS[:, None, None], values.T[..., None], _POINT)
        _frame(ax, curves)

    tangent = _tangent(left, POSITIONS[:, None], tables.a.T, tables.slope.T)
    _draw(moves, left, "g-tangent", *tangent, TANGENT_LINE)
    if activation.kink is not None:
        _draw(moves, right, "slope-bar", activation.kink, tables.sides[None], BAR)
        _draw(moves, right, "slope-sides", activation.kink, tables.sides[None], _LIMIT)
        larger = np.maximum(np.multiply.outer(tables.alphas, _CURVE), _CURVE)
        differs = larger != tables.panels[0][2]
        if differs.any() and not differs[tables.home].any():  # g is max(αz, z), but not always
            maximum = np.where(differs, larger, np.nan)
            _draw(moves, left, "g-maximum", _CURVE, maximum[None], _DOTTED)
            left.text(0, 0, "max(αz, z)", fontsize=9, gid="g-maximum-name")
            place = np.where(differs.any(axis=1)[:, None, None], [-10.0, -3.0], np.nan)
            moves["g-maximum-name"] = place[None]

    controls: list[Slider | Choice] = [Slider("z", POSITIONS, START, jumps=tuple(CHECK_POINTS))]
    shown: dict[str, ArrayLike] = {}
    if several:
        controls.append(Slider("α", tables.alphas, activation.alpha))
    if tables.saturates:
        controls.append(Choice("g′ axis", ("linear", "logarithmic")))
        shown = {"slope-panel": [True, False], "log-panel": [False, True]}
        log = _overlay(figure, axes, [None, *shown])
        if activation.from_a_formula:
            from_a = tables.from_a(tables.panels[0][2])
            _draw(moves, log, "log-from-a", _CURVE, from_a[None], {**_DOTTED, "label": "g′ from a"})
            log.legend(loc="lower center", **_LEGEND)
    _legend(figure, activation, tables.zone, _FAINT, ncols=2)  # half the width, for stacked panels

    def fit(array: Array, tail: int) -> Array:
        """Take (z, α) to the axes of the controls there are."""
        array = array if several else array.squeeze(1)
        return np.expand_dims(array, array.ndim - tail) if tables.saturates else array

    return LivePlot(
        figure,
        controls,
        {gid: fit(places, 2) for gid, places in moves.items()},
        shown=shown,
        readout={row: fit(texts, 0) for row, texts in _readout(tables, numerical).items()},
        label=_label(tables),
        still=_still(tables, titles),
    )


def _overlay(figure: Figure, axes: list[Axes], gids: list[str | None]) -> Axes:
    """Put the third panel, now logarithmic, in the place of the second, and return it."""
    grid = figure.add_gridspec(1, 2)
    for ax, gid, column in zip(axes, gids, (0, 1, 1), strict=True):
        ax.set_gid(gid)
        ax.set_subplotspec(grid[column])
    log = axes[2]
    log.lines[0].remove()  # the line at 0
    log.set(yscale="log", ylim=(LOWEST, 20 * log.get_ylim()[1]))
    return log


def _legend(figure: Figure, activation: Activation, zone: Array, style: Any, ncols: int) -> None:
    """Name what is drawn in both panels; `style` is that of the curve at the default α."""
    entries: list[Artist] = []
    if len(activation.alphas) > 1:
        entries.append(Line2D([], [], label=f"α = {as_text(activation.alpha)}, default", **style))
    entries.append(Line2D([], [], label="tangent", **TANGENT_LINE))
    entries.append(Line2D([], [], label="z = −10, 0, 10", **_CHECK))
    if np.isfinite(zone).any():
        entries.append(Patch(label="slope < 1% of largest", **_ZONE))
    if activation.kink is not None:
        entries.append(Line2D([], [], label="allowed at the kink", **BAR))
    figure.legend(handles=entries, loc="outside lower center", ncols=ncols, **_LEGEND)


def _readout(tables: _Tables, numerical: bool) -> dict[str, Array]:
    """Return the rows under the figure, each shaped (z, α)."""
    slopes = _texts(tables.slope.T)
    for at in np.flatnonzero(tables.activation.kink == POSITIONS):
        for k, sides in enumerate(tables.sides):
            if np.isfinite(sides).all():
                low, high = map(as_text, sorted(sides))
                slopes[at][k] += f" (convention; any value in [{low},\u00a0{high}])"
    rows = {"z": [[as_text(z)] for z in POSITIONS]}
    if len(tables.alphas) > 1:
        rows["α"] = [[as_text(alpha) for alpha in tables.alphas]]
    rows["a = g(z)"] = _texts(tables.a.T)
    rows["g′, numerical" if numerical else "g′ from z"] = slopes
    if tables.activation.from_a_formula:
        pairs = np.stack([tables.from_a(tables.a).T, tables.slope.T], axis=-1).tolist()
        rows["g′ from a"] = [[_compared(*pair) for pair in row] for row in pairs]
    return {name: np.array(texts) for name, texts in rows.items()}


def _texts(values: Array) -> list[list[str]]:
    return [[as_text(value, DIGITS) for value in row] for row in values.tolist()]


def _compared(from_a: float, slope: float) -> str:
    """Write g' from a, and how many of its digits are those of g' from z."""
    if math.isnan(from_a):
        return "a does not determine it"
    text = as_text(from_a, DIGITS)
    off = abs(from_a - slope)
    if off <= 1e-15 * abs(slope):
        return text
    agree = int(-math.log10(off / abs(slope))) if off < abs(slope) else 0
    return f"{text} ({agree or 'no'} digit{'s' * (agree > 1)} agree{'s' * (agree < 2)})"


def _label(tables: _Tables) -> str:
    activation, checks = tables.activation, (tables.home, _CHECKS)
    told = "; ".join(
        f"g({as_text(z)}) = {as_text(a, 10)}, slope {as_text(slope, 5)}"
        for z, a, slope in zip(CHECK_POINTS, tables.a[checks], tables.slope[checks], strict=True)
    )
    at = f" at α = {as_text(activation.alpha)}" if len(tables.alphas) > 1 else ""
    parts = [
        f"Left: {activation.name}, g(z), with its tangents, for z from −10 to 10.",
        f"Right: its derivative g′(z). Check points{at}: {told}.",
    ]
    if activation.kink is not None:
        parts.append("At the kink a bar between two markers spans the subgradients.")
    if np.isfinite(tables.zone[tables.home]).any():
        parts.append("Shaded: where the slope is below 1% of its largest.")
    return " ".join(parts)


def _still(tables: _Tables, titles: list[str]) -> Figure:
    """Draw at once what the sliders show one by one: some α, and the tangents at ±10 and 0."""
    figure, axes = panels(*titles, size=_SIZE)
    kink, home, alphas = tables.activation.kink, tables.home, np.array(tables.alphas)
    steps = np.linspace(min(alphas[0], 0), alphas[-1], 5)
    others = sorted({int(np.argmin(np.abs(alphas - step))) for step in steps} - {home})
    for ax, (style, x, curves, values) in zip(axes, tables.panels, strict=True):
        _frame(ax, curves)
        if tables.zone.size:
            ax.fill(*tables.zone[home].T, transform=ax.get_xaxis_transform(), **_ZONE)
        for k in others:
            ax.plot(x, curves[k], **_FAINT)
            apart = np.abs(values[[home, *others]] - values[k])
            clear = np.sort(apart, axis=0)[1] > 0.08 * np.ptp(ax.get_ylim())
            for at in (30, 100):  # z = −7, else z = 0: where the name meets no other curve
                if clear[at]:
                    place = POSITIONS[at], values[k, at]
                    ax.annotate(f"α = {as_text(alphas[k])}", place, (4, 0), va="center", **_NOTE)
                    break
        ax.plot(x, curves[home], **style)
        ax.plot(CHECK_POINTS, values[home, _CHECKS], **_CHECK)
    left, right = axes
    for at, side, aside in zip(_CHECKS, ("left", "right", "right"), (0, -8, 0), strict=True):
        z, a, slope = POSITIONS[at], tables.a[home, at], tables.slope[home, at]
        left.plot(*_tangent(left, z, a, slope), **TANGENT_LINE)
        right.annotate(as_text(slope, 5), (z, slope), (aside, 7), ha=side, **_NOTE)
    if kink is not None:
        right.plot([kink, kink], tables.sides[home], **BAR)
        right.plot([kink, kink], tables.sides[home], **_LIMIT)
    _legend(figure, tables.activation, tables.zone[home], G_LINE, ncols=5)
    return figure
