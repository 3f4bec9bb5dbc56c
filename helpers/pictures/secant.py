"""How a secant becomes the tangent: the live plot of notebook 00."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from helpers.live.liveplot import LivePlot, Slider
from helpers.pictures.explorer import (
    _CHECK,
    _CURVE,
    _DOTTED,
    _LEGEND,
    _POINT,
    _SECANT,
    _SIZE,
    _draw,
    _texts,
)
from helpers.pictures.functions import G_LINE, TANGENT_LINE, panels
from helpers.text import as_text

Array = NDArray[np.float64]


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
    moves: dict[str, Array] = {}  # shaped (z, h, points, 2)
    _draw(moves, left, "tangent", *_through(at, at**2, 2 * at), TANGENT_LINE | {"label": "tangent"})
    _draw(moves, left, "secant", *_through(at, at**2, secant), _SECANT | {"label": "secant"})
    _draw(moves, left, "at", at[..., None], at[..., None] ** 2, _CHECK)
    _draw(moves, left, "ahead", ahead[..., None], ahead[..., None] ** 2, _CHECK)
    _draw(moves, right, "error", h, error[:, None], _SECANT)
    _draw(moves, right, "point", h[:, None], error[..., None], _POINT)
    left.legend(loc="upper center", **_LEGEND)
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
            "Left: g(z) = z² with its tangent at z = 1, of slope 2, and secants through z "
            "and z + h, which turn into it as h shrinks. Right: the error of the secant's slope "
            "over h, both logarithmic: it falls with h down to about 1e−8, and rises again below."
        ),
        still=_secant_still(h, error[z == 1][0]),
    )


def _through(z: ArrayLike, a: ArrayLike, slope: ArrayLike) -> tuple[Array, Array]:
    """Return x and y of the ends of the lines of these slopes through the points (z, a)."""
    ends = np.array([-4.0, 5.0])
    z, a, slope = (np.asarray(array)[..., None] for array in (z, a, slope))
    return ends, a + slope * (ends - z)


def _secant_panels(h: Array) -> tuple[Figure, list[Axes]]:
    figure, axes = panels("g(z) = z²", "error of the secant's slope", size=_SIZE)
    left, right = axes
    left.plot(_CURVE, _CURVE**2, **G_LINE)
    left.set(xlim=(-3, 4.4), ylim=(-4, 17))
    right.lines[0].remove()  # the line at 0
    right.plot(h, h, label="error = h", **_DOTTED)
    right.set(xscale="log", yscale="log", xlim=(4e-16, 5), ylim=(4e-16, 20), xlabel="h")
    right.legend(loc="lower right", **_LEGEND)
    return figure, axes


def _secant_still(h: Array, error: Array) -> Figure:
    """Draw the tangent at z = 1, three secants, and the error at z = 1."""
    figure, (left, right) = _secant_panels(h)
    left.plot(*_through(1, 1, 2), **TANGENT_LINE)
    for step, style in ((2, "-"), (1, "--"), (0.1, ":")):
        left.plot(*_through(1, 1, 2 + step), label=f"h = {step}", **{**_SECANT, "linestyle": style})
        left.plot(1 + step, (1 + step) ** 2, **_CHECK)
    left.plot(1, 1, **_CHECK)
    left.legend(loc="upper center", **_LEGEND)
    right.plot(h, error, **_SECANT)
    return figure
