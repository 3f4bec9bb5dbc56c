"""Pictures of networks that learn, and the progress bar while they do: for notebook 06."""

import html
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
from IPython.display import display
from ipywidgets import IntProgress  # type: ignore[import-untyped]
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from helpers.activations import ACTIVATIONS, sigmoid
from helpers.live.liveplot import LivePlot, Slider
from helpers.network import Epoch, Network
from helpers.pictures import functions as figures
from helpers.pictures.functions import BLUE, GREEN, PURPLE, VERMILION, Picture, panels
from helpers.text import as_percent, as_text

T = TypeVar("T")

# Of the lines in a picture, in their order.
_LINE = {"linewidth": 2, "markersize": 7}
_LINES: tuple[dict[str, Any], ...] = (
    {**_LINE, "color": BLUE, "linestyle": "-", "marker": "o"},
    {**_LINE, "color": VERMILION, "linestyle": (0, (6, 2)), "marker": "s"},
    {**_LINE, "color": GREEN, "linestyle": (0, (5, 1.5, 1, 1.5)), "marker": "^"},
    {**_LINE, "color": PURPLE, "linestyle": (0, (1, 1.5)), "marker": "D"},
)
_CLASSES: tuple[dict[str, Any], ...] = (
    {"marker": "o", "facecolors": "none", "edgecolors": BLUE, "s": 14, "linewidths": 1.1},
    {"marker": "x", "color": VERMILION, "s": 14, "linewidths": 1.1},
)


def _names(keys: Iterable[str]) -> list[str]:
    return [ACTIVATIONS[key].name if key in ACTIVATIONS else key for key in keys]


def _styled(lines: Mapping[str, T]) -> Iterator[tuple[str, T, dict[str, Any]]]:
    """Return the name of each line in a panel, what it shows, and its style."""
    if len(lines) > len(_LINES):
        raise ValueError(f"a panel has at most {len(_LINES)} lines; got {', '.join(lines)}")
    return zip(_names(lines), lines.values(), _LINES, strict=False)


def _panels(titles: Iterable[str], height: float, scale: str = "log") -> tuple[Figure, list[Axes]]:
    """Return panels whose vertical scale is the same, so that only the first spells it out."""
    figure, axes = panels(*_names(titles), size=(6.2, height), scale=scale)
    figure.set_dpi(80)  # the notebook has many pictures, and may have 500 KB
    for ax in axes:
        ax.minorticks_off()
        ax.tick_params(axis="y", labelleft=ax is axes[0])
    return figure, axes


class _Bar(IntProgress):  # type: ignore[misc]
    """A bar that, where no widget runs, leaves a sentence of what was done."""

    def __init__(self, total: int, what: str) -> None:
        super().__init__(max=total)
        self.layout.width, self.style.description_width = "min(30em, 100%)", "14em"
        self._what = what
        self._told = f"{total} {what}."
        self.advance(0)

    def advance(self, by: int = 1) -> None:
        self.value += by
        self.description = f"{self.value} of {self.max} {self._what}"

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        told = {"text/plain": self._told, "text/html": f"<p>{html.escape(self._told)}</p>"}
        return {**super()._repr_mimebundle_(**kwargs), **told}


def with_progress_bar(items: Iterable[T], what: str) -> Iterator[T]:
    """Yield each of `items`, and show how many are done; `what` is what happens to them.

    Where no widget runs, on GitHub for example, the output is a sentence: ``20 networks trained.``
    """
    listed = list(items)
    bar = _Bar(len(listed), what)
    display(bar)  # type: ignore[no-untyped-call]
    for item in listed:
        yield item
        bar.advance()


def loss_curves(measured: Mapping[str, Mapping[str, ArrayLike]]) -> Picture:
    """Draw the loss against the epoch: the median of several seeds, and their range as a band.

    `measured` has, for each panel's title and each line's name, an array (seeds, epochs). Here, as
    in all these pictures, a panel has at most four lines, and keys of `ACTIVATIONS` are replaced by
    names.
    """
    figure, axes = _panels(measured, height=3)
    told = "Loss against the epoch, logarithmic, median and range of the seeds."
    for ax, lines in zip(axes, measured.values(), strict=True):
        ends = []
        for name, losses, line in _styled(lines):
            every = max(1, np.shape(losses)[1] // 5)
            median = figures.draw_spread(ax, 0, losses, 0.18, label=name, markevery=every, **line)
            ends.append(f"{name} from {as_text(median[0], 1)} to {as_text(median[-1], 1)}")
        told += f" {ax.get_title()}: {', '.join(ends)}."
        ax.axhline(np.log(2), color="black", linestyle=":", linewidth=1.2)
        ax.set(xlabel="epoch", ylim=(0.02, 2))
        ax.set_yticks([0.03, 0.1, 0.3, 1], ["0.03", "0.1", "0.3", "1"])
    axes[0].set_ylabel("loss (dotted: guessing)")
    figures.legend_below(figure, handlelength=3.5)
    return Picture(figure, told)


def decision_boundaries(
    networks: Mapping[str, Network], x: NDArray[np.float64], y: NDArray[np.float64]
) -> Picture:
    """Draw where each network says class 1, and the points it was trained on."""
    figure, axes = _panels(networks, height=2.1, scale="linear")
    edge = 1.1 * float(np.abs(x).max())
    line = np.linspace(-edge, edge, 121)
    plane = np.stack([grid.ravel() for grid in np.meshgrid(line, line)])
    told = []
    for ax, network in zip(axes, networks.values(), strict=True):
        p = sigmoid(network.forward(plane)[0][-1][0]).reshape(line.size, line.size)
        ax.contourf(line, line, p, [0, 0.5, 1], colors=["#DCEBF5", "#FBE3D3"])
        ax.contour(line, line, p, [0.5], colors="black", linewidths=1.2)
        for label, marker in enumerate(_CLASSES):
            ax.scatter(*x[:, y == label], **marker)
        right = int(np.sum((network.forward(x)[0][-1][0] > 0) == y))
        told.append(f"{ax.get_title()} {right}")
        ax.set(xlabel=f"{right} of {y.size} right", aspect="equal", xticks=[], yticks=[])
        ax.grid(visible=False)
        ax.lines[0].remove()  # the line at 0
    return Picture(
        figure,
        "Points on the two arms of a spiral, circles and crosses, and the boundary that each "
        f"network draws between them. Of {y.size} on the right side: {', '.join(told)}.",
    )


def epochs_needed(measured: Mapping[str, Mapping[str, Sequence[int | None]]], most: int) -> Picture:
    """Draw how many epochs each seed took, and those that did not get there within `most`.

    `measured` has, for each panel's title and each line's name, the epochs of each seed.
    """
    figure, axes = _panels(measured, height=3)
    told = []
    for ax, lines in zip(axes, measured.values(), strict=True):
        for k, (name, epochs, line) in enumerate(_styled(lines)):
            heights = [2 * most if n is None else n for n in epochs]
            spread = k + np.linspace(-0.2, 0.2, len(epochs))
            ax.plot(spread, heights, **line | {"linestyle": "none"})
            there = sorted(n for n in epochs if n is not None)
            span = f"{there[0]} to {there[-1]}" if there else "none"
            told.append(f"{ax.get_title()}, {name}: {span}")
        ax.axhline(most, color="black", linestyle=":", linewidth=1.2)
        ax.set(xlabel="", ylim=(8, 4 * most), xlim=(-0.6, len(lines) - 0.4))
        ax.set_xticks(range(len(lines)), _names(lines), rotation=30, ha="right")
    axes[0].set_ylabel("epochs")
    axes[0].annotate(f"not within {most}", (-0.5, most), (0, 4), textcoords="offset points")
    return Picture(figure, f"Epochs needed, one marker a seed. {'; '.join(told)}.")


def gradient_by_layer(histories: Mapping[str, Sequence[Epoch]], stills: Sequence[int]) -> LivePlot:
    """Show the size of the gradient in each layer, with a slider for the epoch.

    `histories` has for each of at most four networks what `train` yielded, all equally deep. Where
    no widget runs, a picture shows the epochs `stills`.
    """
    epochs = range(min(map(len, histories.values())))
    # (networks, epochs, layers)
    sizes = np.array([[run[n].gradient for n in epochs] for run in histories.values()])
    layers = np.broadcast_to(np.arange(1.0, sizes.shape[2] + 1), sizes.shape)
    moves = np.stack([layers, sizes], axis=-1)
    readout = {
        name: [
            f"loss {as_text(run[n].loss, 3)}, {as_percent(run[n].accuracy)} right" for n in epochs
        ]
        for name, run, _ in _styled(histories)
    }
    figure, _ = _gradient_panels(list(histories), sizes, {"size of ∂L/∂w": 0})
    still, told = _gradient_panels(list(histories), sizes, {f"epoch {n}": n for n in stills})
    return LivePlot(
        figure,
        [Slider("epoch", list(epochs), 0)],
        {f"line-{k}": places for k, places in enumerate(moves)},
        readout=readout,
        label=f"Root mean square of ∂L/∂w in each layer, on a logarithmic axis. {told}",
        still=still,
    )


def _gradient_panels(
    keys: Sequence[str], sizes: NDArray[np.float64], shown: Mapping[str, int]
) -> tuple[Figure, str]:
    """Draw a panel for each of the epochs `shown`, and tell its first and last layer."""
    figure, axes = _panels(shown, height=3.2)
    told = []
    for ax, n in zip(axes, shown.values(), strict=True):
        lines = dict(zip(keys, sizes[:, n], strict=True))
        for k, (name, size, line) in enumerate(_styled(lines)):
            gid = f"line-{k}" if len(axes) == 1 else None
            ax.plot(np.arange(1, size.size + 1), size, gid=gid, label=name, **line)
            ends = f"{as_text(size[0], 1)} and {as_text(size[-1], 1)}"
            told.append(f"{ax.get_title()}, {name}: {ends}")
        ax.set(xlabel="layer", xticks=range(1, size.size + 1))
        ax.set_ylim(sizes[sizes > 0].min() / 2, 2 * sizes.max())
    axes[0].set_ylabel("size of ∂L/∂w")
    figures.legend_below(figure, handlelength=3.5)
    return figure, f"In the first and last layer: {'; '.join(told)}."
