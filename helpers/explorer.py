"""Live plots that answer a learner's sliders: `explore` for z and α, `explore_secant` for z and h.

Python computes every position with the functions of this package before the first slider moves,
and `LivePlot` shows them. Nothing here asks for the name of a function.
"""

import contextlib
import math
import reprlib
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from numpy.typing import ArrayLike, NDArray

from helpers.activations import Activation
from helpers.checkpoints import as_text
from helpers.differences import central_difference
from helpers.figures import (
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
from helpers.liveplot import Choice, LivePlot, Slider

Array = NDArray[np.float64]

POSITIONS = np.arange(-100, 101) / 10  # of the z slider
CHECK_POINTS = np.array([-10.0, 0.0, 10.0])
START = 2.0  # z at first: no kink, and not the middle
FLAT = 0.01  # slopes below this share of the largest are shaded
LOWEST = 1e-18  # on the logarithmic axis

DIGITS = 16  # what float64 holds

_CHECKS = np.searchsorted(POSITIONS, CHECK_POINTS)
_CURVE = np.arange(-200, 201) / 20
_FINE = np.arange(-1000, 1001) / 100
_WIDTH = 21.0  # of the z axis: room for the markers at ±10
_POINT: Any = {**CLOSED, "color": GREEN, "markeredgecolor": "white", "markersize": 10, "zorder": 5}
_CHECK: Any = {**CLOSED, "markersize": 6, "zorder": 4}
_LIMIT: Any = {**OPEN, "markersize": 7, "zorder": 3.5}
_FAINT: Any = {"color": GRAY, "linewidth": 1.2, "alpha": 0.7}
_DOTTED: Any = {"color": "black", "linestyle": ":", "linewidth": 1.8}
_SECANT: Any = {"color": PURPLE, "linewidth": 1.8}
_BAR: Any = {"color": PURPLE, "linewidth": 5, "alpha": 0.45, "solid_capstyle": "butt"}
_ZONE: Any = {"facecolor": "#EAE6D8", "edgecolor": "none", "zorder": 0.5}
_BESIDE: Any = {"textcoords": "offset points", "fontsize": 9, "zorder": 6}
_SMALL: Any = {"frameon": False, "fontsize": 9, "handlelength": 2, "columnspacing": 1.2}
_WHITE: Any = {"bbox": {"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.85}}


@dataclass(frozen=True)
class Sentence:
    """Shown in place of a plot that cannot be drawn: the reason, in words."""

    text: str

    def __repr__(self) -> str:
        return self.text


class _RefusedError(Exception):
    """A function that cannot be explored; the message becomes a `Sentence`."""


def explore(
    activation: Activation | Callable[..., Any],
    derivative: Callable[..., Any] | None = None,
    alpha: float | Sequence[float] | None = None,
) -> LivePlot | Sentence:
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
    LivePlot or Sentence
        The plot or, where a function of your own fails, a sentence that says how.
    """
    try:
        if not isinstance(activation, Activation):
            return _plot(_own(activation, derivative, alpha), numerical=derivative is None)
        if derivative is not None or alpha is not None:
            raise _RefusedError("derivative and alpha go with a function of your own")
        return _plot(activation)
    except _RefusedError as error:
        return Sentence(f"Nothing to explore: {error}.")


def _along(x: ArrayLike, y: ArrayLike) -> Array:
    return np.stack(np.broadcast_arrays(x, y), axis=-1)


class _Tables:
    """An activation function at every α (first axis) and many z (last axis)."""

    def __init__(self, activation: Activation) -> None:
        g, derivative, kink = activation.g, activation.derivative, activation.kink
        self.activation = activation
        self.alphas = activation.alphas
        self.home = self.alphas.index(activation.alpha)
        self.x = _CURVE  # of g', which breaks off on both sides of a kink
        self.sides = np.full((len(self.alphas), 2), np.nan)  # its values there, where they differ
        if kink is not None:
            beside = np.nextafter(kink, [-np.inf, np.inf])
            pieces = _CURVE[kink > _CURVE], beside[:1], [np.nan], beside[1:], _CURVE[kink < _CURVE]
            self.x = np.concatenate(pieces)
            sides = self.at(derivative, beside)
            self.sides = np.where(sides[:, :1] == sides[:, 1:], np.nan, sides)
        self.a, self.slope = self.at(g, POSITIONS), self.at(derivative, POSITIONS)
        self.curve, self.slope_curve = self.at(g, _CURVE), self.at(derivative, self.x)
        largest = np.array([[activation.maximum_slope(alpha)] for alpha in self.alphas])
        self.zone = _zone(np.abs(self.at(derivative, _FINE)) < FLAT * largest)
        self.saturates = (
            kink is None and self.zone.size > 0 and bool((self.slope[self.home] >= 0).all())
        )

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
        x = _FINE[edges][:, [0, 0, 1, 1, 1]]
        corners.append(_along(x, [0, 1, 1, 0, np.nan]).reshape(-1, 2))
    zone = np.full((len(corners), max(map(len, corners)), 2), np.nan)
    for row, places in zip(zone, corners, strict=True):
        row[: len(places)] = places
    return zone


def _frame(ax: Axes, values: Array) -> None:
    """Set the axes' limits: those of all α, so that they stay while α changes."""
    shown = values[np.isfinite(values)]
    low, high = min(shown.min(), 0), max(shown.max(), 0)
    margin = 0.07 * (high - low) or 1
    ax.set(xlim=(-_WIDTH / 2, _WIDTH / 2), ylim=(low - margin, high + margin))


def _reach(ax: Axes, slope: ArrayLike) -> Array:
    """Return how far from z to draw tangents of about equal length."""
    low, high = ax.get_ylim()
    return np.asarray(5 / np.hypot(1, np.asarray(slope) * _WIDTH / (high - low)))


def _plot(activation: Activation, numerical: bool = False) -> LivePlot:
    tables = _Tables(activation)
    home, kink = tables.home, activation.kink
    several = len(tables.alphas) > 1
    titles = [f"{activation.name}: g(z)", f"its derivative g′(z){', numerical' * numerical}"]
    figure, axes = panels(*titles, *titles[1:] * tables.saturates, size=(7.2, 3.5))
    moves: dict[str, Array] = {}  # shaped (z, α, points, 2)

    def line(ax: Axes, gid: str, x: ArrayLike, y: ArrayLike, style: dict[str, Any]) -> None:
        ax.plot([0], [1], gid=gid, **style)
        moves[gid] = _along(x, y)

    z = POSITIONS[:, None, None]
    a, slope = tables.a.T[..., None], tables.slope.T[..., None]
    on_g = "g", G_LINE, _CURVE, tables.curve, a
    on_slope = SLOPE_LINE, tables.x, tables.slope_curve, slope
    contents = on_g, ("slope", *on_slope), ("log", *on_slope)
    for ax, (name, style, x, curves, values) in zip(axes, contents, strict=False):
        if tables.zone.size:
            ax.fill([0], [0], gid=f"{name}-zone", transform=ax.get_xaxis_transform(), **_ZONE)
            moves[f"{name}-zone"] = tables.zone[None]
        if several:
            ax.plot(x, curves[home], **_FAINT)
        line(ax, f"{name}-curve", x, curves[None], style)
        line(ax, f"{name}-checks", CHECK_POINTS, values[_CHECKS, :, 0].T[None], _CHECK)
        line(ax, f"{name}-point", z, values, _POINT)
        _frame(ax, curves)
    left, right = axes[:2]
    ends = _reach(left, slope) * [-1, 1]
    line(left, "g-tangent", z + ends, a + slope * ends, TANGENT_LINE)
    if kink is not None:
        line(right, "slope-bar", kink, tables.sides[None], _BAR)
        line(right, "slope-sides", kink, tables.sides[None], _LIMIT)
        larger = np.maximum(np.multiply.outer(tables.alphas, _CURVE), _CURVE)
        differs = larger != tables.curve
        if differs.any() and not differs[home].any():
            larger[~differs] = np.nan
            line(left, "g-maximum", _CURVE, larger[None], _DOTTED)
            left.text(0, 0, "max(αz, z)", fontsize=9, gid="g-maximum-name")
            place = np.where(differs.any(axis=1)[:, None], [-10.0, -3.0], np.nan)
            moves["g-maximum-name"] = place[None, :, None]

    controls: list[Slider | Choice] = [Slider("z", POSITIONS, START, jumps=tuple(CHECK_POINTS))]
    shown: dict[str, ArrayLike] = {}
    if several:
        controls.append(Slider("α", tables.alphas, activation.alpha))
    if tables.saturates:
        controls.append(Choice("g′ axis", ("linear", "logarithmic")))
        shown = {"slope-panel": [True, False], "log-panel": [False, True]}
        _overlay(figure, axes, [None, *shown])
        if activation.from_a_formula:
            from_a = tables.from_a(tables.curve)
            line(axes[2], "log-from-a", _CURVE, from_a[None], _DOTTED)
    _legend(figure, activation, tables.zone, _FAINT)

    def fit(array: Array, tail: int) -> Array:
        array = array if several else array.squeeze(1)
        return np.expand_dims(array, array.ndim - tail) if tables.saturates else array

    return LivePlot(
        figure,
        controls,
        {gid: fit(places, 2) for gid, places in moves.items()},
        shown=shown,
        readout={
            row: fit(texts, 0) for row, texts in _readout(activation, tables, numerical).items()
        },
        label=_label(activation, tables),
        still=_still(activation, tables, titles),
    )


def _overlay(figure: Figure, axes: list[Axes], gids: list[str | None]) -> None:
    """Put a third, logarithmic panel in the place of the second."""
    grid = figure.add_gridspec(1, 2)
    for ax, gid, column in zip(axes, gids, (0, 1, 1), strict=True):
        ax.set_gid(gid)
        ax.set_subplotspec(grid[column])
    log = axes[2]
    log.lines[0].remove()  # the line at 0
    log.set(yscale="log", ylim=(LOWEST, 20 * log.get_ylim()[1]))
    names = {"g′ from z": SLOPE_LINE, "g′ from a": _DOTTED}
    entries = [Line2D([], [], label=name, **style) for name, style in names.items()]
    log.legend(handles=entries, loc="lower center", **_SMALL)


def _legend(figure: Figure, activation: Activation, zone: Array, style: Any) -> None:
    """Name what is drawn in both panels; `style` is that of the curve at the default α."""
    entries: list[Artist] = []
    if len(activation.alphas) > 1:
        entries.append(Line2D([], [], label=f"α = {as_text(activation.alpha)}, default", **style))
    entries.append(Line2D([], [], label="tangent", **TANGENT_LINE))
    entries.append(Line2D([], [], label="z = −10, 0, 10", **_CHECK))
    if np.isfinite(zone).any():
        entries.append(Patch(label="slope < 1 % of largest", **_ZONE))
    if activation.kink is not None:
        entries.append(Line2D([], [], label="subgradients", **_BAR))
    figure.legend(handles=entries, loc="outside lower center", ncols=len(entries), **_SMALL)


def _readout(activation: Activation, tables: _Tables, numerical: bool) -> dict[str, Array]:
    """Return the rows under the figure, each shaped (z, α)."""
    slopes = _texts(tables.slope.T)
    for at in np.flatnonzero(activation.kink == POSITIONS):
        for k, sides in enumerate(tables.sides):
            if np.isfinite(sides).all():
                low, high = map(as_text, sorted(sides))
                slopes[at][k] += f" (convention; any value in [{low},\u00a0{high}])"
    rows = {"z": [[as_text(z)] for z in POSITIONS]}
    if len(tables.alphas) > 1:
        rows["α"] = [[as_text(alpha) for alpha in tables.alphas]]
    rows["a = g(z)"] = _texts(tables.a.T)
    rows["g′, numerical" if numerical else "g′ from z"] = slopes
    if activation.from_a_formula:
        from_a = tables.from_a(tables.a).T
        rows["g′ from a"] = [
            [_compared(*pair) for pair in zip(*row, strict=True)]
            for row in zip(from_a.tolist(), tables.slope.T.tolist(), strict=True)
        ]
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
    return f"{text} ({agree or 'no'} digit{'s' * (agree != 1)} agree{'s' * (agree < 2)})"


def _label(activation: Activation, tables: _Tables) -> str:
    checks = tables.a[tables.home, _CHECKS], tables.slope[tables.home, _CHECKS]
    told = "; ".join(
        f"g({as_text(z)}) = {as_text(a, 7)}, slope {as_text(slope, 5)}"
        for z, a, slope in zip(CHECK_POINTS, *checks, strict=True)
    )
    parts = [
        f"Left: {activation.name}, g(z), with its tangents. Right: its derivative g′(z). Both for",
        f"z from −10 to 10. At α = {as_text(activation.alpha)}:"
        if len(tables.alphas) > 1
        else "z from −10 to 10:",
        f"{told}.",
    ]
    if activation.kink is not None:
        parts.append("At the kink a bar between open markers spans the subgradients.")
    if tables.zone.size:
        parts.append("Shaded: where the slope is below 1 % of its largest.")
    return " ".join(parts)


def _still(activation: Activation, tables: _Tables, titles: list[str]) -> Figure:
    """Draw at once what the sliders show one by one: some α, and the tangents at ±10 and 0."""
    figure, axes = panels(*titles, size=(7.2, 3.5))
    home, alphas = tables.home, np.array(tables.alphas)
    steps = np.linspace(min(alphas[0], 0), alphas[-1], 5)
    others = sorted({int(np.argmin(np.abs(alphas - step))) for step in steps} - {home})
    a, slopes = tables.a[home, _CHECKS], tables.slope[home, _CHECKS]
    g_panel = _CURVE, tables.curve, a, G_LINE
    slope_panel = tables.x, tables.slope_curve, slopes, SLOPE_LINE
    for ax, (x, curves, checks, style) in zip(axes, (g_panel, slope_panel), strict=True):
        _frame(ax, curves)
        if tables.zone.size:
            ax.fill(*tables.zone[home].T, transform=ax.get_xaxis_transform(), **_ZONE)
        for k in others:
            ax.plot(x, curves[k], **_FAINT)
            apart = np.abs(np.delete(curves[[home, *others]], others.index(k) + 1, 0) - curves[k])
            _name_curve(ax, f"α = {as_text(alphas[k])}", x, curves[k], apart.min(axis=0))
        ax.plot(x, curves[home], **style)
        ax.plot(CHECK_POINTS, checks, **_CHECK)
    left, right = axes
    for z, value, slope, side in zip(
        CHECK_POINTS, a, slopes, ("left", "right", "right"), strict=True
    ):
        ends = _reach(left, slope) * np.array([-1, 1])
        left.plot(z + ends, value + slope * ends, **TANGENT_LINE)
        aside = -8 if z == 0 else 0
        right.annotate(as_text(slope, 5), (z, slope), (aside, 7), ha=side, **_BESIDE, **_WHITE)
    if activation.kink is not None:
        sides = [activation.kink] * 2, tables.sides[home]
        right.plot(*sides, **_BAR)
        right.plot(*sides, **_LIMIT)
    _legend(figure, activation, tables.zone[home], G_LINE)
    return figure


def _name_curve(ax: Axes, name: str, x: Array, y: Array, apart: Array) -> None:
    """Write a name onto a curve, left of the middle if it is apart from the others there."""
    room = 0.08 * np.ptp(ax.get_ylim())
    apart = np.where((np.abs(x) < 9) & np.isfinite(apart), apart, 0)
    at = int(np.argmin(np.abs(x + 7)))
    if apart[at] < room:
        at = int(np.argmax(apart))
    if apart[at] >= room:
        ax.annotate(name, (x[at], y[at]), (4, 0), va="center", **_BESIDE, **_WHITE)


def _own(
    g: Callable[..., Any],
    derivative: Callable[..., Any] | None,
    alpha: float | Sequence[float] | None,
) -> Activation:
    """Describe a learner's functions as an `Activation`, with calls that are watched."""
    for function in (g, derivative):
        if function is not None and not callable(function):
            raise _RefusedError(
                "explore takes one of ACTIVATIONS, or functions of z, not "
                f"{type(function).__name__}"
            )
    alphas = _alphas(alpha)
    watched = _watched(g, alpha is not None)
    if derivative is not None:
        slope = _watched(derivative, alpha is not None)
    else:

        def slope(z: Array, alpha: float) -> Array:
            return np.asarray(central_difference(lambda x: watched(x, alpha), z), dtype=float)

    return Activation(
        name=_name(g),
        g=watched,
        derivative=slope,
        derivative_from_a=slope,
        alpha=alphas[0],
        alphas=tuple(sorted(set(alphas))),
        maximum_slope=lambda alpha: float(np.nanmax(np.abs(slope(_FINE, alpha)), initial=0.0)),
        range=(-math.inf, math.inf),
        kink=None,
        formula="",
        derivative_formula="",
        from_a_formula="",
    )


def _alphas(alpha: float | Sequence[float] | None) -> list[float]:
    """Return the values of a slider for α, the default first."""
    try:
        values = np.atleast_1d(np.array(0.0 if alpha is None else alpha, dtype=float))
    except (TypeError, ValueError):
        values = np.array([])
    if values.ndim != 1 or not values.size or not np.isfinite(values).all():
        raise _RefusedError(f"alpha must be a number or several, not {alpha!r}")
    if alpha is not None and np.ndim(alpha) == 0:
        default = float(values[0])
        tenths = np.arange(-10, 11) / 10 if default == 0 else default * np.arange(1, 41) / 10
        return [default, *tenths.round(12).tolist()]
    return [float(value) for value in values]


def _name(function: Callable[..., Any]) -> str:
    name = getattr(function, "__name__", "")
    return name if name.isidentifier() else "your function"


def _watched(function: Callable[..., Any], with_alpha: bool) -> Callable[..., Array]:
    """Return the function, silenced, and refused where it fails or returns no array like z."""
    name = _name(function)

    def call(z: Any, alpha: float) -> Any:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            return function(z, alpha) if with_alpha else function(z)

    def takes_numbers(alpha: float) -> bool:
        try:
            call(-2.0, alpha)
            call(2.0, alpha)
        except Exception:
            return False
        return True

    def watched(z: Array, alpha: float) -> Array:
        try:
            values = np.asarray(call(z.copy(), alpha))
        except Exception as error:
            cause = f"{type(error).__name__}: {' '.join(str(error).split()).rstrip('.')}"
            if takes_numbers(alpha):
                cause += (
                    "; it takes one number but no array, which np.exp in place of math.exp and "
                    "np.where(z > 0, …, …) in place of if would cure"
                )
            raise _RefusedError(f"{name} raised {cause}") from error
        if values.dtype.kind not in "fiub":
            kinds = {"c": "complex numbers", "U": "text"}
            returned = kinds.get(values.dtype.kind, reprlib.repr(values[()]))
            raise _RefusedError(f"{name} returned {returned}, not real numbers")
        if values.shape != z.shape:
            raise _RefusedError(f"{name} returned shape {values.shape} for z of shape {z.shape}")
        return values.astype(float)

    return watched


def explore_secant() -> LivePlot:
    """Show how the secant of g(z) = z² through z and z + h becomes the tangent.

    Both slopes are found by hand: 2z + h is the secant's, 2z the tangent's.

    Returns
    -------
    LivePlot
        On the left the lines, on the right the error of the secant's slope over h: it falls with
        h until the rounding of g(z + h) − g(z) takes over.
    """
    z = np.arange(-20, 21) / 10
    h = np.array([float(f"{digit}e{power}") for power in range(-15, 1) for digit in (1, 2, 5)][:-1])
    at, ahead = z[:, None], z[:, None] + h
    secant = (ahead**2 - at**2) / h
    error = np.abs(secant - 2 * at)
    figure, (left, right) = _secant_panels(h)
    moves = {
        "tangent": _through(at, at**2, 2 * at),
        "secant": _through(at, at**2, secant),
        "at": _along(at, at**2)[:, :, None],
        "ahead": _along(ahead, ahead**2)[:, :, None],
        "error": _along(h, error[:, None]),
        "point": _along(h, error)[:, :, None],
    }
    left.plot([0], [1], gid="tangent", label="tangent", **TANGENT_LINE)
    left.plot([0], [1], gid="secant", label="secant", **_SECANT)
    left.plot([0], [1], gid="at", **_CHECK)
    left.plot([0], [1], gid="ahead", **_CHECK)
    left.legend(loc="upper center", **_SMALL)
    right.plot([1], [1], gid="error", **_SECANT)
    right.plot([1], [1], gid="point", **_POINT)
    texts = {
        "z": [[as_text(value)] for value in z],
        "h": [[as_text(value) for value in h]],
        "secant slope": _texts(secant),
        "tangent slope 2z": [[as_text(value)] for value in 2 * z],
        "error": [[as_text(value, 3) for value in row] for row in error.tolist()],
    }
    return LivePlot(
        figure,
        [
            Slider("z", z, 1.0, jumps=(-2, 0, 2)),
            Slider("h", h, 1.0, [as_text(value) for value in h], jumps=(1e-8, 1)),
        ],
        moves,
        readout={name: np.array(rows) for name, rows in texts.items()},
        label=(
            "Left: g(z) = z² with its tangent at z = 1, of slope 2, and secants through z and z + h, "
            "which turn into it as h shrinks. Right: the error of the secant's slope over h, both "
            "logarithmic: it falls with h down to about 1e−8, and rises again below."
        ),
        still=_secant_still(h, error[z == 1][0]),
    )


def _through(z: ArrayLike, a: ArrayLike, slope: ArrayLike) -> Array:
    """Return the ends of the lines of these slopes through the points (z, a)."""
    ends = np.array([-4.0, 5.0])
    slope = np.asarray(slope)[..., None]
    return _along(ends, np.asarray(a)[..., None] + slope * (ends - np.asarray(z)[..., None]))


def _secant_panels(h: Array) -> tuple[Figure, list[Axes]]:
    figure, axes = panels("g(z) = z²", "error of the secant's slope", size=(7.2, 3.5))
    left, right = axes
    left.plot(_CURVE, _CURVE**2, **G_LINE)
    left.set(xlim=(-3, 4.4), ylim=(-4, 17))
    right.lines[0].remove()  # the line at 0
    right.plot(h, h, label="error = h", **_DOTTED)
    right.set(xscale="log", yscale="log", xlim=(4e-16, 5), ylim=(4e-16, 20), xlabel="h")
    right.legend(loc="lower right", **_SMALL)
    return figure, axes


def _secant_still(h: Array, error: Array) -> Figure:
    """Draw the tangent at z = 1, three secants, and the error at z = 1."""
    figure, (left, right) = _secant_panels(h)
    left.plot(*_through(1, 1, 2).T, **TANGENT_LINE)
    for step, style in ((2, "-"), (1, "--"), (0.1, ":")):
        left.plot(
            *_through(1, 1, 2 + step).T, label=f"h = {step}", **{**_SECANT, "linestyle": style}
        )
        left.plot(1 + step, (1 + step) ** 2, **_CHECK)
    left.plot(1, 1, **_CHECK)
    left.legend(loc="upper center", **_SMALL)
    right.plot(h, error, **_SECANT)
    return figure
