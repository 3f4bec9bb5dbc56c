"""The four activation functions side by side: the pictures and live plots of notebook 05."""

from collections.abc import Mapping
from itertools import pairwise, product
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from helpers.activations import ACTIVATIONS, Activation
from helpers.live.liveplot import LivePlot, Slider
from helpers.pictures import functions as figures
from helpers.pictures.functions import BLUE, GREEN, PURPLE, VERMILION, Picture, panels
from helpers.text import as_text

Measured = Mapping[str, Mapping[str, ArrayLike]]
POSITIONS = np.arange(-50, 51) / 10
Z_SLIDER = Slider("z", POSITIONS, 2.0, jumps=(-5, 0, 5))
CHECKS = np.array([-2.0, 0.0, 2.0])  # where the stills show what the sliders would
LAYERS = np.arange(1.0, 51.0)

# What the poster says of each function: its slope, and what becomes of a gradient.
POSTER = {
    "sigmoid": (r"a\,(1 - a)", "✗ vanishes"),
    "tanh": ("1 - a^2", "✗ vanishes"),
    "relu": ("1$ if $z > 0$, else $0", "✓ passes   ✗ dies"),
    "leaky_relu": (r"1$ if $z > 0$, else $\alpha", "✓ passes   ✓ lives"),
}
POSTER_LEAK = 0.2  # large enough to be seen
POSTER_ALT = (
    "Four panels, g solid and g′ dashed. Sigmoid: g′ = a(1 − a), the gradient vanishes. Tanh: "
    "g′ = 1 − a², it vanishes. ReLU: g′ = 1 if z > 0, else 0; it passes or dies. Leaky ReLU: g′ = "
    "1 if z > 0, else α; it passes and lives. Below, the gradient travels back from the loss L of "
    "a small network: a hidden unit turns ∂L/∂a into ∂L/∂z = ∂L/∂a · g′(z)."
)

_POINT: dict[str, Any] = {"linestyle": "none", "markersize": 8, "markeredgecolor": "white"}
# Leaky ReLU's line is broad and its point hollow: ReLU's lie in them where the two agree.
_BROAD = {"color": (PURPLE, 0.35), "linewidth": 6, "solid_capstyle": "butt", "zorder": 1.5}
_HOLLOW = {"markersize": 11, "markeredgecolor": PURPLE}
_FUNCTIONS: dict[str, tuple[Activation, dict[str, Any], dict[str, Any]]] = {
    key: (ACTIVATIONS[key], line, _POINT | point)
    for key, line, point in (
        ("sigmoid", figures.G_LINE, {"color": BLUE, "marker": "o"}),
        ("tanh", figures.SLOPE_LINE, {"color": VERMILION, "marker": "s"}),
        ("relu", figures.TANGENT_LINE, {"color": GREEN, "marker": "^"}),
        ("leaky_relu", _BROAD, {"color": "none", "marker": "D", **_HOLLOW}),
    )
}


def compare() -> LivePlot:
    """Show the four g and the four g', with points that follow a slider for z."""
    figure, axes = _functions(3.6)
    moves: dict[str, ArrayLike] = {}
    readout: dict[str, ArrayLike] = {"z": [as_text(z) for z in POSITIONS]}
    for activation, _, point in _FUNCTIONS.values():
        values = activation.g(POSITIONS), activation.derivative(POSITIONS)
        for ax, y in zip(axes, values, strict=True):
            gid = f"point-{len(moves)}"
            ax.plot(0, 0, gid=gid, **point)
            moves[gid] = np.stack([POSITIONS, y], axis=-1)[:, None]
        rows = (f"a = {a:+.6f}\u2003g′ = {slope:.6f}" for a, slope in zip(*values, strict=True))
        readout[activation.name] = [row.replace("-", "−") for row in rows]
    still, label = _compare_still()
    return LivePlot(figure, [Z_SLIDER], moves, readout=readout, label=label, still=still)


def _functions(height: float) -> tuple[Figure, list[Axes]]:
    figure, axes = panels("g(z)", "g′(z)", size=(7.2, height))
    near = np.linspace(-5, 5, 201)
    for activation, line, _ in _FUNCTIONS.values():
        axes[0].plot(near, activation.g(near), label=activation.name, **line)
        for z in [near] if activation.kink is None else [near[near < 0], near[near > 0]]:
            axes[1].plot(z, activation.derivative(z), **line)
    axes[0].legend(loc="upper left", handlelength=3)
    return figure, axes


def _compare_still() -> tuple[Figure, str]:
    """Draw the points at each of `CHECKS`, with a table of their values; tell these."""
    figure, axes = _functions(5)
    columns = [f"{name}({as_text(z)})" for name in ("g", "g′") for z in CHECKS]
    table = [f"{'':10}" + "".join(f"{column:>10}" for column in columns)]
    for activation, _, point in _FUNCTIONS.values():
        values = activation.g(CHECKS), activation.derivative(CHECKS)
        for ax, y in zip(axes, values, strict=True):
            ax.plot(CHECKS, y, **point)
        texts = (as_text(value, 4) for y in values for value in y)
        table.append(f"{activation.name:10}" + "".join(f"{text:>10}" for text in texts))
    figure.set_layout_engine("constrained", rect=(0, 0.26, 1, 0.74))
    for k, row in enumerate(table):
        figure.text(0.09, 0.21 - 0.048 * k, row, family="DejaVu Sans Mono", fontsize=10)
    told = "The four g, left, and the four g′, right, for z from −5 to 5", *table
    return figure, ". ".join(" ".join(row.split()) for row in told)


def slope_powers() -> LivePlot:
    """Show g'(z) to the power n on a logarithmic axis, with sliders for z and n."""
    figure, axes = panels("g′(z) to the power n", size=(7.2, 3.6), scale="log")
    moves: dict[str, ArrayLike] = {}
    readout: dict[str, ArrayLike] = {}
    for key, (activation, line, point) in _FUNCTIONS.items():
        slopes = activation.derivative(POSITIONS)
        powers = slopes[:, None] ** LAYERS
        axes[0].plot(1, 1, gid=f"{key}-line", label=activation.name, **line)
        axes[0].plot(1, 1, gid=f"{key}-point", **point)
        places = np.stack(np.broadcast_arrays(LAYERS, powers), axis=-1)
        moves |= {f"{key}-line": places[:, None], f"{key}-point": places[:, :, None]}
        rows = zip([as_text(slope, 4) for slope in slopes], powers, strict=True)
        readout[activation.name] = [
            [f"{base} ^ {n:g} = {as_text(p, 3)}" for n, p in zip(LAYERS, row, strict=True)]
            for base, row in rows
        ]
    axes[0].set(xlim=(0, 51), ylim=(1e-40, 100), xlabel="number of layers n")
    figures.legend_below(figure)
    still, label = _slope_powers_still()
    sliders = Z_SLIDER, Slider("n", LAYERS, 10)
    return LivePlot(figure, sliders, moves, readout=readout, label=label, still=still)


def _slope_powers_still() -> tuple[Figure, str]:
    """Draw the powers at each of `CHECKS`, and tell them for n = 10."""
    figure, axes = panels(*(f"z = {as_text(z)}" for z in CHECKS), size=(7.2, 3.4), scale="log")
    told = ["g′(z) to the power n against n, on a logarithmic axis"]
    for ax, z in zip(axes, CHECKS, strict=True):
        for activation, line, _ in _FUNCTIONS.values():
            slope = activation.derivative(z)
            ax.plot(LAYERS, slope**LAYERS, label=activation.name, **line)
            if slope == 0:
                ax.text(2, 1e-39, f"{activation.name}: 0", fontsize=9)
            told.append(f"{activation.name} {as_text(slope**10, 2)} at z = {as_text(z)}, n = 10")
        ax.set(xlim=(0, 51), ylim=(1e-40, 100), xlabel="number of layers n")
    figures.legend_below(figure)
    return figure, "; ".join(told)


def by_layer(measured: Measured, what: str, limits: tuple[float, float]) -> Picture:
    """Draw what was measured in each layer: the median and the range of several seeds.

    `measured` has, for the title of each panel and keys of ``ACTIVATIONS``, arrays shaped (seeds,
    layers). `what` and `limits` belong to the vertical axes, logarithmic if both are positive.
    """
    scale = "log" if limits[0] > 0 else "linear"
    figure, axes = panels(*measured, size=(7.2, 3.6), scale=scale)
    told = [f"{what}, median and range of the seeds, from the first to the last layer"]
    for ax, (title, lines) in zip(axes, measured.items(), strict=True):
        for key, samples in lines.items():
            activation, line, _ = _FUNCTIONS[key]
            median = figures.draw_spread(ax, 1, samples, 0.2, label=activation.name, **line)
            first, last = as_text(median[0], 2), as_text(median[-1], 2)
            told.append(f"{title}, {activation.name}: {first} to {last}")
        ax.set(xlabel="layer", ylim=limits)
    axes[0].set_ylabel(what)
    figures.legend_below(figure)
    return Picture(figure, "; ".join(told))


def poster() -> Picture:
    """Draw the four functions with their slopes, and a gradient on its way through a network."""
    figure, (*axes, below) = panels(*POSTER, "", size=(7.2, 9.6))
    figure.set_dpi(75)
    figure.set_layout_engine("none")  # another version of Matplotlib would place the panels anew
    z = np.linspace(-4, 4, 161)
    for k, (ax, (key, activation)) in enumerate(zip(axes, ACTIVATIONS.items(), strict=True)):
        slope, effect = POSTER[key]
        alpha = POSTER_LEAK if key == "leaky_relu" else activation.alpha
        ax.plot(z, activation.g(z, alpha=alpha), **figures.G_LINE | {"linewidth": 3.5})
        figures.draw_slope(ax, activation, alpha)
        ax.set(xlim=(-4, 4), ylim=(-1.2, 2), xticks=(-4, 0, 4), yticks=(-1, 0, 1, 2))
        ax.set_title(activation.name, fontsize=18, fontweight="bold", pad=36)
        ax.text(0, 2.12, f"$g'(z) = {slope}$", fontsize=17, ha="center")
        ax.set_xlabel(effect, fontsize=17, fontweight="bold")
        ax.tick_params(labelsize=14)
        ax.set_position((0.06 + 0.5 * (k % 2), 0.696 - 0.384 * (k // 2), 0.425, 0.225))
    axes[0].text(2.6, 1.08, "g", color=BLUE, fontsize=18)
    axes[0].text(2.6, 0.2, "g′", color=VERMILION, fontsize=18)
    axes[3].text(-3.9, 0.33, f"α = {POSTER_LEAK}", color=VERMILION, fontsize=14)
    below.set_position((0.04, 0, 0.94, 0.24))
    _draw_network(below)
    return Picture(figure, POSTER_ALT)


def _draw_network(ax: Axes) -> None:
    """Draw inputs, hidden units, an output and the loss, and the gradient through one unit."""
    ax.axis("off")
    ax.lines[0].remove()  # the line at 0
    ax.set(xlim=(0, 10), ylim=(0.2, 5))
    layers = [(0.6, (2, 3.2, 4.4)), (4.4, (2, 3.2, 4.4)), (7.6, (3.2,))]
    for (x, ys), (next_x, next_ys) in pairwise(layers):
        for ends in product(ys, next_ys):
            ax.plot([x, next_x], ends, color="#AAAAAA", linewidth=1.5, zorder=1)
    for x, ys in layers:
        ax.plot([x] * len(ys), ys, **figures.OPEN | {"markersize": 30, "markeredgewidth": 2})
    arrow = {"arrowstyle": "-|>,head_width=.45,head_length=.9", "color": VERMILION, "lw": 3}
    for start, end in ((9.25, 7.98), (7.2, 4.78), (4, 0.98)):
        ax.annotate("", (end, 3.2), (start, 3.2), arrowprops=arrow)
    text: Any = {"ha": "center", "va": "center", "size": 18}
    label = text | {"color": VERMILION, "backgroundcolor": "white"}
    ax.text(2.5, 3.7, r"$\partial L / \partial z$", **label)
    ax.text(6.0, 3.7, r"$\partial L / \partial a$", **label)
    ax.text(4.4, 3.2, r"$\cdot\,g'$", **text)
    ax.text(9.5, 3.2, "$L$", **text | {"size": 24})
    rule = r"$\frac{\partial L}{\partial z} = \frac{\partial L}{\partial a} \cdot g'(z)$"
    ax.text(5, 0.8, rule, **text | {"size": 30})
