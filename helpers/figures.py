"""The still pictures of the course, drawn by Matplotlib in one style.

Colors are Okabe and Ito's, safe for color-blind readers; line style and a label always say the
same as the color.
"""

from dataclasses import dataclass
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from helpers.liveplot import Bundle, still_bundle

BLUE, VERMILION, GREEN, PURPLE, GRAY = "#0072B2", "#D55E00", "#009E73", "#8C3A74", "#6E6E6E"
G_LINE = {"color": BLUE, "linestyle": "-", "linewidth": 2.2}
SLOPE_LINE = {"color": VERMILION, "linestyle": (0, (6, 2)), "linewidth": 2.2}
TANGENT_LINE = {"color": GREEN, "linestyle": (0, (5, 1.5, 1, 1.5)), "linewidth": 2.2}
CLOSED = {"marker": "o", "markersize": 8, "linestyle": "none", "color": "black"}
OPEN = {**CLOSED, "markerfacecolor": "white", "markeredgewidth": 1.6}

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


def panels(*titles: str, size: tuple[float, float] = (7.2, 3.1)) -> tuple[Figure, list[Axes]]:
    """Return an empty figure in the course's style, and its axes: one a title, side by side.

    Parameters
    ----------
    *titles : str
        What stands above each panel.
    size : tuple of float, default (7.2, 3.1)
        Width and height in inches.
    """
    with matplotlib.rc_context(_STYLE):
        figure = Figure(figsize=size)
        axes = list(figure.subplots(1, len(titles), squeeze=False)[0])
        for ax, title in zip(axes, titles, strict=True):
            ax.set_title(title)
            ax.set_xlabel("z")
            ax.axhline(0, color="black", linewidth=0.8)
    return figure, axes
