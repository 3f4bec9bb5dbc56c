"""One picture, moved by one slider in six ways; `slider_latency` runs each in a notebook's cell.

The picture: the sigmoid and its derivative, the tangent at z, and the point on both curves. Each
peer is written as its documentation suggests, with what makes it fast: artists made once where the
library allows it, and one message for all that moves.
"""

# mypy: disable-error-code="import-not-found, import-untyped, no-untyped-call, unused-ignore"
# (the peers need not be installed where types are checked)

from dataclasses import dataclass
from typing import Any

import numpy as np
from IPython.display import display
from ipywidgets import FloatSlider, HBox, Label, VBox, interact
from matplotlib.figure import Figure

from helpers import ACTIVATIONS, sigmoid, sigmoid_derivative
from helpers.pictures.explorer import explore

Z = np.linspace(-10, 10, 401)
CURVES = sigmoid(Z), sigmoid_derivative(Z)
SIZE = 9, 3.5  # inches


def _slider() -> FloatSlider:
    return FloatSlider(value=0, min=-10, max=10, step=0.1, description="z")


def _tangent(z: float) -> Any:
    return sigmoid(z) + sigmoid_derivative(z) * (Z - z)


def _heights(z: float) -> tuple[float, float]:
    return float(sigmoid(z)), float(sigmoid_derivative(z))


def _draw(figure: Figure, z: float) -> tuple[Any, list[Any]]:
    """Draw the picture; return the tangent and the points."""
    panels = figure.subplots(1, 2)
    for panel, curve in zip(panels, CURVES, strict=True):
        panel.plot(Z, curve)
        panel.set_ylim(-0.1 * max(curve), 1.1 * max(curve))
    (tangent,) = panels[0].plot(Z, _tangent(z))
    points = [panel.plot(z, y, "o")[0] for panel, y in zip(panels, _heights(z), strict=True)]
    return tangent, points


def liveplot() -> Any:
    """Return the course's own explorer, which shows more than the picture."""
    return explore(ACTIVATIONS["sigmoid"])


def redraw() -> None:
    """Draw anew at each move, in the kernel."""

    def show(z: float) -> None:
        figure = Figure(figsize=SIZE)
        _draw(figure, z)
        display(figure)

    interact(show, z=_slider())


def ipympl() -> Any:
    """Move the artists in the kernel, which sends pixels."""
    from ipympl.backend_nbagg import Canvas, FigureManager

    figure = Figure(figsize=SIZE)
    canvas = Canvas(figure)
    FigureManager(canvas, 0)
    slider = _slider()
    tangent, points = _draw(figure, slider.value)

    def move(change: Any) -> None:
        tangent.set_ydata(_tangent(change.new))
        for point, y in zip(points, _heights(change.new), strict=True):
            point.set_data([change.new], [y])
        canvas.draw_idle()

    slider.observe(move, "value")
    return VBox([slider, canvas])


def plotly() -> Any:
    """Tell the browser new data, which plotly draws."""
    from plotly.graph_objects import FigureWidget
    from plotly.subplots import make_subplots

    base = make_subplots(1, 2)
    slider = _slider()
    for column, (curve, y) in enumerate(zip(CURVES, _heights(slider.value), strict=True), 1):
        base.add_scatter(x=Z, y=curve, row=1, col=column)
        base.add_scatter(x=[slider.value], y=[y], mode="markers", row=1, col=column)
        base.update_yaxes(range=[-0.1 * max(curve), 1.1 * max(curve)], col=column)
    base.add_scatter(x=Z, y=_tangent(slider.value), row=1, col=1)
    figure = FigureWidget(base)
    _, left, _, right, tangent = figure.data

    def move(change: Any) -> None:
        with figure.batch_update():
            tangent.y = _tangent(change.new)
            for point, y in zip((left, right), _heights(change.new), strict=True):
                point.x, point.y = [change.new], [y]

    slider.observe(move, "value")
    return VBox([slider, figure])


def bqplot() -> Any:
    """Tell the browser new data, which bqplot draws."""
    from bqplot import Axis, LinearScale, Lines, Scatter
    from bqplot import Figure as Panel

    slider = _slider()
    panels, points = [], []
    for curve, y in zip(CURVES, _heights(slider.value), strict=True):
        high = float(max(curve))
        scales = {"x": LinearScale(), "y": LinearScale(min=-0.1 * high, max=1.1 * high)}
        axes = [Axis(scale=scales["x"]), Axis(scale=scales["y"], orientation="vertical")]
        points.append(Scatter(x=[slider.value], y=[y], scales=scales))
        marks = [Lines(x=Z, y=curve, scales=scales), points[-1]]
        panels.append(Panel(marks=marks, axes=axes))
    tangent = Lines(x=Z, y=_tangent(slider.value), scales=panels[0].marks[0].scales)
    panels[0].marks = [*panels[0].marks, tangent]

    def move(change: Any) -> None:
        tangent.y = _tangent(change.new)
        for point, y in zip(points, _heights(change.new), strict=True):
            with point.hold_sync():
                point.x, point.y = [change.new], [y]

    slider.observe(move, "value")
    return VBox([slider, HBox(panels)])


def echo() -> Any:
    """Let the kernel write the number back: the least that any way through it takes."""
    slider = _slider()
    label = Label("0")
    slider.observe(lambda change: setattr(label, "value", f"{change.new:.1f}"), "value")
    return VBox([slider, label])


@dataclass(frozen=True)
class Peer:
    """A way to move the picture.

    Attributes
    ----------
    name
        What the table calls it, and what makes it: a function of this module.
    what
        What it does.
    parts
        What moves in its output: CSS selectors, each with the attribute that tells where it is.
        All of them must have changed for the picture to be new.
    """

    name: str
    what: str
    parts: tuple[tuple[str, str], ...]


PEERS = (
    Peer(
        "liveplot",
        "this course",
        (
            ('[id$="-g-tangent"] path', "d"),
            ('[id$="-slope-point"] use', "x"),
            (".liveplot-readout", "text"),
        ),
    ),
    Peer("redraw", "`interact`, drawn anew by Matplotlib", ((".jp-OutputArea img", "src"),)),
    Peer(
        "ipympl", "ipympl, artists moved", ((".jupyter-matplotlib canvas:first-child", "pixels"),)
    ),
    Peer(
        "plotly",
        "plotly `FigureWidget`",
        ((".trace:last-child .js-line", "d"), (".points .point", "transform")),
    ),
    Peer("bqplot", "bqplot", ((".lines path.line", "d"), (".object_grp", "transform"))),
    Peer("echo", "a kernel that only echoes the number", ((".widget-label:last-child", "text"),)),
)
