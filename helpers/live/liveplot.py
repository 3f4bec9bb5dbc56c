"""A Matplotlib figure whose artists follow sliders in the browser, with no kernel in the loop.

Matplotlib draws the figure once. Python tells beforehand where each moving artist is at every
position of the controls, and the browser (``liveplot.js``) looks it up and moves what was drawn.
So a slider feels the same with the kernel busy, far away, shut down, or on a page without one.
"""

# mypy: allow-untyped-calls
# (Matplotlib's canvases carry no types)

from __future__ import annotations

import base64
import io
import json
import math
import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from numbers import Real
from pathlib import Path
from typing import Any

import anywidget
import matplotlib
import numpy as np
import traitlets
from matplotlib import colors
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import weight_dict
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from numpy.typing import ArrayLike, NDArray
from PIL import Image
from PIL.PngImagePlugin import PngInfo

Bundle = tuple[dict[str, Any], dict[str, Any]]

_PAD = 0.06  # inches around panels that are stacked
_UNITS = 64  # coordinates travel as integers, in 64ths of an SVG unit: at most 0.008 units off
_KINDS = {"iuf": "coordinates", "U": "str", "b": "bool"}  # by NumPy's letters for dtypes
# What moves, and the properties that Matplotlib draws in ways that the browser does not know.
_EFFECTS: dict[str, Any] = {"path_effects": [], "sketch_params": None, "url": None}
_MOVABLE: dict[type, dict[str, Any]] = {
    Line2D: {**_EFFECTS, "drawstyle": "default", "markevery": None, "gapcolor": None},
    Polygon: _EFFECTS,
    Text: {**_EFFECTS, "clip_on": False},
}
_GAP = np.iinfo(np.int32).min  # stands for nan
_FAR = 2.0**14  # SVG units; a browser draws lines that reach ten times as far some pixels off
_NONE = ("None", "none", " ", "", None)  # linestyles and markers that are none
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
        try:
            values = np.array(self.values, dtype=float)
        except (TypeError, ValueError):
            values = np.array(np.nan)
        finite = values.ndim == 1 and values.size and np.isfinite(values).all()
        if not finite or not (np.diff(values) > 0).all():
            raise ValueError(
                f"slider {self.name!r} needs finite values that increase: {self.values}"
            )
        object.__setattr__(self, "values", values)
        object.__setattr__(self, "texts", tuple(self.texts) or _number_texts(values))
        if len(self.texts) != values.size:
            raise ValueError(
                f"slider {self.name!r} has {values.size} values but {len(self.texts)} texts"
            )
        for value in (self.start, *self.jumps):
            self.index(value)

    def index(self, value: Any) -> int:
        """Return which of `values` this is, within rounding; `ValueError` when it is none."""
        if not isinstance(value, Real):
            raise ValueError(f"slider {self.name!r} is set to a number, not {value!r}")
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

    def index(self, value: Any) -> int:
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
        layout and moves its artists to where they are at the start. Panels in one row are stacked
        where the page is narrow.
    controls
        Sliders and choices.
    moves
        For the gid of a line, marker, polygon or text, where it is: ``(…, points, 2)``, for a text
        ``(…, 1, 2)``, in the artist's own coordinates (for most, the data's). nan, what is masked,
        and what a logarithmic axis cannot show is a gap. What lies outside the axes is clipped as
        Matplotlib clips it: lines, markers and polygons are, texts are not. What moves is a Line2D,
        Polygon or Text, none of a subclass (so no Annotation), without path effects, sketch or URL;
        a line also without drawstyle, markevery and gapcolor, a text without ``clip_on``.
    texts
        For the gid of a text without bbox, what it says: one line each, without mathtext.
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
        when an array does not match the controls; when a polygon, or a line with markers, goes
        hundreds of inches beyond the figure.
    """

    # As text: of a widget whose script is a Path, anywidget keeps every instance.
    _esm = Path(__file__).with_name("liveplot.js").read_text(encoding="utf-8")
    _css = Path(__file__).with_name("liveplot.css").read_text(encoding="utf-8")
    data = traitlets.Bytes().tag(sync=True)
    position = traitlets.List(traitlets.Int()).tag(sync=True)

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
        scene, coordinates = _scene(
            figure, controls, moves or {}, texts or {}, shown or {}, readout or {}
        )
        # JSON has no bare line feed, so the first one ends it.
        header = json.dumps({"label": self._label, **scene}, ensure_ascii=False) + "\n"
        super().__init__(
            data=zlib.compress(header.encode() + coordinates),
            position=[control.index(control.start) for control in controls],
        )
        self.on_msg(self._send_picture)

    @traitlets.validate("position")
    def _check_position(self, proposal: Any) -> list[int]:
        position: list[int] = proposal["value"]
        ranges = [range(len(control.texts)) for control in self._controls.values()]
        if len(position) != len(ranges) or not all(map(range.__contains__, ranges, position)):
            raise traitlets.TraitError(f"position {position} is outside the controls' {ranges}")
        return position

    @property
    def values(self) -> dict[str, float | str]:
        """Where the controls are: by name, a slider's number or a choice's option."""
        return {
            name: float(control.values[at]) if isinstance(control, Slider) else control.texts[at]
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
        still, still_metadata = self._still_bundle
        return data | still, metadata | still_metadata

    def _send_picture(self, *_: Any) -> None:
        """Answer a browser in which the figure cannot move."""
        png = base64.b64decode(self._still_bundle[0]["image/png"])
        self.send({"alt": self._label}, buffers=[png])

    @cached_property
    def _still_bundle(self) -> Bundle:
        bundle = still_bundle(self._still, self._label)
        del self._still  # ipywidgets keeps every widget until it is closed, and a figure takes MBs
        return bundle


def still_bundle(figure: Figure, alt: str) -> Bundle:
    """Return a picture's output and its metadata: a PNG, twice as sharp, and a line of text.

    The same figure gives the same bytes, and nothing here outranks the picture as HTML would. 128
    colors, enough for lines and letters, make a third of the bytes. The PNG names the Matplotlib
    that drew it, which tells the tests what differences to expect.
    """
    dpi = figure.dpi
    figure.dpi = 2 * dpi
    canvas = FigureCanvasAgg(figure)  # savefig would draw it twice
    canvas.draw()
    figure.dpi = dpi
    png, software = io.BytesIO(), PngInfo()
    by = f"Matplotlib version{matplotlib.__version__}, https://matplotlib.org/"  # as it writes it
    software.add_text("Software", by)
    small = (
        Image.fromarray(np.asarray(canvas.buffer_rgba()))
        .convert("RGB")
        .quantize(128, dither=Image.Dither.NONE)
    )
    small.save(png, "png", optimize=True, pnginfo=software)
    width, height = (round(inches * figure.dpi) for inches in figure.get_size_inches())
    return (
        {"image/png": base64.b64encode(png.getvalue()).decode(), "text/plain": alt},
        {"image/png": {"width": width, "height": height, "alt": alt}},
    )


def _number_texts(values: NDArray[np.float64]) -> tuple[str, ...]:
    rounding = 1e-6 * min(np.diff(values), default=abs(values[0]))
    exact = (n for n in range(7) if np.abs(np.round(values, n) - values).max() <= rounding)
    form = next((f"z.{decimals}f" for decimals in exact), ".4g")  # z: never −0.0
    return tuple(f"{value:{form}}".replace("-", "−") for value in values)


def _scene(
    figure: Figure,
    controls: Sequence[Slider | Choice],
    moves: Mapping[str, ArrayLike],
    texts: Mapping[str, ArrayLike],
    shown: Mapping[str, ArrayLike],
    readout: Mapping[str, ArrayLike],
) -> tuple[dict[str, Any], bytes]:
    """Return what the browser needs: a description of the plot, and all coordinates."""
    artists = _artists(figure, {**moves, **texts, **shown})
    for gid in {**moves, **texts}:
        kind = type(artists[gid])  # a subclass would be drawn in ways of its own
        if kind not in ([Text] if gid in texts else _MOVABLE):
            can = "only a Text changes" if gid in texts else "only a Line2D, Polygon or Text moves"
            raise ValueError(f"artist {gid!r} is a {kind.__name__}: {can}")
        plain = _MOVABLE[kind] | ({"bbox_patch": None} if gid in texts else {})
        for name, value in plain.items():
            if np.any(getattr(artists[gid], f"get_{name}")() != value):
                raise ValueError(f"artist {gid!r} has {name}, which cannot follow the controls")
    # The browser draws a text that changes anew, so it must be told where, even if it rests.
    rests = {gid: artists[gid].get_position() for gid in texts if gid not in moves}
    shape = tuple(len(control.texts) for control in controls)
    places = {
        gid: _fit(gid, array, shape, "iuf", 1 if isinstance(artists[gid], Text) else None)
        for gid, array in {**rests, **moves}.items()
    }
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
    stack = _stack(figure)
    svg = _svg(figure)
    for gid in [*artists, *(stack["shifts"] if stack else ())]:
        if svg.count(f' id="{gid}"') != 1 or not re.fullmatch(r"[\w .:-]+", gid):
            raise ValueError(
                f"artist {gid!r} is not drawn just once: is it visible, its gid plain?"
            )
    paths = {gid: _to_svg(artists[gid], array) for gid, array in places.items()}
    for gid, path in paths.items():
        if not isinstance(artists[gid], Text):
            paths[gid] = _cut(gid, artists[gid], path)
        elif gid not in contents:
            paths[gid] = path - _to_svg(artists[gid], middles[gid])  # its glyphs are shifted

    start = [control.index(control.start) for control in controls]

    def at_start(array: NDArray[Any]) -> Any:
        return array[tuple(min(i, n - 1) for i, n in zip(start, array.shape, strict=False))]

    for gid, array in contents.items():
        artists[gid].set_text(at_start(array))
    for gid, array in places.items():
        _place(artists[gid], at_start(array))
    for gid, array in visible.items():
        artists[gid].set_visible(at_start(array))

    scene = {
        "svg": svg,
        "width": round(figure.get_figwidth() * figure.dpi),
        "stack": stack,
        "controls": [
            {"name": control.name, "texts": control.texts, "start": at, "jumps": _jumps(control)}
            for control, at in zip(controls, start, strict=True)
        ],
        "moves": [
            {
                "gid": gid,
                "steps": _steps(array.shape[:-2]),
                "size": array.size // 2,
                "points": array.shape[-2],
                "kind": type(artists[gid]).__name__,
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
    # All x before all y, as differences, and all low bytes before all high ones: so they compress.
    numbers = [np.moveaxis(array, -1, 0).ravel() for array in paths.values()]
    fixed = np.clip(np.rint(np.concatenate([[], *numbers]) * _UNITS), -(2**30), 2**30)
    integers = np.where(np.isnan(fixed), _GAP, fixed).astype("<i4")
    planes = np.diff(integers, prepend=np.int32(0)).view(np.uint8).reshape(-1, 4).T
    return scene, planes.tobytes()


def _artists(figure: Figure, gids: Iterable[str]) -> dict[str, Any]:
    found: dict[str, dict[int, Artist]] = {gid: {} for gid in gids}
    for artist in figure.findobj():
        if (gid := artist.get_gid()) in found:
            found[gid][id(artist)] = artist
    for gid, artists in found.items():
        if len(artists) != 1:
            raise ValueError(f"{len(artists)} artists of the figure have the gid {gid!r}, not one")
    return {gid: next(iter(artists.values())) for gid, artists in found.items()}


def _fit(
    name: str, values: Any, shape: tuple[int, ...], kinds: str, count: int | None = None
) -> NDArray[Any]:
    """Give an array an axis for each control, of its length or 1.

    Numbers are points besides, `count` of them or any number; those that are masked become nan.
    """
    points = kinds == "iuf"
    try:
        masked = points and isinstance(values, np.ma.MaskedArray)
        array = values.astype(float).filled(np.nan) if masked else np.asarray(values)
    except ValueError as error:  # of a ragged list
        raise ValueError(f"{name!r} must broadcast to {shape}: {error}") from None
    if points:
        shape = (*shape, count or (array.shape[-2:-1] or (1,))[0], 2)
    lengths = (1,) * (len(shape) - array.ndim) + array.shape
    if (
        array.dtype.kind not in kinds
        or len(lengths) != len(shape)
        or not all(own in (1, full) for own, full in zip(lengths, shape, strict=True))
        or (points and lengths[-1] != 2)
    ):
        raise ValueError(
            f"{name!r} is an array of {array.dtype} shaped {array.shape}; for these controls it "
            f"must be one of {_KINDS[kinds]} that broadcasts to {shape}"
        )
    return array.reshape(lengths)


def _steps(shape: tuple[int, ...]) -> list[int]:
    """Return how far a step of each control goes in the flattened array: 0 along length 1."""
    return [0 if n == 1 else math.prod(shape[axis + 1 :]) for axis, n in enumerate(shape)]


def _table(array: NDArray[Any]) -> dict[str, Any]:
    return {"steps": _steps(array.shape), "values": array.ravel().tolist()}


def _jumps(control: Slider | Choice) -> list[tuple[int, str]] | None:
    if isinstance(control, Choice):
        return None
    sign = "+" if min(control.jumps, default=0) < 0 else ""
    texts = [f"{value:{sign if value else ''}g}".replace("-", "−") for value in control.jumps]
    return [(control.index(value), text) for value, text in zip(control.jumps, texts, strict=True)]


def _middle(artist: Any) -> NDArray[np.float64]:
    """Return the middle of the artist's axes in its own coordinates, as an array of one point."""
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


def _cut(gid: str, artist: Any, points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cut a line's segments at `_FAR`: each becomes its ends and, where cut, a gap."""
    is_line = isinstance(artist, Line2D)
    if (is_line and artist.get_linestyle() in _NONE) or not (np.abs(points) > _FAR).any():
        return points
    if not is_line or artist.get_marker() not in _NONE:
        raise ValueError(
            f"artist {gid!r} goes more than {_FAR / 72:.0f} inches beyond the figure, where only "
            "a line can that has no markers, or markers that have no line"
        )
    ends = points[..., :-1, :], points[..., 1:, :]
    shares, places = [], []
    with np.errstate(all="ignore"):
        for a, b in (
            ends,
            ends[::-1],
        ):  # from either end, for float64 holds few digits of a far one
            sides = (np.array([-_FAR, _FAR]).reshape(2, *[1] * a.ndim) - a) / (b - a)
            share = np.fmin(sides.max(axis=0), 1).min(axis=-1, keepdims=True)
            shares.append(share)
            places.append(np.where(share == 1, b, a + share * (b - a)))
    (leave, back), (end, start) = shares, places
    inside = (np.minimum(leave, back) >= 0) & (leave + back >= 1)
    cut = np.stack([start, end, np.where(leave < 1, np.nan, end)], axis=-2)
    cut = np.where(inside[..., None], cut, np.nan)
    return cut.reshape(*points.shape[:-2], -1, 2)


def _stack(figure: Figure) -> dict[str, Any] | None:
    """Return how the browser stacks panels that stand side by side; None where there are none.

    It shifts the groups of the Axes, each column of the grid below the one before and the frames in
    line, and those of the figure's legends, which stay below all. A figure of anything more than
    these is not stacked.
    """
    columns = {
        ax: spec.colspan.start
        for ax in figure.axes
        if ax.get_visible() and (spec := ax.get_subplotspec()) and spec.get_gridspec().nrows == 1
    }
    starts = sorted(set(columns.values()))
    if len(starts) < 2 or {*figure.get_children()} != {figure.patch, *columns, *figure.legends}:
        return None
    left = figure.axes[0].bbox.x0
    boxes = [box.translated(left - ax.bbox.x0, 0) for ax in columns if (box := ax.get_tightbbox())]
    stacked, pad = Bbox.union(boxes), _PAD * figure.dpi
    step, middle = stacked.height + 2 * pad, stacked.x0 + stacked.width / 2
    shifts: dict[Artist, Any] = {
        ax: (left - ax.bbox.x0, step * starts.index(start)) for ax, start in columns.items()
    }
    for legend in figure.legends:
        box = legend.get_window_extent()
        aside = middle - box.x0 - box.width / 2
        shifts[legend] = aside, step * (len(starts) - 1)
        boxes.append(box.translated(aside, 0))
        if box.y1 > stacked.y0:
            return None
    for k, artist in enumerate(shifts):
        artist.set_gid(artist.get_gid() or f"stacked-{k}")
    width = Bbox.union(boxes).width + 2 * pad
    view = middle - width / 2, 0, width, figure.bbox.height + step * (len(starts) - 1)
    points = 72 / figure.dpi
    return {
        "width": round(width),
        "view": " ".join(f"{points * length:.2f}" for length in view),
        "shifts": {
            artist.get_gid(): f"translate({points * right:.2f} {points * down:.2f})"
            for artist, (right, down) in shifts.items()
        },
    }


def _svg(figure: Figure) -> str:
    buffer = io.StringIO()
    nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    dpi = figure.dpi
    with matplotlib.rc_context({"svg.fonttype": "path", "svg.hashsalt": "liveplot"}):
        FigureCanvasSVG(figure).print_svg(buffer, metadata=nothing)  # savefig would draw it twice
    figure.dpi = dpi  # which is another in an SVG
    svg = buffer.getvalue()
    # Inside a page its style sheet would hold for the whole page; liveplot.css has it instead.
    return re.sub(r"<style.*?</style>", "", svg[svg.index("<svg") :])


def _text_attributes(text: Text) -> dict[str, str]:
    """Return the SVG attributes that make a browser's text look like Matplotlib's."""
    font, color = text.get_fontproperties(), colors.to_rgba(text.get_color(), text.get_alpha())
    size, weight = font.get_size_in_points(), str(font.get_weight())
    weights = {name: str(number) for name, number in weight_dict.items()}
    family = f"'{font.get_name()}', 'DejaVu Sans', Verdana, sans-serif"
    return {
        "text-anchor": _ANCHORS[text.get_horizontalalignment()],
        "y": f"{size * _BASELINES.get(text.get_verticalalignment(), 0):.3f}",
        "transform": f"rotate({-text.get_rotation():g})",
        "style": f"font: {font.get_style()} {weights.get(weight, weight)} {size:g}px {family}; "
        f"fill: {colors.to_hex(color, keep_alpha=True)}",
    }
