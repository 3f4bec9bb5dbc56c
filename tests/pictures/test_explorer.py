"""The numbers of the explorers, compared with mpmath, and what they say to a bad function."""

from __future__ import annotations

import base64
import math
import sys
import warnings
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import mpmath  # type: ignore[import-untyped]
import numpy as np
import pytest

from helpers import ACTIVATIONS, tanh, tanh_derivative
from helpers.activations import Activation
from helpers.live.liveplot import LivePlot
from helpers.pictures import explorer, secant
from helpers.pictures.explorer import explore
from helpers.pictures.secant import explore_secant
from helpers.text import Feedback
from tests.support import exact

each_activation = pytest.mark.parametrize("key", ACTIVATIONS)


class Told:
    """What an explorer handed to LivePlot, looked up by the controls' values."""

    def __init__(self, plot: LivePlot | Feedback, arguments: list[Any]) -> None:
        assert isinstance(plot, LivePlot), plot
        self.plot = plot
        self.figure, controls, self.moves, self.shown, self.readout, self.label = arguments
        self.axes = self.figure.axes[0]
        self.controls = {control.name: control for control in controls}

    def _entry(self, array: Any, values: dict[str, Any]) -> Any:
        position = [c.index(values.get(name, c.start)) for name, c in self.controls.items()]
        return array[tuple(min(at, size - 1) for at, size in zip(position, array.shape))]  # noqa: B905

    def places(self, gid: str, **values: Any) -> Any:
        return self._entry(self.moves[gid], values)

    def text(self, row: str, **values: Any) -> str:
        return str(self._entry(self.readout[row], values))

    def number(self, row: str, **values: Any) -> float:
        return float(self.text(row, **values).split()[0].replace("−", "-"))


@pytest.fixture
def tell(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Told]:
    """Return `explore`, wrapped: what it tells LivePlot is looked at before it is packed."""
    arguments: list[Any] = []

    class Recorded(LivePlot):
        def __init__(self, figure: Any, controls: Any, moves: Any, **rest: Any) -> None:
            shown, readout, label = (rest.get(name) for name in ("shown", "readout", "label"))
            arguments[:] = [figure, controls, moves, shown, readout, label]
            super().__init__(figure, controls, moves, **rest)

    for module in (explorer, secant):
        monkeypatch.setattr(module, "LivePlot", Recorded)

    def told(*args: Any, make: Callable[..., Any] = explore, **named: Any) -> Told:
        return Told(make(*args, **named), arguments)

    return told


def close(got: Any, expected: Any, rtol: float, where: str) -> None:
    assert abs(mpmath.mpf(float(got)) - expected) <= rtol * abs(expected) + 1e-300, (
        f"{where}: got {got}, expected {mpmath.nstr(mpmath.mpf(expected), 17)}"
    )


def positions(activation: Activation) -> list[tuple[float, float]]:
    alphas = activation.alphas
    samples = {alphas[0], alphas[len(alphas) // 2], alphas[-1], activation.alpha}
    return [(z, alpha) for alpha in samples for z in (-10, -3.7, -0.1, 0, 0.1, 2, 6.3, 10)]


@each_activation
def test_every_artist_is_where_mpmath_says(key: str, tell: Callable[..., Told]) -> None:
    activation = ACTIVATIONS[key]
    told = tell(activation)
    for z, alpha in positions(activation):
        at = {"z": z, "α": alpha}
        where = f"{key} at {at}"
        a, slope = exact.G[key](z, alpha), exact.SLOPE[key](z, alpha)
        for gid, height in {"g-point": a, "slope-point": slope}.items():
            [[x, y]] = told.places(gid, **at)
            assert x == z, where
            close(y, height, 1e-14, f"{gid} of {where}")
        for x, y in told.places("g-tangent", **at):
            assert abs(y - a - slope * (x - z)) <= 1e-13 * (1 + abs(y)), f"tangent of {where}"
        box = [np.ptp(limits()) for limits in (told.axes.get_xlim, told.axes.get_ylim)]
        length = np.hypot(*np.ptp(told.places("g-tangent", **at), axis=0) / box)
        assert length == pytest.approx(10 / 21), f"tangent of {where}: {length} of the axes"
        for gid, formula in {"g": exact.G[key], "slope": exact.SLOPE[key]}.items():
            checks = told.places(f"{gid}-checks", **at)
            assert checks[:, 0].tolist() == [-10, 0, 10]
            curve = told.places(f"{gid}-curve", **at)
            for x, y in [*curve[::17], *checks]:
                if not np.isnan(x):
                    close(y, formula(x, alpha), 1e-14, f"{gid} over {x} of {where}")


@each_activation
def test_the_readout_has_all_digits_and_says_which_agree(
    key: str, tell: Callable[..., Told]
) -> None:
    activation = ACTIVATIONS[key]
    told = tell(activation)
    for z, alpha in positions(activation):
        at = {"z": z, "α": alpha}
        where = f"{key} at {at}"
        slope = exact.SLOPE[key](z, alpha)
        assert told.number("z", **at) == z
        assert told.number("α", **at) == alpha
        close(told.number("a = g(z)", **at), exact.G[key](z, alpha), 2e-15, where)
        close(told.number("g′ from z", **at), slope, 2e-15, where)
        from_a, *words = told.text("g′ from a", **at).split(maxsplit=1)
        if words and words[0].endswith(("agree)", "agrees)")):
            digits = words[0].strip("(").split()[0]
            off = abs(float(from_a.replace("−", "-")) / slope - 1)
            assert off < 10.0 ** -(0 if digits == "no" else int(digits)) + 1e-15, where
            assert digits == "no" or off > 10.0 ** -(int(digits) + 1) - 1e-15, where
        elif alpha >= 0:
            close(from_a.replace("−", "-"), slope, 3e-15, where)


def test_the_readout_says_what_is_special(tell: Callable[..., Told]) -> None:
    sigmoid, tanh, relu, leaky = (tell(activation) for activation in ACTIVATIONS.values())
    assert sigmoid.text("g′ from z", z=10).startswith("4.539580773595")
    assert tanh.text("g′ from z", z=-10) == "8.244614455767397e−09"
    assert tanh.text("g′ from a", z=10) == "8.244614546626394e−09 (7 digits agree)"
    assert tanh.text("g′ from a", z=10, α=2) == "0 (no digit agrees)"
    assert relu.text("g′ from z", z=0) == "0 (convention; any value in [0,\u00a01])"
    assert leaky.text("g′ from z", z=0) == "0.01 (convention; any value in [0.01,\u00a01])"
    assert leaky.text("g′ from z", z=0, α=1.5) == "1.5 (convention; any value in [1,\u00a01.5])"
    assert leaky.text("g′ from z", z=0, α=1) == "1"
    assert leaky.text("g′ from z", z=0.1) == "1"
    assert leaky.text("g′ from a", z=3, α=-0.5) == "a does not determine it"


@each_activation
def test_the_zone_is_where_the_slope_is_below_1_percent(
    key: str, tell: Callable[..., Told]
) -> None:
    activation = ACTIVATIONS[key]
    told = tell(activation)
    largest = {alpha: activation.maximum_slope(alpha) for alpha in activation.alphas}
    for alpha in activation.alphas:
        corners = told.places("g-zone", α=alpha)
        np.testing.assert_array_equal(corners, told.places("slope-zone", α=alpha))
        edges = corners[np.isfinite(corners).all(axis=1), 0].reshape(-1, 4)[:, [0, 2]]
        for z in (*np.arange(-9.95, 10, 0.1), -10, 10):
            flat = abs(exact.SLOPE[key](z, alpha)) < 0.01 * largest[alpha]
            near = np.abs(edges - z).min(initial=np.inf) < 0.011 and abs(z) < 10
            inside = bool(((edges[:, 0] <= z) & (z <= edges[:, 1])).any())
            assert near or inside == flat, f"{key}, α = {alpha}, z = {z}: shaded {inside}"


@each_activation
def test_legends_and_label_name_what_can_be_seen(key: str, tell: Callable[..., Told]) -> None:
    activation = ACTIVATIONS[key]
    told = tell(activation)

    def shaded(alpha: float) -> bool:
        return bool(np.isfinite(told.places("g-zone", α=alpha)).any())

    live, still = (
        [text.get_text() for text in figure.legends[0].get_texts()]
        for figure in (told.figure, told.plot._still)
    )
    assert ("slope < 1% of largest" in live) == any(map(shaded, activation.alphas))
    assert ("slope < 1% of largest" in still) == shaded(activation.alpha)
    assert ("Shaded: where the slope is below 1% of" in told.label) == shaded(activation.alpha)
    for names in (live, still):
        assert ("allowed at the kink" in names) == (activation.kink is not None)


@each_activation
def test_the_legends_fit(key: str, tell: Callable[..., Told]) -> None:
    told = tell(ACTIVATIONS[key])
    for figure, share in ((told.figure, 0.5), (told.plot._still, 1)):  # half: panels are stacked
        figure.dpi = 200  # that of the picture
        width = figure.legends[0].get_window_extent().width
        assert width <= share * figure.bbox.width


def test_the_kink_is_marked_unless_alpha_is_1(tell: Callable[..., Told]) -> None:
    told = tell(ACTIVATIONS["leaky_relu"])
    for alpha in ACTIVATIONS["leaky_relu"].alphas:
        for gid in ("slope-sides", "slope-bar"):
            sides = told.places(gid, α=alpha)
            if alpha == 1:
                assert np.isnan(sides[:, 1]).all()
            else:
                assert sides.tolist() == [[0, alpha], [0, 1]]
    curve = told.places("slope-curve", α=0.5)
    assert np.isnan(curve).any(axis=1).sum() == 1, "the curve does not break off at the kink"
    assert told.places("slope-checks", α=0.5)[1].tolist() == [0, 0.5]


def test_max_is_drawn_only_where_it_is_another_function(tell: Callable[..., Told]) -> None:
    told = tell(ACTIVATIONS["leaky_relu"])
    for alpha in ACTIVATIONS["leaky_relu"].alphas:
        line = told.places("g-maximum", α=alpha)
        name = told.places("g-maximum-name", α=alpha)
        drawn = line[np.isfinite(line[:, 1])]
        assert (len(drawn) > 0) == bool(np.isfinite(name).all()) == (alpha > 1), f"α = {alpha}"
        assert (drawn[:, 1] == np.maximum(alpha * drawn[:, 0], drawn[:, 0])).all()
    assert not any("g-maximum" in tell(ACTIVATIONS[key]).moves for key in ("relu", "sigmoid"))


@each_activation
def test_a_logarithmic_axis_is_offered_where_the_slope_fades(
    key: str, tell: Callable[..., Told]
) -> None:
    told = tell(ACTIVATIONS[key])
    logarithmic = key in ("sigmoid", "tanh")
    assert ("g′ axis" in told.controls) == logarithmic
    if logarithmic:
        at = {"α": 4.0, "g′ axis": "logarithmic"}
        assert told.shown == {"slope-panel": [True, False], "log-panel": [False, True]}
        lost = told.places("log-from-a", **at)
        assert lost[-1, 1] == 0 < told.places("log-curve", **at)[-1, 1]


def test_the_name_of_a_function_does_not_matter(tell: Callable[..., Told]) -> None:
    known = tell(ACTIVATIONS["leaky_relu"])
    renamed = tell(replace(ACTIVATIONS["leaky_relu"], name="sigmoid"))
    assert known.label.replace("leaky ReLU", "sigmoid") == renamed.label
    for table in ("moves", "readout"):
        assert getattr(known, table).keys() == getattr(renamed, table).keys()
        for row, array in getattr(known, table).items():
            np.testing.assert_array_equal(array, getattr(renamed, table)[row])


def test_a_made_up_activation_is_explored_like_the_others(tell: Callable[..., Told]) -> None:
    """Slopes 2 and α on both sides of a kink at 1; nothing of it is in the catalog."""

    def g(z: Any, alpha: float) -> Any:
        return np.where(np.asarray(z) > 1, 2 * (np.asarray(z) - 1), alpha * (np.asarray(z) - 1))

    def derivative(z: Any, alpha: float) -> Any:
        return np.where(np.isnan(z), np.nan, np.where(np.asarray(z) > 1, 2.0, alpha))

    made_up = replace(
        ACTIVATIONS["leaky_relu"],
        name="made up",
        g=g,
        derivative=derivative,
        alpha=0.0,
        alphas=(-1.0, 0.0, 0.5),
        maximum_slope=lambda alpha: 2.0,
        kink=1.0,
    )
    told = tell(made_up)
    assert told.places("slope-sides", α=0.5).tolist() == [[1, 0.5], [1, 2]]
    assert told.text("g′ from z", z=1) == "0 (convention; any value in [0,\u00a02])"
    assert told.text("g′ from z", z=0) == "0"
    assert told.places("g-point", z=-2, α=-1).tolist() == [[-2, 3]]
    assert "g-maximum" not in told.moves, "it is not max(αz, z)"
    assert "made up" in told.label


def test_a_large_explorer_stays_below_one_megabyte() -> None:
    alphas = tuple(sorted({1.0, *np.linspace(0.1, 4, 99).tolist()}))
    plot = explore(replace(ACTIVATIONS["tanh"], alphas=alphas))
    assert isinstance(plot, LivePlot)
    assert len(plot.data) <= 1_000_000


@each_activation
def test_the_same_explorer_has_the_same_bytes_and_a_picture_that_says_it(key: str) -> None:
    first, second = (explore(ACTIVATIONS[key]) for _ in range(2))
    assert isinstance(first, LivePlot)
    assert isinstance(second, LivePlot)
    assert first.data == second.data
    (data, metadata), (again, _) = (plot._repr_mimebundle_() for plot in (first, second))
    assert data["image/png"] == again["image/png"]
    assert len(base64.b64decode(data["image/png"])) <= 130_000
    alt = metadata["image/png"]["alt"]
    for z in (-10, 0, 10):
        slope = ACTIVATIONS[key].derivative(float(z))
        assert f"g({z})".replace("-", "−") in alt
        assert f"slope {slope:.5g}".replace("-", "−") in alt


def test_an_own_function_with_its_derivative(tell: Callable[..., Told]) -> None:
    told = tell(tanh, derivative=tanh_derivative, alpha=(2, 0.5, 1))
    assert told.controls["α"].start == 2
    assert told.controls["α"].values.tolist() == [0.5, 1, 2]
    close(told.number("g′ from z", z=10, α=0.5), 0.5 / mpmath.cosh(5) ** 2, 2e-15, "z = 10")
    assert "g′ from a" not in told.readout
    assert [ax.get_title() for ax in told.figure.axes[:2]] == ["tanh: g(z)", "its derivative g′(z)"]


def test_an_own_function_without_derivative_has_a_numerical_one(tell: Callable[..., Told]) -> None:
    told = tell(lambda z: z**3 / 100)
    assert list(told.controls) == ["z"]
    close(told.number("g′, numerical", z=3), mpmath.mpf("0.27"), 1e-8, "z = 3")
    assert told.figure.axes[1].get_title() == "its derivative g′(z), numerical"
    assert told.places("g-point", z=-10).tolist() == [[-10, -10]]


@pytest.mark.parametrize(
    ("alpha", "values"),
    [
        (0.5, [0.05 * k for k in range(1, 41)]),
        (0.11, [0.011 * k for k in range(1, 41)]),  # 0.11 * 10 / 10 is another number
        (-1, [-0.1 * k for k in range(40, 0, -1)]),
        (0, [0.1 * k for k in range(-10, 11)]),
        ([3, 1], [1, 3]),
    ],
)
def test_the_slider_of_an_own_alpha(
    alpha: Any, values: list[float], tell: Callable[..., Told]
) -> None:
    slider = tell(lambda z, alpha: alpha * z, alpha=alpha).controls["α"]
    np.testing.assert_allclose(slider.values, values, atol=1e-12)
    assert slider.start == np.ravel(alpha)[0]


def scalar_only(z: float) -> float:
    return z if z > 0 else 0.0


def raises(z: Any) -> Any:
    raise ValueError("no such\nthing.")


def leaves(z: Any) -> Any:
    sys.exit(3)


def huge(z: Any) -> Any:
    """Return what a long double may hold, but float64 does not."""
    return z.astype(np.longdouble) * np.longdouble("1e4000")


def noisy(z: Any) -> Any:
    warnings.warn("look here", stacklevel=1)
    return np.log(z) + 1 / np.zeros_like(z)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((raises,), ["raises raised ValueError: no such thing."]),
        ((scalar_only,), ["scalar_only raised ValueError", "np.where(z > 0, …, …)"]),
        ((lambda z: math.exp(z),), ["your function raised TypeError", "np.exp in place of"]),
        ((lambda z: None,), ["returned None, not real numbers"]),
        ((lambda z: z + 1j,), ["returned complex numbers"]),
        ((lambda z: z.astype(str),), ["returned text"]),
        ((lambda z: [[1], [2, 3]],), ["raised ValueError"]),
        ((lambda z: z[:3],), ["returned shape (3,) for z of shape (201,)"]),
        ((lambda z: 1.0,), ["returned shape () for z of shape (201,)"]),
        ((leaves,), ["leaves raised SystemExit: 3."]),
        ((lambda z: np.sqrt(z**2 - 100),), ["your function has no finite slope for z from −10"]),
        ((lambda z: np.arccosh(np.abs(z) / 10),), ["your function has no finite slope"]),
        ((huge,), ["huge returned no finite number for z from −10 to 10"]),
        ((noisy,), ["noisy returned no finite number for z from −10 to 10"]),
        ((lambda z: z, raises), ["raises raised ValueError"]),
        ((lambda z: z, None, 1.0), ["raised TypeError", "takes 1 positional argument but 2"]),
        ((lambda z, alpha: z, None, "x"), ["alpha must be a finite number or several, not 'x'"]),
        ((lambda z, alpha: z, None, [1, np.nan]), ["alpha must be a finite number"]),
        ((lambda z, alpha: z, None, []), ["alpha must be a finite number"]),
        ((lambda z, alpha: z, None, 10**400), ["alpha must be a finite number"]),
        ((lambda z, alpha: z, None, 1e308), ["alpha = 1e+308 is too large for a slider"]),
        ((lambda z: z * 1e308,), ["−1.8e+308 and 1.8e+308 are too far apart to draw"]),
        ((np.tanh, lambda z: z * 1e308), ["are too far apart to draw"]),
        ((3,), ["one of ACTIVATIONS or functions of z, not int"]),
        ((lambda z: z, 3), ["functions of z, not int"]),
        ((ACTIVATIONS["tanh"], None, 2), ["go with a function of your own"]),
    ],
)
def test_what_cannot_be_explored_gets_a_sentence(
    arguments: Any, words: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    sentence = explore(*arguments)
    assert isinstance(sentence, Feedback), sentence
    for part in ("Nothing to explore: ", *words):
        assert part in repr(sentence)
    assert repr(sentence).endswith(".")
    assert "\n" not in repr(sentence)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    "g",
    [
        lambda z: np.log(z),
        lambda z: np.exp(z**3),
        lambda z: z * 4e305,
        lambda z: np.maximum(z, 0) * 1e300,
        lambda z: np.sqrt(-z),
        lambda z: 1 / z,
        lambda z: z > 0,
        lambda z: np.zeros_like(z),
        lambda z: np.sin(3 * z),
        partial(np.multiply, 2),
    ],
)
def test_a_wild_function_is_shown_silently(g: Any, capfd: pytest.CaptureFixture[str]) -> None:
    plot = explore(g)
    assert isinstance(plot, LivePlot), plot
    assert "image/png" in plot._repr_mimebundle_()[0]
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("W" * 20, "W" * 20),
        ("W" * 21, "your function"),
        ("σ", "σ"),
        ("函数", "your function"),
        (3, "your function"),
    ],
)
def test_a_name_is_shown_if_it_fits(
    name: Any, title: str, tell: Callable[..., Told], capfd: pytest.CaptureFixture[str]
) -> None:
    class Named:
        __name__ = name

        def __call__(self, z: Any) -> Any:
            return z

    left, right = tell(Named()).axes, tell(Named()).figure.axes[1]
    assert left.get_title() == f"{title}: g(z)"
    left_box, right_box = (ax.title.get_window_extent() for ax in (left, right))
    assert 0 < left_box.x0 < left_box.x1 < right_box.x0, "the titles overlap or are cut"
    assert capfd.readouterr() == ("", "")


def test_a_function_cannot_change_the_z_it_is_given() -> None:
    def g(z: Any) -> Any:
        z *= 2
        return z

    assert isinstance(explore(g), LivePlot)
    assert explorer.POSITIONS[0] == -10


def test_the_secant_turns_into_the_tangent(tell: Callable[..., Told]) -> None:
    told = tell(make=explore_secant)
    for z in (-2, -0.7, 0, 1, 2):
        for h in (2, 0.5, 1e-4, 1e-8, 1e-12, 1e-15):
            at = {"z": z, "h": h}
            [[x, y], [ahead, above]] = [told.places(gid, **at)[0] for gid in ("at", "ahead")]
            assert (x, y, ahead, above) == (z, z**2, z + h, (z + h) ** 2)
            secant = ((z + h) ** 2 - z**2) / h
            assert told.number("secant slope", **at) == pytest.approx(secant, rel=1e-15)
            assert told.number("tangent slope 2z", **at) == 2 * z
            assert told.number("error", **at) == pytest.approx(abs(secant - 2 * z), rel=5e-3)
            for gid, slope in {"tangent": 2 * z, "secant": secant}.items():
                (x0, y0), (x1, y1) = told.places(gid, **at)
                assert (y1 - y0) / (x1 - x0) == pytest.approx(slope, rel=1e-12, abs=1e-12)
                assert y0 + slope * (z - x0) == pytest.approx(z**2, abs=1e-12)
            [point] = told.places("point", **at)
            assert point.tolist() == [h, abs(secant - 2 * z)]
            assert point.tolist() in told.places("error", **at).tolist()


def test_the_error_of_the_secant_has_its_least_between(tell: Callable[..., Told]) -> None:
    x, error = tell(make=explore_secant).places("error", z=1).T
    best = x[np.argmin(error)]
    assert 1e-9 < best < 1e-7, f"the least error is at h = {best}"
    assert error[0] > 1e-2 < error[-1]
