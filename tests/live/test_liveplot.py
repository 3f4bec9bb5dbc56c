"""LivePlot without a browser: what it sends, what it shows where no widget runs, wrong use."""

from __future__ import annotations

import base64
import gc
import io
import json
import re
import weakref
import zlib
from contextlib import nullcontext
from itertools import pairwise
from typing import Any

import matplotlib.image
import numpy as np
import pytest
import traitlets
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray

from helpers.live.liveplot import Choice, LivePlot, Slider, still_bundle

Z = Slider("z", np.linspace(-2, 2, 41), 0, jumps=(-2, 0, 2))
SHIFT = Slider("shift", (0, 1, 2), 1)


def parabola(**changes: Any) -> LivePlot:
    """Return a parabola that the second slider lifts, and a point that the first moves on it."""
    figure = Figure(figsize=(4, 3))
    axes = figure.subplots()
    axes.set(xlim=(-2, 2), ylim=(0, 6), gid="axes")
    axes.plot([], [], gid="curve")
    axes.plot([], [], "o", gid="point")
    axes.text(0, 5, "", gid="name")
    x, shift = np.linspace(-2, 2, 81), np.arange(3.0)
    z = np.asarray(Z.values)[:, None]
    curve = np.stack(np.broadcast_arrays(x, x**2 + shift[:, None]), axis=-1)
    point = np.stack(np.broadcast_arrays(z, z**2 + shift), axis=-1)[:, :, None]
    arguments: dict[str, Any] = {
        "moves": {"curve": curve, "point": point},
        "texts": {"name": [["lowest", "middle", "highest"]]},
        "shown": {"axes": True},
        "readout": {"z²": np.char.mod("%.2f", z**2)},
        "label": "A parabola and a point on it.",
    }
    return LivePlot(figure, (Z, SHIFT), **(arguments | changes))


def unpack(plot: LivePlot) -> tuple[dict[str, Any], dict[str, NDArray[np.float64]]]:
    """Read the wire as the browser does: the description, and each gid's coordinates."""
    header, planes = zlib.decompress(plot.data).split(b"\n", maxsplit=1)
    scene: dict[str, Any] = json.loads(header)
    differences = np.frombuffer(planes, np.uint8).reshape(4, -1).T.copy().view("<i4").ravel()
    integers = np.cumsum(differences, dtype=np.int32)
    numbers = np.where(integers == np.iinfo(np.int32).min, np.nan, integers / 64)
    ends = np.cumsum([2 * move["size"] for move in scene["moves"]])
    paths = {
        move["gid"]: part.reshape(2, -1, move["points"])
        for move, part in zip(scene["moves"], np.split(numbers, ends[:-1]), strict=True)
    }
    return scene, paths


@pytest.mark.parametrize("scale", ["linear", "log"])
def test_coordinates_are_where_matplotlib_would_draw(scale: str) -> None:
    x = np.array([0.01, 0.5, 3, 100, np.nan])
    y = np.array([0.1, 2.0, 1e-3, 5, 1])
    figure = Figure(figsize=(5, 4), layout="constrained")
    axes = figure.subplots()
    axes.set(xlim=(0.01, 3), ylim=(0.1, 3), xscale=scale, title="a title that takes room")
    axes.plot([], [], gid="line")
    plot = LivePlot(figure, [], {"line": np.stack([x, y], axis=-1)}, label="a line")

    figure.dpi = 72
    expected = axes.transData.transform(np.stack([x, y], axis=-1)).T
    expected[1] = 4 * 72 - expected[1]  # SVG counts downward
    expected[:, -1] = np.nan
    np.testing.assert_allclose(unpack(plot)[1]["line"][:, 0], expected, rtol=0, atol=0.01)


def test_a_logarithmic_axis_has_gaps_where_it_shows_nothing() -> None:
    figure = Figure()
    axes = figure.subplots()
    axes.set_yscale("log")
    axes.plot([], [], gid="line")
    axes.axvline(0.5, gid="upright")  # its y is in the axes' own units, so 0 is not a gap there
    moves = {
        "line": np.array([[-1, 1], [0, 0], [1, -1]]),
        "upright": np.array([[0.5, 0], [0.5, 1]]),
    }
    paths = unpack(LivePlot(figure, [], moves, label="lines"))[1]
    assert np.isnan(paths["line"]).tolist() == [[[False, True, True]]] * 2
    assert not np.isnan(paths["upright"]).any(), paths["upright"]


def far_plot(style: str, points: Any, kind: str = "plot") -> LivePlot:
    figure = Figure(figsize=(5, 4), dpi=72)
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, 360), ylim=(288, 0))  # data are SVG units
    getattr(axes, kind)([0], [0], style, gid="far")
    return LivePlot(figure, [], {"far": points}, label="a line that goes far")


@pytest.mark.parametrize(
    ("points", "segments"),
    [
        ([[-1e8, -2e8 + 9], [1e8, 2e8 + 9]], [[[-8196.5, -16384], [8187.5, 16384]]]),
        ([[100, 0], [1e9, 0], [100, 120]], [[[100, 0], [16384, 0]], [[16384, 120], [100, 120]]]),
        ([[0, 5], [9, 5], [9, 1e99], [9, 5]], [[[0, 5], [9, 5], [9, 2**14]], [[9, 2**14], [9, 5]]]),
        ([[1e5, 0], [1e300, 0], [np.inf, 0]], []),
        ([[-1e9, 1e9], [1e9, 1e9]], []),
        ([[1e5, 0], [0, 1e5]], []),
        ([[0, 0], [np.nan, 0], [3, 3], [3, 1e5]], [[[3, 3], [3, 16384]]]),
    ],
)  # fmt: skip
def test_a_line_keeps_its_direction_however_far_it_goes(points: Any, segments: Any) -> None:
    path = unpack(far_plot("-", points))[1]["far"][:, 0].T
    parts = np.split(path, np.flatnonzero(np.isnan(path[:, 0])))
    drawn = [part[np.diff(part, axis=0, prepend=np.nan).any(axis=1)] for part in parts]
    drawn = [part[~np.isnan(part[:, 0])] for part in drawn]
    drawn = [part for part in drawn if len(part) > 1]
    assert len(drawn) == len(segments), path
    for got, expected in zip(drawn, segments, strict=True):
        np.testing.assert_allclose(got, expected, rtol=0, atol=0.02)


@pytest.mark.parametrize(("style", "kind"), [("o-", "plot"), ("b", "fill")])
def test_what_cannot_be_cut_may_not_go_far(style: str, kind: str) -> None:
    points = np.array([[0, 0], [1, 1], [1, 1e5]])
    far_plot(style, points / 10, kind)
    with pytest.raises(ValueError, match="'far' goes more than 228 inches beyond the figure"):
        far_plot(style, points, kind)


def test_markers_may_go_far() -> None:
    path = unpack(far_plot("o", [[0, 0], [1, 1e5]]))[1]["far"]
    assert path[:, 0, 0].tolist() == [0, 0]
    assert path[1, 0, 1] > 1e4


def test_what_is_masked_is_a_gap() -> None:
    points = np.ma.masked_equal([[1, 2], [3, 0], [5, 6]], 0)
    path = unpack(far_plot("-", points))[1]["far"][:, 0]
    np.testing.assert_allclose(path, [[1, np.nan, 5], [2, np.nan, 6]], atol=0.01)


def test_each_position_has_its_entry() -> None:
    scene, paths = unpack(parabola())
    steps = {move["gid"]: move["steps"] for move in scene["moves"]}
    assert steps == {"name": [0, 0], "curve": [0, 1], "point": [3, 1]}
    assert paths["curve"].shape == (2, 3, 81)
    assert paths["point"].shape == (2, 41 * 3, 1)
    assert [row["steps"] for row in scene["readout"]] == [[1, 0]]
    assert scene["texts"][0]["steps"] == [0, 1]
    assert scene["texts"][0]["values"] == ["lowest", "middle", "highest"]


def panels(rows: int = 1, columns: int = 2) -> Any:
    figure = Figure(figsize=(6, 3), layout="constrained")
    figure.subplots(rows, columns, squeeze=False)
    return figure


def stacking(figure: Figure) -> Any:
    header = zlib.decompress(LivePlot(figure, [], label="panels").data).partition(b"\n")[0]
    return json.loads(header)["stack"]


def legend_below(figure: Any, label: str) -> Any:
    handles = figure.axes[0].plot(0, 0, label=label)
    return figure.legend(handles=handles, loc="outside lower center")


def test_a_row_of_panels_can_be_stacked() -> None:
    figure = panels(columns=3)
    first, second, third = figure.axes
    first.set(ylabel="takes room")
    second.set(xlabel="takes room below", gid="mine")
    over = figure.add_subplot(third.get_subplotspec())
    legend = legend_below(figure, "a line")
    stack = stacking(figure)
    assert "mine" in stack["shifts"]
    left, top, width, height = map(float, stack["view"].split())
    assert stack["width"] == pytest.approx(width / 72 * 100, abs=1)

    figure.dpi = 72
    boxes = {}
    for artist in (first, second, third, over, legend):
        right, down = re.findall(r"[-\d.]+", stack["shifts"][artist.get_gid()])
        boxes[artist] = artist.get_tightbbox().translated(float(right), -float(down))
        assert left + 2 < boxes[artist].x0, f"{artist} is cut"
        assert boxes[artist].x1 < left + width - 2, f"{artist} is cut"
        if artist is not legend:
            frame = artist.bbox.x0 + float(right)
            assert frame == pytest.approx(first.bbox.x0, abs=0.02), f"{artist} is not in line"
    assert boxes[over].y0 == boxes[third].y0
    assert boxes[legend].x0 + boxes[legend].x1 == pytest.approx(2 * left + width, abs=0.04)
    for above, below in pairwise((first, second, third, legend)):
        gap = boxes[above].y0 - boxes[below].y1
        assert 0 < gap < 30, f"{gap} between {above} and {below}"
    assert top == 0
    assert boxes[legend].y0 > 3 * 72 - height, "the legend is cut"


def test_a_legend_wider_than_the_panels_is_not_cut() -> None:
    figure = panels()
    legend = legend_below(figure, "m" * 30)
    width = float(stacking(figure)["view"].split()[2])
    figure.dpi = 72
    assert width > legend.get_window_extent().width > 3 * 72


@pytest.mark.parametrize(
    ("figure", "change"),
    [
        (panels(columns=1), lambda figure: None),
        (panels(rows=2), lambda figure: None),
        (panels(), lambda figure: figure.suptitle("title")),
        (panels(), lambda figure: figure.add_axes((0, 0, 1, 1))),
        (panels(), lambda figure: figure.axes[1].set_visible(False)),
        (panels(), lambda figure: figure.legend(handles=[], loc="outside upper center")),
    ],
)
def test_a_figure_of_anything_else_is_not_stacked(figure: Figure, change: Any) -> None:
    change(figure)
    assert stacking(figure) is None


def test_a_large_plot_stays_below_one_megabyte() -> None:
    z, alpha, x = np.linspace(-10, 10, 201), np.linspace(0.1, 5, 100), np.linspace(-10, 10, 401)

    def g(z: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.tanh(z)

    def curve(y: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.stack(np.broadcast_arrays(x, y), axis=-1)

    def write(values: NDArray[np.float64]) -> NDArray[np.str_]:
        return np.array([f"{value:.8g}" for value in values.ravel()]).reshape(values.shape)

    figure = Figure(figsize=(7.8, 3.6), layout="constrained")
    left, right = figure.subplots(1, 2)
    left.set(xlim=(-10, 10), ylim=(-1.2, 1.2))
    right.set(xlim=(-10, 10), ylim=(0, 5))
    for axes, gid in ((left, "g"), (right, "slope"), (left, "tangent"), (left, "a"), (right, "b")):
        axes.plot([], [], "o" if gid in "ab" else "-", gid=gid)
    a = g(alpha * z[:, None])
    slope = alpha * (1 - a**2)
    ends = np.array([-10.0, 10.0])
    tangent = a[..., None] + slope[..., None] * (ends - z[:, None, None])
    where = np.broadcast_to(z[:, None], a.shape)
    plot = LivePlot(
        figure,
        [Slider("z", z, 0), Slider("α", alpha, alpha[0])],
        {
            "g": curve(g(alpha[:, None] * x))[None],
            "slope": curve(alpha[:, None] * (1 - g(alpha[:, None] * x) ** 2))[None],
            "tangent": np.stack(np.broadcast_arrays(ends, tangent), axis=-1),
            "a": np.stack([where, a], axis=-1)[:, :, None],
            "b": np.stack([where, slope], axis=-1)[:, :, None],
        },
        readout={
            "z": write(z)[:, None],
            "α": write(alpha),
            "a": write(a),
            "slope": write(slope),
            "slope from a": write(alpha * (1 - a) * (1 + a)),
        },
        label="tanh",
    )
    size = sum(
        len(value) if isinstance(value, bytes) else len(json.dumps(value).encode())
        for value in plot.get_state().values()
    )
    assert size <= 1_000_000, f"{size:,} bytes"


def test_the_same_plot_has_the_same_bytes() -> None:
    one, other = parabola(), parabola()
    assert one.data == other.data
    assert one._repr_mimebundle_()[0]["image/png"] == other._repr_mimebundle_()[0]["image/png"]
    scene = unpack(one)[0]
    assert not re.search("<style|<metadata|date", scene["svg"], re.IGNORECASE)


def test_the_bundle_is_a_widget_a_picture_and_one_line() -> None:
    plot = parabola(label="A parabola\nand a point on it.")
    data, metadata = plot._repr_mimebundle_(include=None, exclude=None)
    assert data.keys() == {"application/vnd.jupyter.widget-view+json", "image/png", "text/plain"}
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == plot.model_id
    assert data["text/plain"] == "A parabola and a point on it."
    assert repr(plot) == "LivePlot('A parabola and a point on it.')"
    expected = {"width": 400, "height": 300, "alt": "A parabola and a point on it."}
    assert metadata["image/png"] == expected
    png = base64.b64decode(data["image/png"])
    pixels = matplotlib.image.imread(io.BytesIO(png))
    assert pixels.shape == (600, 800, 4)
    assert (pixels[..., 3] == 1).all(), "the picture is not opaque"
    assert matplotlib.__version__.encode() in png  # tests/pictures.py asks for it


def test_the_picture_shows_the_start() -> None:
    figure = Figure(figsize=(4, 3))
    axes = figure.subplots()
    axes.set(xlim=(-2, 2), ylim=(0, 6))
    x = np.linspace(-2, 2, 81)
    axes.plot(x, x**2 + 1)
    axes.plot(0, 1, "o")
    axes.text(0, 5, "middle")
    drawn = still_bundle(figure, "")[0]["image/png"]
    assert parabola()._repr_mimebundle_()[0]["image/png"] == drawn
    hidden = parabola(shown={"name": [[True, False, True]]})._repr_mimebundle_()[0]["image/png"]
    axes.texts[0].remove()
    assert hidden == still_bundle(figure, "")[0]["image/png"] != drawn
    other = Figure(figsize=(2, 1))
    still = parabola(still=other)._repr_mimebundle_()[0]["image/png"]
    assert still == still_bundle(other, "")[0]["image/png"]


@pytest.mark.parametrize("own_still", [False, True])
def test_figures_are_not_kept_after_the_first_display(own_still: bool) -> None:
    live, still = Figure(figsize=(2, 1)), Figure(figsize=(1, 1)) if own_still else None
    figures = [weakref.ref(figure) for figure in (live, still) if figure]
    plot = LivePlot(live, [Z], label="nothing", still=still)
    del live, still
    first = plot._repr_mimebundle_()
    gc.collect()
    assert [figure() for figure in figures] == [None] * len(figures)
    assert plot._repr_mimebundle_() == first


def test_values_can_be_read_set_and_observed() -> None:
    steps = Slider("h", [float(f"1e{exponent}") for exponent in range(-16, 1)], 1e-5)
    plot = LivePlot(Figure(), [steps, Choice("scale", ("a", "b"))], label="nothing")
    assert plot.values == {"h": 1e-5, "scale": "a"}
    seen: list[list[int]] = []
    plot.observe(lambda change: seen.append(change["new"]), "position")
    plot.move(h=1e-16)
    plot.move({"h": 1, "scale": "b"})
    assert seen == [[0, 0], [16, 1]]
    assert plot.values == {"h": 1, "scale": "b"}
    with pytest.raises(traitlets.TraitError, match=r"\[17, 0\] is outside"):
        plot.position = [17, 0]
    with pytest.raises(ValueError, match="2e-05 is not one of the 17 values of slider 'h'"):
        plot.move(h=2e-5)
    with pytest.raises(ValueError, match="'c' is not an option of 'scale'"):
        plot.move(scale="c")
    with pytest.raises(ValueError, match="no control is called 'z'"):
        plot.move(z=0)
    assert plot.values == {"h": 1, "scale": "b"}


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        (np.linspace(-0.2, 0.2, 5), ("−0.2", "−0.1", "0.0", "0.1", "0.2")),
        ((-0.5, 0, 0.01), ("−0.50", "0.00", "0.01")),
        (10.0 ** np.arange(-9, -6), ("1e−09", "1e−08", "1e−07")),
        ((3,), ("3",)),
    ],
)
def test_values_are_written_with_the_decimals_they_need(
    values: NDArray[np.float64], texts: tuple[str, ...]
) -> None:
    assert Slider("z", values, values[0]).texts == texts


@pytest.mark.parametrize(
    ("values", "start", "message"),
    [
        ((), 0, "needs finite values that increase"),
        ((0, 0), 0, "needs finite values that increase"),
        ((1, 0), 0, "needs finite values that increase"),
        ((0, np.nan), 0, "needs finite values that increase"),
        ((0, np.inf), 0, "needs finite values that increase"),
        ([[0, 1]], 0, "needs finite values that increase"),
        ("abc", 0, "slider 'z' needs finite values that increase: abc"),
        (((0,), (0, 1)), 0, "slider 'z' needs finite values that increase"),
        ((0, 1j), 0, "slider 'z' needs finite values that increase"),
        ((0, 1), None, "slider 'z' is set to a number, not None"),
        ((0, 1), "0", "slider 'z' is set to a number, not '0'"),
        ((0, 1), [0], r"slider 'z' is set to a number, not \[0\]"),
        ((0, 1), 0.5, "0.5 is not one of the 2 values of slider 'z', 0 to 1"),
        ((0, 1), np.nan, "nan is not one of the 2 values of slider 'z'"),
    ],
)
def test_a_slider_refuses_values_it_cannot_step_through(
    values: Any, start: float, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        Slider("z", values, start)


def test_a_slider_refuses_jumps_and_texts_that_do_not_match() -> None:
    with pytest.raises(ValueError, match="10 is not one of"):
        Slider("z", (0, 1), 0, jumps=(10,))
    with pytest.raises(ValueError, match="slider 'z' has 2 values but 1 texts"):
        Slider("z", (0, 1), 0, texts=("zero",))
    with pytest.raises(ValueError, match="choice 'scale' needs options that differ"):
        Choice("scale", ("linear", "linear"))
    with pytest.raises(ValueError, match="'cubic' is not an option of 'scale'"):
        Choice("scale", ("linear",), "cubic")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"moves": {"absent": np.zeros((1, 2))}}, "0 artists .* have the gid 'absent'"),
        ({"shown": {"absent": True}}, "0 artists .* have the gid 'absent'"),
        ({"moves": {"axes": np.zeros((1, 2))}}, "'axes' is a Axes: only a Line2D, Polygon or"),
        ({"texts": {"curve": "x"}}, "'curve' is a Line2D: only a Text changes"),
        ({"moves": {"curve": np.zeros((40, 3, 9, 2))}}, r"'curve'.*\(40, 3, 9, 2\).*\(41, 3, 9, 2"),
        ({"moves": {"curve": np.zeros((41, 3, 9, 3))}}, r"'curve'.*\(41, 3, 9, 3\).*\(41, 3, 9, 2"),
        ({"moves": {"curve": np.zeros((41, 3, 9, 1))}}, r"'curve'.*\(41, 3, 9, 1\).*\(41, 3, 9, 2"),
        ({"moves": {"curve": np.zeros((1, 1, 1, 9, 2))}}, r"'curve'.*\(1, 1, 1, 9, 2\).*\(41, 3, "),
        ({"moves": {"curve": [["a", "b"]]}}, "'curve' is an array of <U1 .* one of coordinates"),
        ({"moves": {"curve": [[0, 1], [2]]}}, r"'curve' must broadcast to \(41, 3\): .*\(2,\)"),
        ({"moves": {"name": np.zeros((41, 3, 3, 2))}}, r"'name'.*\(41, 3, 3, 2\).*\(41, 3, 1, 2"),
        ({"moves": {"name": np.zeros((41, 3, 0, 2))}}, r"'name'.*\(41, 3, 0, 2\).*\(41, 3, 1, 2"),
        ({"texts": {"name": [["a"], ["b", "c"]]}}, r"'name' must broadcast to \(41, 3\): .*\(2,\)"),
        ({"texts": {"name": ["a", "b"]}}, r"'name'.*\(2,\).*str that broadcasts to \(41, 3\)"),
        ({"texts": {"name": 1.0}}, "'name' is an array of float64.* one of str"),
        ({"shown": {"axes": [True] * 41}}, r"'axes'.*\(41,\).*bool that broadcasts to \(41, 3\)"),
        ({"readout": {"z²": ["1"] * 41}}, r"'z²'.*\(41,\).*str that broadcasts to \(41, 3\)"),
    ],
)
def test_wrong_use_names_the_artist_and_both_shapes(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parabola(**changes)


@pytest.mark.parametrize(
    ("kind", "properties", "refused"),
    [
        ("line", {"drawstyle": "steps"}, "has drawstyle"),
        ("line", {"markevery": 2}, "has markevery"),
        ("line", {"markevery": np.array([0, 1])}, "has markevery"),
        ("line", {"gapcolor": "red", "linestyle": "--"}, "has gapcolor"),
        ("line", {"path_effects": [withStroke(linewidth=3)]}, "has path_effects"),
        ("polygon", {"path_effects": [withStroke(linewidth=3)]}, "has path_effects"),
        ("line", {"url": "https://example.org"}, "has url"),
        ("polygon", {"sketch_params": 2}, "has sketch_params"),
        ("text", {"clip_on": True}, "has clip_on"),
        ("text", {"path_effects": [withStroke(linewidth=3)]}, "has path_effects"),
        ("changing", {"bbox": {}}, "has bbox_patch"),
        ("note", {}, "is a Annotation: only a Line2D, Polygon or Text moves"),
        ("straight", {}, "is a AxLine: only a Line2D, Polygon or Text moves"),
        ("line", {"linestyle": ":", "marker": "o", "clip_on": False}, ""),
        ("polygon", {"hatch": "/", "alpha": 0.5}, ""),
        ("text", {"bbox": {}, "rotation": 30}, ""),
    ],
)
def test_what_the_browser_would_draw_otherwise_is_refused(
    kind: str, properties: dict[str, Any], refused: str
) -> None:
    figure = Figure()
    axes = figure.subplots()
    artists: dict[str, Any] = {
        "line": axes.plot([0], [0])[0],
        "polygon": axes.fill([0], [0])[0],
        "text": axes.text(0, 0, "text"),
        "changing": axes.text(0, 0, "text"),
        "note": axes.annotate("text", (0, 0)),
        "straight": axes.axline((0, 0), slope=1),
    }
    artists[kind].set(gid="it", **properties)
    texts = {"it": "one"} if kind == "changing" else {}
    with pytest.raises(ValueError, match=f"'it' {refused}") if refused else nullcontext():
        LivePlot(figure, [], {"it": np.zeros((1, 2))}, texts, label="it")


def test_a_gid_belongs_to_one_artist_that_is_drawn() -> None:
    figure = Figure()
    axes = figure.subplots()
    axes.plot([], [], gid="line")
    hidden, other = axes.plot([], [], [], [])
    points = {"line": np.zeros((1, 2))}
    other.set_gid("line")
    with pytest.raises(ValueError, match="2 artists of the figure have the gid 'line'"):
        LivePlot(figure, [], points, label="lines")
    other.set_gid("other")
    for gid in ("back\\slash", 'quo"te', "<", "two\nlines", ""):
        other.set_gid(gid)
        with pytest.raises(
            ValueError, match="is not drawn just once: is it visible, its gid plain"
        ):
            LivePlot(figure, [], {gid: np.zeros((1, 2))}, label="lines")
    hidden.set(gid="hidden", visible=False)
    with pytest.raises(ValueError, match="artist 'hidden' is not drawn just once"):
        LivePlot(figure, [], {"hidden": np.zeros((1, 2))}, label="lines")
    with pytest.raises(ValueError, match="the controls' names must differ"):
        LivePlot(figure, [Z, Z], label="lines")


def test_a_closed_plot_leaves_the_memory() -> None:
    plot = parabola()
    plot._repr_mimebundle_()
    gone = weakref.ref(plot)
    plot.close()
    del plot
    gc.collect()
    assert gone() is None
