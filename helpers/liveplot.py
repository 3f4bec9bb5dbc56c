"""A Matplotlib figure whose artists follow sliders in the browser, with no kernel in the loop.

Matplotlib draws the figure once. Python tells beforehand where each moving artist is at every
position of the controls, and the browser (``liveplot.js``) looks it up and moves what was drawn.
So a slider feels the same with the kernel busy, far away, shut down, or on a page without one.
"""

from __future__ import annotations

import base64
import io
import json
import math
import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anywidget
import matplotlib
import numpy as np
import traitlets
from matplotlib import colors
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon
from matplotlib.text import Text
from numpy.typing import ArrayLike, NDArray

Bundle = tuple[dict[str, Any], dict[str, Any]]

_UNITS = 64  # coordinates travel as integers, in 64ths of an SVG unit: at most 0.008 units off
_GAP = np.iinfo(np.int32).min  # stands for nan
_ANCHORS = {"left": "start", "center": "middle", "right": "end"}
# How far the baseline lies below a text's anchor, in font sizes: DejaVu Sans' own metrics.
_BASELINES = {"top": 0.76, "center": 0.276, "center_baseline": 0.276, "bottom": -0.208}


@dataclass(frozen=True, eq=False)
class Slider:
    """A control that chooses one of many numbers.

    Parameters
    ----------
    name
        What it is called, on the page and in `LivePlot.move`.
    values
        The numbers to choose from, strictly increasing.
    start
        The number it starts at: one of `values`.
    texts
        How each value is written; by default with as many decimals as tell them apart.
    jumps
        Values that get a button of their own.
    """

    name: str
    values: Sequence[float] | NDArray[np.float64]
    start: float
    texts: Sequence[str] = ()
    jumps: Sequence[float] = ()

    def __post_init__(self) -> None:
        values = np.array(self.values, dtype=float)
        if values.ndim != 1 or not values.size or not np.isfinite(values).all():
            raise ValueError(
                f"slider {self.name!r} needs a one-dimensional array of finite values, "
                f"not one of shape {values.shape}: {self.values}"
            )
        if not (np.diff(values) > 0).all():
            raise ValueError(f"the values of slider {self.name!r} must increase: {self.values}")
        texts = tuple(self.texts) or _number_texts(values)
        if len(texts) != values.size:
            raise ValueError(f"slider {self.name!r}: {values.size} values but {len(texts)} texts")
        object.__setattr__(self, "values", values)
        object.__setattr__(self, "texts", texts)
        for value in (self.start, *self.jumps):
            self.index(value)

    def index(self, value: float) -> int:
        """Return which of `values` this is, within rounding; `ValueError` when it is none."""
        values = np.asarray(self.values)
        nearest = int(np.argmin(np.abs(values - value)))
        steps = np.diff(values)[max(nearest - 1, 0) : nearest + 1]
        if not abs(values[nearest] - value) <= 1e-6 * min(steps, default=abs(values[nearest])):
            raise ValueError(
                f"{value} is not one of the {values.size} values of slider {self.name!r}, "
                f"{self.texts[0]} to {self.texts[-1]}"
            )
        return nearest


@dataclass(frozen=True, eq=False)
class Choice:
    """A control that chooses one of a few named options.

    Parameters
    ----------
    name
        What it is called, on the page and in `LivePlot.move`.
    texts
        The options, all different.
    start
        The option it starts at; by default the first.
    """

    name: str
    texts: Sequence[str]
    start: str = ""

    def __post_init__(self) -> None:
        if not self.texts or len(set(self.texts)) != len(self.texts):
            raise ValueError(f"choice {self.name!r} needs options that differ: {self.texts}")
        object.__setattr__(self, "start", self.start or self.texts[0])
        self.index(self.start)

    def index(self, value: str) -> int:
        """Return which of `texts` this is; `ValueError` when it is none."""
        if value not in self.texts:
            raise ValueError(f"{value!r} is not an option of {self.name!r}: {list(self.texts)}")
        return self.texts.index(value)


class LivePlot(anywidget.AnyWidget):
    """A figure whose lines, markers, filled areas and texts follow controls in the browser.

    Every array below is indexed by the positions of the controls, in their order, and broadcasts:
    a curve that depends on the second of two sliders alone is shaped ``(1, n2, points, 2)``.

    Parameters
    ----------
    figure
        A figure made without pyplot, whose moving artists have a ``gid``. LivePlot fixes its
        layout and moves its artists to where they are at the start.
    controls
        Sliders and choices.
    moves
        For the gid of a line, marker, polygon or text, where it is: ``(…, points, 2)``, in the
        artist's own coordinates (for most, the data's). nan, or what a logarithmic axis cannot
        show, is a gap. What lies outside the axes is clipped as Matplotlib clips it.
    texts
        For the gid of a text, what it says: plain strings, no mathtext.
    shown
        For the gid of any artist or Axes, whether it is shown: bool.
    readout
        Rows under the figure: for each label the strings that stand beside it.
    label
        What the figure shows, in a sentence or two: its alternative text.
    still
        The figure to show where no widget runs; by default `figure`, at the start.

    Raises
    ------
    ValueError
        When no artist, or more than one, has such a gid, or it is of a kind that cannot move;
        when an array does not match the controls.
    """

    _esm = Path(__file__).with_name("liveplot.js")
    _css = Path(__file__).with_name("liveplot.css")
    data = traitlets.Bytes().tag(sync=True)
    # The browser is ahead of the kernel: an echo of an older position would pull a slider back.
    position = traitlets.List(traitlets.Int()).tag(sync=True, echo_update=False)

    def __init__(
        self,
        figure: Figure,
        controls: Sequence[Slider | Choice],
        moves: Mapping[str, ArrayLike] | None = None,
        texts: Mapping[str, ArrayLike] | None = None,
        shown: Mapping[str, ArrayLike] | None = None,
        readout: Mapping[str, ArrayLike] | None = None,
        *,
        label: str,
        still: Figure | None = None,
    ) -> None:
        self._controls = {control.name: control for control in controls}
        if len(self._controls) != len(controls):
            raise ValueError(f"the controls' names must differ: {[c.name for c in controls]}")
        self._label = " ".join(label.split())
        self._still = still or figure
        data = _pack(
            figure, controls, moves or {}, texts or {}, shown or {}, readout or {}, self._label
        )
        start = [control.index(control.start) for control in controls]  # type: ignore[arg-type]
        super().__init__(data=zlib.compress(data), position=start)

    @traitlets.validate("position")
    def _check_position(self, proposal: Any) -> list[int]:
        position: list[int] = proposal["value"]
        sizes = [len(control.texts) for control in self._controls.values()]
        if len(position) != len(sizes) or not all(
            0 <= at < size for at, size in zip(position, sizes, strict=True)
        ):
            raise traitlets.TraitError(f"position {position} is outside the controls' {sizes}")
        return position

    @property
    def values(self) -> dict[str, float | str]:
        """Where the controls are: by name, a slider's number or a choice's option."""
        return {
            name: control.texts[at] if isinstance(control, Choice) else float(control.values[at])
            for (name, control), at in zip(self._controls.items(), self.position, strict=True)
        }

    def move(self, values: Mapping[str, Any] | None = None, /, **named: Any) -> None:
        """Move controls, by name, to values they have; the others stay.

        Raises
        ------
        ValueError
            When no control has that name, or the control has no such value.
        """
        position = dict(zip(self._controls, self.position, strict=True))
        for name, value in {**(values or {}), **named}.items():
            if name not in self._controls:
                raise ValueError(f"no control is called {name!r}; there are {list(self._controls)}")
            position[name] = self._controls[name].index(value)
        self.position = list(position.values())

    def __repr__(self) -> str:
        return f"LivePlot({self._label!r})"

    def _repr_mimebundle_(self, **kwargs: Any) -> Bundle:
        data, metadata = super()._repr_mimebundle_(**kwargs) or ({}, {})
        still_data, still_metadata = still_bundle(self._still, self._label)
        return data | still_data, metadata | still_metadata


def still_bundle(figure: Figure, alt: str) -> Bundle:
    """Return the output bundle of a picture and its metadata: a sharp PNG and a line of text.

    The same figure gives the same bytes. Nothing here outranks the picture, as text/html would.
    """
    buffer = io.BytesIO()
    with matplotlib.rc_context({"savefig.bbox": "standard"}):
        figure.savefig(
            buffer,
            format="png",
            dpi=2 * figure.dpi,
            facecolor="white",
            metadata={"Software": None},
        )
    width, height = (round(inches * figure.dpi) for inches in figure.get_size_inches())
    png = base64.b64encode(buffer.getvalue()).decode("ascii")
    return (
        {"image/png": png, "text/plain": alt},
        {"image/png": {"width": width, "height": height, "alt": alt}},
    )


def _number_texts(values: NDArray[np.float64]) -> tuple[str, ...]:
    for decimals in range(7):
        rounded = np.round(values, decimals) + 0.0  # adding 0.0 turns −0.0 into 0.0
        if np.allclose(rounded, values, rtol=0, atol=1e-9):
            texts = [f"{value:.{decimals}f}" for value in rounded]
            break
    else:
        texts = [f"{value:.4g}" for value in values]
    return tuple(text.replace("-", "−") for text in texts)


def _pack(
    figure: Figure,
    controls: Sequence[Slider | Choice],
    moves: Mapping[str, ArrayLike],
    texts: Mapping[str, ArrayLike],
    shown: Mapping[str, ArrayLike],
    readout: Mapping[str, ArrayLike],
    label: str,
) -> bytes:
    """Return all that the browser needs: a JSON header, a line feed, and the coordinates."""
    artists = _artists(figure, {**moves, **texts, **shown})
    for gid in {**moves, **texts}:
        if not isinstance(artists[gid], Text if gid in texts else (Line2D, Polygon, Text)):
            can = "only a Text changes" if gid in texts else "only a Line2D, Polygon or Text moves"
            raise ValueError(f"artist {gid!r} is a {type(artists[gid]).__name__}: {can}")
    # The browser draws a text that changes anew, so it must be told where, even if it rests.
    rests = {gid: [artists[gid].get_position()] for gid in texts if gid not in moves}
    shape = tuple(len(control.texts) for control in controls)
    places = {gid: _fit(gid, array, shape, "iuf") for gid, array in {**rests, **moves}.items()}
    contents = {gid: _fit(gid, array, shape, "U") for gid, array in texts.items()}
    visible = {gid: _fit(gid, array, shape, "b") for gid, array in shown.items()}
    rows = {name: _fit(name, array, shape, "U") for name, array in readout.items()}

    figure.draw_without_rendering()  # settles limits and layout before anything is measured
    figure.set_layout_engine("none")
    middles = {gid: _middle(artists[gid]) for gid in places}
    for gid, middle in middles.items():
        _place(artists[gid], middle)  # in sight, or Matplotlib leaves it out of the SVG
    for gid in contents:
        artists[gid].set(text="x", parse_math=False)
    for gid in visible:
        artists[gid].set_visible(True)
    svg = _svg(figure)
    for gid in artists:
        if svg.count(f' id="{gid}"') != 1:
            raise ValueError(
                f"artist {gid!r} is not drawn just once: is it visible, its gid plain?"
            )

    paths = {}
    for gid, array in places.items():
        paths[gid] = _to_svg(artists[gid], array)
        if isinstance(artists[gid], Text) and gid not in contents:
            paths[gid] -= _to_svg(artists[gid], middles[gid])  # its glyphs are shifted
    start = [control.index(control.start) for control in controls]  # type: ignore[arg-type]

    def at_start(array: NDArray[Any]) -> Any:
        return array[tuple(min(at, size - 1) for at, size in zip(start, array.shape, strict=False))]

    for gid, array in contents.items():
        artists[gid].set_text(at_start(array))
    for gid, array in places.items():
        _place(artists[gid], at_start(array))
    for gid, array in visible.items():
        artists[gid].set_visible(at_start(array))

    header = {
        "svg": svg,
        "label": label,
        "width": round(figure.get_figwidth() * figure.dpi),
        "controls": [
            {
                "name": control.name,
                "texts": control.texts,
                "start": at,
                "jumps": _jumps(control) if isinstance(control, Slider) else None,
            }
            for control, at in zip(controls, start, strict=True)
        ],
        "moves": [
            {
                "gid": gid,
                "steps": _steps(array.shape[:-2]),
                "positions": math.prod(array.shape[:-2]),
                "points": array.shape[-2],
                "closed": isinstance(artists[gid], Polygon),
            }
            for gid, array in paths.items()
        ],
        "texts": [
            {"gid": gid, "attributes": _text_attributes(artists[gid]), **_table(array)}
            for gid, array in contents.items()
        ],
        "shown": [{"gid": gid, **_table(array)} for gid, array in visible.items()],
        "readout": [{"name": name, **_table(array)} for name, array in rows.items()],
    }
    # x before y, each point after its predecessor, as differences, low bytes first: so they
    # compress well. JSON has no bare line feed, so the first one ends the header.
    numbers = [np.moveaxis(array, -1, 0).ravel() for array in paths.values()]
    fixed = np.rint(np.clip(np.concatenate([[], *numbers]) * _UNITS, -(2**30), 2**30))
    integers = np.where(np.isnan(fixed), _GAP, np.nan_to_num(fixed)).astype("<i4")
    planes = np.diff(integers, prepend=np.int32(0)).view(np.uint8).reshape(-1, 4).T
    return json.dumps(header, ensure_ascii=False).encode() + b"\n" + planes.tobytes()


def _artists(figure: Figure, gids: Iterable[str]) -> dict[str, Any]:
    found: dict[str, dict[int, Artist]] = {gid: {} for gid in gids}
    for artist in figure.findobj():
        if (gid := artist.get_gid()) in found:
            found[gid][id(artist)] = artist
    for gid, artists in found.items():
        if len(artists) != 1:
            raise ValueError(f"{len(artists)} artists of the figure have the gid {gid!r}, not one")
    return {gid: next(iter(artists.values())) for gid, artists in found.items()}


def _fit(name: str, values: ArrayLike, shape: tuple[int, ...], kinds: str) -> NDArray[Any]:
    """Give an array one axis for each control, of the control's length or of length 1."""
    array = np.asarray(values)
    tail = array.shape[-2:] if kinds == "iuf" else ()
    own = array.shape[: array.ndim - len(tail)]
    full = (1,) * (len(shape) - len(own)) + own
    if (
        len(full) != len(shape)
        or any(size not in (1, most) for size, most in zip(full, shape, strict=True))
        or (kinds == "iuf" and (len(tail) != 2 or tail[-1] != 2))
    ):
        wanted = (*shape, "points", 2) if kinds == "iuf" else shape
        raise ValueError(
            f"{name!r} has shape {array.shape}, which does not broadcast to "
            f"({', '.join(map(str, wanted))})"
        )
    if array.dtype.kind not in kinds:
        raise ValueError(f"{name!r} has values of type {array.dtype}")
    return array.reshape(full + tail)


def _steps(shape: tuple[int, ...]) -> list[int]:
    """Return how far a step of each control goes in the flattened array: 0 along length 1."""
    return [0 if size == 1 else math.prod(shape[axis + 1 :]) for axis, size in enumerate(shape)]


def _table(array: NDArray[Any]) -> dict[str, Any]:
    return {"steps": _steps(array.shape), "values": array.ravel().tolist()}


def _jumps(slider: Slider) -> list[tuple[int, str]]:
    sign = "+" if min(slider.jumps, default=0) < 0 else ""
    return [
        (slider.index(value), f"{value:{sign if value else ''}g}".replace("-", "−"))
        for value in slider.jumps
    ]


def _middle(artist: Any) -> NDArray[np.float64]:
    """Return the middle of the artist's axes, in its own coordinates, as an array of one point."""
    box = (artist.axes or artist.get_figure(root=True)).bbox
    center = [(box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2]
    return np.array([artist.get_transform().inverted().transform(center)])


def _place(artist: Any, points: NDArray[np.float64]) -> None:
    if isinstance(artist, Line2D):
        artist.set_data(*points.T)
    elif isinstance(artist, Polygon):
        artist.set_xy(points)
    elif np.isfinite(points).all():
        artist.set_position(points[0])
    else:
        artist.set_text("")


def _to_svg(artist: Any, points: NDArray[Any]) -> NDArray[np.float64]:
    """Take points in the artist's own coordinates to SVG units; nan where nothing can be drawn."""
    figure, transform = artist.get_figure(root=True), artist.get_transform()
    points = np.where(np.isfinite(points), points, np.nan)
    if artist.axes is not None:
        on_data = transform.contains_branch_seperately(artist.axes.transData)
        for k, axis in enumerate((artist.axes.xaxis, artist.axes.yaxis)):
            if on_data[k] and axis.get_scale() == "log":
                points[..., k] = np.where(points[..., k] > 0, points[..., k], np.nan)
    points = transform.transform(points.reshape(-1, 2)).reshape(points.shape) * 72 / figure.dpi
    points[..., 1] = 72 * figure.get_figheight() - points[..., 1]
    return np.where(np.isnan(points).any(axis=-1, keepdims=True), np.nan, points)


def _svg(figure: Figure) -> str:
    buffer = io.StringIO()
    nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    with matplotlib.rc_context(
        {"svg.fonttype": "path", "svg.hashsalt": "liveplot", "savefig.bbox": "standard"}
    ):
        figure.savefig(buffer, format="svg", facecolor="white", metadata=nothing)
    svg = buffer.getvalue()
    # Inside a page its style sheet would hold for the whole page; liveplot.css has it instead.
    return re.sub(r"<style.*?</style>", "", svg[svg.index("<svg") :])


def _text_attributes(text: Text) -> dict[str, str]:
    """Return the SVG attributes that make a browser's text look like Matplotlib's."""
    font = text.get_fontproperties()
    size = font.get_size_in_points()
    family = f"'{font.get_name()}', 'DejaVu Sans', Verdana, sans-serif"
    return {
        "text-anchor": _ANCHORS[text.get_horizontalalignment()],
        "y": f"{size * _BASELINES.get(text.get_verticalalignment(), 0):.3f}",
        "transform": f"rotate({-text.get_rotation():g})",
        "style": f"font: {font.get_style()} {font.get_weight()} {size:g}px {family}; "
        f"fill: {colors.to_hex(text.get_color())}; fill-opacity: {text.get_alpha() or 1:g}",
    }
