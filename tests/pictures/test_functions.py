"""The still pictures: what they draw, what they tell, and what they refuse."""

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from matplotlib.text import Annotation
from numpy.testing import assert_allclose, assert_array_equal

from helpers.activations import ACTIVATIONS, Activation, sigmoid, sigmoid_derivative
from helpers.pictures.functions import (
    Picture,
    Z,
    function_and_slope,
    lost_digits,
    step_error,
    subgradients,
)
from helpers.text import as_text

LEAKY_RELU = ACTIVATIONS["leaky_relu"]
# A parabola up to 1, a line from there: the kink lies elsewhere, and g' is not constant beside it.
BENT = replace(
    LEAKY_RELU,
    name="bent",
    g=lambda z, alpha: np.where(z < 1, np.square(z), 3 * z - 2),
    derivative=lambda z, alpha: np.where(z < 1, 2 * z, 3.0),
    kink=1.0,
)
every_activation = pytest.mark.parametrize(
    "activation", [*ACTIVATIONS.values(), BENT], ids=lambda activation: activation.name
)


def _axes(picture: Picture) -> Any:
    """Return the panels of a picture that was drawn; pytest turns warnings into errors."""
    data, metadata = picture._repr_mimebundle_()
    assert data["image/png"]
    assert metadata["image/png"]["alt"] == repr(picture) == picture.alt
    return picture.figure.axes


def _markers(ax: Any, face: str) -> Any:
    """Return where the markers of a color are."""
    lines = [line for line in ax.lines if line.get_marker() == "o"]
    return np.hstack([line.get_xydata().T for line in lines if line.get_markerfacecolor() == face])


def _told(ax: Any) -> dict[str, Any]:
    """Return what is written beside places of a panel, and where these are."""
    return {text.get_text(): text.xy for text in ax.texts if isinstance(text, Annotation)}


@every_activation
def test_function_and_slope_draws_both_with_the_check_points(activation: Activation) -> None:
    points = np.array([-10.0, 0.0, 10.0])
    for alpha in (None, 0.75):
        chosen = activation.alpha if alpha is None else alpha
        picture = function_and_slope(activation, alpha)
        for ax, function in zip(_axes(picture), (activation.g, activation.derivative), strict=True):
            curves = [line for line in ax.lines if len(line.get_xydata()) > 3]
            x, y = np.hstack([line.get_xydata().T for line in curves])
            assert_array_equal(x, Z if function is activation.g else Z[activation.kink != Z])
            assert_array_equal(y, function(x, alpha=chosen))
            assert_array_equal(_markers(ax, "black"), [points, function(points, alpha=chosen)])
        slopes = [as_text(slope, 5) for slope in activation.derivative(points, alpha=chosen)]
        assert picture.alt == (
            f"Two panels over z from −10 to 10. Left: {activation.name}, g(z). "
            "Right: its derivative g′(z), which is "
            f"{slopes[0]} at z = −10, {slopes[1]} at z = 0, {slopes[2]} at z = 10."
        )


def test_open_markers_stand_at_the_slopes_beside_the_kink() -> None:
    for activation, alpha, markers in (
        (LEAKY_RELU, 0.25, [[0.0, 0.0], [0.25, 1.0]]),
        (LEAKY_RELU, -0.5, [[0.0, 0.0], [-0.5, 1.0]]),
        (BENT, 0.25, [[1.0, 1.0], [2.0, 3.0]]),
    ):
        for picture in (function_and_slope(activation, alpha), subgradients(activation, alpha)):
            assert_allclose(_markers(_axes(picture)[1], "white"), markers, rtol=1e-15)


@pytest.mark.parametrize(
    ("activation", "alpha", "slopes", "interval"),
    [
        (ACTIVATIONS["relu"], None, ["0.25", "0.5", "0.75"], ["0", "1"]),
        (LEAKY_RELU, 0.2, ["0.4", "0.6", "0.8"], ["0.2", "1"]),
        (LEAKY_RELU, -0.5, ["−0.125", "0.25", "0.625"], ["−0.5", "1"]),
        (BENT, None, ["2.25", "2.5", "2.75"], ["2", "3"]),
    ],
)
def test_subgradients_touch_g_at_the_kink_and_lie_below_it(
    activation: Activation, alpha: float | None, slopes: list[str], interval: list[str]
) -> None:
    assert activation.kink is not None
    chosen = activation.alpha if alpha is None else alpha
    picture = subgradients(activation, alpha)
    left, right = _axes(picture)
    _, *lines, curve = (line.get_xydata().T for line in left.lines)
    assert_array_equal(curve[1], activation.g(curve[0], alpha=chosen))
    kink = curve[0] == activation.kink
    assert (curve[0][0], curve[0][-1]) == (activation.kink - 2, activation.kink + 2)
    written = _told(left)
    assert list(written) == [f"slope {slope}" for slope in slopes]
    for (x, y), slope, end in zip(lines, slopes, written.values(), strict=True):
        assert_array_equal(x, curve[0])
        assert_allclose(y - curve[1][kink], float(slope.replace("−", "-")) * (x - x[kink]))
        assert (y <= curve[1]).all()
        assert y[kink] == curve[1][kink]
        assert_allclose(end, (x[-1], y[-1]))
    ends = [float(end.replace("−", "-")) for end in interval]
    bar = right.lines[1].get_xydata().T
    assert_allclose(bar, [[activation.kink] * 2, ends], rtol=1e-15)
    (middle,) = _told(right).items()
    assert middle == (f"any value in\n[{', '.join(interval)}]", (activation.kink, np.mean(ends)))
    slope = activation.derivative(activation.kink, alpha=chosen)
    assert_array_equal(_markers(right, "black"), [[activation.kink], [slope]])
    at = as_text(activation.kink)
    assert right.get_title() == f"g′(z) and the slopes allowed at {at}"
    assert picture.alt == (
        f"Two panels. Left: {activation.name} near {at} with three lines through the kink, of "
        f"slopes between {' and '.join(interval)}, none of which crosses it. Right: its "
        f"derivative, with open markers at z = {at} on both branches, a bar between them from "
        f"{' to '.join(interval)}, and a closed marker at the value the helpers use."
    )


@pytest.mark.parametrize(
    ("key", "alpha", "message"),
    [
        ("sigmoid", None, "sigmoid has no kink"),
        ("leaky_relu", 1.0, "leaky ReLU at alpha = 1 has no kink"),
        (
            "leaky_relu",
            1.5,
            "leaky ReLU at alpha = 1.5 has no subgradient at its kink: the slope falls there from "
            "1.5 to 1, so a line between the two would lie above g",
        ),
        ("leaky_relu", np.nan, "alpha must be finite; got nan"),
    ],
)
def test_where_no_line_lies_below_g_there_is_no_picture(
    key: str, alpha: float | None, message: str
) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        subgradients(ACTIVATIONS[key], alpha)


@pytest.mark.parametrize(
    ("key", "top", "first"),
    # From there on, e**-z is less than half the spacing of floats at 1, or 2 e**-2z below 1.
    [("sigmoid", 50, 36.74), ("tanh", 25, 19.06)],
)
def test_lost_digits_tells_where_none_is_left(key: str, top: float, first: float) -> None:
    activation = ACTIVATIONS[key]
    picture = lost_digits(activation, top)
    (ax,) = _axes(picture)
    (place,) = (
        at for text, at in _told(ax).items() if text == f"none is left from z = {first:.0f}"
    )
    assert place[0] == pytest.approx(first, abs=0.13)
    assert picture.alt == (
        f"The relative error that rounding can make in the slope of {activation.name} computed "
        "from a, on a logarithmic axis: about 1e−16 at z = 0, it rises steadily and reaches 1 near "
        f"z = {first:.0f}."
    )


@pytest.mark.parametrize(("key", "top"), [("sigmoid", 50), ("tanh", 25)])
def test_lost_digits_draws_a_bound_that_is_nearly_reached(key: str, top: float) -> None:
    (ax,) = _axes(lost_digits(ACTIVATIONS[key], top))
    z = np.linspace(0, top, 40_001)[1:]
    activation = ACTIVATIONS[key]
    made = np.abs(activation.derivative_from_a(activation.g(z)) / activation.derivative(z) - 1)
    bound = np.interp(z, *ax.lines[0].get_xydata().T)
    assert (made <= 8 * bound).all()  # g itself may be off by a few units more than its rounding
    assert (made.reshape(-1, 400).max(axis=1) >= bound.reshape(-1, 400).min(axis=1) / 2).all()


def test_lost_digits_claims_no_more_than_it_found() -> None:
    picture = lost_digits(ACTIVATIONS["sigmoid"], 30.0)
    (ax,) = _axes(picture)
    assert list(_told(ax)) == ["all digits lost"]  # the dotted line at 1
    assert picture.alt.endswith("it rises steadily and reaches 0.0006 at z = 30.")


@pytest.mark.parametrize(
    ("key", "top", "message"),
    [
        ("relu", 10.0, "^no error to draw: the slope of ReLU from a is exact$"),
        ("leaky_relu", 10.0, "^no error to draw: the slope of leaky ReLU from a is exact$"),
        ("sigmoid", 0.0, "top must be positive and finite; got 0.0"),
        ("sigmoid", -50.0, "top must be positive and finite; got -50.0"),
        ("sigmoid", np.inf, "top must be positive and finite; got inf"),
        ("sigmoid", np.nan, "top must be positive and finite; got nan"),
    ],
)
def test_where_no_digit_can_be_lost_there_is_no_picture(key: str, top: float, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        lost_digits(ACTIVATIONS[key], top)


def test_step_error_draws_the_largest_error_of_each_step() -> None:
    picture = step_error(sigmoid, sigmoid_derivative, "error near z = 1", 0.5, 1.5)
    (ax,) = _axes(picture)
    assert (ax.get_title(), ax.get_xlabel(), ax.get_ylabel()) == (
        "error near z = 1",
        "step h",
        "largest error",
    )
    h, error = ax.lines[0].get_xydata().T
    assert_allclose(h[[0, -1]], [1e-13, 1])
    z = np.linspace(0.5, 1.5, 200)
    for step, found in zip(h[-30:], error[-30:], strict=True):
        secants = (sigmoid(z + step) - sigmoid(z - step)) / (2 * step)
        assert found == pytest.approx(np.abs(secants - sigmoid_derivative(z)).max(), rel=1e-4)
    assert 1e-6 < h[np.argmin(error)] < 1e-4
    assert picture.alt == (
        "error near z = 1, logarithmic axes, h from 1e−13 to 1. A V: the error falls as h shrinks "
        "to about 1e−5, then rises again."
    )


@pytest.mark.parametrize(
    ("g", "high", "message"),
    [
        (np.abs, 2.0, "no error to draw: every difference is exact"),
        (np.square, 1e4, "is too small"),
    ],
)
def test_where_no_step_errs_or_some_are_lost_there_is_no_picture(
    g: Any, high: float, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        step_error(g, np.sign, "title", 1.0, high)
